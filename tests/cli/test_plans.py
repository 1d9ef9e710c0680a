"""``ocop plan`` from a file to a year's end: the plan 27/KH-UBND of Nam Định, 30 March 2020 (seed 003)."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.contract import held
from tests.cli.office import Json, Office, dump, ocop

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"
NAM_DINH, THAI_BINH = EXAMPLES / "plan-27-KH-UBND.yaml", EXAMPLES / "plan-thai-binh-2020.yaml"
PLAN = "27/KH-UBND"
IDENTITY = f"36:2020:{PLAN}"
#: A ward of district 356 (Thành phố Nam Định), and a commune of district 358 (Huyện Mỹ Lộc).
WARD, DISTRICT = "13636", "356"

FAULTY = """\
plan: {number: 5/KH-UBND, issued_on: 2020-03-30, issuer: "36", year: 2020}
milestones:
  - {id: launch, due: khi nào thuận tiện, responsible: province}
  - {id: rating, due: trong tháng 7, responsible: ["00999"]}
  - {id: last, due: trong tháng 6, responsible: province, after: [first]}
"""
FAULTS = [(3, "plan_due_wording_not_understood"), (4, "plan_unit_unknown"), (5, "plan_after_unknown")]


@pytest.fixture
def office(office: Office) -> Office:
    """On Wednesday 1 April 2020, the plan just loaded by an officer of the province."""
    office.day = "2020-04-01"
    office.do("plan", "load", str(NAM_DINH), who=office.holder("officer", "36"))
    return office


def standing(office: Office, on: str | None = None) -> dict[str, Json]:
    """The milestones of ``plan status`` by id."""
    found = held(office.do("plan", "status", PLAN, *(["--on", on] if on else [])), "plan status")
    return {item["id"]: item for item in found["milestones"]}


def duties(office: Office) -> dict[str, Json]:
    """The rows of ``deadline list`` of the plan, by what follows the plan in their id."""
    found = held(office.do("deadline", "list", "--plan", PLAN), "deadline list")
    return {item["id"].removeprefix(f"{IDENTITY}:"): item for item in found}


# --- load -----------------------------------------------------------------------------------------------------------


def test_loading_prints_the_plan_with_the_days_of_its_seed(office: Office) -> None:
    """seeds.yaml 003, M1 to M6."""
    shown = office.do("plan", "show", PLAN)
    assert shown["identity"] == IDENTITY
    assert {item["id"]: item["due_on"] for item in shown["milestones"]} == {
        "launch_conference": "2020-04-30",
        "council_renewed": "2020-04-30",
        "rules_and_budget": "2020-04-30",
        "district_rating": "2020-07-31",
        "province_rating": "2020-08-31",
        "five_star_dossiers": "2020-09-30",
    }


def test_the_answer_to_loading_is_that_of_the_contract(office: Office) -> None:
    """DESIGN section 7; the units of 2020 are approximated by the last known ones, and that is said (section 5)."""
    answer = office.do("plan", "load", str(THAI_BINH), who=office_of_thai_binh(office))
    held(answer, "plan load")
    assert answer["identity"] == "34:2020:1/KH-UBND"
    assert (len(answer["milestones"]), len(answer["targets"])) == (3, 2)
    assert "plan_units_approximate" in {item["code"] for item in answer["warnings"]}


def office_of_thai_binh(office: Office) -> str:
    """An officer of the other province, on the day after its conference."""
    office.day = "2020-06-17"
    return office.holder("officer", "34")


def test_a_plan_is_loaded_by_the_issuing_unit_alone(office: Office) -> None:
    """DESIGN section 5: officer, leader or council secretary of the issuing unit."""
    office.day = "2020-06-17"
    words = ("plan", "load", str(THAI_BINH))
    assert office.refuses(3, *words, who=office.holder("officer", "36")) == ["role_missing"]
    assert office.refuses(3, *words, who=office.holder("auditor", "34")) == ["role_missing"]
    assert office.refuses(3, *words) == ["not_logged_in"]
    assert office.do(*words, who=office.holder("council_secretary", "34"))["identity"] == "34:2020:1/KH-UBND"


def test_a_number_is_used_once_a_year_by_an_issuer(office: Office) -> None:
    """DESIGN section 8: exit 2 with the line of the number; it stands on the fifth line of the file."""
    answer = office.ask("plan", "load", str(NAM_DINH), who=office.holder("officer", "36"))
    assert (answer.exit, answer.codes) == (2, ["plan_number_taken"])
    assert "plan-27-KH-UBND.yaml, line 5:" in held(answer.document, "error")["reasons"][0]["message"]


def test_the_used_number_is_listed_among_the_other_faults(office: Office, tmp_path: Path) -> None:
    """DESIGN section 8: every problem is listed, by line."""
    file = tmp_path / "second.yaml"
    file.write_text(NAM_DINH.read_text(encoding="utf-8").replace("trước tháng 10", "một ngày nào đó"), encoding="utf-8")
    faults = office.refuses(2, "plan", "load", str(file), who=office.holder("officer", "36"))
    assert faults == ["plan_number_taken", "plan_due_wording_not_understood"]


@pytest.mark.parametrize(("lang", "place"), [("vi", "hong.yaml, dòng {}:"), ("en", "hong.yaml, line {}:")])
def test_every_fault_of_a_plan_file_is_listed_by_line_in_either_language(
    office: Office, tmp_path: Path, lang: str, place: str
) -> None:
    """DESIGN section 7: exit 2, each fault with its line."""
    file = tmp_path / "hong.yaml"
    file.write_text(FAULTY.replace("2020-03-30", '"2020-03-30"'), encoding="utf-8")
    officer = office.holder("officer", "36")
    before = dump(office.db)
    answer = office.ask("plan", "load", str(file), who=officer, lang=lang)
    assert (answer.exit, answer.codes) == (2, [code for _, code in FAULTS])
    messages = [item["message"] for item in held(answer.document, "error")["reasons"]]
    assert all(text.startswith(place.format(line)) for text, (line, _) in zip(messages, FAULTS, strict=True))
    assert dump(office.db) == before


def test_an_unquoted_day_is_a_fault_with_its_line(office: Office, tmp_path: Path) -> None:
    """DESIGN section 8: YAML reads 2020-03-30 as something else, so it must be quoted."""
    file = tmp_path / "hong.yaml"
    file.write_text(FAULTY, encoding="utf-8")
    answer = office.ask("plan", "load", str(file), who=office.holder("officer", "36"))
    assert answer.exit == 2
    assert "line 1" in answer.document["reasons"][0]["message"]


def test_a_file_that_is_not_there_is_wrong_usage(office: Office) -> None:
    assert office.refuses(2, "plan", "load", "khong-co.yaml", who=office.holder("officer", "36")) == ["file_unreadable"]


def test_nothing_is_loaded_before_it_was_issued(office: Office) -> None:
    """The conference of the other province was on 16 June."""
    secretary = office.holder("council_secretary", "34")
    assert office.refuses(3, "plan", "load", str(THAI_BINH), who=secretary) == ["plan_issued_later"]


def test_a_dry_run_writes_nothing(office: Office) -> None:
    officer = office_of_thai_binh(office)
    before = dump(office.db)
    office.do("plan", "load", str(THAI_BINH), "--dry-run", who=officer)
    assert dump(office.db) == before


def test_a_repeated_key_gets_the_first_answer_and_another_file_a_conflict(office: Office) -> None:
    """DESIGN section 7, exits 0 and 5."""
    officer = office_of_thai_binh(office)
    first = office.do("plan", "load", str(THAI_BINH), "--key", "k1", who=officer)
    assert office.do("plan", "load", str(THAI_BINH), "--key", "k1", who=officer) == first
    assert office.refuses(5, "plan", "load", str(NAM_DINH), "--key", "k1", who=officer) == ["key_reused"]


def test_the_heir_of_an_issuer_that_has_ended_loads_its_plan(sandbox: Path) -> None:
    """Nam Định went into Ninh Bình on 1 July 2025 (Resolution 202/2025/QH15); its duties are now Ninh Bình's."""
    office = Office(sandbox, "2026-06-01")
    answer = office.do("plan", "load", str(NAM_DINH), "--entry", "paper:Số hóa", who=office.holder("officer", "37"))
    assert answer["identity"] == IDENTITY
    assert duties(office)["launch_conference:36"]["unit"]["name"] == "Tỉnh Ninh Bình"
    assert (
        office.do("plan", "done", PLAN, "launch_conference", who=office.holder("officer", "37"))["unit"]["code"] == "36"
    )


# --- which plan -----------------------------------------------------------------------------------------------------


def test_a_number_that_two_issuers_used_needs_the_issuer(office: Office, tmp_path: Path) -> None:
    """DESIGN section 4: the number alone where unambiguous, else with issuer and year; exit 2 with the candidates."""
    file = tmp_path / "same.yaml"
    file.write_text(THAI_BINH.read_text(encoding="utf-8").replace("number: 1/", "number: 27/"), encoding="utf-8")
    office.do("plan", "load", str(file), who=office_of_thai_binh(office))
    assert len(office.do("plan", "list")) == 2
    answer = office.ask("plan", "status", PLAN)
    assert (answer.exit, answer.codes) == (2, ["plan_ambiguous", "plan_ambiguous"])
    assert IDENTITY in answer.document["reasons"][1]["message"]
    assert office.do("plan", "status", IDENTITY)["identity"] == IDENTITY
    assert office.do("plan", "status", f"34:{PLAN}")["identity"] == f"34:2020:{PLAN}"


def test_a_plan_that_is_absent_is_told_from_what_is_no_number(office: Office) -> None:
    assert office.refuses(4, "plan", "show", "28/KH-UBND") == ["plan_absent"]
    assert office.refuses(4, "plan", "status", f"36:2021:{PLAN}") == ["plan_absent"]
    assert office.refuses(2, "plan", "show", "kế hoạch") == ["document_number_unreadable"]


# --- status and done ------------------------------------------------------------------------------------------------


def test_a_task_is_open_on_its_day_and_late_after_it(office: Office) -> None:
    """DESIGN section 4: ``late`` is not done and past."""
    assert standing(office, "2020-04-30")["launch_conference"]["status"] == "open"
    late = standing(office, "2020-05-04")["launch_conference"]
    assert (late["status"], late["units"][0]["late_days"]) == ("late", 4)


def test_check_exits_with_one_when_something_is_late(office: Office) -> None:
    """DESIGN section 7, exit 1: stdout is still the result."""
    assert office.ask("plan", "status", PLAN, "--on", "2020-04-30", "--check").exit == 0
    answer = office.ask("plan", "status", PLAN, "--on", "2020-05-01", "--check")
    assert (answer.exit, held(answer.document, "plan status")["healthy"]) == (1, False)
    assert office.ask("plan", "status", PLAN, "--on", "2020-05-01").exit == 0


def test_a_task_is_met_on_the_legal_day_of_its_report_and_not_before(office: Office) -> None:
    office.day = "2020-05-11"
    officer = office.holder("officer", "36")
    done = office.do("plan", "done", PLAN, "launch_conference", "--on", "2020-05-04", who=officer)
    assert (done["due_on"], done["done_on"], done["late_days"]) == ("2020-04-30", "2020-05-04", 4)
    assert standing(office, "2020-05-03")["launch_conference"]["status"] == "late"
    met = standing(office)["launch_conference"]
    assert (met["status"], met["units"][0]["done_on"], met["units"][0]["late_days"]) == ("met", "2020-05-04", 4)


def test_a_district_officer_reports_for_the_own_district_without_naming_it(office: Office) -> None:
    """DESIGN section 5: ``plan done`` also by the responsible unit; default ``--unit`` the caller's."""
    office.day = "2020-07-20"
    done = office.do("plan", "done", PLAN, "district_rating", who=office.holder("officer", DISTRICT))
    assert done["unit"]["code"] == DISTRICT
    units = {row["code"]: row["status"] for row in standing(office)["district_rating"]["units"]}
    assert units.pop(DISTRICT) == "met"
    assert set(units.values()) == {"open"}


def test_an_officer_of_the_issuer_reports_for_any_unit_and_names_it(office: Office) -> None:
    officer = office.holder("officer", "36")
    assert office.refuses(2, "plan", "done", PLAN, "district_rating", who=officer) == ["plan_unit_needed"]
    done = office.do("plan", "done", PLAN, "district_rating", "--unit", "358", who=officer)
    assert done["unit"]["code"] == "358"


def test_nobody_else_reports_a_task(office: Office) -> None:
    """DESIGN section 5, exit 3: another district, a role that only reads, someone with no post at all."""
    words = ("plan", "done", PLAN, "district_rating")
    other = office.holder("officer", "358")
    assert office.refuses(3, *words, "--unit", DISTRICT, who=other) == ["role_missing"]
    assert office.refuses(3, *words, who=office.holder("auditor", DISTRICT)) == ["role_missing"]
    assert office.refuses(3, *words, who="admin") == ["role_missing"]
    assert office.refuses(3, "plan", "done", PLAN, "launch_conference", who=other) == ["role_missing"]


def test_what_is_absent_and_what_is_not_responsible_are_told_apart(office: Office) -> None:
    """DESIGN section 7, exits 4 and 3."""
    officer = office.holder("officer", "36")
    assert office.refuses(4, "plan", "done", PLAN, "no_such_task", who=officer) == ["plan_milestone_absent"]
    words = ("plan", "done", PLAN, "district_rating", "--unit")
    assert office.refuses(4, *words, "00999", who=officer) == ["unit_absent"]
    assert office.refuses(3, *words, "01", who=officer) == ["plan_unit_not_responsible"]


def test_a_task_is_done_once_and_never_in_the_future(office: Office) -> None:
    officer = office.holder("officer", "36")
    words = ("plan", "done", PLAN, "launch_conference")
    assert office.refuses(3, *words, "--on", "2020-04-02", who=officer) == ["day_in_future"]
    office.do(*words, who=officer)
    assert office.refuses(3, *words, who=officer) == ["plan_already_done"]


def test_what_the_head_did_is_typed_by_an_officer(office: Office) -> None:
    """DESIGN section 5: the actor holds the post, the recorder is an officer of the unit."""
    leader = office.holder("leader", "36")
    done = office.do("plan", "done", PLAN, "rules_and_budget", "--by", leader, who=office.holder("officer", "36"))
    assert done["version"] == 2


def test_targets_count_on_from_their_baseline(office: Office) -> None:
    """seeds.yaml 003: 62 products on 14 April 2020, at least 100 by the end of the year."""
    found = office.do("plan", "status", PLAN)["targets"]
    assert {item["id"]: (item["actual"], item["met"]) for item in found} == {
        "recognised": (62, False),
        "establishments": (0, None),
    }


# --- move -----------------------------------------------------------------------------------------------------------


def move(milestone: str, wording: str) -> tuple[str, ...]:
    return ("plan", "move", PLAN, milestone, wording, "--decision", "55/QĐ-UBND", "--reason", "Do dịch bệnh")


def test_a_move_keeps_the_order_between_milestones(office: Office) -> None:
    """DESIGN section 8: a milestone is due not before each that it comes after; the later one moves first."""
    officer = office.holder("officer", "36")
    assert office.refuses(2, *move("district_rating", "trước tháng 10"), who=officer) == ["plan_order_broken"]
    office.do(*move("province_rating", "trong tháng 9"), who=officer)
    moved = office.do(*move("district_rating", "trước tháng 10"), who=officer)
    assert (moved["due_before"], moved["due_on"]) == ("2020-07-31", "2020-09-30")


def test_a_move_holds_from_its_legal_day_and_moves_the_duties(office: Office) -> None:
    office.day = "2020-07-20"
    office.do(*move("province_rating", "trong tháng 9"), "--on", "2020-07-10", who=office.holder("leader", "36"))
    assert standing(office, "2020-07-09")["province_rating"]["due_on"] == "2020-08-31"
    moved = standing(office)["province_rating"]
    assert (moved["due_on"], moved["moves"][0]["decision"]) == ("2020-09-30", "55/QĐ-UBND")
    assert duties(office)["province_rating:36"]["due_on"] == "2020-09-30"


def test_a_move_needs_a_decision_a_reason_and_the_issuer(office: Office) -> None:
    officer = office.holder("officer", "36")
    words = ("plan", "move", PLAN, "province_rating", "trong tháng 9")
    assert office.refuses(2, *words, "--reason", "x", who=officer) == ["usage"]
    assert office.refuses(2, *words, "--decision", "55/QĐ-UBND", who=officer) == ["reason_missing"]
    assert office.refuses(2, *words, "--reason", "x", "--decision", "năm", who=officer) == [
        "document_number_unreadable"
    ]
    assert office.refuses(2, *move("province_rating", "lúc nào đó"), who=officer) == ["plan_due_wording_not_understood"]
    assert office.refuses(4, *move("no_such_task", "trong tháng 9"), who=officer) == ["plan_milestone_absent"]
    district = office.holder("officer", DISTRICT)
    assert office.refuses(3, *move("province_rating", "trong tháng 9"), who=district) == ["role_missing"]


# --- duties ---------------------------------------------------------------------------------------------------------


def test_each_milestone_and_unit_is_a_deadline(office: Office) -> None:
    """Five tasks of the province and one of each of its ten districts (DESIGN section 4)."""
    found = duties(office)
    assert len(found) == 15
    assert {item["subject_kind"] for item in found.values()} == {"milestone"}
    assert found["district_rating:356"]["unit"] == {"code": "356", "name": "Thành phố Nam Định", "tier": "district"}


def test_a_reported_milestone_is_a_met_deadline(office: Office) -> None:
    office.do("plan", "done", PLAN, "launch_conference", who=office.holder("officer", "36"))
    assert duties(office)["launch_conference:36"]["status"] == "met"
    assert duties(office)["council_renewed:36"]["status"] == "open"


def test_the_last_dossier_past_its_council_meets_the_milestone_of_its_district(office: Office) -> None:
    """DESIGN section 6: "all dossiers of this plan past state X"; one more dossier opens the duty again."""
    office.day = "2020-06-01"
    officer = office.holder("officer", "36")
    code = office.open(WARD, "Trà số 1", plan=PLAN, track="existing_product")
    assert standing(office)["district_rating"]["units"][0]["dossiers_behind"] == [code]
    office.walk(code, "evaluation.district_council")
    assert duties(office)["district_rating:356"]["status"] == "open"
    office.day = "2020-06-15"
    office.take(code, office.forward(code)[0])
    row = next(row for row in standing(office)["district_rating"]["units"] if row["code"] == DISTRICT)
    assert (row["status"], row["done_on"]) == ("met", "2020-06-15")
    assert duties(office)["district_rating:356"]["status"] == "met"
    assert duties(office)["district_rating:358"]["status"] == "open"
    assert duties(office)["province_rating:36"]["status"] == "open"
    office.open(WARD, "Trà số 2", plan=IDENTITY, track="existing_product")
    assert duties(office)["district_rating:356"]["status"] == "open"
    office.do("plan", "done", PLAN, "district_rating", "--unit", DISTRICT, who=officer)
    assert duties(office)["district_rating:356"]["status"] == "met"


def test_rebuilding_the_views_gives_the_same_rows(office: Office) -> None:
    """DESIGN principle 1: views can be dropped and rebuilt, row for row equal."""
    office.day = "2020-06-01"
    office.do(*move("province_rating", "trong tháng 9"), who=office.holder("officer", "36"))
    passed, behind = (office.open(WARD, f"Trà số {n}", plan=PLAN, track="existing_product") for n in (1, 2))
    office.walk(passed, "rating.")
    office.day = "2020-06-15"
    office.do("plan", "done", PLAN, "council_renewed", who=office.holder("officer", "36"))
    office.walk(behind, "rating.")
    before = duties(office)
    assert before["district_rating:356"]["status"] == "met"
    assert office.do("doctor", "--rebuild")["problems"] == []
    assert duties(office) == before


@pytest.mark.parametrize("words", [("list",), ("show", PLAN), ("status", PLAN)])
def test_people_read_lines_and_no_json(office: Office, words: tuple[str, ...]) -> None:
    answer = ocop("plan", *words, "--db", str(office.db))
    assert answer.exit == 0
    assert PLAN in answer.out
    assert "{" not in answer.out


def test_warnings_of_a_write_are_lines_for_people(office: Office) -> None:
    officer = office_of_thai_binh(office)
    now = f"{office.day}T10:00:00+07:00"
    answer = ocop("plan", "load", str(THAI_BINH), "--db", str(office.db), "--as", officer, now=now, lang="en")
    assert (answer.exit, answer.err.count("  ! ") > 0) == (0, True)
