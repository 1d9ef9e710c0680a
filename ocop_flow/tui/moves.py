"""The moves open to the caller: what each needs and what still stands against it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from rich.text import Text
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.widget import Widget
from textual.widgets import Static

from ocop_flow.cli.output import sourced, word
from ocop_flow.service import dossier_actions, dossier_view
from ocop_flow.tui.bench import Bench
from ocop_flow.tui.page import Page
from ocop_flow.tui.rows import Rows

Json = dict[str, Any]
COLUMN_LABELS = ("Ready", "Action", "Leads to", "Who acts")


class Moves(Page):
    """What may be done first; Enter asks for what the move needs."""

    BINDINGS: ClassVar = [Binding("enter", "open"), Binding("v", "everything"), Binding("escape", "back")]
    KEY_LABELS: ClassVar[Mapping[str, str]] = {"open": "Prepare", "everything": "All moves / mine", "back": "Back"}

    def __init__(self, bench: Bench, shown: Json) -> None:
        super().__init__(bench)
        self.shown, self.all, self.found = shown, False, list[Json]()

    def heading(self) -> str:
        return f"{self.tr('Moves')} · {self.shown['code']} · {self.shown['state_label']}"

    def body(self) -> Iterable[Widget]:
        yield Rows()
        yield VerticalScroll(Static("", id="needs"), id="needs-box")

    def on_mount(self) -> None:
        self.query_one(Rows).focus()

    def reload(self) -> None:
        """After a move this is the list of the state before: on to the dossier."""
        below = self.app.screen_stack[-2]
        if self.recorded and isinstance(below, Page):
            below.recorded = self.recorded
            self.app.pop_screen()
            return
        super().reload()

    def load(self) -> None:
        code = self.shown["code"]
        self.shown = self.bench.read(lambda uow, office, _: dossier_view.show(uow, office, code))
        found: list[Json] = self.bench.read(
            lambda uow, office, caller: dossier_actions.actions(uow, office, caller, code, everything=self.all)
        )
        self.found = sorted(found, key=lambda item: not item["allowed"])
        if not self.found:
            self.tell(self.tr("Nothing to be done here by you."))
        else:
            self.tell(self.tr("Every move from this state, whoever may make it.") if self.all else "")
        lines = [(item["action"], self._cells(item)) for item in self.found]
        self.query_one(Rows).fill([self.tr(label) for label in COLUMN_LABELS], lines, (1, 2, 3))
        self._needs()

    def _cells(self, item: Json) -> tuple[object, ...]:
        who = ", ".join(dict.fromkeys(word(self.bench.table, role) for role in item["roles"]))
        return "✓" if item["allowed"] else "✗", item["label"], item["to_label"], who

    def on_data_table_row_highlighted(self) -> None:
        self._needs()

    def _chosen(self) -> Json | None:
        chosen = self.query_one(Rows).chosen()
        return next((item for item in self.found if item["action"] == chosen), None)

    def _needs(self) -> None:
        item = self._chosen()
        said = Text()
        if item is not None:
            asked = needs_text(self.bench, item["needs"])
            said.append(f"{self.tr('Needed')}: {asked}\n" if asked else "")
            for each in item["reasons"]:
                said.append("✗ " if not item["allowed"] else "! ", style="bold")
                said.append(each["message"])
                said.append(sourced(self.bench.table.language, each["source"]), style="dim")
                said.append(f"\n  → {each['remedy']}\n")
        self.query_one("#needs", Static).update(said)

    def action_open(self) -> None:
        from ocop_flow.tui.move_form import MoveForm

        item = self._chosen()
        if item is not None:
            self.app.push_screen(MoveForm(self.bench, self.shown, item))

    def action_everything(self) -> None:
        self.all = not self.all
        self.reload()


def needs_text(bench: Bench, needs: Json) -> str:
    """What a move asks for, in one line."""
    parts = [f"{each['label']} {each['have']}/{each['required']}" for each in needs["evidence"]]
    parts += [each["label"] for each in needs["fields"] if each["required"]]
    parts += [bench.tr("a signed decision with its number")] * bool(needs["decision"])
    parts += [bench.tr("a reason")] * bool(needs["reason"])
    parts += [bench.tr("a closed sitting")] * bool(needs["scores"])
    return "; ".join(parts)
