"""Conformance of the streams beside the dossiers: councils, decisions, certificates from before these records."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from itertools import groupby
from typing import TYPE_CHECKING, Any

from ocop_flow.domain import canonical, council, registry
from ocop_flow.domain import conformance_streams as streams
from ocop_flow.domain.authority import Person
from ocop_flow.domain.conformance import Finding
from ocop_flow.domain.conformance_streams import Called
from ocop_flow.domain.decision import RECORDED, evolve_decision
from ocop_flow.domain.dossier_fold import replay
from ocop_flow.domain.event import from_json
from ocop_flow.domain.revocation import revoking
from ocop_flow.domain.situation import Desk
from ocop_flow.domain.units import CENTRAL
from ocop_flow.service.issuer_today import answers, life, today

if TYPE_CHECKING:
    from ocop_flow.domain.event import Doer, Event
    from ocop_flow.domain.registry import DeclaredCertificate
    from ocop_flow.domain.units import Unit, UnitTree
    from ocop_flow.ports import UnitOfWork
    from ocop_flow.service.office import Office

Json = dict[str, Any]
Judge = Callable[["UnitOfWork", "Office", list["Event"]], list[Finding]]


def histories(uow: UnitOfWork, kind: str, inside: frozenset[str] | None) -> Iterator[list[Event]]:
    """The streams of a kind, those of some units alone if given."""
    for _code, rows in groupby(uow.stored(kind), key=lambda row: row[1]):
        history = [from_json(canonical.decode(body)) for *_, body in rows]
        if inside is None or _units_named(history[0]) & inside:
            yield history


def _units_named(first: Event) -> set[str]:
    """Codes of the units that a stream belongs to: council's, issuer's, commune's, declarer's."""
    data = first.data
    named = {part["code"] for name in ("unit", "issuer") if isinstance(part := data.get(name), dict)}
    named |= {code for code in (data.get("commune"), first.actor.unit.code if first.actor.unit else None) if code}
    return {code for code in named if isinstance(code, str)}


def _desk(uow: UnitOfWork, office: Office, event: Event, tree: UnitTree) -> Desk:
    signer = event.signer
    return Desk(
        event.recorded_at,
        office.today_of(event.recorded_at),
        _person(uow, event.recorder),
        _person(uow, event.actor),
        (uow.person(signer.login) if signer.login else None) or Person(signer.name, signer.name, False)
        if signer
        else None,
        tree,
    )


def _person(uow: UnitOfWork, doer: Doer) -> Person:
    """The person with every post ever held; one nobody knows has none."""
    known = uow.person(doer.login) if doer.login else None
    return known or Person(doer.login or doer.name, doer.name, False)


def _told(event: Event, faults: Sequence[Any]) -> Iterator[Finding]:
    for mark, because in streams.noted(event, faults):
        yield Finding(event.subject, event.seq, event.action, event.occurred_on, mark, because, kind=event.subject_kind)


# --- councils ---------------------------------------------------------------------------------------------------------


def of_council(uow: UnitOfWork, office: Office, history: list[Event]) -> list[Finding]:
    found: list[Finding] = []
    before = None
    named = history[0].data["unit"]
    tree = uow.tree([named["code"]])
    unit = next(
        (
            each
            for each in tree.lives(named["code"])
            if (each.valid_from and each.valid_from.isoformat()) == named["valid_from"]
        ),
        None,
    )
    for event in history:
        called = _called(uow, event) if event.action == "convene" else ()
        found += _told(event, streams.of_council(before, event, _desk(uow, office, event, tree), unit, called))
        if before is not None and event.action == "convene":
            found += [
                Finding(event.subject, event.seq, event.action, event.occurred_on, "doubtful", item, kind="council")
                for item in streams.misses(before, event, called)
            ]
        before = council.evolve(before, event)
    return found


def _called(uow: UnitOfWork, event: Event) -> list[Called]:
    """The dossiers of a sitting as they were in the second in which it was recorded."""
    found = []
    for code in event.data["dossiers"]:
        history = uow.events("dossier", code)
        then = replay([each for each in history if each.recorded_at <= event.recorded_at])
        if then is not None:
            states = frozenset(streams.before_moment(history, event, replay))
            found.append(Called(code, states, then.kind, uow.law(then.workflow_hash).regime))
    return found


# --- decisions --------------------------------------------------------------------------------------------------------


def of_decision(uow: UnitOfWork, office: Office, history: list[Event]) -> list[Finding]:
    found: list[Finding] = []
    before = None
    issuer = history[0].data["issuer"]["code"]
    tree = uow.tree([issuer])
    for event in history:
        first = event.action == RECORDED
        named = tree.on(issuer, history[0].occurred_on)
        units = ([named] if named else []) if first else _keeping(tree, named, event.occurred_on)
        moved = _moved(uow, event) if first else {}
        then = _desk(uow, office, event, tree)
        found += _told(event, streams.of_decision(before, event, then, units, moved))
        before = evolve_decision(before, event)
    return found


def _moved(uow: UnitOfWork, event: Event) -> Mapping[str, Event | None]:
    lines = event.data["lines"]
    return {
        line["dossier"]: next(
            (each for each in uow.events("dossier", line["dossier"]) if each.seq == line["seq"]), None
        )
        for line in lines
    }


def _keeping(tree: UnitTree, issuer: Unit | None, on: date) -> list[Unit]:
    """The issuer, or what stands in its place, and the units above: they may change its decisions."""
    if issuer is None:
        return []
    above = tree.ancestors(issuer, issuer.nearest_valid_day(on))
    return [unit for each in (issuer, *above) if (unit := tree.heir(each, on)) is not None] or [issuer]


# --- declared certificates --------------------------------------------------------------------------------------------


def of_certificate(uow: UnitOfWork, office: Office, history: list[Event]) -> list[Finding]:
    found: list[Finding] = []
    before: DeclaredCertificate | None = None
    for event in history:
        after = registry.evolve_certificate(before, event)
        now = before or after
        codes = [code for code in (_issuer(now), now.commune, _unit(event)) if code]
        tree = uow.tree([*codes, CENTRAL.code])
        answering = _answering(uow, tree, now, event)
        faults = streams.of_certificate(
            before,
            event,
            _desk(uow, office, event, tree),
            declaring=_declaring(tree, after, event.occurred_on),
            answering=answering,
            around=_around(tree, now, answering, event.occurred_on),
            law=_law(uow, tree, answering, event.occurred_on) if event.action == "revoke" else None,
        )
        found += _told(event, faults)
        before = after
    return found


def _unit(event: Event) -> str | None:
    return event.actor.unit.code if event.actor.unit else None


def _issuer(now: DeclaredCertificate) -> str | None:
    return now.issuer["code"] if now.issuer else None


def _row(now: DeclaredCertificate) -> Json:
    issued = now.issued_on.isoformat() if now.issued_on else None
    return {"issuer_code": _issuer(now), "commune": now.commune, "issued_on": issued}


def _law(uow: UnitOfWork, tree: UnitTree, unit: Unit | None, on: date) -> Any:
    above = (unit, *tree.ancestors(unit, on)) if unit else ()
    return uow.law_on(on, next((each.code for each in above if each.tier == "province"), None))


def _answering(uow: UnitOfWork, tree: UnitTree, now: DeclaredCertificate, event: Event) -> Unit | None:
    """Who acts for it on the day; the centre where the law leaves a revocation of so many stars to it."""
    unit = answers(tree, _row(now), event.occurred_on)
    law = _law(uow, tree, unit, event.occurred_on) if event.action == "revoke" else None
    if law is None:
        return unit
    state = law.regime.states["promotion.active"]
    actions = revoking(law.regime, now.stars)
    own = next((each for each in actions if unit is not None and each.tier(state) == unit.tier), None)
    chosen = own or (actions[-1] if actions else None)
    return CENTRAL if chosen is not None and chosen.tier(state) == "central" else unit


def _declaring(tree: UnitTree, after: DeclaredCertificate, on: date) -> list[Unit]:
    """The issuer, its successors and the units above; of the commune where no issuer is known."""
    start = life(tree, _issuer(after) or after.commune, after.issued_on or on)
    if start is None:
        return []
    own = [start] if start.valid_on(on) else [unit for unit, _ in tree.successors(start, on)]
    then = tree.ancestors(start, start.nearest_valid_day(on))
    later = [unit for above in then for unit, _ in tree.successors(above, on)]
    every = [*own, *(above for unit in own for above in tree.ancestors(unit, on)), *later, *then]
    return list(dict.fromkeys(every))


def _around(tree: UnitTree, now: DeclaredCertificate, answering: Unit | None, on: date) -> list[Unit]:
    """Units at which what stands beside it is recorded: commune and issuer of the day, and those above."""
    commune = life(tree, now.commune, on)
    near = [unit for unit in today(tree, commune, on) if unit.valid_on(on)]
    near += [answering] if answering else []
    return list(dict.fromkeys(each for unit in near for each in (unit, *tree.ancestors(unit, on))))


JUDGES: Mapping[str, Judge] = {"council": of_council, "decision": of_decision, "certificate": of_certificate}
