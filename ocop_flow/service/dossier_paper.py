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
    from ocop_flow.domain.units import Unit
    from ocop_flow.ports import UnitOfWork
    from ocop_flow.service.office import Office

Json = dict[str, Any]


def facts(uow: UnitOfWork, office: Office, typed: str, *, at_intake: bool = False) -> Json:
    """What papers of the dossier print, without personal data; raises NotFound, InputInvalid.

    at_intake  as it was when it left the desk that received it; as it is while it lies there
    """
    dossier = find(uow, typed)
    if at_intake:
        dossier = _received(uow, dossier)
    on = office.today
    regime = uow.law(dossier.workflow_hash).regime
    tree = uow.criteria(dossier.workflow_hash, dossier.product_set)
    commune = commune_of(uow, dossier)
    province = uow.tree([dossier.commune]).reach(commune, "province", on)
    offices = _of_offices(regime, dossier)
    events = [each for each in uow.events("dossier", dossier.code) if each.seq <= dossier.version]
    return {
        **view(uow, dossier, on, next_due(uow, on, dossier.code).get(dossier.code)),
        "decision_of_law": regime.decision,
        "receiving_unit": _receiver(uow, dossier, regime, on),
        "product_set_name": tree.name if tree else Text(dossier.product_set, dossier.product_set),
        "commune_unit": commune,
        "province_unit": province,
        "received_on": (dossier.filed_on or dossier.opened_on).isoformat(),
        "evidence": [row for row in _evidence(regime, dossier, on) if not at_intake or row["kind"] not in offices],
        "missing": [_row(regime, each) for each in _entity_lacks(regime, dossier, on)],
        "criteria": _criteria(tree, dossier),
        "self_total": next((exact(e.total) for e in reversed(dossier.assessments) if e.source == "entity"), None),
        "topics": _topics(regime, dossier),
        "returned": _returned(uow, dossier, events),
        "result": _result(dossier),
        "decided_by": _decided(events),
        "held_tier": _held_tier(regime, dossier),
        "step_due_on": _step_due(uow, regime, dossier),
        "refusal": _refusal(dossier, events),
        "filed": dossier.filed_on is not None,
        "with_entity": bool(dossier.visits) and dossier.visits[-1].kind == "return",
        "failed": _failed(regime, dossier),
        "rated_again": dossier.certificate.number if dossier.certificate is not None else None,
    }


def _received(uow: UnitOfWork, dossier: Dossier) -> Dossier:
    """The dossier as it left the state in which it was received and checked; itself while it has not."""
    from ocop_flow.domain.dossier_fold import replay
    from ocop_flow.domain.point import Point

    lay = False
    for visit in dossier.visits:
        lay = lay or visit.state.startswith("registration.")
        if lay and not visit.state.startswith("registration."):
            return replay(Point(to=visit.seq - 1).cut(uow.events("dossier", dossier.code))) or dossier
    return dossier


def _receiver(uow: UnitOfWork, dossier: Dossier, regime: Regime, on: date) -> Unit:
    """Who receives from the entity under the regime, as it was on the day of filing."""
    commune = commune_of(uow, dossier)
    return uow.tree([dossier.commune]).reach(commune, regime.receives[0], dossier.filed_on or on) or commune


def _held_tier(regime: Regime, dossier: Dossier) -> str | None:
    """The tier that holds the dossier, or held it last before it was closed."""
    states = (regime.states.get(state) for state in (dossier.state, *(v.state for v in reversed(dossier.visits))))
    return next((state.tier for state in states if state is not None and state.tier), None)


def _step_due(uow: UnitOfWork, regime: Regime, dossier: Dossier) -> str | None:
    """The end of the limit of the state in which the dossier was received; None where the law sets none."""
    states = [visit.state for visit in dossier.visits if visit.state.startswith("registration.")] or [dossier.state]
    limit = regime.states[states[0]].limit if states[0] in regime.states else None
    rows = uow.query(
        "SELECT due_on FROM deadline WHERE subject = :code AND subject_kind = 'dossier' AND rule = :rule "
        "ORDER BY start_on",
        code=dossier.code,
        rule=limit,
    )
    return rows[0]["due_on"] if rows else None


def _failed(regime: Regime, dossier: Dossier) -> bool:
    """Whether an evaluation under way found fewer stars than the law recognises, or the dossier ended without
    recognition."""
    if dossier.phase in ("closed", "promotion"):
        return dossier.state in _REFUSED
    result = dossier.result
    under_way = dossier.phase in ("evaluation", "rating")
    return under_way and result is not None and not (result.stars and regime.certifies(result.stars))


#: Ends of a dossier that nobody recognised.
_REFUSED = ("closed.not_recognised", "closed.rejected")


def _refusal(dossier: Dossier, events: list[Event]) -> str | None:
    """The reason that was given when the dossier was rejected or not recognised."""
    if dossier.state not in _REFUSED:
        return None
    return next((each.reason for each in reversed(events) if each.to_state == dossier.state and each.reason), None)


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


def _of_offices(regime: Regime, dossier: Dossier) -> set[str]:
    """Kinds that offices write themselves for the steps ahead."""
    filing = regime.filing_action
    own = {need.kind for need in filing.evidence} if filing else set()
    needs = [need for action in requirements.steps_ahead(regime, dossier) for need in action.evidence]
    return {need.kind for need in needs if not need.goods_only} - own


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
