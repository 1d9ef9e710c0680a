"""The panel that says why something was not done, and what to do next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical, VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Static

from ocop_flow.cli.output import sourced
from ocop_flow.errors import Conflict, InputInvalid, OcopFlowError, Unavailable
from ocop_flow.tui.bench import Bench
from ocop_flow.tui.page import key_bar
from ocop_flow.tui.words import reason_lines


class Faults(ModalScreen[None]):
    """Every reason with its source and its remedy.

    happened  what was recorded meanwhile, where the record has moved on
    """

    BINDINGS: ClassVar = [Binding("escape,enter", "close")]
    KEY_LABELS: ClassVar[Mapping[str, str]] = {"close": "Back"}

    def __init__(self, bench: Bench, error: OcopFlowError, happened: Sequence[str] = ()) -> None:
        super().__init__()
        self.bench, self.error, self.happened = bench, error, happened

    def compose(self) -> ComposeResult:
        with Vertical(classes="panel fault"):
            yield Static(Text(self._title(), style="bold"), classes="title")
            with VerticalScroll():
                yield Static(self._text())
            yield Static(key_bar(self.bench, type(self)), classes="panel-keys")

    def _title(self) -> str:
        if isinstance(self.error, Conflict):
            return self.bench.tr("Not recorded: someone has been here meanwhile")
        if isinstance(self.error, InputInvalid):
            return self.bench.tr("Not recorded: please correct what was typed")
        if isinstance(self.error, Unavailable):
            return self.bench.tr("Not possible at the moment")
        return self.bench.tr("Not recorded: a rule stands against it")

    def _text(self) -> Text:
        said = Text()
        for item in reason_lines(self.bench.table, self.error):
            said.append("✗ ", style="bold red")
            said.append(item["message"])
            said.append(sourced(self.bench.table.language, item["source"]), style="dim")
            said.append(f"\n  → {item['remedy']}\n")
        if self.happened:
            said.append("\n" + self.bench.tr("Since you looked:") + "\n", style="bold")
            said.append("\n".join(f"• {line}" for line in self.happened))
            said.append("\n" + self.bench.tr("The screen now shows the dossier as it stands."))
        return said

    def action_close(self) -> None:
        self.dismiss(None)
