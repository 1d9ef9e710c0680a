"""Duties by the day on which they are due: what a calendar of deadlines shows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date

from ocop_flow.domain.figures.sheet import Row, Sheet


def by_day(due: Iterable[tuple[date, str]], on: date) -> Sheet:
    """A row for each day with open duties; ``due``: (day, kind) of each duty open at the end of ``on``."""
    counted: Counter[tuple[date, str]] = Counter(due)
    rows: tuple[Row, ...] = tuple(
        {"due_on": day, "duty": kind, "duties": number, "late": number if day < on else 0}
        for (day, kind), number in sorted(counted.items())
    )
    late = sum(number for (day, _), number in counted.items() if day < on)
    return Sheet("duties_by_day", ("due_on", "duty", "duties", "late"), rows, {"duties": counted.total(), "late": late})
