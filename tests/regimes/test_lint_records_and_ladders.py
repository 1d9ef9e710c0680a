"""``ocop workflow lint`` of the kinds of records beside the state, and of reminder ladders."""

from __future__ import annotations

import pytest

from tests.regimes.linting import FOLDER, changed, expect

BESIDE = (FOLDER / "beside" / "kinds.yaml").read_text(encoding="utf-8")
LADDER = (FOLDER / "ladders" / "standard.yaml").read_text(encoding="utf-8")

BESIDE_FAULTS: list[tuple[str, str, str, str]] = [
    ("{id: shop, label", "{id: fair, label", "lint_name_twice", '{id: fair, label: {vi: "Điểm'),
    ("- id: promotion", "- id: fairs", "schema_not_in_list", "- id: fairs"),
    ("name: cost, type: money", "name: cost, type: number", "schema_not_in_list", "name: cost"),
    (
        "mark: recalled}\n      - id: denunciation",
        "mark: sure}\n      - id: denunciation",
        "schema_not_in_list",
        "mark: sure",
    ),
    (
        "name: result, type: text, label",
        "name: place, type: text, label",
        "lint_name_twice",
        "name: place, type: text, label: {vi: Kết",
    ),
]


@pytest.mark.parametrize(("old", "new", "code", "needle"), BESIDE_FAULTS, ids=[f[2] + f[3][:9] for f in BESIDE_FAULTS])
def test_a_fault_in_the_kinds_of_records_is_named_with_its_line(old: str, new: str, code: str, needle: str) -> None:
    """What is recorded beside the state is data that is checked like the rest of the law."""
    expect(changed(BESIDE, old, new), code, needle)


LADDER_FAULTS: list[tuple[str, str, str, str]] = [
    ("{id: before_7, days: -7", "{id: before_30, days: -7", "ladder_rung_twice", "{id: before_30, days: -7"),
    ("days: -7", "days: -30", "ladder_day_twice", "{id: before_7"),
    ("days: -7", "days: -40", "ladder_order", "{id: before_7"),
    ("{id: over_3, days: 3, to: leader}", "{id: over_3, days: 3, to: mayor}", "schema_not_in_list", "{id: over_3"),
    (
        "{id: before_3, days: -3, to: officer}",
        "{id: before_3, days: -3, to: leader}",
        "ladder_climbs_down",
        "{id: before_1,",
    ),
    ("to: unit_above, switched_by: province", "to: unit_above", "ladder_above_unswitched", "{id: over_15_above"),
    ("to: chair_office}", "to: chair_office, switched_by: province}", "ladder_switch_inside", "{id: over_7"),
]


@pytest.mark.parametrize(
    ("old", "new", "code", "needle"), LADDER_FAULTS, ids=[f"{f[2]}-{i}" for i, f in enumerate(LADDER_FAULTS)]
)
def test_a_fault_in_a_ladder_is_named_with_its_line(old: str, new: str, code: str, needle: str) -> None:
    """DESIGN section 6: a rung twice, out of order, an unknown recipient, the unit above without a decision."""
    expect(changed(LADDER, old, new), code, needle)
