"""The interactive mode: ``ocop work``."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from ocop_flow.cli.base import Command, Desk, desk
from ocop_flow.errors import InputInvalid, Unavailable, reason

if TYPE_CHECKING:
    from ocop_flow.tui.app import Work


@click.command(cls=Command, help="Work at the screen by keyboard: inbox, dossiers, moves and council sheets.")
@click.pass_context
def work(ctx: click.Context, /) -> int:
    table = desk(ctx)
    app = screens(table)
    if table.as_json or not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise InputInvalid(reason("terminal_missing"))
    app.run(mouse=False)
    return app.return_code or 0


def screens(table: Desk) -> Work:
    """The program of the screens, for the person at the keyboard.

    raises  Unavailable (the extra is not installed, no usable database), Refused (not logged in), NotFound
    """
    try:
        import textual  # noqa: F401
    except ImportError as error:
        raise Unavailable(reason("extra_missing", extra="tui", what="ocop work")) from error
    from ocop_flow.service.desk import person
    from ocop_flow.tui.app import Work
    from ocop_flow.tui.bench import Bench

    bench = Bench(table)
    handle = bench.caller().known()
    name = bench.read_as_is(lambda uow, _office, _caller: person(uow, handle).name)
    return Work(bench, f"{name} ({handle})")
