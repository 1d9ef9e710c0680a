"""Whether reminders run: a scheduler that stands still, letters that were given up."""

from __future__ import annotations

from datetime import timedelta

from ocop_flow.domain.event import parse_time
from ocop_flow.errors import Reason, reason
from ocop_flow.ports import UnitOfWork
from ocop_flow.service.office import Office

#: Longer than any weekend: without a scan for so long nobody hears of anything.
_SILENCE = timedelta(days=3)


def troubles(uow: UnitOfWork, office: Office) -> list[Reason]:
    """A warning for each."""
    return [*_still(uow, office), *_given_up(uow)]


def _still(uow: UnitOfWork, office: Office) -> list[Reason]:
    """Where people learn and try, a scheduler need never have run."""
    beats = uow.query("SELECT at FROM heartbeat WHERE job = 'scan'")
    if beats:
        last = parse_time(beats[0]["at"])
        still = office.clock.now() - last > _SILENCE
        return [reason("scan_overdue", day=office.today_of(last).isoformat())] if still else []
    waiting = uow.query("SELECT 1 AS n FROM deadline WHERE outcome IS NULL AND ladder IS NOT NULL LIMIT 1")
    return [reason("scan_never")] if waiting and not office.sandbox else []


def _given_up(uow: UnitOfWork) -> list[Reason]:
    count = uow.query("SELECT count(*) AS n FROM message WHERE status = 'failed'")[0]["n"]
    return [reason("letters_failed", count=count)] if count else []
