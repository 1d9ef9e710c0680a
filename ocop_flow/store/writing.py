"""Rows as they are written: on a server together, at the next question or the commit.

Each statement alone would be a way to the server and back. What waits is sent as one statement; its parts write
different rows, so the order among them does not count, but for events: they are numbered as they come. SQLite writes
each at once.

So does a savepoint wait: the server learns of it with its first statement. A line of a batch that writes rows of a
dossier held before, and nothing else, needs none; what it wrote waits with the rows of the other lines. Should it be
refused then (its key was used meanwhile), all lines are to be decided anew.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from ocop_flow.errors import Conflict, reason
from ocop_flow.store import statements
from ocop_flow.store.faults import is_taken
from ocop_flow.store.transaction import Row, Transaction

_Key = tuple[str, tuple[Any, ...]]
#: Rows that are sent as one statement; a server plans a longer one for longer than it is on its way.
TOGETHER = 24
#: Rows that wait at all.
_WAITING = 2000


class Write(NamedTuple):
    """A statement that writes one row, and its parameters."""

    sql: str
    table: str
    row: Mapping[str, Any]


@dataclass(slots=True)
class Part:
    """What waits of a transaction or of a savepoint in it, in the order in which it came.

    begun  whether the database knows of the savepoint
    """

    begun: bool = False
    writes: list[Write] = field(default_factory=list)
    keys: set[_Key] = field(default_factory=set)


class Writing(Transaction):
    """A transaction whose writes of single rows wait for each other."""

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        #: The transaction, and the savepoints that it is in.
        self._parts = [Part(begun=True)]
        #: (table, column, value) -> rows that were read before they were asked for, and not written since.
        self._ahead: dict[tuple[str, str, str], list[Row]] = {}

    def _reset(self) -> None:
        self._parts = [Part(begun=True)]
        self._ahead.clear()
        super()._reset()

    def put(self, table: str, /, **row: Any) -> None:
        """One view row whole, in place of the one with its key."""
        self._forget_ahead(table)
        self._write(statements.upsert(table, tuple(row)), table, row)

    def insert(self, table: str, row: Row) -> None:
        """A row that must be new; raises the driver's error, of an event Conflict, at the latest at the commit.

        What an earlier line has written and is refused now raises the driver's error.
        """
        self._forget_ahead(table)
        self._write(statements.insert(table, tuple(row)), table, row)

    def change(self, table: str, key: str, changes: Mapping[str, Any]) -> None:
        """Some columns of the view row with that key. Indexes of the others are left alone."""
        self._forget_ahead(table)
        self._change(table, key, changes)

    def _change(self, table: str, key: str, changes: Mapping[str, Any]) -> None:
        name = statements.keys(table)[0]
        self._write(statements.update(table, tuple(changes)), table, {**changes, name: key})

    def remove(self, table: str, /, **equals: Any) -> None:
        self._ahead.clear()
        sql = statements.delete(table, tuple(equals))
        if tuple(equals) == statements.keys(table):
            self._write(sql, table, equals)
        else:
            self._run(sql, equals)

    def keep(self, table: str, /, column: str, values: Sequence[str], rows: Sequence[Row], note: str) -> None:
        """Make the rows whose ``column`` is one of ``values`` exactly these; one differing in ``note`` alone stays."""
        key, names, in_order = statements.keys(table)[0], statements.columns(table), statements.values_of(table)
        place = names.index(key)
        known = {was[place]: was for value in values for was in self._read(table, column, value)}
        for row in rows:
            was, now = known.pop(row[key], None), in_order(row)
            if was is None:
                self._write(statements.upsert(table, tuple(row)), table, row)
            elif was != now:
                changes = {name: new for name, new, old in zip(names, now, was, strict=True) if new != old}
                if changes.keys() - {note}:
                    # On a server a scan may have noted something meanwhile, of the row as it was.
                    self._change(table, row[key], changes if self._sqlite else {**changes, note: row[note]})
        for gone in sorted(known):
            self._write(statements.delete(table, (key,)), table, {key: gone})

    def _read(self, table: str, column: str, value: str) -> list[tuple[Any, ...]]:
        ahead = self._ahead.pop((table, column, value), None)
        if ahead is not None:
            return [*map(statements.values_of(table), ahead)]
        found: list[tuple[Any, ...]] = self._run(statements.of(table, column), {column: value}).fetchall()
        return found

    def _forget_ahead(self, table: str) -> None:
        if self._ahead:
            self._ahead = {place: rows for place, rows in self._ahead.items() if place[0] != table}

    def _write(self, sql: str, table: str, row: Mapping[str, Any]) -> None:
        if self._sqlite:
            self._run(sql, row)
            return
        key = table, tuple(row.get(name) for name in statements.keys(table))
        # What the database itself numbers has no key yet.
        again = None not in key[1] and any(key in part.keys for part in self._parts)
        if again or sum(len(part.writes) for part in self._parts) >= _WAITING:
            self._go_on()
        self._parts[-1].keys.add(key)
        self._parts[-1].writes.append(Write(sql, table, row))

    def flush(self) -> None:
        """Send what waits; not without a transaction, where each statement would be a commit of its own."""
        for part in self._parts:
            if not part.begun:
                assert self._begun
                self._driver.execute("SAVEPOINT line")
                part.begun = True
            if part.writes:
                assert self._begun
                writes, part.writes = part.writes, []
                part.keys.clear()
                self._send(writes, part)

    def _send(self, writes: Sequence[Write], part: Part) -> None:
        try:
            if len(writes) <= TOGETHER and sum(write.table == "event" for write in writes) < 2:
                self._driver.execute(statements.together(tuple(write.sql for write in writes)), numbered(writes))
            else:
                self._send_many(writes)
        except self._errors as error:
            events = [write.row for write in writes if write.table == "event"]
            # What is refused of an earlier line is no fault of this one: all lines are to be decided anew.
            if part is self._parts[-1] and events and is_taken(error) and of_event(error):
                raise taken(events, error) from error
            raise

    def _send_many(self, writes: Sequence[Write]) -> None:
        """Each statement with all of its rows, in their order."""
        rows: dict[str, list[Mapping[str, Any]]] = {}
        for write in writes:
            rows.setdefault(write.sql, []).append(write.row)
        with self._driver.cursor() as cursor:
            for sql, each in rows.items():
                cursor.executemany(statements.for_psycopg(sql), each)

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        if not self._begun:
            self._first(self._begin)
        part, files, ahead = Part(), len(self._files), dict(self._ahead)
        self._parts.append(part)
        if self._sqlite:
            self.flush()
        try:
            yield
            if not self._may_wait(part.writes):
                self.flush()
        except BaseException:
            self._parts.pop()
            del self._files[files:]
            self._ahead = ahead
            if part.begun:
                self._driver.execute("ROLLBACK TO SAVEPOINT line")
                self._driver.execute("RELEASE SAVEPOINT line")
            raise
        self._parts.pop()
        if part.begun:
            self._driver.execute("RELEASE SAVEPOINT line")
        self._parts[-1].writes += part.writes
        self._parts[-1].keys |= part.keys

    def _may_wait(self, writes: Sequence[Write]) -> bool:
        """Whether these may be sent after the savepoint that they were written in."""
        return not writes


def numbered(writes: Sequence[Write]) -> Row:
    """The values of some writes, by the names that ``statements.together`` gives them."""
    return {f"{name}_{number}": value for number, write in enumerate(writes) for name, value in write.row.items()}


def of_event(error: Any) -> bool:
    """Whether a row of the log was refused; a partition of it has a name of its own."""
    return (error.diag.table_name or "").startswith("event")


def taken(events: Sequence[Mapping[str, Any]], error: Exception) -> Conflict:
    """Another writer has given an event's number; which event, where several were written, the server says."""
    detail = str(getattr(getattr(error, "diag", None), "message_detail", None))
    named = [row for row in events if row["subject"] in detail and f", {row['seq']})" in detail]
    first = (named or events)[0]
    return Conflict(reason("sequence_taken", subject=first["subject"], seq=first["seq"]))
