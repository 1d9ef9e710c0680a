"""The duties that records beside the state bring: a reply owed, a decision to revoke after a conclusion on a breach."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from ocop_flow.domain.deadlines import Deadline
from ocop_flow.domain.event import UnitRef
from ocop_flow.domain.period import Period, end_of
from ocop_flow.errors import reason

if TYPE_CHECKING:
    from ocop_flow.domain.beside import Beside, Margin
    from ocop_flow.domain.calendar import Calendar

Json = dict[str, Any]


def duties(
    subject: tuple[str, str], margin: Margin, calendar: Calendar, revoked_on: date | None, plan: str | None
) -> list[Deadline]:
    """The duties of what stands beside a subject, given as (kind, code).

    revoked_on  the day on which its certificate was revoked: that settles the duty to decide on it
    """
    return [
        _duty(subject, each, each.duty, calendar, revoked_on, plan) for each in margin.records if each.duty is not None
    ]


def _duty(
    subject: tuple[str, str], record: Beside, duty: Json, calendar: Calendar, revoked_on: date | None, plan: str | None
) -> Deadline:
    day = due_on(duty, record.on, calendar)
    unit = UnitRef(**duty["unit"])
    closed_on, outcome = _settled(record, duty, revoked_on)
    step = reason("step_beside", record=record.id, start=record.on.isoformat(), day=day.isoformat())
    return Deadline(
        id=record.duty_id or record.id,
        subject_kind=subject[0],
        subject=subject[1],
        kind=duty["kind"],
        rule=duty["kind"],
        source=duty["source"],
        mark=duty["mark"],
        tier=unit.tier,
        start_on=record.on,
        due_on=day,
        provisional=duty["by"] is None and calendar.provisional(record.on, day),
        stopped=(),
        stopped_since=None,
        closed_on=closed_on,
        outcome=outcome,
        plan=plan,
        steps=(step,),
        unit=unit,
    )


def due_on(duty: Json, start: date, calendar: Calendar) -> date:
    """The last day of a duty that begins on ``start``: the day given, or the end of its period (never a day off)."""
    if duty["by"] is not None:
        return date.fromisoformat(duty["by"])
    return end_of(Period(duty["period"]["amount"], duty["period"]["unit"]), start, calendar)


def _settled(record: Beside, duty: Json, revoked_on: date | None) -> tuple[date | None, str | None]:
    if duty["kind"] == "revocation" and revoked_on is not None and record.settled_on is None:
        return revoked_on, "met"
    if record.settled_on is None:
        return None, None
    return record.settled_on, "met" if duty["kind"] == "reply" else "cancelled"
