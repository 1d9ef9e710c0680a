"""Reports of figures as tables: one file with commas, or a workbook with a sheet and a chart for each table."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from ocop_flow.tables.writing import guarded

if TYPE_CHECKING:
    from ocop_flow.pages.figure_words import Document, Table

_STARS = ("stars_5", "stars_4", "stars_3", "stars_other")
#: Table -> column of the names, columns shown as bars, whether they stand on one another.
_CHARTED: Mapping[str, tuple[str, tuple[str, ...], bool]] = {
    "products_by_star": ("stars", ("in_force",), False),
    "products_by_group": ("name", ("total",), False),
    "recognitions_by_year": ("year", _STARS, True),
    "recognitions_by_kind": ("kind", _STARS, True),
    "entities_by_kind": ("kind", ("recognised_entities",), False),
    "entities_by_sex": ("sex", ("recognised_entities",), False),
    "targets": ("target", ("wanted", "actual"), False),
    "ending": ("months", _STARS, True),
    "ending_by_month": ("month", _STARS, True),
    "phases": ("phase", ("reached", "now"), False),
    "returns_by_cause": ("cause", ("returns",), False),
    "promotion_by_kind": ("promotion", ("activities",), False),
    "by_unit": ("unit_name", _STARS, True),
}


def csv_of(document: Document) -> bytes:
    """The tables one below the other, each under its title, in the UTF-8 that Excel knows as such."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([document.title])
    writer.writerows([[guarded(name), guarded(value)] for name, value in document.facts])
    for table in document.tables:
        writer.writerow([])
        writer.writerow([table.title])
        writer.writerow([guarded(heading) for heading in table.headings])
        writer.writerows([[guarded(text) for text in row] for row in table.rows])
    return out.getvalue().encode("utf-8-sig")


def workbook_of(document: Document) -> bytes:
    """A workbook: what the report is about, then a sheet for each table, numbers as numbers, with its chart."""
    import openpyxl
    from openpyxl.styles import Font

    book = openpyxl.Workbook()
    front: Any = book.active
    front.title = document.words["report"]
    front.append([document.title])
    front["A1"].font = Font(bold=True, size=14)
    for line in (*document.facts, *((text,) for text in (*document.said, *document.notes))):
        front.append(list(line))
        _as_text(front)
    front.column_dimensions["A"].width, front.column_dimensions["B"].width = 24, 60
    _to_print(front)
    for number, table in enumerate(document.tables, start=1):
        _sheet(book.create_sheet(_sheet_name(number, table.title)), table, document)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _sheet_name(number: int, title: str) -> str:
    """Excel takes 31 characters, and none of these."""
    plain = "".join(" " if each in "[]:*?/\\" else each for each in title)
    return f"{number} {plain}"[:31].strip()


def _sheet(sheet: Any, table: Table, document: Document) -> None:
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter

    sheet.append([table.title])
    sheet["A1"].font = Font(bold=True, size=13)
    sheet.append(list(table.headings))
    for cell in sheet[2]:
        cell.font, cell.fill = Font(bold=True), PatternFill("solid", fgColor="D9E8F3")
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    source = table.sheet
    total = [source.total] if source.total is not None and source.rows else []
    for row, texts in zip([*source.rows, *total], table.rows, strict=True):
        sheet.append([_value(row.get(name), text) for name, text in zip(table.columns, texts, strict=True)])
        _as_text(sheet)
        _formats(sheet, table.columns)
    if total:
        for cell in sheet[sheet.max_row]:
            cell.font = Font(bold=True)
    for position, (heading, numeric) in enumerate(zip(table.headings, table.numeric, strict=True), start=1):
        longest = max((len(row[position - 1]) for row in table.rows), default=0)
        width = min(60, max(len(heading) if not numeric else 9, longest) + 2)
        sheet.column_dimensions[get_column_letter(position)].width = width
    sheet.row_dimensions[2].height = 44
    sheet.freeze_panes = "A3"
    _to_print(sheet)
    _chart(sheet, table)


def _to_print(sheet: Any) -> None:
    """Across on A4, as wide as the page, the headings on each of them."""
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", "9"
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = "1:2"


def _value(cell: Any, text: str) -> Any:
    """A number stays one, to be counted on with; everything else as it is read."""
    if isinstance(cell, Fraction):
        return float(cell)
    return cell if isinstance(cell, int | date) else text or None


def _formats(sheet: Any, columns: Sequence[str]) -> None:
    for name, cell in zip(columns, sheet[sheet.max_row], strict=True):
        if isinstance(cell.value, float):
            cell.number_format = "0.0%" if name == "share" else "0.0"
        elif isinstance(cell.value, date):
            cell.number_format = "dd/mm/yyyy"
        elif isinstance(cell.value, int) and cell.value >= 1000 and name not in ("year", "step"):
            cell.number_format = "#,##0"


def _as_text(sheet: Any) -> None:
    """What was typed by somebody is no formula, whatever it begins with."""
    for cell in sheet[sheet.max_row]:
        if isinstance(cell.value, str):
            cell.data_type = "s"


def _chart(sheet: Any, table: Table) -> None:
    """Bars over the columns that the table's picture shows; a total is no bar."""
    from openpyxl.chart import BarChart, Reference

    columns = _CHARTED.get(table.id)
    if columns is None or not table.sheet.rows:
        return
    names, shown, stacked = columns
    chart = BarChart()
    chart.type, chart.title, chart.height, chart.width = "col", table.title, 9, 18
    if stacked:
        chart.grouping, chart.overlap = "stacked", 100
    last = 2 + len(table.sheet.rows)
    for column in shown:
        position = table.columns.index(column) + 1
        chart.add_data(Reference(sheet, min_col=position, min_row=2, max_row=last), titles_from_data=True)
    place = table.columns.index(names) + 1
    chart.set_categories(Reference(sheet, min_col=place, min_row=3, max_row=last))
    # Excel hides axes that are not said to stay, and would count products in halves.
    chart.x_axis.delete = chart.y_axis.delete = False
    chart.y_axis.number_format = "0"
    chart.y_axis.majorUnit = 1 + _highest(table, shown, stacked=stacked) // 8
    sheet.add_chart(chart, f"B{last + 3}")


def _highest(table: Table, shown: Sequence[str], *, stacked: bool) -> int:
    """What the highest bar counts."""
    counted = [[cell for name in shown if isinstance(cell := row.get(name), int)] for row in table.sheet.rows]
    return max((sum(cells) if stacked else max(cells, default=0) for cells in counted), default=0)
