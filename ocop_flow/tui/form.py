"""Prompts one below the other: Enter goes to the next one, behind the last one stands the confirmation."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from rich.text import Text
from textual import events
from textual.binding import Binding
from textual.containers import Horizontal, VerticalScroll
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input, Static

from ocop_flow.domain.numerals import whole
from ocop_flow.tui.bench import Bench, Step
from ocop_flow.tui.confirm import recording
from ocop_flow.tui.page import Page

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Prompt:
    """One thing to fill in.

    choices  (value, what is shown) where only these may be chosen; the first one stands there at the start
    hint     what may be written, shown while the field is empty
    """

    name: str
    label: str
    value: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    hint: str = ""
    required: bool = False


class Typed(Input):
    """A line to type in."""

    def __init__(self, prompt: Prompt) -> None:
        super().__init__(prompt.value, placeholder=prompt.hint, select_on_focus=False)
        self.prompt = prompt

    @property
    def given(self) -> str:
        return self.value.strip()


class Choice(Static, can_focus=True):
    """One of a few values: the arrows or the space bar turn to the next one."""

    BINDINGS: ClassVar = [
        Binding("right,space", "turn(1)"),
        Binding("left", "turn(-1)"),
        Binding("enter", "submit"),
    ]

    class Submitted(Message):
        """Enter was pressed."""

    def __init__(self, prompt: Prompt) -> None:
        super().__init__()
        self.prompt = prompt
        values = [value for value, _ in prompt.choices]
        self.place = values.index(prompt.value) if prompt.value in values else 0

    @property
    def given(self) -> str:
        return self.prompt.choices[self.place][0]

    def on_mount(self) -> None:
        self._show()

    def action_turn(self, by: int) -> None:
        self.place = (self.place + by) % len(self.prompt.choices)
        self._show()

    def action_submit(self) -> None:
        self.post_message(self.Submitted())

    def on_key(self, event: events.Key) -> None:
        """A digit chooses by its place."""
        place = whole(event.character or "")
        if place is not None and 0 < place <= len(self.prompt.choices):
            self.place = place - 1
            self._show()

    def _show(self) -> None:
        count = f" {self.place + 1}/{len(self.prompt.choices)}"
        self.update(Text(f"‹ {self.prompt.choices[self.place][1]} ›{count}", no_wrap=True, overflow="ellipsis"))


class Fields(VerticalScroll, can_focus=False, inherit_bindings=False):
    """The prompts; up and down go from one to the next."""

    BINDINGS: ClassVar = [
        Binding("down", "app.focus_next"),
        Binding("up", "app.focus_previous"),
        Binding("pagedown", "page_down"),
        Binding("pageup", "page_up"),
    ]


class FormPage(Page):
    """A screen of prompts that ends in one act."""

    BINDINGS: ClassVar = [Binding("ctrl+s,f2", "go_on"), Binding("escape", "back"), Binding("tab", "app.focus_next")]
    KEY_LABELS: ClassVar[Mapping[str, str]] = {
        "app.focus_next": "Next field",
        "go_on": "Check and confirm",
        "back": "Back",
    }

    def __init__(self, bench: Bench, prompts: Sequence[Prompt]) -> None:
        super().__init__(bench)
        self.prompts = prompts

    def told(self) -> str:
        """What stands above the prompts."""
        return ""

    @abstractmethod
    def step(self, values: Mapping[str, str]) -> Step:
        """The act that the values describe; raises what its use case or its files raise."""

    def seen(self) -> tuple[str, int] | None:
        """Dossier and version that the act was prepared for."""
        return None

    def body(self) -> Iterable[Widget]:
        yield Static(Text(self.told()), id="told")
        yield Fields(*(self._line(prompt) for prompt in self.prompts))

    def _line(self, prompt: Prompt) -> Widget:
        label = Static(Text(prompt.label + (" *" if prompt.required else "")), classes="label")
        return Horizontal(label, Choice(prompt) if prompt.choices else Typed(prompt), classes="line")

    @property
    def entries(self) -> list[Typed | Choice]:
        return [*self.query("Typed, Choice").results()]  # type: ignore[list-item]

    def values(self) -> dict[str, str]:
        """Name -> what was given; empty ones too."""
        return {entry.prompt.name: entry.given for entry in self.entries}

    def unsaved(self) -> bool:
        return any(isinstance(entry, Typed) and entry.value != entry.prompt.value for entry in self.entries)

    def on_mount(self) -> None:
        if self.entries:
            self.entries[0].focus()

    def on_input_submitted(self) -> None:
        self._next()

    def on_choice_submitted(self) -> None:
        self._next()

    def _next(self) -> None:
        if self.entries and self.focused is self.entries[-1]:
            self.action_go_on()
        else:
            self.focus_next()

    def action_go_on(self) -> None:
        """Try the act, show what it would record, ask once, record it."""
        record(self, lambda: self.step(self.values()), self.seen(), self._recorded)

    def _recorded(self, answer: Any) -> None:
        """Back to the screen below, which says so."""
        below = self.app.screen_stack[-2]
        if isinstance(below, Page):
            below.recorded = self.recorded_text(answer)
        self.app.pop_screen()

    def recorded_text(self, _answer: Any) -> str:
        """What was done, in one line."""
        return self.tr("Recorded.")


class DossierForm(FormPage):
    """A form about a dossier as it was seen.

    shown  the dossier as ``dossier show`` prints it
    """

    def __init__(self, bench: Bench, shown: Json, prompts: Sequence[Prompt]) -> None:
        super().__init__(bench, prompts)
        self.shown = shown

    def told(self) -> str:
        return f"{self.shown['product']} – {self.shown['entity']}\n{self.shown['state_label']}"

    def seen(self) -> tuple[str, int]:
        return self.shown["code"], self.shown["version"]

    def renew(self) -> None:
        """The dossier as it stands now; what was typed stays."""
        from ocop_flow.service import dossier_view

        code = self.shown["code"]
        self.shown = self.bench.read(lambda uow, office, _: dossier_view.show(uow, office, code))
        self.query_one("#told", Static).update(Text(self.told()))


def record(page: Page, make: Callable[[], Step], seen: tuple[str, int] | None, then: Callable[[Any], None]) -> None:
    """One act from a screen: tried, shown and asked about once, then done; its faults are shown on the way."""
    bench = page.bench

    def tried() -> tuple[Step, Json, str]:
        step = make()
        return step, bench.tried(step), _who(bench)

    found = page.attempt(tried, seen)
    if found is None:
        return
    step, shown, who = found

    def agreed(yes: bool | None) -> None:
        if yes:
            answer = page.attempt(lambda: [bench.done(step)], seen)
            if answer is not None:
                then(answer[0])

    page.app.push_screen(recording(bench, who, shown), agreed)


def _who(bench: Bench) -> str:
    handle = bench.caller().known()
    person = bench.read_as_is(lambda uow, _office, _caller: uow.person(handle))
    return f"{person.name} ({handle})" if person else handle
