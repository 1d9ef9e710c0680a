"""The words of a command line, looked at once before anything reads them."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence

from ocop_flow.errors import InputInvalid, Reason, reason

_SETTINGS = "OCOP_"


def check(arguments: Sequence[str]) -> None:
    """Raises InputInvalid naming each word, and each setting of ours, whose bytes are not UTF-8.

    Python keeps such bytes as lone surrogates, which no database, file or screen takes.
    """
    faults = [*_faults(arguments)]
    if faults:
        raise InputInvalid(*faults)


def _faults(arguments: Sequence[str]) -> Iterator[Reason]:
    ours = [f"{name}={value}" for name, value in os.environ.items() if name.startswith(_SETTINGS)]
    for word in (*arguments, *ours):
        if not _is_text(word):
            yield reason("word_not_utf8", word=_bytes(word).decode("utf-8", "backslashreplace"))


def _is_text(word: str) -> bool:
    try:
        word.encode()
    except UnicodeEncodeError:
        return False
    return True


def _bytes(word: str) -> bytes:
    try:
        return word.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        # On Windows half of a pair may stand alone; there are no bytes behind it.
        return word.encode("utf-8", "replace")
