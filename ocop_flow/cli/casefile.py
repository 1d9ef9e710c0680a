"""``ocop file``: everything on one matter, put together for an answer."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ocop_flow.cli.base import Command, Group, TranslatedOption, desk
from ocop_flow.cli.output import emit, plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ocop_flow.service.casefile import CaseFile

Json = dict[str, Any]


@click.group(cls=Group, help="The file of a dossier or certificate, put together for an answer.")
def file() -> None: ...


@file.command(
    "assemble",
    cls=Command,
    help="Write every kept paper, a list of all and the whole history into a folder, or a .zip.\n\n"
    "Personal data stays sealed, and what a decision withheld stays out.",
)
@click.argument("subject", metavar="DOSSIER|NUMBER")
@click.option("--out", required=True, metavar="FOLDER|FILE", cls=TranslatedOption, help="New folder, or new .zip file.")
@click.pass_context
def assemble(ctx: click.Context, /, subject: str, out: str) -> None:
    from ocop_flow.cli.declaring import check_new
    from ocop_flow.service import casefile

    table, target = desk(ctx), Path(out)
    table.caller.known()
    check_new(target)
    with table.office.reader() as uow:
        case = casefile.assemble(uow, table.office, subject)
    parts = list(_parts(case, table.language))
    (_zip if target.suffix.lower() == ".zip" else _folder)(target, parts)
    papers = [
        {
            "number": each.number,
            "on": each.on,
            "what": each.what,
            "file": each.path,
            "sha256": each.sha256,
            "withdrawn_on": each.gone,
        }
        for each in case.papers
    ]
    answer = {"subject": case.code, "out": str(target), "events": len(case.events), "papers": papers}
    gone = sum(each.gone is not None for each in case.papers)

    def human(value: Json) -> None:
        click.echo(table.tr("{count} papers in {out}", count=len(papers), out=value["out"]))
        if gone:
            click.echo(table.tr("{count} of them were withdrawn later; the list says which.", count=gone), err=True)

    emit(ctx, answer, human)


def _parts(case: CaseFile, lang: str) -> Iterator[tuple[str, bytes]]:
    """(name, bytes) of what goes into the folder: the list first, then the history, then the papers."""
    history = plain({"record": case.record, "events": case.events}, lang)
    yield "000-danh-muc.csv", case.table()
    yield "000-lich-su.json", json.dumps(history, ensure_ascii=False, indent=1).encode()
    for paper in case.papers:
        if paper.path is not None and paper.data is not None:
            yield paper.path, paper.data


def _folder(target: Path, parts: list[tuple[str, bytes]]) -> None:
    from ocop_flow.cli.declaring import write_file

    target.mkdir()
    for name, data in parts:
        write_file(target / name, data)


def _zip(target: Path, parts: list[tuple[str, bytes]]) -> None:
    import io
    import zipfile

    from ocop_flow.cli.declaring import write_file

    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in parts:
            packed.writestr(name, data)
    write_file(target, out.getvalue())
