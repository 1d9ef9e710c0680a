"""A table as text: commas, semicolons or tabs between cells, in UTF-8, UTF-16 or an old Vietnamese encoding."""

from __future__ import annotations

import csv
import io
import unicodedata

from ocop_flow import legacytext
from ocop_flow.domain.columns import Cell, Grid
from ocop_flow.errors import InputInvalid, reason
from ocop_flow.tables.notvalues import as_read

_FIELD_LIMIT = 100_000
#: Marks that Windows-1258 writes after the vowel: huyền, hỏi, ngã, sắc, nặng.
_MARKS_1258 = frozenset("\u0300\u0309\u0303\u0301\u0323")


def read(name: str, data: bytes) -> Grid:
    """The table; raises InputInvalid if its encoding cannot be told or its quotation marks do not close."""
    text = decode(name, data)
    first = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = max("\t;,", key=first.count)
    csv.field_size_limit(_FIELD_LIMIT)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows: list[tuple[int, tuple[Cell, ...]]] = []
    start = 1
    try:
        for cells in reader:
            values = tuple(_value(cell) for cell in cells)
            if any(value is not None for value in values):
                rows.append((start, values))
            start = reader.line_num + 1
    except csv.Error as error:
        raise InputInvalid(reason("csv_syntax", file=name, row=start, problem=str(error))) from error
    return Grid(name, tuple(rows), text=True)


def _value(cell: str) -> Cell:
    if not cell.strip():
        return None
    # What ``sheets`` writes before a sign, lest a spreadsheet takes a name for a formula.
    return as_read(cell[1:] if cell[0] == "'" and cell[1:2] in ("=", "+", "-", "@") else cell)


def decode(name: str, data: bytes) -> str:
    """The text of a file, its encoding told from its bytes.

    raises  InputInvalid with row and column of the first byte that leaves the encoding open
    """
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        try:
            return data.decode("utf-16")
        except UnicodeDecodeError as error:
            raise _unclear(name, data, error.start) from error
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        found = _windows_1258(data) or _old_fonts(data)
        if found is None:
            raise _unclear(name, data, error.start) from error
        return found


def _windows_1258(data: bytes) -> str | None:
    """Text in Windows-1258, if its marks stand after vowels and every word reads as Vietnamese."""
    try:
        text = data.decode("cp1258")
    except UnicodeDecodeError:
        return None
    found = unicodedata.normalize("NFC", text)
    marked = any(mark in text for mark in _MARKS_1258)
    return found if marked and _mostly_vietnamese(found) else None


def _old_fonts(data: bytes) -> str | None:
    """Text typed with TCVN3 or VNI fonts, left as Latin-1 for ``legacytext`` to turn, with its preview."""
    try:
        text = data.decode("cp1252")
    except UnicodeDecodeError:
        text = data.decode("latin-1")
    known = [legacytext.certain(word) for word in text.split() if not word.isascii()]
    telling = [each for each in known if each is not None]
    agreed = len(telling) >= max(1, len(known) // 4) and len(set(telling)) == 1 and telling[0] != "unicode"
    return text if agreed else None


def _mostly_vietnamese(text: str) -> bool:
    words = [word for word in text.split() if not word.isascii()]
    return sum(legacytext.reads_as_vietnamese(word) for word in words) >= 0.95 * len(words) > 0


def _unclear(name: str, data: bytes, position: int) -> InputInvalid:
    row = data.count(b"\n", 0, position) + 1
    column = position - data.rfind(b"\n", 0, position)
    return InputInvalid(reason("csv_encoding_unclear", file=name, row=row, column=column))
