"""Whether a target can be meant as it is written: its parts must not contradict one another."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any

from ocop_flow.domain.finding import Finding, Path, finding
from ocop_flow.domain.target import (
    COUNTS,
    DISTRIBUTION_METRICS,
    METRICS,
    STAR_METRICS,
    Bounds,
    Target,
    target_of,
)
from ocop_flow.domain.units import TIERS

Document = dict[str, Any]
#: Number of units of a tier below the issuer on the day of issue; None where that cannot be told.
UnitCount = Callable[[str], int | None]


def check_target(doc: Document, path: Path, issued_on: date | None, unit_count: UnitCount) -> Iterator[Finding]:
    """Every contradiction in one target of a document whose form was checked (keys may be missing)."""
    target = target_of(doc)
    yield from _words(target, doc, path)
    yield from _quantity(target, doc, path)
    yield from _bounds(target.bounds, path)
    if target.distribution is not None:
        yield from _distribution(target, target.distribution, path)
    for tier, part in target.per.items():
        yield from _per(target, tier, part, (*path, "per", tier), unit_count)
    yield from _days(target, path, issued_on)
    if target.baseline is not None and target.baseline.value is not None:
        yield from _baseline(target, target.baseline.value, path)


def _words(target: Target, doc: Document, path: Path) -> Iterator[Finding]:
    if target.metric not in METRICS:
        if "metric" in doc:
            yield finding((*path, "metric"), "target_metric_unknown", metric=target.metric, metrics=", ".join(METRICS))
        return
    if target.count not in COUNTS:
        yield finding((*path, "count"), "target_count_unknown", count=target.count, counts=", ".join(COUNTS))
    if target.stars and target.metric not in STAR_METRICS:
        yield finding((*path, "stars"), "target_without_stars", metric=target.metric)
    if target.distribution is not None and target.metric not in DISTRIBUTION_METRICS:
        yield finding((*path, "distribution"), "target_without_stars", metric=target.metric)
    if target.metric == "star_distribution" and target.distribution is None:
        yield finding(path, "target_distribution_missing", target=target.id)


def _quantity(target: Target, doc: Document, path: Path) -> Iterator[Finding]:
    if target.metric == "star_distribution":
        return
    if target.bounds.empty and "per" not in doc and "distribution" not in doc:
        yield finding(path, "target_quantity_missing", target=target.id)
    for tier, part in target.per.items():
        if part.empty:
            yield finding((*path, "per", tier), "target_quantity_missing", target=target.id)


def _bounds(bounds: Bounds, path: Path) -> Iterator[Finding]:
    low, high, about = bounds.at_least, bounds.at_most, bounds.about
    if low is not None and high is not None and low > high:
        yield finding((*path, "at_least"), "target_bounds_reversed", at_least=low, at_most=high)
    elif about is not None and ((low is not None and about < low) or (high is not None and about > high)):
        yield finding((*path, "about"), "target_about_outside", about=about)


def _distribution(target: Target, distribution: Mapping[int, int], path: Path) -> Iterator[Finding]:
    total, at = sum(distribution.values()), (*path, "distribution")
    low, high = target.bounds.at_least, target.bounds.at_most
    if low is not None and total < low:
        yield finding(at, "target_distribution_below", total=total, at_least=low)
    if high is not None and total > high:
        yield finding(at, "target_distribution_above", total=total, at_most=high)
    for stars in sorted(set(distribution) - set(target.stars)) if target.stars else ():
        yield finding((*at, str(stars)), "target_distribution_star", stars=stars)


def _per(target: Target, tier: str, part: Bounds, path: Path, unit_count: UnitCount) -> Iterator[Finding]:
    if tier not in TIERS:
        yield finding(path, "plan_tier_unknown", tier=tier, tiers=", ".join(TIERS))
        return
    yield from _bounds(part, path)
    count = unit_count(tier)
    if count == 0:
        yield finding(path, "target_per_tier_empty", tier=tier)
    if not count:
        return
    low, high = target.bounds.at_least, target.bounds.at_most
    if part.at_least is not None and high is not None and count * part.at_least > high:
        yield finding(path, "target_per_above", count=count, tier=tier, each=part.at_least, at_most=high)
    if part.at_most is not None and low is not None and count * part.at_most < low:
        yield finding(path, "target_per_below", count=count, tier=tier, each=part.at_most, at_least=low)


def _days(target: Target, path: Path, issued_on: date | None) -> Iterator[Finding]:
    by, baseline = target.by, target.baseline
    if by is not None and issued_on is not None and by < issued_on:
        yield finding((*path, "by"), "target_by_before_issue", by=by.isoformat(), issued_on=issued_on.isoformat())
    if by is not None and baseline is not None and baseline.as_of is not None and baseline.as_of > by:
        at = (*path, "baseline", "as_of")
        yield finding(at, "target_baseline_after", as_of=baseline.as_of.isoformat(), by=by.isoformat())


def _baseline(target: Target, value: int, path: Path) -> Iterator[Finding]:
    at = (*path, "baseline", "value")
    if target.count == "year":
        yield finding((*path, "baseline"), "target_baseline_in_year")
        return
    ceiling = target.bounds.at_most if target.bounds.at_most is not None else target.bounds.at_least
    if ceiling is not None and value > ceiling:
        yield finding(at, "target_baseline_above", value=value, wanted=ceiling)
