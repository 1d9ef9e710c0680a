"""Many lines from one file: each undone alone if it fails, group commit, acknowledged only after its commit."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple, TypeVar

import click

from ocop_flow.cli import bugs
from ocop_flow.cli.base import Desk, day, desk
from ocop_flow.cli.dossiers import advance_command, check_columns
from ocop_flow.cli.files import content
from ocop_flow.cli.output import emit, plain, reason_json, sourced
from ocop_flow.cli.progress import progress
from ocop_flow.cli.writing import Work, ask, asks
from ocop_flow.domain.commands import Act, Open
from ocop_flow.domain.numerals import whole
from ocop_flow.errors import InputInvalid, OcopFlowError, Reason, Refused, Unavailable, reason
from ocop_flow.ports import UnitOfWork
from ocop_flow.service.grouped import silent

Json = dict[str, Any]
#: A line read: the command's name, the command, and its use case.
Prepared = tuple[str, Any, Work]
T = TypeVar("T")

#: Lines under one commit (DESIGN section 2).
GROUP = 100
_ACT = ["on", "by", "entry", "reason", "key"]
_ADVANCE = ["dossier", "action", *_ACT, "signed_by", "capacity", "decision", "decision_date", "expect_version"]
#: How the entity is reached.
_CONTACTS = ["email", "phone", "chat"]
#: The running number of a line, which says nothing that is kept.
_NUMBERING = "no"
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


class Line(NamedTuple):
    """One line of a file: its number there, its cells by column without the empty ones, what is wrong with its form."""

    number: int
    cells: dict[str, str]
    fault: Reason | None = None


Preparing = Callable[[Line], Prepared]


def read_table(
    file: str, known: list[str], required: list[str], meant: Callable[[str], str] | None = None
) -> list[Line]:
    """The lines of a UTF-8 CSV with a heading line; blank ones are left out.

    meant   column for a heading that is none of ``known``
    raises  InputInvalid: unreadable, a workbook, not UTF-8, no CSV, a column unknown, missing or there twice
    """
    data = content(file)
    if data.startswith(_WORKBOOKS):
        raise InputInvalid(reason("batch_is_workbook", file=file))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputInvalid(reason("file_not_utf8", file=file, position=error.start)) from error
    rows = _rows(file, text)
    headings = next(rows, (1, []))[1]
    columns = [name.strip().replace("-", "_") for name in headings]
    if meant is not None:
        columns = [name if name in known else meant(heading) for name, heading in zip(columns, headings, strict=True)]
    check_columns(columns, known, file)
    missing = [reason("batch_column_missing", file=file, column=name) for name in required if name not in columns]
    twice = [reason("batch_column_twice", file=file, column=name) for name in sorted(_twice(columns))]
    if missing or twice:
        raise InputInvalid(*missing, *twice)
    return [found for number, cells in rows if (found := _line(number, columns, cells)).cells or found.fault]


def whole_table(file: str, known: list[str], required: list[str]) -> list[Line]:
    """The same for a file of which either every line is taken or none; raises InputInvalid for each faulty line."""
    lines = read_table(file, known, required)
    faults = [line.fault for line in lines if line.fault is not None]
    if faults:
        raise InputInvalid(*faults)
    return lines


def _rows(file: str, text: str) -> Iterator[tuple[int, list[str]]]:
    """(number of its last line in the file, cells) of each row; raises InputInvalid where it is no CSV."""
    heading = text.splitlines()[0] if text.strip() else ""
    # Whatever the spreadsheet of the place puts between cells: comma, semicolon, tab.
    delimiter = max(",;\t", key=heading.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    start = 1
    try:
        for cells in reader:
            if any("\0" in cell for cell in cells):
                raise csv.Error("NUL")
            yield reader.line_num, cells
            start = reader.line_num + 1
    except csv.Error as error:
        raise InputInvalid(reason("csv_syntax", file=file, row=start, problem=str(error))) from error


def _twice(columns: list[str]) -> set[str]:
    return {name for name, count in Counter(columns).items() if count > 1}


def _line(number: int, columns: list[str], cells: list[str]) -> Line:
    """A row under its headings; one with a cell beyond the last heading is at fault: its cells stand under others."""
    found = {name: cell.strip() for name, cell in zip(columns, cells, strict=False) if cell.strip()}
    if any(cell.strip() for cell in cells[len(columns) :]):
        return Line(number, found, reason("batch_row_width", line=number, found=len(cells), expected=len(columns)))
    return Line(number, found)


def advance_many(ctx: click.Context, /, file: str, options: Mapping[str, Any]) -> int:
    """``advance --batch``: exit 1 if any line failed. ``options`` are the act's own, for lines that leave them out."""
    table = desk(ctx)
    listed = _shared(read_table(file, _ADVANCE, ["dossier", "action"]), options)
    if asks(table):
        ask(table, table.tr("Carry out {count} moves?", count=len(listed)))
    return _run(ctx, listed, lambda line: _advance_line(table, line.cells))


def _shared(listed: list[Line], options: Mapping[str, Any]) -> list[Line]:
    """The lines with what the command's own options say where a line says nothing; a key with the line's number."""
    day(options["on"])
    given = {"on": options["on"], "by": options["by"], "entry": options["entry"], "reason": options["reason_text"]}
    common = {name: text for name, text in given.items() if text is not None}
    key = options["key"]
    return [
        line._replace(cells={**common, **({"key": f"{key}-{line.number}"} if key else {}), **line.cells})
        for line in listed
    ]


def _advance_line(table: Desk, cells: dict[str, str]) -> Prepared:
    from ocop_flow.service import dossiers

    typed = cells.get("expect_version")
    expected = None if typed is None else whole(typed)
    if typed is not None and expected is None:
        raise InputInvalid(reason("field_unreadable", field="expect_version", text=typed, expected="integer"))
    options: dict[str, Any] = {
        "on": cells.get("on"),
        "by": cells.get("by"),
        "entry": cells["entry"],
        "key": cells.get("key"),
        "reason_text": cells.get("reason"),
        "fields": [f"{name.removeprefix('set.')}={cell}" for name, cell in cells.items() if name.startswith("set.")],
        "docs": [f"{name.removeprefix('doc.')}={cell}" for name, cell in cells.items() if name.startswith("doc.")],
        "as_decided": False,
        "expect_version": expected,
        **{name: cells.get(name) for name in ("decision", "decision_date", "signed_by", "capacity")},
    }
    command = advance_command(table, cells.get("dossier", ""), cells.get("action", ""), options)

    def work(uow: UnitOfWork) -> Json:
        return dossiers.worded(uow, dossiers.advance(uow, table.office, table.caller, command))

    return "advance", command, work


def open_many(ctx: click.Context, /, file: str, options: Mapping[str, Any]) -> int:
    """``dossier import``: columns are the options of ``dossier open``, or headings as the lists of offices have them;
    exit 1 if any line failed."""
    from ocop_flow.cli.typed_words import opening
    from ocop_flow.domain.columns import opening_field
    from ocop_flow.service import dossiers

    table = desk(ctx)
    required = ["commune", "product", "entity", "entity_kind", "product_set", "kind", "track"]
    lines = read_table(file, [*_OPEN, *_CONTACTS, _NUMBERING], required, opening_field)
    # Forms are printed with numbers before lines that stay empty.
    listed = _shared([line for line in lines if line.fault or line.cells.keys() - {_NUMBERING}], options)
    if asks(table):
        ask(table, table.tr("Open {count} dossiers?", count=len(listed)))

    def prepared(line: Line) -> Prepared:
        cells = line.cells
        lacking = [name for name in required if name not in cells]
        if lacking:
            raise InputInvalid(*(reason("batch_column_missing", file=file, column=name) for name in lacking))
        fields = {name.removeprefix("set."): cell for name, cell in cells.items() if name.startswith("set.")}
        typed = {name: cells[name] for name in _OPEN if name in cells and name not in _ACT}
        contacts = {name: cells[name] for name in _CONTACTS if cells.get(name)}
        command = Open(**opening(typed), fields=fields, contacts=contacts, act=_act(cells))
        return "open", command, lambda uow: dossiers.open_dossier(uow, table.office, table.caller, command)

    return _run(ctx, listed, prepared)


def _act(cells: dict[str, str]) -> Act:
    return Act(
        on=day(cells.get("on")),
        by=cells.get("by"),
        entry=cells["entry"],
        reason=cells.get("reason"),
        key=cells.get("key"),
    )


def _run(ctx: click.Context, /, listed: list[Line], prepared: Preparing) -> int:
    table = desk(ctx)

    def well_formed(_uow: UnitOfWork, line: Line) -> Prepared:
        if line.fault is not None:
            raise InputInvalid(line.fault)
        return prepared(line)

    numbered = [(line.number, line) for line in listed]
    with progress(table, "Lines") as shown:
        answers = carried_out(table, numbered, well_formed, first=_hold_lines, shown=shown)
    emit(ctx, answers, lambda value: _show(table, value))
    return 1 if any(item["exit"] for item in answers) else 0


def _hold_lines(uow: UnitOfWork, listed: Sequence[Line]) -> None:
    """What the lines of a group name is held and read at once."""
    from ocop_flow.service import dossier_find

    typed, keys = ({line.cells[name] for line in listed if name in line.cells} for name in ("dossier", "key"))
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
    raises  whatever the first group as a whole fails with; what a later one fails with is told with each of its lines
    """
    from ocop_flow.service.office import ATTEMPTS, anew

    answers: list[Json] = []
    attempts = ATTEMPTS
    for start in range(0, len(listed), size):
        group = listed[start : start + size]
        try:
            answers += anew(partial(_group, table, group, line, first, last), attempts)
        except (Exception, KeyboardInterrupt) as error:
            # Who waited in vain for the database once does not wait as long for each further group.
            attempts = 1
            # The commit failed: none of the group was written, and the groups before it stay reported as done.
            if not answers:
                raise
            stopped = isinstance(error, KeyboardInterrupt)
            left = listed[start:] if stopped else group
            failed = Refused(reason("interrupted")) if stopped else error
            answers += [{"line": number, **told} for told in [_failed(failed, table.language)] for number, _ in left]
            if stopped:
                break
        shown(len(answers), len(listed))
    return answers


def _group(
    table: Desk,
    listed: Sequence[tuple[int, T]],
    line: Callable[[UnitOfWork, T], Prepared],
    first: Callable[[UnitOfWork, Sequence[T]], None] | None,
    last: Callable[[UnitOfWork, list[Json]], None] | None,
) -> list[Json]:
    """One transaction for a group of lines; what a line wrote is undone alone if it fails, also by a fault of ours."""
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
            except Exception as error:
                # After what a driver raised, the transaction is of no use to any line.
                if bugs.of_database(error):
                    raise
                answers.append({"line": number, **_failed(error, table.language)})
        if last is not None:
            last(uow, answers)
        if not table.dry_run:
            uow.commit()
    return answers


def _printing(table: Desk, work: Work) -> Work:
    return lambda uow: plain(work(uow), table.language)


def _failed(error: BaseException, lang: str) -> Json:
    """Exit code and error of a line; what nobody expected is told with its reference."""
    if isinstance(error, OcopFlowError):
        exit_code, name, reasons = error.exit_code, type(error).__name__, error.reasons
    else:
        assert isinstance(error, Exception)
        exit_code, name, reasons = bugs.EXIT, Unavailable.__name__, (bugs.told(error),)
    return {"exit": exit_code, "error": {"error": name, "reasons": [reason_json(item, lang) for item in reasons]}}


#: Reasons that say themselves which line they speak of.
_WITH_THEIR_LINE = frozenset({"batch_row_width"})


def _show(table: Desk, answers: list[Json]) -> None:
    failed = [item for item in answers if item["exit"]]
    for item in failed:
        for found in item["error"]["reasons"]:
            told = found["message"]
            if found["code"] not in _WITH_THEIR_LINE:
                told = table.tr("Line {line}: {message}", line=item["line"], message=told)
            click.echo(told, err=True)
            click.echo(f"  → {found['remedy']}", err=True)
    _show_warnings(table, answers)
    done = len(answers) - len(failed)
    click.echo(table.tr("{done} lines done, {failed} failed.", done=done, failed=len(failed)))
    if failed and done and not table.dry_run:
        click.echo(
            table.tr("What is done stays done: correct the lines that failed, and run those lines alone."), err=True
        )


#: Warnings of one kind that are shown; the others are counted.
_SHOWN = 5


def _show_warnings(table: Desk, answers: list[Json]) -> None:
    """What lines that went through were told, the first of each kind with their lines and one remedy."""
    told: dict[str, list[tuple[int, Json]]] = {}
    for item in answers:
        for found in item["result"].get("warnings", ()) if not item["exit"] else ():
            told.setdefault(found["code"], []).append((item["line"], found))
    for found in told.values():
        for number, each in found[:_SHOWN]:
            message = each["message"] + sourced(table.language, each["source"])
            text = table.tr("Line {line}: {message}", line=number, message=message)
            click.echo(f"  ! {text}", err=True)
        if len(found) > _SHOWN:
            click.echo("  " + table.tr("… and {count} more lines of the same.", count=len(found) - _SHOWN), err=True)
        click.echo(f"    → {found[0][1]['remedy']}", err=True)
