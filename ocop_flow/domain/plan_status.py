"""How a plan stands on a day: its milestones, unit by unit, its targets, and the duties that reminders follow.

An own task is met by ``plan done``. A task of the kind "all dossiers past state X" is met for a unit on the day its
last dossier went past, or by ``plan done`` if that was earlier; a unit without any dossier of the plan stays open until
``plan done`` says so, for nothing shows that no dossier will come.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from ocop_flow.domain.deadlines import Deadline
from ocop_flow.domain.dossier import day_text
from ocop_flow.domain.plan_facts import NO_FACTS, DossierFact, PlanFacts, passed_on, plan_dossiers
from ocop_flow.domain.plan_record import Move, assigned
from ocop_flow.domain.target_status import TargetStatus, target_json, target_status
from ocop_flow.domain.units import Unit, UnitTree

if TYPE_CHECKING:
    from ocop_flow.domain.due_date import DueDate
    from ocop_flow.domain.plan import Milestone, Plan
    from ocop_flow.domain.plan_record import PlanRecord

Document = dict[str, Any]
#: From the worst: a milestone has the first of these that any of its units has; cancelled only if all are.
_WORST_FIRST = ("late", "open", "met")


@dataclass(frozen=True, slots=True)
class UnitStatus:
    """One unit's part on a day.

    status           open, late, met or cancelled (the unit ended before its day and nobody stands in its place)
    late_days        days after the due day: until it was done, or so far; 0 if in time
    dossiers_behind  codes of the plan's dossiers of the unit that are not past the state
    heir             who stands in the place of a unit that has ended
    """

    unit: Unit
    status: str
    done_on: date | None
    late_days: int
    dossiers_behind: tuple[str, ...]
    heir: Unit | None = None


@dataclass(frozen=True, slots=True)
class OccurrenceStatus:
    """One day of a milestone."""

    due: DueDate
    status: str
    units: tuple[UnitStatus, ...]


@dataclass(frozen=True, slots=True)
class MilestoneStatus:
    """A milestone on a day; ``current`` is the oldest occurrence still owed, or the last one."""

    milestone: Milestone
    current: OccurrenceStatus
    occurrences: tuple[OccurrenceStatus, ...]
    moves: tuple[Move, ...]

    @property
    def status(self) -> str:
        return self.current.status


@dataclass(frozen=True, slots=True)
class PlanStatus:
    """A plan on a day; ``healthy`` is what ``plan status --check`` asks."""

    number: str
    on: date
    milestones: tuple[MilestoneStatus, ...]
    targets: tuple[TargetStatus, ...]

    @property
    def healthy(self) -> bool:
        """No milestone is late, and no target's day has passed without its being met."""
        missed = any(target.met is False and target.over for target in self.targets)
        return not missed and all(milestone.status != "late" for milestone in self.milestones)


class Duty(NamedTuple):
    """A row for the table of deadlines, and the unit that answers for it."""

    deadline: Deadline
    unit: Unit


def status(plan: Plan, record: PlanRecord, on: date, facts: PlanFacts, tree: UnitTree) -> PlanStatus:
    """How the plan stands at the end of a day; ``plan`` as ``plan_on`` gives it for that day."""
    milestones = _milestones(plan, record, on, facts, tree)
    targets = tuple(target_status(target, plan, facts, on, tree) for target in plan.targets)
    return PlanStatus(plan.number, on, milestones, targets)


def duties(plan: Plan, record: PlanRecord, on: date, tree: UnitTree, facts: PlanFacts = NO_FACTS) -> tuple[Duty, ...]:
    """One duty for each milestone, unit and (of a periodic one) occurrence, in that order.

    Its id is ``<plan>:<milestone>:<unit>``, with ``:<day>`` after it for a periodic duty.
    """
    found = _milestones(plan, record, on, facts, tree)
    return tuple(
        _duty(plan, milestone.milestone, occurrence.due, row)
        for milestone in found
        for occurrence in milestone.occurrences
        for row in occurrence.units
    )


def _milestones(
    plan: Plan, record: PlanRecord, on: date, facts: PlanFacts, tree: UnitTree
) -> tuple[MilestoneStatus, ...]:
    dossiers: dict[Unit, list[DossierFact]] = defaultdict(list)
    for fact in plan_dossiers(facts, plan.identity, on):
        for unit in fact.units:
            dossiers[unit].append(fact)
    return tuple(_milestone(milestone, record, on, dossiers, tree) for milestone in plan.milestones)


def _milestone(
    milestone: Milestone, record: PlanRecord, on: date, dossiers: Mapping[Unit, list[DossierFact]], tree: UnitTree
) -> MilestoneStatus:
    columns = [tuple(_unit(milestone, unit, record, on, dossiers.get(unit, []), tree)) for unit in milestone.units]
    rows = zip(*columns, strict=True)
    occurrences = tuple(
        OccurrenceStatus(due, _worst(units), units) for due, units in zip(milestone.occurrences, rows, strict=True)
    )
    owed = (occurrence for occurrence in occurrences if occurrence.status in ("open", "late"))
    return MilestoneStatus(milestone, next(owed, occurrences[-1]), occurrences, record.moved(milestone.id, on))


def _worst(units: tuple[UnitStatus, ...]) -> str:
    found = {row.status for row in units}
    return next((status for status in _WORST_FIRST if status in found), "cancelled")


def _unit(
    milestone: Milestone, unit: Unit, record: PlanRecord, on: date, dossiers: list[DossierFact], tree: UnitTree
) -> Iterator[UnitStatus]:
    """The unit's row for each occurrence."""
    days = assigned(milestone, record.done_by(milestone.id, unit.code, on))
    behind: tuple[str, ...] = ()
    passed: date | None = None
    if milestone.dossiers_past is not None:
        since = {fact.code: passed_on(fact, milestone.dossiers_past, on) for fact in dossiers}
        behind = tuple(sorted(code for code, day in since.items() if day is None))
        passed = max((day for day in since.values() if day), default=None) if not behind else None
    for due, done in zip(milestone.occurrences, days, strict=True):
        done_on = min((day for day in (done, passed) if day is not None), default=None)
        yield _row(unit, due, done_on, behind, on, tree)


def _row(
    unit: Unit, due: DueDate, done_on: date | None, behind: tuple[str, ...], on: date, tree: UnitTree
) -> UnitStatus:
    due_on = due.due_on or date.max
    ended = unit.valid_to is not None and unit.valid_to < on
    heir = tree.heir(unit, on) if ended else None
    if done_on is not None:
        return UnitStatus(unit, "met", done_on, max(0, (done_on - due_on).days), behind, heir)
    if ended and heir is None and unit.valid_to is not None and unit.valid_to < due_on:
        return UnitStatus(unit, "cancelled", None, 0, behind)
    late_days = max(0, (on - due_on).days)
    return UnitStatus(unit, "late" if late_days else "open", None, late_days, behind, heir)


def _duty(plan: Plan, milestone: Milestone, due: DueDate, row: UnitStatus) -> Duty:
    day = due.due_on or date.max
    subject = f"{plan.identity}:{milestone.id}"
    cancelled_on = row.unit.valid_to if row.status == "cancelled" else None
    deadline = Deadline(
        id=f"{subject}:{row.unit.code}" + (f":{day.isoformat()}" if milestone.periodic else ""),
        subject_kind="milestone",
        subject=subject,
        kind="milestone",
        rule=due.rule,
        source=plan.number,
        # What a plan orders needs no second witness: the signed plan is its source.
        mark="one_source",
        tier=row.unit.tier,
        start_on=plan.issued_on,
        due_on=day,
        provisional=due.provisional,
        stopped=(),
        stopped_since=None,
        closed_on=row.done_on or cancelled_on,
        outcome=row.status if row.status in ("met", "cancelled") else None,
        plan=plan.identity,
        steps=due.steps,
    )
    return Duty(deadline, row.heir or row.unit)


def status_json(found: PlanStatus) -> Document:
    """The contract's document of ``plan status``, with more."""
    return {
        "number": found.number,
        "on": found.on.isoformat(),
        "milestones": [_milestone_json(item) for item in found.milestones],
        "targets": [target_json(item) for item in found.targets],
    }


def _milestone_json(found: MilestoneStatus) -> Document:
    due, milestone = found.current.due, found.milestone
    return {
        "id": milestone.id,
        "title": milestone.title,
        "wording": milestone.wording,
        "due_on": day_text(due.due_on),
        "last_working_day": day_text(due.last_working_day),
        "provisional": due.provisional,
        "recurring": milestone.periodic,
        "status": found.status,
        "units": [_unit_json(row) for row in found.current.units],
        "occurrences": [{"due_on": day_text(item.due.due_on), "status": item.status} for item in found.occurrences],
        "moves": [
            {"wording": move.wording, "decision": move.decision, "reason": move.reason, "on": day_text(move.on)}
            for move in found.moves
        ],
    }


def _unit_json(row: UnitStatus) -> Document:
    return {
        "code": row.unit.code,
        "name": row.unit.name,
        "status": row.status,
        "done_on": day_text(row.done_on),
        "late_days": row.late_days,
        "dossiers_behind": list(row.dossiers_behind),
        "heir": {"code": row.heir.code, "name": row.heir.name} if row.heir else None,
    }
