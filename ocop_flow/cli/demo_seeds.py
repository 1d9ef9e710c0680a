"""demo --seed-file: what the seed documents say, stored and shown as it stood on a day."""

from __future__ import annotations

from dataclasses import replace
from time import perf_counter
from typing import TYPE_CHECKING, Any

import click

from ocop_flow import i18n
from ocop_flow.cli.base import Desk, day
from ocop_flow.cli.output import label, lines, rows, sourced

if TYPE_CHECKING:
    from pathlib import Path

    from ocop_flow.demo.seed_status import Found
    from ocop_flow.demo.seeds import Shown

Json = dict[str, Any]

#: What ``--seed-file`` takes.
CHOICES = ("000", "001", "002", "003", "004", "all")

_QUALIFIER_LABELS = {
    "at_least": "at least {value}",
    "at_most": "at most {value}",
    "about": "about {value}",
    "range": "{value} to {high}",
}
_STANDING_LABELS = {"proposed": "proposed, not recognised", "wanted": "wanted"}
_BOUND_LABELS = {"at_least": "at least {value}", "at_most": "at most {value}", "about": "about {value}"}
_MET_LABELS = {True: "reached", False: "not reached", None: "not certain"}
_MILESTONE_LABELS = {"open": "open", "met": "done", "late": "late", "cancelled": "cancelled"}
_RELATION_LABELS = {"share": "printed as {stated} %", "times": "printed as {stated} times"}


def run(table: Desk, chosen: str, on: str | None, folder: str | None) -> tuple[Json, Shown]:
    """Store the seeds and look at them; the document and what it was made from."""
    from ocop_flow import config
    from ocop_flow.demo import folder as folders
    from ocop_flow.demo.seed_data import SEEDS
    from ocop_flow.demo.seeds import show

    began = perf_counter()
    settings = config.read(None, table.lang, None)
    asked = day(on)
    file = folders.prepare(folder)
    shown = show(replace(settings, db=config.url_of(str(file))), SEEDS if chosen == "all" else (chosen,), asked)
    return _document(shown, file, round(perf_counter() - began, 1)), shown


def _document(shown: Shown, file: Path, seconds: float) -> Json:
    """The contract's document, with one entry for each seed; ``plan`` is the first plan of a single seed."""
    single = shown.found[0] if len(shown.found) == 1 else None
    return {
        "events": shown.checked["events"],
        "commands": shown.commands,
        "dossiers": {},
        "plan": next(iter(single.plans), None) if single else None,
        # Filled once the product reminds.
        "reminders": {},
        "seeds": [_seed(found) for found in shown.found],
        "verify": shown.checked,
        "database": str(file),
        "now": shown.ends_at.isoformat(timespec="seconds"),
        "seconds": seconds,
    }


def _seed(found: Found) -> Json:
    seed = found.seed
    return {
        "seed": seed.id,
        "file": seed.file,
        "kind": seed.kind,
        "title": seed.title,
        "told_on": seed.told_on.isoformat(),
        "told_on_source": seed.told_on_source,
        "on": found.on.isoformat(),
        "place": found.place,
        "law": list(found.law),
        "facts": list(found.facts),
        "declared": found.declared,
        "plans": list(found.plans),
        "later": list(found.later),
        "warnings": list(found.warnings),
        "notes": list(seed.notes),
    }


def tell(table: Desk, shown: Shown, document: Json) -> None:
    """Each seed with its figures, plans, warnings and notes; then where the database lies."""
    for found in shown.found:
        _head(table, found)
        _facts(table, found)
        _declared(table, found)
        for plan in found.plans:
            _plan(table, plan)
        for identity in found.later:
            click.echo("  " + table.tr("Issued later: {plan}", plan=identity))
        _warnings(table, found)
    checked = document["verify"]
    _title(table, "The record")
    text = "{events} events by {commands} commands in {seconds} s; every chain of the log checked: {result}"
    result = table.tr("nothing was changed") if checked["ok"] else table.tr("problems found")
    click.echo(
        "  " + table.tr(text, result=result, **{key: document[key] for key in ("events", "commands", "seconds")})
    )
    click.echo("  " + table.tr("The training database: {database}", database=document["database"]))


def _title(table: Desk, text: str, **values: object) -> None:
    click.echo()
    click.echo(click.style(table.tr(text, **values), bold=True))


def _head(table: Desk, found: Found) -> None:
    seed, place = found.seed, found.place
    click.echo()
    click.echo(click.style(label(table, seed.title), bold=True))
    since = place["since_2025_07_01"]
    lines(
        table,
        [
            ("Seed file", f"{seed.file} ({label(table, seed.kind)})"),
            ("Told on", f"{_day(seed.told_on.isoformat())} [{seed.told_on_source}]"),
            ("Shown as on", _day(found.on.isoformat())),
            ("Unit then", _unit(place)),
            ("Unit since 01/07/2025", _unit(since) if since and since["code"] != place["code"] else None),
        ],
    )
    for law in found.law:
        click.echo("  " + _law(table, law))


def _unit(unit: Json) -> str:
    above = unit.get("province")
    told = f"{unit['name']} ({unit['code']})"
    return f"{told}, {above['name']}" if above and above["code"] != unit["code"] else told


def _law(table: Desk, law: Json) -> str:
    title = label(table, law["title"]) if law["title"] else law["regime"]
    how = (
        table.tr("in force")
        if law["in_force"]
        else table.tr("still used beside the regime in force")
        if law["overlap"]
        else table.tr("not in force")
    )
    added = table.tr("with the minima of {decisions}", decisions=", ".join(law["minima"])) if law["minima"] else ""
    return ": ".join([title, "; ".join(part for part in (how, added) if part)])


def _facts(table: Desk, found: Found) -> None:
    if not found.facts:
        return
    _title(table, "Figures as printed")
    known = [fact for fact in found.facts if fact["known"]]
    rows(
        table,
        ["Figure", "Value", "As of", "Remark"],
        [
            (label(table, fact["title"]), _value(table, fact), _day(fact["as_of"]), _remark(table, fact))
            for fact in known
        ],
        empty="None by this day.",
    )
    later = [fact for fact in found.facts if not fact["known"]]
    if later:
        days = sorted({fact["as_of"] for fact in later})
        text = "Not yet by this day: {count} figures of {days}"
        click.echo("  " + table.tr(text, count=len(later), days=", ".join(_day(each) for each in days)))


def _value(table: Desk, fact: Json) -> str:
    if fact["qualifier"] == "exact":
        return str(fact["value"])
    return table.tr(_QUALIFIER_LABELS[fact["qualifier"]], value=fact["value"], high=fact.get("high"))


def _remark(table: Desk, fact: Json) -> str:
    parts = []
    if fact["standing"] in _STANDING_LABELS:
        parts.append(table.tr(_STANDING_LABELS[fact["standing"]]))
    if "by" in fact:
        parts.append(table.tr("by {day}", day=_day(fact["by"])))
    if fact.get("assigned_by"):
        parts.append(table.tr("assigned by {unit}", unit=fact["assigned_by"]["name"]))
    if "round" in fact:
        parts.append(table.tr("round {round} of {year}", round=fact["round"], year=fact["year"]))
    for relation in fact.get("relations", ()):
        if relation["kind"] in _RELATION_LABELS:
            parts.append(table.tr(_RELATION_LABELS[relation["kind"]], stated=relation["stated"]))
    if "units" in fact:
        text = "{value} of {total}; the other {others} and the names are not known"
        parts.append(table.tr(text, value=fact["value"], total=fact["units"]["total"], others=fact["units"]["others"]))
    if "wording" in fact:
        parts.append(f"“{fact['wording']}”")
    if "reading" in fact:
        parts.append(table.tr("our reading: {reading}", reading=label(table, fact["reading"])))
    return "; ".join(parts)


def _declared(table: Desk, found: Found) -> None:
    declared = found.declared
    if declared is None:
        return
    _title(table, "Declared products")
    stars = ", ".join(
        table.tr("{stars} stars: {number}", stars=rank, number=number) for rank, number in declared["stars"].items()
    )
    rounds = "; ".join(table.tr("round {round} of {year}: {products}", **each) for each in declared["rounds"])
    lines(
        table,
        [
            ("Products", f"{declared['products']} ({stars})" if stars else declared["products"]),
            ("Of these in rounds", rounds),
            ("Establishments", declared["establishments"]),
            ("Without a certificate", declared["without_certificate"] or None),
            ("To be reconciled", declared["unreconciled"]),
        ],
    )


def _plan(table: Desk, plan: Json) -> None:
    _title(table, "Plan {number}: {title}", number=plan["number"], title=plan["title"])
    rows(
        table,
        ["Milestone", "In the plan's words", "Due on", "Status", "Units"],
        [
            (
                each["title"],
                each["wording"],
                _day(each["due_on"]),
                table.tr(_MILESTONE_LABELS[each["status"]]),
                each["units"][0]["name"] if len(each["units"]) == 1 else len(each["units"]),
            )
            for each in plan["milestones"]
        ],
    )
    for target in plan["targets"]:
        _target(table, target)


def _target(table: Desk, target: Json) -> None:
    text = "{title}: wanted {wanted}; counted here {actual}: {met}"
    actual = target["actual"]
    shown = {
        "title": target["title"],
        "wanted": _wanted(table, target["target"]),
        "actual": _stars(table, actual) if isinstance(actual, dict) else actual,
        "met": table.tr(_MET_LABELS[target["met"]]),
    }
    click.echo("  " + table.tr(text, **shown))
    for share in target["shares"]:
        text = "each of {units} units: {each}; together {together}"
        each, together = _bounds(table, share["each"]), _bounds(table, share["together"])
        click.echo("    " + table.tr(text, units=share["units"], each=each, together=together))
    reported = target["reported"]
    if reported is not None:
        text = "reported for {day}: {value} ({met}); not added to what is counted here"
        met = table.tr(_MET_LABELS[reported["met"]])
        click.echo("    " + table.tr(text, day=_day(reported["as_of"]), value=reported["value"], met=met))


def _wanted(table: Desk, wanted: Json) -> str:
    if "distribution" in wanted:
        return _stars(table, wanted["distribution"])
    told = _bounds(table, wanted)
    if "baseline" in wanted:
        told += " " + table.tr("({baseline} of them from before)", baseline=wanted["baseline"])
    return told


def _bounds(table: Desk, bounds: Json) -> str:
    parts = [table.tr(text, value=bounds[key]) for key, text in _BOUND_LABELS.items() if key in bounds]
    return ", ".join(parts)


def _stars(table: Desk, distribution: Json) -> str:
    ranks = sorted(distribution, reverse=True)
    return ", ".join(table.tr("{stars} stars: {number}", stars=rank, number=distribution[rank]) for rank in ranks)


def _warnings(table: Desk, found: Found) -> None:
    if found.warnings:
        _title(table, "Warnings")
    for item in found.warnings:
        message, remedy = i18n.render(item, table.language)
        click.echo(f"  ! {message}" + sourced(table.language, item.source))
        if remedy:
            click.echo(f"    → {remedy}")
    _title(table, "To be kept in mind")
    for note in found.seed.notes:
        click.echo(f"  - {label(table, note)}")


def _day(text: str | None) -> str:
    return "/".join(reversed(text.split("-"))) if text else "-"
