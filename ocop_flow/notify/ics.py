"""The duties of a letter for a calendar: RFC 5545, one all-day event for each, the same UID in every letter about it.

Written out here, for the library that the tests read these files with takes more time for a letter than all the rest.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

#: Octets of a line before it is folded (RFC 5545 section 3.1), the space of a folded line included.
_OCTETS = 75
_ESCAPED = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n", "\r": None})


class Entry(NamedTuple):
    """One duty; ``identity`` is the same each time that it is written about."""

    identity: str
    on: date
    summary: str
    description: str


def calendar(entries: Sequence[Entry], moment: datetime, host: str) -> str:
    """The file's text, lines ended by CRLF."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//ocop_flow//ocop_flow//VI", "METHOD:PUBLISH"]
    stamp = moment.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    for entry in entries:
        lines += _event(entry, stamp, host)
    return "\r\n".join(_folded([*lines, "END:VCALENDAR"])) + "\r\n"


def _event(entry: Entry, stamp: str, host: str) -> list[str]:
    return [
        "BEGIN:VEVENT",
        f"UID:{re.sub(r'[^A-Za-z0-9.:-]', '-', entry.identity)}@{host}",
        f"DTSTAMP:{stamp}",
        f"DTSTART;VALUE=DATE:{entry.on:%Y%m%d}",
        f"DTEND;VALUE=DATE:{entry.on + timedelta(1):%Y%m%d}",
        f"SUMMARY:{entry.summary.translate(_ESCAPED)}",
        f"DESCRIPTION:{entry.description.translate(_ESCAPED)}",
        "CATEGORIES:OCOP",
        # The office is not busy all day because something is due.
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
    ]


def _folded(lines: Iterable[str]) -> Iterator[str]:
    """Long lines broken between letters; what follows a break begins with a space."""
    for line in lines:
        # No letter takes more than four octets.
        if len(line) * 4 <= _OCTETS:
            yield line
            continue
        rest = line.encode()
        if len(rest) <= _OCTETS:
            yield line
            continue
        first = True
        while rest:
            end = _OCTETS if first else _OCTETS - 1
            while end < len(rest) and rest[end] & 0xC0 == 0x80:
                end -= 1
            yield ("" if first else " ") + rest[:end].decode()
            rest, first = rest[end:], False
