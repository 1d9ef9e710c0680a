"""At least a dozen different ways for each kind of fault; with those of ``test_tamper``, counted at the end.

The finished log has 22 events at the positions 0 to 21, each dossier three of them; the heads cover 17 and 22.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Callable

import pytest

from ocop_flow.domain import canonical, head, note
from tests.cli.office import Office
from tests.proof.test_tamper import (
    CASES,
    Change,
    attacked,
    body,
    dossiers,
    finished,
    head_row,
    problems,
    relink,
    sql,
)

__all__ = ["attacked", "finished"]
pytestmark = pytest.mark.sqlite
WAYS = 12
TWO = "subject = :two AND seq ="
Signed = Callable[[bytes], bytes]


def missing_and_closed_up(connection: sqlite3.Connection) -> None:
    """An event gone, and the order moved up over its place."""
    code = dossiers(connection)[1]
    (digest,) = connection.execute("SELECT hash FROM event WHERE subject = ? AND seq = 2", (code,)).fetchone()
    (place,) = connection.execute("SELECT position FROM log_order WHERE hash = ?", (digest,)).fetchone()
    connection.execute("DELETE FROM event WHERE hash = ?", (digest,))
    connection.execute("DELETE FROM log_order WHERE hash = ?", (digest,))
    for at in range(place + 1, 22):
        connection.execute("UPDATE log_order SET position = ? WHERE position = ?", (at - 1, at))


def placed(*order: int) -> Change:
    """The order of the log as a list of the positions that its events had."""

    def change(connection: sqlite3.Connection) -> None:
        for at, before in enumerate(order):
            connection.execute("UPDATE log_order SET position = ? WHERE position = ?", (-1 - at, before))
        connection.execute("UPDATE log_order SET position = -1 - position WHERE position < 0")

    return change


def renumbered(*numbers: tuple[int, int]) -> Change:
    """Events of the second dossier under other numbers: (number, new number)."""

    def change(connection: sqlite3.Connection) -> None:
        code = dossiers(connection)[1]
        for number, _ in numbers:
            connection.execute("UPDATE event SET seq = ? WHERE subject = ? AND seq = ?", (100 + number, code, number))
        for number, new in numbers:
            connection.execute("UPDATE event SET seq = ? WHERE subject = ? AND seq = ?", (new, code, 100 + number))

    return change


def slipped_in(kind: str, subject: str | None, seq: int, number: int) -> Change:
    """A copy of the second dossier's first event, another hash made for it, under this subject and these numbers."""

    def change(connection: sqlite3.Connection) -> None:
        code = dossiers(connection)[1]
        forged = canonical.encode({**body(connection, code, 1), "reason": "thêm"})
        connection.execute("CREATE TABLE event_new AS SELECT * FROM event")
        connection.execute("DROP TABLE event")
        connection.execute("ALTER TABLE event_new RENAME TO event")
        connection.execute(
            "INSERT INTO event SELECT ?, ?, ?, ?, ?, action, recorded_at, occurred_on, ? FROM event WHERE id = 14",
            (number, kind, subject or code, seq, canonical.sha256(forged), forged),
        )

    return change


def grown(connection: sqlite3.Connection) -> None:
    """A whole event, linked to the last of its stream, numbered among those that have their places long since."""
    code = dossiers(connection)[1]
    last = body(connection, code, 3)
    forged = {**last, "seq": 4, "prev_hash": canonical.sha256(canonical.encode(last))}
    data = canonical.encode(forged)
    connection.execute(
        "INSERT INTO event SELECT -7, subject_kind, subject, 4, ?, action, recorded_at, occurred_on, ? "
        "FROM event WHERE subject = ? AND seq = 3",
        (canonical.sha256(data), data, code),
    )


def resigned(how: Signed) -> Change:
    """The 64 bytes of the newest head's signature, turned into others."""

    def change(connection: sqlite3.Connection) -> None:
        identity, whole = head_row(connection)
        read = note.parse(whole)
        line = read.signatures[0]._replace(value=how(read.signatures[0].value))
        connection.execute("UPDATE head SET note = ? WHERE id = ?", (note.render(read.text, [line]), identity))

    return change


def larger(signature: bytes) -> bytes:
    """The same number modulo the order of the group, written as a larger one (RFC 8032, 8.4)."""
    order = 2**252 + 27742317777372353535851937790883648493
    return signature[:32] + (int.from_bytes(signature[32:], "little") + order).to_bytes(32, "little")


def worded(old: str, new: str) -> Change:
    """Other words in the newest head, its code and columns fitted."""

    def change(connection: sqlite3.Connection) -> None:
        identity, whole = head_row(connection)
        read = note.parse(whole)
        assert old in read.text
        text = read.text.replace(old, new)
        size = int(text.split("\n")[1])
        values = (note.render(text, read.signatures), head.code(text), size, identity)
        connection.execute("UPDATE head SET note = ?, code = ?, size = ? WHERE id = ?", values)

    return change


def anothers(connection: sqlite3.Connection) -> None:
    """The signature of the head before."""
    notes = [row[0] for row in connection.execute("SELECT note FROM head ORDER BY id")]
    first, newest = map(note.parse, notes)
    connection.execute("UPDATE head SET note = ? WHERE id = 2", (note.render(newest.text, first.signatures),))


def rewritten(subject: str) -> Change:
    """The first event of another stream, chain and order made anew."""

    def change(connection: sqlite3.Connection) -> None:
        (code,) = connection.execute(f"SELECT subject FROM event WHERE {subject} AND seq = 1").fetchone()
        relink(connection, code, 1, {**body(connection, code, 1), "reason": "khác"}, order=True)

    return change


ORDER = list(range(22))
END = "DELETE FROM log_order WHERE position >= {0}", "DELETE FROM event WHERE id > {0}"
MORE: list[tuple[str, str, Change]] = [
    ("missing", "two events in a row", sql(f"DELETE FROM event WHERE {TWO} 1", f"DELETE FROM event WHERE {TWO} 2")),
    ("missing", "one of every dossier", sql("DELETE FROM event WHERE subject_kind = 'dossier' AND seq = 2")),
    ("missing", "the first place of the order", sql("DELETE FROM log_order WHERE position = 0")),
    ("missing", "places in a row", sql("DELETE FROM log_order WHERE position BETWEEN 4 AND 9")),
    (
        "missing",
        "closed up in its stream",
        sql(f"DELETE FROM event WHERE {TWO} 2", f"UPDATE event SET seq = 2 WHERE {TWO} 3"),
    ),
    ("missing", "closed up in the order", missing_and_closed_up),
    ("missing", "a person's appointment", sql("DELETE FROM event WHERE id = 9")),
    ("missing", "a law's publication", sql("DELETE FROM event WHERE id = 5")),
    (
        "modified",
        "the hashes of two places exchanged, not their events",
        sql(
            "UPDATE log_order SET hash = '-' WHERE position = 14",
            "UPDATE log_order SET hash = (SELECT hash FROM event WHERE id = 15) WHERE position = 17",
            "UPDATE log_order SET hash = (SELECT hash FROM event WHERE id = 18) WHERE position = 14",
        ),
    ),
    ("modified", "a place that points at another event", sql("UPDATE log_order SET event = 18 WHERE position = 14")),
    ("truncated", "the newest place alone", sql("DELETE FROM log_order WHERE position = 21")),
    ("truncated", "the newest event alone", sql("DELETE FROM event WHERE id = 22")),
    ("truncated", "the newest event and its place", sql(*(each.format(21) for each in END))),
    ("truncated", "all since the first head", sql(*(each.format(17) for each in END))),
    ("truncated", "more than the first head has", sql(*(each.format(10) for each in END))),
    ("truncated", "the whole order", sql("DELETE FROM log_order")),
    ("truncated", "order and mark", sql(END[0].format(20), "UPDATE meta SET value = '20' WHERE name = 'log_settled'")),
    (
        "truncated",
        "an end and the first head",
        sql(*(each.format(19) for each in END), "DELETE FROM head WHERE id = 1"),
    ),
    ("view_differs", "the level that has it", sql("UPDATE dossier SET tier = 'province' WHERE code = :two")),
    ("view_differs", "the law", sql("UPDATE dossier SET regime = 'qd_148_2023' WHERE code = :two")),
    ("view_differs", "closed", sql("UPDATE dossier SET closed_on = '2026-06-01' WHERE code = :two")),
    ("view_differs", "a fold that is none", sql("UPDATE dossier SET fold = '{' WHERE code = :two")),
    ("view_differs", "a fold of nothing", sql("UPDATE dossier SET fold = '{}' WHERE code = :two")),
    ("view_differs", "the day it was opened", sql("UPDATE dossier SET opened_on = '2020-01-01' WHERE code = :two")),
    ("view_differs", "the product", sql("UPDATE dossier SET product = 'SP-2026-000001-L' WHERE code = :two")),
    ("view_differs", "the number of events", sql("UPDATE dossier SET version = 99 WHERE code = :two")),
    ("evidence_differs", "erased by nobody", sql("UPDATE personal SET value = NULL, withheld = 'erase:1/QĐ-UBND'")),
    ("evidence_differs", "under another digest", sql("UPDATE personal SET digest = substr(digest, 5) || 'ffff'")),
    ("evidence_differs", "no JSON", sql("UPDATE personal SET value = '{'")),
    ("evidence_differs", "another file's digest", sql("UPDATE personal SET value = replace(value, '5bb6', '5bb7')")),
    ("evidence_differs", "a file of another name", sql("UPDATE personal SET value = replace(value, 'scan', 'skan')")),
    ("evidence_differs", "one salt for all", sql("UPDATE personal SET salt = (SELECT min(salt) FROM personal)")),
    ("evidence_differs", "a law that the events name", sql("DELETE FROM document")),
    ("inserted", "before the first", slipped_in("dossier", None, 0, -3)),
    ("inserted", "with a number below none", slipped_in("dossier", None, -1, -3)),
    ("inserted", "a second first event", slipped_in("dossier", None, 1, -3)),
    ("inserted", "a second first event, among the newest", slipped_in("dossier", None, 1, 23)),
    ("inserted", "in another dossier", slipped_in("dossier", "HS-2026-000003-R", 2, -3)),
    ("inserted", "in a person's stream", slipped_in("person", "admin", 2, -3)),
    ("inserted", "a dossier of its own", slipped_in("dossier", "HS-2026-000009-X", 1, -3)),
    ("inserted", "a kind of its own", slipped_in("secret", "x", 1, -3)),
    ("inserted", "linked to the last", grown),
    ("reordered", "first and last", placed(21, *ORDER[1:21], 0)),
    ("reordered", "backwards", placed(*reversed(ORDER))),
    ("reordered", "moved round by one", placed(*ORDER[1:], 0)),
    ("reordered", "three in a ring", placed(*ORDER[:5], 6, 7, 5, *ORDER[8:])),
    ("reordered", "neighbours", placed(*ORDER[:8], 9, 8, *ORDER[10:])),
    ("reordered", "two streams for each other", placed(*ORDER[:18], 20, 21, 18, 19)),
    ("reordered", "the newest put first", placed(21, *ORDER[:21])),
    ("reordered", "numbers in a ring", renumbered((1, 2), (2, 3), (3, 1))),
    ("reordered", "the first two numbers", renumbered((1, 2), (2, 1))),
    ("reordered", "all numbers one up", renumbered((1, 2), (2, 3), (3, 4))),
    ("moved", "a stream behind another", sql("UPDATE event SET subject = :one, seq = seq + 3 WHERE subject = :two")),
    (
        "moved",
        "two streams exchanged",
        sql(
            *(
                f"UPDATE event SET subject = {new} WHERE subject = {old}"
                for old, new in ((":one", "'-'"), (":two", ":one"), ("'-'", ":two"))
            )
        ),
    ),
    (
        "moved",
        "one number exchanged",
        sql(
            *(
                f"UPDATE event SET subject = {new} WHERE subject = {old} AND seq = 2"
                for old, new in ((":one", "'-'"), (":two", ":one"), ("'-'", ":two"))
            )
        ),
    ),
    ("moved", "an entity's events", sql("UPDATE event SET subject = 'CT-2026-000009-X' WHERE subject_kind = 'entity'")),
    ("moved", "a product's events", sql("UPDATE event SET subject = 'SP-2026-000009-X' WHERE id = 13")),
    ("moved", "a person's appointment", sql("UPDATE event SET subject = 'x', seq = 1 WHERE id = 9")),
    ("moved", "a law's publication", sql("UPDATE event SET subject = 'qd_1_1900' WHERE id = 5")),
    ("moved", "letters of another size", sql("UPDATE event SET subject = lower(subject) WHERE subject = :two")),
    ("moved", "a space behind the name", sql("UPDATE event SET subject = subject || ' ' WHERE subject = :two")),
    ("moved", "no name", sql("UPDATE event SET subject = '' WHERE subject = :two")),
    ("head_mismatch", "a product rewritten", rewritten("subject_kind = 'product'")),
    ("head_mismatch", "a person rewritten", rewritten("subject = 'admin'")),
    ("head_mismatch", "a law's publication rewritten", rewritten("id = 5")),
    ("head_mismatch", "a larger size in the column", sql("UPDATE head SET size = size + 1")),
    ("head_mismatch", "codes exchanged", sql("UPDATE head SET code = (SELECT max(code) FROM head)")),
    ("head_mismatch", "an empty note", sql("UPDATE head SET note = '' WHERE id = 2")),
    (
        "head_mismatch",
        "a note without its signature",
        sql("UPDATE head SET note = substr(note, 1, instr(note, '—') - 1)"),
    ),
    ("head_mismatch", "a word more in the note", sql("UPDATE head SET note = 'x' || note WHERE id = 2")),
    ("bad_signature", "the signature of the head before", anothers),
    ("bad_signature", "nothing but ones", resigned(lambda each: b"\xff" * len(each))),
    ("bad_signature", "its halves exchanged", resigned(lambda each: each[32:] + each[:32])),
    ("bad_signature", "a point of nothing", resigned(lambda each: bytes(32) + each[32:])),
    ("bad_signature", "a number of nothing", resigned(lambda each: each[:32] + bytes(32))),
    ("bad_signature", "its number written larger", resigned(larger)),
    ("bad_signature", "another day", worded("made 2026-06-01", "made 2026-06-02")),
    ("bad_signature", "another size", worded("\n22\n", "\n21\n")),
]


@pytest.mark.parametrize(("kind", "_what", "change"), MORE, ids=[f"{kind}: {what}" for kind, what, _ in MORE])
def test_one_more_way_is_found_and_named(
    attacked: tuple[Office, sqlite3.Connection], kind: str, _what: str, change: Change
) -> None:
    """Each by its kind, whatever else it brings to light."""
    office, connection = attacked
    change(connection)
    connection.close()
    found = problems(office)
    assert kind in {item["kind"] for item in found}, found


def test_a_second_event_of_one_hash_is_named_and_stops_no_head(attacked: tuple[Office, sqlite3.Connection]) -> None:
    """The newest event of a dossier once more, before either has its place in the order."""
    office, connection = attacked
    code = office.open("12103", "Trà")
    connection.execute(
        "INSERT INTO event "
        "SELECT id + 100, subject_kind, subject, seq + 1, hash, action, recorded_at, occurred_on, body FROM event "
        "WHERE subject = ? AND seq = 1",
        (code,),
    )
    connection.close()
    size = office.do("audit", "checkpoint", who="admin")["size"]
    found = [(item["kind"], item["seq"], item["position"]) for item in problems(office) if item["dossier"] == code]
    assert ("inserted", 2, None) in found
    assert size == 25


def test_there_are_a_dozen_ways_for_each_kind() -> None:
    """All kinds of DESIGN section 7; ``stale_key`` has one way, tried on twelve days in ``test_tamper_widely``."""
    ways = Counter(kind for kind, _, _ in (*CASES, *MORE))
    kinds = (
        "modified missing inserted reordered moved truncated view_differs evidence_differs head_mismatch bad_signature"
    )
    assert set(ways) == set(kinds.split())
    assert min(ways.values()) >= WAYS, ways
    assert len({(kind, what) for kind, what, _ in (*CASES, *MORE)}) == ways.total()
