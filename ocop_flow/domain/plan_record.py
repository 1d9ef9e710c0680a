"""A plan's history: loaded, milestones done, milestones moved; ``replay_plan`` folds its events.

The stream is ("plan", identity), e.g. ("plan", "36:2020:27/KH-UBND"). Its events are ``plan_loaded``,
``milestone_done`` and ``milestone_moved`` (with a reason); the functions ``…_data`` give what stands in their ``data``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from functools import reduce
from typing import TYPE_CHECKING, Any

from ocop_flow.domain.plan_examination import Examined, examine, placed, plan_of
from ocop_flow.errors import InputInvalid, NotFound, Refused, Text, reason

if TYPE_CHECKING:
    from ocop_flow.domain.calendar import Calendar
    from ocop_flow.domain.event import Event
    from ocop_flow.domain.plan import Milestone, Plan
    from ocop_flow.domain.units import UnitTree

Document = dict[str, Any]
LOADED, DONE, MOVED = "plan_loaded", "milestone_done", "milestone_moved"


@dataclass(frozen=True, slots=True)
class Done:
    """A unit finished a milestone on a legal day; ``due_on`` names the occurrence of a periodic duty, else None."""

    milestone: str
    unit: str
    on: date
    due_on: date | None


@dataclass(frozen=True, slots=True)
class Move:
    """A decision gave a milestone another time on a legal day."""

    milestone: str
    wording: str
    decision: str
    reason: str
    on: date


@dataclass(frozen=True, slots=True)
class PlanRecord:
    """The fold of a plan's events; ``document`` is as it was loaded, ``done`` and ``moves`` stand in order of event."""

    identity: str
    version: int
    last_hash: str
    document: Document
    done: tuple[Done, ...] = ()
    moves: tuple[Move, ...] = ()

    def done_by(self, milestone: str, unit: str, on: date | None = None) -> tuple[Done, ...]:
        """What a unit reported for a milestone, up to a legal day, in order of event."""
        return tuple(
            done
            for done in self.done
            if (done.milestone, done.unit) == (milestone, unit) and (on is None or done.on <= on)
        )

    def moved(self, milestone: str, on: date | None = None) -> tuple[Move, ...]:
        """The moves of a milestone up to a legal day, in order of event."""
        return tuple(move for move in self.moves if move.milestone == milestone and (on is None or move.on <= on))


def loaded_data(document: Document) -> Document:
    return {"document": document}


def done_data(milestone: str, unit: str, due_on: date | None) -> Document:
    """``due_on`` as ``check_done`` returned it."""
    return {"milestone": milestone, "unit": unit, "due_on": due_on.isoformat() if due_on else None}


def moved_data(milestone: str, wording: str, decision: str) -> Document:
    return {"milestone": milestone, "wording": wording, "decision": decision}


def replay_plan(events: Iterable[Event]) -> PlanRecord | None:
    """The record that these events, in order of ``seq``, make; None without events."""
    return reduce(evolve_plan, events, None)


def evolve_plan(record: PlanRecord | None, event: Event) -> PlanRecord:
    """The record after one more event; total, without rules or clock."""
    if record is None:
        return PlanRecord(event.subject, event.seq, event.hash(), event.data["document"])
    data, on = event.data, event.occurred_on
    done, moves = record.done, record.moves
    if event.action == DONE:
        due_on = date.fromisoformat(data["due_on"]) if data.get("due_on") else None
        done = (*done, Done(data["milestone"], data["unit"], on, due_on))
    elif event.action == MOVED:
        moves = (*moves, Move(data["milestone"], data["wording"], data["decision"], event.reason or "", on))
    return replace(record, version=event.seq, last_hash=event.hash(), done=done, moves=moves)


def document_on(record: PlanRecord, on: date | None = None) -> Document:
    """The document with the moves made up to a legal day; with all of them if no day is given."""
    wordings = {move.milestone: move.wording for move in record.moves if on is None or move.on <= on}
    return _with_wordings(record.document, wordings)


def plan_on(record: PlanRecord, tree: UnitTree, calendar: Calendar, on: date | None = None) -> Plan:
    """The plan as it stood on a legal day, today's if no day is given."""
    return plan_of(document_on(record, on), tree, calendar)


def check_move(record: PlanRecord, milestone: str, wording: str, tree: UnitTree, calendar: Calendar) -> Examined:
    """The plan as it would stand after a move, with its warnings.

    raises  NotFound for an unknown milestone; InputInvalid for a wording that is not understood, and where the order
            between milestones would be broken (move the later one first)
    """
    document = document_on(record)
    if all(doc["id"] != milestone for doc in document.get("milestones", ())):
        raise NotFound(reason("plan_milestone_absent", milestone=milestone, plan=record.identity))
    moved = examine(_with_wordings(document, {milestone: wording}), tree, calendar)
    if moved.plan is None:
        where = Text(f"mốc {milestone}", f"milestone {milestone}")
        raise InputInvalid(*(placed(fault, where) for fault in moved.faults))
    return moved


def check_done(plan: Plan, record: PlanRecord, milestone: str, unit: str) -> date | None:
    """Whether a unit may report a milestone as done.

    returns  for a periodic duty the day of the occurrence that is done, the oldest still owed; else None
    raises   NotFound for an unknown milestone; Refused if the unit does not answer for it or has done it already
    """
    found = plan.milestone(milestone)
    if found is None:
        raise NotFound(reason("plan_milestone_absent", milestone=milestone, plan=record.identity))
    if all(responsible.code != unit for responsible in found.units):
        raise Refused(reason("plan_unit_not_responsible", milestone=milestone, unit=unit))
    days = assigned(found, record.done_by(milestone, unit))
    owed = [occurrence.due_on for occurrence, done in zip(found.occurrences, days, strict=True) if done is None]
    if not owed:
        last = max(done for done in days if done is not None)
        raise Refused(reason("plan_already_done", milestone=milestone, unit=unit, on=last.isoformat()))
    return owed[0] if found.periodic else None


def assigned(milestone: Milestone, done: Iterable[Done]) -> tuple[date | None, ...]:
    """For each occurrence the day on which it was done, or None.

    A report that names no occurrence, or one that a move has taken away, counts for the oldest one still owed.
    """
    due = [occurrence.due_on for occurrence in milestone.occurrences]
    days: list[date | None] = [None] * len(due)
    unnamed = []
    for item in done:
        if milestone.periodic and item.due_on in due and days[due.index(item.due_on)] is None:
            days[due.index(item.due_on)] = item.on
        else:
            unnamed.append(item.on)
    for on in unnamed:
        if None in days:
            days[days.index(None)] = on
    return tuple(days)


def _with_wordings(document: Document, wordings: dict[str, str]) -> Document:
    milestones = [{**doc, "due": wordings.get(doc["id"], doc["due"])} for doc in document.get("milestones", ())]
    return {**document, "milestones": milestones}
