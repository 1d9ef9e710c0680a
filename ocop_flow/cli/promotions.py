"""Trade promotion of a product: add, list."""

from __future__ import annotations

from typing import Any

import click

from ocop_flow.cli.base import Command, Group, TranslatedOption, WriteCommand, act_options
from ocop_flow.cli.beside import add, file_option, listing, unit_option


@click.group(cls=Group, help="Trade promotion of a product: fairs, shops, e-commerce, media, mark, support, rewards.")
def promotion() -> None: ...


@promotion.command("add", cls=WriteCommand, help="Record one promotion, with place, cost and result.")
@click.argument("subject", metavar="DOSSIER|NUMBER")
@click.option(
    "--kind",
    required=True,
    metavar="KIND",
    cls=TranslatedOption,
    help="fair, shop, e_commerce, media, mark_use, support or reward; or its label.",
)
@click.option("--place", metavar="TEXT", cls=TranslatedOption, help="Where.")
@click.option("--cost", metavar="VND", cls=TranslatedOption, help="Cost, or what was paid, in whole VND.")
@click.option("--result", metavar="TEXT", cls=TranslatedOption, help="What came of it.")
@file_option
@act_options
@click.pass_context
def promotionadd(ctx: click.Context, /, subject: str, **options: Any) -> None:
    add(ctx, "promotion", subject, options)


@promotion.command("list", cls=Command, help="Promotions of a dossier or certificate, below a unit, or all.")
@click.argument("subject", required=False, metavar="[DOSSIER|NUMBER]")
@unit_option
@click.pass_context
def promotionlisting(ctx: click.Context, /, subject: str | None, unit: str | None) -> None:
    listing(ctx, "promotion", subject, unit)
