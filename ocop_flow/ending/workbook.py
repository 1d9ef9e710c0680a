"""The sheet as a workbook that prints on A4."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date
from typing import Any

from ocop_flow import rowheight
from ocop_flow.ending.sheet import Sheet, cells_of

Json = dict[str, Any]
#: Past the line for filing.
_RED = "B00000"
#: Columns of the sheet of certificates, in characters.
_CERTIFICATE_WIDTHS = (22, 30, 34, 6, 24, 24, 24, 12, 12)


def as_xlsx(sheet: Sheet) -> bytes:
    """Two sheets that print on A4: the summary on one page, and the certificates."""
    import openpyxl

    book = openpyxl.Workbook()
    _summary(book.active, sheet)
    _certificates(book.create_sheet(sheet.tr("Certificates")), sheet)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _summary(first: Any, sheet: Sheet) -> None:
    from openpyxl.styles import Font

    bold, red = Font(bold=True), Font(color=_RED, bold=True)
    first.title = sheet.tr("Summary")
    first.append([sheet.title])
    first.append([f"{sheet.scope}. {sheet.tr('{count} certificates', count=len(sheet.found))}"])
    first.append([sheet.note])
    first["A1"].font, first["A3"].font = Font(bold=True, size=14), red
    for title, counted in sheet.summaries():
        first.append([])
        first.append([title, sheet.tr("End"), sheet.tr("Past the line")])
        for cell in first[first.max_row]:
            cell.font = bold
        for line in counted:
            first.append(list(line))
            _texts(first, line)
            if line[2]:
                first.cell(first.max_row, 3).font = red
    first.column_dimensions["A"].width = 60
    _on_a4(first, landscape=False, one_page=True)


def _certificates(second: Any, sheet: Sheet) -> None:
    from openpyxl.styles import Alignment, Font, PatternFill

    second.append(sheet.headings())
    for cell in second[1]:
        cell.font, cell.alignment = Font(bold=True), Alignment(wrap_text=True)
        cell.fill = PatternFill("solid", fgColor="EEEEEE")
    for item in sheet.found:
        _certificate(second, item)
    for letter, width in zip("ABCDEFGHI", _CERTIFICATE_WIDTHS, strict=True):
        second.column_dimensions[letter].width = width
    second.freeze_panes, second.print_title_rows = "A2", "1:1"
    second.auto_filter.ref = second.dimensions
    _on_a4(second, landscape=True, one_page=False)


def _certificate(second: Any, item: Json) -> None:
    """One row; stars are a number and the two last cells are days, so that a reader can sort by them."""
    from openpyxl.styles import Alignment, Font

    texts = cells_of(item)
    cells: list[Any] = [*texts[:7], date.fromisoformat(item["file_by"]), date.fromisoformat(item["valid_to"])]
    cells[3] = item["stars"]
    second.append(cells)
    _texts(second, cells)
    second.row_dimensions[second.max_row].height = rowheight.height(zip(texts, _CERTIFICATE_WIDTHS, strict=False))
    for cell in second[second.max_row]:
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        if item["late"]:
            cell.font = Font(color=_RED, bold=True)
        if cell.column > 7:
            cell.number_format = "dd/mm/yyyy"


def _texts(sheet: Any, line: Sequence[object]) -> None:
    """Text stays text, whatever sign it begins with."""
    for position, value in enumerate(line, start=1):
        if isinstance(value, str):
            sheet.cell(sheet.max_row, position).data_type = "s"


def _on_a4(sheet: Any, *, landscape: bool, one_page: bool) -> None:
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.orientation = "landscape" if landscape else "portrait"
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 1 if one_page else 0
