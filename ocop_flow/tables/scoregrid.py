"""The secretary's grid of one dossier: criteria down, members across, and the total each wrote on paper below.

Given out as .xlsx or .csv, taken back as either, whole or not at all.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ocop_flow import i18n, rowheight
from ocop_flow.domain import rating
from ocop_flow.domain.asked import Asked, allowed, filled, written
from ocop_flow.domain.exact import exact
from ocop_flow.domain.scoring import FilledSheet, Remarks, check_paper_total
from ocop_flow.errors import InputInvalid, Reason, reason
from ocop_flow.tables import read

TOTAL, OPINION = "TOTAL", "OPINION"
#: What the last two rows are called, and the headings before the members.
ROW_LABELS = ("Total on paper", "Opinion on the whole")
GRID_LABELS = ("Criterion", "Points allowed")
_BEFORE = 3
#: Width of a member's column, in characters: what a spreadsheet gives where nothing is said.
_MEMBER = 13


def write(sheets: Sequence[Asked], lang: str, *, as_csv: bool) -> bytes:
    """An empty grid; ``sheets`` are what every scoring member is asked about the same dossier."""
    table = _table(sheets, lang)
    if as_csv:
        out = io.StringIO(newline="")
        csv.writer(out).writerows(table)
        return out.getvalue().encode("utf-8-sig")
    import openpyxl
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    book = openpyxl.Workbook()
    page: Any = book.active
    page.title = sheets[0].dossier
    widths = (18, 46, 24, *[_MEMBER] * len(sheets))
    for row in table:
        page.append(row)
        for cell in page[page.max_row]:
            # Text, so that no spreadsheet reads 4.1 as a day or 3:a as an hour.
            cell.number_format, cell.alignment = "@", Alignment(wrap_text=True, vertical="top")
        page.row_dimensions[page.max_row].height = rowheight.height(zip(row, widths, strict=True))
    for cells in (page[1], page[2]):
        for cell in cells:
            cell.font = Font(bold=True)
    for column, width in enumerate(widths, start=1):
        page.column_dimensions[get_column_letter(column)].width = width
    page.freeze_panes = "D3"
    page.page_setup.paperSize, page.page_setup.orientation = page.PAPERSIZE_A4, "landscape"
    page.sheet_properties.pageSetUpPr.fitToPage = True
    page.page_setup.fitToWidth, page.page_setup.fitToHeight = 1, 0
    out_bytes = io.BytesIO()
    book.save(out_bytes)
    return out_bytes.getvalue()


def _table(sheets: Sequence[Asked], lang: str) -> list[list[str]]:
    first, place = sheets[0], 0 if lang == "vi" else 1
    blank = [""] * len(sheets)
    heads = [i18n.translate(text, lang) for text in GRID_LABELS]
    rows = [
        [identity(first), *heads, *(sheet.member for sheet in sheets)],
        ["", first.product, "", *(sheet.name for sheet in sheets)],
    ]
    for line in first.lines:
        choices = " / ".join(line.choices) or f"0 – {line.maximum}"
        rows.append([f"[{line.code}]", line.name[place], choices, *blank])
    for code, text in zip((TOTAL, OPINION), ROW_LABELS, strict=True):
        rows.append([code, i18n.translate(text, lang), "", *blank])
    return rows


def identity(sheet: Asked) -> str:
    return f"{sheet.sitting} {sheet.dossier} {sheet.turn}"


def load(path: Path) -> list[tuple[int, tuple[Any, ...]]]:
    """(row number, cells) of the grid; raises InputInvalid as ``tables.read``, or if there is more than one table."""
    grids = read(path)
    if len(grids) != 1:
        raise InputInvalid(reason("grid_not_ours", file=path.name))
    return list(grids[0].rows)


def check(name: str, rows: Sequence[tuple[int, tuple[Any, ...]]], sheets: Sequence[Asked]) -> list[FilledSheet]:
    """The filled sheets of a grid, one for each member whose column is not empty.

    raises  InputInvalid with every fault by row and member
    """
    faults: list[Reason] = []
    columns = _columns(name, rows, sheets, faults)
    lines = _lines(name, rows, sheets[0], faults)
    if faults:
        raise InputInvalid(*faults)
    found: list[FilledSheet] = []
    for sheet in sheets:
        column = columns.get(sheet.member)
        if column is not None and any(_cell(cells, column) for _, cells in lines.values()):
            try:
                found.append(_sheet(name, lines, column, sheet))
            except InputInvalid as error:
                faults += error.reasons
    if not found and not faults:
        faults.append(reason("grid_empty", file=name))
    if faults:
        raise InputInvalid(*faults)
    return found


def _columns(
    name: str, rows: Sequence[tuple[int, tuple[Any, ...]]], sheets: Sequence[Asked], faults: list[Reason]
) -> dict[str, int]:
    """Member -> column; a fault for a grid of another sitting or dossier, a strange or a repeated member."""
    head = rows[0][1] if rows else ()
    if not sheets or str(head[0] if head else "").strip() != identity(sheets[0]):
        wanted = identity(sheets[0]) if sheets else "-"
        raise InputInvalid(reason("grid_of_another", file=name, given=str(head[0] if head else "-"), wanted=wanted))
    asked = {sheet.member for sheet in sheets}
    named = [str(cell).strip() for cell in head[_BEFORE:] if cell is not None]
    for member, times in Counter(named).items():
        if member not in asked:
            faults.append(reason("grid_member_unknown", file=name, member=member))
        elif times > 1:
            faults.append(reason("grid_member_twice", file=name, member=member))
    return {str(cell).strip(): column for column, cell in enumerate(head) if column >= _BEFORE and cell is not None}


def _lines(
    name: str, rows: Sequence[tuple[int, tuple[Any, ...]]], sheet: Asked, faults: list[Reason]
) -> dict[str, tuple[int, tuple[Any, ...]]]:
    """Criterion, TOTAL or OPINION -> its row."""
    known = {line.code for line in sheet.lines} | {TOTAL, OPINION}
    found: dict[str, tuple[int, tuple[Any, ...]]] = {}
    for number, cells in rows[1:]:
        code = str(cells[0] if cells and cells[0] is not None else "").strip().strip("[]")
        if not code:
            continue
        if code not in known:
            faults.append(reason("grid_row_unknown", file=name, row=number, code=code))
        elif code in found:
            faults.append(reason("grid_row_twice", file=name, row=number, code=code))
        found.setdefault(code, (number, cells))
    for code in known - set(found) - {OPINION}:
        faults.append(reason("grid_row_missing", file=name, code=code))
    return found


def _cell(cells: Sequence[Any], column: int) -> Any:
    return cells[column] if column < len(cells) else None


def _sheet(name: str, lines: dict[str, tuple[int, tuple[Any, ...]]], column: int, sheet: Asked) -> FilledSheet:
    values: dict[str, str] = {}
    faults: list[Reason] = []
    for line in sheet.lines:
        row, cells = lines[line.code]
        value = _cell(cells, column)
        text = None if isinstance(value, Reason) else written(value)
        choices = " / ".join(line.choices) or f"0 – {line.maximum}"
        told: dict[str, Any] = {
            "file": name,
            "row": row,
            "member": sheet.member,
            "criterion": line.code,
            "choices": choices,
        }
        if text is None and not (line.optional and value is None):
            faults.append(reason("grid_cell_empty", **told))
        elif text is not None and not allowed(line, text):
            faults.append(reason("grid_option_unknown", value=text, **told))
        elif text is not None:
            values[line.code] = text
    row, cells = lines[TOTAL]
    total = written(_cell(cells, column))
    if total is None:
        faults.append(reason("grid_total_missing", file=name, row=row, member=sheet.member))
    if faults:
        raise InputInvalid(*faults)
    opinion = _cell(lines[OPINION][1], column) if OPINION in lines else None
    done = filled(sheet, values, Remarks(opinion=str(opinion) if opinion is not None else None))
    paper = rating.parse_exact(str(total))
    check_paper_total(done, paper, sheet.name)
    return FilledSheet(sheet.dossier, sheet.member, done, "grid", exact(paper))
