"""The program of the screens; it ends where the inbox is left."""

from __future__ import annotations

from typing import ClassVar

from textual.app import App
from textual.binding import Binding

from ocop_flow.tui.bench import Bench
from ocop_flow.tui.inbox import Inbox
from ocop_flow.tui.page import Page

_CSS = """
Screen { layout: vertical; }
#heading { height: 1; text-style: bold; background: $primary-background; padding: 0 1; }
#heading { text-wrap: nowrap; text-overflow: ellipsis; }
#notice { display: none; height: auto; max-height: 6; padding: 0 1; text-style: bold; }
#notice.said { display: block; }
#keys { height: auto; max-height: 3; padding: 0 1; background: $panel; }
#about { height: auto; max-height: 4; padding: 0 1; border-top: solid $primary; }
Grid #about { height: 4; }
#told { height: auto; max-height: 5; padding: 0 1; }
#needs-box { height: 10; border-top: solid $primary; padding: 0 1; }
#search { border: none; height: 1; padding: 0 1; }
#facts { padding: 0 1; }
Rows, Cells { height: 1fr; }
VerticalScroll { height: 1fr; }
Fields { height: 1fr; padding: 0 1; }
.line { height: auto; }
.label { width: 32; padding-right: 1; height: auto; }
Closing .label { width: 54; }
Typed { border: none; height: 1; width: 1fr; padding: 0; background: $boost; }
Typed:focus { border: none; background: $primary 40%; }
Choice { width: 1fr; height: 1; background: $boost; }
Choice:focus { background: $primary 40%; text-style: bold; }
Faults, Confirm { align: center middle; }
.panel { width: 76; max-width: 100%; height: auto; max-height: 100%; }
.panel { border: heavy $primary; padding: 0 1; background: $surface; }
.panel.fault { border: heavy $error; }
.panel VerticalScroll { height: auto; max-height: 14; }
.panel .title { padding-bottom: 1; }
.panel-keys { padding-top: 1; }
"""


class Work(App[None]):
    """Keyboard only; colours help and never tell something alone."""

    CSS = _CSS
    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar = [Binding("ctrl+q", "leave", priority=True)]

    def __init__(self, bench: Bench, who: str) -> None:
        super().__init__()
        self.bench, self.who = bench, who

    def on_mount(self) -> None:
        self.push_screen(Inbox(self.bench, self.who))

    def action_leave(self) -> None:
        """Leave at once, unless something typed would be lost: then one screen back, which asks."""
        page = self.screen
        if isinstance(page, Page) and page.unsaved():
            page.action_back()
        else:
            self.exit()

    def action_help_quit(self) -> None:
        """Ctrl+C ends nothing by itself; it says what does."""
        if isinstance(self.screen, Page):
            self.screen.tell(self.bench.tr("Ctrl+Q leaves."))
