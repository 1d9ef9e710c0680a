"""From the commune to the nation: what each unit below adds up to, and which units did not report at all.

A unit has reported when in the period something was done in its area, or it handed in figures of its own (mark:
derived; no decision says what a report of records is).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING

from ocop_flow.domain.figures.facts import Case, Facts, Recognition
from ocop_flow.domain.figures.products import BY_STAR, star_cells
from ocop_flow.domain.figures.sheet import Row, Sheet, added

if TYPE_CHECKING:
    from ocop_flow.domain.units import Unit

_COUNTS = (*BY_STAR, "recognised", "opened", "filed")


def by_unit(facts: Facts, units: Sequence[Unit], reported: Mapping[str, int | None]) -> Sheet:
    """One row for each unit of a tier; what lies in none of them in a last row, so that the rows add up.

    reported  code of each unit that handed in figures -> products that it printed as recognised, None if it did not say
    """
    places = {unit: index for index, unit in enumerate(units)}
    held: dict[Unit | None, list[Recognition]] = defaultdict(list)
    made: dict[Unit | None, int] = defaultdict(int)
    cases: dict[Unit | None, list[Case]] = defaultdict(list)
    for each in facts.holding():
        held[_within(each.units, places)].append(each)
    for each in facts.recognised():
        made[_within(each.units, places)] += 1
    for case in facts.cases:
        cases[_within(case.units, places)].append(case)

    def row(unit: Unit | None) -> Row:
        return {
            "unit": unit.code if unit else None,
            "unit_name": unit.name if unit else None,
            **star_cells(held[unit]),
            "recognised": made[unit],
            "opened": sum(facts.period.holds(case.dossier.opened_on) for case in cases[unit]),
            "filed": sum(
                case.dossier.filed_on is not None and facts.period.holds(case.dossier.filed_on) for case in cases[unit]
            ),
            "printed": reported.get(unit.code) if unit else None,
        }

    rows = [row(unit) for unit in units if held[unit] or made[unit] or cases[unit] or unit.code in reported]
    rows += [row(None)] if held[None] or made[None] or cases[None] else []
    total: Row = {"unit": None, **added(rows, _COUNTS)}
    return Sheet("by_unit", ("unit", "unit_name", *_COUNTS, "printed"), tuple(rows), total)


def _within(above: Sequence[Unit], places: Mapping[Unit, int]) -> Unit | None:
    return next((unit for unit in above if unit in places), None)


def silent(facts: Facts, units: Sequence[Unit], reported: Collection[str]) -> Sheet:
    """Units in whose area nothing was recorded in the period and that handed in no figures."""
    moved = (case for case in facts.cases if any(facts.period.holds(visit.on) for visit in case.dossier.visits))
    active = {unit for case in moved for unit in case.units}
    active |= {unit for each in facts.recognised() for unit in each.units}
    rows = tuple(
        {"unit": unit.code, "unit_name": unit.name, "tier": unit.tier}
        for unit in units
        if unit not in active and unit.code not in reported
    )
    return Sheet("did_not_report", ("unit", "unit_name", "tier"), rows)
