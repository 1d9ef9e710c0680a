"""Reports of figures: on the screen, as files for Excel, Word and the browser, and as pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from ocop_flow.cli.base import Command, Desk, Group, TranslatedOption, day, desk
from ocop_flow.cli.files import content, written
from ocop_flow.cli.output import emit, lines, plain, rows
from ocop_flow.errors import InputInvalid, Refused, reason
from ocop_flow.messages.figures import KIND_LABELS

if TYPE_CHECKING:
    from ocop_flow.pages.figure_words import Document
    from ocop_flow.service.figure_reports import Figures

Json = dict[str, Any]
FORMATS = ("table", "json", "csv", "html", "xlsx", "docx")


def figure_options(function: Any) -> Any:
    """What every report can be asked for."""
    for option in reversed(
        (
            click.option("--unit", metavar="CODE", cls=TranslatedOption, help="Unit (default: the whole country)."),
            click.option("--from", "since", metavar="DATE", cls=TranslatedOption, help="First day of the period."),
            click.option("--to", "until", metavar="DATE", cls=TranslatedOption, help="Its last day (default: today)."),
            click.option("--on", metavar="DATE", cls=TranslatedOption, help="The same as --to."),
            click.option(
                "--units-of",
                metavar="DATE",
                cls=TranslatedOption,
                help="Day whose units are meant, e.g. today's Ninh Bình for a period of 2020 (default: the last day).",
            ),
            click.option("--product-set", metavar="ID", cls=TranslatedOption, help="Only this product set."),
            click.option("--regime", metavar="ID", cls=TranslatedOption, help="Only dossiers under this regime."),
        )
    ):
        function = option(function)
    return function


def made(table: Desk, kind: str, options: Json, tier: str | None = None) -> Figures:
    """The report that the options ask for."""
    from ocop_flow.domain.figures.facts import Period
    from ocop_flow.service import figure_reports
    from ocop_flow.service.figure_facts import Asked

    if options["on"] and options["until"]:
        raise InputInvalid(reason("report_two_ends"))
    last = day(options["on"]) or day(options["until"]) or table.office.today
    period = Period(day(options["since"]), last)
    asked = Asked(options["unit"], period, day(options["units_of"]), options["product_set"], options["regime"])
    with table.office.reader() as uow:
        return figure_reports.report(uow, table.office, kind, asked, tier)


def read(table: Desk, found: Figures) -> Document:
    from ocop_flow.pages.figure_words import document

    return document(found.to_json(), found.sheets, table.language, table.office.today)


class Kinds(Group):
    """One command for each kind of report, beside those that stand on their own."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [*KIND_LABELS, *super().list_commands(ctx)]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        return _kind(cmd_name) if cmd_name in KIND_LABELS else super().get_command(ctx, cmd_name)


@click.group(cls=Kinds, help="Figures from the records: on the screen, in Excel, Word or the browser.")
def report() -> None: ...


@report.command("list", cls=Command, help="The kinds of reports.")
@click.pass_context
def list_(ctx: click.Context, /) -> None:
    table = desk(ctx)
    found = [{"kind": kind, "title": table.tr(text)} for kind, text in KIND_LABELS.items()]
    emit(ctx, found, lambda v: rows(table, ["Kind", "What it shows"], [(row["kind"], row["title"]) for row in v]))


@report.command("template", cls=Command, help="Write our Word template, to begin the province's own with.")
@click.option("--out", required=True, metavar="FILE", cls=TranslatedOption, help="Where to write it (.docx).")
@click.pass_context
def template(ctx: click.Context, /, out: str) -> None:
    from ocop_flow.papers.figures import default_template

    table = desk(ctx)
    written(out, default_template())
    emit(ctx, {"file": out}, lambda v: click.echo(table.tr("Written: {file}", **v)))


@click.command("chart", cls=Command, help="A picture of figures: funnel, stars, renewal or calendar (.svg, .png).")
@click.argument("kind", metavar="KIND")
@figure_options
@click.option("--out", required=True, metavar="FILE", cls=TranslatedOption, help="Where to write it: .svg or .png.")
@click.pass_context
def chart(ctx: click.Context, /, kind: str, out: str, **options: Any) -> None:
    from ocop_flow.pages.pictures import CHARTS, picture

    table = desk(ctx)
    if kind not in CHARTS:
        raise InputInvalid(reason("chart_unknown", kind=kind, known=", ".join(CHARTS)))
    form = out.lower().rpartition(".")[2]
    if form not in ("svg", "png"):
        raise InputInvalid(reason("format_unknown", file=out, known=".svg, .png"))
    report_kind, name = CHARTS[kind]
    found = made(table, report_kind, options)
    sheet = found.sheet(name)
    drawn = picture(sheet, table.language, form, found.gathered.asked.period.until) if sheet else None
    if drawn is None:
        raise Refused(reason("picture_empty", what=kind))
    written(out, drawn)
    answer = {"kind": kind, "file": out, "warnings": list(found.warnings)}
    emit(ctx, answer, lambda v: click.echo(table.tr("Written: {file}", **v)))


@click.command("export", cls=Command, help="A table in the form of another office's template, by a layout of yours.")
@click.option("--layout", required=True, metavar="FILE", cls=TranslatedOption, help="The layout (.yaml).")
@click.option("--out", required=True, metavar="FILE", cls=TranslatedOption, help="Where to write it: .csv or .xlsx.")
@click.option("--unit", metavar="CODE", cls=TranslatedOption, help="Only below this unit.")
@click.option(
    "--units-of", metavar="DATE", cls=TranslatedOption, help="Day whose units are named (default: today's units)."
)
@click.pass_context
def export(ctx: click.Context, /, layout: str, out: str, unit: str | None, units_of: str | None) -> None:
    from pathlib import Path

    from ocop_flow import bootstrap, exportlayout
    from ocop_flow.service import export as exporting
    from ocop_flow.service.desk import area_code
    from ocop_flow.tables.writing import table as table_file

    table = desk(ctx)
    form = out.lower().rpartition(".")[2]
    if form not in ("csv", "xlsx"):
        raise InputInvalid(reason("format_unknown", file=out, known=".csv, .xlsx"))
    read_layout = exportlayout.read(content(layout), Path(layout).name)
    with table.office.reader() as uow:
        unit = area_code(uow, unit, table.office.today)
        found = exporting.rows(uow, table.office, bootstrap.beside_groups(), read_layout, unit, day(units_of))
    titles = [column.title for column in read_layout.columns]
    written(out, table_file(read_layout.sheet, titles, found, as_csv=form == "csv"))
    answer = {"file": out, "rows": len(found)}
    emit(ctx, answer, lambda v: click.echo(table.tr("{rows} rows written: {file}", **v)))


def _kind(kind: str) -> click.Command:
    @click.command(kind, cls=Command, help=KIND_LABELS[kind])
    @figure_options
    @click.option("--tier", metavar="TIER", cls=TranslatedOption, help="Tier whose units are listed (rollup, summary).")
    @click.option(
        "--format",
        "form",
        type=click.Choice(FORMATS),
        cls=TranslatedOption,
        help="Form (default: the ending of --out, else a table).",
    )
    @click.option("--out", metavar="FILE", cls=TranslatedOption, help="Write it to .xlsx, .html, .docx, .csv or .json.")
    @click.option("--template", metavar="FILE", cls=TranslatedOption, help="The province's own Word template (.docx).")
    @click.pass_context
    def command(
        ctx: click.Context,
        /,
        tier: str | None,
        form: str | None,
        out: str | None,
        template: str | None,
        **options: Any,
    ) -> None:
        table = desk(ctx)
        found = made(table, kind, options, tier)
        _hand_over(ctx, table, found, form or _form_of(out), out, template)

    return command


def _form_of(out: str | None) -> str:
    """The form that an ending means; raises InputInvalid."""
    if out is None:
        return "table"
    ending = out.lower().rpartition(".")[2]
    if ending not in FORMATS[1:]:
        raise InputInvalid(reason("format_unknown", file=out, known=", ".join(f".{each}" for each in FORMATS[1:])))
    return ending


def _hand_over(
    ctx: click.Context, table: Desk, found: Figures, form: str, out: str | None, template: str | None
) -> None:
    if template is not None and form != "docx":
        raise InputInvalid(reason("template_without_paper"))
    if out is not None:
        written(out, _bytes(table, found, form, template))
        answer = {"kind": found.kind, "file": out, "warnings": list(found.warnings)}
        emit(ctx, answer, lambda v: click.echo(table.tr("Written: {file}", **v)))
    elif form in ("table", "json"):
        table.as_json = table.as_json or form == "json"
        emit(ctx, found.to_json(), lambda _: _show(table, read(table, found)))
    elif form in ("csv", "html"):
        text = _bytes(table, found, form, template).decode("utf-8-sig")
        printed = {"kind": found.kind, "format": form, "text": text, "warnings": list(found.warnings)}
        emit(ctx, printed, lambda v: click.echo(v["text"], nl=False))
    else:
        raise InputInvalid(reason("report_needs_file", form=form))


def _bytes(table: Desk, found: Figures, form: str, template: str | None) -> bytes:
    if form == "json":
        import json

        return (json.dumps(plain(found.to_json(), table.language), ensure_ascii=False, indent=2) + "\n").encode()
    document, on = read(table, found), found.gathered.asked.period.until
    if form == "html":
        from ocop_flow.pages.figures import html

        return html(document, on).encode()
    if form == "docx":
        from ocop_flow.papers.figures import docx

        return docx(document, on, content(template) if template else None, template or "report.docx")
    from ocop_flow.tables import figures as tables

    return tables.csv_of(document) if form == "csv" else tables.workbook_of(document)


def _show(table: Desk, document: Document) -> None:
    click.echo(click.style(document.title, bold=True))
    lines(table, document.facts)
    for text in document.said:
        click.echo(text)
    for each in document.tables:
        click.echo("")
        click.echo(click.style(each.title, bold=True))
        rows(table, each.headings, each.rows, empty="Nothing recorded.")
