"""withhold."""

from __future__ import annotations

from typing import Any, Literal

import click

from ocop_flow.cli.base import TranslatedOption, WriteCommand, act_of, act_options, desk
from ocop_flow.cli.writing import write


@click.command(cls=WriteCommand, help="Seal or erase personal data by a numbered decision; the log keeps that it was.")
@click.argument("target", metavar="ENTITY|DOSSIER")
@click.option("--field", metavar="FIELD", cls=TranslatedOption, help="One contact or kind of evidence (default: all).")
@click.option("--decision", required=True, metavar="NUMBER", cls=TranslatedOption, help="Number of the decision.")
@click.option(
    "--mode",
    required=True,
    type=click.Choice(["seal", "erase"]),
    cls=TranslatedOption,
    help="seal: out of reach; erase: destroyed for good.",
)
@act_options
@click.pass_context
def withhold(
    ctx: click.Context, /, target: str, field: str | None, decision: str, mode: Literal["seal", "erase"], **options: Any
) -> None:
    from ocop_flow.service import withhold as withholding

    table = desk(ctx)
    command = withholding.Withhold(target, field, decision, mode, act_of(options))
    write(
        ctx,
        "withhold",
        command,
        lambda uow: withholding.withhold(uow, table.office, table.caller, command),
        lambda v: click.echo(table.tr("{code}: {withheld} values withheld by {decision}.", **v)),
    )
