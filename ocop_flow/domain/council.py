"""A council as the fold of its events: seats, sittings, who was present, which dossiers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from functools import reduce
from typing import Any

from ocop_flow.domain.event import Event, UnitRef

Json = dict[str, Any]

#: Seats that score; the secretary keys sheets and writes the minutes.
SCORING_ROLES = frozenset({"council_chair", "council_vice_chair", "council_member"})
SEAT_ROLES = ("council_chair", "council_vice_chair", "council_member", "council_secretary")


@dataclass(frozen=True, slots=True)
class Seat:
    handle: str
    name: str
    role: str
    since: date
    seq: int


@dataclass(frozen=True, slots=True)
class Sitting:
    code: str
    on: date
    present: tuple[str, ...]
    dossiers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Council:
    """``rules`` are the council's own working rules where it gave any, else empty: the regime's hold."""

    code: str
    unit: UnitRef
    unit_from: date | None
    decision: str
    round: int
    year: int
    created_on: date
    rules: Json
    seats: tuple[Seat, ...]
    sittings: tuple[Sitting, ...]

    def seat(self, handle: str) -> Seat | None:
        return next((seat for seat in self.seats if seat.handle == handle), None)

    def sitting(self, code: str) -> Sitting | None:
        return next((sitting for sitting in self.sittings if sitting.code == code), None)


def replay(events: Iterable[Event]) -> Council | None:
    return reduce(evolve, events, None)


def evolve(council: Council | None, event: Event) -> Council:
    """The council after one more event."""
    data = event.data
    if council is None:
        unit = data["unit"]
        return Council(
            code=event.subject,
            unit=UnitRef(unit["code"], unit["name"], unit["tier"]),
            unit_from=date.fromisoformat(unit["valid_from"]) if unit["valid_from"] else None,
            decision=data["decision"],
            round=data["round"],
            year=data["year"],
            created_on=event.occurred_on,
            rules=data["rules"],
            seats=(),
            sittings=(),
        )
    if event.action == "seat":
        seat = Seat(data["person"]["login"], data["person"]["name"], data["role"], event.occurred_on, event.seq)
        return replace(council, seats=(*(s for s in council.seats if s.handle != seat.handle), seat))
    sitting = Sitting(data["sitting"], event.occurred_on, tuple(data["present"]), tuple(data["dossiers"]))
    return replace(council, sittings=(*council.sittings, sitting))
