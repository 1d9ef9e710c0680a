"""Reading histories as an auditor does: replay to any point, what differs between two, whether each act was lawful."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from ocop_flow import i18n
from ocop_flow.cli.base import Command, TranslatedOption, Whole, day, desk
from ocop_flow.cli.files import written
from ocop_flow.cli.output import emit, label, moment, rows, say, unit_text, warn, word
from ocop_flow.cli.progress import progress
from ocop_flow.errors import InputInvalid, reason

if TYPE_CHECKING:
    from ocop_flow.cli.base import Desk
    from ocop_flow.domain.point import Point

Json = dict[str, Any]

#: Warnings shown of one act: an unchecked result may have a score of them.
_TOLD = 3
_MARK_LABELS = {"breach": "breach", "as_decided": "as decided", "doubtful": "doubtful"}


@click.command("replay", cls=Command, help="A dossier's history, folded to a number, a day or a moment.")
@click.argument("code", metavar="DOSSIER")
@click.option("--to", type=Whole(), metavar="SEQ", cls=TranslatedOption, help="Up to this event.")
@click.option("--at", metavar="DATE", cls=TranslatedOption, help="What had happened by this legal day.")
@click.option("--known-at", metavar="TIME", cls=TranslatedOption, help="What was recorded by this moment.")
@click.pass_context
def replay(ctx: click.Context, /, code: str, to: int | None, at: str | None, known_at: str | None) -> None:
    from ocop_flow.domain.point import Point
    from ocop_flow.service import history

    table = desk(ctx)
    point = Point(to, day(at), _moment(known_at))
    with table.office.reader() as uow:
        found = history.replayed(uow, table.office, code, point)
    emit(ctx, found, lambda v: _show_replay(table, v))


def _show_replay(table: Desk, v: Json) -> None:
    for event in v["events"]:
        named = act_text(table, event)
        say(table, f"{event['seq']:>3}. {event['occurred_on']}  {named}  → {state_text(table, event)}")
        signer = event["signer"]
        late = event["recorded_days_after"]
        facts: list[tuple[str, object]] = [
            ("Done by", _doer(table, event["actor"])),
            ("Typed by", _doer(table, event["recorder"]) if event["recorder"] != event["actor"] else None),
            ("Signed", _signed(signer) if signer else None),
            ("Article", event["article"]),
            ("Recorded", f"{moment(event['recorded_at'])} ({entry_text(table, event['entry'])})"),
            ("Days until recorded", late if late > 0 else None),
            ("Evidence", _evidence(table, event["evidence"])),
            ("Evidence withdrawn", _evidence(table, event["withdrawn"])),
            ("Reason", event["reason"]),
        ]
        for title, value in facts:
            if value:
                say(table, f"       {table.tr(title)}: {value}")
        told = (*event["overridden"], *event["warnings"])
        for item in told[:_TOLD]:
            warn(table, item)
        if len(told) > _TOLD:
            click.echo("       " + table.tr("and {count} more (--json tells all)", count=len(told) - _TOLD))
    click.echo("")
    rows(
        table,
        ["Held by", "State", "From", "To", "Days"],
        [
            (unit_text(stay["unit"]), label(table, stay["state_label"]), stay["from"], stay["to"], stay["days"])
            for stay in v["held"]
        ],
    )
    now = v["held"][-1]["state_label"] if v["held"] else None
    click.echo(table.tr("State: {state}", state=label(table, now) if now else v["state"]))


def act_text(table: Desk, event: Json) -> str:
    return label(table, event["label"]) if event["label"] else i18n.act(event["action"], table.language)


def _doer(table: Desk, doer: Json) -> str:
    unit = f", {doer['unit']['name']}" if doer["unit"] else ""
    return f"{doer['name']} ({word(table, doer['role'])}{unit})"


def _signed(signer: Json) -> str:
    capacity = f"{signer['capacity']}. " if signer["capacity"] else ""
    return f"{capacity}{signer['name']}, {signer['number']}, {signer['date']}"


def state_text(table: Desk, event: Json) -> str:
    return label(table, event["to_label"]) if event["to_label"] else str(event["to_state"])


def entry_text(table: Desk, entry: str) -> str:
    """Live, or from which paper campaign."""
    how, colon, campaign = entry.partition(":")
    return f"{word(table, how)}{colon}{' ' if colon else ''}{campaign}"


def _evidence(table: Desk, evidence: list[Json]) -> str:
    return "; ".join(
        f"{item['copies']} × {label(table, item['label'])}" + (f" {item['file'][:12]}…" if item["file"] else "")
        for item in evidence
    )


@click.command("story", cls=Command, help="A dossier's history on a page to read or print (HTML or DOCX).")
@click.argument("code", metavar="DOSSIER")
@click.option("--out", metavar="FILE", cls=TranslatedOption, help="Where to write it: .html or .docx.")
@click.pass_context
def story(ctx: click.Context, /, code: str, out: str | None) -> None:
    from ocop_flow.service import history

    table = desk(ctx)
    with table.office.reader() as uow:
        told = history.story(uow, table.office, code)
    file = out or f"{told['view']['code']}.html"
    written(file, _story_bytes(told, file, table.language))
    emit(ctx, {"dossier": told["view"]["code"], "file": file}, lambda v: click.echo(table.tr("Written: {file}", **v)))


def _story_bytes(told: Json, file: str, lang: str) -> bytes:
    if file.lower().endswith((".html", ".htm")):
        from ocop_flow.pages.story import html

        return html(told, lang).encode()
    if file.lower().endswith(".docx"):
        from ocop_flow.papers.story import docx

        return docx(told, lang)
    raise InputInvalid(reason("format_unknown", file=file, known=".html, .docx"))


@click.command(
    "diff",
    cls=Command,
    help="What differs between two points of a dossier's history. "
    "A point is an event's number, a legal day, a moment of recording, or now.",
)
@click.argument("code", metavar="DOSSIER")
@click.argument("one", metavar="POINT")
@click.argument("other", metavar="POINT", default="now")
@click.pass_context
def diff(ctx: click.Context, /, code: str, one: str, other: str) -> None:
    from ocop_flow.cli import differences
    from ocop_flow.service import history

    table = desk(ctx)
    with table.office.reader() as uow:
        found = history.compared(uow, code, _point(one), _point(other))

    emit(ctx, found, lambda v: differences.show(table, v))


@click.command(
    "conformance",
    cls=Command,
    help="Check every past act again by the rules of its day: law, post, evidence, limits.",
    epilog="Exit 1 where a rule was broken or overridden by a decision; what is only doubtful is told.",
)
@click.argument("codes", metavar="[DOSSIER]...", nargs=-1)
@click.option("--unit", metavar="CODE", cls=TranslatedOption, help="Only dossiers of this unit's area.")
@click.option("--from", "since", metavar="DATE", cls=TranslatedOption, help="Acts from this legal day.")
@click.option("--to", "until", metavar="DATE", cls=TranslatedOption, help="Acts up to this legal day.")
@click.pass_context
def conformance(
    ctx: click.Context, /, codes: tuple[str, ...], unit: str | None, since: str | None, until: str | None
) -> int:
    from ocop_flow.service import conformance as conforming
    from ocop_flow.service.desk import area_code

    table = desk(ctx)
    with progress(table, "Dossiers") as shown, table.office.reader() as uow:
        unit = area_code(uow, unit, table.office.today)
        found = conforming.check(
            uow, table.office, codes, unit=unit, since=day(since), until=day(until), progress=shown
        )

    def human(v: Json) -> None:
        click.echo(table.tr("{events} events of {dossiers} dossiers judged again by the rules of their day.", **v))
        if v["beside"]:
            words = "With them {beside} councils, decisions and certificates from before these records."
            click.echo(table.tr(words, **v))
        for item in v["findings"]:
            mark = table.tr(_MARK_LABELS[item["mark"]])
            say(table, f"{item['subject']} {item['seq']:>3}. {item['occurred_on']} {act_text(table, item)}: {mark}")
            warn(table, item["reason"])
        if not v["findings"]:
            click.echo(table.tr("Nothing departs from the rules."))

    emit(ctx, found, human)
    return 0 if found["ok"] else 1


def _point(text: str) -> Point:
    from ocop_flow.domain.numerals import whole
    from ocop_flow.domain.point import Point

    if text == "now":
        return Point()
    event = whole(text) if len(text) < 7 else None
    if event is not None:
        return Point(to=event)
    return Point(known_at=_moment(text)) if "T" in text else Point(at=day(text))


def _moment(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise InputInvalid(reason("moment_unreadable", text=text))
    return moment
