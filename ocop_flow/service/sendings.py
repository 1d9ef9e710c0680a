"""Streams of what is given out and taken once: who may give and take for a unit, and the events of both."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ocop_flow.domain import codes, sending
from ocop_flow.domain.authority import doer, recording_post
from ocop_flow.domain.doers import Who, units_above
from ocop_flow.domain.event import Event
from ocop_flow.domain.record import stream_event
from ocop_flow.domain.sending import Sending
from ocop_flow.errors import Refused, reason
from ocop_flow.service.desk import desk

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ocop_flow.domain.commands import Act
    from ocop_flow.domain.situation import Desk
    from ocop_flow.domain.units import Unit
    from ocop_flow.ports import UnitOfWork
    from ocop_flow.service.office import Caller, Office

Json = dict[str, Any]


def find(uow: UnitOfWork, kind: str, code: str) -> Sending | None:
    return sending.replay(uow.events(kind, code))


def next_code(uow: UnitOfWork, kind: str, base: Desk) -> str:
    return codes.make(kind, base.today.year, uow.next_number(kind, base.today.year))


def at_unit(
    uow: UnitOfWork, office: Office, caller: Caller, act: Act, unit: Unit, refused: str, **params: str
) -> tuple[Desk, Who]:
    """The desk, with the caller as one who types for a unit: an officer or secretary of it or of a unit above.

    raises  Refused with the reason ``refused``
    """
    base = desk(uow, office, caller, act, uow.tree([unit.code]))
    post = recording_post(base.recorder, units_above(base.tree, unit, base.today), base.today)
    if post is None:
        raise Refused(reason(refused, person=base.recorder.handle, unit=unit.name, **params))
    who = doer(base.recorder, post)
    return base, Who(who, who, unit, ())


def give(uow: UnitOfWork, base: Desk, who: Who, act: Act, kind: str, code: str, data: Json) -> Event:
    return _append(uow, base, who, act, (kind, code), sending.GIVE, data)


def take(
    uow: UnitOfWork, base: Desk, who: Who, act: Act, kind: str, code: str, places: Mapping[str, str], **more: Any
) -> Event:
    return _append(uow, base, who, act, (kind, code), sending.TAKE, sending.taken(places, **more))


def _append(
    uow: UnitOfWork, base: Desk, who: Who, act: Act, subject: tuple[str, str], action: str, data: Json
) -> Event:
    event = stream_event(base, subject, uow.head(*subject), action, who, act, data)
    uow.append(event)
    return event
