"""Periods of time as the law counts them: so many working days, days, weeks, months or years from an event."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from ocop_flow.domain.calendar import Calendar, add_days, add_months
from ocop_flow.errors import InputInvalid, reason

if TYPE_CHECKING:
    from datetime import date

PeriodUnit = Literal["working_day", "day", "week", "month", "year"]
#: How the last valid day of a certificate of so many months is read: the anniversary itself, or the day before it.
LastDayReading = Literal["anniversary", "day_before"]


@dataclass(frozen=True, slots=True)
class Period:
    """``amount`` whole units, at least 1; raises InputInvalid otherwise."""

    amount: int
    unit: PeriodUnit

    def __post_init__(self) -> None:
        if self.amount < 1:
            raise InputInvalid(reason("period_not_positive", amount=self.amount))

    def moved(self, day: date, direction: int) -> date:
        """The day this far after (``direction`` 1) or before (-1) a day, by date alone; not for working days.

        A week ends on the same weekday, a month or year on the same date or the last day of a shorter month.
        Source: Civil Code 2015 art. 148(2)-(4).
        """
        count = self.amount * direction
        if self.unit == "day":
            return add_days(day, count)
        if self.unit == "week":
            return add_days(day, 7 * count)
        return add_months(day, 12 * count if self.unit == "year" else count)


def end_of(period: Period, start: date, calendar: Calendar) -> date:
    """Last day of a period for a duty that an event on ``start`` begins; that day itself is not counted.

    An end on a day off moves to the next working day; that of a validity never does (``last_valid_day``).
    source  Civil Code 2015 arts 147-148
    """
    if period.unit == "working_day":
        return calendar.add_working_days(start, period.amount)
    return calendar.next_working_day(period.moved(start, 1))


def start_before(period: Period, event: date, calendar: Calendar) -> date:
    """The day a whole period before an event, which is not counted.

    It never shifts: art. 148(5) lengthens a period, and here a later day would shorten what is guaranteed.
    """
    if period.unit == "working_day":
        return calendar.add_working_days(event, -period.amount)
    return period.moved(event, -1)


def latest_start(period: Period, before: date, calendar: Calendar) -> date:
    """The greatest day s with ``end_of(period, s) <= before``; s need not be a working day."""
    if period.unit == "working_day":
        # Its first counted day is the amount-th working day back from `before`; the event lies on the eve.
        return add_days(calendar.add_working_days(add_days(before, 1), -period.amount), -1)
    # The end never comes before the same date, so s is at most three days (a short February) past the mirrored date.
    day = add_days(period.moved(before, -1), 3)
    while end_of(period, day, calendar) > before:
        day = add_days(day, -1)
    return day


def last_valid_day(issued_on: date, months: int, reading: LastDayReading) -> date:
    """Last day on which a certificate of ``months`` months is valid; never shifted by days off.

    source  which of the two readings holds is not settled by the decisions: a parameter of the regime
    """
    anniversary = add_months(issued_on, months)
    return anniversary if reading == "anniversary" else add_days(anniversary, -1)
