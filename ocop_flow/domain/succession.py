"""Where the dossiers of a unit go that has ended: each life of a commune has exactly one answer.

A dossier follows its commune where one unit took over the whole of it. Where it was split, or where no successor is
recorded, a person decides (Resolution 202/2025/QH15 names the parts, the list of units does not know all of them).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ocop_flow.errors import Reason, reason

if TYPE_CHECKING:
    from datetime import date

    from ocop_flow.domain.dossier import Dossier
    from ocop_flow.domain.units import Unit, UnitTree

FOLLOWS, PERSON_DECIDES = ANSWERS = ("follows", "person_decides")
#: What the minutes may say of a paper that did not come over.
NOT_BROUGHT = ("lost", "not_received")


@dataclass(frozen=True, slots=True)
class Heir:
    """Who takes over from a commune.

    answer      one of ANSWERS
    unit        the unit that takes over; None while a person decides
    candidates  units that took over a part
    why         the ground, as a sentence
    """

    answer: str
    unit: Unit | None
    candidates: tuple[Unit, ...]
    why: Reason


def heir_of(tree: UnitTree, commune: Unit, day: date) -> Heir:
    """The answer for a life of a commune that has ended by ``day``."""
    found = tree.successors(commune, day)
    whole = [unit for unit, partial in found if not partial]
    if len(found) == 1 and whole:
        why = reason("succession_whole", former=commune.name, unit=whole[0].name, code=whole[0].code)
        return Heir(FOLLOWS, whole[0], (), why)
    parts = tuple(unit for unit, _ in found)
    if parts:
        names = ", ".join(f"{unit.name} ({unit.code})" for unit in parts)
        return Heir(PERSON_DECIDES, None, parts, reason("succession_split", former=commune.name, units=names))
    return Heir(PERSON_DECIDES, None, (), reason("succession_unknown", former=commune.name, code=commune.code))


def decided(commune: Unit, unit: Unit) -> Heir:
    """The answer that a person gave in a list."""
    return Heir(FOLLOWS, unit, (), reason("succession_decided", former=commune.name, unit=unit.name, code=unit.code))


def province_of(tree: UnitTree, commune: Unit, day: date) -> Unit | None:
    """The province that answers for a commune on a day: of its heir, else what took over the province of its last day.

    None where neither is known, so that only the centre can act.
    """
    heir = tree.heir(commune, day)
    if heir is not None:
        return tree.reach(heir, "province", day)
    then = tree.reach(commune, "province", commune.nearest_valid_day(day))
    return tree.heir(then, day) if then is not None else None


def copies_held(dossier: Dossier) -> dict[str, int]:
    """Kind -> copies that the dossier holds, valid or not."""
    held: dict[str, int] = {}
    for item in dossier.evidence:
        held[item.kind] = held.get(item.kind, 0) + item.copies
    return held
