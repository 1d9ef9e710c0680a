"""A dossier's fold as a canonical value and back, so that a command continues from the view, not the whole history."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from fractions import Fraction
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
)
from ocop_flow.domain.event import parse_time, time_text
from ocop_flow.domain.kept import from_body

Json = dict[str, Any]


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
        "status_on": _iso(certificate.status_on),
        "replaced_by": certificate.replaced_by,
        "product_name": certificate.product_name,
        "entity": certificate.entity,
        "entity_name": certificate.entity_name,
    }


def to_json(dossier: Dossier) -> Json:
    """The fold as a canonical value (without ``before``, which only a replay knows)."""
    return {
        "code": dossier.code,
        "version": dossier.version,
        "last_hash": dossier.last_hash,
        "last_recorded_at": time_text(dossier.last_recorded_at),
        "state": dossier.state,
        "regime": dossier.regime,
        "workflow_hash": dossier.workflow_hash,
        "kind": dossier.kind,
        "track": dossier.track,
        "commune": dossier.commune,
        "commune_from": _iso(dossier.commune_from),
        "commune_name": dossier.commune_name,
        "product": dossier.product,
        "product_name": dossier.product_name,
        "product_set": dossier.product_set,
        "entity": dossier.entity,
        "entity_name": dossier.entity_name,
        "entity_kind": dossier.entity_kind,
        "plan": dossier.plan,
        "previous": dossier.previous,
        "opened_on": dossier.opened_on.isoformat(),
        "closed_on": _iso(dossier.closed_on),
        "last_move_on": dossier.last_move_on.isoformat(),
        "filed_on": _iso(dossier.filed_on),
        "filing_checked": dossier.filing_checked,
        "evidence": [
            [e.seq, e.kind, e.copies, e.occurred_on.isoformat(), _iso(e.issued_on), _iso(e.expires_on), e.file]
            for e in dossier.evidence
        ],
        "scores": [[s.sitting, s.member, [str(p) for p in s.parts], s.points, s.seq, s.turn] for s in dossier.scores],
        "assessments": [
            [a.source, [str(p) for p in a.parts], a.points, a.on.isoformat(), a.seq] for a in dossier.assessments
        ],
        "result": _result_json(dossier.result) if dossier.result else None,
        "visits": [[v.state, v.on.isoformat(), v.seq, v.kind] for v in dossier.visits],
        "stars_decided": dossier.stars_decided,
        "certificate": certificate_json(dossier.certificate) if dossier.certificate else None,
        "acts": dossier.acts,
        "fields": dossier.fields,
        "extensions": [[e.deadline, e.to.isoformat(), e.decision, e.reason, e.seq] for e in dossier.extensions],
        "former": [[f.code, _iso(f.valid_from), f.name, f.until.isoformat()] for f in dossier.former],
        "missing": [[m.kind, m.copies, m.answer, m.minutes, m.seq] for m in dossier.missing],
        "last_act": dossier.last_act,
        **_rarely(dossier),
    }


def _rarely(dossier: Dossier) -> Json:
    """What most dossiers have none of is left out."""
    found: Json = {}
    if dossier.rated:
        found["rated"] = [list(each) for each in dossier.rated]
    if dossier.previous_valid_to is not None:
        found["previous_valid_to"] = _iso(dossier.previous_valid_to)
    if dossier.margin != beside.EMPTY:
        found["margin"] = beside.to_json(dossier.margin)
    if dossier.earlier_certificates:
        found["earlier_certificates"] = [certificate_json(each) for each in dossier.earlier_certificates]
    if dossier.first_recognised is not None:
        found["first_recognised"] = _iso(dossier.first_recognised)
    if dossier.kept is not None:
        found["kept"] = dossier.kept.body
    if dossier.rounds_ended:
        found["rounds_ended"] = [[each.tier, each.on.isoformat(), each.seq] for each in dossier.rounds_ended]
    return found


def from_json(body: Json) -> Dossier:
    """Inverse of ``to_json``."""
    read = {name: tuple(map(of, body[name])) if body.get(name) else () for name, of in _LISTS.items()}
    return Dossier(
        **{
            **body,
            **read,
            "last_recorded_at": parse_time(body["last_recorded_at"]),
            "commune_from": day_of(body["commune_from"]),
            "opened_on": date.fromisoformat(body["opened_on"]),
            "closed_on": day_of(body["closed_on"]),
            "last_move_on": date.fromisoformat(body["last_move_on"]),
            "filed_on": day_of(body["filed_on"]),
            "result": _result(body["result"]) if body["result"] else None,
            "certificate": certificate_of(body["certificate"]) if body["certificate"] else None,
            "last_act": tuple(body["last_act"]) if body["last_act"] else None,
            "previous_valid_to": day_of(body.get("previous_valid_to")),
            "kept": from_body(body.get("kept")),
            "first_recognised": day_of(body.get("first_recognised")),
            "margin": beside.from_json(body["margin"]) if "margin" in body else beside.EMPTY,
        }
    )


def _evidence(row: list[Any]) -> Evidence:
    seq, kind, copies, on, issued, expires, file = row
    return Evidence(seq, kind, copies, date.fromisoformat(on), day_of(issued), day_of(expires), file)


def _score(row: list[Any]) -> Score:
    sitting, member, parts, *rest = row
    return Score(sitting, member, tuple(map(Fraction, parts)), *rest)


def _assessment(row: list[Any]) -> Assessment:
    source, parts, points, on, seq = row
    return Assessment(source, tuple(map(Fraction, parts)), points, date.fromisoformat(on), seq)


def _visit(row: list[Any]) -> Visit:
    state, on, seq, kind = row
    return Visit(state, date.fromisoformat(on), seq, kind)


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


#: What there may be any number of, and how one of each is read.
_LISTS: dict[str, Callable[[Any], Any]] = {
    "evidence": _evidence,
    "scores": _score,
    "assessments": _assessment,
    "visits": _visit,
    "acts": tuple,
    "extensions": _extension,
    "former": _former,
    "missing": _missing,
    "rated": tuple,
    "earlier_certificates": certificate_of,
    "rounds_ended": _round_end,
}


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


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
