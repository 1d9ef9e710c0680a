"""Councils: create, member, convene, score, close, list."""

from __future__ import annotations

from typing import Any

import click

from ocop_flow.cli.base import (
    Command,
    Group,
    TranslatedOption,
    WriteCommand,
    act_of,
    act_options,
    desk,
    several,
)
from ocop_flow.cli.files import content
from ocop_flow.cli.output import emit, lines, rows
from ocop_flow.cli.writing import write

Json = dict[str, Any]


@click.group(cls=Group, help="Councils, sittings, scores and results.")
def council() -> None: ...


@council.command("create", cls=WriteCommand, help="Set up a council of a unit by a numbered decision.")
@click.option("--unit", required=True, metavar="CODE", cls=TranslatedOption, help="Unit of the council.")
@click.option("--decision", required=True, metavar="NUMBER", cls=TranslatedOption, help="Number of the decision.")
@click.option("--round", "round_", required=True, type=int, metavar="N", cls=TranslatedOption, help="Round.")
@click.option("--year", required=True, type=int, metavar="YEAR", cls=TranslatedOption, help="Year of the cycle.")
@click.option("--rules", metavar="FILE", cls=TranslatedOption, help="The council's own working rules.")
@act_options
@click.pass_context
def create(
    ctx: click.Context, /, unit: str, decision: str, round_: int, year: int, rules: str | None, **options: Any
) -> None:
    from ocop_flow.service import councils

    table = desk(ctx)
    own = _rules(rules) if rules else {}
    command = councils.Create(unit, decision, round_, year, own, act_of(options))
    write(
        ctx,
        "council create",
        command,
        lambda uow: councils.create(uow, table.office, table.caller, command),
        lambda v: click.echo(f"{v['code']}  {v['unit']['name']}  {v['decision']}"),
    )


def _rules(file: str) -> dict[str, Any]:
    """A council's own rules: quorum {members: n} or {share: [p, q]}, spread_at_most, chair_present."""
    from ocop_flow import yamlfile
    from ocop_flow.errors import InputInvalid, reason

    found = yamlfile.read(content(file), file).data
    known = {"quorum", "spread_at_most", "chair_present", "sittings", "substitutes_score"}
    if not isinstance(found, dict) or set(found) - known:
        raise InputInvalid(reason("rules_unreadable", file=file))
    return found


@council.command("member", cls=WriteCommand, help="Name a member of a council.")
@click.argument("code", metavar="COUNCIL")
@click.argument("handle")
@click.option(
    "--role", required=True, metavar="ROLE", cls=TranslatedOption, help="Seat: council_chair, council_member, …"
)
@act_options
@click.pass_context
def member(ctx: click.Context, /, code: str, handle: str, role: str, **options: Any) -> None:
    from ocop_flow.service import councils

    table = desk(ctx)
    command = councils.SeatMember(code, handle, role, act_of(options))
    write(
        ctx,
        "council member",
        command,
        lambda uow: councils.seat(uow, table.office, table.caller, command),
        lambda v: click.echo(f"{v['council']}: {v['member']} {v['role']}"),
    )


@council.command("convene", cls=WriteCommand, help="Hold a sitting: who is present, which dossiers are before it.")
@click.argument("code", metavar="COUNCIL")
@click.option("--present", required=True, metavar="HANDLE,…", cls=TranslatedOption, help="Handles of those present.")
@click.option("--dossiers", "dossiers_", required=True, metavar="DOSSIER,…", cls=TranslatedOption, help="Dossiers.")
@act_options
@click.pass_context
def convene(ctx: click.Context, /, code: str, present: str, dossiers_: str, **options: Any) -> None:
    from ocop_flow.service import councils

    table = desk(ctx)
    command = councils.Convene(code, several(present), several(dossiers_), act_of(options))
    write(
        ctx,
        "council convene",
        command,
        lambda uow: councils.convene(uow, table.office, table.caller, command),
        lambda v: click.echo(
            table.tr("Sitting {sitting}: {present} of {members} members present.", sitting=v["sitting"], **v["quorum"])
        ),
    )


@council.command("score", cls=WriteCommand, help="Key one member's sheet for one dossier, by parts or by criteria.")
@click.argument("sitting")
@click.argument("code", metavar="DOSSIER")
@click.option("--member", "member_", required=True, metavar="HANDLE", cls=TranslatedOption, help="Whose sheet.")
@click.option("--parts", metavar="A,B,C", cls=TranslatedOption, help="Totals of the parts.")
@click.option(
    "--set",
    "answers",
    multiple=True,
    metavar="CRITERION=POINTS[:CASE]",
    cls=TranslatedOption,
    help="Points of a criterion.",
)
@act_options
@click.pass_context
def score(
    ctx: click.Context,
    /,
    sitting: str,
    code: str,
    member_: str,
    parts: str | None,
    answers: tuple[str, ...],
    **options: Any,
) -> None:
    from ocop_flow.service import councils

    table = desk(ctx)
    command = councils.ScoreSheet(sitting, code, member_, parts, answers, act_of(options))
    write(
        ctx,
        "council score",
        command,
        lambda uow: councils.score(uow, table.office, table.caller, command),
        lambda v: click.echo(table.tr("{dossier}: {member} {total} points.", **v)),
    )


@council.command("close", cls=WriteCommand, help="Close a sitting for a dossier: the exact mean and its stars.")
@click.argument("sitting")
@click.argument("code", metavar="DOSSIER")
@click.option(
    "--condition",
    "conditions",
    multiple=True,
    metavar="ID=met|missed",
    cls=TranslatedOption,
    help="Whether a star minimum is met.",
)
@act_options
@click.pass_context
def close(ctx: click.Context, /, sitting: str, code: str, conditions: tuple[str, ...], **options: Any) -> None:
    from ocop_flow.service import councils

    table = desk(ctx)
    command = councils.Close(sitting, code, conditions, act_of(options))

    def human(v: Json) -> None:
        lines(
            table,
            [
                ("Mean total", f"{v['mean_decimal']} ({v['mean_total']})"),
                ("Stars", v["stars"]),
                ("Stars by total alone", v["stars_by_total"]),
                ("Spread", v["spread"]),
                ("Next", ", ".join(v["next"])),
            ],
        )

    write(ctx, "council close", command, lambda uow: councils.close(uow, table.office, table.caller, command), human)


@council.command("list", cls=Command, help="Councils.")
@click.pass_context
def list_(ctx: click.Context) -> None:
    from ocop_flow.service import lists

    table = desk(ctx)
    with table.office.reader() as uow:
        found = lists.councils(uow)
    columns = ("code", "unit_name", "tier", "decision", "round", "year")
    emit(
        ctx,
        found,
        lambda value: rows(
            table, ["Code", "Unit", "Tier", "Decision", "Round", "Year"], [[i[c] for c in columns] for i in value]
        ),
    )
