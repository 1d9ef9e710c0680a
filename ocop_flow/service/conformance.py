"""Conformance: every act of a dossier judged again with the people, units, law and days off of its own day."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from ocop_flow.domain import council
from ocop_flow.domain.authority import Person
from ocop_flow.domain.conformance import NOTHING_MORE, Finding, of_deadlines, of_event
from ocop_flow.domain.conformance_acts import Surroundings
from ocop_flow.domain.conformance_sitting import Bench
from ocop_flow.domain.decision import replay_decision
from ocop_flow.domain.dossier import Dossier
from ocop_flow.domain.dossier_fold import evolve
from ocop_flow.domain.situation import Situation
from ocop_flow.domain.succession import province_of
from ocop_flow.errors import Text, reason
from ocop_flow.service import conformance_streams, laws
from ocop_flow.service.dossier_find import commune_of, find

if TYPE_CHECKING:
    from ocop_flow.domain.council import Council
    from ocop_flow.domain.criteria import CriteriaSet, StarCondition
    from ocop_flow.domain.event import Doer, Event
    from ocop_flow.ports import UnitOfWork
    from ocop_flow.service.office import Office

Json = dict[str, Any]
Progress = Callable[[int, int], None]


def check(
    uow: UnitOfWork,
    office: Office,
    typed: Iterable[str],
    *,
    unit: str | None = None,
    since: date | None = None,
    until: date | None = None,
    progress: Progress,
) -> Json:
    """Findings of some dossiers, or of all in a unit's area with its councils, decisions and declared certificates;
    of acts between two legal days if given.

    ``ok`` is False where a rule was broken or overridden: what is only doubtful is told and condemns nobody
    """
    chosen = [find(uow, each).code for each in typed]
    codes = chosen or _codes(uow, unit)
    findings: list[Finding] = []
    known = Known(laws.kept(uow))
    events = 0
    for number, code in enumerate(codes, start=1):
        history = uow.events("dossier", code)
        events += len(history)
        findings += of_dossier(uow, office, history, known)
        progress(number, len(codes))
    beside = 0
    for kind, judge in () if chosen else conformance_streams.JUDGES.items():
        for history in conformance_streams.histories(uow, kind, _inside(uow, unit)):
            beside += 1
            events += len(history)
            findings += judge(uow, office, history)
    kept = [item for item in findings if (not since or since <= item.on) and (not until or item.on <= until)]
    return {
        "ok": not any(item.mark in ("breach", "as_decided") for item in kept),
        "dossiers": len(codes),
        "beside": beside,
        "events": events,
        "findings": [{**view(item), "label": _label(uow, item)} for item in kept],
    }


@dataclass(slots=True)
class Known:
    """What many dossiers of one check ask for alike: the laws, the acts of a council, a product set's form."""

    laws: frozenset[str]
    councils: dict[str, list[Event]] = field(default_factory=dict)
    criteria: dict[tuple[str, str], CriteriaSet | None] = field(default_factory=dict)
    conditions: dict[tuple[str, str, str], tuple[StarCondition, ...]] = field(default_factory=dict)


def view(item: Finding) -> Json:
    return {
        "kind": item.kind,
        "subject": item.dossier,
        "dossier": item.dossier if item.kind == "dossier" else None,
        "seq": item.seq,
        "action": item.action,
        "occurred_on": item.on.isoformat(),
        "mark": item.mark,
        "rule": item.because.code,
        "article": item.because.source,
        "reason": item.because,
    }


def _label(uow: UnitOfWork, item: Finding) -> Text | None:
    """What the law calls the act; None where it is the engine's own, or no dossier's."""
    dossier = uow.dossier(item.dossier) if item.kind == "dossier" else None
    action = uow.law(dossier.workflow_hash).regime.actions.get(item.action) if dossier else None
    return action.label if action else None


def _codes(uow: UnitOfWork, unit: str | None) -> list[str]:
    rows = uow.query("SELECT code, commune FROM dossier ORDER BY code")
    inside = _inside(uow, unit)
    return [row["code"] for row in rows if inside is None or row["commune"] in inside]


def _inside(uow: UnitOfWork, unit: str | None) -> frozenset[str] | None:
    """Codes of a unit's area; None for everything."""
    return None if unit is None else frozenset(each.code for each in uow.area(unit))


def of_dossier(uow: UnitOfWork, office: Office, history: list[Event], known: Known | None = None) -> list[Finding]:
    """Every finding of one history, in order of its events; ``known`` keeps what other histories ask for too."""
    known = known or Known(laws.kept(uow))
    found: list[Finding] = []
    dossier: Dossier | None = None
    for event in history:
        if event.workflow_hash is not None and event.workflow_hash not in known.laws:
            # Without its law nothing from here on can be judged: that is the finding.
            return [*found, _law_unknown(event)]
        after = evolve(dossier, event)
        then = _then(uow, office, dossier or after, event)
        more = _more(uow, known, dossier, event, then) if dossier is not None else NOTHING_MORE
        found += of_event(dossier, event, then, more)
        dossier = after
    if dossier is not None:
        found += _deadlines(uow, dossier, history)
    return sorted(found, key=lambda item: item.seq)


def _law_unknown(event: Event) -> Finding:
    because = reason("law_unknown", regime=event.regime or "-", hash=event.workflow_hash or "-")
    return Finding(event.subject, event.seq, event.action, event.occurred_on, "breach", because)


def _then(uow: UnitOfWork, office: Office, dossier: Dossier, event: Event) -> Situation:
    """The surroundings of an act on its legal day, and the desk on the day it was recorded."""
    tree = uow.tree(_places(dossier, event))
    commune = commune_of(uow, dossier)
    pinned = uow.law(dossier.workflow_hash)
    province = tree.reach(commune, "province", commune.nearest_valid_day(event.occurred_on))
    current = uow.law_on(event.occurred_on, province.code if province else None) or pinned
    signer = event.signer
    return Situation(
        event.recorded_at,
        office.today_of(event.recorded_at),
        _person(uow, event.recorder),
        _person(uow, event.actor),
        (uow.person(signer.login) if signer.login else None) or Person(signer.name, signer.name, False)
        if signer
        else None,
        tree,
        commune,
        pinned,
        pinned if event.seq == 1 else current,
    )


def _places(dossier: Dossier, event: Event) -> set[str]:
    """Codes of every unit that an act on the dossier can be about."""
    codes = {dossier.commune, *(former.code for former in dossier.former)}
    if dossier.certificate is not None:
        codes.add(dossier.certificate.issuer_code)
    return codes | ({event.data["commune"]["code"]} if event.action == "succeed" else set())


def _more(uow: UnitOfWork, known: Known, before: Dossier, event: Event, then: Situation) -> Surroundings:
    """What one act needs besides the situation."""
    if event.action in ("score", "close_sitting", "assess"):
        return Surroundings(bench=_bench(uow, known, before, event))
    if event.action == "extend":
        with uow.knowing(event.recorded_at):
            return Surroundings(duties=tuple(uow.duties(before)))
    if event.action == "migrate":
        province = province_of(then.tree, then.commune, event.occurred_on)
        return Surroundings(target=uow.law_on(event.occurred_on, province.code if province else None, event.regime))
    if isinstance(identity := event.data.get("decision"), str):
        recorded = uow.events("decision", identity)
        return Surroundings(decision=replay_decision(recorded[:1]))
    return NOTHING_MORE


def _bench(uow: UnitOfWork, known: Known, before: Dossier, event: Event) -> Bench:
    law, products = before.workflow_hash, before.product_set
    if (law, products) not in known.criteria:
        known.criteria[law, products] = uow.criteria(law, products)
    criteria = known.criteria[law, products]
    rows = uow.rows("sitting", code=event.data.get("sitting"))
    if not rows:
        return Bench(criteria=criteria)
    code, held_on = rows[0]["council"], rows[0]["held_on"]
    if code not in known.councils:
        known.councils[code] = uow.events("council", code)
    if (law, products, held_on) not in known.conditions:
        known.conditions[law, products, held_on] = uow.conditions(law, products, date.fromisoformat(held_on))
    councils = tuple(_as_it_may_have_been(known.councils[code], event))
    return Bench(councils, criteria, known.conditions[law, products, held_on])


def _as_it_may_have_been(acts: list[Event], event: Event) -> Iterator[Council]:
    """The council before the second in which an act was recorded, and after each of its own acts of that second."""
    found: Council | None = None
    for position, act in enumerate(acts):
        if act.recorded_at > event.recorded_at:
            break
        found = council.evolve(found, act)
        later = acts[position + 1] if position + 1 < len(acts) else None
        if act.recorded_at == event.recorded_at or later is None or later.recorded_at >= event.recorded_at:
            yield found


def _person(uow: UnitOfWork, doer: Doer) -> Person:
    """The person with every post ever held; one nobody knows has none."""
    known = uow.person(doer.login) if doer.login else None
    return known or Person(doer.login or doer.name, doer.name, False)


def _deadlines(uow: UnitOfWork, dossier: Dossier, history: list[Event]) -> Iterator[Finding]:
    duties = uow.duties(dossier)
    if not any(duty.outcome == "met" for duty in duties):
        return
    with uow.knowing(history[-1].recorded_at):
        then = uow.duties(dossier)
    yield from of_deadlines(dossier, history, then, duties)
