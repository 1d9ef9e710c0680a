"""To whom a reminder about a unit's duty goes: its officers, its leader, the Chair's office, or the unit above.

Each rung of a ladder (``workflows/ladders``) names a role. The people who hold that role in the unit today and have a
mail address get the reminder. If there are none, it goes to the unit's mailbox; if there is no mailbox, to people in
other roles of the unit. If nobody has an address, the reminder waits until the unit gets a mailbox.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple

from ocop_flow.domain.overlay import ADOPTED
from ocop_flow.domain.units import CENTRAL, Unit, UnitTree
from ocop_flow.ports import Row, UnitOfWork
from ocop_flow.service.numbers import chunks

#: Code and name of a unit as a duty's row has them: the unit as it was when the duty began.
Place = tuple[str | None, str | None]
#: Role of a rung -> where to look for an address, one after the other; ``unit`` is the unit's mailbox.
_TURNS = {
    "officer": ("officer", "unit", "leader"),
    "leader": ("leader", "unit", "officer"),
    "chair_office": ("unit", "leader", "officer"),
}


class Recipient(NamedTuple):
    """Somebody who gets a message.

    key   ``person:HANDLE``, ``unit:CODE`` or ``entity:CODE``
    unit  name of the unit; for an entity its own name
    tier  of the unit; None for an entity
    """

    key: str
    unit: str
    tier: str | None


class Recipients:
    """Looks up recipients on one day.

    One scan for due reminders asks for many units: ``prepare`` reads them together, and what was read is kept.
    """

    def __init__(self, uow: UnitOfWork, today: date) -> None:
        self._uow = uow
        self._today = today
        self._units: dict[Place, Unit] = {}
        self._people: dict[str, dict[str, list[str]]] = {}
        self._mailboxes: set[str] = set()
        self._above: dict[str, Unit | None] = {}

    def prepare(self, places: Iterable[Place]) -> None:
        """Read units, people and mailboxes for these places in few statements."""
        new = [place for place in dict.fromkeys(places) if place not in self._units]
        self._stand(new)
        self._read({self._units[place] for place in new})

    def unit(self, place: Place) -> Unit:
        """The unit that answers today for the unit of a duty: itself, its successor, or the unit above it."""
        if place not in self._units:
            self.prepare([place])
        return self._units[place]

    def of(self, place: Place, role: str) -> list[Recipient]:
        """The recipients of a rung with this role.

        ``unit_above`` means the officers of the unit above; none if that is the centre, which is reminded only of its
        own duties.
        """
        unit = self.unit(place)
        if role != "unit_above":
            return self._at(unit, role)
        above = self._parent(unit)
        return [] if above is None or above.tier == CENTRAL.tier else self._at(above, "officer")

    def reachable(self, place: Place) -> bool:
        """Whether the unit has a mailbox or a person with an address."""
        unit = self.unit(place)
        return unit.code in self._mailboxes or any(self._people.get(unit.code, {}).values())

    def _at(self, unit: Unit, role: str) -> list[Recipient]:
        people = self._people.get(unit.code, {})
        for turn in _TURNS[role]:
            if turn == "unit" and unit.code in self._mailboxes:
                break
            if people.get(turn):
                return [Recipient(f"person:{handle}", unit.name, unit.tier) for handle in people[turn]]
        return [Recipient(f"unit:{unit.code}", unit.name, unit.tier)]

    def _parent(self, unit: Unit) -> Unit | None:
        if unit.code not in self._above:
            tree = self._uow.tree([unit.code])
            self._above[unit.code] = above = tree.parent(unit, self._today)
            if above is not None:
                self._read({above})
        return self._above[unit.code]

    def _stand(self, places: list[Place]) -> None:
        """Find the unit of today for each place. Most units still exist under their name and are read in one
        statement; only for the others the history of units is read."""
        standing: dict[str, Unit] = {CENTRAL.code: CENTRAL}
        for holders, params in chunks(sorted({code for code, _ in places if code})):
            sql = (
                f"SELECT * FROM unit WHERE code IN ({holders}) AND valid_from <= :today "
                "AND (valid_to IS NULL OR valid_to >= :today)"
            )
            for row in self._uow.query(sql, today=self._today.isoformat(), **params):
                standing[row["code"]] = _unit(row)
        for code, name in places:
            found = standing.get(code or CENTRAL.code)
            if found is None or (name is not None and found.name != name):
                found = self._successor(code or CENTRAL.code, name)
            self._units[(code, name)] = found

    def _successor(self, code: str, name: str | None) -> Unit:
        tree = self._uow.tree([code])
        lives = [unit for unit in tree.lives(code) if unit.name == name] or list(tree.lives(code))
        return _heir(tree, lives[-1], self._today) if lives else CENTRAL

    def _read(self, units: set[Unit]) -> None:
        codes = {unit.code: unit for unit in units}
        day = self._today.isoformat()
        for holders, params in chunks(sorted(codes)):
            self._mailboxes |= {
                row["code"]
                for row in self._uow.query(f"SELECT code FROM unit_contact WHERE code IN ({holders})", **params)
            }
            sql = (
                "SELECT DISTINCT post.unit, post.unit_from, post.role, post.handle FROM post "
                "JOIN person ON person.handle = post.handle "
                f"WHERE post.unit IN ({holders}) AND post.role IN ('officer', 'leader') "
                "AND post.valid_from <= :day AND (post.valid_to IS NULL OR post.valid_to >= :day) "
                "AND person.email IS NOT NULL AND (person.left_on IS NULL OR person.left_on >= :day) "
                "ORDER BY post.handle"
            )
            for row in self._uow.query(sql, day=day, **params):
                born = codes[row["unit"]].valid_from
                if row["unit_from"] == (born.isoformat() if born else None):
                    self._people.setdefault(row["unit"], {}).setdefault(row["role"], []).append(row["handle"])


def _heir(tree: UnitTree, unit: Unit, today: date) -> Unit:
    whole = tree.heir(unit, today)
    if whole is not None:
        return whole
    parts = tree.successors(unit, today)
    above = (tree.heir(each, today) for each in tree.ancestors(unit, unit.nearest_valid_day(today)))
    return parts[0][0] if parts else next((each for each in above if each is not None), CENTRAL)


def _unit(row: Row) -> Unit:
    def day(text: Any) -> date | None:
        return date.fromisoformat(text) if text else None

    return Unit(
        row["code"],
        row["name"],
        row["kind"],
        row["tier"],
        row["parent_code"],
        day(row["valid_from"]),
        day(row["valid_to"]),
    )


class Switches:
    """Rungs of a ladder that are off unless the province of a unit has switched them on by its own decision."""

    def __init__(self, uow: UnitOfWork, today: date) -> None:
        self._uow = uow
        self._today = today
        self._adopted: dict[str, Row] = {}

    def on(self, unit: Unit, ladder: str) -> frozenset[str]:
        if unit.code not in self._adopted:
            province = self._uow.tree([unit.code]).reach(unit, "province", self._today)
            law = self._uow.law_on(self._today, province.code) if province else None
            document = (self._uow.document(law.hash) if law else None) or {}
            self._adopted[unit.code] = document.get(ADOPTED, {}).get("ladder", {})
        return frozenset(self._adopted[unit.code].get(ladder, ()))
