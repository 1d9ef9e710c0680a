"""One transaction over the database: its beginning and end, and statements within it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from ocop_flow.config import shown
from ocop_flow.errors import Conflict, Unavailable, reason
from ocop_flow.store.engine import unavailable

if TYPE_CHECKING:
    from types import TracebackType

    from sqlalchemy import Connection, Engine

    from ocop_flow.domain.commands import FileRef
    from ocop_flow.ports import Content

Row = dict[str, Any]


class Transaction:
    """A connection while it is needed.

    writes    whether this is a writer: on SQLite it then takes the write lock at once (BEGIN IMMEDIATE), since a
              reader that turns writer later is refused by the database when another came between
    """

    def __init__(self, engine: Engine, content: Content, *, writes: bool) -> None:
        self._engine = engine
        self._content = content
        self._files: list[FileRef] = []
        self._writes = writes
        self._connection: Connection | None = None
        self._begun = False

    def __enter__(self) -> Self:
        try:
            self._connection = self._engine.connect()
            self._begin()
        except DBAPIError as error:
            self._close()
            raise unavailable(error, str(self._engine.url)) from error
        return self

    def _begin(self) -> None:
        self._begun = True
        if self._engine.dialect.name == "sqlite":
            self.connection.exec_driver_sql("BEGIN IMMEDIATE" if self._writes else "BEGIN")
        elif self._writes:
            # Writers count days side by side; who adopts a notice waits for them and they for it (hold_calendar).
            self.connection.exec_driver_sql("LOCK TABLE notice IN ROW SHARE MODE")

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _tb: TracebackType | None
    ) -> None:
        self._close()
        if isinstance(error, DBAPIError):
            raise unavailable(error, str(self._engine.url)) from error

    def _close(self) -> None:
        if self._connection is not None:
            self._connection.rollback()
            if self._engine.dialect.name == "sqlite" and self._connection.connection.dbapi_connection is not None:
                driver: Any = self._connection.connection.dbapi_connection
                if driver.in_transaction:
                    driver.rollback()
            self._connection.close()
            self._connection = None

    @property
    def connection(self) -> Connection:
        if self._connection is None:
            raise RuntimeError("the unit of work is not entered")
        if not self._begun:
            self._begin()
        return self._connection

    def keep_file(self, file: FileRef) -> None:
        self._files.append(file)

    def commit(self) -> None:
        """Make it durable, files first: one without its event is litter, an event without its file would be a loss.

        The next transaction begins with its first statement: what is committed is never reported as failed because
        another writer came between.
        """
        for file in self._files:
            if self._content.put(Path(file.path).read_bytes()) != file.sha256:
                raise Conflict(reason("file_changed", file=file.name))
        self._files.clear()
        if self._engine.dialect.name == "sqlite":
            self.connection.exec_driver_sql("COMMIT")
            self.connection.commit()
        else:
            self.connection.commit()
        self._begun = False

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        self.connection.exec_driver_sql("SAVEPOINT line")
        files = len(self._files)
        try:
            yield
        except BaseException:
            del self._files[files:]
            self.connection.exec_driver_sql("ROLLBACK TO SAVEPOINT line")
            self.connection.exec_driver_sql("RELEASE SAVEPOINT line")
            raise
        self.connection.exec_driver_sql("RELEASE SAVEPOINT line")

    def execute(self, sql: str, **params: Any) -> None:
        self.connection.execute(text(sql), params)

    def execute_many(self, sql: str, rows: Sequence[Mapping[str, Any]]) -> int:
        return self.connection.execute(text(sql), list(rows)).rowcount if rows else 0

    def hold(self, name: str, **equals: Any) -> None:
        """Keep other writers from a view row until the end of the transaction; SQLite has one writer anyway."""
        if self._writes and self._engine.dialect.name != "sqlite":
            where = " AND ".join(f"{column} = :{column}" for column in equals)
            self.query(f"SELECT 1 FROM {name} WHERE {where} FOR UPDATE", **equals)

    def insert_many(self, name: str, rows: Sequence[Mapping[str, Any]]) -> None:
        if rows:
            from ocop_flow.store import views

            self.connection.execute(views.TABLES[name].insert(), list(rows))

    def query(self, sql: str, **params: Any) -> list[Row]:
        return [dict(row._mapping) for row in self.connection.execute(text(sql), params)]

    def rows(self, name: str, **equals: Any) -> list[Row]:
        from ocop_flow.store import views

        table = views.TABLES[name]
        query = table.select().order_by(*table.primary_key.columns)
        for column, value in equals.items():
            query = query.where(table.c[column] == value)
        return [dict(row._mapping) for row in self.connection.execute(query)]

    def check_file(self) -> None:
        if self._engine.dialect.name == "sqlite":
            found = self.query("PRAGMA quick_check(1)")[0]["quick_check"]
            if found != "ok":
                detail = " ".join(found.replace("*** in database main ***", "").split())
                raise Unavailable(reason("database_damaged", path=shown(str(self._engine.url)), detail=detail))
