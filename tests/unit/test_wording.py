"""Wordings of time: each accepted form with the day it means, taken from DESIGN section 6 and the plans themselves."""

from __future__ import annotations

import unicodedata
from datetime import date
from string import Formatter

import pytest

from ocop_flow.calendars import load_calendar
from ocop_flow.domain.wording import DueDate, latest, parse, resolve
from ocop_flow.errors import InputInvalid
from ocop_flow.messages.calendar import ACCEPTED_FORMS, MESSAGES

CALENDAR = load_calendar()


def day(text: str) -> date:
    """`4/5/2026` as a date."""
    number, month, year = map(int, text.split("/"))
    return date(year, month, number)


def due(text: str, year: int | None = None, start: str | None = None, **options: object) -> DueDate:
    return resolve(
        parse(text),
        calendar=CALENDAR,
        year=year,
        start=None if start is None else day(start),
        **options,  # type: ignore[arg-type]
    )


@pytest.mark.parametrize(
    ("wording", "expected", "rule"),
    [
        ("trước tháng 8", "31/7/2026", "before_month"),
        ("trước tháng 1", "31/12/2025", "before_month"),
        ("trước tháng 8 năm 2020", "31/7/2020", "before_month"),
        ("trước ngày 30/6", "29/6/2026", "before_day"),
        ("trước 30/6", "29/6/2026", "before_day"),
        ("trước ngày 30/6/2027", "29/6/2027", "before_day"),
        ("trước ngày 1/7", "30/6/2026", "before_day"),
        ("trong tháng 7", "31/7/2026", "within_month"),
        ("tháng 7", "31/7/2026", "within_month"),
        ("đến hết tháng 7", "31/7/2026", "within_month"),
        ("hết tháng 7", "31/7/2026", "within_month"),
        ("cuối tháng 7", "31/7/2026", "end_of_month"),
        ("đến cuối tháng 2", "28/2/2026", "end_of_month"),
        ("đầu tháng 6", "1/6/2026", "start_of_month"),
        ("giữa tháng 6", "15/6/2026", "middle_of_month"),
        ("quý III", "30/9/2026", "within_quarter"),
        ("trong quý 3", "30/9/2026", "within_quarter"),
        ("quý III/2027", "30/9/2027", "within_quarter"),
        ("quý IV năm 2027", "31/12/2027", "within_quarter"),
        ("quý tư", "31/12/2026", "within_quarter"),
        ("trước quý III", "30/6/2026", "before_quarter"),
        ("đầu quý III", "1/7/2026", "start_of_quarter"),
        ("cuối quý I", "31/3/2026", "end_of_quarter"),
        ("6 tháng đầu năm", "30/6/2026", "within_half_year"),
        ("trong 6 tháng cuối năm 2027", "31/12/2027", "within_half_year"),
        ("trong năm 2027", "31/12/2027", "within_year"),
        ("trước năm 2027", "31/12/2026", "before_year"),
        ("đầu năm", "1/1/2026", "start_of_year"),
        ("giữa năm", "30/6/2026", "middle_of_year"),
        ("cuối năm 2026", "31/12/2026", "end_of_year"),
        ("tháng 12 năm 2020", "31/12/2020", "within_month"),
        ("tháng 12/2020", "31/12/2020", "within_month"),
        ("30/6", "30/6/2026", "fixed_day"),
        ("30/6/2027", "30/6/2027", "fixed_day"),
        ("30-6-2027", "30/6/2027", "fixed_day"),
        ("30.6.2027.", "30/6/2027", "fixed_day"),
        ("ngày 30 tháng 6", "30/6/2026", "fixed_day"),
        ("ngày 30 tháng 6 năm 2027", "30/6/2027", "fixed_day"),
        ("ngày 30 tháng 6, năm 2027", "30/6/2027", "fixed_day"),
        ("2027-06-30", "30/6/2027", "fixed_day"),
        ("chậm nhất là ngày 30/6", "30/6/2026", "fixed_day"),
        ("hoàn thành trước ngày 30/6", "29/6/2026", "before_day"),
    ],
)
def test_a_fixed_wording_means_one_day(wording: str, expected: str, rule: str) -> None:
    """DESIGN section 6; Civil Code 2015 art. 147 for the beginning, middle and end of a month or year."""
    found = due(wording, year=2026)
    assert (found.due_on, found.rule) == (day(expected), rule)
    assert found.wording == wording
    assert not found.recurring
    assert found.window is None


@pytest.mark.parametrize(
    ("wording", "expected"),
    [
        ("trong tháng 4", "30/4/2020"),  # 27/KH-UBND of Nam Định: M1, M2, M3
        ("trước tháng 8", "31/7/2020"),  # M4
        ("trước tháng 9", "31/8/2020"),  # M5
        ("trước tháng 10", "30/9/2020"),  # M6
        ("trong tháng 6", "30/6/2020"),  # Thái Bình: T1
        ("trong tháng 7", "31/7/2020"),  # T2, and the dossiers of the conference in Nam Định
        ("trong tháng 9", "30/9/2020"),  # T3
        ("trong tháng 12", "31/12/2020"),  # the national programme scheme 2021-2025
    ],
)
def test_the_milestones_of_the_plans_of_2020(wording: str, expected: str) -> None:
    """The due days stated beside the wordings of four plans of 2020; that year has no notice."""
    found = due(wording, year=2020)
    assert found.due_on == day(expected)
    assert found.provisional


@pytest.mark.parametrize(
    ("wording", "expected", "last_working_day"),
    [
        ("trước ngày 30/4", "29/4/2026", "29/4/2026"),  # communes propose for province round 1
        ("trước ngày 30/6", "29/6/2026", "29/6/2026"),  # province round 1
        ("trước ngày 30/10", "29/10/2026", "29/10/2026"),
        ("trước ngày 30/12", "29/12/2026", "29/12/2026"),  # province round 2
        ("trước ngày 30/7", "29/7/2026", "29/7/2026"),
        ("trước ngày 30/9", "29/9/2026", "29/9/2026"),  # Ministry round 1
        ("trước ngày 30/1", "29/1/2026", "29/1/2026"),
        ("trước ngày 30/3", "29/3/2026", "27/3/2026"),  # Ministry round 2; 29/3 is a Sunday
    ],
)
def test_the_rounds_of_the_decision_in_force(wording: str, expected: str, last_working_day: str) -> None:
    """26/2026/QĐ-TTg arts 5-8, `before` read strictly; a fixed day never shifts."""
    found = due(wording, year=2026)
    assert (found.due_on, found.last_working_day) == (day(expected), day(last_working_day))
    assert not found.provisional


def test_before_a_day_can_be_read_with_that_day() -> None:
    """REGULATIONS section 5: practice is unknown, so the reading is a flag that the steps show."""
    inclusive = due("trước ngày 30/6", year=2026, before_reading="inclusive")
    assert inclusive.due_on == day("30/6/2026")
    assert due("trước tháng 8", year=2026, before_reading="inclusive").due_on == day("31/7/2026")
    marks = {step.code: step.mark for step in (*inclusive.steps, *due("trước ngày 30/6", year=2026).steps)}
    assert marks["step_before_day_inclusive"] == marks["step_before_day_strict"] == "unknown"


@pytest.mark.parametrize(
    ("wording", "start", "expected", "rule"),
    [
        ("15 ngày làm việc", "3/6/2026", "24/6/2026", "working_days_from"),
        ("15 ngày làm việc", "10/2/2026", "10/3/2026", "working_days_from"),
        (
            "trong thời hạn 15 (mười lăm) ngày làm việc kể từ ngày nhận hồ sơ",
            "3/6/2026",
            "24/6/2026",
            "working_days_from",
        ),
        ("không quá 45 ngày", "4/6/2026", "20/7/2026", "days_from"),  # 19/7 is a Sunday
        ("15 ngày kể từ khi có kết luận", "15/4/2026", "4/5/2026", "days_from"),
        ("2 tuần", "3/6/2026", "17/6/2026", "weeks_from"),
        ("3 tháng", "30/1/2026", "4/5/2026", "months_from"),
        ("36 tháng kể từ ngày 29/4/2027", None, "29/4/2030", "months_from"),
        ("1 năm", "29/2/2028", "28/2/2029", "years_from"),
        ("15 ngày làm việc trước ngày 30/6/2026", None, "9/6/2026", "working_days_before"),
        ("30 ngày trước ngày 30/6/2026", None, "31/5/2026", "days_before"),  # a Sunday; backwards nothing shifts
        ("ít nhất 30 ngày trước ngày hết hạn", "20/6/2029", "21/5/2029", "days_before"),
    ],
)
def test_a_period_is_counted_from_its_event(wording: str, start: str | None, expected: str, rule: str) -> None:
    """Civil Code 2015 arts 147-148: the day of the event not counted; a duty ends on a working day."""
    found = due(wording, start=start)
    assert (found.due_on, found.rule) == (day(expected), rule)


def test_a_named_event_is_kept_as_written() -> None:
    """What a period is counted from is told in the very words of the wording; its day is given as the start."""
    wording = parse("15 ngày làm việc kể từ ngày Nhận đủ hồ sơ")
    assert wording.event == "Nhận đủ hồ sơ"
    found = resolve(wording, calendar=CALENDAR, start=day("3/6/2026"))
    assert found.due_on == day("24/6/2026")
    assert found.steps[0].params["event"] == "Nhận đủ hồ sơ"


@pytest.mark.parametrize(
    ("wording", "start", "expected"),
    [
        ("chậm nhất ngày 15 hàng tháng", "1/6/2026", "15/6/2026"),
        ("chậm nhất ngày 15 hàng tháng", "15/6/2026", "15/7/2026"),
        ("ngày 15 hằng tháng", "20/12/2026", "15/1/2027"),
        ("hàng tháng, chậm nhất ngày 15", "14/6/2026", "15/6/2026"),
        ("ngày 31 hàng tháng", "31/1/2026", "28/2/2026"),
        ("trước ngày 15 mỗi tháng", "13/6/2026", "14/6/2026"),
        ("trước ngày 1 hàng tháng", "30/6/2026", "31/7/2026"),
        ("cuối hàng tháng", "1/6/2026", "30/6/2026"),
        ("hàng quý", "30/6/2026", "30/9/2026"),
        ("đầu hàng quý", "30/6/2026", "1/7/2026"),
        ("ngày 15 hàng quý", "1/7/2026", "15/9/2026"),
        ("ngày 15 tháng đầu hàng quý", "1/7/2026", "15/7/2026"),
        ("hàng năm", "1/7/2026", "31/12/2026"),
        ("ngày 30/6 hàng năm", "30/6/2026", "30/6/2027"),
        ("trước ngày 30/6 hàng năm", "1/1/2026", "29/6/2026"),
        ("tháng 12 hàng năm", "1/1/2026", "31/12/2026"),
        ("trước tháng 8 hằng năm", "1/1/2026", "31/7/2026"),
        ("quý I hàng năm", "1/4/2026", "31/3/2027"),
        ("giữa tháng 6 hàng năm", "1/4/2026", "15/6/2026"),
    ],
)
def test_a_recurring_duty_is_due_first_after_the_start(wording: str, start: str, expected: str) -> None:
    """DESIGN section 6: `chậm nhất ngày 15 hàng tháng` is monthly, due on the first such day after the start."""
    found = due(wording, start=start)
    assert found.due_on == day(expected)
    assert found.recurring


def test_a_recurring_duty_of_a_year_begins_with_that_year() -> None:
    assert due("ngày 15 hàng tháng", year=2026).due_on == day("15/1/2026")
    assert due("đầu hàng quý", year=2026).due_on == day("1/1/2026")


@pytest.mark.parametrize(
    ("wording", "first", "last"),
    [
        ("từ ngày 1/6 đến ngày 30/6", "1/6/2026", "30/6/2026"),
        ("từ ngày 1 đến hết ngày 30 tháng 6", "1/6/2026", "30/6/2026"),
        ("từ ngày 1/6 đến 30/6/2027", "1/6/2027", "30/6/2027"),
        ("từ tháng 6 đến tháng 8", "1/6/2026", "31/8/2026"),
        ("từ quý II đến quý III năm 2027", "1/4/2027", "30/9/2027"),
        ("từ ngày 15/12 đến ngày 15/1", "15/12/2026", "15/1/2027"),
        ("từ tháng 11/2026 đến tháng 2", "1/11/2026", "28/2/2027"),
        ("từ tháng 11 đến tháng 2/2027", "1/11/2026", "28/2/2027"),
        ("từ 180 đến 120 ngày trước ngày 20/6/2029", "22/12/2028", "20/2/2029"),
        ("không sớm hơn 180 ngày và không muộn hơn 120 ngày trước ngày 20/6/2029", "22/12/2028", "20/2/2029"),
        ("từ 10 đến 5 ngày làm việc trước ngày 30/6", "16/6/2026", "23/6/2026"),
    ],
)
def test_a_window_has_two_ends(wording: str, first: str, last: str) -> None:
    """DESIGN section 6; 26/2026/QĐ-TTg for the 180 and 120 days before expiry. Windows never shift."""
    found = due(wording, year=2026)
    assert found.window == (day(first), day(last))
    assert found.due_on == day(last)


def test_a_window_before_an_event_takes_its_day_as_the_start() -> None:
    """180 and 120 days before the end of a certificate: counted by hand from 20/6/2029."""
    found = due("từ 180 đến 120 ngày trước ngày hết hạn", start="20/6/2029")
    assert found.window == (day("22/12/2028"), day("20/2/2029"))


@pytest.mark.parametrize("wording", ["dự kiến trong tháng 7", "Dự kiến: tháng 7", "tháng 7 (dự kiến)"])
def test_a_tentative_wording_says_so(wording: str) -> None:
    """DESIGN section 6: `dự kiến` makes a time tentative and changes no day."""
    found = due(wording, year=2026)
    assert found.tentative
    assert found.due_on == day("31/7/2026")
    assert not due("tháng 7", year=2026).tentative


def test_a_wording_after_an_event_waits_for_it() -> None:
    """Chained milestones: such a wording names no day by which anything is due."""
    wording = parse("sau đợt 1 cấp tỉnh")
    assert wording.event == "đợt 1 cấp tỉnh"
    waiting = resolve(wording, calendar=CALENDAR)
    assert (waiting.due_on, waiting.last_working_day, waiting.provisional) == (None, None, False)
    assert (waiting.rule, [step.code for step in waiting.steps]) == ("after_event", ["step_waits_for_event"])


def test_a_period_can_follow_a_named_milestone() -> None:
    found = due("15 ngày làm việc sau đợt 1 cấp tỉnh", start="3/6/2026")
    assert found.due_on == day("24/6/2026")


@pytest.mark.parametrize(
    ("wording", "start", "expected"),
    [
        ("trước tháng 8", "1/6/2026", "31/7/2026"),
        ("trước tháng 8", "31/7/2026", "31/7/2026"),
        ("trước tháng 8", "1/8/2026", "31/7/2027"),
        ("ngày 15/1", "10/11/2026", "15/1/2027"),
        ("từ tháng 11 đến tháng 2", "10/1/2027", "28/2/2027"),
        ("trước tháng 1", "20/12/2026", "31/12/2026"),
        ("29/2", "1/3/2026", "29/2/2028"),
    ],
)
def test_without_a_year_the_first_day_not_before_the_start_is_meant(wording: str, start: str, expected: str) -> None:
    """The year that somebody leaves out is that of the next such day; a step says which was taken."""
    found = due(wording, start=start)
    assert found.due_on == day(expected)
    assert "step_year_from_start" in {step.code for step in found.steps}


@pytest.mark.parametrize(
    "wording",
    [
        "Trước  tháng 8",
        "TRƯỚC THÁNG 8",
        "truoc thang 8",
        unicodedata.normalize("NFD", "trước tháng 8"),
        " trước\ttháng 8. ",
    ],
)
def test_case_spaces_unicode_form_and_diacritics_do_not_matter(wording: str) -> None:
    """Officials type on many keyboards; the words are kept as they were written."""
    found = due(wording, year=2026)
    assert found.due_on == day("31/7/2026")
    assert found.wording == wording


@pytest.mark.parametrize(
    "wording",
    [
        "",
        "sớm",
        "năm",
        "tháng",
        "trước",
        "tháng bảy",
        "quý V",
        "30/6/26",
        "đầu ngày 30/6",
        "giữa quý III",
        "ít nhất 15 ngày",
        "36 tháng kể từ tháng 7",
        "15 ngày kể từ ngày 29-4-27",
        "15 giờ",
        "từ ngày 1/6",
        "thứ sáu hàng tuần",
        "trước hàng quý",
        "ngày 15 tháng 6 năm 2026 hàng năm",
        "tháng 7 tháng 8",
        "x" * 5000,
    ],
)
def test_what_is_not_understood_shows_the_accepted_forms(wording: str) -> None:
    """DESIGN section 6: a wording that is not understood is an error that shows the accepted forms."""
    with pytest.raises(InputInvalid) as caught:
        parse(wording)
    (found,) = caught.value.reasons
    assert found.code == "wording_not_understood"
    assert "trước tháng 8" in MESSAGES[found.code].remedy


@pytest.mark.parametrize("form", ACCEPTED_FORMS.replace("đầu, giữa, cuối tháng 6", "giữa tháng 6").split("; "))
def test_every_form_that_the_error_shows_is_accepted(form: str) -> None:
    assert due(form, year=2026, start="1/6/2026").due_on is not None


@pytest.mark.parametrize(
    "wording",
    [
        "31/6",
        "trước ngày 31/6",
        "29/2/2027",
        "ngày 29 tháng 2 năm 2027",
        "2027-02-29",
        "0/6",
        "30/13",
        "tháng 13",
        "quý 5",
        "ngày 32 hàng tháng",
        "ngày 31/6 hàng năm",
        "15 ngày kể từ ngày 31/6/2026",
        "từ ngày 1/6 đến ngày 31/6",
    ],
)
def test_a_date_that_does_not_exist_is_refused(wording: str) -> None:
    """DESIGN section 7, exit 2: a date that does not exist."""
    with pytest.raises(InputInvalid, match="date_does_not_exist"):
        parse(wording)


def test_the_29th_of_february_depends_on_the_year() -> None:
    assert due("29/2", year=2028).due_on == date(2028, 2, 29)
    with pytest.raises(InputInvalid, match="date_does_not_exist"):
        due("29/2", year=2027)


@pytest.mark.parametrize(
    ("wording", "code"),
    [
        ("15 ngày làm việc", "start_needed"),
        ("15 ngày kể từ ngày nhận hồ sơ", "event_needed"),
        ("ngày 15 hàng tháng", "start_needed"),
        ("trước tháng 8", "year_needed"),
        ("từ ngày 1/6 đến ngày 30/6", "year_needed"),
        ("từ ngày 30/6/2026 đến ngày 1/6/2026", "window_reversed"),
        ("từ 120 đến 180 ngày trước ngày 20/6/2029", "window_reversed"),
        ("30/6/1890", "year_out_of_range"),
        ("36 tháng kể từ ngày 1/1/2098", "year_out_of_range"),
        ("9999 năm kể từ ngày 1/1/2026", "year_out_of_range"),
    ],
)
def test_what_cannot_be_resolved_says_what_is_missing(wording: str, code: str) -> None:
    with pytest.raises(InputInvalid, match=code):
        due(wording)


@pytest.mark.parametrize(
    ("wording", "code"),
    [
        ("0 ngày", "period_not_positive"),
        ("sau ngày 30/6", "wording_without_end"),
        ("sau tháng 7", "wording_without_end"),
    ],
)
def test_a_period_of_nothing_and_a_time_without_end_are_refused(wording: str, code: str) -> None:
    with pytest.raises(InputInvalid, match=code):
        parse(wording)


def test_the_latest_start_is_counted_back_from_the_limit() -> None:
    """A commune's 15 working days must end by 29/6/2026: 9-12, 15-19, 22-26 and 29 June are fifteen."""
    found = latest(parse("15 ngày làm việc"), day("29/6/2026"), CALENDAR)
    assert (found.due_on, found.last_working_day, found.rule) == (day("8/6/2026"), day("8/6/2026"), "latest_start")
    assert not found.provisional


def test_the_latest_start_of_plain_days_reckons_with_the_shift() -> None:
    """15 days from 16/4 would end on Friday 1/5, a day off, hence on 4/5: too late for 1/5, so would 15/4 be."""
    found = latest(parse("15 ngày"), day("1/5/2026"), CALENDAR)
    assert found.due_on == day("14/4/2026")
    sunday = latest(parse("10 ngày"), day("17/6/2026"), CALENDAR)
    assert (sunday.due_on, sunday.last_working_day) == (day("7/6/2026"), day("5/6/2026"))


@pytest.mark.parametrize("wording", ["trước tháng 8", "ngày 15 hàng tháng", "30 ngày trước ngày 30/6"])
def test_only_a_period_has_a_latest_start(wording: str) -> None:
    with pytest.raises(InputInvalid, match="latest_needs_period"):
        latest(parse(wording), day("29/6/2026"), CALENDAR)


@pytest.mark.parametrize(
    ("wording", "start", "provisional"),
    [
        ("15 ngày làm việc", "3/6/2026", False),
        ("15 ngày làm việc", "20/8/2026", True),  # over the recalled 31/8 and 1/9
        ("15 ngày làm việc", "15/12/2026", True),  # into 2027
        ("45 ngày", "20/11/2026", True),  # ends on 4/1/2027
        ("45 ngày", "1/8/2026", False),  # ends on Tuesday 15/9; no day before it counts
        ("36 tháng", "3/6/2026", True),
        ("1 ngày làm việc", "20/11/2026", True),  # the open question of 23/11
        ("ngày 31/8/2026", None, True),
        ("trước tháng 9 năm 2026", None, True),  # 31/8 itself is recalled to be off
        ("trước ngày 30/6/2026", None, False),
    ],
)
def test_an_answer_is_provisional_if_a_day_it_depends_on_is_not_decreed(
    wording: str, start: str | None, provisional: bool
) -> None:
    """DESIGN section 6: years without a notice, and days that are only recalled, may still change."""
    assert due(wording, start=start).provisional is provisional


def test_the_steps_explain_what_was_passed_over() -> None:
    """A due date can be followed line by line: what is not counted, each unusual day, the end."""
    found = due("3 ngày làm việc", start="24/4/2026")
    assert [(step.code, step.params["day"]) for step in found.steps] == [
        ("step_day_of_event", "2026-04-24"),
        ("step_day_off", "2026-04-27"),
        ("step_day_off", "2026-04-30"),
        ("step_day_off", "2026-05-01"),
        ("step_working_days_from", "2026-05-04"),
    ]
    assert "Labour Code 2019 art. 112" in found.sources
    assert "Civil Code 2015 art. 147" in found.sources


STEPPED = """
trước tháng 8; trước ngày 30/6; tháng 7; cuối tháng 7; đầu tháng 6; giữa tháng 6; quý III; trước quý I;
đầu quý I; cuối quý I; 6 tháng đầu năm; trước 6 tháng cuối năm; cuối 6 tháng cuối năm; trong năm;
trước năm 2027; đầu năm; giữa năm; cuối năm; 30/6; 29/3; ngày 15 hàng quý; ngày 31 hàng tháng; hàng năm;
15 ngày làm việc; 45 ngày; 16 ngày; 2 tuần; 36 tháng; 1 năm; 9 ngày làm việc trước ngày 20/8;
9 ngày trước ngày 20/8; 2 tuần trước ngày 20/8; 1 tháng trước ngày 20/8; 1 năm trước ngày 20/8;
từ tháng 6 đến tháng 8; từ 180 đến 120 ngày trước ngày 30/6; dự kiến tháng 8; sau đợt 1;
15 ngày kể từ ngày nhận; 15 ngày làm việc kể từ 13/11
"""


@pytest.mark.parametrize("wording", " ".join(STEPPED.split()).split("; "))
def test_every_step_has_a_text_for_its_parameters(wording: str) -> None:
    """No step may be without words, and no words may name a parameter that the step lacks."""
    for year, start in ((2026, "4/6/2026"), (None, "20/8/2026"), (2027, "4/6/2027")):
        for options in ({}, {"before_reading": "inclusive"}):
            for step in due(wording, year=year, start=start, **options).steps:
                fields = {name for _, name, _, _ in Formatter().parse(MESSAGES[step.code].message) if name}
                assert fields <= step.params.keys()
