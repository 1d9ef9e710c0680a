"""Reads the values typed for an action's fields, by their declared type."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from fractions import Fraction

from ocop_flow.domain import codes, names
from ocop_flow.domain.regime import FieldNeed
from ocop_flow.errors import InputInvalid, Reason, Text, reason

_TRUE = frozenset({"true", "yes", "1", "co", "dung", "x"})
_FALSE = frozenset({"false", "no", "0", "khong", "sai"})
_DAY = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")
_LONGEST = 4000

Value = str | int | bool


def read_day(text: str) -> date:
    """A day typed as ``2027-04-29`` or ``29/4/2027``.

    raises  InputInvalid: unreadable, or a date that does not exist
    """
    typed = names.plain(text)
    match = _DAY.fullmatch(typed)
    try:
        if match:
            return date(int(match[3]), int(match[2]), int(match[1]))
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", typed):
            return date.fromisoformat(typed)
    except ValueError:
        raise InputInvalid(reason("date_does_not_exist", day=typed)) from None
    raise InputInvalid(reason("date_unreadable", text=typed))


def read_fields(needs: Iterable[FieldNeed], typed: Mapping[str, str]) -> dict[str, Value]:
    """The typed values, read.

    raises  InputInvalid listing every unknown name and every value that its type does not take; a missing required
            field is not an unreadable one and is left to ``missing``
    """
    known = {need.name: need for need in needs}
    faults: list[Reason] = []
    values: dict[str, Value] = {}
    for name, text in typed.items():
        if name not in known:
            faults.append(reason("field_unknown", field=name, known=", ".join(known) or "-"))
            continue
        try:
            values[name] = read_value(known[name], text)
        except InputInvalid as error:
            faults.extend(error.reasons)
    if faults:
        raise InputInvalid(*faults)
    return values


def missing(needs: Iterable[FieldNeed], values: Mapping[str, Value]) -> tuple[Reason, ...]:
    """A reason for each required field without a value."""
    return tuple(
        reason("field_missing", field=need.name, label=need.label, expected=_expected(need))
        for need in needs
        if need.required and need.name not in values
    )


def read_value(need: FieldNeed, text: str) -> Value:
    """One value of the declared type; text is normalised to NFC.

    raises  InputInvalid
    """
    value = names.clean_name(text, limit=_LONGEST, field=_named(need))
    try:
        return _READERS[need.type](need, value)
    except InputInvalid:
        raise
    except ValueError:
        raise InputInvalid(
            reason("field_unreadable", field=_named(need), text=value, expected=_expected(need))
        ) from None


def _named(need: FieldNeed) -> Text:
    """The law's word for the field, with the name by which it is typed."""
    return Text(*(f"{label} ({need.name})" for label in need.label))


def _expected(need: FieldNeed) -> str:
    """What to type: the choices where there are some, else the type."""
    return "|".join(need.choices) or need.type


def _boolean(_need: FieldNeed, text: str) -> bool:
    folded = names.fold(text)
    if folded in _TRUE or folded in _FALSE:
        return folded in _TRUE
    raise ValueError(text)


def _choice(need: FieldNeed, text: str) -> str:
    if text in need.choices:
        return text
    raise ValueError(text)


def _integer(_need: FieldNeed, text: str) -> int:
    if not re.fullmatch(r"-?\d{1,15}", text):
        raise ValueError(text)
    return int(text)


def _decimal(_need: FieldNeed, text: str) -> str:
    if not re.fullmatch(r"-?\d{1,12}(\.\d{1,9})?", text):
        raise ValueError(text)
    return str(Fraction(text)) if "." in text and Fraction(text).denominator == 1 else text


def _text(_need: FieldNeed, text: str) -> str:
    return text


def _date(_need: FieldNeed, text: str) -> str:
    return read_day(text).isoformat()


def _document_number(_need: FieldNeed, text: str) -> str:
    return codes.document_number(text)


_READERS: dict[str, Callable[[FieldNeed, str], Value]] = {
    "text": _text,
    "date": _date,
    "integer": _integer,
    "decimal": _decimal,
    "boolean": _boolean,
    "choice": _choice,
    "document_number": _document_number,
    "unit": _text,
    "person": _text,
}
