"""Units: look up, list, import, contacts."""

from __future__ import annotations

from typing import Any

import click

from ocop_flow.cli.base import Command, Group, TranslatedOption, WriteCommand, day, desk
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


@unit.command("list", cls=Command, help="Units whose name holds the words, with or without diacritics.")
@click.argument("words", nargs=-1, required=True)
@click.option("--tier", metavar="TIER", cls=TranslatedOption, help="commune, district or province.")
@click.option("--on", metavar="DATE", cls=TranslatedOption, help="Only units that exist on this day.")
@click.pass_context
def list_(ctx: click.Context, /, words: tuple[str, ...], tier: str | None, on: str | None) -> None:
    from ocop_flow.service import lists

    table = desk(ctx)
    with table.office.reader() as uow:
        found = lists.units(uow, table.office, " ".join(words), tier, day(on))
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


@unit.command("contact", cls=WriteCommand, help="Set the mailbox of a unit.")
@click.argument("code")
@click.option("--email", required=True, metavar="MAIL", cls=TranslatedOption, help="Mail address.")
@click.pass_context
def contact(ctx: click.Context, /, code: str, email: str) -> None:
    from ocop_flow.service import unit_contacts

    table = desk(ctx)
    with table.office.writer() as uow:
        answer = unit_contacts.set_email(uow, table.office, table.caller, code, email)
        if not table.dry_run:
            uow.commit()
    emit(ctx, answer, lambda value: click.echo(table.tr("{unit}: {email}", **value)))
