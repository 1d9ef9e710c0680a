"""Units and their successors as they stand in the database, held against the national list that came with the program.

A database is filled with that list when it is made. ``ocop unit import`` adds units, which no event names, but never a
life over another of the same code; successions are added by nothing. A release with another list must bring it into
the databases that there are.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from ocop_flow.domain.chain import Finding
from ocop_flow.service.setup import successor_rows, unit_rows

if TYPE_CHECKING:
    from ocop_flow.domain.units import Succession, Unit
    from ocop_flow.ports import UnitOfWork

Line = tuple[Any, ...]
#: Rows of one table named one by one; of more their number is told.
_NAMED = 20


def findings(uow: UnitOfWork, units: Iterable[Unit], successions: Iterable[Succession]) -> Iterator[Finding]:
    """Rows that are gone, are not what they were, or that nothing can have added."""
    listed = {tuple(row.values()): row for row in unit_rows(units)}
    stored = _stored(uow, "unit", next(iter(listed.values())))
    yield from _gone("unit", listed.keys() - stored, {line[:2] for line in stored})
    lives: dict[str, list[Line]] = {}
    for line in listed:
        lives.setdefault(line[0], []).append(line)
    over = {line for line in stored - listed.keys() if any(_meet(line, each) for each in lives.get(line[0], ()))}
    yield from _told("inserted", "unit", over)
    links = {tuple(row.values()): row for row in successor_rows(successions)}
    stored = _stored(uow, "unit_successor", next(iter(links.values())))
    yield from _gone("unit_successor", links.keys() - stored, {line[:4] for line in stored})
    yield from _told("inserted", "unit_successor", stored - links.keys())


def _stored(uow: UnitOfWork, table: str, row: Mapping[str, Any]) -> set[Line]:
    return {tuple(line.values()) for line in uow.query(f"SELECT {', '.join(row)} FROM {table}")}


def _gone(table: str, gone: set[Line], keys: set[Line]) -> Iterator[Finding]:
    """Told as modified where there is still a row with its key."""
    size = 2 if table == "unit" else 4
    yield from _told("missing", table, {line for line in gone if line[:size] not in keys})
    yield from _told("modified", table, {line for line in gone if line[:size] in keys})


def _told(kind: str, table: str, lines: set[Line]) -> Iterator[Finding]:
    if len(lines) > _NAMED:
        yield Finding(kind, None, None, None, None, f"{table}: {len(lines)}")
        return
    yield from (Finding(kind, None, str(line[0]), None, None, table) for line in sorted(lines, key=repr))


def _meet(one: Line, other: Line) -> bool:
    """Whether two lives of a code share a day; an empty beginning is long ago, no end is none."""
    (_, first, last, *_), (_, begin, end, *_) = one, other
    return str(first) <= (end or "9999") and begin <= str(last or "9999")
