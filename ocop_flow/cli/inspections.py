"""Inspections after recognition: add, close, list."""

from __future__ import annotations

from typing import Any

import click

from ocop_flow.cli.base import Command, Group, TranslatedOption, WriteCommand, act_options
from ocop_flow.cli.beside import add, answer, file_option, listing, unit_option


@click.group(cls=Group, help="Inspections after recognition: samples, findings, conclusions.")
def inspection() -> None: ...


@inspection.command(
    "add",
    cls=WriteCommand,
    help="Record an inspection with its findings.\n\n"
    "With --concludes the decision to revoke is a duty with its day, until it is made or the matter is closed.",
)
@click.argument("subject", metavar="DOSSIER|NUMBER")
@click.option(
    "--kind", default="periodic", metavar="KIND", cls=TranslatedOption, help="periodic or surprise; or its label."
)
@click.option("--sample", metavar="TEXT", cls=TranslatedOption, help="Sample taken.")
@click.option("--findings", metavar="TEXT", cls=TranslatedOption, help="What was found.")
@click.option(
    "--concludes", metavar="a..f|ID", cls=TranslatedOption, help="Concludes on a breach: the ground for revocation."
)
@file_option
@act_options
@click.pass_context
def inspectionadd(ctx: click.Context, /, subject: str, **options: Any) -> None:
    add(ctx, "inspection", subject, options)


@inspection.command("close", cls=WriteCommand, help="Close an inspection, or a conclusion that leads to no revocation.")
@click.argument("record")
@click.option("--result", metavar="TEXT", cls=TranslatedOption, help="What came of it.")
@file_option
@act_options
@click.pass_context
def inspection_close(ctx: click.Context, /, record: str, **options: Any) -> None:
    answer(ctx, "inspection", record, options)


@inspection.command("list", cls=Command, help="Inspections of a dossier or certificate, below a unit, or all.")
@click.argument("subject", required=False, metavar="[DOSSIER|NUMBER]")
@unit_option
@click.pass_context
def inspectionlisting(ctx: click.Context, /, subject: str | None, unit: str | None) -> None:
    listing(ctx, "inspection", subject, unit)
