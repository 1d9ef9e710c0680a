"""audit export --format: histories in the forms that process-mining and table programs read."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ocop_flow.cli.declaring import check_new
from ocop_flow.cli.progress import progress
from ocop_flow.errors import InputInvalid, reason

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from ocop_flow.cli.base import Desk
    from ocop_flow.domain.open_log import Trace

Json = dict[str, Any]
FORMATS = ("xes", "ocel", "parquet")


def exported(table: Desk, form: str, file: str, dossiers: Sequence[str], unit: str | None) -> Json:
    """Write a new file; what it holds.

    raises  InputInvalid (several dossiers meant), NotFound, Refused where the file is there, Unavailable
    """
    from ocop_flow.service import open_log
    from ocop_flow.service.desk import area_code

    path = Path(file)
    check_new(path)
    told = {"file": file, "format": form, "dossiers": 0, "events": 0}
    with progress(table, "Dossiers") as shown, table.office.reader() as uow:
        codes = open_log.chosen(uow, dossiers, area_code(uow, unit, table.office.today))
        _write(form, path, _counted(open_log.traces(uow, table.office, codes, shown), told))
    return told


def _counted(traces: Iterable[Trace], told: Json) -> Iterator[Trace]:
    for trace in traces:
        told["dossiers"] += 1
        told["events"] += len(trace.rows)
        yield trace


def _write(form: str, path: Path, traces: Iterable[Trace]) -> None:
    from ocop_flow.domain import ocel, xes

    try:
        if form == "parquet":
            from ocop_flow.tables import parquet

            parquet.write(path, traces)
            return
        with path.open("w", encoding="utf-8", newline="\n") as out:
            out.writelines({"xes": xes, "ocel": ocel}[form].lines(traces))
    except OSError as error:
        detail = error.strerror or str(error)
        raise InputInvalid(reason("file_unwritable", file=str(path), detail=detail)) from error


def show(table: Desk, told: Json) -> None:
    click.echo(table.tr("{file}: {events} events of {dossiers} dossiers.", **told))
