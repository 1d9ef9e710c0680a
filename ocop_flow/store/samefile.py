"""A SQLite file that was moved away or replaced (a backup put back) while a service has it open.

An open connection would go on writing into the file that is gone, and a new one would begin an empty file in its place.
"""

from __future__ import annotations

import os
import sqlite3
from typing import TYPE_CHECKING, Any

from sqlalchemy import event
from sqlalchemy.exc import DisconnectionError

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Engine
    from sqlalchemy.pool import PoolProxiedConnection

Identity = tuple[int, int] | None


def keep_to(engine: Engine, file: Path) -> None:
    """Make every use of ``engine`` one of the file that stands at the path then; raises the driver's error if none."""

    @event.listens_for(engine, "do_connect")
    def _open(_dialect: Any, _record: Any, _words: Any, named: dict[str, Any]) -> Any:
        return sqlite3.connect(f"{file.absolute().as_uri()}?mode=rw", uri=True, **named)

    path = str(file)

    @event.listens_for(engine, "connect")
    def _note(_connection: Any, record: Any) -> None:
        record.info["file"] = path, _identity(path)

    @event.listens_for(engine, "checkout")
    def _compare(_connection: Any, record: Any, _proxy: Any) -> None:
        # The pool then opens another.
        if record.info["file"] != (path, _identity(path)):
            raise DisconnectionError


def stands(borrowed: PoolProxiedConnection) -> bool:
    """Whether a connection is one to the file that stands at the engine's path now."""
    noted = borrowed.info.get("file")
    return noted is None or noted[1] == _identity(noted[0])


def _identity(path: str) -> Identity:
    try:
        # A Path that is made anew costs every transaction more than the question.
        found = os.stat(path)  # noqa: PTH116
    except OSError:
        return None
    return found.st_dev, found.st_ino
