"""How high a row of a workbook is whose cells wrap: not every program finds it by itself, and texts then overlap."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable

#: Height of a line of 11 points, in points.
LINE = 15.0
#: Part of a column that letters fill: it is as wide as so many digits, and letters are a little wider.
_FILLED = 0.9


def lines(text: object, width: float, size: float = 11) -> int:
    """Lines of a text in a column of a width in characters, broken between words, at a size in points."""
    room = max(1, int(width * _FILLED * 11 / size))
    return sum(max(1, len(textwrap.wrap(each, room, break_on_hyphens=False))) for each in str(text).split("\n"))


def height(cells: Iterable[tuple[object, float]], size: float = 11) -> float:
    """Points that a row needs for its fullest cell; cells as (value, width of the column), empty ones as None."""
    return LINE * size / 11 * max((lines(text, width, size) for text, width in cells if text is not None), default=1)
