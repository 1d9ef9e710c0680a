"""Search, with an answer to read aloud on the telephone; and the board."""

from __future__ import annotations

from typing import Any

import click

from ocop_flow.cli.base import Command, Desk, TranslatedOption, desk
from ocop_flow.cli.output import emit, emit_printed, label, rows, unit_text

Json = dict[str, Any]
#: More than so many answers are not read aloud: a table is shown.
_ALOUD = 3


@click.command(
    cls=Command,
    help="Find dossiers and certificates by any part of a name, with or without diacritics, or by code.\n\n"
    "Few are told in five lines to read aloud: where, what is missing, until when, how it is rated.",
)
@click.argument("words", nargs=-1, required=True)
@click.option("--text", "as_text", is_flag=True, cls=TranslatedOption, help="Five lines each, to paste into a message.")
@click.pass_context
def search(ctx: click.Context, /, words: tuple[str, ...], as_text: bool) -> None:
    from ocop_flow.service import searching

    table = desk(ctx)
    with table.office.reader() as uow:
        found = searching.search(uow, table.office, " ".join(words))

    def human(value: list[Json]) -> None:
        told = [item for item in value if item.get("answer")]
        certificates = [item for item in value if item["type"] == "certificate"]
        few = [item for item in value if item["type"] == "dossier"] == told and len(value) <= _ALOUD
        if told and (as_text or few):
            click.echo("\n\n".join("\n".join(_aloud(table, item)) for item in told))
        else:
            _dossiers(table, [item for item in value if item["type"] == "dossier"], bool(certificates))
        own = {item["certificate"] for item in told}
        _certificates(table, [item for item in certificates if item["number"] not in own])

    emit(ctx, found, human)


def _dossiers(table: Desk, value: list[Json], others: bool) -> None:
    from ocop_flow.cli.dossiers import dossier_table

    if value or not others:
        dossier_table(table, value, empty="Nothing found.")


def _certificates(table: Desk, value: list[Json]) -> None:
    if value:
        rows(
            table,
            ["Certificate", "Product", "Entity", "Stars", "Valid to", "Status"],
            [(i["number"], i["product"], i["entity"], i["stars"], i["valid_to"], table.tr(i["status"])) for i in value],
        )


def _aloud(table: Desk, item: Json) -> list[str]:
    """Five lines about a dossier."""
    told = item["answer"]
    return [
        f"{item['product']} – {item['entity']}, {item['commune']['name']}. {item['code']}.",
        _where(table, item, told),
        _missing(table, told),
        _until(table, item, told),
        _rated(table, told),
    ]


def _where(table: Desk, item: Json, told: Json) -> str:
    state = label(table, item["state_label"])
    where = table.tr("Where: {state}, since {day} ({days} days).", state=state, day=told["since"], days=told["days"])
    if told["turn"] is None:
        return where
    if told["turn"]["kind"] == "entity":
        return f"{where} " + table.tr("The entity's turn: {name}.", name=told["turn"]["name"])
    return f"{where} " + table.tr("Turn of: {name}.", name=told["turn"]["name"])


def _missing(table: Desk, told: Json) -> str:
    if not told["missing"]:
        return table.tr("Missing: nothing.")
    papers = [
        label(table, each["label"]) + (f" ({each['have']}/{each['required']})" if each["required"] > 1 else "")
        for each in told["missing"]
    ]
    return table.tr("Missing: {papers}.", papers="; ".join(papers))


def _until(table: Desk, item: Json, told: Json) -> str:
    if item["due_on"] is None:
        return table.tr("Until when: no limit is running.")
    left = told["days_left"]
    text = "Until when: {day}, {days} days left." if left >= 0 else "Until when: {day}, {days} days late."
    return table.tr(text, day=item["due_on"], days=abs(left))


def _rated(table: Desk, told: Json) -> str:
    held = told["certificate"]
    if held is None:
        first = table.tr("No certificate yet.")
    else:
        values = {"number": held["number"], "stars": held["stars"], "day": held["valid_to"] or "-"}
        text = "Certificate {number}: {stars} stars, to {day}, {status}."
        first = table.tr(text, **values, status=table.tr(held["status"]))
    more = told["next_star"]
    if more is None:
        return first
    lacking = [] if more["points"] == "0" else [table.tr("{points} points", points=more["points"])]
    lacking += [
        table.tr("criterion {criterion} ({reached} of {needed})", **{name: each[name] for name in _MINIMUM})
        for each in more["minima"]
    ]
    return f"{first} " + table.tr(
        "For {stars} stars it lacks: {what}.", stars=more["stars"], what="; ".join(lacking) or "-"
    )


#: Phases as a board heads them, in their order.
_PHASE_LABELS = {
    "proposal": "Idea and plan",
    "registration": "Filing and first check",
    "evaluation": "Evaluation",
    "rating": "Decision on stars",
    "promotion": "Promotion (recognised)",
}
_MINIMUM = ("criterion", "reached", "needed")


@click.command(cls=Command, help="How many dossiers stand where, by unit and phase: the oldest and the late ones.")
@click.option("--unit", metavar="CODE", cls=TranslatedOption, help="Only below this unit.")
@click.pass_context
def board(ctx: click.Context, /, unit: str | None) -> None:
    from ocop_flow.service import board as boards
    from ocop_flow.service.desk import area_code

    table = desk(ctx)
    with table.office.reader() as uow:
        unit = area_code(uow, unit, table.office.today)
        found = boards.board(uow, table.office, unit)

    def human(value: list[Json]) -> None:
        rows(
            table,
            ["Unit", "Phase", "Dossiers", "Late", "Oldest since", "Days"],
            [
                (
                    unit_text(each["unit"]) if each["unit"] else table.tr("unit has ended"),
                    table.tr(_PHASE_LABELS[each["phase"]]),
                    each["count"],
                    each["late"] or "",
                    each["oldest"],
                    each["oldest_days"],
                )
                for each in value
            ],
        )

    emit_printed(ctx, found, human)
