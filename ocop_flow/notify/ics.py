"""The duties of a letter for a calendar: RFC 5545, one all-day event for each, the same UID in every letter about it.

Written out here: icalendar, with which the tests read these files back, takes some fifty times as long for them (3 ms
for a letter of ten duties): more than finding, writing and queueing the letter together.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

#: Octets of a line before it is folded (RFC 5545 section 3.1), the space of a folded line included.
_OCTETS = 75
_DAY = timedelta(1)
_UNUSUAL = re.compile(r"[^A-Za-z0-9.:-]")
_HEAD = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//ocop_flow//ocop_flow//VI\r\nMETHOD:PUBLISH\r\n"
#: The office is not busy all day because something is due.
_FOOT = "CATEGORIES:OCOP\r\nTRANSP:TRANSPARENT\r\nEND:VEVENT\r\n"


class Entry(NamedTuple):
    """One duty; ``identity`` is the same each time that it is written about."""

    identity: str
    on: date
    summary: str
    description: str


def calendar(entries: Sequence[Entry], moment: datetime, host: str) -> str:
    """The file's text, lines ended by CRLF."""
    stamp = moment.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    events = "".join(_event(entry, stamp, host) for entry in entries)
    return f"{_HEAD}{events}END:VCALENDAR\r\n"


def _event(entry: Entry, stamp: str, host: str) -> str:
    uid = _UNUSUAL.sub("-", entry.identity)
    first, after = entry.on.isoformat(), (entry.on + _DAY).isoformat()
    return (
        f"BEGIN:VEVENT\r\n{_folded(f'UID:{uid}@{host}')}\r\nDTSTAMP:{stamp}\r\n"
        f"DTSTART;VALUE=DATE:{first.replace('-', '')}\r\nDTEND;VALUE=DATE:{after.replace('-', '')}\r\n"
        f"{_folded('SUMMARY:' + _escaped(entry.summary))}\r\n{_described(entry.description)}\r\n{_FOOT}"
    )


@lru_cache(1024)
def _described(text: str) -> str:
    """What to do is the same in many duties."""
    return _folded("DESCRIPTION:" + _escaped(text))


def _escaped(text: str) -> str:
    plain = text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return plain.replace("\r", "").replace("\n", "\\n") if "\n" in plain or "\r" in plain else plain


def _folded(line: str) -> str:
    """A long line broken between letters; what follows a break begins with a space."""
    rest = line.encode()
    end = _OCTETS
    if len(rest) <= end:
        return line
    parts: list[bytes] = []
    while len(rest) > end:
        while rest[end] & 0xC0 == 0x80:
            end -= 1
        parts.append(rest[:end])
        rest, end = rest[end:], _OCTETS - 1
    return b"\r\n ".join((*parts, rest)).decode()
