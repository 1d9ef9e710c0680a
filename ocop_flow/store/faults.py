"""What a database's driver raises, in our words. SQLAlchemy is not loaded for it."""

from __future__ import annotations

import sqlite3
import sys

from ocop_flow.config import shown
from ocop_flow.errors import Unavailable, reason

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


def is_foreign(error: Exception) -> bool:
    """Whether the database answers but our tables, or our columns of them, are not there or not ours to read."""
    original = getattr(error, "orig", None) or error
    return "no such table" in str(original) or getattr(original, "sqlstate", None) in ("42P01", "42703")


def is_taken(error: Exception) -> bool:
    """Whether a row was refused because there is one with its key."""
    if isinstance(error, sqlite3.Error):
        return isinstance(error, sqlite3.IntegrityError) or "append-only" in str(error)
    return getattr(error, "sqlstate", None) == "23505"


def of_database(error: Exception) -> bool:
    """Whether a driver raised it, or the pool for one."""
    pool, driver = sys.modules.get("sqlalchemy.exc"), sys.modules.get("psycopg")
    if isinstance(error, sqlite3.Error) or (pool is not None and isinstance(error, pool.DBAPIError)):
        return True
    return driver is not None and isinstance(error, driver.Error)
