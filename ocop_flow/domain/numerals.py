"""Whole numbers as people and programs type them."""

from __future__ import annotations

#: The largest number that either database keeps in a column of whole numbers.
LARGEST = 2**63 - 1


def whole(text: str) -> int | None:
    """The number that a text of the digits 0 to 9 writes; None for any other text, and for one too large to keep.

    ``str.isdigit`` holds for ``²`` and ``①`` too, of which no number can be read.
    """
    if not (text.isascii() and text.isdigit()) or len(text) > len(str(LARGEST)):
        return None
    number = int(text)
    return number if number <= LARGEST else None
