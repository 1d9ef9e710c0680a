"""Seed 001_5d0e2d2a9d02376c.txt: the town of Mỹ Hào starts its OCOP plan, 25 September 2019."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.seeds.conftest import facts, milestones, on_day, one, targets

if TYPE_CHECKING:
    from tests.seeds.conftest import Told


@pytest.fixture(scope="module")
def whole(told: Told) -> Any:
    return told("001")


def test_the_nine_products_of_2018_are_one_four_and_four(whole: Any) -> None:
    """001: baseline of 2018: 1 product of 4 stars, 4 of 3, 4 of 2; 1 + 4 + 4 = 9."""
    declared = one(whole, "001")["declared"]
    assert (declared["products"], declared["stars"]) == (9, {"4": 1, "3": 4, "2": 4})
    found = facts(whole, "001")
    stars = [found[name]["value"] for name in ("four_stars_2018", "three_stars_2018", "two_stars_2018")]
    assert (stars, found["stars_2018"]["value"], found["stars_2018"]["as_of"]) == ([1, 4, 4], 9, "2018-12-31")


def test_two_stars_have_no_certificate(whole: Any) -> None:
    """001: the four products of two stars are declared stars alone; all nine wait to be reconciled."""
    declared = one(whole, "001")["declared"]
    assert (declared["without_certificate"], declared["unreconciled"]) == (4, 9)


def test_the_stars_are_declared_under_provincial_criteria_beside_1048(whole: Any) -> None:
    """001: provincial provisional criteria are cited on 25 September 2019, after 1048/QĐ-TTg of 21 August 2019."""
    provincial, national = one(whole, "001")["law"]
    assert (provincial["regime"], provincial["in_force"], provincial["overlap"]) == (
        "provincial_provisional",
        False,
        True,
    )
    assert (national["regime"], national["in_force"]) == ("qd_1048_2019", True)
    before = on_day(whole, "001", "2019-08-20").law[0]
    assert (before["in_force"], before["overlap"]) == (True, False)


def test_the_target_of_2020_is_a_distribution_not_tied_to_products(whole: Any) -> None:
    """001: by 2020 1 product of 5 stars, 2 of 4, 6 of 3; 1 + 2 + 6 = 9; which product goes where is not said."""
    target = targets(whole["plan"])["stars"]
    assert (target["metric"], target["target"]["distribution"]) == ("star_distribution", {"5": 1, "4": 2, "3": 6})
    assert target["target"]["by"] == "2020-12-31"
    assert (target["actual"], target["met"]) == ({"5": 0, "4": 1, "3": 4, "2": 4}, False)
    found = facts(whole, "001")
    stars = [found[name]["value"] for name in ("five_stars_2020", "four_stars_2020", "three_stars_2020")]
    assert (stars, found["stars_2020"]["value"], found["stars_2020"]["standing"]) == ([1, 2, 6], 9, "wanted")


def test_the_province_assigned_nine_products_to_the_town(whole: Any) -> None:
    """001: assigned by the province for 2019-2020: 9 products to upgrade, a task of the town alone."""
    assigned = facts(whole, "001")["assigned"]
    assert (assigned["value"], assigned["assigned_by"]["name"]) == (9, "Tỉnh Hưng Yên")
    task = next(plan for plan in one(whole, "001")["plans"] if plan["identity"].startswith("33:"))
    milestone = milestones(task)["my_hao_nine_products"]
    assert [unit["code"] for unit in milestone["units"]] == ["328"]
    assert milestone["due_on"] == "2020-12-31"


def test_every_commune_is_to_have_a_product_by_2020(whole: Any) -> None:
    """001: every village or commune has a product by 2020; the town's communes each answer for themselves."""
    milestone = milestones(whole["plan"])["each_commune"]
    assert milestone["due_on"] == "2020-12-31" and len(milestone["units"]) > 1


def test_the_town_was_a_district_of_hung_yen(whole: Any) -> None:
    """001: held 25 September 2019; the town ended with its tier, the province is the new Hưng Yên since 1 July 2025."""
    part = one(whole, "001")
    assert (part["file"], part["told_on"]) == ("001_5d0e2d2a9d02376c.txt", "2019-09-25")
    place = part["place"]
    assert (place["name"], place["tier"], place["province"]["name"]) == ("Thị xã Mỹ Hào", "district", "Tỉnh Hưng Yên")
    assert place["since_2025_07_01"]["name"] == "Tỉnh Hưng Yên"


def test_placeholders_and_what_is_not_known_are_said(whole: Any) -> None:
    """001: product names and document numbers are placeholders; the score table is not known."""
    told = " ".join(one(whole, "001")["notes"])
    assert "numbered placeholders" in told and "1/KH-UBND are placeholders" in told and "score table" in told
    assert {warning["code"] for warning in one(whole, "001")["warnings"]} == {"plan_units_approximate"}
