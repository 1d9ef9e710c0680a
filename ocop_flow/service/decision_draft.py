"""What awaits a decision of a unit: the dossiers, what the result at hand asks for, and what is still missing."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from ocop_flow.domain import requirements
from ocop_flow.domain.decision import check_kind
from ocop_flow.domain.decision_choice import decisions_from, holds, kind_of
from ocop_flow.domain.doers import acting_unit
from ocop_flow.domain.exact import exact
from ocop_flow.domain.record import known_dossier
from ocop_flow.domain.units import Unit
from ocop_flow.ports import UnitOfWork
from ocop_flow.service.communes import communes_below
from ocop_flow.service.desk import person, unit_on
from ocop_flow.service.dossier_find import commune_of
from ocop_flow.service.office import Caller, Office

if TYPE_CHECKING:
    from ocop_flow.domain.dossier import Dossier
    from ocop_flow.domain.regime import Action

Json = dict[str, Any]

#: Posts whose holders record the decisions of their unit (DESIGN section 5).
KEEPERS = ("officer", "leader", "council_secretary")


def draft(
    uow: UnitOfWork,
    office: Office,
    caller: Caller,
    unit: str | None = None,
    kind: str | None = None,
    on: date | None = None,
) -> Json:
    """The data of a draft decision: ``{unit, on, kinds, lines}``, the lines as ``awaiting`` gives them.

    unit    whose decision; None: the caller's own
    raises  InputInvalid (no such kind; the caller has posts at several units and names none), NotFound, Refused
    """
    check_kind(kind)
    day = on or office.today
    issuer = unit_on(uow, unit, day) if unit else own_unit(uow, caller.known(), day)
    lines = awaiting(uow, issuer, day, kind)
    return {
        "unit": {"code": issuer.code, "name": issuer.name, "tier": issuer.tier},
        "on": day.isoformat(),
        "kinds": sorted({line["decision_kind"] for line in lines}),
        "lines": lines,
    }


def own_unit(uow: UnitOfWork, handle: str, on: date) -> Unit:
    """The one unit where someone keeps decisions on a day.

    raises  Refused if there is none, InputInvalid naming them if there are several
    """
    from ocop_flow.errors import InputInvalid, Refused, reason

    posts = [post for post in person(uow, handle).posts if post.role in KEEPERS]
    held = [post for post in posts if post.valid_from <= on and (post.valid_to is None or on <= post.valid_to)]
    units = [unit for code in dict.fromkeys(post.unit for post in held) if (unit := uow.tree([code]).on(code, on))]
    if not units:
        shown = ", ".join(KEEPERS)
        raise Refused(reason("role_missing", person=handle, roles=shown, unit="-", day=on.isoformat()))
    if len(units) > 1:
        raise InputInvalid(reason("decision_unit_needed", units=", ".join(f"{u.code} {u.name}" for u in units)))
    return units[0]


def awaiting(uow: UnitOfWork, issuer: Unit, on: date, kind: str | None = None) -> list[Json]:
    """One line for each dossier whose state asks for a decision of the unit, in order of code.

    kind  only those for which the result at hand asks for this kind of decision
    """
    rows = uow.query(
        "SELECT code, commune FROM dossier WHERE tier = :tier AND phase = 'rating' ORDER BY code", tier=issuer.tier
    )
    below = communes_below(uow, issuer.code)
    found = []
    for row in rows:
        if row["commune"] in below:
            line = _line(uow, known_dossier(uow.dossier(row["code"]), row["code"]), issuer, on)
            if line is not None and kind in (None, line["decision_kind"]):
                found.append(line)
    return found


def _line(uow: UnitOfWork, dossier: Dossier, issuer: Unit, on: date) -> Json | None:
    """What a decision of the issuer would say of a dossier; None where it is not the issuer's to decide."""
    regime = uow.law(dossier.workflow_hash).regime
    state, commune = regime.states[dossier.state], commune_of(uow, dossier)
    tree = uow.tree([dossier.commune])
    mine = [
        action
        for action in decisions_from(regime, dossier.state)
        if acting_unit(tree, commune, action.tier(state), on) == issuer
    ]
    if not mine:
        return None
    fitting = [action for action in mine if holds(dossier, action)] or mine
    chosen = _first(fitting)
    lacking = [item for item in requirements.unmet(regime, dossier, chosen, on) if item.binding]
    return {
        "dossier": dossier.code,
        "product": dossier.product_name,
        "product_set": dossier.product_set,
        "entity": dossier.entity_name,
        "commune": {"code": dossier.commune, "name": dossier.commune_name},
        "kind": dossier.kind,
        "regime": dossier.regime,
        "state": dossier.state,
        "state_label": state.label,
        "since": dossier.last_move_on.isoformat(),
        "mean_total": exact(dossier.result.mean_total) if dossier.result else None,
        "stars": dossier.stars,
        "decision_kind": kind_of(chosen),
        "action": chosen.id,
        "action_label": chosen.label,
        "alternatives": [action.id for action in fitting if action is not chosen],
        "ready": not lacking,
        "reasons": lacking,
    }


def _first(actions: list[Action]) -> Action:
    """A recognition before the others, else the one that the regime's file names first."""
    return next((action for action in actions if action.recognises), actions[0])
