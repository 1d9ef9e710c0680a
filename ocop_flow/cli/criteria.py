"""Criteria that the program lacks: a form to fill in, taken back with every sum checked."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from ocop_flow.cli.base import Command, Group, TranslatedOption, WriteCommand, act_of, act_options, day, desk
from ocop_flow.cli.declaring import check_new, write_file
from ocop_flow.cli.evidence import reference
from ocop_flow.cli.output import emit
from ocop_flow.cli.writing import write
from ocop_flow.errors import InputInvalid, reason

Json = dict[str, Any]


@click.group(cls=Group, help="Criteria that the program lacks, typed in from Excel.")
def criteria() -> None: ...


@criteria.command("template", cls=Command, help="An Excel form for the criteria of a product set.")
@click.option("--regime", required=True, metavar="ID", cls=TranslatedOption, help="Regime.")
@click.option("--product-set", required=True, metavar="ID", cls=TranslatedOption, help="Product set.")
@click.option("--out", required=True, metavar="FILE", cls=TranslatedOption, help="New file, .xlsx.")
@click.pass_context
def template(ctx: click.Context, /, regime: str, product_set: str, out: str) -> None:
    from ocop_flow.service import criteria_typing
    from ocop_flow.tables import criteriaform

    table, path = desk(ctx), Path(out)
    if path.suffix.lower() != ".xlsx":
        raise InputInvalid(reason("target_kind_unknown", file=path.name, known=".xlsx"))
    check_new(path)
    with table.office.reader() as uow:
        parts = criteria_typing.regime_of(uow, table.office, regime).rating.parts
    write_file(path, criteriaform.template(regime, product_set, parts, table.language))
    emit(ctx, {"file": out, "regime": regime, "product_set": product_set}, lambda v: click.echo(v["file"]))


@criteria.command("load", cls=WriteCommand, help="Take criteria that a province typed in, after checking every sum.")
@click.argument("file")
@click.option("--unit", required=True, metavar="CODE", cls=TranslatedOption, help="Province.")
@click.option("--regime", required=True, metavar="ID", cls=TranslatedOption, help="Regime.")
@click.option("--product-set", required=True, metavar="ID", cls=TranslatedOption, help="Product set.")
@click.option(
    "--decision",
    required=True,
    metavar="NUMBER",
    cls=TranslatedOption,
    help="Number of the decision that takes them into use.",
)
@click.option(
    "--source", metavar="TEXT", cls=TranslatedOption, help="Where the text was read (default: as in the form)."
)
@click.option("--from", "since", metavar="DATE", cls=TranslatedOption, help="From this day (default: today).")
@act_options
@click.pass_context
def load(ctx: click.Context, /, file: str, regime: str, product_set: str, **options: Any) -> None:
    from ocop_flow.service import criteria_typing
    from ocop_flow.tables import criteriaform

    table = desk(ctx)
    with table.office.reader() as uow:
        parts = criteria_typing.regime_of(uow, table.office, regime).rating.parts
    tree = criteriaform.load(Path(file), parts, options["source"])
    if (tree.regime, tree.id) != (regime, product_set):
        given, wanted = f"{tree.regime}/{tree.id}", f"{regime}/{product_set}"
        raise InputInvalid(reason("criteria_of_another", file=file, given=given, wanted=wanted))
    command = criteria_typing.LoadCriteria(
        options["unit"],
        options["decision"],
        tree.document,
        reference(Path(file)),
        day(options["since"]),
        act_of(options),
    )
    write(
        ctx,
        "criteria load",
        command,
        lambda uow: criteria_typing.load(uow, table.office, table.caller, command),
        lambda v: click.echo(table.tr("{product_set}: {criteria} criteria, from {since}.", **v)),
    )
