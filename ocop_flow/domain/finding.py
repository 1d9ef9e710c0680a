"""One fault found in a document: where it stands in the data, and why it is one."""

from __future__ import annotations

from types import MappingProxyType
from typing import NamedTuple

from ocop_flow.errors import Param, Reason

#: Keys and list indexes from the root of a document to a value.
Path = tuple[str | int, ...]


class Finding(NamedTuple):
    """``path`` is that of the faulty value, so that whoever read the file can name its line."""

    path: Path
    reason: Reason


def finding(path: Path, code: str, /, **params: Param) -> Finding:
    """Short form for the places that find one."""
    return Finding(path, Reason(code, MappingProxyType(params)))
