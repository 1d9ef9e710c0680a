"""How long dossiers stayed at each step and office: calendar days between one entry into a state and the next."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import timedelta
from fractions import Fraction
from typing import TYPE_CHECKING

from ocop_flow.domain.figures.facts import Facts
from ocop_flow.domain.figures.sheet import Row, Sheet

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ocop_flow.domain.dossier import Dossier, Visit

_DAY = timedelta(days=1)
#: (step, tier, code and name of the office)
_Key = tuple[int, str, str, str]


@dataclass(slots=True)
class _Spent:
    """Days of the stays that ended in the period, and of those that had not ended at its end."""

    ended: list[int] = field(default_factory=list)
    waiting: list[int] = field(default_factory=list)


def by_office(facts: Facts) -> Sheet:
    """One row for each step of each office; promotion and closed dossiers wait for nobody."""
    found: dict[_Key, _Spent] = defaultdict(_Spent)
    until = facts.period.until
    for case in facts.cases:
        dossier = case.dossier
        for visit, following in stays(dossier):
            step, tier = facts.steps.get((dossier.workflow_hash, visit.state), (None, None))
            if step is None or tier is None or visit.state.startswith(("promotion.", "closed.")):
                continue
            office = case.waited_at.get(visit.seq)
            spent = found[(step, tier, office.code if office else "", office.name if office else "")]
            if following is None:
                spent.waiting.append((until - visit.on) // _DAY)
            elif facts.period.holds(following.on):
                spent.ended.append(max(0, (following.on - visit.on) // _DAY))
    rows = tuple(_row(key, found[key]) for key in sorted(found) if found[key].ended or found[key].waiting)
    columns = ("step", "tier", "unit", "unit_name", "done", "mean_days", "median_days", "longest", "waiting", "oldest")
    return Sheet("time_by_office", columns, rows)


def stays(dossier: Dossier) -> Iterator[tuple[Visit, Visit | None]]:
    """Each entry and the one that ended it; passing under another law in the same state ends no stay."""
    visits: list[Visit] = []
    for visit in dossier.visits:
        if not (visit.kind == "migrate" and visits and visits[-1].state == visit.state):
            visits.append(visit)
    return zip(visits, [*visits[1:], None], strict=True)


def _row(key: _Key, spent: _Spent) -> Row:
    step, tier, unit, name = key
    ended = sorted(spent.ended)
    return {
        "step": step,
        "tier": tier,
        "unit": unit or None,
        "unit_name": name or None,
        "done": len(ended),
        "mean_days": Fraction(sum(ended), len(ended)) if ended else None,
        "median_days": _median(ended),
        "longest": ended[-1] if ended else None,
        "waiting": len(spent.waiting),
        "oldest": max(spent.waiting, default=None),
    }


def _median(ordered: list[int]) -> Fraction | None:
    if not ordered:
        return None
    half = len(ordered) // 2
    if len(ordered) % 2:
        return Fraction(ordered[half])
    return Fraction(ordered[half - 1] + ordered[half], 2)
