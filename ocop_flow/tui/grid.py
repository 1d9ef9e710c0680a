"""The keying grid of one dossier: criteria down, members across, sums that grow, the totals on paper to check by."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from rich.text import Text
from textual import events
from textual.binding import Binding
from textual.coordinate import Coordinate
from textual.widget import Widget
from textual.widgets import DataTable, Static

from ocop_flow.domain.asked import Line
from ocop_flow.domain.scoring import sheets
from ocop_flow.ports import UnitOfWork
from ocop_flow.service import score_books
from ocop_flow.service.office import Caller, Office
from ocop_flow.service.scoring import in_sitting
from ocop_flow.tables.scoregrid import TOTAL
from ocop_flow.tui.bench import Bench
from ocop_flow.tui.keyed import Keyed, shown
from ocop_flow.tui.page import Page

Json = dict[str, Any]
#: Rows above the criteria, always in sight: the total on paper, the sum so far, their difference.
_ABOVE = 3
_NAMES = 26
_COLUMN = 9
_TYPED = frozenset("0123456789.,:/abcdefghijklmnopqrstuvwxyz")


class Cells(DataTable[Text]):
    """The cells; what is typed goes into the one under the cursor, Enter goes down and on to the next member.

    Every key of keying is taken here, in the order in which it arrives: a key that travels on to a screen's binding can
    be overtaken by the digits behind it, which come in one lump over a slow line.
    """

    def __init__(self) -> None:
        super().__init__(cursor_type="cell", fixed_columns=1, fixed_rows=_ABOVE, show_row_labels=False)

    def on_key(self, event: events.Key) -> None:
        grid = self.screen
        if not isinstance(grid, Grid):
            return
        steps = {
            "enter": grid.action_next_cell,
            "backspace": grid.action_rub_out,
            "delete": grid.action_empty,
            "up": self.action_cursor_up,
            "down": self.action_cursor_down,
            "left": self.action_cursor_left,
            "right": self.action_cursor_right,
        }
        character = (event.character or "").lower()
        if event.key in steps:
            steps[event.key]()
        elif character and character in _TYPED:
            grid.typed("." if character == "," else character)
        else:
            return
        event.prevent_default()
        event.stop()


class Grid(Page):
    """Nothing is recorded before Ctrl+S, and then every changed column or none."""

    BINDINGS: ClassVar = [
        Binding("enter", "next_cell"),
        Binding("delete", "empty"),
        Binding("ctrl+s,f2", "save"),
        Binding("ctrl+e,f4", "close_sitting"),
        Binding("escape", "back"),
    ]
    KEY_LABELS: ClassVar[Mapping[str, str]] = {
        "next_cell": "Next cell",
        "empty": "Clear",
        "save": "Record the sheets",
        "close_sitting": "Close the sitting",
        "back": "Back",
    }

    def __init__(self, bench: Bench, sitting: str, dossier: str) -> None:
        super().__init__(bench)
        self.sitting, self.dossier = sitting, dossier
        self.keyed = self._read()
        self.under_way: tuple[str, str] | None = None

    def _read(self) -> Keyed:
        return self.bench.read_as_is(
            lambda uow, office, caller: _keyed(uow, office, caller, self.sitting, self.dossier)
        )

    def heading(self) -> str:
        sheet = self.keyed.sheets[0]
        return f"{self.tr('Council sheets')} · {self.sitting} · {self.dossier} · {sheet.product}"

    def body(self) -> Iterable[Widget]:
        yield Cells()
        yield Static("", id="about")

    def unsaved(self) -> bool:
        return bool(self.keyed.changed())

    def on_mount(self) -> None:
        cells = self.query_one(Cells)
        cells.add_column(Text(""), width=_NAMES)
        for sheet in self.keyed.sheets:
            cells.add_column(Text(_short(sheet.name), style="bold"), width=_COLUMN)
        for heading in (self.tr("Total on paper"), self.tr("Sum of the points"), self.tr("Difference")):
            cells.add_row(Text(heading, style="bold"), *(Text("") for _ in self.members))
        for line in self.keyed.lines:
            name = Text(f"{line.code} {self._criterion(line)}")
            name.truncate(_NAMES, overflow="ellipsis")
            cells.add_row(name, *(Text("") for _ in self.members))
        self._show_all()
        cells.move_cursor(row=_ABOVE, column=1)
        cells.focus()

    @property
    def members(self) -> list[str]:
        return [sheet.member for sheet in self.keyed.sheets]

    def _criterion(self, line: Line) -> str:
        return line.name.vi if self.bench.table.language == "vi" else line.name.en

    # --- the cursor ----------------------------------------------------------------------------------------------

    def _place(self) -> tuple[str, str] | None:
        """(member, row) under the cursor; None over what is computed."""
        row, column = self.query_one(Cells).cursor_coordinate
        if column == 0 or row in (1, 2) or not self.members:
            return None
        return self.members[column - 1], TOTAL if row == 0 else self.keyed.lines[row - _ABOVE].code

    def on_data_table_cell_highlighted(self) -> None:
        self._about()

    def action_next_cell(self) -> None:
        """Down the criteria, then to the total on paper, then to the next member."""
        self.under_way = None
        cells = self.query_one(Cells)
        row, column = cells.cursor_coordinate
        last = _ABOVE + len(self.keyed.lines) - 1
        if row == 0:
            cells.move_cursor(row=_ABOVE, column=min(column + 1, len(self.members)))
        else:
            cells.move_cursor(row=0 if row == last else max(row + 1, _ABOVE), column=max(column, 1))

    # --- keying --------------------------------------------------------------------------------------------------

    def typed(self, character: str) -> None:
        """The first character replaces what stood there, as in a spreadsheet."""
        place = self._place()
        if place is not None:
            before = self.keyed.text(*place) if place == self.under_way else ""
            self._put(place, before + character)

    def action_rub_out(self) -> None:
        place = self._place()
        if place is not None:
            self._put(place, self.keyed.text(*place)[:-1])

    def action_empty(self) -> None:
        place = self._place()
        if place is not None:
            self._put(place, "")

    def _put(self, place: tuple[str, str], text: str) -> None:
        self.under_way = place
        self.keyed.put(*place, text)
        self._show_column(self.members.index(place[0]))
        self._about()

    # --- what is shown -------------------------------------------------------------------------------------------

    def _show_all(self) -> None:
        for column in range(len(self.members)):
            self._show_column(column)

    def _show_column(self, column: int) -> None:
        member, cells = self.members[column], self.query_one(Cells)
        difference = self.keyed.difference(member)
        above = (
            Text(self.keyed.text(member, TOTAL), style="bold"),
            Text(shown(self.keyed.total(member)), style="bold"),
            Text("") if difference is None else Text("✓" if difference == 0 else f"{shown(difference)} !"),
        )
        for row, sum_cell in enumerate(above):
            cells.update_cell_at(Coordinate(row, column + 1), sum_cell)
        for row, line in enumerate(self.keyed.lines, start=_ABOVE):
            text = self.keyed.text(member, line.code)
            fits = self.keyed.fits(line, member)
            cell = Text(text if fits else f"{text} ?", style="" if fits else "bold red")
            cells.update_cell_at(Coordinate(row, column + 1), cell)

    def _about(self) -> None:
        self.query_one("#about", Static).update(Text(self._about_text()))

    def _about_text(self) -> str:
        """Who and what the cursor stands on, what may be written there, and that member's sums."""
        place = self._place()
        if place is None:
            return ""
        member, row = place
        sheet = self.keyed.sheets[self.members.index(member)]
        sums = self.keyed.parts(member)
        told = "  ".join(f"{part} {shown(points)}/{sheet.parts[part]}" for part, points in sums.items())
        state = self._column_state(member)
        line = next((each for each in self.keyed.lines if each.code == row), None)
        asked = self.tr("Total as the member wrote it on the signed sheet.") if line is None else self._asked(line)
        return f"{asked}\n{sheet.name} ({state}): {told}  = {shown(self.keyed.total(member))}"

    def _asked(self, line: Line) -> str:
        choices = " / ".join(line.choices) or f"0 – {line.maximum}"
        minima = "".join(f"  {star}★ ≥ {least}" for star, least in sorted(line.minima.items()))
        return f"{line.code} {self._criterion(line)}\n{self.tr('Points allowed')}: {choices}{minima}"

    def _column_state(self, member: str) -> str:
        if member in self.keyed.changed():
            return self.tr("not yet recorded")
        return self.tr("recorded") if member in self.keyed.recorded else self.tr("empty")

    # --- recording -----------------------------------------------------------------------------------------------

    def action_save(self) -> None:
        from ocop_flow.tui.sheet_form import SheetForm

        if not self.keyed.changed():
            self.tell(self.tr("Nothing new was keyed."))
            return
        self.app.push_screen(SheetForm(self.bench, self.sitting, self.dossier, self.keyed))

    def action_close_sitting(self) -> None:
        from ocop_flow.tui.closing import Closing

        if self.keyed.changed():
            self.tell(self.tr("Record the sheets first: Ctrl+S."))
            return
        form = self.attempt(lambda: Closing(self.bench, self.sitting, self.dossier))
        if form is not None:
            self.app.push_screen(form)

    def load(self) -> None:
        """What was recorded meanwhile comes in; what was keyed stays where nothing was recorded."""
        if self.recorded:
            self.keyed = self._read()
            self._show_all()
        self.tell("")
        self._about()


def _keyed(uow: UnitOfWork, office: Office, caller: Caller, sitting: str, dossier: str) -> Keyed:
    """The grid as the record has it; raises NotFound, Refused as reading a sitting does."""
    desk = score_books.reading(uow, office, caller, sitting)
    asked = score_books.grid_of(desk, dossier)
    part_names = list(asked[0].parts) if asked else []
    recorded = {
        score.member: {**score.points}
        or {name: shown(value) for name, value in zip(part_names, score.parts, strict=True)}
        for score in sheets(in_sitting(desk, dossier), desk.sitting)
    }
    return Keyed(asked, recorded)


def _short(name: str) -> str:
    """The last words of a name, by which people call each other."""
    words = name.split()
    short = words[-1]
    for word in reversed(words[:-1]):
        if len(word) + 1 + len(short) > _COLUMN:
            break
        short = f"{word} {short}"
    return short[-_COLUMN:]
