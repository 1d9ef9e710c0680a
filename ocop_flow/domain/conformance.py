"""Whether what was done was lawful when it was done: every past act judged again by the rules of its own day.

A finding says what departs from which rule, and how certain that is: ``breach`` of a sourced rule, ``as_decided`` where
a signed decision overrode it and the record says so, ``doubtful`` where the rule itself is only derived, recalled or
unknown (DESIGN principles 9 and 10). The acts are taken as recorded; whether the record is whole is another question
(``domain.chain``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from ocop_flow.domain.conformance_acts import ACTS, Surroundings, of_decision
from ocop_flow.domain.decide import governing_law, judge
from ocop_flow.domain.doers import receiver
from ocop_flow.domain.dossier import Dossier
from ocop_flow.domain.dossier_fold import ENGINE_ACTIONS
from ocop_flow.domain.event import SYSTEM, Event
from ocop_flow.domain.facts import check_day
from ocop_flow.domain.machine import next_state
from ocop_flow.domain.period import last_valid_day
from ocop_flow.domain.read_back import command_of
from ocop_flow.errors import BINDING_MARKS, Reason, reason

if TYPE_CHECKING:
    from ocop_flow.domain.deadlines import Deadline
    from ocop_flow.domain.situation import Situation

Json = dict[str, Any]
#: Warnings of acts beside the moves that tell of a rule not kept (others tell how the points were read), and where.
_WARNED = {
    "entity_kind_not_allowed": ("open",),
    "re_rating_outside_window": ("open",),
    "regime_not_in_force": ("open",),
    "quorum_missed": ("close_sitting",),
    "spread_too_wide": ("close_sitting",),
    "transition_open": ("migrate",),
}
#: Warnings of a move whose paper is not what was recorded under its number.
_ANOTHER_PAPER = frozenset(
    {"decision_is_annulled", "decision_date_differs", "decision_lists_not", "decision_says_other"}
)
NOTHING_MORE = Surroundings()
MARKS = ("breach", "as_decided", "doubtful")


@dataclass(frozen=True, slots=True)
class Finding:
    """One departure; ``mark`` is one of MARKS, ``because`` carries the rule, its article and how it is sourced.

    dossier  whose history it stands in; code of a council, decision or declared certificate where ``kind`` says so
    """

    dossier: str
    seq: int
    action: str
    on: date
    mark: str
    because: Reason
    kind: str = "dossier"


def of_event(
    before: Dossier | None, event: Event, then: Situation, more: Surroundings = NOTHING_MORE
) -> tuple[Finding, ...]:
    """What was wrong with one act.

    before  the dossier as the events before this one make it; None for the opening
    then    the people, units and law of its day; ``now`` is the moment it was recorded
    more    what the act needs besides
    """
    if before is None:
        faults = [*check_day(event.occurred_on, then.today), *_received(event, then)]
    elif event.action in ENGINE_ACTIONS:
        faults = list(ACTS[event.action](before, event, then, more))
    else:
        faults = [*_move(before, event, then), *of_decision(before, event, more)]
    noted = [(("doubtful" if not item.binding else "breach"), item) for item in faults]
    noted += [("as_decided", item) for item in event.overridden]
    noted += [("doubtful", item) for item in event.warnings if _doubtful(event, item)]
    return tuple(
        Finding(event.subject, event.seq, event.action, event.occurred_on, mark, because) for mark, because in noted
    )


def _doubtful(event: Event, told: Reason) -> bool:
    """Whether a warning of the act tells of a rule that was not kept, or of a paper that says otherwise."""
    moved = event.action not in ENGINE_ACTIONS
    return event.action in _WARNED.get(told.code, ()) or (moved and told.code in _ANOTHER_PAPER)


def _received(event: Event, then: Situation) -> tuple[Reason, ...]:
    """Whether an officer of the commune, or of a tier that receives, opened the dossier (DESIGN section 5)."""
    return receiver(then.current.regime, event.occurred_on, then).faults


def _move(before: Dossier, event: Event, then: Situation) -> Iterator[Reason]:
    """A move of the regime: the step, the law, the people, the conditions, what it issued."""
    pinned = then.pinned.regime
    action = pinned.actions.get(event.action)
    wanted = next_state(then.pinned.table, before.state, event.action) if action is not None else None
    if action is None or wanted is None or event.from_state != before.state:
        yield reason(
            "step_not_in_law",
            action=event.action,
            state=pinned.named(before.state),
            regime=pinned.id,
            source=pinned.decision,
        )
        return
    system = event.actor.login == SYSTEM.login and event.actor.role == SYSTEM.role
    if system or action.kind == "system":
        if not (system and action.kind == "system"):
            yield reason("step_not_by_system", action=action.label, person=event.actor.name, source=action.source)
        if event.to_state != wanted:
            yield _other_step(event, wanted, pinned.decision)
        return
    law, _ = governing_law(before, action, then)
    if event.to_state != law.table[(before.state, event.action)]:
        yield _other_step(event, law.table[(before.state, event.action)], law.regime.decision)
    if event.workflow_hash != law.hash:
        yield reason(
            "law_of_another_day",
            regime=event.regime or "-",
            in_force=law.regime.id,
            day=event.occurred_on.isoformat(),
            source=law.regime.decision,
        )
    found = judge(before, command_of(event), event.data.get("fields", {}), then)
    yield from found.structural
    overridden = {item.code for item in event.overridden}
    yield from (item for item in found.failing if not item.binding or item.code not in overridden)
    if not found.who.faults:
        yield from _frozen(found.who.actor.role, found.who.actor.unit, event)
    yield from _issued(event, then)


def _other_step(event: Event, wanted: str, source: str) -> Reason:
    return reason("step_ends_elsewhere", action=event.action, found=event.to_state or "-", wanted=wanted, source=source)


def _frozen(role: str, unit: Any, event: Event) -> Iterator[Reason]:
    """The post written into the event is the one that the doer held."""
    written = event.actor
    if written.role != role or (written.unit and unit and written.unit.code != unit.code):
        yield reason("doer_differs", person=written.name, written=written.role, held=role)


def _issued(event: Event, then: Situation) -> Iterator[Reason]:
    """A certificate is valid for the regime's months from the decision's day, whatever was typed."""
    issued = event.data.get("certificate")
    if not issued:
        return
    rules = then.pinned.regime.certificate
    wanted = last_valid_day(date.fromisoformat(issued["issued_on"]), rules.months, rules.last_day).isoformat()
    if issued["valid_to"] != wanted:
        yield reason(
            "certificate_day_differs",
            number=issued["number"],
            found=issued["valid_to"],
            wanted=wanted,
            source=then.pinned.regime.decision,
        )


def of_deadlines(
    dossier: Dossier, events: Iterable[Event], then: Iterable[Deadline], now: Iterable[Deadline]
) -> tuple[Finding, ...]:
    """Duties done late, by the days off that were known when they were done.

    then, now  the same duties counted with the notices known on their day, and with those known today: late by one
               count only is doubtful
    """
    closing = {event.occurred_on: event for event in events}
    today = {duty.id: duty for duty in now}
    found = []
    for duty in then:
        counted = today.get(duty.id, duty)
        late, late_now = _late(duty), _late(counted)
        event = closing.get(duty.closed_on) if duty.closed_on else None
        if event is None or not (late or late_now):
            continue
        sure = late and late_now and duty.mark in BINDING_MARKS
        because = reason(
            "limit_exceeded",
            source=duty.source,
            mark=duty.mark,
            duty=duty.kind,
            due=duty.due_on.isoformat(),
            done=duty.closed_on.isoformat() if duty.closed_on else "-",
            days=_days_late(duty, counted),
        )
        mark = "breach" if sure else "doubtful"
        found.append(Finding(dossier.code, event.seq, event.action, event.occurred_on, mark, because))
    return tuple(found)


def _late(duty: Deadline) -> bool:
    return duty.outcome == "met" and duty.closed_on is not None and duty.closed_on > duty.due_on


def _days_late(duty: Deadline, counted: Deadline) -> int:
    last = duty if _late(duty) else counted
    return ((last.closed_on or last.due_on) - last.due_on) // timedelta(days=1)
