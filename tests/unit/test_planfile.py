"""Plan files: what the example plans mean, and how a faulty file is refused."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path

import pytest

from ocop_flow.calendars import load_calendar
from ocop_flow.domain.units import UnitTree
from ocop_flow.errors import InputInvalid, Text
from ocop_flow.messages.plan import MESSAGES
from ocop_flow.planfile import LoadedPlan, load_plan
from ocop_flow.unitdata import packaged_units

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"
REGIMES = {"qd_1048_2019": {"evaluation.district_council", "evaluation.province_council"}}
HEAD = (
    'plan: {number: 5/KH-UBND, issued_on: "2020-03-30", issuer: "36", year: 2020, regime: qd_1048_2019, title: Mẫu}\n'
)
LAUNCH = "milestones:\n  - {id: launch, title: Hội nghị, due: trong tháng 4, responsible: province}\n"


@cache
def country() -> UnitTree:
    return UnitTree(*packaged_units())


def load(text: str) -> LoadedPlan:
    return load_plan(text.encode(), "plan.yaml", country(), load_calendar(), REGIMES)


@cache
def example(name: str) -> LoadedPlan:
    return load_plan((EXAMPLES / name).read_bytes(), name, country(), load_calendar(), REGIMES)


def faults(text: str) -> list[tuple[int, str]]:
    """Line and code of every fault, in the order reported."""
    with pytest.raises(InputInvalid) as caught:
        load(text)
    found = []
    for fault in caught.value.reasons:
        line = fault.params["line"]
        assert isinstance(line, int)
        found.append((line, fault.code))
    return found


# What the seeds say


@pytest.mark.parametrize(
    ("milestone", "due_on", "units"),
    [
        ("launch_conference", "2020-04-30", 1),
        ("council_renewed", "2020-04-30", 1),
        ("rules_and_budget", "2020-04-30", 1),
        ("district_rating", "2020-07-31", 10),
        ("province_rating", "2020-08-31", 1),
        ("five_star_dossiers", "2020-09-30", 1),
    ],
)
def test_the_nam_dinh_plan_has_the_six_milestones_of_its_seed(milestone: str, due_on: str, units: int) -> None:
    """Seed 003, M1 to M6: in April, before August, September and October; Nam Định had ten districts in 2020."""
    found = example("plan-27-KH-UBND.yaml").plan.milestone(milestone)
    assert found is not None
    assert (str(found.due.due_on), len(found.units)) == (due_on, units)


def test_the_nam_dinh_districts_are_those_of_the_units_list() -> None:
    """units.csv: the districts under province 36 that were valid on 30 March 2020."""
    found = example("plan-27-KH-UBND.yaml").plan.milestone("district_rating")
    assert found is not None
    assert [unit.name for unit in found.units] == [
        "Thành phố Nam Định",
        "Huyện Mỹ Lộc",
        "Huyện Vụ Bản",
        "Huyện Ý Yên",
        "Huyện Nghĩa Hưng",
        "Huyện Nam Trực",
        "Huyện Trực Ninh",
        "Huyện Xuân Trường",
        "Huyện Giao Thủy",
        "Huyện Hải Hậu",
    ]


def test_the_order_between_milestones_is_that_of_the_seed() -> None:
    """Seed 003, dependencies [[M4, M5], [M5, M6]]."""
    plan = example("plan-27-KH-UBND.yaml").plan
    assert {m.id: m.after for m in plan.milestones if m.after} == {
        "province_rating": ("district_rating",),
        "five_star_dossiers": ("province_rating",),
    }


def test_the_nam_dinh_targets_are_those_of_the_seeds() -> None:
    """Seed 003: 100 products of 3 or 4 stars cumulative, 30 establishments in the year; seed 000: 62 on 14 April."""
    recognised, establishments = example("plan-27-KH-UBND.yaml").plan.targets
    assert (recognised.stars, recognised.count, recognised.bounds.at_least) == ((3, 4), "cumulative", 100)
    assert recognised.by == date(2020, 12, 31)
    assert recognised.baseline is not None
    assert (recognised.baseline.value, recognised.baseline.as_of) == (62, date(2020, 4, 14))
    assert (establishments.count, establishments.bounds.at_least) == ("year", 30)


def test_the_identity_of_a_plan_is_issuer_year_of_issue_and_number() -> None:
    """DESIGN section 4: 36:2020:27/KH-UBND; Decree 30/2020: numbers run within the year of issue."""
    assert example("plan-27-KH-UBND.yaml").plan.identity == "36:2020:27/KH-UBND"
    next_year = HEAD.replace("2020-03-30", "2019-12-20")
    assert load(next_year + LAUNCH).plan.identity == "36:2019:5/KH-UBND"


@pytest.mark.parametrize(
    ("milestone", "due_on", "units"),
    [("intake", "2020-06-30", 260), ("district_evaluation", "2020-07-31", 8), ("province_evaluation", "2020-09-30", 1)],
)
def test_the_thai_binh_plan_has_the_milestones_of_its_seed(milestone: str, due_on: str, units: int) -> None:
    """Seed 004, T1 to T3: June for the communes, July for the districts, September for the province."""
    found = example("plan-thai-binh-2020.yaml").plan.milestone(milestone)
    assert found is not None
    assert (str(found.due.due_on), len(found.units)) == (due_on, units)


def test_the_thai_binh_targets_are_ranges_in_all_and_for_each_district() -> None:
    """Seed 004: 15-20 upgraded, 2-3 for each district; at least 8 new, 1-2 for each district."""
    upgrades, new = example("plan-thai-binh-2020.yaml").plan.targets
    assert (upgrades.bounds.at_least, upgrades.bounds.at_most) == (15, 20)
    assert (upgrades.per["district"].at_least, upgrades.per["district"].at_most) == (2, 3)
    assert (new.bounds.at_least, new.per["district"].at_least, new.per["district"].at_most) == (8, 1, 2)


def test_intake_ten_working_days_after_the_conference_is_short_notice() -> None:
    """Seed 004, check: conference on 16 June, intake until 30 June, about ten working days."""
    warnings = {w.code: w for w in example("plan-thai-binh-2020.yaml").warnings}
    assert warnings["plan_short_notice"].params["days"] == 10
    assert warnings["plan_short_notice"].mark == "derived"


def test_units_before_2025_are_said_to_be_approximate() -> None:
    """DESIGN section 5: the tree of 2020 is approximated by the last known parents, and that is said."""
    warnings = {w.code: w for w in example("plan-27-KH-UBND.yaml").warnings}
    assert warnings["plan_units_approximate"].params["count"] == 10


def test_the_targets_of_my_hao_are_a_distribution_on_a_baseline_with_two_star_products() -> None:
    """Seed 001: in 2018 one of 4, four of 3, four of 2 stars; in 2020 one of 5, two of 4, six of 3; 9 = 9."""
    text = """
plan: {number: 1/KH-UBND, issued_on: "2019-09-25", issuer: "328", year: 2019, years: [2019, 2020], title: Mỹ Hào}
targets:
  - {id: shape, metric: star_distribution, distribution: {5: 1, 4: 2, 3: 6}, by: "2020-12-31", at_least: 9, at_most: 9,
     baseline: {as_of: "2018-12-31", distribution: {4: 1, 3: 4, 2: 4}}}
"""
    (shape,) = load(text).plan.targets
    assert shape.distribution == {5: 1, 4: 2, 3: 6}
    assert shape.baseline is not None and shape.baseline.distribution == {4: 1, 3: 4, 2: 4}


def test_an_approximate_number_is_kept_as_one() -> None:
    """Seed 000: about 40 products basically meet 3 stars."""
    (target,) = load(HEAD + "targets: [{id: ready, metric: dossiers_submitted, about: 40}]").plan.targets
    assert (target.bounds.about, target.bounds.at_least) == (40, None)


# Days


def test_a_periodic_duty_has_a_day_in_every_month_left_of_the_year() -> None:
    """DESIGN section 6: the 15th of every month; issued on 30 March, so from April to December."""
    text = HEAD + "milestones: [{id: report, due: chậm nhất ngày 15 hàng tháng, responsible: province}]"
    report = load(text).plan.milestones[0]
    assert [str(o.due_on) for o in report.occurrences] == [f"2020-{month:02d}-15" for month in range(4, 13)]


def test_a_plan_of_several_years_needs_the_year_of_each_milestone() -> None:
    """A wording without a year means no one day in a plan for 2021 to 2025."""
    head = HEAD.replace("year: 2020", "year: 2020, years: [2020, 2025]")
    assert faults(head + LAUNCH) == [(3, "plan_due_year_needed")]
    with_year = load(head + LAUNCH.replace("due: trong", "year: 2022, due: trong"))
    assert str(with_year.plan.milestones[0].due.due_on) == "2022-04-30"


def test_a_period_is_counted_from_the_issue_of_the_plan_and_from_no_other_event() -> None:
    """Civil Code 2015 art. 147: the day of the event is not counted. 15 days from Monday 30 March is 14 April."""
    milestone = "milestones:\n  - {id: launch, due: 15 ngày kể từ ngày ban hành kế hoạch, responsible: province}\n"
    assert str(load(HEAD + milestone).plan.milestones[0].due.due_on) == "2020-04-14"
    assert faults(HEAD + milestone.replace("ban hành kế hoạch", "họp")) == [(3, "plan_due_event_unknown")]


def test_a_council_that_ends_days_before_what_follows_is_warned_about() -> None:
    """Minutes, submission and signature need working days after a sitting (derived: ten)."""
    text = (
        HEAD
        + """milestones:
  - {id: rating, due: trước ngày 28/8, responsible: district, each: true, dossiers_past: evaluation.district_council}
  - {id: province, due: trước tháng 9, responsible: province, after: [rating]}
"""
    )
    found = {w.code: w for w in load(text).warnings}
    # The council ends on Thursday 27 August; Friday 28 and Monday 31 are left.
    assert found["plan_sitting_close"].params["days"] == 2
    assert found["plan_sitting_close"].params["line"] == 3


def test_a_lower_tier_without_each_means_all_its_units_and_is_warned_about() -> None:
    """DESIGN section 2: nothing defaults in silence."""
    loaded = load(HEAD + "milestones: [{id: rating, due: trước tháng 8, responsible: district}]")
    assert len(loaded.plan.milestones[0].units) == 10
    assert "plan_each_assumed" in {w.code for w in loaded.warnings}


# Faulty files

DUE = HEAD.replace("{", "{{").replace("}", "}}") + "milestones:\n  - {{id: launch, due: {}, responsible: province}}\n"
BAD: list[tuple[str, str, list[tuple[int, str]]]] = [
    (
        "dependent milestones out of order",
        HEAD
        + """milestones:
  - {id: district, due: trước tháng 9, responsible: province}
  - {id: province, due: trước tháng 8, responsible: province, after: [district]}
""",
        [(4, "plan_order_broken")],
    ),
    (
        "milestones that wait for one another",
        HEAD
        + """milestones:
  - {id: a, due: tháng 8, responsible: province, after: [b]}
  - {id: b, due: tháng 8, responsible: province, after: [a]}
""",
        [(3, "plan_after_circle")],
    ),
    (
        "a milestone that waits for itself, and one for nobody",
        HEAD
        + """milestones:
  - {id: a, due: tháng 8, responsible: province, after: [a]}
  - {id: b, due: tháng 8, responsible: province, after: [c]}
""",
        [(3, "plan_after_circle"), (4, "plan_after_unknown")],
    ),
    ("an unknown unit", HEAD + LAUNCH.replace("province", '["999"]'), [(3, "plan_unit_unknown")]),
    ("another province's unit", HEAD + LAUNCH.replace("province", '["336"]'), [(3, "plan_unit_elsewhere")]),
    ("a unit twice", HEAD + LAUNCH.replace("province", '["356", "356"]'), [(3, "plan_unit_twice")]),
    ("a wording not understood", DUE.format("sớm"), [(3, "plan_due_wording_not_understood")]),
    ("a date that does not exist", DUE.format("31/6"), [(3, "plan_due_date_does_not_exist")]),
    ("a beginning without an end", HEAD + LAUNCH.replace("trong", "sau"), [(3, "plan_due_wording_without_end")]),
    ("a wait for an event", HEAD + LAUNCH.replace("trong tháng 4", "sau khi họp"), [(3, "plan_due_no_last_day")]),
    ("a day of issue that does not exist", HEAD.replace("03-30", "02-30") + LAUNCH, [(1, "plan_date_wrong")]),
    ("an issuer that is nowhere", HEAD.replace('"36"', '"99"') + LAUNCH, [(1, "plan_unit_unknown")]),
    (
        "an issuer that has ended",
        HEAD.replace("2020-03-30", "2026-01-05").replace("year: 2020", "year: 2026") + LAUNCH,
        [(1, "plan_unit_not_valid")],
    ),
    (
        "an issuer that does not exist in the plan's year",
        HEAD.replace("2020-03-30", "2025-06-01").replace("year: 2020", "year: 2026") + LAUNCH,
        [(1, "plan_issuer_outside_years")],
    ),
    (
        "districts after they were abolished",
        HEAD.replace("2020-03-30", "2026-01-05").replace("year: 2020", "year: 2026").replace('"36"', '"37"')
        + "milestones:\n  - {id: rating, due: trước tháng 8, responsible: district, each: true}\n",
        [(3, "plan_tier_empty")],
    ),
    ("a tier above the issuer", HEAD + LAUNCH.replace("province}", "central}"), [(3, "plan_tier_not_below")]),
    ("a tier that is none", HEAD + LAUNCH.replace("province}", "village}"), [(3, "plan_tier_unknown")]),
    ("an unknown regime", HEAD.replace("1048_2019", "1_2001") + LAUNCH, [(1, "plan_regime_unknown")]),
    (
        "a state of no regime",
        HEAD + LAUNCH.replace("province}", "province, dossiers_past: evaluation.nobody}"),
        [(3, "plan_state_unknown")],
    ),
    ("a number that is none", HEAD.replace("5/KH-UBND", "năm") + LAUNCH, [(1, "plan_number_unreadable")]),
    ("a plan issued after its year", HEAD.replace("2020-03-30", "2021-01-04") + LAUNCH, [(1, "plan_year_over")]),
    ("a plan of nothing", HEAD, [(1, "plan_empty")]),
    ("an id twice", HEAD + LAUNCH + LAUNCH.partition("\n")[2], [(4, "plan_id_twice")]),
    ("an unquoted code", HEAD.replace('"36"', "36") + LAUNCH, [(1, "plan_code_unquoted")]),
    ("an unquoted code in a list", HEAD + LAUNCH.replace("province}", "[356]}"), [(3, "plan_code_unquoted")]),
    ("an unquoted date", HEAD.replace('"2020-03-30"', "2020-03-30") + LAUNCH, [(1, "yaml_unquoted")]),
    ("an unknown key", HEAD + LAUNCH.replace("title", "tittle"), [(3, "plan_key_unknown")]),
    ("a missing key", HEAD.replace('issuer: "36", ', "") + LAUNCH.replace(", responsible: province", ""),
     [(1, "plan_key_missing"), (3, "plan_key_missing")]),
]  # fmt: skip
TARGETS: list[tuple[str, str, str]] = [
    ("nothing known is counted", "metric: happiness, at_least: 1", "target_metric_unknown"),
    ("no number", "metric: new_products", "target_quantity_missing"),
    ("no ranks", "metric: star_distribution, at_least: 9", "target_distribution_missing"),
    ("a reversed range", "metric: new_products, at_least: 20, at_most: 15", "target_bounds_reversed"),
    ("about 40 of at most 30", "metric: new_products, about: 40, at_most: 30", "target_about_outside"),
    (
        "ranks that fall short of the total",
        "metric: star_distribution, distribution: {5: 1, 4: 2, 3: 6}, at_least: 10",
        "target_distribution_below",
    ),
    (
        "ranks that exceed the total",
        "metric: star_distribution, distribution: {5: 1, 4: 2, 3: 6}, at_most: 8",
        "target_distribution_above",
    ),
    (
        "a rank that is not counted",
        "metric: recognised_products, stars: [3, 4], distribution: {5: 1, 3: 6}",
        "target_distribution_star",
    ),
    (
        "ten districts with 3 each in at most 20",
        "metric: upgraded_products, at_most: 20, per: {district: {at_least: 3}}",
        "target_per_above",
    ),
    (
        "ten districts with at most 1 each for at least 15",
        "metric: upgraded_products, at_least: 15, per: {district: {at_most: 1}}",
        "target_per_below",
    ),
    ("a share of no tier", "metric: new_products, per: {central: {at_least: 1}}", "target_per_tier_empty"),
    ("an end before the issue", 'metric: new_products, at_least: 1, by: "2020-01-31"', "target_by_before_issue"),
    (
        "a baseline above what is wanted",
        'metric: recognised_products, count: cumulative, at_least: 60, baseline: {value: 62, as_of: "2020-04-14"}',
        "target_baseline_above",
    ),
    (
        "a baseline after the end",
        'metric: recognised_products, at_least: 99, by: "2020-04-01", baseline: {value: 62, as_of: "2020-04-14"}',
        "target_baseline_after",
    ),
    (
        "a baseline of a single year's count",
        'metric: recognised_products, count: year, at_least: 99, baseline: {value: 62, as_of: "2020-04-14"}',
        "target_baseline_in_year",
    ),
    ("stars of dossiers", "metric: dossiers_submitted, stars: [3], at_least: 9", "target_without_stars"),
    ("six stars", "metric: recognised_products, count: year, stars: [6], at_least: 9", "plan_star_wrong"),
    ("a count below nothing", "metric: new_products, at_least: -1", "plan_count_wrong"),
]


@pytest.mark.parametrize(("text", "found"), [(text, found) for _, text, found in BAD], ids=[row[0] for row in BAD])
def test_a_faulty_plan_is_refused_with_its_line(text: str, found: list[tuple[int, str]]) -> None:
    """DESIGN section 8: a contradictory plan is refused with every problem listed by line."""
    assert faults(text) == found


@pytest.mark.parametrize(("target", "code"), [row[1:] for row in TARGETS], ids=[row[0] for row in TARGETS])
def test_a_target_that_contradicts_its_parts_is_refused(target: str, code: str) -> None:
    """DESIGN section 8; Nam Định had ten districts."""
    assert faults(HEAD + "targets:\n  - {id: wanted, " + target + "}\n") == [(3, code)]


def test_a_rank_that_is_none_is_named_and_not_its_place_in_the_list() -> None:
    """What is said of ``stars: [3, 9]`` is said of the 9."""
    target = "targets:\n  - {id: t, metric: recognised_products, count: year, stars: [3, 9], at_least: 9}\n"
    with pytest.raises(InputInvalid) as told:
        load(HEAD + target)
    assert [(item.code, item.params["key"]) for item in told.value.reasons] == [("plan_star_wrong", "9")]


def test_every_fault_of_form_and_of_meaning_is_listed_at_once() -> None:
    """DESIGN section 7: a faulty plan file with every fault listed by line."""
    text = (
        HEAD.replace("regime: qd_1048_2019", "regime: none, colour: red")
        + """milestones:
  - {id: a, due: sớm, responsible: province}
  - {id: b, due: tháng 8, responsible: ["999"], after: [c]}
  - {id: d, due: tháng 8}
targets:
  - {id: t, metric: new_products, at_least: 9, at_most: 8}
"""
    )
    assert faults(text) == [
        (1, "plan_key_unknown"),
        (1, "plan_regime_unknown"),
        (3, "plan_due_wording_not_understood"),
        (4, "plan_unit_unknown"),
        (4, "plan_after_unknown"),
        (5, "plan_key_missing"),
        (7, "target_bounds_reversed"),
    ]


def test_the_document_of_a_plan_is_the_content_of_its_file() -> None:
    """What stands in the event is the file's own content."""
    assert load(HEAD + LAUNCH).document == {
        "plan": {
            "number": "5/KH-UBND",
            "issued_on": "2020-03-30",
            "issuer": "36",
            "year": 2020,
            "regime": "qd_1048_2019",
            "title": "Mẫu",
        },
        "milestones": [{"id": "launch", "title": "Hội nghị", "due": "trong tháng 4", "responsible": "province"}],
    }


def test_the_example_of_the_format_itself_loads() -> None:
    """The three kinds of target of DESIGN section 8 in one plan of a province with eight districts."""
    text = """
plan: {number: 27/KH-UBND, issued_on: "2020-03-30", issuer: "34", year: 2020, regime: qd_1048_2019, title: Mẫu}
milestones:
  - {id: launch_conference, title: A, due: trong tháng 4, responsible: province}
  - {id: district_rating, title: B, due: trước tháng 8, responsible: district, each: true,
     dossiers_past: evaluation.district_council, after: [launch_conference]}
targets:
  - {id: recognised, metric: recognised_products, stars: [3, 4], count: cumulative, at_least: 100, by: "2020-12-31",
     baseline: {value: 62, as_of: "2020-04-14"}}
  - {id: upgrades, metric: upgraded_products, at_least: 15, at_most: 20, per: {district: {at_least: 2, at_most: 3}}}
  - {id: shape, metric: star_distribution, distribution: {5: 1, 4: 2, 3: 6}}
"""
    assert len(load(text).plan.targets) == 3


# Texts


def shown(param: object) -> str:
    return param.en if isinstance(param, Text) else str(param)


@pytest.mark.parametrize("text", [text for _, text, found in BAD if found[0][1] != "yaml_unquoted"])
def test_every_fault_has_a_text_that_its_parameters_fill(text: str) -> None:
    """Every reason has a message and a remedy; the message names the line."""
    with pytest.raises(InputInvalid) as caught:
        load(text)
    for fault in caught.value.reasons:
        params = {key: shown(value) for key, value in fault.params.items()}
        message = MESSAGES[fault.code].message.format(**params)
        assert message.startswith(f"plan.yaml, line {fault.params['line']}: ")
        assert MESSAGES[fault.code].remedy.format(**params)


@pytest.mark.parametrize("name", ["plan-27-KH-UBND.yaml", "plan-thai-binh-2020.yaml"])
def test_every_warning_has_a_text_that_its_parameters_fill(name: str) -> None:
    """Warnings are texts of the same table."""
    for warning in example(name).warnings:
        params = {key: shown(value) for key, value in warning.params.items()}
        assert MESSAGES[warning.code].message.format(**params).startswith(name)
