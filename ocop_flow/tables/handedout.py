"""Workbooks that are given out to be filled in and taken back: protected cells, a hidden identity, nothing believed.

What was given out is laid out again when the book comes back and compared, so any other change is a fault that names
its cell. Score sheets and work lists are such books.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ocop_flow.domain.asked import written
from ocop_flow.domain.exact import exact
from ocop_flow.errors import InputInvalid, Reason, Text, reason
from ocop_flow.tables import bookparts, workbook_bytes

#: The sheet that says what the book is, and the one with the choices of long dropdown lists; nobody sees either.
HIDDEN, LISTS = "_ocop", "_ocop_lists"
_FAULTS = 200
#: Rows of the hidden sheet that are read.
_MOST_ROWS = 2000

Cells = bookparts.Cells


@dataclass(frozen=True, slots=True)
class Book:
    """A workbook as it came back: what the hidden sheet says, and what the cells of every other sheet hold."""

    name: str
    hidden: tuple[tuple[Any, ...], ...]
    pages: Mapping[str, Cells]
    merged: frozenset[str]


# --- out ------------------------------------------------------------------------------------------------------------


def hide(book: Any, name: str, rows: Iterable[Sequence[Any]]) -> None:
    """A sheet that only a program shows again."""
    page: Any = book.create_sheet(name)
    page.sheet_state = "veryHidden"
    for row in rows:
        page.append(list(row))


def packed(book: Any) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


class Looks:
    """One styled cell of each kind; its style is copied, for making it anew in every cell takes ten times as long."""

    def __init__(self, page: Any) -> None:
        from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side

        thin = Side(style="thin", color="808080")
        box = Border(left=thin, right=thin, top=thin, bottom=thin)
        wrap = Alignment(wrap_text=True, vertical="center")
        centre = Alignment(horizontal="center", vertical="center", wrap_text=True)
        grey, yellow = PatternFill("solid", fgColor="E7E6E6"), PatternFill("solid", fgColor="FFF8DC")
        bold, plain, unlocked, locked = Font(bold=True), Font(), Protection(locked=False), Protection()
        self._page, self._row = page, 0
        self.title = self._kind(font=Font(bold=True, size=14))
        self.note = self._kind(font=Font(italic=True), alignment=Alignment(vertical="center"))
        self.text = self._kind(border=box, alignment=wrap, font=plain, protection=locked)
        self.number = self._kind(border=box, alignment=centre, font=plain)
        self.head = self._kind(border=box, alignment=centre, font=bold, fill=grey)
        self.sum = self._kind(border=box, alignment=wrap, font=bold, fill=grey)
        self.points = self._kind(border=box, alignment=centre, fill=yellow, protection=unlocked)
        self.cased = self._kind(border=box, alignment=centre, fill=yellow, protection=unlocked, number_format="@")
        self.remark = self._kind(border=box, alignment=wrap, fill=yellow, protection=unlocked)
        self.typed = self._kind(border=box, alignment=wrap, fill=yellow, protection=unlocked, number_format="@")
        self.day = self._kind(
            border=box, alignment=centre, fill=yellow, protection=unlocked, number_format="dd/mm/yyyy"
        )

    def _kind(self, **look: Any) -> Any:
        self._row += 1
        cell = self._page.cell(self._row, 1)
        for name, value in look.items():
            setattr(cell, name, value)
        return cell._style


def put(page: Any, fixed: Mapping[tuple[int, int], Any]) -> None:
    """Values and formulas; text stays text, whatever it begins with, unless it begins as a formula of ours."""
    for (row, column), value in fixed.items():
        cell = page.cell(row, column, value)
        if not str(value).startswith("="):
            cell.data_type = "s" if isinstance(value, str) else "n"


def on_paper(page: Any, heading: int, widths: Sequence[float], footer: str, *, landscape: bool) -> None:
    """A4, as wide as the page, the heading on every page; the head stays in sight on the screen."""
    from openpyxl.utils import get_column_letter

    for column, width in enumerate(widths, start=1):
        page.column_dimensions[get_column_letter(column)].width = width
    page.freeze_panes = f"A{heading + 1}"
    page.print_title_rows = f"{heading}:{heading}"
    page.page_setup.paperSize = page.PAPERSIZE_A4
    page.page_setup.orientation = "landscape" if landscape else "portrait"
    page.sheet_properties.pageSetUpPr.fitToPage = True
    if landscape:
        page.page_margins.left = page.page_margins.right = 0.4
        page.page_margins.top = page.page_margins.bottom = 0.5
    page.page_setup.fitToWidth, page.page_setup.fitToHeight = 1, 0
    page.oddFooter.center.text = footer
    page.protection.sheet = True


# --- back -----------------------------------------------------------------------------------------------------------


def load(path: Path) -> Book:
    """Read a workbook without believing it; raises InputInvalid (no workbook, damaged, with macros, password)."""
    data = workbook_bytes(path)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            strings = bookparts.strings(parts)
            read = {title: bookparts.read(parts, part, strings) for title, part in bookparts.sheets(parts)}
    except (zipfile.BadZipFile, SyntaxError, KeyError, ValueError, TypeError, IndexError, OSError) as error:
        raise InputInvalid(reason("table_damaged", file=path.name, detail=type(error).__name__)) from error
    hidden = read.pop(HIDDEN, None)
    read.pop(LISTS, None)
    merged = frozenset(title for title, part in read.items() if part.merged)
    pages = {title: part.cells for title, part in read.items()}
    return Book(path.name, _rows(hidden.cells) if hidden else (), pages, merged)


def _rows(cells: Cells) -> tuple[tuple[Any, ...], ...]:
    """The hidden sheet row by row, six columns each."""
    last = min(max((row for row, _ in cells), default=0), _MOST_ROWS)
    return tuple(tuple(cells.get((row, column)) for column in range(1, 7)) for row in range(1, last + 1))


class Faults:
    """What is wrong with a file, told at once."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.found: list[Reason] = []

    def add(self, code: str, **params: Any) -> None:
        self.found.append(reason(code, file=self.file, **params))

    def finish(self) -> None:
        if self.found:
            raise InputInvalid(*self.found[:_FAULTS])


class Place:
    """A sheet of the book in which faults are found."""

    def __init__(self, title: str, faults: Faults) -> None:
        self.title, self.faults = title, faults

    def fault(self, code: str, row: int, column: int, **params: str | int | Text | None) -> None:
        self.faults.add(code, sheet=self.title, cell=address(row, column), **params)


def address(row: int, column: int) -> str:
    """A cell as people name it: ``E9``."""
    from openpyxl.utils import get_column_letter

    return f"{get_column_letter(column)}{row}"


def unchanged(
    cells: Cells, fixed: Mapping[tuple[int, int], Any], inputs: Collection[tuple[int, int]], place: Place
) -> None:
    """Every cell that may not be written in is as it was given out, and nothing stands outside the form."""
    for (row, column), value in fixed.items():
        if not _same(cells.get((row, column)), value):
            formula = isinstance(value, str) and value.startswith("=")
            place.fault("book_formula_changed" if formula else "book_cell_changed", row, column, was=str(value))
    for row, column in sorted(set(cells) - set(fixed) - set(inputs)):
        place.fault("book_cell_added", row, column, value=str(cells[(row, column)])[:60])


def _same(found: Any, given: Any) -> bool:
    """Spreadsheets write numbers and formulas in their own way: 3 and 3.0, capitals and spaces are the same."""
    if isinstance(given, str) and given.startswith("="):
        return _formula(found) == _formula(given)
    if isinstance(given, int):
        return isinstance(found, (int, float)) and not isinstance(found, bool) and written(found) == exact(given)
    return str(found).strip() == str(given).strip() if found is not None else False


def _formula(text: Any) -> str:
    return str(text).upper().replace(" ", "").replace("$", "").replace("OF:", "").replace("_XLFN.", "").lstrip("=+")
