"""Councils in short: set up, seated, convened, scored by parts or criteria, closed with an exact result."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ocop_flow.domain import codes, council, rating
from ocop_flow.domain.commands import Act
from ocop_flow.domain.council import SCORING_ROLES, SEAT_ROLES, Council, Sitting
from ocop_flow.domain.criteria import CriteriaSet, StarCondition, points_of, read_answers
from ocop_flow.domain.doers import Who, in_post
from ocop_flow.domain.dossier import Dossier
from ocop_flow.domain.event import Doer
from ocop_flow.domain.exact import exact, mean_decimal
from ocop_flow.domain.facts import check_day
from ocop_flow.domain.guards import failed
from ocop_flow.domain.record import next_event, stream_event
from ocop_flow.domain.regime import Regime
from ocop_flow.domain.requirements import guard_facts
from ocop_flow.domain.situation import Desk, Situation
from ocop_flow.domain.units import Unit
from ocop_flow.errors import InputInvalid, NotFound, Reason, Refused, reason
from ocop_flow.ports import UnitOfWork
from ocop_flow.service.desk import desk, person, situation_of, unit_on
from ocop_flow.service.dossier_find import find
from ocop_flow.service.office import Caller, Office

Json = dict[str, Any]

#: Who may set up, seat, convene and close a council of a unit (DESIGN section 5).
_KEEPERS = ("officer", "leader", "council_secretary")


@dataclass(frozen=True, slots=True)
class Create:
    unit: str
    decision: str
    round: int
    year: int
    rules: dict[str, Any] = field(default_factory=dict)
    act: Act = field(default_factory=Act)


@dataclass(frozen=True, slots=True)
class SeatMember:
    council: str
    handle: str
    role: str
    act: Act = field(default_factory=Act)


@dataclass(frozen=True, slots=True)
class Convene:
    council: str
    present: tuple[str, ...]
    dossiers: tuple[str, ...]
    act: Act = field(default_factory=Act)


@dataclass(frozen=True, slots=True)
class ScoreSheet:
    """``parts`` or ``answers`` (``CRITERION=POINTS[:CASE]``), not both."""

    sitting: str
    dossier: str
    member: str
    parts: str | None = None
    answers: tuple[str, ...] = ()
    act: Act = field(default_factory=Act)


@dataclass(frozen=True, slots=True)
class Close:
    sitting: str
    dossier: str
    conditions: tuple[str, ...] = ()
    act: Act = field(default_factory=Act)


def create(uow: UnitOfWork, office: Office, caller: Caller, command: Create) -> Json:
    """Set up a council by a numbered decision of a unit."""
    on = command.act.on or office.today
    unit = unit_on(uow, command.unit, on)
    if command.round < 1 or not 2000 <= command.year <= 2100:
        raise InputInvalid(reason("round_unreadable", round=command.round, year=command.year))
    base, who = _keeper(uow, office, caller, command.act, unit)
    code = codes.make("council", command.year, uow.next_number("council", command.year))
    data = {
        "unit": {**_unit(unit), "valid_from": unit.valid_from.isoformat() if unit.valid_from else None},
        "decision": codes.document_number(command.decision),
        "round": command.round,
        "year": command.year,
        "rules": command.rules,
    }
    uow.append(stream_event(base, ("council", code), None, "create", who, command.act, data))
    return {"code": code, "unit": _unit(unit), "decision": data["decision"], "round": command.round}


def seat(uow: UnitOfWork, office: Office, caller: Caller, command: SeatMember) -> Json:
    """Name a member."""
    found = find_council(uow, command.council)
    if command.role not in SEAT_ROLES:
        raise InputInvalid(reason("role_unknown", role=command.role, known=", ".join(SEAT_ROLES)))
    member = person(uow, command.handle)
    unit = _unit_of(uow, found)
    base, who = _keeper(uow, office, caller, command.act, unit)
    data = {"person": {"login": member.handle, "name": member.name}, "role": command.role}
    head = uow.head("council", found.code)
    uow.append(stream_event(base, ("council", found.code), head, "seat", who, command.act, data))
    return {"council": found.code, "member": member.handle, "role": command.role}


def convene(uow: UnitOfWork, office: Office, caller: Caller, command: Convene) -> Json:
    """Hold a sitting: who is present, which dossiers are before it."""
    found = find_council(uow, command.council)
    unit = _unit_of(uow, found)
    base, who = _keeper(uow, office, caller, command.act, unit)
    on = command.act.on or base.today
    present = tuple(dict.fromkeys(command.present))
    strangers = [handle for handle in present if found.seat(handle) is None]
    faults: list[Reason] = [reason("not_seated", person=handle, council=found.code) for handle in strangers]
    dossiers = [find(uow, typed, base.recorder) for typed in dict.fromkeys(command.dossiers)]
    for dossier in dossiers:
        faults += _before_council(uow, dossier, found, on)
    if not present:
        faults.append(reason("nobody_present", council=found.code))
    if faults:
        raise Refused(*faults)
    year = on.year
    code = codes.make("sitting", year, uow.next_number("sitting", year))
    data = {"sitting": code, "present": list(present), "dossiers": [dossier.code for dossier in dossiers]}
    head = uow.head("council", found.code)
    uow.append(stream_event(base, ("council", found.code), head, "convene", who, command.act, data))
    return {"sitting": code, "quorum": quorum(found, present, _rules(uow, found, dossiers))}


def score(uow: UnitOfWork, office: Office, caller: Caller, command: ScoreSheet) -> Json:
    """Record one member's sheet for one dossier; a second sheet replaces the first and both stay in the record."""
    found, sitting = find_sitting(uow, command.sitting)
    dossier, s = _dossier_in(uow, office, caller, command.act, command.dossier, sitting)
    member = found.seat(command.member)
    regime = s.pinned.regime
    faults: list[Reason] = []
    if member is None or command.member not in sitting.present or member.role not in SCORING_ROLES:
        faults.append(reason("member_not_present", person=command.member, sitting=sitting.code))
    if _closed(dossier, sitting):
        faults.append(reason("sitting_closed", sitting=sitting.code, dossier=dossier.code))
    who = _scorer(found, sitting, command, s)
    faults += [*who.faults, *check_day(command.act.on or s.today, s.today, sitting.on)]
    if faults:
        raise Refused(*faults)
    sheet = _sheet(uow, regime, dossier, command)
    data = {
        "sitting": sitting.code,
        "member": {"login": command.member, "name": member.name if member else ""},
        "parts": [exact(value) for value in (sheet.parts or {}).values()],
        "points": {name: exact(value) for name, value in (sheet.points or {}).items()},
        "total": exact(sheet.total),
    }
    event = next_event(
        dossier,
        s,
        action="score",
        to_state=dossier.state,
        on=command.act.on or s.today,
        who=who,
        signer=None,
        act=command.act,
        data=data,
        warnings=tuple(sheet.reasons),
    )
    uow.append(event)
    return {
        "sitting": sitting.code,
        "dossier": dossier.code,
        "member": command.member,
        "total": data["total"],
        "version": event.seq,
        "warnings": list(sheet.reasons),
    }


def close(uow: UnitOfWork, office: Office, caller: Caller, command: Close) -> Json:
    """Append the result of a sitting for one dossier; nothing moves."""
    found, sitting = find_sitting(uow, command.sitting)
    dossier, s = _dossier_in(uow, office, caller, command.act, command.dossier, sitting)
    unit = _unit_of(uow, found)
    on = command.act.on or s.today
    who = in_post(_KEEPERS, unit, on, s)
    faults = [*who.faults, *check_day(on, s.today, sitting.on)]
    sheets = [item for item in dossier.scores if item.sitting == sitting.code]
    if not sheets:
        faults.append(reason("no_scores", sitting=sitting.code, dossier=dossier.code))
    if _closed(dossier, sitting):
        faults.append(reason("sitting_closed", sitting=sitting.code, dossier=dossier.code))
    quorum_found = quorum(found, sitting.present, _council_rules(s.pinned.regime, found))
    if quorum_found["met"] is False and s.pinned.regime.council_rules.mark == "adopted":
        faults.append(reason("quorum_missed", present=quorum_found["present"], required=quorum_found["required"]))
    if faults:
        raise Refused(*faults)
    result, answers = _result(uow, s, dossier, sitting, command)
    absent = _unscored(found, sitting, dossier)
    minima = [_minimum(item) for item in result.minima]
    data = {
        "sitting": sitting.code,
        "tier": found.unit.tier,
        "mean_total": exact(result.mean_total),
        "parts": [exact(value) for value in (result.parts or {}).values()],
        "stars": result.stars,
        "stars_by_total": result.stars_by_total,
        "minima": minima,
        "spread": exact(result.spread),
        "members": [item.member for item in sheets],
        "conditions": {name: ("met" if met else "missed") for name, met in answers.items()},
        "quorum": quorum_found,
    }
    event = next_event(
        dossier,
        s,
        action="close_sitting",
        to_state=dossier.state,
        on=on,
        who=who,
        signer=None,
        act=command.act,
        data=data,
        warnings=(*result.reasons, *absent, *_spread(s.pinned.regime, found, result)),
    )
    uow.append(event)
    after = uow.dossier(dossier.code)
    return {
        "dossier": dossier.code,
        "version": event.seq,
        "mean_total": data["mean_total"],
        "mean_decimal": mean_decimal(result.mean_total),
        "stars": result.stars,
        "stars_by_total": result.stars_by_total,
        "minima": minima,
        "quorum": quorum_found,
        "spread": data["spread"],
        "next": _next(s.pinned.regime, after) if after else [],
        "warnings": list(event.warnings),
    }


def quorum(found: Council, present: tuple[str, ...], rules: Mapping[str, Any] | None) -> Json:
    """How many scoring members are present, of how many, and how many the council's rules want (None: not said)."""
    members = [item for item in found.seats if item.role in SCORING_ROLES]
    here = [item for item in members if item.handle in present]
    required: int | None = None
    if rules and rules.get("members"):
        required = int(rules["members"])
    elif rules and rules.get("share"):
        top, bottom = rules["share"]
        required = -(-len(members) * top // bottom)
    met = None if required is None else len(here) >= required
    return {"present": len(here), "members": len(members), "required": required, "met": met}


def find_council(uow: UnitOfWork, typed: str) -> Council:
    """A council by its code; raises NotFound."""
    parsed = codes.parse(typed, "council")
    for row in uow.rows("council") if parsed else []:
        _, year, number, _ = row["code"].split("-")
        if parsed and int(number) == parsed.number and parsed.year in (None, int(year)):
            found = council.replay(uow.events("council", row["code"]))
            if found is not None:
                return found
    raise NotFound(reason("council_absent", council=typed))


def find_sitting(uow: UnitOfWork, typed: str) -> tuple[Council, Sitting]:
    """A sitting and its council; raises NotFound."""
    parsed = codes.parse(typed, "sitting")
    for row in uow.rows("sitting") if parsed else []:
        _, year, number, _ = row["code"].split("-")
        if parsed and int(number) == parsed.number and parsed.year in (None, int(year)):
            found = find_council(uow, row["council"])
            sitting = found.sitting(row["code"])
            if sitting is not None:
                return found, sitting
    raise NotFound(reason("sitting_absent", sitting=typed))


def _keeper(uow: UnitOfWork, office: Office, caller: Caller, act: Act, unit: Unit) -> tuple[Desk, Who]:
    base = desk(uow, office, caller, act, uow.tree([unit.code]))
    on = act.on or base.today
    who = in_post(_KEEPERS, unit, on, base)
    faults = [*check_day(on, base.today), *who.faults]
    if faults:
        raise Refused(*faults)
    return base, who


def _unit(unit: Unit) -> Json:
    return {"code": unit.code, "name": unit.name, "tier": unit.tier}


def _unit_of(uow: UnitOfWork, found: Council) -> Unit:
    lives = uow.tree([found.unit.code]).lives(found.unit.code)
    return next(unit for unit in lives if unit.valid_from == found.unit_from)


def _before_council(uow: UnitOfWork, dossier: Dossier, found: Council, on: Any) -> list[Reason]:
    """Whether a dossier waits for this council: in its tier's council state, in the area of its unit."""
    state = f"evaluation.{found.unit.tier}_council"
    if dossier.state != state:
        return [reason("not_before_council", dossier=dossier.code, state=dossier.state, wanted=state)]
    tree = uow.tree([dossier.commune])
    life = next(unit for unit in tree.lives(dossier.commune) if unit.valid_from == dossier.commune_from)
    reached = tree.reach(life, found.unit.tier, on)
    if reached is None or reached.code != found.unit.code:
        return [reason("another_units_dossier", dossier=dossier.code, unit=found.unit.name)]
    return []


def _rules(uow: UnitOfWork, found: Council, dossiers: list[Dossier]) -> Mapping[str, Any] | None:
    regime = uow.law(dossiers[0].workflow_hash).regime if dossiers else None
    return _council_rules(regime, found)


def _council_rules(regime: Regime | None, found: Council) -> Mapping[str, Any] | None:
    own: Mapping[str, Any] | None = found.rules.get("quorum")
    return own or (regime.council_rules.quorum if regime else None)


def _dossier_in(
    uow: UnitOfWork, office: Office, caller: Caller, act: Act, typed: str, sitting: Sitting
) -> tuple[Dossier, Situation]:
    dossier = find(uow, typed, uow.person(caller.known()))
    if dossier.code not in sitting.dossiers:
        raise Refused(reason("not_in_sitting", dossier=dossier.code, sitting=sitting.code))
    return dossier, situation_of(uow, office, caller, act, dossier)


def _closed(dossier: Dossier, sitting: Sitting) -> bool:
    return dossier.result is not None and dossier.result.sitting == sitting.code


def _scorer(found: Council, sitting: Sitting, command: ScoreSheet, s: Situation) -> Who:
    """The member's own sheet: the actor is the member, and the member or that council's secretary keys it."""
    member = found.seat(command.member)
    if member is None:
        return Who(_plain(command.member), _plain(s.recorder.handle), None, ())
    actor = Doer(member.handle, member.name, member.role, found.unit)
    keyed_by = found.seat(s.recorder.handle)
    if s.recorder.handle == member.handle:
        return Who(actor, actor, None, ())
    if keyed_by is not None and keyed_by.role == "council_secretary":
        return Who(actor, Doer(s.recorder.handle, s.recorder.name, "council_secretary", found.unit), None, ())
    unit = s.tree.on(found.unit.code, s.today)
    if unit is not None and s.recorder.post(("council_secretary",), unit, s.today) is not None:
        return Who(actor, Doer(s.recorder.handle, s.recorder.name, "council_secretary", found.unit), None, ())
    fault = reason("sheet_of_another", person=s.recorder.handle, member=member.name)
    return Who(actor, _plain(s.recorder.handle), None, (fault,))


def _plain(handle: str) -> Doer:
    return Doer(handle, handle, "-", None)


def _sheet(uow: UnitOfWork, regime: Regime, dossier: Dossier, command: ScoreSheet) -> rating.MemberScore:
    rules = rating.rules_of(regime)
    if (command.parts is None) == (not command.answers):
        raise InputInvalid(reason("parts_or_criteria"))
    if command.parts is not None:
        return rating.score_of_parts(rules, rating.parse_parts(command.parts))
    tree = uow.criteria(dossier.workflow_hash, dossier.product_set)
    if tree is None:
        raise InputInvalid(
            reason("criteria_set_unknown", product_set=dossier.product_set, regime=regime.id, choices="-")
        )
    return rating.score_of_sheet(points_of(tree, read_answers(command.answers)))


def _result(
    uow: UnitOfWork, s: Situation, dossier: Dossier, sitting: Sitting, command: Close
) -> tuple[rating.Result, dict[str, bool]]:
    regime = s.pinned.regime
    rules = rating.rules_of(regime)
    names = list(rules.parts)
    scores = [
        rating.MemberScore(
            total=item.total,
            parts=dict(zip(names, item.parts, strict=True)) if item.parts else None,
            points={name: rating.parse_exact(value) for name, value in item.points.items()} or None,
        )
        for item in dossier.scores
        if item.sitting == sitting.code
    ]
    answers = dict(rating.parse_condition(text) for text in command.conditions)
    tree: CriteriaSet | None = uow.criteria(dossier.workflow_hash, dossier.product_set)
    conditions: tuple[StarCondition, ...] = uow.conditions(dossier.workflow_hash, dossier.product_set, sitting.on)
    return rating.result(rules, scores, tree, conditions, answers), answers


def _minimum(item: rating.Minimum) -> Json:
    return {
        "criterion": item.criterion,
        "star": item.star,
        "needed": item.needed,
        "reached": item.reached,
        "met": item.met,
    }


def _unscored(found: Council, sitting: Sitting, dossier: Dossier) -> tuple[Reason, ...]:
    scored = {item.member for item in dossier.scores if item.sitting == sitting.code}
    seated = [item for item in found.seats if item.handle in sitting.present and item.role in SCORING_ROLES]
    return tuple(reason("member_not_scored", person=item.name) for item in seated if item.handle not in scored)


def _spread(regime: Regime, found: Council, result: rating.Result) -> tuple[Reason, ...]:
    limit = found.rules.get("spread_at_most", regime.council_rules.spread_at_most)
    if limit is None or result.spread <= limit:
        return ()
    return (
        reason(
            "spread_too_wide",
            source=regime.council_rules.source,
            mark=regime.council_rules.mark,
            spread=exact(result.spread),
            limit=limit,
        ),
    )


def _next(regime: Regime, dossier: Dossier) -> list[str]:

    facts = guard_facts(dossier)
    return [
        action.id
        for action in regime.actions_from(dossier.state)
        if action.kind in ("forward", "reject") and not any(failed(guard, facts) for guard in action.guards)
    ]
