"""Points to stars: exact means, bands, star minima.

``stars_by_total`` is the band of the exact mean. ``stars`` is the highest star not above it whose minima, and those of
all lower certifiable stars, are met (DESIGN section 3). What cannot be checked limits nothing and is said.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Literal

from ocop_flow.domain.exact import exact as exact
from ocop_flow.domain.exact import mean_decimal as mean_decimal
from ocop_flow.domain.exact import parse_exact as parse_exact
from ocop_flow.errors import BINDING_MARKS, InputInvalid, Reason, Text, reason

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from ocop_flow.domain.criteria import CriteriaSet, ScoreSheet, StarCondition
    from ocop_flow.domain.regime import Regime


@dataclass(frozen=True, slots=True)
class Band:
    """Stars from ``from_points`` (included) up to the next band.

    printed_to  upper edge as an older decision prints it (89), where a mean can fall into the gap after it
    """

    stars: int
    from_points: Fraction
    printed_to: Fraction | None = None


@dataclass(frozen=True, slots=True)
class RatingRules:
    """How one regime turns points into stars.

    parts          part code -> maximum, in printed order: ``{"A": 40, "B": 25, "C": 35}``
    bands          lowest first; the lowest starts at 0
    recognised_by  star -> tier; a star that nobody certifies is left out
    minima_by      whose points a minimum looks at: the mean of the members, or every member's own
    """

    regime: str
    parts: Mapping[str, Fraction]
    bands: tuple[Band, ...]
    recognised_by: Mapping[int, str]
    source: str
    mark: str
    below_three_star_minimum: Literal["cap", "no_recognition"] = "cap"
    minima_by: Literal["mean", "each_member"] = "mean"

    @property
    def full_marks(self) -> Fraction:
        return sum(self.parts.values(), Fraction(0))


@dataclass(frozen=True, slots=True)
class MemberScore:
    """What one member gave: always a total; part totals and criteria only if the sheet shows them."""

    total: Fraction
    parts: Mapping[str, Fraction] | None = None
    points: Mapping[str, Fraction] | None = None
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class Minimum:
    """One requirement of one star.

    criterion  code in the tree, or id of a condition
    needed     exact points; ``met`` for a condition
    reached    exact points (the mean, or the lowest member); ``met`` or ``missed``; None where not shown
    met        None where it could not be checked
    """

    criterion: str
    name: Text
    star: int
    needed: str
    reached: str | None
    met: bool | None
    source: str
    mark: str
    condition: bool

    @property
    def fails(self) -> bool:
        """Whether it takes the star away: a rule that is only derived or unknown may warn, not refuse."""
        return self.met is False and self.mark in BINDING_MARKS


@dataclass(frozen=True, slots=True)
class Result:
    """What the points give.

    mean_total  exact mean of the members' totals
    parts       exact mean per part; None unless every sheet shows its parts
    stars       None: no recognition at all (parameter ``no_recognition``)
    minima      of all stars, lowest star first, in printed order
    limited_by  the minima that keep ``stars`` below ``stars_by_total``
    spread      highest total less lowest
    """

    mean_total: Fraction
    parts: Mapping[str, Fraction] | None
    stars: int | None
    stars_by_total: int
    recognised_by: str | None
    minima: tuple[Minimum, ...]
    limited_by: tuple[Minimum, ...]
    spread: Fraction
    reasons: tuple[Reason, ...]

    @property
    def total(self) -> Fraction:
        """The number compared with the bands; another name for the mean."""
        return self.mean_total


def rules_of(regime: Regime) -> RatingRules:
    """The rating rules of a regime whose stars come from points.

    raises  InputInvalid where stars are only declared (provincial criteria before 21/8/2019)
    """
    rating = regime.rating
    if not rating.scored:
        raise InputInvalid(reason("stars_are_declared", source=rating.source, mark=rating.mark, regime=regime.id))
    return RatingRules(
        regime=regime.id,
        parts={code: Fraction(maximum) for code, maximum in rating.parts.items()},
        bands=tuple(sorted((Band(b.stars, Fraction(b.from_points)) for b in rating.bands), key=lambda b: b.stars)),
        recognised_by={band.stars: band.recognised_by for band in rating.bands if band.recognised_by is not None},
        source=rating.source,
        mark=rating.mark,
        below_three_star_minimum="no_recognition" if rating.below_three_star_minimum == "no_recognition" else "cap",
        minima_by="each_member" if rating.minima_by == "each_member" else "mean",
    )


def parse_parts(text: str) -> tuple[Fraction, ...]:
    """Read ``38,24,33.5``; every unreadable number is named in one InputInvalid."""
    parts: list[Fraction] = []
    faults: list[Reason] = []
    for piece in text.split(","):
        try:
            parts.append(parse_exact(piece))
        except InputInvalid as error:
            faults.extend(error.reasons)
    if faults:
        raise InputInvalid(*faults)
    return tuple(parts)


def parse_condition(text: str) -> tuple[str, bool]:
    """Read ``ID=met`` or ``ID=missed``."""
    condition, _, answer = text.strip().partition("=")
    if not condition or answer not in ("met", "missed"):
        raise InputInvalid(reason("condition_unreadable", value=text))
    return condition, answer == "met"


def check_parts(rules: RatingRules, parts: Sequence[Fraction]) -> dict[str, Fraction]:
    """Part totals by part code.

    raises  InputInvalid naming every part above its maximum (35/25/40 points where the regime has 40/25/35) or below 0
    """
    if len(parts) != len(rules.parts):
        expected = "/".join(exact(maximum) for maximum in rules.parts.values())
        raise InputInvalid(_of(rules, "parts_count", given=len(parts), expected=expected))
    faults = [
        _of(rules, "part_out_of_range", part=code, value=exact(value), maximum=exact(maximum))
        for (code, maximum), value in zip(rules.parts.items(), parts, strict=True)
        if not 0 <= value <= maximum
    ]
    if faults:
        raise InputInvalid(*faults)
    return dict(zip(rules.parts, parts, strict=True))


def score_of_sheet(sheet: ScoreSheet) -> MemberScore:
    """A member's score by criteria."""
    return MemberScore(
        total=Fraction(sheet.total),
        parts={code: Fraction(points) for code, points in sheet.parts.items()},
        points={code: Fraction(points) for code, points in sheet.points.items()},
        reasons=sheet.reasons,
    )


def score_of_parts(rules: RatingRules, parts: Sequence[Fraction]) -> MemberScore:
    """A member's score by part totals; raises as ``check_parts``."""
    checked = check_parts(rules, parts)
    return MemberScore(sum(checked.values(), Fraction(0)), checked)


def score_of_total(rules: RatingRules, total: Fraction) -> MemberScore:
    """A total alone, e.g. the mean from old minutes; raises InputInvalid outside 0 to full marks."""
    if not 0 <= total <= rules.full_marks:
        raise InputInvalid(_of(rules, "total_out_of_range", value=exact(total), maximum=exact(rules.full_marks)))
    return MemberScore(total)


def stars_by_total(rules: RatingRules, total: Fraction) -> int:
    """The band of an exact total within 0 to full marks: 70 is four stars, 90 five, 50 three."""
    return _band(rules, total).stars


def result(
    rules: RatingRules,
    scores: Sequence[MemberScore],
    criteria: CriteriaSet | None = None,
    conditions: Sequence[StarCondition] = (),
    answers: Mapping[str, bool] | None = None,
) -> Result:
    """Mean, band, minima and stars of one product.

    scores      one per member who scored
    criteria    the tree the sheets were made over; None where it is not known
    conditions  named minima asked of this product on the day of the sitting
    answers     condition id -> met; one left out stays unchecked
    raises      InputInvalid without scores, with a tree of another regime, or answers to conditions not asked here
    """
    answered = answers or {}
    _check_inputs(rules, scores, criteria, conditions, answered)
    totals = [score.total for score in scores]
    mean = _mean(totals)
    by_total = stars_by_total(rules, mean)
    tree_minima = () if criteria is None else _tree_minima(rules, criteria, scores)
    minima = tuple(sorted((*tree_minima, *_condition_minima(conditions, answered)), key=lambda m: m.star))
    stars = _stars(rules, by_total, {minimum.star for minimum in minima if minimum.fails})
    limited_by = tuple(m for m in minima if m.fails and (stars or 0) < m.star <= by_total)
    return Result(
        mean_total=mean,
        parts=_mean_parts(rules, scores),
        stars=stars,
        stars_by_total=by_total,
        recognised_by=rules.recognised_by.get(stars) if stars is not None else None,
        minima=minima,
        limited_by=limited_by,
        spread=max(totals) - min(totals),
        reasons=(
            *_missed(limited_by),
            *_warnings(rules, mean, criteria, [m for m in minima if m.star <= by_total]),
            *_distinct(reason for score in scores for reason in score.reasons),
        ),
    )


def _of(rules: RatingRules, code: str, **params: str | int | Text | None) -> Reason:
    """A reason that rests on the regime's rating rules."""
    return reason(code, source=rules.source, mark=rules.mark, **params)


def _check_inputs(
    rules: RatingRules,
    scores: Sequence[MemberScore],
    criteria: CriteriaSet | None,
    conditions: Sequence[StarCondition],
    answers: Mapping[str, bool],
) -> None:
    known = [condition.id for condition in conditions]
    faults = [
        reason("condition_unknown", condition=given, choices=", ".join(known) or "-")
        for given in answers
        if given not in known
    ]
    if not scores:
        faults.append(reason("nothing_to_rate"))
    if criteria is not None and criteria.regime != rules.regime:
        faults.append(reason("criteria_of_other_regime", regime=rules.regime, other=criteria.regime))
    if faults:
        raise InputInvalid(*faults)


def _mean(values: Collection[Fraction]) -> Fraction:
    return sum(values, Fraction(0)) / len(values)


def _mean_parts(rules: RatingRules, scores: Sequence[MemberScore]) -> dict[str, Fraction] | None:
    shown = [score.parts for score in scores if score.parts is not None]
    if len(shown) != len(scores):
        return None
    return {code: _mean([parts[code] for parts in shown]) for code in rules.parts}


def _band(rules: RatingRules, total: Fraction) -> Band:
    return max((band for band in rules.bands if band.from_points <= total), key=lambda band: band.from_points)


def _stars(rules: RatingRules, by_total: int, failed: Collection[int]) -> int | None:
    """The highest star up to ``by_total`` that no failed minimum takes away.

    failed  stars with at least one minimum missed
    """
    lowest = min(rules.recognised_by, default=by_total + 1)
    if rules.below_three_star_minimum == "no_recognition" and lowest in failed and lowest <= by_total:
        return None
    for star in sorted((band.stars for band in rules.bands if band.stars <= by_total), reverse=True):
        required = {star, *(lower for lower in rules.recognised_by if lower < star)}
        if required.isdisjoint(failed):
            return star
    return min(band.stars for band in rules.bands)


def _tree_minima(rules: RatingRules, criteria: CriteriaSet, scores: Sequence[MemberScore]) -> Iterator[Minimum]:
    for leaf in criteria.leaves:
        reached = _reached(rules, leaf.code, scores) if leaf.minima else None
        for star, needed in leaf.minima.items():
            yield Minimum(
                criterion=leaf.code,
                name=leaf.name,
                star=star,
                needed=exact(needed),
                reached=None if reached is None else exact(reached),
                met=None if reached is None else reached >= needed,
                source=criteria.source,
                mark=criteria.mark,
                condition=False,
            )


def _reached(rules: RatingRules, code: str, scores: Sequence[MemberScore]) -> Fraction | None:
    """What a minimum is compared with; None unless every sheet shows the criterion."""
    shown = [score.points[code] for score in scores if score.points is not None and code in score.points]
    if len(shown) != len(scores):
        return None
    return min(shown) if rules.minima_by == "each_member" else _mean(shown)


def _condition_minima(conditions: Iterable[StarCondition], answers: Mapping[str, bool]) -> Iterator[Minimum]:
    for condition in conditions:
        met = answers.get(condition.id)
        yield Minimum(
            criterion=condition.id,
            name=condition.name,
            star=condition.star,
            needed="met",
            reached=None if met is None else "met" if met else "missed",
            met=met,
            source=condition.source,
            mark=condition.mark,
            condition=True,
        )


def _about(minimum: Minimum, code: str) -> Reason:
    return reason(
        code,
        source=minimum.source,
        mark=minimum.mark,
        criterion=minimum.criterion,
        name=minimum.name,
        star=minimum.star,
        needed=minimum.needed,
        reached=minimum.reached,
    )


def _missed(limited_by: Iterable[Minimum]) -> Iterator[Reason]:
    for minimum in limited_by:
        yield _about(minimum, "condition_missed" if minimum.condition else "minimum_missed")


def _warnings(
    rules: RatingRules, mean: Fraction, criteria: CriteriaSet | None, minima: Sequence[Minimum]
) -> Iterator[Reason]:
    """What an official should know beside the stars; ``minima`` are those of the stars in reach."""
    band = _band(rules, mean)
    if band.printed_to is not None and mean > band.printed_to:
        edge = exact(band.printed_to)
        yield reason("printed_gap", source=rules.source, mark="derived", value=exact(mean), edge=edge, stars=band.stars)
    if criteria is not None and criteria.sum_check is not None:
        yield reason("points_do_not_add_up", source=criteria.source, mark="derived", product_set=criteria.id)
    if criteria is None and band.stars in rules.recognised_by:
        yield reason("criteria_minima_unchecked", source=rules.source, mark="unknown")
    for minimum in minima:
        if minimum.met is None:
            yield _about(minimum, "condition_unchecked" if minimum.condition else "minimum_unchecked")
        elif minimum.met is False and not minimum.fails:
            yield _about(minimum, "minimum_not_binding")


def _distinct(reasons: Iterable[Reason]) -> list[Reason]:
    """Each warning once, though several members' sheets may carry it; parameters make a reason unhashable."""
    distinct: list[Reason] = []
    for each in reasons:
        if each not in distinct:
            distinct.append(each)
    return distinct
