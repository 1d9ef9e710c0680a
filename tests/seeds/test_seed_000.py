"""Seed 000_292622ac01562a60.txt: Nam Định's conference of 12 June 2020 on its OCOP programme."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.seeds.conftest import facts, milestones, on_day, one, targets

if TYPE_CHECKING:
    from tests.seeds.conftest import Told


@pytest.fixture(scope="module")
def whole(told: Told) -> Any:
    return told("000")


def test_batch_1_of_2020_is_26_products_one_of_four_stars_and_25_of_three(whole: Any) -> None:
    """000: batch 1 of 2020, by 14 April 2020: 26 products, 1 with 4 stars, 25 with 3 (the rest, our reading)."""
    found = facts(whole, "000")
    batch = found["batch_1"]
    assert (batch["value"], batch["round"], batch["year"], batch["counting"]) == (26, 1, 2020, "round")
    assert (batch["as_of"], batch["stars"]) == ("2020-04-14", [3, 4])
    assert (found["batch_1_four_stars"]["value"], found["batch_1_three_stars"]["value"]) == (1, 25)
    assert "reading" in found["batch_1_three_stars"] and "reading" not in batch


def test_62_products_of_29_establishments_are_recognised_in_all(whole: Any) -> None:
    """000: cumulative 62 products, 29 establishments by 14 April 2020, of 3 or 4 stars; 62 - 26 = 36 before 2020."""
    found = facts(whole, "000")
    all_there_are = found["recognised"]
    assert (all_there_are["value"], all_there_are["counting"], all_there_are["as_of"]) == (
        62,
        "cumulative",
        "2020-04-14",
    )
    assert all_there_are["stars"] == [3, 4]
    assert found["establishments"]["value"] == 29
    assert (found["before_2020"]["value"], found["before_2020"]["as_of"]) == (36, "2019-12-31")


def test_the_62_products_are_declared_once_and_left_to_be_reconciled(whole: Any) -> None:
    """000: neither number nor commune nor day of a certificate is told, so each of the 62 waits to be reconciled;
    18 and 44 of four and three stars: 1 + 25 of the batch, 17 + 19 by the end-of-year stars of seed 003."""
    declared = one(whole, "000")["declared"]
    assert (declared["products"], declared["establishments"], declared["unreconciled"]) == (62, 29, 62)
    assert declared["stars"] == {"4": 1 + 17, "3": 25 + 19}
    assert declared["rounds"] == [{"year": 2020, "round": 1, "products": 26}]


def test_before_the_batch_there_were_36(whole: Any) -> None:
    """000: per-round and cumulative counts hold for their days: 36 on 1 February 2020, 62 from 14 April."""
    earlier, later = on_day(whole, "000", "2020-02-01"), on_day(whole, "000", "2020-04-14")
    assert earlier.declared is not None and later.declared is not None
    assert (earlier.declared["products"], earlier.declared["rounds"]) == (36, [])
    assert (later.declared["products"], later.declared["rounds"][0]["products"]) == (62, 26)
    assert [fact["id"] for fact in earlier.facts if fact["known"]] == ["before_2020"]


def test_more_than_80_products_at_80_establishments_are_guided(whole: Any) -> None:
    """000: in May 2020 "more than 80 products at 80 establishments": a lower bound and an exact number, apart."""
    found = facts(whole, "000")
    products, establishments = found["guided_products"], found["guided_establishments"]
    assert (products["value"], products["qualifier"], products["as_of"]) == (80, "at_least", "2020-05-31")
    assert (establishments["value"], establishments["qualifier"]) == (80, "exact")
    assert products["wording"] == "more than 80 products at 80 establishments"


def test_about_40_basically_meet_three_stars_and_about_40_must_improve(whole: Any) -> None:
    """000: the survey's findings, both approximate; the second is the remainder (our reading)."""
    found = facts(whole, "000")
    assert [(found[name]["value"], found[name]["qualifier"]) for name in ("ready", "to_improve")] == [(40, "about")] * 2
    assert "reading" in found["to_improve"] and "reading" not in found["ready"]


def test_complete_dossiers_of_80_products_are_due_on_31_july(whole: Any) -> None:
    """000: dossiers complete "in July", by districts and establishments, covering 80 products."""
    plan = whole["plan"]
    milestone = milestones(plan)["complete_dossiers"]
    assert (milestone["wording"], milestone["due_on"]) == ("trong tháng 7", "2020-07-31")
    assert {unit["code"][0:2] for unit in milestone["units"]} == {"35", "36"} and len(milestone["units"]) == 10
    target = targets(plan)["dossiers"]
    assert (target["target"]["at_least"], target["target"]["by"]) == (80, "2020-07-31")
    assert "giữ chỗ" in plan["title"]


def test_the_criteria_gain_minima_while_dossiers_are_under_way(whole: Any) -> None:
    """000: the seed speaks of the new national criteria: 781/QĐ-TTg amends 1048/QĐ-TTg from 8 June 2020."""
    (law,) = one(whole, "000")["law"]
    assert (law["regime"], law["in_force"], law["minima"]) == ("qd_1048_2019", True, ["781/QĐ-TTg"])
    (before,) = on_day(whole, "000", "2020-06-07").law
    assert (before["in_force"], before["minima"]) == (True, [])


def test_the_conference_was_on_12_june_in_what_is_now_ninh_binh(whole: Any) -> None:
    """000: held 12 June 2020; the province is part of Ninh Bình since 1 July 2025."""
    part = one(whole, "000")
    assert (part["file"], part["told_on"], part["on"]) == ("000_292622ac01562a60.txt", "2020-06-12", "2020-06-12")
    assert (part["place"]["code"], part["place"]["since_2025_07_01"]["name"]) == ("36", "Tỉnh Ninh Bình")


def test_its_figures_agree_and_its_approximations_are_said(whole: Any) -> None:
    """000: 1 + 25 = 26 and 36 + 26 = 62; the districts of 2020 are approximate; placeholders are named as such."""
    part = one(whole, "000")
    assert [warning["code"] for warning in part["warnings"]] == ["plan_units_approximate"]
    assert any("placeholder" in note for note in part["notes"])
