"""The duties of a dossier as records: a pure function of its history, its regime and the calendar (DESIGN section 6).

They come from the limits of states, the rounds, the expiry of papers, the transitional period of a repealed regime,
and the end of the certificate.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

from ocop_flow.domain import rounds
from ocop_flow.domain.calendar import END_OF_PERIOD_SOURCE
from ocop_flow.domain.filing_window import window_of
from ocop_flow.domain.limit_runs import Run, due, runs
from ocop_flow.errors import Reason, reason

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ocop_flow.domain.calendar import Calendar
    from ocop_flow.domain.dossier import Certificate, Dossier, Visit
    from ocop_flow.domain.event import UnitRef
    from ocop_flow.domain.regime import ExpiryNotice, Regime, ReRatingWindow, Transition
    from ocop_flow.domain.registry import DeclaredCertificate
    from ocop_flow.domain.rounds import Place


class Deadline(NamedTuple):
    """A duty with its day. ``outcome`` is ``met`` or ``cancelled`` with ``closed_on``, or None while it is open.

    unit  who owes it, where that is recorded; None: the unit of ``tier`` above the subject's place
    """

    id: str
    subject_kind: str
    subject: str
    kind: str
    rule: str
    source: str
    mark: str
    tier: str | None
    start_on: date | None
    due_on: date
    provisional: bool
    stopped: tuple[tuple[date, date], ...]
    stopped_since: date | None
    closed_on: date | None
    outcome: str | None
    plan: str | None
    steps: tuple[Reason, ...]
    unit: UnitRef | None = None


def status(due_on: date, outcome: str | None, closed_on: date | None, stopped_since: date | None, on: date) -> str:
    """``open``, ``late``, ``met`` or ``cancelled`` on a day; a stopped clock is never late.

    stopped_since  the day since which the clock stood still on that day
    """
    if outcome is not None and (closed_on is None or closed_on <= on):
        return outcome
    return "late" if on > due_on and stopped_since is None else "open"


def standing_since(stopped: Iterable[tuple[date, date | None]], on: date) -> date | None:
    """Since when the clock stood still on a day; None where it ran. ``stopped``: from, and to where it runs again."""
    spans = (since for since, until in stopped if since <= on and (until is None or on < until))
    return next(spans, None)


@dataclass(frozen=True, slots=True)
class Around:
    """What lies outside the dossier's own history and still makes or settles a duty of its certificate.

    window        the re-rating window of the law in force when the certificate ends, with the decision it is from
    re_rated_on   the day a re-rating of the certificate was filed
    """

    window: ReRatingWindow | None = None
    re_rated_on: date | None = None


def of_dossier(dossier: Dossier, regime: Regime, calendar: Calendar, around: Around) -> tuple[Deadline, ...]:
    """Every duty that the dossier's history makes under the law it is under, in a fixed order."""
    dossier = dossier.under_present_law()
    found = [_limit_deadline(run, dossier, regime, calendar) for run in runs(dossier, regime)]
    found += round_deadlines(dossier, regime, calendar)
    found += _evidence(dossier)
    if regime.transition is not None:
        found += _transition(regime.transition, dossier, regime, calendar)
    for earlier in dossier.earlier_certificates:
        found += _certificate(earlier, dossier, regime, Around())
    if dossier.certificate is not None:
        found += _certificate(dossier.certificate, dossier, regime, around)
    if dossier.margin.records:
        found += _beside(dossier, calendar)
    return tuple([_extended(each, dossier) for each in found] if dossier.extensions else found)


def _extended(duty: Deadline, dossier: Dossier) -> Deadline:
    """The duty with its newest extension."""
    given = [each for each in dossier.extensions if each.deadline == duty.id]
    if not given:
        return duty
    steps = tuple(
        reason("step_extended", day=each.to.isoformat(), decision=each.decision, reason=each.reason) for each in given
    )
    return duty._replace(due_on=given[-1].to, steps=(*duty.steps, *steps))


def _limit_deadline(run: Run, dossier: Dossier, regime: Regime, calendar: Calendar) -> Deadline:
    day, provisional, steps = due(run, calendar)
    return Deadline(
        id=f"{dossier.code}:{run.limit.id}:{run.nth}",
        subject_kind="dossier",
        subject=dossier.code,
        kind=run.limit.id,
        rule=run.limit.id,
        source=run.limit.source,
        mark=run.limit.mark,
        tier=regime.states[run.state].tier,
        start_on=run.started.on,
        due_on=day,
        provisional=provisional,
        stopped=run.stopped,
        stopped_since=run.stopped_since,
        closed_on=run.ended.on if run.ended else None,
        outcome=_outcome(run.ended),
        plan=dossier.plan,
        steps=steps,
    )


def _outcome(ended: Visit | None) -> str | None:
    if ended is None:
        return None
    return "cancelled" if ended.kind in ("withdraw", "migrate") else "met"


def round_deadlines(dossier: Dossier, regime: Regime, calendar: Calendar) -> list[Deadline]:
    """Hand the dossier up before the intake of the next round; finish the round it is in (26/2026 art. 5-8)."""
    if dossier.kind == "re_rating" or not regime.rounds:
        return []
    found: list[Deadline] = []
    known = rounds.places(regime)
    visits = dossier.undisturbed
    places = [known[visit.state] for visit in visits]
    previous: Place | None = None
    for number, place in enumerate(places):
        if place.heads_to is not None and _heads_up(place, previous, dossier, visits[number]):
            found += _round(dossier, regime, calendar, visits, places, number, place.heads_to, handing_up=True)
        if place.rated_by is not None and (previous is None or previous.tier != place.tier):
            found += _round(dossier, regime, calendar, visits, places, number, place.rated_by, handing_up=False)
        previous = place
    return found


def _heads_up(place: Place, previous: Place | None, dossier: Dossier, visit: Visit) -> bool:
    """A fresh entry into registration; or a decision with five stars at hand, which goes up."""
    if place.filing:
        return previous is None or not previous.filing
    return dossier.stars == 5 and dossier.result is not None and dossier.result.seq < visit.seq


def _round(
    dossier: Dossier,
    regime: Regime,
    calendar: Calendar,
    visits: tuple[Visit, ...],
    places: list[Place],
    number: int,
    tier: str,
    *,
    handing_up: bool,
) -> list[Deadline]:
    """The duty that begins with the visit of that number."""
    visit, held = visits[number], places[number].tier
    found = rounds.next_round(regime, tier, visit.on, calendar, handing_up=handing_up)
    if found is None:
        return []
    ended = None
    for later in range(number + 1, len(places)):
        # Outside the tier's own stage: at another tier, in promotion or at the end.
        if places[later].tier != held or places[later].over:
            ended = visits[later]
            break
    closed_on, outcome = (ended.on if ended else None), _outcome(ended)
    result = None if handing_up else _ended_by_result(dossier, tier, visit.seq, ended)
    if result is not None:
        closed_on, outcome = result, "met"
    name = "round_intake" if handing_up else "round_finish"
    return [
        Deadline(
            id=f"{dossier.code}:{name}:{visit.seq}",
            subject_kind="round",
            subject=dossier.code,
            kind=name,
            rule=f"{tier}_round_{found.round.number}",
            source=found.round.source,
            mark=found.round.mark,
            tier=held,
            start_on=visit.on,
            due_on=found.due_on,
            provisional=found.provisional,
            stopped=(),
            stopped_since=None,
            closed_on=closed_on,
            outcome=outcome,
            plan=dossier.plan,
            steps=found.steps,
        )
    ]


def _ended_by_result(dossier: Dossier, tier: str, since: int, ended: Visit | None) -> date | None:
    """The day of the result that ended the round by the council's rules; None where the decision ends it."""
    results = (
        each
        for each in dossier.rounds_ended
        if each.tier == tier and each.seq > since and (ended is None or each.seq < ended.seq)
    )
    return next((each.on for each in results), None)


def _evidence(dossier: Dossier) -> list[Deadline]:
    """Papers that run out while the dossier is under way; met when a newer one of the kind is filed."""
    found = []
    for number, item in enumerate(dossier.evidence, start=1):
        if item.expires_on is None:
            continue
        newer = [other for other in dossier.evidence if other.kind == item.kind and other.seq > item.seq]
        over = dossier.closed_on or (dossier.last_move_on if dossier.phase == "promotion" else None)
        ended = newer[0].occurred_on if newer else over
        found.append(
            Deadline(
                id=f"{dossier.code}:evidence:{item.seq}:{number}",
                subject_kind="evidence",
                subject=dossier.code,
                kind="evidence_expiry",
                rule="evidence_expiry",
                source=item.kind,
                mark="two_sources",
                tier="commune",
                start_on=item.occurred_on,
                due_on=item.expires_on,
                provisional=False,
                stopped=(),
                stopped_since=None,
                closed_on=ended,
                outcome=None if ended is None else "met" if newer else "cancelled",
                plan=dossier.plan,
                steps=(reason("step_evidence", kind=item.kind, day=item.expires_on.isoformat()),),
            )
        )
    return found


def _transition(rules: Transition, dossier: Dossier, regime: Regime, calendar: Calendar) -> list[Deadline]:
    """Unfinished dossiers of a repealed regime end within the transitional period (26/2026/QĐ-TTg art. 12)."""
    limit = next((each for each in rules.limits if dossier.kind in each.kinds), None)
    if limit is None or dossier.filed_on is None or dossier.filed_on >= limit.from_day:
        return []
    rated = next((v for v in dossier.visits if v.state.startswith(("promotion.", "closed."))), None)
    if rated is not None and rated.on < limit.from_day:
        return []
    end, day = limit.from_day + timedelta(limit.days), calendar.next_working_day(limit.last_day)
    state = regime.states[dossier.state]
    return [
        Deadline(
            id=f"{dossier.code}:transition:1",
            subject_kind="dossier",
            subject=dossier.code,
            kind="transition",
            rule="transition",
            source=rules.source,
            mark=rules.mark,
            tier=state.tier or "province",
            start_on=limit.from_day,
            due_on=day,
            provisional=calendar.provisional(end, day),
            stopped=(),
            stopped_since=None,
            closed_on=rated.on if rated else None,
            outcome=_outcome(rated),
            plan=dossier.plan,
            steps=(
                reason("step_transition", day=limit.from_day.isoformat(), count=limit.days),
                *((reason("step_shifted", day=day.isoformat(), source=END_OF_PERIOD_SOURCE),) if day != end else ()),
            ),
        )
    ]


def _beside(dossier: Dossier, calendar: Calendar) -> list[Deadline]:
    from ocop_flow.domain import beside_duties

    certificate = dossier.certificate
    revoked_on = certificate.status_on if certificate and certificate.status == "revoked" else None
    return beside_duties.duties(("dossier", dossier.code), dossier.margin, calendar, revoked_on, dossier.plan)


def _certificate(certificate: Certificate, dossier: Dossier, regime: Regime, around: Around) -> list[Deadline]:
    """The end of a certificate issued here, and the duties before it."""
    over = certificate.status != "valid"
    rules = regime.certificate
    expiry = _expiry(certificate.number, certificate.issued_on, certificate.valid_to, rules.source, rules.mark)
    step = reason(
        "step_validity",
        months=rules.months,
        issued_on=certificate.issued_on.isoformat(),
        day=certificate.valid_to.isoformat(),
        reading=rules.last_day,
    )
    expiry = expiry._replace(
        tier=certificate.issuer_tier,
        closed_on=certificate.status_on if over else None,
        outcome="cancelled" if over else None,
        plan=dossier.plan,
        steps=(step,),
    )
    return _before_end(expiry, regime.expiry_notice, around)


def of_declared(
    certificate: DeclaredCertificate, regime: Regime | None, calendar: Calendar, re_rated_on: date | None = None
) -> list[Deadline]:
    """The duties of a certificate recorded from before this system.

    regime       the law in force when it ends, None if none is recorded
    calendar     of its issuer
    re_rated_on  the day a re-rating of it was filed
    """
    from ocop_flow.domain import beside_duties

    revoked_on = certificate.status_on if certificate.status == "revoked" else None
    found = beside_duties.duties(("certificate", certificate.number), certificate.margin, calendar, revoked_on, None)
    around = Around(window_of(regime, certificate.valid_to) if regime else None, re_rated_on)
    return [*_ends_of_declared(certificate, regime, around), *found]


def _ends_of_declared(certificate: DeclaredCertificate, regime: Regime | None, around: Around) -> list[Deadline]:
    if certificate.valid_to is None:
        return []
    over = certificate.status != "valid"
    expiry = _expiry(certificate.number, certificate.issued_on, certificate.valid_to, certificate.source, "one_source")
    expiry = expiry._replace(
        tier=certificate.issuer["tier"] if certificate.issuer else None,
        closed_on=certificate.status_on if over else None,
        outcome="cancelled" if over else None,
        steps=(reason("step_declared", source=certificate.source, day=certificate.valid_to.isoformat()),),
    )
    return _before_end(expiry, regime.expiry_notice if regime else None, around)


def _expiry(number: str, issued_on: date | None, valid_to: date, source: str, mark: str) -> Deadline:
    return Deadline(
        id=f"{number}:expiry",
        subject_kind="certificate",
        subject=number,
        kind="certificate_expiry",
        rule="certificate_months",
        source=source,
        mark=mark,
        tier=None,
        start_on=issued_on,
        due_on=valid_to,
        provisional=False,
        stopped=(),
        stopped_since=None,
        closed_on=None,
        outcome=None,
        plan=None,
        steps=(),
    )


def _before_end(expiry: Deadline, notice: ExpiryNotice | None, around: Around) -> list[Deadline]:
    """The end itself, the issuer's notice before it, and the last day to file for a re-rating."""
    found = [expiry]
    if notice is not None and (notice.until is None or expiry.due_on - timedelta(notice.days) <= notice.until):
        found.append(_before(expiry, "expiry_notice", notice, notice.days, None))
    if around.window is not None:
        duty = _before(expiry, "re_rating_filing", around.window, around.window.latest_days, around.re_rated_on)
        found.append(duty._replace(start_on=expiry.due_on - timedelta(around.window.earliest_days)))
    return found


def _before(
    expiry: Deadline, kind: str, rule: ReRatingWindow | ExpiryNotice, days: int, done_on: date | None
) -> Deadline:
    """A duty so many days before the certificate ends; such a day never shifts."""
    day = expiry.due_on - timedelta(days)
    return expiry._replace(
        id=f"{expiry.subject}:{kind}",
        kind=kind,
        rule=kind,
        source=rule.source,
        mark=rule.mark,
        due_on=day,
        closed_on=done_on or expiry.closed_on,
        outcome="met" if done_on else expiry.outcome,
        steps=(*expiry.steps, reason("step_before_expiry", days=days, day=day.isoformat())),
    )
