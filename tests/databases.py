"""A database of one test, on SQLite or on PostgreSQL, and what stands in it."""

from __future__ import annotations

import contextlib
import hashlib
import itertools
import os
import shutil
import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import psycopg

from ocop_flow.config import server_files, server_keys
from tests import postgres

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_numbers = itertools.count(1)


@dataclass(frozen=True, slots=True)
class ServerDatabase:
    """A database on a server; it stands where a test has the path of a SQLite file.

    parent  a folder of the test's own, which is the current one too: evidence and outgoing mail lie there
    """

    server: postgres.Server
    name: str
    parent: Path

    def __str__(self) -> str:
        return self.server.url(self.name)

    def with_name(self, name: str) -> Path:
        """A file in the test's folder, as beside a SQLite file."""
        return self.parent / name

    def copy(self, folder: Path) -> ServerDatabase:
        name = fresh_name()
        self.server.make(name, self.name)
        made = ServerDatabase(self.server, name, folder)
        # Made in the run's own data folder; a test may have set itself another by now.
        ring, place = postgres.data_folder() / "ocop_flow" / server_keys(str(self)).name, server_keys(str(made))
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ring, place)
        return made


def standing_in(database: ServerDatabase) -> Path:
    """Tests name a database by the path of its file; on a server this stands there instead."""
    return cast("Path", database)


def server_database(db: Path | ServerDatabase) -> ServerDatabase | None:
    return db if isinstance(db, ServerDatabase) else None


def fresh_name() -> str:
    return f"t{os.getpid()}_{next(_numbers)}"


def folder_of(db: Path | ServerDatabase) -> Path:
    """Where the evidence files of a database lie."""
    return server_files(str(db)) if isinstance(db, ServerDatabase) else db.with_name(db.name + ".files")


def dump(db: Path | ServerDatabase) -> dict[str, str]:
    """Table -> digest of all its rows: equal before and after means that nothing was written.

    Without the count of changes, which only tells caches that a table was written: writing the same again counts.
    """
    rows = _dump_server(db) if isinstance(db, ServerDatabase) else _dump_file(db)
    return {name: digest for name, digest in rows.items() if name != "reference"}


def _dump_file(db: Path) -> dict[str, str]:
    with contextlib.closing(sqlite3.connect(f"file:{db}?mode=ro", uri=True)) as connection:
        names = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {name: _digest(connection.execute(f'SELECT * FROM "{name}"')) for name in sorted(names)}


def _dump_server(db: ServerDatabase) -> dict[str, str]:
    """An updated row moves within its table: rows are compared as a set."""
    with db.server.connect(db.name) as connection:
        names = [row[0] for row in connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")]
        return {name: _digest(sorted(map(repr, connection.execute(f'SELECT * FROM "{name}"')))) for name in names}


def _digest(rows: Iterable[Any]) -> str:
    digest = hashlib.sha256()
    for row in rows:
        digest.update(repr(row).encode())
    return digest.hexdigest()


def files(db: Path | ServerDatabase) -> list[str]:
    """Names of the evidence files kept beside a database."""
    folder = folder_of(db)
    return sorted(str(each.relative_to(folder)) for each in folder.rglob("*") if each.is_file())


#: What either driver raises when the database itself refuses.
REFUSALS = (sqlite3.Error, psycopg.Error)


@contextlib.contextmanager
def raw(db: Path | ServerDatabase) -> Iterator[Any]:
    """The database without the product: each statement is committed at once."""
    if isinstance(db, ServerDatabase):
        with db.server.connect(db.name) as server:
            yield server
    else:
        with contextlib.closing(sqlite3.connect(db, isolation_level=None)) as connection:
            yield connection
