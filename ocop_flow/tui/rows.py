"""A table that fits the screen: some columns keep their width, the others share what is left."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.text import Text
from textual import events
from textual.binding import Binding
from textual.widgets import DataTable

_LEAST = 8
_PADDING = 2


class Rows(DataTable[Text]):
    """Lines to choose from with the arrows; Enter asks the screen to open the one under the cursor."""

    BINDINGS: ClassVar = [Binding("enter", "screen.open")]

    def __init__(self) -> None:
        super().__init__(cursor_type="row", zebra_stripes=False)
        self._headings: Sequence[str] = ()
        self._lines: Sequence[tuple[str, Sequence[object]]] = ()
        self._flexible: frozenset[int] = frozenset()

    def fill(
        self, headings: Sequence[str], lines: Sequence[tuple[str, Sequence[object]]], flexible: Sequence[int]
    ) -> None:
        """Show lines of (key, cells); ``flexible`` are the columns that give way. The cursor stays on its line."""
        self._headings, self._lines, self._flexible = headings, lines, frozenset(flexible)
        self._fit()

    def on_resize(self, _event: events.Resize) -> None:
        if self._headings:
            self._fit()

    def chosen(self) -> str | None:
        """The key of the line under the cursor, None in an empty table."""
        return self._lines[self.cursor_row][0] if 0 <= self.cursor_row < len(self._lines) else None

    def _fit(self) -> None:
        row = self.cursor_row
        cells = [[Text("" if cell is None else str(cell)) for cell in line] for _, line in self._lines]
        widths = self._widths(cells)
        self.clear(columns=True)
        for heading, width in zip(self._headings, widths, strict=True):
            self.add_column(Text(heading, style="bold"), width=width)
        for line in cells:
            for cell, width in zip(line, widths, strict=True):
                cell.truncate(width, overflow="ellipsis")
            self.add_row(*line)
        if cells:
            self.move_cursor(row=min(row, len(cells) - 1))

    def _widths(self, cells: Sequence[Sequence[Text]]) -> list[int]:
        wanted = [
            max([len(heading), *(line[place].cell_len for line in cells)])
            for place, heading in enumerate(self._headings)
        ]
        fixed = sum(width for place, width in enumerate(wanted) if place not in self._flexible)
        left = self.app.size.width - fixed - _PADDING * len(wanted) - 1
        giving = sorted(self._flexible, key=lambda place: wanted[place])
        for number, place in enumerate(giving):
            wanted[place] = max(_LEAST, min(wanted[place], left // (len(giving) - number)))
            left -= wanted[place]
        return wanted
