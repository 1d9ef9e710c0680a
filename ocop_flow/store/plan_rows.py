"""View rows of plans: the plan itself, and its milestones in the table of deadlines.

A milestone of the kind "all dossiers past a state" hangs on dossiers too, so their moves come by here. Most change
nothing and stop at the comparison of before and after.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from ocop_flow.domain import dossier_json
from ocop_flow.domain.plan_facts import DossierFact, PlanFacts, fact_of, passed_on
from ocop_flow.domain.plan_record import PlanRecord, plan_on, replay_plan
from ocop_flow.domain.plan_status import duties
from ocop_flow.store.duty_rows import deadline_row

if TYPE_CHECKING:
    from ocop_flow.domain.dossier import Dossier
    from ocop_flow.domain.event import Event
    from ocop_flow.domain.plan import Milestone, Plan
    from ocop_flow.domain.units import Unit, UnitTree
    from ocop_flow.store.unit_of_work import SqlUnitOfWork

#: Viet Nam keeps UTC+7 all year.
_VIET_NAM = timedelta(hours=7)


def save_plan(uow: SqlUnitOfWork, event: Event) -> None:
    """The plan's row and all its deadlines after one more event of the plan."""
    record = replay_plan(uow.events("plan", event.subject))
    if record is None:
        return
    issuer, year, number = event.subject.split(":", 2)
    uow.put(
        "plan",
        id=event.subject,
        number=number,
        issuer=issuer,
        year=int(year),
        title=record.document["plan"].get("title", ""),
        issued_on=record.document["plan"]["issued_on"],
    )
    _save_all(uow, record, event.recorded_at)


def refresh(uow: SqlUnitOfWork, identity: str, at: datetime) -> None:
    """All deadlines of a plan anew; ``at`` is when the event was recorded that made it necessary."""
    record = replay_plan(uow.events("plan", identity))
    if record is not None:
        _save_all(uow, record, at)


def _save_all(uow: SqlUnitOfWork, record: PlanRecord, at: datetime) -> None:
    _hold(uow, record.identity)
    tree = uow.area(record.identity.partition(":")[0])
    plan = _plan(uow, record, tree)
    facts = PlanFacts(tuple(_facts(uow, plan, tree)))
    uow.remove("deadline", subject_kind="milestone", plan=record.identity)
    _save(uow, plan, record, _recorded_on(at), tree, facts)


def follow_dossier(uow: SqlUnitOfWork, before: Dossier | None, after: Dossier, at: datetime) -> None:
    """Bring the milestones that wait for a dossier up to date after one more event of it.

    before  the dossier until this event; None at its opening
    at      when the event was recorded
    """
    record = replay_plan(uow.events("plan", after.plan or ""))
    if record is None:
        return
    on = _recorded_on(at)
    states = {doc["dossiers_past"] for doc in record.document.get("milestones", ()) if "dossiers_past" in doc}
    if not states or (before is not None and not _differs(uow, before, after, states, on)):
        return
    if before is None and not _reopens(uow, record, after, states, on):
        return
    _hold(uow, record.identity)
    tree = uow.area(record.identity.partition(":")[0])
    plan = _plan(uow, record, tree)
    touched = [_fact(uow, each, tree) for each in (after, before) if each is not None]
    for milestone in plan.milestones:
        for unit in milestone.units if milestone.dossiers_past else ():
            if any(unit in fact.units for fact in touched):
                alone = replace(plan, milestones=(replace(milestone, units=(unit,)),))
                facts = PlanFacts(_deciding(uow, plan, milestone, unit, touched[0], tree, on))
                _save(uow, alone, record, on, tree, facts)


def _save(uow: SqlUnitOfWork, plan: Plan, record: PlanRecord, on: date, tree: UnitTree, facts: PlanFacts) -> None:
    for duty in duties(plan, record, on, tree, facts):
        uow.put("deadline", **deadline_row(duty.deadline, duty.unit))


def _plan(uow: SqlUnitOfWork, record: PlanRecord, tree: UnitTree) -> Plan:
    issuer = record.identity.partition(":")[0]
    issued_on = date.fromisoformat(record.document["plan"]["issued_on"])
    unit = tree.on(issuer, issued_on)
    above = tree.ancestors(unit, issued_on) if unit else ()
    return plan_on(record, tree, uow.calendar([issuer, *(each.code for each in above)]))


def _differs(uow: SqlUnitOfWork, before: Dossier, after: Dossier, states: set[str], on: date) -> bool:
    """Whether any milestone can see the difference: another area, or another day of passing a state."""
    if before.opened_in != after.opened_in:
        return True
    return any(_passed(uow, before, state, on) != _passed(uow, after, state, on) for state in states)


def _reopens(uow: SqlUnitOfWork, record: PlanRecord, opened: Dossier, states: set[str], on: date) -> bool:
    """Whether a dossier just opened can change a row: it is past a state at once, or some milestone was met before."""
    if any(_passed(uow, opened, state, on) is not None for state in states):
        return True
    waiting = [doc["id"] for doc in record.document["milestones"] if "dossiers_past" in doc]
    return any(uow.rows("deadline", subject=f"{record.identity}:{each}", outcome="met") for each in waiting)


def _passed(uow: SqlUnitOfWork, dossier: Dossier, state: str, on: date) -> date | None:
    order = tuple(uow.law(dossier.workflow_hash).regime.states)
    fact = DossierFact(
        dossier.code, dossier.plan, dossier.product, dossier.entity, (), dossier.visits, order, dossier.filed_on, None
    )
    return passed_on(fact, state, on)


def _deciding(
    uow: SqlUnitOfWork, plan: Plan, milestone: Milestone, unit: Unit, mine: DossierFact, tree: UnitTree, on: date
) -> tuple[DossierFact, ...]:
    """Enough dossiers to tell how the unit stands: one that is behind, or all of them."""
    state = milestone.dossiers_past or ""
    if unit in mine.units and passed_on(mine, state, on) is None:
        return (mine,)
    found = []
    for fact in _facts(uow, plan, tree, unit, state):
        if unit not in fact.units:
            continue
        if passed_on(fact, state, on) is None:
            return (fact,)
        found.append(fact)
    return tuple(found)


def _facts(
    uow: SqlUnitOfWork, plan: Plan, tree: UnitTree, unit: Unit | None = None, state: str = ""
) -> Iterator[DossierFact]:
    """The plan's dossiers, those first that are likely to be behind a state; only near a unit if one is given."""
    rows = uow.query(
        "SELECT code, opened_in, opened_on, fold FROM dossier WHERE plan = :plan "
        "ORDER BY CASE WHEN state = :state THEN 0 WHEN phase IN ('proposal', 'registration') THEN 1 "
        "WHEN phase = 'evaluation' THEN 2 ELSE 3 END, code",
        plan=plan.identity,
        state=state,
    )
    for row in rows:
        if unit is None or _near(row, unit, tree):
            yield _fact(uow, dossier_json.of_row(row["code"], row["fold"]), tree)


def _near(row: dict[str, Any], unit: Unit, tree: UnitTree) -> bool:
    """Whether some life of the commune it was opened in stands below the unit.

    That settles most without reading the dossier.
    """
    on = date.fromisoformat(row["opened_on"])
    lives = tree.lives(row["opened_in"])
    return any(unit == life or unit in tree.ancestors(life, life.nearest_valid_day(on)) for life in lives)


def _fact(uow: SqlUnitOfWork, dossier: Dossier, tree: UnitTree) -> DossierFact:
    return fact_of(dossier, tree, tuple(uow.law(dossier.workflow_hash).regime.states))


def _recorded_on(at: datetime) -> date:
    """The day of recording: what was known then decides, and a rebuild finds the same day in the log."""
    return (at + _VIET_NAM).date()


def _hold(uow: SqlUnitOfWork, identity: str) -> None:
    """Let no other writer judge the same plan meanwhile: of two last dossiers each would take the other as behind."""
    uow.hold("plan", id=identity)
