"""A scheduler that runs as a service in a process of its own, its times shortened to moments."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from datetime import datetime
from importlib import import_module
from pathlib import Path
from typing import Any

from ocop_flow import bootstrap, daemon
from ocop_flow.config import Settings
from ocop_flow.errors import OcopFlowError
from ocop_flow.notify import catalogue

# Read before the process forks: a service then starts in a moment.
catalogue.load()
bootstrap.calendar()
bootstrap.ladders()
for name in ("psycopg", "sqlalchemy.dialects.postgresql.psycopg", "apscheduler.schedulers.background"):
    import_module(name)
#: Seconds between two runs of a job.
_MOMENT = 0.3


@dataclass(frozen=True, slots=True)
class Service:
    """``db``: URL; letters and what it says go to ``folder``."""

    db: str
    folder: Path
    now: datetime


def serve(service: Service, stop: Any) -> None:
    """Run until ``stop`` is set. A start that finds no database is made anew, as whoever looks after services does."""
    with (service.folder / "service.log").open("a", encoding="utf-8") as log:
        sys.stderr = log
        while not stop.is_set():
            try:
                office = bootstrap.open_office(Settings(service.db, "vi", None, service.now))
            except OcopFlowError:
                stop.wait(_MOMENT)
                continue
            os.environ["OCOP_MAIL"] = f"dir:{service.folder / 'outgoing'}"
            room = bootstrap.post_room(Settings(service.db, "vi", None, service.now))
            daemon.INTERVALS.update(dict.fromkeys(daemon.INTERVALS, _MOMENT))  # type: ignore[arg-type]
            daemon.work(office, room, lambda each: each.code, stop)
