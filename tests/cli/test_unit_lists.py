"""``ocop unit list``: by words, by tier, all of them."""

from __future__ import annotations

import csv
import gzip
from pathlib import Path

from tests.cli.office import Office

UNITS = Path(__file__).parents[2] / "workflows" / "units" / "units.csv.gz"


def test_a_tier_that_is_none_is_wrong_usage_and_not_an_empty_list(office: Office) -> None:
    """What is not in a fixed list is exit 2 (DESIGN section 7); the tiers are those of section 5."""
    assert office.refuses(2, "unit", "list", "nam", "--tier", "bogus") == ["tier_unknown"]


def test_without_words_every_unit_is_listed_from_the_centre_down(office: Office) -> None:
    """Like every other ``list``; 34 provinces from 1 July 2025 (Resolution 202/2025/QH15), and one centre."""
    assert [unit["code"] for unit in office.do("unit", "list", "--tier", "central")] == ["central"]
    provinces = office.do("unit", "list", "--tier", "province", "--on", "2026-06-01")
    assert len(provinces) == 34
    assert [unit["code"] for unit in provinces] == sorted(unit["code"] for unit in provinces)


def test_no_unit_that_bears_the_words_is_left_out(office: Office) -> None:
    """A list is whole: as many as the file of units has, each life of a code for itself."""
    with gzip.open(UNITS, "rt", encoding="utf-8", newline="") as file:
        wards = {row["code"] for row in csv.DictReader(file) if row["name"].startswith("Phường ")}
    listed = [unit["code"] for unit in office.do("unit", "list", "Phường")]
    assert len(wards) > 200
    assert wards <= set(listed)
