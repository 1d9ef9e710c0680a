"""A table of figures as data: which columns, which rows; the words for both are found where it is shown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from ocop_flow.domain.exact import exact
from ocop_flow.errors import Text

Cell = str | int | Fraction | date | Text | None
Row = Mapping[str, Cell]
Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table.

    id       names it and finds its title
    columns  keys of the cells, in the order of the table; ``share`` is a part of one
    rows     a cell for each column; a code of the contract (a kind, a tier) stands as its code
    total    the row of all of them, None where adding up says nothing
    """

    id: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    total: Row | None = None

    def to_json(self) -> Json:
        """Exact numbers and days as text; a text in two languages stays one until it is shown."""
        return {
            "id": self.id,
            "columns": list(self.columns),
            "rows": [{name: _plain(row.get(name)) for name in self.columns} for row in self.rows],
            "total": {name: _plain(self.total.get(name)) for name in self.columns} if self.total else None,
        }


def _plain(cell: Cell) -> Any:
    if isinstance(cell, Fraction):
        return exact(cell)
    return cell.isoformat() if isinstance(cell, date) else cell


def share(part: int, whole: int) -> Fraction | None:
    """A part of a whole; None where there is nothing to share."""
    return Fraction(part, whole) if whole else None


def added(rows: Iterable[Row], columns: Iterable[str]) -> dict[str, Cell]:
    """The sum of each of these columns; a cell that is no number counts as none."""
    listed = list(rows)
    return {name: sum(int(cell) for row in listed if isinstance(cell := row.get(name), int)) for name in columns}
