"""The simulated year: an agenda of days on which lives of dossiers, councils and the plan go on."""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Any

from ocop_flow.demo.cases import Case
from ocop_flow.demo.desk import Desk
from ocop_flow.demo.facts import Facts
from ocop_flow.demo.story import Story
from ocop_flow.domain.calendar import Calendar
from ocop_flow.domain.units import Unit

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Before:
    """A dossier waits for a sitting of this unit's council."""

    unit: Unit
    case: Case


#: A life goes on on the day it names, or after the sitting it waits for.
Life = Generator[date | Before, None, None]
Progress = Callable[[date, int], None]


@dataclass
class Year:
    """One year at one desk.

    communes    of the districts, as the year's tree has them
    plan        identity of the plan, once it is loaded
    target      products that the plan wants recognised, all years together
    waiting     unit code -> lives that wait for its council
    recognised  stars -> products recognised in the year
    """

    facts: Facts
    desk: Desk
    story: Story
    calendar: Calendar
    random: Random
    province: Unit
    centre: Unit
    districts: tuple[Unit, ...]
    communes: tuple[Unit, ...]
    plan: str = ""
    target: int = 0
    waiting: dict[str, list[tuple[Case, Life]]] = field(default_factory=dict)
    recognised: Counter[int] = field(default_factory=Counter)
    _agenda: list[tuple[date, int, Life]] = field(default_factory=list)
    _turn: int = 0
    _numbers: Counter[str] = field(default_factory=Counter)
    _decisions: dict[tuple[str, date, str], str] = field(default_factory=dict)

    # --- the days ----------------------------------------------------------------------------------------------------

    @property
    def today(self) -> date:
        return self.desk.today

    def add(self, life: Life, on: date | None = None) -> None:
        """Let a life begin, or go on, on a day."""
        self._turn += 1
        heapq.heappush(self._agenda, (on or self.facts.begins_on, self._turn, life))

    def run(self, progress: Progress) -> None:
        """Pass every day until the year's last; what is planned for later does not happen."""
        while self._agenda and self._agenda[0][0] <= self.facts.ends_on:
            day, _, life = heapq.heappop(self._agenda)
            if day > self.today:
                progress(day, self.desk.commands)
            self.desk.begin(day)
            self._go_on(life)
        self.desk.end(self.facts.ends_on)

    def _go_on(self, life: Life) -> None:
        found = next(life, None)
        if isinstance(found, Before):
            self.waiting.setdefault(found.unit.code, []).append((found.case, life))
        elif found is not None:
            self.add(life, max(found, self.today))

    def working(self, day: date) -> date:
        """The day itself or the next working day."""
        return self.calendar.next_working_day(day)

    def between(self, random: Random, first: tuple[int, int], last: tuple[int, int]) -> date:
        """A working day between two (month, day), or today if that is later."""
        start, end = (date(self.facts.year, *each) for each in (first, last))
        return self.working(max(start + timedelta(days=random.randint(0, (end - start).days)), self.today))

    def after(self, random: Random, least: int, most: int) -> date:
        """A working day so many days after today."""
        return self.working(self.today + timedelta(days=random.randint(least, most)))

    def on(self, month: int, day: int) -> date:
        return self.working(date(self.facts.year, month, day))

    # --- numbers of papers -------------------------------------------------------------------------------------------

    def decision(self, unit: Unit, matter: str) -> str:
        """The number of the unit's decision of today on a matter: one paper for all dossiers of the day."""
        key = (unit.code, self.today, matter)
        if key not in self._decisions:
            self._numbers[unit.code] += 1
            issuer = "QĐ-BNN" if unit.tier == "central" else "QĐ-UBND"
            self._decisions[key] = f"{100 + self._numbers[unit.code]}/{issuer}"
        return self._decisions[key]
