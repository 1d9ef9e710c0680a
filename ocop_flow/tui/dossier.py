"""One dossier: its facts, and the ways to its checklist, its history and its moves."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, ClassVar

from rich.text import Text
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.widget import Widget
from textual.widgets import Static

from ocop_flow.cli.output import unit_text, word
from ocop_flow.service import dossier_view
from ocop_flow.tui.bench import Bench
from ocop_flow.tui.page import Page
from ocop_flow.tui.words import day_text

Json = dict[str, Any]


class DossierPage(Page):
    """The facts of a dossier."""

    BINDINGS: ClassVar = [
        Binding("m", "moves"),
        Binding("c", "checklist"),
        Binding("h", "history"),
        Binding("a", "file"),
        Binding("u", "undo"),
        Binding("escape", "back"),
    ]
    KEY_LABELS: ClassVar[Mapping[str, str]] = {
        "moves": "Moves",
        "checklist": "Checklist",
        "history": "History",
        "file": "File evidence",
        "undo": "Take back",
        "back": "Back",
    }

    def __init__(self, bench: Bench, code: str) -> None:
        super().__init__(bench)
        self.code, self.shown = code, Json()

    def heading(self) -> str:
        return f"{self.tr('Dossier')} {self.code}"

    def body(self) -> Iterable[Widget]:
        yield VerticalScroll(Static("", id="facts"))

    def load(self) -> None:
        self.shown = self.bench.read(lambda uow, office, _: dossier_view.show(uow, office, self.code))
        self.query_one("#facts", Static).update(self._text())

    def _text(self) -> Text:
        pairs = [(label, str(value)) for label, value in self._facts() if value not in (None, "", False)]
        width = max(len(label) for label, _ in pairs)
        said = Text(f"{self.shown['product']}\n", style="bold")
        for label, value in pairs:
            said.append(f"{label:<{width}}  ", style="not bold dim")
            said.append(f"{value}\n", style="not bold")
        return said

    def _facts(self) -> Iterator[tuple[str, object]]:
        value, table = self.shown, self.bench.table
        yield self.tr("Entity"), f"{value['entity']} ({word(table, value['entity_kind'])})"
        yield self.tr("State"), value["state_label"]
        yield self.tr("Held by"), unit_text(value["holder"]) if value["holder"] else ""
        yield self.tr("Due on"), day_text(value["due_on"])
        yield self.tr("Commune"), unit_text(value["commune"])
        yield self.tr("Product set"), value["product_set_label"] or value["product_set"]
        yield self.tr("Kind"), f"{word(table, value['kind'])}, {word(table, value['track'])}"
        yield self.tr("Regime"), value["decision"]
        yield self.tr("Plan"), value["plan"]
        yield self.tr("Mean total"), value["mean_total"]
        yield self.tr("Stars (computed)"), value["stars"]
        yield self.tr("Stars (decided)"), value["stars_decided"]
        yield self.tr("Certificate"), value["certificate"]
        yield self.tr("Disputed"), self.tr("yes") if value["disputed"] else ""
        yield self.tr("Opened on"), day_text(value["opened_on"])
        yield self.tr("Closed on"), day_text(value["closed_on"])
        yield self.tr("Version"), value["version"]

    def action_moves(self) -> None:
        from ocop_flow.tui.moves import Moves

        if self.shown:
            self.app.push_screen(Moves(self.bench, self.shown))

    def action_checklist(self) -> None:
        from ocop_flow.tui.checklist import Checklist

        if self.shown:
            self.app.push_screen(Checklist(self.bench, self.shown))

    def action_history(self) -> None:
        from ocop_flow.tui.history import History

        self.app.push_screen(History(self.bench, self.code))

    def action_file(self) -> None:
        from ocop_flow.tui.filing import Filing

        if self.shown:
            self.app.push_screen(Filing(self.bench, self.shown, None))

    def action_undo(self) -> None:
        from ocop_flow.tui.undoing import Undoing

        if self.shown:
            self.app.push_screen(Undoing(self.bench, self.shown))
