"""Where a thing lies on the map of a day: in the commune of that day, or in what came before or after its own.

A dossier of a commune of Nam Định in 2020 lies in the province Nam Định on the map of 2020 and in Ninh Bình on that of
today. Where a commune was split, only what all its parts have above them is known (mark: derived).
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ocop_flow.domain.units import Unit, UnitTree

Place = tuple["Unit", ...]


class Places:
    """The map of one day; each life of a code is looked for once."""

    def __init__(self, tree: UnitTree, day: date) -> None:
        self.tree = tree
        self.day = day
        self._known: dict[Unit, Place] = {}
        self._before: dict[date, dict[Unit, list[Unit]]] = {}

    def of(self, unit: Unit | None) -> Place:
        """The unit of the map's day that stands for this one, and everything above it; empty where nothing is known."""
        if unit is None:
            return ()
        if unit not in self._known:
            self._known[unit] = self._found(unit)
        return self._known[unit]

    def life(self, code: str | None, day: date | None) -> Unit | None:
        """The unit that a code means on a day, its nearest life where it means none then."""
        lives = self.tree.lives(code) if code else ()
        if not lives:
            return None
        fitting = self.tree.on(code, day) if code and day else None
        return fitting or (lives[0] if day is None or _begins(lives[0]) > day else lives[-1])

    def _found(self, unit: Unit) -> Place:
        if unit.valid_on(self.day):
            return (unit, *self.tree.ancestors(unit, self.day))
        if unit.valid_from is not None and self.day < unit.valid_from:
            return self._shared(self._predecessors(unit))
        whole = self.tree.heir(unit, self.day)
        heirs = [whole] if whole else [heir for heir, _ in self.tree.successors(unit, self.day)]
        if heirs:
            return self._shared(heirs)
        # Districts left no successor: what was theirs is the province's.
        above = self.tree.ancestors(unit, unit.nearest_valid_day(self.day))
        return self.of(above[0]) if above else ()

    def _predecessors(self, unit: Unit) -> list[Unit]:
        began = unit.valid_from or date.min
        if began not in self._before:
            before: dict[Unit, list[Unit]] = defaultdict(list)
            for each in self.tree:
                if each.valid_on(self.day) and not each.valid_on(began):
                    for heir, _ in self.tree.successors(each, began):
                        before[heir].append(each)
            self._before[began] = before
        return self._before[began].get(unit, [])

    def _shared(self, units: Iterable[Unit]) -> Place:
        """What all of them lie in, from the lowest."""
        ways = [(each, *self.tree.ancestors(each, self.day)) for each in units]
        return tuple(each for each in ways[0] if all(each in way for way in ways)) if ways else ()


def _begins(unit: Unit) -> date:
    return unit.valid_from or date.min
