"""``certificate declare --file``: a table read, shown by row and column, then recorded as one."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ocop_flow.cli.base import Desk, desk
from ocop_flow.cli.output import emit, reason_json
from ocop_flow.cli.progress import progress
from ocop_flow.cli.writing import ask, asks
from ocop_flow.errors import InputInvalid, Reason, Refused, Unavailable, reason

if TYPE_CHECKING:
    from ocop_flow.domain.columns import Cell, Recognised
    from ocop_flow.domain.commands import Act
    from ocop_flow.ports import UnitOfWork

Json = dict[str, Any]

#: Options of one certificate that, with a file, hold for every line whose own cell is empty.
GIVEN = (
    "product",
    "entity",
    "entity_kind",
    "stars",
    "number",
    "commune",
    "issuer",
    "decision",
    "issued_on",
    "valid_to",
    "product_set",
    "source",
)
#: Kinds of things found, as the summary heads them.
FINDING_LABELS = ("wrong", "doubtful", "unreconciled")
#: Lines of one kind shown to a person; all of them stand in --json and in the file of --skip-bad.
_SHOWN = 12


@dataclass(frozen=True, slots=True)
class _Read:
    """A table in Unicode, with what was converted on the way."""

    found: Recognised
    lines: list[tuple[int, dict[str, Cell]]]
    converted: list[Json]
    doubts: list[Json]


def declare_file(ctx: click.Context, /, file: str, act: Act, options: Mapping[str, Any]) -> int:
    """The exit code: 0, 1 if lines were left out, 2 if lines are at fault and nothing was written."""
    from ocop_flow.service.declare_many import TableFaulty

    table = desk(ctx)
    path, bad = Path(file), Path(options["skip_bad"]) if options["skip_bad"] else None
    if bad is not None:
        check_target(bad)
    given = {name: str(options[name]) for name in GIVEN if options.get(name) is not None}
    given.setdefault("source", path.name)
    read = _read(path, frozenset(given))
    try:
        report = _declare(table, path, act, given, read, options["decision_file"], bad is not None)
    except TableFaulty as error:
        document = _printed(table, read, error.report)
        _tell(ctx, {**document, "error": "InputInvalid", "reasons": [_flat(item) for item in document["wrong"]]})
        return 2
    left = bool(report["wrong"]) and bad is not None
    if left and bad is not None and not table.dry_run:
        _write_rest(table, bad, read, report)
    _tell(ctx, {**report, "left": str(bad) if left else None})
    return 1 if left else 0


def _declare(
    table: Desk, path: Path, act: Act, given: dict[str, str], read: _Read, decision_file: str | None, skip: bool
) -> Json:
    """Tried and shown first where there is a person to ask, then recorded."""
    from ocop_flow.service import declare_many
    from ocop_flow.service.office import carry_out

    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    paper = _decision(decision_file) if decision_file else None
    command = declare_many.DeclareMany(path.name, digest, given, paper, skip, act)

    def run(*, dry_run: bool) -> Json:
        with progress(table, "Lines") as shown:

            def work(uow: UnitOfWork) -> Json:
                report = declare_many.declare_many(uow, table.office, table.caller, command, read.lines, shown)
                return _printed(table, read, {**report, "written": report["written"] and not dry_run})

            answer: Json = carry_out(table.office, "certificate declare", command, table.caller, work, dry_run=dry_run)
        return answer

    if asks(table):
        tried = run(dry_run=True)
        _show(table, tried)
        ask(table, table.tr("Record these {count} lines?", count=tried["made"] + tried["changed"]))
    return run(dry_run=table.dry_run)


def _decision(file: str) -> Any:
    """The signed decision; raises InputInvalid if it is no PDF."""
    from ocop_flow.cli.evidence import reference

    found = reference(Path(file))
    with Path(file).open("rb") as opened:
        if not opened.read(1024).lstrip().startswith(b"%PDF-"):
            raise InputInvalid(reason("decision_not_pdf", file=found.name))
    return found


# --- reading --------------------------------------------------------------------------------------------------------


def _read(path: Path, given: frozenset[str]) -> _Read:
    from ocop_flow import legacytext, tables
    from ocop_flow.domain import columns

    grids = tables.read(path)
    plain = [_modern_headings(grid) for grid in grids]
    found = columns.choose(path.name, plain, given)
    moved = found.grid.moved(found.below)
    if moved:
        raise InputInvalid(*moved)
    rows = list(found.lines())
    if not rows:
        raise InputInvalid(reason("table_without_lines", file=path.name))
    verdicts = {
        name: legacytext.judge(
            cell for _, cells in rows for cell in cells[column.position : column.position + 1] if isinstance(cell, str)
        )
        for name, column in found.columns.items()
    }
    whole = [verdict for verdict in verdicts.values() if verdict.encoding]
    lines: list[tuple[int, dict[str, Cell]]] = []
    converted: list[Json] = []
    doubts: list[Json] = []
    for number, cells in rows:
        line: dict[str, Cell] = {}
        for name, column in found.columns.items():
            cell = cells[column.position] if column.position < len(cells) else None
            if whole and isinstance(cell, str) and not cell.isascii():
                verdict = verdicts[name] if verdicts[name].encoding or verdicts[name].mixed else whole[0]
                text, doubtful = legacytext.converted(cell, verdict)
                if doubtful:
                    doubts.append({"row": number, "field": name, "reason": reason("text_encoding_open", text=cell)})
                if text != cell:
                    converted.append({"row": number, "field": name, "from": cell, "to": text})
                cell = text
            line[name] = cell
        lines.append((number, line))
    if found.grid.gap is not None:
        gap = reason("rows_after_gap", row=found.grid.gap, count=tables.EMPTY_ROWS)
        doubts.append({"row": found.grid.gap, "field": "", "reason": gap})
    return _Read(found, lines, converted, doubts)


def _modern_headings(grid: Any) -> Any:
    """A grid whose first rows are in Unicode where that makes headings of them."""
    from dataclasses import replace

    from ocop_flow import legacytext
    from ocop_flow.domain import columns

    best, most = grid, _recognised(grid)
    for encoding in legacytext.ENCODINGS:
        rows = tuple(
            (
                number,
                tuple(legacytext.to_unicode(c, encoding) if isinstance(c, str) else c for c in cells)
                if number <= columns.HEADING_ROWS
                and any(
                    isinstance(c, str)
                    and columns.field_of(legacytext.to_unicode(c, encoding))
                    and not columns.field_of(c)
                    for c in cells
                )
                else cells,
            )
            for number, cells in grid.rows
        )
        tried = replace(grid, rows=rows)
        count = _recognised(tried)
        if count > most:
            best, most = tried, count
    return best


def _recognised(grid: Any) -> int:
    from ocop_flow.domain import columns

    found = columns.recognise(grid)
    return len(found.columns) if found else 0


# --- telling --------------------------------------------------------------------------------------------------------


def _printed(table: Desk, read: _Read, report: Json) -> Json:
    """The report as JSON prints it: every finding with its row, heading and cell."""
    doubtful = sorted([*read.doubts, *report["doubtful"]], key=lambda item: int(item["row"]))
    return {
        **report,
        "doubtful": [_placed(table, read, item) for item in doubtful],
        "wrong": [_placed(table, read, item) for item in report["wrong"]],
        "unreconciled": [_placed(table, read, item) for item in report["unreconciled"]],
        "converted": [_placed(table, read, item) for item in read.converted],
        "ignored": list(read.found.ignored),
    }


def _placed(table: Desk, read: _Read, item: Json) -> Json:
    from ocop_flow.domain.columns import TITLES

    column = read.found.columns.get(item["field"])
    heading = column.heading if column else TITLES.get(item["field"], ("", ""))[table.language != "vi"] or None
    rest = {name: value for name, value in item.items() if name not in ("row", "field", "reason")}
    told = reason_json(item["reason"], table.language) if isinstance(item.get("reason"), Reason) else {}
    return {"row": item["row"], "column": heading, "cell": column.cell(item["row"]) if column else None, **rest, **told}


def _flat(item: Json) -> Json:
    """A finding as a reason of the error document, its place in its message."""
    place = item["cell"] or item["column"] or ""
    return {**item, "message": f"{item['row']}{f' ({place})' if place else ''}: {item['message']}"}


def _tell(ctx: click.Context, /, report: Json) -> None:
    table = desk(ctx)
    emit(ctx, report, lambda value: _show(table, value))


def _show(table: Desk, report: Json) -> None:
    for finding in FINDING_LABELS:
        _findings(table, finding, report[finding])
    if report["converted"]:
        click.echo(table.tr("Old fonts turned into Unicode: {count} cells, as in", count=len(report["converted"])))
        for item in report["converted"][:_SHOWN]:
            click.echo(f"  {item['cell']}  {item['from']} → {item['to']}")
    counts = {name: report[name] for name in ("rows", "made", "changed", "unchanged")}
    click.echo(
        table.tr(
            "{rows} lines: {made} made, {changed} changed, {unchanged} unchanged, {bad} at fault.",
            bad=len({item["row"] for item in report["wrong"]}),
            **counts,
        )
    )
    if report.get("left"):
        click.echo(table.tr("Lines left out stand in {file}, with what is wrong.", file=report["left"]))
    if report["wrong"] and not report["written"] and not table.dry_run:
        click.echo(table.tr("Nothing was written."), err=True)


def _findings(table: Desk, finding: str, found: list[Json]) -> None:
    """Findings of one kind, the first of each code by row and column, the rest counted."""
    if not found:
        return
    click.echo(click.style(f"{table.tr(finding)}: {len(found)}", bold=True))
    counts = Counter(item["code"] for item in found)
    shown: Counter[str] = Counter()
    for item in found:
        shown[item["code"]] += 1
        if shown[item["code"]] <= _SHOWN:
            place = ", ".join(str(part) for part in (item["cell"], item["column"]) if part)
            row = table.tr("Row {row}", row=item["row"])
            click.echo(f"  {row}{f' ({place})' if place else ''}: {item['message']}")
            click.echo(f"    → {item['remedy']}")
            if shown[item["code"]] == _SHOWN < counts[item["code"]]:
                more = counts[item["code"]] - _SHOWN
                click.echo("  " + table.tr("… and {count} more lines of the same.", count=more))


# --- the rest -------------------------------------------------------------------------------------------------------


def check_target(path: Path) -> None:
    """Where the rest is to go, before anything is read or written."""
    if path.suffix.lower() not in (".xlsx", ".csv"):
        raise InputInvalid(reason("target_kind_unknown", file=path.name, known=".xlsx, .csv"))
    check_new(path)


def check_new(path: Path) -> None:
    """Refuses to write over a file, or where nothing can be written."""
    if path.exists():
        raise Refused(reason("target_exists", file=str(path)))
    if not path.parent.is_dir():
        raise InputInvalid(reason("file_unreadable", file=str(path.parent), detail="-"))


def write_file(path: Path, data: bytes) -> None:
    try:
        path.write_bytes(data)
    except OSError as error:
        raise Unavailable(reason("target_not_writable", file=str(path), detail=error.strerror or str(error))) from error


def _write_rest(table: Desk, path: Path, read: _Read, report: Json) -> None:
    from ocop_flow.tables import writing

    faults: dict[int, list[str]] = {}
    for item in report["wrong"]:
        heading = f"{item['column']}: " if item["column"] else ""
        faults.setdefault(item["row"], []).append(f"{heading}{item['message']} {item['remedy']}")
    names = sorted(read.found.columns, key=lambda name: read.found.columns[name].position)
    headings = [read.found.columns[name].heading for name in names]
    headings = [_one_heading(name, heading) for name, heading in zip(names, headings, strict=True)]
    kept = [([cells.get(name) for name in names], "; ".join(faults[row])) for row, cells in read.lines if row in faults]
    write_file(path, writing.rest(headings, kept, table.language, as_csv=path.suffix.lower() == ".csv"))


def _one_heading(name: str, heading: str) -> str:
    from ocop_flow.domain.columns import TITLES, field_of

    return heading if field_of(heading) == name else TITLES[name][0]
