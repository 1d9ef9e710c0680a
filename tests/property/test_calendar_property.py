"""Calendar arithmetic against slow counting over 2017-2030, written without the code under test."""

from __future__ import annotations

import unicodedata
from bisect import bisect_left, bisect_right
from calendar import monthrange
from datetime import date, timedelta

import holidays
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ocop_flow.calendars import load_calendar
from ocop_flow.domain.calendar import add_months
from ocop_flow.domain.period import Period, PeriodUnit, end_of, latest_start, start_before
from ocop_flow.domain.wording import parse, resolve
from ocop_flow.errors import InputInvalid

CALENDAR = load_calendar()
FIRST, LAST = date(2017, 1, 1), date(2030, 12, 31)
ALL_DAYS = [FIRST + timedelta(days=offset) for offset in range((LAST - FIRST).days + 1)]


def _decreed(text: str, year: int) -> set[date]:
    return {date(year, int(month), int(day)) for day, month in (one.split("/") for one in text.split())}


#: REGULATIONS section 10 for the two decreed years; swaps of earlier years as the library documents them.
OFF = _decreed("1/1 27/1 28/1 29/1 30/1 31/1 7/4 30/4 1/5 2/5 1/9 2/9", 2025)
OFF |= _decreed("1/1 2/1 16/2 17/2 18/2 19/2 20/2 27/4 30/4 1/5 31/8 1/9 2/9 24/11", 2026)
OFF |= {day for day in holidays.country_holidays("VN", years=range(2017, 2031)) if day.year not in (2025, 2026)}
#: 24 November has no make-up, whatever the library says.
OFF -= {date(2029, 11, 26), date(2030, 11, 25)}
WORKED_SATURDAYS = {
    date(2019, 1, 5),
    date(2019, 5, 4),
    date(2024, 5, 4),
    date(2025, 4, 26),
    date(2026, 1, 10),
    date(2026, 8, 22),
}
WORKING_DAYS = [day for day in ALL_DAYS if day in WORKED_SATURDAYS or (day.weekday() < 5 and day not in OFF)]

days = st.dates(date(2017, 3, 1), date(2029, 6, 30))
counts = st.integers(1, 300)
periods = st.builds(Period, st.integers(1, 60), st.sampled_from(("working_day", "day", "week"))) | st.builds(
    Period, st.integers(1, 15), st.just("month")
)


def slow_end(period: Period, start: date) -> date:
    """The end of a period by walking the calendar one day, or one month, at a time."""
    if period.unit == "working_day":
        return WORKING_DAYS[bisect_right(WORKING_DAYS, start) + period.amount - 1]
    end = start
    if period.unit == "month":
        year, month = start.year, start.month
        for _ in range(period.amount):
            year, month = (year + 1, 1) if month == 12 else (year, month + 1)
        end = date(year, month, min(start.day, monthrange(year, month)[1]))
    else:
        for _ in range(period.amount * (7 if period.unit == "week" else 1)):
            end += timedelta(days=1)
    return WORKING_DAYS[bisect_left(WORKING_DAYS, end)]


def test_every_day_of_fourteen_years_is_worked_or_not_as_counted() -> None:
    """Exhaustive: working days are Monday to Friday less days off plus swapped Saturdays."""
    assert [day for day in ALL_DAYS if CALENDAR.is_working_day(day)] == WORKING_DAYS


def test_the_nearest_working_days_of_every_day() -> None:
    """Exhaustive over 2018-2029: the next working day on or after, the last on or before."""
    for day in (day for day in ALL_DAYS if 2018 <= day.year <= 2029):
        assert CALENDAR.next_working_day(day) == WORKING_DAYS[bisect_left(WORKING_DAYS, day)]
        assert CALENDAR.last_working_day_on_or_before(day) == WORKING_DAYS[bisect_right(WORKING_DAYS, day) - 1]


@given(days, counts)
def test_working_days_are_counted_as_in_a_list_of_them(start: date, count: int) -> None:
    """The n-th working day after the event, whose own day is not counted (Civil Code 2015 arts 147-148)."""
    assert CALENDAR.add_working_days(start, count) == WORKING_DAYS[bisect_right(WORKING_DAYS, start) + count - 1]


@given(st.dates(date(2019, 1, 1), date(2030, 6, 30)), counts)
def test_working_days_are_counted_back_in_the_same_way(event: date, count: int) -> None:
    assert CALENDAR.add_working_days(event, -count) == WORKING_DAYS[bisect_left(WORKING_DAYS, event) - count]


@given(days, periods)
def test_a_period_ends_where_a_slow_walk_ends(start: date, period: Period) -> None:
    assert end_of(period, start, CALENDAR) == slow_end(period, start)


@given(days, periods)
def test_a_duty_never_ends_on_a_day_off(start: date, period: Period) -> None:
    assert CALENDAR.is_working_day(end_of(period, start, CALENDAR))


@given(days, st.integers(0, 60), periods)
def test_a_later_event_never_gives_an_earlier_end(start: date, later: int, period: Period) -> None:
    assert end_of(period, start, CALENDAR) <= end_of(period, start + timedelta(days=later), CALENDAR)


@settings(max_examples=200)
@given(st.dates(date(2019, 6, 1), date(2029, 6, 30)), periods)
def test_the_latest_start_is_the_greatest_that_still_ends_in_time(before: date, period: Period) -> None:
    """Brute force: of all days before the limit, the last from which the slowly walked period ends by it."""
    starts = (before - timedelta(days=back) for back in range(600))
    expected = next(start for start in starts if slow_end(period, start) <= before)
    assert latest_start(period, before, CALENDAR) == expected


@pytest.mark.parametrize("unit", ["day", "working_day", "month"])
def test_the_latest_start_on_every_limit_of_2026(unit: PeriodUnit) -> None:
    """Exhaustive for one decreed year, over Tết and National Day."""
    period = Period(2 if unit == "month" else 15, unit)
    for before in (day for day in ALL_DAYS if day.year == 2026):
        starts = (before - timedelta(days=back) for back in range(200))
        expected = next(start for start in starts if slow_end(period, start) <= before)
        assert latest_start(period, before, CALENDAR) == expected


@given(days, st.integers(1, 120))
def test_working_days_back_and_forth_meet(event: date, count: int) -> None:
    """Counted back from a working day and forward again one is where one was."""
    event = CALENDAR.next_working_day(event + timedelta(days=365))
    assert (
        end_of(Period(count, "working_day"), start_before(Period(count, "working_day"), event, CALENDAR), CALENDAR)
        == event
    )


@given(days, st.integers(-200, 200))
def test_months_keep_the_date_or_take_the_last_of_a_shorter_month(day: date, count: int) -> None:
    """Civil Code 2015 art. 148(4)."""
    moved = add_months(day, count)
    assert (moved.year * 12 + moved.month) - (day.year * 12 + day.month) == count
    assert moved.day == min(day.day, monthrange(moved.year, moved.month)[1])


FORMS = [
    "trước tháng 8",
    "trước ngày 30/6",
    "giữa tháng 6",
    "quý III",
    "chậm nhất ngày 15 hàng tháng",
    "15 ngày làm việc kể từ ngày nhận hồ sơ",
    "45 ngày",
    "36 tháng",
    "30 ngày trước ngày 30/6",
    "từ ngày 1/6 đến ngày 30/6",
    "từ 180 đến 120 ngày trước ngày hết hạn",
]


@given(st.sampled_from(FORMS), st.dates(date(2018, 1, 1), date(2027, 12, 31)))
def test_every_answer_has_its_last_working_day_and_its_derivation(form: str, start: date) -> None:
    """The last working day is the nearest one not after the due day; the doubts are the reason to be provisional."""
    found = resolve(parse(form), calendar=CALENDAR, start=start)
    assert found.due_on is not None
    assert found.last_working_day == WORKING_DAYS[bisect_right(WORKING_DAYS, found.due_on) - 1]
    assert found.steps
    doubts = {"step_undecreed_year", "step_uncertain_day", "step_open_question"}
    assert found.provisional == bool(doubts & {step.code for step in found.steps})


@given(st.sampled_from(FORMS), st.booleans(), st.booleans(), st.integers(1, 3))
def test_a_wording_means_the_same_however_it_is_typed(form: str, upper: bool, decomposed: bool, spaces: int) -> None:
    text = (form.upper() if upper else form).replace(" ", " " * spaces)
    text = unicodedata.normalize("NFD", text) if decomposed else text
    start = date(2026, 6, 4)
    assert (
        resolve(parse(text), calendar=CALENDAR, start=start).due_on
        == resolve(parse(form), calendar=CALENDAR, start=start).due_on
    )


@given(
    st.text(max_size=60)
    | st.lists(
        st.sampled_from(
            [
                *[
                    "trước",
                    "sau",
                    "từ",
                    "đến",
                    "ngày",
                    "tháng",
                    "quý",
                    "năm",
                    "hàng",
                    "15",
                    "30/6",
                    "31/6",
                    "III",
                    "đầu",
                    "cuối",
                    "làm",
                    "việc",
                ]
            ]
        )
    ).map(" ".join)
)
def test_any_text_is_understood_or_refused(text: str) -> None:
    """Nothing but InputInvalid leaves the grammar; what is understood keeps its words."""
    try:
        wording = parse(text)
    except InputInvalid:
        return
    assert wording.text == text
    try:
        resolve(wording, calendar=CALENDAR, year=2026, start=date(2026, 6, 4))
    except InputInvalid:
        return
