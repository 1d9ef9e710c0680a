"""A zip archive in one form only: stored, sorted by name, dated 1 January 1980, no field that could be otherwise.

So equal entries give equal bytes, and whoever reads can make the archive anew and compare: no byte of it stands outside
what is checked. Entry names are plain ASCII.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Mapping

_NAME = re.compile(r"[A-Za-z0-9._/-]+")
#: Version 2.0, no flags, stored, 00:00, 1 January 1980.
_FORM = b"\x14\x00" + b"\x00" * 4 + b"\x00\x00" + b"\x21\x00"
#: A regular file that everyone may read, made on Unix.
_RIGHTS = (0o100644 << 16).to_bytes(4, "little")


def pack(entries: Mapping[str, bytes]) -> bytes:
    """The archive of these entries; raises ValueError for a name, a number of entries or a size it cannot have."""
    body, central = bytearray(), bytearray()
    for name, data in sorted(entries.items()):
        if not _NAME.fullmatch(name):
            raise ValueError(f"not a name for an entry: {name!r}")
        common = _FORM + _le(zlib.crc32(data), 4) + _le(len(data), 4) * 2 + _le(len(name), 2) + _le(0, 2)
        central += b"PK\x01\x02\x14\x03" + common + _le(0, 6) + _RIGHTS + _le(len(body), 4) + name.encode()
        body += b"PK\x03\x04" + common + name.encode() + data
    count = _le(len(entries), 2)
    end = b"PK\x05\x06" + _le(0, 4) + count * 2 + _le(len(central), 4) + _le(len(body), 4) + _le(0, 2)
    return bytes(body + central) + end


def _le(value: int, size: int) -> bytes:
    try:
        return value.to_bytes(size, "little")
    except OverflowError:
        raise ValueError("too large for one archive") from None
