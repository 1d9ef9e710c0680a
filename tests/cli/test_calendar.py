"""``ocop calendar``: wordings of plans and decisions turned into days, without any database."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ocop_flow.clock import SystemClock, today_at
from tests.cli.contract import held
from tests.cli.office import Json, Office, ocop

if TYPE_CHECKING:
    from pathlib import Path

KEYS = {
    "due_on", "last_working_day", "wording", "rule", "provisional", "recurring", "window", "steps", "sources",
}  # fmt: skip


def due(*words: str, lang: str = "en") -> Json:
    """What ``calendar due`` prints on a machine that has no database."""
    answer = ocop("calendar", "due", *words, "--json", lang=lang)
    assert answer.exit == 0, answer.out + answer.err
    found: Json = held(answer.document, "calendar due")
    return found


@pytest.mark.parametrize(
    ("wording", "due_on"),
    [
        ("trong tháng 4", "2020-04-30"),
        ("trước tháng 8", "2020-07-31"),
        ("trước tháng 9", "2020-08-31"),
        ("trước tháng 10", "2020-09-30"),
        ("trong tháng 6", "2020-06-30"),
        ("trong tháng 7", "2020-07-31"),
        ("trong tháng 9", "2020-09-30"),
    ],
)
def test_the_milestones_of_the_seeds_fall_on_the_days_of_the_seeds(wording: str, due_on: str) -> None:
    """seeds.yaml 003 and 004: "before month M" is due on the last day of month M-1."""
    assert due(wording, "--year", "2020")["due_on"] == due_on


@pytest.mark.parametrize(
    ("wording", "due_on"),
    [
        ("trước ngày 30/6", "2026-06-29"),
        ("tháng 7", "2026-07-31"),
        ("đến hết tháng 7", "2026-07-31"),
        ("cuối tháng 7", "2026-07-31"),
        ("đầu tháng 6", "2026-06-01"),
        ("giữa tháng 6", "2026-06-15"),
        ("quý III", "2026-09-30"),
        ("dự kiến trong tháng 7", "2026-07-31"),
        ("trước tháng 1", "2025-12-31"),
    ],
)
def test_fixed_days_month_ends_and_quarter_ends_are_read_as_written(wording: str, due_on: str) -> None:
    """DESIGN section 6; a fixed day never shifts."""
    assert due(wording, "--year", "2026")["due_on"] == due_on


def test_a_year_in_the_wording_is_stronger_than_the_one_given() -> None:
    assert due("trước tháng 8 năm 2027", "--year", "2020")["due_on"] == "2027-07-31"


@pytest.mark.parametrize(
    ("wording", "due_on"),
    [
        # Monday 4 May is not counted; the 15th working day is three weeks on (no day off lies between).
        ("15 ngày làm việc kể từ ngày 4/5/2026", "2026-05-25"),
        ("15 ngày kể từ ngày 4/5/2020", "2020-05-19"),
        # The anniversary is Saturday 15 May 2027: the period ends on the Monday (Civil Code 2015 art. 148(5)).
        ("36 tháng kể từ ngày 15/5/2024", "2027-05-17"),
    ],
)
def test_a_counted_period_leaves_the_day_of_the_event_out_and_ends_on_a_working_day(wording: str, due_on: str) -> None:
    """Civil Code 2015 arts 147 and 148; DESIGN section 6."""
    assert due(wording)["due_on"] == due_on


def test_a_period_is_counted_from_the_day_given_with_from() -> None:
    """Dates may be typed as 29/4/2027 too (DESIGN section 7)."""
    assert due("15 ngày kể từ ngày nhận hồ sơ", "--from", "4/5/2020")["due_on"] == "2020-05-19"


def test_a_monthly_duty_is_due_first_after_the_start() -> None:
    """DESIGN section 6: ``due_on`` of a recurring wording is the first day after ``--from``."""
    found = due("chậm nhất ngày 15 hàng tháng", "--from", "2020-03-20")
    assert (found["due_on"], found["recurring"]) == ("2020-04-15", True)


@pytest.mark.parametrize(
    ("wording", "window"),
    [
        ("từ ngày 1/6 đến ngày 30/6", ["2026-06-01", "2026-06-30"]),
        # 30 June is day 181 of the year: 180 days before it is day 1, 120 days before it day 61.
        ("từ 180 đến 120 ngày trước ngày 30/6/2026", ["2026-01-01", "2026-03-02"]),
    ],
)
def test_a_window_has_two_ends_and_is_due_on_the_second(wording: str, window: list[str]) -> None:
    found = due(wording, "--year", "2026")
    assert (found["window"], found["due_on"]) == (window, window[1])


def test_the_last_working_day_stands_beside_a_day_off_that_does_not_shift() -> None:
    """30 April is a holiday (Labour Code 2019 art. 112); in 2020 the day before was a working Wednesday."""
    found = due("trong tháng 4", "--year", "2020")
    assert (found["due_on"], found["last_working_day"]) == ("2020-04-30", "2020-04-29")


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_the_document_has_exactly_the_keys_of_the_contract_in_either_language(lang: str) -> None:
    """DESIGN section 7: keys never change with the language; steps are sentences in it."""
    found = due("trước tháng 8", "--year", "2020", lang=lang)
    assert set(found) == KEYS
    assert found["steps"]
    assert all(isinstance(step, str) and step for step in found["steps"])


def test_a_year_without_a_notice_is_provisional() -> None:
    """DESIGN section 6: a year is decreed only if a dated notice file says so."""
    assert due("trước tháng 8", "--year", "2020")["provisional"] is True
    assert due("trong tháng 7", "--year", "2026")["provisional"] is False


def test_without_year_and_start_the_current_year_is_taken_and_said() -> None:
    """Nothing defaults in silence (DESIGN principle 10)."""
    year = today_at(SystemClock().now()).year
    found = due("trước tháng 8")
    assert found["due_on"] == f"{year}-07-31"
    assert str(year) in found["steps"][0]


def test_without_a_start_a_periodic_duty_comes_next_after_today() -> None:
    today = today_at(SystemClock().now()).isoformat()
    found = due("chậm nhất ngày 15 hàng tháng")
    assert found["due_on"] > today
    assert today in found["steps"][0]


def test_no_database_is_made_or_looked_for(tmp_path: Path) -> None:
    database = tmp_path / "none.db"
    answer = ocop("calendar", "due", "trước tháng 8", "--year", "2020", "--json", "--db", str(database))
    assert answer.exit == 0
    assert not database.exists()


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("khi nào thuận tiện",), "wording_not_understood"),
        (("15 ngày làm việc kể từ ngày nhận hồ sơ",), "event_needed"),
        (("trước ngày 31/6", "--year", "2026"), "date_does_not_exist"),
        (("trước tháng 8", "--year", "20200"), "year_out_of_range"),
        (("trước tháng 8", "--from", "31/6/2026"), "date_does_not_exist"),
        (("trước tháng 8", "--from", "hôm qua"), "date_unreadable"),
    ],
)
def test_what_cannot_be_read_is_refused_with_what_would_be_read(words: tuple[str, ...], code: str) -> None:
    """DESIGN sections 6 and 7: exit 2; a wording that is not understood shows the accepted forms."""
    answer = ocop("calendar", "due", *words, "--json", lang="en")
    held(answer.document, "error")
    assert (answer.exit, answer.codes) == (2, [code])


def test_the_accepted_forms_are_shown() -> None:
    answer = ocop("calendar", "due", "khi nào thuận tiện", "--json", lang="en")
    assert "trước tháng 8" in answer.document["reasons"][0]["remedy"]


def test_the_latest_start_is_the_last_day_from_which_the_period_still_ends_in_time() -> None:
    """From Monday 4 May 2026 fifteen working days end on Monday 25 May, from 5 May a day later."""
    answer = ocop("calendar", "latest", "15 ngày làm việc", "--before", "25/5/2026", "--json")
    found = held(answer.document, "calendar latest")
    assert (answer.exit, found["due_on"]) == (0, "2026-05-04")
    assert set(found) == KEYS


def test_only_a_period_has_a_latest_start() -> None:
    answer = ocop("calendar", "latest", "trước tháng 8", "--before", "2026-05-25", "--json")
    assert (answer.exit, answer.codes) == (2, ["latest_needs_period"])


def test_a_year_is_shown_with_its_days_off() -> None:
    """2 September is National Day (Labour Code 2019 art. 112)."""
    answer = ocop("calendar", "show", "2026", "--json")
    assert answer.document["decreed"] is True
    assert "2026-09-02" in [off["day"] for off in answer.document["days_off"]]
    assert ocop("calendar", "show", "1066", "--json").exit == 2


@pytest.mark.parametrize("command", [("due", "trước tháng 8", "--year", "2020"), ("show", "2026")])
def test_people_read_lines_and_no_json(command: tuple[str, ...]) -> None:
    answer = ocop("calendar", *command)
    assert answer.exit == 0
    assert "{" not in answer.out


def test_a_unit_needs_its_database(tmp_path: Path, sandbox: Path) -> None:
    """Exit 6 without a database, 4 for a unit that does not exist."""
    words = ("calendar", "due", "trước tháng 8", "--year", "2020", "--json", "--unit")
    assert ocop(*words, "36", "--db", str(tmp_path / "none.db")).exit == 6
    assert ocop(*words, "36", "--db", str(sandbox)).document["due_on"] == "2020-07-31"
    assert ocop(*words, "00999", "--db", str(sandbox)).codes == ["unit_absent"]


def test_a_provisional_last_day_is_called_so_wherever_it_is_shown(office: Office) -> None:
    """The days off of 2027 are not decreed: the list and the explanation say that the day may still change."""
    office.day = "2027-01-18"
    dossier = office.open("12103", "Cà phê", track="existing_product")
    words = ["--db", str(office.db)]
    listed = ocop("deadline", "list", *words, now="2027-01-18T10:00:00+07:00", lang="vi").out
    assert "15/02/2027 (tạm tính)" in listed
    explained = ocop("deadline", "explain", f"{dossier}:commune_handling:1", *words, lang="vi").out
    assert "Tạm tính" in explained
    # Source and mark by their words.
    assert "Điều 5 Quyết định 26/2026/QĐ-TTg (một nguồn)" in explained
    # What is done already is not moved by a later decree.
    office.walk(dossier, "evaluation.province_check")
    listed = ocop("deadline", "list", *words, now="2027-01-18T10:00:00+07:00", lang="vi").out
    (handling,) = [line for line in listed.splitlines() if ":commune_handling:" in line]
    assert "15/02/2027" in handling
    assert "tạm tính" not in handling
