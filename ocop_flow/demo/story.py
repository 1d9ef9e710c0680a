"""What is told of the year while it passes: lines with their day, and how often each thing happened in a month."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType

from ocop_flow.errors import Param, Reason


@dataclass(frozen=True, slots=True)
class Told:
    """One line: its day, and the text as a reason code of ``messages.demo``; ``because`` are refusals it quotes."""

    on: date
    text: Reason
    because: tuple[Reason, ...] = ()


@dataclass
class Story:
    """Lines in the order in which they happened, and (year, month) -> what happened how often."""

    lines: list[Told] = field(default_factory=list)
    months: dict[tuple[int, int], Counter[str]] = field(default_factory=dict)
    _told: set[str] = field(default_factory=set)

    def tell(self, on: date, code: str, /, because: tuple[Reason, ...] = (), **params: Param) -> None:
        self.lines.append(Told(on, Reason(f"demo_{code}", MappingProxyType(params)), because))

    def tell_once(self, on: date, code: str, /, **params: Param) -> None:
        """Tell the first of many like it."""
        if self.first(code):
            self.tell(on, code, (), **params)

    def first(self, what: str) -> bool:
        """Whether this is the first time that it is asked."""
        new = what not in self._told
        self._told.add(what)
        return new

    def count(self, on: date, what: str, number: int = 1) -> None:
        self.months.setdefault((on.year, on.month), Counter())[what] += number

    def passed(self) -> list[tuple[int, int]]:
        """The months in which something happened, in order."""
        return sorted({*self.months, *((line.on.year, line.on.month) for line in self.lines)})

    def of_month(self, year: int, month: int) -> list[Told]:
        return [line for line in self.lines if (line.on.year, line.on.month) == (year, month)]
