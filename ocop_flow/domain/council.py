"""A council as the fold of its events: rules, seats, declared interests, sittings and who was present."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import reduce
from typing import Any

from ocop_flow.domain.event import Event, UnitRef

Json = dict[str, Any]

#: Seats that score; the secretary keys sheets and writes the minutes.
SCORING_ROLES = frozenset({"council_chair", "council_vice_chair", "council_member"})
SEAT_ROLES = ("council_chair", "council_vice_chair", "council_member", "council_secretary")
#: How a sitting is held.
MEETING, WRITTEN = "meeting", "written"


@dataclass(frozen=True, slots=True)
class Seat:
    """Who may sit there.

    post       post or department to which the seat belongs, in words; members may share it. None if unknown
    stands_for handle of the member whose seat a substitute takes; None for the member
    decision   number by which the seat was given: the authorisation of a substitute, a later decision on a member; None
               for one seated by the council's own decision
    until      last day of the authorisation; None until further notice
    """

    handle: str
    name: str
    role: str
    since: date
    seq: int
    post: str | None = None
    stands_for: str | None = None
    decision: str | None = None
    until: date | None = None

    @property
    def seat(self) -> str:
        """Whose seat it is: the member's own handle, or that of the member who is stood in for."""
        return self.stands_for or self.handle

    @property
    def scores(self) -> bool:
        return self.role in SCORING_ROLES

    def held_on(self, day: date) -> bool:
        return self.since <= day and (self.until is None or day <= self.until)


@dataclass(frozen=True, slots=True)
class Interest:
    """A member's declared interest in a dossier: the member does not score it."""

    handle: str
    dossier: str
    on: date
    reason: str


@dataclass(frozen=True, slots=True)
class Sitting:
    """``turns``: dossier -> which turn of scoring is under way, where it is not the first."""

    code: str
    on: date
    present: tuple[str, ...]
    dossiers: tuple[str, ...]
    manner: str = MEETING
    turns: Mapping[str, int] | None = None

    def turn(self, dossier: str) -> int:
        return (self.turns or {}).get(dossier, 1)


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
    interests: tuple[Interest, ...] = ()

    @property
    def members(self) -> tuple[Seat, ...]:
        """Scoring seats with their own holders, substitutes left out."""
        return tuple(seat for seat in self.seats if seat.scores and seat.stands_for is None)

    def seat(self, handle: str) -> Seat | None:
        return next((seat for seat in self.seats if seat.handle == handle), None)

    def sitting(self, code: str) -> Sitting | None:
        return next((sitting for sitting in self.sittings if sitting.code == code), None)

    def seated(self, sitting: Sitting) -> tuple[Seat, ...]:
        """Scoring seats at a sitting, each as the one who actually sat there holds it, in the council's order."""
        here = [seat for handle in sitting.present if (seat := self.seat(handle)) is not None and seat.scores]
        return tuple(sorted(here, key=self.seats.index))

    def interest(self, handle: str, dossier: str) -> Interest | None:
        return next((each for each in self.interests if (each.handle, each.dossier) == (handle, dossier)), None)

    def sittings_of(self, dossier: str) -> tuple[Sitting, ...]:
        return tuple(sitting for sitting in self.sittings if dossier in sitting.dossiers)


def replay(events: Iterable[Event]) -> Council | None:
    return reduce(evolve, events, None)


def evolve(council: Council | None, event: Event) -> Council:
    """The council after one more event."""
    return _created(event) if council is None else _CHANGES[event.action](council, event)


def _created(event: Event) -> Council:
    data = event.data
    unit = data["unit"]
    return Council(
        code=event.subject,
        unit=UnitRef(unit["code"], unit["name"], unit["tier"]),
        unit_from=_day(unit["valid_from"]),
        decision=data["decision"],
        round=data["round"],
        year=data["year"],
        created_on=event.occurred_on,
        rules=data["rules"],
        seats=(),
        sittings=(),
    )


def _seated(council: Council, event: Event) -> Council:
    """A seat is taken: anew by its holder, or in the place of the member named, whose substitutes go too.

    Several members may sit for one department: the words of a post remove nobody.
    """
    data = event.data
    place = data.get("instead_of")
    gone = place["login"] if place else None
    seat = Seat(
        handle=data["person"]["login"],
        name=data["person"]["name"],
        role=data["role"],
        since=event.occurred_on,
        seq=event.seq,
        post=data.get("post"),
        stands_for=data.get("stands_for"),
        decision=data.get("decision"),
        until=_day(data.get("until")),
    )
    kept = tuple(each for each in council.seats if each.handle not in (seat.handle, gone) and not _stood_in(each, gone))
    return replace(council, seats=(*kept, seat))


def _stood_in(seat: Seat, gone: str | None) -> bool:
    return gone is not None and seat.stands_for == gone


def _convened(council: Council, event: Event) -> Council:
    data = event.data
    sitting = Sitting(
        code=data["sitting"],
        on=event.occurred_on,
        present=tuple(data["present"]),
        dossiers=tuple(data["dossiers"]),
        manner=data.get("manner", MEETING),
    )
    return replace(council, sittings=(*council.sittings, sitting))


def _interested(council: Council, event: Event) -> Council:
    data = event.data
    found = Interest(data["person"]["login"], data["dossier"], event.occurred_on, event.reason or "")
    return replace(council, interests=(*council.interests, found))


def _scored_again(council: Council, event: Event) -> Council:
    """The members discussed and score one dossier of a sitting anew; what they gave before stays in the record."""
    data = event.data
    changed = tuple(
        replace(sitting, turns={**(sitting.turns or {}), data["dossier"]: data["turn"]})
        if sitting.code == data["sitting"]
        else sitting
        for sitting in council.sittings
    )
    return replace(council, sittings=changed)


_CHANGES: Mapping[str, Callable[[Council, Event], Council]] = {
    "seat": _seated,
    "convene": _convened,
    "declare_interest": _interested,
    "score_again": _scored_again,
}


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
