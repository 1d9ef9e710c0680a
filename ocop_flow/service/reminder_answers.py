"""What people do with reminders: see them, note them, put them off."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from ocop_flow.domain.commands import Act
from ocop_flow.domain.doers import in_post
from ocop_flow.domain.event import time_text
from ocop_flow.domain.numerals import whole
from ocop_flow.domain.situation import Desk
from ocop_flow.errors import InputInvalid, NotFound, Refused, reason
from ocop_flow.ports import Row, UnitOfWork
from ocop_flow.service.desk import check_act, desk
from ocop_flow.service.office import Caller, Office
from ocop_flow.service.reminder_acts import note_act

Json = dict[str, Any]

STATUSES = ("queued", "claimed", "sent", "failed", "superseded", "cancelled", "acknowledged", "snoozed")


@dataclass(frozen=True, slots=True)
class AckOrSnooze:
    """A reminder noted (``until`` None), or put off until a day."""

    reminder: str
    until: date | None = None
    act: Act = field(default_factory=Act)


def listed(uow: UnitOfWork, *, unit: str | None = None, status: str | None = None) -> list[Json]:
    """Reminders in the order in which they were queued; raises InputInvalid for a status that is none."""
    if status is not None and status not in STATUSES:
        raise InputInvalid(reason("status_unknown", status=status, known=", ".join(STATUSES)))
    where = ["1 = 1"]
    params: dict[str, Any] = {}
    for column, value in (("unit", unit), ("status", status)):
        if value is not None:
            where.append(f"reminder.{column} = :{column}")
            params[column] = value
    rows = uow.query(
        "SELECT reminder.*, message.attempts, message.message_id, message.address, message.sent_at, message.detail, "
        "deadline.subject, deadline.kind, done.at AS acted_at, done.reason AS acted_reason, "
        "done.actor AS done_by "
        "FROM reminder LEFT JOIN message ON message.id = reminder.message "
        "LEFT JOIN reminder_act done ON done.reminder = reminder.id "
        "AND done.id = (SELECT max(id) FROM reminder_act WHERE reminder_act.reminder = reminder.id) "
        f"LEFT JOIN deadline ON deadline.id = reminder.deadline WHERE {' AND '.join(where)} ORDER BY reminder.id",
        **params,
    )
    return [_view(row) for row in rows]


def _view(row: Row) -> Json:
    return {
        "id": str(row["id"]),
        "deadline": row["deadline"],
        "rung": row["rung"],
        "rung_on": row["rung_on"],
        "to": row["recipient"],
        "to_name": None if row["recipient"].startswith("person:") else row["recipient_unit"],
        "address": row["address"],
        "role": row["role"],
        "unit": {"code": row["unit"], "name": row["unit_name"], "tier": row["unit_tier"]},
        "tier": row["tier"],
        "status": row["status"],
        "attempts": row["attempts"] or 0,
        "message_id": row["message_id"],
        "subject": row["subject"],
        "kind": row["kind"],
        "due_on": row["due_on"],
        "not_before": row["not_before"],
        "sent_at": row["sent_at"],
        "detail": row["detail"],
        "acted_by": row["done_by"] or row["acted_by"],
        "acted_at": row["acted_at"],
        "reason": row["acted_reason"],
        "why": row["why"],
    }


def acknowledge(uow: UnitOfWork, office: Office, caller: Caller, command: AckOrSnooze) -> Json:
    """Note that a reminder was read: what is not yet sent is not sent any more."""
    return _act(uow, office, caller, command, "acknowledged", None)


def snooze(uow: UnitOfWork, office: Office, caller: Caller, command: AckOrSnooze) -> Json:
    """Send a reminder (again) on a later day; rungs to the same recipient wait as long, those to others do not."""
    until = command.until or office.today + timedelta(1)
    if until <= office.today:
        raise InputInvalid(reason("snooze_not_later", day=until.isoformat(), today=office.today.isoformat()))
    return _act(uow, office, caller, command, "snoozed", until)


def _act(
    uow: UnitOfWork, office: Office, caller: Caller, command: AckOrSnooze, status: str, until: date | None
) -> Json:
    row = _reminder(uow, command.reminder)
    base = _reader(uow, office, caller, command.act, row)
    who = base.actor.handle
    if row["status"] not in ("queued", "sent", "failed", "snoozed"):
        raise Refused(reason("reminder_settled", reminder=command.reminder, status=row["status"]))
    uow.execute(
        "UPDATE reminder SET status = :status, not_before = :until, acted_by = :who, changed_at = :now WHERE id = :id",
        status=status,
        until=until.isoformat() if until else None,
        who=who,
        now=time_text(office.clock.now()),
        id=row["id"],
    )
    note_act(uow, base, row["id"], status, until.isoformat() if until else None, command.act, base.now)
    return {"id": str(row["id"]), "status": status, "until": until.isoformat() if until else None, "by": who}


def _reminder(uow: UnitOfWork, typed: str) -> Row:
    number = whole(typed)
    rows = uow.query("SELECT * FROM reminder WHERE id = :id", id=number) if number is not None else []
    if not rows:
        raise NotFound(reason("reminder_absent", reminder=typed))
    return rows[0]


def _reader(uow: UnitOfWork, office: Office, caller: Caller, act: Act, row: Row) -> Desk:
    """At work: the recipient, or an officer or leader of the responsible unit; raises Refused for anybody else."""
    check_act(uow, office, act)
    tree = uow.tree([row["unit"]])
    base = desk(uow, office, caller, act, tree)
    if row["recipient"] == f"person:{base.actor.handle}":
        return base
    unit = tree.on(row["unit"], base.today)
    if unit is None:
        raise Refused(reason("unit_not_valid", unit=row["unit"], on=base.today.isoformat()))
    who = in_post(("officer", "leader"), unit, base.today, base)
    if who.faults:
        raise Refused(*who.faults)
    return base
