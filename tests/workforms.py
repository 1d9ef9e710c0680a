"""Filling in a work list as an officer does in Excel: by the words that stand on the sheet."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import openpyxl

#: Row of the headings on every sheet.
HEADING = 6
SHEETS = ("1. Work", "2. Papers", "3. Plan", "4. New dossiers")
WORK, PAPERS, PLAN, NEW = SHEETS


def fill(file: Path, sheet: str, line: str, **cells: Any) -> None:
    """Write into the line whose first three cells hold ``line``; ``cells``: start of a heading -> what is written.

    Underscores in a heading's name stand for spaces.
    """
    book = openpyxl.load_workbook(file)
    page: Any = book[sheet]
    row = next(row for row in range(HEADING + 1, page.max_row + 1) if line in _start(page, row))
    for heading, value in cells.items():
        column = column_of(page, heading.replace("_", " "))
        page.cell(row, column).value = value
    book.save(file)


def _start(page: Any, row: int) -> str:
    return " ".join(str(page.cell(row, column).value or "") for column in range(1, 4))


def column_of(page: Any, heading: str) -> int:
    found: int = next(
        cell.column for cell in page[HEADING] if str(cell.value or "").casefold().startswith(heading.casefold())
    )
    return found


def change(file: Path, sheet: str, cell: str, value: Any) -> None:
    """Write over a cell that is not to be changed."""
    book = openpyxl.load_workbook(file)
    page: Any = book[sheet]
    page[cell].value = value
    book.save(file)


def rows(file: Path, sheet: str) -> list[list[Any]]:
    """What stands below the headings."""
    page: Any = openpyxl.load_workbook(file)[sheet]
    return [list(each) for each in page.iter_rows(min_row=HEADING + 1, values_only=True)]


def received(number: int, product: str, entity: str, on: date, track: str = "existing product") -> dict[str, Any]:
    """Cells of a new dossier."""
    return {
        "Product_name": product,
        "Entity_name": entity,
        "Kind_of_entity": "cooperative",
        "Product_set": "Coffee, cacao",
        "Kind_of_dossier": "first",
        "Track": track,
        "Day_received": on,
    }
