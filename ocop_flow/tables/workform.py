"""A unit's work list as a workbook: a protected sheet each for moves, papers, plan tasks and new dossiers.

Yellow cells are filled in; what was done is chosen in words. The hidden sheet names the list and its digest.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from ocop_flow import i18n, rowheight
from ocop_flow.domain.fieldvalues import read_day
from ocop_flow.domain.names import sort_key
from ocop_flow.domain.worklist import Doer, Filled, Paper, Task, WorkList, digest_of
from ocop_flow.errors import InputInvalid, Text
from ocop_flow.tables.handedout import (
    HIDDEN,
    LISTS,
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

__all__ = ["Returned", "check", "identity", "load", "write"]

FORM = "ocop-worklist/1"
#: Rows in which new dossiers are written.
NEW_ROWS = 20
SHEET_LABELS = ("1. Work", "2. Papers", "3. Plan", "4. New dossiers")
TITLE_LABELS = ("Work that waits", "Papers still missing", "Tasks of plans", "Dossiers newly received")
TASK_LABELS = (
    "Dossier",
    "Product and entity",
    "Stands at",
    "Due on",
    "Still missing",
    "What was done (choose)",
    "Done on",
    "Document number",
    "Reason, what to supplement",
    "Done by (if another)",
)
_TASK_WIDTHS = (17, 30, 21, 13, 32, 24, 12, 14, 24, 18)
_DETAIL_WIDTH = 15
#: Column of a task in which its action is chosen; the others to be filled in follow.
_ACTION = 6
PAPER_LABELS = (
    "Dossier",
    "Product",
    "Paper",
    "Needed",
    "At hand",
    "Received now",
    "Day",
    "Day of issue",
    "Valid to",
    "Name of the file sent along",
)
_PAPER_WIDTHS = (17, 28, 44, 9, 9, 9, 12, 12, 12, 34)
DUTY_LABELS = ("Plan", "Task", "Due on", "Done on")
_DUTY_WIDTHS = (18, 70, 16, 14)
NEW_LABELS = (
    "No.",
    "Product name",
    "Entity name",
    "Kind of entity",
    "Product set",
    "Kind of dossier",
    "Track",
    "Day received",
    "Telephone of the entity",
    "Earlier certificate",
)
_NEW_WIDTHS = (6, 30, 30, 20, 34, 20, 24, 14, 16, 18)
_NEW_COLUMNS = ("product", "entity", "entity_kind", "product_set", "kind", "track", "on", "phone", "previous")
NOTE_LABELS = (
    "Fill in the yellow cells only; leave a line empty where nothing was done. Send the file back by mail.",
    "If a paper is needed for a step, write on sheet 2 that it was received.",
    "Write how many copies were received; a scan sent along is named in the last column.",
    "Write the day on which the task was done.",
    "One line for each dossier received; the entity must have signed its form.",
)
_NEW_NEEDED = ("commune", *_NEW_COLUMNS[:6])
COMMUNE_LABEL = "Commune"
_COMMUNE_WIDTH = 26
_HEADING = 6
#: Where the list says who did what is written in it.
_WHO = (4, 2)

#: Days of this century as spreadsheets count them.
_SERIAL = (36526, 73050)

At = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Input:
    """A cell to be filled in: kind list, day, count or text; ``choices`` shown word -> what it stands for."""

    name: str
    kind: str = "text"
    choices: Mapping[str, str] = field(default_factory=dict)
    value: str | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """One sheet: ``lines`` row -> key of the line, ``inputs`` cell -> what is written there."""

    sheet: str
    title: str
    widths: tuple[float, ...]
    fixed: Mapping[At, Any]
    inputs: Mapping[At, Input]
    lines: Mapping[int, str]


class _Words:
    def __init__(self, lang: str) -> None:
        self.lang = lang

    def tr(self, text: str, **values: object) -> str:
        return i18n.translate(text, self.lang).format(**values)

    def of(self, text: Text) -> str:
        return text.vi if self.lang == "vi" else text.en

    def day(self, iso: str) -> str:
        return date.fromisoformat(iso).strftime("%d/%m/%Y")

    def due(self, iso: str | None, today: date) -> str:
        if iso is None:
            return ""
        left = (date.fromisoformat(iso) - today).days
        told = self.tr("{days} days left", days=left) if left >= 0 else self.tr("{days} days late", days=-left)
        return f"{self.day(iso)} ({told})"

    def who(self, doer: Doer) -> str:
        roles = ", ".join(i18n.word(role, self.lang) for role in doer.roles)
        return f"{doer.name} ({roles})"


# --- laid out -------------------------------------------------------------------------------------------------------


def pages(found: WorkList, lang: str) -> list[Page]:
    """The sheets of a list, the same for writing and for reading back; only those that have something to fill in."""
    say = _Words(lang)
    made = [_tasks(found, say), _papers(found, say), _duties(found, say), _received(found, say)]
    return [page for page in made if page.sheet == "tasks" or page.lines]


def _people(found: WorkList, say: _Words) -> dict[str, str]:
    """How a person is shown -> handle; two of one name and role are told apart by the handle."""
    shown: dict[str, str] = {}
    for each in found.doers:
        text = say.who(each)
        shown[text if text not in shown else f"{text} [{each.handle}]"] = each.handle
    return shown


def _head(found: WorkList, say: _Words, title: str, labels: Sequence[str], note: str) -> dict[At, Any]:
    day = say.day(found.on)
    return {
        (1, 1): f"{say.tr(title).upper()} – {found.unit_name} ({found.unit})",
        (2, 1): say.tr("List {code}, made on {day}", code=found.code, day=day),
        (3, 1): say.tr(note),
        **{(_HEADING, column): say.tr(label) for column, label in enumerate(labels, start=1)},
    }


def _tasks(found: WorkList, say: _Words) -> Page:
    labels = [say.of(each.label) for each in found.fields]
    fixed = _head(found, say, TITLE_LABELS[0], TASK_LABELS, NOTE_LABELS[0])
    fixed |= {(_HEADING, len(TASK_LABELS) + place): label for place, label in enumerate(labels, start=1)}
    fixed |= {(4, 1): say.tr("Done by:"), (5, 1): say.tr(NOTE_LABELS[1])}
    asking = {say.of(each.label): None for task in found.tasks for each in task.choices if each.fields}
    if asking:
        fixed[(5, len(TASK_LABELS) + 1)] = say.tr("Only for: {actions}", actions=", ".join(asking))
    people = _people(found, say)
    officers = [shown for shown, handle in people.items() if _is_officer(found, handle)]
    inputs = {_WHO: Input("by", "list", people, officers[0] if len(officers) == 1 else None)}
    lines = {}
    for row, task in enumerate(found.tasks, start=_HEADING + 1):
        lines[row] = task.dossier
        fixed |= _task(row, task, found, say)
        inputs |= _task_inputs(row, task, found, say, people)
    widths = (*_TASK_WIDTHS, *(_DETAIL_WIDTH for _ in labels))
    return Page("tasks", say.tr(SHEET_LABELS[0]), widths, fixed, inputs, lines)


def _is_officer(found: WorkList, handle: str) -> bool:
    return any(each.handle == handle and "officer" in each.roles for each in found.doers)


def _task(row: int, task: Task, found: WorkList, say: _Words) -> dict[At, Any]:
    missing = [_missing(each, say) for each in found.papers if each.dossier == task.dossier]
    cells = (
        task.dossier,
        f"{task.product} – {task.entity}",
        say.tr("{state}, since {day}", state=say.of(task.state), day=say.day(task.since)),
        say.due(task.due_on, found.day),
        "; ".join(missing),
    )
    return {(row, column): text for column, text in enumerate(cells, start=1) if text}


def _missing(paper: Paper, say: _Words) -> str:
    count = f" ({paper.have}/{paper.required})" if paper.required > 1 else ""
    return f"{say.of(paper.label)}{count}"


def _task_inputs(
    row: int, task: Task, found: WorkList, say: _Words, people: Mapping[str, str]
) -> Iterator[tuple[At, Input]]:
    actions = {say.of(each.label): each.action for each in task.choices}
    yield (row, _ACTION), Input("action", "list", actions)
    yield (row, _ACTION + 1), Input("on", "day")
    yield (row, _ACTION + 2), Input("decision")
    yield (row, _ACTION + 3), Input("reason")
    yield (row, _ACTION + 4), Input("by", "list", people)
    asked = {name for each in task.choices for name in each.fields}
    for place, each in enumerate(found.fields, start=1):
        if each.name in asked:
            choices = {choice: choice for choice in each.choices}
            if each.type == "boolean":
                choices = {say.tr("Yes"): "true", say.tr("No"): "false"}
            kind = "day" if each.type == "date" else "list" if choices else "text"
            yield (row, len(TASK_LABELS) + place), Input(each.name, kind, choices)


def _papers(found: WorkList, say: _Words) -> Page:
    fixed = _head(found, say, TITLE_LABELS[1], PAPER_LABELS, NOTE_LABELS[2])
    inputs: dict[At, Input] = {}
    lines = {}
    for row, each in enumerate(found.papers, start=_HEADING + 1):
        lines[row] = f"{each.dossier}:{each.kind}"
        cells = (each.dossier, each.product, say.of(each.label), each.required, each.have)
        fixed |= {(row, column): value for column, value in enumerate(cells, start=1)}
        inputs |= {
            (row, 6): Input("copies", "count"),
            (row, 7): Input("on", "day"),
            (row, 8): Input("issued", "day"),
            (row, 9): Input("expires", "day"),
            (row, 10): Input("file"),
        }
    return Page("papers", say.tr(SHEET_LABELS[1]), _PAPER_WIDTHS, fixed, inputs, lines)


def _duties(found: WorkList, say: _Words) -> Page:
    fixed = _head(found, say, TITLE_LABELS[2], DUTY_LABELS, NOTE_LABELS[3])
    inputs: dict[At, Input] = {}
    lines = {}
    for row, each in enumerate(found.duties, start=_HEADING + 1):
        lines[row] = f"{each.plan}:{each.milestone}"
        cells = (each.number, each.title, say.due(each.due_on, found.day))
        fixed |= {(row, column): value for column, value in enumerate(cells, start=1)}
        inputs[(row, 4)] = Input("on", "day")
    return Page("duties", say.tr(SHEET_LABELS[2]), _DUTY_WIDTHS, fixed, inputs, lines)


def _received(found: WorkList, say: _Words) -> Page:
    """A unit above the communes names the commune in a column of its own, after the number of the line."""
    above = bool(found.receiving and found.receiving.communes)
    columns = ("commune", *_NEW_COLUMNS) if above else _NEW_COLUMNS
    labels = (NEW_LABELS[0], COMMUNE_LABEL, *NEW_LABELS[1:]) if above else NEW_LABELS
    widths = (_NEW_WIDTHS[0], _COMMUNE_WIDTH, *_NEW_WIDTHS[1:]) if above else _NEW_WIDTHS
    fixed = _head(found, say, TITLE_LABELS[3], labels, NOTE_LABELS[4])
    inputs: dict[At, Input] = {}
    lines = {}
    for number in range(1, NEW_ROWS + 1) if found.receiving else ():
        row = _HEADING + number
        lines[row] = str(number)
        fixed[(row, 1)] = number
        inputs |= {(row, 2 + place): _new_input(found, name, say) for place, name in enumerate(columns)}
    return Page("received", say.tr(SHEET_LABELS[3]), widths, fixed, inputs, lines)


def _new_input(found: WorkList, name: str, say: _Words) -> Input:
    asked = found.receiving
    if asked is None or name in ("product", "entity", "phone", "previous"):
        return Input(name)
    if name == "on":
        return Input(name, "day")
    if name == "commune":
        return Input(name, "list", {say.of(each.name): each.id for each in asked.communes})
    if name == "product_set":
        named = sorted(
            ((say.of(each.name), each.id) for each in asked.product_sets), key=lambda pair: sort_key(pair[0])
        )
        sets = dict(named)
        return Input(name, "list", sets) if sets else Input(name)
    codes = {"entity_kind": asked.entity_kinds, "kind": asked.kinds, "track": asked.tracks}[name]
    return Input(name, "list", {i18n.word(code, say.lang): code for code in codes})


# --- out ------------------------------------------------------------------------------------------------------------


def write(found: WorkList, lang: str) -> bytes:
    """The workbook of a list."""
    import openpyxl

    book: Any = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    looks = Looks(book.create_sheet("looks"))
    book.remove(book.worksheets[0])
    lists: dict[tuple[str, ...], str] = {}
    for page in pages(found, lang):
        _fill(book.create_sheet(page.title), page, found, looks, lists)
    hide(book, LISTS, _columns(list(lists)))
    hide(book, HIDDEN, [(FORM, lang, found.code, digest_of(found), found.unit, found.on)])
    return packed(book)


def _columns(lists: Sequence[tuple[str, ...]]) -> Iterator[tuple[str | None, ...]]:
    """Choices as columns of a sheet, row by row."""
    for row in range(max((len(each) for each in lists), default=0)):
        yield tuple(each[row] if row < len(each) else None for each in lists)


def _fill(sheet: Any, page: Page, found: WorkList, looks: Looks, lists: dict[tuple[str, ...], str]) -> None:
    put(sheet, page.fixed)
    sheet.cell(1, 1)._style = looks.title
    for row in (2, 3, 5):
        sheet.cell(row, 1)._style = looks.note
    if (5, len(TASK_LABELS) + 1) in page.fixed:
        sheet.cell(5, len(TASK_LABELS) + 1)._style = looks.note
    width = len(page.widths)
    for column in range(1, width + 1):
        sheet.cell(_HEADING, column)._style = looks.head
        for row in page.lines:
            sheet.cell(row, column)._style = looks.text
    for (row, column), each in page.inputs.items():
        cell = sheet.cell(row, column, each.value)
        cell._style = {"day": looks.day, "count": looks.points, "list": looks.remark}.get(each.kind, looks.typed)
    sheet.row_dimensions[_HEADING].height = 48 if len(page.widths) > len(TASK_LABELS) else 34
    sheet.row_dimensions[_WHO[0]].height = 22
    for row in page.lines:
        sheet.row_dimensions[row].height = max(22.0, rowheight.height(_texts(page, row)))
    _rules(sheet, page, found, lists)
    on_paper(sheet, _HEADING, page.widths, f"{found.code} · {found.unit_name} · &P/&N", landscape=True)
    sheet.freeze_panes = f"B{_HEADING + 1}"


def _texts(page: Page, row: int) -> list[tuple[Any, float]]:
    return [(page.fixed.get((row, column)), width) for column, width in enumerate(page.widths, start=1)]


def _rules(sheet: Any, page: Page, found: WorkList, lists: dict[tuple[str, ...], str]) -> None:
    """Dropdown lists from a hidden sheet, for their words are longer than a rule may be; days and counts checked."""
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    rules: dict[Any, Any] = {}
    for (row, column), each in page.inputs.items():
        key: Any = tuple(each.choices) if each.kind == "list" else each.kind
        if not key or key == "text":
            continue
        if key not in rules:
            if isinstance(key, tuple):
                letter = get_column_letter(list(lists).index(key) + 1) if key in lists else None
                if letter is None:
                    letter = get_column_letter(len(lists) + 1)
                    lists[key] = letter
                formula = f"{LISTS}!${letter}$1:${letter}${len(key)}"
                rules[key] = DataValidation(type="list", formula1=formula, allow_blank=True)
            elif key == "day":
                first = (found.day - timedelta(days=3653)).strftime("DATE(%Y,%m,%d)")
                rules[key] = DataValidation(type="date", operator="greaterThan", formula1=first, allow_blank=True)
            else:
                rules[key] = DataValidation(type="whole", operator="between", formula1="1", formula2="999")
            rules[key].showErrorMessage = True
            sheet.add_data_validation(rules[key])
        rules[key].add(f"{get_column_letter(column)}{row}")


# --- back -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Returned:
    """What came back: who the list says did it, and the lines filled in."""

    by: str | None
    lines: tuple[Filled, ...]


def identity(book: Book) -> tuple[str, str]:
    """(code, digest) that the hidden sheet names; raises InputInvalid where the book is none of ours."""
    first = book.hidden[0] if book.hidden else ()
    faults = Faults(book.name)
    if first[:1] != (FORM,) or first[1:2] not in [(lang,) for lang in i18n.LANGUAGES] or len(first) < 4:
        faults.add("book_not_ours")
    faults.finish()
    return str(first[2]), str(first[3])


def check(book: Book, found: WorkList) -> Returned:
    """The lines filled in, in the order in which they are carried out: new dossiers, papers, moves, tasks of plans.

    raises  InputInvalid with every fault by sheet and cell: anything changed that was not to be, words not offered
    """
    faults = Faults(book.name)
    made = {page.title: page for page in pages(found, str(book.hidden[0][1]))}
    for title in book.pages.keys() - made.keys():
        faults.add("book_sheet_extra", sheet=title)
    by: str | None = None
    lines: list[Filled] = []
    for title, page in made.items():
        if title not in book.pages or title in book.merged:
            faults.add("book_merged" if title in book.merged else "book_sheet_missing", sheet=title)
            continue
        cells, place = book.pages[title], Place(title, faults)
        unchanged(cells, page.fixed, page.inputs, place)
        lines += _lines(cells, page, place)
        if page.sheet == "tasks" and _WHO in cells:
            by = _value(cells, _WHO, page.inputs[_WHO], place)
    faults.finish()
    order = ("received", "papers", "tasks", "duties")
    return Returned(by, tuple(sorted(lines, key=lambda line: (order.index(line.sheet), line.row))))


def _lines(cells: Cells, page: Page, place: Place) -> Iterator[Filled]:
    for row, key in page.lines.items():
        read = {
            each.name: _value(cells, at, each, place)
            for at, each in page.inputs.items()
            if at[0] == row and at in cells
        }
        # What could not be read is told once, as that; it is no empty cell.
        values = {name: value for name, value in read.items() if value}
        written = {name for name, value in read.items() if value != ""}
        if page.sheet == "tasks" and written and "action" not in written:
            place.fault("worklist_action_missing", row, _ACTION, dossier=key)
        elif page.sheet == "received" and written and not _complete(written, row, page, place):
            continue
        elif values:
            yield Filled(page.sheet, row, key, values)


def _complete(written: Collection[str], row: int, page: Page, place: Place) -> bool:
    """Whether all is written with which a new dossier is opened; a fault for each cell that is empty."""
    asked = {each.name: at[1] for at, each in page.inputs.items() if at[0] == row and each.name in _NEW_NEEDED}
    lacking = [name for name in asked if name not in written]
    for name in lacking:
        label = COMMUNE_LABEL if name == "commune" else NEW_LABELS[1 + _NEW_COLUMNS.index(name)]
        place.fault("worklist_cell_missing", row, asked[name], name=Text(i18n.translate(label, "vi"), label))
    return not lacking


def _value(cells: Cells, at: At, each: Input, place: Place) -> str | None:
    """What was written, as it would be typed; a fault where it is not one of the choices, or no day."""
    value = cells[at]
    if each.kind == "list" and each.choices:
        text = " ".join(str(value).split())
        chosen = {" ".join(shown.split()).casefold(): code for shown, code in each.choices.items()}
        if text.casefold() not in chosen:
            place.fault("worklist_choice_unknown", *at, value=text[:80], known="; ".join(each.choices))
            return None
        return chosen[text.casefold()]
    if each.kind == "day":
        return _day(value, at, place)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return " ".join(str(value).split())


def _day(value: Any, at: At, place: Place) -> str | None:
    if isinstance(value, int) and _SERIAL[0] <= value <= _SERIAL[1]:
        return (date(1899, 12, 30) + timedelta(days=value)).isoformat()
    try:
        return read_day(str(value)).isoformat()
    except InputInvalid:
        place.fault("worklist_day_unreadable", *at, value=str(value)[:40])
        return None
