"""A table for another office's template: which records, which columns, and how each cell is written."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from types import MappingProxyType
from typing import Any

from ocop_flow.domain.exact import mean_decimal
from ocop_flow.domain.finding import Finding, finding

Json = dict[str, Any]
Cell = str | int | date | None

_UNIT = ("code", "name")
_PLACES = tuple(f"{tier}.{part}" for tier in ("commune", "district", "province") for part in _UNIT)
#: What a record of each kind has.
FIELDS: Mapping[str, tuple[str, ...]] = {
    "certificates": (
        *("number", "product_code", "product", "product_set", "entity", "stars", "decision", "issued_on", "valid_to"),
        *("status", "status_on", "replaced_by", "disputed", "unreconciled", "dossier", "source"),
        *("issuer.code", "issuer.name", "issuer.tier", *_PLACES),
    ),
    "dossiers": (
        *("code", "product", "product_code", "product_set", "entity", "entity_code", "entity_kind", "kind", "track"),
        *("regime", "state", "state_label.vi", "state_label.en", "phase", "step", "tier", "plan", "stars"),
        *("stars_decided", "mean_total", "due_on", "opened_on", "closed_on", "certificate", "previous"),
        *("holder.code", "holder.name", "holder.tier", *_PLACES),
    ),
    "entities": ("code", "name", "kind", "merged_into", *_PLACES),
    "products": ("code", "name", "product_set", "entity_code", "entity", "entity_kind", "merged_into", *_PLACES),
    "posts": (
        *("handle", "name", "can_login", "left_on", "role", "decision", "valid_from", "valid_to", "via"),
        *("unit.code", "unit.name", "unit.tier", *_PLACES),
    ),
    "targets": (
        *("plan", "issued_by", "target", "metric", "stars", "unit_name"),
        *("wanted", "at_most", "actual", "missing", "met"),
    ),
    "promotion": (
        *("id", "subject_kind", "subject", "product", "entity", "kind", "kind_label.vi", "kind_label.en", "done_on"),
        *("facts.place", "facts.cost", "facts.result", *_PLACES),
    ),
    "deadlines": (
        *("id", "subject_kind", "subject", "kind", "due_on", "provisional", "status", "days_left", "stopped_since"),
        *("done_on", "source", "unit.code", "unit.name", "unit.tier", *_PLACES),
    ),
}
DAYS = frozenset(
    {
        *("issued_on", "valid_from", "valid_to", "status_on", "due_on", "opened_on", "closed_on"),
        *("left_on", "stopped_since", "done_on"),
    }
)
NUMBERS = frozenset(
    {
        *("mean_total", "stars", "stars_decided", "step", "days_left", "facts.cost"),
        *("wanted", "at_most", "actual", "missing"),
    }
)
#: Of these exactly one says what stands in a column.
_SOURCES = ("text", "number", "field")
_DATE_PART = re.compile("dd|mm|yyyy|yy")
_STRFTIME = {"dd": "%d", "mm": "%m", "yyyy": "%Y", "yy": "%y"}


@dataclass(frozen=True, slots=True)
class Column:
    """One column: a fixed text, the number of the row, or a field with its way of being written."""

    title: str
    text: str | None
    number: bool
    field: str | None
    date: str | None
    decimals: int | None
    comma: bool
    digits: int | None
    values: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Layout:
    """``only``: field -> values that a record must have one of to stand in the table."""

    rows: str
    sheet: str
    only: Mapping[str, tuple[str, ...]]
    columns: tuple[Column, ...]


def layout_of(doc: Json) -> Layout:
    """A layout from a document that ``faults`` finds nothing wrong with."""
    only = {name: tuple(map(str, values)) for name, values in doc.get("only", {}).items()}
    return Layout(doc["rows"], doc.get("sheet", "OCOP"), MappingProxyType(only), tuple(map(_column, doc["columns"])))


def _column(doc: Json) -> Column:
    return Column(
        title=doc["title"],
        text=doc.get("text"),
        number=doc.get("number", False),
        field=doc.get("field"),
        date=doc.get("date"),
        decimals=doc.get("decimals"),
        comma=doc.get("comma", False),
        digits=doc.get("digits"),
        values=MappingProxyType(doc.get("values", {})),
    )


def faults(doc: Json) -> Iterator[Finding]:
    """What a layout of the right shape says wrongly: unknown fields, columns of nothing or of two things, formats."""
    known = FIELDS[doc["rows"]]
    for name in doc.get("only", {}):
        if name not in known:
            yield finding(("only", name), "export_field_unknown", field=name, known=", ".join(known))
    for index, column in enumerate(doc["columns"]):
        at = ("columns", index)
        if sum(name in column for name in _SOURCES) != 1:
            yield finding(at, "export_column_source", title=column["title"])
        field = column.get("field")
        if field is not None and field not in known:
            yield finding((*at, "field"), "export_field_unknown", field=field, known=", ".join(known))
        if "date" in column and (field not in DAYS or not _is_date_form(column["date"])):
            yield finding((*at, "date"), "export_date_wrong", title=column["title"], form=column["date"])
        if "decimals" in column and field not in NUMBERS:
            yield finding((*at, "decimals"), "export_number_wrong", title=column["title"])


def _is_date_form(form: str) -> bool:
    rest = _DATE_PART.sub("", form)
    return rest != form and not re.search("[A-Za-z%]", rest)


def wanted(layout: Layout, record: Json) -> bool:
    """Whether a record stands in the table."""
    return all(str(found(record, name)) in values for name, values in layout.only.items())


def cells(layout: Layout, record: Json, number: int) -> list[Cell]:
    """The row of a record; ``number`` counts the rows from 1."""
    return [_cell(column, record, number) for column in layout.columns]


def found(record: Json, path: str) -> Any:
    """The value at a path with dots; None where a part of the way is not there."""
    value: Any = record
    for part in path.split("."):
        value = value.get(part) if isinstance(value, Mapping) else None
    return value


def _cell(column: Column, record: Json, number: int) -> Cell:
    if column.field is None:
        return number if column.number else column.text
    value = found(record, column.field)
    if value is None or str(value) in column.values:
        return column.values.get(str(value)) if value is not None else None
    if column.field in DAYS:
        day = date.fromisoformat(value)
        return day.strftime(_strftime(column.date)) if column.date else day
    if column.decimals is not None:
        text = mean_decimal(Fraction(value), column.decimals)
        return text.replace(".", ",") if column.comma else text
    if column.digits is not None:
        return str(value).zfill(column.digits)
    return value if isinstance(value, int) and not isinstance(value, bool) else str(value)


def _strftime(form: str) -> str:
    return _DATE_PART.sub(lambda part: _STRFTIME[part[0]], form)
