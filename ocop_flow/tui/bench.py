"""Where screens meet the office: reading, trying an act, recording it; and every fault as one family of errors."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from ocop_flow import bootstrap
from ocop_flow.cli.base import Desk
from ocop_flow.cli.output import plain
from ocop_flow.cli.writing import answer
from ocop_flow.errors import OcopFlowError
from ocop_flow.ports import UnitOfWork
from ocop_flow.service.office import Caller, Office

Json = dict[str, Any]
T = TypeVar("T")
Use = Callable[[UnitOfWork, Office, Caller], T]


@dataclass(frozen=True, slots=True)
class Step:
    """One act as a command carries it out.

    name      what the command is called
    command   a value with an ``act``
    work      the use case inside a transaction
    dossiers  codes of the dossiers whose histories it lengthens
    """

    name: str
    command: Any
    work: Use[Any]
    dossiers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Bench:
    """The desk of the invocation, for as long as the screens are open."""

    table: Desk

    def tr(self, text: str, **values: object) -> str:
        return self.table.tr(text, **values)

    def caller(self) -> Caller:
        """Who is at the keyboard now: a login that was idle too long has ended meanwhile.

        raises  Refused where nobody is logged in
        """
        found = bootstrap.caller(self.table.settings, self.table.office)
        found.known()
        return found

    def read(self, use: Use[Any]) -> Any:
        """What a use case finds, its texts in the caller's language."""
        caller = self.caller()
        with self.table.office.reader() as uow:
            return plain(use(uow, self.table.office, caller), self.table.language)

    def read_as_is(self, use: Use[T]) -> T:
        """What a use case finds, for screens that hand it on to another one."""
        caller = self.caller()
        with self.table.office.reader() as uow:
            return use(uow, self.table.office, caller)

    def tried(self, step: Step) -> Json:
        """What the act would answer and the events it would record; nothing is written."""
        table = self._at_work(dry_run=True)

        def work(uow: UnitOfWork) -> Json:
            before = {code: len(uow.events("dossier", code)) for code in step.dossiers}
            found = step.work(uow, table.office, table.caller)
            return {"answer": found, "events": _added(uow, table.office, before)}

        tried: Json = answer(table, step.name, step.command, work, _silent)
        return tried

    def done(self, step: Step) -> Any:
        """The act recorded: its answer, as the command prints it."""
        table = self._at_work(dry_run=False)
        return answer(table, step.name, step.command, lambda uow: step.work(uow, table.office, table.caller), _silent)

    def _at_work(self, *, dry_run: bool) -> Desk:
        """A desk that asks nothing on the terminal, for the screens have asked."""
        return replace(self.table, yes=True, as_json=False, dry_run=dry_run, _caller=self.caller())


def _silent(_found: Any) -> None:
    """The screens show the answer themselves."""


def _added(uow: UnitOfWork, office: Office, before: dict[str, int]) -> list[Json]:
    from ocop_flow.service import history

    return [
        {**event, **law_words(uow, event)}
        for code, count in before.items()
        for event in history.listed(uow, office, code)[count:]
    ]


def law_words(uow: UnitOfWork, event: Json) -> Json:
    """States and fields of an event by the names that its law gives them."""
    from ocop_flow.domain.decide import fields_of

    regime = uow.law(event["workflow_hash"]).regime
    action = regime.actions.get(event["action"])
    states = {name: regime.states[event[name]].label for name in ("from_state", "to_state") if event[name]}
    return {
        "from_label": states.get("from_state"),
        "to_label": states.get("to_state"),
        "field_labels": {need.name: need.label for need in fields_of(action)} if action else {},
    }


def known_fault(error: Exception) -> OcopFlowError | None:
    """A fault that people can act on: ours, or the database's in our words; None for a fault of the program."""
    from ocop_flow.store.faults import of_database, unavailable

    if isinstance(error, OcopFlowError):
        return error
    return unavailable(error, "sqlite://") if of_database(error) else None
