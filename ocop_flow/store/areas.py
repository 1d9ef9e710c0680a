"""The rows of a whole area: units below a unit, with everything above and after them, a level at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from ocop_flow.domain.units import CENTRAL
from ocop_flow.store.schema import unit, unit_successor

if TYPE_CHECKING:
    from sqlalchemy import Column, Connection, Select, Table

Row = dict[str, Any]
#: Codes asked for in one statement, well below what any database takes.
_CHUNK = 500


def read(connection: Connection, code: str, also: Iterable[str] = ()) -> tuple[list[Row], list[Row]]:
    """(rows of ``unit``, rows of ``unit_successor``) of everything below ``code``, and of ``also``.

    Below is every unit that in any of its lives stood under one of these; the rows of what stands above them and of
    what came after them are among the answer, so that a tree of it answers for any day.
    """
    if code == CENTRAL.code:
        return _rows(connection, unit.select()), _rows(connection, unit_successor.select())
    below, fresh = {code, *also}, {code}
    while fresh:
        fresh = {row["code"] for row in _chosen(connection, unit, unit.c.parent_code, fresh)} - below
        below |= fresh
    units: list[Row] = []
    links: list[Row] = []
    known, fresh = set[str](), below
    while fresh:
        found = list(_chosen(connection, unit, unit.c.code, fresh))
        later = list(_chosen(connection, unit_successor, unit_successor.c.old_code, fresh))
        units += found
        links += later
        known |= fresh
        fresh = {row["parent_code"] for row in found if row["parent_code"]} | {row["new_code"] for row in later}
        fresh -= known
    return units, links


def _chosen(connection: Connection, table: Table, column: Column[Any], codes: Iterable[str]) -> Iterator[Row]:
    ordered = sorted(codes)
    for start in range(0, len(ordered), _CHUNK):
        yield from _rows(connection, table.select().where(column.in_(ordered[start : start + _CHUNK])))


def _rows(connection: Connection, query: Select[Any]) -> list[Row]:
    return [dict(row._mapping) for row in connection.execute(query)]
