"""Targets of a plan: what is counted, how much of it is wanted, and by when."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

#: What a target may count (DESIGN section 8).
METRICS = (
    "recognised_products",
    "upgraded_products",
    "new_products",
    "establishments_supported",
    "dossiers_submitted",
    "star_distribution",
)
#: Metrics whose products have stars, so that a star filter means something.
STAR_METRICS = frozenset({"recognised_products", "upgraded_products", "new_products", "star_distribution"})
#: Metrics that may be split by star.
DISTRIBUTION_METRICS = frozenset({"recognised_products", "star_distribution"})
#: How a number is counted: all there ever were, or those of the plan's year (or years) alone.
COUNTS = ("cumulative", "year")

Document = dict[str, Any]
#: Stars -> number of products.
Distribution = MappingProxyType[int, int]


@dataclass(frozen=True, slots=True)
class Bounds:
    """How many are wanted; ``about`` is a number that its source gives as approximate (`khoảng 40`)."""

    at_least: int | None = None
    at_most: int | None = None
    about: int | None = None

    @property
    def empty(self) -> bool:
        return self.at_least is None and self.at_most is None and self.about is None


@dataclass(frozen=True, slots=True)
class Baseline:
    """What there was at the end of a day: a number, or a number for each star; the other is None."""

    as_of: date | None
    value: int | None = None
    distribution: Distribution | None = None


@dataclass(frozen=True, slots=True)
class Target:
    """One target.

    stars         only products of these ranks count; empty: of any rank
    count         one of COUNTS
    by            last day that counts; None: the end of the plan's last year
    per           tier -> what every unit of that tier below the issuer is to reach
    distribution  stars -> number of products; None where the target is not split
    """

    id: str
    title: str
    metric: str
    stars: tuple[int, ...]
    count: str
    bounds: Bounds
    by: date | None
    baseline: Baseline | None
    per: Mapping[str, Bounds] = field(default_factory=lambda: MappingProxyType({}))
    distribution: Distribution | None = None


def target_of(doc: Document) -> Target:
    """Build a target from its part of a plan document; what is left out takes its default."""
    return Target(
        id=doc.get("id", ""),
        title=doc.get("title", ""),
        metric=doc.get("metric", ""),
        stars=tuple(doc.get("stars", ())),
        count=doc.get("count", default_count(doc)),
        bounds=bounds_of(doc),
        by=_day(doc.get("by")),
        baseline=_baseline(doc["baseline"]) if "baseline" in doc else None,
        per=MappingProxyType({tier: bounds_of(part) for tier, part in doc.get("per", {}).items()}),
        distribution=_distribution(doc.get("distribution")),
    )


def default_count(doc: Document) -> str:
    """How a target counts that does not say so: from a baseline on or by star, all there are; else the plan's year."""
    cumulative = "baseline" in doc or doc.get("metric") == "star_distribution"
    return "cumulative" if cumulative else "year"


def bounds_of(doc: Document) -> Bounds:
    """The bounds among the keys of a document."""
    return Bounds(doc.get("at_least"), doc.get("at_most"), doc.get("about"))


def _baseline(doc: Document) -> Baseline:
    return Baseline(_day(doc.get("as_of")), doc.get("value"), _distribution(doc.get("distribution")))


def _distribution(doc: Mapping[str, int] | None) -> Distribution | None:
    return None if doc is None else MappingProxyType({int(stars): number for stars, number in doc.items()})


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)
