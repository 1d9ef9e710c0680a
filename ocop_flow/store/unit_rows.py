"""Units as rows: trees of them in all their lives."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from ocop_flow.domain.names import fold
from ocop_flow.domain.units import Succession, Unit, UnitTree
from ocop_flow.store.reference import Reference
from ocop_flow.store.transaction import Row


class Units(Reference):
    """Administrative units; a tree is read again when units have changed."""

    def tree(self, codes: Iterable[str]) -> UnitTree:
        """The codes in all their lives, everything above them, and their successors with everything above those."""
        key = frozenset(codes)
        trees = self.known("law").trees
        found = trees.get(key)
        if found is None:
            found = trees[key] = self._read_tree(key)
        return found

    def _read_tree(self, codes: frozenset[str]) -> UnitTree:
        waiting, units, links = set(codes), dict[tuple[str, str], Unit](), set[Succession]()
        asked: set[str] = set()
        while waiting:
            code = waiting.pop()
            if code in asked:
                continue
            asked.add(code)
            for row in self.remembered("SELECT * FROM unit WHERE code = :code", code=code):
                found = unit_of(row)
                units[(found.code, row["valid_from"])] = found
                if found.parent_code:
                    waiting.add(found.parent_code)
            for row in self.remembered("SELECT * FROM unit_successor WHERE old_code = :code", code=code):
                links.add(_succession(row))
                waiting.add(row["new_code"])
        return UnitTree(units.values(), links)

    def area(self, code: str, also: Iterable[str] = ()) -> UnitTree:
        from ocop_flow.store import areas

        units, links = areas.read(self, code, also)
        return UnitTree([unit_of(row) for row in units], [_succession(row) for row in links])

    def map_of(self, day: date) -> UnitTree:
        on = "valid_from <= :day AND (valid_to IS NULL OR valid_to >= :day)"
        return UnitTree(unit_of(row) for row in self.query(f"SELECT * FROM unit WHERE {on}", day=day.isoformat()))

    def units_named(self, name: str) -> list[Unit]:
        key = fold(name)
        rows = self.query("SELECT * FROM unit WHERE folded LIKE :key ORDER BY code, valid_from", key=f"%{key}%")
        return [unit_of(row) for row in rows]


def unit_of(row: Row) -> Unit:
    """A row of the unit table as a unit."""
    return Unit(
        code=row["code"],
        name=row["name"],
        kind=row["kind"],
        tier=row["tier"],
        parent_code=row["parent_code"],
        valid_from=day_of(row["valid_from"]),
        valid_to=day_of(row["valid_to"]),
    )


def _succession(row: Row) -> Succession:
    return Succession(
        row["old_code"], row["new_code"], row["tier"], bool(row["partial"]), date.fromisoformat(row["effective"])
    )


def day_of(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None
