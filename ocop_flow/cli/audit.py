"""Audit: replay a history, verify the log."""

from __future__ import annotations

from typing import Any

import click

from ocop_flow.cli.base import Command, Desk, Group, desk
from ocop_flow.cli.histories import conformance, diff, replay, story
from ocop_flow.cli.output import emit, rows
from ocop_flow.cli.progress import progress

Json = dict[str, Any]


@click.group(cls=Group, help="Replay and verify histories.")
def audit() -> None: ...


audit.add_command(replay)
audit.add_command(story)
audit.add_command(diff)
audit.add_command(conformance)


@audit.command("verify", cls=Command, help="Check every hash chain and every view against the log.")
@click.pass_context
def verify(ctx: click.Context) -> int:
    from ocop_flow.service import rebuild

    table = desk(ctx)
    with progress(table, "Events") as shown, table.office.reader() as uow:
        found = rebuild.check(uow, shown)

    def human(v: Json) -> None:
        click.echo(table.tr("{events} events of {dossiers} dossiers checked.", **v))
        if v["problems"]:
            rows(
                table,
                ["Problem", "Where", "No.", "Detail"],
                [(i["kind"], i["dossier"], i["seq"], i["detail"]) for i in v["problems"]],
            )
        else:
            click.echo(table.tr("No problem found."))

    emit(ctx, found, human)
    return 0 if found["ok"] else 1


@audit.group("key", cls=Group, help="The keys that sign heads of the log and other papers.")
def key() -> None: ...


@key.command("list", cls=Command, help="Every key, with the line to publish so that others can check signatures.")
@click.pass_context
def key_list(ctx: click.Context) -> None:
    from ocop_flow.service import signing_keys

    table = desk(ctx)
    emit(ctx, signing_keys.listed(table.office), lambda found: _show_keys(table, found))


@key.command("rotate", cls=Command, help="A new key signs from now on; what the old one signed stays valid.")
@click.pass_context
def key_rotate(ctx: click.Context) -> None:
    from ocop_flow.service import signing_keys

    table = desk(ctx)
    emit(ctx, signing_keys.rotate(table.office, table.caller), lambda made: _show_keys(table, [made]))


def _show_keys(table: Desk, keys: list[Json]) -> None:
    rows(
        table,
        ["Key", "From", "Until", "To publish"],
        [(each["id"], each["created_on"], each["retired_on"], each["verifier_key"]) for each in keys],
    )
