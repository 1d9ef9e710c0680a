"""The days of the year in turn: what is due in the morning, then the work."""

from __future__ import annotations

import heapq
from datetime import timedelta
from time import perf_counter

from benchmarks.nation.filing import days_of
from benchmarks.nation.nation import Nation
from benchmarks.nation.steps import sit
from ocop_flow import bootstrap
from ocop_flow.ports import Mail
from ocop_flow.service import (
    delivery,
    reminders,
)


class Nowhere:
    """A way out that takes every letter and keeps none."""

    def __enter__(self) -> Nowhere:
        return self

    def __exit__(self, *_: object) -> None: ...

    def send(self, mail: Mail) -> None: ...


def live(nation: Nation, room: bootstrap.PostRoom) -> None:
    """Every day in turn: what is due in the morning, then the work."""
    for day in days_of(nation.year):
        nation.desk.begin(day)
        if day.weekday() < 5:
            morning(nation, room)
        if (day + timedelta(days=1)).day == 1 or day.day == 15:
            for province, written in sorted(nation.waiting):
                sit(nation, province, written)
        while nation.agenda and nation.agenda[0][0] <= day:
            heapq.heappop(nation.agenda)[2]()


def morning(nation: Nation, room: bootstrap.PostRoom) -> None:
    """What is due is found and queued, and the letters that wait are delivered."""
    office, watch = nation.desk.office, nation.desk.watch
    began = perf_counter()
    with office.writer() as uow:
        found = reminders.scan(uow, office, room.ladders)
    watch.seconds["scan"].append(perf_counter() - began)
    nation.reminders.append(found["queued"])
    sent = delivery.deliver(office, room.renderer, Nowhere(), None, lease=room.lease())
    nation.letters += sent["sent"]
