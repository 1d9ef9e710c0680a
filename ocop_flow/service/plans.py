"""Plans as commands: load a file, report a milestone as done, move one by a decision."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from ocop_flow.domain import codes
from ocop_flow.domain.commands import Act
from ocop_flow.domain.doers import Who, in_post
from ocop_flow.domain.facts import check_day, reason_faults
from ocop_flow.domain.plan import Milestone, Plan, milestone_json
from ocop_flow.domain.plan_examination import Examined, placed
from ocop_flow.domain.plan_record import (
    DONE,
    LOADED,
    MOVED,
    check_done,
    check_move,
    done_data,
    loaded_data,
    moved_data,
    plan_on,
)
from ocop_flow.domain.record import stream_event
from ocop_flow.domain.situation import Desk
from ocop_flow.domain.units import Unit, UnitTree
from ocop_flow.errors import InputInvalid, NotFound, Reason, Refused, Text, reason
from ocop_flow.ports import UnitOfWork
from ocop_flow.service.desk import desk
from ocop_flow.service.office import Caller, Office
from ocop_flow.service.plan_identity import identify
from ocop_flow.service.plan_view import calendar_of, known

__all__ = ["Done", "Load", "Move", "done", "identify", "load", "move"]

Json = dict[str, Any]

#: Who loads and moves a unit's plans, and reports its tasks as done (DESIGN section 5).
_KEEPERS = ("officer", "leader", "council_secretary")
#: How many units are named where one has to be chosen.
_SHOWN = 30


@dataclass(frozen=True, slots=True)
class Load:
    """``digest`` is the SHA-256 of the file's bytes: what a repeated key is compared by."""

    digest: str
    act: Act = field(default_factory=Act)


@dataclass(frozen=True, slots=True)
class Done:
    """``unit`` None: the caller's own among the responsible ones."""

    plan: str
    milestone: str
    unit: str | None = None
    act: Act = field(default_factory=Act)


@dataclass(frozen=True, slots=True)
class Move:
    """``decision`` is the number of the document that gives the milestone another time."""

    plan: str
    milestone: str
    wording: str
    decision: str
    act: Act = field(default_factory=Act)


def load(uow: UnitOfWork, office: Office, caller: Caller, command: Load, content: bytes, name: str) -> Json:
    """Record a plan from its file.

    name    of the file, for the places of faults and warnings
    raises  InputInvalid with every fault of the file by line, the number already used among them; Refused
    """
    from ocop_flow import planfile

    issuer, others = planfile.units_named(content, name)
    tree = uow.area(issuer, others) if issuer else uow.tree(others)
    taken = {row["id"] for row in uow.rows("plan")}
    lives = tree.lives(issuer) if issuer else ()
    above = {unit.code for life in lives for unit in tree.ancestors(life, life.nearest_valid_day(office.today))}
    calendar = uow.calendar([issuer, *sorted(above)] if issuer else [])
    loaded = planfile.load_plan(content, name, tree, calendar, _states(uow), taken=taken)
    plan, act = loaded.plan, command.act
    base = desk(uow, office, caller, act, tree)
    on = act.on or base.today
    who = _in_seat(plan.issuer, on, base)
    _refuse(*check_day(on, base.today), *_issued(plan, on), *who.faults)
    data = loaded_data(loaded.document)
    subject = ("plan", plan.identity)
    uow.append(stream_event(base, subject, None, LOADED, who, act, data, warnings=loaded.warnings))
    return {
        "number": plan.number,
        "identity": plan.identity,
        "issuer": _unit_json(plan.issuer),
        "issued_on": plan.issued_on.isoformat(),
        "milestones": [milestone_json(milestone) for milestone in plan.milestones],
        "targets": loaded.document.get("targets", []),
        "warnings": list(loaded.warnings),
    }


def done(uow: UnitOfWork, office: Office, caller: Caller, command: Done) -> Json:
    """Report a milestone as done by one of its units, by someone of that unit or of the issuer.

    raises  NotFound (plan, milestone, unit), InputInvalid (which of several units is not said), Refused
    """
    record = known(uow, command.plan)
    tree = uow.area(record.identity.partition(":")[0])
    plan = plan_on(record, tree, calendar_of(uow, record, tree))
    milestone = _milestone(plan, command.milestone)
    act = command.act
    base = desk(uow, office, caller, act, tree)
    on = act.on or base.today
    unit = _asked_unit(uow, plan, milestone, command.unit, on, base)
    due_on = check_done(plan, record, milestone.id, unit.code)
    who = _reporter(plan, unit, on, base)
    _refuse(*check_day(on, base.today), *who.faults)
    data = done_data(milestone.id, unit.code, due_on)
    subject = ("plan", record.identity)
    event = stream_event(base, subject, uow.head(*subject), DONE, who, act, data)
    uow.append(event)
    due = due_on or milestone.due.due_on or on
    return {
        "number": plan.number,
        "identity": record.identity,
        "milestone": milestone.id,
        "unit": _unit_json(unit),
        "due_on": due.isoformat(),
        "done_on": on.isoformat(),
        "late_days": max(0, (on - due).days),
        "version": event.seq,
    }


def move(uow: UnitOfWork, office: Office, caller: Caller, command: Move) -> Json:
    """Give a milestone another time by a numbered decision, with its reason.

    raises  NotFound (plan, milestone), InputInvalid (wording, order between milestones, decision, reason), Refused
    """
    act = command.act
    decision = codes.document_number(command.decision)
    missing = reason_faults(True, act.reason)
    if missing:
        # As the decision, it is part of the command (DESIGN section 7): without it the usage is wrong.
        raise InputInvalid(*missing)
    record = known(uow, command.plan)
    tree = uow.area(record.identity.partition(":")[0])
    calendar = calendar_of(uow, record, tree)
    before = _milestone(plan_on(record, tree, calendar), command.milestone)
    examined = check_move(record, before.id, command.wording, tree, calendar)
    plan = examined.plan or plan_on(record, tree, calendar)
    base = desk(uow, office, caller, act, tree)
    on = act.on or base.today
    who = _in_seat(plan.issuer, on, base)
    _refuse(*check_day(on, base.today), *_issued(plan, on), *who.faults)
    after = _milestone(plan, before.id)
    warnings = _about(examined, plan, after)
    data = moved_data(after.id, after.wording, decision)
    subject = ("plan", record.identity)
    event = stream_event(base, subject, uow.head(*subject), MOVED, who, act, data, warnings=warnings)
    uow.append(event)
    return {
        "number": plan.number,
        "identity": record.identity,
        "milestone": after.id,
        "wording": after.wording,
        "due_on": str(after.due.due_on),
        "due_before": str(before.due.due_on),
        "decision": decision,
        "version": event.seq,
        "warnings": list(warnings),
    }


def _states(uow: UnitOfWork) -> Mapping[str, frozenset[str]]:
    """Regime -> ids of its states, in the nation's form or any province's."""
    found: dict[str, frozenset[str]] = {}
    for row in uow.rows("law"):
        found[row["regime"]] = found.get(row["regime"], frozenset()) | set(uow.law(row["hash"]).regime.states)
    return found


def _milestone(plan: Plan, milestone: str) -> Milestone:
    found = plan.milestone(milestone)
    if found is None:
        raise NotFound(reason("plan_milestone_absent", milestone=milestone, plan=plan.identity))
    return found


def _issued(plan: Plan, on: date) -> tuple[Reason, ...]:
    """Nothing is done under a plan as its issuer before it was issued."""
    if plan.issued_on <= on:
        return ()
    days = {"issued_on": plan.issued_on.isoformat(), "day": on.isoformat()}
    return (reason("plan_issued_later", plan=plan.number, **days),)


def _asked_unit(uow: UnitOfWork, plan: Plan, milestone: Milestone, typed: str | None, on: date, base: Desk) -> Unit:
    """The responsible unit that is meant: named by its own code or its heir's, or the actor's own."""
    if typed is not None:
        named = [unit for unit in milestone.units if typed in _codes(base.tree, unit, on)]
        if named:
            return named[0]
        if not uow.tree([typed]).lives(typed):
            raise NotFound(reason("unit_absent", unit=typed))
        raise Refused(reason("plan_unit_not_responsible", milestone=milestone.id, unit=typed))
    if len(milestone.units) == 1:
        return milestone.units[0]
    own = [unit for unit in milestone.units if not isinstance(_post(unit, on, base), Reason)]
    if len(own) == 1:
        return own[0]
    if not own:
        _refuse(*_in_seat(plan.issuer, on, base).faults)
    shown = ", ".join(unit.code for unit in (own or milestone.units)[:_SHOWN])
    raise InputInvalid(
        reason("plan_unit_needed", milestone=milestone.id, count=len(own or milestone.units), units=shown)
    )


def _codes(tree: UnitTree, unit: Unit, on: date) -> set[str]:
    heir = tree.heir(unit, on)
    return {unit.code, heir.code} if heir else {unit.code}


def _post(unit: Unit, on: date, base: Desk) -> Reason | None:
    """Why the actor does not speak for a unit; None if they do."""
    faults = _in_seat(unit, on, base).faults
    return faults[0] if faults else None


def _reporter(plan: Plan, unit: Unit, on: date, base: Desk) -> Who:
    """Someone of the responsible unit, else of the issuer."""
    own = _in_seat(unit, on, base)
    issuing = _in_seat(plan.issuer, on, base) if own.faults and unit != plan.issuer else own
    return own if issuing.faults else issuing


def _in_seat(unit: Unit, on: date, base: Desk) -> Who:
    """The actor in a post at the unit, or at the unit that stands in its place on that day."""
    seat = base.tree.heir(unit, on)
    who = in_post(_KEEPERS, seat or unit, on, base)
    if seat is not None:
        return who
    return Who(who.actor, who.recorder, unit, (reason("unit_not_valid", unit=unit.code, on=on.isoformat()),))


def _refuse(*faults: Reason) -> None:
    if faults:
        raise Refused(*faults)


def _about(examined: Examined, plan: Plan, milestone: Milestone) -> tuple[Reason, ...]:
    """The warnings that speak of one milestone."""
    index = plan.milestones.index(milestone)
    where = Text(f"mốc {milestone.id}", f"milestone {milestone.id}")
    return tuple(placed(item, where) for item in examined.warnings if item.path[:2] == ("milestones", index))


def _unit_json(unit: Unit) -> Json:
    return {"code": unit.code, "name": unit.name, "tier": unit.tier}
