"""Someone at the screens: keys go in, what an eye would read comes out."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from textual.pilot import Pilot

from ocop_flow.cli.base import Desk
from ocop_flow.cli.work import screens
from tests.cli.office import Office, environment

#: A terminal as it comes over ssh.
SIZE = (80, 24)
_NAMES = {" ": "space", "/": "slash", "-": "minus", "+": "plus", ".": "full_stop", ",": "comma"}


@dataclass
class Seat:
    """The keyboard and the screen of one person."""

    pilot: Pilot[None]

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*keys)
        await self.pilot.pause()

    async def type(self, text: str) -> None:
        await self.press(*(_NAMES.get(letter, letter) for letter in text))

    def lines(self) -> list[str]:
        """The screen line by line, as a terminal of this size shows it."""
        app = self.pilot.app
        strips = app.screen._compositor.render_strips()
        return ["".join(segment.text for segment in strip).rstrip() for strip in strips]

    def shows(self, text: str) -> bool:
        """Whether a text can be read, wherever lines are broken."""
        read = " ".join(" ".join(self.lines()).replace("\u00a0", " ").replace("┃", " ").split())
        return text in read

    def text(self) -> str:
        return "\n".join(self.lines())


Sitting = Callable[[Seat], Awaitable[None]]


def at_the_screen(
    office: Office, who: str, sitting: Sitting, *, size: tuple[int, int] = SIZE, lang: str = "en"
) -> None:
    """Sit down as ``who`` on the office's day, do what ``sitting`` does, and leave."""

    async def run() -> None:
        app = screens(Desk(db=str(office.db), handle=who, lang=lang))
        async with app.run_test(size=size) as pilot:
            await pilot.pause()
            await sitting(Seat(pilot))

    now = {"OCOP_NOW": f"{office.day}T10:00:00+07:00", "OCOP_LANG": None, "OCOP_AS": None, "OCOP_DB": None}
    with environment(now):
        asyncio.run(run())
