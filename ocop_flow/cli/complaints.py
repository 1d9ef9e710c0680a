"""Complaints: add, answer, list."""

from __future__ import annotations

from typing import Any

import click

from ocop_flow.cli.base import Command, Group, TranslatedOption, WriteCommand, act_options
from ocop_flow.cli.beside import add, answer, file_option, listing, reply_by_option, unit_option, within_option


@click.group(cls=Group, help="Complaints and what was answered.")
def complaint() -> None: ...


@complaint.command("add", cls=WriteCommand, help="Record a complaint; its reply is a duty with its day.")
@click.argument("subject", metavar="DOSSIER|NUMBER")
@click.option(
    "--kind",
    default="complaint",
    metavar="KIND",
    cls=TranslatedOption,
    help="complaint, denunciation or petition; or its label.",
)
@click.option("--about", metavar="TEXT", cls=TranslatedOption, help="What it is about.")
@click.option("--from", "from_", metavar="NAME", cls=TranslatedOption, help="Who complains (kept sealed).")
@click.option("--contact", metavar="TEXT", cls=TranslatedOption, help="How to reach them (kept sealed).")
@reply_by_option
@within_option
@file_option
@act_options
@click.pass_context
def complaintadd(ctx: click.Context, /, subject: str, **options: Any) -> None:
    add(ctx, "complaint", subject, options)


@complaint.command("answer", cls=WriteCommand, help="Record what was answered.")
@click.argument("record")
@click.option("--result", metavar="TEXT", cls=TranslatedOption, help="What was answered.")
@click.option("--number", metavar="NUMBER", cls=TranslatedOption, help="Number of the reply.")
@file_option
@act_options
@click.pass_context
def complaintanswer(ctx: click.Context, /, record: str, **options: Any) -> None:
    answer(ctx, "complaint", record, options)


@complaint.command("list", cls=Command, help="Complaints about a dossier or certificate, below a unit, or all.")
@click.argument("subject", required=False, metavar="[DOSSIER|NUMBER]")
@unit_option
@click.pass_context
def complaintlisting(ctx: click.Context, /, subject: str | None, unit: str | None) -> None:
    listing(ctx, "complaint", subject, unit)
