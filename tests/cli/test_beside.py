"""What is recorded beside the state: promotion, inspections, complaints, letters and disputes (issue: the file of a
product after its recognition). Nothing of it moves a dossier.

Source: REGULATIONS section 7 (inspection after the fact; fifteen days from a conclusion to the decision).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.cli.conftest import copied
from tests.cli.office import Office
from tests.cli.test_revoking import COMMUNE, PROVINCE, declared, revoke

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def desk(sandbox_database: Path, tmp_path: Path) -> tuple[Office, str, str]:
    """An office on 1 June 2026 with a declared certificate and a dossier under way; both by number."""
    office = Office(copied(sandbox_database, tmp_path))
    number = declared(office, "--commune", COMMUNE, "--issued-on", "2025-03-01", "--number", "8/GCN")
    return office, office.open(COMMUNE, "Tương bần", track="existing_product"), number


def test_promotion_is_listed_with_its_costs_and_moves_nothing(desk: tuple[Office, str, str]) -> None:
    """Fairs, shops and support with date, place, cost and result; for a dossier and for a declared certificate."""
    office, dossier, number = desk
    officer = office.holder("officer", PROVINCE)
    before = office.show(dossier)
    words = ["--place", "Hà Nội", "--cost", "12.500.000 đ", "--result", "ký 2 hợp đồng"]
    first = office.do("promotion", "add", dossier, "--kind", "Hội chợ, triển lãm", *words, who=officer)
    office.do("promotion", "add", number, "--kind", "support", "--cost", "7000000", "--on", "2026-05-05", who=officer)
    assert first["facts"] == {"place": "Hà Nội", "cost": "12500000", "result": "ký 2 hợp đồng"}
    listed = office.do("promotion", "list", "--unit", PROVINCE)
    assert [(item["subject"], item["kind"], item["on"]) for item in listed] == [
        (number, "support", "2026-05-05"),
        (dossier, "fair", "2026-06-01"),
    ]
    after = office.show(dossier)
    assert after["version"] == before["version"] + 1
    assert {**after, "version": 0} == {**before, "version": 0}
    assert office.do("doctor", "--rebuild")["ok"] is True


@pytest.mark.parametrize("cost", ["12,5", "-1", "1.2345", "12 triệu", "0x10"])
def test_money_that_is_no_whole_sum_is_refused(desk: tuple[Office, str, str], cost: str) -> None:
    office, dossier, _ = desk
    words = ["promotion", "add", dossier, "--kind", "fair", "--cost", cost]
    assert office.refuses(2, *words, who=office.holder("officer", PROVINCE)) == ["money_unreadable"]


def test_a_complaint_is_a_duty_that_is_reminded_of_until_it_is_answered(desk: tuple[Office, str, str]) -> None:
    """Fifteen working days from Monday 1 June 2026, none of them a holiday, end on Monday 22 June 2026."""
    office, dossier, _ = desk
    officer = office.holder("officer", PROVINCE)
    words = ["--about", "nhãn ghi sai", "--from", "Người gửi số 1", "--within", "15 ngày làm việc"]
    made = office.do("complaint", "add", dossier, *words, who=officer)
    assert made["due_on"] == "2026-06-22"
    duty = next(row for row in office.do("deadline", "list", "--dossier", dossier) if row["kind"] == "reply")
    assert (duty["due_on"], duty["status"], duty["unit"]["code"]) == ("2026-06-22", "open", PROVINCE)
    assert office.do("deadline", "explain", duty["id"])["steps"]
    office.day = "2026-06-22"
    office.do("remind", "scan")
    assert duty["id"] in {row["deadline"] for row in office.do("remind", "list")}
    office.do("complaint", "answer", made["id"], "--result", "đã yêu cầu sửa nhãn", who=officer)
    again = next(row for row in office.do("deadline", "list", "--dossier", dossier) if row["id"] == duty["id"])
    assert again["status"] == "met"
    answer = ["complaint", "answer", made["id"], "--result", "lần nữa"]
    assert office.refuses(3, *answer, who=officer) == ["beside_settled"]
    assert office.refuses(4, "complaint", "answer", f"{dossier}:complaint:99", "--result", "x", who=officer)


def test_who_complains_does_not_stand_in_the_log(desk: tuple[Office, str, str]) -> None:
    """Personal data of complainants is sealed: the event holds a digest, the list shows it while it is not withheld."""
    office, dossier, _ = desk
    officer = office.holder("officer", PROVINCE)
    words = ["--about", "nhãn", "--from", "Người gửi số 1", "--contact", "0900000000", "--reply-by", "2026-06-20"]
    office.do("complaint", "add", dossier, *words, who=officer)
    data = office.do("dossier", "history", dossier)[-1]["data"]
    assert all(len(data["facts"][name]) == 64 for name in ("from", "contact"))
    listed = office.do("complaint", "list", dossier)[0]["facts"]
    assert (listed["from"], listed["contact"]) == ("Người gửi số 1", "0900000000")


def test_the_usual_time_for_a_complaint_is_told_and_a_petition_has_none(desk: tuple[Office, str, str]) -> None:
    """Thirty days are recalled without a source: they are taken with a warning; what is unknown is not made up."""
    office, dossier, _ = desk
    officer = office.holder("officer", PROVINCE)
    taken = office.do("complaint", "add", dossier, "--about", "nhãn", who=officer)
    assert (taken["due_on"], [w["code"] for w in taken["warnings"]]) == ("2026-07-01", ["reply_limit_taken"])
    none = office.do("complaint", "add", dossier, "--about", "nhãn", "--kind", "petition", who=officer)
    assert (none["due_on"], [w["code"] for w in none["warnings"]]) == (None, ["reply_limit_unknown"])


def test_a_province_adds_kinds_and_periods_by_its_own_file(desk: tuple[Office, str, str], tmp_path: Path) -> None:
    """What its decision adopts holds there from its day: no warning, its own period, its own words."""
    office, dossier, _ = desk
    file = tmp_path / "rieng.yaml"
    head = f'schema: ocop-overlay/1\nprovince: "{PROVINCE}"\nbase: qd_26_2026\ndecision: 7/2026/QĐ-UBND\n'
    head += 'effective_from: "2026-06-01"\ntitle: {vi: Quy định riêng, en: Own settings}\nbeside:\n'
    head += "  promotion:\n    - {id: livestream, label: {vi: Bán hàng trực tuyến, en: Live sale}}\n"
    head += "  complaint:\n    - {id: complaint, reply_days: 10}\n"
    file.write_text(head, encoding="utf-8")
    live = ["promotion", "add", dossier, "--kind", "livestream", "--result", "200 đơn"]
    officer = office.holder("officer", PROVINCE)
    assert office.refuses(2, *live, who=officer) == ["beside_kind_unknown"]
    office.do("workflow", "lint", str(file))
    words = ("--unit", PROVINCE, "--decision", "7/2026/QĐ-UBND", "--from", "2026-06-01")
    office.do("workflow", "adopt", str(file), *words, who="admin")
    assert office.do(*live, who=officer)["kind_label"] == "Live sale"
    assert [item["kind_label"] for item in office.do("promotion", "list", dossier)] == ["Live sale"]
    made = office.do("complaint", "add", dossier, "--about", "nhãn", who=officer)
    assert made["due_on"] == "2026-06-11"
    duty = next(row for row in office.do("deadline", "list", "--dossier", dossier) if row["kind"] == "reply")
    explained = office.do("deadline", "explain", duty["id"])
    assert explained["source"] == "7/2026/QĐ-UBND"
    assert made["warnings"] == []


def test_a_conclusion_makes_the_decision_to_revoke_a_duty_of_fifteen_days(desk: tuple[Office, str, str]) -> None:
    """26/2026/QĐ-TTg art. 9: 1 June + 15 days = 16 June 2026, a Tuesday; the revocation settles it."""
    office, _, number = desk
    officer = office.holder("officer", PROVINCE)
    words = ["--findings", "không đạt chỉ tiêu", "--sample", "3 chai", "--concludes", "c"]
    made = office.do("inspection", "add", number, *words, "--kind", "surprise", who=officer)
    assert (made["facts"]["concludes"], made["due_on"]) == ("law_breach", "2026-06-16")
    office.day = "2026-06-18"
    duty = f"{number}:revocation:2"
    listed = {row["id"]: row["status"] for row in office.do("deadline", "list", "--unit", PROVINCE)}
    assert listed[duty] == "late"
    answer = revoke(office, number, "c")
    assert (answer["concluded_on"], answer["decide_by"]) == ("2026-06-01", "2026-06-16")
    assert [item["code"] for item in answer["warnings"]] == ["revocation_late"]
    listed = {row["id"]: row["status"] for row in office.do("deadline", "list", "--unit", PROVINCE)}
    assert listed[duty] == "met"
    assert office.do("doctor", "--rebuild")["ok"] is True


def test_a_conclusion_that_is_settled_otherwise_asks_for_no_revocation(desk: tuple[Office, str, str]) -> None:
    """The duty ends when the matter is closed with another outcome."""
    office, _, number = desk
    officer = office.holder("officer", PROVINCE)
    words = ["--number", "12/QĐ-XPHC", "--from", "Cục Quản lý thị trường", "--about", "nhãn", "--concludes", "c"]
    made = office.do("letter", "add", number, *words, who=officer)
    office.do("letter", "answer", made["id"], "--result", "đã khắc phục", "--number", "9/UBND-KT", who=officer)
    duties = {row["kind"]: row["status"] for row in office.do("deadline", "list", "--unit", PROVINCE)}
    assert duties["revocation"] == "cancelled"


def test_a_dispute_marks_dossier_and_certificate_until_it_is_lifted(desk: tuple[Office, str, str]) -> None:
    office, dossier, number = desk
    officer = office.holder("officer", PROVINCE)
    for subject in (dossier, number):
        assert office.refuses(3, "dispute", "set", subject, who=officer) == ["reason_missing"]
        office.do("dispute", "set", subject, "--reason", "tranh chấp nhãn hiệu", who=officer)
        assert office.refuses(3, "dispute", "set", subject, "--reason", "lần nữa", who=officer) == ["dispute_stands"]
    assert (office.show(dossier)["disputed"], office.do("certificate", "show", number)["disputed"]) == (True, True)
    office.do("dispute", "lift", number, "--reason", "đã hoà giải", who=officer)
    assert office.do("certificate", "show", number)["disputed"] is False
    office.do("undo", dossier, who=officer)
    assert office.show(dossier)["disputed"] is False


def test_only_those_who_work_on_the_matter_record_beside_it(desk: tuple[Office, str, str]) -> None:
    office, dossier, number = desk
    stranger = office.holder("officer", "01")
    for subject in (dossier, number):
        words = ["promotion", "add", subject, "--kind", "fair"]
        assert "role_missing" in office.refuses(3, *words, who=stranger)


def test_a_day_to_come_is_told_as_such_even_where_no_unit_is_known_for_it(
    sandbox_database: Path, tmp_path: Path
) -> None:
    """A day in the future is refused (DESIGN section 7, exit 3) and called so: the reason names what to mend.

    On the day typed the issuer, Nam Định, has ended (Resolution 202/2025/QH15).
    """
    office = Office(copied(sandbox_database, tmp_path), "2020-06-01")
    officer, leader = office.holder("officer", "36"), office.holder("leader", "36")
    words = ["--product", "Nem nắm", "--entity", "Cơ sở 1", "--entity-kind", "household", "--stars", "3"]
    words += ["--number", "7/GCN", "--commune", "13663", "--issuer", "36", "--decision", "2712/QĐ-UBND"]
    words += ["--issued-on", "2019-12-30", "--source", "Sổ của tỉnh"]
    number = office.do("certificate", "declare", *words, who=officer)["number"]
    signed = ["--decision", "5/QĐ-UBND", "--reason", "theo hồ sơ", "--on", "2030-01-01"]
    for who, words in (
        (officer, ["inspection", "add", number, "--findings", "đúng", "--on", "2030-01-01"]),
        (leader, ["certificate", "reissue", number, *signed]),
        (leader, ["certificate", "transfer", number, "--to", "Cơ sở 2", *signed]),
    ):
        assert office.refuses(3, *words, who=who)[0] == "day_in_future", words
