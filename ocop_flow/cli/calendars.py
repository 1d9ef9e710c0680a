"""Calendar: when is it due, when must it begin, which days are worked; notices tried and adopted.

Questions need no database unless a unit is named; one that is there is asked for the notices adopted in it.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import click

from ocop_flow.cited import cited
from ocop_flow.cli.base import (
    Command,
    Desk,
    Group,
    TranslatedOption,
    Whole,
    WriteCommand,
    act_of,
    act_options,
    day,
    desk,
)
from ocop_flow.cli.files import content
from ocop_flow.cli.output import emit, label, lines, rows, say, unit_text, warn
from ocop_flow.cli.progress import progress
from ocop_flow.cli.writing import write

if TYPE_CHECKING:
    from ocop_flow.domain.calendar import Calendar
    from ocop_flow.domain.due_date import DueDate
    from ocop_flow.service.notices import Read
    from ocop_flow.service.office import Office

Json = dict[str, Any]


@click.group(cls=Group, help="Working days and due dates.")
def calendar() -> None: ...


@calendar.command("due", cls=Command, help="The day that a wording means, and how it was found.")
@click.argument("wording")
@click.option("--from", "start", metavar="DATE", cls=TranslatedOption, help="Day of the event to count from.")
@click.option(
    "--year", type=Whole(), metavar="YEAR", cls=TranslatedOption, help="Year, where the wording leaves it out."
)
@click.option("--unit", metavar="CODE", cls=TranslatedOption, help="With the local days off of this unit.")
@click.pass_context
def due(ctx: click.Context, /, wording: str, start: str | None, year: int | None, unit: str | None) -> None:
    from ocop_flow.service import calendars

    table = desk(ctx)
    since = day(start)
    office = _office(table, unit)
    today = _today(office)
    found = calendars.due(wording, _calendar(office, unit, since or today), today, since, year)
    _print(ctx, table, found)


@calendar.command("latest", cls=Command, help="The last day on which a period may begin and still end in time.")
@click.argument("wording")
@click.option("--before", required=True, metavar="DATE", cls=TranslatedOption, help="Last day on which it may end.")
@click.option("--unit", metavar="CODE", cls=TranslatedOption, help="With the local days off of this unit.")
@click.pass_context
def latest(ctx: click.Context, /, wording: str, before: str, unit: str | None) -> None:
    from ocop_flow.domain.fieldvalues import read_day
    from ocop_flow.service import calendars

    table = desk(ctx)
    last = read_day(before)
    _print(ctx, table, calendars.latest_start(wording, _calendar(_office(table, unit), unit, last), last))


@calendar.command("show", cls=Command, help="The days off of a year, and the Saturdays worked instead.")
@click.argument("year", type=Whole())
@click.option("--unit", metavar="CODE", cls=TranslatedOption, help="With the local days off of this unit.")
@click.pass_context
def show(ctx: click.Context, /, year: int, unit: str | None) -> None:
    from ocop_flow.service import calendars

    table = desk(ctx)
    office = _office(table, unit)
    found = calendars.year_json(_calendar(office, unit, _today(office)).year(year))

    def human(v: Json) -> None:
        decreed = "decreed" if v["decreed"] else "provisional: no notice of this year is on record"
        click.echo(click.style(str(v["year"]), bold=True) + f"  {table.tr(decreed)}")
        off = [(each["day"], label(table, each["name"]), each["make_up_for"]) for each in v["days_off"]]
        rows(table, ["Day off", "Name", "In place of"], off)
        if v["worked"]:
            rows(table, ["Saturday worked", "In place of"], [(e["day"], e["instead_of"]) for e in v["worked"]])
        for question in v["open_questions"]:
            say(table, f"? {label(table, question['about'])} ({', '.join(question['days'])})")
        lines(
            table,
            [
                ("Working days", v["working_days"]),
                ("Sources", "; ".join(cited(each, table.language) for each in v["sources"])),
            ],
        )

    emit(ctx, found, human)


@calendar.command("preview", cls=Command, help="Open deadlines that a notice of days off would move; writes nothing.")
@click.argument("file")
@click.pass_context
def preview(ctx: click.Context, /, file: str) -> None:
    from ocop_flow.cli.deadlines import duty_text
    from ocop_flow.service import duty_names, notices

    table = desk(ctx)
    read = _reading(file, content(file))
    with progress(table, "Deadlines") as shown, table.office.reader() as uow:
        found = notices.preview(uow, table.office, read, shown)
        names = {} if table.as_json else duty_names.names(uow, found["deadlines"])

    def human(value: list[Json]) -> None:
        click.echo(table.tr("Days that change: {days}", days=", ".join(found["days"]) or "-"))
        rows(
            table,
            ["Deadline", "Subject", "Due on", "Would be", "Provisional", "Unit"],
            [
                (
                    i["id"],
                    duty_text(table, i, names),
                    i["due_on"],
                    i["would_be"],
                    _provisional(table, i),
                    unit_text(i["unit"]),
                )
                for i in value
            ],
            empty="No open deadline would move.",
        )
        for item in found["warnings"]:
            warn(table, item)

    emit(ctx, found["deadlines"], human)


def _provisional(table: Desk, row: Json) -> str:
    """Whether the day is provisional, and what it would be if that changes."""
    before, after = (table.tr("yes" if row[key] else "no") for key in ("provisional", "would_be_provisional"))
    return before if before == after else f"{before} → {after}"


@calendar.command("adopt", cls=WriteCommand, help="Take a notice of days off into use; open deadlines follow it.")
@click.argument("file")
@click.option(
    "--decision", metavar="NUMBER", cls=TranslatedOption, help="Number of the decision that puts it into use, if any."
)
@act_options
@click.pass_context
def adopt(ctx: click.Context, /, file: str, decision: str | None, **options: Any) -> None:
    import hashlib

    from ocop_flow.service import notices

    table = desk(ctx)
    data = content(file)
    command = notices.Adopt(hashlib.sha256(data).hexdigest(), decision, act_of(options))

    def human(v: Json) -> None:
        click.echo(click.style(f"{v['year']}  {v['unit'] or ''}", bold=True) + f"  {v['source']}  {v['as_of']}")
        if not v["changed"]:
            click.echo(table.tr("This notice is in use already: nothing changes."))
            return
        click.echo(table.tr("{count} open deadlines have another day or mark.", count=v["moved"]))
        if v["known_through"]:
            click.echo(table.tr("Days off are known through {day}.", day=v["known_through"]))

    write(
        ctx,
        "calendar adopt",
        command,
        lambda uow: notices.adopt(uow, table.office, table.caller, command, _reading(file, data)),
        human,
    )


def _reading(file: str, data: bytes) -> Read:
    from pathlib import Path

    from ocop_flow.noticefile import read_notice

    return lambda is_unit: read_notice(data, Path(file).name, is_unit)


def _office(table: Desk, unit: str | None) -> Office | None:
    """The office where a unit is named or a database is there; None without.

    The days off of the whole country are public: for them alone nobody has to log in.
    """
    if unit is None:
        from ocop_flow.config import file_of

        file = file_of(table.settings.db)
        if file is not None and not file.exists():
            return None
        table.open_door = True
    return table.office


def _today(office: Office | None) -> date:
    """The office's day, else the day of this computer."""
    if office is not None:
        return office.today
    from ocop_flow.clock import SystemClock, today_at

    return today_at(SystemClock().now())


def _calendar(office: Office | None, unit: str | None, on: date) -> Calendar:
    if office is None:
        from ocop_flow import bootstrap

        return bootstrap.calendar()
    from ocop_flow.service.calendars import calendar_for

    with office.reader() as uow:
        return uow.calendar() if unit is None else calendar_for(uow, unit, on)


def _print(ctx: click.Context, table: Desk, found: DueDate) -> None:
    from ocop_flow import i18n
    from ocop_flow.service.calendars import due_json

    document = due_json(found)
    document["steps"] = [i18n.render(step, table.language)[0] for step in found.steps]

    def human(v: Json) -> None:
        lines(
            table,
            [
                ("Due on", v["due_on"] or "-"),
                ("Last working day", v["last_working_day"]),
                ("Window", " – ".join(v["window"]) if v["window"] else None),
            ],
        )
        if v["recurring"]:
            click.echo(table.tr("It comes again; this is the first day."))
        if v["provisional"]:
            click.echo(table.tr("Provisional: this day may still change."))
        for number, step in enumerate(v["steps"], start=1):
            click.echo(f"  {number}. {step}")
        lines(table, [("Sources", "; ".join(cited(each, table.language) for each in v["sources"]))])

    emit(ctx, document, human)
