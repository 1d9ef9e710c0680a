"""Commands of a sitting: score, score again, close, compare, minutes; they belong to ``ocop council``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from ocop_flow.cli.base import Command, Desk, TranslatedOption, WriteCommand, act_of, act_options, desk, pairs
from ocop_flow.cli.output import emit, label, lines, rows, warn, word
from ocop_flow.cli.writing import write
from ocop_flow.errors import InputInvalid, reason

Json = dict[str, Any]


def points_options(function: Any) -> Any:
    """--parts or --set, with what stands beside the points."""
    for option in reversed(
        (
            click.option("--parts", metavar="A,B,C", cls=TranslatedOption, help="Totals of the parts."),
            click.option(
                "--set",
                "answers",
                multiple=True,
                metavar="CRITERION=POINTS[:CASE]",
                cls=TranslatedOption,
                help="Points of a criterion.",
            ),
            click.option(
                "--remark",
                "opinions",
                multiple=True,
                metavar="CRITERION=TEXT",
                cls=TranslatedOption,
                help="Opinion on a criterion.",
            ),
            click.option(
                "--cite",
                "cited",
                multiple=True,
                metavar="CRITERION=TEXT",
                cls=TranslatedOption,
                help="Evidence cited for a criterion.",
            ),
            click.option("--opinion", metavar="TEXT", cls=TranslatedOption, help="Opinion on the whole."),
            click.option("--doc", "--file", "scan", metavar="FILE", cls=TranslatedOption, help="Scan of the paper."),
        )
    ):
        function = option(function)
    return function


def found_options(function: Any) -> Any:
    """--condition and --knock-out: what the points do not show, minima met or missed and grounds to reject."""
    for option in reversed(
        (
            click.option(
                "--condition",
                "conditions",
                multiple=True,
                metavar="ID=met|missed",
                cls=TranslatedOption,
                help="Whether a star minimum is met.",
            ),
            click.option(
                "--knock-out",
                "knock_outs",
                multiple=True,
                metavar="ID",
                cls=TranslatedOption,
                help="Ground found to reject or stop, by its number or criterion.",
            ),
        )
    ):
        function = option(function)
    return function


def typed_points(options: dict[str, Any]) -> dict[str, Any]:
    """Take what ``points_options`` read out of a command's keyword arguments."""
    from ocop_flow.cli.evidence import reference

    scan = options.pop("scan")
    return {
        "parts": options.pop("parts"),
        "answers": options.pop("answers"),
        "opinions": pairs(options.pop("opinions")),
        "cited": pairs(options.pop("cited")),
        "opinion": options.pop("opinion"),
        "scan": reference(Path(scan)) if scan else None,
    }


@click.command("score", cls=WriteCommand, help="Key sheets: one by parts or criteria, a workbook, or a grid.")
@click.argument("sitting")
@click.argument("code", metavar="[DOSSIER]", required=False)
@click.option("--member", "member_", metavar="HANDLE", cls=TranslatedOption, help="Whose sheet.")
@points_options
@click.option("--sheet", "book", metavar="FILE", cls=TranslatedOption, help="A member's workbook, filled in.")
@click.option("--grid", metavar="FILE", cls=TranslatedOption, help="The secretary's grid of the dossier, filled in.")
@click.option("--paper-total", metavar="VALUE", cls=TranslatedOption, help="Total written on the signed sheet.")
@act_options
@click.pass_context
def score(
    ctx: click.Context,
    /,
    sitting: str,
    code: str | None,
    member_: str | None,
    paper_total: str | None,
    book: str | None,
    grid: str | None,
    **options: Any,
) -> None:
    from ocop_flow.cli.score_books import take_grid, take_workbook
    from ocop_flow.service import scoring

    table = desk(ctx)
    typed = bool(options["parts"] or options["answers"])
    if sum((typed, book is not None, grid is not None)) > 1:
        raise InputInvalid(reason("parts_or_criteria"))
    if member_ is None and grid is None and book is None:
        raise click.UsageError(table.tr("Name whose sheet it is: --member HANDLE."), ctx)
    if code is None and book is None:
        raise click.UsageError(table.tr("Name the dossier."), ctx)
    if grid is not None:
        take_grid(ctx, sitting, str(code), grid, options["scan"], act_of(options))
        return
    if book is not None:
        take_workbook(ctx, sitting, code, member_, book, options["scan"], act_of(options))
        return
    points = typed_points(options)
    command = scoring.ScoreSheet(
        sitting, str(code), str(member_), act=act_of(options), paper_total=paper_total, **points
    )
    write(
        ctx,
        "council score",
        command,
        lambda uow: scoring.score(uow, table.office, table.caller, command),
        lambda v: click.echo(table.tr("{dossier}: {member} {total} points.", **v)),
    )


@click.command("assess", cls=WriteCommand, help="Record what the entity, commune, district or advisory team gave.")
@click.argument("code", metavar="DOSSIER")
@click.option(
    "--source",
    required=True,
    metavar="entity|commune|district|team",
    cls=TranslatedOption,
    help="Whose points: entity, commune, district or team.",
)
@points_options
@act_options
@click.pass_context
def assess(ctx: click.Context, /, code: str, source: str, **options: Any) -> None:
    from ocop_flow.service import assessing

    table = desk(ctx)
    points = typed_points(options)
    command = assessing.Assess(code, source, act=act_of(options), **points)
    write(
        ctx,
        "council assess",
        command,
        lambda uow: assessing.assess(uow, table.office, table.caller, command),
        lambda v: click.echo(f"{v['dossier']}: {word(table, v['source'])} {v['total']}"),
    )


@click.command("again", cls=WriteCommand, help="After discussion, score one dossier of a sitting again.")
@click.argument("sitting")
@click.argument("code", metavar="DOSSIER")
@act_options
@click.pass_context
def again(ctx: click.Context, /, sitting: str, code: str, **options: Any) -> None:
    from ocop_flow.service import sittings

    table = desk(ctx)
    command = sittings.ScoreAgain(sitting, code, act_of(options))
    write(
        ctx,
        "council again",
        command,
        lambda uow: sittings.score_again(uow, table.office, table.caller, command),
        lambda v: click.echo(table.tr("{dossier}: turn {turn} of scoring; key every sheet anew.", **v)),
    )


@click.command("close", cls=WriteCommand, help="Close a sitting for a dossier, or for all: the mean and its stars.")
@click.argument("sitting")
@click.argument("code", metavar="[DOSSIER]", required=False)
@found_options
@click.option(
    "--as-decided", is_flag=True, cls=TranslatedOption, help="Although adopted rules of the council are missed."
)
@click.option("--decision", metavar="NUMBER", cls=TranslatedOption, help="Number of the signed document.")
@act_options
@click.pass_context
def close(ctx: click.Context, /, sitting: str, code: str | None, **options: Any) -> None:
    from ocop_flow.service import results

    table = desk(ctx)
    act = act_of(options)
    if code is None and options["knock_outs"]:
        raise InputInvalid(reason("knock_out_of_which"))
    signed = {"as_decided": options["as_decided"], "decision": options["decision"]}
    command = results.Close(sitting, code, options["conditions"], act, options["knock_outs"], **signed)

    def human(v: Any) -> None:
        if isinstance(v, list):
            _results(table, v)
        else:
            _result(table, v)

    write(ctx, "council close", command, lambda uow: results.close(uow, table.office, table.caller, command), human)


def _result(table: Desk, v: Json) -> None:
    lines(
        table,
        [
            ("Mean total", f"{v['mean_decimal']} ({v['mean_total']})"),
            ("Stars", v["stars"]),
            ("Stars by total alone", v["stars_by_total"]),
            ("Spread", v["spread"]),
            ("Next", ", ".join(f"{label(table, each['label'])} [{each['action']}]" for each in v["next_actions"])),
        ],
    )
    for item in v["limited_by"]:
        click.echo(table.tr("{star} stars need {needed} in {criterion}, reached: {reached}.", **item))


def _results(table: Desk, found: list[Json]) -> None:
    columns = ["Dossier", "Mean total", "Stars", "Stars by total alone", "Spread"]
    rows(
        table,
        columns,
        [[v["dossier"], v["mean_decimal"], v["stars"], v["stars_by_total"], v["spread"]] for v in found],
    )
    for v in found:
        if v["warnings"]:
            click.echo(v["dossier"], err=True)
        for item in v["warnings"]:
            warn(table, item)


@click.command("compare", cls=Command, help="Everyone's points for a dossier side by side, and who moved what.")
@click.argument("code", metavar="DOSSIER")
@click.pass_context
def compare(ctx: click.Context, /, code: str) -> None:
    from ocop_flow.service import council_view

    table = desk(ctx)
    with table.office.reader() as uow:
        found = council_view.scores(uow, code, table.caller.handle)
    emit(ctx, found, lambda v: _compared(table, v))


def _compared(table: Desk, v: Json) -> None:
    lines(table, [("Dossier", v["dossier"]), ("Product", v["product"]), ("Product set", v["product_set"])])
    listed = [[_voice(table, each), each["total"], each["moved"]] for each in v["columns"]]
    rows(table, ["Who", "Total", "Moved by"], listed, empty="Nobody has given points yet.")
    if v["criteria"]:
        heads = [_voice(table, each) for each in v["columns"]]
        body = [
            [item["criterion"], label(table, item["name"]), item["maximum"], *item["points"], item["spread"]]
            for item in v["criteria"]
        ]
        rows(table, ["Criterion", "Name", "Maximum", *heads, "Spread"], body)


def _voice(table: Desk, column: Json) -> str:
    who = column["who"] if column["source"] == "member" else word(table, column["source"])
    return f"{who} ({column['turn']})" if column["turn"] > 1 else str(who)


@click.command("minutes", cls=Command, help="Minutes of a sitting: who sat there, every sheet, every result.")
@click.argument("sitting")
@click.pass_context
def minutes(ctx: click.Context, /, sitting: str) -> None:
    from ocop_flow.service import minutes as service

    table = desk(ctx)
    with table.office.reader() as uow:
        found = service.minutes(uow, sitting)
    emit(ctx, found, lambda v: _minutes(table, v))


def _minutes(table: Desk, v: Json) -> None:
    council = v["council"]
    click.echo(table.tr("MINUTES").center(80).rstrip())
    click.echo(table.tr("of the sitting {sitting} of the council of {unit}", unit=council["unit"]["name"], **_of(v)))
    lines(
        table,
        [
            ("Decision", council["decision"]),
            ("Round", f"{council['round']}/{council['year']}"),
            ("Day", v["on"]),
            ("Manner", word(table, v["manner"])),
            ("Chair", v["chair"]),
            ("Secretary", v["secretary"]),
        ],
    )
    click.echo(table.tr("{present} of {members} members present.", **v["quorum"]))
    rows(table, ["Present", "Role", "Post", "Stands in for", "Authorisation"], [_seat(table, i) for i in v["present"]])
    if v["absent"]:
        click.echo(table.tr("Absent: {names}.", names=", ".join(i["name"] for i in v["absent"])))
    for item in v["interests"]:
        click.echo(table.tr("{name} has an interest in {dossier} and did not score it.", **item))
    for item in v["dossiers"]:
        for name in item["unscored"]:
            click.echo(
                table.tr("{name} was present and gave no sheet for {dossier}.", name=name, dossier=item["dossier"])
            )
    click.echo()
    rows(table, ["No.", "Product", "Entity", "Mean total", "Stars", "Spread"], _summary(v["dossiers"]))
    for number, item in enumerate(v["dossiers"], start=1):
        _minutes_of(table, number, item)
    click.echo()
    listed = [table.tr("{stars} stars: {count}", stars=stars, count=count) for stars, count in v["stars"].items()]
    click.echo(table.tr("Result: {stars}.", stars="; ".join(listed) or "-"))
    if v["open"]:
        click.echo(table.tr("Not closed: {dossiers}.", dossiers=", ".join(v["open"])))


def _of(v: Json) -> dict[str, str]:
    return {"sitting": v["sitting"]}


def _seat(table: Desk, item: Json) -> list[object]:
    return [item["name"], word(table, item["role"]), item["post"], item["stands_for"], item["decision"]]


def _summary(dossiers: list[Json]) -> list[list[object]]:
    return [
        [number, item["product"], item["entity"], item["mean_decimal"], item["stars"], item["spread"]]
        for number, item in enumerate(dossiers, start=1)
    ]


def _minutes_of(table: Desk, number: int, item: Json) -> None:
    click.echo()
    click.echo(f"{number}. {item['product']} ({item['dossier']}), {item['entity']}, {item['commune']}")
    for each in item["assessments"]:
        click.echo(f"   {word(table, each['source'])}: {each['total']}")
    for turn in item["turns"]:
        given = ", ".join(f"{sheet['name']} {sheet['total']}" for sheet in turn["sheets"])
        click.echo("   " + table.tr("Turn {turn}: {given}", turn=turn["turn"], given=given))
        for sheet in turn["sheets"]:
            if sheet["opinion"]:
                click.echo(f"   {sheet['name']}: {sheet['opinion']}")
            for criterion, text in sheet["opinions"].items():
                click.echo(f"   {sheet['name']}, {criterion}: {text}")
    if not item["closed"]:
        click.echo("   " + table.tr("Not closed."))
        return
    click.echo(
        "   "
        + table.tr(
            "Mean {mean} ({exact}); stars {stars}, by total alone {by_total}; spread {spread}.",
            mean=item["mean_decimal"],
            exact=item["mean_total"],
            stars=item["stars"] if item["stars"] is not None else "-",
            by_total=item["stars_by_total"],
            spread=item["spread"],
        )
    )
    for missed in item["missed"]:
        click.echo("   " + table.tr("{star} stars need {needed} in {criterion}, reached: {reached}.", **missed))
    for stop in item["knock_outs"]:
        click.echo(
            "   " + table.tr("Knocked out: {ground}.", ground=stop["vi"] if table.language == "vi" else stop["en"])
        )
