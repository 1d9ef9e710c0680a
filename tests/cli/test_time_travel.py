"""A history at any point: after an event, on a legal day, as it was known at a moment (DESIGN principle 7)."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from tests.cli.conftest import copied
from tests.cli.office import Office
from tests.cli.test_walks import COMMUNE

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def office(sandbox_database: Path, tmp_path_factory: pytest.TempPathFactory) -> Office:
    return Office(copied(sandbox_database, tmp_path_factory.mktemp("time")))


@pytest.fixture(scope="module")
def typed_later(office: Office) -> str:
    """Idea accepted on 1 June and recorded that day; the plan approved on 3 June and typed from paper on 10 June."""
    dossier = office.open(COMMUNE, "Gạo nếp")
    office.take(dossier, "accept_idea")
    office.day = "2026-06-10"
    action = office.actions(dossier)["approve_business_plan"]
    office.hand_in(dossier, action)
    words = [*office.words_for(dossier, action), "--on", "2026-06-03", "--entry", "paper:tháng 6"]
    office.do(*words, who=office.rightful(dossier, action))
    return dossier


def state(office: Office, dossier: str, *point: str) -> str:
    return str(office.do("audit", "replay", dossier, *point)["state"])


def test_the_same_day_differs_by_when_one_asks(office: Office, typed_later: str) -> None:
    """What happened on 3 June was not known on 5 June; asked on 10 June, it had happened on 3 June."""
    assert state(office, typed_later, "--at", "2026-06-02") == "proposal.business_plan"
    assert state(office, typed_later, "--at", "2026-06-03") == "proposal.implementation"
    assert state(office, typed_later, "--known-at", "2026-06-05T00:00:00+07:00") == "proposal.business_plan"
    both = ("--at", "2026-06-03", "--known-at", "2026-06-05T00:00:00+07:00")
    assert state(office, typed_later, *both) == "proposal.business_plan"


def test_show_as_of_agrees_with_replay_at(office: Office, typed_later: str) -> None:
    """``dossier show --as-of`` and ``audit replay --at`` are one question asked twice."""
    for day in ("2026-06-01", "2026-06-02", "2026-06-03", "2026-06-10"):
        replayed = office.do("audit", "replay", typed_later, "--at", day)["view"]
        assert office.do("dossier", "show", typed_later, "--as-of", day) == replayed


def test_each_step_says_its_article_and_how_late_it_was_recorded(office: Office, typed_later: str) -> None:
    """The act of 3 June was recorded on 10 June: seven days after; its article is that of the action."""
    events = office.do("audit", "replay", typed_later)["events"]
    step = next(event for event in events if event["action"] == "approve_business_plan")
    assert (step["recorded_days_after"], step["entry"]) == (7, "paper:tháng 6")
    assert step["article"]
    first = [event["recorded_days_after"] for event in events if event["occurred_on"] == "2026-06-01"]
    assert set(first) == {0}


def test_how_long_each_office_held_it_adds_up_to_the_whole_time(office: Office, typed_later: str) -> None:
    """From opening to the day asked about, without gap or overlap; every stay names the unit that held it."""
    held = office.do("audit", "replay", typed_later)["held"]
    assert held[0]["from"] == "2026-06-01"
    assert [stay["to"] for stay in held[:-1]] == [stay["from"] for stay in held[1:]]
    assert held[-1]["to"] is None
    assert sum(stay["days"] for stay in held) == (date(2026, 6, 10) - date(2026, 6, 1)).days
    assert all(stay["unit"] for stay in held)
    assert [(stay["state"], stay["days"]) for stay in held] == [
        ("proposal.idea", 0),
        ("proposal.business_plan", 2),
        ("proposal.implementation", 7),
    ]


def test_what_was_taken_back_counts_until_that_was_known(office: Office) -> None:
    """An undone act never counted on a legal day; but before the undo was recorded, everybody knew it as done."""
    office.day = "2026-06-12"
    dossier = office.open(COMMUNE, "Gạo tẻ")
    office.take(dossier, "accept_idea")
    who = office.do("dossier", "history", dossier)[-1]["actor"]["login"]
    office.day = "2026-06-13"
    office.do("undo", dossier, who=who)
    assert state(office, dossier, "--at", "2026-06-12") == "proposal.idea"
    knew = ("--at", "2026-06-12", "--known-at", "2026-06-12T23:00:00+07:00")
    assert state(office, dossier, *knew) == "proposal.business_plan"


def test_a_difference_names_the_events_and_the_facts(office: Office, typed_later: str) -> None:
    """Between the book as it was known on 5 June and as it is known now: one approval, one state."""
    found = office.do("audit", "diff", typed_later, "2026-06-05T00:00:00+07:00", "now")
    assert found["only_one"] == []
    assert [event["action"] for event in found["only_other"]][-1] == "approve_business_plan"
    facts = {change["fact"]: (change["one"], change["other"]) for change in found["changes"]}
    assert facts["state"] == ("proposal.business_plan", "proposal.implementation")
    same = office.do("audit", "diff", typed_later, "2026-06-03", "now")
    assert [change["fact"] for change in same["changes"] if change["fact"] == "state"] == []
