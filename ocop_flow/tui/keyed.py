"""What stands in a keying grid: a column for each member, sums as they grow, and what is new in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from ocop_flow.domain import rating
from ocop_flow.domain.asked import Asked, Line, allowed
from ocop_flow.domain.exact import exact
from ocop_flow.domain.scoring import FilledSheet
from ocop_flow.errors import InputInvalid
from ocop_flow.tables import scoregrid

Cells = dict[tuple[str, str], str]


@dataclass
class Keyed:
    """The grid of one dossier.

    sheets    what every scoring member is asked, in the order of their seats
    recorded  member -> row -> what the record holds, for members whose sheet is in
    cells     (member, row) -> what stands there; a row is a criterion, a part or ``TOTAL``
    """

    sheets: Sequence[Asked]
    recorded: Mapping[str, Mapping[str, str]]
    cells: Cells = field(default_factory=dict)

    def __post_init__(self) -> None:
        for member, rows in self.recorded.items():
            self.cells |= {(member, row): text for row, text in rows.items()}

    @property
    def lines(self) -> Sequence[Line]:
        return self.sheets[0].lines

    def text(self, member: str, row: str) -> str:
        return self.cells.get((member, row), "")

    def put(self, member: str, row: str, text: str) -> None:
        if text:
            self.cells[member, row] = text
        else:
            self.cells.pop((member, row), None)

    def fits(self, line: Line, member: str) -> bool:
        """Whether what stands there may; an empty cell does."""
        text = self.text(member, line.code)
        return not text or allowed(line, text)

    def parts(self, member: str) -> dict[str, Fraction]:
        """Part -> sum of what has been keyed so far and can be read."""
        sums = dict.fromkeys(self.sheets[0].parts, Fraction(0))
        for line in self.lines:
            sums[line.part] += points(self.text(member, line.code)) or 0
        return sums

    def total(self, member: str) -> Fraction:
        return sum(self.parts(member).values(), Fraction(0))

    def difference(self, member: str) -> Fraction | None:
        """What the points make above the total on paper; None while that is not keyed."""
        paper = points(self.text(member, scoregrid.TOTAL))
        return None if paper is None else self.total(member) - paper

    def changed(self) -> list[str]:
        """Members whose columns are not as the record has them, in the order of their seats."""
        members = [sheet.member for sheet in self.sheets]
        return [member for member in members if self._column(member) != dict(self.recorded.get(member, {}))]

    def _column(self, member: str) -> dict[str, str]:
        return {row: text for (each, row), text in self.cells.items() if each == member}

    def rows(self, members: Sequence[str]) -> list[tuple[int, tuple[Any, ...]]]:
        """The columns of some members as a grid that came back from paper."""
        head = (scoregrid.identity(self.sheets[0]), None, None, *members)
        codes = [*(line.code for line in self.lines), scoregrid.TOTAL]
        body = [(f"[{code}]", None, None, *(self.text(member, code) or None for member in members)) for code in codes]
        return list(enumerate([head, *body], start=0))

    def filled(self, name: str) -> list[FilledSheet]:
        """The sheets of every changed column, checked as a grid from a file is; ``name`` is what faults call it."""
        return scoregrid.check(name, self.rows(self.changed()), self.sheets)


def points(text: str) -> Fraction | None:
    """The number in a cell, ``3`` of ``3:a``; None where there is none."""
    try:
        return rating.parse_exact(text.partition(":")[0])
    except InputInvalid:
        return None


def shown(value: Fraction) -> str:
    """A sum as people write it: ``85.7``, exact where it ends."""
    return exact(value)
