"""The way of dossiers through the phases: how many of those opened in a period came how far, and where they stand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ocop_flow.domain.figures.facts import Facts
from ocop_flow.domain.figures.sheet import Row, Sheet, share

if TYPE_CHECKING:
    from ocop_flow.domain.dossier import Dossier

PHASES = ("proposal", "registration", "evaluation", "rating", "promotion")


def funnel(facts: Facts) -> Sheet:
    """Of the dossiers opened in the period: how many ever came as far as each phase, and where they are at its end.

    A dossier of a product already there opens in registration and has the proposal behind it.
    """
    opened = [case.dossier for case in facts.cases if facts.period.holds(case.dossier.opened_on)]
    rows: tuple[Row, ...] = tuple(
        {
            "phase": phase,
            "reached": sum(furthest(each) >= place for each in opened),
            "share": share(sum(furthest(each) >= place for each in opened), len(opened)),
            "now": sum(each.phase == phase for each in opened),
        }
        for place, phase in enumerate(PHASES)
    )
    return Sheet("phases", ("phase", "reached", "share", "now"), rows)


def furthest(dossier: Dossier) -> int:
    """Place in PHASES of the furthest phase that it was in."""
    seen = {visit.state.partition(".")[0] for visit in dossier.visits}
    return max((place for place, phase in enumerate(PHASES) if phase in seen), default=0)


def closed(facts: Facts) -> Sheet:
    """How the dossiers that were closed in the period ended."""
    states = [
        case.dossier.state for case in facts.cases if case.dossier.closed and facts.period.holds(case.dossier.closed_on)
    ]
    rows = tuple(
        {
            "state": state,
            "name": facts.states.get(state),
            "dossiers": states.count(state),
            "share": share(states.count(state), len(states)),
        }
        for state in sorted(set(states))
    )
    return Sheet("closed", ("state", "name", "dossiers", "share"), rows, {"state": None, "dossiers": len(states)})
