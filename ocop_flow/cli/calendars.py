"""Calendar: when is it due, when must it begin, which days are worked. Needs no database unless a unit is named."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import click

from ocop_flow.cli.base import Command, Desk, Group, TranslatedOption, day, desk
from ocop_flow.cli.output import emit, label, lines, rows

if TYPE_CHECKING:
    from ocop_flow.domain.calendar import Calendar
    from ocop_flow.domain.due_date import DueDate

Json = dict[str, Any]


@click.group(cls=Group, help="Working days and due dates.")
def calendar() -> None: ...


@calendar.command("due", cls=Command, help="The day that a wording means, and how it was found.")
@click.argument("wording")
@click.option("--from", "start", metavar="DATE", cls=TranslatedOption, help="Day of the event to count from.")
@click.option("--year", type=int, metavar="YEAR", cls=TranslatedOption, help="Year, where the wording leaves it out.")
@click.option("--unit", metavar="CODE", cls=TranslatedOption, help="With the local days off of this unit.")
@click.pass_context
def due(ctx: click.Context, /, wording: str, start: str | None, year: int | None, unit: str | None) -> None:
    from ocop_flow.service import calendars

    table = desk(ctx)
    since = day(start)
    today = _today(table, unit)
    found = calendars.due(wording, _calendar(table, unit, since or today), today, since, year)
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
    _print(ctx, table, calendars.latest_start(wording, _calendar(table, unit, last), last))


@calendar.command("show", cls=Command, help="The days off of a year, and the Saturdays worked instead.")
@click.argument("year", type=int)
@click.option("--unit", metavar="CODE", cls=TranslatedOption, help="With the local days off of this unit.")
@click.pass_context
def show(ctx: click.Context, /, year: int, unit: str | None) -> None:
    from ocop_flow.service import calendars

    table = desk(ctx)
    found = calendars.year_json(_calendar(table, unit, _today(table, unit)).year(year))

    def human(v: Json) -> None:
        decreed = "decreed" if v["decreed"] else "provisional: no notice of this year is on record"
        click.echo(click.style(str(v["year"]), bold=True) + f"  {table.tr(decreed)}")
        off = [(each["day"], label(table, each["name"]), each["make_up_for"]) for each in v["days_off"]]
        rows(table, ["Day off", "Name", "In place of"], off)
        if v["worked"]:
            rows(table, ["Saturday worked", "In place of"], [(e["day"], e["instead_of"]) for e in v["worked"]])
        for question in v["open_questions"]:
            click.echo(f"? {label(table, question['about'])} ({', '.join(question['days'])})")
        lines(table, [("Working days", v["working_days"]), ("Sources", "; ".join(v["sources"]))])

    emit(ctx, found, human)


def _today(table: Desk, unit: str | None) -> date:
    """The office's day where one is opened for a unit, else the day of this computer."""
    if unit is not None:
        return table.office.today
    from ocop_flow.clock import SystemClock, today_at

    return today_at(SystemClock().now())


def _calendar(table: Desk, unit: str | None, on: date) -> Calendar:
    if unit is None:
        from ocop_flow import bootstrap

        return bootstrap.calendar()
    from ocop_flow.service.calendars import calendar_for

    with table.office.reader() as uow:
        return calendar_for(uow, unit, on)


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
        lines(table, [("Sources", "; ".join(v["sources"]))])

    emit(ctx, document, human)
