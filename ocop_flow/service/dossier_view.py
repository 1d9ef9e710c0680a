"""Reading one dossier: what it is, what may be done with it, what happened to it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from ocop_flow.domain import decide, requirements
from ocop_flow.domain.authority import Person
from ocop_flow.domain.doers import acting_unit
from ocop_flow.domain.dossier import Dossier, replay
from ocop_flow.domain.event import Event, doer_json, signer_json, time_text
from ocop_flow.domain.exact import exact
from ocop_flow.domain.regime import Action, Regime, State
from ocop_flow.domain.situation import Law
from ocop_flow.domain.units import Unit, UnitTree
from ocop_flow.errors import NotFound, Reason, Refused, reason
from ocop_flow.ports import UnitOfWork
from ocop_flow.service.desk import commune_of, law_of_day
from ocop_flow.service.dossiers import find
from ocop_flow.service.office import Caller, Office

Json = dict[str, Any]


def show(uow: UnitOfWork, office: Office, typed: str, as_of: date | None = None) -> Json:
    """The dossier as ``dossier show`` prints it; ``as_of`` folds only what had happened by that legal day.

    raises  NotFound if there is none, or none yet on that day
    """
    dossier = find(uow, typed)
    on = office.today
    due: str | None = None
    if as_of is not None:
        events = [event for event in uow.events("dossier", dossier.code) if event.occurred_on <= as_of]
        earlier = replay(events)
        if earlier is None:
            raise NotFound(reason("dossier_absent_on_day", dossier=dossier.code, day=as_of.isoformat()))
        dossier, on = earlier, as_of
    rows = uow.rows("dossier", code=dossier.code)
    if as_of is None and rows:
        due = rows[0]["due_on"]
    return view(uow, dossier, on, due)


def view(uow: UnitOfWork, dossier: Dossier, on: date, due_on: str | None) -> Json:
    regime = uow.law(dossier.workflow_hash).regime
    state = regime.states[dossier.state]
    holder = holding_unit(uow.tree([dossier.commune]), commune_of(uow, dossier), state, on)
    return {
        "code": dossier.code,
        "product": dossier.product_name,
        "product_code": dossier.product,
        "product_set": dossier.product_set,
        "entity": dossier.entity_name,
        "entity_code": dossier.entity,
        "entity_kind": dossier.entity_kind,
        "kind": dossier.kind,
        "track": dossier.track,
        "regime": dossier.regime,
        "workflow_hash": dossier.workflow_hash,
        "state": dossier.state,
        "state_label": state.label,
        "phase": dossier.phase,
        "step": state.step,
        "tier": state.tier,
        "holder": unit_view(holder),
        "commune": {"code": dossier.commune, "name": dossier.commune_name},
        "plan": dossier.plan,
        "stars": dossier.stars,
        "stars_decided": dossier.stars_decided,
        "mean_total": exact(dossier.result.mean_total) if dossier.result else None,
        "due_on": due_on,
        "version": dossier.version,
        "opened_on": dossier.opened_on.isoformat(),
        "closed_on": dossier.closed_on.isoformat() if dossier.closed_on else None,
        "certificate": dossier.certificate.number if dossier.certificate else None,
        "previous": dossier.previous,
    }


def holding_unit(tree: UnitTree, commune: Unit, state: State, on: date) -> Unit | None:
    """The unit that holds a dossier in a state on a day; None where closed, or where the unit has ended."""
    return tree.reach(commune, state.tier, on) if state.tier else None


def unit_view(unit: Unit | None) -> Json | None:
    return {"code": unit.code, "name": unit.name, "tier": unit.tier} if unit else None


def actions(uow: UnitOfWork, office: Office, caller: Caller, typed: str, *, everything: bool) -> list[Json]:
    """What may be done from the dossier's state, each action with what it needs and why it is not allowed yet.

    everything  every action from this state, ``allowed`` for a rightful holder of one of its roles; else those whose
                role the caller holds at the acting unit
    """
    dossier = find(uow, typed)
    law = uow.law(dossier.workflow_hash)
    commune = commune_of(uow, dossier)
    tree = uow.tree([dossier.commune])
    on = office.today
    current = _current(uow, tree, commune, on, law)
    person = uow.person(caller.handle) if caller.handle else None
    listed = []
    for pinned in law.regime.actions_from(dossier.state):
        if pinned.kind == "system":
            continue
        regime, action = requirements.governing(dossier, pinned, law.regime, current.regime)
        unit = acting_unit(tree, commune, action.tier(law.regime.states[dossier.state]), on, leaving=_leaves(action))
        if everything or _holds(person, action, unit, on):
            listed.append(_action_view(regime, dossier, action, unit, on, law.regime.states[dossier.state]))
    return listed


def _current(uow: UnitOfWork, tree: UnitTree, commune: Unit, on: date, pinned: Law) -> Law:
    try:
        return law_of_day(uow, tree, commune, on)
    except Refused:
        return pinned


def _leaves(action: Action) -> bool:
    return action.kind == "withdraw"


def _holds(person: Person | None, action: Action, unit: Unit | Reason, on: date) -> bool:
    if person is None or isinstance(unit, Reason):
        return False
    return person.post([role.role for role in action.roles], unit, on) is not None


def _action_view(regime: Regime, dossier: Dossier, action: Action, unit: Unit | Reason, on: date, state: State) -> Json:
    evidence = requirements.evidence_states(regime, dossier, action, on)
    found = requirements.unmet(regime, dossier, action, on)
    blocking = [item for item in found if item.binding]
    if isinstance(unit, Reason):
        blocking.insert(0, unit)
    if on < dossier.last_move_on:
        blocking.append(reason("day_before_previous", day=on.isoformat(), previous=dossier.last_move_on.isoformat()))
    tier = unit.tier if isinstance(unit, Unit) else action.tier(state)
    return {
        "action": action.id,
        "label": action.label,
        "kind": action.kind,
        "to_state": action.to,
        "to_label": regime.states[action.to].label,
        "to_phase": action.to.partition(".")[0],
        "tier": tier,
        "unit": unit_view(unit) if isinstance(unit, Unit) else None,
        "roles": [f"{role.role}@{tier}" for role in action.roles],
        "needs": {
            "evidence": [
                {
                    "kind": item.need.kind,
                    "label": regime.evidence[item.need.kind].label,
                    "required": item.need.copies,
                    "have": item.have,
                }
                for item in evidence
            ],
            "fields": [
                {
                    "name": need.name,
                    "type": need.type,
                    "required": need.required,
                    "label": need.label,
                    **({"choices": list(need.choices)} if need.choices else {}),
                }
                for need in decide.fields_of(action)
            ],
            "scores": action.scores,
            "decision": action.decision,
            "reason": action.reason,
        },
        "allowed": not blocking,
        "reasons": [*blocking, *(item for item in found if not item.binding), *_another_signs(dossier, action)],
        "source": action.source,
    }


def _another_signs(dossier: Dossier, action: Action) -> list[Reason]:
    """The standing duty to have another person sign than the one who prepared."""
    return [
        reason("another_must_sign", person=who, action=action.label, prepared=prepared)
        for prepared in action.separate_from
        if (who := dossier.done_by(prepared)) is not None
    ]


def history(uow: UnitOfWork, typed: str) -> list[Json]:
    """Every event of the dossier in order."""
    dossier = find(uow, typed)
    return [event_view(event) for event in uow.events("dossier", dossier.code)]


def event_view(event: Event) -> Json:
    return {
        "seq": event.seq,
        "action": event.action,
        "from_state": event.from_state,
        "to_state": event.to_state,
        "recorded_at": time_text(event.recorded_at),
        "occurred_on": event.occurred_on.isoformat(),
        "entry": event.entry,
        "actor": doer_json(event.actor),
        "recorder": doer_json(event.recorder),
        "signer": signer_json(event.signer) if event.signer else None,
        "data": event.data,
        "reason": event.reason,
        "overridden": list(event.overridden),
        "warnings": list(event.warnings),
        "regime": event.regime,
        "workflow_hash": event.workflow_hash,
        "prev_hash": event.prev_hash,
        "hash": event.hash(),
    }


def replayed(
    uow: UnitOfWork,
    office: Office,
    typed: str,
    *,
    to: int | None = None,
    at: date | None = None,
    known_at: datetime | None = None,
) -> Json:
    """State, view and events up to a sequence number, a legal day, or what was recorded by a moment."""
    dossier = find(uow, typed)
    events = [
        event
        for event in uow.events("dossier", dossier.code)
        if (to is None or event.seq <= to)
        and (at is None or event.occurred_on <= at)
        and (known_at is None or event.recorded_at <= known_at)
    ]
    folded = replay(events)
    if folded is None:
        raise NotFound(reason("dossier_absent_on_day", dossier=dossier.code, day=str(at or known_at or to)))
    return {
        "state": folded.state,
        "view": view(uow, folded, at or office.today, None),
        "events": [event_view(event) for event in events],
    }
