"""Rounds of evaluation: the day by which a dossier must be handed up to take part, and the day the round must end.

26/2026/QĐ-TTg gives each tier that rates two rounds a year, each with a last day of intake and a last day of the
rating. A dossier belongs to the first round whose intake it can still make; missed, it belongs to the next.
Re-ratings follow their own limit and no round.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from ocop_flow.domain.due_date import resolve
from ocop_flow.domain.units import tier_rank
from ocop_flow.domain.wording import parse
from ocop_flow.errors import Reason, reason

if TYPE_CHECKING:
    from ocop_flow.domain.calendar import Calendar
    from ocop_flow.domain.date_rule import BeforeReading
    from ocop_flow.domain.due_date import DueDate
    from ocop_flow.domain.regime import Regime, Round, State


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


@dataclass(frozen=True, slots=True)
class NextRound:
    """What a round asks of a dossier at hand: the day, and how it was found."""

    round: Round
    due_on: date
    provisional: bool
    steps: tuple[Reason, ...]


def next_round(regime: Regime, tier: str, on: date, calendar: Calendar, *, handing_up: bool) -> NextRound | None:
    """The first round that a dossier at hand on a day can make: its intake to be handed up to, else its end."""
    key = (id(regime), tier, on, calendar.version, handing_up)
    kept = _next.get(key)
    if kept is None or kept[0] is not regime:
        if len(_next) > _KEPT:
            _next.clear()
        kept = _next[key] = (regime, _next_round(regime, tier, on, calendar, handing_up))
    return kept[1]


def _next_round(regime: Regime, tier: str, on: date, calendar: Calendar, handing_up: bool) -> NextRound | None:
    cutoffs = upcoming(regime, tier, on, calendar)
    if not cutoffs:
        return None
    first = cutoffs[0]
    chosen = first.intake if handing_up else first.finish
    name, number = "step_round_intake" if handing_up else "step_round_finish", first.round.number
    steps = [reason(name, day=str(chosen.due_on), tier=tier, number=number), *chosen.steps]
    if handing_up and len(cutoffs) > 1:
        following = cutoffs[1]
        steps.append(reason("step_next_round", number=following.round.number, day=following.intake_on.isoformat()))
    due_on = first.intake_on if handing_up else first.finish_on
    return NextRound(first.round, due_on, chosen.provisional, tuple(steps))


#: Answers that are kept.
_KEPT = 1000
#: What was asked, and the regime itself with the answer: an identity may be given away again.
_next: dict[tuple[int, str, date, str, bool], tuple[Regime, NextRound | None]] = {}
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


class Place(NamedTuple):
    """What a state means to rounds.

    tier     that holds the dossier, None where none does any more
    heads_to the tier whose next intake a dossier there heads for, the nearest above the one that holds it
    rated_by the tier whose rating begins there
    filing   whether it is one of registration
    over     whether evaluation and rating lie behind it
    """

    tier: str | None
    heads_to: str | None
    rated_by: str | None
    filing: bool
    over: bool


def places(regime: Regime) -> dict[str, Place]:
    """Every state of a regime; found once."""
    kept = _places.get(id(regime))
    if kept is None or kept[0] is not regime:
        if len(_places) > _KEPT:
            _places.clear()
        found = {name: _place(regime, state) for name, state in regime.states.items()}
        kept = _places[id(regime)] = (regime, found)
    return kept[1]


def _place(regime: Regime, state: State) -> Place:
    over = state.phase in ("promotion", "closed")
    heads_to, rated_by = _hands_up_to(regime, state.id), _rated_by(regime, state.id)
    return Place(state.tier, heads_to, rated_by, state.phase == "registration", over)


#: A regime's identity -> the regime itself, and what its states mean.
_places: dict[int, tuple[Regime, dict[str, Place]]] = {}


def _hands_up_to(regime: Regime, state: str) -> str | None:
    held = regime.states[state].tier
    if held is None or not state.startswith(("registration.", "rating.")):
        return None
    above = [tier for tier in tiers(regime) if tier_rank(tier) > tier_rank(held)]
    return above[0] if above else None


def _rated_by(regime: Regime, state: str) -> str | None:
    tier = regime.states[state].tier
    return tier if tier is not None and state == f"evaluation.{tier}_check" else None
