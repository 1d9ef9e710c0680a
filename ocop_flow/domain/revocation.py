"""Revoking a certificate: on which ground, by which action of the law, and how long the decision may take."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from ocop_flow.domain import names
from ocop_flow.domain.guards import GuardFacts, failed
from ocop_flow.domain.period import Period, end_of
from ocop_flow.errors import InputInvalid, Reason, reason

if TYPE_CHECKING:
    from ocop_flow.domain.calendar import Calendar
    from ocop_flow.domain.regime import Action, Cause, Regime


def cause_of(typed: str, laws: Sequence[Regime]) -> Cause:
    """A ground by its identifier, its letter or its label in either language.

    laws    the law that the certificate is under, then others whose letters may be typed
    raises  InputInvalid listing the grounds of the first law
    """
    known = [cause for law in laws if law.revocation for cause in law.revocation.causes]
    wanted = typed.strip().lower().rstrip(")")
    found = next((cause for cause in known if wanted in (cause.id, cause.letter)), None)
    key = names.fold(typed)
    found = found or next((c for c in known if key in (names.fold(c.label.vi), names.fold(c.label.en))), None)
    own = laws[0].revocation
    if found is None or own is None or all(cause.id != found.id for cause in own.causes):
        raise InputInvalid(
            reason("cause_unknown", cause=typed, known=_listed(own.causes if own else ()), law=laws[0].decision)
        )
    return next(cause for cause in own.causes if cause.id == found.id)


def _listed(causes: Sequence[Cause]) -> str:
    return ", ".join(f"{cause.letter} {cause.id}" if cause.letter else cause.id for cause in causes)


def revoking(regime: Regime, stars: int) -> tuple[Action, ...]:
    """The actions of a law that revoke a certificate of so many stars, in the order of its file."""
    facts = GuardFacts(stars=stars, mean_total=None, stars_decided=stars)
    return tuple(
        action
        for action in regime.actions.values()
        if action.to == "closed.revoked" and all(failed(guard, facts) is None for guard in action.guards)
    )


def decide_by(regime: Regime, concluded_on: date, calendar: Calendar) -> date | None:
    """The last day for the decision after a conclusion on the breach; None where the law sets no limit."""
    rules = regime.revocation
    if rules is None or rules.days is None:
        return None
    return end_of(Period(rules.days, "day"), concluded_on, calendar)


def warnings(
    current: Regime, cause: Cause, concluded_on: date | None, decided_on: date, calendar: Calendar
) -> tuple[Reason, ...]:
    """What a revocation is told of: decided after its limit, or on a ground that the law of the day does not list.

    Neither undoes a signed decision (DESIGN sections 2 and 5).
    """
    rules = current.revocation
    found: list[Reason] = []
    last_day = decide_by(current, concluded_on, calendar) if concluded_on else None
    if rules is not None and last_day is not None and concluded_on is not None and decided_on > last_day:
        found.append(
            reason(
                "revocation_late",
                source=rules.source,
                mark=rules.mark,
                concluded_on=concluded_on.isoformat(),
                last_day=last_day.isoformat(),
                decided_on=decided_on.isoformat(),
                days=(decided_on - last_day).days,
            )
        )
    if rules is not None and all(each.id != cause.id for each in rules.causes):
        found.append(
            reason(
                "cause_of_earlier_practice",
                source=cause.source,
                mark=cause.mark,
                cause=cause.label,
                law=current.decision,
            )
        )
    return tuple(found)
