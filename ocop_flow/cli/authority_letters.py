"""Letters from other authorities: add, answer, list."""

from __future__ import annotations

from typing import Any

import click

from ocop_flow.cli.base import Command, Group, TranslatedOption, WriteCommand, act_options
from ocop_flow.cli.beside import add, answer, file_option, listing, reply_by_option, unit_option, within_option


@click.group(cls=Group, help="Letters from other authorities and what was answered.")
def letter() -> None: ...


@letter.command("add", cls=WriteCommand, help="Record a letter; with --reply-by or --within its reply is a duty.")
@click.argument("subject", metavar="DOSSIER|NUMBER")
@click.option(
    "--kind", default="request", metavar="KIND", cls=TranslatedOption, help="request or notice; or its label."
)
@click.option("--number", metavar="NUMBER", cls=TranslatedOption, help="Number of the letter.")
@click.option("--from", "from_", metavar="TEXT", cls=TranslatedOption, help="The authority that wrote.")
@click.option("--about", metavar="TEXT", cls=TranslatedOption, help="What it is about.")
@click.option(
    "--concludes", metavar="a..f|ID", cls=TranslatedOption, help="Concludes on a breach: the ground for revocation."
)
@reply_by_option
@within_option
@file_option
@act_options
@click.pass_context
def letteradd(ctx: click.Context, /, subject: str, **options: Any) -> None:
    add(ctx, "letter", subject, options)


@letter.command("answer", cls=WriteCommand, help="Record what was answered.")
@click.argument("record")
@click.option("--result", metavar="TEXT", cls=TranslatedOption, help="What was answered.")
@click.option("--number", metavar="NUMBER", cls=TranslatedOption, help="Number of the reply.")
@file_option
@act_options
@click.pass_context
def letteranswer(ctx: click.Context, /, record: str, **options: Any) -> None:
    answer(ctx, "letter", record, options)


@letter.command("list", cls=Command, help="Letters about a dossier or certificate, below a unit, or all.")
@click.argument("subject", required=False, metavar="[DOSSIER|NUMBER]")
@unit_option
@click.pass_context
def letterlisting(ctx: click.Context, /, subject: str | None, unit: str | None) -> None:
    listing(ctx, "letter", subject, unit)
