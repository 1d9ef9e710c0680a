"""People, the posts they hold, and who stands in for whom; each by a numbered decision."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from ocop_flow.domain import codes, names
from ocop_flow.domain.commands import Act
from ocop_flow.domain.doers import Who, in_post
from ocop_flow.domain.event import Doer
from ocop_flow.domain.facts import NAME_LIMIT, check_day
from ocop_flow.domain.record import stream_event
from ocop_flow.domain.regime import ROLES
from ocop_flow.domain.situation import Desk
from ocop_flow.domain.units import CENTRAL, Unit
from ocop_flow.errors import InputInvalid, NotFound, Refused, reason
from ocop_flow.ports import UnitOfWork
from ocop_flow.service import cited
from ocop_flow.service.desk import desk, unit_on
from ocop_flow.service.office import Caller, Office

Json = dict[str, Any]

_HANDLE = re.compile(r"[a-z0-9][a-z0-9._-]{0,39}")
#: ASCII alone: mail servers of offices take no other (RFC 5321 section 4.1.2).
_MAIL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
#: Handles that mean something else.
_RESERVED = frozenset({"system"})


@dataclass(frozen=True, slots=True)
class AddPerson:
    handle: str
    name: str
    email: str | None = None
    can_login: bool = True
    office: bool = False
    act: Act = field(default_factory=Act)


@dataclass(frozen=True, slots=True)
class Appoint:
    """A post from ``since`` to ``until`` (None: until further notice) by a numbered decision."""

    handle: str
    unit: str
    role: str
    decision: str
    since: date | None = None
    until: date | None = None
    office: str | None = None
    act: Act = field(default_factory=Act)


@dataclass(frozen=True, slots=True)
class Delegate:
    giver: str
    taker: str
    unit: str
    role: str
    decision: str
    since: date
    until: date
    act: Act = field(default_factory=Act)


@dataclass(frozen=True, slots=True)
class Leave:
    """``handle`` leaves: every post ends on the day; open work goes to ``to`` where given."""

    handle: str
    to: str | None = None
    act: Act = field(default_factory=Act)


def check_mail(address: str) -> str:
    """The address, if it is one; raises InputInvalid."""
    cleaned = names.clean_name(address, limit=254, field="email")
    if not _MAIL.fullmatch(cleaned):
        raise InputInvalid(reason("mail_unreadable", address=address))
    return cleaned


def add(uow: UnitOfWork, office: Office, caller: Caller, command: AddPerson) -> Json:
    """A person; no post yet."""
    base, who = admin_at_work(uow, office, caller, command.act)
    return add_as(uow, base, who, command)


def add_as(uow: UnitOfWork, base: Desk, who: Who, command: AddPerson) -> Json:
    """The same, for a doer already found fit (``init`` adds the first administrator before anybody is one)."""
    if not _HANDLE.fullmatch(command.handle) or command.handle in _RESERVED:
        raise InputInvalid(reason("handle_unreadable", handle=command.handle))
    if uow.person(command.handle) is not None:
        raise Refused(reason("handle_taken", handle=command.handle))
    name = names.clean_name(command.name, limit=NAME_LIMIT, field="name")
    email = uow.seal(check_mail(command.email)) if command.email else None
    data = {"name": name, "email": email, "can_login": command.can_login, "office": command.office}
    uow.append(stream_event(base, ("person", command.handle), None, "add", who, command.act, data))
    return {"handle": command.handle, "name": name, "can_login": command.can_login}


def appoint(uow: UnitOfWork, office: Office, caller: Caller, command: Appoint) -> Json:
    """Give a post."""
    base, who = admin_at_work(uow, office, caller, command.act)
    return appoint_as(uow, base, who, command)


def appoint_as(uow: UnitOfWork, base: Desk, who: Who, command: Appoint) -> Json:
    if command.role not in ROLES:
        raise InputInvalid(reason("role_unknown", role=command.role, known=", ".join(ROLES)))
    since = command.since or command.act.on or base.today
    unit = unit_on(uow, command.unit, since)
    if command.until is not None and command.until < since:
        raise InputInvalid(reason("period_crossed", since=since.isoformat(), until=command.until.isoformat()))
    if uow.person(command.handle) is None:
        raise NotFound(reason("person_absent", person=command.handle))
    number = codes.document_number(command.decision)
    cited.check(uow, number, unit, uow.tree([unit.code]), since, cited.POST)
    post = {
        "role": command.role,
        "unit": _unit_json(unit),
        "office": command.office,
        "decision": number,
        "valid_from": since.isoformat(),
        "valid_to": command.until.isoformat() if command.until else None,
    }
    head = uow.head("person", command.handle)
    data = {"post": post, "via": "appointment"}
    uow.append(stream_event(base, ("person", command.handle), head, "appoint", who, command.act, data))
    return {"handle": command.handle, **post}


def delegate(uow: UnitOfWork, office: Office, caller: Caller, command: Delegate) -> Json:
    """One who holds a post lets another act in it for a time; recorded by the giver or by an administrator."""
    if command.role not in ROLES:
        raise InputInvalid(reason("role_unknown", role=command.role, known=", ".join(ROLES)))
    unit = unit_on(uow, command.unit, command.since)
    if command.until < command.since:
        raise InputInvalid(reason("period_crossed", since=command.since.isoformat(), until=command.until.isoformat()))
    giver, taker = uow.person(command.giver), uow.person(command.taker)
    for handle, found in ((command.giver, giver), (command.taker, taker)):
        if found is None:
            raise NotFound(reason("person_absent", person=handle))
    if command.giver == command.taker:
        raise Refused(reason("delegation_to_oneself", person=command.giver))
    base = desk(uow, office, caller, command.act, uow.tree([unit.code]))
    on = command.act.on or base.today
    own = giver.post((command.role,), unit, command.since) if giver else None
    if own is None:
        raise Refused(reason("delegation_of_nothing", person=command.giver, role=command.role, unit=unit.name))
    if base.actor.handle == command.giver:
        doer = Doer(base.actor.handle, base.actor.name, own.role, None)
        who = Who(doer, doer, unit, ())
        if base.recorder.handle != command.giver:
            who = in_post((command.role,), unit, on, base)
    else:
        who = admin_at_work(uow, office, caller, command.act)[1]
    if who.faults:
        raise Refused(*who.faults)
    number = codes.document_number(command.decision)
    cited.check(uow, number, unit, uow.tree([unit.code]), command.since, cited.POST)
    post = {
        "role": command.role,
        "unit": _unit_json(unit),
        "office": None,
        "decision": number,
        "valid_from": command.since.isoformat(),
        "valid_to": command.until.isoformat(),
    }
    head = uow.head("person", command.taker)
    data = {"post": post, "via": "delegation", "giver": command.giver}
    uow.append(stream_event(base, ("person", command.taker), head, "appoint", who, command.act, data))
    return {"handle": command.taker, "giver": command.giver, **post}


def leave(uow: UnitOfWork, office: Office, caller: Caller, command: Leave) -> Json:
    """All posts end on the day; a successor, where named, takes over those that were still running."""
    base, who = admin_at_work(uow, office, caller, command.act)
    on = command.act.on or base.today
    person = uow.person(command.handle)
    if person is None:
        raise NotFound(reason("person_absent", person=command.handle))
    if command.to is not None and uow.person(command.to) is None:
        raise NotFound(reason("person_absent", person=command.to))
    running = [post for post in person.posts if post.valid_to is None or post.valid_to > on]
    head = uow.head("person", command.handle)
    uow.append(stream_event(base, ("person", command.handle), head, "leave", who, command.act, {"to": command.to}))
    for post in running if command.to else []:
        data = {
            "post": {
                "role": post.role,
                "unit": {
                    "code": post.unit,
                    "name": post.unit_name,
                    "tier": post.tier,
                    "valid_from": post.unit_from.isoformat() if post.unit_from else None,
                },
                "office": post.office,
                "decision": post.decision,
                "valid_from": on.isoformat(),
                "valid_to": post.valid_to.isoformat() if post.valid_to else None,
            },
            "via": "handover",
            "giver": command.handle,
        }
        head = uow.head("person", str(command.to))
        act = Act(on=command.act.on, entry=command.act.entry, reason=command.act.reason)
        uow.append(stream_event(base, ("person", str(command.to)), head, "appoint", who, act, data))
    return {"handle": command.handle, "left_on": on.isoformat(), "ended": len(running), "to": command.to}


def admin_at_work(uow: UnitOfWork, office: Office, caller: Caller, act: Act) -> tuple[Desk, Who]:
    """An administrator of the centre at work."""
    base = desk(uow, office, caller, act, uow.tree([CENTRAL.code]))
    on = act.on or base.today
    who = in_post(("admin",), CENTRAL, on, base)
    faults = [*check_day(on, base.today), *who.faults]
    if faults:
        raise Refused(*faults)
    return base, who


def _unit_json(unit: Unit) -> Json:
    return {
        "code": unit.code,
        "name": unit.name,
        "tier": unit.tier,
        "valid_from": unit.valid_from.isoformat() if unit.valid_from else None,
    }
