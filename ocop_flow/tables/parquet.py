"""Histories as an Apache Parquet file: one row for each event, typed; the one place that knows pyarrow."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path
from typing import Any

from ocop_flow.domain.open_log import COLUMNS, Trace
from ocop_flow.errors import Unavailable, reason

#: Events held in memory before they are written as one group.
_GROUP = 20_000


def write(path: Path, traces: Iterable[Trace]) -> int:
    """Write every row; how many there were.

    raises  Unavailable without the extra ``audit``
    """
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError:
        raise Unavailable(reason("extra_missing", extra="audit", what=path.name)) from None
    types = {
        str: pyarrow.string(),
        int: pyarrow.int64(),
        bool: pyarrow.bool_(),
        date: pyarrow.date32(),
        datetime: pyarrow.timestamp("us", tz="UTC"),
    }
    schema = pyarrow.schema([(name, types[kind]) for name, kind in COLUMNS.items()])
    written, group = 0, _empty()
    with pyarrow.parquet.ParquetWriter(str(path), schema, compression="zstd") as out:
        for trace in traces:
            for name, column in group.items():
                column += [getattr(row, name) for row in trace.rows]
            written += len(trace.rows)
            if len(group["seq"]) >= _GROUP:
                out.write_table(pyarrow.table(group, schema=schema))
                group = _empty()
        out.write_table(pyarrow.table(group, schema=schema))
    return written


def _empty() -> dict[str, list[Any]]:
    return {name: [] for name in COLUMNS}
