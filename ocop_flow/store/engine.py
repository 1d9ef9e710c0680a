"""SQLAlchemy's engine: for making and migrating a database of either kind, and for the pool of a server's."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

from ocop_flow.config import shown
from ocop_flow.errors import Unavailable, reason
from ocop_flow.store import sqlite_file

if TYPE_CHECKING:
    from sqlalchemy import Engine
    from sqlalchemy.engine import URL

#: What a driver raises, and what the engine makes of it.
DRIVER_ERRORS = (DBAPIError, sqlite3.Error)
#: Databases that are served, with the driver of each.
_KINDS = ("sqlite", "sqlite+pysqlite", "postgresql+psycopg")


def open_engine(url: str, *, create: bool = False) -> Engine:
    """An engine for ``url``.

    create  whether a missing SQLite file is made
    raises  Unavailable: a URL unreadable or of another kind, missing driver, missing file, network share
    """
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        raise Unavailable(reason("database_url_unreadable", url=shown(url))) from None
    if parsed.drivername not in _KINDS:
        raise Unavailable(reason("database_url_unreadable", url=shown(url)))
    try:
        if parsed.get_backend_name() == "sqlite":
            return _sqlite(parsed, create)
        return _server(parsed)
    except (NoSuchModuleError, ModuleNotFoundError) as error:
        raise Unavailable(reason("database_driver_missing", driver=parsed.drivername)) from error


def _server(url: URL) -> Engine:
    """No ping before each use: a connection that broke meanwhile is noticed when the transaction begins."""
    engine = create_engine(url, pool_size=5, max_overflow=20)

    @event.listens_for(engine, "connect")
    def _configure(connection: Any, _record: Any) -> None:
        from psycopg.types.string import StrDumper

        # As text, not as of unknown type: a parameter compared with a parameter has no column to take its type from.
        connection.adapters.register_dumper(str, StrDumper)

    return engine


def _sqlite(url: URL, create: bool) -> Engine:
    if url.database not in (None, "", ":memory:"):
        sqlite_file.check(Path(str(url.database)), create=create)
    engine = create_engine(url)

    @event.listens_for(engine, "connect")
    def _configure(connection: Any, _record: Any) -> None:
        sqlite_file.configure(connection)

    return engine
