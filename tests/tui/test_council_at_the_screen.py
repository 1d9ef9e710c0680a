"""The keying grid: criteria by members, live sums, the totals on paper, sheets recorded whole, a sitting closed."""

from __future__ import annotations

from fractions import Fraction

from textual import events

from ocop_flow import criteriadata
from ocop_flow.domain.asked import choices
from tests.cli.councils import Table
from tests.cli.office import dump
from tests.tui.screens import Seat, at_the_screen


def best_sheet() -> list[str]:
    """What is written for the most points on every criterion, in printed order."""
    tree = criteriadata.load_set("qd_26_2026", "coffee_cacao")
    return [max(choices(leaf), key=lambda text: int(text.partition(":")[0])) for leaf in tree.leaves]


def most() -> int:
    return sum(int(text.partition(":")[0]) for text in best_sheet())


async def key_column(seat: Seat, written: list[str], total: str) -> None:
    """One member's sheet from top to bottom; Enter goes on to the total, and then to the next member."""
    for text in written:
        await seat.pilot.press(*(("colon" if letter == ":" else letter) for letter in text), "enter")
    await seat.type(total)


def test_a_sheet_is_keyed_checked_against_its_paper_recorded_and_closed(council: Table) -> None:
    """The record holds what ``council score --grid`` would; closing computes the mean of the recorded sheets."""
    table, sitting_code = council, council.convene()
    dossier, first = table.dossiers[0], table.members[0]

    async def sitting(seat: Seat) -> None:
        await seat.press("s", "enter")
        await key_column(seat, best_sheet(), str(most()))
        assert seat.shows("✓")
        await seat.press("ctrl+s", "ctrl+s")
        assert seat.shows("score sheet recorded")
        assert seat.shows(str(most()))
        await seat.press("c")
        assert seat.shows("Recorded.")
        await seat.press("ctrl+e", "ctrl+s")
        assert seat.shows("result of the sitting")
        await seat.press("c")
        assert seat.shows("Closed: mean")

    at_the_screen(table.office, table.secretary, sitting)
    events = table.office.do("dossier", "history", dossier)
    sheet = next(event for event in events if event["action"] == "score")
    assert sheet["data"]["sitting"] == sitting_code
    assert sheet["data"]["member"]["login"] == first
    assert Fraction(sheet["data"]["total"]) == most() == Fraction(sheet["data"]["paper_total"])
    assert events[-1]["action"] == "close_sitting"
    assert Fraction(events[-1]["data"]["mean_total"]) == most()


def test_a_total_that_differs_from_the_points_is_refused(council: Table) -> None:
    """The difference stands in the grid at once; recording is refused and nothing is written."""
    table = council
    table.convene()
    before = dump(table.office.db)

    async def sitting(seat: Seat) -> None:
        await seat.press("s", "enter")
        await key_column(seat, best_sheet(), str(most() - 7))
        assert seat.shows("7 !")
        await seat.press("ctrl+s", "ctrl+s")
        assert seat.shows("please correct what was typed")
        assert seat.shows(f"a total of {most() - 7}, but the points make {most()}")
        await seat.press("escape", "escape")
        assert seat.shows("not yet recorded")

    at_the_screen(table.office, table.secretary, sitting)
    assert dump(table.office.db) == before


def test_points_that_are_no_option_are_marked_while_keying(council: Table) -> None:
    """A number that the form does not print beside a criterion gets a question mark; its options stand below."""
    table = council
    table.convene()

    async def sitting(seat: Seat) -> None:
        await seat.press("s", "enter", "9", "9")
        assert seat.shows("99 ?")
        await seat.press("backspace", "backspace")
        assert not seat.shows("99 ?")
        tree = criteriadata.load_set("qd_26_2026", "coffee_cacao")
        assert seat.shows("Points allowed: " + " / ".join(choices(next(iter(tree.leaves)))))

    at_the_screen(table.office, table.secretary, sitting)


def test_keys_that_arrive_in_one_lump_keep_their_order(council: Table) -> None:
    """Over a slow line digits and Enter come together; each number goes into its own cell."""
    table = council
    table.convene()

    async def sitting(seat: Seat) -> None:
        await seat.press("s", "enter")
        app = seat.pilot.app
        for key in ("1", "enter", "2", "enter", "3", "down", "1", "up", "2"):
            app.post_message(events.Key(key, key if len(key) == 1 else None))
        await seat.pilot.pause()
        await seat.pilot.pause()
        lines = [line for line in seat.lines() if line.strip().startswith(("1.1 ", "1.2 ", "1.3 ", "1.4 "))]
        keyed = [line[28:38].strip() for line in lines[:4]]
        assert keyed == ["1", "2", "2", "1"]

    at_the_screen(table.office, table.secretary, sitting)


def test_a_grid_with_something_keyed_is_not_left_by_accident(council: Table) -> None:
    """Escape asks; a no keeps what was keyed."""
    table = council
    table.convene()

    async def sitting(seat: Seat) -> None:
        await seat.press("s", "enter", "1", "escape")
        assert seat.shows("Leave this screen?")
        await seat.press("escape")
        assert seat.shows("not yet recorded")
        await seat.press("ctrl+q")
        assert seat.shows("Leave this screen?")

    at_the_screen(table.office, table.secretary, sitting)


def test_a_member_keys_only_the_own_sheet(council: Table) -> None:
    """Another's sheet is refused with the reason that the command gives (sheet_of_another)."""
    table = council
    table.convene()
    second = table.members[1]

    async def sitting(seat: Seat) -> None:
        await seat.press("s", "enter")
        await key_column(seat, best_sheet(), str(most()))
        await seat.press("ctrl+s", "ctrl+s")
        assert seat.shows("a rule stands against it")

    at_the_screen(table.office, second, sitting)
    assert all(event["action"] != "score" for event in table.office.do("dossier", "history", table.dossiers[0]))
