"""Seed 003_e4d4fce0bcc86d3d.txt: Nam Định's plan 27/KH-UBND of 30 March 2020."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from ocop_flow import yamlfile
from ocop_flow.demo.seed_data import seed
from ocop_flow.regimes import load_regime
from tests.seeds.conftest import facts, milestones, on_day, one, targets

if TYPE_CHECKING:
    from tests.seeds.conftest import Told

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"


@pytest.fixture(scope="module")
def whole(told: Told) -> Any:
    """As of the end of 2020."""
    return told("003", "--on", "31/12/2020")


def test_the_plan_has_its_number_day_and_issuer(whole: Any) -> None:
    """003: 27/KH-UBND of 30 March 2020, issued by the provincial People's Committee (36)."""
    assert (whole["plan"]["number"], whole["plan"]["identity"]) == ("27/KH-UBND", "36:2020:27/KH-UBND")
    (plan,) = seed("003").plans
    assert (plan.issuer, plan.issued_on.isoformat()) == ("36", "2020-03-30")
    assert plan.content == (EXAMPLES / "plan-27-KH-UBND.yaml").read_bytes()


@pytest.mark.parametrize(
    ("milestone", "wording", "due", "tier"),
    [
        ("launch_conference", "trong tháng 4", "2020-04-30", "province"),
        ("council_renewed", "trong tháng 4", "2020-04-30", "province"),
        ("rules_and_budget", "trong tháng 4", "2020-04-30", "province"),
        ("district_rating", "trước tháng 8", "2020-07-31", "district"),
        ("province_rating", "trước tháng 9", "2020-08-31", "province"),
        ("five_star_dossiers", "trước tháng 10", "2020-09-30", "province"),
    ],
)
def test_each_milestone_falls_due_as_the_plan_words_it(
    whole: Any, milestone: str, wording: str, due: str, tier: str
) -> None:
    """003: M1 to M6, to the month, each with the tier that answers for it; the ten districts each for themselves."""
    found = milestones(whole["plan"])[milestone]
    assert (found["wording"], found["due_on"]) == (wording, due)
    count = 10 if tier == "district" else 1
    assert len(found["units"]) == count and (tier == "district" or found["units"][0]["code"] == "36")


def test_district_rating_comes_before_provincial_rating_before_five_star_dossiers() -> None:
    """003: dependencies M4 before M5 before M6."""
    (plan,) = seed("003").plans
    listed = yamlfile.read(plan.content, plan.name).data["milestones"]
    after = {item["id"]: item.get("after") for item in listed}
    assert after["province_rating"] == ["district_rating"]
    assert after["five_star_dossiers"] == ["province_rating"]


def test_at_least_100_products_are_wanted_cumulatively_and_30_establishments_in_the_year(whole: Any) -> None:
    """003: at least 100 products of 3 or 4 stars, cumulative, and at least 30 establishments in the plan's year."""
    wanted = targets(whole["plan"])
    products, establishments = wanted["recognised"]["target"], wanted["establishments"]["target"]
    assert (products["at_least"], products["count"], products["stars"]) == (100, "cumulative", [3, 4])
    assert (products["by"], products["baseline"]) == ("2020-12-31", 62)
    assert (establishments["at_least"], establishments["count"], establishments["by"]) == (30, "year", "2020-12-31")


@pytest.mark.parametrize(
    ("figure", "value", "stars", "counting"),
    [
        ("products", 146, [3, 4], "cumulative"),
        ("four_stars", 28, [4], "cumulative"),
        ("three_stars", 118, [3], "cumulative"),
        ("four_stars_in_2020", 11, [4], "year"),
        ("three_stars_in_2020", 99, [3], "year"),
        ("in_2020", 110, [3, 4], "year"),
        ("before_2020", 36, [3, 4], "cumulative"),
    ],
)
def test_the_outcome_of_2020_is_reported(whole: Any, figure: str, value: int, stars: list[int], counting: str) -> None:
    """003, outcome at the end of 2020: 146 products, 28 of four stars and 118 of three; 11 and 99 of 2020; and
    110 in 2020 + 36 before = 146."""
    found = facts(whole, "003")[figure]
    assert (found["value"], found["stars"], found["counting"]) == (value, stars, counting)


def test_the_outcome_agrees_with_itself(whole: Any) -> None:
    """003: 28 + 118 = 146, 11 + 99 = 110 and 110 + 36 = 146: nothing is flagged but the units of 2020."""
    assert [warning["code"] for warning in one(whole, "003")["warnings"]] == ["plan_units_approximate"]


def test_the_reported_146_stand_beside_the_62_that_are_counted(whole: Any) -> None:
    """003: the outcome meets the target of 100 by report; it is never added to what the record counts."""
    target = targets(whole["plan"])["recognised"]
    assert (target["actual"], target["met"]) == (62, False)
    reported = target["reported"]
    assert (reported["value"], reported["as_of"], reported["met"]) == (146, "2020-12-31", True)


def test_on_the_day_of_the_news_everything_is_open_and_the_outcome_unknown(whole: Any) -> None:
    """003: published 1 April 2020; what became of it by the end of the year is not known then."""
    found = on_day(whole, "003", "2020-04-01")
    (plan,) = found.plans
    assert {item["status"] for item in plan["milestones"]} == {"open"}
    assert targets(plan)["recognised"]["reported"] is None
    assert [fact["id"] for fact in found.facts if fact["known"]] == ["before_2020"]


def test_before_its_day_the_plan_is_only_named(whole: Any) -> None:
    """003: nothing is owed under a plan before 30 March 2020."""
    found = on_day(whole, "003", "2020-03-29")
    assert (found.plans, found.later) == ((), ("36:2020:27/KH-UBND",))


def test_a_new_product_goes_through_every_step_and_an_existing_one_skips_the_early_ones() -> None:
    """003: two tracks in the cycle of six steps; the first, informing people, comes before there is any dossier."""
    regime = load_regime("qd_1048_2019")
    begins = {track: regime.states[state].step for track, state in regime.tracks.items()}
    steps = {state.step for state in regime.states.values()} - {None}
    assert steps == {2, 3, 4, 5, 6}
    assert begins["new_product"] == 2 and (begins["existing_product"] or 0) > 2
