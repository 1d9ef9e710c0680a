"""A dossier's fold as a canonical value and back, so that a command continues from the view, not the whole history.

What is empty or None is left out, and so is ``before``, which only a replay knows.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from datetime import date
from fractions import Fraction
from operator import attrgetter, itemgetter
from typing import Any

from ocop_flow.domain import beside, canonical
from ocop_flow.domain.dossier import (
    Assessment,
    Certificate,
    Dossier,
    Evidence,
    Extension,
    Former,
    Missing,
    Result,
    RoundEnd,
    Score,
    Visit,
    certificate_of,
    day_of,
)
from ocop_flow.domain.event import parse_time, time_text
from ocop_flow.domain.kept import Kept, from_body
from ocop_flow.errors import Unavailable, reason

Json = dict[str, Any]


def text(dossier: Dossier) -> str:
    """The fold as it stands in its row."""
    found: Json = {
        name: value for name, value in zip(Dossier._fields, dossier, strict=True) if value or value in ("", 0)
    }
    found.pop("before", None)
    if dossier.margin == beside.EMPTY:
        del found["margin"]
    found["last_recorded_at"] = time_text(dossier.last_recorded_at)
    # As rows, without a call for each.
    found["visits"] = [*map(tuple, dossier.visits)]
    if dossier.evidence:
        found["evidence"] = [*map(tuple, dossier.evidence)]
    return canonical.text(found, _plain)


def _plain(value: Any) -> Any:
    return _WRITE[type(value)](value)


def to_json(dossier: Dossier) -> Json:
    """The fold as a canonical value."""
    found: Json = canonical.decode(text(dossier))
    return found


def of_row(code: str, fold: str) -> Dossier:
    """The dossier whose fold stands in a row; raises Unavailable for what no program of ours has written there."""
    try:
        return from_json(canonical.decode(fold))
    except (ValueError, KeyError, TypeError, AttributeError):
        raise Unavailable(reason("view_unreadable", dossier=code)) from None


def from_json(body: Json) -> Dossier:
    """Inverse of ``to_json``; raises KeyError where something lacks that every dossier has."""
    values = {**_ABSENT, "fields": {}, **body}
    for name, read in _READ:
        if name in body:
            values[name] = read(body[name])
    return Dossier._make(_in_order(values))


def certificate_json(certificate: Certificate) -> Json:
    """A certificate as a canonical value; ``certificate_of`` is the inverse."""
    found: Json = canonical.decode(canonical.text(certificate, _plain))
    return found


_in_order = itemgetter(*Dossier._fields)


# Every dossier has many of these two: their lists are read without a call for each.
def _evidence(rows: list[Any]) -> tuple[Evidence, ...]:
    return tuple(
        [
            Evidence(seq, kind, copies, date.fromisoformat(on), day_of(issued), day_of(expires), file)
            for seq, kind, copies, on, issued, expires, file in rows
        ]
    )


def _score(row: list[Any]) -> Score:
    sitting, member, parts, *rest = row
    return Score(sitting, member, tuple(map(Fraction, parts)), *rest)


def _assessment(row: list[Any]) -> Assessment:
    source, parts, points, on, seq = row
    return Assessment(source, tuple(map(Fraction, parts)), points, date.fromisoformat(on), seq)


def _visits(rows: list[Any]) -> tuple[Visit, ...]:
    return tuple([Visit(state, date.fromisoformat(on), seq, kind) for state, on, seq, kind in rows])


def _extension(row: list[Any]) -> Extension:
    deadline, to, decision, text, seq = row
    return Extension(deadline, date.fromisoformat(to), decision, text, seq)


def _former(row: list[Any]) -> Former:
    code, first, name, until = row
    return Former(code, day_of(first), name, date.fromisoformat(until))


def _missing(row: list[Any]) -> Missing:
    return Missing(*row)


def _round_end(row: list[Any]) -> RoundEnd:
    tier, on, seq = row
    return RoundEnd(tier, date.fromisoformat(on), seq)


def _result(body: Json) -> Result:
    return Result(
        sitting=body["sitting"],
        tier=body["tier"],
        seq=body["seq"],
        on=date.fromisoformat(body["on"]),
        mean_total=Fraction(body["mean_total"]),
        parts=tuple(Fraction(part) for part in body["parts"]),
        stars=body["stars"],
        stars_by_total=body["stars_by_total"],
        minima=tuple(body["minima"]),
        spread=Fraction(body["spread"]),
    )


def _each(read: Callable[[Any], Any]) -> Callable[[list[Any]], tuple[Any, ...]]:
    """How any number of them is read."""
    return lambda rows: tuple([read(row) for row in rows])


def _named(kind: type) -> Callable[[Any], Json]:
    """How a value is written with the names of its fields."""
    names = tuple(each.name for each in fields(kind))
    return lambda value: {name: getattr(value, name) for name in names}


def _in_a_row(kind: type) -> Callable[[Any], tuple[Any, ...]]:
    """How a value is written as the row of its fields."""
    return attrgetter(*(each.name for each in fields(kind)))


#: How each is written, of which JSON knows nothing; days are written as their ISO text.
_WRITE: dict[type, Callable[[Any], Any]] = {
    Fraction: str,
    **{kind: _in_a_row(kind) for kind in (Score, Assessment, Extension, Former, Missing, RoundEnd)},
    Certificate: _named(Certificate),
    Result: _named(Result),
    beside.Margin: beside.to_json,
    Kept: attrgetter("body"),
}
#: How what there may be any number of is read.
_MANY: dict[str, Callable[[Any], Any]] = {
    "evidence": _evidence,
    "scores": _each(_score),
    "assessments": _each(_assessment),
    "visits": _visits,
    "acts": _each(tuple),
    "extensions": _each(_extension),
    "former": _each(_former),
    "missing": _each(_missing),
    "rated": _each(tuple),
    "earlier_certificates": _each(certificate_of),
    "rounds_ended": _each(_round_end),
}
_DAYS = (
    "commune_from",
    "opened_on",
    "closed_on",
    "last_move_on",
    "filed_on",
    "previous_valid_to",
    "first_recognised",
    "scored_on",
)
_READ: tuple[tuple[str, Callable[[Any], Any]], ...] = (
    *_MANY.items(),
    *((name, date.fromisoformat) for name in _DAYS),
    ("last_recorded_at", parse_time),
    ("result", _result),
    ("certificate", certificate_of),
    ("last_act", tuple),
    ("margin", beside.from_json),
    ("kept", from_body),
)
#: Values that may be None and have no default.
_NONE = (
    "commune_from",
    "plan",
    "previous",
    "closed_on",
    "filed_on",
    "result",
    "stars_decided",
    "certificate",
    "last_act",
)
#: What stands for values that are left out.
_ABSENT: Json = {**dict.fromkeys(_NONE), **dict.fromkeys(_MANY, ()), **Dossier._field_defaults}
