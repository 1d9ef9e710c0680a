"""A dossier's history step by step: at any point, how long each office held it, and what differs between two points."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from ocop_flow.domain import dossier_json
from ocop_flow.domain.dossier import Dossier
from ocop_flow.domain.dossier_fold import replay
from ocop_flow.domain.holding import Stay, stays
from ocop_flow.domain.point import Point
from ocop_flow.errors import NotFound, Text, reason
from ocop_flow.service.dossier_find import commune_of, find
from ocop_flow.service.dossier_view import due_of, event_view, holding_unit, unit_view, view
from ocop_flow.service.heads import head_code

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ocop_flow.domain.event import Event
    from ocop_flow.ports import UnitOfWork
    from ocop_flow.service.office import Office

Json = dict[str, Any]
#: What the fold keeps for its own bookkeeping and no reader of a difference asks about.
_BOOKKEEPING = frozenset({"last_hash", "last_recorded_at", "last_act", "before", "acts", "visits"})


def replayed(uow: UnitOfWork, office: Office, typed: str, point: Point) -> Json:
    """State, view, events and stays up to a point.

    raises  NotFound if there is no such dossier, or nothing of it at that point
    """
    code = find(uow, typed).code
    whole = uow.events("dossier", code)
    _check_number(whole, code, point)
    history = point.cut(whole)
    folded = _folded(history, code, point)
    on = point.at or office.today
    return {
        "state": folded.state,
        "view": view(uow, folded, on, due_of(uow, folded, on)),
        "events": [_step(uow, office, event) for event in history],
        "held": held(uow, folded, on),
    }


def listed(uow: UnitOfWork, office: Office, typed: str) -> list[Json]:
    """Every event of the dossier in order, as ``replayed`` shows them."""
    code = find(uow, typed).code
    return [_step(uow, office, event) for event in uow.events("dossier", code)]


def story(uow: UnitOfWork, office: Office, typed: str) -> Json:
    """Everything that the page of a dossier tells.

    ``law`` is the decision that it is under, as papers name it; ``head`` the newest signed head of the log, None before
    any
    """
    told = replayed(uow, office, typed, Point())
    law = uow.law(told["view"]["workflow_hash"]).regime.decision
    return {**told, "law": law, "asked_on": office.today.isoformat(), "head": head_code(uow)}


def _check_number(history: Sequence[Event], code: str, point: Point) -> None:
    """raises  NotFound for a number that no event of the dossier has"""
    last = history[-1].seq if history else 0
    if point.to is not None and not 1 <= point.to <= last:
        raise NotFound(reason("event_absent", dossier=code, seq=point.to, last=last))


def _folded(history: list[Event], code: str, point: Point) -> Dossier:
    folded = replay(history)
    if folded is None:
        raise NotFound(reason("dossier_absent_on_day", dossier=code, day=str(point)))
    return folded


def _step(uow: UnitOfWork, office: Office, event: Event) -> Json:
    """One event with what a reader wants beside it: the action in words, its article, how late it was recorded."""
    law = _law(uow, event)
    action = _action(law, event)
    labels = {item["id"]: Text(**item["label"]) for item in law.get("evidence", ())}
    return {
        **_named(event, action),
        "to_label": _states(law).get(event.to_state or ""),
        "article": action.get("source") if action else None,
        "recorded_days_after": (office.today_of(event.recorded_at) - event.occurred_on).days,
        **{
            name: [{**item, "label": labels.get(item["kind"], item["kind"])} for item in event.data.get(name, ())]
            for name in ("evidence", "withdrawn")
        },
    }


def _law(uow: UnitOfWork, event: Event) -> Json:
    return (uow.document(event.workflow_hash) if event.workflow_hash else None) or {}


def _action(law: Json, event: Event) -> Json | None:
    return next((item for item in law.get("actions", ()) if item["id"] == event.action), None)


def _states(law: Json) -> dict[str, Text]:
    return {item["id"]: Text(**item["label"]) for item in law.get("states", ()) if item.get("label")}


def _worded(uow: UnitOfWork, event: Event) -> Json:
    return _named(event, _action(_law(uow, event), event))


def _named(event: Event, action: Json | None) -> Json:
    """An event with its act in words where a law names it."""
    return {**event_view(event), "label": Text(**action["label"]) if action else None}


def held(uow: UnitOfWork, dossier: Dossier, on: date) -> list[Json]:
    """Each stay with the unit that held the dossier then; the sums by unit are the reader's."""
    states = uow.outline(dossier.workflow_hash).states
    tiers = {name: row.get("tier") for name, row in states.items()}
    tree, commune = uow.tree([dossier.commune]), commune_of(uow, dossier)

    def shown(stay: Stay) -> Json:
        label = states.get(stay.state, {}).get("label")
        return {
            "state": stay.state,
            "state_label": Text(**label) if label else None,
            "seq": stay.seq,
            "unit": unit_view(holding_unit(tree, commune, stay.tier, stay.since)),
            "from": stay.since.isoformat(),
            "to": stay.until.isoformat() if stay.until else None,
            "days": stay.days,
        }

    last = dossier.closed_on or on
    return [shown(stay) for stay in stays(dossier.visits, tiers, last)]


def compared(uow: UnitOfWork, typed: str, one: Point, other: Point) -> Json:
    """What differs between two points of one history: events that only one has, and every changed fact."""
    code = find(uow, typed).code
    history = uow.events("dossier", code)
    for point in (one, other):
        _check_number(history, code, point)
    cuts = [point.cut(history) for point in (one, other)]
    folds = [dossier_json.to_json(_folded(cut, code, point)) for cut, point in zip(cuts, (one, other), strict=True)]
    numbers = [{event.seq for event in cut} for cut in cuts]
    changes = [
        {"fact": name, "one": folds[0].get(name), "other": folds[1].get(name)}
        for name in sorted(folds[0].keys() | folds[1].keys())
        if name not in _BOOKKEEPING and folds[0].get(name) != folds[1].get(name)
    ]
    return {
        "dossier": code,
        "one": str(one),
        "other": str(other),
        "only_one": [
            _named(event, _action(_law(uow, event), event)) for event in cuts[0] if event.seq not in numbers[1]
        ],
        "only_other": [
            _named(event, _action(_law(uow, event), event)) for event in cuts[1] if event.seq not in numbers[0]
        ],
        "changes": changes,
        **_names([_law(uow, event) for event in (history[0], history[-1])]),
    }


def _names(laws: list[Json]) -> Json:
    """What the laws call states, kinds of evidence and fields: those of the last one first."""
    evidence = {item["id"]: Text(**item["label"]) for law in laws for item in law.get("evidence", ())}
    needs = (need for law in laws for action in law.get("actions", ()) for need in action.get("fields", ()))
    fields = {need["name"]: Text(**need["label"]) for need in needs}
    return {"states": _states(laws[0]) | _states(laws[-1]), "evidence": evidence, "fields": fields}
