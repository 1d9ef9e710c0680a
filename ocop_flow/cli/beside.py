"""What stands beside the state: promotion, inspections, complaints, letters, disputes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from ocop_flow.cli.base import Command, Desk, Group, TranslatedOption, WriteCommand, act_of, act_options, day, desk
from ocop_flow.cli.output import emit, label, lines, rows
from ocop_flow.cli.writing import write

Json = dict[str, Any]
_ANSWERED = {"complaint": "complaint answer", "letter": "letter answer", "inspection": "inspection close"}


def _add(ctx: click.Context, /, group: str, subject: str, options: dict[str, Any]) -> None:
    from ocop_flow import bootstrap
    from ocop_flow.cli.evidence import reference
    from ocop_flow.service import beside

    table, act = desk(ctx), act_of(options)
    kind, file = options.pop("kind"), options.pop("file")
    by, within = day(options.pop("reply_by", None)), options.pop("within", None)
    facts = {name.removesuffix("_"): text for name, text in options.items() if text is not None}
    groups = bootstrap.beside_groups()
    command = beside.Add(subject, group, kind, facts, by, within, reference(Path(file)) if file else None, act)
    write(
        ctx,
        f"{group} add",
        command,
        lambda uow: beside.add(uow, table.office, table.caller, groups, command),
        lambda v: _show(table, v),
    )


def _answer(ctx: click.Context, /, group: str, record: str, options: dict[str, Any]) -> None:
    from ocop_flow import bootstrap
    from ocop_flow.cli.evidence import reference
    from ocop_flow.service import beside

    table, act = desk(ctx), act_of(options)
    file = options.pop("file")
    facts = {name: text for name, text in options.items() if text is not None}
    groups = bootstrap.beside_groups()
    command = beside.Answer(record, group, facts, reference(Path(file)) if file else None, act)
    write(
        ctx,
        _ANSWERED[group],
        command,
        lambda uow: beside.answer(uow, table.office, table.caller, groups, command),
        lambda v: _show(table, v),
    )


def _list(ctx: click.Context, /, group: str, subject: str | None, unit: str | None) -> None:
    from ocop_flow import bootstrap
    from ocop_flow.service import beside
    from ocop_flow.service.desk import area_code

    table = desk(ctx)
    groups = bootstrap.beside_groups()
    with table.office.reader() as uow:
        unit = area_code(uow, unit, table.office.today)
        found = beside.listed(uow, table.office, groups, group, subject, unit)
    facts = groups[group].facts

    def human(value: list[Json]) -> None:
        rows(
            table,
            ["Record", "Day", "Of", "Kind", *(label(table, fact.label) for fact in facts), "Due on", "Settled"],
            [
                (
                    item["id"],
                    item["on"],
                    item["subject"],
                    label(table, item["kind_label"]),
                    *(_fact(table, fact.type, fact.name, item) for fact in facts),
                    item["due_on"],
                    item["settled_on"],
                )
                for item in value
            ],
        )
        total = sum(int(item["facts"].get("cost", 0)) for item in value)
        if total:
            click.echo(table.tr("Cost in all: {sum} VND", sum=_grouped(str(total))))

    emit(ctx, found, human)


def _fact(table: Desk, kind: str, name: str, item: Json) -> str | None:
    """A fact of a record as people read it."""
    value: str | None = item["facts"].get(name)
    if value and kind == "money":
        return _grouped(value)
    return label(table, item["cause_label"]) if value and kind == "cause" and item["cause_label"] else value


def _grouped(digits: str) -> str:
    """``12500000`` as ``12.500.000``."""
    return f"{int(digits):,}".replace(",", ".")


def _show(table: Desk, v: Json) -> None:
    from ocop_flow import bootstrap

    group = bootstrap.beside_groups()[v["group"]]
    click.echo(click.style(f"{v['id']}  {label(table, v['kind_label'])}", bold=True))
    lines(
        table,
        [
            ("Of", v["subject"]),
            ("Day", v["on"]),
            *((label(table, fact.label), _fact(table, fact.type, fact.name, v)) for fact in group.facts),
            ("File", v["file"]),
            ("Due on", v["due_on"]),
            ("Settled", v["settled_on"]),
            *((label(table, fact.label), (v["answer"] or {}).get(fact.name)) for fact in group.answer),
        ],
    )


_FILE = click.option("--file", metavar="FILE", cls=TranslatedOption, help="The paper or picture itself.")
_UNIT = click.option("--unit", metavar="CODE", cls=TranslatedOption, help="Only below this unit.")
_REPLY_BY = click.option("--reply-by", metavar="DATE", cls=TranslatedOption, help="Last day of the reply.")
_WITHIN = click.option(
    "--within", metavar="WORDING", cls=TranslatedOption, help='Time for the reply as worded, e.g. "15 ngày làm việc".'
)


# --- promotion --------------------------------------------------------------------------------------------------------


@click.group(cls=Group, help="Trade promotion of a product: fairs, shops, e-commerce, media, mark, support, rewards.")
def promotion() -> None: ...


@promotion.command("add", cls=WriteCommand, help="Record one promotion, with place, cost and result.")
@click.argument("subject", metavar="DOSSIER|NUMBER")
@click.option(
    "--kind",
    required=True,
    metavar="KIND",
    cls=TranslatedOption,
    help="fair, shop, e_commerce, media, mark_use, support or reward; or its label.",
)
@click.option("--place", metavar="TEXT", cls=TranslatedOption, help="Where.")
@click.option("--cost", metavar="VND", cls=TranslatedOption, help="Cost, or what was paid, in whole VND.")
@click.option("--result", metavar="TEXT", cls=TranslatedOption, help="What came of it.")
@_FILE
@act_options
@click.pass_context
def promotion_add(ctx: click.Context, /, subject: str, **options: Any) -> None:
    _add(ctx, "promotion", subject, options)


@promotion.command("list", cls=Command, help="Promotions of a dossier or certificate, below a unit, or all.")
@click.argument("subject", required=False, metavar="[DOSSIER|NUMBER]")
@_UNIT
@click.pass_context
def promotion_list(ctx: click.Context, /, subject: str | None, unit: str | None) -> None:
    _list(ctx, "promotion", subject, unit)


# --- inspection -------------------------------------------------------------------------------------------------------


@click.group(cls=Group, help="Inspections after recognition: samples, findings, conclusions.")
def inspection() -> None: ...


@inspection.command(
    "add",
    cls=WriteCommand,
    help="Record an inspection with its findings.\n\n"
    "With --concludes the decision to revoke is a duty with its day, until it is made or the matter is closed.",
)
@click.argument("subject", metavar="DOSSIER|NUMBER")
@click.option(
    "--kind", default="periodic", metavar="KIND", cls=TranslatedOption, help="periodic or surprise; or its label."
)
@click.option("--sample", metavar="TEXT", cls=TranslatedOption, help="Sample taken.")
@click.option("--findings", metavar="TEXT", cls=TranslatedOption, help="What was found.")
@click.option(
    "--concludes", metavar="a..f|ID", cls=TranslatedOption, help="Concludes on a breach: the ground for revocation."
)
@_FILE
@act_options
@click.pass_context
def inspection_add(ctx: click.Context, /, subject: str, **options: Any) -> None:
    _add(ctx, "inspection", subject, options)


@inspection.command("close", cls=WriteCommand, help="Close an inspection, or a conclusion that leads to no revocation.")
@click.argument("record")
@click.option("--result", metavar="TEXT", cls=TranslatedOption, help="What came of it.")
@_FILE
@act_options
@click.pass_context
def inspection_close(ctx: click.Context, /, record: str, **options: Any) -> None:
    _answer(ctx, "inspection", record, options)


@inspection.command("list", cls=Command, help="Inspections of a dossier or certificate, below a unit, or all.")
@click.argument("subject", required=False, metavar="[DOSSIER|NUMBER]")
@_UNIT
@click.pass_context
def inspection_list(ctx: click.Context, /, subject: str | None, unit: str | None) -> None:
    _list(ctx, "inspection", subject, unit)


# --- complaint --------------------------------------------------------------------------------------------------------


@click.group(cls=Group, help="Complaints and what was answered.")
def complaint() -> None: ...


@complaint.command("add", cls=WriteCommand, help="Record a complaint; its reply is a duty with its day.")
@click.argument("subject", metavar="DOSSIER|NUMBER")
@click.option(
    "--kind",
    default="complaint",
    metavar="KIND",
    cls=TranslatedOption,
    help="complaint, denunciation or petition; or its label.",
)
@click.option("--about", metavar="TEXT", cls=TranslatedOption, help="What it is about.")
@click.option("--from", "from_", metavar="NAME", cls=TranslatedOption, help="Who complains (kept sealed).")
@click.option("--contact", metavar="TEXT", cls=TranslatedOption, help="How to reach them (kept sealed).")
@_REPLY_BY
@_WITHIN
@_FILE
@act_options
@click.pass_context
def complaint_add(ctx: click.Context, /, subject: str, **options: Any) -> None:
    _add(ctx, "complaint", subject, options)


@complaint.command("answer", cls=WriteCommand, help="Record what was answered.")
@click.argument("record")
@click.option("--result", metavar="TEXT", cls=TranslatedOption, help="What was answered.")
@click.option("--number", metavar="NUMBER", cls=TranslatedOption, help="Number of the reply.")
@_FILE
@act_options
@click.pass_context
def complaint_answer(ctx: click.Context, /, record: str, **options: Any) -> None:
    _answer(ctx, "complaint", record, options)


@complaint.command("list", cls=Command, help="Complaints about a dossier or certificate, below a unit, or all.")
@click.argument("subject", required=False, metavar="[DOSSIER|NUMBER]")
@_UNIT
@click.pass_context
def complaint_list(ctx: click.Context, /, subject: str | None, unit: str | None) -> None:
    _list(ctx, "complaint", subject, unit)


# --- letter -----------------------------------------------------------------------------------------------------------


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
@_REPLY_BY
@_WITHIN
@_FILE
@act_options
@click.pass_context
def letter_add(ctx: click.Context, /, subject: str, **options: Any) -> None:
    _add(ctx, "letter", subject, options)


@letter.command("answer", cls=WriteCommand, help="Record what was answered.")
@click.argument("record")
@click.option("--result", metavar="TEXT", cls=TranslatedOption, help="What was answered.")
@click.option("--number", metavar="NUMBER", cls=TranslatedOption, help="Number of the reply.")
@_FILE
@act_options
@click.pass_context
def letter_answer(ctx: click.Context, /, record: str, **options: Any) -> None:
    _answer(ctx, "letter", record, options)


@letter.command("list", cls=Command, help="Letters about a dossier or certificate, below a unit, or all.")
@click.argument("subject", required=False, metavar="[DOSSIER|NUMBER]")
@_UNIT
@click.pass_context
def letter_list(ctx: click.Context, /, subject: str | None, unit: str | None) -> None:
    _list(ctx, "letter", subject, unit)


# --- dispute ----------------------------------------------------------------------------------------------------------


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
