"""A look at the file of a training database without opening the office: of all libraries SQLite alone is loaded."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_HELD = (
    "SELECT DISTINCT role FROM post WHERE handle = :handle AND valid_from <= :day "
    "AND (valid_to IS NULL OR valid_to >= :day) AND EXISTS (SELECT 1 FROM meta WHERE name = 'sandbox' AND value = '1') "
    "ORDER BY role"
)


def roles(file: Path, handle: str, day: str) -> list[str]:
    """Roles that a person holds on a day; none where the file is absent or no training database of ours."""
    if not file.is_file():
        return []
    try:
        with closing(sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True)) as connection:
            return [row[0] for row in connection.execute(_HELD, {"handle": handle, "day": day})]
    except sqlite3.Error:
        return []
