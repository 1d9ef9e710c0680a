"""Dossiers that a unit is about to send up, and those that wait for a council: what letters and invitations list."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ocop_flow.domain.record import known_dossier
from ocop_flow.domain.requirements import lacks_scores
from ocop_flow.domain.units import tier_rank
from ocop_flow.errors import Text
from ocop_flow.service.councils import find_council
from ocop_flow.service.desk import unit_on
from ocop_flow.service.dossier_find import commune_of
from ocop_flow.service.dossier_paper import entity_lacks
from ocop_flow.service.dossier_view import holding_unit, unit_view

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ocop_flow.domain.dossier import Dossier
    from ocop_flow.domain.regime import Regime
    from ocop_flow.domain.units import Unit
    from ocop_flow.ports import UnitOfWork
    from ocop_flow.service.office import Office

Json = dict[str, Any]


def sending(uow: UnitOfWork, office: Office, code: str) -> Json:
    """``{unit, to, regime, decision, lines}``: dossiers at the unit from which a signed step leads to a higher tier."""
    on = office.today
    unit = unit_on(uow, code, on)
    lines: list[Json] = []
    to, law = None, None
    for dossier, regime in _held(uow, office, unit):
        tier = _up(regime, dossier, unit)
        if tier is not None:
            to = to or uow.tree([dossier.commune]).reach(commune_of(uow, dossier), tier, on)
            law = law or regime
            lines.append({**_row(uow, dossier, office), "needs": entity_lacks(uow, dossier, on)})
    decision = law.decision if law else None
    return {"unit": unit, "to": to, "regime": law.id if law else None, "decision": decision, "lines": lines}


def waiting(uow: UnitOfWork, office: Office, typed: str) -> Json:
    """``{council, lines}``: dossiers whose next step asks for scores of this council's unit, and that have none yet."""
    found = find_council(uow, typed)
    unit = unit_on(uow, found.unit.code, office.today)
    lines = [
        _row(uow, dossier, office)
        for dossier, regime in _held(uow, office, unit)
        if any(lacks_scores(dossier, action) for action in regime.actions_from(dossier.state))
    ]
    return {"council": found, "unit": unit, "lines": lines}


def _held(uow: UnitOfWork, office: Office, unit: Unit) -> Iterator[tuple[Dossier, Regime]]:
    """Dossiers that rest at the unit today, in order of code."""
    for row in uow.query(
        "SELECT code FROM dossier WHERE tier = :tier AND phase <> 'promotion' ORDER BY code", tier=unit.tier
    ):
        dossier = known_dossier(uow.dossier(row["code"]), row["code"])
        holder = holding_unit(uow.tree([dossier.commune]), commune_of(uow, dossier), unit.tier, office.today)
        if holder == unit:
            yield dossier, uow.law(dossier.workflow_hash).regime


def _up(regime: Regime, dossier: Dossier, unit: Unit) -> str | None:
    """The higher tier to which a signed step leads from where the dossier is."""
    for action in regime.actions_from(dossier.state):
        tier = regime.states[action.to].tier
        if action.kind == "forward" and action.decision and tier and tier_rank(tier) > tier_rank(unit.tier):
            return tier
    return None


def _row(uow: UnitOfWork, dossier: Dossier, office: Office) -> Json:
    tree = uow.criteria(dossier.workflow_hash, dossier.product_set)
    return {
        "code": dossier.code,
        "product": dossier.product_name,
        "product_set": tree.name if tree else Text(dossier.product_set, dossier.product_set),
        "entity": dossier.entity_name,
        "commune": dossier.commune_name,
        "kind": dossier.kind,
        "samples": dossier.have("sample", office.today),
        "unit": unit_view(commune_of(uow, dossier)),
    }
