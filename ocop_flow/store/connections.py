"""Connections of an office to its database, which stay at hand between its transactions.

A SQLite file is opened by its driver alone: loading SQLAlchemy would take longer than most commands. A server's
connections come from SQLAlchemy's pool, and are not given back at once: the way through it costs more than a short
statement.
"""

from __future__ import annotations

import os
import sqlite3
from collections import deque
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from ocop_flow.config import file_of
from ocop_flow.store import sqlite_file

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Engine
    from sqlalchemy.pool import PoolProxiedConnection

#: Connections that wait for the next transaction; more than one only where threads work side by side.
_AT_HAND = 4


class Lent(Protocol):
    """A connection while a transaction has it."""

    @property
    def driver_connection(self) -> Any: ...


class Connections(Protocol):
    """Taken and given back by any thread.

    errors    what the driver raises
    refusals  what it, and the pool, raise where no connection is had
    """

    sqlite: bool
    url: str

    @property
    def errors(self) -> type[Exception]: ...
    @property
    def refusals(self) -> tuple[type[Exception], ...]: ...
    def take(self) -> Any: ...
    def give(self, borrowed: Any, *, broken: bool) -> None:
        """``broken``: it cannot be used again."""

    def dispose(self) -> None:
        """Close those at hand; the next one is new."""


def open_connections(url: str) -> Connections:
    """Connections to an existing database.

    raises  Unavailable: a URL unreadable or of another kind, missing driver, missing file, network share
    """
    file = file_of(url)
    if file is not None:
        sqlite_file.check(file)
        return FileConnections(file, url)
    from ocop_flow.store.engine import open_engine

    return PooledConnections(open_engine(url))


class Opened(NamedTuple):
    """A connection to a file, and which file it was: device and inode, None where it is gone."""

    driver_connection: sqlite3.Connection
    identity: tuple[int, int] | None


class FileConnections:
    """To a SQLite file, as long as it stands at its path.

    One that was moved away or replaced (a backup put back) while a service has it open would be written on, gone as it
    is; and a new connection would begin an empty file in its place.
    """

    sqlite = True
    errors: type[Exception] = sqlite3.Error
    refusals: tuple[type[Exception], ...] = (sqlite3.Error,)

    def __init__(self, file: Path, url: str) -> None:
        self.url = url
        self._path, self._address = str(file), f"{file.absolute().as_uri()}?mode=rw"
        self._idle: deque[Opened] = deque()

    def take(self) -> Opened:
        while self._idle:
            try:
                lent = self._idle.pop()
            except IndexError:
                break
            if lent.identity == self._identity():
                return lent
            lent.driver_connection.close()
        connection = sqlite3.connect(self._address, uri=True, check_same_thread=False)
        sqlite_file.configure(connection)
        return Opened(connection, self._identity())

    def give(self, borrowed: Opened, *, broken: bool) -> None:
        # Closing the last one would move the log into the file after every command.
        if broken or len(self._idle) >= _AT_HAND:
            borrowed.driver_connection.close()
        else:
            self._idle.append(borrowed)

    def dispose(self) -> None:
        while self._idle:
            try:
                self._idle.pop().driver_connection.close()
            except IndexError:
                return

    def _identity(self) -> tuple[int, int] | None:
        try:
            # A Path that is made anew costs every transaction more than the question.
            found = os.stat(self._path)  # noqa: PTH116
        except OSError:
            return None
        return found.st_dev, found.st_ino


class PooledConnections:
    """From an engine's pool; those at hand are closed with the pool's own."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.sqlite = engine.dialect.name == "sqlite"
        self.url = str(engine.url)
        self._idle: deque[PoolProxiedConnection] = deque()

    @property
    def errors(self) -> type[Exception]:
        found: type[Exception] = self._engine.dialect.loaded_dbapi.Error
        return found

    @property
    def refusals(self) -> tuple[type[Exception], ...]:
        from sqlalchemy.exc import DBAPIError

        return DBAPIError, self.errors

    def take(self) -> PoolProxiedConnection:
        while self._idle:
            try:
                return self._idle.pop()
            except IndexError:
                break
        borrowed = self._engine.raw_connection()
        driver: Any = borrowed.driver_connection
        if not self.sqlite and not driver.autocommit:
            driver.autocommit = True
        return borrowed

    def give(self, borrowed: PoolProxiedConnection, *, broken: bool) -> None:
        if broken:
            borrowed.invalidate()
        elif len(self._idle) < _AT_HAND:
            self._idle.append(borrowed)
        else:
            borrowed.close()

    def dispose(self) -> None:
        while self._idle:
            try:
                self._idle.pop().invalidate()
            except IndexError:
                break
        self._engine.dispose()
