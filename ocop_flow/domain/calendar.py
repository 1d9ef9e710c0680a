"""Working days and calendar days; days off come in as data.

A working day is a Monday to Friday that is no day off, or a Saturday swapped for a day off (REGULATIONS section 10).
Counting follows Civil Code 2015 arts 147-148: the day of the event is not counted.
"""

from __future__ import annotations

import hashlib
from calendar import monthrange
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING

from ocop_flow.errors import BINDING_MARKS, InputInvalid, Reason, Text, reason

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

#: Years that can be counted in: since the Labour Code knows make-up days, to the end of the lunar tables.
FIRST_YEAR, LAST_YEAR = 1995, 2099
#: Where the days off of a year without a notice come from.
STATUTORY_SOURCE = "Labour Code 2019 art. 112"
#: The article on the end of a period.
END_OF_PERIOD_SOURCE = "Civil Code 2015 art. 148"

_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class DayOff:
    """One day on which offices are closed.

    make_up_for  the weekly day of rest on which the holiday itself fell, or None
    mark         one of ``errors.MARKS``
    """

    day: date
    name: Text
    source: str
    mark: str
    make_up_for: date | None = None


@dataclass(frozen=True, slots=True)
class WorkedDay:
    """A Saturday on which offices are open in return for a day off."""

    day: date
    instead_of: date
    source: str
    mark: str


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """Something that is not known about a year: ``days`` are counted by the ordinary rule, but not relied on."""

    about: Text
    days: tuple[date, ...]


@dataclass(frozen=True, slots=True)
class Notice:
    """A dated, sourced list of the days off of one year.

    as_of  date of the notice, or day on which these facts were established
    unit   code of the unit for which alone the notice holds; None for the whole country
    """

    year: int
    as_of: date
    source: str
    mark: str
    days_off: tuple[DayOff, ...] = ()
    worked: tuple[WorkedDay, ...] = ()
    open_questions: tuple[OpenQuestion, ...] = ()
    unit: str | None = None

    @property
    def decrees(self) -> bool:
        """Whether the year may be relied on: a notice for the whole country with a binding source."""
        return self.unit is None and bool(self.source.strip()) and self.mark in BINDING_MARKS

    @property
    def digest(self) -> str:
        """SHA-256 of what the notice says, independent of the file's layout."""
        lines = [f"{self.year} {self.as_of} {self.unit or '-'} {self.mark} {self.source}"]
        lines += [f"off {off.day} {off.make_up_for} {off.mark} {off.source}" for off in self.days_off]
        lines += [f"worked {worked.day} {worked.instead_of} {worked.mark} {worked.source}" for worked in self.worked]
        lines += [f"open {day}" for question in self.open_questions for day in question.days]
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()

    def uncertain(self) -> Iterator[tuple[date, Reason]]:
        """Days on which the notice has no binding source, each with why."""
        entries: tuple[DayOff | WorkedDay, ...] = (*self.days_off, *self.worked)
        for entry in entries:
            if entry.mark not in BINDING_MARKS:
                why = reason("step_uncertain_day", day=str(entry.day), source=entry.source, mark=entry.mark)
                yield entry.day, why
        for question in self.open_questions:
            for day in question.days:
                yield day, reason("step_open_question", day=str(day), about=question.about)


def notices_for(notices: Iterable[Notice], units: Iterable[str]) -> tuple[Notice, ...]:
    """The notices that hold for a unit: those for the whole country, then from the widest unit down to the nearest.

    units  code of the unit, then of those above it
    """
    nearness = {unit: -place for place, unit in enumerate(units)}
    local = [notice for notice in notices if notice.unit in nearness]
    national = [notice for notice in notices if notice.unit is None]
    return (*national, *sorted(local, key=lambda notice: nearness[notice.unit or ""]))


def replaced(notices: Iterable[Notice], newer: Notice) -> tuple[Notice, ...]:
    """The notices with one more, which takes the place of that of its year and unit: a notice is whole."""
    kept = (notice for notice in notices if (notice.year, notice.unit) != (newer.year, newer.unit))
    return (*kept, newer)


@dataclass(frozen=True, slots=True)
class YearCalendar:
    """One year for display; ``working_days`` is their number."""

    year: int
    decreed: bool
    sources: tuple[str, ...]
    days_off: tuple[DayOff, ...]
    worked: tuple[WorkedDay, ...]
    open_questions: tuple[OpenQuestion, ...]
    working_days: int


@dataclass(frozen=True, slots=True)
class Calendar:
    """Which days are worked.

    notices           in order; where two speak of the same day the later one holds
    statutory         day -> name, for every day off of a year that no notice decrees; may fill itself lazily
    statutory_worked  Saturday -> name, likewise
    statutory_name    what supplied the two, with its version; part of ``version``
    """

    notices: tuple[Notice, ...]
    statutory: Mapping[date, Text] = field(default_factory=dict, compare=False, repr=False)
    statutory_worked: Mapping[date, Text] = field(default_factory=dict, compare=False, repr=False)
    statutory_name: str = ""
    version: str = field(init=False, compare=False)
    _decreed: Mapping[int, Notice] = field(init=False, compare=False, repr=False)
    _off: Mapping[date, DayOff] = field(init=False, compare=False, repr=False)
    _worked: Mapping[date, WorkedDay] = field(init=False, compare=False, repr=False)
    _uncertain: Mapping[date, Reason] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        off: dict[date, DayOff] = {}
        worked: dict[date, WorkedDay] = {}
        uncertain: dict[date, Reason] = {}
        for notice in self.notices:
            for day in [*(entry.day for entry in notice.days_off), *(entry.day for entry in notice.worked)]:
                off.pop(day, None)
                worked.pop(day, None)
                uncertain.pop(day, None)
            off.update((entry.day, entry) for entry in notice.days_off)
            worked.update((entry.day, entry) for entry in notice.worked)
            uncertain.update(notice.uncertain())
        contents = "\n".join([*(notice.digest for notice in self.notices), self.statutory_name])
        # The class is frozen: what follows from its fields is set once, here.
        object.__setattr__(self, "version", "sha256:" + hashlib.sha256(contents.encode()).hexdigest())
        object.__setattr__(self, "_decreed", {notice.year: notice for notice in self.notices if notice.decrees})
        object.__setattr__(self, "_off", off)
        object.__setattr__(self, "_worked", worked)
        object.__setattr__(self, "_uncertain", uncertain)

    @property
    def known_through(self) -> date | None:
        """Last day of the last decreed year; None if no year is decreed."""
        return date(max(self._decreed), 12, 31) if self._decreed else None

    def is_decreed(self, year: int) -> bool:
        """Whether a notice with a binding source covers the year."""
        return year in self._decreed

    def is_working_day(self, day: date) -> bool:
        """Whether offices are open; raises InputInvalid outside FIRST_YEAR..LAST_YEAR."""
        if not FIRST_YEAR <= day.year <= LAST_YEAR:
            raise _out_of_range(day.year)
        if day in self._worked:
            return True
        if day in self._off:
            return False
        if day.year in self._decreed:
            return day.weekday() < 5
        return day in self.statutory_worked if day.weekday() >= 5 else day not in self.statutory

    def day_off_name(self, day: date) -> Text | None:
        """Name of a day off; None for an ordinary weekend, and for a day that is no day off."""
        if day in self._off:
            return self._off[day].name
        if day.year in self._decreed or day in self._worked:
            return None
        return self.statutory.get(day)

    def doubts(self, day_from: date, day_to: date) -> tuple[Reason, ...]:
        """Why an answer that depends on these days (both included) may still change; empty if it may not."""
        years = range(day_from.year, day_to.year + 1)
        found = [reason("step_undecreed_year", year=year) for year in years if not self.is_decreed(year)]
        found += [self._uncertain[day] for day in sorted(self._uncertain) if day_from <= day <= day_to]
        return tuple(found)

    def provisional(self, day_from: date, day_to: date) -> bool:
        """Whether any of these days (both included) lies in an undecreed year or has no binding source."""
        return bool(self.doubts(day_from, day_to))

    def sources(self, day_from: date, day_to: date) -> tuple[str, ...]:
        """Where the days off between two days come from: notices, or the statute for undecreed years."""
        found: dict[str, None] = {}
        for year in range(day_from.year, day_to.year + 1):
            for notice in (notice for notice in self.notices if notice.year == year):
                found[notice.source] = None
            if not self.is_decreed(year):
                found[f"{STATUTORY_SOURCE} ({self.statutory_name})" if self.statutory_name else STATUTORY_SOURCE] = None
        for day in sorted(self._off.keys() | self._worked.keys()):
            if day_from <= day <= day_to:
                found[(self._off.get(day) or self._worked[day]).source] = None
        return tuple(found)

    def next_working_day(self, day: date) -> date:
        """The first working day on or after a day."""
        while not self.is_working_day(day):
            day = add_days(day, 1)
        return day

    def last_working_day_on_or_before(self, day: date) -> date:
        """The last working day not after a day."""
        while not self.is_working_day(day):
            day = add_days(day, -1)
        return day

    def add_working_days(self, start: date, count: int) -> date:
        """The ``count``-th working day after ``start``, or before it if negative; ``start`` itself is not counted.

        raises  InputInvalid if count is 0
        source  Civil Code 2015 arts 147-148
        """
        if count == 0:
            raise InputInvalid(reason("period_not_positive", amount=0))
        step = 1 if count > 0 else -1
        day, left = start, abs(count)
        while left:
            day = add_days(day, step)
            left -= self.is_working_day(day)
        return day

    def add_days(self, start: date, count: int, *, shift: bool) -> date:
        """Last day of a period in days; ``shift`` moves an end on a day off to the next working day.

        shift   True for a duty to act, False for the validity of a certificate
        source  Civil Code 2015 art. 148(2), (5)
        """
        end = add_days(start, count)
        return self.next_working_day(end) if shift else end

    def add_months(self, start: date, count: int, *, shift: bool) -> date:
        """Last day of a period in months, as ``add_days``. Source: Civil Code 2015 art. 148(4), (5)."""
        end = add_months(start, count)
        return self.next_working_day(end) if shift else end

    def year(self, year: int) -> YearCalendar:
        """Everything known of one year, day by day."""
        first, last = _first_of(year), date(year, 12, 31)
        days = [first + timedelta(days=offset) for offset in range((last - first).days + 1)]
        notices = [notice for notice in self.notices if notice.year == year]
        return YearCalendar(
            year=year,
            decreed=self.is_decreed(year),
            sources=self.sources(first, last),
            days_off=tuple(off for day in days if (off := self._day_off(day)) is not None),
            worked=tuple(self._worked[day] for day in days if day in self._worked),
            open_questions=tuple(question for notice in notices for question in notice.open_questions),
            working_days=sum(map(self.is_working_day, days)),
        )

    def _day_off(self, day: date) -> DayOff | None:
        name = self.day_off_name(day)
        return self._off.get(day) or (DayOff(day, name, STATUTORY_SOURCE, "derived") if name else None)


def changed_days(before: Calendar, after: Calendar, year: int) -> tuple[date, ...]:
    """The days of a year that are worked in one calendar and not in the other."""
    first = _first_of(year)
    days = (first + timedelta(days=offset) for offset in range(366))
    return tuple(d for d in days if d.year == year and before.is_working_day(d) != after.is_working_day(d))


def add_days(day: date, count: int) -> date:
    """The day ``count`` calendar days later (or earlier); raises InputInvalid beyond the countable years."""
    try:
        return day + timedelta(days=count)
    except OverflowError as error:
        raise _out_of_range(day.year) from error


def add_months(day: date, count: int) -> date:
    """The same date ``count`` months later (or earlier), or the last day of a shorter month.

    source  Civil Code 2015 art. 148(4)
    """
    months = day.year * 12 + day.month - 1 + count
    year, month = divmod(months, 12)
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise _out_of_range(year)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _first_of(year: int) -> date:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise _out_of_range(year)
    return date(year, 1, 1)


def _out_of_range(year: int) -> InputInvalid:
    return InputInvalid(reason("year_out_of_range", year=year, first=FIRST_YEAR, last=LAST_YEAR))
