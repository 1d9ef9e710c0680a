"""Working days, counting and notices: expected days were counted by hand on a wall calendar."""

from __future__ import annotations

import re
import subprocess
import sys
from datetime import date

import pytest

from ocop_flow.calendars import load_calendar, read_notice, read_notices, show
from ocop_flow.domain.calendar import (
    Calendar,
    DayOff,
    Notice,
    WorkedDay,
    add_days,
    add_months,
    changed_days,
    notices_for,
)
from ocop_flow.domain.period import Period, end_of, last_valid_day, latest_start, start_before
from ocop_flow.errors import InputInvalid, Text
from ocop_flow.messages.calendar import MESSAGES

CALENDAR = load_calendar()


def day(text: str) -> date:
    """`4/5/2026` as a date."""
    number, month, year = map(int, text.split("/"))
    return date(year, month, number)


def days(text: str) -> set[date]:
    return {day(one) for one in text.split()}


OFF_2025 = days(
    "1/1/2025 27/1/2025 28/1/2025 29/1/2025 30/1/2025 31/1/2025 7/4/2025 30/4/2025 1/5/2025 2/5/2025 1/9/2025 2/9/2025"
)
OFF_2026 = days(
    "1/1/2026 2/1/2026 16/2/2026 17/2/2026 18/2/2026 19/2/2026 20/2/2026 27/4/2026 30/4/2026 1/5/2026 31/8/2026"
    " 1/9/2026 2/9/2026 24/11/2026"
)


@pytest.mark.parametrize(
    ("year", "off", "worked", "working_days"),
    [
        # 52 weeks of 5 days and Wednesday 31 December, less 12 days off, plus 1 Saturday.
        (2025, OFF_2025, days("26/4/2025"), 250),
        # 52 weeks of 5 days and Thursday 31 December, less 14 days off, plus 2 Saturdays.
        (2026, OFF_2026, days("10/1/2026 22/8/2026"), 249),
    ],
)
def test_a_decreed_year_is_exactly_its_notice(year: int, off: set[date], worked: set[date], working_days: int) -> None:
    """REGULATIONS section 10, table of days off on weekdays and weekends worked."""
    shown = show(year)
    assert {entry.day for entry in shown.days_off} == off
    assert {entry.day for entry in shown.worked} == worked
    assert shown.decreed
    assert shown.working_days == working_days
    assert all(entry.source and entry.mark for entry in shown.days_off)
    assert all(entry.source and entry.mark for entry in shown.worked)


def test_only_years_with_a_notice_are_decreed() -> None:
    """DESIGN section 6: a year is decreed only if a dated notice with its source says so."""
    decreed = [year for year in range(2017, 2033) if CALENDAR.is_decreed(year)]
    assert decreed == [2025, 2026]
    assert CALENDAR.known_through == date(2026, 12, 31)
    assert CALENDAR.provisional(day("1/6/2020"), day("1/6/2020"))
    assert CALENDAR.provisional(day("31/12/2026"), day("1/1/2027"))
    assert not CALENDAR.provisional(day("1/12/2025"), day("30/7/2026"))


def test_recalled_days_make_what_depends_on_them_provisional() -> None:
    """REGULATIONS section 10: 1/9 and the swap 31/8 for Sat 22/8 in 2026 are recalled; 2/9 is not."""
    doubtful = [
        text
        for text in ("22/8/2026", "31/8/2026", "1/9/2026", "2/9/2026")
        if CALENDAR.provisional(day(text), day(text))
    ]
    assert doubtful == ["22/8/2026", "31/8/2026", "1/9/2026"]


def test_an_open_question_is_no_day_off_but_is_not_relied_on() -> None:
    """REGULATIONS section 10: the outcome of the swap proposed around Tuesday 24/11/2026 is unknown."""
    assert CALENDAR.is_working_day(day("23/11/2026"))
    assert CALENDAR.provisional(day("23/11/2026"), day("23/11/2026"))
    assert not CALENDAR.provisional(day("24/11/2026"), day("25/11/2026"))
    assert len(show(2026).open_questions) == 1


@pytest.mark.parametrize(
    ("start", "count", "end", "why"),
    [
        ("13/2/2026", 5, "27/2/2026", "Tết 16-20/2 is passed over"),
        ("10/2/2026", 15, "10/3/2026", "3 before Tết, 23-27/2, 2-6/3, 9-10/3"),
        ("31/12/2025", 1, "5/1/2026", "1/1 and the swapped 2/1 are off"),
        ("31/12/2025", 6, "10/1/2026", "Saturday 10/1 is worked for 2/1"),
        ("25/4/2025", 1, "26/4/2025", "Saturday 26/4/2025 is worked"),
        ("25/4/2025", 4, "5/5/2025", "30/4, 1/5 and the swapped 2/5 are off"),
        ("24/4/2026", 1, "28/4/2026", "Monday 27/4 makes up for Sunday 26/4"),
        ("28/8/2026", 1, "3/9/2026", "31/8, 1/9 and 2/9 are off"),
        ("21/8/2026", 1, "22/8/2026", "Saturday 22/8 is worked for 31/8"),
        ("23/11/2026", 1, "25/11/2026", "24/11 is Vietnamese Culture Day"),
        ("3/6/2026", 15, "24/6/2026", "26/2026/QĐ-TTg: a commune has 15 working days from receipt"),
        ("6/6/2026", 1, "8/6/2026", "a Saturday is the event, Monday the first day"),
        ("29/6/2026", -15, "8/6/2026", "counted back, the day of the event not counted"),
        ("3/9/2026", -1, "28/8/2026", "counted back over National Day"),
    ],
)
def test_working_days_are_counted_without_the_day_of_the_event(start: str, count: int, end: str, why: str) -> None:
    """Civil Code 2015 arts 147-148; the days off of REGULATIONS section 10."""
    assert CALENDAR.add_working_days(day(start), count) == day(end), why


@pytest.mark.parametrize(
    ("holiday", "made_up"),
    [
        ("1/1/2022", "3/1/2022"),  # Saturday
        ("1/1/2023", "2/1/2023"),  # Sunday
        ("10/4/2022", "11/4/2022"),  # Hùng Kings on a Sunday
        ("30/4/2022", "2/5/2022"),  # Saturday
        ("1/5/2022", "3/5/2022"),  # Sunday, the Monday being taken
        ("2/9/2018", "3/9/2018"),  # Sunday
    ],
)
def test_an_undecreed_holiday_on_a_weekend_is_made_up(holiday: str, made_up: str) -> None:
    """Labour Code 2019 art. 112: a holiday on a weekly day of rest is made up on the next working day."""
    assert day(holiday).weekday() >= 5
    assert not CALENDAR.is_working_day(day(made_up))


@pytest.mark.parametrize(("holiday", "next_weekday"), [("24/11/2029", "26/11/2029"), ("24/11/2030", "25/11/2030")])
def test_culture_day_has_no_make_up(holiday: str, next_weekday: str) -> None:
    """Resolution 28/2026/QH16: 24 November stands outside Labour Code art. 112."""
    assert day(holiday).weekday() >= 5
    assert CALENDAR.is_working_day(day(next_weekday))


def test_culture_day_is_off_from_2026_only() -> None:
    """Resolution 28/2026/QH16 art. 2: paid day off since 1/7/2026."""
    assert not CALENDAR.is_working_day(day("24/11/2027"))
    assert CALENDAR.is_working_day(day("24/11/2020"))


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        ("31/1/2027", 1, "28/2/2027"),
        ("31/1/2028", 1, "29/2/2028"),
        ("29/2/2028", 12, "28/2/2029"),
        ("30/11/2026", 3, "28/2/2027"),
        ("29/4/2027", 36, "29/4/2030"),
        ("31/3/2027", -1, "28/2/2027"),
        ("15/1/2027", -1, "15/12/2026"),
    ],
)
def test_a_month_ends_on_the_same_date_or_the_last_of_a_shorter_month(start: str, months: int, end: str) -> None:
    """Civil Code 2015 art. 148(4)."""
    assert add_months(day(start), months) == day(end)


def test_a_duty_ending_on_a_day_off_ends_on_the_next_working_day() -> None:
    """Civil Code 2015 art. 148(5); 45 days to finish a re-rating, 15 for a revocation (26/2026/QĐ-TTg)."""
    assert CALENDAR.add_days(day("4/6/2026"), 45, shift=True) == day("20/7/2026")  # 19/7 is a Sunday
    assert CALENDAR.add_days(day("15/4/2026"), 15, shift=True) == day("4/5/2026")  # 30/4, 1/5, a weekend
    assert CALENDAR.add_days(day("22/5/2026"), 30, shift=True) == day("22/6/2026")  # 21/6 is a Sunday
    assert CALENDAR.add_days(day("22/5/2026"), 60, shift=True) == day("21/7/2026")
    assert CALENDAR.add_months(day("30/1/2026"), 3, shift=True) == day("4/5/2026")


def test_a_validity_never_shifts() -> None:
    """DESIGN section 6: the validity of a certificate never shifts; its last day is a parameter."""
    assert CALENDAR.add_days(day("4/6/2026"), 45, shift=False) == day("19/7/2026")
    assert CALENDAR.add_months(day("20/6/2027"), 36, shift=False) == day("20/6/2030")
    assert last_valid_day(day("22/6/2026"), 36, "anniversary") == day("22/6/2029")
    assert last_valid_day(day("22/6/2026"), 36, "day_before") == day("21/6/2029")
    assert last_valid_day(day("22/6/2027"), 36, "anniversary") == day("22/6/2030")  # a Saturday


def test_the_re_rating_window_is_counted_back_in_plain_days() -> None:
    """26/2026/QĐ-TTg: not earlier than 180 and not later than 120 days before expiry; no shift backwards."""
    expiry = day("20/6/2029")
    assert start_before(Period(180, "day"), expiry, CALENDAR) == day("22/12/2028")
    assert start_before(Period(120, "day"), expiry, CALENDAR) == day("20/2/2029")


def test_a_week_ends_on_the_same_weekday() -> None:
    """Civil Code 2015 art. 148(3)."""
    assert end_of(Period(2, "week"), day("3/6/2026"), CALENDAR) == day("17/6/2026")


def test_the_latest_start_may_be_the_sunday_before_the_first_counted_day() -> None:
    """The greatest day from which the period still ends in time need not be a working day."""
    assert latest_start(Period(15, "working_day"), day("29/6/2026"), CALENDAR) == day("8/6/2026")
    assert latest_start(Period(5, "working_day"), day("12/6/2026"), CALENDAR) == day("7/6/2026")
    assert latest_start(Period(1, "month"), day("28/2/2025"), CALENDAR) == day("31/1/2025")


@pytest.mark.parametrize("amount", [0, -3])
def test_a_period_has_at_least_one_unit(amount: int) -> None:
    with pytest.raises(InputInvalid, match="period_not_positive"):
        Period(amount, "day")
    with pytest.raises(InputInvalid, match="period_not_positive"):
        CALENDAR.add_working_days(day("1/6/2026"), 0)


@pytest.mark.parametrize("far", [date(1900, 1, 1), date(2100, 1, 1), date.max])
def test_a_day_outside_the_countable_years_is_refused(far: date) -> None:
    with pytest.raises(InputInvalid, match="year_out_of_range"):
        CALENDAR.next_working_day(far)
    with pytest.raises(InputInvalid, match="year_out_of_range"):
        show(far.year)
    with pytest.raises(InputInvalid, match="year_out_of_range"):
        add_days(date.max, 1)


def test_holidays_is_imported_only_for_an_undecreed_year() -> None:
    """A decreed year is answered from its notice alone: the library costs a tenth of a second."""
    script = (
        "import sys; from datetime import date; from ocop_flow.calendars import load_calendar, show\n"
        "show(2026); print('holidays' in sys.modules)\n"
        "load_calendar().is_working_day(date(2027, 1, 1)); print('holidays' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "True"]


def national_2027(mark: str = "one_source", off: str = "1/1/2027") -> Notice:
    entry = DayOff(day(off), Text("Tết Dương lịch", "New Year's Day"), "1/TB", mark)
    return Notice(2027, day("1/12/2026"), "1/TB", mark, (entry,))


def local_2026(text: str = "10/7/2026", unit: str = "36") -> Notice:
    return Notice(
        2026,
        day("1/6/2026"),
        "9/TB-UBND",
        "adopted",
        (DayOff(day(text), Text("x", "x"), "9/TB-UBND", "adopted"),),
        (),
        (),
        unit,
    )


def test_an_adopted_notice_decrees_its_year() -> None:
    """DESIGN section 7, `calendar adopt`: from then on answers of that year are no longer provisional."""
    adopted = load_calendar([national_2027()])
    assert adopted.is_decreed(2027)
    assert adopted.known_through == date(2027, 12, 31)
    assert not adopted.is_working_day(day("1/1/2027"))
    assert adopted.is_working_day(day("30/4/2027")), "a decreed year has the days of its notice, no others"
    assert adopted.version != CALENDAR.version
    assert day("30/4/2027") in changed_days(CALENDAR, adopted, 2027)
    assert changed_days(CALENDAR, adopted, 2026) == ()


def test_a_recalled_notice_does_not_decree_its_year() -> None:
    """DESIGN principle 10: what is only recalled is not relied on; the statutory days stay in force."""
    recalled = load_calendar([national_2027("recalled", off="4/1/2027")])
    assert not recalled.is_decreed(2027)
    assert not recalled.is_working_day(day("30/4/2027"))
    assert not recalled.is_working_day(day("4/1/2027"))


def test_an_adopted_notice_replaces_the_shipped_one_of_its_year() -> None:
    """A corrected notice is whole: what it leaves out is no day off any more."""
    corrected = Notice(2026, day("1/12/2026"), "2/TB", "one_source")
    assert load_calendar([corrected]).is_working_day(day("2/9/2026"))
    assert not load_calendar([corrected]).provisional(day("1/9/2026"), day("1/9/2026"))


def test_a_local_day_off_holds_for_its_unit_alone() -> None:
    """A notice of one unit adds to the national one and decrees nothing."""
    notices = [local_2026(), local_2026("13/7/2026", unit="37")]
    local = load_calendar(notices_for(notices, {"13756", "36"}))
    assert not local.is_working_day(day("10/7/2026"))
    assert local.is_working_day(day("13/7/2026"))
    assert not local.is_working_day(day("2/9/2026"))
    assert CALENDAR.is_working_day(day("10/7/2026"))
    assert "9/TB-UBND" in local.sources(day("10/7/2026"), day("10/7/2026"))


def test_a_later_local_notice_can_open_a_day_that_is_off() -> None:
    worked = WorkedDay(day("11/7/2026"), day("10/7/2026"), "10/TB-UBND", "adopted")
    swap = Notice(2026, day("2/6/2026"), "10/TB-UBND", "adopted", (), (worked,), (), "36")
    assert load_calendar([local_2026("11/7/2026"), swap]).is_working_day(day("11/7/2026"))


def test_the_version_names_the_contents_and_not_the_layout() -> None:
    text = b'notice: {year: 2027, as_of: "2026-12-01", source: 1/TB, mark: one_source}\n'
    same = b'# a comment\nnotice:\n  mark: one_source\n  source: "1/TB"\n  as_of: "2026-12-01"\n  year: 2027\n'
    versions = {Calendar((read_notice(content, "a.yaml"),)).version for content in (text, same)}
    assert len(versions) == 1
    assert re.fullmatch(r"sha256:[0-9a-f]{64}", versions.pop())


NOTICE = """\
notice: {year: 2027, as_of: "2026-12-01", source: 1/TB-BNV, mark: one_source}
days_off:
  - {date: "2027-01-01", name: {vi: Tết Dương lịch, en: New Year's Day}}
  - {date: "2027-05-03", name: Nghỉ bù, make_up_for: "2027-05-01", source: art. 112, mark: two_sources}
  - {date: "2027-09-03", name: Nghỉ hoán đổi}
worked_saturdays:
  - {date: "2027-09-11", instead_of: "2027-09-03"}
open_questions:
  - {about: Chưa rõ, days: ["2027-11-23"]}
"""


def test_a_notice_is_read_with_the_source_of_each_day() -> None:
    """A day without its own source has that of the notice; a text may be in one language."""
    notice = read_notice(NOTICE.encode(), "2027.yaml")
    assert [(off.day, off.source, off.mark) for off in notice.days_off] == [
        (day("1/1/2027"), "1/TB-BNV", "one_source"),
        (day("3/5/2027"), "art. 112", "two_sources"),
        (day("3/9/2027"), "1/TB-BNV", "one_source"),
    ]
    assert notice.days_off[1].make_up_for == day("1/5/2027")
    assert notice.days_off[1].name == Text("Nghỉ bù", "Nghỉ bù")
    assert notice.worked == (WorkedDay(day("11/9/2027"), day("3/9/2027"), "1/TB-BNV", "one_source"),)
    assert notice.open_questions[0].days == (day("23/11/2027"),)
    assert notice.decrees


@pytest.mark.parametrize(
    ("old", "new", "code", "line"),
    [
        ("source: 1/TB-BNV, ", "", "notice_key_missing", 1),
        ("source: 1/TB-BNV", 'source: " "', "notice_text_missing", 1),
        ('as_of: "2026-12-01", ', "", "notice_key_missing", 1),
        ("mark: one_source", "mark: sure", "notice_mark_unknown", 1),
        ("year: 2027", "year: 1800", "notice_year_wrong", 1),
        ("year: 2027", 'year: "2027"', "notice_year_wrong", 1),
        ("notice:", "notices:", "notice_key_missing", 1),
        ("2027-01-01", "2026-01-01", "notice_day_outside_year", 3),
        ("2027-01-01", "2027-02-30", "notice_date_wrong", 3),
        ("2027-01-01", "1/1/2027", "notice_date_wrong", 3),
        ("2027-01-01", "2027-05-03", "notice_day_twice", 4),
        ("2027-05-01", "2027-05-04", "notice_make_up_not_weekend", 4),
        ("en: New Year's Day", "fr: Nouvel An", "notice_key_unknown", 3),
        ('instead_of: "2027-09-03"', 'instead_of: "2027-09-01"', "notice_swap_without_day_off", 7),
        ("2027-09-11", "2027-09-12", "notice_not_saturday", 7),
        ("2027-09-11", "2027-01-01", "notice_day_off_and_worked", 7),
        ("2027-11-23", "2028-11-23", "notice_day_outside_year", 9),
        ('["2027-11-23"]', '"2027-11-23"', "notice_not_list", 9),
        ("open_questions:\n  - {about", "open_questions:\n  {about", "notice_not_list", 8),
        ("  - {about: Chưa rõ, days", "  - about\n  - {about: x, days", "notice_not_mapping", 9),
        ("open_questions:", "questions:", "notice_key_unknown", 8),
    ],
)
def test_a_faulty_notice_names_the_line(old: str, new: str, code: str, line: int) -> None:
    """DESIGN section 8: every fault of a file is listed with its line."""
    assert old in NOTICE
    with pytest.raises(InputInvalid) as caught:
        read_notice(NOTICE.replace(old, new, 1).encode(), "2027.yaml")
    found = [(reason.code, reason.params["line"]) for reason in caught.value.reasons]
    assert (code, line) in found
    for reason in caught.value.reasons:
        message = MESSAGES[reason.code]
        assert (message.message + message.remedy).format(**reason.params)


def test_all_faults_of_all_files_are_listed_together() -> None:
    """A year twice is a fault of the second file; the faults of the others are listed beside it."""
    bad = NOTICE.replace("2027-01-01", "2026-01-01").replace("2027-09-11", "2027-09-12").encode()
    with pytest.raises(InputInvalid) as caught:
        read_notices({"a.yaml": NOTICE.encode(), "b.yaml": NOTICE.encode(), "c.yaml": bad})
    assert [(reason.code, reason.params["file"]) for reason in caught.value.reasons] == [
        ("notice_year_twice", "b.yaml"),
        ("notice_day_outside_year", "c.yaml"),
        ("notice_not_saturday", "c.yaml"),
    ]


@pytest.mark.parametrize("text", ["- 1", "notice: null", "notice: 3", '"x"', "notice: {}"])
def test_what_is_no_notice_at_all_is_refused_with_reasons(text: str) -> None:
    with pytest.raises(InputInvalid):
        read_notice(text.encode(), "x.yaml")
