"""Reminders: scan, deliver, list, preview, letters, chat, ack, snooze, retry, audit."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

import click

from ocop_flow.cli.base import Command, Desk, Group, TranslatedOption, WriteCommand, act_of, act_options, day, desk
from ocop_flow.cli.output import emit, lines, moment, rows, unit_text, warn
from ocop_flow.cli.writing import write

Json = dict[str, Any]
#: Field of an answer -> what it is called.
SCAN_LABELS = {"open": "Open duties", "due": "Due", "queued": "Queued", "superseded": "Superseded"}
SENT_LABELS = {"sent": "Sent", "failed": "Failed", "left": "Left", "by_hand": "By hand", "folder": "Folder"}
AUDIT_LABELS = {
    "duties": "Duties",
    "sent": "Sent",
    "acknowledged": "Acknowledged",
    "superseded": "Superseded",
    "explained": "Explained",
}
#: What became of a reminder, and what an audit can find.
REMINDER_LABELS = ("queued", "claimed", "sent", "failed", "superseded", "cancelled", "acknowledged", "snoozed")
FINDING_LABELS = ("missed", "nobody", "not_sent", "by_hand")
#: Rungs that stand on no day of a ladder.
TOLD_LABELS = {
    "recorded_late": "late when recorded",
    "returned": "return",
    "recognised": "recognised",
    "not_recognised": "not recognised",
    "rejected": "rejected",
    "revoked": "revoked",
}
#: Why a reminder was superseded.
WHY_LABELS = {
    "done": "the duty is done",
    "gone": "the duty is gone",
    "other_day": "due on another day",
    "stopped": "the clock is stopped",
    "newer": "a newer reminder took its place",
    "over": "no longer true",
}


def tell_faults(items: Iterable[Json]) -> None:
    """What went wrong with one duty, dossier or recipient, while all others went on."""
    for item in items:
        subject = item.get("deadline") or item.get("dossier") or item["recipient"]
        click.echo(f"  ! {subject}: {item['detail']}", err=True)


def rung_text(table: Desk, item: Json, on: str) -> str:
    """A rung in words: how long before or after the due day, or what was told."""
    if item["rung"] in TOLD_LABELS:
        return table.tr(TOLD_LABELS[item["rung"]])
    days = (date.fromisoformat(on) - date.fromisoformat(item["due_on"])).days
    if abs(days) == 1:
        return table.tr("1 day before" if days < 0 else "1 day after")
    text = "{days} days before" if days < 0 else "{days} days after" if days else "on the day"
    return table.tr(text, days=abs(days))


@click.group(cls=Group, help="Reminders of duties: found, sent, proven.")
def remind() -> None: ...


@remind.command("scan", cls=WriteCommand, help="Queue what is due, once for each recipient.")
@click.pass_context
def scan(ctx: click.Context) -> None:
    from ocop_flow import bootstrap
    from ocop_flow.service import reminders

    table = desk(ctx)
    with table.office.writer() as uow:
        found = reminders.scan(uow, table.office, bootstrap.ladders(), keep=not table.dry_run)
        found = {"open": reminders.count_open(uow), **found}

    def human(v: Json) -> None:
        lines(table, [(label, v[key]) for key, label in SCAN_LABELS.items()])
        tell_faults(v["failed"])

    emit(ctx, found, human)


@remind.command("deliver", cls=Command, help="Send what is queued: one message to each recipient a day.")
@click.option("--ignore-hours", is_flag=True, cls=TranslatedOption, help="Send outside office hours too.")
@click.pass_context
def deliver(ctx: click.Context, /, ignore_hours: bool) -> None:
    from ocop_flow import bootstrap
    from ocop_flow.service import delivery

    table = desk(ctx)
    office, room = table.office, bootstrap.post_room(table.settings)
    hours = None if ignore_hours else room.hours
    found = delivery.deliver(office, room.renderer, room.channel, hours, lease=room.lease())

    def human(v: Json) -> None:
        lines(table, [(label, v[key]) for key, label in SENT_LABELS.items()])
        tell_faults(v["problems"])
        for each in v["warnings"]:
            warn(table, each)

    emit(ctx, {**found, "folder": room.folder}, human)


@remind.command("list", cls=Command, help="Reminders and what became of them.")
@click.option("--unit", metavar="CODE", cls=TranslatedOption, help="Only of this unit.")
@click.option("--status", metavar="STATUS", cls=TranslatedOption, help="queued, sent, failed, superseded, …")
@click.pass_context
def list_(ctx: click.Context, /, unit: str | None, status: str | None) -> None:
    from ocop_flow.service import reminder_answers
    from ocop_flow.service.desk import area_code

    table = desk(ctx)
    with table.office.reader() as uow:
        unit = area_code(uow, unit, table.office.today)
        found = reminder_answers.listed(uow, unit=unit, status=status)
    emit(
        ctx,
        found,
        lambda v: rows(
            table,
            ["No.", "Deadline", "Due on", "Rung", "Recipient", "Unit", "Status", "By", "Reason"],
            [
                (
                    i["id"],
                    i["deadline"],
                    i["due_on"],
                    rung_text(table, i, i["rung_on"]),
                    i["to_name"] or i["to"].partition(":")[2],
                    unit_text(i["unit"]),
                    table.tr(i["status"]),
                    i["acted_by"],
                    i["reason"] or (table.tr(WHY_LABELS[i["why"]]) if i["why"] else _said(i)),
                )
                for i in v
            ],
        ),
    )


def _said(item: Json) -> str | None:
    """Why a letter has not gone out: what the server said to it."""
    return item["detail"] if item["status"] in ("failed", "claimed") else None


@remind.command("preview", cls=Command, help="What would be written now, and to whom.")
@click.option("--to", "to", metavar="RECIPIENT", cls=TranslatedOption, help="Only to this person or unit.")
@click.pass_context
def preview(ctx: click.Context, /, to: str | None) -> None:
    from ocop_flow import bootstrap
    from ocop_flow.service import delivery

    table = desk(ctx)
    room = bootstrap.post_room(table.settings)
    # Left without a commit: what the scan within it would change stays as it was.
    with table.office.writer() as uow:
        found = delivery.preview(uow, table.office, room.renderer, room.ladders, to)

    def human(v: list[Json]) -> None:
        for item in v:
            click.echo(f"{item['to']} <{item['address'] or '-'}>\n{item['subject']}\n\n{item['text']}\n")
            for each in item["warnings"]:
                warn(table, each)
        if not v:
            click.echo(table.tr("Nothing to show."))

    emit(ctx, found, human)


@remind.command("letters", cls=WriteCommand, help="Print letters to entities without a mail address; sent by hand.")
@click.option("--unit", required=True, metavar="CODE", cls=TranslatedOption, help="Unit that sends them.")
@click.option("--out", required=True, metavar="FOLDER", cls=TranslatedOption, help="Folder for the files.")
@act_options
@click.pass_context
def letters(ctx: click.Context, /, unit: str, out: str, **options: Any) -> None:
    from pathlib import Path

    from ocop_flow import bootstrap
    from ocop_flow.notify import paper
    from ocop_flow.service import by_hand

    table = desk(ctx)
    room = bootstrap.post_room(table.settings)
    command = by_hand.ByHand(unit, act_of(options))
    tried = table.dry_run

    def keep(letter: Any, rendered: Any, sender: str) -> list[str]:
        return [] if tried else paper.keep(Path(out), letter, rendered, sender)

    def human(v: Json) -> None:
        rows(
            table,
            ["Recipient", "Reached by", "Files"],
            [(i["name"], _ways(i["contacts"]), ", ".join(i["files"])) for i in v["letters"]],
        )

    write(
        ctx,
        "remind letters",
        command,
        lambda uow: by_hand.print_letters(uow, table.office, table.caller, command, room.renderer, keep),
        human,
    )


def _ways(contacts: dict[str, str]) -> str:
    return ", ".join(contacts.values())


@remind.command("chat", cls=WriteCommand, help="A text of a unit's duties for its chat group; sent by hand.")
@click.option("--unit", required=True, metavar="CODE", cls=TranslatedOption, help="Unit whose duties are listed.")
@act_options
@click.pass_context
def chat(ctx: click.Context, /, unit: str, **options: Any) -> None:
    from ocop_flow import bootstrap
    from ocop_flow.service import by_hand

    table = desk(ctx)
    room = bootstrap.post_room(table.settings)
    command = by_hand.ByHand(unit, act_of(options))
    write(
        ctx,
        "remind chat",
        command,
        lambda uow: by_hand.chat_text(uow, table.office, table.caller, command, room.renderer),
        lambda v: click.echo(v["text"]),
    )


@remind.command("ack", cls=WriteCommand, help="Note that a reminder was read.")
@click.argument("identifier", metavar="ID")
@act_options
@click.pass_context
def ack(ctx: click.Context, /, identifier: str, **options: Any) -> None:
    from ocop_flow.service import reminder_answers

    table = desk(ctx)
    command = reminder_answers.AckOrSnooze(identifier, None, act_of(options))
    write(
        ctx,
        "remind ack",
        command,
        lambda uow: reminder_answers.acknowledge(uow, table.office, table.caller, command),
        lambda v: click.echo(table.tr("Reminder {id}: {status}.", id=v["id"], status=table.tr(v["status"]))),
    )


@remind.command("snooze", cls=WriteCommand, help="Send a reminder again on a later day.")
@click.argument("identifier", metavar="ID")
@click.option("--until", metavar="DATE", cls=TranslatedOption, help="The later day (default: tomorrow).")
@act_options
@click.pass_context
def snooze(ctx: click.Context, /, identifier: str, until: str | None, **options: Any) -> None:
    from ocop_flow.service import reminder_answers

    table = desk(ctx)
    command = reminder_answers.AckOrSnooze(identifier, day(until), act_of(options))
    write(
        ctx,
        "remind snooze",
        command,
        lambda uow: reminder_answers.snooze(uow, table.office, table.caller, command),
        lambda v: click.echo(table.tr("Reminder {id}: put off until {until}.", id=v["id"], until=v["until"])),
    )


@remind.command("retry", cls=WriteCommand, help="Try failed messages again: of one reminder, or all.")
@click.argument("identifier", metavar="ID", required=False)
@act_options
@click.pass_context
def retry(ctx: click.Context, /, identifier: str | None, **options: Any) -> None:
    from ocop_flow.service import delivery

    table = desk(ctx)
    command = delivery.Retry(identifier, act_of(options))
    write(
        ctx,
        "remind retry",
        command,
        lambda uow: delivery.retry(uow, table.office, table.caller, command),
        lambda v: click.echo(table.tr("{messages} messages are tried again.", messages=v["messages"])),
    )


@remind.command("audit", cls=Command, help="Prove for a period that every reminder was sent or is explained.")
@click.option("--from", "first", required=True, metavar="DATE", cls=TranslatedOption, help="First day.")
@click.option("--to", "last", required=True, metavar="DATE", cls=TranslatedOption, help="Last day.")
@click.pass_context
def audit(ctx: click.Context, /, first: str, last: str) -> int:
    from ocop_flow import bootstrap
    from ocop_flow.domain.fieldvalues import read_day
    from ocop_flow.service import remind_audit, reminders

    table = desk(ctx)
    with table.office.reader() as uow:
        found = remind_audit.audit(uow, table.office, bootstrap.ladders(), read_day(first), read_day(last))
        found["warnings"] = reminders.holes(uow, table.office)

    def human(v: Json) -> None:
        why = "; ".join(f"{table.tr(WHY_LABELS[each])}: {count}" for each, count in v["superseded_why"].items())
        shown = {**v, "superseded": f"{v['superseded']} ({why})" if why else v["superseded"]}
        lines(table, [(label, shown[key]) for key, label in AUDIT_LABELS.items()])
        if v["noted"]:
            rows(
                table,
                ["Act", "Deadline", "Rung", "By", "At", "Until", "Reason"],
                [
                    (
                        table.tr(i["act"]),
                        i["deadline"],
                        rung_text(table, i, i["rung_on"]),
                        i["by"],
                        moment(i["at"]),
                        i["until"],
                        i["reason"],
                    )
                    for i in v["noted"]
                ],
            )
        if v["problems"]:
            rows(
                table,
                ["Problem", "Deadline", "Rung", "Day", "Unit"],
                [
                    (table.tr(i["kind"]), i["deadline"], rung_text(table, i, i["on"]), i["on"], i["unit"])
                    for i in v["problems"]
                ],
            )
        else:
            click.echo(table.tr("No problem found."))

    emit(ctx, found, human)
    return 0 if found["ok"] else 1
