"""The first screen: what waits for the caller's units, nearest duty first; or what a search found."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from rich.text import Text
from textual.binding import Binding
from textual.widget import Widget
from textual.widgets import Input, Static

from ocop_flow.service import lists, searching
from ocop_flow.tui.bench import Bench
from ocop_flow.tui.page import Page
from ocop_flow.tui.rows import Rows
from ocop_flow.tui.words import day_text

Json = dict[str, Any]
COLUMN_LABELS = ("Due on", "Left", "Product", "State", "Dossier")


class Inbox(Page):
    """Dossiers; Enter opens one."""

    BINDINGS: ClassVar = [
        Binding("enter", "open"),
        Binding("slash", "search"),
        Binding("s", "sittings"),
        Binding("r", "reload"),
        Binding("escape", "all"),
        Binding("q", "quit"),
    ]
    KEY_LABELS: ClassVar[Mapping[str, str]] = {
        "open": "Open",
        "search": "Search",
        "sittings": "Council sheets",
        "reload": "Read again",
        "all": "Inbox",
        "quit": "Quit",
    }

    def __init__(self, bench: Bench, who: str) -> None:
        super().__init__(bench)
        self.who, self.words, self.found = who, "", list[Json]()

    def heading(self) -> str:
        training = f"[{self.tr('training')}] " if self.bench.table.office.sandbox else ""
        today = day_text(self.bench.table.office.today.isoformat())
        return f"{training}{self.tr('Inbox')} · {today} · {self.who}"

    def body(self) -> Iterable[Widget]:
        search = Input(placeholder=self.tr("Any part of a name, or a code; then Enter"), id="search")
        search.display = False
        yield search
        yield Rows()
        yield Static("", id="about")

    def on_mount(self) -> None:
        self.query_one(Rows).focus()

    def load(self) -> None:
        self.found = self._read()
        self.tell(self._said())
        headings = [self.tr(label) for label in COLUMN_LABELS]
        self.query_one(Rows).fill(headings, [(item["code"], _cells(item)) for item in self.found], (2, 3))
        self._about()

    def _read(self) -> list[Json]:
        if not self.words:
            mine: list[Json] = self.bench.read(lists.inbox)
            return mine
        found = self.bench.read(lambda uow, office, _: searching.search(uow, office, self.words))
        return [item for item in found if item["type"] == "dossier"]

    def _said(self) -> str:
        if self.words:
            return self.tr(
                "Found for “{words}”: {count}. Esc: back to the inbox.", words=self.words, count=len(self.found)
            )
        return "" if self.found else self.tr("Nothing waits here.")

    def on_data_table_row_highlighted(self) -> None:
        self._about()

    def _about(self) -> None:
        """Two lines on the dossier under the cursor: whose turn it is and since when, what may be done."""
        code = self.query_one(Rows).chosen()
        item = next((each for each in self.found if each["code"] == code), None)
        self.query_one("#about", Static).update(Text(self._about_text(item)))

    def _about_text(self, item: Json | None) -> str:
        if item is None:
            return ""
        if "since" not in item:
            holder = item["holder"]["name"] if item["holder"] else "-"
            return f"{item['entity']}\n{self.tr('Held by')}: {holder}"
        turn = self.tr("Your unit's turn since {day}.", day=day_text(item["since"]))
        may = ", ".join(item["action_labels"]) or self.tr("nothing by you")
        return f"{item['entity']}. {turn}\n{self.tr('May be done')}: {may}"

    def action_open(self) -> None:
        code = self.query_one(Rows).chosen()
        if code is not None:
            from ocop_flow.tui.dossier import DossierPage

            self.app.push_screen(DossierPage(self.bench, code))

    def action_search(self) -> None:
        search = self.query_one("#search", Input)
        search.display = True
        search.focus()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        self._look_for(event.value.strip())

    def action_all(self) -> None:
        self._look_for("")

    def action_reload(self) -> None:
        self.reload()

    def _look_for(self, words: str) -> None:
        search = self.query_one("#search", Input)
        search.value, search.display = words, False
        self.words = words
        self.query_one(Rows).focus()
        self.reload()

    def action_sittings(self) -> None:
        from ocop_flow.tui.sittings import Sittings

        self.app.push_screen(Sittings(self.bench))

    def action_quit(self) -> None:
        self.app.exit()


def _cells(item: Json) -> tuple[object, ...]:
    left = item.get("days_left")
    due = day_text(item["due_on"])
    return (
        due,
        "" if left is None else f"{left}!" if left < 0 else left,
        item["product"],
        item["state_label"],
        item["code"],
    )
