"""Plans: load, list, show, status, done, move."""

from __future__ import annotations

from typing import Any

import click

from ocop_flow.cli.base import Command, Desk, Group, TranslatedOption, WriteCommand, act_of, act_options, day, desk
from ocop_flow.cli.files import content
from ocop_flow.cli.output import emit, lines, rows, say, unit_text
from ocop_flow.cli.writing import write

Json = dict[str, Any]


@click.group(cls=Group, help="Plans, milestones and targets.")
def plan() -> None: ...


@plan.command("load", cls=WriteCommand, help="Record a plan from its file; every fault is listed by line.")
@click.argument("file")
@act_options
@click.pass_context
def load(ctx: click.Context, /, file: str, **options: Any) -> None:
    import hashlib
    from pathlib import Path

    from ocop_flow.service import plans

    table = desk(ctx)
    data = content(file)
    command = plans.Load(hashlib.sha256(data).hexdigest(), act_of(options))

    def human(v: Json) -> None:
        click.echo(click.style(f"{v['number']}  {unit_text(v['issuer'])}  {v['issued_on']}", bold=True))
        _milestones(table, v["milestones"])
        click.echo(table.tr("{count} targets.", count=len(v["targets"])))

    write(
        ctx,
        "plan load",
        command,
        lambda uow: plans.load(uow, table.office, table.caller, command, data, Path(file).name),
        human,
    )


def _milestones(table: Desk, milestones: list[Json]) -> None:
    rows(
        table,
        ["Milestone", "Due on", "As written", "Units", "Title"],
        [(m["id"], m["due_on"], m["wording"], _units(m["units"]), m["title"]) for m in milestones],
    )


def _units(units: list[Json]) -> str:
    """One or two units by name, more by their number."""
    return ", ".join(unit["name"] for unit in units) if len(units) < 3 else str(len(units))


@plan.command("list", cls=Command, help="Plans, the newest first.")
@click.pass_context
def list_(ctx: click.Context) -> None:
    from ocop_flow.service import plan_view

    table = desk(ctx)
    with table.office.reader() as uow:
        found = plan_view.plans(uow)
    emit(
        ctx,
        found,
        lambda value: rows(
            table,
            ["Plan", "Issuer", "Issued on", "Title"],
            [(i["identity"], unit_text(i["issuer"]), i["issued_on"], i["title"]) for i in value],
        ),
    )


@plan.command("show", cls=Command, help="One plan as it stands: milestones, targets, moves, what is done.")
@click.argument("number")
@click.pass_context
def show(ctx: click.Context, /, number: str) -> None:
    from ocop_flow.service import plan_view

    table = desk(ctx)
    with table.office.reader() as uow:
        found = plan_view.show(uow, number)

    def human(v: Json) -> None:
        click.echo(click.style(f"{v['identity']}  {v['title']}", bold=True))
        lines(
            table,
            [("Issuer", unit_text(v["issuer"])), ("Issued on", v["issued_on"]), ("Regime", v["regime"])],
        )
        _milestones(table, v["milestones"])
        for target in v["targets"]:
            click.echo(f"- {target['id']}: {target.get('title') or target['metric']}")
        for move in v["moves"]:
            click.echo(table.tr("{on}: {milestone} moved to “{wording}” by {decision}: {reason}", **move))
        for item in v["done"]:
            click.echo(table.tr("{on}: {milestone} done by {unit}", **item))

    emit(ctx, found, human)


@plan.command("status", cls=Command, help="How a plan stands on a day; --check exits with 1 if anything is late.")
@click.argument("number")
@click.option("--on", metavar="DATE", cls=TranslatedOption, help="As it stood at the end of this day.")
@click.option(
    "--check", is_flag=True, cls=TranslatedOption, help="Exit with 1 if a milestone is late or a target missed."
)
@click.pass_context
def status(ctx: click.Context, /, number: str, on: str | None, check: bool) -> int:
    from ocop_flow.service import plan_view

    table = desk(ctx)
    with table.office.reader() as uow:
        found = plan_view.plan_status(uow, table.office, number, day(on))
    emit(ctx, found, lambda value: _status(table, value))
    return 1 if check and not found["healthy"] else 0


def _status(table: Desk, value: Json) -> None:
    say(table, click.style(f"{value['number']}  {value['title']}  {value['on']}", bold=True))
    rows(
        table,
        ["Milestone", "Due on", "Status", "Done", "Behind", "Title"],
        [
            (m["id"], m["due_on"], table.tr(m["status"]), _share(m["units"]), _behind(m["units"]), m["title"])
            for m in value["milestones"]
        ],
    )
    if value["targets"]:
        rows(
            table,
            ["Target", "Wanted", "So far", "Met", "Title"],
            [
                (t["id"], _wanted(t["target"]), _actual(t["actual"]), _met(table, t["met"]), t["title"])
                for t in value["targets"]
            ],
        )


def _share(units: list[Json]) -> str:
    return f"{sum(unit['status'] == 'met' for unit in units)}/{len(units)}"


def _behind(units: list[Json]) -> str:
    """Names of the units that are late, or how many of them there are."""
    late = [unit["name"] for unit in units if unit["status"] == "late"]
    return ", ".join(late) if len(late) < 4 else str(len(late))


def _wanted(target: Json) -> str:
    signs = (("at_least", "≥"), ("at_most", "≤"), ("about", "≈"))
    wanted = " ".join(f"{sign} {target[key]}" for key, sign in signs if key in target)
    return wanted or _actual(target.get("distribution", {}))


def _actual(actual: Any) -> str:
    """A number, or the number of products at each rank."""
    return (
        ", ".join(f"{stars}★ {count}" for stars, count in actual.items()) if isinstance(actual, dict) else str(actual)
    )


def _met(table: Desk, met: bool | None) -> str:
    return table.tr("unknown") if met is None else table.tr("yes") if met else table.tr("no")


@plan.command("done", cls=WriteCommand, help="Report a milestone as done by a responsible unit.")
@click.argument("number")
@click.argument("milestone")
@click.option("--unit", metavar="CODE", cls=TranslatedOption, help="Responsible unit (default: the caller's own).")
@act_options
@click.pass_context
def done(ctx: click.Context, /, number: str, milestone: str, unit: str | None, **options: Any) -> None:
    from ocop_flow.service import plans

    table = desk(ctx)
    command = plans.Done(number, milestone, unit, act_of(options))

    def human(v: Json) -> None:
        click.echo(table.tr("{milestone}: done by {unit} on {done_on}.", **{**v, "unit": unit_text(v["unit"])}))
        if v["late_days"]:
            click.echo(table.tr("{late_days} days after {due_on}.", **v))

    write(ctx, "plan done", command, lambda uow: plans.done(uow, table.office, table.caller, command), human)


@plan.command("move", cls=WriteCommand, help="Give a milestone another time by a numbered decision.")
@click.argument("number")
@click.argument("milestone")
@click.argument("wording")
@click.option("--decision", required=True, metavar="NUMBER", cls=TranslatedOption, help="Number of the decision.")
@act_options
@click.pass_context
def move(ctx: click.Context, /, number: str, milestone: str, wording: str, decision: str, **options: Any) -> None:
    from ocop_flow.service import plans

    table = desk(ctx)
    command = plans.Move(number, milestone, wording, decision, act_of(options))
    write(
        ctx,
        "plan move",
        command,
        lambda uow: plans.move(uow, table.office, table.caller, command),
        lambda v: click.echo(table.tr("{milestone}: due on {due_on} instead of {due_before}.", **v)),
    )
