"""What every command needs and few commands change: units, law, notices, people. Read once, then known by its version.

The database counts each change of these tables itself (triggers on them, table ``reference``). Who finds the versions
it knows reads nothing else of them; one small statement in a transaction tells.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from ocop_flow.store.writing import Writing

if TYPE_CHECKING:
    from datetime import date

    from ocop_flow.domain.authority import Person
    from ocop_flow.domain.calendar import Calendar, Notice
    from ocop_flow.domain.outline import Outline
    from ocop_flow.domain.situation import Law
    from ocop_flow.domain.units import UnitTree
    from ocop_flow.store.transaction import Row

#: Table -> what is counted when it changes.
COUNTED = {
    "unit": "law",
    "unit_successor": "law",
    "law": "law",
    "notice": "law",
    "person": "people",
    "post": "people",
}
_KINDS = tuple(dict.fromkeys(COUNTED.values()))
#: Entries of one kind that are kept; past it all go.
_KEPT = 20_000
_WRITES = re.compile(r"\b(?:INTO|UPDATE|FROM)\s+(\w+)", re.IGNORECASE)
_VERSIONS = "SELECT name, version FROM reference"
#: The same as columns of another question, in the order of ``Reference.take_versions``.
VERSIONS = ", ".join(f"(SELECT version FROM reference WHERE name = '{name}') AS {name}" for name in _KINDS)


@dataclass(slots=True)
class Known:
    """What was read at one version."""

    version: int = -1
    trees: dict[frozenset[str], UnitTree] = field(default_factory=dict)
    in_force: dict[tuple[date, str, str], str | None] = field(default_factory=dict)
    notices: tuple[Notice, ...] | None = None
    calendars: dict[tuple[str, ...], Calendar] = field(default_factory=dict)
    people: dict[str, Person | None] = field(default_factory=dict)

    def bounded(self) -> Known:
        for kept in (self.trees, self.in_force, self.calendars, self.people):
            if len(kept) > _KEPT:
                kept.clear()
        return self


@dataclass(slots=True)
class Memory:
    """What one office knows across its transactions; ``laws`` and ``outlines`` by hash never change.

    overtaken  dossiers of which a command has just found that another came between (``store.at_once``)
    """

    laws: dict[str, Law] = field(default_factory=dict)
    outlines: dict[str, Outline] = field(default_factory=dict)
    known: dict[str, Known] = field(default_factory=dict)
    overtaken: set[str] = field(default_factory=set)

    def at(self, name: str, version: int) -> Known:
        found = self.known.get(name)
        if found is None or found.version != version:
            found = self.known[name] = Known(version)
        return found.bounded()


class Reference(Writing):
    """A transaction that knows what the office has read before. What it changes itself it reads anew, for itself."""

    def __init__(self, *args: Any, memory: Memory, **named: Any) -> None:
        super().__init__(*args, **named)
        self._memory = memory
        self._current: dict[str, Known] = {}
        self._changed: set[str] = set()
        self._versions: dict[str, int] | None = None

    @property
    def _asks(self) -> str:
        """A writer's first question tells, if it is of a dossier (``at_once``)."""
        return "" if self._writes else f"; {_VERSIONS}"

    def _reset(self) -> None:
        self._current.clear()
        self._changed.clear()
        self._versions = None
        super()._reset()

    def _told(self, cursor: Any) -> None:
        if self._asks:
            while cursor.nextset():
                pass
            self._versions = dict(cursor)

    def take_versions(self, *versions: int) -> None:
        """The columns of VERSIONS, read with something else."""
        if self._versions is None:
            self._versions = dict(zip(_KINDS, versions, strict=True))

    def known(self, name: str) -> Known:
        """``law`` or ``people`` as this transaction sees them."""
        if name not in self._current:
            self._look()
        return self._current[name]

    def _look(self) -> None:
        versions = self._versions
        if versions is None:
            versions = dict(self._run(_VERSIONS, {}))
        for name in _KINDS:
            if name not in self._current:
                own = name in self._changed
                self._current[name] = Known() if own else self._memory.at(name, versions.get(name, 0))

    def look_again(self) -> None:
        """What others have committed meanwhile counts from here on."""
        self._versions = None
        for name in list(self._current):
            if name not in self._changed:
                del self._current[name]

    def remembered(self, sql: str, /, **params: Any) -> list[Row]:
        """As ``query``, of what is remembered under a version or a hash, and of nothing else."""
        return self.query(sql, **params)

    def _writes_to(self, table: str) -> None:
        name = COUNTED.get(table)
        if name is not None:
            self._changed.add(name)
            self._current[name] = Known()

    def put(self, table: str, /, **row: Any) -> None:
        super().put(table, **row)
        self._writes_to(table)

    def remove(self, table: str, /, **equals: Any) -> None:
        super().remove(table, **equals)
        self._writes_to(table)

    def insert_many(self, name: str, rows: Sequence[Mapping[str, Any]]) -> None:
        super().insert_many(name, rows)
        self._writes_to(name)

    def execute(self, sql: str, /, **params: Any) -> None:
        super().execute(sql, **params)
        for table in _named(sql):
            self._writes_to(table)

    def execute_many(self, sql: str, rows: Sequence[Mapping[str, Any]]) -> int:
        changed = super().execute_many(sql, rows)
        for table in _named(sql):
            self._writes_to(table)
        return changed


@lru_cache(maxsize=1024)
def _named(sql: str) -> tuple[str, ...]:
    """Counted tables that a statement may write."""
    return tuple(table for table in dict.fromkeys(_WRITES.findall(sql)) if table in COUNTED)
