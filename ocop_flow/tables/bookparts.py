"""The cells of an .xlsx file straight from its parts: values, and formulas as they are written.

A reader for sheets that we gave out ourselves, many to a book: three times as fast as one that builds every style.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from xml.etree.ElementTree import Element, fromstring, iterparse

#: (row, column) -> what the cell holds; a formula begins with ``=``.
Cells = dict[tuple[int, int], Any]

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_LINK = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_PLACE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")


@dataclass(frozen=True, slots=True)
class Part:
    cells: Cells
    merged: bool


def sheets(packed: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    """(title, name of the part) of every worksheet, in the order of the book."""
    targets = {
        each.get("Id"): str(each.get("Target")) for each in fromstring(packed.read("xl/_rels/workbook.xml.rels"))
    }
    for sheet in fromstring(packed.read("xl/workbook.xml")).iter(_MAIN + "sheet"):
        target = targets[sheet.get(_LINK)]
        yield str(sheet.get("name")), target.lstrip("/") if target.startswith("/") else f"xl/{target}"


def strings(packed: zipfile.ZipFile) -> list[str]:
    """The texts that cells refer to by number."""
    if "xl/sharedStrings.xml" not in packed.namelist():
        return []
    return [_text(item) for item in fromstring(packed.read("xl/sharedStrings.xml")).iter(_MAIN + "si")]


def _text(item: Element) -> str:
    """Plain text of a cell, its runs joined; readings in another script (phonetics) are left out."""
    plain = [each.text or "" for each in item.findall(_MAIN + "t")]
    return "".join([*plain, *(each.text or "" for each in item.findall(f"{_MAIN}r/{_MAIN}t"))])


def read(packed: zipfile.ZipFile, part: str, texts: Sequence[str]) -> Part:
    """What one worksheet holds; raises ParseError, KeyError, ValueError or IndexError where it is damaged."""
    cells: Cells = {}
    shared: dict[str, tuple[str, str]] = {}
    merged = False
    for _, element in iterparse(io.BytesIO(packed.read(part))):
        if element.tag == _MAIN + "c":
            place = str(element.get("r"))
            value = _value(element, place, texts, shared)
            if value is not None and value != "":
                cells[_position(place)] = value
        elif element.tag == _MAIN + "row":
            element.clear()
        elif element.tag == _MAIN + "mergeCell":
            merged = True
    return Part(cells, merged)


def _position(place: str) -> tuple[int, int]:
    match = _PLACE.fullmatch(place)
    if match is None:
        raise ValueError(place)
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - 64
    return int(match[2]), column


def _value(cell: Element, place: str, texts: Sequence[str], shared: dict[str, tuple[str, str]]) -> Any:
    formula = cell.find(_MAIN + "f")
    if formula is not None:
        return _formula(formula, place, shared)
    kind = cell.get("t", "n")
    if kind == "inlineStr":
        inline = cell.find(_MAIN + "is")
        return _text(inline) if inline is not None else None
    found = cell.find(_MAIN + "v")
    if found is None or found.text is None:
        return None
    if kind == "s":
        return texts[int(found.text)]
    if kind == "n":
        number = float(found.text)
        return int(number) if number.is_integer() else number
    return found.text


def _formula(formula: Element, place: str, shared: dict[str, tuple[str, str]]) -> str:
    """A formula; one that is shared with the cell above is written out for its own place."""
    text, group = formula.text, formula.get("si")
    if group is not None and text:
        shared[group] = (place, text)
    if text or group is None or group not in shared:
        return f"={text or ''}"
    from openpyxl.formula.translate import Translator

    origin, pattern = shared[group]
    return str(Translator(f"={pattern}", origin).translate_formula(place))
