"""Findings of an audit over many histories: each is read, folded and asked by every detector, and then let go."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from ocop_flow.domain import canonical
from ocop_flow.domain.authority import unit_ref
from ocop_flow.domain.beside import RECORD
from ocop_flow.domain.dossier import Dossier
from ocop_flow.domain.dossier_fold import evolve
from ocop_flow.domain.event import Event, from_json
from ocop_flow.domain.findings import ALONE, Case, Found, Held, Limits, Step
from ocop_flow.domain.findings_across import ACROSS, numbers_of, signed_decision
from ocop_flow.domain.findings_paid import ON_PAYMENT, Supported
from ocop_flow.domain.holding import stays
from ocop_flow.domain.registry import replay_certificate
from ocop_flow.service import laws
from ocop_flow.service.communes import communes_below
from ocop_flow.service.desk import unit_on
from ocop_flow.service.dossier_find import commune_of
from ocop_flow.service.dossier_view import holding_unit

if TYPE_CHECKING:
    from ocop_flow.domain.event import UnitRef
    from ocop_flow.ports import UnitOfWork
    from ocop_flow.service.office import Office

Json = dict[str, Any]
Progress = Callable[[int, int], None]
#: Every kind of finding, in the order in which they are told.
KINDS = tuple(dict.fromkeys((*ALONE, *ON_PAYMENT, *ACROSS)))
#: Once recognised or closed, a dossier waits for nobody.
_AT_REST = ("promotion", "closed")


@dataclass(frozen=True, slots=True)
class Asked:
    """``unit``: its area alone; ``since``, ``until``: legal days, both included."""

    unit: str | None = None
    since: date | None = None
    until: date | None = None
    limits: Limits = field(default_factory=Limits)

    def in_time(self, on: date) -> bool:
        return (not self.since or self.since <= on) and (not self.until or on <= self.until)


def findings(uow: UnitOfWork, office: Office, asked: Asked, progress: Progress) -> Json:
    """Every finding, by kind in the order of ``KINDS``, then by day.

    raises  NotFound for a unit that there is not
    """
    area = _area(uow, office, asked.unit)
    rows = uow.query("SELECT code, commune FROM dossier ORDER BY code")
    inside = {row["code"] for row in rows if area is None or row["commune"] in area}
    found: list[Found] = []
    gathered: dict[str, list[Any]] = defaultdict(list)
    events, texts = 0, laws.kept(uow)
    for number, row in enumerate(rows, start=1):
        case = case_of(uow, office, row["code"], asked.limits, texts)
        events += len(case.steps)
        found += _alone(case) if row["code"] in inside else ()
        _gather(case, gathered, asked, within=row["code"] in inside)
        progress(number, len(rows))
    for event in _decisions(uow):
        gathered["number_gap"] += numbers_of(event)
        gathered["number_reused"] += signed_decision(event)
    found += _across(gathered, asked, area, inside)
    found += [each for about in _declared(uow, area) for judge in ON_PAYMENT.values() for each in judge(about)]
    kept = sorted((each for each in found if asked.in_time(each.on)), key=_order)
    counts = Counter(each.kind for each in kept)
    return {
        "dossiers": len(inside),
        "events": events,
        "counts": {kind: counts[kind] for kind in KINDS},
        "findings": [_view(each) for each in kept],
    }


def _area(uow: UnitOfWork, office: Office, unit: str | None) -> frozenset[str] | None:
    """Codes of a unit and of everything below it; None for the whole country."""
    if unit is None or unit == "central":
        return None
    tree = uow.tree([unit])
    known = tree.latest(unit)
    return communes_below(uow, unit if known else unit_on(uow, unit, office.today).code)


def _order(found: Found) -> tuple[int, date, str, int]:
    """By kind and day; who holds longest stays in the order of its ranking."""
    ranked = found.kind == "held_longest"
    return (
        KINDS.index(found.kind),
        date.min if ranked else found.on,
        "" if ranked else found.subject,
        0 if ranked else found.seq or 0,
    )


def _alone(case: Case) -> Iterator[Found]:
    for detect in ALONE.values():
        yield from detect(case)
    for judge in ON_PAYMENT.values():
        yield from judge(supported(case))


def _gather(case: Case, gathered: dict[str, list[Any]], asked: Asked, *, within: bool) -> None:
    for kind, detector in ACROSS.items():
        if within or detector.whole_area:
            items = detector.gather(case)
            gathered[kind] += [item for item in items if detector.whole_time or asked.in_time(item.on)]


def _across(
    gathered: dict[str, list[Any]], asked: Asked, area: frozenset[str] | None, inside: set[str]
) -> Iterator[Found]:
    for kind, detector in ACROSS.items():
        for found in detector.judge(gathered[kind], asked.limits):
            if area is None or not detector.whole_area or _touches(found, area, inside):
                yield found


def _touches(found: Found, area: frozenset[str], inside: set[str]) -> bool:
    """Whether a finding over the whole log is about an area: by its event's dossier, else by its unit."""
    if found.seq is not None:
        return found.subject in inside
    return found.unit is not None and found.unit.code in area


# --- cases ------------------------------------------------------------------------------------------------------------


def case_of(uow: UnitOfWork, office: Office, code: str, limits: Limits, kept: frozenset[str]) -> Case:
    """A dossier's whole history with what the detectors ask beside it; ``kept`` as ``laws.kept`` gives it."""
    steps: list[Step] = []
    dossier: Dossier | None = None
    for event in uow.events("dossier", code):
        late = (office.today_of(event.recorded_at) - event.occurred_on).days
        steps.append(Step(dossier, event, late))
        dossier = evolve(dossier, event)
    if dossier is None:
        raise ValueError(f"{code}: no events")
    hashes = {step.event.workflow_hash for step in steps if step.event.workflow_hash}
    known = {digest: uow.law(digest).regime for digest in sorted(hashes & kept)}
    files = _files(uow, (step.event for step in steps))
    return Case(dossier, tuple(steps), known, tuple(_held(uow, office, dossier)), files, limits)


def _held(uow: UnitOfWork, office: Office, dossier: Dossier) -> Iterator[Held]:
    states = uow.outline(dossier.workflow_hash).states
    tiers = {name: row.get("tier") for name, row in states.items()}
    tree, commune = uow.tree([dossier.commune]), commune_of(uow, dossier)
    for stay in stays(dossier.visits, tiers, office.today):
        unit = holding_unit(tree, commune, stay.tier, stay.since)
        if unit is not None and stay.state.partition(".")[0] not in _AT_REST:
            yield Held(unit_ref(unit), stay.state, stay.seq, stay.until or office.today, stay.days)


def _files(uow: UnitOfWork, events: Iterator[Event]) -> dict[str, str]:
    found: dict[str, str] = {}
    for event in events:
        for item in event.data.get("evidence", ()):
            value = uow.unseal(item["file"]) if item["file"] else None
            if isinstance(value, dict) and "sha256" in value:
                found[item["file"]] = value["sha256"]
    return found


def supported(case: Case) -> Supported:
    """What stands beside a dossier, with the days of its certificate."""
    dossier = case.dossier
    issued = dossier.certificate
    first = dossier.earlier_certificates[0] if dossier.earlier_certificates else issued
    return Supported(
        "dossier",
        dossier.code,
        dossier.margin,
        certified=issued is not None,
        issued_on=first.issued_on if first else None,
        valid_to=issued.valid_to if issued else None,
        revoked_on=issued.status_on if issued and issued.status == "revoked" else None,
        units=_recorded_by(step.event for step in case.steps),
    )


def _declared(uow: UnitOfWork, area: frozenset[str] | None) -> Iterator[Supported]:
    """Declared certificates beside which something was recorded."""
    sql = "SELECT DISTINCT subject, commune FROM beside WHERE subject_kind = 'certificate' ORDER BY subject"
    for row in uow.query(sql):
        events = uow.events("certificate", row["subject"])
        known = replay_certificate(events)
        if known is not None and (area is None or row["commune"] in area):
            revoked = known.status_on if known.status == "revoked" else None
            units = _recorded_by(iter(events))
            yield Supported(
                "certificate", known.number, known.margin, True, known.issued_on, known.valid_to, revoked, units
            )


def _recorded_by(events: Iterator[Event]) -> dict[int, UnitRef | None]:
    return {event.seq: event.actor.unit for event in events if event.action == RECORD}


def _decisions(uow: UnitOfWork) -> Iterator[Event]:
    for row in uow.stored("decision"):
        yield from_json(canonical.decode(row[4]))


def _view(found: Found) -> Json:
    unit = found.unit
    return {
        "kind": found.kind,
        "subject_kind": found.subject_kind,
        "subject": found.subject,
        "seq": found.seq,
        "on": found.on.isoformat(),
        "unit": {"code": unit.code, "name": unit.name, "tier": unit.tier} if unit else None,
        "reason": found.because,
        "source": found.because.source,
        "mark": found.because.mark,
    }
