"""The database: opened with the pragmas that durability needs, or refused with what to do about it."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError
from sqlalchemy.pool import QueuePool, StaticPool

from ocop_flow.config import shown
from ocop_flow.errors import Unavailable, reason
from ocop_flow.store import samefile

if TYPE_CHECKING:
    from sqlalchemy import Engine
    from sqlalchemy.engine import URL

#: Milliseconds a writer waits for another before giving up.
BUSY_TIMEOUT_MS = 5000
#: Pages of 4 KiB that gather in the log beside the file before they are moved into it: a page that many commands change
#: is moved once. Eight times the default; the log stays below some 32 MB.
CHECKPOINT_PAGES = 8000
#: Of the file, kept in the memory of each connection: upper levels of the indexes and the pages in use.
CACHE_KIB = 16_384
#: Marks a SQLite file as ours: "OCOP" in ASCII.
APPLICATION_ID = 0x4F434F50
#: File systems on which SQLite's locks cannot be trusted.
_NETWORK_FILE_SYSTEMS = frozenset({"nfs", "nfs4", "cifs", "smb3", "smbfs", "fuse.sshfs", "9p", "afs", "ncpfs"})


def open_engine(url: str, *, create: bool = False) -> Engine:
    """An engine for ``url``.

    create  whether a missing SQLite file is made
    raises  Unavailable: unreadable URL, missing driver, missing file, network share
    """
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        raise Unavailable(reason("database_url_unreadable", url=shown(url))) from None
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
    path = url.database
    memory = path in (None, "", ":memory:")
    if not memory:
        file = Path(str(path))
        if file.is_dir():
            raise Unavailable(reason("database_not_ours", path=str(file)))
        if not create and not file.exists():
            raise Unavailable(reason("database_missing", path=str(file)))
        if create:
            _make_folder(file.parent)
        if on_network_share(file):
            raise Unavailable(reason("database_on_network_share", path=str(file)))
    # A pooled connection keeps its page cache; closing the last one would checkpoint the log after every command.
    engine = create_engine(url, poolclass=StaticPool if memory else QueuePool)
    if not memory and not create:
        samefile.keep_to(engine, Path(str(path)))

    @event.listens_for(engine, "connect")
    def _configure(connection: Any, _record: Any) -> None:
        # The driver's own BEGIN is deferred; every writer here begins IMMEDIATE, said by the unit of work.
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
        cursor.execute("PRAGMA foreign_keys = ON")
        cursor.execute("PRAGMA synchronous = FULL")
        cursor.execute(f"PRAGMA wal_autocheckpoint = {CHECKPOINT_PAGES}")
        cursor.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
        cursor.close()

    return engine


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Unavailable(reason("folder_not_writable", path=str(folder))) from error


def on_network_share(path: Path) -> bool:
    """Whether the file lies on a file system of another machine (as far as this system tells)."""
    text = os.fspath(path.absolute())
    if text.startswith(("\\\\", "//")):
        return True
    mounts = Path("/proc/mounts")
    if not mounts.exists():
        return False
    best, kind = "", ""
    for line in mounts.read_text(encoding="utf-8", errors="replace").splitlines():
        fields = line.split(" ")
        point = fields[1].replace("\\040", " ")
        inside = text == point or text.startswith(point.rstrip("/") + "/")
        if inside and len(point) >= len(best):
            best, kind = point, fields[2]
    return kind in _NETWORK_FILE_SYSTEMS


#: What SQLite says, and what it means.
_SQLITE_WORDS = (
    ("readonly", "database_read_only"),
    ("locked", "database_locked"),
    ("disk is full", "disk_full"),
    ("disk i/o", "disk_full"),
    ("not a database", "database_not_ours"),
    ("malformed", "database_damaged"),
    ("unable to open", "database_cannot_open"),
)
#: PostgreSQL's SQLSTATE, or its class of two, and what it means.
_STATES = {
    "28": "database_login_refused",
    "3D000": "database_absent",
    "42501": "database_right_missing",
    "53100": "disk_full",
    "53300": "database_too_many",
    "57P03": "database_starting",
    "25006": "database_read_only",
    "40001": "database_locked",
    "40P01": "database_locked",
    "55P03": "database_locked",
}
#: After these the same command may simply run again: serialisation failure, deadlock, lock not had, a number taken.
_AGAIN = frozenset({"40001", "40P01", "55P03", "23505"})


def unavailable(error: Exception, url: str) -> Unavailable:
    """A driver's error as one an administrator can act on; ``again`` if the command may simply run again."""
    original = getattr(error, "orig", None) or error
    text = str(original).strip().splitlines()[0] if str(original).strip() else type(original).__name__
    if isinstance(original, sqlite3.Error):
        lowered = text.lower()
        code = next((found for words, found in _SQLITE_WORDS if words in lowered), "database_error")
        return Unavailable(reason(code, path=shown(url), detail=text), again=code == "database_locked")
    state = getattr(original, "sqlstate", None) or _state_said(str(original))
    code = _STATES.get(state) or _STATES.get(state[:2]) or "database_error"
    return Unavailable(reason(code, path=shown(url), detail=text), again=state in _AGAIN)


def _state_said(text: str) -> str:
    """A refused connection carries no SQLSTATE; its words are the server's."""
    for words, state in (
        ("password authentication failed", "28P01"),
        ("no password supplied", "28P01"),
        ("no pg_hba.conf entry", "28000"),
        ("too many clients", "53300"),
        ("too many connections", "53300"),
        ("the database system is", "57P03"),
    ):
        if words in text:
            return state
    if 'role "' in text and "does not exist" in text:
        return "28000"
    return "3D000" if 'database "' in text and "does not exist" in text else ""


def is_foreign(error: DBAPIError) -> bool:
    """Whether the database answers but our tables, or our columns of them, are not there or not ours to read."""
    return "no such table" in str(error.orig) or getattr(error.orig, "sqlstate", None) in ("42P01", "42703")


def is_taken(error: Exception) -> bool:
    """Whether a row was refused because there is one with its key."""
    if isinstance(error, sqlite3.Error):
        return isinstance(error, sqlite3.IntegrityError) or "append-only" in str(error)
    return getattr(error, "sqlstate", None) == "23505"


DRIVER_ERRORS = (DBAPIError, sqlite3.Error)
