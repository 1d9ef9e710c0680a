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


def test_before_it_was_opened_there_is_no_dossier_whatever_was_filed_beside_it(office: Office) -> None:
    """DESIGN principle 7: a fact filed beside the moves may be older, here older than the dossier itself."""
    office.day = "2026-06-14"
    dossier, officer = office.open(COMMUNE, "Gạo lứt"), office.holder("officer", COMMUNE)
    office.do(*("attach", dossier, "--kind", "registration_form", "--on", "2026-06-02"), who=officer)
    for question in (
        ["dossier", "show", dossier, "--as-of", "2026-06-10"],
        ["audit", "replay", dossier, "--at", "2026-06-10"],
        ["audit", "diff", dossier, "2026-06-10", "now"],
    ):
        assert len(office.refuses(4, *question)) == 1
    assert state(office, dossier, "--at", "2026-06-14") == "proposal.idea"


def test_nothing_is_corrected_or_taken_back_before_it_happened(office: Office) -> None:
    """DESIGN principle 7: legal days run forward; a correction of what was not yet there corrects nothing."""
    office.day = "2026-06-15"
    dossier, officer = office.open(COMMUNE, "Gạo tám"), office.holder("officer", COMMUNE)
    correction = ["fix", dossier, "product", "Gạo tám thơm", "--reason", "gõ nhầm"]
    assert office.refuses(3, *correction, "--on", "2026-06-14", who=officer) == ["day_before_previous"]
    office.do(*correction, who=officer)
    assert office.refuses(3, "undo", dossier, "--on", "2026-06-14", who=officer) == ["day_before_previous"]


def test_a_duty_is_shown_as_it_was_on_the_day_asked_about(office: Office) -> None:
    """Due on 22 June, done on the 25th: open until its day, late after it, met from the day it was done."""
    office.day = "2026-06-01"
    dossier = office.open(COMMUNE, "Gạo đỏ", track="existing_product")
    due = office.show(dossier)["due_on"]
    assert due == "2026-06-22"  # 15 working days (26/2026/QĐ-TTg art. 5), as tests/unit/test_deadlines.py counts them
    office.day = "2026-06-25"
    office.take(dossier, "propose_to_province")
    seen = {}
    for day in ("2026-06-03", "2026-06-22", "2026-06-23", "2026-06-25"):
        (row,) = [
            row
            for row in office.do("deadline", "list", "--dossier", dossier, "--on", day)
            if row["kind"] == "commune_handling"
        ]
        seen[day] = (row["status"], row["done_on"])
    assert seen == {
        "2026-06-03": ("open", None),
        "2026-06-22": ("open", None),
        "2026-06-23": ("late", None),
        "2026-06-25": ("met", "2026-06-25"),
    }
    late = office.do("deadline", "list", "--dossier", dossier, "--on", "2026-06-23", "--status", "late")
    assert [row["kind"] for row in late] == ["commune_handling"]
    assert office.do("dossier", "show", dossier, "--as-of", "2026-06-03")["due_on"] == due
    assert office.do("audit", "replay", dossier, "--at", "2026-06-03")["view"]["due_on"] == due


def test_a_clock_that_stood_still_on_the_day_asked_about_was_not_late(office: Office) -> None:
    """DESIGN section 6: while the entity supplements, the office's clock stands still."""
    office.day = "2026-06-01"
    dossier = office.open(COMMUNE, "Gạo nương", track="existing_product")
    office.day = "2026-06-05"
    office.take(dossier, "return_for_supplement")
    office.day = "2026-06-15"
    office.take(dossier, "receive_supplement")
    since = {}
    for day in ("2026-06-04", "2026-06-05", "2026-06-14", "2026-06-15"):
        rows = office.do("deadline", "list", "--dossier", dossier, "--on", day)
        since[day] = [row["stopped_since"] for row in rows if row["kind"] == "commune_handling"]
    assert since == {
        "2026-06-04": [None],
        "2026-06-05": ["2026-06-05"],
        "2026-06-14": ["2026-06-05"],
        "2026-06-15": [None],
    }
