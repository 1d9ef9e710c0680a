"""What the minutes of a sitting say, as data: the screen and the papers put it into words.

Everything comes from the record: who sat there by which authorisation, every sheet of every turn, the results.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

from ocop_flow.domain import council_rules, scoring
from ocop_flow.domain.council import Council, Seat, Sitting
from ocop_flow.domain.dossier import Dossier
from ocop_flow.domain.event import Event
from ocop_flow.domain.exact import exact, mean_decimal
from ocop_flow.domain.rating import parse_exact
from ocop_flow.domain.record import known_dossier
from ocop_flow.domain.regime import Regime
from ocop_flow.ports import UnitOfWork
from ocop_flow.service.councils import find_sitting

Json = dict[str, Any]


def minutes(uow: UnitOfWork, typed: str) -> Json:
    """One sitting whole; raises NotFound.

    returns  sitting, on, manner, council {code, unit, decision, round, year}, chair, secretary, present, absent (seats
             with post and authorisation), quorum, rules {name: {value, source, mark}}, interests, dossiers (in the
             order of the sitting, see ``_dossier``), stars (star -> how many dossiers), open (codes not closed)
    """
    found, sitting = find_sitting(uow, typed)
    dossiers = [known_dossier(uow.dossier(code), code) for code in sitting.dossiers]
    regime = uow.law(dossiers[0].workflow_hash).regime
    shown = [_dossier(uow, found, sitting, dossier) for dossier in dossiers]
    held = found.seated(sitting)
    filled = {seat.seat for seat in held}
    return {
        "sitting": sitting.code,
        "on": sitting.on.isoformat(),
        "manner": sitting.manner,
        "council": _council(found),
        "chair": next((seat.name for seat in held if seat.role == "council_chair"), None),
        "secretary": next((seat.name for seat in found.seats if seat.role == "council_secretary"), None),
        "present": [_seat(found, seat) for seat in held],
        "absent": [_seat(found, seat) for seat in found.members if seat.handle not in filled],
        "quorum": council_rules.quorum(found, sitting, council_rules.rule(found, regime, "quorum").value),
        "rules": _rules(found, regime),
        "interests": [
            {"name": seat.name if (seat := found.seat(each.handle)) else each.handle, "dossier": each.dossier}
            for each in found.interests
            if each.dossier in sitting.dossiers
        ],
        "dossiers": shown,
        "stars": dict(sorted(Counter(each["stars"] or 0 for each in shown if each["closed"]).items(), reverse=True)),
        "open": [each["dossier"] for each in shown if not each["closed"]],
    }


def _council(found: Council) -> Json:
    unit = found.unit
    return {
        "code": found.code,
        "unit": {"code": unit.code, "name": unit.name, "tier": unit.tier},
        "decision": found.decision,
        "round": found.round,
        "year": found.year,
    }


def _seat(found: Council, seat: Seat) -> Json:
    principal = found.seat(seat.stands_for) if seat.stands_for else None
    return {
        "handle": seat.handle,
        "name": seat.name,
        "role": seat.role,
        "post": seat.post or (principal.post if principal else None),
        "stands_for": principal.name if principal else seat.stands_for,
        "decision": seat.decision,
    }


def _rules(found: Council, regime: Regime) -> Json:
    named = {name: council_rules.rule(found, regime, name) for name in council_rules.NAMES if name != "signs"}
    return {
        name: {"value": list(each.value) if isinstance(each.value, tuple) else each.value, **_source(each)}
        for name, each in named.items()
    }


def _source(each: council_rules.Rule) -> Json:
    return {"source": each.source, "mark": each.mark}


def _dossier(uow: UnitOfWork, found: Council, sitting: Sitting, dossier: Dossier) -> Json:
    """One dossier before the sitting.

    turns   every turn of scoring with its sheets: member, name, total, opinion, opinions by criterion
    unscored  members present without a sheet in the last turn, who had declared no interest; [] before the closing
    result  fields of ``council close``; None values where the dossier has not been closed
    """
    events = [
        event
        for event in uow.events("dossier", dossier.code)
        if event.action in ("score", "close_sitting") and event.data["sitting"] == sitting.code
    ]
    closing = next((event for event in reversed(events) if event.action == "close_sitting"), None)
    current = {each.seq for each in scoring.sheets(dossier, sitting)}
    kept = {each.seq for each in dossier.scores if each.sitting == sitting.code} | current
    return {
        "dossier": dossier.code,
        "product": dossier.product_name,
        "product_set": dossier.product_set,
        "entity": dossier.entity_name,
        "commune": dossier.commune_name,
        "kind": dossier.kind,
        "regime": dossier.regime,
        "assessments": [{"source": each.source, "total": exact(each.total)} for each in dossier.assessments],
        "turns": _turns([event for event in events if event.action == "score" and event.seq in kept]),
        "unscored": _unscored(found, sitting, dossier) if closing is not None else [],
        "closed": closing is not None,
        **_result(closing),
    }


def _unscored(found: Council, sitting: Sitting, dossier: Dossier) -> list[str]:
    sheets = {each.member for each in scoring.sheets(dossier, sitting)}
    here = [seat for seat in found.seated(sitting) if seat.handle not in sheets]
    return [seat.name for seat in here if found.interest(seat.handle, dossier.code) is None]


def _turns(events: list[Event]) -> list[Json]:
    turns: dict[int, list[Json]] = {}
    for event in events:
        data = event.data
        sheet = {
            "member": data["member"]["login"],
            "name": data["member"]["name"],
            "total": data["total"],
            "parts": data["parts"],
            "opinion": data.get("opinion"),
            "opinions": data.get("opinions", {}),
        }
        turns.setdefault(data.get("turn", 1), []).append(sheet)
    return [{"turn": turn, "sheets": sheets} for turn, sheets in sorted(turns.items())]


def _result(closing: Event | None) -> Json:
    data = closing.data if closing else {}
    mean = data.get("mean_total")
    return {
        "mean_total": mean,
        "mean_decimal": mean_decimal(parse_exact(mean)) if mean is not None else None,
        "stars": data.get("stars"),
        "stars_by_total": data.get("stars_by_total"),
        "missed": [item for item in data.get("minima", ()) if item["met"] is False],
        "conditions": data.get("conditions", {}),
        "knock_outs": data.get("knock_outs", []),
        "spread": data.get("spread"),
        "warnings": list(closing.warnings) if closing else [],
    }
