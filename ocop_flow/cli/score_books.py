"""Sheets given out and taken back: ``ocop council sheet``, ``grid``, and the files of ``ocop council score``."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ocop_flow.cli.base import Command, Desk, TranslatedOption, desk
from ocop_flow.cli.declaring import check_new, write_file
from ocop_flow.cli.evidence import reference
from ocop_flow.cli.output import emit
from ocop_flow.cli.writing import write
from ocop_flow.errors import InputInvalid, reason

if TYPE_CHECKING:
    from ocop_flow.domain.commands import Act
    from ocop_flow.domain.scoring import FilledSheet
    from ocop_flow.ports import UnitOfWork
    from ocop_flow.service.scoring import Desk as Sitting

Json = dict[str, Any]


@click.command("sheet", cls=Command, help="Sheets to fill in: a workbook for each member, printable on A4.")
@click.argument("sitting")
@click.argument("code", metavar="[DOSSIER]", required=False)
@click.option("--member", metavar="HANDLE", cls=TranslatedOption, help="One member only (default: all who score).")
@click.option(
    "--out", required=True, metavar="FILE|FOLDER", cls=TranslatedOption, help="File of one member, or a folder."
)
@click.pass_context
def sheet(ctx: click.Context, /, sitting: str, code: str | None, member: str | None, out: str) -> None:
    from ocop_flow.service import score_books
    from ocop_flow.tables import scorebook

    table = desk(ctx)
    with table.office.reader() as uow:
        at = score_books.reading(uow, table.office, table.caller, sitting)
        asked = {
            each: score_books.sheets_of(at, each, code) for each in ([member] if member else score_books.members(at))
        }
    given = {each: sheets for each, sheets in asked.items() if sheets}
    if not given:
        raise InputInvalid(reason("book_empty", file=out))
    files = []
    for each, path in _targets(Path(out), list(given), at.sitting.code).items():
        write_file(path, scorebook.write(given[each], table.language))
        files.append({"member": each, "file": str(path), "dossiers": [one.dossier for one in given[each]]})
    emit(ctx, {"sitting": at.sitting.code, "files": files}, lambda v: _told(v["files"]))


def _targets(out: Path, members: list[str], sitting: str) -> dict[str, Path]:
    """Where each workbook goes; raises where a file is there already, or a folder is not."""
    if out.suffix.lower() == ".xlsx":
        if len(members) > 1:
            raise InputInvalid(reason("sheet_folder_wanted", file=out.name, count=len(members)))
        targets = {members[0]: out}
    else:
        out.mkdir(exist_ok=True)
        targets = {member: out / f"{sitting}-{member}.xlsx" for member in members}
    for path in targets.values():
        check_new(path)
    return targets


def _told(files: list[Json]) -> None:
    for each in files:
        click.echo(f"{each['member']}: {each['file']} ({len(each['dossiers'])})")


@click.command("grid", cls=Command, help="A grid for the secretary: criteria by members, with the totals on paper.")
@click.argument("sitting")
@click.argument("code", metavar="DOSSIER")
@click.option("--out", required=True, metavar="FILE", cls=TranslatedOption, help="New file, .xlsx or .csv.")
@click.pass_context
def grid(ctx: click.Context, /, sitting: str, code: str, out: str) -> None:
    from ocop_flow.service import score_books
    from ocop_flow.tables import scoregrid

    table, path = desk(ctx), Path(out)
    if path.suffix.lower() not in (".xlsx", ".csv"):
        raise InputInvalid(reason("target_kind_unknown", file=path.name, known=".xlsx, .csv"))
    check_new(path)
    with table.office.reader() as uow:
        asked = score_books.grid_of(score_books.reading(uow, table.office, table.caller, sitting), code)
    if not asked:
        raise InputInvalid(reason("book_empty", file=path.name))
    write_file(path, scoregrid.write(asked, table.language, as_csv=path.suffix.lower() == ".csv"))
    found = {"dossier": asked[0].dossier, "file": out, "members": [each.member for each in asked]}
    emit(ctx, found, lambda v: click.echo(f"{v['dossier']}: {v['file']} ({len(v['members'])})"))


def take_workbook(
    ctx: click.Context, sitting: str, code: str | None, member: str | None, file: str, scan: str | None, act: Act
) -> None:
    """Take back a member's workbook: every dossier that it has, or the one named; the book itself says whose it is."""
    from ocop_flow.service import score_books, scoring
    from ocop_flow.tables import scorebook

    book = scorebook.load(Path(file))
    whose = member or scorebook.member(book)

    def sheets(at: Sitting) -> list[FilledSheet]:
        found = scorebook.check(book, score_books.sheets_of(at, whose))
        if code is None:
            return found
        one = at.uow.dossier(code) or scoring.in_sitting(at, code)
        chosen = [each for each in found if each.dossier == one.code]
        if not chosen:
            raise InputInvalid(reason("book_sheet_missing", file=book.name, sheet=one.code))
        return chosen

    _take(ctx, score_books.TakeBack(sitting, reference(Path(file)), code, whose, _scan(scan), act), sheets)


def take_grid(ctx: click.Context, sitting: str, code: str, file: str, scan: str | None, act: Act) -> None:
    """Take back a grid of one dossier: every member whose column is filled in."""
    from ocop_flow.service import score_books
    from ocop_flow.tables import scoregrid

    path = Path(file)
    rows = scoregrid.load(path)

    def sheets(at: Sitting) -> list[FilledSheet]:
        return scoregrid.check(path.name, rows, score_books.grid_of(at, code))

    _take(ctx, score_books.TakeBack(sitting, reference(path), code, None, _scan(scan), act), sheets)


def _scan(file: str | None) -> Any:
    return reference(Path(file)) if file else None


def _take(ctx: click.Context, command: Any, sheets: Callable[[Sitting], list[FilledSheet]]) -> None:
    from ocop_flow.service import score_books, scoring

    table = desk(ctx)

    def work(uow: UnitOfWork) -> Json:
        at = scoring.at(uow, table.office, table.caller, command.act, command.sitting)
        return score_books.take_back(at, command, sheets(at))

    write(ctx, "council score", command, work, lambda v: _taken(table, v))


def _taken(table: Desk, v: Json) -> None:
    for each in v["sheets"]:
        click.echo(table.tr("{dossier}: {member} {total} points.", **each))
    click.echo(table.tr("{count} sheets recorded.", count=len(v["sheets"])))
