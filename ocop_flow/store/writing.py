"""Rows as they are written: on a server together, at the next question or the commit.

Each statement alone would be a way to the server and back. What waits is sent as one statement; its parts write
different rows, so the order among them does not count. SQLite writes each at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from ocop_flow.errors import Conflict, reason
from ocop_flow.store import statements
from ocop_flow.store.engine import is_taken
from ocop_flow.store.transaction import Row, Transaction

_Key = tuple[str, tuple[Any, ...]]
#: Rows that are sent as one statement; a server plans a longer one for longer than it is on its way.
_TOGETHER = 24


class Writing(Transaction):
    """A transaction whose writes of single rows wait for each other."""

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        #: Statements and their rows, in the order in which they came.
        self._waiting: list[tuple[str, Mapping[str, Any]]] = []
        self._rows_waiting: set[_Key] = set()
        #: (table, column, value) -> rows that were read before they were asked for, and not written since.
        self._ahead: dict[tuple[str, str, str], list[Row]] = {}

    def _reset(self) -> None:
        self._forget()
        self._ahead.clear()
        super()._reset()

    def _forget(self) -> None:
        self._waiting.clear()
        self._rows_waiting.clear()

    def put(self, table: str, /, **row: Any) -> None:
        """One view row whole, in place of the one with its key."""
        self._write(statements.upsert(table, tuple(row)), table, row)

    def insert(self, table: str, row: Row) -> None:
        """A row that must be new; raises the driver's error, of an event Conflict, at the latest at the commit."""
        self._write(statements.insert(table, tuple(row)), table, row)

    def change(self, table: str, key: str, changes: Mapping[str, Any]) -> None:
        """Some columns of the view row with that key. Indexes of the others are left alone."""
        name = statements.keys(table)[0]
        self._write(statements.update(table, tuple(changes)), table, {**changes, name: key})

    def remove(self, table: str, /, **equals: Any) -> None:
        self._ahead.clear()
        self._run(statements.delete(table, tuple(equals)), equals)

    def keep(self, table: str, /, column: str, values: Sequence[str], rows: Sequence[Row], note: str) -> None:
        """Make the rows whose ``column`` is one of ``values`` exactly these; one differing in ``note`` alone stays."""
        key, names, in_order = statements.keys(table)[0], statements.columns(table), statements.values_of(table)
        place = names.index(key)
        known = {was[place]: was for value in values for was in self._read(table, column, value)}
        for row in rows:
            was, now = known.pop(row[key], None), in_order(row)
            if was is None:
                self.put(table, **row)
            elif was != now:
                changes = {name: new for name, new, old in zip(names, now, was, strict=True) if new != old}
                if changes.keys() - {note}:
                    # On a server a scan may have noted something meanwhile, of the row as it was.
                    self.change(table, row[key], changes if self._sqlite else {**changes, note: row[note]})
        for gone in sorted(known):
            self.remove(table, **{key: gone})

    def _read(self, table: str, column: str, value: str) -> list[tuple[Any, ...]]:
        ahead = self._ahead.pop((table, column, value), None)
        if ahead is not None:
            return [*map(statements.values_of(table), ahead)]
        found: list[tuple[Any, ...]] = self._run(statements.of(table, column), {column: value}).fetchall()
        return found

    def _write(self, sql: str, table: str, row: Mapping[str, Any]) -> None:
        if self._ahead:
            self._ahead = {place: rows for place, rows in self._ahead.items() if place[0] != table}
        if self._sqlite:
            self._run(sql, row)
            return
        key = table, tuple(row.get(name) for name in statements.keys(table))
        # What the database itself numbers has no key yet.
        if (None not in key[1] and key in self._rows_waiting) or len(self._waiting) == _TOGETHER:
            self._go_on()
        self._rows_waiting.add(key)
        self._waiting.append((sql, row))

    def flush(self) -> None:
        """Send what waits; not without a transaction, where each statement would be a commit of its own."""
        if not self._waiting:
            return
        assert self._begun
        sql, params = statements.together(tuple(text for text, _ in self._waiting)), self._numbered()
        events = [row for text, row in self._waiting if text.startswith("INSERT INTO event ")]
        self._forget()
        try:
            self._driver.execute(sql, params)
        except self._errors as error:
            if events and is_taken(error) and (error.diag.table_name or "").startswith("event"):  # type: ignore[attr-defined]
                raise taken(events, error) from error
            raise

    def _numbered(self) -> Row:
        """The values of what waits, by the names that ``statements.together`` gives them."""
        return {
            f"{name}_{number}": value for number, (_, row) in enumerate(self._waiting) for name, value in row.items()
        }

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        with super().savepoint():
            try:
                yield
                self.flush()
            except BaseException:
                self._forget()
                self._ahead.clear()
                raise


def taken(events: Sequence[Mapping[str, Any]], error: Exception) -> Conflict:
    """Another writer has given an event's number; which event, where several were written, the server says."""
    detail = str(getattr(getattr(error, "diag", None), "message_detail", None))
    named = [row for row in events if row["subject"] in detail and f", {row['seq']})" in detail]
    first = (named or events)[0]
    return Conflict(reason("sequence_taken", subject=first["subject"], seq=first["seq"]))
