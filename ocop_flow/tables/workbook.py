"""Sheets of an .xlsx file, row by row, so that a large one needs little memory."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from io import BytesIO
from typing import Any
from xml.etree.ElementTree import ParseError

from ocop_flow.domain.columns import Cell, Grid
from ocop_flow.errors import InputInvalid, reason
from ocop_flow.tables import EMPTY_ROWS
from ocop_flow.tables.notvalues import as_read, error, formula
from ocop_flow.tables.spans import Span, filled

_MERGED = re.compile(rb'<(?:\w+:)?mergeCell [^>]*ref="([A-Z]+)([0-9]+):([A-Z]+)([0-9]+)"')
_PIECE = 1 << 20
#: Spans read at most; a sheet with more is not a table.
_SPANS = 50_000


def read(name: str, data: bytes) -> list[Grid]:
    """Every sheet that is not empty; raises InputInvalid if the file is damaged, with the row where that shows."""
    import openpyxl
    from openpyxl.utils.exceptions import InvalidFileException

    row = 0
    try:
        book: Any = openpyxl.load_workbook(BytesIO(data), read_only=True, keep_links=False)
        found = []
        for sheet in book.worksheets:
            rows: list[tuple[int, tuple[Cell, ...]]] = []
            gap = None
            for row, cells in _rows(sheet):
                if cells is None:
                    gap = row
                    break
                rows.append((row, cells))
            spans = _spans(data, str(sheet._worksheet_path)) if rows else []
            if rows:
                found.append(Grid(sheet.title, tuple(filled(rows, spans)), gap))
        book.close()
    except (InvalidFileException, zipfile.BadZipFile, ParseError, SyntaxError, *_BROKEN) as broken:
        code = "table_damaged_at" if row else "table_damaged"
        raise InputInvalid(reason(code, file=name, row=row + 1, detail=_detail(broken))) from broken
    return found


_BROKEN = (KeyError, ValueError, TypeError, IndexError, AttributeError, EOFError, OSError)


def _detail(error: Exception) -> str:
    return str(error).splitlines()[0][:200] if str(error) else type(error).__name__


def _rows(sheet: Any) -> Iterator[tuple[int, tuple[Cell, ...] | None]]:
    """Rows that hold something; (last row with content, None) once too many empty ones followed.

    What the file says of its own size is not believed: it may name a million rows and sixteen thousand columns.
    """
    sheet.reset_dimensions()
    last = 0
    for number, cells in enumerate(sheet.iter_rows(), start=1):
        values = [_value(cell) for cell in cells]
        while values and values[-1] is None:
            values.pop()
        if values:
            last = number
            yield number, tuple(values)
        elif number - last > EMPTY_ROWS:
            yield last, None
            return


def _value(cell: Any) -> Cell:
    value = cell.value
    if value is None:
        return None
    kind = cell.data_type
    if kind == "f":
        # Of a formula over several cells, the text is an attribute.
        return formula(str(getattr(value, "text", value)))
    if kind == "e":
        return error(str(value))
    if isinstance(value, str):
        return as_read(value) if value.strip() else None
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, (bool, int, float, date)):
        return value
    return error(value.isoformat() if isinstance(value, time) else str(value))


def _spans(data: bytes, path: str) -> list[Span]:
    """Merged cells of a sheet: they stand at the end of its part, after all rows."""
    from openpyxl.utils import column_index_from_string

    found: list[Span] = []
    with zipfile.ZipFile(BytesIO(data)) as packed, packed.open(path) as part:
        rest = b""
        while piece := part.read(_PIECE):
            text = rest + piece
            for match in _MERGED.finditer(text):
                left, top, right, bottom = match.groups()
                columns = [column_index_from_string(letters.decode()) - 1 for letters in (left, right)]
                found.append(Span(int(top), columns[0], int(bottom), columns[1]))
            rest = text[text.rfind(b"<") :]
            if len(found) > _SPANS:
                break
    return found
