"""Tables as lines of JSON: the same bytes for the same rows, whichever database they stand in."""

from __future__ import annotations

import base64
import json
import sqlite3
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TYPE_CHECKING, Any

from sqlalchemy import Boolean, Integer, LargeBinary

from ocop_flow.store.schema import metadata

if TYPE_CHECKING:
    from sqlalchemy import Table

#: What is no part of the record: who is logged in at this moment, and a count that tells caches of one database apart.
LEFT_OUT = frozenset({"session", "reference"})
#: Rows read or written at once.
_ROWS = 1000


def tables() -> tuple[str, ...]:
    """Names of the tables that are copied, those first that others point at."""
    return tuple(str(table.name) for table in metadata.sorted_tables if table.name not in LEFT_OUT)


def count(driver: Any, name: str) -> int:
    """Rows of a table, in the open transaction of the driver's connection."""
    return int(driver.execute(f"SELECT count(*) FROM {name}").fetchone()[0])


def lines(driver: Any, name: str) -> Iterator[bytes]:
    """Each row as a JSON array of its columns on a line, in the order of the key by bytes.

    Bytes stand as their text where they are UTF-8, else as ``{"base64": …}``.
    """
    table = metadata.tables[name]
    binary = [column.name for column in table.columns if isinstance(column.type, LargeBinary)]
    at = [column.name in binary for column in table.columns]
    true = [isinstance(column.type, Boolean) for column in table.columns]
    for row in _rows(driver, table):
        values = [
            _text(value) if is_bytes else bool(value) if is_bool and value is not None else value
            for value, is_bytes, is_bool in zip(row, at, true, strict=True)
        ]
        yield json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def _rows(driver: Any, table: Table) -> Iterator[Any]:
    names = ", ".join(column.name for column in table.columns)
    if isinstance(driver, sqlite3.Connection):
        order = ", ".join(column.name for column in table.primary_key.columns)
        yield from driver.execute(f"SELECT {names} FROM {table.name} ORDER BY {order}")
        return
    order = ", ".join(
        column.name if isinstance(column.type, Integer) else f'{column.name} COLLATE "C"'
        for column in table.primary_key.columns
    )
    with driver.cursor(name="copied") as cursor:
        cursor.itersize = _ROWS
        yield from cursor.execute(f"SELECT {names} FROM {table.name} ORDER BY {order}")


def _text(value: Any) -> Any:
    if value is None or isinstance(value, str):
        return value
    try:
        return bytes(value).decode()
    except UnicodeDecodeError:
        return {"base64": base64.b64encode(value).decode()}


def load(driver: Any, name: str, copied: Iterable[bytes]) -> int:
    """Put lines into an empty table, in the open transaction of the driver's connection; how many.

    raises  ValueError for a line that is no row of this table, the driver's error for one that it does not take
    """
    table = metadata.tables[name]
    rows = (_row(table, line) for line in copied)
    if isinstance(driver, sqlite3.Connection):
        return _insert(driver, table, rows)
    return _copy(driver, table, rows)


def _row(table: Table, line: bytes) -> list[Any]:
    values = json.loads(line)
    if not isinstance(values, list) or len(values) != len(table.columns):
        raise ValueError(f"no row of {table.name}")
    return [
        _bytes(value) if isinstance(column.type, LargeBinary) else value
        for value, column in zip(values, table.columns, strict=True)
    ]


def _bytes(value: Any) -> bytes | None:
    if isinstance(value, dict):
        return base64.b64decode(value["base64"], validate=True)
    return value.encode() if isinstance(value, str) else None


def _insert(driver: sqlite3.Connection, table: Table, rows: Iterable[list[Any]]) -> int:
    names = ", ".join(column.name for column in table.columns)
    sql = f"INSERT INTO {table.name} ({names}) VALUES ({', '.join('?' for _ in table.columns)})"
    left, made = iter(rows), 0
    while some := list(islice(left, _ROWS)):
        driver.executemany(sql, some)
        made += len(some)
    return made


def _copy(driver: Any, table: Table, rows: Iterable[list[Any]]) -> int:
    made = 0
    names = ", ".join(column.name for column in table.columns)
    with driver.cursor() as cursor, cursor.copy(f"COPY {table.name} ({names}) FROM STDIN") as stream:
        for row in rows:
            stream.write_row(row)
            made += 1
    _count_on(driver, table)
    return made


def _count_on(driver: Any, table: Table) -> None:
    """Numbers that the server gives go on after those that came with the rows."""
    key = table.autoincrement_column
    if key is not None:
        driver.execute(
            f"SELECT setval(pg_get_serial_sequence('{table.name}', '{key.name}'), coalesce(max({key.name}), 0) + 1, "
            f"false) FROM {table.name}"
        )
