"""What papers about one dossier say, as data: its papers, criteria, the commune's findings, return and result."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from ocop_flow.domain import requirements
from ocop_flow.domain.exact import exact, mean_decimal
from ocop_flow.errors import Text
from ocop_flow.service.dossier_find import commune_of, find
from ocop_flow.service.dossier_view import next_due, view

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ocop_flow.domain.criteria import CriteriaSet
    from ocop_flow.domain.dossier import Dossier
    from ocop_flow.domain.event import Event
    from ocop_flow.domain.regime import Regime
    from ocop_flow.domain.requirements import EvidenceState
    from ocop_flow.ports import UnitOfWork
    from ocop_flow.service.office import Office

Json = dict[str, Any]


def facts(uow: UnitOfWork, office: Office, typed: str) -> Json:
    """What papers of the dossier print, without personal data; raises NotFound, InputInvalid."""
    dossier = find(uow, typed)
    on = office.today
    regime = uow.law(dossier.workflow_hash).regime
    tree = uow.criteria(dossier.workflow_hash, dossier.product_set)
    commune = commune_of(uow, dossier)
    province = uow.tree([dossier.commune]).reach(commune, "province", on)
    events = uow.events("dossier", dossier.code)
    return {
        **view(uow, dossier, on, next_due(uow, on, dossier.code).get(dossier.code)),
        "decision_of_law": regime.decision,
        "receiving_unit": uow.tree([dossier.commune]).reach(commune, regime.receives[0], on) or commune,
        "product_set_name": tree.name if tree else Text(dossier.product_set, dossier.product_set),
        "commune_unit": commune,
        "province_unit": province,
        "received_on": (dossier.filed_on or dossier.opened_on).isoformat(),
        "evidence": list(_evidence(regime, dossier, on)),
        "missing": [_row(regime, each) for each in _entity_lacks(regime, dossier, on)],
        "criteria": _criteria(tree, dossier),
        "self_total": next((exact(e.total) for e in reversed(dossier.assessments) if e.source == "entity"), None),
        "topics": _topics(regime, dossier),
        "returned": _returned(uow, dossier, events),
        "result": _result(dossier),
        "decided_by": _decided(events),
    }


def entity_lacks(uow: UnitOfWork, dossier: Dossier, on: date) -> list[Json]:
    """What its entity still has to bring: rows as in ``facts``."""
    regime = uow.law(dossier.workflow_hash).regime
    return [_row(regime, each) for each in _entity_lacks(regime, dossier, on)]


def _evidence(regime: Regime, dossier: Dossier, on: date) -> Iterator[Json]:
    """Every paper that the filing and the next step ask for, then what else is held."""
    found: dict[str, EvidenceState] = {}
    filing = [regime.filing_action] if regime.filing_action else []
    for action in (*filing, *requirements.steps_ahead(regime, dossier)):
        for each in requirements.evidence_states(regime, dossier, action, on):
            if each.need.kind not in found or found[each.need.kind].need.copies < each.need.copies:
                found[each.need.kind] = each
    for each in found.values():
        yield _row(regime, each)
    for kind in dict.fromkeys(item.kind for item in dossier.evidence):
        if kind not in found and dossier.have(kind, on):
            yield _plain(regime, kind, 0, dossier.have(kind, on))


def _entity_lacks(regime: Regime, dossier: Dossier, on: date) -> Iterator[EvidenceState]:
    """Papers of the filing and samples: what the entity brings; what offices write themselves is not asked of it."""
    filing = regime.filing_action
    own = {need.kind for need in filing.evidence} if filing else set()
    for action in (*([filing] if filing else []), *requirements.steps_ahead(regime, dossier)):
        for each in requirements.evidence_states(regime, dossier, action, on):
            if not each.met and (each.need.kind in own or each.need.goods_only):
                own.discard(each.need.kind)
                yield each


def _row(regime: Regime, state: EvidenceState) -> Json:
    return _plain(regime, state.need.kind, state.need.copies, state.have)


def _plain(regime: Regime, kind: str, required: int, have: int) -> Json:
    known = regime.evidence.get(kind)
    label = known.label if known else Text(kind, kind)
    return {"kind": kind, "label": label, "required": required, "have": have, "lacking": max(0, required - have)}


def _criteria(tree: CriteriaSet | None, dossier: Dossier) -> list[Json]:
    """Every criterion that takes points with the entity's own points, under the headings of the parts."""
    own = next((each.points for each in reversed(dossier.assessments) if each.source == "entity"), {})
    found: list[Json] = []
    for part in tree.parts if tree else ():
        found.append({"code": part.code, "name": None, "maximum": part.maximum, "points": None})
        found += [
            {"code": leaf.code, "name": leaf.name, "maximum": leaf.maximum, "points": own.get(leaf.code)}
            for leaf in part.leaves
        ]
    return found


def _topics(regime: Regime, dossier: Dossier) -> list[Json]:
    """The fields that the step out of intake asks for, answered where that step is done."""
    for action in regime.actions.values():
        at_intake = any(state.startswith("registration.") for state in action.sources)
        if at_intake and action.kind == "forward" and action.fields:
            return [{"label": each.label, "answer": dossier.fields.get(each.name)} for each in action.fields]
    return []


def _returned(uow: UnitOfWork, dossier: Dossier, events: list[Event]) -> Json:
    """The newest return: its day, its reason, and the last day to supplement where the law or a province sets one."""
    last = next((visit for visit in reversed(dossier.visits) if visit.kind == "return"), None)
    if last is None:
        return {"on": None, "reason": None, "due_on": None}
    rows = uow.query(
        "SELECT due_on FROM deadline WHERE subject = :code AND rule = 'supplement' AND start_on = :on "
        "AND outcome IS NULL ORDER BY id DESC LIMIT 1",
        code=dossier.code,
        on=last.on.isoformat(),
    )
    reason = next((each.reason for each in events if each.seq == last.seq), None)
    return {"on": last.on.isoformat(), "reason": reason, "due_on": rows[0]["due_on"] if rows else None}


def _result(dossier: Dossier) -> Json | None:
    found = dossier.result
    if found is None:
        return None
    return {
        "mean": mean_decimal(found.mean_total),
        "stars": found.stars,
        "stars_by_total": found.stars_by_total,
        "missed": [item for item in found.minima if item["met"] is False],
    }


def _decided(events: list[Event]) -> Json | None:
    """The newest signed document of the dossier."""
    signed = next((each.signer for each in reversed(events) if each.signer and each.signer.number), None)
    return {"number": signed.number, "date": signed.date.isoformat()} if signed else None
