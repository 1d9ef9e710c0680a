"""A report of figures in words: titles, headings and cells as people read them, the same for every form it takes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from ocop_flow.domain.exact import mean_decimal
from ocop_flow.domain.figures.sheet import Cell, Row, Sheet
from ocop_flow.errors import Text
from ocop_flow.i18n import render, translate, word
from ocop_flow.messages.figures import COLUMN_LABELS, KIND_LABELS, PAGE_LABELS, SHEET_LABELS, VALUE_LABELS

Json = dict[str, Any]
#: Columns whose text is a code.
_CODED = frozenset({"kind", "sex", "metric", "qualifier", "met", "phase", "tier", "promotion", "duty", "state"})
#: Numbers that name something and are not counted.
_NAMES = frozenset({"year", "step", "stars", "months"})


#: What stands where nothing is known, in any column.
_NOTHING = frozenset({"not_recorded", "unknown"})
#: First column of a table in which an empty cell means that something is not known, or lies elsewhere.
_EMPTY_LABELS = {"by_unit": "elsewhere", "recognitions_by_year": "unknown"}


@dataclass(frozen=True, slots=True)
class Table:
    """One table as text; ``sheet`` is what it was made from, ``columns`` those of it that people read."""

    id: str
    title: str
    columns: tuple[str, ...]
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numeric: tuple[bool, ...]
    sheet: Sheet

    @property
    def empty(self) -> bool:
        return not self.sheet.rows


@dataclass(frozen=True, slots=True)
class Document:
    """A report as it is read.

    head   what it is about by name: unit, unit_code, period, units_of, made_on
    facts  the same as (label, value) lines under the title
    said   the narrative
    """

    title: str
    head: Mapping[str, str]
    facts: tuple[tuple[str, str], ...]
    said: tuple[str, ...]
    notes: tuple[str, ...]
    tables: tuple[Table, ...]
    words: Mapping[str, str]
    lang: str


def document(head: Json, sheets: Sequence[Sheet], lang: str, made_on: date) -> Document:
    """``head``: the report as JSON has it (kind, unit, period, sentences, warnings)."""
    words = {name: translate(text, lang) for name, text in PAGE_LABELS.items()}
    return Document(
        title=translate(KIND_LABELS[head["kind"]], lang),
        head=_head(head, words, made_on),
        facts=tuple(_facts(head, words, made_on)),
        said=tuple(render(item, lang)[0] for item in head["said"]),
        notes=tuple(render(item, lang)[0] for item in head["warnings"]),
        tables=tuple(table(sheet, lang) for sheet in sheets),
        words=words,
        lang=lang,
    )


def _head(head: Json, words: Mapping[str, str], made_on: date) -> dict[str, str]:
    until = _day(date.fromisoformat(head["to"]))
    since = _day(date.fromisoformat(head["from"])) if head["from"] else None
    return {
        "unit": head["unit"]["name"],
        "unit_code": head["unit"]["code"],
        "period": words["between"].format(since=since, to=until) if since else words["until"].format(to=until),
        "units_of": _day(date.fromisoformat(head["units_of"])),
        "made_on": _day(made_on),
    }


def _facts(head: Json, words: Mapping[str, str], made_on: date) -> list[tuple[str, str]]:
    named = _head(head, words, made_on)
    found = [(words["unit"], f"{named['unit']} ({named['unit_code']})"), (words["period"], named["period"])]
    if head["units_of"] != head["to"]:
        found.append((words["units_of"], named["units_of"]))
    found += [(words[name], head[name]) for name in ("product_set", "regime") if head[name]]
    return [*found, (words["made"], named["made_on"])]


def table(sheet: Sheet, lang: str) -> Table:
    # A state's code is for programs where its name stands beside it.
    columns = tuple(name for name in sheet.columns if name != "state" or "name" not in sheet.columns)
    rows = [tuple(cell(name, row.get(name), lang) for name in columns) for row in sheet.rows]
    if sheet.id in _EMPTY_LABELS:
        rows = [row if row[0] else (translate(_EMPTY_LABELS[sheet.id], lang), *row[1:]) for row in rows]
    if sheet.total is not None and sheet.rows:
        rows.append(_total(columns, sheet.total, lang))
    return Table(
        id=sheet.id,
        title=translate(SHEET_LABELS[sheet.id], lang),
        columns=columns,
        headings=tuple(translate(COLUMN_LABELS[name], lang) for name in columns),
        rows=tuple(rows),
        numeric=tuple(_numeric(sheet, name) for name in columns),
        sheet=sheet,
    )


def _total(columns: Sequence[str], total: Row, lang: str) -> tuple[str, ...]:
    cells = [cell(name, total.get(name), lang) for name in columns]
    return (translate(PAGE_LABELS["total"], lang), *cells[1:])


def _numeric(sheet: Sheet, name: str) -> bool:
    cells = [row.get(name) for row in sheet.rows]
    return any(isinstance(each, int | Fraction) for each in cells)


def cell(name: str, value: Cell, lang: str) -> str:
    """One cell as people read it; a share in per cent with one decimal, a mean with one decimal."""
    if value is None:
        return ""
    if isinstance(value, Text):
        return value.vi if lang == "vi" else value.en
    if isinstance(value, Fraction):
        return _decimal(value * 100, lang) + " %" if name == "share" else _decimal(value, lang)
    if isinstance(value, date):
        return _day(value)
    if isinstance(value, int):
        return str(value) if name in _NAMES else _grouped(value, lang)
    return coded(value, lang) if name in _CODED or value in _NOTHING else value


def coded(code: str, lang: str) -> str:
    """A code as people say it; what is no word of ours stays as it is."""
    if code in VALUE_LABELS:
        return translate(VALUE_LABELS[code], lang)
    return word(code, lang) if "." not in code else code


def _decimal(number: Fraction, lang: str) -> str:
    text = mean_decimal(number, 1)
    return text.replace(".", ",") if lang == "vi" else text


def _grouped(number: int, lang: str) -> str:
    text = f"{number:,}"
    return text.replace(",", ".") if lang == "vi" else text


def _day(day: date) -> str:
    return day.strftime("%d/%m/%Y")
