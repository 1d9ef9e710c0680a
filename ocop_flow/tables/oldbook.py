"""Sheets of an .xls file (Excel 97-2003). Formulas cannot be told from values here: the value last shown is read."""

from __future__ import annotations

import io
import struct
from datetime import date
from typing import Any

from ocop_flow.domain.columns import Cell, Grid
from ocop_flow.errors import InputInvalid, reason
from ocop_flow.tables.spans import Span, filled

_BROKEN = (struct.error, IndexError, AssertionError, ValueError, KeyError, TypeError, EOFError, OverflowError)


def read(name: str, data: bytes) -> list[Grid]:
    """Every sheet that is not empty; raises InputInvalid if the file is damaged or password-protected."""
    import xlrd
    from xlrd.compdoc import CompDocError

    try:
        book = xlrd.open_workbook(file_contents=data, formatting_info=True, logfile=io.StringIO())
        return [grid for sheet in book.sheets() if (grid := _grid(sheet, book.datemode)).rows]
    except (xlrd.XLRDError, CompDocError, *_BROKEN) as error:
        code = "table_password" if "encrypted" in str(error).lower() else "table_damaged"
        raise InputInvalid(reason(code, file=name, detail=str(error)[:200] or type(error).__name__)) from error


def _grid(sheet: Any, datemode: int) -> Grid:
    rows: list[tuple[int, tuple[Cell, ...]]] = []
    for number in range(sheet.nrows):
        values = [_value(cell, datemode) for cell in sheet.row(number)]
        while values and values[-1] is None:
            values.pop()
        if values:
            rows.append((number + 1, tuple(values)))
    spans = [Span(top + 1, left, bottom, right - 1) for top, bottom, left, right in sheet.merged_cells]
    return Grid(sheet.name, tuple(filled(rows, spans)))


def _value(cell: Any, datemode: int) -> Cell:
    import xlrd

    value = cell.value
    if cell.ctype == xlrd.XL_CELL_TEXT:
        return str(value) if value.strip() else None
    if cell.ctype == xlrd.XL_CELL_NUMBER:
        return int(value) if value == int(value) else float(value)
    if cell.ctype == xlrd.XL_CELL_DATE:
        try:
            day: date = xlrd.xldate_as_datetime(value, datemode).date()
            return day
        except (ValueError, OverflowError):
            return reason("cell_error", text=str(value))
    if cell.ctype == xlrd.XL_CELL_BOOLEAN:
        return bool(value)
    if cell.ctype == xlrd.XL_CELL_ERROR:
        return reason("cell_error", text=xlrd.error_text_from_code.get(value, "#"))
    return None
