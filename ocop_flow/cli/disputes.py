"""The mark that a dossier or certificate is disputed: set, lift."""

from __future__ import annotations

from typing import Any

import click

from ocop_flow.cli.base import Group, WriteCommand, act_of, act_options, desk
from ocop_flow.cli.writing import write


@click.group(cls=Group, help="The mark that a dossier or certificate is disputed.")
def dispute() -> None: ...


@dispute.command("set", cls=WriteCommand, help="Mark as disputed, with the reason.")
@click.argument("subject", metavar="DOSSIER|NUMBER")
@act_options
@click.pass_context
def dispute_set(ctx: click.Context, /, subject: str, **options: Any) -> None:
    _dispute(ctx, subject, options, lift=False)


@dispute.command("lift", cls=WriteCommand, help="Lift the mark, with the reason.")
@click.argument("subject", metavar="DOSSIER|NUMBER")
@act_options
@click.pass_context
def dispute_lift(ctx: click.Context, /, subject: str, **options: Any) -> None:
    _dispute(ctx, subject, options, lift=True)


def _dispute(ctx: click.Context, /, subject: str, options: dict[str, Any], *, lift: bool) -> None:
    from ocop_flow.service import beside

    table = desk(ctx)
    command = beside.Dispute(subject, lift, act_of(options))
    write(
        ctx,
        "dispute lift" if lift else "dispute set",
        command,
        lambda uow: beside.dispute(uow, table.office, table.caller, command),
        lambda v: click.echo(
            table.tr("{subject} is disputed.", subject=v["subject"])
            if v["disputed"]
            else table.tr("{subject} is no longer disputed.", subject=v["subject"])
        ),
    )
