"""``ocop demo --year 2026``: a round of Hưng Yên under 26/2026/QĐ-TTg, and the papers that its leaders read."""

from __future__ import annotations

from dataclasses import replace
from time import perf_counter
from typing import TYPE_CHECKING, Any

import click

from ocop_flow.cli.base import Desk
from ocop_flow.cli.output import label, rows

if TYPE_CHECKING:
    from ocop_flow.demo.round_play import RoundPlayed

Json = dict[str, Any]

#: What is true in the story, and what is not.
_ABOUT = (
    "The law, the units and their dates are facts; so are the stars of Mỹ Hào's nine products in 2018 (seed file 001).",
    (
        "What became of those nine is reported nowhere: that they stand in this round is assumed. "
        "Names, points and days are placeholders."
    ),
)


def run(table: Desk, folder: str | None) -> tuple[Json, RoundPlayed]:
    """Play the round into a folder; the contract's document, with more, and what came of it."""
    from ocop_flow import config
    from ocop_flow.demo import folder as folders
    from ocop_flow.demo import round_play

    began = perf_counter()
    file = folders.prepare(folder)
    settings = replace(config.read(None, table.lang, None), db=config.url_of(str(file)))
    played = round_play.play(settings, file.parent / round_play.FOLDER)
    document = {
        "year": 2026,
        "events": played.checked["events"],
        "commands": played.commands,
        "persons": played.persons,
        "dossiers": played.states,
        "plan": None,
        "reminders": played.reminders,
        "papers": played.papers,
        "head": played.head,
        "verify": played.checked,
        "database": str(file),
        "now": played.ends_at.isoformat(timespec="seconds"),
        "seconds": round(perf_counter() - began, 1),
    }
    return document, played


def tell(table: Desk, played: RoundPlayed, document: Json) -> None:
    """Where the round stands, and the papers."""
    from ocop_flow.papers.kinds import kind

    click.echo(click.style(table.tr("OCOP in {province}, {year}", province=played.province, year=2026), bold=True))
    for text in _ABOUT:
        click.echo(table.tr(text))
    _title(table, "Dossiers by state on {day}", day=played.ends_at.date().isoformat())
    rows(
        table,
        ["State", "Code", "Dossiers"],
        [(label(table, played.labels[state]), state, number) for state, number in played.states.items()],
    )
    _title(table, "Papers for the leader")
    for paper in document["papers"]:
        click.echo(f"  {label(table, kind(paper['kind']).label)}: {paper['file']}")
    _title(table, "The record")
    result = table.tr("nothing was changed" if document["verify"]["ok"] else "problems found")
    text = "{events} events by {commands} commands in {seconds} s; every chain of the log checked: {result}"
    click.echo("  " + table.tr(text, result=result, **{k: document[k] for k in ("events", "commands", "seconds")}))
    click.echo("  " + table.tr("The papers show the code {head} of the log: hold them against it.", head=played.head))
    _title(table, "Go on yourself")
    click.echo("  " + table.tr("The training database: {database}", **document))


def _title(table: Desk, text: str, **values: object) -> None:
    click.echo()
    click.echo(click.style(table.tr(text, **values), bold=True))
