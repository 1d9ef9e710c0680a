"""audit findings, audit reconcile: what to ask about first, and a signed list held against the records."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ocop_flow.cited import cited
from ocop_flow.cli.base import Command, TranslatedOption, Whole, day, desk
from ocop_flow.cli.output import emit, plain, reason_json, rows, unit_text
from ocop_flow.cli.progress import progress
from ocop_flow.errors import InputInvalid, reason

if TYPE_CHECKING:
    from fractions import Fraction

    from ocop_flow.cli.base import Desk

Json = dict[str, Any]

_KIND_LABELS = {
    "recorded_late": "Recorded long after",
    "edge_of_band": "Decided at the edge of a band",
    "as_decided": "Decided against a rule",
    "same_person": "Prepared and signed by the same person",
    "reopened": "Taken back, corrected or reopened",
    "no_quorum": "Recognised without quorum",
    "paid_twice": "Support paid twice",
    "paid_before_decision": "Support paid before the decision",
    "paid_after_end": "Support paid after the certificate ended",
    "held_longest": "Offices that hold dossiers longest",
    "evidence_reused": "Evidence used for several products",
    "number_gap": "Gaps in document numbers",
    "number_reused": "Document numbers used more than once",
}
_DIFFERENCE_LABELS = {
    "missing": "listed, not recorded",
    "extra": "recorded, not listed",
    "other_dossier": "another dossier",
    "other_star": "another star",
    "other_name": "another name of the product",
    "other_entity": "another entity",
    "other_certificate": "another certificate number",
    "annulled": "annulled since",
}


@click.command(
    "findings",
    cls=Command,
    help="What an auditor asks about first: late records, edges of bands, overridden rules, gaps, support paid.",
    epilog="A finding accuses nobody; the law behind it, if any, stands beside it with its mark.",
)
@click.option("--unit", metavar="CODE", cls=TranslatedOption, help="Only dossiers of this unit's area.")
@click.option("--from", "since", metavar="DATE", cls=TranslatedOption, help="Acts from this legal day.")
@click.option("--to", "until", metavar="DATE", cls=TranslatedOption, help="Acts up to this legal day.")
@click.option(
    "--late-days",
    type=Whole(),
    default=30,
    metavar="N",
    cls=TranslatedOption,
    help="Days from which a record is late (default: 30).",
)
@click.option(
    "--edge", metavar="POINTS", default="0.5", cls=TranslatedOption, help="Points around an edge (default: 0.5)."
)
@click.option("--out", metavar="FILE", cls=TranslatedOption, help="Write them to a new .csv or .xlsx file.")
@click.pass_context
def findings(ctx: click.Context, /, unit: str | None, out: str | None, **options: Any) -> None:
    from ocop_flow.cli.declaring import check_target, write_file
    from ocop_flow.domain.findings import Limits
    from ocop_flow.service import findings as finding

    table = desk(ctx)
    limits = Limits(options["late_days"], _points(options["edge"]))
    asked = finding.Asked(unit, day(options["since"]), day(options["until"]), limits)
    if out is not None:
        check_target(Path(out))
    with progress(table, "Dossiers") as shown, table.office.reader() as uow:
        found = finding.findings(uow, table.office, asked, shown)
    if out is not None:
        write_file(Path(out), _table(table, found["findings"], as_csv=out.lower().endswith(".csv")))
        found["file"] = out
    emit(ctx, found, lambda v: _show(table, v))


def _points(text: str) -> Fraction:
    from ocop_flow.domain.exact import parse_exact

    points = parse_exact(text)
    if points < 0:
        raise InputInvalid(reason("edge_negative", points=text))
    return points


def _table(table: Desk, found: list[Json], *, as_csv: bool) -> bytes:
    from ocop_flow.tables import writing

    headings = ["Kind", "Dossier or certificate", "No.", "Day", "Unit", "Finding", "Source", "Mark"]
    listed = [
        [
            table.tr(_KIND_LABELS[item["kind"]]),
            item["subject"],
            item["seq"],
            item["on"],
            unit_text(item["unit"]),
            reason_json(item["reason"], table.language)["message"],
            cited(item["source"] or "", table.language),
            item["mark"],
        ]
        for item in found
    ]
    return writing.table(table.tr("Findings"), [table.tr(title) for title in headings], listed, as_csv=as_csv)


def _show(table: Desk, v: Json) -> None:
    click.echo(table.tr("{events} events of {dossiers} dossiers read.", **v))
    if "file" in v:
        click.echo(table.tr("Written: {file}", file=v["file"]))
        _show_counts(table, v["counts"])
        return
    for kind, count in v["counts"].items():
        if count:
            click.echo("")
            click.echo(click.style(f"{table.tr(_KIND_LABELS[kind])}: {count}", bold=True))
            _show_kind(table, [item for item in v["findings"] if item["kind"] == kind])
    if not v["findings"]:
        click.echo(table.tr("Nothing to ask about was found."))


def _show_counts(table: Desk, counts: dict[str, int]) -> None:
    rows(table, ["Kind", "Count"], [(table.tr(_KIND_LABELS[kind]), count) for kind, count in counts.items() if count])


def _show_kind(table: Desk, found: list[Json]) -> None:
    rows(
        table,
        ["Dossier or certificate", "No.", "Day", "Unit", "Finding", "Source"],
        [
            (
                item["subject"],
                item["seq"],
                item["on"],
                unit_text(item["unit"]),
                reason_json(item["reason"], table.language)["message"],
                cited(item["source"] or "", table.language),
            )
            for item in found
        ],
    )


@click.command(
    "reconcile",
    cls=Command,
    help="Hold the list of a signed decision (.xlsx, .csv, .docx) against the records.",
    epilog="Exit 1 where they differ.",
)
@click.argument("number", metavar="DECISION")
@click.argument("file", metavar="LIST")
@click.pass_context
def reconcile(ctx: click.Context, /, number: str, file: str) -> int:
    from ocop_flow import tables
    from ocop_flow.domain import decision_list
    from ocop_flow.service import reconcile as reconciling

    table = desk(ctx)
    path = Path(file)
    read = decision_list.read(path.name, tables.read(path))
    with table.office.reader() as uow:
        found = reconciling.reconcile(uow, number, read.lines)

    def human(v: Json) -> None:
        click.echo(table.tr("{listed} listed, {recorded} recorded under {decision}.", **v))
        rows(
            table,
            ["Row", "Dossier", "Difference", "What differs"],
            [
                (
                    item["line"],
                    item["dossier"] or item["certificate"],
                    table.tr(_DIFFERENCE_LABELS[item["kind"]]),
                    plain(item["reason"], table.language)["message"],
                )
                for item in v["differences"]
            ],
            empty="List and records agree.",
        )

    emit(ctx, found, human)
    return 0 if found["ok"] else 1
