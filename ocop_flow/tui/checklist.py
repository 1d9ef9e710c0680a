"""What each move of a dossier asks for: papers at hand and missing, and everything else that stands in the way."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from rich.text import Text
from textual.binding import Binding
from textual.widget import Widget
from textual.widgets import Static

from ocop_flow.service import dossier_actions, dossier_view
from ocop_flow.tui.bench import Bench
from ocop_flow.tui.page import Page
from ocop_flow.tui.rows import Rows

Json = dict[str, Any]
COLUMN_LABELS = ("Evidence", "At hand", "Needed", "Missing", "For the move")


class Checklist(Page):
    """One line for each paper of each move; Enter files it."""

    BINDINGS: ClassVar = [Binding("enter", "open"), Binding("r", "reload"), Binding("escape", "back")]
    KEY_LABELS: ClassVar[Mapping[str, str]] = {"open": "File evidence", "reload": "Read again", "back": "Back"}

    def __init__(self, bench: Bench, shown: Json) -> None:
        super().__init__(bench)
        self.shown, self.asked = shown, list[tuple[Json, Json]]()

    def heading(self) -> str:
        return f"{self.tr('Checklist')} · {self.shown['code']} · {self.shown['product']}"

    def body(self) -> Iterable[Widget]:
        yield Rows()
        yield Static("", id="about")

    def on_mount(self) -> None:
        self.query_one(Rows).focus()

    def load(self) -> None:
        code = self.shown["code"]
        self.shown = self.bench.read(lambda uow, office, _: dossier_view.show(uow, office, code))
        found = self.bench.read(
            lambda uow, office, caller: dossier_actions.actions(uow, office, caller, code, everything=True)
        )
        self.asked = [(item, need) for item in found for need in item["needs"]["evidence"]]
        lines = [(f"{place}", _cells(action, need)) for place, (action, need) in enumerate(self.asked)]
        self.query_one(Rows).fill([self.tr(label) for label in COLUMN_LABELS], lines, (0, 4))
        missing = sum(max(0, need["required"] - need["have"]) for _, need in self.asked)
        self.tell(self.tr("Missing: {count} papers.", count=missing) if missing else self.tr("No paper is missing."))
        self._about()

    def on_data_table_row_highlighted(self) -> None:
        self._about()

    def _about(self) -> None:
        """What else the move of this line needs, in the words of its reasons."""
        place = self.query_one(Rows).chosen()
        reasons = self.asked[int(place)][0]["reasons"] if place is not None else []
        others = [each["message"] for each in reasons if each["code"] != "evidence_missing"]
        self.query_one("#about", Static).update(Text("\n".join(f"• {text}" for text in others[:3])))

    def action_open(self) -> None:
        place = self.query_one(Rows).chosen()
        if place is not None:
            from ocop_flow.tui.filing import Filing

            self.app.push_screen(Filing(self.bench, self.shown, self.asked[int(place)][1]))

    def action_reload(self) -> None:
        self.reload()


def _cells(action: Json, need: Json) -> tuple[object, ...]:
    lacking = max(0, need["required"] - need["have"])
    return need["label"], need["have"], need["required"], lacking or "✓", action["label"]
