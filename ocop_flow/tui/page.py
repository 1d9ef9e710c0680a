"""What every screen shares: the line on top, a notice, the keys below, and faults that are shown and never crash."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, ClassVar, TypeVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Static

from ocop_flow.errors import Conflict, OcopFlowError
from ocop_flow.tui.bench import Bench, known_fault
from ocop_flow.tui.words import act_name, day_text, doer, reason_lines

Json = dict[str, Any]
T = TypeVar("T")
#: Keys as they are printed on a keyboard.
_CAPS = {"enter": "Enter", "escape": "Esc", "slash": "/", "space": "␣", "left": "←", "right": "→"}


def key_text(keys: str) -> str:
    """The first of a binding's keys: ``ctrl+s,f2`` is ``Ctrl+S``."""
    first = keys.partition(",")[0]
    return _CAPS.get(first, "+".join(part.capitalize() for part in first.split("+")) if len(first) > 1 else first)


class Page(Screen[None]):
    """A whole screen.

    BINDINGS    keys and their actions
    KEY_LABELS  action -> what the bar of keys says, in the bar's order; actions left out are not shown
    recorded    what was just recorded on a screen above, said once this one comes back
    """

    KEY_LABELS: ClassVar[Mapping[str, str]] = {}

    def __init__(self, bench: Bench) -> None:
        super().__init__()
        self.bench = bench
        self.recorded = ""

    def tr(self, text: str, **values: object) -> str:
        return self.bench.tr(text, **values)

    # --- what a screen says of itself ----------------------------------------------------------------------------

    @abstractmethod
    def heading(self) -> str:
        """The line on top."""

    @abstractmethod
    def body(self) -> Iterable[Widget]:
        """The widgets between the line on top and the keys."""

    def load(self) -> None:
        """Read and show; called whenever the screen comes to the front."""

    def unsaved(self) -> bool:
        """Whether leaving loses what was typed."""
        return False

    # --- the frame -----------------------------------------------------------------------------------------------

    def compose(self) -> ComposeResult:
        yield Static(Text(self.heading()), id="heading")
        yield Static("", id="notice")
        yield from self.body()
        yield Static(key_bar(self.bench, type(self)), id="keys")

    def on_screen_resume(self) -> None:
        self.reload()

    def reload(self) -> None:
        """Load again; what stands in the way is said in place, for a panel would come back for ever."""
        try:
            self.load()
        except Exception as error:
            fault = known_fault(error)
            if fault is None:
                raise
            said = reason_lines(self.bench.table, fault)
            self.tell("\n".join(f"✗ {each['message']} → {each['remedy']}" for each in said))
        else:
            if self.recorded:
                self.tell(self.recorded)
                self.recorded = ""

    def renew(self) -> None:
        """Show the record as it stands, after it was found to have moved on."""
        self.reload()

    def tell(self, text: str) -> None:
        """Say something above the body; an empty text takes it away."""
        notice = self.query_one("#notice", Static)
        notice.update(Text(text))
        notice.set_class(bool(text), "said")

    def attempt(self, step: Callable[[], T], seen: tuple[str, int] | None = None) -> T | None:
        """The result of a step, or None after its faults were shown.

        seen  dossier and version as this screen showed it: where the record has moved on, it is said what happened
        """
        from ocop_flow.tui.faults import Faults

        try:
            return step()
        except Exception as error:
            fault = known_fault(error)
            if fault is None:
                raise
            moved_on = isinstance(fault, Conflict)
            happened = self._happened(*seen) if seen and moved_on else []
            self.app.push_screen(Faults(self.bench, fault, happened), lambda _: self.renew() if moved_on else None)
            return None

    def _happened(self, dossier: str, version: int) -> list[str]:
        """What was recorded since a version."""
        from ocop_flow.service import history

        table = self.bench.table
        try:
            found = self.bench.read(lambda uow, office, _: history.listed(uow, office, dossier)[version:])
        except OcopFlowError:
            return []
        return [
            f"{day_text(each['occurred_on'])}  {act_name(table, each)} – {doer(table, each['actor'])}" for each in found
        ]

    def action_back(self) -> None:
        """To the screen before; asks first where something typed would be lost."""
        from ocop_flow.tui.confirm import Confirm

        if not self.unsaved():
            self.app.pop_screen()
            return
        asked = Confirm(self.bench, self.tr("Leave this screen?"), [("", self.tr("What you typed here is lost."))])
        self.app.push_screen(asked, lambda agreed: self._left() if agreed else None)

    def _left(self) -> None:
        self.app.pop_screen()


def key_bar(bench: Bench, screen: type[Screen[Any]]) -> Text:
    """The keys of a screen; key and word stay together when the line is broken."""
    labels: Mapping[str, str] = getattr(screen, "KEY_LABELS", {})
    bound = {each.action: each.key for each in _bindings(screen)}
    bar = Text()
    for action, label in labels.items():
        if action in bound:
            bar.append(key_text(bound[action]), style="bold reverse")
            bar.append("\u00a0" + bench.tr(label).replace(" ", "\u00a0"))
            bar.append("  ")
    return bar


def _bindings(screen: type[Screen[Any]]) -> Sequence[Binding]:
    found: list[Binding] = []
    for base in reversed(screen.__mro__):
        found += [each for each in vars(base).get("BINDINGS", ()) if isinstance(each, Binding)]
    return found
