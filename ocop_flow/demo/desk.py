"""The demo's office: a training database whose clock is set by hand, and the commands given at it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from ocop_flow.clock import VIET_NAM, FixedClock
from ocop_flow.domain.canonical import sha256
from ocop_flow.domain.commands import FileRef
from ocop_flow.errors import OcopFlowError
from ocop_flow.ports import UnitOfWork
from ocop_flow.service.office import Caller, Office, carry_out
from ocop_flow.service.office import line as carry_out_line

Json = dict[str, Any]
Service = Callable[[UnitOfWork, Office, Caller, Any], Any]

#: The office opens, closes, and so much later comes each next command of the day.
_OPENS, _CLOSES = time(7, 30), time(17, 0)
_PACE = timedelta(seconds=20)
#: Commands of one batch that are committed together (DESIGN principle 4).
_GROUP = 100


@dataclass(frozen=True, slots=True)
class Line:
    """One command: who types it, which service it asks, what it says."""

    handle: str
    service: Service
    command: Any


class Desk:
    """Carries out commands through the one command path, on the day that was set."""

    def __init__(self, office: Office, papers: Path) -> None:
        """``papers`` is the folder in which papers to hand in are written."""
        self._office = office
        self.papers = papers
        self.moment = office.clock.now()
        self.commands = 0

    @property
    def today(self) -> date:
        return self._office.today_of(self.moment)

    def begin(self, day: date) -> None:
        """Set the clock to the morning of a day; time never runs back."""
        self.moment = max(self.moment, datetime.combine(day, _OPENS, VIET_NAM))

    def end(self, day: date) -> None:
        """Set the clock to the evening of a day."""
        self.moment = max(self.moment, datetime.combine(day, _CLOSES, VIET_NAM))

    def do(self, handle: str, service: Service, command: Any) -> Any:
        """One command as one transaction."""
        office, caller = self._next(), Caller(handle)
        return carry_out(office, service.__name__, command, caller, lambda uow: service(uow, office, caller, command))

    def batch(self, lines: Iterable[Line]) -> list[Any]:
        """Many commands of one sitting at the desk, committed in groups; any refusal leaves its group unwritten."""
        waiting, answers = list(lines), []
        while waiting:
            group, waiting = waiting[:_GROUP], waiting[_GROUP:]
            with self._office.writer() as uow:
                answers += [self._one(uow, line) for line in group]
                uow.commit()
        return answers

    def _one(self, uow: UnitOfWork, line: Line) -> Any:
        office, caller = self._next(), Caller(line.handle)

        def work(inner: UnitOfWork) -> Any:
            return line.service(inner, office, caller, line.command)

        return carry_out_line(uow, office, line.service.__name__, line.command, caller, work)

    def refused(self, handle: str, service: Service, command: Any) -> OcopFlowError | None:
        """A command that the rules should refuse: the refusal, or None if it was carried out after all."""
        try:
            self.do(handle, service, command)
        except OcopFlowError as error:
            return error
        return None

    @contextmanager
    def reading(self) -> Iterator[tuple[UnitOfWork, Office]]:
        """A reader and the office of the moment."""
        office = self.office
        with office.reader() as uow:
            yield uow, office

    @property
    def office(self) -> Office:
        return replace(self._office, clock=FixedClock(self.moment))

    def keep(self, text: str, name: str) -> FileRef:
        """Write a small text as a file to hand in."""
        path = self.papers / name
        path.parent.mkdir(parents=True, exist_ok=True)
        data = text.encode("utf-8")
        path.write_bytes(data)
        return FileRef(sha256(data), name, len(data), str(path))

    def _next(self) -> Office:
        self.commands += 1
        self.moment += _PACE
        return self.office
