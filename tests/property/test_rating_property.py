"""Stars of every total against a slow, independent reading of the rules (DESIGN section 3)."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from ocop_flow.domain.criteria import StarCondition
from ocop_flow.domain.rating import (
    Band,
    MemberScore,
    RatingRules,
    exact,
    mean_decimal,
    parse_exact,
    result,
    stars_by_total,
)
from ocop_flow.errors import Text

RULES = RatingRules(
    regime="any",
    parts={"A": Fraction(40), "B": Fraction(25), "C": Fraction(35)},
    bands=tuple(Band(stars, Fraction(edge)) for stars, edge in ((1, 0), (2, 30), (3, 50), (4, 70), (5, 90))),
    recognised_by={3: "province", 4: "province", 5: "central"},
    source="26/2026/QĐ-TTg",
    mark="one_source",
)
CONDITIONS = tuple(
    StarCondition(f"star_{star}", star, Text(f"{star} sao", f"{star} stars"), None, "781/QĐ-TTg", "two_sources")
    for star in (3, 4, 5)
)


def band_slowly(hundredths: int) -> int:
    """The band table written out over hundredths of a point."""
    if hundredths >= 9000:
        return 5
    if hundredths >= 7000:
        return 4
    if hundredths >= 5000:
        return 3
    return 2 if hundredths >= 3000 else 1


def stars_slowly(hundredths: int, highest_with_minima: int) -> int:
    """Climb star by star: a certifiable star is reached if its band and its minima are, else the climb ends."""
    reached = min(band_slowly(hundredths), 2)
    for star in (3, 4, 5):
        if band_slowly(hundredths) < star or highest_with_minima < star:
            break
        reached = star
    return reached


def test_every_total_and_every_set_of_minima_gives_exactly_one_result() -> None:
    """10,001 totals from 0.00 to 100.00, times the highest star whose minima are met (2 to 5)."""
    for highest in (2, 3, 4, 5):
        answers = {condition.id: condition.star <= highest for condition in CONDITIONS}
        for hundredths in range(10_001):
            score = MemberScore(Fraction(hundredths, 100))
            rated = result(RULES, [score], None, CONDITIONS, answers)
            assert rated.stars_by_total == band_slowly(hundredths)
            assert rated.stars == stars_slowly(hundredths, highest)
            assert rated.recognised_by == {3: "province", 4: "province", 5: "central"}.get(rated.stars)
            assert bool(rated.limited_by) == (rated.stars < rated.stars_by_total)


totals = st.lists(st.fractions(0, 100, max_denominator=400), min_size=1, max_size=9)
verdicts = st.fixed_dictionaries({}, optional={condition.id: st.booleans() for condition in CONDITIONS})


@given(totals, verdicts)
@settings(max_examples=150)
def test_stars_never_exceed_the_band_and_answering_met_never_lowers_them(
    members: list[Fraction], answers: dict[str, bool]
) -> None:
    """Minima only take away; a condition that turns out met costs nothing; the order of members is no matter."""
    scores = [MemberScore(total) for total in members]
    rated = result(RULES, scores, None, CONDITIONS, answers)
    assert rated.stars is not None
    assert rated.stars <= rated.stars_by_total == stars_by_total(RULES, Fraction(sum(members), len(members)))
    all_met = result(RULES, scores, None, CONDITIONS, dict.fromkeys(answers, True))
    assert all_met.stars == all_met.stars_by_total
    assert result(RULES, scores[::-1], None, CONDITIONS, answers) == rated


@given(totals, st.fractions(0, 1, max_denominator=100))
@settings(max_examples=150)
def test_one_more_point_never_lowers_the_stars(members: list[Fraction], more: Fraction) -> None:
    """The bands rise with the mean."""
    before = result(RULES, [MemberScore(total) for total in members])
    raised = [min(total + more, Fraction(100)) for total in members]
    after = result(RULES, [MemberScore(total) for total in raised])
    assert after.stars_by_total >= before.stars_by_total


@given(st.fractions(-1000, 1000, max_denominator=10_000))
@settings(max_examples=300)
def test_exact_text_reads_back_as_the_same_number_and_the_screen_is_within_half_a_hundredth(number: Fraction) -> None:
    """DESIGN section 7: exact numbers are strings that Fraction reads; rounding is for the screen."""
    assert parse_exact(exact(number)) == Fraction(exact(number)) == number
    assert abs(Fraction(mean_decimal(number)) - number) <= Fraction(1, 200)
