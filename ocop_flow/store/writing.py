"""Rows as they are written: on a server together, at the next question or the commit.

Each statement alone would be a way to the server and back. What waits is sent as one statement; its parts write
different rows, so the order among them does not count. SQLite writes each at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import orjson

from ocop_flow.errors import Conflict, reason
from ocop_flow.store import statements
from ocop_flow.store.engine import is_taken
from ocop_flow.store.transaction import Row, Transaction

_Key = tuple[str, tuple[Any, ...]]


class Writing(Transaction):
    """A transaction whose writes of whole rows wait for each other."""

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        #: Statement -> the rows that it writes.
        self._waiting: dict[str, list[Row]] = {}
        self._rows_waiting: set[_Key] = set()

    def _begin(self) -> None:
        self._forget()
        super()._begin()

    def _forget(self) -> None:
        self._waiting.clear()
        self._rows_waiting.clear()

    def put(self, table: str, /, **row: Any) -> None:
        """One view row whole, in place of the one with its key."""
        if self._sqlite:
            self._run(statements.upsert(table, tuple(row)), row)
        else:
            self._wait(statements.upsert_each(table, tuple(row)), table, row)

    def insert(self, table: str, /, **row: Any) -> None:
        """A row that must be new; raises the driver's error, of an event Conflict, at the latest at the commit."""
        if self._sqlite:
            self._run(statements.insert(table, tuple(row)), row)
        else:
            self._wait(statements.insert_each(table, tuple(row)), table, row)

    def remove(self, table: str, /, **equals: Any) -> None:
        self._run(statements.delete(table, tuple(equals)), equals)

    def keep(self, table: str, /, column: str, values: Sequence[str], rows: Sequence[Row], note: str) -> None:
        """Make the rows whose ``column`` is one of ``values`` exactly these; one differing in ``note`` alone stays."""
        key = statements.keys(table)[0]
        if not self._sqlite:
            if any(waiting[0] == table for waiting in self._rows_waiting):
                self.flush()
            others = {"among": list(values), "kept": [row[key] for row in rows]}
            self._waiting[statements.delete_others(table, column, key)] = [others]
            for row in rows:
                self._wait(statements.upsert_changed(table, tuple(row), note), table, row)
            return
        known = {row[key]: row for value in values for row in self.rows(table, **{column: value})}
        for gone in sorted(known.keys() - {row[key] for row in rows}):
            self.remove(table, **{key: gone})
        for row in rows:
            was = known.get(row[key])
            if was is None or {**was, note: row[note]} != row:
                self.put(table, **row)

    def _wait(self, sql: str, table: str, row: Row) -> None:
        key = table, tuple(row.get(name) for name in statements.keys(table))
        # What the database itself numbers has no key yet.
        if None not in key[1] and key in self._rows_waiting:
            self.flush()
        self._rows_waiting.add(key)
        self._waiting.setdefault(sql, []).append(row)

    def flush(self) -> None:
        """Send what waits."""
        if not self._waiting:
            return
        sql = statements.together(tuple(self._waiting))
        params = {
            f"rows_{number}": orjson.dumps(rows, default=_hexadecimal).decode()
            for number, rows in enumerate(self._waiting.values())
        }
        events = [row for text, rows in self._waiting.items() if text.startswith("INSERT INTO event ") for row in rows]
        self._forget()
        try:
            self._driver.execute(sql, params)
        except self._errors as error:
            if events and is_taken(error) and (error.diag.table_name or "").startswith("event"):  # type: ignore[attr-defined]
                raise taken(events, error) from error
            raise

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        with super().savepoint():
            try:
                yield
                self.flush()
            except BaseException:
                self._forget()
                raise


def taken(events: Sequence[Row], error: Exception) -> Conflict:
    """Another writer has given an event's number; which event, where several were written, the server says."""
    detail = str(getattr(getattr(error, "diag", None), "message_detail", None))
    named = [row for row in events if row["subject"] in detail and f", {row['seq']})" in detail]
    first = (named or events)[0]
    return Conflict(reason("sequence_taken", subject=first["subject"], seq=first["seq"]))


def _hexadecimal(value: Any) -> str:
    """Bytes as a server reads them out of a text."""
    if isinstance(value, bytes):
        return "\\x" + value.hex()
    raise TypeError(f"no value of a row: {value!r}")
