"""Sittings of a council: convened by meeting or by written opinions, and turned back to score again."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from ocop_flow.domain import codes, council_rules
from ocop_flow.domain.commands import Act
from ocop_flow.domain.council import MEETING, WRITTEN, Council, Sitting
from ocop_flow.domain.dossier import Dossier
from ocop_flow.domain.facts import reason_faults
from ocop_flow.domain.record import stream_event
from ocop_flow.domain.regime import Regime
from ocop_flow.domain.scoring import arrived, closed, sheets
from ocop_flow.errors import InputInvalid, Reason, Refused, reason
from ocop_flow.ports import UnitOfWork
from ocop_flow.service.councils import find_council, find_sitting, keeper_at_work, unit_of
from ocop_flow.service.desk import person
from ocop_flow.service.dossier_find import find
from ocop_flow.service.office import Caller, Office

Json = dict[str, Any]

TEAM_REPORT = "team_report"


@dataclass(frozen=True, slots=True)
class Convene:
    """``manner``: meeting, or written for written opinions; ``present`` are then those who gave theirs.

    None takes what the rules foresee for the dossiers before the sitting.
    """

    council: str
    present: tuple[str, ...]
    dossiers: tuple[str, ...]
    act: Act = field(default_factory=Act)
    manner: str | None = None


@dataclass(frozen=True, slots=True)
class ScoreAgain:
    """The members discussed one dossier and score it anew; the reason says why."""

    sitting: str
    dossier: str
    act: Act = field(default_factory=Act)


def convene(uow: UnitOfWork, office: Office, caller: Caller, command: Convene) -> Json:
    """Hold a sitting: who is present, which dossiers are before it, and what its rules miss."""
    found = find_council(uow, command.council)
    base, who = keeper_at_work(uow, office, caller, command.act, unit_of(uow, found))
    on = command.act.on or base.today
    if command.manner not in (None, MEETING, WRITTEN):
        raise InputInvalid(reason("manner_unknown", manner=command.manner))
    if not command.dossiers:
        raise InputInvalid(reason("nothing_before_sitting"))
    present = tuple(dict.fromkeys(command.present))
    for handle in present:
        if found.seat(handle) is None:
            person(uow, handle)
    dossiers = [find(uow, typed, base.recorder) for typed in dict.fromkeys(command.dossiers)]
    code = codes.make("sitting", on.year, uow.next_number("sitting", on.year))
    cases = [(uow.law(dossier.workflow_hash).regime, dossier.kind) for dossier in dossiers]
    manner = command.manner or council_rules.usual_manner(found, cases)
    sitting = Sitting(code, on, present, tuple(dossier.code for dossier in dossiers), manner)
    told = _judged(uow, found, sitting, dossiers, cases, command.act.reason)
    data = {
        "sitting": code,
        "present": list(present),
        "dossiers": list(sitting.dossiers),
        "manner": manner,
        "seats": {seat.handle: seat.seat for seat in found.seated(sitting) if seat.stands_for},
    }
    head = uow.head("council", found.code)
    uow.append(stream_event(base, ("council", found.code), head, "convene", who, command.act, data, warnings=told))
    return {
        "sitting": code,
        "council": found.code,
        "manner": manner,
        "present": list(present),
        "dossiers": list(sitting.dossiers),
        "quorum": _quorum(found, sitting, cases[0][0]),
        "warnings": list(told),
    }


def _judged(
    uow: UnitOfWork,
    found: Council,
    sitting: Sitting,
    dossiers: list[Dossier],
    cases: list[tuple[Regime, str]],
    why: str | None,
) -> tuple[Reason, ...]:
    """What the rules of the sitting and of each dossier before it miss, as warnings; raises Refused.

    cases  (regime, kind) of each dossier
    """
    faults = _seats(found, sitting)
    warnings: list[Reason] = []
    for dossier, (regime, kind) in zip(dossiers, cases, strict=True):
        faults += before_council(uow, dossier, found, sitting.on) or arrived(dossier, sitting)
        for each in _team_result(dossier, regime, sitting):
            (faults if each.binding else warnings).append(each)
        warnings += council_rules.manner(found, sitting, regime, kind)
        warnings += council_rules.ground(found, sitting, regime, kind, why)
    warnings += council_rules.in_time(found, sitting)
    warnings += council_rules.attendance(found, sitting, cases[0][0])
    if faults:
        raise Refused(*faults)
    return _distinct(warnings)


def _quorum(found: Council, sitting: Sitting, regime: Regime | None) -> Json:
    wanted = council_rules.rule(found, regime, "quorum").value if regime else found.rules.get("quorum")
    return council_rules.quorum(found, sitting, wanted)


def _seats(found: Council, sitting: Sitting) -> list[Reason]:
    """Nobody without a seat, no substitute without a valid authorisation, nobody in a seat that is taken."""
    faults = [
        reason("not_seated", person=handle, council=found.code)
        for handle in sitting.present
        if found.seat(handle) is None
    ]
    seats = found.seated(sitting)
    faults += [
        reason("authorisation_not_valid", person=seat.name, decision=seat.decision, day=sitting.on.isoformat())
        for seat in seats
        if seat.stands_for is not None and not seat.held_on(sitting.on)
    ]
    taken = Counter(seat.seat for seat in seats)
    faults += [reason("seat_taken_twice", person=handle) for handle, times in taken.items() if times > 1]
    if not sitting.present:
        faults.append(reason("nobody_present", council=found.code))
    return faults


def _team_result(dossier: Dossier, regime: Regime, sitting: Sitting) -> list[Reason]:
    """The advisory team's report or scores come before the sitting; only a regime that asks for the report refuses."""
    if dossier.have(TEAM_REPORT, sitting.on) or any(each.source == "team" for each in dossier.assessments):
        return []
    needs = [
        need
        for action in regime.actions.values()
        if action.to == dossier.state and action.kind == "forward"
        for need in action.evidence
        if need.kind == TEAM_REPORT
    ]
    source, mark = (needs[0].source, needs[0].mark) if needs else (regime.council_rules.source, "unknown")
    return [reason("team_result_missing", source=source, mark=mark, dossier=dossier.code)]


def score_again(uow: UnitOfWork, office: Office, caller: Caller, command: ScoreAgain) -> Json:
    """Begin another turn of scoring for one dossier of a sitting; the sheets of the earlier turn stay in the record."""
    found, sitting = find_sitting(uow, command.sitting)
    base, who = keeper_at_work(uow, office, caller, command.act, unit_of(uow, found))
    dossier = find(uow, command.dossier, base.recorder)
    faults = list(reason_faults(True, command.act.reason))
    if dossier.code not in sitting.dossiers:
        faults.append(reason("not_in_sitting", dossier=dossier.code, sitting=sitting.code))
    elif closed(found, dossier, sitting):
        faults.append(reason("sitting_closed", sitting=sitting.code, dossier=dossier.code))
    elif not sheets(dossier, sitting):
        faults.append(reason("no_scores", sitting=sitting.code, dossier=dossier.code))
    if faults:
        raise Refused(*faults)
    turn = sitting.turn(dossier.code) + 1
    data = {"sitting": sitting.code, "dossier": dossier.code, "turn": turn}
    head = uow.head("council", found.code)
    uow.append(stream_event(base, ("council", found.code), head, "score_again", who, command.act, data))
    return {"sitting": sitting.code, "dossier": dossier.code, "turn": turn}


def before_council(uow: UnitOfWork, dossier: Dossier, found: Council, on: Any) -> list[Reason]:
    """Whether a dossier waits for this council: in its tier's council state, in the area of its unit."""
    state = f"evaluation.{found.unit.tier}_council"
    if dossier.state != state:
        law = uow.outline(dossier.workflow_hash)
        named, wanted = law.named(dossier.state), law.named(state)
        return [reason("not_before_council", dossier=dossier.code, state=named, wanted=wanted)]
    tree = uow.tree([dossier.commune])
    life = next(unit for unit in tree.lives(dossier.commune) if unit.valid_from == dossier.commune_from)
    reached = tree.reach(life, found.unit.tier, on)
    if reached is None or reached.code != found.unit.code:
        return [reason("another_units_dossier", dossier=dossier.code, unit=found.unit.name)]
    return []


def _distinct(found: list[Reason]) -> tuple[Reason, ...]:
    distinct: list[Reason] = []
    for each in found:
        if each not in distinct:
            distinct.append(each)
    return tuple(distinct)
