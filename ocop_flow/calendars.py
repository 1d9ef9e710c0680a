"""The calendar in use: the notices under ``workflows/calendar/``, and ``holidays`` for years that no notice decrees."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from functools import cache
from importlib import metadata, resources
from typing import NamedTuple

from ocop_flow.domain.calendar import Calendar, Notice, YearCalendar
from ocop_flow.errors import InputInvalid, Reason, Text, reason
from ocop_flow.noticefile import read_notice

__all__ = ["load_calendar", "read_notice", "read_notices", "shipped_notices", "show"]

#: First year with the day off of 24 November (Resolution 28/2026/QH16 art. 2: from 2026-07-01).
_CULTURE_DAY_SINCE = 2026
_CULTURE_DAY = Text("Ngày Văn hóa Việt Nam", "Vietnamese Culture Day")


def load_calendar(local: Sequence[Notice] = ()) -> Calendar:
    """The calendar of the shipped notices, followed by those adopted since.

    local  adopted notices: one for the whole country replaces the shipped notice of its year, one for a unit adds to
           it (pass those of the unit asked for and of the units above: ``domain.calendar.notices_for``)
    """
    return _calendar(tuple(local))


@cache
def _calendar(local: tuple[Notice, ...]) -> Calendar:
    replaced = {notice.year for notice in local if notice.unit is None}
    shipped = (notice for notice in shipped_notices() if notice.year not in replaced)
    name = f"holidays {metadata.version('holidays')}"
    off, worked = _StatutoryDays(lambda year: year.off), _StatutoryDays(lambda year: year.worked)
    return Calendar((*shipped, *local), off, worked, name)


def show(year: int, local: Sequence[Notice] = ()) -> YearCalendar:
    """One year for display; raises InputInvalid outside the countable years."""
    return load_calendar(local).year(year)


@cache
def shipped_notices() -> tuple[Notice, ...]:
    """The notices that come with the package, by year."""
    folder = resources.files("ocop_flow.workflows") / "calendar"
    return read_notices({entry.name: entry.read_bytes() for entry in folder.iterdir() if entry.name.endswith(".yaml")})


def read_notices(files: Mapping[str, bytes]) -> tuple[Notice, ...]:
    """Notices by year, from files by name; raises InputInvalid with the faults of all, a year twice included."""
    notices: dict[tuple[int, str], Notice] = {}
    names: dict[tuple[int, str], str] = {}
    faults: list[Reason] = []
    for name in sorted(files):
        try:
            notice = read_notice(files[name], name)
        except InputInvalid as error:
            faults += error.reasons
            continue
        key = (notice.year, notice.unit or "")
        if key in notices:
            faults.append(reason("notice_year_twice", file=name, year=notice.year, first=names[key]))
        notices[key], names[key] = notice, name
    if faults:
        raise InputInvalid(*faults)
    return tuple(notices[key] for key in sorted(notices))


class _StatutoryYear(NamedTuple):
    """Days off, and Saturdays worked, of one year by the statute; not by a notice of that year."""

    off: Mapping[date, Text]
    worked: Mapping[date, Text]


class _StatutoryDays(Mapping[date, Text]):
    """Day -> name, computed a year at a time when a day of it is asked for; iteration shows what was asked so far."""

    def __init__(self, part: Callable[[_StatutoryYear], Mapping[date, Text]]) -> None:
        self._part = part
        self._years: dict[int, Mapping[date, Text]] = {}

    def __getitem__(self, day: date) -> Text:
        year = self._years.get(day.year)
        if year is None:
            year = self._years[day.year] = self._part(_statutory_year(day.year))
        return year[day]

    def __iter__(self) -> Iterator[date]:
        return (day for year in list(self._years.values()) for day in year)

    def __len__(self) -> int:
        return sum(map(len, self._years.values()))


@cache
def _statutory_year(year: int) -> _StatutoryYear:
    """What ``holidays`` knows of a year, put right for 24 November.

    It holds the days of Labour Code 2019 art. 112 with the make-up of those that fall on a weekly day of rest, and the
    swaps of past years. 24 November stands outside art. 112, so it has no make-up (REGULATIONS section 10).
    """
    from holidays.utils import country_holidays

    # A Saturday worked in January makes good a day of the December before.
    vi, en = (country_holidays("VN", years=(year - 1, year), language=language) for language in ("vi", "en_US"))
    off = {day: Text(vi[day], en[day]) for day in vi if day.year == year and (day.month, day.day) <= (11, 23)}
    off |= {day: Text(vi[day], en[day]) for day in vi if day.year == year and day.month == 12}
    if year >= _CULTURE_DAY_SINCE:
        off[date(year, 11, 24)] = _CULTURE_DAY
    swapped = Text("Ngày làm bù", "Working day made up")
    worked = {day: swapped for day in getattr(vi, "weekend_workdays", ()) if day.year == year and day not in off}
    return _StatutoryYear(off, worked)
