"""demo: a year of an office in seconds."""

from __future__ import annotations

import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any

import click

from ocop_flow import i18n
from ocop_flow.cli import demo_round, demo_seeds
from ocop_flow.cli.base import Command, Desk, TranslatedOption, Whole, desk
from ocop_flow.cli.output import emit, label, rows, sourced

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from ocop_flow.demo.play import Played
    from ocop_flow.demo.round_play import RoundPlayed

Json = dict[str, Any]

#: What is counted in a month, in the order of a dossier's way.
_COUNTED = {
    "opened_existing_product": "existing products registered {n}",
    "opened_new_product": "new products registered {n}",
    "papers": "kinds of papers filed {n}",
    "returned": "returned for supplement {n}",
    "typed_late": "moves typed later from paper {n}",
    "withdraw": "withdrawn {n}",
    "reject_at_district": "rejected {n}",
    "scored_district": "scored by districts {n}",
    "send_to_province": "sent to the province {n}",
    "scored_province": "scored by the province {n}",
    "recognised_3": "recognised with three stars {n}",
    "recognised_4": "recognised with four stars {n}",
    "recognised_5": "recognised with five stars {n}",
    "not_recognise": "not recognised {n}",
}
#: What is true in the story, and what is not.
_ABOUT = (
    "Lines that begin with “Fact:” come from two news reports of 2020 (seed files 000 and 003) and what they name.",
    (
        "All else is a simulation (--seed {seed}): persons, establishments, products and numbers of decisions are "
        "numbered placeholders, and who scored how much on which day is reported nowhere."
    ),
    "The units of 2020 are approximated by the last known parents of each commune.",
)
#: Whom a rung reaches -> what they are called.
_REACHED_LABELS = {
    "officer": "to officers",
    "leader": "to leaders",
    "chair_office": "to the Chair's offices",
    "unit_above": "to the units above",
    "entity": "to producers",
}
_STATUS = {"open": "open", "met": "done", "late": "late", "cancelled": "cancelled"}


@click.command(
    cls=Command,
    help="A year of an office in seconds: Nam Định's plan of 2020 with the figures that reports give, the rest "
    "simulated; or a round of Hưng Yên in 2026. Leaves a training database to explore.",
)
@click.option("--dir", "folder", metavar="DIR", cls=TranslatedOption, help="Folder (default: a new one here).")
@click.option(
    "--seed",
    type=Whole(),
    metavar="N",
    cls=TranslatedOption,
    help="Another simulated year; the same number, the same year.",
)
@click.option(
    "--year",
    type=click.Choice(["2020", "2026"]),
    default="2020",
    cls=TranslatedOption,
    help="2020: Nam Định's plan. 2026: a round of Hưng Yên under today's law, ending with papers for its leaders.",
)
@click.option(
    "--seed-file",
    type=click.Choice(demo_seeds.CHOICES),
    cls=TranslatedOption,
    help="No simulated year: store what one of the five seed documents says, or what all say, and show it.",
)
@click.option(
    "--on",
    metavar="DATE",
    cls=TranslatedOption,
    help="Show the seed document as it stood on this day (with --seed-file).",
)
@click.pass_context
def demo(
    ctx: click.Context, folder: str | None, seed: int | None, year: str, seed_file: str | None, on: str | None
) -> int:
    table = desk(ctx)
    if table.db is not None:
        raise click.UsageError(table.tr("The demo makes its own database: name a folder with --dir, not --db."))
    if seed_file is not None:
        return _seeds(ctx, table, seed_file, on, folder, simulated=seed is not None)
    if on is not None:
        raise click.UsageError(table.tr("--on belongs to --seed-file: name a seed document."))
    if year == "2026":
        return _round(ctx, table, folder, simulated=seed is not None)
    from ocop_flow import config
    from ocop_flow.demo import folder as folders
    from ocop_flow.demo.play import SEED, play

    began = perf_counter()
    settings = config.read(None, table.lang, None)
    file = folders.prepare(folder)
    played = play(
        replace(settings, db=config.url_of(str(file))), SEED if seed is None else seed, progress=_progress(table)
    )
    document = _document(played, table.language, file, round(perf_counter() - began, 1))
    emit(ctx, document, lambda value: _tell(table, played, value))
    return 0 if document["verify"]["ok"] else 1


def _seeds(ctx: click.Context, table: Desk, chosen: str, on: str | None, folder: str | None, *, simulated: bool) -> int:
    if simulated:
        raise click.UsageError(table.tr("--seed belongs to the simulated year; a seed document has nothing to draw."))
    document, shown = demo_seeds.run(table, chosen, on, folder)
    emit(ctx, document, lambda value: demo_seeds.tell(table, shown, value))
    return 0 if document["verify"]["ok"] else 1


def _round(ctx: click.Context, table: Desk, folder: str | None, *, simulated: bool) -> int:
    if simulated:
        raise click.UsageError(table.tr("--seed belongs to the simulated year 2020; the round of 2026 has one story."))
    document, played = demo_round.run(table, folder)
    emit(ctx, document, lambda value: _told_round(table, played, value))
    return 0 if document["verify"]["ok"] else 1


def _told_round(table: Desk, played: RoundPlayed, value: Json) -> None:
    demo_round.tell(table, played, value)
    click.echo(_setting("OCOP_DB", value["database"]))
    click.echo(_setting("OCOP_NOW", value["now"]))
    click.echo(f"    ocop paper round_page {played.story.province}")


def _progress(table: Desk) -> Callable[[date, int], None] | None:
    """One line that follows the days, on a terminal only."""
    if not sys.stderr.isatty():
        return None

    def show(day: date, commands: int) -> None:
        text = table.tr("{day}: {commands} commands", day=day.isoformat(), commands=commands)
        click.echo(f"\r  {text:<60}\r", nl=False, err=True)

    return show


def _document(played: Played, lang: str, file: Path, seconds: float) -> Json:
    """The contract's document, with more."""
    facts = played.facts
    return {
        "year": facts.year,
        "seed": played.seed,
        "events": played.checked["events"],
        "commands": played.commands,
        "persons": played.persons,
        "dossiers": played.states,
        "certificates": {str(stars): number for stars, number in played.certificates.items()},
        "plan": played.plan,
        "reminders": {**played.reminders, "shown": played.messages},
        "facts": {
            "recognised_by": facts.recognised_by.isoformat(),
            "recognised": facts.recognised_products,
            "establishments": facts.recognised_establishments,
            "registered": facts.registered,
            "reported_at_end": facts.outcome["products"],
        },
        "story": [
            {"on": told.on.isoformat(), "text": i18n.render(told.text, lang)[0], "because": list(told.because)}
            for told in played.story.lines
        ],
        "verify": played.checked,
        "database": str(file),
        "now": played.ends_at.isoformat(timespec="seconds"),
        "seconds": seconds,
    }


def _tell(table: Desk, played: Played, document: Json) -> None:
    """The story of the year, then where everything stands."""
    _head(table, played)
    for year, month in played.story.passed():
        _month(table, played, year, month)
    _board(table, played)
    _plan(table, document["plan"])
    _certificates(table, played)
    _reminders(table, played)
    _end(table, played, document)


def _title(table: Desk, text: str, **values: object) -> None:
    click.echo()
    click.echo(click.style(table.tr(text, **values), bold=True))


def _head(table: Desk, played: Played) -> None:
    facts = played.facts
    click.echo(
        click.style(table.tr("OCOP in {province}, {year}", province=played.province, year=facts.year), bold=True)
    )
    for text in _ABOUT:
        click.echo(table.tr(text, seed=played.seed))


def _month(table: Desk, played: Played, year: int, month: int) -> None:
    _title(table, "Month {month}/{year}", month=f"{month:02d}", year=year)
    for told in played.story.of_month(year, month):
        message, _ = i18n.render(told.text, table.language)
        click.echo(f"  {told.on.strftime('%d/%m')}  {message}")
        for found in told.because:
            click.echo(f"         ✗ {i18n.render(found, table.language)[0]}{sourced(table.language, found.source)}")
    counted = played.story.months.get((year, month), Counter[str]())
    parts = [table.tr(text, n=counted[key]) for key, text in _COUNTED.items() if counted[key]]
    if parts:
        click.echo(f"  {table.tr('In the month')}: {'; '.join(parts)}.")


def _board(table: Desk, played: Played) -> None:
    _title(table, "Dossiers by state on {day}", day=played.ends_at.date().isoformat())
    rows(
        table,
        ["State", "Code", "Dossiers"],
        [(label(table, played.labels[state]), state, number) for state, number in played.states.items()],
    )


def _plan(table: Desk, plan: Json) -> None:
    _title(table, "Plan {number}: milestones", number=plan["number"])
    rows(
        table,
        ["Milestone", "Due on", "Status", "Units"],
        [
            (each["title"], each["due_on"], table.tr(_STATUS[each["status"]]), _units(table, each))
            for each in plan["milestones"]
        ],
    )
    _title(table, "Targets")
    for target in plan["targets"]:
        met = {True: "reached", False: "not reached", None: "not certain"}[target["met"]]
        wanted = target["target"].get("at_least")
        text = table.tr(
            "{actual} of at least {wanted}: {met}", actual=target["actual"], wanted=wanted, met=table.tr(met)
        )
        click.echo(f"  {target['title']}: {text}")


def _units(table: Desk, milestone: Json) -> str:
    """How many did it in time; who was or is late, and by how many days."""
    units = milestone["units"]
    late = [
        table.tr("{name} {days} days late", name=unit["name"], days=unit["late_days"])
        if unit["done_on"]
        else table.tr(
            "{name} not done, {behind} dossiers behind", name=unit["name"], behind=len(unit["dossiers_behind"])
        )
        for unit in units
        if unit["late_days"]
    ]
    timely = sum(not unit["late_days"] for unit in units)
    return "; ".join([table.tr("{timely} of {all} in time", timely=timely, all=len(units)), *late])


def _certificates(table: Desk, played: Played) -> None:
    facts = played.facts
    _title(table, "Certificates")
    for stars, number in played.certificates.items():
        click.echo("  " + table.tr("{stars} stars: {number}", stars=stars, number=number))
    click.echo(
        "  "
        + table.tr(
            "{declared} of them were declared from before. For the end of the year the province reported {products} "
            "({four} of four stars, {three} of three); here only {registered} dossiers are simulated: figures differ.",
            declared=facts.recognised_products,
            products=facts.outcome["products"],
            four=facts.outcome["four_stars"],
            three=facts.outcome["three_stars"],
            registered=sum(played.states.values()),
        )
    )


def _reminders(table: Desk, played: Played) -> None:
    """How many reminders the year brought, and three of the messages."""
    found = played.reminders
    _title(table, "Reminders")
    text = "{messages} messages and {letters} letters on paper carried {sent} reminders into {folder}"
    click.echo("  " + table.tr(text, **found))
    named = [(label, found["to"][role]) for role, label in _REACHED_LABELS.items() if role in found["to"]]
    click.echo("  " + "; ".join(f"{table.tr(label)} {number}" for label, number in named))
    result = "nothing was missed" if found["audit"]["ok"] else "gaps found"
    click.echo("  " + table.tr("Audit of the year: {result}", result=table.tr(result)))
    for number, message in enumerate(played.messages, start=1):
        click.echo()
        said = table.tr("Message {number} of {day}:", number=number, day=_shown_day(message["on"]))
        click.echo(click.style(f"  {said} {message['subject']}", bold=True))
        for line in message["text"].splitlines():
            click.echo(f"  │ {line}".rstrip())


def _shown_day(text: str) -> str:
    return "/".join(reversed(text.split("-")))


def _end(table: Desk, played: Played, document: Json) -> None:
    checked = document["verify"]
    _title(table, "The record")
    text = "{events} events by {commands} commands in {seconds} s; every chain of the log checked: {result}"
    result = table.tr("nothing was changed") if checked["ok"] else table.tr("problems found")
    shown = {key: document[key] for key in ("events", "commands", "seconds")}
    click.echo("  " + table.tr(text, result=result, **shown))
    _title(table, "Go on yourself")
    click.echo("  " + table.tr("The training database: {database}", **document))
    click.echo(_setting("OCOP_DB", document["database"]))
    click.echo(_setting("OCOP_NOW", document["now"]))
    click.echo(f"    ocop {_noun(table, 'plan')} status {document['plan']['number']}")
    click.echo(f"    ocop {_noun(table, 'inbox')} --as {played.officer}")
    click.echo(f"    ocop {_noun(table, 'audit')} replay {played.sample}")


def _noun(table: Desk, name: str) -> str:
    """A command as the caller's language calls it."""
    from ocop_flow.cli import COMMANDS

    alias = COMMANDS[name][1]
    return alias if alias and table.language == "vi" else name


def _setting(name: str, value: str) -> str:
    """How the user's shell sets a variable."""
    if sys.platform == "win32":
        return f'    set "{name}={value}"'
    import shlex

    return f"    export {name}={shlex.quote(value)}"
