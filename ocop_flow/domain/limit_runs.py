"""When a time limit of a dossier started, when its clock was stopped, and on which day it ends.

A limit starts when the dossier enters one of the limit's states. The clock stops while the dossier is in a state that
stops it, such as the one in which the entity supplements papers (DESIGN section 6), and goes on when the dossier comes
back. A dossier that comes back later, after the limit had ended, starts it anew: that is a second run. The first day is
not counted, and a period of days or months ends on a working day (Civil Code 2015 arts 147-148).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from ocop_flow.domain.calendar import add_months
from ocop_flow.errors import Reason, reason

if TYPE_CHECKING:
    from ocop_flow.domain.calendar import Calendar
    from ocop_flow.domain.dossier import Dossier, Visit
    from ocop_flow.domain.regime import Limit, Regime

_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Run:
    """One run of a limit, from the visit that started it to the visit that ended it.

    nth            1 for the first run of this limit in the dossier, 2 for the second …
    state          the last of the limit's states in which the dossier was
    stopped        stops that are over, as (day stopped, day resumed): the days after the first, up to and including
                   the second, are not counted
    stopped_since  the day of a stop that is not over; None while the clock runs
    ended          None while the dossier is under the limit or the clock is stopped
    """

    limit: Limit
    nth: int
    state: str
    started: Visit
    stopped: tuple[tuple[date, date], ...]
    stopped_since: date | None
    ended: Visit | None


def runs(dossier: Dossier, regime: Regime) -> list[Run]:
    """All runs of the limits that apply to the dossier's kind: by limit in the order of the law, then by time.

    A limit for which the law sets no number of days is left out.
    """
    found: list[Run] = []
    for limit in regime.limits.values():
        if limit.period.count is not None and (not limit.kinds or dossier.kind in limit.kinds):
            found += _runs(limit, dossier, regime)
    return found


def _runs(limit: Limit, dossier: Dossier, regime: Regime) -> list[Run]:
    found: list[Run] = []
    started: Visit | None = None
    state = ""
    stopped: list[tuple[date, date]] = []
    since: date | None = None
    for visit in dossier.visits:
        if visit.state in limit.states:
            if started is None:
                started, stopped = visit, []
            elif since is not None:
                stopped.append((since, visit.on))
            state, since = visit.state, None
        elif started is None:
            continue
        elif not _pauses(visit.state, regime):
            if since is not None:
                stopped.append((since, visit.on))
            found.append(Run(limit, len(found) + 1, state, started, tuple(stopped), None, visit))
            started = since = None
        elif since is None:
            since = visit.on
    if started is not None:
        found.append(Run(limit, len(found) + 1, state, started, tuple(stopped), since, None))
    return found


def _pauses(state: str, regime: Regime) -> bool:
    found = regime.states.get(state)
    return found is not None and found.clock_stopped


def due(run: Run, calendar: Calendar) -> tuple[date, bool, tuple[Reason, ...]]:
    """(last day of a run, whether the calendar may still change it, the steps that explain it).

    For a run whose clock is stopped the days of that open stop are not added yet.
    """
    period = run.limit.period
    key = (calendar.version, period.unit, period.count, run.started.on, run.started.state, run.stopped)
    kept = _found.get(key)
    if kept is None:
        if len(_found) > _KEPT:
            _found.clear()
        kept = _found[key] = _due(run, calendar)
    return kept


#: Answers remembered by ``due``, since many limits of one office start on the same day; beyond this many all are
#: forgotten.
_KEPT = 10_000
_found: dict[tuple[object, ...], tuple[date, bool, tuple[Reason, ...]]] = {}


def _due(run: Run, calendar: Calendar) -> tuple[date, bool, tuple[Reason, ...]]:
    period, start = run.limit.period, run.started.on
    count = period.count or 0
    steps = [reason("step_started", day=start.isoformat(), state=run.started.state)]
    steps += [
        reason("step_stopped", since=since.isoformat(), until=until.isoformat(), days=(until - since).days)
        for since, until in run.stopped
    ]
    counted = start
    if period.unit == "working_days":
        day = _working_days(start, count, run.stopped, calendar)
        steps.append(reason("step_working_days", count=count, day=day.isoformat()))
    else:
        lost = sum((until - since).days for since, until in run.stopped)
        end = add_months(start, count) if period.unit == "months" else start + timedelta(count)
        end += timedelta(lost)
        # What lies before the end of a period of days or months is not asked whether it was worked.
        counted, day = end, calendar.next_working_day(end)
        steps.append(reason("step_days", count=count, unit=period.unit, day=end.isoformat()))
        if day != end:
            steps.append(reason("step_shifted", day=day.isoformat(), source="Civil Code 2015 art. 148"))
    return day, calendar.provisional(counted, day), tuple(steps)


def _working_days(start: date, count: int, stopped: tuple[tuple[date, date], ...], calendar: Calendar) -> date:
    day, left = start, count
    while left > 0:
        day += _ONE_DAY
        standing = any(since < day <= until for since, until in stopped)
        if not standing and calendar.is_working_day(day):
            left -= 1
    return day
