"""Reads tables that people keep: .xlsx, .xls, .csv, and the tables of a .docx; told by content, not by name."""

from __future__ import annotations

import zipfile
from io import BytesIO
from pathlib import Path

from ocop_flow.domain.columns import Grid
from ocop_flow.errors import InputInvalid, reason

#: Largest file read, in bytes, and largest content once unpacked: a bomb or a mistake, not a province's table.
LIMIT = 100_000_000
UNPACKED_LIMIT = 1_000_000_000
#: Empty rows after which a sheet counts as read to its end.
EMPTY_ROWS = 10_000

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_KINDS = {".xlsx": "xlsx", ".xls": "xls", ".csv": "csv", ".txt": "csv", ".tsv": "csv", ".docx": "docx"}


def read(path: Path) -> list[Grid]:
    """Every table of a file, in its order.

    raises  InputInvalid: unreadable, empty, too large, renamed, damaged, password-protected, with macros, of a kind
            that is not read, or text whose encoding cannot be told
    """
    data = _bytes(path)
    kind = _kind(path, data)
    if kind == "xlsx":
        from ocop_flow.tables import workbook

        return workbook.read(path.name, data)
    if kind == "xls":
        from ocop_flow.tables import oldbook

        return oldbook.read(path.name, data)
    if kind == "docx":
        from ocop_flow.tables import document

        return document.read(path.name, data)
    from ocop_flow.tables import text

    return [text.read(path.name, data)]


def workbook_bytes(path: Path) -> bytes:
    """The bytes of an .xlsx file; raises InputInvalid as ``read``, and for a table of any other kind."""
    data = _bytes(path)
    kind = _kind(path, data)
    if kind != "xlsx":
        raise InputInvalid(reason("table_kind_unknown", file=path.name, found=kind))
    return data


def _bytes(path: Path) -> bytes:
    try:
        if path.stat().st_size > LIMIT:
            raise InputInvalid(reason("file_too_large", file=path.name, limit=LIMIT))
        data = path.read_bytes()
    except OSError as error:
        raise InputInvalid(reason("file_unreadable", file=str(path), detail=error.strerror or str(error))) from error
    if not data.strip():
        raise InputInvalid(reason("file_empty", file=path.name))
    return data


def _kind(path: Path, data: bytes) -> str:
    """What a file is, if its name says the same."""
    named = _KINDS.get(path.suffix.lower())
    found = _content(path.name, data)
    if found == "password":
        raise InputInvalid(reason("table_password", file=path.name))
    if found == "macros" or path.suffix.lower() == ".xlsm":
        raise InputInvalid(reason("table_macros", file=path.name))
    if found == "csv" and named not in (None, "csv") and not _is_text(data):
        raise InputInvalid(reason("table_content_unknown", file=path.name, ending=path.suffix.lower()))
    if found not in _KINDS.values() or named is None:
        raise InputInvalid(reason("table_kind_unknown", file=path.name, found=found))
    if found != named:
        raise InputInvalid(reason("table_renamed", file=path.name, found=found))
    return found


def _content(name: str, data: bytes) -> str:
    """What the bytes are: xlsx, xls, docx, csv, password, macros, or a word for what is not read."""
    if data.startswith(b"PK"):
        return _packed(name, data)
    if data.startswith(_OLE):
        return _compound(data)
    start = data[:1000].lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    if start.startswith(b"%pdf"):
        return "pdf"
    if start.startswith((b"<!doctype", b"<html", b"<table", b"<?xml", b"<")):
        return "html"
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "csv"
    return "binary" if b"\0" in data[:10_000] else "csv"


def _is_text(data: bytes) -> bool:
    """Whether the bytes can be what somebody wrote: letters in UTF-8 or UTF-16 and no control characters."""
    try:
        text = data.decode("utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
    except UnicodeDecodeError:
        return False
    return not any(ord(letter) < 32 and letter not in "\t\r\n\f" for letter in text)


def _packed(name: str, data: bytes) -> str:
    try:
        with zipfile.ZipFile(BytesIO(data)) as packed:
            parts = packed.namelist()
            if sum(part.file_size for part in packed.infolist()) > UNPACKED_LIMIT:
                raise InputInvalid(reason("file_too_large", file=name, limit=UNPACKED_LIMIT))
    except (zipfile.BadZipFile, ValueError, OSError) as error:
        raise InputInvalid(reason("table_damaged", file=name, detail=str(error))) from error
    if any(part.lower().endswith("vbaproject.bin") for part in parts):
        return "macros"
    if "xl/workbook.xml" in parts:
        return "xlsx"
    if "word/document.xml" in parts:
        return "docx"
    return "xlsb" if "xl/workbook.bin" in parts else "zip"


def _compound(data: bytes) -> str:
    """What a compound file of Microsoft's holds, by the names in its directory (UTF-16)."""

    def holds(stream: str) -> bool:
        return stream.encode("utf-16-le") in data

    if holds("EncryptedPackage"):
        return "password"
    if holds("_VBA_PROJECT"):
        return "macros"
    return "xls" if holds("Workbook") or holds("Book") else "doc"
