"""The outbox out of the door: letters composed once a day, taken with a lease, sent at least once, then marked.

If we crash before a letter's commit, its reminders are still queued. After it, the letter is queued. Once taken, it is
taken again when the lease runs out. Between the server's answer and our mark it may go out a second time, as the same
message.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from ocop_flow.domain.commands import Act
from ocop_flow.domain.event import parse_time, time_text
from ocop_flow.domain.ladder import Ladder
from ocop_flow.domain.numerals import whole
from ocop_flow.domain.reminding import FARTHEST_LEASE, FARTHEST_TRY, LEASE, MAX_ATTEMPTS, Hours, is_open, next_try
from ocop_flow.errors import NotFound, Reason, Unavailable, Undelivered, reason
from ocop_flow.ports import Channel, Mail, Rendered, Renderer, Row, UnitOfWork
from ocop_flow.service.calendars import calendar_for
from ocop_flow.service.desk import check_act
from ocop_flow.service.entities import BY_MAIL
from ocop_flow.service.letters import Letters, by_recipient
from ocop_flow.service.office import Caller, Office
from ocop_flow.service.outdated import supersede_outdated
from ocop_flow.service.people import admin_at_work
from ocop_flow.service.reminders import beat, scan

Json = dict[str, Any]
#: Messages taken at a time.
TAKEN = 200
#: Messages in a row at which a server may break off or fall silent before the others wait for the next run.
BREAKS = 3
_QUEUED = "SELECT deadline FROM reminder WHERE status = 'queued'"
#: What a letter needs of a reminder.
_COLUMNS = "id, deadline, recipient, recipient_unit, rung, role, unit, unit_name"
#: Viet Nam keeps UTC+7 all year.
_VIET_NAM = timedelta(hours=7)


@dataclass(frozen=True, slots=True)
class Retry:
    """Failed messages back into the queue: one reminder's, or all."""

    reminder: str | None = None
    act: Act = field(default_factory=Act)


def compose(uow: UnitOfWork, office: Office, renderer: Renderer, hours: Hours | None) -> Json:
    """Put what is queued into one message for each recipient who has none today yet.

    hours    when offices are at work; None: at any hour
    returns  ``composed``: messages made, ``failed``: recipients whose letter could not be written
    """
    now = office.clock.now()
    today = office.today_of(now)
    rows = uow.query(
        f"SELECT {_COLUMNS} FROM reminder WHERE status = 'queued' AND {BY_MAIL} "
        "AND NOT EXISTS (SELECT 1 FROM message "
        "WHERE message.recipient = reminder.recipient AND message.day = :today) "
        f"ORDER BY recipient, id{uow.skip_held}",
        today=today.isoformat(),
    )
    letters = Letters(uow, now, today)
    letters.prepare(rows, _QUEUED)
    messages: list[Row] = []
    claimed: list[Row] = []
    failed: list[Json] = []
    for recipient, reminders in by_recipient(rows).items():
        if not _at_work(uow, reminders[0]["unit"], hours, now):
            continue
        if letters.address(recipient) is None:
            _let_go(uow, recipient, reminders, now)
            continue
        made, about, faulty = _written(
            partial(_message, letters, renderer, recipient, today.isoformat(), now), reminders
        )
        failed += faulty
        if made is None:
            continue
        messages.append(made)
        ids = uow.listed([row["id"] for row in about])
        claimed.append({"among": ids, "message": made["id"], "now": made["next_at"]})
    uow.execute_many(
        "INSERT INTO message (id, recipient, day, address, subject, message_id, status, attempts, next_at) "
        "VALUES (:id, :recipient, :day, :address, :subject, :message_id, 'queued', 0, :next_at) "
        "ON CONFLICT DO NOTHING",
        messages,
    )
    uow.execute_many("INSERT INTO message_body (message, body) VALUES (:id, :body) ON CONFLICT DO NOTHING", messages)
    uow.execute_many(
        f"UPDATE reminder SET status = 'claimed', message = :message, changed_at = :now WHERE {uow.among('id')}",
        claimed,
    )
    return {"composed": len(messages), "failed": failed}


def _written(
    write: Callable[[Sequence[Row]], Row], reminders: Sequence[Row]
) -> tuple[Row | None, Sequence[Row], list[Json]]:
    """A message about these reminders, or about those of them that can be written about; which these are; the others.

    One bad dossier is told and stops neither other letters nor the other lines of its own.
    """
    try:
        return write(reminders), reminders, []
    except Exception as error:  # noqa: BLE001 - whatever is wrong with one of them
        first = reminders[0]
        told = {"recipient": first["recipient"], "deadline": first["deadline"]}
        told["detail"] = f"{type(error).__name__}: {error}"
    if len(reminders) == 1:
        return None, (), [told]
    alone = [_written(write, [row]) for row in reminders]
    good = [row for made, rows, _ in alone if made is not None for row in rows]
    faulty = [each for _, _, faults in alone for each in faults]
    if not good or not faulty:
        return None, (), faulty or [told]
    made, about, further = _written(write, good)
    return made, about, faulty + further


def _message(
    letters: Letters, renderer: Renderer, recipient: str, day: str, now: datetime, reminders: Sequence[Row]
) -> Row:
    digest = hashlib.sha256(f"{recipient} {day} {reminders[0]['id']}".encode()).hexdigest()[:32]
    letter = letters.letter(recipient, f"<{digest}@{renderer.host()}>", reminders)
    rendered = renderer.render(letter)
    return {
        "id": digest,
        "recipient": recipient,
        "day": day,
        "address": letter.address,
        "subject": rendered.subject,
        "body": renderer.pack(letter, rendered),
        "message_id": letter.message_id,
        "next_at": time_text(now),
    }


def preview(
    uow: UnitOfWork,
    office: Office,
    renderer: Renderer,
    ladders: Mapping[str, Ladder],
    recipient: str | None = None,
) -> list[Json]:
    """What would be written now, and to whom, as a scan at this moment would leave it.

    uow      a writer whose transaction the caller does not commit
    returns  a letter for each recipient; ``warnings``: duties that it leaves out since they cannot be read
    """
    scan(uow, office, ladders, keep=False)
    now = office.clock.now()
    rows = uow.query(f"SELECT {_COLUMNS} FROM reminder WHERE status = 'queued' ORDER BY recipient, id")
    letters = Letters(uow, now, office.today_of(now))
    letters.prepare(rows, _QUEUED)
    found = []
    for key, reminders in by_recipient(rows).items():
        if recipient is None or recipient in (key, key.partition(":")[2]):
            good, warnings = letters.readable(reminders)
            letter = letters.letter(key, f"<preview@{renderer.host()}>", good) if good else None
            rendered = renderer.render(letter) if letter else Rendered("", "", "")
            found.append({"to": key, "address": letters.address(key), **rendered._asdict(), "warnings": warnings})
    return found


def _at_work(uow: UnitOfWork, unit: str | None, hours: Hours | None, now: datetime) -> bool:
    if hours is None:
        return True
    # The moment's own zone goes: an office keeps the hours of its wall clock.
    local = (now + _VIET_NAM).replace(tzinfo=None)
    calendar = calendar_for(uow, unit, local.date()) if unit else uow.calendar()
    return is_open(hours, calendar, local)


def _let_go(uow: UnitOfWork, recipient: str, reminders: Sequence[Row], now: datetime) -> None:
    """A person who can no longer be written to makes way for another; a unit's reminders wait for its mailbox."""
    if not recipient.startswith("person:"):
        return
    for row in reminders:
        uow.execute(
            "UPDATE reminder SET status = 'cancelled', changed_at = :now WHERE id = :id",
            id=row["id"],
            now=time_text(now),
        )
        uow.execute("UPDATE deadline SET next_rung_on = '' WHERE id = :id AND outcome IS NULL", id=row["deadline"])


def deliver(
    office: Office,
    renderer: Renderer,
    channel: Channel,
    hours: Hours | None,
    *,
    lease: str,
    stopped: Callable[[], bool] = lambda: False,
) -> Json:
    """Compose and send what is due, each message marked in a transaction of its own.

    lease    a name of this run that no other sender has
    stopped  asked before each message; once true the rest stays queued
    returns  messages sent, failed for good and left for later by this run; ``by_hand``: entities without a mail
             address whose letter is to be printed; ``warnings``: units whose letters wait for a mailbox
    raises   Unavailable where the channel cannot be opened; what was taken is given back first
    """
    found: Json = {"sent": 0, "failed": 0, "problems": []}
    with office.writer() as uow:
        # First: two that compose at once would both see recipients without a letter today. One waits for the other.
        beat(uow, "deliver", office.clock.now())
        _settle(uow, office)
        found["problems"] += compose(uow, office, renderer, hours)["failed"]
        uow.commit()
    works = True
    while works and not stopped() and (taken := _take(office, lease, hours)):
        try:
            with channel:
                works = _batch(office, channel, taken, found, stopped)
        finally:
            # What could not be sent at all, or not in the time of the lease, is no fault of these messages.
            _give_back(office, lease)
    with office.reader() as uow:
        left = uow.query("SELECT count(*) AS n FROM message WHERE status IN ('queued', 'claimed')")[0]["n"]
        counted = f"SELECT count(DISTINCT recipient) AS n FROM reminder WHERE status = 'queued' AND {{}}{BY_MAIL}"
        waiting = uow.query(counted.format(""))[0]["n"]
        by_hand = uow.query(counted.format("NOT "))[0]["n"]
        warnings = _without_mailbox(uow, office)
    return {**found, "left": left + waiting, "by_hand": by_hand, "warnings": warnings}


def _without_mailbox(uow: UnitOfWork, office: Office) -> list[Reason]:
    """Units whose reminders wait, and who cannot be written to."""
    rows = uow.query(f"SELECT {_COLUMNS} FROM reminder WHERE status = 'queued' AND {BY_MAIL} ORDER BY recipient, id")
    now = office.clock.now()
    letters = Letters(uow, now, office.today_of(now))
    letters.prepare(rows, _QUEUED)
    waiting = by_recipient(rows).items()
    return [
        reason("remind_waits", unit=of[0]["recipient_unit"], code=to.partition(":")[2], count=len(of))
        for to, of in waiting
        if letters.address(to) is None
    ]


def _settle(uow: UnitOfWork, office: Office) -> None:
    """Bring the outbox in order: what is true no more, leases of senders that died, marks not yet made."""
    now = office.clock.now()
    supersede_outdated(uow, time_text(now))
    uow.execute(
        "UPDATE message SET status = 'queued', lease = NULL WHERE status = 'claimed' "
        "AND (lease_until <= :now OR lease_until > :farthest)",
        now=time_text(now),
        farthest=time_text(now + FARTHEST_LEASE),
    )
    uow.execute(
        "UPDATE message SET next_at = :now WHERE status = 'queued' AND next_at > :farthest",
        now=time_text(now),
        farthest=time_text(now + FARTHEST_TRY),
    )
    _write_anew(uow, time_text(now), office.today_of(now).isoformat())
    # Asked once for all of them, not once for each.
    uow.execute(
        "UPDATE message SET status = 'cancelled' WHERE status = 'queued' AND id NOT IN "
        "(SELECT message FROM reminder WHERE status = 'claimed' AND message IS NOT NULL)"
    )
    _follow(uow, now)


#: Where another of a later day stands for the same duty on the same side.
_NEWER = (
    "why = 'newer', changed_at = :now WHERE message = :id AND status = 'claimed' AND EXISTS (SELECT 1 FROM reminder "
    "newer WHERE newer.deadline = reminder.deadline AND newer.due_on = reminder.due_on "
    "AND newer.rung_on > reminder.rung_on AND newer.status <> 'cancelled' "
    "AND (newer.role = 'entity') = (reminder.role = 'entity'))"
)


def _write_anew(uow: UnitOfWork, now: str, today: str) -> None:
    """Letters that no server has seen, and of which a line is true no more or which say how things stood on another
    day: their lines wait for another letter, but where a newer reminder of the duty has come meanwhile."""
    found = uow.query(
        "SELECT DISTINCT message.id FROM message JOIN reminder ON reminder.message = message.id WHERE "
        "message.status = 'queued' AND message.attempts = 0 AND message.detail IS NULL "
        "AND (reminder.status = 'superseded' OR message.day < :today) ORDER BY message.id",
        today=today,
    )
    rows: list[Row] = [{"id": row["id"], "now": now} for row in found]
    for sql in (
        f"UPDATE reminder SET status = 'superseded', {_NEWER}",
        "UPDATE reminder SET status = 'queued', changed_at = :now WHERE message = :id AND status = 'claimed'",
        "UPDATE reminder SET message = NULL WHERE message = :id",
        "DELETE FROM message_body WHERE message = :id",
        "DELETE FROM message WHERE id = :id",
    ):
        uow.execute_many(sql, rows)


def _follow(uow: UnitOfWork, now: datetime) -> None:
    """Reminders whose letter has gone out."""
    uow.execute(
        "UPDATE reminder SET status = 'sent', changed_at = :now WHERE status = 'claimed' AND EXISTS "
        "(SELECT 1 FROM message WHERE message.id = reminder.message AND message.status = 'sent')",
        now=time_text(now),
    )


def _take(office: Office, lease: str, hours: Hours | None) -> list[Row]:
    """Take some of what is due; what waited for another try waits on while all its offices are closed."""
    now = office.clock.now()
    with office.writer() as uow:
        closed = _closed(uow, hours, now)
        uow.execute(
            "UPDATE message SET status = 'claimed', lease = :lease, lease_until = :until, attempts = attempts + 1 "
            "WHERE id IN (SELECT id FROM message WHERE status = 'queued' AND next_at <= :now "
            f"{_OPEN.format(uow.among(_OFFICE)) if closed else ''}ORDER BY next_at, id "
            f"LIMIT :taken{uow.skip_held}) AND status = 'queued'",
            **({"among": uow.listed(closed)} if closed else {}),
            now=time_text(now),
            until=time_text(now + LEASE),
            lease=lease,
            taken=TAKEN,
        )
        rows = uow.query(
            "SELECT message.*, message_body.body FROM message JOIN message_body ON message_body.message = message.id "
            "WHERE lease = :lease AND status = 'claimed' ORDER BY id",
            lease=lease,
        )
        uow.commit()
    return rows


#: Whose hours count for a reminder; '' where its duty has no unit: those of the whole country.
_OFFICE = "COALESCE(reminder.unit, '')"
#: Leaves out messages that are about duties of certain offices alone.
_OPEN = "AND EXISTS (SELECT 1 FROM reminder WHERE reminder.message = message.id AND NOT ({})) "


def _closed(uow: UnitOfWork, hours: Hours | None, now: datetime) -> list[str]:
    """Offices about whose duties messages would be due, but who are not at work."""
    if hours is None:
        return []
    rows = uow.query(
        f"SELECT DISTINCT {_OFFICE} AS office FROM reminder JOIN message ON message.id = reminder.message "
        "WHERE message.status = 'queued' AND message.next_at <= :now",
        now=time_text(now),
    )
    return [row["office"] for row in rows if not _at_work(uow, row["office"], hours, now)]


def _give_back(office: Office, lease: str) -> None:
    """What this run has taken and not tried."""
    with office.writer() as uow:
        given = uow.execute_many(
            "UPDATE message SET status = 'queued', attempts = attempts - 1, lease = NULL, lease_until = NULL "
            "WHERE lease = :lease AND status = 'claimed'",
            [{"lease": lease}],
        )
        if given:
            uow.commit()


def _batch(office: Office, channel: Channel, taken: Sequence[Row], found: Json, stopped: Callable[[], bool]) -> bool:
    """Send what was taken, each message marked in a transaction of its own before the next.

    returns  False where the channel broke off at one message after another: the rest is not left to wait for it
    """
    broken = 0
    until = parse_time(taken[0]["lease_until"]) - LEASE / 2
    with office.writer() as uow:
        # Nobody waits for us while a server answers: each transaction begins with its mark.
        uow.commit()
        for row in taken:
            now = office.clock.now()
            if now > until or broken == BREAKS or stopped():
                break
            try:
                channel.send(Mail(row["message_id"], row["address"], bytes(row["body"])))
            except Undelivered as error:
                broken = broken + 1 if error.reasons[0].code == "mail_interrupted" else 0
                _missed(uow, row, error, now, found)
            except Unavailable:
                raise
            except Exception as error:  # noqa: BLE001 - one bad message is told and stops none of the others
                detail = f"{type(error).__name__}: {error}"
                _missed(
                    uow, row, Undelivered(reason("mail_unsendable", address=row["address"], detail=detail)), now, found
                )
            else:
                _mark_sent(uow, row, office.clock.now())
                found["sent"] += 1
                broken = 0
        _follow(uow, office.clock.now())
        uow.commit()
    return broken < BREAKS


def _missed(uow: UnitOfWork, row: Row, error: Undelivered, now: datetime, found: Json) -> None:
    given_up = error.permanent or row["attempts"] >= MAX_ATTEMPTS
    _mark_failed(uow, row, error, now, given_up=given_up)
    found["failed"] += given_up
    found["problems"].append({"recipient": row["recipient"], "code": error.reasons[0].code, "detail": _detail(error)})


def _detail(error: Undelivered) -> str:
    """What the server or the channel said, in its own words."""
    return str(error.reasons[0].params.get("detail") or error)


def _mark_sent(uow: UnitOfWork, row: Row, now: datetime) -> None:
    """Its reminders follow for the whole batch at once, or with the next run if we die before."""
    uow.execute(
        "UPDATE message SET status = 'sent', sent_at = :now, lease = NULL, lease_until = NULL, detail = NULL "
        "WHERE id = :id",
        now=time_text(now),
        id=row["id"],
    )
    uow.commit()


def _mark_failed(uow: UnitOfWork, row: Row, error: Undelivered, now: datetime, *, given_up: bool) -> None:
    """Wait for another try, or leave it to a person (``remind retry``)."""
    uow.execute(
        "UPDATE message SET status = :status, next_at = :next_at, detail = :detail, lease = NULL, "
        "lease_until = NULL WHERE id = :id",
        status="failed" if given_up else "queued",
        next_at=time_text(next_try(now, row["attempts"], row["id"])),
        detail=_detail(error)[:500],
        id=row["id"],
    )
    if given_up:
        uow.execute(
            "UPDATE reminder SET status = 'failed', changed_at = :now WHERE message = :id AND status = 'claimed'",
            now=time_text(now),
            id=row["id"],
        )
    uow.commit()


def retry(uow: UnitOfWork, office: Office, caller: Caller, command: Retry) -> Json:
    """Failed messages get all their tries again, as the same messages. By an administrator."""
    check_act(uow, office, command.act)
    admin_at_work(uow, office, caller, command.act)
    where, params = "status = 'failed'", {}
    if command.reminder is not None:
        number = whole(command.reminder)
        rows = uow.query("SELECT message FROM reminder WHERE id = :id", id=number) if number is not None else []
        if not rows:
            raise NotFound(reason("reminder_absent", reminder=command.reminder))
        where, params = "status = 'failed' AND id = :message", {"message": rows[0]["message"]}
    ids = [row["id"] for row in uow.query(f"SELECT id FROM message WHERE {where} ORDER BY id", **params)]
    now = time_text(office.clock.now())
    again: list[Row] = [{"id": each, "now": now} for each in ids]
    uow.execute_many("UPDATE message SET status = 'queued', attempts = 0, next_at = :now WHERE id = :id", again)
    uow.execute_many(
        "UPDATE reminder SET status = 'claimed', changed_at = :now WHERE message = :id AND status = 'failed'",
        again,
    )
    return {"messages": len(ids)}
