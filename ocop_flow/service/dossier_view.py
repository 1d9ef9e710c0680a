"""Reading one dossier: what it is and what happened to it. Kept light: ``dossier show`` starts with this module."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from ocop_flow.domain.dossier import Dossier
from ocop_flow.domain.event import Event, doer_json, signer_json, time_text
from ocop_flow.domain.exact import exact
from ocop_flow.domain.point import Point
from ocop_flow.errors import NotFound, Text, reason
from ocop_flow.service.dossier_find import commune_of, find
from ocop_flow.service.numbers import chunks

if TYPE_CHECKING:
    from ocop_flow.domain.outline import Outline
    from ocop_flow.domain.units import Unit, UnitTree
    from ocop_flow.ports import UnitOfWork
    from ocop_flow.service.office import Office

Json = dict[str, Any]


def show(uow: UnitOfWork, office: Office, typed: str, as_of: date | None = None) -> Json:
    """The dossier as ``dossier show`` prints it; ``as_of`` folds only what had happened by that legal day.

    raises  NotFound if there is none, or none yet on that day
    """
    dossier = find(uow, typed)
    on = office.today
    due: str | None = None
    if as_of is not None:
        from ocop_flow.domain.dossier_fold import replay

        earlier = replay(Point(at=as_of).cut(uow.events("dossier", dossier.code)))
        if earlier is None:
            raise NotFound(reason("dossier_absent_on_day", dossier=dossier.code, day=as_of.isoformat()))
        dossier, on = earlier, as_of
        due = due_of(uow, dossier, on)
    else:
        due = next_due(uow, on, dossier.code).get(dossier.code)
    return view(uow, dossier, on, due)


#: Kinds of duties that the day of a dossier is one of.
_OF_DOSSIER = ("dossier", "round", "evidence")


def due_of(uow: UnitOfWork, dossier: Dossier, on: date) -> str | None:
    """As ``next_due`` for a dossier as it was at an earlier point, from its own history."""
    days = [
        duty.due_on
        for duty in uow.duties(dossier)
        if duty.subject_kind in _OF_DOSSIER
        and duty.outcome is None
        and duty.stopped_since is None
        and (duty.start_on is None or duty.start_on <= on)
    ]
    return min(days).isoformat() if days else None


def next_due(uow: UnitOfWork, on: date, *codes: str) -> dict[str, str]:
    """Dossier -> its nearest open duty, of those that have begun and whose clock runs; of some dossiers if given."""
    found: dict[str, str] = {}
    for holders, params in chunks(codes) if codes else [("", {})]:
        rows = uow.query(
            "SELECT subject, min(due_on) AS due_on FROM deadline "
            f"WHERE outcome IS NULL AND stopped_since IS NULL AND subject_kind IN {_OF_DOSSIER} "
            f"AND (start_on IS NULL OR start_on <= :on) {f'AND subject IN ({holders})' if holders else ''} "
            "GROUP BY subject",
            on=on.isoformat(),
            **params,
        )
        found |= {row["subject"]: row["due_on"] for row in rows}
    return found


def view(uow: UnitOfWork, dossier: Dossier, on: date, due_on: str | None) -> Json:
    law = uow.outline(dossier.workflow_hash)
    state = law.states[dossier.state]
    holder = holding_unit(uow.tree([dossier.commune]), commune_of(uow, dossier), state.get("tier"), on)
    return {
        "code": dossier.code,
        "product": dossier.product_name,
        "product_code": dossier.product,
        "product_set": dossier.product_set,
        "product_set_label": _set_name(uow, law, dossier.product_set),
        "entity": dossier.entity_name,
        "entity_code": dossier.entity,
        "entity_kind": dossier.entity_kind,
        "kind": dossier.kind,
        "track": dossier.track,
        "regime": dossier.regime,
        "decision": law.decision,
        "workflow_hash": dossier.workflow_hash,
        "state": dossier.state,
        "state_label": Text(**state["label"]),
        "phase": dossier.phase,
        "step": state.get("step"),
        "tier": state.get("tier"),
        "holder": unit_view(holder),
        "commune": {"code": dossier.commune, "name": dossier.commune_name},
        "plan": dossier.plan.split(":", 2)[2] if dossier.plan else None,
        "plan_identity": dossier.plan,
        "stars": dossier.stars,
        "stars_decided": dossier.stars_decided,
        "potential_five_stars": dossier.potential_five_stars,
        "mean_total": exact(dossier.result.mean_total) if dossier.result else None,
        "due_on": due_on,
        "version": dossier.version,
        "opened_on": dossier.opened_on.isoformat(),
        "closed_on": dossier.closed_on.isoformat() if dossier.closed_on else None,
        "certificate": dossier.certificate.number if dossier.certificate else None,
        "previous": dossier.previous,
        "disputed": dossier.margin.disputed is not None,
    }


def _set_name(uow: UnitOfWork, law: Outline, product_set: str) -> Text | None:
    """As the criteria print it; None where the regime has none of the set."""
    digest = law.criteria.get(product_set)
    found = uow.document(digest) if digest is not None else None
    return Text(found["name_vi"], found["name_en"]) if found else None


def holding_unit(tree: UnitTree, commune: Unit, tier: str | None, on: date) -> Unit | None:
    """The unit that holds a dossier resting at a tier on a day; None where closed, or where the unit has ended."""
    return tree.reach(commune, tier, on) if tier else None


def turn(uow: UnitOfWork, dossier: Dossier, on: date) -> Json | None:
    """Whose move it is: the entity's while the clock is stopped for a supplement, else that of the unit that holds it.

    kind     entity or unit
    returns  None where nobody has to move
    """
    state = uow.outline(dossier.workflow_hash).states[dossier.state]
    if dossier.phase in ("closed", "promotion"):
        return None
    if state.get("clock") == "stopped":
        return {"kind": "entity", "code": dossier.entity, "name": dossier.entity_name}
    holder = holding_unit(uow.tree([dossier.commune]), commune_of(uow, dossier), state.get("tier"), on)
    return {"kind": "unit", "code": holder.code, "name": holder.name} if holder else None


def unit_view(unit: Unit | None) -> Json | None:
    return {"code": unit.code, "name": unit.name, "tier": unit.tier} if unit else None


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
