"""Reads what figures are counted from: the views where nothing came later than the day, else the log up to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from ocop_flow.domain import canonical
from ocop_flow.domain.figures.chains import place, recognitions
from ocop_flow.domain.figures.facts import Case, Facts, Group, Period, Person, Recognition
from ocop_flow.domain.figures.place import Places
from ocop_flow.domain.units import CENTRAL, Unit
from ocop_flow.errors import NotFound, Text, reason
from ocop_flow.service import past
from ocop_flow.service.communes import communes_below

if TYPE_CHECKING:
    from ocop_flow.ports import UnitOfWork
    from ocop_flow.service.past import Stood

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Asked:
    """What a report is about.

    unit      code; None for the whole country
    period    its last day is the day on which everything is looked at
    units_of  the day whose map names and groups the units; None: the last day of the period, or the nearest on which
              the unit exists
    """

    unit: str | None
    period: Period
    units_of: date | None = None
    product_set: str | None = None
    regime: str | None = None


@dataclass(frozen=True, slots=True)
class Gathered:
    """The facts asked for.

    everything  recognitions of the unit whatever product set and regime are asked about
    stood       what all of it was counted from
    unplaced    dossiers and certificates that lie nowhere on the map asked for
    """

    asked: Asked
    unit: Unit
    places: Places
    facts: Facts
    everything: tuple[Recognition, ...]
    stood: Stood
    unplaced: int


def gather(uow: UnitOfWork, asked: Asked) -> Gathered:
    """The facts of a unit by the end of a day, in a handful of queries and one for each dossier that moved on since.

    raises  NotFound (unit)
    """
    code = asked.unit or CENTRAL.code
    near = None if code == CENTRAL.code else communes_below(uow, code)
    tree = uow.area(code, near or ())
    unit, day = _unit(code, tree.lives(code), asked)
    places, until = Places(tree, day), asked.period.until
    stood = past.stood(uow, near, until)
    dossiers = stood.dossiers
    found = recognitions(dossiers.values(), stood.declared.values(), places)
    cases = [Case(each, place(each, places)) for each in dossiers.values()]
    inside = tuple(each for each in found if unit in each.units)
    regimes = {each.code: each.regime for each in dossiers.values()}
    facts = Facts(
        period=asked.period,
        cases=tuple(
            case
            for case in cases
            if unit in case.units and _wanted(asked, case.dossier.product_set, case.dossier.regime)
        ),
        recognitions=tuple(
            each for each in inside if _wanted(asked, each.product_set, regimes.get(each.dossier or ""))
        ),
    )
    unplaced = sum(not case.units for case in cases) + sum(not each.units for each in found)
    return Gathered(asked, unit, places, facts, inside, stood, unplaced)


def _unit(code: str, lives: tuple[Unit, ...], asked: Asked) -> tuple[Unit, date]:
    """The unit that the code means on the map's day, and that day."""
    if not lives:
        raise NotFound(reason("unit_absent", unit=code))
    day = asked.units_of or asked.period.until
    fitting = [unit for unit in lives if unit.valid_on(day)]
    if fitting:
        return fitting[0], day
    if asked.units_of is not None:
        raise NotFound(reason("unit_not_valid", unit=code, on=day.isoformat()))
    nearest = min(lives, key=lambda unit: abs((unit.nearest_valid_day(day) - day).days))
    return nearest, nearest.nearest_valid_day(day)


def _wanted(asked: Asked, product_set: str | None, regime: str | None) -> bool:
    return asked.product_set in (None, product_set) and asked.regime in (None, regime)


# --- what only some reports ask for ---------------------------------------------------------------------------------


def with_groups(uow: UnitOfWork, facts: Facts) -> Facts:
    """With the names of the product sets, by the newest law that has criteria for them."""
    laws = sorted(uow.rows("law"), key=lambda row: (row["regime_from"], row["seq"]), reverse=True)
    groups: dict[str, Group] = {}
    for name in {each.product_set for each in facts.recognitions if each.product_set}:
        sets = (uow.criteria(row["hash"], name) for row in laws)
        known = next((found for found in sets if found is not None), None)
        if known is not None:
            groups[name] = Group(known.name, known.industry.name)
    return replace(facts, groups=groups)


def with_people(uow: UnitOfWork, facts: Facts) -> Facts:
    """With the kinds of entities, and what is recorded of their representatives and was not withheld."""
    rows = uow.query(
        "SELECT e.code AS code, e.kind AS kind, e.merged_into AS merged_into, s.value AS sex, "
        "g.value AS ethnic_group FROM entity e "
        "LEFT JOIN personal s ON s.digest = e.sex AND s.withheld IS NULL "
        "LEFT JOIN personal g ON g.digest = e.ethnic_group AND g.withheld IS NULL"
    )
    people = {row["code"]: Person(row["kind"], _value(row["sex"]), _value(row["ethnic_group"])) for row in rows}
    merged = {row["code"]: row["merged_into"] for row in rows if row["merged_into"]}
    return replace(facts, entities=people, merged=merged)


def _value(stored: str | None) -> str | None:
    return canonical.decode(stored) if stored else None


def with_states(uow: UnitOfWork, facts: Facts) -> Facts:
    """With the names of the states, as the laws of the dossiers call them."""
    hashes = sorted({case.dossier.workflow_hash for case in facts.cases})
    labels = {name: Text(**row["label"]) for digest in hashes for name, row in uow.outline(digest).states.items()}
    return replace(facts, states=labels)


def with_offices(uow: UnitOfWork, gathered: Gathered) -> Facts:
    """With the step of each state, and the office that held each dossier in it."""
    facts = gathered.facts
    hashes = {case.dossier.workflow_hash for case in facts.cases}
    by_law = {digest: uow.outline(digest).states for digest in sorted(hashes)}
    anywhere = {name: row for states in by_law.values() for name, row in states.items()}
    steps = {
        (digest, name): (row.get("step"), row.get("tier"))
        for digest, states in by_law.items()
        for name, row in {**anywhere, **states}.items()
    }
    cases = tuple(replace(case, waited_at=_offices(case, steps, gathered.places)) for case in facts.cases)
    return replace(facts, cases=cases, steps=steps)


def _offices(case: Case, steps: Mapping[tuple[str, str], Any], places: Places) -> dict[int, Unit]:
    dossier, tree = case.dossier, places.tree
    found = {}
    for visit in dossier.visits:
        _, tier = steps.get((dossier.workflow_hash, visit.state), (None, None))
        left = next((each for each in dossier.former if visit.on < each.until), None)
        code, first = (left.code, left.valid_from) if left else (dossier.commune, dossier.commune_from)
        commune = next((unit for unit in tree.lives(code) if unit.valid_from == first), None)
        office = tree.reach(commune, tier, visit.on) if commune and tier else None
        if office is not None:
            found[visit.seq] = office
    return found


def with_reasons(uow: UnitOfWork, facts: Facts) -> Facts:
    """With the reasons given for returns, read from the acts themselves."""
    wanted = {
        (case.dossier.code, visit.seq)
        for case in facts.cases
        for visit in case.dossier.visits
        if visit.kind == "return" and facts.period.holds(visit.on)
    }
    hashes = {case.dossier.workflow_hash for case in facts.cases}
    actions = {
        action["id"]
        for digest in hashes
        for action in (uow.document(digest) or {}).get("actions", ())
        if action["kind"] == "return"
    }
    found = {}
    for action in sorted(actions):
        sql = "SELECT subject, seq, body FROM event WHERE subject_kind = 'dossier' AND action = :action"
        for row in uow.query(sql, action=action):
            if (row["subject"], row["seq"]) in wanted:
                found[(row["subject"], row["seq"])] = canonical.decode(bytes(row["body"]))["reason"] or ""
    return replace(facts, reasons=found)
