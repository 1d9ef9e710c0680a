"""Files named on the command line."""

from __future__ import annotations

from pathlib import Path

from ocop_flow.errors import InputInvalid, reason


def content(file: str) -> bytes:
    """The bytes of a file that was named; raises InputInvalid where it cannot be read."""
    try:
        return Path(file).read_bytes()
    except (OSError, ValueError) as error:
        detail = getattr(error, "strerror", None) or str(error)
        raise InputInvalid(reason("file_unreadable", file=file, detail=detail)) from error


def written(file: str, data: bytes) -> None:
    """The file made with these bytes; raises InputInvalid where it cannot be."""
    try:
        Path(file).write_bytes(data)
    except (OSError, ValueError) as error:
        detail = getattr(error, "strerror", None) or str(error)
        raise InputInvalid(reason("file_unwritable", file=file, detail=detail)) from error
