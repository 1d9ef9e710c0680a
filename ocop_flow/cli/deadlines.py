"""Deadlines: list, explain, extend."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import click

from ocop_flow.cli.base import Command, Desk, Group, TranslatedOption, WriteCommand, act_of, act_options, day, desk
from ocop_flow.cli.output import emit, label, lines, rows, say, unit_text, word
from ocop_flow.cli.writing import write

if TYPE_CHECKING:
    from ocop_flow.errors import Text

Json = dict[str, Any]

#: Duties that no law of a dossier names one by one, as people say them.
KIND_LABELS = {
    "round_intake": "Hand the dossier up before the round closes",
    "round_finish": "Finish the round of evaluation",
    "transition": "Finish the dossier within the transitional period",
    "evidence_expiry": "End of a document",
    "certificate_expiry": "End of the certificate",
    "expiry_notice": "Tell the entity that its certificate is about to end",
    "re_rating_filing": "Last day to file for a re-rating",
    "reply": "Reply to a complaint or letter",
    "revocation": "Decision to revoke after a conclusion on a breach",
}


@click.group(cls=Group, help="Duties and how their days were found.")
def deadline() -> None: ...


@deadline.command("list", cls=Command, help="Duties in order of their day.")
@click.option("--unit", metavar="CODE", cls=TranslatedOption, help="Only of this unit.")
@click.option("--dossier", metavar="DOSSIER", cls=TranslatedOption, help="Only of this dossier.")
@click.option("--plan", metavar="NUMBER", cls=TranslatedOption, help="Only of this plan.")
@click.option("--status", metavar="STATUS", cls=TranslatedOption, help="open, late, met or cancelled.")
@click.option("--on", metavar="DATE", cls=TranslatedOption, help="As seen on this day.")
@click.pass_context
def list_(
    ctx: click.Context, /, unit: str | None, dossier: str | None, plan: str | None, status: str | None, on: str | None
) -> None:
    from ocop_flow.service import deadline_view, duty_names, plans
    from ocop_flow.service.desk import area_code

    table = desk(ctx)
    with table.office.reader() as uow:
        unit = area_code(uow, unit, table.office.today)
        identity = plans.identify(uow, plan) if plan else None
        found = deadline_view.listed(
            uow, table.office, unit=unit, dossier=dossier, plan=identity, status=status, on=day(on)
        )
        names = {} if table.as_json else duty_names.names(uow, found)
    emit(
        ctx,
        found,
        lambda value: rows(
            table,
            ["Deadline", "Subject", "Due on", "Days left", "Status", "Unit"],
            [
                (
                    i["id"],
                    duty_text(table, i, names),
                    _due(table, i),
                    i["days_left"],
                    table.tr(i["status"]),
                    unit_text(i["unit"]),
                )
                for i in value
            ],
        ),
    )


def duty_text(table: Desk, duty: Json, names: Mapping[str, Text]) -> str:
    """A duty as its law or its plan names it, else by its kind; what it is of, where its id does not say that."""
    name, kind = names.get(duty["id"]), duty["kind"]
    said = [table.tr(KIND_LABELS[kind])] if kind in KIND_LABELS else [] if name else [word(table, kind)]
    text = ": ".join([*said, *([label(table, name)] if name else [])])
    return text if duty["id"].startswith(duty["subject"]) else f"{text} ({duty['subject']})"


def _due(table: Desk, duty: Json) -> str:
    """The last day; of a duty that is still owed marked while days off of its year are not decreed."""
    owed = duty["status"] in ("open", "late")
    return f"{duty['due_on']} ({table.tr('provisional')})" if owed and duty["provisional"] else str(duty["due_on"])


@deadline.command("explain", cls=Command, help="How a due date was found, line by line.")
@click.argument("identifier", metavar="ID")
@click.pass_context
def explain(ctx: click.Context, /, identifier: str) -> None:
    from ocop_flow import i18n
    from ocop_flow.cited import cited
    from ocop_flow.cli.law_words import MARK_LABELS
    from ocop_flow.service import deadline_view

    table = desk(ctx)
    with table.office.reader() as uow:
        found = deadline_view.explain(uow, table.office, identifier)
    found["steps"] = [i18n.render(step, table.language)[0] for step in found["steps"]]

    def human(v: Json) -> None:
        mark = table.tr(v["mark"]) if v["mark"] in MARK_LABELS else v["mark"]
        source = f"{cited(v['source'], table.language)} ({mark})"
        lines(table, [("Due on", v["due_on"]), ("Rule", v["rule"]), ("Source", source)])
        if v["provisional"]:
            click.echo(table.tr("Provisional: this day may still change."))
        for number, step in enumerate(v["steps"], start=1):
            click.echo(f"  {number}. {step}")

    emit(ctx, found, human)


@deadline.command("extend", cls=WriteCommand, help="Move a duty to a later day by a numbered decision.")
@click.argument("identifier", metavar="ID")
@click.option("--to", "to", required=True, metavar="DATE", cls=TranslatedOption, help="The later day.")
@click.option("--decision", required=True, metavar="NUMBER", cls=TranslatedOption, help="Number of the decision.")
@act_options
@click.pass_context
def extend(ctx: click.Context, /, identifier: str, to: str, decision: str, **options: Any) -> None:
    from ocop_flow.domain.fieldvalues import read_day
    from ocop_flow.service import deadlines

    table = desk(ctx)
    command = deadlines.Extend(identifier, read_day(to), decision, act_of(options))
    write(
        ctx,
        "deadline extend",
        command,
        lambda uow: deadlines.extend(uow, table.office, table.caller, command),
        lambda v: say(table, f"{v['id']}: {v['before']} → {v['due_on']} ({v['decision']})"),
    )
