"""Seed 004_a656bbee021fa314.txt: Thái Bình's conference of 16 June 2020 on its OCOP programme."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from ocop_flow import yamlfile
from ocop_flow.demo.seed_data import seed
from tests.seeds.conftest import milestones, one, targets

if TYPE_CHECKING:
    from tests.seeds.conftest import Told

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"


@pytest.fixture(scope="module")
def whole(told: Told) -> Any:
    return told("004")


def test_15_to_20_products_are_to_be_upgraded_2_to_3_in_each_district(whole: Any) -> None:
    """004: "at least 15-20" flagship products, 2 to 3 per district, as a range with shares of the lower units."""
    target = targets(whole["plan"])["upgrades"]
    wanted = target["target"]
    assert (wanted["at_least"], wanted["at_most"]) == (15, 20)
    assert wanted["per"] == {"district": {"at_least": 2, "at_most": 3}}
    assert all(unit["target"] == {"at_least": 2, "at_most": 3} for unit in target["units"])
    assert "ít nhất 15-20" in target["title"]


def test_at_least_8_new_products_1_to_2_in_each_district(whole: Any) -> None:
    """004: 8 or more new products, 1 to 2 per district."""
    wanted = targets(whole["plan"])["new_products"]["target"]
    assert (wanted["at_least"], wanted["per"]) == (8, {"district": {"at_least": 1, "at_most": 2}})
    assert "at_most" not in wanted


def test_the_shares_of_the_eight_districts_are_set_against_the_whole(whole: Any) -> None:
    """004: Thái Bình had 8 districts (units.csv): 8 x 2-3 = 16-24 beside 15-20, 8 x 1-2 = 8-16 beside 8."""
    found = targets(whole["plan"])
    (upgrades,), (new,) = found["upgrades"]["shares"], found["new_products"]["shares"]
    assert (upgrades["units"], upgrades["together"]) == (8, {"at_least": 16, "at_most": 24})
    assert (new["units"], new["together"]) == (8, {"at_least": 8, "at_most": 16})


@pytest.mark.parametrize(
    ("milestone", "wording", "due", "units"),
    [
        ("intake", "trong tháng 6", "2020-06-30", None),
        ("district_evaluation", "trong tháng 7", "2020-07-31", 8),
        ("province_evaluation", "trong tháng 9", "2020-09-30", 1),
    ],
)
def test_communes_take_in_districts_and_the_province_evaluate(
    whole: Any, milestone: str, wording: str, due: str, units: int | None
) -> None:
    """004: T1 June (commune), T2 July (district), T3 September (province)."""
    found = milestones(whole["plan"])[milestone]
    assert (found["wording"], found["due_on"]) == (wording, due)
    assert units is None or len(found["units"]) == units
    assert units is not None or len(found["units"]) > 8


def test_intake_comes_before_district_evaluation_before_provincial_evaluation() -> None:
    """004: dependencies T1 before T2 before T3; the plan is the one of the examples."""
    (plan,) = seed("004").plans
    assert plan.content == (EXAMPLES / "plan-thai-binh-2020.yaml").read_bytes()
    after = {item["id"]: item.get("after") for item in yamlfile.read(plan.content, plan.name).data["milestones"]}
    assert after == {"intake": None, "district_evaluation": ["intake"], "province_evaluation": ["district_evaluation"]}


def test_the_communes_have_ten_working_days(whole: Any) -> None:
    """004: the conference is on 16 June and intake ends on 30 June: about ten working days, which is short notice."""
    (warning,) = [item for item in one(whole, "004")["warnings"] if item["code"] == "plan_short_notice"]
    assert "10 working days" in warning["message"] and "2020-06-30" in warning["message"]


def test_the_conference_was_in_what_is_now_hung_yen(whole: Any) -> None:
    """004: held 16 June 2020; Thái Bình is part of Hưng Yên since 1 July 2025."""
    part = one(whole, "004")
    assert (part["file"], part["told_on"], part["on"]) == ("004_a656bbee021fa314.txt", "2020-06-16", "2020-06-16")
    assert (part["place"]["code"], part["place"]["since_2025_07_01"]["name"]) == ("34", "Tỉnh Hưng Yên")
    assert part["law"][0]["minima"] == ["781/QĐ-TTg"]


def test_the_number_of_the_plan_is_a_placeholder_and_said_to_be_one(whole: Any) -> None:
    """004: the seed names no document."""
    assert "giữ chỗ" in whole["plan"]["title"]
    assert any("1/KH-UBND is a placeholder" in note for note in one(whole, "004")["notes"])
