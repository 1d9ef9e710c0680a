"""audit export, audit sample: evidence bundles for those who trust neither this program nor its administrator, and
the same histories in open formats.
"""

from __future__ import annotations

from typing import Any

import click

from ocop_flow.cli import open_formats
from ocop_flow.cli.base import Command, Desk, TranslatedOption, Whole, desk, several
from ocop_flow.cli.files import written
from ocop_flow.cli.output import emit, head_line, rows

Json = dict[str, Any]


@click.command(
    "export",
    cls=Command,
    help="Write histories: one archive with what proves them, or an open format without personal data.",
)
@click.argument("dossiers", metavar="[DOSSIER]...", nargs=-1)
@click.option("--bundle", metavar="FILE", cls=TranslatedOption, help="Where to write the archive.")
@click.option("--files", is_flag=True, cls=TranslatedOption, help="Put the evidence files in, not their hashes alone.")
@click.option(
    "--format",
    "form",
    type=click.Choice(open_formats.FORMATS),
    metavar="xes|ocel|parquet",
    cls=TranslatedOption,
    help="IEEE XES, OCEL 2.0 (JSON) or Apache Parquet.",
)
@click.option("--out", metavar="FILE", cls=TranslatedOption, help="Where to write the open format.")
@click.option("--unit", metavar="CODE", cls=TranslatedOption, help="Only dossiers of this unit's area.")
@click.pass_context
def export(
    ctx: click.Context,
    /,
    dossiers: tuple[str, ...],
    bundle: str | None,
    files: bool,
    form: str | None,
    out: str | None,
    unit: str | None,
) -> None:
    table = desk(ctx)
    if (bundle is None) == (form is None) or (form is None) != (out is None):
        raise click.UsageError(table.tr("Give either --bundle FILE, or --format with --out FILE."), ctx)
    if form is not None and out is not None:
        emit(ctx, open_formats.exported(table, form, out, dossiers, unit), lambda v: open_formats.show(table, v))
    elif bundle is not None:
        if not dossiers:
            raise click.UsageError(table.tr("An archive is made of dossiers that you name."), ctx)
        emit(ctx, _bundled(table, dossiers, bundle, files=files), lambda v: _show(table, v))


@click.command("sample", cls=Command, help="Draw dossiers for an audit; anyone with the seed draws the same.")
@click.option("--n", "count", type=Whole(1), required=True, metavar="N", cls=TranslatedOption, help="How many.")
@click.option(
    "--by", metavar="KEY,…", cls=TranslatedOption, help="Spread over stars, commune, state, phase, regime, plan."
)
@click.option("--seed", required=True, metavar="TEXT", cls=TranslatedOption, help="Any text; it decides the draw.")
@click.option("--bundle", metavar="FILE", cls=TranslatedOption, help="Where to write the archive.")
@click.option("--files", is_flag=True, cls=TranslatedOption, help="Put the evidence files in, not their hashes alone.")
@click.pass_context
def sample(ctx: click.Context, /, count: int, by: str | None, seed: str, bundle: str | None, files: bool) -> None:
    from ocop_flow.service import sampling

    table = desk(ctx)
    keys = several(by)
    with table.office.reader() as uow:
        drawn = sampling.draw(uow, count, keys, seed)
    found: Json = {"seed": seed, "by": list(keys), "dossiers": drawn}
    if bundle is not None and drawn:
        found["bundle"] = _bundled(table, tuple(item["dossier"] for item in drawn), bundle, files=files)

    def human(v: Json) -> None:
        rows(table, ["Dossier", *(key.capitalize() for key in keys)], [tuple(item.values()) for item in v["dossiers"]])
        if "bundle" in v:
            _show(table, v["bundle"])

    emit(ctx, found, human)


def _bundled(table: Desk, dossiers: tuple[str, ...], file: str, *, files: bool) -> Json:
    """The bundle written; the head made for it is kept only once the file is there."""
    from ocop_flow.service import bundle

    with table.office.writer() as uow:
        told, data = bundle.export(uow, table.office, table.caller, bundle.Export(dossiers, files))
        written(file, data)
        uow.commit()
    return {"file": file, **told}


def _show(table: Desk, told: Json) -> None:
    click.echo(table.tr("{file}: {entries} entries, SHA-256 {sha256}", **told))
    click.echo(head_line(table, told["head"]))
