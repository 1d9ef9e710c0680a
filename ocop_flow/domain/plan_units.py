"""Who answers for a milestone: the units that a tier or a list of codes means on the plan's day of issue."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ocop_flow.domain.finding import Finding, Path, finding
from ocop_flow.domain.units import CENTRAL, TIERS, UnitTree, tier_rank

if TYPE_CHECKING:
    from datetime import date

    from ocop_flow.domain.units import Unit

Document = dict[str, Any]


def units_below(tree: UnitTree, issuer: Unit, tier: str, day: date) -> tuple[Unit, ...]:
    """Every unit of a tier that stands under the issuer on a day, in order of code."""
    if issuer == CENTRAL and tier == "province":
        return tuple(sorted((u for u in tree if u.tier == tier and u.valid_on(day)), key=_code))
    found = (u for u in tree if u.tier == tier and u.valid_on(day) and issuer in tree.ancestors(u, day))
    return tuple(sorted(found, key=_code))


def issuer_of(head: Document, day: date, first_year: int, last_year: int, tree: UnitTree) -> Unit | Finding:
    """The issuing unit, or why there is none: unknown, not there on the day of issue, or in none of the years."""
    path: Path = ("plan", "issuer")
    code = head["issuer"]
    issuer = tree.on(code, day)
    if issuer is None and not tree.lives(code):
        return finding(path, "plan_unit_unknown", unit=code)
    if issuer is None:
        return _not_valid(path, code, day, tree)
    begins, ends = issuer.valid_from, issuer.valid_to
    if (begins and begins.year > last_year) or (ends and ends.year < first_year):
        return finding(path, "plan_issuer_outside_years", unit=code, name=issuer.name, year=first_year)
    return issuer


def responsible_units(
    doc: Document, path: Path, issuer: Unit, day: date, tree: UnitTree
) -> tuple[tuple[Unit, ...], list[Finding], list[Finding]]:
    """The units of a milestone's ``responsible`` and ``each``, with the faults and the warnings found on the way."""
    said = doc.get("responsible")
    if isinstance(said, list):
        units, faults = _listed(said, (*path, "responsible"), issuer, day, tree)
        if "each" in doc:
            faults.append(finding((*path, "each"), "plan_each_with_codes"))
        return units, faults, []
    if not isinstance(said, str):
        return (), [], []
    if said not in TIERS:
        return (), [finding((*path, "responsible"), "plan_tier_unknown", tier=said, tiers=", ".join(TIERS))], []
    return _of_tier(said, doc.get("each"), path, issuer, day, tree)


def _of_tier(
    tier: str, each: bool | None, path: Path, issuer: Unit, day: date, tree: UnitTree
) -> tuple[tuple[Unit, ...], list[Finding], list[Finding]]:
    at = (*path, "responsible")
    if tier == issuer.tier and not each:
        return (issuer,), [], []
    if tier_rank(tier) >= tier_rank(issuer.tier):
        return (), [finding(at, "plan_tier_not_below", tier=tier, name=issuer.name, unit=issuer.code)], []
    units = units_below(tree, issuer, tier, day)
    if not units:
        fault = finding(at, "plan_tier_empty", tier=tier, name=issuer.name, unit=issuer.code, on=day.isoformat())
        return (), [fault], []
    # Without `each` a lower tier can only mean all its units; that is taken, and said.
    assumed = [] if each else [finding(at, "plan_each_assumed", tier=tier, count=len(units))]
    return units, [], assumed


def _listed(
    codes: list[str], path: Path, issuer: Unit, day: date, tree: UnitTree
) -> tuple[tuple[Unit, ...], list[Finding]]:
    units: dict[str, Unit] = {}
    faults: list[Finding] = []
    for index, code in enumerate(codes):
        at, unit = (*path, index), tree.on(code, day)
        if code in units:
            faults.append(finding(at, "plan_unit_twice", unit=code))
        elif unit is None and not tree.lives(code):
            faults.append(finding(at, "plan_unit_unknown", unit=code))
        elif unit is None:
            faults.append(_not_valid(at, code, day, tree))
        elif unit != issuer and issuer not in tree.ancestors(unit, day):
            faults.append(finding(at, "plan_unit_elsewhere", unit=code, name=unit.name, issuer=issuer.name))
        else:
            units[code] = unit
    return tuple(sorted(units.values(), key=_code)), faults


def _not_valid(path: Path, code: str, day: date, tree: UnitTree) -> Finding:
    life = tree.lives(code)[-1]
    period = f"{life.valid_from or '…'} – {life.valid_to or '…'}"
    return finding(path, "plan_unit_not_valid", unit=code, name=life.name, on=day.isoformat(), period=period)


def _code(unit: Unit) -> str:
    return unit.code
