"""Seed 002_64222a89ca461e1f.txt: the national conference for the North of 8 January 2020."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.seeds.conftest import facts, milestones, on_day, one, targets

if TYPE_CHECKING:
    from tests.seeds.conftest import Told


@pytest.fixture(scope="module")
def whole(told: Told) -> Any:
    return told("002")


@pytest.mark.parametrize(
    ("figure", "value", "qualifier"),
    [
        ("provinces_in_cycle", 19, "exact"),
        ("business_plans", 500, "at_least"),
        ("provinces_with_plan", 61, "exact"),
        ("planned_products", 3843, "exact"),
        ("national_target", 2400, "exact"),
        ("recognised", 900, "exact"),
        ("recognising_provinces", 19, "exact"),
        ("entities", 583, "exact"),
        ("proposed_five_stars", 6, "exact"),
        ("villages_surveyed", 10, "exact"),
    ],
)
def test_each_figure_of_the_end_of_2019_is_kept_as_printed(whole: Any, figure: str, value: int, qualifier: str) -> None:
    """002: figures of the end of 2019, "more than 500" plans as a lower bound."""
    found = facts(whole, "002")[figure]
    assert (found["value"], found["qualifier"], found["as_of"]) == (value, qualifier, "2019-12-31")


def test_the_printed_share_is_kept_beside_its_inputs_and_flagged(whole: Any) -> None:
    """002: 900 of 2,400 is printed as 33.16 %; 900 / 2,400 = 37.5 %, and 33.16 % would be about 796 products."""
    recognised = facts(whole, "002")["recognised"]
    assert recognised["relations"] == [{"kind": "share", "of": ["national_target"], "stated": "33.16"}]
    (warning,) = [item for item in one(whole, "002")["warnings"] if item["code"] == "figure_share_wrong"]
    for told in ("33.16 %", "900 / 2400", "37.5 %", "about 796"):
        assert told in warning["message"]


def test_900_and_1200_more_do_not_reach_2400(whole: Any) -> None:
    """002: at least 1,200 more are to reach 2,400, but 900 + 1,200 = 2,100, which is 300 short."""
    more = facts(whole, "002")["more_in_2020"]
    assert (more["value"], more["qualifier"], more["standing"]) == (1200, "at_least", "wanted")
    (warning,) = [item for item in one(whole, "002")["warnings"] if item["code"] == "figure_short_at_least"]
    for told in ("900 + 1200 = 2100", "300 short of 2400"):
        assert told in warning["message"]


def test_nothing_else_is_flagged(whole: Any) -> None:
    """002: 3,843 / 2,400 = 1.60 as stated, and the other figures agree; no fault is repaired, none is invented."""
    assert len(one(whole, "002")["warnings"]) == 2
    assert facts(whole, "002")["planned_products"]["relations"][0]["stated"] == "1.6"


def test_proposed_is_not_recognised(whole: Any) -> None:
    """002: six products are proposed for five stars; no five-star product is recognised by it."""
    found = facts(whole, "002")
    assert (found["proposed_five_stars"]["standing"], found["proposed_five_stars"]["stars"]) == ("proposed", [5])
    assert found["recognised"]["standing"] == "reached"
    assert one(whole, "002")["declared"] is None


def test_provinces_that_are_not_counted_have_no_names(whole: Any) -> None:
    """002: 19 of 63 provinces run the cycle, 61 have a plan; which they are is not told and not guessed."""
    found = facts(whole, "002")
    assert found["provinces_in_cycle"]["units"] == {"tier": "province", "total": 63, "others": 44, "named": 0}
    assert found["provinces_with_plan"]["units"] == {"tier": "province", "total": 63, "others": 2, "named": 0}
    assert found["recognising_provinces"]["units"]["others"] == 44


def test_the_tasks_of_2020_are_lower_bounds_and_a_range(whole: Any) -> None:
    """002: at least 1,200 products to reach 2,400; 8 to 10 models of culture and tourism villages."""
    models = facts(whole, "002")["village_models"]
    assert (models["value"], models["high"], models["qualifier"], models["by"]) == (8, 10, "range", "2020-12-31")
    wanted = targets(whole["plan"])
    assert (wanted["recognised"]["target"]["at_least"], wanted["recognised"]["actual"]) == (2400, 900)
    assert (wanted["recognised"]["target"]["baseline"], wanted["recognised"]["met"]) == (900, False)
    assert wanted["recognised_2020"]["target"]["at_least"] == 1200


def test_the_scheme_for_2021_to_2025_is_due_in_december(whole: Any) -> None:
    """002: the programme scheme 2021-2025 goes to the Prime Minister in December 2020."""
    milestone = milestones(whole["plan"])["scheme_2021_2025"]
    assert (milestone["wording"], milestone["due_on"]) == ("trong tháng 12", "2020-12-31")
    assert [unit["code"] for unit in milestone["units"]] == ["central"]


def test_before_the_conference_the_tasks_are_not_known(whole: Any) -> None:
    """002: figures of the end of 2019 hold on that day, the tasks from 8 January 2020 on."""
    found = on_day(whole, "002", "2019-12-31")
    assert {fact["id"] for fact in found.facts if not fact["known"]} == {"more_in_2020", "village_models"}
    assert [warning.code for warning in found.warnings] == ["figure_share_wrong"]
    assert not found.plans


def test_the_file_and_its_day_are_named(whole: Any) -> None:
    """002: held on 8 January 2020 by the Ministry."""
    part = one(whole, "002")
    assert (part["file"], part["told_on"], part["place"]["code"]) == (
        "002_64222a89ca461e1f.txt",
        "2020-01-08",
        "central",
    )
