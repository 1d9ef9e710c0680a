"""What an office gives out on a file and takes back, or another takes in: a work list, a packet. Taken once only."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from ocop_flow.domain.event import Event

GIVE, TAKE = "give", "take"


@dataclass(frozen=True, slots=True)
class Sending:
    """A stream of the kind ``worklist`` or ``packet``.

    unit, to  code and name of the unit that it is about or from, and of the one that takes it in; ``to`` may be None
    digest    of what was given out: that of a stored document, or the one that stands for a sealed value
    dossiers  codes of what it is about
    taken     place -> digest of what was taken from there: a row of a list, the whole of a packet
    taken_on  day of the last taking, None while it is still out; ``taken_by`` is who typed it
    """

    kind: str
    code: str
    unit: tuple[str, str]
    to: tuple[str, str] | None
    digest: str
    given_on: date
    dossiers: tuple[str, ...]
    taken: Mapping[str, str] = field(default_factory=dict)
    taken_on: date | None = None
    taken_by: str | None = None


def given(
    unit: tuple[str, str], to: tuple[str, str] | None, digest: str, dossiers: Iterable[str], **more: Any
) -> dict[str, Any]:
    """Data of the event that begins a stream."""
    return {
        **more,
        "unit": {"code": unit[0], "name": unit[1]},
        "to": {"code": to[0], "name": to[1]} if to else None,
        "digest": digest,
        "dossiers": list(dossiers),
    }


def taken(places: Mapping[str, str], **more: Any) -> dict[str, Any]:
    """Data of the event of a taking; ``places`` as in ``Sending.taken``."""
    return {**more, "places": dict(places)}


def replay(events: Iterable[Event]) -> Sending | None:
    """The fold of a stream; None of one without events."""
    found: Sending | None = None
    for event in events:
        found = _begun(event) if found is None else _evolved(found, event)
    return found


def _begun(event: Event) -> Sending:
    data = event.data
    begun = Sending(
        kind=event.subject_kind,
        code=event.subject,
        unit=(data["unit"]["code"], data["unit"]["name"]),
        to=(data["to"]["code"], data["to"]["name"]) if data["to"] else None,
        digest=data["digest"],
        given_on=date.fromisoformat(data["given_on"]) if "given_on" in data else event.occurred_on,
        dossiers=tuple(data["dossiers"]),
    )
    return _evolved(begun, event) if event.action == TAKE else begun


def _evolved(found: Sending, event: Event) -> Sending:
    if event.action != TAKE:
        return found
    return replace(
        found,
        taken={**found.taken, **event.data["places"]},
        taken_on=event.occurred_on,
        taken_by=event.recorder.name,
    )
