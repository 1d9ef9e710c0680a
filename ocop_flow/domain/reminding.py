"""Which rung of a duty to send now, when to look again, when an office reads its mail, when to try again."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

from ocop_flow.domain.ladder import UNIT_RECIPIENTS, Ladder, Rung, day_of, newest_due

if TYPE_CHECKING:
    from collections.abc import Collection

    from ocop_flow.domain.calendar import Calendar

#: The unit and the entity are reminded apart: a rung of one never takes the place of the other's.
SIDES: tuple[tuple[str, ...], ...] = (UNIT_RECIPIENTS, ("entity",))
#: A duty that was already past when it was recorded from paper: one line to the own unit, no ladder.
RECORDED_LATE = Rung("recorded_late", 0, "officer", False)
#: Tries of one message before a person must look at it.
MAX_ATTEMPTS = 8
#: How long a sender may keep a message that it has taken.
LEASE = timedelta(minutes=5)
_FIRST_WAIT = timedelta(minutes=2)
_LONGEST_WAIT = timedelta(hours=6)
#: No lease and no wait of ours ends later than so long from now: one that does was written before the clock was set
#: back. Clocks of two machines may differ by half of it.
FARTHEST_LEASE = 2 * LEASE
FARTHEST_TRY = 2 * _LONGEST_WAIT


@dataclass(frozen=True, slots=True)
class Look:
    """``rung`` to be sent now, None for none; ``next_on`` the day on which to look again, None for never."""

    rung: Rung | None
    next_on: date | None


@dataclass(frozen=True, slots=True)
class Hours:
    """When messages may go out, Vietnamese time; on working days alone."""

    opens: time
    closes: time


def look(
    ladder: Ladder,
    due_on: date,
    start_on: date | None,
    today: date,
    *,
    recorded_on: date | None = None,
    switched_on: Collection[str] = (),
    to: Collection[str] = UNIT_RECIPIENTS,
) -> Look:
    """What an open duty asks for on a day (DESIGN section 6).

    start_on     no rung before the duty has begun
    recorded_on  the day on which the duty became known here; None where that is not known
    to           one of ``SIDES``
    """
    if recorded_on is not None and recorded_on > due_on:
        return Look(RECORDED_LATE if RECORDED_LATE.to in to else None, None)
    days = [day_of(rung, due_on) for rung in ladder.rungs if rung.to in to]
    if start_on is not None and start_on > today:
        return Look(None, max(start_on, min(days)) if days else None)
    ahead = [day for day in days if day > today]
    newest = newest_due(ladder, due_on, today, switched_on=switched_on, to=to)
    return Look(newest, min(ahead, default=None))


def is_open(hours: Hours, calendar: Calendar, local: datetime) -> bool:
    """Whether an office is at work at a moment of Vietnamese time."""
    return calendar.is_working_day(local.date()) and hours.opens <= local.time() < hours.closes


def next_try(now: datetime, attempts: int, seed: str) -> datetime:
    """When to try a message again: twice as long each time, up to a quarter apart from others that failed with it.

    attempts  tries so far, at least 1
    seed      the message's identity, so that the same message waits the same time anywhere
    """
    wait: timedelta = min(_FIRST_WAIT * 2 ** (attempts - 1), _LONGEST_WAIT)
    share = int.from_bytes(hashlib.sha256(f"{seed}:{attempts}".encode()).digest()[:2]) / 65536
    return (now + wait * (1 + share / 4)).astimezone(UTC)
