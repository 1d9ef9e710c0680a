"""The one question before something is recorded: exactly what, by whom, and what to mind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical, VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Static

from ocop_flow.tui.bench import Bench
from ocop_flow.tui.page import key_bar
from ocop_flow.tui.words import event_lines

Json = dict[str, Any]


class Confirm(ModalScreen[bool]):
    """Lines of (label, value) and warnings; True if agreed to."""

    # Not Enter, which has just been pressed to get here: what is recorded stays.
    BINDINGS: ClassVar = [Binding("c,y", "agree"), Binding("escape", "decline")]
    KEY_LABELS: ClassVar[Mapping[str, str]] = {"agree": "Yes, do it", "decline": "No, go back"}

    def __init__(
        self, bench: Bench, title: str, lines: Sequence[tuple[str, str]], warnings: Sequence[Json] = ()
    ) -> None:
        super().__init__()
        self.bench, self.question, self.shown, self.warnings = bench, title, lines, warnings

    def compose(self) -> ComposeResult:
        with Vertical(classes="panel"):
            yield Static(Text(self.question, style="bold"), classes="title")
            with VerticalScroll():
                yield Static(self._text())
            yield Static(key_bar(self.bench, type(self)), classes="panel-keys")

    def _text(self) -> Text:
        width = max((len(label) for label, _ in self.shown), default=0)
        said = Text()
        for label, value in self.shown:
            said.append(f"{label:<{width}}  " if width else "", style="bold")
            said.append(value + "\n")
        for item in self.warnings:
            said.append("! ", style="bold yellow")
            said.append(f"{item['message']}\n  → {item['remedy']}\n")
        return said

    def action_agree(self) -> None:
        self.dismiss(True)

    def action_decline(self) -> None:
        self.dismiss(False)


class Record(Confirm):
    """The same before an act is recorded."""

    KEY_LABELS: ClassVar[Mapping[str, str]] = {"agree": "Record it", "decline": "Not yet, go back"}


def recording(bench: Bench, who: str, tried: Json) -> Record:
    """The question about an act that was tried: every event it would add, word for word, and its warnings."""
    lines: list[tuple[str, str]] = []
    for event in tried["events"]:
        lines += [("", "")] * bool(lines) + event_lines(bench.table, event)
    answer = tried["answer"]
    warnings = answer.get("warnings", ()) if isinstance(answer, dict) else ()
    return Record(bench, bench.tr("You are {who}. Record this?", who=who), lines, warnings)
