"""Conformance: every act of a dossier judged again with the people, units, law and days off of its own day."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import TYPE_CHECKING, Any

from ocop_flow.domain.authority import Person
from ocop_flow.domain.conformance import Finding, of_deadlines, of_event
from ocop_flow.domain.dossier import Dossier, evolve
from ocop_flow.domain.situation import Situation
from ocop_flow.errors import reason
from ocop_flow.service.dossier_find import commune_of, find

if TYPE_CHECKING:
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
    """Findings of some dossiers, or of all in a unit's area; of acts between two legal days if given.

    ``ok`` is False where a rule was broken or overridden: what is only doubtful is told and condemns nobody
    """
    codes = [find(uow, each).code for each in typed] or _codes(uow, unit)
    findings: list[Finding] = []
    events = 0
    for number, code in enumerate(codes, start=1):
        history = uow.events("dossier", code)
        events += len(history)
        findings += of_dossier(uow, office, history)
        progress(number, len(codes))
    kept = [item for item in findings if (not since or since <= item.on) and (not until or item.on <= until)]
    return {
        "ok": not any(item.mark in ("breach", "as_decided") for item in kept),
        "dossiers": len(codes),
        "events": events,
        "findings": [view(item) for item in kept],
    }


def view(item: Finding) -> Json:
    return {
        "dossier": item.dossier,
        "seq": item.seq,
        "action": item.action,
        "occurred_on": item.on.isoformat(),
        "mark": item.mark,
        "rule": item.because.code,
        "article": item.because.source,
        "reason": item.because,
    }


def _codes(uow: UnitOfWork, unit: str | None) -> list[str]:
    rows = uow.query("SELECT code, commune FROM dossier ORDER BY code")
    inside = None if unit is None else {each.code for each in uow.area(unit)}
    return [row["code"] for row in rows if inside is None or row["commune"] in inside]


def of_dossier(uow: UnitOfWork, office: Office, history: list[Event]) -> list[Finding]:
    """Every finding of one history, in order of its events."""
    found: list[Finding] = []
    dossier: Dossier | None = None
    for event in history:
        if event.workflow_hash is not None and uow.document(event.workflow_hash) is None:
            # Without its law nothing from here on can be judged: that is the finding.
            return [*found, _law_unknown(event)]
        after = evolve(dossier, event)
        found += of_event(dossier, event, _then(uow, office, dossier or after, event))
        dossier = after
    if dossier is not None:
        found += _deadlines(uow, dossier, history)
    return sorted(found, key=lambda item: item.seq)


def _law_unknown(event: Event) -> Finding:
    because = reason("law_unknown", regime=event.regime or "-", hash=event.workflow_hash or "-")
    return Finding(event.subject, event.seq, event.action, event.occurred_on, "breach", because)


def _then(uow: UnitOfWork, office: Office, dossier: Dossier, event: Event) -> Situation:
    """The surroundings of an act on its legal day, and the desk on the day it was recorded."""
    tree = uow.tree([dossier.commune])
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
