"""A SQLite file: whether it may be used, and a connection with the pragmas that durability needs."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from ocop_flow.errors import Unavailable, reason

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


def check(file: Path, *, create: bool = False) -> None:
    """Raises Unavailable for a folder, a missing file unless it is to be made, and one on a network share."""
    if file.is_dir():
        raise Unavailable(reason("database_not_ours", path=str(file)))
    if not create and not file.exists():
        raise Unavailable(reason("database_missing", path=str(file)))
    if create:
        _make_folder(file.parent)
    if on_network_share(file):
        raise Unavailable(reason("database_on_network_share", path=str(file)))


def configure(connection: Any) -> None:
    """What every connection to a file needs."""
    # The driver's own BEGIN is deferred; every writer here begins IMMEDIATE, said by the unit of work.
    connection.isolation_level = None
    for setting in (
        f"busy_timeout = {BUSY_TIMEOUT_MS}",
        "foreign_keys = ON",
        "synchronous = FULL",
        f"wal_autocheckpoint = {CHECKPOINT_PAGES}",
        f"cache_size = -{CACHE_KIB}",
    ):
        connection.execute(f"PRAGMA {setting}")


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
