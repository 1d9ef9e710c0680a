"""Records beside the state, whatever their group: how each is added, answered, listed and shown.

The commands of each group stand in a module of their own: promotions, inspections, complaints, authority letters.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from ocop_flow.cli.base import Desk, TranslatedOption, act_of, day, desk
from ocop_flow.cli.output import emit, label, lines, rows
from ocop_flow.cli.writing import write

Json = dict[str, Any]
_ANSWERED = {"complaint": "complaint answer", "letter": "letter answer", "inspection": "inspection close"}


def add(ctx: click.Context, /, group: str, subject: str, options: dict[str, Any]) -> None:
    """Record one of a group about a dossier or certificate; ``options`` are those of its command, facts among them."""
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


def answer(ctx: click.Context, /, group: str, record: str, options: dict[str, Any]) -> None:
    """Record what settled a record: the answer to a complaint or letter, the close of an inspection."""
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


def listing(ctx: click.Context, /, group: str, subject: str | None, unit: str | None) -> None:
    """The records of a group: of one dossier or certificate, below a unit, or all."""
    from ocop_flow import bootstrap
    from ocop_flow.service import beside_view
    from ocop_flow.service.desk import area_code

    table = desk(ctx)
    groups = bootstrap.beside_groups()
    with table.office.reader() as uow:
        unit = area_code(uow, unit, table.office.today)
        found = beside_view.listed(uow, groups, group, subject, unit)
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


file_option = click.option("--file", metavar="FILE", cls=TranslatedOption, help="The paper or picture itself.")
unit_option = click.option("--unit", metavar="CODE", cls=TranslatedOption, help="Only below this unit.")
reply_by_option = click.option("--reply-by", metavar="DATE", cls=TranslatedOption, help="Last day of the reply.")
within_option = click.option(
    "--within", metavar="WORDING", cls=TranslatedOption, help='Time for the reply as worded, e.g. "15 ngày làm việc".'
)
