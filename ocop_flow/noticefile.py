"""Reads the file of a notice: the days off of one year, with a source for each, as an official writes it.

    notice: {year: 2027, as_of: "2026-12-01", source: 123/TB-BNV, mark: one_source}      # unit: "36" for one unit only
    days_off:
      - {date: "2027-01-01", name: {vi: Tết Dương lịch, en: New Year's Day}}
      - {date: "2027-05-03", name: Nghỉ bù, make_up_for: "2027-05-01", source: Labour Code 2019 art. 112}
    worked_saturdays:
      - {date: "2027-05-08", instead_of: "2027-05-04"}
    open_questions:
      - {about: Swap around 24 November, days: ["2027-11-26"]}

``source`` and ``mark`` of a day default to those of the notice; a text may be given in one language or as {vi, en}.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, TypeVar

from ocop_flow.domain.calendar import FIRST_YEAR, LAST_YEAR, DayOff, Notice, OpenQuestion, WorkedDay
from ocop_flow.errors import MARKS, InputInvalid, Reason, Text, reason
from ocop_flow.yamlfile import Located, Path, read

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_SATURDAY = 5
_Entry = TypeVar("_Entry")
_Mapping = Mapping[str, Any]


def read_notice(data: bytes, name: str, is_unit: Callable[[str], bool] | None = None) -> Notice:
    """One notice file; raises InputInvalid with every fault and its line.

    is_unit  whether a code is that of a unit; None: not asked
    """
    reader = _Reader(read(data, name), is_unit)
    notice = reader.notice()
    if notice is None or reader.faults:
        raise InputInvalid(*reader.faults)
    return notice


class _Reader:
    """Turns the document into a notice, collecting faults; each getter returns None where it reported one."""

    def __init__(self, located: Located, is_unit: Callable[[str], bool] | None = None) -> None:
        self.located = located
        self.is_unit = is_unit
        self.faults: list[Reason] = []
        self.year: int | None = None
        self.source: str | None = None
        self.mark: str | None = None

    def notice(self) -> Notice | None:
        root = self.mapping(self.located.data, (), {"notice"}, {"days_off", "worked_saturdays", "open_questions"})
        head: _Mapping = {}
        if "notice" in root:
            head = self.mapping(root["notice"], ("notice",), {"year", "as_of", "source", "mark"}, {"unit"})
        self.year = self.year_of(head)
        self.source, self.mark = self.text(head, ("notice",), "source"), self.mark_of(head, ("notice",))
        as_of, unit = self.day(head, ("notice",), "as_of"), self.unit_of(head)
        days_off = self.entries(root, "days_off", self.day_off)
        worked = self.entries(root, "worked_saturdays", self.worked_day)
        questions = self.entries(root, "open_questions", self.open_question)
        self.compare(days_off, worked)
        if self.year is None or as_of is None or self.source is None or self.mark is None:
            return None
        return Notice(
            year=self.year,
            as_of=as_of,
            source=self.source,
            mark=self.mark,
            days_off=tuple(days_off.values()),
            worked=tuple(worked.values()),
            open_questions=tuple(questions.values()),
            unit=unit,
        )

    def day_off(self, entry: _Mapping, path: Path) -> DayOff | None:
        entry = self.mapping(entry, path, {"date", "name"}, {"source", "mark", "make_up_for"})
        day, name = self.day_of_year(entry, path, "date"), self.two_languages(entry, path, "name")
        make_up_for = self.day(entry, path, "make_up_for")
        source, mark = self.source_of(entry, path)
        if make_up_for is not None and make_up_for.weekday() < _SATURDAY:
            self.fault("notice_make_up_not_weekend", (*path, "make_up_for"), day=str(make_up_for))
        if day is None or name is None or source is None or mark is None:
            return None
        return DayOff(day, name, source, mark, make_up_for)

    def worked_day(self, entry: _Mapping, path: Path) -> WorkedDay | None:
        entry = self.mapping(entry, path, {"date", "instead_of"}, {"source", "mark"})
        day, instead_of = self.day_of_year(entry, path, "date"), self.day(entry, path, "instead_of")
        source, mark = self.source_of(entry, path)
        if day is not None and day.weekday() != _SATURDAY:
            self.fault("notice_not_saturday", (*path, "date"), day=str(day))
        if day is None or instead_of is None or source is None or mark is None:
            return None
        return WorkedDay(day, instead_of, source, mark)

    def open_question(self, entry: _Mapping, path: Path) -> OpenQuestion | None:
        entry = self.mapping(entry, path, {"about"}, {"days"})
        about = self.two_languages(entry, path, "about")
        days = entry.get("days", [])
        if not isinstance(days, list):
            self.fault("notice_not_list", (*path, "days"), key="days")
            return None
        inside = []
        for index, value in enumerate(days):
            at = (*path, "days", index)
            inside.append(self.within_year(self.as_day(value, at), at))
        return None if about is None else OpenQuestion(about, tuple(day for day in inside if day is not None))

    def compare(self, days_off: Mapping[Path, DayOff], worked: Mapping[Path, WorkedDay]) -> None:
        """Faults between entries: a day twice, a day both off and worked, a swap without its day off."""
        first: dict[date, Path] = {}
        entries: dict[Path, DayOff | WorkedDay] = {**days_off, **worked}
        for path, entry in entries.items():
            earlier = first.setdefault(entry.day, path)
            if earlier is not path:
                code = "notice_day_twice" if earlier[0] == path[0] else "notice_day_off_and_worked"
                self.fault(code, path, day=str(entry.day), first_line=self.located.line(earlier))
        off = {entry.day for entry in days_off.values()}
        for path, swap in worked.items():
            if swap.instead_of.year == self.year and swap.instead_of not in off:
                self.fault("notice_swap_without_day_off", (*path, "instead_of"), day=str(swap.instead_of))

    def fault(self, code: str, path: Path, **params: str | int) -> None:
        self.faults.append(
            reason(code, file=self.located.name, line=self.located.line(path), source=None, mark=None, **params)
        )

    def mapping(self, data: Any, path: Path, required: set[str], optional: set[str]) -> _Mapping:
        """The mapping at a path, or an empty one; a missing or unknown key is a fault."""
        if not isinstance(data, dict):
            self.fault("notice_not_mapping", path)
            return {}
        for key in sorted(required - data.keys()):
            self.fault("notice_key_missing", path, key=key)
        for key in sorted(data.keys() - required - optional):
            self.fault("notice_key_unknown", (*path, key), key=key)
        return data

    def entries(self, root: _Mapping, key: str, one: Callable[[_Mapping, Path], _Entry | None]) -> dict[Path, _Entry]:
        """The readable entries of a list, by their path."""
        data = root.get(key, [])
        if not isinstance(data, list):
            self.fault("notice_not_list", (key,), key=key)
            return {}
        read_entries = {(key, index): one(entry, (key, index)) for index, entry in enumerate(data)}
        return {path: entry for path, entry in read_entries.items() if entry is not None}

    def year_of(self, head: _Mapping) -> int | None:
        year = head.get("year")
        if isinstance(year, int) and not isinstance(year, bool) and FIRST_YEAR <= year <= LAST_YEAR:
            return year
        if "year" in head:
            self.fault("notice_year_wrong", ("notice", "year"), first=FIRST_YEAR, last=LAST_YEAR)
        return None

    def unit_of(self, head: _Mapping) -> str | None:
        unit = self.text(head, ("notice",), "unit")
        if unit is not None and self.is_unit is not None and not self.is_unit(unit):
            self.fault("notice_unit_unknown", ("notice", "unit"), unit=unit)
        return unit

    def text(self, entry: _Mapping, path: Path, key: str) -> str | None:
        value = entry.get(key)
        if isinstance(value, str) and value.strip():
            return value.strip()
        if key in entry:
            self.fault("notice_text_missing", (*path, key), key=key)
        return None

    def two_languages(self, entry: _Mapping, path: Path, key: str) -> Text | None:
        if not isinstance(entry.get(key), dict):
            text = self.text(entry, path, key)
            return None if text is None else Text(text, text)
        both = self.mapping(entry[key], (*path, key), {"vi", "en"}, set())
        vi, en = (self.text(both, (*path, key), language) for language in ("vi", "en"))
        return None if vi is None or en is None else Text(vi, en)

    def mark_of(self, entry: _Mapping, path: Path) -> str | None:
        mark = entry.get("mark")
        if isinstance(mark, str) and mark in MARKS:
            return mark
        if "mark" in entry:
            self.fault("notice_mark_unknown", (*path, "mark"), given=str(mark), marks=", ".join(MARKS))
        return None

    def source_of(self, entry: _Mapping, path: Path) -> tuple[str | None, str | None]:
        """Source and mark of a day; those of the notice where the day gives none."""
        source = self.text(entry, path, "source") if "source" in entry else self.source
        return source, self.mark_of(entry, path) if "mark" in entry else self.mark

    def day(self, entry: _Mapping, path: Path, key: str) -> date | None:
        return self.as_day(entry[key], (*path, key)) if key in entry else None

    def day_of_year(self, entry: _Mapping, path: Path, key: str) -> date | None:
        return self.within_year(self.day(entry, path, key), (*path, key))

    def as_day(self, value: Any, path: Path) -> date | None:
        try:
            if isinstance(value, str) and _DATE.fullmatch(value):
                return date.fromisoformat(value)
        except ValueError:
            pass
        self.fault("notice_date_wrong", path, value=str(value))
        return None

    def within_year(self, day: date | None, path: Path) -> date | None:
        if day is None or self.year is None or day.year == self.year:
            return day
        self.fault("notice_day_outside_year", path, day=str(day), year=self.year)
        return None
