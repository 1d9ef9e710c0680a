"""Tables of a .docx file."""

from __future__ import annotations

import zipfile
from io import BytesIO
from typing import Any

from ocop_flow.domain.columns import Cell, Grid
from ocop_flow.errors import InputInvalid, reason


def read(name: str, data: bytes) -> list[Grid]:
    """Every table of the document's body, named by its number; raises InputInvalid if the file is damaged."""
    import docx
    from docx.opc.exceptions import PackageNotFoundError

    try:
        document = docx.Document(BytesIO(data))
        return [Grid(str(number), tuple(_rows(table))) for number, table in enumerate(document.tables, start=1)]
    except (PackageNotFoundError, SyntaxError, zipfile.BadZipFile, KeyError, ValueError) as error:
        raise InputInvalid(reason("table_damaged", file=name, detail=str(error)[:200])) from error


def _rows(table: Any) -> list[tuple[int, tuple[Cell, ...]]]:
    """Rows with their cells; a merged cell says the same in each place, as the library gives it."""
    found: list[tuple[int, tuple[Cell, ...]]] = []
    for number, row in enumerate(table.rows, start=1):
        cells = tuple(text if (text := cell.text.strip()) else None for cell in row.cells)
        if any(cell is not None for cell in cells):
            found.append((number, cells))
    return found
