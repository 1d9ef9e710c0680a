"""Working days and due dates for whoever asks, with what the answer takes for granted."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

from ocop_flow.domain.date_rule import RecurringRule
from ocop_flow.domain.wording import DueDate, Wording, latest, parse, resolve
from ocop_flow.errors import InputInvalid, NotFound, reason

if TYPE_CHECKING:
    from ocop_flow.domain.calendar import Calendar, YearCalendar
    from ocop_flow.ports import UnitOfWork

Json = dict[str, Any]


def calendar_for(uow: UnitOfWork, unit: str, on: date) -> Calendar:
    """The calendar of a unit and of those above it on a day; raises NotFound for an unknown code."""
    tree = uow.tree([unit])
    life = tree.on(unit, on) or tree.latest(unit)
    if life is None:
        raise NotFound(reason("unit_absent", unit=unit))
    above = tree.ancestors(life, life.nearest_valid_day(on))
    return uow.calendar([unit, *(each.code for each in above)])


def due(text: str, calendar: Calendar, today: date, start: date | None = None, year: int | None = None) -> DueDate:
    """The day that a wording means.

    start, year  as given; where both are missing and the wording needs one, today's year is taken for a year that the
                 wording leaves out and today for the start of a periodic duty, and the first step says so
    raises       InputInvalid: not understood, a period counted from an event whose day is not given, no such day
    """
    wording = parse(text)
    try:
        return resolve(wording, calendar=calendar, year=year, start=start)
    except InputInvalid as error:
        if start is not None or year is not None:
            raise
        return _from_today(wording, calendar, today, error)


def _from_today(wording: Wording, calendar: Calendar, today: date, error: InputInvalid) -> DueDate:
    code = error.reasons[0].code
    if code == "year_needed":
        found = resolve(wording, calendar=calendar, year=today.year)
        taken = reason("step_year_today", year=today.year)
        return replace(found, steps=(taken, *(step for step in found.steps if step.code != "step_year_given")))
    if code == "start_needed" and isinstance(wording.rule, RecurringRule):
        found = resolve(wording, calendar=calendar, start=today)
        return replace(found, steps=(reason("step_from_today", day=today.isoformat()), *found.steps))
    raise error


def latest_start(text: str, calendar: Calendar, before: date) -> DueDate:
    """The last day on which a counted period may begin and still end by ``before``; raises InputInvalid."""
    return latest(parse(text), before, calendar)


def due_json(found: DueDate) -> Json:
    """The contract's document; ``steps`` are still reasons."""
    return {
        "due_on": found.due_on.isoformat() if found.due_on else None,
        "last_working_day": found.last_working_day.isoformat() if found.last_working_day else None,
        "wording": found.wording,
        "rule": found.rule,
        "provisional": found.provisional,
        "recurring": found.recurring,
        "window": [day.isoformat() for day in found.window] if found.window else None,
        "steps": list(found.steps),
        "sources": list(found.sources),
    }


def year_json(found: YearCalendar) -> Json:
    """One year with every day that is not what its weekday says."""
    return {
        "year": found.year,
        "decreed": found.decreed,
        "working_days": found.working_days,
        "days_off": [
            {
                "day": off.day.isoformat(),
                "name": off.name,
                "make_up_for": off.make_up_for.isoformat() if off.make_up_for else None,
                "source": off.source,
                "mark": off.mark,
            }
            for off in found.days_off
        ],
        "worked": [
            {
                "day": each.day.isoformat(),
                "instead_of": each.instead_of.isoformat(),
                "source": each.source,
                "mark": each.mark,
            }
            for each in found.worked
        ],
        "open_questions": [
            {"about": question.about, "days": [day.isoformat() for day in question.days]}
            for question in found.open_questions
        ],
        "sources": list(found.sources),
    }
