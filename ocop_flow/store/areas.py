"""The rows of a whole area: units below a unit, with everything above and after them, a level at a time."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from ocop_flow.domain.units import CENTRAL

if TYPE_CHECKING:
    from ocop_flow.store.transaction import Transaction

Row = dict[str, Any]


def read(uow: Transaction, code: str, also: Iterable[str] = ()) -> tuple[list[Row], list[Row]]:
    """(rows of ``unit``, rows of ``unit_successor``) of everything below ``code``, and of ``also``.

    Below is every unit that in any of its lives stood under one of these; the rows of what stands above them and of
    what came after them are among the answer, so that a tree of it answers for any day.
    """
    if code == CENTRAL.code:
        return uow.query("SELECT * FROM unit"), uow.query("SELECT * FROM unit_successor")
    below, fresh = {code, *also}, {code}
    while fresh:
        fresh = {row["code"] for row in _chosen(uow, "unit", "parent_code", fresh)} - below
        below |= fresh
    units: list[Row] = []
    links: list[Row] = []
    known, fresh = set[str](), below
    while fresh:
        found = _chosen(uow, "unit", "code", fresh)
        later = _chosen(uow, "unit_successor", "old_code", fresh)
        units += found
        links += later
        known |= fresh
        fresh = {row["parent_code"] for row in found if row["parent_code"]} | {row["new_code"] for row in later}
        fresh -= known
    return units, links


def _chosen(uow: Transaction, table: str, column: str, codes: Iterable[str]) -> list[Row]:
    return uow.query(f"SELECT * FROM {table} WHERE {uow.among(column)}", among=uow.listed(sorted(codes)))
