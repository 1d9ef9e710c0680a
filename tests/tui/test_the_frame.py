"""What holds for every screen: keys in sight at 80 × 24, two languages, the extra, a terminal."""

from __future__ import annotations

import sys
from typing import Any

import pytest

from ocop_flow import i18n
from ocop_flow.tui.page import key_text
from tests.cli.councils import Table
from tests.cli.office import Office, ocop
from tests.tui.screens import Seat, at_the_screen


def missing_keys(seat: Seat, lang: str) -> list[str]:
    """Keys of the screen in front, each with its word, that cannot be read whole."""
    screen = seat.pilot.app.screen
    labels: dict[str, str] = getattr(screen, "KEY_LABELS", {})
    bound: dict[str, str] = {}
    for keys in screen._bindings.key_to_bindings.values():
        for each in keys:
            bound.setdefault(each.action, each.key)
    assert labels, screen
    assert set(labels) <= set(bound), f"{screen}: a word without a key"
    said = [f"{key_text(bound[action])} {i18n.translate(label, lang)}" for action, label in labels.items()]
    return [text for text in said if not seat.shows(text)]


@pytest.mark.parametrize("lang", i18n.LANGUAGES)
@pytest.mark.parametrize("size", [(80, 24), (100, 30)])
def test_no_screen_hides_a_key(council: Table, size: tuple[int, int], lang: str) -> None:
    """Every word of every bar of keys can be read, in both languages, also after the window was made small."""
    office = council.office
    council.convene()
    commune = office.holder("officer", "12103")
    office.open("12103", "Mật ong hoa nhãn")

    async def dossiers(seat: Seat) -> None:
        await seat.pilot.resize_terminal(*size)
        ways = [[], ["enter"], ["m"], ["enter"], ["ctrl+s"], ["escape", "escape", "escape", "c"], ["enter"]]
        for keys in (*ways, ["escape", "escape", "h"], ["enter"]):
            await seat.press(*keys)
            assert missing_keys(seat, lang) == [], f"{keys}\n{seat.text()}"

    async def sheets(seat: Seat) -> None:
        await seat.pilot.resize_terminal(*size)
        for keys in ([], ["s"], ["enter"], ["ctrl+e"], ["escape", "1", "ctrl+s"], ["ctrl+s"]):
            await seat.press(*keys)
            assert missing_keys(seat, lang) == [], f"{keys}\n{seat.text()}"

    at_the_screen(office, commune, dossiers, lang=lang, size=(120, 40))
    at_the_screen(office, council.secretary, sheets, lang=lang, size=(120, 40))


def test_without_the_extra_the_command_says_what_to_install(sandbox: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A missing optional library is extra_missing, exit 6."""
    monkeypatch.setitem(sys.modules, "textual", None)
    answer = ocop("work", "--db", str(sandbox), "--as", "admin", "--json")
    assert answer.exit == 6
    assert answer.codes == ["extra_missing"]


def test_without_a_terminal_nothing_is_drawn(sandbox: Any) -> None:
    """A pipe, a redirection or --json: terminal_missing, exit 2."""
    answer = ocop("work", "--db", str(sandbox), "--as", "admin", "--json")
    assert answer.exit == 2
    assert answer.codes == ["terminal_missing"]


def test_nobody_works_without_being_known(sandbox: Any) -> None:
    """No login and no --as: not_logged_in, exit 3, as with every other command."""
    answer = ocop("work", "--db", str(sandbox), "--json")
    assert answer.exit == 3
    assert answer.codes == ["not_logged_in"]


def test_a_login_that_has_ended_meanwhile_stops_the_next_act(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who sits at the keyboard is asked before every reading and every act, not once at the start."""
    from ocop_flow import bootstrap
    from ocop_flow.service.office import Caller

    dossier = office.open("12103", "Mật ong hoa nhãn")

    async def sitting(seat: Seat) -> None:
        await seat.press("enter", "m", "enter")
        monkeypatch.setattr(bootstrap, "caller", lambda *_: Caller(None))
        await seat.press("ctrl+s")
        assert seat.shows("Nobody is logged in")

    at_the_screen(office, office.holder("officer", "12103"), sitting)
    assert office.show(dossier)["version"] == 1
