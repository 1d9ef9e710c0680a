"""Dossiers that cross the days on which the law, or the tree of units, changed.

148/QĐ-TTg holds from 24 February 2023; there are no districts from 1 July 2025, while 1489/QĐ-TTg, which adapts 148 to
that, holds from 6 July 2025; 26/2026/QĐ-TTg holds from 22 May 2026 (REGULATIONS.md). Pinning: DESIGN section 3.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.cli.office import Office

if TYPE_CHECKING:
    from pathlib import Path

COMMUNE = "12103"

#: (before, the day before the change, the change, after)
CROSSINGS = {
    "24 February 2023": ("qd_1048_2019", "2023-02-23", "2023-02-24", "qd_148_2023"),
    "22 May 2026": ("qd_1489_2025", "2026-05-21", "2026-05-22", "qd_26_2026"),
}
EachCrossing = pytest.mark.parametrize("crossing", CROSSINGS)


@pytest.fixture
def pins(office: Office) -> Pins:
    return Pins(office)


class Pins:
    """What ``dossier show`` says a dossier is pinned to."""

    def __init__(self, office: Office) -> None:
        self.office = office

    def __call__(self, dossier: str) -> tuple[str, str]:
        shown = self.office.show(dossier)
        return shown["regime"], shown["workflow_hash"]


@EachCrossing
def test_the_law_of_the_day_is_chosen_on_the_day_itself(office: Office, crossing: str) -> None:
    """A dossier opened on the last day of a decision is under it, one opened a day later under its successor."""
    before, last_day, first_day, after = CROSSINGS[crossing]
    office.day = last_day
    assert office.show(office.open(COMMUNE, "Cà phê"))["regime"] == before
    office.day = first_day
    assert office.show(office.open(COMMUNE, "Ca cao"))["regime"] == after


@EachCrossing
def test_a_new_product_filed_after_the_change_takes_the_new_law_at_filing_and_at_no_other_act(
    office: Office, pins: Pins, crossing: str
) -> None:
    """The pin of an opening is provisional until the filing action; that event carries the new one."""
    before, last_day, first_day, after = CROSSINGS[crossing]
    office.day = last_day
    dossier = office.open(COMMUNE, "Cà phê", track="new_product")
    office.take(dossier, "accept_idea")
    old_pin = pins(dossier)

    office.day = first_day
    office.take(dossier, "approve_business_plan")
    assert pins(dossier) == old_pin
    assert old_pin[0] == before
    assert office.take(dossier, "file_dossier")["to_state"] == "registration.intake"

    regime, workflow_hash = pins(dossier)
    assert regime == after
    assert workflow_hash != old_pin[1]
    events = office.do("dossier", "history", dossier)
    carried = [item["regime"] for item in events if item["action"] == "file_dossier"]
    assert carried == [after]
    assert {item["regime"] for item in events if item["action"] != "file_dossier"} == {before}
    assert office.walk(dossier, "promotion") == "promotion.active"
    assert office.show(dossier)["regime"] == after


@EachCrossing
def test_filing_after_the_change_asks_for_the_papers_of_the_new_law(office: Office, crossing: str) -> None:
    """The form asked for at filing is that of the decision in force on the day of filing.

    Source: 1048/QĐ-TTg annex wants the profile of the organisation and five samples at filing; 148/QĐ-TTg and
    26/2026/QĐ-TTg form 02 want the entity's self-assessment (REGULATIONS.md).
    """
    _, last_day, first_day, _ = CROSSINGS[crossing]
    office.day = last_day
    dossier = office.open(COMMUNE, "Cà phê", track="new_product")
    office.take(dossier, "accept_idea")
    office.take(dossier, "approve_business_plan")

    office.day = first_day
    kinds = {need["kind"] for need in office.actions(dossier)["file_dossier"]["needs"]["evidence"]}
    assert {"registration_form", "self_assessment"} <= kinds
    assert "organisation_profile" not in kinds


@EachCrossing
def test_an_existing_product_opened_before_the_change_keeps_the_old_law_to_the_end(
    office: Office, pins: Pins, crossing: str
) -> None:
    """Opening an existing product is the filing: its pin is final (DESIGN section 3)."""
    before, last_day, first_day, _ = CROSSINGS[crossing]
    office.day = last_day
    dossier = office.open(COMMUNE, "Cà phê", track="existing_product")
    pinned = pins(dossier)
    office.day = first_day
    assert office.walk(dossier, "promotion") == "promotion.active"
    assert pins(dossier) == pinned
    assert pinned[0] == before


@EachCrossing
def test_a_new_product_filed_before_the_change_keeps_the_old_law_to_the_end(
    office: Office, pins: Pins, crossing: str
) -> None:
    """What was filed under a decision finishes under it; after 22 May 2026 within 60 days (26/2026/QĐ-TTg art. 12)."""
    before, last_day, first_day, _ = CROSSINGS[crossing]
    office.day = last_day
    dossier = office.open(COMMUNE, "Cà phê", track="new_product")
    office.walk(dossier, "registration.intake")
    pinned = pins(dossier)
    office.day = first_day
    assert office.walk(dossier, "promotion") == "promotion.active"
    assert pins(dossier) == pinned
    assert pinned[0] == before


@EachCrossing
def test_the_successor_cannot_be_asked_for_before_its_day_nor_the_predecessor_after_its_last(
    office: Office, crossing: str
) -> None:
    """Another ``--regime`` is refused unless its file lists the overlap; none of these does (DESIGN section 3)."""
    before, last_day, first_day, after = CROSSINGS[crossing]
    officer = _officer(office, last_day)
    assert _refusal(office, officer, after) == ["regime_not_in_force"]
    officer = _officer(office, first_day)
    assert _refusal(office, officer, before) == ["regime_not_in_force"]


def _officer(office: Office, day: str) -> str:
    office.day = day
    return office.holder("officer", COMMUNE)


def _refusal(office: Office, officer: str, regime: str) -> list[str]:
    words = ["--product", "Cà phê", "--entity", "HTX số 1", "--entity-kind", "cooperative", "--product-set"]
    words += ["coffee_cacao", "--kind", "first", "--track", "new_product", "--regime", regime]
    return office.refuses(3, "dossier", "open", "--commune", COMMUNE, *words, who=officer)


def test_a_set_that_only_the_old_law_left_free_must_be_corrected_before_filing_under_the_new_one(
    office: Office,
) -> None:
    """148 and 1489 list no product sets, 26/2026 lists 26: filing after 22 May 2026 names one of them."""
    office.day = "2026-05-21"
    dossier = office.open(COMMUNE, "Cà phê", **{"track": "new_product", "product-set": "a_set_of_our_own"})
    office.take(dossier, "accept_idea")
    office.take(dossier, "approve_business_plan")
    office.day = "2026-05-22"
    action = office.actions(dossier)["file_dossier"]
    office.hand_in(dossier, action)
    officer = office.holder("officer", COMMUNE)
    assert office.refuses(3, "advance", dossier, "file_dossier", who=officer) == ["product_set_not_listed"]
    office.do("fix", dossier, "product_set", "coffee_cacao", "--reason", "theo Quyết định 26", who=officer)
    assert office.take(dossier, "file_dossier")["to_state"] == "registration.intake"


@pytest.fixture(params=["2025-07-01", "2025-07-05"])
def without_districts(office: Office, request: pytest.FixtureRequest) -> Office:
    """The office on a day when no district exists and 148/QĐ-TTg, which names districts, still holds."""
    office.day = str(request.param)
    return office


def at_the_district(office: Office) -> str:
    """A dossier that lies at the district on 30 June 2025, the last day of the districts."""
    today, office.day = office.day, "2025-06-30"
    dossier = office.open(COMMUNE, "Cà phê", track="existing_product")
    office.day = today
    return dossier


def test_from_1_to_5_july_2025_a_dossier_at_the_district_has_no_holder_and_no_running_clock(
    without_districts: Office,
) -> None:
    """When a unit has ended ``holder`` is null and the state's clock stops (DESIGN section 3)."""
    shown = without_districts.show(at_the_district(without_districts))
    assert (shown["regime"], shown["tier"], shown["holder"]) == ("qd_148_2023", "district", None)
    assert shown["due_on"] is None


def test_from_1_to_5_july_2025_moves_at_the_district_are_refused(without_districts: Office) -> None:
    """There is nobody to make them: ``unit_ended`` (DESIGN section 3)."""
    dossier = at_the_district(without_districts)
    leader = without_districts.appoint("former-leader", "leader", COMMUNE, "2025-07-01")
    found = without_districts.actions(dossier)
    held = [item for item in found.values() if item["kind"] != "withdraw"]
    assert {item["action"] for item in held} == {"accept_dossier", "return_for_supplement", "reject_at_district"}
    for item in held:
        assert not item["allowed"]
        assert "unit_ended" in [each["code"] for each in item["reasons"]]
        words = without_districts.words_for(dossier, item)
        assert "unit_ended" in without_districts.refuses(3, *words, who=leader)


def test_from_1_to_5_july_2025_the_former_district_officer_moves_nothing_either(without_districts: Office) -> None:
    """A post at an ended unit is no post: the district's officer of June cannot act in July."""
    dossier = at_the_district(without_districts)
    officer = without_districts.appoint("district-officer", "officer", "328", "2020-01-01", "2025-06-30")
    assert "unit_ended" in without_districts.refuses(3, "advance", dossier, "accept_dossier", who=officer)


def test_from_1_to_5_july_2025_withdrawing_works_through_the_heir_of_the_commune(without_districts: Office) -> None:
    """Withdrawing works (DESIGN section 3): Phường Mỹ Hào took over Phường Bần Yên Nhân on 1 July 2025."""
    dossier = at_the_district(without_districts)
    assert without_districts.take(dossier, "withdraw")["to_state"] == "closed.withdrawn"
    assert without_districts.show(dossier)["closed_on"] == without_districts.day


def test_from_1_to_5_july_2025_no_dossier_of_an_existing_product_finds_a_district_to_take_it(
    without_districts: Office,
) -> None:
    """148/QĐ-TTg still holds until 5 July: a dossier opened then waits at a district that does not exist."""
    dossier = without_districts.open(COMMUNE, "Ca cao", track="existing_product")
    shown = without_districts.show(dossier)
    assert (shown["regime"], shown["holder"]) == ("qd_148_2023", None)


def test_on_6_july_2025_the_law_without_districts_begins(office: Office) -> None:
    """1489/QĐ-TTg of 6 July 2025: the commune receives, the province evaluates."""
    office.day = "2025-07-06"
    shown = office.show(office.open(COMMUNE, "Cà phê", track="existing_product"))
    assert (shown["regime"], shown["tier"], shown["holder"]["code"]) == ("qd_1489_2025", "commune", COMMUNE)


def test_a_history_can_be_seen_under_the_law_it_had_on_each_day(office: Office, tmp_path: Path) -> None:
    """As it was on a day (DESIGN principle 7): before filing the old law, after it the new one."""
    office.day = "2026-05-21"
    dossier = office.open(COMMUNE, "Cà phê", track="new_product")
    office.day = "2026-05-25"
    office.walk(dossier, "registration.intake")
    assert office.do("dossier", "show", dossier, "--as-of", "2026-05-21")["regime"] == "qd_1489_2025"
    assert office.do("dossier", "show", dossier, "--as-of", "25/5/2026")["regime"] == "qd_26_2026"
    assert office.refuses(4, "dossier", "show", dossier, "--as-of", "2026-05-20") == ["dossier_absent_on_day"]
