"""Many lines from one file: each undone alone if it fails, group commit, acknowledged only after its commit."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, TypeVar

import click

from ocop_flow.cli.base import Desk, day, desk
from ocop_flow.cli.dossiers import advance_command, check_columns
from ocop_flow.cli.files import content
from ocop_flow.cli.output import emit, plain, reason_json
from ocop_flow.cli.progress import progress
from ocop_flow.cli.writing import Work, ask, asks
from ocop_flow.domain.commands import Act, Open
from ocop_flow.errors import InputInvalid, OcopFlowError, Unavailable, reason
from ocop_flow.ports import UnitOfWork
from ocop_flow.service.grouped import silent

Json = dict[str, Any]
#: A line read: the command's name, the command, and its use case.
Prepared = tuple[str, Any, Work]
Line = Callable[[dict[str, str]], Prepared]
T = TypeVar("T")

#: Lines under one commit (DESIGN section 2).
GROUP = 100
_ACT = ["on", "by", "entry", "reason", "key"]
_ADVANCE = ["dossier", "action", *_ACT, "signed_by", "capacity", "decision", "decision_date", "expect_version"]
#: How the entity is reached.
_CONTACTS = ["email", "phone", "chat"]
_OPEN = [
    "commune",
    "product",
    "entity",
    "entity_kind",
    "product_set",
    "kind",
    "track",
    "plan",
    "regime",
    "previous",
    *_ACT,
]


#: How files of Excel begin, new and old.
_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")


def read_table(file: str, known: list[str], required: list[str]) -> list[tuple[int, dict[str, str]]]:
    """(line number, columns) of a UTF-8 CSV with a heading line; empty cells are left out.

    raises  InputInvalid: unreadable, a workbook, not UTF-8, a column unknown or missing
    """
    data = content(file)
    if data.startswith(_WORKBOOKS):
        raise InputInvalid(reason("batch_is_workbook", file=file))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputInvalid(reason("file_not_utf8", file=file, position=error.start)) from error
    heading = text.splitlines()[0] if text.strip() else ""
    delimiter = ";" if heading.count(";") > heading.count(",") else ","
    reader = csv.DictReader(io.StringIO(text), delimiter=delimiter)
    columns = [name.strip().replace("-", "_") for name in reader.fieldnames or []]
    check_columns(columns, known, file)
    missing = [name for name in required if name not in columns]
    if missing:
        raise InputInvalid(*(reason("batch_column_missing", file=file, column=name) for name in missing))
    reader.fieldnames = columns
    found = []
    for row in reader:
        cells = {str(name): str(cell).strip() for name, cell in row.items() if isinstance(cell, str) and cell.strip()}
        if cells:
            found.append((reader.line_num, cells))
    return found


def advance_many(ctx: click.Context, /, file: str) -> int:
    """``advance --batch``: exit 1 if any line failed."""
    table = desk(ctx)
    listed = read_table(file, _ADVANCE, ["dossier", "action"])
    if asks(table):
        ask(table, table.tr("Carry out {count} moves?", count=len(listed)))
    return _run(ctx, listed, lambda cells: _advance_line(table, cells))


def _advance_line(table: Desk, cells: dict[str, str]) -> Prepared:
    from ocop_flow.service import dossiers

    expected = cells.get("expect_version")
    if expected is not None and not expected.isdigit():
        raise InputInvalid(reason("field_unreadable", field="expect_version", text=expected, expected="integer"))
    options: dict[str, Any] = {
        "on": cells.get("on"),
        "by": cells.get("by"),
        "entry": cells.get("entry", "live"),
        "key": cells.get("key"),
        "reason_text": cells.get("reason"),
        "fields": [f"{name.removeprefix('set.')}={cell}" for name, cell in cells.items() if name.startswith("set.")],
        "docs": [f"{name.removeprefix('doc.')}={cell}" for name, cell in cells.items() if name.startswith("doc.")],
        "as_decided": False,
        "expect_version": int(expected) if expected else None,
        **{name: cells.get(name) for name in ("decision", "decision_date", "signed_by", "capacity")},
    }
    command = advance_command(table, cells.get("dossier", ""), cells.get("action", ""), options)

    def work(uow: UnitOfWork) -> Json:
        return dossiers.worded(uow, dossiers.advance(uow, table.office, table.caller, command))

    return "advance", command, work


def open_many(ctx: click.Context, /, file: str) -> int:
    """``dossier import``: columns are the options of ``dossier open``; exit 1 if any line failed."""
    from ocop_flow.service import dossiers

    table = desk(ctx)
    required = ["commune", "product", "entity", "entity_kind", "product_set", "kind", "track"]
    listed = read_table(file, [*_OPEN, *_CONTACTS], required)
    if asks(table):
        ask(table, table.tr("Open {count} dossiers?", count=len(listed)))

    def line(cells: dict[str, str]) -> Prepared:
        lacking = [name for name in required if name not in cells]
        if lacking:
            raise InputInvalid(*(reason("batch_column_missing", file=file, column=name) for name in lacking))
        fields = {name.removeprefix("set."): cell for name, cell in cells.items() if name.startswith("set.")}
        options = {name: cells[name] for name in _OPEN if name in cells and name not in _ACT}
        contacts = {name: cells[name] for name in _CONTACTS if cells.get(name)}
        command = Open(**options, fields=fields, contacts=contacts, act=_act(cells))
        return "open", command, lambda uow: dossiers.open_dossier(uow, table.office, table.caller, command)

    return _run(ctx, listed, line)


def _act(cells: dict[str, str]) -> Act:
    return Act(
        on=day(cells.get("on")),
        by=cells.get("by"),
        entry=cells.get("entry", "live"),
        reason=cells.get("reason"),
        key=cells.get("key"),
    )


def _run(ctx: click.Context, /, listed: list[tuple[int, dict[str, str]]], line: Line) -> int:
    table = desk(ctx)
    with progress(table, "Lines") as shown:
        answers = carried_out(table, listed, lambda _uow, cells: line(cells), first=_hold_lines, shown=shown)
    emit(ctx, answers, lambda value: _show(table, value))
    return 1 if any(item["exit"] for item in answers) else 0


def _hold_lines(uow: UnitOfWork, listed: Sequence[dict[str, str]]) -> None:
    """What the lines of a group name is held and read at once."""
    from ocop_flow.service import dossier_find

    typed, keys = ({cells[name] for cells in listed if name in cells} for name in ("dossier", "key"))
    uow.hold_dossiers(dossier_find.named(uow, typed), keys)


def carried_out(
    table: Desk,
    listed: Sequence[tuple[int, T]],
    line: Callable[[UnitOfWork, T], Prepared],
    *,
    first: Callable[[UnitOfWork, Sequence[T]], None] | None = None,
    last: Callable[[UnitOfWork, list[Json]], None] | None = None,
    shown: Callable[[int, int], None] = silent,
    size: int = GROUP,
) -> list[Json]:
    """The answers of many lines, each undone alone if it fails, ``size`` of them under one commit.

    first   what is done before each group, given its lines
    last    what is written with each group, given its answers
    raises  Unavailable if the first commit fails; a later one is told with the lines of its group
    """
    from ocop_flow.service.office import ATTEMPTS, anew

    answers: list[Json] = []
    attempts = ATTEMPTS
    for start in range(0, len(listed), size):
        group = listed[start : start + size]
        try:
            answers += anew(partial(_group, table, group, line, first, last), attempts)
        except Unavailable as error:
            # Who waited in vain for the database once does not wait as long for each further group.
            attempts = 1
            # The commit failed: none of the group was written, and the groups before it stay reported as done.
            if not answers:
                raise
            told = _error(error, table.language)
            answers += [{"line": number, "exit": error.exit_code, "error": told} for number, _ in group]
        shown(len(answers), len(listed))
    return answers


def _group(
    table: Desk,
    listed: Sequence[tuple[int, T]],
    line: Callable[[UnitOfWork, T], Prepared],
    first: Callable[[UnitOfWork, Sequence[T]], None] | None,
    last: Callable[[UnitOfWork, list[Json]], None] | None,
) -> list[Json]:
    """One transaction for a group of lines; what a line wrote is undone alone if it fails."""
    from ocop_flow.service.office import line as carry_out

    answers: list[Json] = []
    with table.office.writer() as uow:
        if first is not None:
            first(uow, [cells for _, cells in listed])
        for number, cells in listed:
            try:
                name, command, work = line(uow, cells)
                answer = carry_out(uow, table.office, name, command, table.caller, _printing(table, work))
                answers.append({"line": number, "exit": 0, "result": answer})
            except OcopFlowError as error:
                answers.append({"line": number, "exit": error.exit_code, "error": _error(error, table.language)})
        if last is not None:
            last(uow, answers)
        if not table.dry_run:
            uow.commit()
    return answers


def _printing(table: Desk, work: Work) -> Work:
    return lambda uow: plain(work(uow), table.language)


def _error(error: OcopFlowError, lang: str) -> Json:
    return {"error": type(error).__name__, "reasons": [reason_json(item, lang) for item in error.reasons]}


def _show(table: Desk, answers: list[Json]) -> None:
    failed = [item for item in answers if item["exit"]]
    for item in failed:
        for found in item["error"]["reasons"]:
            click.echo(table.tr("Line {line}: {message}", line=item["line"], message=found["message"]), err=True)
            click.echo(f"  → {found['remedy']}", err=True)
    done = len(answers) - len(failed)
    click.echo(table.tr("{done} lines done, {failed} failed.", done=done, failed=len(failed)))
