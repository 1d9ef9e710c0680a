"""One running of a time limit: from the entry that starts it, through the days its clock stands still, to its end.

The day of the event is not counted, a period of days ends on a working day (Civil Code 2015 arts 147-148), and while
the entity supplements the dossier the office's clock stands still (DESIGN section 6).
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
    """One running of a limit: from the entry that started it to the move that ended it.

    stopped        closed intervals: the clock stood still after the first day up to and including the second
    stopped_since  the day it was stopped and has not resumed; None while it runs
    """

    limit: Limit
    nth: int
    state: str
    started: Visit
    stopped: tuple[tuple[date, date], ...]
    stopped_since: date | None
    ended: Visit | None


def runs(dossier: Dossier, regime: Regime) -> list[Run]:
    """Every running of every limit that applies to the dossier, in order."""
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
    """The last day of a run, whether it is provisional, and how it was found.

    A run that is stopped now is given the day it would have if the clock resumed on the day it stopped.
    """
    period = run.limit.period
    key = (calendar.version, period.unit, period.count, run.started.on, run.started.state, run.stopped)
    kept = _found.get(key)
    if kept is None:
        if len(_found) > _KEPT:
            _found.clear()
        kept = _found[key] = _due(run, calendar)
    return kept


#: Answers that are kept: in one office many clocks start on one day.
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
