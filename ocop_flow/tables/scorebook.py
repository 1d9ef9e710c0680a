"""A member's workbook: one protected sheet for each dossier, printable on A4, taken back cell by cell or not at all.

A sheet shows the lines of ``domain.asked``; only points, evidence cited and opinions may be written. A hidden sheet
names sitting, member and dossiers with a digest of what was asked, so a sheet of another set, regime, member or sitting
is known at once. What was given out is laid out again and compared, so any other change is a fault that names its cell.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from ocop_flow import i18n, rowheight
from ocop_flow.domain.asked import Asked, Line, allowed, filled, written
from ocop_flow.domain.scoring import FilledSheet, Remarks
from ocop_flow.tables.handedout import (
    HIDDEN,
    Book,
    Cells,
    Faults,
    Looks,
    Place,
    hide,
    load,
    on_paper,
    packed,
    put,
    unchanged,
)

__all__ = ["FORM", "HIDDEN", "Book", "check", "layout", "load", "titles", "write"]

FORM = "ocop-scorebook/1"
HEADING_LABELS = ("Code", "Criterion", "Maximum", "Points allowed", "Points", "Counted", "Evidence cited", "Opinion")
_WIDTHS = (8, 44, 8, 21, 9, 9, 22, 22)
#: Columns of a line: what is written, and what counts it.
_POINTS, _COUNTED, _CITED, _OPINION = 5, 6, 7, 8
_FIRST = 8


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


# --- out ------------------------------------------------------------------------------------------------------------


def write(sheets: Sequence[Asked], lang: str) -> bytes:
    """The workbook of one member; ``sheets`` all have the same member and sitting."""
    import openpyxl

    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    looks = Looks(book.create_sheet("looks"))
    book.remove(book.worksheets[0])
    for title, sheet in zip(titles(sheets), sheets, strict=True):
        _fill(book.create_sheet(title), sheet, layout(sheet, lang), looks)
    hide(book, HIDDEN, _identity(sheets, lang))
    return packed(book)


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

    def day(self, iso: str) -> str:
        return date.fromisoformat(iso).strftime("%d/%m/%Y")


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
            "Sitting {sitting} of {day}, council of {unit}",
            sitting=sheet.sitting,
            day=say.day(sheet.on),
            unit=sheet.unit,
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


def _fill(page: Any, sheet: Asked, plan: Layout, looks: Looks) -> None:
    put(page, plan.fixed)
    page.cell(1, 1)._style = looks.title
    for row in (_FIRST, *plan.sums, *plan.lines):
        for column in range(1, len(HEADING_LABELS) + 1):
            page.cell(row, column)._style = _look(row, column, plan, looks)
    page.row_dimensions[_FIRST].height = 32
    for row, line in plan.lines.items():
        texts = ((plan.fixed[(row, 2)], _WIDTHS[1]), (_choices(line), _WIDTHS[3]))
        page.row_dimensions[row].height = rowheight.height(texts)
    _inputs(page, plan, looks)
    _print(page, sheet, plan)


def _look(row: int, column: int, plan: Layout, looks: Looks) -> Any:
    centred = column in (1, 3, _POINTS, _COUNTED)
    if row not in plan.lines:
        return looks.head if centred or row == _FIRST else looks.sum
    if column == _POINTS:
        return looks.cased if any(":" in choice for choice in plan.lines[row].choices) else looks.points
    if column in (_CITED, _OPINION):
        return looks.remark
    return looks.number if centred else looks.text


def _inputs(page: Any, plan: Layout, looks: Looks) -> None:
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


def _print(page: Any, sheet: Asked, plan: Layout) -> None:
    page.row_dimensions[plan.opinion].height = 45
    footer = f"{sheet.sitting} · {sheet.dossier} · {sheet.digest[:12]} · &P/&N"
    on_paper(page, _FIRST, _WIDTHS, footer, landscape=False)


# --- back -----------------------------------------------------------------------------------------------------------


def check(book: Book, sheets: Sequence[Asked]) -> list[FilledSheet]:
    """The filled sheets of a workbook; ``sheets`` are what the member is asked.

    A book may have fewer sheets than the member is asked, as one of a single dossier has, never others.
    raises  InputInvalid with every fault by sheet and cell
    """
    faults = Faults(book.name)
    lang, wanted = _wanted(book, sheets, faults)
    found: list[FilledSheet] = []
    for title, sheet in wanted.items():
        if title in book.merged:
            faults.add("book_merged", sheet=title)
            continue
        values, remarks = _read(book.pages[title], sheet, lang, Place(title, faults))
        if not faults.found:
            found.append(FilledSheet(sheet.dossier, sheet.member, filled(sheet, values, remarks), "workbook"))
    faults.finish()
    return found


def member(book: Book) -> str:
    """Handle of the member to whom the workbook was given; raises InputInvalid where it is none of ours."""
    faults = Faults(book.name)
    first = _head(book, faults)
    faults.finish()
    return str(first[3])


def _head(book: Book, faults: Faults) -> tuple[Any, ...]:
    """Form, language, sitting and member as the workbook was given out."""
    first = tuple(book.hidden[0]) if book.hidden else ()
    if first[:1] != (FORM,) or first[1:2] not in [(lang,) for lang in i18n.LANGUAGES] or len(first) < 4:
        faults.add("book_not_ours")
        faults.finish()
    return first


def _wanted(book: Book, sheets: Sequence[Asked], faults: Faults) -> tuple[str, dict[str, Asked]]:
    """(language, sheet of the book -> what it asks); a fault for every sheet that is not what was given out."""
    first, rows = _head(book, faults), book.hidden[1:]
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


def _read(cells: Cells, sheet: Asked, lang: str, place: Place) -> tuple[dict[str, str], Remarks]:
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


def _unchanged(cells: Cells, plan: Layout, place: Place) -> None:
    """Every cell that may not be written in is as it was given out; codes that moved are named as such."""
    codes = Counter(str(cells.get((row, 1), "")).strip() for row in plan.lines)
    for row, line in plan.lines.items():
        found = str(cells.get((row, 1), "")).strip()
        if found != line.code and codes[found] > 1 and found:
            place.fault("book_criterion_twice", row, 1, criterion=found)
        if codes[line.code] == 0:
            place.fault("book_criterion_missing", row, 1, criterion=line.code)
    inputs = {(row, column) for row in plan.lines for column in (_POINTS, _CITED, _OPINION)} | {(plan.opinion, 2)}
    unchanged(cells, plan.fixed, inputs, place)
