"""What would these points give?"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from ocop_flow.cli.base import Command, Group, TranslatedOption, day, desk
from ocop_flow.cli.output import emit, lines
from ocop_flow.cli.scoring import found_options
from ocop_flow.errors import InputInvalid, reason

Json = dict[str, Any]


@click.group(cls=Group, help="What would these points give?")
def rating() -> None: ...


@rating.command("check", cls=Command, help="Stars for points, part totals or a mean, without a dossier.")
@click.option("--regime", required=True, metavar="ID", cls=TranslatedOption, help="Regime.")
@click.option("--on", metavar="DATE", cls=TranslatedOption, help="Day of the sitting (default: today).")
@click.option("--product-set", metavar="ID", cls=TranslatedOption, help="Product set.")
@click.option(
    "--set", "answers", multiple=True, metavar="CRITERION=POINTS", cls=TranslatedOption, help="Points of a criterion."
)
@click.option("--parts", metavar="A,B,C", cls=TranslatedOption, help="Totals of the parts.")
@click.option("--mean", metavar="VALUE", cls=TranslatedOption, help="A mean total.")
@found_options
@click.option(
    "--sheet",
    metavar="FILE",
    cls=TranslatedOption,
    help="A filled sheet: workbook of one dossier, or a table of criterion and points.",
)
@click.pass_context
def check(ctx: click.Context, /, sheet: str | None, **options: Any) -> None:
    from ocop_flow.service import rating_check

    table = desk(ctx)
    if sheet is not None:
        from ocop_flow.tables import filledtable

        if options["answers"]:
            raise InputInvalid(reason("parts_or_criteria"))
        options["answers"] = filledtable.answers(Path(sheet))
    with table.office.reader() as uow:
        found = rating_check.check(uow, table.office, **{**options, "on": day(options["on"])})

    def human(v: Json) -> None:
        lines(
            table,
            [
                ("Total", v["total"]),
                ("Parts", ", ".join(f"{name} {value}" for name, value in (v["parts"] or {}).items())),
                ("Stars", v["stars"]),
                ("Stars by total alone", v["stars_by_total"]),
                ("Recognised by", v["recognised_by"]),
            ],
        )
        for item in v["limited_by"]:
            click.echo(table.tr("{star} stars need {needed} in {criterion}, reached: {reached}.", **item))

    emit(ctx, {**found, "warnings": found["reasons"]}, human)
