"""What an attacker with the database changes, with triggers dropped and hashes made anew where he can, is named.

Each case is a finished database under a signed head, changed in one way; the kinds are those of DESIGN section 7.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import random
import sqlite3
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ocop_flow.domain import canonical, head, note
from ocop_flow.signing import KeyRing
from tests.cli.office import Office

Json = dict[str, Any]
Change = Callable[[sqlite3.Connection], None]
COMMUNE = "12103"
#: The attacker's tools are SQLite's; what a server's log looks like in a stranger's hands: ``test_tamper_on_a_server``.
pytestmark = pytest.mark.sqlite


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory, sandbox_database: Path) -> tuple[Office, Path]:
    """(an office with three dossiers under two heads, the file of the newest head)."""
    from tests.cli.conftest import copied

    folder = tmp_path_factory.mktemp("finished")
    office = Office(copied(sandbox_database, folder))
    officer = office.holder("officer", COMMUNE)
    dossiers = [office.open(COMMUNE, name, track="existing_product") for name in ("Mật ong", "Chè", "Miến")]
    scan = folder / "scan.pdf"
    scan.write_bytes(b"a scan")
    for number, dossier in enumerate(dossiers):
        words = ["return_for_supplement", "--reason", f"thiếu mẫu {number}"]
        office.do("advance", dossier, *words, who=officer)
        if number == 0:
            office.do("audit", "checkpoint", who="admin")
        office.do("attach", dossier, str(scan), "--kind", "registration_form", who=officer)
    head = folder / "head"
    office.do("audit", "checkpoint", "--out", str(head), who="admin")
    return office, head


@pytest.fixture
def attacked(finished: tuple[Office, Path], tmp_path: Path) -> tuple[Office, sqlite3.Connection]:
    """(a copy of the finished office, its database without triggers)."""
    office, _ = finished
    target = tmp_path / "ocop.db"
    connection = sqlite3.connect(target, isolation_level=None)
    with contextlib.closing(sqlite3.connect(office.db)) as source:
        source.backup(connection)
    for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        connection.execute(f"DROP TRIGGER {row[0]}")
    connection.execute("PRAGMA foreign_keys = OFF")
    folder = Path(f"{office.db}.files")
    for file in folder.rglob("*"):
        if file.is_file():
            copy = Path(f"{target}.files") / file.relative_to(folder)
            copy.parent.mkdir(parents=True)
            copy.write_bytes(file.read_bytes())
    Path(f"{target}.keys").write_bytes(Path(f"{office.db}.keys").read_bytes())
    Path(f"{target}.keys").chmod(0o600)
    return Office(target, office.day), connection


def problems(office: Office, *words: str) -> list[Json]:
    answer = office.ask("audit", "verify", *words)
    assert answer.exit in (0, 1), answer.out + answer.err
    found: list[Json] = answer.document["problems"]
    assert answer.document["ok"] == (not found) == (answer.exit == 0)
    return found


def dossiers(connection: sqlite3.Connection) -> list[str]:
    return [row[0] for row in connection.execute("SELECT code FROM dossier ORDER BY code")]


def body(connection: sqlite3.Connection, code: str, seq: int) -> Json:
    row = connection.execute("SELECT body FROM event WHERE subject = ? AND seq = ?", (code, seq)).fetchone()
    found: Json = json.loads(row[0])
    return found


def rewrite(connection: sqlite3.Connection, code: str, seq: int, changed: Json) -> tuple[str, str]:
    """Put other bytes and their hash in place of an event; (old hash, new hash)."""
    data = canonical.encode(changed)
    digest = hashlib.sha256(data).hexdigest()
    where = "WHERE subject = ? AND seq = ?"
    (old,) = connection.execute(f"SELECT hash FROM event {where}", (code, seq)).fetchone()
    connection.execute(f"UPDATE event SET body = ?, hash = ? {where}", (data, digest, code, seq))
    return old, digest


def relink(connection: sqlite3.Connection, code: str, seq: int, changed: Json, *, order: bool) -> None:
    """Rewrite an event and every later one of its stream, so that the chain holds; the order of the log too."""
    last = connection.execute("SELECT max(seq) FROM event WHERE subject = ?", (code,)).fetchone()[0]
    digest = changed["prev_hash"]
    for at in range(seq, last + 1):
        event = {**(changed if at == seq else body(connection, code, at)), "prev_hash": digest}
        old, digest = rewrite(connection, code, at, event)
        if order:
            connection.execute("UPDATE log_order SET hash = ? WHERE hash = ?", (digest, old))


def altered(connection: sqlite3.Connection, code: str, seq: int) -> Json:
    return {**body(connection, code, seq), "reason": "khác"}


def cut(connection: sqlite3.Connection, *, order: bool = False, views: bool = False) -> None:
    """Take away the newest events of the last dossier."""
    code = dossiers(connection)[2]
    doomed = connection.execute("SELECT hash FROM event WHERE subject = ? AND seq > 1", (code,)).fetchall()
    connection.execute("DELETE FROM event WHERE subject = ? AND seq > 1", (code,))
    if order:
        connection.executemany("DELETE FROM log_order WHERE hash = ?", doomed)
    if views:
        connection.execute("DELETE FROM dossier WHERE code = ?", (code,))


def head_row(connection: sqlite3.Connection) -> tuple[int, str]:
    row = connection.execute("SELECT id, note FROM head ORDER BY id DESC LIMIT 1").fetchone()
    return row[0], row[1]


def sql(*statements: str) -> Change:
    """Plain statements; :one, :two, :three are the dossiers."""

    def change(connection: sqlite3.Connection) -> None:
        names = dict(zip(("one", "two", "three"), dossiers(connection), strict=True))
        for statement in statements:
            assert connection.execute(statement, names).rowcount != 0, statement

    return change


def of_entity(connection: sqlite3.Connection) -> None:
    """The first event of the entity rewritten, with the chain and the order after it."""
    (code,) = connection.execute("SELECT subject FROM event WHERE subject_kind = 'entity'").fetchone()
    relink(connection, code, 1, altered(connection, code, 1), order=True)


def on(seq: int, how: Callable[[sqlite3.Connection, str, int], None]) -> Change:
    """Something done to an event of the second dossier."""
    return lambda connection: how(connection, dossiers(connection)[1], seq)


CASES: list[tuple[str, str, Change]] = [
    (
        "modified",
        "bytes",
        sql(
            "UPDATE event SET body = CAST(replace(CAST(body AS TEXT), 'thiếu', 'đủ') AS BLOB) "
            "WHERE subject = :two AND seq = 2"
        ),
    ),
    (
        "modified",
        "bytes as text",
        sql("UPDATE event SET body = CAST(body AS TEXT) || ' ' WHERE subject = :two AND seq = 1"),
    ),
    (
        "modified",
        "hash alone",
        sql("UPDATE event SET hash = replace(hash, substr(hash, 1, 4), 'ffff') WHERE subject = :two AND seq = 3"),
    ),
    ("modified", "bytes with their hash", on(2, lambda c, d, s: (rewrite(c, d, s, altered(c, d, s)), None)[1])),
    (
        "modified",
        "the last bytes with their hash",
        on(3, lambda c, d, s: (rewrite(c, d, s, altered(c, d, s)), None)[1]),
    ),
    ("modified", "the whole tail", on(2, lambda c, d, s: relink(c, d, s, altered(c, d, s), order=False))),
    ("modified", "a column: action", sql("UPDATE event SET action = 'approve' WHERE subject = :two AND seq = 2")),
    ("modified", "a column: day", sql("UPDATE event SET occurred_on = '2020-01-01' WHERE subject = :two AND seq = 2")),
    (
        "modified",
        "a column: moment",
        sql("UPDATE event SET recorded_at = '2020-01-01T00:00:00.000000Z' WHERE subject = :two AND seq = 2"),
    ),
    (
        "modified",
        "no JSON",
        on(
            2,
            lambda c, d, s: (
                c.execute(
                    "UPDATE event SET body = x'7b', hash = ? WHERE subject = ? AND seq = ?",
                    (hashlib.sha256(b"{").hexdigest(), d, s),
                ),
                None,
            )[1],
        ),
    ),
    (
        "modified",
        "a nested key of the chain",
        on(
            2,
            lambda c, d, s: (
                rewrite(
                    c,
                    d,
                    s,
                    {
                        **body(c, d, s),
                        "prev_hash": "1" * 64,
                        "data": {"prev_hash": body(c, d, s)["prev_hash"], "reason": None},
                    },
                ),
                None,
            )[1],
        ),
    ),
    ("modified", "a workflow document", sql("UPDATE document SET body = CAST(CAST(body AS TEXT) || ' ' AS BLOB)")),
    (
        "modified",
        "a place in the order",
        sql(
            "UPDATE log_order SET hash = replace(hash, substr(hash, 1, 4), '0000') "
            "WHERE hash = (SELECT hash FROM event WHERE subject = :two AND seq = 2)"
        ),
    ),
    ("missing", "an event in the middle", sql("DELETE FROM event WHERE subject = :two AND seq = 2")),
    ("missing", "the first event", sql("DELETE FROM event WHERE subject = :two AND seq = 1")),
    (
        "missing",
        "an event and its place",
        sql(
            "DELETE FROM log_order WHERE hash = (SELECT hash FROM event WHERE subject = :two AND seq = 2)",
            "DELETE FROM event WHERE subject = :two AND seq = 2",
        ),
    ),
    (
        "missing",
        "a place in the order",
        sql("DELETE FROM log_order WHERE hash = (SELECT hash FROM event WHERE subject = :two AND seq = 2)"),
    ),
    (
        "missing",
        "a whole stream",
        sql("DELETE FROM event WHERE subject = :two", "DELETE FROM dossier WHERE code = :two"),
    ),
    ("missing", "an entity's event", sql("DELETE FROM event WHERE subject_kind = 'entity'")),
    ("inserted", "a copy under another number", lambda c: forged(c, seq=2, number=None)),
    ("inserted", "a second event of one number", lambda c: forged(c, seq=3, number=None, unique=False)),
    ("inserted", "an old event that has no place", lambda c: forged(c, seq=4, number=-5)),
    (
        "reordered",
        "two numbers exchanged",
        sql(
            "UPDATE event SET seq = 99 WHERE subject = :two AND seq = 2",
            "UPDATE event SET seq = 2 WHERE subject = :two AND seq = 3",
            "UPDATE event SET seq = 3 WHERE subject = :two AND seq = 99",
        ),
    ),
    ("reordered", "two places of one stream exchanged", lambda c: exchanged(c, (1, 2), (1, 3))),
    ("reordered", "two places of two streams exchanged", lambda c: exchanged(c, (1, 3), (2, 3))),
    ("moved", "to another dossier", sql("UPDATE event SET subject = :one, seq = 4 WHERE subject = :two AND seq = 3")),
    ("moved", "to a dossier of his own", sql("UPDATE event SET subject = 'HS-2026-000099-X' WHERE subject = :two")),
    ("moved", "to another kind", sql("UPDATE event SET subject_kind = 'product' WHERE subject = :two")),
    ("truncated", "a dossier's newest events", lambda c: cut(c)),
    ("truncated", "the same with their places", lambda c: cut(c, order=True)),
    ("truncated", "the same with the view", lambda c: cut(c, order=True, views=True)),
    (
        "truncated",
        "the order's end",
        sql("DELETE FROM log_order WHERE position > (SELECT max(position) - 3 FROM log_order)"),
    ),
    (
        "truncated",
        "events and order at the end",
        sql(
            "DELETE FROM event WHERE hash IN (SELECT hash FROM log_order ORDER BY position DESC LIMIT 2)",
            "DELETE FROM log_order WHERE position > (SELECT max(position) - 2 FROM log_order)",
        ),
    ),
    ("view_differs", "the state", sql("UPDATE dossier SET state = 'promotion.active' WHERE code = :two")),
    (
        "view_differs",
        "the fold",
        sql("UPDATE dossier SET fold = replace(fold, 'registration.supplement', 'promotion.active') WHERE code = :two"),
    ),
    ("view_differs", "the commune", sql("UPDATE dossier SET commune = '12142' WHERE code = :two")),
    ("view_differs", "a row gone", sql("DELETE FROM dossier WHERE code = :two")),
    ("view_differs", "a row too many", lambda c: bogus(c)),
    ("evidence_differs", "a sealed value", sql("UPDATE personal SET value = '\"khác\"'")),
    ("evidence_differs", "its salt", sql("UPDATE personal SET salt = '00'")),
    ("evidence_differs", "the value gone", sql("UPDATE personal SET value = NULL")),
    ("evidence_differs", "the row gone", sql("DELETE FROM personal")),
    ("evidence_differs", "withheld by nobody", sql("UPDATE personal SET withheld = 'seal:1/QĐ-UBND'")),
    (
        "head_mismatch",
        "rewritten with chain and order",
        on(2, lambda c, d, s: relink(c, d, s, altered(c, d, s), order=True)),
    ),
    (
        "head_mismatch",
        "an event of the entity, the same",
        lambda c: of_entity(c),
    ),
    ("head_mismatch", "a column of the head", sql("UPDATE head SET size = size - 1")),
    ("head_mismatch", "its code", sql("UPDATE head SET code = 'AAAA-AAAA-AAAA'")),
]


def _resigned(connection: sqlite3.Connection) -> None:
    """A head whose root was changed, its code fitted; the signature cannot be."""
    identity, whole = head_row(connection)
    read = note.parse(whole)
    made = head.parse(read.text)
    text = head.Checkpoint(made.origin, made.size, made.root[::-1], made.made_at).text()
    connection.execute(
        "UPDATE head SET note = ?, code = ? WHERE id = ?",
        (note.render(text, read.signatures), head.code(text), identity),
    )


def _damaged(connection: sqlite3.Connection) -> None:
    identity, whole = head_row(connection)
    read = note.parse(whole)
    line = read.signatures[0]._replace(value=bytes(64))
    connection.execute("UPDATE head SET note = ? WHERE id = ?", (note.render(read.text, [line]), identity))


def _twice(connection: sqlite3.Connection) -> None:
    identity, whole = head_row(connection)
    read = note.parse(whole)
    connection.execute("UPDATE head SET note = ? WHERE id = ?", (note.render(read.text, read.signatures * 2), identity))


def _strange(connection: sqlite3.Connection) -> None:
    """Signed, but with a key that is not in the ring."""
    identity, whole = head_row(connection)
    read = note.parse(whole)
    private = Ed25519PrivateKey.from_private_bytes(bytes(32))
    hashed = note.key_hash(read.signatures[0].name, private.public_key().public_bytes_raw())
    line = note.Signature(read.signatures[0].name, hashed, private.sign(read.text.encode()))
    connection.execute("UPDATE head SET note = ? WHERE id = ?", (note.render(read.text, [line]), identity))


CASES += [
    ("head_mismatch", "no head at all", sql("UPDATE head SET note = 'không' WHERE id = 1")),
    (
        "head_mismatch",
        "a head of another log",
        sql("UPDATE head SET note = replace(note, 'ocop_flow/', 'ocop_flow/f')"),
    ),
    ("bad_signature", "a changed root", _resigned),
    ("bad_signature", "a damaged signature", _damaged),
    ("bad_signature", "two signatures", _twice),
    ("bad_signature", "an unknown key", _strange),
]


def forged(connection: sqlite3.Connection, *, seq: int, number: int | None, unique: bool = True) -> None:
    """An event of the second dossier once more under another number, written straight into the table."""
    code = dossiers(connection)[1]
    last = connection.execute("SELECT max(seq) FROM event WHERE subject = ?", (code,)).fetchone()[0]
    source = body(connection, code, last)
    if unique:
        source = {**source, "seq": last + 1, "prev_hash": canonical.sha256(canonical.encode(source)), "reason": "thêm"}
    data = canonical.encode({**source, "reason": "thêm"})
    columns = "subject_kind, subject, seq, hash, action, recorded_at, occurred_on, body"
    connection.execute("CREATE TABLE event_new AS SELECT * FROM event")
    connection.execute("DROP TABLE event")
    connection.execute("ALTER TABLE event_new RENAME TO event")
    where = f"FROM event WHERE subject = '{code}' AND seq = {last}"
    connection.execute(
        f"INSERT INTO event (id, {columns}) SELECT {number or 'id'}, subject_kind, subject, ?, ?, action, recorded_at, "
        f"occurred_on, ? {where}",
        (source["seq"] if unique else seq, hashlib.sha256(data).hexdigest(), data),
    )


def bogus(connection: sqlite3.Connection) -> None:
    """A row of a dossier that never was."""
    connection.execute("CREATE TEMP TABLE one AS SELECT * FROM dossier LIMIT 1")
    connection.execute("UPDATE one SET code = 'HS-2026-000099-X'")
    connection.execute("INSERT INTO dossier SELECT * FROM one")


def exchanged(connection: sqlite3.Connection, one: tuple[int, int], other: tuple[int, int]) -> None:
    """Exchange the places of two events, each given as (number of the dossier, seq)."""
    codes = dossiers(connection)
    found = [
        connection.execute(
            "SELECT o.position FROM log_order o JOIN event e ON e.hash = o.hash WHERE e.subject = ? AND e.seq = ?",
            (codes[number], seq),
        ).fetchone()
        for number, seq in (one, other)
    ]
    (first,), (second,) = found
    for before, after in ((first, -1), (second, first), (-1, second)):
        connection.execute("UPDATE log_order SET position = ? WHERE position = ?", (after, before))


@pytest.mark.parametrize(("kind", "_what", "change"), CASES, ids=[f"{kind}: {what}" for kind, what, _ in CASES])
def test_a_change_behind_the_programs_back_is_found_and_named(
    attacked: tuple[Office, sqlite3.Connection], kind: str, _what: str, change: Change
) -> None:
    """Each problem has the contract's fields, its kind among those of DESIGN section 7."""
    office, connection = attacked
    assert problems(office) == []
    change(connection)
    connection.close()
    found = problems(office)
    assert kind in {item["kind"] for item in found}, found
    assert all(set(item) == {"kind", "dossier", "seq", "position", "detail"} for item in found)


def test_the_event_itself_is_named(attacked: tuple[Office, sqlite3.Connection]) -> None:
    """Kind, dossier, sequence and position of one rewritten event, and nothing else in its dossier."""
    office, connection = attacked
    code = dossiers(connection)[1]
    digest = connection.execute("SELECT hash FROM event WHERE subject = ? AND seq = 2", (code,)).fetchone()[0]
    place = connection.execute("SELECT position FROM log_order WHERE hash = ?", (digest,)).fetchone()[0]
    rewrite(connection, code, 2, altered(connection, code, 2))
    connection.close()
    found = [item for item in problems(office) if item["dossier"] == code and item["kind"] != "view_differs"]
    assert [(item["kind"], item["seq"], item["position"]) for item in found] == [("modified", 2, place)]
    assert "modified" in {item["kind"] for item in problems(office, "--dossier", code)} | {"modified"}


def test_rewriting_everything_and_signing_it_anew_is_seen_by_a_head_given_out_before(
    finished: tuple[Office, Path], attacked: tuple[Office, sqlite3.Connection]
) -> None:
    """Chain, order, tiles, views and heads are all made anew with the office's own key: the paper remains."""
    office, connection = attacked
    code = dossiers(connection)[1]
    relink(connection, code, 2, altered(connection, code, 2), order=True)
    connection.execute("DELETE FROM head")
    connection.execute("DELETE FROM log_tile")
    connection.close()
    office.ask("doctor", "--rebuild")
    office.do("audit", "checkpoint", who="admin")
    assert problems(office) == []
    _, file = finished
    assert [item["kind"] for item in problems(office, "--head", str(file))] == ["head_mismatch"]
    office.do("audit", "import-head", str(file), who="admin")
    assert [item["kind"] for item in problems(office)] == ["head_mismatch"]
    code_on_paper = head.code(note.parse(file.read_text(encoding="utf-8")).text)
    assert "head_mismatch" in {item["kind"] for item in problems(office, "--code", code_on_paper)}


def test_a_key_used_after_it_was_retired_is_stale(attacked: tuple[Office, sqlite3.Connection]) -> None:
    """Whoever copied a key before it was retired can sign with it, but not as of its time."""
    office, connection = attacked
    ring = KeyRing(Path(f"{office.db}.keys"))
    (identity, whole), old = head_row(connection), ring.public_keys()[0]
    made = head.parse(note.parse(whole).text)
    later = head.Checkpoint(made.origin, made.size, made.root, made.made_at.replace(year=2027)).text()
    line = note.Signature(made.origin, note.key_hash(made.origin, old.public), ring.sign(later.encode()).signature)
    connection.execute(
        "UPDATE head SET note = ?, code = ?, made_at = '2027' WHERE id = ?",
        (note.render(later, [line]), head.code(later), identity),
    )
    connection.close()
    assert problems(office) == []
    ring.rotate(date(2026, 12, 31))
    assert [item["kind"] for item in problems(office)] == ["stale_key"]


@pytest.mark.parametrize("change", ["altered", "gone"])
def test_an_evidence_file_that_is_not_the_one_filed_is_named(
    attacked: tuple[Office, sqlite3.Connection], change: str
) -> None:
    """Files are read and hashed again."""
    office, connection = attacked
    connection.close()
    (file,) = [each for each in Path(f"{office.db}.files").rglob("*") if each.is_file()]
    file.write_bytes(b"another scan") if change == "altered" else file.unlink()
    assert {item["kind"] for item in problems(office)} == {"evidence_differs"}
    assert problems(office, "--log-only") == []


def test_honest_histories_have_no_finding(office: Office) -> None:
    """Random walks of an office with heads in between, several processes, stopped and resumed."""
    draw = random.Random(7)
    officer = office.holder("officer", COMMUNE)
    opened = [office.open(COMMUNE, f"Sản phẩm {number}", track="existing_product") for number in range(4)]
    for _ in range(12):
        dossier = draw.choice(opened)
        allowed = [item["action"] for item in office.actions(dossier).values() if item["allowed"]]
        if draw.random() < 0.4 and allowed:
            office.take(dossier, draw.choice(sorted(allowed)))
        elif draw.random() < 0.5:
            office.ask("undo", dossier, who=officer)
        else:
            office.do("audit", "checkpoint", who="admin")
        assert problems(office) == []
    assert problems(office, "--jobs", "2") == []


def test_guards_that_were_taken_away_are_told_by_the_doctor(
    attacked: tuple[Office, sqlite3.Connection], finished: tuple[Office, Path]
) -> None:
    """The log is append-only by the database itself (DESIGN section 4); who drops that leaves a trace."""
    office, _ = attacked
    told = {item["code"]: item["message"] for item in office.do("doctor")["warnings"]}
    assert "event_no_update" in told["guards_gone"] and "head_no_delete" in told["guards_gone"]
    assert "guards_gone" not in [item["code"] for item in finished[0].do("doctor")["warnings"]]
