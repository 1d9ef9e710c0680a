"""Criteria sets as packaged data, and score sheets checked against them (forms of 1048/QĐ-TTg and 26/2026/QĐ-TTg)."""

from __future__ import annotations

from collections import Counter
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pytest

from ocop_flow.criteriadata import load_conditions, load_set, product_sets, read_conditions, read_set
from ocop_flow.domain.criteria import (
    Answer,
    CriteriaSet,
    conditions_for,
    industry_of,
    points_of,
    read_answers,
    set_from_document,
)
from ocop_flow.errors import InputInvalid
from ocop_flow.messages.rating import MESSAGES

if TYPE_CHECKING:
    from collections.abc import Callable

SCORED = ("qd_1048_2019", "qd_26_2026")
ALL_SETS = [(regime, product_set) for regime in SCORED for product_set in product_sets(regime)]
FRESH = ("qd_26_2026", "fresh_vegetables_fruit")
TOURISM = ("qd_26_2026", "community_eco_tourism")


def faults_of(call: Callable[[], object]) -> list[tuple[str, Any]]:
    """Code and criterion (or value) of every reason an InputInvalid carries."""
    with pytest.raises(InputInvalid) as caught:
        call()
    return [(r.code, r.params.get("criterion", r.params.get("value"))) for r in caught.value.reasons]


def best(criteria: CriteriaSet, **instead: str) -> list[Answer]:
    """Full marks for every criterion, each case named; ``instead`` gives other answers as ``c4_1="3"``."""
    other = {key.removeprefix("c").replace("_", "."): value for key, value in instead.items()}
    written = []
    for leaf in criteria.leaves:
        option = max(leaf.options, key=lambda o: o.points)
        full = f"{option.points}:{option.case}" if option.case else f"{option.points}"
        written.append(f"{leaf.code}={other.get(leaf.code, full)}")
    return list(read_answers(written))


def test_decision_26_has_26_sets_in_six_industries_13_4_3_2_3_1() -> None:
    """REGULATIONS section 9: six groups, 26 sets, 13/4/3/2/3/1."""
    sets = [load_set("qd_26_2026", product_set) for product_set in product_sets("qd_26_2026")]
    assert Counter(each.industry.code for each in sets) == {"I": 13, "II": 4, "III": 3, "IV": 2, "V": 3, "VI": 1}
    assert sorted(each.document["set_no"] for each in sets) == list(range(1, 27))


def test_decision_26_has_787_scored_criteria() -> None:
    """REGULATIONS section 9: 787 scored criteria over the 26 sets."""
    assert sum(len(list(load_set("qd_26_2026", each).leaves)) for each in product_sets("qd_26_2026")) == 787


def test_every_set_of_decision_26_sums_to_40_25_35() -> None:
    """REGULATIONS section 3: parts A/B/C are 40/25/35 since 148/QĐ-TTg."""
    for product_set in product_sets("qd_26_2026"):
        criteria = load_set("qd_26_2026", product_set)
        assert (criteria.part_maxima, criteria.sums_ok) == ({"A": 40, "B": 25, "C": 35}, True), product_set


def test_decision_1048_has_25_known_sets_of_35_25_40_and_three_whose_part_c_makes_38() -> None:
    """REGULATIONS section 3 (35/25/40); three transcripts lack two points in part C and are marked so."""
    sets = [load_set("qd_1048_2019", product_set) for product_set in product_sets("qd_1048_2019")]
    short = {each.id for each in sets if each.takes_part_totals_only}
    assert len(sets) == 25
    assert all(each.part_maxima == {"A": 35, "B": 25, "C": 40} for each in sets)
    assert short == {"liquid_condiments_fish_sauce", "other_alcoholic_drinks", "functional_food_herbal_medicine"}
    for each in sets:
        sums = [sum(leaf.maximum for leaf in part.leaves) for part in each.parts]
        assert sums == ([35, 25, 38] if each.id in short else [35, 25, 40]), each.id


@pytest.mark.parametrize(("regime", "product_set"), ALL_SETS)
def test_codes_are_unique_and_minima_rise_with_the_star(regime: str, product_set: str) -> None:
    """A higher star never needs less (asterisks of the form); a code names one criterion of its set."""
    criteria = load_set(regime, product_set)
    codes = [leaf.code for leaf in criteria.leaves]
    assert len(set(codes)) == len(codes)
    for leaf in criteria.leaves:
        needed = [leaf.minima[star] for star in sorted(leaf.minima)]
        assert needed == sorted(needed)
        assert set(needed) <= {option.points for option in leaf.options}


@pytest.mark.parametrize(("regime", "product_set"), ALL_SETS)
def test_a_set_is_rebuilt_from_its_document(regime: str, product_set: str) -> None:
    """DESIGN section 4: what is hashed holds strings, integers, booleans, null, lists, dicts, and is read again."""
    criteria = load_set(regime, product_set)

    def plain(value: object) -> bool:
        if isinstance(value, dict):
            return all(isinstance(key, str) and key.isascii() and plain(each) for key, each in value.items())
        if isinstance(value, list):
            return all(plain(each) for each in value)
        return value is None or isinstance(value, str | bool | int)

    assert plain(criteria.document)
    assert set_from_document(criteria.document) == criteria


def test_the_code_printed_twice_in_coffee_cacao_of_1048_becomes_6_1_3b() -> None:
    """Two criteria cannot share a code: the second 6.1.3 (smell) is called 6.1.3b and keeps its printed code."""
    leaves = {leaf.code: leaf for leaf in load_set("qd_1048_2019", "coffee_cacao").leaves}
    assert (leaves["6.1.3"].name.en, leaves["6.1.3b"].name.en) == ("Colour", "Smell")
    assert leaves["6.1.3b"].printed_code == "6.1.3"


def test_an_unknown_tree_is_never_replaced_by_that_of_another_regime() -> None:
    """The trees of 148, 1489 and of rice under 1048 are unknown: part totals serve, no other regime's tree."""
    assert product_sets("qd_148_2023") == product_sets("qd_1489_2025") == product_sets("provincial_provisional") == ()
    for regime, product_set in (("qd_148_2023", "fast_food"), ("qd_1048_2019", "rice_cereals")):
        assert faults_of(lambda r=regime, p=product_set: load_set(r, p)) == [("criteria_set_unknown", None)]  # type: ignore[misc]
    assert industry_of("rice_cereals", None, load_conditions("qd_1048_2019")) == "1"


@pytest.mark.parametrize("name", ["../qd_26_2026", "", ".", "QD_26_2026"])
def test_a_regime_name_is_an_identifier_never_a_path(name: str) -> None:
    """Names come from people: what is no identifier names no folder."""
    assert product_sets(name) == ()
    assert load_conditions(name) == ()


@pytest.mark.parametrize(
    ("regime", "product_set"), [pair for pair in ALL_SETS if not load_set(*pair).takes_part_totals_only]
)
def test_full_marks_on_every_criterion_make_one_hundred(regime: str, product_set: str) -> None:
    """Parts A + B + C add up to 100 in every regime."""
    criteria = load_set(regime, product_set)
    sheet = points_of(criteria, best(criteria))
    assert (sheet.total, sheet.parts) == (100, criteria.part_maxima)


def test_every_fault_of_a_sheet_is_reported_at_once() -> None:
    """Exactly one option per criterion; DESIGN section 7: every fault of an input is listed."""
    criteria = load_set(*FRESH)
    answers = [answer for answer in best(criteria, c1_3="5") if answer.criterion not in ("1.1", "10")]
    answers += read_answers(["1.4=2", "6=12", "99=1", "2.2=2:a"])
    answers = [answer for answer in answers if answer != Answer("2.2", Fraction(3))]
    assert sorted(faults_of(lambda: points_of(criteria, answers))) == [
        ("case_unknown", "2.2"),
        ("criterion_missing", "1.1"),
        ("criterion_missing", "10"),
        ("criterion_not_scored", "6"),
        ("criterion_twice", "1.4"),
        ("criterion_unknown", "99"),
        ("option_unknown", "1.3"),
    ]


def test_points_that_no_option_carries_are_refused_though_below_the_maximum() -> None:
    """Criterion 4.1 of set 1 prints 1, 2, 3 and 5 points: four is no option, nor is a fraction."""
    criteria = load_set(*FRESH)
    for points in ("4", "2.5", "-1"):
        assert faults_of(lambda p=points: points_of(criteria, best(criteria, c4_1=p))) == [("option_unknown", "4.1")]  # type: ignore[misc]


def test_equal_points_of_two_printed_cases_need_the_case() -> None:
    """Tourism prints two option lists for criterion 8 (community a, tourism point b): one is chosen."""
    criteria = load_set(*TOURISM)
    assert faults_of(lambda: points_of(criteria, best(criteria, c8="3"))) == [("case_ambiguous", "8")]
    assert faults_of(lambda: points_of(criteria, best(criteria, c8="3:z"))) == [("case_unknown", "8")]
    for case in "ab":
        sheet = points_of(criteria, best(criteria, c8=f"3:{case}"))
        assert Answer("8", Fraction(3), case) in sheet.answers


def test_equal_points_that_only_we_tell_apart_count_with_a_warning() -> None:
    """Criterion 3.2 under 1048 has lists [1, 2] and [0, 1]; the letters are ours, and a derived rule only warns."""
    criteria = load_set("qd_1048_2019", "fast_food")
    sheet = points_of(criteria, best(criteria, c3_2="1"))
    assert (sheet.points["3.2"], [r.code for r in sheet.reasons]) == (1, ["case_ambiguous"])
    assert points_of(criteria, best(criteria, c3_2="1:b")).reasons == ()


def test_a_product_without_a_story_may_leave_out_what_depends_on_one() -> None:
    """Under 1048 the structure of the story has options 1 and 2 only, and applies only if there is a story."""
    criteria = load_set("qd_1048_2019", "fast_food")
    dependent = [leaf.code for leaf in criteria.leaves if leaf.depends_on == "5.1"]
    without = [answer for answer in best(criteria, c5_1="0") if answer.criterion not in dependent]
    sheet = points_of(criteria, without)
    assert dependent and all(sheet.points[code] == 0 for code in dependent)
    with_story = [answer for answer in best(criteria) if answer.criterion not in dependent]
    assert faults_of(lambda: points_of(criteria, with_story)) == [("criterion_missing", code) for code in dependent]


def test_points_for_a_story_that_does_not_exist_are_warned_about() -> None:
    """The condition is printed, its effect on points is our reading: a warning, not a refusal."""
    criteria = load_set(*FRESH)
    sheet = points_of(criteria, best(criteria, c5_1="0"))
    assert [(r.code, r.mark) for r in sheet.reasons] == [("criterion_does_not_apply", "derived")]


def test_a_zero_that_ends_the_evaluation_is_said() -> None:
    """Printed beside taste in the set for mineral water: a zero ends the evaluation."""
    criteria = load_set("qd_26_2026", "mineral_bottled_water")
    assert [r.code for r in points_of(criteria, best(criteria, c6_4="0")).reasons] == ["evaluation_stops"]


def test_a_set_that_does_not_add_up_takes_part_totals_only() -> None:
    """Three sets of 1048 lack points of part C: a sheet over them could never be complete."""
    criteria = load_set("qd_1048_2019", "other_alcoholic_drinks")
    assert faults_of(lambda: points_of(criteria, best(criteria))) == [("set_takes_part_totals", None)]


def test_answers_are_read_with_every_unreadable_one_named() -> None:
    """The form is CRITERION=POINTS[:CASE] with a decimal point."""
    assert read_answers(["6.1.3b=2", " 8 = 3:A "]) == (
        Answer("6.1.3b", Fraction(2)),
        Answer("8", Fraction(3), "a"),
    )
    wrong = ["4.1", "=3", "4.1=", "4.1=2,5", "4.1=2:"]
    assert faults_of(lambda: read_answers(wrong)) == [
        ("answer_unreadable", "4.1"),
        ("answer_unreadable", "=3"),
        ("number_unreadable", ""),
        ("number_comma", "2,5"),
        ("answer_unreadable", "4.1=2:"),
    ]


def names(regime: str, product_set: str, on: date) -> set[tuple[int, str]]:
    tree = load_set(regime, product_set) if product_set in product_sets(regime) else None
    sets = load_conditions(regime)
    found = conditions_for(sets, on, industry_of(product_set, tree, sets))
    return {(condition.star, condition.id) for condition in found}


def test_conditions_of_781_apply_from_8_june_2020() -> None:
    """781/QĐ-TTg of 8/6/2020: minimum criteria per star for all groups but tourism."""
    assert names("qd_1048_2019", "fast_food", date(2020, 6, 7)) == set()
    assert names("qd_1048_2019", "fast_food", date(2020, 6, 8)) == {
        (3, "declared_product_standard"),
        (3, "internal_control_plan"),
        (4, "distinctive_quality"),
        (5, "five_star_781"),
    }


def test_conditions_of_781_differ_for_crafts_and_spare_tourism() -> None:
    """781/QĐ-TTg: group 5 is judged by fineness; tourism has no minima."""
    on = date(2021, 1, 1)
    assert names("qd_1048_2019", "handicraft_decor", on) == {
        (2, "product_standard_description"),
        (3, "declared_product_standard"),
        (3, "fineness"),
        (4, "fineness_four_star"),
        (5, "five_star_781"),
    }
    assert names("qd_1048_2019", "community_tourism_points", on) == set()
    assert names("qd_1048_2019", "rice_cereals", on) == names("qd_1048_2019", "fast_food", on)


def test_mandatory_criteria_of_148_are_known_to_exist_and_nothing_more() -> None:
    """REGULATIONS section 3: mandatory three-star criteria exist under 148, their list is unknown."""
    for regime in ("qd_148_2023", "qd_1489_2025"):
        (condition,) = conditions_for(load_conditions(regime), date(2025, 7, 6), None)
        assert (condition.star, condition.mark) == (3, "unknown")


SMALL = """\
schema: ocop-criteria/1
regime: own
id: small
name_vi: Nhỏ
name_en: Small
industry: {code: I, name_vi: Thực phẩm, name_en: Food, mark: adopted}
managing_agencies: []
requires_sample: true
source: 1/QĐ-UBND
mark: adopted
parts:
  - code: A
    max: 100
    sections:
      - {code: "1", name_vi: Một, name_en: One, max: 60, option_points: [0, 60]}
      - {code: "2", name_vi: Hai, name_en: Two, max: 40, option_points: [0, 40]}
"""


def lines_of(call: Callable[[], object]) -> list[tuple[str, Any]]:
    with pytest.raises(InputInvalid) as caught:
        call()
    return [(r.code, r.params["line"]) for r in caught.value.reasons]


@pytest.mark.parametrize(
    ("old", "new", "code", "line"),
    [
        ("max: 40, ", "max: 39, ", "criteria_sum_wrong", 16),
        ("[0, 40]", "[0, 39]", "criteria_sum_wrong", 16),
        ("[0, 40]", "[0, 40, 40]", "criteria_option_twice", 16),
        ("[0, 40]", "[0, true, 40]", "criteria_field_wrong", 16),
        ('code: "2"', 'code: "1"', "criteria_code_twice", 16),
        ("mark: adopted\nparts", "mark: certain\nparts", "criteria_field_wrong", 10),
        ("requires_sample: true\n", "", "criteria_field_missing", 1),
        ("source: 1/QĐ-UBND", "source: 1/QĐ-UBND\nweight: 3", "criteria_field_unknown", 10),
        ("max: 100", "max: 90", "criteria_sum_wrong", 12),
        ("id: small", "id: ../small", "criteria_field_wrong", 3),
        ("max: 60, ", "max: 60, min_points_for_star: {3: 61}, ", "criteria_field_wrong", 15),
        ("name_en: One, ", "", "criteria_field_missing", 15),
    ],
)
def test_a_fault_in_a_criteria_file_is_named_with_its_line(old: str, new: str, code: str, line: int) -> None:
    """A province may write its own set (DESIGN principle 2); every fault is given by file and line."""
    assert list(read_set(SMALL, "small.yaml").leaves)
    assert old in SMALL
    assert (code, line) in lines_of(lambda: read_set(SMALL.replace(old, new, 1), "small.yaml"))


def test_a_fault_in_a_file_of_conditions_is_named_with_its_line() -> None:
    """As for criteria: a day that does not exist and an unknown mark."""
    text = (
        "schema: ocop-star-conditions/1\nregime: own\nid: conditions_own\nsource: 1/QĐ-UBND\nmark: sure\n"
        'effective_from: "2020-06-31"\neffective_to: null\nsets_without_tree: []\nconditions: []\n'
    )
    expected = [("criteria_field_wrong", 5), ("criteria_field_wrong", 6)]
    assert lines_of(lambda: read_conditions(text, "conditions_own.yaml")) == expected


def test_every_fault_of_a_file_or_sheet_has_a_message_and_a_way_out() -> None:
    """Each reason carries what its texts name, so that nobody sees an unfilled field."""
    faulty = SMALL.replace("max: 40, ", "max: 39, weight: 1, ").replace('code: "2"', 'code: "1"')
    faulty = faulty.replace("[0, 60]", "[60, 60]").replace("mark: adopted\nparts", "mark: certain\nparts")
    fresh = load_set(*FRESH)
    tourism = load_set(*TOURISM)
    wrong = [answer for answer in best(fresh, c1_3="5") if answer.criterion != "1.1"]
    calls: list[Callable[[], object]] = [
        lambda: read_set(faulty, "own.yaml"),
        lambda: read_set(faulty.replace(", weight: 1", ""), "own.yaml"),
        lambda: read_set(SMALL.replace("requires_sample: true\n", ""), "own.yaml"),
        lambda: load_set("qd_26_2026", "rice"),
        lambda: points_of(fresh, [*wrong, *read_answers(["1.4=2", "6=12", "99=1", "2.2=3:a"])]),
        lambda: points_of(tourism, best(tourism, c8="3", c9="2:z")),
        lambda: read_answers(["4.1", "4.1=x", "4.1=1,5"]),
    ]
    for call in calls:
        with pytest.raises(InputInvalid) as caught:
            call()
        for each in caught.value.reasons:
            text = MESSAGES[each.code]
            assert text.message.format(**each.params) and text.remedy.format(**each.params)
