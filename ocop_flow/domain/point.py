"""A point in a history: after an event, on a legal day, or as it was known at a moment.

The legal day and the moment of recording are two different times (DESIGN principle 7): a paper of March that was typed
in June had happened in March and was unknown until June. An act that was taken back never counted on any legal day,
once the taking back was known.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from ocop_flow.domain.event import Event


@dataclass(frozen=True, slots=True)
class Point:
    """``to`` a sequence number, ``at`` a legal day, ``known_at`` an aware moment; None sets no bound."""

    to: int | None = None
    at: date | None = None
    known_at: datetime | None = None

    def cut(self, history: Sequence[Event]) -> list[Event]:
        """The events of a dossier that count at this point, in order."""
        known = [
            event
            for event in history
            if (self.to is None or event.seq <= self.to)
            and (self.known_at is None or event.recorded_at <= self.known_at)
        ]
        if self.at is None:
            return known
        counted = [event for event in standing(known) if event.occurred_on <= self.at]
        # What is filed beside a dossier may be older than its opening: before that there is none.
        return counted if counted and counted[0].seq == 1 else []

    def __str__(self) -> str:
        shown = [str(self.to)] if self.to is not None else []
        shown += [self.at.isoformat()] if self.at else []
        shown += [self.known_at.isoformat()] if self.known_at else []
        return " ".join(shown) or "now"


def standing(events: Sequence[Event]) -> list[Event]:
    """The history without what was taken back."""
    undone = {event.data["undoes"] for event in events if event.action == "undo"}
    return [event for event in events if event.action != "undo" and event.seq not in undone]
