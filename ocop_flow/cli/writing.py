"""Every write from the command line: tried, shown and asked about once on a terminal, then done as one transaction."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from ocop_flow.cli.base import Desk, desk
from ocop_flow.cli.output import Human, emit, plain, warn
from ocop_flow.errors import Reason, Refused, reason

if TYPE_CHECKING:
    from ocop_flow.ports import UnitOfWork

Work = Callable[["UnitOfWork"], Any]

_YES = ("c", "co", "có", "y", "yes")


def write(ctx: click.Context, /, name: str, command: Any, work: Work, human: Human) -> None:
    """Carry out a command and print its answer.

    name     what the command is called, for the idempotency key
    command  a value with an ``act``; its content is what a repeated key is compared with
    work     the use case inside a transaction
    """
    emit(ctx, answer(desk(ctx), name, command, work, human), human)


def answer(table: Desk, name: str, command: Any, work: Work, human: Human) -> Any:
    """The answer of a command, as JSON prints it, so that a repeated key gets it again word for word."""
    from ocop_flow.service.office import carry_out

    def printed(uow: UnitOfWork) -> Any:
        return plain(work(uow), table.language)

    if asks(table):
        tried = carry_out(table.office, name, command, table.caller, printed, dry_run=True)
        _show(table, tried, human)
        ask(table, table.tr("You are {who}. Write this?", who=_who(table)))
    return carry_out(table.office, name, command, table.caller, printed, dry_run=table.dry_run)


def asks(table: Desk) -> bool:
    """Whether there is a person at a terminal to ask; machines, pipes, --yes and --dry-run are not asked."""
    return not (table.as_json or table.yes or table.dry_run) and sys.stdin.isatty() and sys.stderr.isatty()


def ask(table: Desk, question: str) -> None:
    """Ask once; raises Refused unless the answer is yes."""
    choices = "[c/K]" if table.language == "vi" else "[y/N]"
    if click.prompt(f"{question} {choices}", err=True, default="", show_default=False).strip().lower() not in _YES:
        raise Refused(reason("not_confirmed"))


def _who(table: Desk) -> str:
    handle = table.caller.known()
    with table.office.reader() as uow:
        person = uow.person(handle)
    return f"{person.name} ({handle})" if person else handle


def _show(table: Desk, tried: Any, human: Human) -> None:
    click.echo(table.tr("This would happen:"), err=True)
    human(tried)
    for item in tried.get("warnings", ()) if isinstance(tried, dict) else ():
        if isinstance(item, Reason):
            warn(table, item)
