"""The law as data: list, show, lint, adopt."""

from __future__ import annotations

from typing import Any

import click

from ocop_flow import i18n
from ocop_flow.cited import cited
from ocop_flow.cli.base import Command, Desk, Group, TranslatedOption, WriteCommand, act_of, act_options, day, desk
from ocop_flow.cli.files import content
from ocop_flow.cli.output import emit, lines, rows
from ocop_flow.cli.writing import write
from ocop_flow.errors import InputInvalid, NotFound, reason

Json = dict[str, Any]


@click.group(cls=Group, help="The law as data: list, show, check, adopt.")
def workflow() -> None: ...


@workflow.command("list", cls=Command, help="Which law holds where and when.")
@click.pass_context
def list_(ctx: click.Context) -> None:
    from ocop_flow.service import lists

    table = desk(ctx)
    with table.office.reader() as uow:
        found = lists.regimes(uow)
    emit(
        ctx,
        found,
        lambda value: rows(
            table,
            ["Regime", "Decision", "From", "To", "Province", "Hash"],
            [
                (
                    i["id"],
                    i["decision"],
                    i["effective_from"],
                    i["effective_to"],
                    i["province"],
                    i["workflow_hash"][:12],
                )
                for i in value
            ],
        ),
    )


@workflow.command("show", cls=Command, help="One regime as stored: states, actions, roles, sources.")
@click.argument("regime")
@click.pass_context
def show(ctx: click.Context, /, regime: str) -> None:
    table = desk(ctx)
    with table.office.reader() as uow:
        found = [row for row in uow.rows("law", regime=regime) if row["province"] == ""]
        if not found:
            raise NotFound(reason("workflow_absent", regime=regime))
        document = uow.document(found[-1]["hash"]) or {}
    emit(ctx, document, lambda value: _show(table, value))


def _show(table: Desk, document: Json) -> None:
    click.echo(click.style(f"{document['id']}  {document['decision']}", bold=True))
    lines(table, [("From", document["effective_from"]), ("To", document["effective_to"])])
    click.echo()
    rows(
        table,
        ["State", "Name", "Tier", "Step"],
        [(s["id"], s["label"][table.language], s.get("tier"), s.get("step")) for s in document["states"]],
    )
    click.echo()
    rows(
        table,
        ["Action", "Name", "From", "To", "Roles", "Source", "Mark"],
        [
            (
                a["id"],
                a["label"][table.language],
                ", ".join(a["from"]),
                a["to"],
                ", ".join(a.get("roles", [])),
                cited(a["source"], table.language),
                a["mark"],
            )
            for a in document["actions"]
        ],
    )
    click.echo()
    rows(
        table,
        ["Parameter", "Value", "What it decides", "Mark"],
        [(p["id"], p["value"], p["label"][table.language], p["mark"]) for p in document["parameters"]],
    )


@workflow.command(
    "lint", cls=Command, help="Check workflow, province and ladder files; without a file, the shipped ones."
)
@click.argument("files", nargs=-1, metavar="[FILE]…")
@click.pass_context
def lint(ctx: click.Context, /, files: tuple[str, ...]) -> int:
    from ocop_flow import regimes

    table = desk(ctx)
    found = [problem for file in files for problem in regimes.lint_file(content(file), file)]
    if not files:
        found = regimes.lint_shipped()
    problems = []
    for problem in found:
        message, remedy = i18n.render(problem.reason, table.language)
        problems.append({"code": problem.code, "where": problem.where, "message": message, "remedy": remedy})

    def human(value: Json) -> None:
        for item in value["problems"]:
            click.echo(f"{item['where']}: {item['message']} → {item['remedy']}")
        if value["ok"]:
            click.echo(table.tr("No problem found."))

    emit(ctx, {"ok": not problems, "problems": problems}, human)
    return 0 if not problems else 1


@workflow.command("adopt", cls=WriteCommand, help="Take a province's own file, after checking it.")
@click.argument("file")
@click.option("--unit", required=True, metavar="CODE", cls=TranslatedOption, help="Province.")
@click.option("--decision", required=True, metavar="NUMBER", cls=TranslatedOption, help="Number of its decision.")
@click.option(
    "--from", "since", metavar="DATE", cls=TranslatedOption, help="From this day (default: that of the file)."
)
@act_options
@click.pass_context
def adopt(ctx: click.Context, /, file: str, unit: str, decision: str, since: str | None, **options: Any) -> None:
    from ocop_flow import regimes
    from ocop_flow.service import laws

    table = desk(ctx)
    overlay = regimes.read_overlay(content(file), file)
    if overlay["province"] != unit or overlay["decision"] != decision:
        raise InputInvalid(reason("overlay_differs", file=file, unit=overlay["province"], decision=overlay["decision"]))
    document = regimes.effective(overlay["base"], overlay)
    first = day(since) or day(overlay["effective_from"])
    command = laws.Adopt(unit, decision, document, first, act_of(options))
    write(
        ctx,
        "workflow adopt",
        command,
        lambda uow: laws.adopt(uow, table.office, table.caller, command),
        lambda v: click.echo(f"{v['regime']}  {v['unit']}  {v['from']}  {v['workflow_hash'][:12]}"),
    )


@workflow.command(
    "migrate",
    cls=WriteCommand,
    help="Take dossiers under way from one law to the next, as its transitional rules say.\n\n"
    "With --dry-run only the answer for each dossier is shown: it stays, it moves, or a person decides.",
)
@click.option("--from", "source", required=True, metavar="REGIME", cls=TranslatedOption, help="The law they are under.")
@click.option("--to", "target", required=True, metavar="REGIME", cls=TranslatedOption, help="The law that follows.")
@click.option("--unit", metavar="CODE", cls=TranslatedOption, help="Only dossiers of this province or commune.")
@click.option("--decision", metavar="NUMBER", cls=TranslatedOption, help="Number of the decision that orders it.")
@click.option(
    "--list",
    "listed",
    metavar="FILE",
    cls=TranslatedOption,
    help="CSV with the columns dossier and state: what a person decided; without a state it stays.",
)
@act_options
@click.pass_context
def migrate(
    ctx: click.Context,
    /,
    source: str,
    target: str,
    unit: str | None,
    decision: str | None,
    listed: str | None,
    **options: Any,
) -> None:
    from dataclasses import replace

    from ocop_flow.cli import lawchange
    from ocop_flow.domain.commands import Paper
    from ocop_flow.service import migration

    table = desk(ctx)
    act = replace(act_of(options), paper=Paper(number=decision))
    command = migration.Migrate(source, target, unit, lawchange.settled(listed), act)
    lawchange.in_groups(
        ctx,
        lambda trial, shown: migration.migrate(
            table.office, table.caller, command, lawchange.printed(table), dry_run=trial, progress=shown
        ),
        lambda value: lawchange.show_migration(table, value),
        table.tr("Move these dossiers to {regime}?", regime=target),
    )


def _document(table: Desk, typed: str) -> Json:
    """The effective document of a regime's identifier, a workflow hash, or a workflow file."""
    from pathlib import Path

    from ocop_flow import regimes
    from ocop_flow.service import law_reading

    if Path(typed).is_file():
        return regimes.read_law(content(typed), typed)
    with table.office.reader() as uow:
        return law_reading.document_named(uow, typed)


@workflow.command("diff", cls=Command, help="What differs between two laws: identifiers, hashes or files.")
@click.argument("before", metavar="REGIME")
@click.argument("after", metavar="REGIME")
@click.pass_context
def diff(ctx: click.Context, /, before: str, after: str) -> None:
    from dataclasses import asdict

    from ocop_flow import regimes
    from ocop_flow.cli import law_words
    from ocop_flow.service import law_reading

    table = desk(ctx)
    old, new = _document(table, before), _document(table, after)
    with table.office.reader() as uow:
        found = law_reading.compared(uow, old, new)
    sides = {
        side: {
            "id": document["id"],
            "decision": document["decision"],
            "title": document["title"][table.language],
            "workflow_hash": regimes.workflow_hash(document),
        }
        for side, document in (("before", old), ("after", new))
    }
    changes = [{**asdict(change), "label": change.label} for change in found]
    emit(ctx, {**sides, "changes": changes}, lambda value: law_words.show_differences(table, value))


@workflow.command("explain", cls=Command, help="One state in plain words: who holds it, what may happen next, by when.")
@click.argument("state", metavar="STATE")
@click.option("--regime", metavar="REGIME", cls=TranslatedOption, help="The law to read (default: the one in force).")
@click.pass_context
def explain(ctx: click.Context, /, state: str, regime: str | None) -> None:
    from ocop_flow.cli import law_words
    from ocop_flow.domain.explain import explained
    from ocop_flow.service import law_reading

    table = desk(ctx)
    with table.office.reader() as uow:
        law = law_reading.regime_on(uow, regime, table.office.today)
    emit(ctx, explained(law, state), lambda value: law_words.show_state(table, value))


@workflow.command(
    "diagram", cls=Command, help="A regime drawn, with the way of a dossier or the number of dossiers on it."
)
@click.argument("regime", metavar="REGIME")
@click.option(
    "--format",
    "form",
    type=click.Choice(("mermaid", "dot", "bpmn")),
    default="mermaid",
    cls=TranslatedOption,
    help="mermaid, dot (Graphviz) or bpmn (BPMN 2.0).",
)
@click.option("--dossier", metavar="DOSSIER", cls=TranslatedOption, help="Draw the way of this dossier on it.")
@click.option(
    "--counts", is_flag=True, cls=TranslatedOption, help="Write into each state how many dossiers rest in it."
)
@click.pass_context
def diagram(ctx: click.Context, /, regime: str, form: str, dossier: str | None, counts: bool) -> None:
    from ocop_flow.cli.output import label, word
    from ocop_flow.domain.diagram import ENDED, drawn, picture_of
    from ocop_flow.domain.units import TIERS
    from ocop_flow.service import law_reading

    table = desk(ctx)
    with table.office.reader() as uow:
        law = law_reading.regime_on(uow, regime, table.office.today)
        notes: dict[str, str] = {}
        passed: frozenset[tuple[str, str]] = frozenset()
        if dossier is not None:
            law, notes, passed = law_reading.way_of(uow, dossier, law)
        elif counts:
            notes = {state: str(count) for state, count in law_reading.resting(uow, law.id).items()}
    lanes = {tier: word(table, tier) for tier in TIERS} | {ENDED: table.tr("Ended")}
    text = drawn(picture_of(law, lambda told: label(table, told), lanes, notes, passed), form)
    emit(ctx, {"regime": law.id, "format": form, "text": text}, lambda value: click.echo(value["text"], nl=False))
