"""Rounds of evaluation: the day by which a dossier must be handed up to take part, and the day the round must end.

26/2026/QĐ-TTg gives each tier that rates two rounds a year, each with a last day of intake and a last day of the
rating. A dossier belongs to the first round whose intake it can still make; missed, it belongs to the next.
Re-ratings follow their own limit and no round.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import TYPE_CHECKING

from ocop_flow.domain.due_date import resolve
from ocop_flow.domain.units import tier_rank
from ocop_flow.domain.wording import parse

if TYPE_CHECKING:
    from ocop_flow.domain.calendar import Calendar
    from ocop_flow.domain.date_rule import BeforeReading
    from ocop_flow.domain.due_date import DueDate
    from ocop_flow.domain.regime import Regime, Round


#: The few wordings of a regime are read again for every dossier.
_read = cache(parse)


@dataclass(frozen=True, slots=True)
class Cutoff:
    """One round of one year: last day of intake, last day of the rating."""

    round: Round
    intake: DueDate
    finish: DueDate

    @property
    def intake_on(self) -> date:
        return self.intake.due_on or date.max

    @property
    def finish_on(self) -> date:
        return self.finish.due_on or date.max


def upcoming(regime: Regime, tier: str, on: date, calendar: Calendar, count: int = 2) -> tuple[Cutoff, ...]:
    """The rounds of a tier that a dossier at hand on a day can still make, nearest first."""
    found = [*_cutoffs(regime, tier, on.year, calendar), *_cutoffs(regime, tier, on.year + 1, calendar)]
    open_ = sorted((cutoff for cutoff in found if cutoff.intake_on >= on), key=lambda cutoff: cutoff.intake_on)
    return tuple(open_[:count])


#: Years of rounds that are kept.
_KEPT = 1000
#: (regime's identity, tier, year, version of the calendar) -> the regime itself and its rounds.
_found: dict[tuple[int, str, int, str], tuple[Regime, tuple[Cutoff, ...]]] = {}


def _cutoffs(regime: Regime, tier: str, year: int, calendar: Calendar) -> tuple[Cutoff, ...]:
    """The rounds of a year, found once: the same for every dossier."""
    key = (id(regime), tier, year, calendar.version)
    kept = _found.get(key)
    if kept is None or kept[0] is not regime:
        if len(_found) > _KEPT:
            _found.clear()
        cutoffs = tuple(_cutoff(each, year, regime, calendar) for each in regime.rounds if each.tier == tier)
        kept = _found[key] = (regime, cutoffs)
    return kept[1]


def _cutoff(each: Round, year: int, regime: Regime, calendar: Calendar) -> Cutoff:
    """``year`` is that of the intake; a rating that ends in an earlier month ends in the next year."""
    reading: BeforeReading = "inclusive" if regime.before_reading == "inclusive" else "strict"
    intake = resolve(_read(each.intake), calendar=calendar, year=year, before_reading=reading)
    finish = resolve(_read(each.finish), calendar=calendar, year=year, before_reading=reading)
    if intake.due_on and finish.due_on and finish.due_on < intake.due_on:
        finish = resolve(_read(each.finish), calendar=calendar, year=year + 1, before_reading=reading)
    return Cutoff(each, intake, finish)


def tiers(regime: Regime) -> tuple[str, ...]:
    """Tiers that hold rounds, from the lowest up."""
    return tuple(sorted({each.tier for each in regime.rounds}, key=tier_rank))


def hands_up_to(regime: Regime, state: str) -> str | None:
    """The tier whose next intake a dossier in ``state`` heads for: the nearest above the one that holds it."""
    held = regime.states[state].tier
    if held is None or not state.startswith(("registration.", "rating.")):
        return None
    above = [tier for tier in tiers(regime) if tier_rank(tier) > tier_rank(held)]
    return above[0] if above else None
