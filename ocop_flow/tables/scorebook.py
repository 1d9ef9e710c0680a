"""A member's workbook: one protected sheet for each dossier, printable on A4, taken back cell by cell or not at all.

A sheet shows the lines of ``domain.asked``; only points, evidence cited and opinions may be written. A hidden sheet
names sitting, member and dossiers with a digest of what was asked, so a sheet of another set, regime, member or sitting
is known at once. What was given out is laid out again and compared, so any other change is a fault that names its cell.
"""

from __future__ import annotations

import io
import zipfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ocop_flow import i18n
from ocop_flow.domain.asked import Asked, Line, allowed, filled, written
from ocop_flow.domain.exact import exact
from ocop_flow.domain.scoring import FilledSheet, Remarks
from ocop_flow.errors import InputInvalid, Reason, reason
from ocop_flow.tables import bookparts, workbook_bytes

FORM = "ocop-scorebook/1"
HIDDEN = "_ocop"
HEADING_LABELS = ("Code", "Criterion", "Maximum", "Points allowed", "Points", "Counted", "Evidence cited", "Opinion")
_WIDTHS = (8, 44, 8, 21, 9, 9, 22, 22)
#: Columns of a line: what is written, and what counts it.
_POINTS, _COUNTED, _CITED, _OPINION = 5, 6, 7, 8
_FIRST = 8
_FAULTS = 200
#: Rows of the hidden sheet that are read.
_MOST_ROWS = 2000

Cells = bookparts.Cells


@dataclass(frozen=True, slots=True)
class Layout:
    """A sheet as it is given out.

    fixed     (row, column) -> value or formula
    lines     row -> line
    opinion   row of the opinion on the whole
    sums      rows of the parts, for their looks
    """

    fixed: Mapping[tuple[int, int], Any]
    lines: Mapping[int, Line]
    opinion: int
    sums: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Book:
    """A workbook as it came back: what the hidden sheet says, and what the cells of every other sheet hold."""

    name: str
    hidden: tuple[tuple[Any, ...], ...]
    pages: Mapping[str, Cells]
    merged: frozenset[str]


# --- out ------------------------------------------------------------------------------------------------------------


def write(sheets: Sequence[Asked], lang: str) -> bytes:
    """The workbook of one member; ``sheets`` all have the same member and sitting."""
    import openpyxl

    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    looks = _Looks(book.create_sheet("looks"))
    book.remove(book.worksheets[0])
    for title, sheet in zip(titles(sheets), sheets, strict=True):
        _fill(book.create_sheet(title), sheet, layout(sheet, lang), looks)
    hidden: Any = book.create_sheet(HIDDEN)
    hidden.sheet_state = "veryHidden"
    for row in _identity(sheets, lang):
        hidden.append(list(row))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def titles(sheets: Sequence[Asked]) -> list[str]:
    """Names of the sheets: the running number in the book and that of the dossier."""
    return [f"{place}. {sheet.dossier}"[:31] for place, sheet in enumerate(sheets, start=1)]


def _identity(sheets: Sequence[Asked], lang: str) -> Iterator[tuple[str, ...]]:
    first = sheets[0]
    yield FORM, lang, first.sitting, first.member
    for title, sheet in zip(titles(sheets), sheets, strict=True):
        yield title, sheet.dossier, sheet.product_set, sheet.workflow, sheet.digest


@dataclass(frozen=True, slots=True)
class _Words:
    lang: str

    def tr(self, text: str, **values: object) -> str:
        return i18n.translate(text, self.lang).format(**values)


def layout(sheet: Asked, lang: str) -> Layout:
    """Where everything stands; the same for writing and for reading back."""

    say = _Words(lang)
    place = 0 if lang == "vi" else 1
    fixed: dict[tuple[int, int], Any] = {
        (1, 1): say.tr("SCORE SHEET"),
        (2, 1): say.tr("Product set: {name}", name=sheet.set_name[place]),
        (3, 1): say.tr("Product: {product} ({dossier})", product=sheet.product, dossier=sheet.dossier),
        (4, 1): say.tr("Entity: {entity}, {commune}", entity=sheet.entity, commune=sheet.commune),
        (5, 1): say.tr("Member: {name}", name=sheet.name),
        (6, 1): say.tr(
            "Sitting {sitting} of {day}, council of {unit}", sitting=sheet.sitting, day=sheet.on, unit=sheet.unit
        ),
    }
    fixed |= {(_FIRST, column): i18n.translate(text, lang) for column, text in enumerate(HEADING_LABELS, start=1)}
    row, lines, sums = _FIRST + 1, dict[int, Line](), []
    for part, maximum in sheet.parts.items():
        own = [line for line in sheet.lines if line.part == part]
        sums.append(row)
        last = row + len(own)
        fixed |= {(row, 1): part, (row, 2): say.tr("Part {part}", part=part), (row, 3): maximum}
        fixed[(row, _COUNTED)] = f"=SUM(F{row + 1}:F{last})"
        for offset, line in enumerate(own, start=1):
            lines[row + offset] = line
            fixed |= _line(row + offset, line, place)
        row = last + 1
    total = "+".join(f"F{each}" for each in sums)
    fixed |= {(row, 2): say.tr("Total"), (row, 3): sum(sheet.parts.values()), (row, _COUNTED): f"={total}"}
    fixed |= {(row + 1, 1): say.tr("Opinion on the whole:"), (row + 3, 2): say.tr("Member (signature, full name)")}
    return Layout(fixed, lines, row + 1, (*sums, row))


def _line(row: int, line: Line, place: int) -> dict[tuple[int, int], Any]:
    points = f'E{row}&":"'
    return {
        (row, 1): line.code,
        (row, 2): line.name[place],
        (row, 3): line.maximum,
        (row, 4): _choices(line),
        (row, _COUNTED): f'=IF(E{row}="",0,VALUE(LEFT({points},FIND(":",{points})-1)))',
    }


def _choices(line: Line) -> str:
    """What may be written, with the least points for each star as the form marks them."""
    shown = " / ".join(line.choices) or f"0 – {line.maximum}"
    stars = ", ".join(f"{star}★≥{points}" for star, points in sorted(line.minima.items()))
    return f"{shown} ({stars})" if stars else shown


class _Looks:
    """One styled cell of each kind; its style is copied, for making it anew in every cell takes ten times as long."""

    def __init__(self, page: Any) -> None:
        from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side

        thin = Side(style="thin", color="808080")
        box = Border(left=thin, right=thin, top=thin, bottom=thin)
        wrap = Alignment(wrap_text=True, vertical="center")
        centre = Alignment(horizontal="center", vertical="center", wrap_text=True)
        grey, yellow = PatternFill("solid", fgColor="E7E6E6"), PatternFill("solid", fgColor="FFF8DC")
        bold, plain, unlocked, locked = Font(bold=True), Font(), Protection(locked=False), Protection()
        self._page, self._row = page, 0
        self.title = self._kind(font=Font(bold=True, size=14))
        self.text = self._kind(border=box, alignment=wrap, font=plain, protection=locked)
        self.number = self._kind(border=box, alignment=centre, font=plain)
        self.head = self._kind(border=box, alignment=centre, font=bold, fill=grey)
        self.sum = self._kind(border=box, alignment=wrap, font=bold, fill=grey)
        self.points = self._kind(border=box, alignment=centre, fill=yellow, protection=unlocked)
        self.cased = self._kind(border=box, alignment=centre, fill=yellow, protection=unlocked, number_format="@")
        self.remark = self._kind(border=box, alignment=wrap, fill=yellow, protection=unlocked)

    def _kind(self, **look: Any) -> Any:
        self._row += 1
        cell = self._page.cell(self._row, 1)
        for name, value in look.items():
            setattr(cell, name, value)
        return cell._style


def _fill(page: Any, sheet: Asked, plan: Layout, looks: _Looks) -> None:
    for (row, column), value in plan.fixed.items():
        cell = page.cell(row, column, value)
        if not str(value).startswith("="):
            cell.data_type = "s" if isinstance(value, str) else "n"
    page.cell(1, 1)._style = looks.title
    for row in (_FIRST, *plan.sums, *plan.lines):
        for column in range(1, len(HEADING_LABELS) + 1):
            page.cell(row, column)._style = _look(row, column, plan, looks)
    page.row_dimensions[_FIRST].height = 32
    for row, line in plan.lines.items():
        name, choices = str(plan.fixed[(row, 2)]), _choices(line)
        page.row_dimensions[row].height = 14.5 * max(-(-len(name) // 40), -(-len(choices) // 19))
    _inputs(page, plan, looks)
    _print(page, sheet, plan)


def _look(row: int, column: int, plan: Layout, looks: _Looks) -> Any:
    centred = column in (1, 3, _POINTS, _COUNTED)
    if row not in plan.lines:
        return looks.head if centred or row == _FIRST else looks.sum
    if column == _POINTS:
        return looks.cased if any(":" in choice for choice in plan.lines[row].choices) else looks.points
    if column in (_CITED, _OPINION):
        return looks.remark
    return looks.number if centred else looks.text


def _inputs(page: Any, plan: Layout, looks: _Looks) -> None:
    from openpyxl.worksheet.datavalidation import DataValidation

    rules: dict[tuple[str, ...] | int, Any] = {}
    for row, line in plan.lines.items():
        key = line.choices or line.maximum
        if key not in rules:
            rules[key] = (
                DataValidation(type="list", formula1=f'"{",".join(line.choices)}"', allow_blank=True)
                if line.choices
                else DataValidation(type="decimal", operator="between", formula1="0", formula2=str(line.maximum))
            )
            rules[key].showErrorMessage = True
            page.add_data_validation(rules[key])
        rules[key].add(f"E{row}")
    page.cell(plan.opinion, 2)._style = looks.remark
    page.protection.sheet = True


def _print(page: Any, sheet: Asked, plan: Layout) -> None:
    for column, width in enumerate(_WIDTHS):
        page.column_dimensions["ABCDEFGH"[column]].width = width
    page.row_dimensions[plan.opinion].height = 45
    page.freeze_panes = f"A{_FIRST + 1}"
    page.print_title_rows = f"{_FIRST}:{_FIRST}"
    page.page_setup.paperSize = page.PAPERSIZE_A4
    page.page_setup.orientation = "portrait"
    page.sheet_properties.pageSetUpPr.fitToPage = True
    page.page_setup.fitToWidth, page.page_setup.fitToHeight = 1, 0
    page.oddFooter.center.text = f"{sheet.sitting} · {sheet.dossier} · {sheet.digest[:12]} · &P/&N"


# --- back -----------------------------------------------------------------------------------------------------------


def load(path: Path) -> Book:
    """Read a workbook without believing it; raises InputInvalid (no workbook, damaged, with macros, password)."""
    data = workbook_bytes(path)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            strings = bookparts.strings(packed)
            parts = {title: bookparts.read(packed, part, strings) for title, part in bookparts.sheets(packed)}
    except (zipfile.BadZipFile, SyntaxError, KeyError, ValueError, TypeError, IndexError, OSError) as error:
        raise InputInvalid(reason("table_damaged", file=path.name, detail=type(error).__name__)) from error
    hidden = parts.pop(HIDDEN, None)
    merged = frozenset(title for title, part in parts.items() if part.merged)
    pages = {title: part.cells for title, part in parts.items()}
    return Book(path.name, _rows(hidden.cells) if hidden else (), pages, merged)


def _rows(cells: Cells) -> tuple[tuple[Any, ...], ...]:
    """The hidden sheet row by row, five columns each."""
    last = min(max((row for row, _ in cells), default=0), _MOST_ROWS)
    return tuple(tuple(cells.get((row, column)) for column in range(1, 6)) for row in range(1, last + 1))


def check(book: Book, sheets: Sequence[Asked]) -> list[FilledSheet]:
    """The filled sheets of a workbook; ``sheets`` are what the member is asked.

    A book may have fewer sheets than the member is asked, as one of a single dossier has, never others.
    raises  InputInvalid with every fault by sheet and cell
    """
    faults = _Faults(book.name)
    lang, wanted = _wanted(book, sheets, faults)
    found: list[FilledSheet] = []
    for title, sheet in wanted.items():
        if title in book.merged:
            faults.add("book_merged", sheet=title)
            continue
        values, remarks = _read(book.pages[title], sheet, lang, _Place(title, faults))
        if not faults.found:
            found.append(FilledSheet(sheet.dossier, sheet.member, filled(sheet, values, remarks), "workbook"))
    faults.finish()
    return found


class _Faults:
    def __init__(self, file: str) -> None:
        self.file = file
        self.found: list[Reason] = []

    def add(self, code: str, **params: Any) -> None:
        self.found.append(reason(code, file=self.file, **params))

    def finish(self) -> None:
        if self.found:
            raise InputInvalid(*self.found[:_FAULTS])


class _Place:
    """A sheet of the book in which faults are found."""

    def __init__(self, title: str, faults: _Faults) -> None:
        self.title, self.faults = title, faults

    def fault(self, code: str, row: int, column: int, **params: str | int | None) -> None:
        self.faults.add(code, sheet=self.title, cell=f"{'ABCDEFGHIJKLMNOPQRSTUVWXYZABCD'[column - 1]}{row}", **params)


def _wanted(book: Book, sheets: Sequence[Asked], faults: _Faults) -> tuple[str, dict[str, Asked]]:
    """(language, sheet of the book -> what it asks); a fault for every sheet that is not what was given out."""
    first, rows = (book.hidden[0] if book.hidden else ()), book.hidden[1:]
    if first[:1] != (FORM,) or first[1:2] not in [(lang,) for lang in i18n.LANGUAGES]:
        faults.add("book_not_ours")
        faults.finish()
    asked = {sheet.dossier: sheet for sheet in sheets}
    if not sheets:
        faults.add("book_empty")
        faults.finish()
    if first[2:4] != (sheets[0].sitting, sheets[0].member):
        faults.add("book_of_another", sitting=str(first[2]), member=str(first[3]))
        faults.finish()
    wanted: dict[str, Asked] = {}
    for title, dossier, product_set, workflow, digest in (row[:5] for row in rows if row and row[0]):
        sheet = asked.get(dossier)
        if title not in book.pages:
            faults.add("book_sheet_missing", sheet=str(title))
        elif sheet is None:
            faults.add("book_dossier_unknown", sheet=str(title), dossier=str(dossier))
        elif (product_set, workflow) != (sheet.product_set, sheet.workflow):
            faults.add("book_other_set", sheet=str(title), given=str(product_set), wanted=sheet.product_set)
        elif digest != sheet.digest:
            faults.add("book_asked_otherwise", sheet=str(title), turn=sheet.turn)
        else:
            wanted[title] = sheet
    known = {row[0] for row in rows if row}
    for title in book.pages:
        if title not in known:
            faults.add("book_sheet_extra", sheet=title)
    return str(first[1]), wanted


def _read(cells: Cells, sheet: Asked, lang: str, place: _Place) -> tuple[dict[str, str], Remarks]:
    plan = layout(sheet, lang)
    _unchanged(cells, plan, place)
    values: dict[str, str] = {}
    opinions: dict[str, str] = {}
    cited: dict[str, str] = {}
    for row, line in plan.lines.items():
        text = written(cells.get((row, _POINTS)))
        choices = " / ".join(line.choices) or f"0 – {line.maximum}"
        if text is None:
            if not line.optional:
                place.fault("book_cell_empty", row, _POINTS, criterion=line.code, choices=choices)
        elif not allowed(line, text):
            place.fault("book_option_unknown", row, _POINTS, criterion=line.code, value=text, choices=choices)
        else:
            values[line.code] = text
        for column, kept in ((_CITED, cited), (_OPINION, opinions)):
            if (row, column) in cells:
                kept[line.code] = str(cells[(row, column)])
    whole = cells.get((plan.opinion, 2))
    return values, Remarks(opinions, cited, str(whole) if whole is not None else None)


def _unchanged(cells: Cells, plan: Layout, place: _Place) -> None:
    """Every cell that may not be written in is as it was given out; codes that moved are named as such."""
    codes = Counter(str(cells.get((row, 1), "")).strip() for row in plan.lines)
    for row, line in plan.lines.items():
        found = str(cells.get((row, 1), "")).strip()
        if found != line.code and codes[found] > 1 and found:
            place.fault("book_criterion_twice", row, 1, criterion=found)
        if codes[line.code] == 0:
            place.fault("book_criterion_missing", row, 1, criterion=line.code)
    inputs = {(row, column) for row in plan.lines for column in (_POINTS, _CITED, _OPINION)} | {(plan.opinion, 2)}
    for (row, column), value in plan.fixed.items():
        if _same(cells.get((row, column)), value):
            continue
        formula = isinstance(value, str) and value.startswith("=")
        place.fault("book_formula_changed" if formula else "book_cell_changed", row, column, was=str(value))
    for row, column in sorted(set(cells) - set(plan.fixed) - inputs):
        place.fault("book_cell_added", row, column, value=str(cells[(row, column)])[:60])


def _same(found: Any, given: Any) -> bool:
    """Spreadsheets write numbers and formulas in their own way: 3 and 3.0, capitals and spaces are the same."""
    if isinstance(given, str) and given.startswith("="):
        return _formula(found) == _formula(given)
    if isinstance(given, int):
        return isinstance(found, (int, float)) and not isinstance(found, bool) and written(found) == exact(given)
    return str(found).strip() == str(given).strip() if found is not None else False


def _formula(text: Any) -> str:
    return str(text).upper().replace(" ", "").replace("$", "").replace("OF:", "").replace("_XLFN.", "").lstrip("=+")
