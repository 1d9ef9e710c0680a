"""Registers for any days, printable on A4."""

from __future__ import annotations

from typing import Any

import click

from ocop_flow.cli.base import Command, TranslatedOption, day, desk
from ocop_flow.cli.files import written
from ocop_flow.cli.output import emit
from ocop_flow.errors import InputInvalid, reason

NAMES = ("intake", "certificates", "expiry")


@click.command(
    cls=Command,
    help="Registers for any days, printable on A4: what was taken in, certificates issued, certificates that end.",
)
@click.argument("name", metavar="|".join(NAMES), type=click.Choice(NAMES))
@click.option("--unit", required=True, metavar="CODE", cls=TranslatedOption, help="Of this unit's area.")
@click.option("--from", "since", metavar="DATE", cls=TranslatedOption, help="First day (default: of this year).")
@click.option("--to", "until", metavar="DATE", cls=TranslatedOption, help="Last day (default: today; ends: a year).")
@click.option("--out", required=True, metavar="FILE", cls=TranslatedOption, help="Where to write it: .docx or .xlsx.")
@click.pass_context
def register(ctx: click.Context, /, name: str, unit: str, since: str | None, until: str | None, out: str) -> None:
    from pathlib import Path

    from ocop_flow.cli.declaring import check_new
    from ocop_flow.papers import register as papers
    from ocop_flow.service import registers
    from ocop_flow.service.heads import head_code

    ending = Path(out).suffix.lower()
    if ending not in (".docx", ".xlsx"):
        raise InputInvalid(reason("format_unknown", file=out, known=".docx, .xlsx"))
    check_new(Path(out))
    table = desk(ctx)
    with table.office.reader() as uow:
        found = registers.register(uow, table.office, name, unit, day(since), day(until))
        head = head_code(uow)
    written(out, papers.as_docx(found, head) if ending == ".docx" else papers.as_xlsx(found))
    emit(ctx, {**found, "file": out}, lambda value: _told(ctx, value))


def _told(ctx: click.Context, value: Any) -> None:
    click.echo(desk(ctx).tr("{count} lines in {file}", count=len(value["lines"]), file=value["file"]))
