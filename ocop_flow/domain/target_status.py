"""How far a target has come on a day.

What is counted, and what is not, is this project's reading (mark: derived); no decision defines the words:

recognised_products       products recognised (again) in the time counted, by their newest rank in it
upgraded_products         of these, products of the track ``existing_product`` and of the kind ``upgrade``
new_products              of these, products first recognised through the track ``new_product``
establishments_supported  entities with a dossier; support without a dossier is not recorded, so this is a lower bound
dossiers_submitted        dossiers filed
star_distribution         products by the rank they hold on the day

More than the upper end of a range is more than was asked, not a failure. A distribution is met when at every rank there
are as many products of that rank or higher as the target wants.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from ocop_flow.domain.plan_units import units_below

if TYPE_CHECKING:
    from ocop_flow.domain.plan import Plan
    from ocop_flow.domain.plan_facts import DossierFact, PlanFacts, Recognition
    from ocop_flow.domain.target import Bounds, Target
    from ocop_flow.domain.units import Unit, UnitTree

Document = dict[str, Any]
Actual = int | Mapping[int, int]
#: Metrics of which records show only a part, so that falling short of them proves nothing.
LOWER_BOUNDS = frozenset({"establishments_supported"})


@dataclass(frozen=True, slots=True)
class UnitTarget:
    """One unit's share."""

    unit: Unit
    wanted: Bounds
    actual: int
    met: bool | None


@dataclass(frozen=True, slots=True)
class TargetStatus:
    """A target on a day.

    actual    a number, or for a distribution stars -> number
    met       None where it cannot be told: an approximate number not yet reached, or a metric known only in part
    exceeded  more than the upper end of its range
    over      its day has passed
    """

    target: Target
    actual: Actual
    met: bool | None
    exceeded: bool
    over: bool
    units: tuple[UnitTarget, ...]


@dataclass(frozen=True, slots=True)
class _Time:
    """The days counted, both ends included."""

    first: date
    last: date

    def holds(self, day: date | None) -> bool:
        """An unknown day lies before everything."""
        return self.first <= (day or date.min) <= self.last


def target_status(target: Target, plan: Plan, facts: PlanFacts, on: date, tree: UnitTree) -> TargetStatus:
    """What was reached by the end of a day; what came after the target's own day does not count."""
    end = target.by or date(plan.last_year, 12, 31)
    time = _Time(_first_day(target, plan), min(on, end))
    area = _count(target, plan, facts, time, plan.issuer)
    units = tuple(
        _unit_target(target, wanted, unit, plan, facts, time)
        for tier, wanted in target.per.items()
        for unit in units_below(tree, plan.issuer, tier, plan.issued_on)
    )
    total = area if isinstance(area, int) else sum(area.values())
    total += _baseline_value(target)
    parts = [unit.met for unit in units]
    if not isinstance(area, int):
        parts.append(_distribution_met(target.distribution or {}, area))
    if not target.bounds.empty:
        parts.append(_met(target.bounds, total, target.metric))
    most = target.bounds.at_most
    return TargetStatus(
        target=target,
        actual=total if isinstance(area, int) else area,
        met=_all(parts),
        exceeded=most is not None and total > most,
        over=on > end,
        units=units,
    )


def _baseline_value(target: Target) -> int:
    return target.baseline.value or 0 if target.baseline else 0


def _first_day(target: Target, plan: Plan) -> date:
    if target.count == "year":
        return date(plan.year, 1, 1)
    baseline = target.baseline
    if baseline is not None and baseline.value is not None and baseline.as_of is not None:
        return baseline.as_of + timedelta(days=1)
    return date.min


def _unit_target(target: Target, wanted: Bounds, unit: Unit, plan: Plan, facts: PlanFacts, time: _Time) -> UnitTarget:
    count = _count(target, plan, facts, time, unit)
    actual = count if isinstance(count, int) else sum(count.values())
    met = _met(wanted, actual, target.metric)
    # How the baseline is shared out among the units is not known.
    return UnitTarget(unit, wanted, actual, None if met is False and target.baseline is not None else met)


def _met(bounds: Bounds, actual: int, metric: str) -> bool | None:
    if bounds.at_least is not None:
        return True if actual >= bounds.at_least else _short(metric)
    if bounds.about is not None:
        return True if actual >= bounds.about else None
    return None if bounds.at_most is None else actual <= bounds.at_most


def _short(metric: str) -> bool | None:
    return None if metric in LOWER_BOUNDS else False


def _all(parts: list[bool | None]) -> bool | None:
    """Whether all parts are met; one that is not decides, one that cannot be told leaves it open."""
    return False if False in parts else None if None in parts or not parts else True


def _distribution_met(wanted: Mapping[int, int], actual: Mapping[int, int]) -> bool:
    return all(
        sum(number for rank, number in actual.items() if rank >= stars)
        >= sum(number for rank, number in wanted.items() if rank >= stars)
        for stars in wanted
    )


def _count(target: Target, plan: Plan, facts: PlanFacts, time: _Time, unit: Unit) -> Actual:
    if target.metric == "establishments_supported":
        return len({fact.entity for fact in facts.dossiers if unit in fact.units and _runs(fact, plan, time)})
    if target.metric == "dossiers_submitted":
        return sum(unit in fact.units and _filed(fact, time) for fact in facts.dossiers)
    known = _by_product(r for r in facts.recognitions() if unit in r.units and (r.on or date.min) <= time.last)
    if target.distribution is not None:
        return _ranks(target, known, time)
    baseline = target.baseline is not None and target.baseline.value is not None
    counted = _COUNTED[target.metric]
    return sum(
        1
        for history in known.values()
        if counted(history, time, baseline=baseline) and (not target.stars or history[-1].stars in target.stars)
    )


def _runs(fact: DossierFact, plan: Plan, time: _Time) -> bool:
    """Whether a dossier shows support in the time counted: opened then, or earlier under this plan."""
    return time.holds(fact.opened_on) or (fact.plan == plan.identity and fact.opened_on <= time.last)


def _filed(fact: DossierFact, time: _Time) -> bool:
    return fact.filed_on is not None and time.holds(fact.filed_on)


def _by_product(recognitions: Iterable[Recognition]) -> dict[str, list[Recognition]]:
    """Each product's recognitions, oldest first."""
    histories: dict[str, list[Recognition]] = defaultdict(list)
    for recognition in recognitions:
        histories[recognition.product].append(recognition)
    for history in histories.values():
        history.sort(key=lambda recognition: recognition.on or date.min)
    return histories


def _recognised(history: list[Recognition], time: _Time, *, baseline: bool) -> bool:
    if not baseline:
        return any(time.holds(recognition.on) for recognition in history)
    # On top of a baseline only what is new counts: a product of an upgrade or a re-rating was in it already.
    return time.holds(history[0].on) and history[0].kind in ("first", None)


def _upgraded(history: list[Recognition], time: _Time, *, baseline: bool) -> bool:
    return any(time.holds(r.on) and (r.kind == "upgrade" or r.track == "existing_product") for r in history)


def _new(history: list[Recognition], time: _Time, *, baseline: bool) -> bool:
    first = history[0]
    return time.holds(first.on) and first.kind == "first" and first.track == "new_product"


_COUNTED: Mapping[str, Callable[..., bool]] = {
    "recognised_products": _recognised,
    "upgraded_products": _upgraded,
    "new_products": _new,
}


def _ranks(target: Target, known: Mapping[str, list[Recognition]], time: _Time) -> dict[int, int]:
    """Stars -> number of products, every rank that the target names included."""
    newest = [history[-1] for history in known.values()]
    held = (
        recognition.stars
        for recognition in newest
        if time.holds(recognition.on) and (recognition.ended_on is None or recognition.ended_on > time.last)
    )
    counts = Counter(held)
    return {stars: counts[stars] for stars in sorted({*counts, *(target.distribution or ())}, reverse=True)}


def target_json(found: TargetStatus) -> Document:
    """The contract's part of ``plan status``, with more."""
    actual = found.actual
    return {
        "id": found.target.id,
        "title": found.target.title,
        "metric": found.target.metric,
        "target": _wanted_json(found.target),
        "actual": actual if isinstance(actual, int) else {str(stars): number for stars, number in actual.items()},
        "met": found.met,
        "exceeded": found.exceeded,
        "units": [
            {
                "code": row.unit.code,
                "name": row.unit.name,
                "target": _bounds_json(row.wanted),
                "actual": row.actual,
                "met": row.met,
            }
            for row in found.units
        ],
    }


def _wanted_json(target: Target) -> Document:
    wanted: Document = {"count": target.count, **_bounds_json(target.bounds)}
    if target.stars:
        wanted["stars"] = list(target.stars)
    if target.distribution is not None:
        wanted["distribution"] = {str(stars): number for stars, number in target.distribution.items()}
    if target.by is not None:
        wanted["by"] = target.by.isoformat()
    if target.per:
        wanted["per"] = {tier: _bounds_json(bounds) for tier, bounds in target.per.items()}
    if target.baseline is not None and target.baseline.value is not None:
        wanted["baseline"] = target.baseline.value
    return wanted


def _bounds_json(bounds: Bounds) -> Document:
    found = {"at_least": bounds.at_least, "at_most": bounds.at_most, "about": bounds.about}
    return {key: value for key, value in found.items() if value is not None}
