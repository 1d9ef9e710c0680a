"""Tables given out: an empty one to fill in, and the lines that could not be taken, to correct and hand in again."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import date
from typing import Any

from ocop_flow import i18n
from ocop_flow.domain.columns import TITLES, Cell
from ocop_flow.domain.registry import ENTITY_KINDS
from ocop_flow.tables.notvalues import text_of

#: What each column of the template wants, shown on its second sheet.
COLUMN_LABELS = {
    "product": "Name of the product as on the certificate. Required.",
    "entity": "Name of the entity as on the certificate. Required.",
    "entity_kind": "One of the kinds below; may stay empty where the name begins with it (HTX, Công ty, …).",
    "stars": "3, 4 or 5. Required.",
    "number": "Number of the certificate.",
    "commune": "Code or name of the commune on the day of the certificate, or of today.",
    "district": "Only where the commune's name is not unique.",
    "province": "Only where the commune's name is not unique.",
    "issuer": "Who issued it; empty means the province.",
    "decision": "As in 123/QĐ-UBND.",
    "issued_on": "A date, or a month or year where the day is not known.",
    "valid_to": "Empty means as long as the law of the day of issue says.",
    "product_set": "Name or id of the product set.",
    "year": "Year of the cycle.",
}
_DAY = "dd/mm/yyyy"


def template(lang: str) -> bytes:
    """An .xlsx file with the headings, the kinds of columns, and what each of them wants."""
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    book, sheet = _book(i18n.translate("Certificates", lang))
    required = PatternFill("solid", fgColor="FFF2CC")
    for position, (name, titles) in enumerate(TITLES.items(), start=1):
        cell = sheet.cell(1, position, titles[lang != "vi"])
        cell.font, cell.alignment = Font(bold=True), Alignment(wrap_text=True, vertical="center")
        if name in ("product", "entity", "stars"):
            cell.fill = required
        letter = get_column_letter(position)
        sheet.column_dimensions[letter].width = 34 if name in ("product", "entity") else 18
        sheet.column_dimensions[letter].number_format = _DAY if name in ("issued_on", "valid_to") else "@"
        if name in ("stars", "entity_kind"):
            listed = "1,2,3,4,5" if name == "stars" else ",".join(ENTITY_KINDS)
            choice = DataValidation(type="list", formula1=f'"{listed}"', allow_blank=True, showErrorMessage=False)
            choice.add(f"{letter}2:{letter}20001")
            sheet.add_data_validation(choice)
    sheet.freeze_panes = "A2"
    notes = book.create_sheet(i18n.translate("How to fill in", lang))
    for name, text in COLUMN_LABELS.items():
        notes.append([TITLES[name][lang != "vi"], i18n.translate(text, lang)])
    notes.append([])
    for kind in ENTITY_KINDS:
        notes.append([kind])
    notes.column_dimensions["A"].width, notes.column_dimensions["B"].width = 30, 80
    return _bytes(book)


def rest(headings: Sequence[str], lines: Sequence[tuple[Sequence[Cell], str]], lang: str, *, as_csv: bool) -> bytes:
    """Lines left out, under their own headings, with what is wrong in a last column.

    lines  as many cells as there are headings, and what is wrong with them
    """
    titles = [*headings, i18n.translate("What is wrong", lang)]
    padded = [[*(list(cells) + [None] * len(headings))[: len(headings)], text] for cells, text in lines]
    return table(i18n.translate("Certificates", lang), titles, padded, as_csv=as_csv)


def table(name: str, headings: Sequence[str], lines: Sequence[Sequence[Cell]], *, as_csv: bool) -> bytes:
    """Lines under their headings, as .csv or as the one sheet of an .xlsx called ``name``."""
    titles: list[Cell] = [*headings]
    if as_csv:
        out = io.StringIO(newline="")
        writer = csv.writer(out)
        writer.writerow([guarded(title) for title in titles])
        writer.writerows([[guarded(cell) for cell in line] for line in lines])
        return out.getvalue().encode("utf-8-sig")
    book, sheet = _book(name)
    for line in [titles, *lines]:
        kept = [text_of(cell) for cell in line]
        sheet.append(kept)
        _as_typed(sheet, kept)
    return _bytes(book)


def guarded(cell: Cell) -> str:
    """A cell as text that no spreadsheet takes for a formula."""
    cell = text_of(cell)
    if cell is None:
        return ""
    text = cell.strftime("%d/%m/%Y") if isinstance(cell, date) else str(cell)
    return f"'{text}" if text[:1] in ("=", "+", "-", "@") else text


def _as_typed(sheet: Any, line: Sequence[Cell]) -> None:
    """Text stays text, whatever it begins with; days look like days."""
    row = sheet.max_row
    for position, cell in enumerate(line, start=1):
        if isinstance(cell, str):
            sheet.cell(row, position).data_type = "s"
        elif isinstance(cell, date):
            sheet.cell(row, position).number_format = _DAY


def _book(title: str) -> tuple[Any, Any]:
    import openpyxl

    book = openpyxl.Workbook()
    sheet: Any = book.active
    sheet.title = title
    return book, sheet


def _bytes(book: Any) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
