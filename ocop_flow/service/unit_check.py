"""Units and their successors as they stand in the database, held against the national list that came with the program.

A database is filled with that list when it is made. ``ocop unit import`` adds units, which no event names, but never a
life over another of the same code; successions are added by nothing. A release with another list must bring it into
the databases that there are.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from ocop_flow.domain.chain import Finding
from ocop_flow.service.setup import successor_rows, unit_rows

if TYPE_CHECKING:
    from ocop_flow.domain.units import Succession, Unit
    from ocop_flow.ports import UnitOfWork

Line = tuple[Any, ...]
#: Rows of one table named one by one; of more their number is told.
_NAMED = 20


NationalList = Callable[[], tuple[Iterable["Unit"], Iterable["Succession"]]]


def findings(uow: UnitOfWork, national_list: NationalList) -> Iterator[Finding]:
    """Rows that are gone, are not what they were, or that nothing can have added."""
    units, links = _listed(national_list)
    listed, stored = units.lines, _stored(uow, units)
    yield from _gone("unit", listed - stored, stored)
    added = stored - listed
    codes = {line[0] for line in added}
    lives = [line for line in listed if line[0] in codes]
    over = {line for line in added if any(line[0] == each[0] and _meet(line, each) for each in lives)}
    yield from _told("inserted", "unit", over)
    listed, stored = links.lines, _stored(uow, links)
    yield from _gone("unit_successor", listed - stored, stored)
    yield from _told("inserted", "unit_successor", stored - listed)


class _Listed(NamedTuple):
    """Lines of the national list as a table keeps them."""

    table: str
    columns: tuple[str, ...]
    lines: frozenset[Line]


@cache
def _listed(national_list: NationalList) -> tuple[_Listed, _Listed]:
    """Units and successions; made once, for whoever checks many databases."""
    units, successions = national_list()
    return _as_kept("unit", unit_rows(units)), _as_kept("unit_successor", successor_rows(successions))


def _as_kept(table: str, rows: Sequence[Mapping[str, Any]]) -> _Listed:
    return _Listed(table, tuple(rows[0]), frozenset(tuple(row.values()) for row in rows))


def _stored(uow: UnitOfWork, listed: _Listed) -> frozenset[Line]:
    found = uow.query(f"SELECT {', '.join(listed.columns)} FROM {listed.table}")
    return frozenset(tuple(line.values()) for line in found)


def _gone(table: str, gone: frozenset[Line], stored: frozenset[Line]) -> Iterator[Finding]:
    """Told as modified where there is still a row with its key."""
    size = 2 if table == "unit" else 4
    keys = {line[:size] for line in stored} if gone else set()
    yield from _told("missing", table, {line for line in gone if line[:size] not in keys})
    yield from _told("modified", table, {line for line in gone if line[:size] in keys})


def _told(kind: str, table: str, lines: Collection[Line]) -> Iterator[Finding]:
    if len(lines) > _NAMED:
        yield Finding(kind, None, None, None, None, f"{table}: {len(lines)}")
        return
    yield from (Finding(kind, None, str(line[0]), None, None, table) for line in sorted(lines, key=repr))


def _meet(one: Line, other: Line) -> bool:
    """Whether two lives of a code share a day; an empty beginning is long ago, no end is none."""
    (_, first, last, *_), (_, begin, end, *_) = one, other
    return str(first) <= (end or "9999") and begin <= str(last or "9999")
