"""The scheduler: a few idempotent jobs at their times; what is due stands in the database, not here.

Any number of schedulers may run at once: jobs take locks and leases in the database. A job that fails is told on
stderr and runs again at its next time, so a database that goes away and comes back needs no restart.
"""

from __future__ import annotations

import json
import signal
import sys
import threading
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from ocop_flow.clock import SystemClock
from ocop_flow.errors import OcopFlowError, Reason, reason
from ocop_flow.service import delivery, heads, reminders, upkeep

if TYPE_CHECKING:
    from datetime import datetime
    from types import FrameType

    from ocop_flow.bootstrap import PostRoom
    from ocop_flow.service.office import Office

Json = dict[str, Any]
#: Seconds between two runs of each job, in the order in which they run at the start. The end of a certificate is
#: reminded of before it is recorded.
INTERVALS = {"scan": 60, "expire": 600, "deliver": 60, "heads": 3600, "housekeeping": 86400}


def jobs(
    office: Office, room: PostRoom, *, ignore_hours: bool = False, stopped: Callable[[], bool] = lambda: False
) -> dict[str, Callable[[], Json]]:
    """Job -> what it does; once ``stopped`` is true, delivery ends after the message under way."""
    hours = None if ignore_hours else room.hours

    def scan() -> Json:
        with office.writer() as uow:
            return reminders.scan(uow, office, room.ladders)

    def housekeeping() -> Json:
        with office.writer() as uow:
            found = upkeep.tidy(uow, office)
            reminders.beat(uow, "housekeeping", office.clock.now())
            uow.commit()
        return found

    def expire() -> Json:
        found = upkeep.expire(office)
        with office.writer() as uow:
            reminders.beat(uow, "expire", office.clock.now())
            uow.commit()
        return found

    def head() -> Json:
        with office.writer() as uow:
            found = heads.keep_up(uow, office)
            reminders.beat(uow, "heads", office.clock.now())
            uow.commit()
        return found

    def deliver() -> Json:
        return delivery.deliver(office, room.renderer, room.channel, hours, lease=room.lease(), stopped=stopped)

    return {"scan": scan, "expire": expire, "deliver": deliver, "heads": head, "housekeeping": housekeeping}


def once(office: Office, room: PostRoom, *, ignore_hours: bool = False) -> Json:
    """Run each job one time; a job that fails is told under ``problems`` and stops none of the others."""
    found: Json = {"problems": []}
    for name, job in jobs(office, room, ignore_hours=ignore_hours).items():
        try:
            found[name] = job()
        except OcopFlowError as error:
            found["problems"] += error.reasons
        except Exception as error:  # noqa: BLE001 - what goes wrong in one job is told and keeps none from running
            detail = f"{type(error).__name__}: {error}".splitlines()[0]
            found["problems"].append(reason("job_failed", job=name, detail=detail))
    return found


def run(office: Office, room: PostRoom, say: Callable[[Reason], str]) -> None:
    """Run the jobs at their times until SIGTERM or SIGINT; the message or batch under way is finished first.

    say  puts a reason into words for the log
    """
    stop = threading.Event()

    def end(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    kept = {number: signal.signal(number, end) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        work(office, room, say, stop)
    finally:
        for number, handler in kept.items():
            signal.signal(number, handler)


def work(office: Office, room: PostRoom, say: Callable[[Reason], str], stop: threading.Event) -> None:
    """The same until ``stop`` is set."""
    from apscheduler.executors.pool import ThreadPoolExecutor
    from apscheduler.schedulers.background import BackgroundScheduler

    scheduler = BackgroundScheduler(
        # One thread: the jobs of one process take turns.
        executors={"default": ThreadPoolExecutor(1)},
        job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1},
        timezone="UTC",
    )
    for name, job in jobs(office, room, stopped=stop.is_set).items():
        attempt = _told(name, job, say)
        scheduler.add_job(attempt, "interval", seconds=INTERVALS[name], id=name)
        if not stop.is_set():
            attempt()
    scheduler.start()
    while not stop.wait(min(INTERVALS.values())):
        follow_clock(scheduler, SystemClock().now())
    # Without jobs nothing new begins while the one under way is waited for.
    scheduler.remove_all_jobs()
    scheduler.shutdown(wait=True)


def follow_clock(scheduler: Any, now: datetime) -> None:
    """Run at once what waits for a time further away than its interval: the clock was set back meanwhile."""
    for job in scheduler.get_jobs():
        if job.next_run_time - now > timedelta(seconds=2 * INTERVALS[job.id]):
            job.modify(next_run_time=now)


def _told(name: str, job: Callable[[], Json], say: Callable[[Reason], str]) -> Callable[[], None]:
    """The job with its outcome on stderr instead of an error."""

    def attempt() -> None:
        try:
            _log(name, job())
        except OcopFlowError as error:
            _log(name, {"error": [say(each) for each in error.reasons]})
        except Exception as error:  # noqa: BLE001 - the edge: a scheduler that dies reminds nobody
            _log(name, {"error": [f"{type(error).__name__}: {error}"]})

    return attempt


def _log(name: str, found: Json) -> None:
    """One line for each run that did something."""
    told = {key: value for key, value in found.items() if value and key != "left"}
    if told:
        print(json.dumps({"job": name, **told}, ensure_ascii=False), file=sys.stderr, flush=True)  # noqa: T201
