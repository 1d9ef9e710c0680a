"""``ocop calendar preview`` and ``adopt``: notices of days off taken into use, and the duties that follow them.

DESIGN sections 6 and 7. Days were counted by hand on a wall calendar: 1 June 2026 is a Monday, and from it fifteen
working days (26/2026/QĐ-TTg, the commune's handling) end on Monday 22 June.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.contract import held
from tests.cli.office import Json, Office, dump, ocop

ROOT = Path(__file__).parents[2]
SHIPPED = ROOT / "workflows" / "calendar" / "2026.yaml"
#: A commune that has this code before and after 1 July 2025, in province 33 (Hưng Yên).
COMMUNE, PROVINCE, ANOTHER_PROVINCE = "12103", "33", "36"
#: Days off on working days of 2020: Labour Code 2012 art. 115, Tết as announced for that year.
DAYS_OF_2020 = (
    ("2020-01-01", "Tết Dương lịch"),
    *((f"2020-01-{day}", "Tết Nguyên đán") for day in (23, 24, 27, 28, 29)),
    ("2020-04-02", "Giỗ Tổ Hùng Vương"),
    ("2020-04-30", "Ngày Chiến thắng"),
    ("2020-05-01", "Ngày Quốc tế lao động"),
    ("2020-09-02", "Quốc khánh"),
)


def written(folder: Path, name: str, text: str) -> str:
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return str(file)


def notice(folder: Path, year: int, *days: tuple[str, str], name: str = "notice.yaml", **head: str) -> str:
    """A notice file of some days off; ``head`` replaces or adds keys, ``unit`` among them."""
    keys = {"as_of": f"{year - 1}-11-20", "source": f"1/TB-{year}", "mark": "one_source", **head}
    lines = [f"notice: {{year: {year}, " + ", ".join(f'{key}: "{value}"' for key, value in keys.items()) + "}"]
    lines += ["days_off:", *(f'  - {{date: "{day}", name: {text}}}' for day, text in days)]
    return written(folder, name, "\n".join(lines) + "\n")


def of_2026(folder: Path, *more: str, name: str = "2026.yaml") -> str:
    """The shipped notice of 2026 with more days off."""
    lines = "".join(f'  - {{date: "{day}", name: Ngày nghỉ thêm}}\n' for day in more)
    text = SHIPPED.read_text(encoding="utf-8")
    assert "days_off:\n" in text
    return written(folder, name, text.replace("days_off:\n", f"days_off:\n{lines}"))


def duties(office: Office) -> dict[str, Json]:
    return {row["id"]: row for row in held(office.do("deadline", "list"), "deadline list")}


def days(office: Office) -> dict[str, tuple[str, bool]]:
    return {name: (row["due_on"], row["provisional"]) for name, row in duties(office).items()}


def counted(office: Office, milestone: str = "conference") -> str:
    """A plan of the province with a duty of fifteen working days from 1 June 2026; its number."""
    text = f"""\
plan: {{number: 7/KH-UBND, issued_on: "2026-06-01", issuer: "{PROVINCE}", year: 2026, regime: qd_26_2026}}
milestones:
  - {{id: {milestone}, title: Hội nghị, due: 15 ngày làm việc kể từ ngày ký, responsible: province}}
  - {{id: report, title: Báo cáo, due: "22/6/2026", responsible: province, after: [{milestone}]}}
"""
    file = written(office.db.parent, "plan.yaml", text)
    return str(office.do("plan", "load", file, who=office.holder("officer", PROVINCE))["number"])


# --- adopt ----------------------------------------------------------------------------------------------------------


def test_only_an_administrator_adopts_a_notice(office: Office, tmp_path: Path) -> None:
    """DESIGN section 5: the calendar is the administrators' of the centre."""
    file = of_2026(tmp_path, "2026-06-10")
    officer = office.holder("officer", PROVINCE)
    assert office.refuses(3, "calendar", "adopt", file, who=officer) == ["role_missing"]
    assert office.refuses(3, "calendar", "adopt", file) == ["not_logged_in"]
    assert office.do("calendar", "adopt", file, who="admin")["changed"] is True


def test_an_open_duty_follows_the_days_off_that_are_adopted(office: Office, tmp_path: Path) -> None:
    """Every open deadline that a notice moves is recomputed when it is adopted."""
    code = office.open(COMMUNE, "Cà phê", track="existing_product")
    handling = f"{code}:commune_handling:1"
    assert days(office)[handling] == ("2026-06-22", False)
    adopted = office.do("calendar", "adopt", of_2026(tmp_path, "2026-06-10"), who="admin")
    assert (adopted["year"], adopted["unit"], adopted["moved"]) == (2026, None, 1)
    assert days(office)[handling] == ("2026-06-23", False)
    assert "2026-06-10" in {off["day"] for off in office.do("calendar", "show", "2026")["days_off"]}


def test_the_end_of_the_transitional_period_moves_off_a_day_off(office: Office, tmp_path: Path) -> None:
    """26/2026/QĐ-TTg art. 12: 60 days from 22 May 2026 end on 21 July; Civil Code 2015 art. 148(5) moves it on."""
    office.day = "2025-09-01"
    code = office.open(COMMUNE, "Cà phê", track="existing_product")
    office.take(code, "propose_to_province")
    office.day = "2026-06-01"
    assert days(office)[f"{code}:transition:1"][0] == "2026-07-21"
    office.do("calendar", "adopt", of_2026(tmp_path, "2026-07-21"), who="admin")
    assert days(office)[f"{code}:transition:1"][0] == "2026-07-22"


def test_a_decreed_year_takes_the_mark_of_the_provisional_away(office: Office, tmp_path: Path) -> None:
    """DESIGN section 6: a year is decreed only if a dated notice says so; every other year is provisional."""
    office.day = "2026-12-21"
    code = office.open(COMMUNE, "Cà phê", track="existing_product")
    handling = f"{code}:commune_handling:1"
    # 22 to 25 December are four, 28 to 31 four more, 4 to 8 January five, 11 and 12 two; 1 January is a holiday.
    assert days(office)[handling] == ("2027-01-12", True)
    new_year = notice(tmp_path, 2027, ("2027-01-01", "Tết Dương lịch"))
    adopted = office.do("calendar", "adopt", new_year, who="admin")
    assert (adopted["moved"] > 0, adopted["known_through"]) == (True, "2027-12-31")
    assert days(office)[handling] == ("2027-01-12", False)
    assert office.do("doctor")["calendar_known_through"] == "2027-12-31"


def test_a_plan_of_an_undecreed_year_is_firm_once_the_year_is_decreed(office: Office, tmp_path: Path) -> None:
    office.day = "2020-04-01"
    plan = ROOT / "docs" / "examples" / "plan-27-KH-UBND.yaml"
    office.do("plan", "load", str(plan), who=office.holder("officer", "36"))
    assert {provisional for _, provisional in days(office).values()} == {True}
    adopted = office.do("calendar", "adopt", notice(tmp_path, 2020, *DAYS_OF_2020), who="admin")
    assert adopted["moved"] == len(days(office))
    assert {provisional for _, provisional in days(office).values()} == {False}


def test_the_same_notice_once_more_changes_nothing(office: Office, tmp_path: Path) -> None:
    """Whatever the layout of its file: it is known by what it says."""
    office.do("calendar", "adopt", of_2026(tmp_path, "2026-06-10"), who="admin")
    before = dump(office.db)
    again = written(tmp_path, "again.yaml", "# once more\n" + (tmp_path / "2026.yaml").read_text(encoding="utf-8"))
    answer = office.do("calendar", "adopt", again, who="admin")
    assert (answer["changed"], answer["moved"]) == (False, 0)
    assert dump(office.db) == before


def test_a_corrected_notice_takes_the_place_of_the_first(office: Office, tmp_path: Path) -> None:
    """A notice is whole: what the newer one leaves out is worked again."""
    code = office.open(COMMUNE, "Cà phê", track="existing_product")
    for more, due_on in (
        (["2026-06-10"], "2026-06-23"),
        (["2026-06-10", "2026-06-11"], "2026-06-24"),
        ([], "2026-06-22"),
    ):
        office.do("calendar", "adopt", of_2026(tmp_path, *more), who="admin")
        assert days(office)[f"{code}:commune_handling:1"][0] == due_on


def test_an_older_or_unsourced_notice_is_taken_with_a_warning(office: Office, tmp_path: Path) -> None:
    """DESIGN principle 10: what is not certain warns; nothing defaults in silence."""
    office.do("calendar", "adopt", notice(tmp_path, 2027, ("2027-01-01", "Tết")), who="admin")
    older = notice(tmp_path, 2027, ("2027-01-01", "Tết"), as_of="2025-01-02", mark="recalled")
    answer = office.do("calendar", "adopt", older, who="admin")
    assert {item["code"] for item in answer["warnings"]} == {"notice_older", "notice_decrees_nothing"}
    ahead = notice(tmp_path, 2028, ("2028-01-03", "Tết"), as_of="2027-12-01")
    assert office.do("calendar", "adopt", ahead, who="admin")["warnings"][0]["code"] == "notice_dated_ahead"


def test_a_settled_duty_stays_as_it_was_judged(office: Office, tmp_path: Path) -> None:
    """Handed up on the last day of the commune's fifteen: days off decreed afterwards do not judge it anew."""
    code = office.open(COMMUNE, "Cà phê", track="existing_product")
    office.walk(code, "promotion")
    before = duties(office)
    assert before[f"{code}:commune_handling:1"]["status"] == "met"
    office.do("calendar", "adopt", of_2026(tmp_path, "2026-06-10"), who="admin")
    assert duties(office) == before


def test_days_off_may_bring_milestones_out_of_their_order_and_the_plan_stays_readable(
    office: Office, tmp_path: Path
) -> None:
    """The order was judged when the plan was loaded: the 15th working day, 22 June, moves past the fixed 22 June."""
    plan = counted(office)
    office.do("calendar", "adopt", of_2026(tmp_path, "2026-06-10"), who="admin")
    found = {item["id"]: item["due_on"] for item in office.do("plan", "show", plan)["milestones"]}
    assert found == {"conference": "2026-06-23", "report": "2026-06-22"}
    assert office.do("plan", "status", plan)["milestones"]
    assert office.do("doctor", "--rebuild")["problems"] == []


def test_a_dry_run_tells_what_would_move_and_writes_nothing(office: Office, tmp_path: Path) -> None:
    office.open(COMMUNE, "Cà phê", track="existing_product")
    before = dump(office.db)
    assert office.do("calendar", "adopt", of_2026(tmp_path, "2026-06-10"), "--dry-run", who="admin")["moved"] == 1
    assert dump(office.db) == before


def test_a_repeated_key_gets_the_first_answer_and_no_other_file(office: Office, tmp_path: Path) -> None:
    """DESIGN section 7: exit 5 for a key reused with other content."""
    words = ("calendar", "adopt", of_2026(tmp_path, "2026-06-10"), "--key", "n-1", "--decision", "5/QĐ-VPĐP")
    first = office.do(*words, who="admin")
    assert office.do(*words, who="admin") == first
    of_2026(tmp_path, "2026-06-11")
    assert office.refuses(5, *words, who="admin") == ["key_reused"]


# --- preview --------------------------------------------------------------------------------------------------------


def test_a_preview_lists_exactly_the_open_deadlines_that_adopting_moves(office: Office, tmp_path: Path) -> None:
    """`preview` lists every open deadline that a new notice would move; it needs no role."""
    counted(office)
    for number in range(3):
        office.open(COMMUNE, f"Cà phê số {number}", track="existing_product")
    office.walk(office.open(COMMUNE, "Trà", track="existing_product"), "promotion")
    file = of_2026(tmp_path, "2026-06-10")
    stored, before = dump(office.db), days(office)
    listed = {row["id"]: row for row in office.do("calendar", "preview", file)}
    assert dump(office.db) == stored
    office.do("calendar", "adopt", file, who="admin")
    after = days(office)
    assert set(listed) == {name for name in before if before[name] != after[name]}
    assert len(listed) == 4
    for name, row in listed.items():
        assert (row["due_on"], row["provisional"]) == before[name]
        assert (row["would_be"], row["would_be_provisional"]) == after[name]
    assert office.do("calendar", "preview", file) == []


def test_a_preview_tells_of_a_mark_that_falls_away(office: Office, tmp_path: Path) -> None:
    office.day = "2026-12-21"
    code = office.open(COMMUNE, "Cà phê", track="existing_product")
    rows = office.do("calendar", "preview", notice(tmp_path, 2027, ("2027-01-01", "Tết Dương lịch")))
    found = next(row for row in rows if row["id"] == f"{code}:commune_handling:1")
    assert (found["due_on"], found["would_be"]) == ("2027-01-12", "2027-01-12")
    assert (found["provisional"], found["would_be_provisional"]) == (True, False)
    assert found["unit"]["code"] == COMMUNE


def test_people_see_the_days_and_the_deadlines(office: Office, tmp_path: Path) -> None:
    office.open(COMMUNE, "Cà phê", track="existing_product")
    file = of_2026(tmp_path, "2026-06-10")
    now = f"{office.day}T10:00:00+07:00"
    seen = ocop("calendar", "preview", file, "--db", str(office.db), now=now, lang="en")
    assert (seen.exit, "2026-06-10" in seen.out, "2026-06-23" in seen.out) == (0, True, True)
    done = ocop("calendar", "adopt", file, "--db", str(office.db), "--as", "admin", now=now, lang="en")
    assert (done.exit, "1 open deadlines" in done.out) == (0, True)
    seen = ocop("calendar", "preview", file, "--db", str(office.db), now=now, lang="en")
    assert "No open deadline would move." in seen.out


# --- local days off ---------------------------------------------------------------------------------------------------


def test_local_days_off_hold_for_their_unit_and_those_below(office: Office, tmp_path: Path) -> None:
    """Local days off. A day off of one province moves nothing in another."""
    code = office.open(COMMUNE, "Cà phê", track="existing_product")
    plan = counted(office)
    handling, milestone = f"{code}:commune_handling:1", f"{PROVINCE}:2026:{plan}:conference:{PROVINCE}"
    elsewhere = notice(tmp_path, 2026, ("2026-06-11", "Ngày hội"), unit=ANOTHER_PROVINCE, name="elsewhere.yaml")
    assert office.do("calendar", "adopt", elsewhere, who="admin")["moved"] == 0
    here = notice(tmp_path, 2026, ("2026-06-10", "Ngày hội"), unit=PROVINCE)
    assert {row["id"] for row in office.do("calendar", "preview", here)} == {handling, milestone}
    adopted = office.do("calendar", "adopt", here, who="admin")
    assert (adopted["unit"], adopted["moved"]) == (PROVINCE, 2)
    assert (days(office)[handling][0], days(office)[milestone][0]) == ("2026-06-23", "2026-06-23")


def test_a_question_for_a_unit_counts_its_local_days_off(office: Office, tmp_path: Path) -> None:
    here = notice(tmp_path, 2026, ("2026-06-10", "Ngày hội"), unit=PROVINCE)
    office.do("calendar", "adopt", here, who="admin")
    wording = "15 ngày làm việc kể từ ngày 1/6/2026"

    def due_on(*words: str) -> str:
        return str(office.do("calendar", "due", wording, *words)["due_on"])

    assert (due_on("--unit", COMMUNE), due_on("--unit", PROVINCE)) == ("2026-06-23", "2026-06-23")
    assert (due_on("--unit", ANOTHER_PROVINCE), due_on()) == ("2026-06-22", "2026-06-22")
    latest = ("calendar", "latest", "15 ngày làm việc", "--before", "2026-06-22")
    # Without 10 June the fifteen days before 22 June must begin a working day earlier: on Friday 29 May.
    assert office.do(*latest, "--unit", COMMUNE)["due_on"] == "2026-05-31"
    assert office.do(*latest)["due_on"] == "2026-06-01"
    shown = office.do("calendar", "show", "2026", "--unit", COMMUNE)
    assert "2026-06-10" in {off["day"] for off in shown["days_off"]}
    assert shown["decreed"] is True


def test_the_nearest_unit_has_the_last_word_on_a_day(office: Office, tmp_path: Path) -> None:
    """A commune that works the Saturday for its province's day off, and the province's other Saturday too."""
    province = notice(tmp_path, 2026, ("2026-06-13", "Thứ Bảy"), ("2026-06-10", "Ngày hội"), unit=PROVINCE)
    commune = written(
        tmp_path,
        "commune.yaml",
        f'notice: {{year: 2026, as_of: "2026-01-05", source: 3/TB-UBND, mark: adopted, unit: "{COMMUNE}"}}\n'
        'days_off:\n  - {date: "2026-06-09", name: Ngày hội xã}\n'
        'worked_saturdays:\n  - {date: "2026-06-13", instead_of: "2026-06-09"}\n',
    )
    for file in (commune, province):
        office.do("calendar", "adopt", file, who="admin")
    worked = office.do("calendar", "show", "2026", "--unit", COMMUNE)["worked"]
    assert "2026-06-13" in {each["day"] for each in worked}
    worked = office.do("calendar", "show", "2026", "--unit", PROVINCE)["worked"]
    assert "2026-06-13" not in {each["day"] for each in worked}


# --- questions with and without a database -------------------------------------------------------------------------


def test_a_database_that_is_there_answers_with_its_notices_and_one_that_is_not_with_those_shipped(
    office: Office, tmp_path: Path
) -> None:
    office.do("calendar", "adopt", notice(tmp_path, 2027, ("2027-01-01", "Tết Dương lịch")), who="admin")
    assert office.do("calendar", "show", "2027")["decreed"] is True
    absent = tmp_path / "absent.db"
    answer = ocop("calendar", "show", "2027", "--json", "--db", str(absent))
    assert (answer.exit, answer.document["decreed"]) == (0, False)
    assert not absent.exists()


def test_the_days_off_of_the_country_are_told_without_a_login(tmp_path: Path) -> None:
    """They are public; a unit's own, and what a notice would move, are for those who have logged in."""
    password = written(tmp_path, "password", "mật khẩu dài 123\n")
    db = str(tmp_path / "real.db")
    assert ocop("init", "--admin", "boss", "--password-file", password, "--db", db).exit == 0
    assert ocop("calendar", "show", "2026", "--db", db, "--json").exit == 0
    assert ocop("calendar", "show", "2026", "--unit", PROVINCE, "--db", db, "--json").exit == 3
    assert ocop("calendar", "preview", of_2026(tmp_path), "--db", db, "--json").exit == 3


# --- what cannot be read ----------------------------------------------------------------------------------------------

HEAD = 'notice: {year: 2027, as_of: "2026-12-01", source: 1/TB, mark: one_source}\n'


@pytest.mark.parametrize("command", ["preview", "adopt"])
@pytest.mark.parametrize(
    ("text", "codes", "line"),
    [
        (
            HEAD + 'days_off:\n  - {date: "2027-05-08", name: Nghỉ}\n'
            'worked_saturdays:\n  - {date: "2027-05-08", instead_of: "2026-05-04"}\n',
            ["notice_day_off_and_worked"],
            5,
        ),
        (HEAD + HEAD, ["yaml_duplicate_key"], 2),
        ('notice: {year: 2027, as_of: "2026-12-01", mark: one_source}\n', ["notice_key_missing"], 1),
        (HEAD.replace("1/TB", '" "'), ["notice_text_missing"], 1),
        (HEAD + 'days_off:\n  - {date: "2027-01-01", name: Tết, source: ""}\n', ["notice_text_missing"], 3),
        (HEAD.replace("}", ', unit: "00999"}'), ["notice_unit_unknown"], 1),
        (
            HEAD + 'days_off:\n  - {date: "2026-01-01", name: Tết}\n  - {date: "2027-02-30", name: Tết}\n',
            ["notice_day_outside_year", "notice_date_wrong"],
            3,
        ),
    ],
)
def test_every_fault_of_a_notice_is_listed_by_line(
    office: Office, tmp_path: Path, command: str, text: str, codes: list[str], line: int
) -> None:
    """A day worked and off, a year twice, no source; DESIGN section 7: exit 2, nothing is written."""
    file = written(tmp_path, "hong.yaml", text)
    assert office.refuses(2, "calendar", command, file, who="admin") == codes
    message = office.ask("calendar", command, file, who="admin", lang="en").document["reasons"][0]["message"]
    assert f"hong.yaml, line {line}:" in message


def test_a_file_that_is_not_there_is_told(office: Office, tmp_path: Path) -> None:
    for command in ("preview", "adopt"):
        file = str(tmp_path / "none.yaml")
        assert office.refuses(2, "calendar", command, file, who="admin") == ["file_unreadable"]


# --- the log ----------------------------------------------------------------------------------------------------------


def test_rebuilding_gives_the_same_rows_however_notices_and_moves_alternate(office: Office, tmp_path: Path) -> None:
    """DESIGN principle 1: each event meets the calendar known at its place in the log."""
    early = office.open(COMMUNE, "Cà phê", track="existing_product")
    counted(office)
    office.do("calendar", "adopt", of_2026(tmp_path, "2026-06-10"), who="admin")
    late = office.open(COMMUNE, "Ca cao", track="existing_product")
    office.day = "2026-06-05"
    office.do("calendar", "adopt", notice(tmp_path, 2026, ("2026-06-12", "Ngày hội"), unit=PROVINCE), who="admin")
    office.walk(early, "evaluation.")
    office.do("calendar", "adopt", of_2026(tmp_path), who="admin")
    before = days(office)
    # The local 12 June alone is left: one day more than 22 June.
    assert before[f"{late}:commune_handling:1"] == ("2026-06-23", False)
    assert office.do("doctor", "--rebuild")["problems"] == []
    assert days(office) == before
    assert office.do("audit", "verify")["ok"] is True
