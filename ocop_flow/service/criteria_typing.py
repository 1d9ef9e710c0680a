"""Criteria that the program lacks, typed in by a province and taken into use there by a numbered decision."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from ocop_flow.domain import codes
from ocop_flow.domain.commands import Act, FileRef
from ocop_flow.domain.criteria import set_from_document
from ocop_flow.domain.doers import in_post
from ocop_flow.domain.facts import check_day
from ocop_flow.domain.record import stream_event
from ocop_flow.domain.regime import Regime
from ocop_flow.errors import InputInvalid, Refused, reason
from ocop_flow.ports import UnitOfWork
from ocop_flow.service.desk import desk, unit_on
from ocop_flow.service.laws import law_data, stored
from ocop_flow.service.named_law import named_law, unknown
from ocop_flow.service.office import Caller, Office
from ocop_flow.service.scoring import kept

Json = dict[str, Any]

#: Who may type in criteria at the province.
_TYPISTS = ("officer", "leader")


@dataclass(frozen=True, slots=True)
class LoadCriteria:
    """``document`` is a checked criteria document, ``file`` the form that it was read from."""

    unit: str
    decision: str
    document: dict[str, Any]
    file: FileRef
    since: date | None = None
    act: Act = field(default_factory=Act)


def regime_of(uow: UnitOfWork, office: Office, regime: str) -> Regime:
    """A scored regime by its id; raises InputInvalid."""
    law = named_law(uow, office.today, regime)
    if not law.regime.rating.scored:
        rating = law.regime.rating
        raise InputInvalid(reason("stars_are_declared", source=rating.source, mark=rating.mark, regime=regime))
    return law.regime


def load(uow: UnitOfWork, office: Office, caller: Caller, command: LoadCriteria) -> Json:
    """Take criteria into use in a province: dossiers opened there from the day on are pinned to them.

    The event keeps who typed, the source, the decision and the form itself; the tree is stored by its hash.
    raises  Refused (role, day, criteria that the decision itself prints), InputInvalid
    """
    tree = set_from_document(command.document)
    base = desk(uow, office, caller, command.act, uow.tree([command.unit]))
    on = command.act.on or base.today
    since = command.since or on
    unit = unit_on(uow, command.unit, on, tier="province")
    who = in_post(_TYPISTS, unit, on, base)
    national = named_law(uow, on, tree.regime)
    law = uow.law_on(since, unit.code, tree.regime)
    if law is None:
        raise unknown(uow, tree.regime)
    faults = [*check_day(on, base.today), *who.faults]
    if uow.criteria(national.hash, tree.id) is not None:
        faults.append(reason("criteria_known", regime=tree.regime, product_set=tree.id))
    if faults:
        raise Refused(*faults)
    digest = uow.store_document("criteria", tree.document)
    document = dict(uow.document(law.hash) or {})
    document["criteria"] = {**document.get("criteria", {}), tree.id: digest}
    data = {
        **law_data(document, unit.code, since.isoformat(), stored(uow, document)),
        "decision": codes.document_number(command.decision),
        "criteria": {"product_set": tree.id, "hash": digest, "source": tree.source, "form": kept(uow, command.file)},
    }
    head = uow.head("workflow", tree.regime)
    uow.append(stream_event(base, ("workflow", tree.regime), head, "adopt", who, command.act, data))
    return {
        "regime": tree.regime,
        "product_set": tree.id,
        "unit": unit.code,
        "since": since.isoformat(),
        "criteria": sum(1 for _ in tree.leaves),
        "parts": tree.part_maxima,
        "criteria_hash": digest,
        "workflow_hash": data["hash"],
    }
