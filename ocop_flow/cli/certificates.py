"""Certificates: list, show, declare."""

from __future__ import annotations

from typing import Any

import click

from ocop_flow.cli.base import Command, Group, TranslatedOption, WriteCommand, act_of, act_options, day, desk
from ocop_flow.cli.output import emit, lines, rows, unit_text
from ocop_flow.cli.writing import write

Json = dict[str, Any]


@click.group(cls=Group, help="Certificates and when they end.")
def certificate() -> None: ...


@certificate.command("list", cls=Command, help="Certificates, the first to end first.")
@click.option("--ending", metavar="12m|90d", cls=TranslatedOption, help="Only those that end within this time.")
@click.option("--unit", metavar="CODE", cls=TranslatedOption, help="Only below this unit.")
@click.option("--on", metavar="DATE", cls=TranslatedOption, help="As seen on this day.")
@click.pass_context
def list_(ctx: click.Context, /, ending: str | None, unit: str | None, on: str | None) -> None:
    from ocop_flow.service import certificates

    table = desk(ctx)
    with table.office.reader() as uow:
        found = certificates.listed(uow, day(on) or table.office.today, ending, unit)
    emit(
        ctx,
        found,
        lambda value: rows(
            table,
            ["Certificate", "Product", "Entity", "Stars", "Issued on", "Valid to", "Status"],
            [
                (
                    i["number"],
                    i["product"],
                    i["entity"],
                    i["stars"],
                    i["issued_on"],
                    i["valid_to"],
                    table.tr(i["status"]),
                )
                for i in value
            ],
        ),
    )


@certificate.command("show", cls=Command, help="One certificate.")
@click.argument("number")
@click.option("--on", metavar="DATE", cls=TranslatedOption, help="As seen on this day.")
@click.pass_context
def show(ctx: click.Context, /, number: str, on: str | None) -> None:
    from ocop_flow.service import certificates

    table = desk(ctx)
    with table.office.reader() as uow:
        found = certificates.shown(certificates.find(uow, number), day(on) or table.office.today)

    def human(v: Json) -> None:
        click.echo(click.style(f"{v['number']}  {v['product']}", bold=True))
        lines(
            table,
            [
                ("Entity", v["entity"]),
                ("Stars", v["stars"]),
                ("Product code", v["product_code"]),
                ("Issuer", unit_text(v["issuer"])),
                ("Decision", v["decision"]),
                ("Issued on", v["issued_on"]),
                ("Valid to", v["valid_to"]),
                ("Status", table.tr(v["status"])),
                ("Dossier", v["dossier"]),
                ("Source", v["source"]),
            ],
        )

    emit(ctx, found, human)


@certificate.command("declare", cls=WriteCommand, help="Record a recognition made before this system.")
@click.option("--product", required=True, metavar="NAME", cls=TranslatedOption, help="Product name.")
@click.option("--entity", required=True, metavar="NAME", cls=TranslatedOption, help="Entity name.")
@click.option("--entity-kind", required=True, metavar="KIND", cls=TranslatedOption, help="Kind of entity.")
@click.option("--stars", required=True, type=int, metavar="N", cls=TranslatedOption, help="Stars, 1 to 5.")
@click.option("--number", metavar="N", cls=TranslatedOption, help="Certificate number.")
@click.option("--commune", metavar="CODE", cls=TranslatedOption, help="Commune, by code or name.")
@click.option("--issuer", metavar="CODE", cls=TranslatedOption, help="Issuing unit (default: the province).")
@click.option("--decision", metavar="NUMBER", cls=TranslatedOption, help="Number of the decision.")
@click.option("--issued-on", metavar="DATE", cls=TranslatedOption, help="Day of issue.")
@click.option("--valid-to", metavar="DATE", cls=TranslatedOption, help="Last valid day.")
@click.option("--product-set", metavar="ID", cls=TranslatedOption, help="Product set.")
@click.option("--source", required=True, metavar="TEXT", cls=TranslatedOption, help="Where this is known from.")
@act_options
@click.pass_context
def declare(ctx: click.Context, /, **options: Any) -> None:
    from ocop_flow.service import certificates

    table = desk(ctx)
    act = act_of(options)
    options["issued_on"], options["valid_to"] = day(options["issued_on"]), day(options["valid_to"])
    command = certificates.Declare(**options, act=act)
    write(
        ctx,
        "certificate declare",
        command,
        lambda uow: certificates.declare(uow, table.office, table.caller, command),
        lambda v: click.echo(f"{v['number']}  {v['product']}  {v['stars']}★  {v['valid_to'] or '-'}"),
    )
