"""Units as tables name them: a commune with or without its district, an issuer with its office, resolved in bulk."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from ocop_flow.domain.names import fold
from ocop_flow.domain.units import CENTRAL, Unit, UnitTree
from ocop_flow.errors import Reason, reason

_KIND = re.compile(r"^(?:thanh pho|thi xa|thi tran|dac khu|phuong|xa|tinh|huyen|quan|tp|tx|tt|p|x|q|h|t)\b[ .]*(?=\S)")
_OFFICE = re.compile(r"^(?:chu tich )?(?:ubnd|uy ban nhan dan|hdnd|so nong nghiep va moi truong|so nn ?ptnt)\b[ .:]*")
_CENTRE = ("central", "trung uong", "bo nong nghiep", "bo nn")
_NO_LETTER = re.compile(r"[\W_]+")
_ZEROS = re.compile(r"\b0+(?=\d)")
_CANDIDATES = 4


@dataclass(frozen=True, slots=True)
class Found:
    """What a name led to: the unit if one was meant, what is doubtful about it, what is wrong."""

    unit: Unit | None
    doubts: tuple[Reason, ...] = ()
    fault: Reason | None = None


class Places:
    """All units by their names; ``own`` are codes of units whose officer the table comes from."""

    def __init__(self, tree: UnitTree, today: date, own: Iterable[str]) -> None:
        self.tree = tree
        self._today = today
        self._own = frozenset(own) - {CENTRAL.code}
        self._names: dict[str, list[Unit]] = defaultdict(list)
        for unit in tree:
            self._names[_bare(unit.name)].append(unit)
        self._communes: dict[tuple[object, ...], Found] = {}
        self._issuers: dict[tuple[object, ...], Found] = {}

    def commune(self, typed: str, district: str | None, province: str | None, day: date) -> Found:
        """The commune that a row means, on the day of its certificate if it existed then, else today, else ever."""
        key = (typed, district, province, day)
        if key not in self._communes:
            self._communes[key] = self._commune(typed, [text for text in (district, province) if text], day)
        return self._communes[key]

    def issuer(self, typed: str, commune: Unit | None, day: date) -> Found:
        """The unit that issued a certificate; of several of that name the one above the commune."""
        key = (typed, commune, day)
        if key not in self._issuers:
            self._issuers[key] = self._issuer(typed, commune, day)
        return self._issuers[key]

    def above(self, unit: Unit, day: date) -> frozenset[str]:
        """Codes of the unit and of those above it, then and in its heirs today."""
        return frozenset(each.code for each in self._around(unit, day))

    def _around(self, unit: Unit, day: date) -> list[Unit]:
        found = [unit, *self.tree.ancestors(unit, unit.nearest_valid_day(day))]
        for heir, _ in self.tree.successors(unit, self._today):
            found += [heir, *self.tree.ancestors(heir, self._today)]
        return found

    def _commune(self, typed: str, within: list[str], day: date) -> Found:
        lives = [unit for unit in self.tree.lives(typed) if unit.tier == "commune"]
        if not lives and self.tree.lives(typed):
            unit = self.tree.lives(typed)[-1]
            return Found(None, fault=reason("unit_wrong_tier", unit=unit.name, tier="commune", found=unit.tier))
        candidates = lives or [unit for unit in self._named(typed) if unit.tier == "commune"]
        if not candidates:
            return Found(None, fault=reason("unit_absent" if typed.isdigit() else "unit_name_absent", **_asked(typed)))
        doubts: list[Reason] = []
        for place in within:
            inside = [unit for unit in candidates if self._lies_in(unit, place, day)]
            if not inside:
                doubts.append(reason("commune_elsewhere", name=typed, place=place))
            candidates = inside or candidates
        candidates = _of_day(candidates, day, self._today)
        candidates = self._of_own(candidates, day)
        if len(candidates) > 1:
            places = "; ".join(self._place(unit, day) for unit in candidates[:_CANDIDATES])
            return Found(
                None, (*doubts, reason("commune_not_unique", name=typed, count=len(candidates), places=places))
            )
        return Found(candidates[0], (*doubts, *self._age(candidates[0], day)))

    def _age(self, unit: Unit, day: date) -> list[Reason]:
        if not unit.valid_on(day) and unit.valid_from is not None and day < unit.valid_from:
            return [reason("commune_younger", name=unit.name, unit=unit.code, since=unit.valid_from.isoformat())]
        if not unit.valid_on(self._today) and unit.valid_to is not None:
            heirs = ", ".join(f"{heir.name} ({heir.code})" for heir, _ in self.tree.successors(unit, self._today))
            until = unit.valid_to.isoformat()
            return [reason("commune_abolished", name=unit.name, unit=unit.code, until=until, heirs=heirs or "-")]
        return []

    def _issuer(self, typed: str, commune: Unit | None, day: date) -> Found:
        text = _OFFICE.sub("", " ".join(fold(typed).split())).strip()
        if text.startswith(_CENTRE):
            return Found(CENTRAL)
        rest = typed.split()[-len(text.split()) :] if text else []
        asked = " ".join(rest) if fold(" ".join(rest)) == text else text
        lives = list(self.tree.lives(typed.strip()))
        candidates = lives or [unit for unit in self._named(asked) if unit.tier != "central"]
        if not candidates:
            return Found(None, fault=reason("unit_name_absent", name=typed))
        if commune is not None:
            above = self.above(commune, day)
            candidates = [unit for unit in candidates if unit.code in above] or candidates
        candidates = self._of_own(_of_day(candidates, day, self._today), day)
        kinds = fold(asked)
        candidates = [unit for unit in candidates if fold(unit.name) == kinds] or candidates
        if len(candidates) > 1:
            places = "; ".join(self._place(unit, day) for unit in candidates[:_CANDIDATES])
            doubt = reason("issuer_not_unique", name=typed, count=len(candidates), places=places)
            return Found(None, (doubt,))
        return Found(candidates[0])

    def _named(self, typed: str) -> tuple[Unit, ...]:
        pool = self._names.get(_bare(typed), [])
        return UnitTree(pool).named(typed) if pool else ()

    def _lies_in(self, unit: Unit, place: str, day: date) -> bool:
        wanted = _bare(place)
        return any(each.code == place or _bare(each.name) == wanted for each in self._around(unit, day)[1:])

    def _of_own(self, candidates: list[Unit], day: date) -> list[Unit]:
        """Those below the officer's own unit, if any: nobody declares for another province."""
        if len(candidates) < 2 or not self._own:
            return candidates
        return [unit for unit in candidates if self.above(unit, day) & self._own] or candidates

    def _place(self, unit: Unit, day: date) -> str:
        above = self.tree.ancestors(unit, unit.nearest_valid_day(day))
        return ", ".join([f"{unit.name} ({unit.code})", *(each.name for each in above if each.code != CENTRAL.code)])


def _of_day(candidates: list[Unit], day: date, today: date) -> list[Unit]:
    """Those that existed on the day, else those of today, else the last life of each code."""
    tests: tuple[Callable[[Unit], bool], ...] = (lambda unit: unit.valid_on(day), lambda unit: unit.valid_on(today))
    for fits in tests:
        found = [unit for unit in candidates if fits(unit)]
        if found:
            return found
    latest = {unit.code: unit for unit in sorted(candidates, key=lambda unit: unit.valid_from or date.min)}
    return list(latest.values())


def _asked(typed: str) -> dict[str, str]:
    return {"unit": typed} if typed.isdigit() else {"name": typed}


def _bare(name: str) -> str:
    """A unit's name without kind word, punctuation or leading zeros, folded."""
    plain = " ".join(_NO_LETTER.sub(" ", fold(name).replace("'", "").replace("’", "")).split())
    return _ZEROS.sub("", _KIND.sub("", plain))
