"""When a milestone is due: the days that its wording means within the plan's years."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from ocop_flow.domain.calendar import LAST_YEAR
from ocop_flow.domain.date_rule import AfterEventRule, CountedRule, RecurringRule, WindowBeforeRule
from ocop_flow.domain.names import fold
from ocop_flow.domain.wording import parse, resolve
from ocop_flow.errors import InputInvalid, reason

if TYPE_CHECKING:
    from ocop_flow.domain.calendar import Calendar
    from ocop_flow.domain.date_rule import Wording
    from ocop_flow.domain.due_date import DueDate

#: Events that mean the issue of the plan itself; from it a period may be counted (compared without diacritics).
_ISSUE = re.compile(r"(ky|ban hanh|ky ban hanh)( (van ban|ke hoach))?( nay)?|ke hoach( nay)? (duoc )?(ky|ban hanh)")


@dataclass(frozen=True, slots=True)
class PlanTime:
    """What a wording of a plan is read against: day of issue, first and last cycle year."""

    issued_on: date
    year: int
    last_year: int
    calendar: Calendar


def occurrences(text: str, time: PlanTime, year: int | None = None) -> tuple[DueDate, ...]:
    """Every day that a wording means, in order; more than one only for a periodic duty.

    year    of this milestone, where the plan runs over several years and the wording leaves the year out
    raises  InputInvalid: the reasons of ``wording.parse`` and ``resolve``; ``event_unknown`` if a period is counted
            from anything but a written day or the issue of the plan; ``no_last_day`` (`sau khi …`); ``never_due``
    """
    wording = parse(text)
    if isinstance(wording.rule, RecurringRule):
        return _periodic(wording, time, year)
    if isinstance(wording.rule, AfterEventRule):
        raise InputInvalid(reason("no_last_day", wording=text))
    if wording.event is not None and not _ISSUE.fullmatch(fold(wording.event)):
        raise InputInvalid(reason("event_unknown", event=wording.event))
    counted = isinstance(wording.rule, (CountedRule, WindowBeforeRule))
    single = time.year if time.year == time.last_year else None
    start = time.issued_on if counted else None
    return (resolve(wording, calendar=time.calendar, year=year or single, start=start),)


def _periodic(wording: Wording, time: PlanTime, year: int | None) -> tuple[DueDate, ...]:
    """The days after the day of issue, up to the end of the plan's last year (or of the milestone's own year)."""
    last_day = date(year or time.last_year, 12, 31)
    due = resolve(wording, calendar=time.calendar, year=year or time.year, start=time.issued_on)
    found = []
    while due.due_on is not None and due.due_on <= last_day:
        found.append(due)
        if due.due_on.year >= LAST_YEAR:
            break
        due = resolve(wording, calendar=time.calendar, start=due.due_on)
    if not found:
        raise InputInvalid(reason("never_due", wording=wording.text, last=last_day.isoformat()))
    return tuple(found)
