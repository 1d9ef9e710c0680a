"""``workflow migrate`` and ``unit succeed``: what becomes of each dossier, shown first, then done in groups."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from ocop_flow.cited import cited
from ocop_flow.cli.base import Desk, desk
from ocop_flow.cli.output import Human, emit_printed, label, lines, plain, rows, unit_text, word
from ocop_flow.cli.progress import progress
from ocop_flow.cli.writing import ask, asks

if TYPE_CHECKING:
    from ocop_flow.service.grouped import Progress

Json = dict[str, Any]
#: (whether only to try, how far it has come) -> the answer as printed.
Work = Callable[[bool, "Progress"], Json]
#: Lines of one kind shown to a person; all of them stand in --json.
SHOWN = 20
ANSWER_LABELS = ("stays", "moves", "follows", "person_decides", "lost", "not_received")


def in_groups(ctx: click.Context, /, work: Work, human: Human, question: str) -> None:
    """Tried, shown and asked about once on a terminal, then done."""
    from ocop_flow.service.grouped import silent

    table = desk(ctx)
    if asks(table):
        click.echo(table.tr("This would happen:"), err=True)
        human(work(True, silent))
        ask(table, question)
    with progress(table, "Dossiers") as shown:
        answer = work(table.dry_run, shown)
    emit_printed(ctx, answer, human)


def printed(table: Desk) -> Callable[[Json], Json]:
    """An answer in the caller's language, as JSON prints it."""
    return lambda answer: plain(answer, table.language)


def settled(file: str | None) -> tuple[Any, ...]:
    """The lines of ``workflow migrate --list``: columns dossier, state."""
    from ocop_flow.cli.batch import whole_table
    from ocop_flow.service.migration import Settled

    listed = whole_table(file, ["dossier", "state"], ["dossier"]) if file else []
    return tuple(Settled(line, cells.get("dossier", ""), cells.get("state")) for line, cells, _ in listed)


def told(file: str | None) -> tuple[Any, ...]:
    """The lines of ``unit succeed --list``: columns dossier, unit, file, answer."""
    from ocop_flow.cli.batch import whole_table
    from ocop_flow.service.succession import Told

    listed = whole_table(file, ["dossier", "unit", "file", "answer"], ["dossier"]) if file else []
    return tuple(
        Told(line, cells.get("dossier", ""), cells.get("unit"), cells.get("file"), cells.get("answer"))
        for line, cells, _ in listed
    )


def show_migration(table: Desk, value: Json) -> None:
    click.echo(click.style(f"{value['from']} → {value['to']}  ({value['on']})", bold=True))
    lines(table, [("For", unit_text(value["unit"])), ("Decision", value["decision"])])
    _counts(table, value["counts"])
    grouped = Counter((item["rule"], item["state"], item["answer"]) for item in value["dossiers"])
    first = {(item["rule"], item["state"], item["answer"]): item for item in value["dossiers"]}
    click.echo()
    rows(
        table,
        ["Dossiers", "State", "Answer", "Goes on in", "Why", "Source"],
        [
            (
                count,
                first[key]["state_label"],
                word(table, key[2]),
                first[key]["to_label"],
                first[key]["why"]["message"],
                cited(first[key]["why"]["source"] or "", table.language),
            )
            for key, count in grouped.most_common()
        ],
    )
    _deciding(table, value["dossiers"], ["Dossier", "Product", "State"], ("dossier", "product", "state_label"))
    if value["migrated"]:
        click.echo(table.tr("{count} dossiers are under {regime} now.", count=value["migrated"], regime=value["to"]))


def show_succession(table: Desk, value: Json) -> None:
    title = unit_text(value["former"]) if value["former"] else table.tr("All units that have ended")
    click.echo(click.style(f"{title}  ({value['on']})", bold=True))
    lines(table, [("For", unit_text(value["unit"])), ("Minutes", value["minutes"])])
    _counts(table, value["counts"])
    grouped = Counter((unit_text(i["former"]), unit_text(i["unit"])) for i in value["dossiers"] if i["unit"])
    click.echo()
    largest = [(former, unit, count) for (former, unit), count in grouped.most_common(SHOWN)]
    rows(table, ["Former unit", "Successor", "Dossiers"], largest, empty="No dossier follows.")
    _more(table, len(grouped))
    _deciding(table, value["dossiers"], ["Dossier", "Product", "Ground"], ("dossier", "product", "why"))
    _missing(table, value["dossiers"])
    _left_behind(table, "Posts", value["posts"], "person", "role")
    _left_behind(table, "Mailboxes", value["contacts"], "email")
    _left_behind(table, "Open duties", value["duties"], "id")
    kept = [{**each, "unit": each["kept_by"], "file": _file(table, each)} for each in value["certificates"]]
    _left_behind(table, "Certificates from before", kept, "number", "product", "file")
    if value["handed_over"]:
        click.echo(table.tr("{count} dossiers are handed over.", count=value["handed_over"]))


def _counts(table: Desk, counts: Json) -> None:
    click.echo("  ".join(f"{word(table, name)}: {count}" for name, count in counts.items()))


def _deciding(table: Desk, dossiers: list[Json], headings: list[str], keys: tuple[str, ...]) -> None:
    asked = [item for item in dossiers if item["answer"] == "person_decides"]
    if not asked:
        return
    click.echo()
    click.echo(table.tr("A person decides:"))
    cells = [tuple(item[key]["message"] if key == "why" else label(table, item[key]) for key in keys) for item in asked]
    rows(table, headings, cells[:SHOWN])
    _more(table, len(asked))


def _missing(table: Desk, dossiers: list[Json]) -> None:
    gone = [(item["dossier"], each) for item in dossiers for each in item["missing"]]
    if not gone:
        return
    click.echo()
    click.echo(table.tr("Did not come over:"))
    cells = [(code, each["kind"], each["copies"], word(table, each["answer"])) for code, each in gone]
    rows(table, ["Dossier", "Evidence", "Copies", "Answer"], cells[:SHOWN])
    _more(table, len(gone))


def _file(table: Desk, certificate: Json) -> str:
    """What the minutes say of a certificate's file, where that is not that it came over."""
    missing = certificate["missing"]
    return f"({table.tr('its file')}: {word(table, missing)})" if missing else ""


def _left_behind(table: Desk, title: str, found: list[Json], *keys: str) -> None:
    if not found:
        return
    click.echo()
    click.echo(f"{table.tr(title)}:")
    cells = [
        (
            "  ".join(str(item[key]) for key in keys),
            unit_text(item["former"]),
            word(table, item["answer"]),
            unit_text(item["unit"]),
        )
        for item in found
    ]
    rows(table, ["What", "Former unit", "Answer", "Successor"], cells[:SHOWN])
    _more(table, len(found))


def _more(table: Desk, count: int) -> None:
    if count > SHOWN:
        click.echo(table.tr("… and {count} more; all of them with --json.", count=count - SHOWN))
