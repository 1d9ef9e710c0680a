"""What the administrator of the database server needs."""

from __future__ import annotations

import re

import click

from ocop_flow.cli.base import Command, Group, TranslatedOption
from ocop_flow.cli.output import emit
from ocop_flow.errors import InputInvalid, reason


@click.group(cls=Group, help="For the administrator of the database server.")
def admin() -> None: ...


@admin.command("postgres-roles", cls=Command, help="SQL that gives the rights on PostgreSQL; run it there with psql.")
@click.option(
    "--application",
    metavar="ROLE",
    default="ocop_application",
    cls=TranslatedOption,
    help="Role that works: it cannot change or delete events.",
)
@click.option(
    "--auditor",
    metavar="ROLE",
    default="ocop_auditor",
    cls=TranslatedOption,
    help="Role that reads, and writes nothing.",
)
@click.pass_context
def postgres_roles(ctx: click.Context, /, application: str, auditor: str) -> None:
    from ocop_flow import bootstrap

    faults = [
        reason("role_name_unfit", name=name)
        for name in (application, auditor)
        if not re.fullmatch("[a-z_][a-z0-9_]{0,62}", name)
    ]
    if application == auditor:
        faults.append(reason("roles_alike", name=application))
    if faults:
        raise InputInvalid(*faults)
    found = {"application": application, "auditor": auditor, "sql": bootstrap.postgres_roles(application, auditor)}
    emit(ctx, found, lambda value: click.echo(value["sql"], nl=False))
