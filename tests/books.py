"""Tables for tests, good and bad: workbooks of today, a workbook of Excel 97, documents, and what breaks them."""

from __future__ import annotations

import datetime
import io
import struct
import zipfile
from collections.abc import Callable, Sequence
from typing import Any

import docx
import openpyxl

#: Headings of a table as a province might write them, and one line that is complete.
HEADINGS = ("Tên sản phẩm", "Tên chủ thể", "Hạng sao", "Số giấy chứng nhận", "Xã, phường", "Số quyết định", "Ngày cấp")
LINE = ("Nhãn lồng", "HTX mẫu số 1", "4 sao", "01/GCN-OCOP", "12106", "123/QĐ-UBND", datetime.date(2023, 12, 15))


def xlsx(rows: Sequence[Sequence[Any]], shape: Callable[[Any, Any], None] | None = None) -> bytes:
    """A workbook of one sheet; ``shape`` may change book and sheet before it is saved."""
    book = openpyxl.Workbook()
    sheet: Any = book.active
    for row in rows:
        sheet.append(list(row))
    if shape is not None:
        shape(book, sheet)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def with_part(data: bytes, name: str, content: bytes) -> bytes:
    """A package with one more part, or with a part replaced."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for item in old.namelist():
            if item != name:
                new.writestr(item, old.read(item))
        new.writestr(name, content)
    return out.getvalue()


def part(data: bytes, name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        return packed.read(name)


def document(*tables: Sequence[Sequence[str]]) -> bytes:
    """A .docx with these tables, a paragraph before each."""
    made = docx.Document()
    for rows in tables:
        made.add_paragraph("Danh sách kèm theo")
        table = made.add_table(rows=len(rows), cols=len(rows[0]))
        for row, texts in zip(table.rows, rows, strict=True):
            for cell, text in zip(row.cells, texts, strict=True):
                cell.text = text
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def xls(rows: Sequence[Sequence[str | float]]) -> bytes:
    """A workbook of Excel 97: a BIFF8 stream in a compound file, as [MS-XLS] and [MS-CFB] describe them."""
    return compound({"Workbook": _biff8(rows)})


def compound(streams: dict[str, bytes]) -> bytes:
    """A compound file with one sector table, one directory sector and streams of at least 4096 bytes."""
    sectors: list[bytes] = []
    chain: list[int] = []
    entries = [_entry("Root Entry", 5, 1 if streams else -1, -2, 0)]
    for number, (name, content) in enumerate(streams.items(), start=1):
        padded = content.ljust(4096, b"\0")
        start = 2 + len(sectors)
        pieces = [padded[at : at + 512].ljust(512, b"\0") for at in range(0, len(padded), 512)]
        sectors += pieces
        chain += [*range(start + 1, start + len(pieces)), -2]
        entries.append(_entry(name, 2, -1, start, len(padded), right=number + 1 if number < len(streams) else -1))
    entries += [bytes(128)] * (4 - len(entries))
    table = [-3, -2, *chain]
    assert len(table) <= 128, "one sector of the table holds 128 numbers"
    header = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    header += struct.pack("<iiiiiiiii", 0, 1, 1, 0, 4096, -2, 0, -2, 0)
    header += struct.pack("<109i", 0, *[-1] * 108)
    return header + struct.pack("<128i", *table, *[-1] * (128 - len(table))) + b"".join(entries) + b"".join(sectors)


def _entry(name: str, kind: int, child: int, start: int, size: int, right: int = -1) -> bytes:
    text = name.encode("utf-16-le") + b"\0\0"
    head = text.ljust(64, b"\0") + struct.pack("<HBBiii", len(text), kind, 1, -1, right, child)
    return head + bytes(36) + struct.pack("<iQ", start, size)


def _biff8(rows: Sequence[Sequence[str | float]]) -> bytes:
    def record(code: int, content: bytes) -> bytes:
        return struct.pack("<HH", code, len(content)) + content

    begin = struct.pack("<HHHHII", 0x600, 5, 0, 1997, 0, 6)
    font = struct.pack("<HHHHHBBBBBB", 200, 0, 0x7FFF, 400, 0, 0, 0, 0, 0, 5, 0) + b"Arial"
    style = struct.pack("<HHH", 0, 0, 0xFFF5) + bytes(14)
    head = record(0x809, begin) + record(0x42, struct.pack("<H", 1200)) + record(0x22, b"\0\0")
    head += record(0x31, font) * 4 + record(0xE0, style) * 16
    after = record(0x0A, b"")
    place = len(head) + 4 + 8 + 6 + len(after)
    head += record(0x85, struct.pack("<IBBBB", place, 0, 0, 6, 0) + b"Sheet1") + after
    cells = b""
    for number, row in enumerate(rows):
        for column, value in enumerate(row):
            at = struct.pack("<HHH", number, column, 15)
            if isinstance(value, str):
                cells += record(0x204, at + struct.pack("<HB", len(value), 1) + value.encode("utf-16-le"))
            else:
                cells += record(0x203, at + struct.pack("<d", value))
    sheet_begin = struct.pack("<HHHHII", 0x600, 0x10, 0, 1997, 0, 6)
    return head + record(0x809, sheet_begin) + cells + record(0x0A, b"")
