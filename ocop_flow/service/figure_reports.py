"""Reports of figures: which tables each kind shows, counted from the facts of a unit at the end of a period."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from ocop_flow.domain.dossier import day_text
from ocop_flow.domain.figures import (
    duties,
    entities,
    kinds,
    phases,
    printed,
    products,
    promotion,
    renewal,
    returns,
    rollup,
    targets,
    times,
)
from ocop_flow.domain.figures.sheet import Sheet
from ocop_flow.domain.units import TIERS, Unit, approximation, tier_rank
from ocop_flow.errors import InputInvalid, Reason, reason
from ocop_flow.service import open_duties, plan_view, reports
from ocop_flow.service.figure_facts import (
    Asked,
    Gathered,
    gather,
    with_groups,
    with_offices,
    with_people,
    with_reasons,
    with_states,
)

if TYPE_CHECKING:
    from ocop_flow.domain.report import Report
    from ocop_flow.ports import UnitOfWork
    from ocop_flow.service.office import Office

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Figures:
    """A finished report.

    sheets    its tables, in order
    said      what it comes to, in sentences
    warnings  what a reader must know about it
    """

    kind: str
    gathered: Gathered
    sheets: tuple[Sheet, ...]
    said: tuple[Reason, ...]
    warnings: tuple[Reason, ...]

    def sheet(self, name: str) -> Sheet | None:
        return next((each for each in self.sheets if each.id == name), None)

    def to_json(self) -> Json:
        asked, unit = self.gathered.asked, self.gathered.unit
        return {
            "kind": self.kind,
            "unit": {"code": unit.code, "name": unit.name, "tier": unit.tier},
            "unit_from": day_text(unit.valid_from),
            "unit_to": day_text(unit.valid_to),
            "units_of": self.gathered.places.day.isoformat(),
            "from": day_text(asked.period.since),
            "to": asked.period.until.isoformat(),
            "product_set": asked.product_set,
            "regime": asked.regime,
            "sheets": [sheet.to_json() for sheet in self.sheets],
            "said": list(self.said),
            "warnings": list(self.warnings),
        }


@dataclass(frozen=True, slots=True)
class _Work:
    """One report being made. ``tier``: of the units that a roll-up names; None: the tier below the unit's own."""

    uow: UnitOfWork
    office: Office
    gathered: Gathered
    tier: str | None

    @property
    def asked(self) -> Asked:
        return self.gathered.asked


def _products(work: _Work) -> list[Sheet]:
    facts = with_groups(work.uow, work.gathered.facts)
    return [products.by_star(facts), products.by_group(facts), products.by_year(facts), _printed(work)]


def _entities(work: _Work) -> list[Sheet]:
    facts = with_people(work.uow, work.gathered.facts)
    return [entities.by_kind(facts), entities.by_sex(facts), entities.by_ethnic_group(facts)]


def _recognitions(work: _Work) -> list[Sheet]:
    return [kinds.by_kind(work.gathered.facts), products.by_year(work.gathered.facts)]


def _targets(work: _Work) -> list[Sheet]:
    """Of the plans of every unit that lies in the area, or lay there when it issued its plan."""
    until, since = work.asked.period.until, work.asked.period.since
    sql = "SELECT id, issuer, year, issued_on FROM plan WHERE issued_on <= :until ORDER BY issued_on, id"
    found = []
    for row in work.uow.query(sql, until=until.isoformat()):
        issuer = work.gathered.places.life(row["issuer"], date.fromisoformat(row["issued_on"]))
        if work.gathered.unit in work.gathered.places.of(issuer) and row["year"] >= (since.year if since else 0):
            plan = plan_view.plan_status(work.uow, work.office, row["id"], until, work.gathered.stood)
            found.append({**plan, "issued_by": issuer.name if issuer else row["issuer"]})
    return [targets.reached(found)]


def _renewal(work: _Work) -> list[Sheet]:
    return [renewal.within(work.gathered.facts), renewal.by_month(work.gathered.facts)]


def _time(work: _Work) -> list[Sheet]:
    return [times.by_office(with_offices(work.uow, work.gathered))]


def _returns(work: _Work) -> list[Sheet]:
    facts = with_states(work.uow, with_reasons(work.uow, work.gathered.facts))
    return [returns.by_cause(facts), returns.by_state(facts)]


def _promotion(work: _Work) -> list[Sheet]:
    return [promotion.by_kind(work.gathered.facts)]


def _phases(work: _Work) -> list[Sheet]:
    facts = with_states(work.uow, work.gathered.facts)
    return [phases.funnel(facts), phases.closed(facts)]


def _rollup(work: _Work) -> list[Sheet]:
    units = _below(work)
    reported = _reported(work, units)
    facts = work.gathered.facts
    return [rollup.by_unit(facts, units, reported), rollup.silent(facts, units, reported), _printed(work)]


def _deadlines(work: _Work) -> list[Sheet]:
    """Duties open at the end of the day asked about; a plan has no product set and binds whatever the regime is."""
    found = list(open_duties.of_subjects(work.uow, work.gathered))
    if work.asked.product_set is None and work.asked.regime is None:
        found += open_duties.of_plans(work.uow, work.gathered, work.office.today)
    return [duties.by_day(found)]


_KINDS: dict[str, Callable[[_Work], list[Sheet]]] = {
    "products": _products,
    "entities": _entities,
    "recognitions": _recognitions,
    "targets": _targets,
    "renewal": _renewal,
    "phases": _phases,
    "time": _time,
    "returns": _returns,
    "promotion": _promotion,
    "rollup": _rollup,
    "deadlines": _deadlines,
}
#: Everything that Chair and Ministry read, in one document.
SUMMARY = "summary"
_SUMMARY = (
    *("products", "recognitions", "entities", "targets", "phases"),
    *("time", "returns", "promotion", "renewal", "rollup"),
)
KINDS = (SUMMARY, *_KINDS)


def report(uow: UnitOfWork, office: Office, kind: str, asked: Asked, tier: str | None = None) -> Figures:
    """One report; ``kind`` is one of KINDS.

    raises  InputInvalid (a period that ends before it begins, a tier that is not below the unit's), NotFound (unit)
    """
    period = asked.period
    if period.since is not None and period.since > period.until:
        since, until = period.since.isoformat(), period.until.isoformat()
        raise InputInvalid(reason("period_crossed", since=since, until=until))
    gathered = gather(uow, asked)
    work = _Work(uow, office, gathered, tier)
    names = _SUMMARY if kind == SUMMARY else (kind,)
    sheets = {sheet.id: sheet for name in names for sheet in _KINDS[name](work)}
    kept = tuple(sheet for sheet in sheets.values() if sheet.rows or sheet.id not in _ONLY_WITH_ROWS)
    return Figures(kind, gathered, kept, _said(gathered, sheets), _warnings(gathered))


#: Tables that are left out where they are empty.
_ONLY_WITH_ROWS = frozenset({"printed_figures", "closed"})


def _printed(work: _Work) -> Sheet:
    """Figures of issuers in the area, or that the unit's place had before, by the end of the period."""
    period = work.asked.period
    known = {unit.code for unit in work.gathered.places.tree}
    listed = [
        each
        for each in reports.listed(work.uow)
        if each.as_of <= period.until and each.issuer["code"] in known and _concerns(work, each)
    ]
    return printed.beside(listed, work.gathered.everything)


def _concerns(work: _Work, each: Report) -> bool:
    places = work.gathered.places
    return work.gathered.unit in places.of(places.life(each.issuer["code"], each.as_of))


def _below(work: _Work) -> tuple[Unit, ...]:
    """The units of a tier below the unit on the map's day; by default of the next tier that has any."""
    places, unit = work.gathered.places, work.gathered.unit
    below = TIERS[: tier_rank(unit.tier)]
    if work.tier is not None and work.tier not in below:
        raise InputInvalid(reason("report_tier_not_below", tier=work.tier, known=", ".join(below) or "-"))
    inside = [each for each in places.tree if each != unit and each.valid_on(places.day) and unit in places.of(each)]
    for tier in (work.tier,) if work.tier else reversed(below):
        found = sorted((each for each in inside if each.tier == tier), key=lambda each: each.code)
        if found:
            return tuple(found)
    return ()


def _reported(work: _Work, units: tuple[Unit, ...]) -> dict[str, int | None]:
    """Code of each unit that handed in figures in the period -> products recognised in all, by the newest."""
    own = {unit.code for unit in units}
    found: dict[str, int | None] = {}
    for each in reports.listed(work.uow):
        figures = [
            figure.value
            for figure in each.figures
            if figure.metric == "recognised_products" and not figure.stars and figure.standing == "reached"
        ]
        if each.issuer["code"] in own and work.asked.period.holds(each.as_of):
            found[each.issuer["code"]] = figures[0] if figures else found.get(each.issuer["code"])
    return found


def _said(gathered: Gathered, sheets: dict[str, Sheet]) -> tuple[Reason, ...]:
    """The sentences of the narrative, each from the table that it speaks of."""
    unit, until = gathered.unit.name, gathered.asked.period.until.strftime("%d/%m/%Y")
    said: list[Reason] = []
    if (stars := sheets.get("products_by_star")) and stars.total:
        number = {row["stars"]: _number(row["in_force"]) for row in stars.rows}
        total = _number(stars.total["in_force"])
        said.append(
            reason(
                "said_products",
                unit=unit,
                day=until,
                total=total,
                stars_5=number[5],
                stars_4=number[4],
                stars_3=number[3],
            )
        )
    if (made := sheets.get("recognitions_by_kind")) and made.total:
        number = {row["kind"]: _number(row["total"]) for row in made.rows}
        said.append(
            reason(
                "said_recognitions",
                total=_number(made.total["total"]),
                new_product=number["new_product"],
                existing_product=number["existing_product"],
                upgrade=number["upgrade"],
                re_rating=number["re_rating"],
                declared=number["declared"],
            )
        )
    if (owners := sheets.get("entities_by_kind")) and owners.total:
        said.append(reason("said_entities", total=_number(owners.total["recognised_entities"])))
    return (*said, *_said_of_work(sheets))


def _said_of_work(sheets: dict[str, Sheet]) -> list[Reason]:
    """What ends, what came back, what is missing, who is silent."""
    ending = sheets["ending"].rows if "ending" in sheets else ()
    said = [reason("said_ending", months=_number(row["months"]), total=_number(row["total"])) for row in ending]
    if (back := sheets.get("returns_by_cause")) and back.total:
        total = back.total
        said.append(reason("said_returns", returns=_number(total["returns"]), dossiers=_number(total["dossiers"])))
    missed = [row for row in sheets["targets"].rows if row["missing"]] if "targets" in sheets else []
    said += [reason("said_missing", target=str(row["target"]), missing=_number(row["missing"])) for row in missed[:12]]
    if "did_not_report" in sheets and sheets["did_not_report"].rows:
        said.append(reason("said_silent", units=len(sheets["did_not_report"].rows)))
    return said


def _number(cell: Any) -> int:
    return cell if isinstance(cell, int) else 0


def _warnings(gathered: Gathered) -> tuple[Reason, ...]:
    found = []
    unit, day = gathered.unit, gathered.places.day
    if gathered.asked.units_of is None and day != gathered.asked.period.until:
        found.append(reason("report_map_moved", name=unit.name, unit=unit.code, day=day.isoformat()))
    doubt = approximation(unit, day)
    found += [doubt] if doubt else []
    if gathered.unplaced:
        found.append(reason("report_unplaced", count=gathered.unplaced, day=day.isoformat()))
    return tuple(found)
