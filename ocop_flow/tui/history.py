"""Every event of a dossier; Enter shows one whole."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from textual.binding import Binding
from textual.widget import Widget

from ocop_flow.ports import UnitOfWork
from ocop_flow.service import history
from ocop_flow.service.office import Caller, Office
from ocop_flow.tui.bench import Bench, law_words
from ocop_flow.tui.page import Page
from ocop_flow.tui.rows import Rows
from ocop_flow.tui.words import act_name, day_text

Json = dict[str, Any]
COLUMN_LABELS = ("No.", "Day", "Action", "Done by", "Document")


class History(Page):
    """Newest at the end, where the cursor starts."""

    BINDINGS: ClassVar = [Binding("enter", "open"), Binding("escape", "back")]
    KEY_LABELS: ClassVar[Mapping[str, str]] = {"open": "Show", "back": "Back"}

    def __init__(self, bench: Bench, code: str) -> None:
        super().__init__(bench)
        self.code, self.events = code, list[Json]()

    def heading(self) -> str:
        return f"{self.tr('History')} · {self.code}"

    def body(self) -> Iterable[Widget]:
        yield Rows()

    def on_mount(self) -> None:
        self.query_one(Rows).focus()

    def load(self) -> None:
        first = not self.events
        self.events = self.bench.read(self._listed)
        lines = [(str(event["seq"]), self._cells(event)) for event in self.events]
        rows = self.query_one(Rows)
        rows.fill([self.tr(label) for label in COLUMN_LABELS], lines, (2, 3, 4))
        if first:
            rows.move_cursor(row=len(lines) - 1)

    def _listed(self, uow: UnitOfWork, office: Office, _caller: Caller) -> list[Json]:
        return [{**event, **law_words(uow, event)} for event in history.listed(uow, office, self.code)]

    def _cells(self, event: Json) -> tuple[object, ...]:
        signer = event["signer"]["number"] if event["signer"] else ""
        name = act_name(self.bench.table, event)
        return event["seq"], day_text(event["occurred_on"]), name, event["actor"]["name"], signer

    def action_open(self) -> None:
        from ocop_flow.tui.event import EventPanel

        chosen = self.query_one(Rows).chosen()
        event = next((each for each in self.events if str(each["seq"]) == chosen), None)
        if event is not None:
            self.app.push_screen(EventPanel(self.bench, event))
