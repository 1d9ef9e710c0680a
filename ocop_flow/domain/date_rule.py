"""What a wording of time means, as frozen values: spans of the calendar, and the rules built on them."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Literal

from ocop_flow.errors import InputInvalid, Text, reason

if TYPE_CHECKING:
    from ocop_flow.domain.period import Period

SpanUnit = Literal["day", "month", "quarter", "half_year", "year"]
Edge = Literal["before", "first", "middle", "within", "last"]
#: Whether `trước ngày 30/6` leaves the 30th itself out (strict) or in.
BeforeReading = Literal["strict", "inclusive"]

_MONTHS: dict[SpanUnit, int] = {"month": 1, "quarter": 3, "half_year": 6, "year": 12}
_EDGE_IDS: dict[Edge, str] = {"before": "before", "first": "start_of", "middle": "middle_of", "last": "end_of"}


@dataclass(frozen=True, slots=True)
class Span:
    """A day, month, quarter, half-year or year; ``year`` is None where the wording leaves it out.

    number  month 1-12 (for a day: its month), quarter 1-4, half 1-2; 1 for a year
    day     day of the month, only for a day
    raises  InputInvalid if no year has it (31/6, month 13, quarter V)
    """

    unit: SpanUnit
    number: int
    year: int | None = None
    day: int = 0

    def __post_init__(self) -> None:
        most = 12 if self.unit == "day" else 12 // _MONTHS[self.unit]
        if not 1 <= self.number <= most:
            raise _does_not_exist(self, self.year)
        # Without a year 29/2 may stand: the longest form of the month is asked, that of a leap year.
        if self.unit == "day" and not 1 <= self.day <= monthrange(self.year or 2000, self.number)[1]:
            raise _does_not_exist(self, self.year)

    def first(self, year: int) -> date:
        """First day in a year; raises InputInvalid for a day that this year does not have."""
        if self.unit == "day":
            try:
                return date(year, self.number, self.day)
            except ValueError as error:
                raise _does_not_exist(self, year) from error
        return date(year, (self.number - 1) * _MONTHS[self.unit] + 1, 1)

    def last(self, year: int) -> date:
        """Last day in a year."""
        if self.unit == "day":
            return self.first(year)
        month = self.number * _MONTHS[self.unit]
        return date(year, month, monthrange(year, month)[1])


@dataclass(frozen=True, slots=True)
class FixedRule:
    """One day of the calendar: an edge of a span, or the eve of it."""

    span: Span
    edge: Edge

    @property
    def id(self) -> str:
        """E.g. ``before_month``, ``within_quarter``, ``fixed_day``."""
        if self.edge == "within":
            return "fixed_day" if self.span.unit == "day" else f"within_{self.span.unit}"
        return f"{_EDGE_IDS[self.edge]}_{self.span.unit}"

    def on(self, year: int, reading: BeforeReading) -> date:
        """The day in a year.

        source  Civil Code 2015 art. 147(2)-(3): the middle of a month is its 15th, that of a year the end of June
        """
        if self.edge == "before":
            strict = self.span.unit != "day" or reading == "strict"
            return self.span.first(year) - timedelta(days=strict)
        if self.edge == "first":
            return self.span.first(year)
        if self.edge == "middle":
            return date(year, 6, 30) if self.span.unit == "year" else self.span.first(year) + timedelta(days=14)
        return self.span.last(year)


@dataclass(frozen=True, slots=True)
class RecurringRule:
    """The same day of every month, quarter or year.

    month  the month meant: of the quarter 1-3, of the year 1-12; unused for every month
    day    day of that month, its last day where it is shorter; None for the edge itself
    month_assumed  whether the wording leaves out which month of the quarter, and the last one is taken
    """

    every: Literal["month", "quarter", "year"]
    edge: Edge
    month: int
    day: int | None = None
    month_assumed: bool = False

    @property
    def id(self) -> str:
        """``monthly``, ``quarterly`` or ``yearly``."""
        return f"{self.every}ly"

    def days_in(self, year: int, reading: BeforeReading) -> list[date]:
        """Its days for one year, in order; one before 1 January stands in the year before."""
        length = _MONTHS[self.every]
        offset = 0 if self.every == "month" else self.month - 1
        return [self._in_month(year, first + offset, reading) for first in range(1, 13, length)]

    def _in_month(self, year: int, month: int, reading: BeforeReading) -> date:
        length = monthrange(year, month)[1]
        if self.day is None:
            day = {"first": 1, "middle": 15}.get(self.edge, length)
            return date(year, month, day)
        strict = self.edge == "before" and reading == "strict"
        return date(year, month, min(self.day, length)) - timedelta(days=strict)


@dataclass(frozen=True, slots=True)
class Anchor:
    """The event that a period is counted from: a day that is written, or an event that is named; or neither."""

    day: Span | None = None
    event: str | None = None


@dataclass(frozen=True, slots=True)
class CountedRule:
    """A period after its anchor, or before it."""

    period: Period
    anchor: Anchor
    backwards: bool = False

    @property
    def id(self) -> str:
        """E.g. ``working_days_from``, ``months_from``, ``days_before``."""
        return f"{self.period.unit}s_{'before' if self.backwards else 'from'}"


@dataclass(frozen=True, slots=True)
class WindowRule:
    """From the first day of one span to the last day of another."""

    opens: Span
    closes: Span
    id: str = "window"


@dataclass(frozen=True, slots=True)
class WindowBeforeRule:
    """From so long to so long before an anchor: not earlier than ``opens``, not later than ``closes``."""

    opens: Period
    closes: Period
    anchor: Anchor
    id: str = "window_before"


@dataclass(frozen=True, slots=True)
class AfterEventRule:
    """Not before a named event has happened; it sets an earliest day and no limit."""

    event: str
    id: str = "after_event"


Rule = FixedRule | RecurringRule | CountedRule | WindowRule | WindowBeforeRule | AfterEventRule


@dataclass(frozen=True, slots=True)
class Wording:
    """A wording as somebody wrote it, and the rule it was understood as."""

    text: str
    rule: Rule
    tentative: bool = False

    @property
    def event(self) -> str | None:
        """The event that the wording names, as written; None if it names none."""
        if isinstance(self.rule, AfterEventRule):
            return self.rule.event
        return self.rule.anchor.event if isinstance(self.rule, (CountedRule, WindowBeforeRule)) else None


_UNIT_NAMES: dict[SpanUnit, Text] = {
    "day": Text("ngày", "day"),
    "month": Text("tháng", "month"),
    "quarter": Text("quý", "quarter"),
    "half_year": Text("nửa năm", "half-year"),
    "year": Text("năm", "year"),
}


def _does_not_exist(span: Span, year: int | None) -> InputInvalid:
    number = f"{span.day}/{span.number}" if span.unit == "day" else f"{span.number}"
    written = number if year is None else f"{number}/{year}"
    vi, en = (f"{name} {written}" for name in _UNIT_NAMES[span.unit])
    return InputInvalid(reason("date_does_not_exist", day=Text(vi, en)))
