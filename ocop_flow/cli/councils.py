"""Councils: set up, seated, convened; what their sittings score stands in ``cli.scoring``."""

from __future__ import annotations

from typing import Any

import click

from ocop_flow.cli.base import (
    YEAR,
    Command,
    Desk,
    Group,
    TranslatedOption,
    Whole,
    WriteCommand,
    act_of,
    act_options,
    day,
    desk,
    several,
)
from ocop_flow.cli.files import content
from ocop_flow.cli.output import emit, lines, rows, word
from ocop_flow.cli.score_books import grid, sheet
from ocop_flow.cli.scoring import again, assess, close, compare, minutes, score
from ocop_flow.cli.writing import write

Json = dict[str, Any]
_ROUND = Whole(most=9999)


@click.group(cls=Group, help="Councils, sittings, scores and results.")
def council() -> None: ...


@council.command("create", cls=WriteCommand, help="Set up a council of a unit by a numbered decision.")
@click.option("--unit", required=True, metavar="CODE", cls=TranslatedOption, help="Unit of the council.")
@click.option("--decision", required=True, metavar="NUMBER", cls=TranslatedOption, help="Number of the decision.")
@click.option("--round", "round_", required=True, type=_ROUND, metavar="N", cls=TranslatedOption, help="Round.")
@click.option("--year", required=True, type=YEAR, metavar="YEAR", cls=TranslatedOption, help="Year of the cycle.")
@click.option("--rules", metavar="FILE", cls=TranslatedOption, help="The council's own working rules.")
@act_options
@click.pass_context
def create(
    ctx: click.Context, /, unit: str, decision: str, round_: int, year: int, rules: str | None, **options: Any
) -> None:
    from ocop_flow import councilrules
    from ocop_flow.service import councils

    table = desk(ctx)
    own = councilrules.read(content(rules), rules) if rules else {}
    command = councils.Create(unit, decision, round_, year, own, act_of(options))
    write(
        ctx,
        "council create",
        command,
        lambda uow: councils.create(uow, table.office, table.caller, command),
        lambda v: click.echo(f"{v['code']}  {v['unit']['name']}  {v['decision']}"),
    )


@council.command("member", cls=WriteCommand, help="Name a member of a council, or a substitute for one.")
@click.argument("code", metavar="COUNCIL")
@click.argument("handle")
@click.option("--role", metavar="ROLE", cls=TranslatedOption, help="Seat: council_chair, council_member, …")
@click.option("--post", metavar="TEXT", cls=TranslatedOption, help="Post to which the seat belongs.")
@click.option("--for", "stands_for", metavar="HANDLE", cls=TranslatedOption, help="Member whose seat is taken.")
@click.option("--instead-of", metavar="HANDLE", cls=TranslatedOption, help="Member who leaves and passes the seat on.")
@click.option("--decision", metavar="NUMBER", cls=TranslatedOption, help="Number of the authorisation or decision.")
@click.option("--until", metavar="DATE", cls=TranslatedOption, help="Last day of the authorisation.")
@act_options
@click.pass_context
def member(ctx: click.Context, /, code: str, handle: str, until: str | None, **options: Any) -> None:
    from ocop_flow.service import councils

    table = desk(ctx)
    act = act_of(options)
    command = councils.SeatMember(code, handle, act=act, until=day(until), **options)
    write(
        ctx,
        "council member",
        command,
        lambda uow: councils.seat(uow, table.office, table.caller, command),
        lambda v: click.echo(_seated(table, v)),
    )


def _seated(table: Desk, v: Json) -> str:
    """Who sits as what, and whose place that was."""
    parts = [f"{v['council']}: {v['member']} {word(table, v['role'])}"]
    parts += [table.tr("in the place of {name} ({login})", **v["instead_of"])] if "instead_of" in v else []
    return ", ".join(parts)


@council.command("interest", cls=WriteCommand, help="Declare a member's interest in a dossier: it is not scored then.")
@click.argument("code", metavar="COUNCIL")
@click.argument("handle")
@click.option("--dossier", required=True, metavar="DOSSIER", cls=TranslatedOption, help="Dossier.")
@act_options
@click.pass_context
def interest(ctx: click.Context, /, code: str, handle: str, dossier: str, **options: Any) -> None:
    from ocop_flow.service import councils

    table = desk(ctx)
    command = councils.DeclareInterest(code, handle, dossier, act_of(options))
    write(
        ctx,
        "council interest",
        command,
        lambda uow: councils.declare_interest(uow, table.office, table.caller, command),
        lambda v: click.echo(table.tr("{member} does not score {dossier}.", **v)),
    )


@council.command("convene", cls=WriteCommand, help="Hold a sitting: who is present, which dossiers are before it.")
@click.argument("code", metavar="COUNCIL")
@click.option("--present", required=True, metavar="HANDLE,…", cls=TranslatedOption, help="Handles of those present.")
@click.option("--dossiers", "dossiers_", required=True, metavar="DOSSIER,…", cls=TranslatedOption, help="Dossiers.")
@click.option(
    "--written/--meeting",
    default=None,
    cls=TranslatedOption,
    help="By written opinions, or in a meeting; otherwise as the rules foresee for these dossiers.",
)
@act_options
@click.pass_context
def convene(
    ctx: click.Context, /, code: str, present: str, dossiers_: str, written: bool | None, **options: Any
) -> None:
    from ocop_flow.service import sittings

    table = desk(ctx)
    manner = None if written is None else "written" if written else "meeting"
    command = sittings.Convene(code, several(present), several(dossiers_), act_of(options), manner)
    write(
        ctx,
        "council convene",
        command,
        lambda uow: sittings.convene(uow, table.office, table.caller, command),
        lambda v: click.echo(
            table.tr(
                "Sitting {sitting} ({manner}): {present} of {members} members present.",
                sitting=v["sitting"],
                manner=word(table, v["manner"]),
                **v["quorum"],
            )
        ),
    )


@council.command("show", cls=Command, help="A council: its rules, seats, interests and sittings.")
@click.argument("code", metavar="COUNCIL")
@click.pass_context
def show(ctx: click.Context, /, code: str) -> None:
    from ocop_flow.service import council_view

    table = desk(ctx)
    with table.office.reader() as uow:
        found = council_view.council(uow, code)
    emit(ctx, found, lambda v: _show(table, v))


def _show(table: Desk, v: Json) -> None:
    lines(
        table,
        [
            ("Council", v["code"]),
            ("Unit", f"{v['unit']['name']} ({v['unit']['code']})"),
            ("Decision", v["decision"]),
            ("Round", f"{v['round']}/{v['year']}"),
            ("Rules", "; ".join(f"{name}: {value}" for name, value in v["rules"].items())),
        ],
    )
    seats = [[i["name"], word(table, i["role"]), i["post"], i["stands_for"], i["decision"]] for i in v["seats"]]
    rows(table, ["Name", "Role", "Post", "Stands in for", "Authorisation"], seats)
    if v["interests"]:
        listed = [[i["name"], i["dossier"], i["on"], i["reason"]] for i in v["interests"]]
        rows(table, ["Interest of", "Dossier", "Day", "Reason"], listed)
    held = [
        [i["code"], i["on"], word(table, i["manner"]), len(i["present"]), len(i["dossiers"])] for i in v["sittings"]
    ]
    rows(table, ["Sitting", "Day", "Manner", "Present", "Dossiers"], held, empty="No sitting yet.")


for command in (sheet, grid, score, assess, again, close, compare, minutes):
    council.add_command(command)


@council.command("list", cls=Command, help="Councils.")
@click.pass_context
def list_(ctx: click.Context) -> None:
    from ocop_flow.service import lists

    table = desk(ctx)
    with table.office.reader() as uow:
        found = lists.councils(uow)
    emit(
        ctx,
        found,
        lambda value: rows(
            table,
            ["Code", "Unit", "Tier", "Decision", "Round", "Year"],
            [(i["code"], i["unit_name"], word(table, i["tier"]), i["decision"], i["round"], i["year"]) for i in value],
        ),
    )
