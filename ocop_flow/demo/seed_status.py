"""What a stored seed says on a day: figures, declared products, law and plans as they stood at its end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from ocop_flow.demo.seed_data import Seed
from ocop_flow.domain.plan_units import units_below
from ocop_flow.domain.report import Figure, Report, figure_json
from ocop_flow.domain.report_check import faults_of
from ocop_flow.domain.units import CENTRAL, Unit, UnitTree
from ocop_flow.errors import Reason
from ocop_flow.ports import UnitOfWork
from ocop_flow.service import reports
from ocop_flow.service.office import Office
from ocop_flow.service.plan_view import plan_status

Json = dict[str, Any]

#: Day of the great reorganisation: what became of a seed's unit is told for it.
_REORGANISED = date(2025, 7, 1)


@dataclass(frozen=True, slots=True)
class Found:
    """One seed on a day.

    place     the unit then, the province above it, and the unit in their place since 1 July 2025
    law       the regimes the seed speaks of: in force that day or not; star minima added to them by that day
    facts     printed figures; ``known`` is False for those of a later day
    declared  products declared by that day, by stars; None if the seed names none
    plans     status of its plans, each with shares of units below and figures reported on its targets
    later     plans that were issued after the day
    warnings  what does not follow from what, then what its plans warn of
    """

    seed: Seed
    on: date
    place: Json
    law: tuple[Json, ...]
    facts: tuple[Json, ...]
    declared: Json | None
    plans: tuple[Json, ...]
    later: tuple[str, ...]
    warnings: tuple[Reason, ...]


def found_on(
    uow: UnitOfWork,
    office: Office,
    seed: Seed,
    on: date,
    plans: list[str],
    recorded: list[str],
    plan_warnings: list[Reason],
) -> Found:
    """Read everything of one seed back from the database; ``plans`` and ``recorded`` are identities."""
    printed = [reports.known(uow, identity) for identity in recorded]
    issued = [identity for identity in plans if _issued_on(uow, identity) <= on]
    return Found(
        seed=seed,
        on=on,
        place=_place(uow, seed, on),
        law=tuple(_law(uow, seed, regime, on) for regime in seed.regimes),
        facts=tuple(fact for report in printed for fact in _facts(uow, report, on)),
        declared=_declared(uow, seed, on),
        plans=tuple(_plan(uow, office, identity, on) for identity in issued),
        later=tuple(identity for identity in plans if identity not in issued),
        warnings=(*_unfounded(printed, on), *(plan_warnings if issued else ())),
    )


def _unfounded(printed: list[Report], on: date) -> Iterator[Reason]:
    """What does not follow from what, of the figures known by the day."""
    for report in printed:
        by_id = {figure.id: figure for figure in report.figures}
        for figure in report.figures:
            if _as_of(report, figure) <= on:
                yield from faults_of(figure, by_id)


def _as_of(report: Report, figure: Figure) -> date:
    return figure.as_of or report.as_of


def _issued_on(uow: UnitOfWork, identity: str) -> date:
    return date.fromisoformat(uow.rows("plan", id=identity)[0]["issued_on"])


# --- where and by which law -------------------------------------------------------------------------------------------


def _place(uow: UnitOfWork, seed: Seed, on: date) -> Json:
    tree = uow.tree([seed.place])
    unit = tree.on(seed.place, on) or tree.latest(seed.place) or CENTRAL
    province = _province(tree, unit, on)
    since = tree.heir(province or unit, _REORGANISED)
    return {
        **_unit_json(unit),
        "province": _unit_json(province) if province else None,
        "since_2025_07_01": _unit_json(since) if since else None,
    }


def _province(tree: UnitTree, unit: Unit, on: date) -> Unit | None:
    above = (unit, *tree.ancestors(unit, unit.nearest_valid_day(on)))
    return next((each for each in above if each.tier == "province"), None)


def _law(uow: UnitOfWork, seed: Seed, regime: str, on: date) -> Json:
    tree = uow.tree([seed.place])
    unit = tree.latest(seed.place) or CENTRAL
    province = _province(tree, tree.on(seed.place, on) or unit, on)
    code = province.code if province else None
    in_force, asked = uow.law_on(on, code), uow.law_on(on, code, regime)
    if asked is None:
        return {"regime": regime, "title": None, "in_force": False, "overlap": False, "minima": []}
    known = asked.regime
    until, ended = known.overlap_until, known.effective_to
    return {
        "regime": regime,
        "title": known.title,
        "in_force": in_force is not None and in_force.regime.id == regime,
        "overlap": until is not None and ended is not None and ended < on <= until,
        # Decisions that added minima by then, as 781/QĐ-TTg did for dossiers already under way.
        "minima": _minima(uow, asked.hash, known.product_sets.ids, on),
    }


def _minima(uow: UnitOfWork, law: str, sets: frozenset[str] | None, on: date) -> list[str]:
    found = (uow.conditions(law, each, on) for each in sorted(sets or ())[:1])
    return sorted({condition.source.partition(",")[0] for conditions in found for condition in conditions})


# --- figures and declared products ------------------------------------------------------------------------------------


def _facts(uow: UnitOfWork, report: Report, on: date) -> Iterator[Json]:
    counts_units = any(figure.tier for figure in report.figures)
    area = uow.area(report.issuer["code"]) if counts_units else None
    for figure in report.figures:
        found = _fact(uow, report, figure, on)
        if figure.tier is not None and area is not None:
            found["units"] = _units(area, report, figure, figure.tier)
        yield found


def _fact(uow: UnitOfWork, report: Report, figure: Figure, on: date) -> Json:
    as_of = _as_of(report, figure)
    found = {**figure_json(figure), "as_of": as_of.isoformat(), "known": as_of <= on, "title": figure.title}
    if figure.reading is not None:
        found["reading"] = figure.reading
    if figure.assigned_by is not None:
        assigner = uow.tree([figure.assigned_by]).on(figure.assigned_by, as_of)
        found["assigned_by"] = _unit_json(assigner) if assigner else None
    return {**found, "report": report.identity, "source": report.source}


def _units(area: UnitTree, report: Report, figure: Figure, tier: str) -> Json:
    """How many units of the tier there were, and how many are not counted; none of them is named."""
    as_of = _as_of(report, figure)
    issuer = area.on(report.issuer["code"], as_of) or CENTRAL
    total = len(units_below(area, issuer, tier, as_of))
    return {"tier": tier, "total": total, "others": total - figure.value, "named": 0}


def _declared(uow: UnitOfWork, seed: Seed, on: date) -> Json | None:
    """What the unit had declared for a day no later than this one; stars below three have no certificate."""
    if seed.declared is None:
        return None
    rows = uow.query(
        "SELECT certificate.stars, certificate.unreconciled FROM certificate "
        "JOIN event ON event.subject = certificate.number AND event.subject_kind = 'certificate' AND event.seq = 1 "
        "WHERE certificate.issuer_code = :unit AND certificate.dossier IS NULL AND event.occurred_on <= :day",
        unit=seed.declared.unit,
        day=on.isoformat(),
    )
    stars = Counter(row["stars"] for row in rows)
    whole = sum(group.products for group in seed.declared.groups)
    rounds = Counter[tuple[int | None, int]]()
    for group in seed.declared.groups:
        if group.round is not None and group.by <= on:
            rounds[group.year, group.round] += group.products
    return {
        "products": len(rows),
        # Placeholders are shared out over all products: how many there were on an earlier day is not known.
        "establishments": seed.declared.establishments if len(rows) == whole else None,
        "stars": {str(rank): stars[rank] for rank in sorted(stars, reverse=True)},
        "rounds": [{"year": key[0], "round": key[1], "products": rounds[key]} for key in rounds],
        "unreconciled": sum(bool(row["unreconciled"]) for row in rows),
        "without_certificate": sum(count for rank, count in stars.items() if rank < 3),
    }


# --- plans ------------------------------------------------------------------------------------------------------------


def _plan(uow: UnitOfWork, office: Office, identity: str, on: date) -> Json:
    status: Json = plan_status(uow, office, identity, on)
    issuer = identity.partition(":")[0]
    issued_on = _issued_on(uow, identity)
    told = reports.listed(uow, issuer)
    return {
        **status,
        "targets": [
            {**target, "shares": _shares(target), "reported": _reported(target, told, issued_on, on)}
            for target in status["targets"]
        ],
    }


def _shares(target: Json) -> list[Json]:
    """What a target asks of all units of a tier together, beside what it asks of their issuer."""
    found = []
    for tier, wanted in target["target"].get("per", {}).items():
        count = len(target["units"])
        together = {key: count * value for key, value in wanted.items()}
        found.append({"tier": tier, "units": count, "each": wanted, "together": together})
    return found


def _reported(target: Json, told: list[Report], issued_on: date, on: date) -> Json | None:
    """The newest figure since the plan that its issuer reported of what the target counts: beside it, never added."""
    wanted = target["target"]
    same = [
        (_as_of(report, figure), figure)
        for report in told
        for figure in report.figures
        if figure.metric == target["metric"]
        and figure.standing == "reached"
        and figure.counting == wanted["count"]
        and set(figure.stars) == set(wanted.get("stars", ()))
        and issued_on < _as_of(report, figure) <= on
    ]
    if not same:
        return None
    as_of, figure = max(same, key=lambda pair: pair[0])
    least = wanted.get("at_least")
    firm = figure.qualifier in ("exact", "at_least")
    met = figure.value >= least if firm and least is not None else None
    return {"figure": figure.id, "title": figure.title, "value": figure.value, "as_of": as_of.isoformat(), "met": met}


def _unit_json(unit: Unit) -> Json:
    return {"code": unit.code, "name": unit.name, "tier": unit.tier}
