"""What a person carries out: letters to entities without a mail address, and a text for a unit's chat group.

Both are recorded as sent by hand, so that the audit finds them; who did it stands in ``reminder_act``.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from ocop_flow.domain.commands import Act
from ocop_flow.domain.doers import in_post
from ocop_flow.domain.event import time_text
from ocop_flow.domain.situation import Desk
from ocop_flow.domain.units import Unit
from ocop_flow.errors import Refused
from ocop_flow.ports import Letter, Rendered, Renderer, Row, UnitOfWork
from ocop_flow.service.communes import communes_below
from ocop_flow.service.desk import check_act, desk, unit_on
from ocop_flow.service.entities import BY_MAIL
from ocop_flow.service.letters import Letters, by_recipient
from ocop_flow.service.numbers import chunks
from ocop_flow.service.office import Caller, Office
from ocop_flow.service.reminder_acts import note_act

Json = dict[str, Any]
#: Characters of a text for a chat group.
CHAT_LIMIT = 2000
#: Writes the files of one letter, given the unit that sends it; their names.
Keep = Callable[[Letter, Rendered, str], list[str]]


@dataclass(frozen=True, slots=True)
class ByHand:
    """Letters, or the chat text, of a unit."""

    unit: str
    act: Act = field(default_factory=Act)


def print_letters(
    uow: UnitOfWork, office: Office, caller: Caller, command: ByHand, renderer: Renderer, keep: Keep
) -> Json:
    """One letter for each entity without a mail address, at most one a day; the unit's own and those of communes below.

    returns  ``letters``: to whom, how else they are reached, the files
    raises   Refused for anybody but an officer or leader of the unit
    """
    unit, base = _at_work(uow, office, caller, command)
    now, today = base.now, base.today
    below = {unit.code, *communes_below(uow, unit.code)}
    found = uow.query(
        f"SELECT reminder.* FROM reminder WHERE status = 'queued' AND NOT {BY_MAIL} AND NOT EXISTS (SELECT 1 FROM "
        "message WHERE message.recipient = reminder.recipient AND message.day = :today) ORDER BY recipient, id",
        today=today.isoformat(),
    )
    rows = [row for row in found if row["unit"] in below]
    letters = Letters(uow, now, today)
    letters.prepare(rows)
    printed = []
    rows, warnings = letters.readable(rows)
    for recipient, reminders in by_recipient(rows).items():
        identity = _identity(recipient, today.isoformat(), reminders[0]["id"])
        letter = letters.letter(recipient, f"<{identity}@{renderer.host()}>", reminders)
        rendered = renderer.render(letter)
        files = keep(letter, rendered, reminders[0]["unit_name"] or unit.name)
        _record(uow, base, command.act, identity, letter, rendered, reminders)
        contacts = letters.contacts(recipient)
        printed.append({"to": recipient, "name": letter.unit, "contacts": contacts, "files": files})
    return {"unit": unit.code, "letters": printed, "warnings": warnings}


def chat_text(uow: UnitOfWork, office: Office, caller: Caller, command: ByHand, renderer: Renderer) -> Json:
    """The unit's open duties that a rung has reached, the most urgent first, in at most ``CHAT_LIMIT`` characters.

    returns  ``text``, ``duties``: how many there are, ``reminders``: how many of them are sent by this and nothing else
    """
    unit, base = _at_work(uow, office, caller, command)
    rows = uow.query(
        "SELECT reminder.* FROM reminder JOIN deadline ON deadline.id = reminder.deadline "
        "AND deadline.due_on = reminder.due_on WHERE reminder.unit = :unit AND reminder.role <> 'entity' "
        "AND deadline.outcome IS NULL AND deadline.stopped_since IS NULL "
        "AND reminder.status IN ('queued', 'claimed', 'sent', 'failed') ORDER BY reminder.id",
        unit=unit.code,
    )
    letters = Letters(uow, base.now, base.today)
    letters.prepare(rows)
    rows, warnings = letters.readable(rows)
    newest = list({row["deadline"]: row for row in rows}.values())
    key, day = f"chat:{unit.code}", base.today.isoformat()
    identity = _identity(key, day, 0)
    letter = letters.chat(key, unit.name, f"<{identity}@{renderer.host()}>", newest)
    text = renderer.chat(letter, CHAT_LIMIT)
    nobody = [row for row in rows if row["status"] == "queued" and letters.address(row["recipient"]) is None]
    if newest:
        _replace(uow, identity)
        _record(uow, base, command.act, identity, letter, Rendered(text.partition("\n")[0], text, ""), nobody)
    found = {"unit": unit.code, "text": text, "duties": len(newest), "reminders": len(nobody)}
    return {**found, "warnings": warnings}


def _at_work(uow: UnitOfWork, office: Office, caller: Caller, command: ByHand) -> tuple[Unit, Desk]:
    check_act(uow, office, command.act)
    unit = unit_on(uow, command.unit, office.today)
    base = desk(uow, office, caller, command.act, uow.tree([unit.code]))
    who = in_post(("officer", "leader"), unit, base.today, base)
    if who.faults:
        raise Refused(*who.faults)
    return unit, base


def _identity(recipient: str, day: str, first: int) -> str:
    return hashlib.sha256(f"hand {recipient} {day} {first}".encode()).hexdigest()[:32]


def _replace(uow: UnitOfWork, identity: str) -> None:
    """The text of a day is its newest: it was pasted again."""
    uow.execute("DELETE FROM message_body WHERE message = :id", id=identity)
    uow.execute("DELETE FROM message WHERE id = :id", id=identity)


def _record(
    uow: UnitOfWork,
    base: Desk,
    act: Act,
    identity: str,
    letter: Letter,
    rendered: Rendered,
    reminders: Sequence[Row],
) -> None:
    """The message as it was handed over, and its reminders as sent."""
    at = time_text(base.now)
    uow.execute(
        "INSERT INTO message (id, recipient, day, address, subject, message_id, status, attempts, next_at, sent_at, "
        "detail) VALUES (:id, :recipient, :day, '', :subject, :message_id, 'sent', 0, :at, :at, 'by_hand')",
        id=identity,
        recipient=letter.recipient,
        day=base.today.isoformat(),
        subject=rendered.subject,
        message_id=letter.message_id,
        at=at,
    )
    uow.execute(
        "INSERT INTO message_body (message, body) VALUES (:id, :body)", id=identity, body=rendered.text.encode()
    )
    ids = [str(row["id"]) for row in reminders]
    for holders, params in chunks(ids):
        uow.execute(
            f"UPDATE reminder SET status = 'sent', message = :message, changed_at = :at WHERE id IN ({holders})",
            message=identity,
            at=at,
            **{name: int(value) for name, value in params.items()},
        )
    for row in reminders:
        note_act(uow, base, int(row["id"]), "by_hand", None, act, base.now)
