"""A dossier's fold as a canonical value and back, so that a command continues from the view, not the whole history.

What is empty or None is left out, and so is ``before``, which only a replay knows.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import MISSING, fields
from datetime import date
from fractions import Fraction
from operator import attrgetter, itemgetter
from typing import Any

from ocop_flow.domain import beside
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
    day_text,
)
from ocop_flow.domain.event import parse_time, time_text
from ocop_flow.domain.kept import Kept, from_body

Json = dict[str, Any]


def to_json(dossier: Dossier) -> Json:
    """The fold as a canonical value; tuples stand for lists."""
    found = {name: value for name, value in zip(_NAMES, _values(dossier), strict=True) if value or value in ("", 0)}
    found.pop("before", None)
    if dossier.margin == beside.EMPTY:
        del found["margin"]
    for name, write in _WRITTEN:
        if name in found:
            found[name] = write(found[name])
    return found


def from_json(body: Json) -> Dossier:
    """Inverse of ``to_json``."""
    values = {**_ABSENT, "fields": {}, **body}
    for name, read in _READ:
        if name in body:
            values[name] = read(body[name])
    return Dossier(*_in_order(values))


_NAMES = tuple(each.name for each in fields(Dossier))
_values = attrgetter(*_NAMES)
_in_order = itemgetter(*_NAMES)


def certificate_json(certificate: Certificate) -> Json:
    return {
        "number": certificate.number,
        "product_code": certificate.product_code,
        "stars": certificate.stars,
        "issuer_code": certificate.issuer_code,
        "issuer_name": certificate.issuer_name,
        "issuer_tier": certificate.issuer_tier,
        "decision": certificate.decision,
        "issued_on": certificate.issued_on.isoformat(),
        "valid_to": certificate.valid_to.isoformat(),
        "status": certificate.status,
        "status_on": day_text(certificate.status_on),
        "replaced_by": certificate.replaced_by,
        "product_name": certificate.product_name,
        "entity": certificate.entity,
        "entity_name": certificate.entity_name,
    }


def _evidence_json(item: Evidence) -> list[Any]:
    seq, kind, copies, on, issued, expires, file = item
    return [seq, kind, copies, on.isoformat(), day_text(issued), day_text(expires), file]


def _evidence(row: list[Any]) -> Evidence:
    seq, kind, copies, on, issued, expires, file = row
    return Evidence(seq, kind, copies, date.fromisoformat(on), day_of(issued), day_of(expires), file)


def _score_json(score: Score) -> list[Any]:
    return [score.sitting, score.member, [str(p) for p in score.parts], score.points, score.seq, score.turn]


def _score(row: list[Any]) -> Score:
    sitting, member, parts, *rest = row
    return Score(sitting, member, tuple(map(Fraction, parts)), *rest)


def _assessment_json(found: Assessment) -> list[Any]:
    return [found.source, [str(p) for p in found.parts], found.points, found.on.isoformat(), found.seq]


def _assessment(row: list[Any]) -> Assessment:
    source, parts, points, on, seq = row
    return Assessment(source, tuple(map(Fraction, parts)), points, date.fromisoformat(on), seq)


def _visit_json(visit: Visit) -> list[Any]:
    state, on, seq, kind = visit
    return [state, on.isoformat(), seq, kind]


def _visit(row: list[Any]) -> Visit:
    state, on, seq, kind = row
    return Visit(state, date.fromisoformat(on), seq, kind)


def _extension_json(given: Extension) -> list[Any]:
    return [given.deadline, given.to.isoformat(), given.decision, given.reason, given.seq]


def _extension(row: list[Any]) -> Extension:
    deadline, to, decision, text, seq = row
    return Extension(deadline, date.fromisoformat(to), decision, text, seq)


def _former_json(left: Former) -> list[Any]:
    return [left.code, day_text(left.valid_from), left.name, left.until.isoformat()]


def _former(row: list[Any]) -> Former:
    code, first, name, until = row
    return Former(code, day_of(first), name, date.fromisoformat(until))


def _missing_json(missing: Missing) -> list[Any]:
    return [missing.kind, missing.copies, missing.answer, missing.minutes, missing.seq]


def _missing(row: list[Any]) -> Missing:
    return Missing(*row)


def _round_end_json(end: RoundEnd) -> list[Any]:
    return [end.tier, end.on.isoformat(), end.seq]


def _round_end(row: list[Any]) -> RoundEnd:
    tier, on, seq = row
    return RoundEnd(tier, date.fromisoformat(on), seq)


def _result_json(result: Result) -> Json:
    return {
        "sitting": result.sitting,
        "tier": result.tier,
        "seq": result.seq,
        "on": result.on.isoformat(),
        "mean_total": str(result.mean_total),
        "parts": [str(part) for part in result.parts],
        "stars": result.stars,
        "stars_by_total": result.stars_by_total,
        "minima": list(result.minima),
        "spread": str(result.spread),
    }


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


def _kept_json(kept: Kept) -> Json:
    return kept.body


_Ways = tuple[Callable[[Any], Any], Callable[[Any], Any]]


def _each(write: Callable[[Any], Any], read: Callable[[Any], Any]) -> _Ways:
    """How any number of them is written and read."""
    return lambda rows: [write(row) for row in rows], lambda rows: tuple([read(row) for row in rows])


#: What there may be any number of: how one is written, and read.
_MANY: dict[str, _Ways] = {
    "evidence": (_evidence_json, _evidence),
    "scores": (_score_json, _score),
    "assessments": (_assessment_json, _assessment),
    "visits": (_visit_json, _visit),
    "acts": (list, tuple),
    "extensions": (_extension_json, _extension),
    "former": (_former_json, _former),
    "missing": (_missing_json, _missing),
    "rated": (list, tuple),
    "earlier_certificates": (certificate_json, certificate_of),
    "rounds_ended": (_round_end_json, _round_end),
}
_DAYS = ("commune_from", "opened_on", "closed_on", "last_move_on", "filed_on", "previous_valid_to", "first_recognised")
_WAYS: dict[str, _Ways] = {
    **{name: _each(*ways) for name, ways in _MANY.items()},
    **dict.fromkeys(_DAYS, (date.isoformat, date.fromisoformat)),
    "last_recorded_at": (time_text, parse_time),
    "result": (_result_json, _result),
    "certificate": (certificate_json, certificate_of),
    "last_act": (list, tuple),
    "margin": (beside.to_json, beside.from_json),
    "kept": (_kept_json, from_body),
}
_WRITTEN = tuple((name, write) for name, (write, _) in _WAYS.items())
_READ = tuple((name, read) for name, (_, read) in _WAYS.items())
#: What stands for values that are left out.
_ABSENT: Json = {
    **dict.fromkeys(_NAMES),
    **dict.fromkeys(_MANY, ()),
    **{each.name: each.default for each in fields(Dossier) if each.default is not MISSING},
}
