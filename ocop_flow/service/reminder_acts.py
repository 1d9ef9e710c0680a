"""What people did to reminders: acknowledged, put off, handed over; who, when and why, kept for good."""

from __future__ import annotations

from datetime import datetime

from ocop_flow.domain.commands import Act
from ocop_flow.domain.event import time_text
from ocop_flow.domain.facts import clean_reason
from ocop_flow.domain.situation import Desk
from ocop_flow.ports import UnitOfWork


def note_act(uow: UnitOfWork, base: Desk, reminder: int, what: str, until: str | None, act: Act, now: datetime) -> None:
    """Who did what to a reminder, when and why; kept for good."""
    uow.execute(
        "INSERT INTO reminder_act (reminder, act, actor, recorder, at, until, reason) "
        "VALUES (:reminder, :act, :actor, :recorder, :at, :until, :reason)",
        reminder=reminder,
        act=what,
        actor=base.actor.handle,
        recorder=base.recorder.handle,
        at=time_text(now),
        until=until,
        reason=clean_reason(act.reason),
    )
