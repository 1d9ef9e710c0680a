"""The year's reminders: found each working morning, sent into the demo's folder, the rest printed and handed over."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

from ocop_flow import regimes
from ocop_flow.bootstrap import PostRoom
from ocop_flow.demo.cast import ADMIN, handle
from ocop_flow.demo.year import Life, Year
from ocop_flow.notify import paper
from ocop_flow.ports import Letter, Rendered, Row, UnitOfWork
from ocop_flow.service import by_hand, delivery, laws, remind_audit, reminder_answers, reminders, unit_contacts
from ocop_flow.service.office import Caller, Office

Json = dict[str, Any]
#: The decision by which the demo's province takes the shipped example into use; a placeholder, no real paper.
_DECISION = "99/2020/QĐ-UBND"
#: Days on which each office prints what cannot be mailed: (month, day).
_PRINTING = ((6, 30), (9, 30), (12, 31))
#: Whose messages are shown, one each: a producer's, the unit above, else the leader, an officer's.
_SHOWN = (("entity",), ("unit_above", "leader", "chair_office"), ("officer",))


def adopt_example(year: Year) -> None:
    """The shipped example of a province's own file, its ladder alone, as the decision of this province.

    Its limits and council rules belong to a later regime; the rungs to the unit above hold under any.
    """
    base, kept = "qd_1048_2019", ("schema", "ladder", "title")
    example = regimes.example_overlay()
    own = {key: example[key] for key in kept}
    own |= {"province": year.province.code, "base": base, "decision": _DECISION}
    own["effective_from"] = year.facts.begins_on.isoformat()
    command = laws.Adopt(year.province.code, _DECISION, regimes.effective(base, own), year.facts.begins_on)
    year.desk.do(ADMIN, laws.adopt, command)


def open_mailboxes(year: Year) -> None:
    """A mailbox for the province and each district."""
    office = year.desk.office
    with office.writer() as uow:
        for unit in (year.province, *year.districts):
            unit_contacts.set_contact(uow, office, Caller(ADMIN), unit.code, f"{unit.tier}-{unit.code}@ocop.example")
        uow.commit()


def deliver_daily(year: Year, room: PostRoom) -> Life:
    """Each working morning: what is due is found and goes into the folder."""
    while True:
        yield year.working(year.today + timedelta(1))
        _morning(year, room)


def _morning(year: Year, room: PostRoom) -> None:
    office = year.desk.office
    with office.writer() as uow:
        reminders.scan(uow, office, room.ladders)
        queued = uow.query("SELECT 1 FROM reminder WHERE status = 'queued' LIMIT 1")
    if queued:
        delivery.deliver(office, room.renderer, room.channel, None, lease=room.lease())


def print_letters(year: Year, room: PostRoom) -> Life:
    """Offices print the letters to producers without a mail address and hand them over."""
    folder = Path(str(room.folder)) / "thu-giay"

    def keep(letter: Letter, rendered: Rendered, unit: str) -> list[str]:
        return paper.keep(folder, letter, rendered, unit)

    def print_all(uow: UnitOfWork, office: Office, caller: Caller, command: by_hand.ByHand) -> Json:
        return by_hand.print_letters(uow, office, caller, command, room.renderer, keep)

    for month, day in _PRINTING:
        yield year.on(month, day)
        for unit in (*year.districts, year.province, year.centre):
            year.desk.do(handle(unit, "canbo"), print_all, by_hand.ByHand(unit.code))


def summary(year: Year, room: PostRoom) -> tuple[Json, list[Json]]:
    """What was sent in the year, by whom it reaches, with what the audit says; and messages worth reading."""
    with year.desk.reading() as (uow, office):
        rows = uow.query("SELECT role, status, message FROM reminder")
        audited = remind_audit.audit(uow, office, room.ladders, year.facts.begins_on, _day_before(year))
        messages = uow.query("SELECT id, detail FROM message WHERE status = 'sent'")
        shown = _shown(uow)
    sent = [row for row in rows if row["status"] == "sent"]
    by_paper = sum(row["detail"] == "by_hand" for row in messages)
    return {
        "reminders": len(rows),
        **{status: sum(row["status"] == status for row in rows) for status in reminder_answers.STATUSES},
        "to": dict(sorted(Counter(row["role"] for row in sent).items())),
        "messages": len(messages) - by_paper,
        "letters": by_paper,
        "audit": {key: len(value) if key == "problems" else value for key, value in audited.items() if key != "noted"},
        "folder": room.folder,
    }, shown


def _day_before(year: Year) -> date:
    return year.today - timedelta(1)


def _shown(uow: UnitOfWork) -> list[Json]:
    """For each of ``_SHOWN`` a message of two lines if there is one, else the shortest."""
    found = []
    for roles in _SHOWN:
        row = next((row for role in roles if (row := _best(uow, role))), None)
        if row is not None:
            body = message_from_bytes(bytes(row["body"]), policy=policy.default).get_body(("plain",))
            text = str(body.get_content()) if body is not None else ""
            found.append({"to": row["recipient"], "on": row["day"], "subject": row["subject"], "text": text.strip()})
    return found


def _best(uow: UnitOfWork, role: str) -> Row | None:
    rows: Sequence[Row] = uow.query(
        "SELECT message.recipient, message.day, message.subject, message_body.body, count(*) AS n FROM message "
        "JOIN message_body ON message_body.message = message.id JOIN reminder ON reminder.message = message.id "
        "WHERE reminder.role = :role AND message.status = 'sent' AND message.detail IS NULL "
        "GROUP BY message.recipient, message.day, message.subject, message_body.body "
        "ORDER BY CASE WHEN count(*) <= 2 THEN -count(*) ELSE count(*) END, message.day, message.recipient LIMIT 1",
        role=role,
    )
    return rows[0] if rows else None
