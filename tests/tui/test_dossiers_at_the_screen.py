"""``ocop work``: the inbox, a dossier, its moves (issue: officials work here all day, by keyboard, over ssh)."""

from __future__ import annotations

import pytest

from tests.cli.office import Office, dump
from tests.tui.screens import Seat, at_the_screen

COMMUNE = "12103"


@pytest.fixture
def dossier(office: Office) -> str:
    """One dossier at its commune; brackets in its name are no markup."""
    return office.open(COMMUNE, "Cà phê [rang] xay")


def officer(office: Office) -> str:
    return office.holder("officer", COMMUNE)


def test_the_inbox_shows_whose_turn_it_is_and_what_may_be_done(office: Office, dossier: str) -> None:
    """Every line of ``ocop inbox`` stands there, with the moves of the dossier under the cursor."""

    async def sitting(seat: Seat) -> None:
        listed = office.do("inbox", who=officer(office))
        assert [item["code"] for item in listed] == [dossier]
        assert seat.shows("Cà phê [rang] xay")
        assert seat.shows(dossier)
        for label in listed[0]["action_labels"]:
            assert seat.shows(label)

    at_the_screen(office, officer(office), sitting)


def test_a_move_is_prepared_shown_and_recorded_by_one_confirmation(office: Office, dossier: str) -> None:
    """The confirmation shows act, states, day, doer and evidence; only then the history has one event more."""
    who = officer(office)

    async def sitting(seat: Seat) -> None:
        await seat.press("enter", "m", "enter")
        await seat.type("+")
        before = dump(office.db)
        await seat.press("ctrl+s")
        for text in ("Accept the idea", "Idea registration → Business plan", "01/06/2026", f"Cán bộ {who}"):
            assert seat.shows(text), f"{text}\n{seat.text()}"
        assert seat.shows("Product idea form × 1 (paper or sample held)")
        await seat.press("enter")
        assert dump(office.db) == before
        await seat.press("c")
        assert seat.shows("Recorded.")
        assert seat.shows("Business plan")

    at_the_screen(office, who, sitting)
    last = office.do("dossier", "history", dossier)[-1]
    assert (last["action"], last["actor"]["login"]) == ("accept_idea", who)
    assert [item["kind"] for item in last["data"]["evidence"]] == ["idea_form"]


def test_a_refusal_is_shown_with_its_remedy_and_what_was_typed_stays(office: Office, dossier: str) -> None:
    """A withdrawal without a reason is refused as the command refuses it (exit 3), in the same words."""
    who = officer(office)
    refused = office.ask("advance", dossier, "withdraw", who=who)
    assert refused.exit == 3

    async def sitting(seat: Seat) -> None:
        await seat.press("enter", "m", "down", "enter", "down")
        await seat.type("1/6/2026")
        await seat.press("ctrl+s")
        for item in refused.document["reasons"]:
            assert seat.shows(item["message"])
            assert seat.shows(item["remedy"])
        await seat.press("escape")
        assert seat.shows("Day 1/6/2026")

    before = dump(office.db)
    at_the_screen(office, who, sitting)
    assert dump(office.db) == before


def test_what_cannot_be_read_is_said_and_nothing_is_tried(office: Office, dossier: str) -> None:
    """A day that does not exist, a file that is not there: the panel of InputInvalid (exit 2)."""

    async def sitting(seat: Seat) -> None:
        await seat.press("enter", "m", "enter")
        await seat.type("khong-co.pdf")
        await seat.press("ctrl+s")
        assert seat.shows("please correct what was typed")
        assert seat.shows("khong-co.pdf")

    at_the_screen(office, officer(office), sitting)


def test_a_dossier_that_moved_meanwhile_is_shown_as_it_stands(office: Office, dossier: str) -> None:
    """Version conflict (exit 5): the panel names what happened since, and a second look goes on from there."""
    who = officer(office)

    async def sitting(seat: Seat) -> None:
        await seat.press("enter", "m", "enter")
        office.do("attach", dossier, "--kind", "idea_form", who=who)
        await seat.press("ctrl+s")
        assert seat.shows("someone has been here meanwhile")
        assert seat.shows("evidence filed")
        await seat.press("escape", "ctrl+s")
        assert seat.shows("Record this?")
        await seat.press("c")
        assert seat.shows("Recorded.")

    at_the_screen(office, who, sitting)
    assert office.state(dossier) == "proposal.business_plan"


def test_the_checklist_counts_what_is_missing_and_takes_it(office: Office, dossier: str) -> None:
    """Have and needed as in ``dossier actions --all``; filing a paper from its line takes it off the list."""
    who = officer(office)

    async def sitting(seat: Seat) -> None:
        await seat.press("enter", "c")
        needed = [need for item in office.actions(dossier).values() for need in item["needs"]["evidence"]]
        missing = sum(max(0, need["required"] - need["have"]) for need in needed)
        assert missing == 1
        assert seat.shows("Missing: 1 papers.")
        await seat.press("enter", "ctrl+s", "c")
        assert seat.shows("No paper is missing.") or seat.shows("Recorded.")

    at_the_screen(office, who, sitting)
    assert office.do("dossier", "history", dossier)[-1]["action"] == "attach"


def test_the_newest_act_is_taken_back_with_a_reason(office: Office, dossier: str) -> None:
    """``ocop undo`` from the screen; the history keeps both."""
    who = officer(office)
    office.do("advance", dossier, "accept_idea", who=who)

    async def sitting(seat: Seat) -> None:
        await seat.press("slash")
        await seat.type("ca phe")
        await seat.press("enter", "enter", "u")
        await seat.type("nhầm hồ sơ")
        await seat.press("enter", "c")
        assert seat.shows("Recorded.")
        await seat.press("h")
        assert seat.shows("act taken back")

    at_the_screen(office, who, sitting)
    assert office.state(dossier) == "proposal.idea"


def test_a_search_finds_without_diacritics_and_escape_goes_back(office: Office, dossier: str) -> None:
    """``/`` asks; the words find what ``ocop search`` finds."""

    async def sitting(seat: Seat) -> None:
        await seat.press("slash")
        await seat.type("ca phe")
        await seat.press("enter")
        assert seat.shows("Found for “ca phe”: 1.")
        await seat.press("slash", *["backspace"] * 6)
        await seat.type("gom su")
        await seat.press("enter")
        assert seat.shows("Found for “gom su”: 0.")
        await seat.press("escape")
        assert seat.shows(dossier)

    at_the_screen(office, officer(office), sitting)


@pytest.mark.sqlite
def test_a_database_that_is_gone_is_told_and_the_screen_stays(office: Office, dossier: str) -> None:
    """Unavailable (exit 6) is a line on the screen, not the end of the program."""

    async def sitting(seat: Seat) -> None:
        kept = office.db.read_bytes()
        for path in (office.db, *office.db.parent.glob(office.db.name + "-*")):
            path.unlink(missing_ok=True)
        await seat.press("r")
        assert seat.shows("✗")
        office.db.write_bytes(kept)

    at_the_screen(office, officer(office), sitting)
