"""Councils set up, seated, and members' interests declared."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from ocop_flow.domain import codes, council
from ocop_flow.domain.commands import Act
from ocop_flow.domain.council import SEAT_ROLES, Council, Seat, Sitting
from ocop_flow.domain.doers import Who, in_post
from ocop_flow.domain.facts import NAME_LIMIT, check_day, reason_faults
from ocop_flow.domain.names import clean_name
from ocop_flow.domain.record import stream_event
from ocop_flow.domain.situation import Desk
from ocop_flow.domain.units import Unit
from ocop_flow.errors import InputInvalid, NotFound, Refused, reason
from ocop_flow.ports import UnitOfWork
from ocop_flow.service import cited
from ocop_flow.service.desk import desk, person, unit_on
from ocop_flow.service.dossier_find import find
from ocop_flow.service.office import Caller, Office

Json = dict[str, Any]

#: Who may set up, seat, convene and close a council of a unit (DESIGN section 5).
KEEPERS = ("officer", "leader", "council_secretary")


@dataclass(frozen=True, slots=True)
class Create:
    """``rules``: the council's own working rules, already checked; empty where it gave none."""

    unit: str
    decision: str
    round: int
    year: int
    rules: dict[str, Any] = field(default_factory=dict)
    act: Act = field(default_factory=Act)


@dataclass(frozen=True, slots=True)
class SeatMember:
    """Who is to sit.

    stands_for  handle of the member whose seat a substitute takes, by the authorisation ``decision``
    instead_of  handle of the member who leaves the council and passes the seat on, with role and post
    """

    council: str
    handle: str
    role: str | None = None
    act: Act = field(default_factory=Act)
    post: str | None = None
    stands_for: str | None = None
    decision: str | None = None
    until: date | None = None
    instead_of: str | None = None


@dataclass(frozen=True, slots=True)
class DeclareInterest:
    council: str
    handle: str
    dossier: str
    act: Act = field(default_factory=Act)


def create(uow: UnitOfWork, office: Office, caller: Caller, command: Create) -> Json:
    """Set up a council by a numbered decision of a unit."""
    on = command.act.on or office.today
    unit = unit_on(uow, command.unit, on)
    if command.round < 1 or not 2000 <= command.year <= 2100:
        raise InputInvalid(reason("round_unreadable", round=command.round, year=command.year))
    base, who = keeper_at_work(uow, office, caller, command.act, unit)
    number, tree = codes.document_number(command.decision), uow.tree([unit.code])
    cited.check(uow, number, unit, tree, on, cited.COUNCIL)
    if command.rules.get("decision"):
        cited.check(uow, command.rules["decision"], unit, tree, on, cited.COUNCIL)
    same = uow.rows("council", unit=unit.code, decision=number, year=command.year)
    told = tuple(reason("council_decision_used", decision=number, council=row["code"]) for row in same)
    code = codes.make("council", command.year, uow.next_number("council", command.year))
    data = {
        "unit": {**_unit(unit), "valid_from": unit.valid_from.isoformat() if unit.valid_from else None},
        "decision": number,
        "round": command.round,
        "year": command.year,
        "rules": command.rules,
    }
    uow.append(stream_event(base, ("council", code), None, "create", who, command.act, data, warnings=told))
    return {
        "code": code,
        "unit": _unit(unit),
        "decision": number,
        "round": command.round,
        "year": command.year,
        "rules": command.rules,
        "warnings": list(told),
    }


def seat(uow: UnitOfWork, office: Office, caller: Caller, command: SeatMember) -> Json:
    """Name a member, one who takes another's place, or a substitute who stands in for one by an authorisation."""
    found = find_council(uow, command.council)
    if command.stands_for is not None and command.instead_of is not None:
        raise InputInvalid(reason("substitute_or_successor"))
    member = person(uow, command.handle)
    before = _place(uow, found, command)
    role = _role(found, command, before)
    unit = unit_of(uow, found)
    base, who = keeper_at_work(uow, office, caller, command.act, unit)
    data: Json = {"person": {"login": member.handle, "name": member.name}, "role": role}
    post = clean_name(command.post, limit=NAME_LIMIT, field="post") if command.post else before and before.post
    if post:
        data["post"] = post
    if command.decision is not None:
        data["decision"] = codes.document_number(command.decision)
        cited.check(uow, data["decision"], unit, uow.tree([unit.code]), command.act.on or base.today, cited.POST)
    if command.stands_for is not None:
        data |= {"stands_for": command.stands_for, "until": command.until.isoformat() if command.until else None}
    if before is not None:
        data["instead_of"] = {"login": before.handle, "name": before.name}
    _append(uow, base, found, "seat", who, command.act, data)
    return {"council": found.code, "member": member.handle, **{k: v for k, v in data.items() if k != "person"}}


def _place(uow: UnitOfWork, found: Council, command: SeatMember) -> Seat | None:
    """The seat that passes on; None where nobody leaves.

    raises  NotFound, Refused (not a member)
    """
    if command.instead_of is None:
        return None
    left = found.seat(command.instead_of)
    if left is None or left.stands_for is not None or left.handle == command.handle:
        person(uow, command.instead_of)
        raise Refused(reason("not_seated", person=command.instead_of, council=found.code))
    return left


def _role(found: Council, command: SeatMember, before: Seat | None) -> str:
    """The role of the seat: as named, or that of the member who leaves or is stood in for.

    raises  InputInvalid (role unknown, an authorisation without its number), Refused (nobody to stand in for)
    """
    if command.stands_for is None:
        role = command.role or (before.role if before else None)
        if role not in SEAT_ROLES:
            raise InputInvalid(reason("role_unknown", role=role or "-", known=", ".join(SEAT_ROLES)))
        return role
    if command.decision is None:
        raise InputInvalid(reason("authorisation_missing", person=command.handle, member=command.stands_for))
    principal = found.seat(command.stands_for)
    if principal is None or principal.stands_for is not None or command.stands_for == command.handle:
        raise Refused(reason("not_seated", person=command.stands_for, council=found.code))
    if found.seat(command.handle) is not None and found.seat(command.handle) in found.members:
        raise Refused(reason("substitute_is_member", person=command.handle, council=found.code))
    if command.role not in (None, principal.role):
        raise InputInvalid(reason("substitute_role", role=command.role or "-", wanted=principal.role))
    return principal.role


def declare_interest(uow: UnitOfWork, office: Office, caller: Caller, command: DeclareInterest) -> Json:
    """Record a member's interest in a dossier; the member, or who keeps the council's papers, declares it."""
    found = find_council(uow, command.council)
    member = found.seat(command.handle)
    if member is None:
        person(uow, command.handle)
        raise Refused(reason("not_seated", person=command.handle, council=found.code))
    dossier = find(uow, command.dossier)
    base, who = _declarer(uow, office, caller, command, found)
    faults = [*who.faults, *reason_faults(True, command.act.reason)]
    if found.interest(member.handle, dossier.code):
        faults.append(reason("interest_declared", person=member.name, dossier=dossier.code))
    if faults:
        raise Refused(*faults)
    data = {"person": {"login": member.handle, "name": member.name}, "dossier": dossier.code}
    _append(uow, base, found, "declare_interest", who, command.act, data)
    return {"council": found.code, "member": member.handle, "dossier": dossier.code}


def _declarer(
    uow: UnitOfWork, office: Office, caller: Caller, command: DeclareInterest, found: Council
) -> tuple[Desk, Who]:
    unit = unit_of(uow, found)
    base = desk(uow, office, caller, command.act, uow.tree([unit.code]))
    on = command.act.on or base.today
    own = (*KEEPERS, *SEAT_ROLES) if base.actor.handle == command.handle else KEEPERS
    who = in_post(own, unit, on, base)
    faults = check_day(on, base.today)
    if faults:
        raise Refused(*faults)
    return base, who


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


def keeper_at_work(uow: UnitOfWork, office: Office, caller: Caller, act: Act, unit: Unit) -> tuple[Desk, Who]:
    """Who keeps the papers of a unit's councils, at work on an act; raises Refused."""
    base = desk(uow, office, caller, act, uow.tree([unit.code]))
    on = act.on or base.today
    who = in_post(KEEPERS, unit, on, base)
    faults = [*check_day(on, base.today), *who.faults]
    if faults:
        raise Refused(*faults)
    return base, who


def unit_of(uow: UnitOfWork, found: Council) -> Unit:
    """The unit of a council, in the life in which the council was founded."""
    lives = uow.tree([found.unit.code]).lives(found.unit.code)
    return next(unit for unit in lives if unit.valid_from == found.unit_from)


def _append(uow: UnitOfWork, base: Desk, found: Council, action: str, who: Who, act: Act, data: Json) -> None:
    head = uow.head("council", found.code)
    uow.append(stream_event(base, ("council", found.code), head, action, who, act, data))


def _unit(unit: Unit) -> Json:
    return {"code": unit.code, "name": unit.name, "tier": unit.tier}
