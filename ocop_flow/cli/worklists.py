"""Work lists for people without a login: ``ocop worklist make``, ``take``, ``list``."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ocop_flow.cli.base import Command, Desk, Group, TranslatedOption, WriteCommand, act_of, act_options, desk
from ocop_flow.cli.output import emit, rows, unit_text
from ocop_flow.cli.writing import answer, ask, asks
from ocop_flow.errors import InputInvalid, Refused, reason

if TYPE_CHECKING:
    from ocop_flow.domain.commands import FileRef
    from ocop_flow.domain.worklist import Filled, WorkList
    from ocop_flow.ports import UnitOfWork
    from ocop_flow.service.worklists import Prepared, Taking

Json = dict[str, Any]


@click.group(cls=Group, help="Work lists in Excel for those who have no login.")
def worklist() -> None: ...


@worklist.command(
    "make",
    cls=WriteCommand,
    help="Make the list of a unit: its open dossiers, what is due and missing, cells for what was done.",
)
@click.option("--unit", required=True, metavar="CODE", cls=TranslatedOption, help="Unit that gets the list.")
@click.option("--out", required=True, metavar="FILE", cls=TranslatedOption, help="New file, .xlsx.")
@act_options
@click.pass_context
def make(ctx: click.Context, /, unit: str, out: str, **options: Any) -> None:
    from ocop_flow.cli.declaring import check_new, write_file
    from ocop_flow.service import worklists
    from ocop_flow.tables import workform

    table, path = desk(ctx), Path(out)
    if path.suffix.lower() != ".xlsx":
        raise InputInvalid(reason("target_kind_unknown", file=path.name, known=".xlsx"))
    command = worklists.Make(unit, act_of(options))

    def work(uow: UnitOfWork) -> Json:
        # Asked here, for a repeated key finds the file that its first answer names.
        check_new(path)
        found = worklists.make(uow, table.office, table.caller, command)
        if not table.dry_run:
            # Within the transaction: a list that could not be written was not given out.
            write_file(path, workform.write(found, table.language))
        return _made(found, str(path))

    found = answer(replace(table, yes=True), "worklist make", command, work, lambda _: None)
    emit(ctx, found, lambda v: click.echo(table.tr(_MADE, **{**v, "unit": unit_text(v["unit"])})))


_MADE = "List {code} for {unit}: {dossiers} dossiers, {papers} papers missing, in {file}"


def _made(found: WorkList, file: str) -> Json:
    return {
        "code": found.code,
        "unit": {"code": found.unit, "name": found.unit_name},
        "on": found.on,
        "file": file,
        "dossiers": len(found.tasks),
        "papers": len(found.papers),
        "duties": len(found.duties),
    }


@worklist.command(
    "take",
    cls=WriteCommand,
    help="Take back a filled list: shows what would be done, and does it once confirmed or with --yes.\n\n"
    "Who did it is the unit's officer named in the list, or --by; you are the one who types. A line with a fault "
    "stops only itself; mend it and take the list again.",
)
@click.argument("file", metavar="FILE.xlsx")
@click.option("--unit", metavar="CODE", cls=TranslatedOption, help="Unit from which the list is expected.")
@click.option("--files", metavar="FOLDER", cls=TranslatedOption, help="Folder with the scans that the list names.")
@click.option("--by", metavar="HANDLE", cls=TranslatedOption, help="Who did it, instead of the one the list names.")
@click.pass_context
def take(ctx: click.Context, /, file: str, unit: str | None, files: str | None, by: str | None) -> int:
    table, path = desk(ctx), Path(file)
    table.caller.known()
    confirmed = table.yes
    kept = table.dry_run
    table.dry_run = True
    tried = _taken(table, path, unit, files, by)
    table.dry_run = kept
    if not kept and not confirmed and asks(table):
        _show(table, tried)
        ask(table, table.tr("Carry out these {count} lines?", count=tried["done"]))
        confirmed = True
    found = tried
    if confirmed and not kept and tried["done"]:
        found = {**_taken(table, path, unit, files, by), "written": True}
    emit(ctx, found, lambda v: _show(table, v))
    return 1 if found["failed"] else 0


def _taken(table: Desk, path: Path, unit: str | None, files: str | None, by: str | None) -> Json:
    """Try or carry out every line; ``table.dry_run`` says which."""
    from ocop_flow.cli import batch
    from ocop_flow.service import worklists
    from ocop_flow.tables import workform

    book = workform.load(path)
    code, digest = workform.identity(book)
    scans = _scans(files)
    with table.office.reader() as uow:
        found, sent = worklists.given_out(uow, code, digest)
        if unit is not None and unit != found.unit:
            raise Refused(reason("worklist_of_another", worklist=code, unit=f"{found.unit_name} ({found.unit})"))
        back = workform.check(book, found)
        worklists.check_taker(uow, table.office, table.caller, found, by or back.by)
        lines = worklists.still_out(found, sent, back.lines)

    def taking(uow: UnitOfWork) -> Taking:
        return worklists.Taking(uow, table.office, table.caller, found, sent, by or back.by, scans)

    def last(uow: UnitOfWork, answers: list[Json]) -> None:
        done = [lines[item["line"] - 1] for item in answers if not item["exit"]]
        worklists.note_taken(uow, table.office, table.caller, taking(uow), done)

    def line(uow: UnitOfWork, filled: Filled) -> Prepared:
        return taking(uow).command(filled)

    numbered = list(enumerate(lines, start=1))
    size = max(len(lines), 1) if table.dry_run else batch.GROUP
    answers = batch.carried_out(table, numbered, line, last=last, size=size)
    listed = [
        {**item, "sheet": each.sheet, "row": each.row, **_about(found, each)}
        for item, each in zip(answers, lines, strict=True)
    ]
    failed = sum(1 for item in listed if item["exit"])
    return {
        "code": code,
        "unit": {"code": found.unit, "name": found.unit_name},
        "given_on": found.on,
        "before": len(back.lines) - len(lines),
        "written": False,
        "done": len(listed) - failed,
        "failed": failed,
        "lines": listed,
    }


def _scans(folder: str | None) -> dict[str, FileRef]:
    """Files of a folder by their names; raises InputInvalid where it is none."""
    from ocop_flow.cli.evidence import reference

    if folder is None:
        return {}
    path = Path(folder)
    if not path.is_dir():
        raise InputInvalid(reason("file_unreadable", file=folder, detail="-"))
    return {each.name: reference(each) for each in sorted(path.iterdir()) if each.is_file()}


def _about(found: WorkList, line: Filled) -> Json:
    """What a line is about, in words of the law: the dossier or task, and what was done."""
    tasks = {task.dossier: task for task in found.tasks}
    if line.sheet == "tasks":
        task = tasks[line.key]
        label = next(each.label for each in task.choices if each.action == line.values["action"])
        return {"dossier": task.dossier, "product": task.product, "what": label}
    if line.sheet == "papers":
        paper = next(each for each in found.papers if f"{each.dossier}:{each.kind}" == line.key)
        return {"dossier": paper.dossier, "product": paper.product, "what": paper.label}
    if line.sheet == "duties":
        duty = next(each for each in found.duties if f"{each.plan}:{each.milestone}" == line.key)
        return {"dossier": None, "product": None, "what": f"{duty.number}: {duty.title}"}
    return {"dossier": None, "product": line.values.get("product"), "what": line.values.get("entity")}


_SHEET_LABELS = {
    "tasks": "1. Work",
    "papers": "2. Papers",
    "duties": "3. Plan",
    "received": "4. New dossiers",
}


def _show(table: Desk, v: Json) -> None:
    from ocop_flow.cli.output import label

    click.echo(
        table.tr("List {code} of {unit}, made on {on}", code=v["code"], unit=unit_text(v["unit"]), on=v["given_on"])
    )
    rows(
        table,
        ["Sheet", "Row", "Dossier", "Product", "What was done", "Outcome"],
        [
            (
                table.tr(_SHEET_LABELS[item["sheet"]]),
                item["row"],
                item["dossier"] or (item.get("result") or {}).get("code"),
                item["product"],
                label(table, item["what"]),
                table.tr("refused") if item["exit"] else _outcome(table, item["result"]),
            )
            for item in v["lines"]
        ],
    )
    for item in (each for each in v["lines"] if each["exit"]):
        for found in item["error"]["reasons"]:
            where = {"sheet": table.tr(_SHEET_LABELS[item["sheet"]]), "row": item["row"]}
            click.echo(table.tr("Sheet {sheet}, row {row}: {message}", **where, message=found["message"]), err=True)
            click.echo(f"  → {found['remedy']}", err=True)
    told = "{done} lines done, {failed} failed." if v["written"] else "{done} lines can be done, {failed} cannot."
    click.echo(table.tr(told, done=v["done"], failed=v["failed"]))
    if not v["written"] and v["done"]:
        click.echo(table.tr("Nothing is written yet; to do it: --yes."), err=True)


def _outcome(table: Desk, result: Json) -> str:
    return str(result.get("to_state_label") or result.get("state") or table.tr("done"))


@worklist.command("list", cls=Command, help="Lists that were given out, and which have come back.")
@click.option("--unit", metavar="CODE", cls=TranslatedOption, help="Only of this unit.")
@click.pass_context
def list_(ctx: click.Context, /, unit: str | None) -> None:
    from ocop_flow.service import worklists
    from ocop_flow.service.desk import area_code

    table = desk(ctx)
    with table.office.reader() as uow:
        unit = area_code(uow, unit, table.office.today)
        found = worklists.listed(uow, "worklist", unit)
    emit(
        ctx,
        found,
        lambda value: rows(
            table,
            ["List", "Unit", "Made on", "Taken on", "Typed by"],
            [(v["code"], unit_text(v["unit"]), v["given_on"], v["taken_on"], v["taken_by"]) for v in value],
        ),
    )
