"""A commune without a login takes part by Excel and mail: work lists given out, filled in, taken back."""

from __future__ import annotations

import email
import email.policy
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.cli.conftest import copied
from tests.cli.contract import held
from tests.cli.office import Office
from tests.workforms import NEW, PAPERS, PLAN, WORK, change, fill, received, rows

COMMUNE, PROVINCE = "12103", "33"
#: Another commune of the province.
STRANGE = "11977"
OFFICER, LEADER, SECRETARY = "canbo.xa", "chutich.xa", "thuky.tinh"


@dataclass
class Mail:
    """The office of a province, and what lies in the mailbox of a commune."""

    office: Office
    folder: Path
    count: int = 0

    def make(self, unit: str = COMMUNE) -> Path:
        self.count += 1
        file = self.folder / f"{self.count}.xlsx"
        held(self.office.do("worklist", "make", "--unit", unit, "--out", str(file), who=SECRETARY), "worklist make")
        return file

    def take(self, file: Path, *words: str) -> Any:
        """Taken back without a fault."""
        found = self.office.do("worklist", "take", str(file), "--yes", *words, who=SECRETARY)
        return held(found, "worklist take")

    def failed(self, file: Path, *words: str) -> list[tuple[str, int, str]]:
        """(sheet, row, code of the reason) of each line that was not taken."""
        answer = self.office.ask("worklist", "take", str(file), "--yes", *words, who=SECRETARY)
        assert answer.exit == 1, answer.out + answer.err
        return [
            (item["sheet"], item["row"], item["error"]["reasons"][0]["code"])
            for item in held(answer.document, "worklist take")["lines"]
            if item["exit"]
        ]

    def letters(self) -> list[str]:
        """Texts of the mails to the commune."""
        self.office.do("remind", "scan", who="admin")
        self.office.do("remind", "deliver", "--ignore-hours", who="admin")
        found = []
        for file in sorted((self.office.db.parent / "outgoing").glob("**/*.eml")):
            message = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
            if "xa@example.vn" in str(message["To"]):
                body = message.get_body(("plain",))
                assert body is not None
                found.append(body.get_content())
        return found


@pytest.fixture(scope="module")
def begun(sandbox_database: Path, tmp_path_factory: pytest.TempPathFactory) -> Office:
    """A commune of two persons without a login, and a secretary of the province."""
    office = Office(copied(sandbox_database, tmp_path_factory.mktemp("lists")))
    for handle in (OFFICER, LEADER):
        office.do("person", "add", handle, "--name", f"Người của xã {handle}", "--no-login", who="admin")
    for handle, role, unit in (
        (OFFICER, "officer", COMMUNE),
        (LEADER, "leader", COMMUNE),
        (SECRETARY, "officer", PROVINCE),
    ):
        office.appoint(handle, role, unit, "2025-07-01")
    office.people[("officer", COMMUNE, 1, True)] = OFFICER
    office.do("unit", "contact", COMMUNE, "--email", "xa@example.vn", who="admin")
    return office


@pytest.fixture
def mail(begun: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Mail:
    # Letters of a database on a server go to a folder of the current one.
    monkeypatch.chdir(tmp_path)
    return Mail(Office(copied(begun.db, tmp_path), begun.day), tmp_path)


def opened(mail: Mail, *products: str) -> list[str]:
    """Dossiers filed with the commune today, by a work list."""
    file = mail.make()
    for number, product in enumerate(products, start=1):
        fill(
            file,
            NEW,
            str(number),
            **received(number, product, f"Hợp tác xã số {number}", date.fromisoformat(mail.office.day)),
        )
    return [item["result"]["code"] for item in mail.take(file)["lines"]]


def test_a_commune_officers_month_runs_with_excel_and_mail_alone(mail: Mail) -> None:
    """Receive, return for supplement, take the supplement in, be reminded, forward: the commune never logs in.

    Source: 26/2026/QĐ-TTg art. 5 (the commune checks and proposes to the province); DESIGN section 9.
    """
    office = mail.office
    (dossier,) = opened(mail, "Mật ong hoa nhãn")
    assert office.state(dossier) == "registration.intake"

    office.day = "2026-06-03"
    file = mail.make()
    fill(file, WORK, dossier, What="Return for supplement", Done_on=date(2026, 6, 3), Reason="Thiếu Mẫu 02")
    mail.take(file)
    assert office.state(dossier) == "registration.supplement"

    office.day = "2026-06-08"
    file = mail.make()
    (scans := mail.folder / "scans").mkdir()
    (scans / "mau01.pdf").write_bytes(b"%PDF-1.4 form 01")
    fill(file, PAPERS, "Registration form", Received=1, Name_of_the_file="mau01.pdf")
    fill(file, PAPERS, "Self-assessment", Received=1)
    fill(file, WORK, dossier, What="Receive the supplement", Done_on="8/6/2026")
    tried = office.do("worklist", "take", str(file), "--files", str(scans), who=SECRETARY)
    assert (tried["written"], tried["done"], tried["failed"]) == (False, 3, 0)
    assert office.state(dossier) == "registration.supplement", "what is only tried writes nothing"
    mail.take(file, "--files", str(scans))
    assert office.state(dossier) == "registration.intake"

    due = office.show(dossier)["due_on"]
    office.day = due
    assert any(dossier in text for text in mail.letters()), "the commune's mailbox got no reminder"

    file = mail.make()
    for paper, copies in (("Commune assessment", 1), ("Letter of the commune", 1), ("Product sample", 5)):
        fill(file, PAPERS, paper, Received=copies)
    fill(
        file,
        WORK,
        dossier,
        What="Propose to the province",
        Done_on=date.fromisoformat(due),
        Document="12/UBND-KT",
        Local_origin="Yes",
        Local_labour="Yes",
        Origin="Ý tưởng của hợp tác xã",
        Local_identity="Nghề nuôi ong của xã",
    )
    mail.take(file)
    assert office.state(dossier) == "evaluation.province_check"

    history = office.do("dossier", "history", dossier)
    assert {event["recorder"]["login"] for event in history} == {SECRETARY}
    assert [event["actor"]["login"] for event in history] == [OFFICER] * 8 + [LEADER]
    late = [item for item in office.do("deadline", "list", "--dossier", dossier) if item["status"] == "late"]
    assert late == []
    assert rows(mail.make(), WORK) == [], "what was forwarded no longer waits at the commune"


def test_a_district_writes_the_papers_that_came_in_with_their_commune(mail: Mail) -> None:
    """148/QĐ-TTg: the district received from the entity; since July 2025 the commune does, and nobody above it."""
    office = mail.office
    office.day = "2024-05-06"
    clerk = office.appoint("canbo.huyen", "officer", "328", "2018-01-01")
    file = mail.folder / "huyen.xlsx"
    office.do("worklist", "make", "--unit", "328", "--out", str(file), who=clerk)
    cells = received(1, "Tương bần", "Hộ số 1", date(2024, 5, 3))
    cells["Product_set"] = "tuong"
    fill(file, NEW, "1", **cells)
    assert office.refuses(2, "worklist", "take", str(file), who=clerk) == ["worklist_cell_missing"]
    fill(file, NEW, "1", Commune="Phường Bần Yên Nhân (12103)")
    (line,) = office.do("worklist", "take", str(file), "--yes", who=clerk)["lines"]
    shown = office.show(line["result"]["code"])
    assert (shown["commune"]["code"], shown["opened_on"]) == ("12103", "2024-05-03")
    office.day = "2026-06-01"
    assert NEW not in openpyxl.load_workbook(mail.make(PROVINCE)).sheetnames


def test_a_list_is_taken_once_only(mail: Mail) -> None:
    (dossier,) = opened(mail, "Hạt sen sấy")
    file = mail.make()
    fill(file, WORK, dossier, What="Return for supplement", Reason="Thiếu Mẫu 02")
    mail.take(file)
    assert mail.office.refuses(3, "worklist", "take", str(file), "--yes", who=SECRETARY) == ["worklist_taken"]
    fill(file, WORK, dossier, Reason="Thiếu Mẫu 01")
    assert mail.failed(file) == [("tasks", 7, "worklist_line_taken")]


def test_a_list_made_with_a_key_is_answered_again_alike(mail: Mail) -> None:
    """A repeated ``--key`` gets the first answer again, though the file is there by now (DESIGN section 7, exit 0)."""
    office, file = mail.office, mail.folder / "again.xlsx"
    province = office.unit_at(COMMUNE, "province")
    words = ["worklist", "make", "--unit", COMMUNE, "--out", str(file), "--key", "ds-1"]
    officer = office.holder("officer", province)
    made = office.do(*words, who=officer)
    kept = file.read_bytes()
    assert office.do(*words, who=officer) == made
    assert file.read_bytes() == kept
    assert office.refuses(3, *words[:-1], "ds-2", who=officer) == ["target_exists"]


def test_a_line_with_a_fault_stops_only_itself_and_is_taken_when_mended(mail: Mail) -> None:
    """Returning for supplement needs a reason (26/2026/QĐ-TTg art. 5: the reply says what is missing)."""
    first, second = opened(mail, "Hạt sen sấy", "Trà hoa cúc")
    file = mail.make()
    fill(file, WORK, first, What="Return for supplement", Reason="Thiếu Mẫu 02")
    fill(file, WORK, second, What="Return for supplement")
    (fault,) = mail.failed(file)
    assert fault == ("tasks", 8, "reason_missing")
    assert (mail.office.state(first), mail.office.state(second)) == ("registration.supplement", "registration.intake")
    fill(file, WORK, second, Reason="Thiếu Mẫu 01")
    found = mail.take(file)
    assert (found["before"], found["done"]) == (1, 1)
    assert mail.office.state(second) == "registration.supplement"


def test_a_list_of_another_unit_is_refused(mail: Mail) -> None:
    """Only a unit's own officers and those above it type for it (DESIGN section 5)."""
    (dossier,) = opened(mail, "Hạt sen sấy")
    file = mail.make()
    fill(file, WORK, dossier, What="Return for supplement", Reason="Thiếu Mẫu 02")
    stranger = mail.office.holder("officer", STRANGE)
    take = ["worklist", "take", str(file), "--yes"]
    assert mail.office.refuses(3, *take, who=stranger) == ["worklist_not_yours"]
    assert mail.office.refuses(3, *take, "--unit", STRANGE, who=SECRETARY) == ["worklist_of_another"]
    assert mail.office.refuses(3, "worklist", "make", "--unit", COMMUNE, "--out", "x.xlsx", who=stranger) == [
        "worklist_not_yours"
    ]


def test_a_list_with_changed_codes_is_refused_whole_and_names_the_cell(mail: Mail) -> None:
    first, second = opened(mail, "Hạt sen sấy", "Trà hoa cúc")
    file = mail.make()
    fill(file, WORK, first, What="Return for supplement", Reason="Thiếu Mẫu 02")
    change(file, WORK, "A7", second)
    answer = mail.office.ask("worklist", "take", str(file), "--yes", who=SECRETARY)
    assert (answer.exit, answer.codes) == (2, ["book_cell_changed"])
    assert "A7" in answer.document["reasons"][0]["message"]
    forged = mail.make()
    change(forged, "_ocop", "D1", "0" * 64)
    assert mail.office.refuses(2, "worklist", "take", str(forged), who=SECRETARY) == ["worklist_unknown"]
    foreign = mail.folder / "plain.xlsx"
    openpyxl.Workbook().save(foreign)
    assert mail.office.refuses(2, "worklist", "take", str(foreign), who=SECRETARY) == ["book_not_ours"]


def test_a_list_of_last_month_is_refused_for_the_dossiers_that_moved_since(mail: Mail) -> None:
    moved, stayed = opened(mail, "Hạt sen sấy", "Trà hoa cúc")
    file = mail.make()
    for dossier in (moved, stayed):
        fill(file, WORK, dossier, What="Return for supplement", Reason="Thiếu Mẫu 02")
    mail.office.day = "2026-07-03"
    move = ["advance", moved, "return_for_supplement", "--reason", "Thiếu Mẫu 01", "--by", OFFICER]
    mail.office.do(*move, who=SECRETARY)
    assert mail.failed(file) == [("tasks", 7, "worklist_dossier_moved")]
    assert mail.office.state(stayed) == "registration.supplement"


def test_what_cannot_be_meant_is_told_by_cell(mail: Mail) -> None:
    first, second = opened(mail, "Hạt sen sấy", "Trà hoa cúc")
    file = mail.make()
    fill(file, WORK, first, What="Approve", Done_on="31/2/2026")
    fill(file, WORK, second, Reason="Thiếu Mẫu 02")
    fill(file, NEW, "1", Product_name="Cốm")
    codes = mail.office.refuses(2, "worklist", "take", str(file), who=SECRETARY)
    assert sorted(codes) == [
        "worklist_action_missing",
        *["worklist_cell_missing"] * 5,
        "worklist_choice_unknown",
        "worklist_day_unreadable",
    ]
    empty = mail.make()
    assert mail.office.refuses(2, "worklist", "take", str(empty), who=SECRETARY) == ["worklist_empty"]


def test_a_cell_that_cannot_be_read_is_told_once_and_is_not_called_empty(mail: Mail) -> None:
    """One wrong cell is one fault (DESIGN section 7: every fault once)."""
    file = mail.make()
    cells = received(1, "Cốm", "Hợp tác xã số 1", date.fromisoformat(mail.office.day))
    fill(file, NEW, "1", **{**cells, "Kind_of_entity": "htx"})
    answer = mail.office.refuses(2, "worklist", "take", str(file), who=SECRETARY)
    assert answer == ["worklist_choice_unknown"]


def test_papers_of_a_step_that_the_result_excludes_are_not_asked_for(mail: Mail) -> None:
    """Four stars are the province's: only five go to the Ministry with a letter and samples (26/2026/QĐ-TTg art. 7)."""
    office = mail.office
    dossier = office.open(COMMUNE, "Mật ong", track="existing_product")
    office.walk(dossier, "rating.province_decision", stars=4)
    (found,) = office.do("search", dossier)
    assert found["answer"]["missing"] == []
    assert office.actions(dossier)["recognise"]["allowed"]
    file = mail.folder / "tinh.xlsx"
    office.do("worklist", "make", "--unit", PROVINCE, "--out", str(file), who=SECRETARY)
    assert PAPERS not in openpyxl.load_workbook(file).sheetnames, "no paper is asked for"


def test_a_scan_that_was_not_sent_along_stops_its_line(mail: Mail) -> None:
    (dossier,) = opened(mail, "Hạt sen sấy")
    file = mail.make()
    fill(file, PAPERS, "Self-assessment", Received=1, Name_of_the_file="mau02.pdf")
    assert mail.failed(file) == [("papers", 11, "worklist_file_missing")]
    assert mail.office.show(dossier)["version"] == 1


def test_a_task_of_a_plan_is_reported_done_by_the_list(mail: Mail) -> None:
    plan = mail.folder / "plan.yaml"
    plan.write_text(
        'plan: {number: 27/KH-UBND, issued_on: "2026-03-30", issuer: "33", year: 2026, title: Kế hoạch}\n'
        "milestones:\n"
        f'  - {{id: survey, title: Rà soát sản phẩm, due: trong tháng 6, responsible: ["{COMMUNE}"]}}\n',
        encoding="utf-8",
    )
    mail.office.do("plan", "load", str(plan), who=SECRETARY)
    file = mail.make()
    fill(file, PLAN, "Rà soát", Done_on=date(2026, 5, 29))
    mail.take(file)
    status = mail.office.do("plan", "status", "27/KH-UBND")
    assert status["milestones"][0]["units"][0]["done_on"] == "2026-05-29"


def test_what_was_given_out_and_not_come_back_is_listed(mail: Mail) -> None:
    (dossier,) = opened(mail, "Hạt sen sấy")
    mail.make()
    listed = held(mail.office.do("worklist", "list", "--unit", COMMUNE), "worklist list")
    assert [item["taken_on"] for item in listed] == [None, mail.office.day]
    assert mail.office.do("doctor", "--rebuild", who="admin")["ok"] is True
    assert mail.office.do("audit", "verify")["ok"] is True
    assert dossier
