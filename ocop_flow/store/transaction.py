"""One transaction over the database: its beginning and end, and statements within it.

Statements go to the driver's own connection: most of the time of a short transaction would otherwise be spent on the
way there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from ocop_flow.config import shown
from ocop_flow.errors import Conflict, Unavailable, reason
from ocop_flow.store import statements
from ocop_flow.store.columns import TABLES
from ocop_flow.store.faults import unavailable

if TYPE_CHECKING:
    from types import TracebackType

    from ocop_flow.domain.commands import FileRef
    from ocop_flow.ports import Content
    from ocop_flow.store.connections import Connections, Lent

Row = dict[str, Any]
#: Rows fetched at once: enough to hide the cost of asking, little enough to stay flat in memory.
_BATCH = 1000
#: Writers count days side by side; who adopts a notice waits for them and they for it (``hold_calendar``).
BEGIN_WRITER = "BEGIN; LOCK TABLE notice IN ROW SHARE MODE"
#: All statements of a reader see the database of one moment, as on SQLite.
_BEGIN_READER = "BEGIN ISOLATION LEVEL REPEATABLE READ"

_SQLITE_TABLES = "SELECT name FROM sqlite_master WHERE type = 'table'"
_POSTGRES_TABLES = "SELECT relname AS name FROM pg_class WHERE relkind IN ('r', 'p') AND pg_table_is_visible(oid)"
_SQLITE_TRIGGERS = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
#: One that is switched off, on the table or on a part of it, guards nothing; nor does one of another table.
_POSTGRES_TRIGGERS = (
    "SELECT tgname AS name FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid "
    "WHERE (NOT tgisinternal OR tgparentid <> 0) AND pg_table_is_visible(tgrelid) "
    "AND strpos(tgname, regexp_replace(relname, '_p[0-9]+$', '') || '_') = 1 "
    "GROUP BY tgname HAVING bool_and(tgenabled IN ('O', 'A'))"
)


class Transaction:
    """A connection while it is needed.

    writes    whether this is a writer: on SQLite it then takes the write lock at once (BEGIN IMMEDIATE), since a
              reader that turns writer later is refused by the database when another came between
    """

    def __init__(self, connections: Connections, content: Content, *, writes: bool) -> None:
        self._connections = connections
        self._content = content
        self._files: list[FileRef] = []
        self._dropped: list[str] = []
        self._writes = writes
        self._borrowed: Lent | None = None
        self._driver: Any = None
        self._sqlite = connections.sqlite
        self._begun = False

    def __enter__(self) -> Self:
        try:
            self._borrow()
            if not self._waits:
                self._first(self._begin)
        except self._connections.refusals as error:
            self._close()
            raise unavailable(error, self._connections.url) from error
        return self

    def _first(self, ask: Callable[[], Any]) -> Any:
        """What is asked first; once more where the server was restarted since the pool made the connection."""
        try:
            return ask()
        except self._errors:
            if not self._lost():
                raise
            self._give_back(broken=True)
            self._connections.dispose()
            self._borrow()
            return ask()

    @property
    def _errors(self) -> type[Exception]:
        return self._connections.errors

    def _borrow(self) -> None:
        self._borrowed = self._connections.take()
        self._driver = self._borrowed.driver_connection

    def _lost(self) -> bool:
        return not self._sqlite and (self._driver.closed or self._driver.broken)

    def _reset(self) -> None:
        """Forget what the transaction that has ended has read."""

    def _begin(self) -> None:
        if self._sqlite:
            self._driver.execute("BEGIN IMMEDIATE" if self._writes else "BEGIN")
            self._begun = True
        else:
            self._begun = True
            asked = (BEGIN_WRITER if self._writes else _BEGIN_READER) + self._asks
            self._told(self._driver.execute(asked))

    @property
    def _waits(self) -> bool:
        """Whether it begins with the first statement that needs it: a writer on a server (``store.at_once``)."""
        return self._writes and not self._sqlite

    @property
    def _asks(self) -> str:
        """What a transaction on a server asks as it begins, on the same way there and back."""
        return ""

    def _told(self, cursor: Any) -> None:
        """The answer to what was asked at the beginning."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _tb: TracebackType | None
    ) -> None:
        self._close()
        if isinstance(error, self._errors):
            raise unavailable(error, self._connections.url) from error

    def _close(self) -> None:
        if self._borrowed is None:
            return
        broken = self._lost()
        if self._begun and not broken:
            try:
                self._driver.rollback()
            except self._errors:
                broken = True
        self._give_back(broken=broken)

    def _give_back(self, *, broken: bool) -> None:
        if self._borrowed is not None:
            self._connections.give(self._borrowed, broken=broken)
        self._borrowed = self._driver = None
        self._begun = False

    @property
    def driver(self) -> Any:
        """The driver's connection, in a transaction."""
        self._go_on()
        return self._driver

    def _go_on(self) -> None:
        """Be in a transaction, with nothing waiting to be written."""
        if self._driver is None:
            raise RuntimeError("the unit of work is not entered")
        if not self._begun:
            self._first(self._begin)
        self.flush()

    def flush(self) -> None:
        """Send what waits to be written (``store.writing``)."""

    def keep_file(self, file: FileRef) -> None:
        self._files.append(file)

    def drop_file(self, digest: str) -> None:
        """Destroy a file once the transaction that says so is durable."""
        self._dropped.append(digest)

    def commit(self) -> None:
        """Make it durable, files first: one without its event is litter, an event without its file would be a loss.

        The next transaction begins with its first statement: what is committed is never reported as failed because
        another writer came between.
        """
        for file in self._files:
            if self._content.put(Path(file.path).read_bytes()) != file.sha256:
                raise Conflict(reason("file_changed", file=file.name))
        self._files.clear()
        self._end()
        self._begun = False
        self._reset()
        for digest in self._dropped:
            self._content.remove(digest)
        self._dropped.clear()

    def _end(self) -> None:
        done = self.driver.execute("COMMIT")
        if not self._sqlite and done.statusmessage != "COMMIT":
            # So a server answers after an error that nobody passed on.
            detail = f"COMMIT: {done.statusmessage}"
            raise Unavailable(reason("database_error", path=shown(self._connections.url), detail=detail))

    # --- statements ----------------------------------------------------------------------------------------------

    def _run(self, sql: str, params: Mapping[str, Any]) -> Any:
        if self._sqlite and self._begun:
            return self._driver.execute(sql, params)
        return self.driver.execute(sql if self._sqlite else statements.for_psycopg(sql), params)

    def execute(self, sql: str, /, **params: Any) -> None:
        self._run(sql, params)

    def execute_many(self, sql: str, rows: Sequence[Mapping[str, Any]]) -> int:
        if not rows:
            return 0
        cursor = self.driver.cursor()
        cursor.executemany(sql if self._sqlite else statements.for_psycopg(sql), rows)
        return int(cursor.rowcount)

    def hold(self, name: str, /, **equals: Any) -> None:
        """Keep other writers from a view row until the end of the transaction; SQLite has one writer anyway."""
        if self._writes and not self._sqlite:
            where = " AND ".join(f"{column} = :{column}" for column in equals)
            self._run(f"SELECT 1 FROM {name} WHERE {where} FOR UPDATE", equals)

    @property
    def skip_held(self) -> str:
        """Ends a SELECT whose rows are to be claimed: rows that another claims right now are passed over."""
        return "" if self._sqlite else " FOR UPDATE SKIP LOCKED"

    def insert_many(self, name: str, rows: Sequence[Mapping[str, Any]]) -> None:
        if rows:
            self.execute_many(statements.insert(name, tuple(rows[0])), rows)

    def query(self, sql: str, /, **params: Any) -> list[Row]:
        return with_names(self._run(sql, params))

    def rows(self, name: str, /, **equals: Any) -> list[Row]:
        absent = tuple(column for column, value in equals.items() if value is None)
        given = {column: value for column, value in equals.items() if value is not None}
        found = self.query(statements.select(name, tuple(given), absent), **given)
        for column in statements.booleans(name) if self._sqlite else ():
            for row in found:
                row[column] = bool(row[column])
        return found

    def flow(self, sql: str, values: Sequence[Any]) -> Iterator[Any]:
        """Rows of what is larger than memory may be, as the driver gives them; each ``?`` stands for a value."""
        return chain.from_iterable(self._batches(sql, values))

    def _batches(self, sql: str, values: Sequence[Any]) -> Iterator[list[Any]]:
        """A server is asked by a cursor of its own."""
        if self._sqlite:
            cursor = self.driver.cursor()
        else:
            sql = sql.replace("?", "%s")
            cursor = self.driver.cursor(name=f"flow_{id(values)}")
        try:
            cursor.execute(sql, values)
            while batch := cursor.fetchmany(_BATCH):
                yield batch
        finally:
            cursor.close()

    def among(self, column: str) -> str:
        """A condition on a column with the parameter ``among``, made by ``listed``."""
        return f"{column} IN (SELECT value FROM json_each(:among))" if self._sqlite else f"{column} = ANY(:among)"

    def listed(self, values: Sequence[str] | Sequence[int]) -> Any:
        """Any number of values as one parameter."""
        import json

        return json.dumps(values) if self._sqlite else list(values)

    def check_file(self) -> None:
        if self._sqlite:
            found = self.query("PRAGMA quick_check(1)")[0]["quick_check"]
            if found != "ok":
                detail = " ".join(found.replace("*** in database main ***", "").split())
                raise Unavailable(reason("database_damaged", path=shown(self._connections.url), detail=detail))

        there = {row["name"] for row in self.query(_SQLITE_TABLES if self._sqlite else _POSTGRES_TABLES)}
        gone = ", ".join(sorted(TABLES.keys() - there))
        if gone:
            raise Unavailable(reason("tables_missing", path=shown(self._connections.url), names=gone))

    def lacking_guards(self) -> list[str]:
        from ocop_flow.store.schema import triggers

        there = {row["name"] for row in self.query(_SQLITE_TRIGGERS if self._sqlite else _POSTGRES_TRIGGERS)}
        return sorted(triggers.names(sqlite=self._sqlite) - there)


def with_names(cursor: Any) -> list[Row]:
    """Rows of a driver's answer by the names of their columns."""
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor]
