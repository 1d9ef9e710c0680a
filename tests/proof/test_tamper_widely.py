"""Each kind of fault in a dozen places of one finished log: no place is left where a change goes unnamed.

The ways of changing are told one by one in ``test_tamper``; here one way of each kind is tried on many targets, hashes
made anew where an attacker could.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from itertools import islice, permutations
from pathlib import Path

import pytest

from ocop_flow.domain import canonical, head, note
from ocop_flow.signing import KeyRing
from tests.cli.office import Office
from tests.proof.test_tamper import (
    Change,
    altered,
    attacked,
    body,
    dossiers,
    finished,
    head_row,
    problems,
    relink,
    rewrite,
)

__all__ = ["attacked", "finished"]
pytestmark = pytest.mark.sqlite
WAYS = 12
Attacked = tuple[Office, sqlite3.Connection]


def streams(connection: sqlite3.Connection, shortest: int) -> list[tuple[str, str, int]]:
    """(kind, subject, last seq) of the streams of at least so many events, dossiers first."""
    rows = connection.execute(
        "SELECT subject_kind, subject, max(seq) AS last FROM event GROUP BY 1, 2 HAVING last >= ? "
        "ORDER BY subject_kind <> 'dossier', 1, 2",
        (shortest,),
    )
    return rows.fetchall()


def events(connection: sqlite3.Connection, *, last: bool) -> list[tuple[str, int]]:
    """(subject, seq) of every event, those at the end of their stream only if ``last``."""
    return [(subject, seq) for _, subject, end in streams(connection, 1) for seq in range(1, end + (1 if last else 0))]


def bound(how: Callable[..., object], *values: object) -> Change:
    """What is done to the connection with these values."""

    def change(connection: sqlite3.Connection) -> None:
        how(connection, *values)

    return change


def run(sql: str, *values: object) -> Change:
    return bound(sqlite3.Connection.execute, sql, values)


def modified(connection: sqlite3.Connection) -> Iterator[Change]:
    """Other bytes with a fitting hash, wherever a link or a place in the order follows."""
    for subject, seq in events(connection, last=True):
        yield bound(_rewritten, subject, seq)


def _rewritten(connection: sqlite3.Connection, subject: str, seq: int) -> None:
    rewrite(connection, subject, seq, altered(connection, subject, seq))


def missing(connection: sqlite3.Connection) -> Iterator[Change]:
    """An event taken out of its stream, with and without its place in the order; a place alone."""
    for subject, seq in events(connection, last=False):
        yield bound(_taken, subject, seq, False)
        yield bound(_taken, subject, seq, True)
    size = connection.execute("SELECT count(*) FROM log_order").fetchone()[0]
    for place in range(size - 1):
        yield run("DELETE FROM log_order WHERE position = ?", place)


def _taken(connection: sqlite3.Connection, subject: str, seq: int, order: bool) -> None:
    where = "WHERE subject = ? AND seq = ?"
    if order:
        connection.execute(f"DELETE FROM log_order WHERE hash = (SELECT hash FROM event {where})", (subject, seq))
    connection.execute(f"DELETE FROM event {where}", (subject, seq))


def moved(connection: sqlite3.Connection) -> Iterator[Change]:
    """A whole stream under another name."""
    for kind, subject, _ in streams(connection, 1):
        yield run("UPDATE event SET subject = 'X-1' WHERE subject_kind = ? AND subject = ?", kind, subject)


def reordered(connection: sqlite3.Connection) -> Iterator[Change]:
    """Two places of the order exchanged."""
    places = [row[0] for row in connection.execute("SELECT position FROM log_order ORDER BY position DESC LIMIT 9")]
    for one, other in islice(permutations(places, 2), 0, None, 5):
        yield bound(_exchanged, one, other)


def _exchanged(connection: sqlite3.Connection, one: int, other: int) -> None:
    for before, after in ((one, -1), (other, one), (-1, other)):
        connection.execute("UPDATE log_order SET position = ? WHERE position = ?", (after, before))


def truncated(connection: sqlite3.Connection) -> Iterator[Change]:
    """The end of the log cut: so many events with their places; or the places alone."""
    for count in range(1, 7):
        yield bound(_cut, count, True)
        yield bound(_cut, count, False)


def _cut(connection: sqlite3.Connection, count: int, with_events: bool) -> None:
    last = "SELECT hash FROM log_order ORDER BY position DESC LIMIT ?"
    if with_events:
        connection.execute(f"DELETE FROM event WHERE hash IN ({last})", (count,))
    connection.execute(f"DELETE FROM log_order WHERE hash IN ({last})", (count,))


def inserted(connection: sqlite3.Connection) -> Iterator[Change]:
    """A second event under a number that the stream has, for every event of the log."""
    for subject, seq in events(connection, last=True):
        yield bound(_doubled, subject, seq)


def _doubled(connection: sqlite3.Connection, subject: str, seq: int) -> None:
    """The unique index is dropped with the table's copy, as someone who holds the file can do."""
    forged = canonical.encode(altered(connection, subject, seq))
    connection.execute("CREATE TABLE event_new AS SELECT * FROM event")
    connection.execute("DROP TABLE event")
    connection.execute("ALTER TABLE event_new RENAME TO event")
    connection.execute(
        "INSERT INTO event SELECT id, subject_kind, subject, seq, ?, action, recorded_at, occurred_on, ? "
        "FROM event WHERE subject = ? AND seq = ?",
        (canonical.sha256(forged), forged, subject, seq),
    )


def view_differs(connection: sqlite3.Connection) -> Iterator[Change]:
    """Every column of a dossier's row but its key."""
    names = [row[1] for row in connection.execute("PRAGMA table_info(dossier)") if row[1] not in ("code", "fold")]
    for number, name in enumerate(names):
        yield run(f"UPDATE dossier SET {name} = 'X' WHERE code = ?", dossiers(connection)[number % 3])


def evidence_differs(connection: sqlite3.Connection) -> Iterator[Change]:
    """Every sealed value: its text, its salt, its row."""
    for (digest,) in connection.execute("SELECT digest FROM personal ORDER BY digest").fetchall():
        for how in ("value = '\"x\"'", "salt = '00'", "value = NULL", "withheld = 'seal:1/QĐ-UBND'"):
            yield run(f"UPDATE personal SET {how} WHERE digest = ?", digest)
        yield run("DELETE FROM personal WHERE digest = ?", digest)


def head_mismatch(connection: sqlite3.Connection) -> Iterator[Change]:
    """A stream rewritten from any event on, with chain and order made anew."""
    for subject, seq in events(connection, last=True):
        yield bound(_relinked, subject, seq)


def _relinked(connection: sqlite3.Connection, subject: str, seq: int) -> None:
    relink(connection, subject, seq, {**body(connection, subject, seq), "reason": "khác"}, order=True)


def bad_signature(connection: sqlite3.Connection) -> Iterator[Change]:
    """One bit of the signature, anywhere in it."""
    assert head_row(connection)
    for place in range(0, 64, 5):
        yield bound(_bit, place)


def _bit(connection: sqlite3.Connection, place: int) -> None:
    identity, whole = head_row(connection)
    read = note.parse(whole)
    value = bytearray(read.signatures[0].value)
    value[place] ^= 1
    line = read.signatures[0]._replace(value=bytes(value))
    connection.execute("UPDATE head SET note = ? WHERE id = ?", (note.render(read.text, [line]), identity))


KINDS: dict[str, Callable[[sqlite3.Connection], Iterator[Change]]] = {
    each.__name__: each
    for each in (
        *(modified, missing, moved, reordered, truncated, inserted),
        *(view_differs, evidence_differs, head_mismatch, bad_signature),
    )
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("way", range(WAYS))
def test_a_kind_of_fault_is_named_wherever_it_is_made(attacked: Attacked, kind: str, way: int) -> None:
    """Twelve targets for each kind, spread over all that there are."""
    office, connection = attacked
    targets = list(KINDS[kind](connection))
    assert len(targets) >= WAYS, f"only {len(targets)} ways for {kind}"
    targets[way * len(targets) // WAYS](connection)
    connection.close()
    found = problems(office)
    assert kind in {item["kind"] for item in found}, found


@pytest.mark.parametrize("days", range(1, 13))
def test_a_key_that_signs_days_after_it_was_retired_is_stale(attacked: Attacked, days: int) -> None:
    """The head says a day later than the last of its key, by one to twelve months of thirty days."""
    office, connection = attacked
    ring = KeyRing(Path(f"{office.db}.keys"))
    (identity, whole), old = head_row(connection), ring.public_keys()[0]
    made = head.parse(note.parse(whole).text)
    moment = made.made_at + timedelta(days=400 + 30 * days)
    later = head.Checkpoint(made.origin, made.size, made.root, moment).text()
    line = note.Signature(made.origin, note.key_hash(made.origin, old.public), ring.sign(later.encode()).signature)
    connection.execute(
        "UPDATE head SET note = ?, code = ?, made_at = ? WHERE id = ?",
        (note.render(later, [line]), head.code(later), moment.isoformat(), identity),
    )
    connection.close()
    ring.rotate(date(made.made_at.year, made.made_at.month, made.made_at.day) + timedelta(days=400))
    assert [item["kind"] for item in problems(office)] == ["stale_key"]


@pytest.mark.parametrize("way", range(WAYS))
def test_a_tail_rewritten_from_any_event_and_signed_anew_is_seen_by_the_head_given_out_before(
    finished: tuple[Office, Path], attacked: Attacked, way: int
) -> None:
    """By someone with database and key: chain, order, tiles, views and heads all made anew, whole in themselves."""
    office, connection = attacked
    targets = [each for each in events(connection, last=True) if each[0] in dossiers(connection) and each[1] > 1]
    subject, seq = targets[way * len(targets) // WAYS]
    relink(connection, subject, seq, {**body(connection, subject, seq), "reason": "khác"}, order=True)
    connection.execute("DELETE FROM head")
    connection.execute("DELETE FROM log_tile")
    connection.close()
    office.ask("doctor", "--rebuild")
    office.do("audit", "checkpoint", who="admin")
    assert problems(office) == []
    _, file = finished
    assert [item["kind"] for item in problems(office, "--head", str(file))] == ["head_mismatch"]
