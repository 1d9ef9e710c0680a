"""Which reminder of an open duty is due on a day (DESIGN section 6)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from ocop_flow import regimes
from ocop_flow.domain.ladder import UNIT_RECIPIENTS, Ladder, day_of, newest_due

DUE = date(2020, 7, 31)


def ladder(name: str = "standard") -> Ladder:
    return regimes.ladders()[name]


def reached(days: int, *, name: str = "standard", switched_on: frozenset[str] = frozenset()) -> str | None:
    rung = newest_due(ladder(name), DUE, DUE + timedelta(days=days), switched_on=switched_on, to=UNIT_RECIPIENTS)
    return rung.id if rung else None


@pytest.mark.parametrize(
    ("days", "rung"),
    [
        (-31, None),
        (-30, "before_30"),
        (-8, "before_30"),
        (-7, "before_7"),
        (-3, "before_3"),
        (-1, "before_1"),
        (0, "due_day"),
        (1, "over_1"),
        (2, "over_1"),
        (3, "over_3"),
        (7, "over_7"),
        (400, "over_7"),
    ],
)
def test_the_newest_rung_is_the_last_whose_day_has_come(days: int, rung: str | None) -> None:
    """30, 7, 3, 1 days before, the day, 1 over; then up inside the unit. Calendar days."""
    assert reached(days) == rung


def test_the_duty_climbs_inside_the_unit_from_officer_to_the_chairs_office() -> None:
    """DESIGN section 6: officer, head, the Chair's office."""
    after = [rung.to for rung in ladder().rungs if rung.days > 0 and not rung.switched]
    assert after == ["officer", "leader", "chair_office"]


@pytest.mark.parametrize("name", ["standard", "plan_milestone", "certificate_expiry"])
def test_the_unit_above_hears_nothing_until_a_province_has_switched_it_on(name: str) -> None:
    """Rungs to the unit above are part of the file and switched on by a province's own numbered decision."""
    above = [rung for rung in ladder(name).rungs if rung.to == "unit_above"]
    assert above
    assert all(rung.switched for rung in above)
    silent = newest_due(ladder(name), DUE, DUE + timedelta(days=999), to=UNIT_RECIPIENTS)
    assert silent is not None
    assert silent.to != "unit_above"
    assert reached(999, name=name, switched_on=frozenset({above[-1].id})) == above[-1].id


def test_after_an_outage_one_rung_stands_for_all_that_were_missed() -> None:
    """Every open duty gets its newest rung once, not one message for each day of silence."""
    days = [reached(day) for day in range(-40, 40)]
    assert days.count(None) == 10
    assert days[-1] == "over_7"
    assert all(reached(day) == rung.id for rung in ladder().rungs if not rung.switched for day in [rung.days])


def test_the_entity_is_reminded_apart_from_the_unit() -> None:
    """A certificate's end: the entity hears on the days of its window, 180 and 120 days before the end."""
    found = ladder("certificate_expiry")
    for days in (-180, -120):
        to_entity = newest_due(found, DUE, DUE + timedelta(days=days), to=("entity",))
        to_unit = newest_due(found, DUE, DUE + timedelta(days=days), to=UNIT_RECIPIENTS)
        assert to_entity is not None
        assert to_unit is not None
        assert (to_entity.days, to_entity.to) == (days, "entity")
        assert to_unit.to in UNIT_RECIPIENTS


def test_the_day_after_its_end_the_entity_hears_that_the_mark_may_no_longer_be_used() -> None:
    """Expiry and the end of its right to the mark (DESIGN section 6, the entity)."""
    rung = newest_due(ladder("certificate_expiry"), DUE, DUE + timedelta(days=1), to=("entity",))
    assert rung is not None
    assert rung.id == "entity_ended"
    assert day_of(rung, DUE) == date(2020, 8, 1)
