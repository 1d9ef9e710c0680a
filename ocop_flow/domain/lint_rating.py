"""Points and stars: bands cover 0 to 100 once, parts add up to 100, criteria sets add up or say that they do not."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from ocop_flow.domain.finding import Finding, finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ocop_flow.domain.lint_subject import Subject

#: Stars from the highest band to the lowest.
STARS = (5, 4, 3, 2, 1)
#: Lowest star that anybody recognises (DESIGN section 3: one and two stars are shown and recognised by nobody).
LOWEST_RECOGNISED = 3
SCORED_KEYS = ("parts", "bands", "below_three_star_minimum", "minima_by", "conditions")


def rating_has_its_keys(subject: Subject) -> Iterator[Finding]:
    """A scored regime has parts and bands; a declared one has nothing of the kind, and nothing to score."""
    entry = subject.document["rating"]
    if subject.regime.rating.scored:
        for key in ("parts", "bands"):
            if key not in entry:
                yield finding(("rating",), "lint_rating_without", key=key)
        return
    for key in SCORED_KEYS:
        if entry.get(key) is not None:
            yield finding(("rating", key), "lint_declared_rating_key", key=key)
    for path, action in subject.actions:
        if action.scores:
            yield finding((*path, "scores"), "lint_declared_rating_scores", action=action.id)


def bands_cover_all_points(subject: Subject) -> Iterator[Finding]:
    """Five bands, from five stars down to one; each begins below the one above it, the last at 0.

    A band reaches up to the beginning of the next, so what is left to go wrong is order, overlap and the ends.
    """
    bands = subject.regime.rating.bands
    if not bands:
        return
    stars = tuple(band.stars for band in bands)
    if stars != STARS:
        yield finding(("rating", "bands"), "lint_band_stars", stars=", ".join(map(str, stars)))
    for index, (upper, lower) in enumerate(pairwise(bands), start=1):
        if lower.from_points >= upper.from_points:
            yield finding(
                ("rating", "bands", index, "from"),
                "lint_band_overlap",
                stars=lower.stars,
                start=lower.from_points,
                above=upper.stars,
                above_start=upper.from_points,
            )
    last = len(bands) - 1
    if bands[last].from_points != 0:
        yield finding(("rating", "bands", last, "from"), "lint_band_gap", start=bands[last].from_points)
    for index, band in enumerate(bands):
        if (band.recognised_by is not None) != (band.stars >= LOWEST_RECOGNISED):
            yield finding(("rating", "bands", index, "recognised_by"), "lint_band_recognition", stars=band.stars)


def parts_add_up(subject: Subject) -> Iterator[Finding]:
    """The parts together make 100 points."""
    parts = subject.regime.rating.parts
    if parts and sum(parts.values()) != 100:
        yield finding(("rating", "parts"), "lint_parts_sum", total=sum(parts.values()))


def criteria_add_up(subject: Subject) -> Iterator[Finding]:
    """Each criteria set has the regime's parts, and adds up or is marked as taking part totals alone."""
    for summary in subject.criteria or ():
        if summary.parts != subject.regime.rating.parts:
            yield finding(("rating", "parts"), "lint_criteria_parts", product_set=summary.id)
        if not summary.sums_ok and not summary.part_totals:
            yield finding(("product_sets",), "lint_criteria_sum", product_set=summary.id)


def product_sets_are_known(subject: Subject) -> Iterator[Finding]:
    """Services are among the listed sets, and a regime that lists its sets has some."""
    sets = subject.document["product_sets"]
    if subject.criteria is None or not sets["listed"]:
        return
    known = {summary.id for summary in subject.criteria} | set(sets["others"])
    if not known:
        yield finding(("product_sets", "listed"), "lint_product_sets_empty")
    for index, name in enumerate(sets["services"]):
        if name not in known:
            yield finding(("product_sets", "services", index), "lint_product_set_unknown", product_set=name)
