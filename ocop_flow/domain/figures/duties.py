"""Duties by the day on which they are due: what a calendar of deadlines shows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from ocop_flow.domain.figures.sheet import Row, Sheet


class Due(NamedTuple):
    """A duty that was open at the end of a day; ``late``: its day was over by then, and its clock ran."""

    on: date
    kind: str
    late: bool


def by_day(due: Iterable[Due]) -> Sheet:
    """A row for each day and kind of duty."""
    counted, late = Counter[tuple[date, str]](), Counter[tuple[date, str]]()
    for each in due:
        counted[each.on, each.kind] += 1
        late[each.on, each.kind] += each.late
    rows: tuple[Row, ...] = tuple(
        {"due_on": day, "duty": kind, "duties": number, "late": late[day, kind]}
        for (day, kind), number in sorted(counted.items())
    )
    total: Row = {"duties": counted.total(), "late": late.total()}
    return Sheet("duties_by_day", ("due_on", "duty", "duties", "late"), rows, total)
