"""A SQLite file that was moved away or replaced (a backup put back) while a service has it open.

An open connection would go on writing into the file that is gone, and a new one would begin an empty file in its place.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import event
from sqlalchemy.exc import DisconnectionError

if TYPE_CHECKING:
    from sqlalchemy import Engine
    from sqlalchemy.pool import PoolProxiedConnection

Identity = tuple[int, int] | None


def keep_to(engine: Engine, file: Path) -> None:
    """Make every use of ``engine`` one of the file that stands at the path then; raises the driver's error if none."""

    @event.listens_for(engine, "do_connect")
    def _open(_dialect: Any, _record: Any, _words: Any, named: dict[str, Any]) -> Any:
        return sqlite3.connect(f"{file.absolute().as_uri()}?mode=rw", uri=True, **named)

    @event.listens_for(engine, "connect")
    def _note(_connection: Any, record: Any) -> None:
        record.info["file"] = _identity(file)

    @event.listens_for(engine, "checkout")
    def _compare(_connection: Any, record: Any, _proxy: Any) -> None:
        # The pool then opens another.
        if record.info["file"] != _identity(file):
            raise DisconnectionError


def stands(engine: Engine, borrowed: PoolProxiedConnection) -> bool:
    """Whether a connection is one to the file that stands at the engine's path now."""
    kept = borrowed.info
    return "file" not in kept or kept["file"] == _identity(Path(engine.url.database or ""))


def _identity(file: Path) -> Identity:
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino
