"""Acts on councils, decisions and declared certificates judged again by the rules of their own day (DESIGN section 5).

A dossier's acts are judged by ``conformance``; these streams have no machine and no pinned law. What they share: the
doer held a post at a unit that the act belongs to, the day was not still to come, and a paper that is named was signed
by somebody who might.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from ocop_flow.domain import council_rules, revocation
from ocop_flow.domain.authority import acting_post
from ocop_flow.domain.council import SEAT_ROLES, Council, Sitting
from ocop_flow.domain.decision import ANNULLED, KINDS, MOVING, RECORDED, Decision, identity
from ocop_flow.domain.doers import in_post, signature
from ocop_flow.domain.event import SYSTEM, Event
from ocop_flow.domain.facts import check_day, reason_faults
from ocop_flow.domain.read_back import act_of
from ocop_flow.errors import InputInvalid, Reason, reason

if TYPE_CHECKING:
    from ocop_flow.domain.dossier import Dossier
    from ocop_flow.domain.regime import Regime
    from ocop_flow.domain.registry import DeclaredCertificate
    from ocop_flow.domain.situation import Desk, Law
    from ocop_flow.domain.units import Unit

#: Who keeps the papers of a unit's councils and decisions (DESIGN section 5).
KEEPERS = ("officer", "leader", "council_secretary")
#: Who declares recognitions from before these records, and who records what stands beside them.
DECLARERS, WORKERS = ("officer", "leader"), ("officer", "leader", "council_secretary", "advisory_team")
_LEADER = ("leader",)
#: Who signs for a unit or its council in person; by order or authorisation any post may.
_SIGNERS = ("leader", "council_chair", "council_vice_chair")
#: Warnings of these acts that tell of a rule not kept, or of a paper that says otherwise.
_WARNED = frozenset(
    {"decision_star_differs", "decision_name_differs", "decision_entity_differs", "decision_by_unrecorded"}
)


def noted(event: Event, faults: Sequence[Reason]) -> Iterator[tuple[str, Reason]]:
    """(mark, because) of each fault, and of what the act itself says was not kept."""
    yield from (("breach" if item.binding else "doubtful", item) for item in faults)
    yield from (("as_decided", item) for item in event.overridden)
    yield from (("doubtful", item) for item in event.warnings if item.code in _WARNED)


def _posted(event: Event, roles: tuple[str, ...], units: Sequence[Unit], then: Desk) -> Iterator[Reason]:
    """One of ``roles``, held that day at one of ``units``, that of the record; never on a day still to come."""
    on, written = event.occurred_on, event.actor.unit
    yield from check_day(on, then.today)
    unit = next((each for each in units if written and each.code == written.code), None)
    if unit is None:
        first = units[0] if units else None
        yield reason(
            "role_missing",
            person=event.actor.login or event.actor.name,
            roles=", ".join(roles),
            unit=first.name if first else "-",
            code=first.code if first else "-",
            day=on.isoformat(),
        )
        return
    who = in_post(roles, unit, on, then)
    yield from who.faults
    if not who.faults and event.actor.role not in {post.role for post in then.actor.posts if post.held_at(unit, on)}:
        yield reason("doer_differs", person=event.actor.name, written=event.actor.role, held=who.actor.role)


def _by_system(event: Event) -> bool:
    return event.actor.login == SYSTEM.login and event.actor.role == SYSTEM.role


# --- councils ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Called:
    """A dossier before a sitting, in each state that it may have had in that second, and its law."""

    code: str
    states: frozenset[str]
    kind: str
    regime: Regime


def of_council(
    before: Council | None, event: Event, then: Desk, unit: Unit | None, called: Sequence[Called]
) -> tuple[Reason, ...]:
    """What was wrong with one act on a council; ``unit``: that whose council it is, in the life that founded it."""
    units = [unit] if unit else []
    if before is None:
        faults = [*_posted(event, KEEPERS, units, then)]
        return (*faults, *([] if event.data["decision"] else [reason("paper_missing", action=event.action)]))
    own = event.action == "declare_interest" and event.actor.login == event.data["person"]["login"]
    roles = (*KEEPERS, *SEAT_ROLES) if own else KEEPERS
    return (*_posted(event, roles, units, then), *_COUNCIL[event.action](before, event, called))


def _seated(before: Council, event: Event, _called: Sequence[Called]) -> Iterator[Reason]:
    """A known seat; it passes on from a member; a substitute stands in for a member, by a numbered authorisation."""
    data = event.data
    if data.get("instead_of") and before.seat(data["instead_of"]["login"]) is None:
        yield reason("not_seated", person=data["instead_of"]["login"], council=before.code)
    if data["role"] not in SEAT_ROLES:
        yield reason("role_unknown", role=data["role"], known=", ".join(SEAT_ROLES))
    if not data.get("stands_for"):
        return
    principal = before.seat(data["stands_for"])
    if principal is None or principal.stands_for is not None:
        yield reason("not_seated", person=data["stands_for"], council=before.code)
    if not data.get("decision"):
        yield reason("authorisation_missing", person=data["person"]["login"], member=data["stands_for"])


def _convened(before: Council, event: Event, called: Sequence[Called]) -> Iterator[Reason]:
    """Seated members, each in one seat, before dossiers that wait for this council; its rules judged again."""
    data = event.data
    sitting = Sitting(
        data["sitting"], event.occurred_on, tuple(data["present"]), tuple(data["dossiers"]), data["manner"]
    )
    for handle in sitting.present:
        if before.seat(handle) is None:
            yield reason("not_seated", person=handle, council=before.code)
    seats = before.seated(sitting)
    for seat in seats:
        if seat.stands_for is not None and not seat.held_on(sitting.on):
            yield reason(
                "authorisation_not_valid", person=seat.name, decision=seat.decision, day=sitting.on.isoformat()
            )
    for handle, times in Counter(seat.seat for seat in seats).items():
        if times > 1:
            yield reason("seat_taken_twice", person=handle)
    if not sitting.present:
        yield reason("nobody_present", council=before.code)
    wanted = f"evaluation.{before.unit.tier}_council"
    for each in called:
        if wanted not in each.states:
            yield reason("not_before_council", dossier=each.code, state=", ".join(sorted(each.states)), wanted=wanted)


def misses(before: Council, event: Event, called: Sequence[Called]) -> Iterator[Reason]:
    """What a sitting missed of the rules on manner, ground and attendance: told then, and doubtful now."""
    data, found = event.data, set[str]()
    sitting = Sitting(
        data["sitting"], event.occurred_on, tuple(data["present"]), tuple(data["dossiers"]), data["manner"]
    )
    for number, each in enumerate(called):
        told = [*council_rules.manner(before, sitting, each.regime, each.kind)]
        told += council_rules.ground(before, sitting, each.regime, each.kind, event.reason)
        told += council_rules.in_time(before, sitting) if number == 0 else ()
        told += council_rules.attendance(before, sitting, each.regime) if number == 0 else ()
        for item in told:
            if item.code not in found:
                found.add(item.code)
                yield item


def _interested(before: Council, event: Event, _called: Sequence[Called]) -> Iterator[Reason]:
    yield from reason_faults(True, event.reason)
    if before.seat(event.data["person"]["login"]) is None:
        yield reason("not_seated", person=event.data["person"]["login"], council=before.code)


def _scored_again(before: Council, event: Event, _called: Sequence[Called]) -> Iterator[Reason]:
    yield from reason_faults(True, event.reason)
    sitting = before.sitting(event.data["sitting"])
    if sitting is None:
        yield reason("sitting_absent", sitting=event.data["sitting"])
    elif event.data["dossier"] not in sitting.dossiers:
        yield reason("not_in_sitting", dossier=event.data["dossier"], sitting=sitting.code)


_COUNCIL: Mapping[str, Callable[[Council, Event, Sequence[Called]], Iterator[Reason]]] = {
    "seat": _seated,
    "convene": _convened,
    "declare_interest": _interested,
    "score_again": _scored_again,
}


# --- decisions --------------------------------------------------------------------------------------------------------


def of_decision(
    before: Decision | None, event: Event, then: Desk, units: Sequence[Unit], moved: Mapping[str, Event | None]
) -> tuple[Reason, ...]:
    """What was wrong with recording, correcting or annulling a decision.

    units  the issuer on the day of the decision; for a change what stands in its place, and the units above
    moved  dossier -> its event that the decision's line names, None where the log has none
    """
    faults = [*_posted(event, KEEPERS, units, then)]
    if before is None or event.action == RECORDED:
        return (*faults, *_recorded(event, then, units), *_lines(event, moved))
    faults += reason_faults(True, event.reason)
    if event.occurred_on < before.decided_on:
        day, decided = event.occurred_on.isoformat(), before.decided_on.isoformat()
        faults.append(reason("decision_not_yet", day=day, decided_on=decided))
    if before.void or (event.action != ANNULLED and before.status == "annulled"):
        faults.append(reason("decision_annulled_before", decision=before.identity))
    return tuple(faults)


def _recorded(event: Event, then: Desk, units: Sequence[Unit]) -> Iterator[Reason]:
    """The signer's post at the issuer, the number, and an identity made of issuer, year and number."""
    data, signer = event.data, event.signer
    wanted = identity(data["issuer"]["code"], event.occurred_on.year, data["number"])
    if event.subject != wanted:
        yield reason("decision_identity_differs", found=event.subject, wanted=wanted)
    if data["kind"] not in KINDS:
        yield reason("decision_kind_unknown", kind=data["kind"], known=", ".join(KINDS))
    elif (data["kind"] in MOVING) != bool(data["lines"]):
        yield reason("decision_list_unused" if data["lines"] else "decision_list_missing", kind=data["kind"])
    if signer is None or signer.number != data["number"]:
        yield reason("paper_missing", action=event.action)
        return
    if not units:
        return
    roles = _SIGNERS if signer.capacity in (None, "TM") else (*_SIGNERS, "officer")
    post = acting_post(then.signer or then.actor, roles, units[0], signer.date)
    if isinstance(post, Reason):
        yield post


def _lines(event: Event, moved: Mapping[str, Event | None]) -> Iterator[Reason]:
    """Each line was carried out by the dossier's event that it names, under the decision's number."""
    for line in event.data["lines"]:
        act = moved.get(line["dossier"])
        carried = act is not None and act.signer is not None and act.signer.number == event.data["number"]
        if act is None or not carried or act.action != line["action"]:
            found = f"{act.action}, {act.signer.number if act.signer else '-'}" if act else "-"
            yield reason(
                "decision_line_unlike", dossier=line["dossier"], seq=line["seq"], wanted=line["action"], found=found
            )


# --- declared certificates --------------------------------------------------------------------------------------------


def of_certificate(
    before: DeclaredCertificate | None,
    event: Event,
    then: Desk,
    *,
    declaring: Sequence[Unit],
    answering: Unit | None,
    around: Sequence[Unit],
    law: Law | None,
) -> tuple[Reason, ...]:
    """What was wrong with one act on a certificate from before these records.

    declaring  units whose officers may declare it; empty where neither issuer nor commune is known
    answering  the unit that acts for it on the day
    around     units at which what stands beside it is recorded
    law        in force on the day where the act was done
    """
    if _by_system(event):
        return () if event.action in ("replace", "restore") else (_not_by_system(event),)
    if before is None and event.action == "declare":
        return (*_posted(event, DECLARERS, declaring or _own(event, then), then), *_declared(event, then))
    if event.action == "complete" or (event.action == "replace" and event.signer is None):
        return tuple(_posted(event, DECLARERS, declaring or _own(event, then), then))
    if event.action == "revoke" and before is not None:
        return tuple(_revoked(before, event, then, answering, law))
    if event.action in ("reissue", "correct", "transfer", "replace"):
        return (*_posted(event, _LEADER, [answering] if answering else [], then), *_signed(event, then, answering))
    return tuple(_posted(event, WORKERS, around, then))


def _not_by_system(event: Event) -> Reason:
    return reason("step_not_by_system", action=event.action, person=event.actor.name)


def _own(event: Event, then: Desk) -> list[Unit]:
    """Where no issuer is known, any unit: that of the record."""
    unit = then.tree.on(event.actor.unit.code, event.occurred_on) if event.actor.unit else None
    return [unit] if unit else []


def _declared(event: Event, then: Desk) -> Iterator[Reason]:
    """Stars that there are, a period that runs forward, nothing issued on a day still to come."""
    data = event.data
    if not 1 <= data["stars"] <= 5:
        yield reason("stars_unreadable", stars=data["stars"])
    if data["issued_on"]:
        yield from check_day(date.fromisoformat(data["issued_on"]), then.today)
        if data["valid_to"] and data["valid_to"] < data["issued_on"]:
            yield reason("period_crossed", since=data["issued_on"], until=data["valid_to"])


def _signed(event: Event, then: Desk, unit: Unit | None) -> Iterator[Reason]:
    """By a numbered paper that a leader of the unit signed, or another by order."""
    if event.signer is None:
        yield reason("paper_missing", action=event.action)
    elif unit is not None:
        on = event.occurred_on
        yield from signature(_LEADER, act_of(event), on, in_post(_LEADER, unit, on, then), then)[1]


def _revoked(
    before: DeclaredCertificate, event: Event, then: Desk, unit: Unit | None, law: Law | None
) -> Iterator[Reason]:
    """A standing certificate, on a ground and within the limit of the law of the day, by a signed decision."""
    yield from _posted(event, _LEADER, [unit] if unit else [], then)
    yield from _signed(event, then, unit)
    if before.status in ("revoked", "replaced"):
        yield reason("certificate_not_in_force", number=before.number, status=before.status)
    if law is None:
        return
    data = event.data
    try:
        revocation.cause_of(data["fields"]["cause"], (law.regime,))
    except InputInvalid as error:
        yield from error.reasons
    last = data.get("decide_by")
    decided = event.signer.date if event.signer else event.occurred_on
    if last and decided > date.fromisoformat(last):
        rules = law.regime.revocation
        yield reason(
            "revocation_late",
            source=rules.source if rules else None,
            mark=rules.mark if rules else None,
            concluded_on=data["concluded_on"],
            last_day=last,
            decided_on=decided.isoformat(),
            days=(decided - date.fromisoformat(last)).days,
        )


def before_moment(
    history: Sequence[Event], event: Event, fold: Callable[[Sequence[Event]], Dossier | None]
) -> set[str]:
    """States that a dossier may have had when ``event`` was recorded: streams have no order within one moment."""
    sure = [each for each in history if each.recorded_at < event.recorded_at]
    same = [each for each in history if each.recorded_at == event.recorded_at]
    found = set()
    for length in range(len(same) + 1):
        dossier = fold([*sure, *same[:length]])
        if dossier is not None:
            found.add(dossier.state)
    return found
