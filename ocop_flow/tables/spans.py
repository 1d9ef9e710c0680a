"""Merged cells: what is written once holds for all of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from ocop_flow.domain.columns import Cell

Rows = Sequence[tuple[int, tuple[Cell, ...]]]


class Span(NamedTuple):
    """A rectangle of merged cells: rows from 1, columns from 0, both ends included."""

    top: int
    left: int
    bottom: int
    right: int


def filled(rows: Rows, spans: Iterable[Span]) -> Iterator[tuple[int, tuple[Cell, ...]]]:
    """The rows with the value of each span's first cell in all its cells; rows that hold nothing else stay out."""
    index = {number: position for position, (number, _) in enumerate(rows)}
    changed: dict[int, list[Cell]] = {}
    for span in spans:
        if span.top not in index:
            continue
        first = rows[index[span.top]][1]
        value = first[span.left] if span.left < len(first) else None
        if value is None:
            continue
        for number in range(span.top, min(span.bottom, rows[-1][0]) + 1):
            if number in index:
                cells = changed.setdefault(number, list(rows[index[number]][1]))
                right = min(span.right, span.left + 200)
                cells.extend([None] * (right + 1 - len(cells)))
                cells[span.left : right + 1] = [value] * (right + 1 - span.left)
    for number, cells_as_read in rows:
        yield number, tuple(changed[number]) if number in changed else cells_as_read
