"""Decisions: draft, record, annul, correct, list, show."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ocop_flow.cli.base import (
    YEAR,
    Command,
    Desk,
    Group,
    TranslatedOption,
    WriteCommand,
    act_of,
    act_options,
    day,
    desk,
    pairs,
    recording_options,
)
from ocop_flow.cli.output import emit, label, lines, rows, say, unit_text, warn, word
from ocop_flow.cli.papers import capacity_of
from ocop_flow.cli.writing import write

if TYPE_CHECKING:
    from ocop_flow.domain.commands import Act
    from ocop_flow.domain.decision_list import DecisionList

Json = dict[str, Any]


@click.group(cls=Group, help="Numbered, signed decisions: drafted, recorded, shown.")
def decision() -> None: ...


@decision.command("draft", cls=Command, help="Dossiers that await a decision of a unit, and what it would say.")
@click.option("--unit", metavar="CODE", cls=TranslatedOption, help="The unit that decides (default: yours).")
@click.option("--kind", metavar="KIND", cls=TranslatedOption, help="Only for this kind of decision.")
@click.option("--on", metavar="DATE", cls=TranslatedOption, help="Day of the decision (default: today).")
@click.option("--out", metavar="FILE", cls=TranslatedOption, help="Write the list to a new .csv or .xlsx file.")
@click.pass_context
def draft(ctx: click.Context, /, unit: str | None, kind: str | None, on: str | None, out: str | None) -> None:
    from ocop_flow.service import decision_draft

    table = desk(ctx)
    with table.office.reader() as uow:
        found = decision_draft.draft(uow, table.office, table.caller, unit, kind, day(on))
    if out is not None:
        _write_list(table, Path(out), found["lines"])
        found = {**found, "out": out}

    def human(v: Json) -> None:
        say(table, click.style(f"{unit_text(v['unit'])}  {v['on']}", bold=True))
        _draft_table(table, v["lines"])
        for line in v["lines"]:
            for item in line["reasons"]:
                click.echo(f"{line['dossier']}:", err=True)
                warn(table, item)
        if v.get("out"):
            click.echo(table.tr("List written to {out}: check it, then ocop decision record NUMBER --list {out}.", **v))

    emit(ctx, found, human)


def _draft_table(table: Desk, listed: list[Json]) -> None:
    rows(
        table,
        ["Code", "Product", "Entity", "Mean total", "Stars", "Would be decided", "Ready", "Or"],
        [
            (
                item["dossier"],
                item["product"],
                item["entity"],
                item["mean_total"],
                item["stars"],
                label(table, item["action_label"]),
                table.tr("yes" if item["ready"] else "no"),
                ", ".join(item["alternatives"]),
            )
            for item in listed
        ],
        empty="Nothing awaits a decision of this unit.",
    )


def _write_list(table: Desk, path: Path, listed: list[Json]) -> None:
    """The list as ``decision record --list`` takes it."""
    from ocop_flow.cli.declaring import check_target, write_file
    from ocop_flow.domain.decision_list import TITLES
    from ocop_flow.tables import writing

    check_target(path)
    headings = [titles[table.language != "vi"] for titles in TITLES.values()]
    table_lines = [[item.get(name) for name in TITLES] for item in listed]
    for line, item in zip(table_lines, listed, strict=True):
        line[list(TITLES).index("reason")] = None
        line[list(TITLES).index("stars")] = item["stars"] if item["decision_kind"] == "recognition" else None
    as_csv = path.suffix.lower() == ".csv"
    write_file(path, writing.table(table.tr("Decision list"), headings, table_lines, as_csv=as_csv))


@decision.command("record", cls=WriteCommand, help="Record a signed decision for many dossiers: all lines or none.")
@click.argument("number", metavar="NUMBER")
@click.option("--kind", default="recognition", metavar="KIND", cls=TranslatedOption, help="What it is about.")
@click.option("--list", "list_file", metavar="FILE", cls=TranslatedOption, help="Its list of dossiers: .csv or .xlsx.")
@click.option("--file", metavar="PDF", cls=TranslatedOption, help="The signed document itself.")
@click.option("--unit", metavar="CODE", cls=TranslatedOption, help="The issuing unit (default: yours).")
@click.option("--title", default="", metavar="TEXT", cls=TranslatedOption, help="What the document says it is about.")
@click.option("--signed-by", metavar="HANDLE", cls=TranslatedOption, help="Who signed (default: the doer).")
@click.option("--capacity", metavar="TM|KT|TL|TUQ|Q", cls=TranslatedOption, help="Capacity of the signer.")
@click.option(
    "--set", "fields", multiple=True, metavar="NAME=VALUE", cls=TranslatedOption, help="A field of every line's action."
)
@click.option("--as-decided", is_flag=True, cls=TranslatedOption, help="Record a signed decision against the rules.")
@act_options
@click.pass_context
def record(ctx: click.Context, /, number: str, list_file: str | None, **options: Any) -> None:
    import hashlib

    from ocop_flow.cli.evidence import reference
    from ocop_flow.cli.files import content
    from ocop_flow.service import decisions

    table = desk(ctx)
    act = act_of(options)
    read = _list(list_file) if list_file else None
    command = decisions.Record(
        number=number,
        kind=options["kind"],
        unit=options["unit"],
        title=options["title"],
        file=reference(Path(options["file"])) if options["file"] else None,
        signed_by=options["signed_by"],
        capacity=capacity_of(options),
        as_decided=options["as_decided"],
        digest=hashlib.sha256(content(list_file)).hexdigest() if list_file else None,
        fields=pairs(options["fields"]),
        act=act,
    )
    listed = read.lines if read else None
    write(
        ctx,
        "decision record",
        command,
        lambda uow: decisions.record(uow, table.office, table.caller, command, listed),
        lambda value: _show_recorded(table, value),
    )


def _list(file: str) -> DecisionList:
    from ocop_flow import tables
    from ocop_flow.domain import decision_list

    path = Path(file)
    return decision_list.read(path.name, tables.read(path))


def _show_recorded(table: Desk, value: Json) -> None:
    """The differences first, then what is decided line by line."""
    if value["differences"]:
        click.echo(click.style(table.tr("Differences between the list and the records:"), bold=True))
        for item in value["differences"]:
            click.echo(f"  ! {item['reason']['message']}")
            click.echo(f"    → {item['reason']['remedy']}")
    _show_head(table, value)
    _lines_table(table, value["lines"])
    for line in value["lines"]:
        for item in line["overridden"]:
            click.echo(
                f"{line['dossier']}  " + table.tr("Recorded as decided against:") + f" {item['message']}", err=True
            )


def _show_head(table: Desk, value: Json) -> None:
    signer = value["signer"]
    capacity = f"{signer['capacity']}. " if signer.get("capacity") else ""
    click.echo(click.style(f"{value['identity']}  {value['title']}", bold=True))
    lines(
        table,
        [
            ("Issuer", unit_text(value["issuer"])),
            ("Decided on", value["decided_on"]),
            ("Kind", word(table, value["kind"])),
            ("Signed by", f"{capacity}{signer['name']} ({word(table, signer['post'])})" if signer else None),
            ("Status", word(table, value["status"])),
            ("Scan", value["file"]),
        ],
    )


def _lines_table(table: Desk, listed: list[Json]) -> None:
    if listed:
        rows(
            table,
            ["No.", "Code", "Product", "Action", "Stars (decided)", "Stars (computed)", "Certificate", "Status"],
            [
                (
                    item["number"],
                    item["dossier"],
                    item["product"],
                    label(table, item["action_label"]),
                    item["stars"],
                    item["computed"],
                    item["certificate"],
                    word(table, item["status"]),
                )
                for item in listed
            ],
        )


def change_options(function: Any) -> Any:
    """Those of an act; ``--by`` takes the document that changes the decision, and a handle like everywhere."""
    function = recording_options(function)
    for option in reversed(
        (
            click.option("--line", metavar="DOSSIER", cls=TranslatedOption, help="Only for this dossier."),
            click.option(
                "--by",
                "by",
                multiple=True,
                metavar="NUMBER|HANDLE",
                cls=TranslatedOption,
                help="The document that changes it; a handle means who does it.",
            ),
            click.option(
                "--on", metavar="DATE", cls=TranslatedOption, help="Day of the change (default: that document's)."
            ),
        )
    ):
        function = option(function)
    return function


def _changing(options: dict[str, Any]) -> tuple[str | None, Act]:
    """(the document, the act); raises UsageError where two documents or two doers are named."""
    documents = [text for text in options["by"] if "/" in text]
    doers = [text for text in options.pop("by") if "/" not in text]
    if len(documents) > 1 or len(doers) > 1:
        raise click.BadOptionUsage("by", ", ".join([*documents, *doers]))
    return (documents or [None])[0], act_of({**options, "by": (doers or [None])[0]})


@decision.command(
    "annul", cls=WriteCommand, help="Annul a decision, for all its dossiers or for one, by another document."
)
@click.argument("number", metavar="NUMBER")
@change_options
@click.pass_context
def annul(ctx: click.Context, /, number: str, line: str | None, **options: Any) -> None:
    from ocop_flow.service import decision_changes

    table = desk(ctx)
    by, act = _changing(options)
    if by is None:
        raise click.UsageError(table.tr("Give the number of the document that annuls it: --by NUMBER."), ctx)
    command = decision_changes.Annul(number, by, line, act)
    write(
        ctx,
        "decision annul",
        command,
        lambda uow: decision_changes.annul(uow, table.office, table.caller, command),
        lambda value: _show(table, value),
    )


@decision.command("correct", cls=WriteCommand, help="Correct what a decision is recorded as saying.")
@click.argument("number", metavar="NUMBER")
@click.option(
    "--set",
    "values",
    multiple=True,
    metavar="NAME=VALUE",
    cls=TranslatedOption,
    help="title; with --line: stars, product, certificate_number.",
)
@change_options
@click.pass_context
def correct(ctx: click.Context, /, number: str, line: str | None, values: tuple[str, ...], **options: Any) -> None:
    from ocop_flow.service import decision_changes

    table = desk(ctx)
    by, act = _changing(options)
    command = decision_changes.Correct(number, pairs(values), line, by, act)
    write(
        ctx,
        "decision correct",
        command,
        lambda uow: decision_changes.correct(uow, table.office, table.caller, command),
        lambda value: _show(table, value),
    )


@decision.command("list", cls=Command, help="Recorded decisions, the newest first.")
@click.option("--unit", metavar="CODE", cls=TranslatedOption, help="Only of this issuer.")
@click.option("--kind", metavar="KIND", cls=TranslatedOption, help="Only of this kind.")
@click.option("--year", type=YEAR, metavar="YEAR", cls=TranslatedOption, help="Only of this year.")
@click.pass_context
def list_(ctx: click.Context, /, unit: str | None, kind: str | None, year: int | None) -> None:
    from ocop_flow.service import decision_view
    from ocop_flow.service.desk import area_code

    table = desk(ctx)
    with table.office.reader() as uow:
        unit = area_code(uow, unit, table.office.today)
        found = decision_view.listed(uow, unit, kind, year)
    emit(
        ctx,
        found,
        lambda value: rows(
            table,
            ["Number", "Issuer", "Decided on", "Kind", "Lines", "Status", "Title"],
            [
                (
                    i["number"],
                    unit_text(i["issuer"]),
                    i["decided_on"],
                    word(table, i["kind"]),
                    i["lines"],
                    word(table, i["status"]),
                    i["title"],
                )
                for i in value
            ],
        ),
    )


@decision.command("show", cls=Command, help="One decision: its lines, and what became of it.")
@click.argument("number", metavar="NUMBER")
@click.pass_context
def show(ctx: click.Context, /, number: str) -> None:
    from ocop_flow.service import decision_view

    table = desk(ctx)
    with table.office.reader() as uow:
        found = decision_view.show(uow, number)
    emit(ctx, found, lambda value: _show(table, value))


def _show(table: Desk, value: Json) -> None:
    _show_head(table, value)
    _lines_table(table, value["lines"])
    for change in value["changes"]:
        what = word(table, change["change"])
        values = ", ".join(f"{name}={value}" for name, value in change["values"].items())
        told = " ".join(part for part in (what, change["dossier"], values) if part)
        say(table, f"{change['on']}: {told} – {change['by'] or '-'}: {change['reason']}")
