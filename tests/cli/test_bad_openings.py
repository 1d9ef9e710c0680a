"""Openings of dossiers that are refused, and with which words."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

import pytest

from tests.cli.acts import COMMUNE
from tests.cli.refusals import opening

if TYPE_CHECKING:
    from tests.cli.office import Office
    from tests.cli.refusals import Refusals


def test_a_dossier_for_a_unit_that_had_ended_by_that_day_is_refused(refused: Refusals) -> None:
    """12106, a ward of the former town of Mỹ Hào, ended on 30 June 2025 (units.csv)."""
    refused.opening(3, "unit_not_valid", commune="12106")


def test_a_dossier_for_a_unit_that_did_not_exist_yet_on_that_day_is_refused(refused: Refusals) -> None:
    """Đặc khu Lý Sơn (21548) began on 1 July 2025 (units.csv): --on decides which row of the list is read."""
    refused(3, "unit_not_valid", *opening(commune="21548"), "--on", "2025-06-30")


def test_a_district_or_province_is_no_commune(refused: Refusals) -> None:
    """A dossier belongs to a commune."""
    refused.opening(2, "unit_wrong_tier", commune="33")


def test_an_unknown_product_set_where_the_regime_lists_them_is_told_with_the_list(refused: Refusals) -> None:
    """26/2026/QĐ-TTg annex I lists 26 sets; what is not in a fixed list is exit 2."""
    (found,) = refused.opening(2, "product_set_unknown", product_set="spaceships")
    assert "coffee_cacao" in found["remedy"]


@pytest.mark.parametrize(
    ("option", "value", "code"),
    [
        ("kind", "second", "kind_unknown"),
        ("track", "old_product", "track_unknown"),
        ("entity_kind", "school", "entity_kind_unknown"),
        ("regime", "qd_9999_2099", "regime_unknown"),
    ],
)
def test_what_is_not_in_a_fixed_list_is_wrong_usage(refused: Refusals, option: str, value: str, code: str) -> None:
    """Exit 2, with the list in the remedy."""
    found = refused.opening(2, code, **{option: value})
    assert any("Use one of" in item["remedy"] for item in found)


@pytest.mark.parametrize("option", ["product", "entity"])
@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("", "name_empty"),
        ("   ", "name_empty"),
        ("Cà phê " * 60, "name_too_long"),
        ("Cà phê\x07", "name_control_character"),
        ("Cà\nphê", "name_control_character"),
        ("Cà\u200bphê", "name_control_character"),
    ],
    ids=["empty", "blanks", "over-long", "bell", "line break", "zero-width space"],
)
def test_an_empty_over_long_or_unprintable_name_is_refused(
    refused: Refusals, option: str, value: str, code: str
) -> None:
    """Names are read by people and printed on certificates."""
    refused.opening(2, code, **{option: value})


def test_a_name_typed_with_combining_accents_is_kept_in_nfc(office: Office) -> None:
    """The same name reaches an office in several Unicode forms; what is kept is NFC."""
    name = "Cà phê Mường Ảng"
    typed = unicodedata.normalize("NFD", name)
    assert typed != name
    dossier = office.open(COMMUNE, typed, entity=unicodedata.normalize("NFD", "Hợp tác xã Mường Ảng"))
    shown = office.show(dossier)
    assert (shown["product"], shown["entity"]) == (name, "Hợp tác xã Mường Ảng")
    assert office.do("dossier", "show", typed)["code"] == dossier


def test_a_field_that_no_action_of_the_law_has_is_not_taken_at_the_opening_either(refused: Refusals) -> None:
    """Refused as ``advance`` refuses it; nor can the mark be typed by which the program keeps another regime."""
    for text in ("foo=bar", "regime_chosen=true"):
        refused(2, "field_unknown", *opening(), "--set", text)
    refused(2, "field_unreadable", *opening(), "--set", "local_origin=maybe")
    code = refused.office.do(*opening(), "--set", "local_origin=true", who=refused.officer)["code"]
    assert refused.office.do("dossier", "history", code)[0]["data"]["fields"] == {"local_origin": True}


def test_an_entity_kind_that_the_law_leaves_out_is_refused_with_the_law(refused: Refusals) -> None:
    """26/2026/QĐ-TTg names cooperatives, groups, small and medium enterprises, farms and households for goods."""
    (found,) = refused.opening(3, "entity_kind_not_allowed", entity_kind="association")
    assert "26/2026" in found["source"]


def test_a_plan_or_certificate_that_is_not_there_is_absent(refused: Refusals) -> None:
    refused.opening(4, "plan_absent", plan="27/KH-UBND")
    refused.opening(4, "certificate_absent", kind="upgrade", previous="CN-2020-000001-X")


def test_every_choice_of_an_opening_that_is_none_is_told_at_once(refused: Refusals) -> None:
    """Not in a fixed list is exit 2, which lists every fault."""
    told = refused.opening(
        2, "kind_unknown", entity_kind="club", kind="second", track="old_product", product_set="spaceships"
    )
    assert [item["code"] for item in told] == [
        "entity_kind_unknown",
        "kind_unknown",
        "track_unknown",
        "product_set_unknown",
    ]
