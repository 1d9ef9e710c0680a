"""Points to stars: bands, means, minima (REGULATIONS section 3, DESIGN section 3)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction
from types import SimpleNamespace
from typing import Any

import pytest

from ocop_flow.criteriadata import load_conditions, load_set, product_sets
from ocop_flow.domain.criteria import StarCondition, conditions_for, industry_of, points_of, read_answers
from ocop_flow.domain.rating import (
    Band,
    MemberScore,
    RatingRules,
    check_parts,
    exact,
    mean_decimal,
    parse_condition,
    parse_exact,
    parse_parts,
    result,
    rules_of,
    score_of_parts,
    score_of_sheet,
    score_of_total,
    stars_by_total,
)
from ocop_flow.errors import InputInvalid
from ocop_flow.messages.rating import MESSAGES

BANDS = tuple(Band(stars, Fraction(edge)) for stars, edge in ((1, 0), (2, 30), (3, 50), (4, 70), (5, 90)))
R5 = RatingRules(
    regime="qd_26_2026",
    parts={"A": Fraction(40), "B": Fraction(25), "C": Fraction(35)},
    bands=BANDS,
    recognised_by={3: "province", 4: "province", 5: "central"},
    source="26/2026/QĐ-TTg",
    mark="one_source",
)
PRINTED = {1: 29, 2: 49, 3: 69, 4: 89, 5: 100}
R1 = replace(
    R5,
    regime="qd_1048_2019",
    parts={"A": Fraction(35), "B": Fraction(25), "C": Fraction(40)},
    bands=tuple(Band(b.stars, b.from_points, Fraction(PRINTED[b.stars])) for b in BANDS),
    source="1048/QĐ-TTg",
    mark="two_sources",
)
R3 = replace(R5, regime="qd_148_2023", recognised_by={3: "district", 4: "province", 5: "central"})
FRESH = load_set("qd_26_2026", "fresh_vegetables_fruit")


def sheet(**instead: int) -> MemberScore:
    """Full marks in set 1 of 26/2026 except ``c4_1=3`` and the like."""
    other = {key.removeprefix("c").replace("_", "."): points for key, points in instead.items()}
    answers = read_answers(f"{leaf.code}={other.get(leaf.code, leaf.maximum)}" for leaf in FRESH.leaves)
    return score_of_sheet(points_of(FRESH, answers))


def codes(reasons: Any) -> list[str]:
    return [each.code for each in reasons]


@pytest.mark.parametrize("rules", [R1, R3, R5], ids=lambda rules: rules.regime)
@pytest.mark.parametrize(
    ("total", "stars"),
    [
        ("0", 1),
        ("29.99", 1),
        ("30", 2),
        ("49", 2),
        ("50", 3),
        ("69", 3),
        ("209999/3000", 3),
        ("70", 4),
        ("89", 4),
        ("89.5", 4),
        ("89.999999", 4),
        ("90", 5),
        ("100", 5),
    ],
)
def test_the_band_of_a_total(rules: RatingRules, total: str, stars: int) -> None:
    """Band table of REGULATIONS section 3: 70 is four stars, 90 is five, 50 is three in every regime."""
    assert stars_by_total(rules, Fraction(total)) == stars


def test_a_mean_in_a_printed_gap_of_1048_is_read_down_and_said() -> None:
    """1048 prints 70-89 and 90-100: 89.5 lies between and is treated as below 90 (derived)."""
    rated = result(R1, [score_of_total(R1, Fraction("89.5"))])
    assert (rated.stars, rated.stars_by_total) == (4, 4)
    gap = next(r for r in rated.reasons if r.code == "printed_gap")
    assert (gap.mark, gap.params["edge"]) == ("derived", "89")
    assert "printed_gap" not in codes(result(R1, [score_of_total(R1, Fraction(89))]).reasons)


def test_the_mean_over_the_members_is_exact() -> None:
    """Rounding is nowhere prescribed: 90, 90 and 89 mean 269/3, which is four stars though near 90."""
    rated = result(R3, [score_of_total(R3, Fraction(total)) for total in (90, 90, 89)])
    assert (exact(rated.mean_total), mean_decimal(rated.mean_total)) == ("269/3", "89.67")
    assert (rated.stars_by_total, exact(rated.spread), rated.parts) == (4, "1", None)


def test_the_screen_may_show_ninety_where_the_band_says_four() -> None:
    """Round only for display, never before the band test: 89.998 is shown as 90.00 and is four stars."""
    mean = Fraction("89.998")
    assert mean_decimal(mean) == "90.00"
    assert stars_by_total(R5, mean) == 4


def test_part_means_are_kept_where_every_sheet_shows_parts() -> None:
    """The mean per part is exact too; one total alone hides the parts."""
    by_parts = [score_of_parts(R5, parse_parts(text)) for text in ("38,24,33.5", "37,24,33", "36,24,33")]
    assert result(R5, by_parts).parts == {"A": 37, "B": 24, "C": Fraction(199, 6)}
    assert result(R5, [*by_parts, score_of_total(R5, Fraction(90))]).parts is None


def test_full_marks_are_five_stars_recognised_by_the_centre() -> None:
    """Five stars are the Ministry's (26/2026/QĐ-TTg); nothing is left unchecked."""
    rated = result(R5, [sheet()], FRESH)
    assert (exact(rated.total), rated.stars, rated.recognised_by) == ("100", 5, "central")
    assert (rated.limited_by, rated.reasons) == ((), ())
    assert rated.minima and all(minimum.met for minimum in rated.minima)


def test_a_product_of_96_points_that_misses_one_four_star_minimum_is_a_three_star_product() -> None:
    """REGULATIONS section 0.3: criterion 1.5 of set 1 needs 2 points for four stars; 1 of 3 leaves three stars."""
    rated = result(R5, [sheet(c1_5=1, c3_1=1)], FRESH)
    assert (exact(rated.total), rated.stars_by_total, rated.stars) == ("96", 5, 3)
    assert [(m.criterion, m.star, m.needed, m.reached) for m in rated.limited_by] == [
        ("1.5", 4, "2", "1"),
        ("1.5", 5, "3", "1"),
    ]
    assert codes(rated.reasons) == ["minimum_missed", "minimum_missed"]


def test_a_five_star_minimum_alone_leaves_four_stars() -> None:
    """Criterion 1.3 of set 1 needs 3 points for five stars and nothing for four."""
    rated = result(R5, [sheet(c1_3=2)], FRESH)
    assert (rated.stars_by_total, rated.stars) == (5, 4)


def test_a_missed_three_star_minimum_caps_at_two_stars_or_gives_none_by_parameter() -> None:
    """DESIGN section 3: below a three-star minimum at most two stars (cap, default) or no recognition."""
    missed = sheet(c2_2=1)
    capped = result(R5, [missed], FRESH)
    assert (capped.stars_by_total, capped.stars, capped.recognised_by) == (5, 2, None)
    none = result(replace(R5, below_three_star_minimum="no_recognition"), [missed], FRESH)
    assert (none.stars_by_total, none.stars, none.recognised_by) == (5, None, None)
    assert [(m.criterion, m.star) for m in none.limited_by] == [(m.criterion, m.star) for m in capped.limited_by]


@pytest.mark.parametrize(("total", "stars"), [(0, 1), (30, 2)])
def test_one_and_two_stars_are_shown_and_recognised_by_nobody(total: int, stars: int) -> None:
    """1 and 2 stars get no decision and no certificate (26/2026/QĐ-TTg), so no minimum speaks of them either."""
    for rules in (R5, replace(R5, below_three_star_minimum="no_recognition")):
        rated = result(rules, [score_of_total(rules, Fraction(total))], FRESH)
        assert (rated.stars, rated.recognised_by, rated.limited_by) == (stars, None, ())
        assert rated.reasons == ()


def test_who_recognises_three_stars_follows_the_regime() -> None:
    """148: the district recognises three stars; 26/2026: the province."""
    total = Fraction(60)
    assert result(R3, [score_of_total(R3, total)]).recognised_by == "district"
    assert result(R5, [score_of_total(R5, total)]).recognised_by == "province"


def test_a_minimum_by_mean_forgives_what_a_minimum_by_each_member_does_not() -> None:
    """Parameter minima_by: members give 1 and 3 points where four stars need 2; the mean is 2, the lowest 1."""
    members = [sheet(c1_5=1), sheet(c1_5=3)]
    by_mean = result(R5, members, FRESH)
    assert (by_mean.stars, [m.star for m in by_mean.limited_by]) == (4, [5])
    by_each = result(replace(R5, minima_by="each_member"), members, FRESH)
    assert (by_each.stars, [(m.star, m.reached) for m in by_each.limited_by]) == (3, [(4, "1"), (5, "1")])


def test_the_mean_of_a_criterion_is_compared_exactly() -> None:
    """Three members give 3, 3 and 2 where five stars need 3: the mean 8/3 does not reach it."""
    rated = result(R5, [sheet(), sheet(), sheet(c1_5=2)], FRESH)
    assert [(m.criterion, m.needed, m.reached) for m in rated.limited_by] == [("1.5", "3", "8/3")]


def test_part_totals_limit_nothing_and_list_every_minimum_as_unchecked() -> None:
    """DESIGN section 7: minima that part totals cannot show do not limit stars and are listed (met: null)."""
    rated = result(R5, [score_of_parts(R5, parse_parts("38,24,34"))], FRESH)
    printed = sum(len(leaf.minima) for leaf in FRESH.leaves)
    assert (rated.stars, rated.limited_by) == (5, ())
    assert [m.met for m in rated.minima] == [None] * printed
    assert codes(rated.reasons) == ["minimum_unchecked"] * printed


def test_only_minima_of_stars_in_reach_are_listed_as_unchecked() -> None:
    """With 75 points five stars are out of reach, whatever their minima."""
    rated = result(R5, [score_of_parts(R5, parse_parts("30,20,25"))], FRESH)
    assert {reason.params["star"] for reason in rated.reasons} == {3, 4}


def test_one_member_with_part_totals_leaves_the_mean_of_a_criterion_unknown() -> None:
    """A mean over the members cannot leave one of them out."""
    rated = result(R5, [sheet(c1_5=0), score_of_parts(R5, parse_parts("40,25,35"))], FRESH)
    assert (rated.stars, {m.met for m in rated.minima}) == (5, {None})


def test_without_a_tree_the_result_says_that_minima_were_not_checked() -> None:
    """An unknown rule warns; nothing defaults in silence (DESIGN principle 10)."""
    assert codes(result(R5, [score_of_total(R5, Fraction(95))]).reasons) == ["criteria_minima_unchecked"]


def test_a_set_of_1048_that_does_not_add_up_warns_and_takes_part_totals() -> None:
    """Part C of the transcript makes 38, yet the decision's part C has 40 points."""
    criteria = load_set("qd_1048_2019", "other_alcoholic_drinks")
    rated = result(R1, [score_of_parts(R1, parse_parts("35,25,40"))], criteria)
    assert (exact(rated.total), rated.stars, codes(rated.reasons)) == ("100", 5, ["points_do_not_add_up"])


def test_a_tree_of_another_regime_is_refused() -> None:
    """Never map a score to another regime's tree (REGULATIONS section 9)."""
    with pytest.raises(InputInvalid) as caught:
        result(R3, [score_of_total(R3, Fraction(80))], FRESH)
    assert codes(caught.value.reasons) == ["criteria_of_other_regime"]


@pytest.mark.parametrize(
    ("rules", "text", "wrong"),
    [
        (R5, "35,25,40", ["C"]),
        (R3, "35,25,40", ["C"]),
        (R1, "40,25,35", ["A"]),
        (R5, "-1,25.5,36", ["A", "B", "C"]),
    ],
)
def test_part_totals_above_the_regimes_maxima_are_refused_each(rules: RatingRules, text: str, wrong: list[str]) -> None:
    """35/25/40 until 2023, 40/25/35 since: points in the wrong order do not fit."""
    with pytest.raises(InputInvalid) as caught:
        check_parts(rules, parse_parts(text))
    assert [reason.params["part"] for reason in caught.value.reasons] == wrong


def test_three_parts_and_a_total_up_to_full_marks_are_asked_for() -> None:
    """A regime has three parts of 100 points together."""
    for call in (
        lambda: check_parts(R5, parse_parts("40,25")),
        lambda: score_of_total(R5, Fraction("100.01")),
        lambda: score_of_total(R5, Fraction(-1)),
        lambda: result(R5, []),
    ):
        with pytest.raises(InputInvalid):
            call()


def conditions(product_set: str, on: date = date(2021, 3, 1)) -> tuple[StarCondition, ...]:
    tree = load_set("qd_1048_2019", product_set) if product_set in product_sets("qd_1048_2019") else None
    sets = load_conditions("qd_1048_2019")
    return conditions_for(sets, on, industry_of(product_set, tree, sets))


def rated_1048(total: int, product_set: str, **answers: bool) -> Any:
    return result(R1, [score_of_total(R1, Fraction(total))], None, conditions(product_set), answers)


def test_a_missed_condition_of_781_takes_the_star_away() -> None:
    """22 of 43 products of the 2020 national round were not passed for missing the minima of 781."""
    rated = rated_1048(92, "fast_food", distinctive_quality=False)
    assert (rated.stars, rated.stars_by_total) == (3, 5)
    assert [(m.criterion, m.star, m.needed, m.reached) for m in rated.limited_by] == [
        ("distinctive_quality", 4, "met", "missed")
    ]
    assert rated_1048(92, "fast_food", internal_control_plan=False).stars == 2


def test_an_unanswered_condition_is_unchecked_and_limits_nothing() -> None:
    """met: null, and a reason for each condition of a star in reach."""
    rated = rated_1048(75, "fast_food", declared_product_standard=True)
    assert rated.stars == 4
    assert {m.criterion: m.met for m in rated.minima} == {
        "declared_product_standard": True,
        "internal_control_plan": None,
        "distinctive_quality": None,
        "five_star_781": None,
    }
    unchecked = [r.params["criterion"] for r in rated.reasons if r.code == "condition_unchecked"]
    assert unchecked == ["internal_control_plan", "distinctive_quality"]


def test_a_condition_whose_text_is_unknown_warns_even_when_missed() -> None:
    """The five-star line of 781 was not found: a rule marked unknown warns, it refuses nothing (principle 10)."""
    rated = rated_1048(95, "fast_food", five_star_781=False)
    assert (rated.stars, rated.limited_by) == (5, ())
    assert "minimum_not_binding" in codes(rated.reasons)


def test_a_two_star_condition_matters_only_where_two_stars_are_in_question() -> None:
    """781, groups 4 and 5: the description of a standard is asked for two stars, which nobody certifies."""
    assert rated_1048(75, "fabric_garment", product_standard_description=False).stars == 4
    assert rated_1048(40, "fabric_garment", product_standard_description=False).stars == 1


def test_tourism_has_no_conditions_and_an_answer_to_one_is_refused() -> None:
    """781 exempts tourism; a condition that is not asked is a mistake worth saying."""
    rated = rated_1048(75, "community_tourism_points")
    assert (rated.stars, rated.minima) == (4, ())
    with pytest.raises(InputInvalid) as caught:
        rated_1048(75, "community_tourism_points", fineness=True, internal_control_plan=False)
    assert codes(caught.value.reasons) == ["condition_unknown", "condition_unknown"]


def regime(*, scored: bool = True, **instead: Any) -> Any:
    """What ``rules_of`` reads of a regime."""
    bands = [SimpleNamespace(stars=b.stars, from_points=int(b.from_points), recognised_by=None) for b in BANDS]
    for band, tier in zip(bands[2:], ("district", "province", "central"), strict=True):
        band.recognised_by = tier
    rating = {
        "scored": scored,
        "parts": {"A": 40, "B": 25, "C": 35},
        "bands": tuple(reversed(bands)),
        "below_three_star_minimum": "cap",
        "minima_by": "mean",
        "source": R3.source,
        "mark": R3.mark,
    }
    return SimpleNamespace(id=R3.regime, rating=SimpleNamespace(**(rating | instead)))


def test_the_rules_come_from_the_regime_and_its_parameters() -> None:
    """No threshold stands in Python (DESIGN principle 2): bands, tiers and parameters are the regime's."""
    assert rules_of(regime()) == R3
    rules = rules_of(regime(minima_by="each_member", below_three_star_minimum="no_recognition"))
    assert (rules.minima_by, rules.below_three_star_minimum) == ("each_member", "no_recognition")


def test_stars_of_a_declared_regime_are_not_computed() -> None:
    """The score tables of the provincial criteria are unknown: stars are recorded as declared."""
    with pytest.raises(InputInvalid):
        rules_of(regime(scored=False))


@pytest.mark.parametrize(
    ("text", "value", "written"),
    [
        ("85.7", Fraction(857, 10), "85.7"),
        ("857/10", Fraction(857, 10), "85.7"),
        ("257/3", Fraction(257, 3), "257/3"),
        ("100", Fraction(100), "100"),
        (" 85.70 ", Fraction(857, 10), "85.7"),
        ("-0.25", Fraction(-1, 4), "-0.25"),
        ("1/1024", Fraction(1, 1024), "0.0009765625"),
    ],
)
def test_exact_numbers_are_read_and_written_back(text: str, value: Fraction, written: str) -> None:
    """Exact numbers are strings that Fraction reads (DESIGN section 7)."""
    assert parse_exact(text) == value
    assert exact(value) == written
    assert Fraction(written) == value


@pytest.mark.parametrize("text", ["85,7", "", "1e2", "nan", "1/0", "1/00", "8 5", "+5", ".5", "5.", "²", "٣", "9" * 31])
def test_what_is_no_plain_exact_number_is_refused(text: str) -> None:
    """Decimal points only: a comma, an exponent or other digits are never guessed at."""
    with pytest.raises(InputInvalid):
        parse_exact(text)


@pytest.mark.parametrize(
    ("value", "digits", "shown"),
    [("257/3", 2, "85.67"), ("85.675", 2, "85.68"), ("70", 2, "70.00"), ("0.004", 2, "0.00"), ("69.5", 0, "70")],
)
def test_the_screen_rounds_halves_up(value: str, digits: int, shown: str) -> None:
    """Commercial rounding, for display alone."""
    assert mean_decimal(Fraction(value), digits) == shown


def test_a_condition_is_answered_met_or_missed() -> None:
    """Form of --condition: ID=met or ID=missed."""
    assert (parse_condition("fineness=met"), parse_condition("fineness=missed")) == (
        ("fineness", True),
        ("fineness", False),
    )
    for text in ("fineness", "fineness=yes", "=met"):
        with pytest.raises(InputInvalid):
            parse_condition(text)


def test_every_unreadable_part_total_is_named() -> None:
    """All faults of an input at once."""
    with pytest.raises(InputInvalid) as caught:
        parse_parts("38,x,1e1")
    assert [reason.params["value"] for reason in caught.value.reasons] == ["x", "1e1"]


def test_every_reason_of_a_rating_has_a_message_and_a_way_out() -> None:
    """A refusal names what would satisfy it; both texts use only the parameters of the reason."""
    rated = [
        result(R1, [score_of_total(R1, Fraction("89.5"))], None, conditions("fast_food"), {"five_star_781": False}),
        rated_1048(95, "handicraft_decor", fineness_four_star=False, fineness=False),
        result(R5, [sheet(c1_5=1, c5_1=0)], FRESH),
        result(R5, [score_of_parts(R5, parse_parts("38,24,34"))], FRESH),
    ]
    seen = set()
    for reason in (each for one in rated for each in one.reasons):
        text = MESSAGES[reason.code]
        assert text.message.format(**reason.params) and text.remedy.format(**reason.params)
        seen.add(reason.code)
    assert {"printed_gap", "minimum_missed", "condition_missed", "minimum_unchecked", "condition_unchecked"} <= seen
