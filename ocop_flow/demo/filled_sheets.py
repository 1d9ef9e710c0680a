"""Sheets of the demo's council: one option for every criterion, so that the total and the minima come out as told."""

from __future__ import annotations

from random import Random

from ocop_flow.domain.criteria import CriteriaSet, Criterion

#: How far the five members stand from the mean; the sum is nought.
SPREAD = (-2, -1, 0, 1, 2)


def answers(tree: CriteriaSet, total: int, stars: int, missed: str | None, random: Random) -> tuple[str, ...]:
    """``CRITERION=POINTS[:CASE]`` for every criterion.

    stars   whose minima, and those of lower stars, are kept
    missed  a criterion that stays below its four-star minimum; None if none does
    """
    least = {leaf.code: _least(leaf, stars if leaf.code != missed else 3) for leaf in tree.leaves}
    most = {leaf.code: _most(leaf, missed) for leaf in tree.leaves}
    given = {leaf.code: _near(leaf, total, least[leaf.code], most[leaf.code]) for leaf in tree.leaves}
    leaves = list(tree.leaves)
    for _ in range(2000):
        away = total - sum(given.values())
        if away == 0:
            break
        leaf = random.choice(leaves)
        steps = sorted({option.points for option in leaf.options} - {given[leaf.code]})
        fit = [
            step
            for step in steps
            if least[leaf.code] <= step <= most[leaf.code]
            and 0 < (step - given[leaf.code]) * (1 if away > 0 else -1) <= abs(away)
        ]
        if fit:
            given[leaf.code] = min(fit, key=lambda step: abs(step - given[leaf.code]))
    return tuple(f"{leaf.code}={_written(leaf, given[leaf.code])}" for leaf in leaves)


def missable(tree: CriteriaSet) -> str | None:
    """The first criterion with a four-star minimum above its three-star one."""
    for leaf in tree.leaves:
        below = [option.points for option in leaf.options if option.points < leaf.minima.get(4, 0)]
        if any(points >= _least(leaf, 3) for points in below):
            return leaf.code
    return None


def _least(leaf: Criterion, stars: int) -> int:
    wanted = [points for star, points in leaf.minima.items() if star <= stars]
    # Nothing on a criterion may stop the whole evaluation; the story of the demo does not want that.
    floor = min((option.points for option in leaf.options if option.points > 0), default=0)
    return max([floor, *wanted])


def _most(leaf: Criterion, missed: str | None) -> int:
    if leaf.code != missed:
        return leaf.maximum
    return max(option.points for option in leaf.options if option.points < leaf.minima[4])


def _near(leaf: Criterion, total: int, least: int, most: int) -> int:
    wanted = leaf.maximum * total / 100
    fit = [option.points for option in leaf.options if least <= option.points <= most] or [least]
    return min(fit, key=lambda points: abs(points - wanted))


def _written(leaf: Criterion, points: int) -> str:
    equal = [option for option in leaf.options if option.points == points]
    case = equal[0].case if len(equal) > 1 else None
    return f"{points}:{case}" if case else str(points)
