"""Units: look up, list, import, contacts."""

from __future__ import annotations

from typing import Any

import click

from ocop_flow.cli.base import Command, Group, TranslatedOption, WriteCommand, act_of, act_options, day, desk
from ocop_flow.cli.files import content
from ocop_flow.cli.output import emit, lines, rows, unit_text

Json = dict[str, Any]


@click.group(cls=Group, help="Administrative units through time.")
def unit() -> None: ...


@unit.command("show", cls=Command, help="One unit on a day, with the units above and after it.")
@click.argument("code")
@click.option("--on", metavar="DATE", cls=TranslatedOption, help="Day (default: today).")
@click.pass_context
def show(ctx: click.Context, /, code: str, on: str | None) -> None:
    from ocop_flow.service import lists

    table = desk(ctx)
    with table.office.reader() as uow:
        found = lists.unit_shown(uow, table.office, code, day(on))

    def human(value: Json) -> None:
        click.echo(click.style(f"{value['name']} ({value['code']})", bold=True))
        period = f"{value['valid_from'] or table.tr('unknown')} – {value['valid_to'] or '…'}"
        lines(
            table,
            [
                ("Kind", value["kind"]),
                ("Tier", value["tier"]),
                ("Period", period),
                ("Above", " < ".join(unit_text(each) for each in value["ancestors"])),
                ("Succeeded by", ", ".join(unit_text(each) for each in value["successors"])),
            ],
        )
        if value["approximate"]:
            click.echo(table.tr("Units above are the last known ones; the tree of that day is not recorded."), err=True)

    emit(ctx, found, human)


@unit.command(
    "list", cls=Command, help="Units whose name holds the words, with or without diacritics; without words, all."
)
@click.argument("words", nargs=-1)
@click.option("--tier", metavar="TIER", cls=TranslatedOption, help="commune, district or province.")
@click.option("--on", metavar="DATE", cls=TranslatedOption, help="Only units that exist on this day.")
@click.pass_context
def list_(ctx: click.Context, /, words: tuple[str, ...], tier: str | None, on: str | None) -> None:
    from ocop_flow.service import lists

    table = desk(ctx)
    with table.office.reader() as uow:
        found = lists.units(uow, " ".join(words), tier, day(on))
    emit(
        ctx,
        found,
        lambda value: rows(
            table,
            ["Code", "Name", "Above", "From", "To"],
            [(i["code"], i["name"], ", ".join(i["parents"]), i["valid_from"], i["valid_to"]) for i in value],
        ),
    )


@unit.command("import", cls=WriteCommand, help="Add units from a CSV file with the columns of the national list.")
@click.argument("file", metavar="FILE.csv")
@click.pass_context
def import_(ctx: click.Context, /, file: str) -> None:
    from ocop_flow.domain.commands import Act
    from ocop_flow.service import people, setup
    from ocop_flow.unitdata import read_units_csv

    table = desk(ctx)
    data = content(file)
    with table.office.writer() as uow:
        people.admin_at_work(uow, table.office, table.caller, Act())
        known = list(uow.tree(row["code"] for row in uow.query("SELECT DISTINCT code FROM unit")))
        units = read_units_csv(data, file, known)
        counts = setup.store_units(uow, units, ())
        if not table.dry_run:
            uow.commit()
    emit(ctx, counts, lambda value: click.echo(table.tr("{units} units added.", **value)))


@unit.command("contact", cls=WriteCommand, help="Set the mailbox and the telephone of a unit.")
@click.argument("code")
@click.option("--email", metavar="MAIL", cls=TranslatedOption, help="Mail address.")
@click.option("--phone", metavar="PHONE", cls=TranslatedOption, help="Telephone that reminders name.")
@click.pass_context
def contact(ctx: click.Context, /, code: str, email: str | None, phone: str | None) -> None:
    from ocop_flow.service import unit_contacts

    table = desk(ctx)
    with table.office.writer() as uow:
        answer = unit_contacts.set_contact(uow, table.office, table.caller, code, email, phone)
        if not table.dry_run:
            uow.commit()
    emit(ctx, answer, lambda value: click.echo(f"{value['unit']}: {value['email']} {value['phone'] or ''}".rstrip()))


@unit.command(
    "succeed",
    cls=WriteCommand,
    help="Hand what a unit that has ended left behind over to its successors.\n\n"
    "A dossier follows its commune, a certificate of a district goes to the province; where the successor is not "
    "certain a person decides. With --dry-run only the answers are shown.",
)
@click.argument("code", required=False)
@click.option("--all", "every", is_flag=True, cls=TranslatedOption, help="Every unit that has ended by the day.")
@click.option("--minutes", metavar="NUMBER", cls=TranslatedOption, help="Number of the minutes of the hand-over.")
@click.option("--decision", metavar="NUMBER", cls=TranslatedOption, help="Number of the decision that orders it.")
@click.option(
    "--list",
    "listed",
    metavar="FILE",
    cls=TranslatedOption,
    help="CSV with the columns dossier, unit (where it goes), file and answer (lost or not_received).",
)
@act_options
@click.pass_context
def succeed(
    ctx: click.Context,
    /,
    code: str | None,
    every: bool,
    minutes: str | None,
    decision: str | None,
    listed: str | None,
    **options: Any,
) -> None:
    from dataclasses import replace

    from ocop_flow.cli import lawchange
    from ocop_flow.domain.commands import Paper
    from ocop_flow.service import succession

    table = desk(ctx)
    if every == (code is not None):
        raise click.UsageError(table.tr("Give the code of one unit, or --all."), ctx)
    act = replace(act_of(options), paper=Paper(number=decision))
    command = succession.Succeed(code, minutes, lawchange.told(listed), act)
    lawchange.in_groups(
        ctx,
        lambda trial, shown: succession.succeed(
            table.office, table.caller, command, lawchange.printed(table), dry_run=trial, progress=shown
        ),
        lambda value: lawchange.show_succession(table, value),
        table.tr("Hand these over?"),
    )
