"""What may be done with one dossier now, and what is missing for it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from ocop_flow.domain import decide, requirements
from ocop_flow.domain.authority import Person
from ocop_flow.domain.doers import acting_unit
from ocop_flow.domain.dossier import Dossier
from ocop_flow.domain.regime import Action, Regime, State
from ocop_flow.domain.situation import Law
from ocop_flow.domain.units import Unit, UnitTree
from ocop_flow.errors import Reason, Refused, reason
from ocop_flow.ports import UnitOfWork
from ocop_flow.service.desk import law_of_day
from ocop_flow.service.dossier_find import commune_of, find
from ocop_flow.service.dossier_view import unit_view
from ocop_flow.service.office import Caller, Office

Json = dict[str, Any]


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
        tier, certified = action.tier(law.regime.states[dossier.state]), action.ends_certificate
        unit = acting_unit(tree, commune, tier, on, leaving=_leaves(action), certified=certified)
        if everything or _holds(person, action, unit, on):
            listed.append(_action_view(regime, dossier, action, unit, on, law.regime.states[dossier.state]))
    return listed


def lacking(uow: UnitOfWork, dossier: Dossier, listed: Iterable[Json]) -> list[Json]:
    """Evidence that the steps forward among the listed ``actions`` of a dossier still lack, each kind once.

    Steps that its result excludes ask for nothing: papers for the Ministry are not missing from a four-star dossier.
    """
    regime = uow.law(dossier.workflow_hash).regime
    ahead = {each.id for each in requirements.open_steps(regime.actions_from(dossier.state), dossier)}
    found: dict[str, Json] = {}
    for item in listed:
        for need in item["needs"]["evidence"] if item["action"] in ahead else ():
            if need["have"] < need["required"]:
                found.setdefault(need["kind"], need)
    return list(found.values())


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
