"""Heads of the log: the text that is signed, in the C2SP checkpoint form, and the short code printed on papers.

A checkpoint is: the log's name, its size, the root in base64, then ``made`` and the moment; its signature covers all.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from ocop_flow.domain import codes
from ocop_flow.domain.event import parse_time, time_text

_SIZE = re.compile(r"0|[1-9]\d{0,15}")
#: Letters of a code before its check letter.
_LETTERS: Final = 11


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The first ``size`` events of the log ``origin`` and nothing else have this root (32 bytes)."""

    origin: str
    size: int
    root: bytes
    made_at: datetime

    def text(self) -> str:
        root = base64.b64encode(self.root).decode()
        return f"{self.origin}\n{self.size}\n{root}\nmade {time_text(self.made_at)}\n"


def parse(text: str) -> Checkpoint:
    """Read what was signed; raises ValueError for anything that ``text`` would not write so."""
    lines = text.split("\n")
    if len(lines) != 5 or not _SIZE.fullmatch(lines[1]) or not lines[3].startswith("made "):
        raise ValueError("not a head")
    try:
        root = base64.b64decode(lines[2], validate=True)
    except binascii.Error:
        raise ValueError("not a head") from None
    found = Checkpoint(lines[0], int(lines[1]), root, parse_time(lines[3].removeprefix("made ")))
    if len(root) != 32 or found.made_at.tzinfo is None or found.text() != text:
        raise ValueError("not a head")
    return found


def code(text: str) -> str:
    """The code of a signed text: eleven letters of its SHA-256 and a check letter, ``ABCD-EFGH-JKLM``."""
    number = int.from_bytes(hashlib.sha256(text.encode()).digest())
    letters = codes.letters(number, _LETTERS)
    return _grouped(letters + codes.letter_check(letters))


def read_code(typed: str) -> str | None:
    """A code as it is written, from one typed in any case and grouping; None if a letter was mistyped."""
    letters = re.sub(r"[\s-]", "", typed).upper()
    if len(letters) != _LETTERS + 1 or not codes.is_letters(letters):
        return None
    return _grouped(letters) if codes.letter_check(letters[:-1]) == letters[-1] else None


def _grouped(letters: str) -> str:
    return "-".join(letters[start : start + 4] for start in range(0, len(letters), 4))
