"""Named predicates that a workflow file may use; nothing else in a file is ever interpreted.

Each takes its typed argument and the facts of the moment, and answers with the reason it fails, or None.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ocop_flow.errors import Reason, reason

if TYPE_CHECKING:
    from fractions import Fraction

    from ocop_flow.domain.regime import Guard

Argument = int | tuple[int, int]


@dataclass(frozen=True, slots=True)
class GuardFacts:
    """What guards may ask of: the newest closed result and what was decided."""

    stars: int | None
    mean_total: Fraction | None
    stars_decided: int | None


def _stars_between(argument: Argument, facts: GuardFacts) -> tuple[str, str | int] | None:
    low, high = _pair(argument)
    return None if facts.stars is not None and low <= facts.stars <= high else ("stars", _shown(facts.stars))


def _stars_at_most(argument: Argument, facts: GuardFacts) -> tuple[str, str | int] | None:
    # No recognition at all (stars None after a result) counts as below every star.
    if facts.stars is None and facts.mean_total is not None:
        return None
    return None if facts.stars is not None and facts.stars <= _one(argument) else ("stars", _shown(facts.stars))


def _mean_at_least(argument: Argument, facts: GuardFacts) -> tuple[str, str | int] | None:
    met = facts.mean_total is not None and facts.mean_total >= _one(argument)
    return None if met else ("mean_total", _shown(facts.mean_total))


def _mean_below(argument: Argument, facts: GuardFacts) -> tuple[str, str | int] | None:
    met = facts.mean_total is not None and facts.mean_total < _one(argument)
    return None if met else ("mean_total", _shown(facts.mean_total))


def _decided_stars_between(argument: Argument, facts: GuardFacts) -> tuple[str, str | int] | None:
    low, high = _pair(argument)
    met = facts.stars_decided is not None and low <= facts.stars_decided <= high
    return None if met else ("stars_decided", _shown(facts.stars_decided))


@dataclass(frozen=True, slots=True)
class Predicate:
    """``arity`` 1: an integer; 2: a pair [low, high]."""

    arity: int
    test: Callable[[Argument, GuardFacts], tuple[str, str | int] | None]


PREDICATES: dict[str, Predicate] = {
    "stars_between": Predicate(2, _stars_between),
    "stars_at_most": Predicate(1, _stars_at_most),
    "mean_at_least": Predicate(1, _mean_at_least),
    "mean_below": Predicate(1, _mean_below),
    "decided_stars_between": Predicate(2, _decided_stars_between),
}


def failed(guard: Guard, facts: GuardFacts) -> Reason | None:
    """The reason why ``guard`` does not hold, citing its source; None if it holds."""
    found = PREDICATES[guard.name].test(guard.argument, facts)
    if found is None:
        return None
    _, have = found
    low, high = _pair(guard.argument)
    return reason(guard.name, source=guard.source, mark=guard.mark, low=low, high=high, have=have)


def _one(argument: Argument) -> int:
    return argument if isinstance(argument, int) else argument[0]


def _pair(argument: Argument) -> tuple[int, int]:
    return (argument, argument) if isinstance(argument, int) else argument


def _shown(value: Fraction | int | None) -> str | int:
    return "-" if value is None else value if isinstance(value, int) else str(value)
