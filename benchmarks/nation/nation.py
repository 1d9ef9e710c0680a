"""The nation in one year: who works where, what lies ahead, and what came of it so far."""

from __future__ import annotations

import heapq
import itertools
import random
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from benchmarks.nation.desk import TimedDesk

if TYPE_CHECKING:
    from benchmarks.nation.steps import Step


Json = dict[str, Any]


@dataclass
class Nation:
    """Who works where, and the days that lie ahead."""

    desk: TimedDesk
    chance: random.Random
    communes: list[tuple[str, str]]
    year: int
    agenda: list[tuple[date, int, Callable[[], None]]] = field(default_factory=list)
    #: (province, whether by written opinions) -> dossiers that wait for the council
    waiting: dict[tuple[str, bool], list[Step]] = field(default_factory=lambda: defaultdict(list))
    councils: dict[str, str] = field(default_factory=dict)
    lessons: dict[tuple[str, str, str], Json | None] = field(default_factory=dict)
    reminders: list[int] = field(default_factory=list)
    letters: int = 0
    opened: list[str] = field(default_factory=list)
    kinds: Counter[str] = field(default_factory=Counter)
    sittings: Counter[str] = field(default_factory=Counter)
    ends: Counter[str] = field(default_factory=Counter)
    _turn: Iterator[int] = field(default_factory=itertools.count)

    def at(self, day: date, act: Callable[[], None]) -> None:
        if day.year == self.year:
            heapq.heappush(self.agenda, (day, next(self._turn), act))

    def after(self, days: int) -> date:
        return self.desk.today + timedelta(days=self.chance.randint(1, days))
