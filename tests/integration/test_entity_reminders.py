"""The entity is a recipient without login (DESIGN section 6): what it is told, where, and what if nowhere."""

from __future__ import annotations

from datetime import date, timedelta
from email import message_from_bytes, policy
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from docx import Document
from icalendar import Calendar

from ocop_flow.errors import InputInvalid
from ocop_flow.notify import catalogue
from tests.cli.office import ocop
from tests.integration.reminding import COMMUNE, PROVINCE, World
from tests.integration.test_reminders import parts

if TYPE_CHECKING:
    from tests.cli.office import Office

Json = dict[str, Any]
ENTITY = "Hợp tác xã số 1"
MAIL = "htx1@example.vn"


@pytest.fixture
def world(office: Office) -> World:
    found = World.over(office.db)
    for unit in (COMMUNE, PROVINCE):
        found.mailbox(unit, f"u{unit}@example.vn")
    return found


def texts(world: World, to: str = MAIL) -> list[str]:
    """Plain text of every message to an address, oldest first."""
    mails = [(path.stat().st_mtime_ns, message_from_bytes(path.read_bytes(), policy=policy.default))
             for path in world.outgoing.glob("*.eml")]  # fmt: skip
    found = []
    for _, mail in sorted(mails, key=lambda each: each[0]):
        body = mail.get_body(("plain",)) if mail["To"] == to else None
        if body is not None:
            found.append(str(body.get_content()))
    return found


def told(world: World) -> list[Json]:
    return [row for row in world.rows() if row["role"] == "entity"]


def returned(office: Office, **contacts: str) -> str:
    """A dossier given back to its entity on 1 June 2026, with two of its papers handed in."""
    dossier = office.open(COMMUNE, "Cà phê", track="existing_product", **contacts)
    officer = office.holder("officer", COMMUNE)
    office.do("attach", dossier, "--kind", "registration_form", who=officer)
    why = ["--reason", "Thiếu báo cáo tự đánh giá"]
    office.do("advance", dossier, "return_for_supplement", *why, who=officer)
    return dossier


def ten_days_to_supplement(office: Office, folder: Path) -> None:
    """26/2026/QĐ-TTg sets no limit for a supplement: this province's own decision does."""
    file = folder / "province.yaml"
    file.write_text(
        f'schema: ocop-overlay/1\nprovince: "{PROVINCE}"\nbase: qd_26_2026\ndecision: 05/2026/QĐ-UBND\n'
        'effective_from: "2026-05-25"\ntitle: {vi: Quy định riêng, en: Own settings}\n'
        "parameters: {supplement_days: 10}\n",
        encoding="utf-8",
    )
    post = ["--unit", PROVINCE, "--decision", "05/2026/QĐ-UBND", "--from", "2026-05-25"]
    office.do("workflow", "adopt", str(file), *post, who="admin")


def declared(office: Office, valid_to: str, **contacts: str) -> str:
    """A certificate from before, ending on a day; its entity in the commune."""
    office.day = "2026-06-01"
    officer = office.holder("officer", PROVINCE)
    words = ["--product", "Mật ong", "--entity", ENTITY, "--entity-kind", "cooperative", "--stars", "4"]
    words += ["--number", "7/2024", "--commune", COMMUNE, "--issuer", PROVINCE, "--decision", "9/QĐ-UBND"]
    words += ["--issued-on", "2024-03-01", "--valid-to", valid_to, "--source", "sổ theo dõi của tỉnh"]
    number = str(office.do("certificate", "declare", *words, who=officer)["number"])
    if contacts:
        entity = office.do("entity", "list")[0]["code"]
        office.do("entity", "contact", entity, *words_of(contacts), who=office.holder("officer", COMMUNE))
    return number


def words_of(options: dict[str, str]) -> list[str]:
    return [part for name, value in options.items() for part in (f"--{name}", value)]


# --- contacts ---------------------------------------------------------------------------------------------------------


def test_contacts_stand_apart_from_the_log_and_outlive_a_rebuild(office: Office) -> None:
    """Personal data stands outside the hashed event, which holds a salted digest (DESIGN section 4)."""
    office.open(COMMUNE, "Trà", phone="0912 345 678")
    entity = office.do("entity", "list")[0]["code"]
    officer = office.holder("officer", COMMUNE)
    found = office.do("entity", "contact", entity, "--email", MAIL, who=officer)
    assert found["contacts"] == ["email", "phone"]
    assert office.do("entity", "show", entity)["contacts"] == ["email", "phone"]
    world = World.over(office.db)
    with world.base.reader() as uow:
        logged = "".join(row["body"].decode() for row in uow.query("SELECT body FROM event"))
    assert MAIL not in logged
    assert "0912345678" not in logged
    assert office.do("doctor", "--rebuild")["problems"] == []
    gone = office.do("entity", "contact", entity, "--phone", "", who=officer)
    assert gone["contacts"] == ["email"]


def test_contacts_are_recorded_by_the_commune_or_those_above_it(office: Office) -> None:
    office.open(COMMUNE, "Trà")
    entity = office.do("entity", "list")[0]["code"]
    stranger = office.holder("officer", "00004")
    assert office.refuses(3, "entity", "contact", entity, "--email", MAIL, who=stranger)
    office.do("entity", "contact", entity, "--email", MAIL, who=office.holder("officer", PROVINCE))


@pytest.mark.parametrize(
    "mail", ["khong-phai-dia-chi", "a@b", "cán-bộ@example.vn", "a b@example.vn", "a@example.vn\r\nBcc: x@example.vn"]
)
def test_an_address_that_is_none_is_refused_with_every_fault(office: Office, mail: str) -> None:
    office.open(COMMUNE, "Trà")
    entity = office.do("entity", "list")[0]["code"]
    officer = office.holder("officer", COMMUNE)
    codes = office.refuses(2, "entity", "contact", entity, "--email", mail, "--phone", "gọi sau", who=officer)
    assert len(codes) == 2
    assert codes[1] == "phone_unreadable"


# --- what it is told --------------------------------------------------------------------------------------------------


def test_a_return_is_told_with_its_day_the_reason_and_what_is_missing(
    office: Office, world: World, tmp_path: Path
) -> None:
    """What is missing, a return and its date; the last day of the supplement."""
    ten_days_to_supplement(office, tmp_path)
    returned(office, email=MAIL)
    world.scan()
    world.deliver()
    (text,) = texts(world)
    assert f"Kính gửi: {ENTITY}" in text
    assert "Hồ sơ được trả lại để bổ sung" in text
    assert "Ngày: Thứ Hai, ngày 01/06/2026" in text
    assert "Thiếu báo cáo tự đánh giá" in text
    assert "Báo cáo tự đánh giá (Mẫu 02) (còn thiếu 1)" in text
    assert "Phiếu đăng ký" not in text
    assert "Hạn: Thứ Năm, ngày 11/06/2026 - còn 10 ngày" in text
    assert "ocop " not in text  # no command for people without a login
    assert world.scan()["queued"] == 0
    (row,) = told(world)
    assert (row["to"][:7], row["tier"], row["unit"]["code"], row["rung"]) == ("entity:", None, COMMUNE, "returned")


def test_the_entity_is_reminded_of_its_supplement_apart_from_the_unit(
    office: Office, world: World, tmp_path: Path
) -> None:
    """A rung of the unit never takes the place of one of the entity, nor the other way round."""
    ten_days_to_supplement(office, tmp_path)
    returned(office, email=MAIL)
    due = date(2026, 6, 11)
    world.live(date(2026, 6, 1), due + timedelta(4))
    assert [row["rung"] for row in told(world)] == ["returned", "entity_before_3", "entity_due_day", "entity_over_1"]
    assert {row["status"] for row in told(world)} <= {"sent", "superseded"}
    unit = [row["rung"] for row in world.rows() if row["role"] != "entity" and "supplement" in row["deadline"]]
    assert unit[-3:] == ["due_day", "over_1", "over_3"]
    found = world.audit(date(2026, 6, 1), due + timedelta(4))
    assert found["problems"] == []


def test_what_is_undone_before_it_was_told_is_told_no_more(office: Office, world: World) -> None:
    dossier = returned(office, email=MAIL)
    world.scan()
    office.do("undo", dossier, "--reason", "nhầm hồ sơ", who=office.holder("officer", COMMUNE))
    assert world.scan()["superseded"] == 1
    assert world.deliver()["sent"] == 1  # the unit's own duty
    assert texts(world) == []
    assert office.do("doctor", "--rebuild")["problems"] == []


def test_a_return_that_the_dossier_has_left_behind_is_superseded_and_explained(office: Office, world: World) -> None:
    """What waits to be sent and is true no more is not sent; the audit says why. Undone, it is true again."""
    dossier = returned(office, email=MAIL)
    officer = office.holder("officer", COMMUNE)
    world.scan()
    office.do("attach", dossier, "--kind", "self_assessment", who=officer)
    office.do("advance", dossier, "receive_supplement", who=officer)
    assert world.scan()["superseded"] >= 1
    (row,) = told(world)
    assert (row["status"], row["why"]) == ("superseded", "over")
    world.deliver()
    assert texts(world) == []
    found = world.audit(date(2026, 6, 1), date(2026, 6, 1))
    assert found["superseded_why"]["over"] == 1
    assert found["problems"] == []
    office.do("undo", dossier, "--reason", "nhầm hồ sơ", who=officer)
    world.scan()
    assert [row["status"] for row in told(world)] == ["queued"]
    assert office.do("doctor", "--rebuild")["problems"] == []


def test_a_return_left_behind_before_any_scan_is_never_queued(office: Office, world: World) -> None:
    dossier = returned(office, email=MAIL)
    officer = office.holder("officer", COMMUNE)
    office.do("attach", dossier, "--kind", "self_assessment", who=officer)
    office.do("advance", dossier, "receive_supplement", who=officer)
    world.scan()
    assert told(world) == []
    world.day = date(2026, 6, 2)
    assert world.audit(date(2026, 6, 1), date(2026, 6, 1))["problems"] == []


def test_a_recognition_and_an_end_are_not_told_once_they_are_over(office: Office, world: World) -> None:
    """Waiting for a letter by hand, for there is no mail address: revoked, the recognition is news no more."""
    dossier = office.open(COMMUNE, "Cà phê", track="existing_product", phone="0912 345 678")
    office.walk(dossier, "promotion", stars=4)
    world.scan()
    assert [row["rung"] for row in told(world)] == ["recognised"]
    number = office.show(dossier)["certificate"]
    leader = office.holder("leader", PROVINCE)
    office.do("certificate", "revoke", number, "--cause", "d", "--decision", "77/QĐ-UBND", who=leader)
    world.scan()
    assert {row["rung"]: (row["status"], row["why"]) for row in told(world)} == {
        "recognised": ("superseded", "over"),
        "revoked": ("queued", None),
    }


def test_the_result_is_told_with_stars_certificate_and_decision(office: Office, world: World) -> None:
    dossier = office.open(COMMUNE, "Cà phê", track="existing_product", email=MAIL)
    office.walk(dossier, "promotion", stars=4)
    world.scan()
    world.deliver()
    (text,) = texts(world)
    certificate = office.show(dossier)["certificate"]
    assert "Sản phẩm được công nhận đạt sao OCOP" in text
    assert "Hạng: 4 sao" in text
    assert f"Giấy chứng nhận số: {certificate}" in text
    assert "Quyết định số: 12/QĐ-UBND" in text
    assert "đã thực hiện" not in text  # there is nothing to do
    assert text.rstrip().endswith("Trân trọng.")


def test_history_typed_from_paper_is_no_news(office: Office, world: World) -> None:
    """A result of last spring typed in today is not told as if it had just happened."""
    dossier = office.open(COMMUNE, "Cà phê", track="existing_product", email=MAIL)
    office.day = "2026-09-01"
    why = ["--reason", "Thiếu mẫu", "--on", "2026-06-02", "--entry", "paper:2026"]
    office.do("advance", dossier, "return_for_supplement", *why, who=office.holder("officer", COMMUNE))
    world.day = date(2026, 9, 2)
    world.scan()
    assert told(world) == []
    assert world.audit(date(2026, 6, 1), date(2026, 6, 30))["problems"] == []


def test_the_window_the_end_and_the_loss_of_the_mark_are_told(office: Office, world: World) -> None:
    """180 to 120 days before the end (26/2026/QĐ-TTg art. 8); after the end the mark may not be used."""
    end = date(2026, 12, 28)
    declared(office, end.isoformat(), email=MAIL)
    world.live(date(2026, 6, 1), end + timedelta(10))
    rungs = [row["rung"] for row in told(world)]
    days = [210, 180, 150, 130, 120, 90, 60, 30, 7]
    assert rungs == [*(f"entity_before_{each}" for each in days), "entity_last_day", "entity_ended"]
    first, *_, last = texts(world)
    opens, closes = end - timedelta(180), end - timedelta(120)
    assert f"ngày {opens:%d/%m/%Y} đến hết" in first
    assert f"ngày {closes:%d/%m/%Y}" in first
    assert [("trong thời gian quy định" in text, "đánh giá lại đã qua" in text) for text in texts(world)] == [
        *[(True, False)] * 4,
        # The window closes on Sunday 30 August, before three days off: that letter goes out on 3 September.
        *[(False, True)] * 6,
        (False, False),
    ]
    assert "Giấy chứng nhận OCOP đã hết hạn" in last
    assert "dừng sử dụng nhãn hiệu OCOP" in last
    assert world.audit(date(2026, 6, 1), end + timedelta(10))["problems"] == []


def test_who_could_not_meet_the_window_is_told_to_file_and_keeps_the_mark_while_undecided(
    office: Office, world: World
) -> None:
    """Ends on 1 August 2026: 3 April, its last day to file, lay before 26/2026/QĐ-TTg of 22 May. Art. 12: it goes on
    until the re-rating is decided, for 180 days at most; nobody is told to lay the mark down meanwhile.
    """
    number = declared(office, "2026-08-01", email=MAIL)
    options = {"kind": "re_rating", "track": "existing_product", "previous": number, "entity": ENTITY}
    office.open(COMMUNE, "Mật ong", **options)
    world.live(date(2026, 7, 1), date(2026, 8, 5))
    said = texts(world)
    assert [row["rung"] for row in told(world)][-1] == "entity_ended"
    assert all("không quá 180 ngày sau ngày hết hạn (Điều 12 Quyết định 26/2026/QĐ-TTg)" in text for text in said)
    assert not any("đánh giá lại đã qua" in text or "dừng sử dụng" in text for text in said)
    assert "được kéo dài hiệu lực đến khi có kết quả" in said[-1]


def test_above_a_province_stands_nobody_who_hears_of_its_duties(office: Office, tmp_path: Path) -> None:
    """To the centre go only duties owed to it: a rung switched on for the province misses nobody there."""
    world = World.over(office.db)
    world.mailbox(PROVINCE, "tinh@example.vn")
    file = tmp_path / "province.yaml"
    file.write_text(
        f'schema: ocop-overlay/1\nprovince: "{PROVINCE}"\nbase: qd_26_2026\ndecision: 05/2026/QĐ-UBND\n'
        'effective_from: "2026-05-25"\ntitle: {vi: Quy định riêng, en: Own settings}\n'
        "ladder: {standard: [over_15_above]}\n",
        encoding="utf-8",
    )
    post = ["--unit", PROVINCE, "--decision", "05/2026/QĐ-UBND", "--from", "2026-05-25"]
    office.do("workflow", "adopt", str(file), *post, who="admin")
    world.duty(1, date(2026, 6, 1), unit=PROVINCE, unit_name="Tỉnh Hưng Yên", tier="province")
    world.live(date(2026, 6, 1), date(2026, 6, 30))
    assert world.audit(date(2026, 6, 1), date(2026, 6, 30))["problems"] == []


# --- where nobody is reached ------------------------------------------------------------------------------------------


def test_an_entity_without_any_contact_is_a_named_hole_and_not_silence(office: Office, world: World) -> None:
    returned(office)
    world.scan()
    found = world.deliver()
    assert (found["left"], found["by_hand"]) == (0, 1)
    world.day = date(2026, 6, 5)
    audited = world.audit(date(2026, 6, 1), date(2026, 6, 1))
    assert audited["problems"] == []
    assert audited["explained"] >= 1
    warnings = office.do("doctor")["warnings"]
    assert [item["code"] for item in warnings] == ["remind_entity_nobody"]
    assert ENTITY in warnings[0]["message"]


def test_an_entity_with_a_telephone_waits_for_a_letter_and_the_audit_asks_for_it(office: Office, world: World) -> None:
    returned(office, phone="0912345678")
    world.scan()
    world.deliver()
    assert office.do("doctor")["warnings"] == []
    world.day = date(2026, 6, 5)
    problems = world.audit(date(2026, 6, 1), date(2026, 6, 1))["problems"]
    assert [each["kind"] for each in problems] == ["by_hand"]


def test_a_mail_address_recorded_later_lets_the_letter_go(office: Office, world: World) -> None:
    returned(office)
    world.scan()
    world.deliver()
    entity = office.do("entity", "list")[0]["code"]
    office.do("entity", "contact", entity, "--email", MAIL, who=office.holder("officer", COMMUNE))
    world.deliver()
    assert len(texts(world)) == 1
    assert office.do("doctor")["warnings"] == []


def test_a_merged_entity_is_written_to_as_the_one_it_lives_on_as(office: Office, world: World) -> None:
    returned(office)
    officer = office.holder("officer", COMMUNE)
    kind = ["--kind", "cooperative", "--commune", COMMUNE, "--email", MAIL]
    other = office.do("entity", "add", "Hợp tác xã hợp nhất", *kind, who=officer)["code"]
    mine = next(each["code"] for each in office.do("entity", "list") if each["name"] == ENTITY)
    world.scan()
    office.do("entity", "merge", mine, other, who=officer)
    world.deliver()
    assert len(texts(world)) == 1


# --- by hand ----------------------------------------------------------------------------------------------------------


def test_letters_are_printed_for_those_without_a_mail_address_and_recorded_as_sent_by_hand(
    office: Office, world: World, tmp_path: Path
) -> None:
    """A letter as DOCX and text where there is no mail; the audit then finds nothing open."""
    office.lang = "vi"
    returned(office, phone="0912345678")
    world.scan()
    world.deliver()
    officer, out = office.holder("officer", COMMUNE), tmp_path / "thu"
    words = ["remind", "letters", "--unit", COMMUNE, "--out", str(out)]
    assert office.refuses(3, *words, who=office.holder("officer", "00004"))
    tried = office.do(*words, "--dry-run", who=officer)
    assert (len(tried["letters"]), out.exists()) == (1, False)
    (letter,) = office.do(*words, "--reason", "giao tận tay", who=officer)["letters"]
    assert letter["contacts"] == {"phone": "0912345678"}
    word, text = (Path(each) for each in letter["files"])
    assert "Thiếu báo cáo tự đánh giá" in text.read_text(encoding="utf-8")
    document = Document(str(word))
    said = [each.text for each in document.paragraphs]
    assert "THÔNG BÁO" in said
    assert f"Kính gửi: {ENTITY}" in said
    assert "Độc lập - Tự do - Hạnh phúc" in document.tables[0].rows[0].cells[1].text
    assert document.tables[0].rows[1].cells[1].text == "…………, ngày 01 tháng 06 năm 2026"
    (row,) = told(world)
    assert (row["status"], row["acted_by"], row["reason"]) == ("sent", officer, "giao tận tay")
    assert office.do(*words, who=officer)["letters"] == []
    world.day = date(2026, 6, 5)
    found = world.audit(date(2026, 6, 1), date(2026, 6, 5))
    assert [each["kind"] for each in found["problems"] if each["rung"] == "returned"] == []
    assert [(each["act"], each["by"]) for each in found["noted"]] == [("by_hand", officer)]


def test_the_inbox_of_the_unit_asks_for_letters_that_no_mail_can_carry(office: Office, world: World) -> None:
    """Nobody looks for what nobody named: beside the dossiers stands the command that prints the letters."""
    returned(office, phone="0912345678")
    world.scan()
    words = ["inbox", "--as", office.holder("officer", COMMUNE), "--db", str(office.db)]
    now = f"{office.day}T10:00:00+07:00"
    told = ocop(*words, now=now)
    assert "Phường Mỹ Hào còn 1 chủ thể" in told.err
    assert f"ocop nhac letters --unit {COMMUNE} --out" in told.err
    listed = ocop("remind", "list", "--db", str(office.db), now=now).out
    assert "trả lại" in listed  # words, not the names that the program uses
    assert "before_" not in listed
    entity = office.do("entity", "list")[0]["code"]
    office.do("entity", "contact", entity, "--email", MAIL, who=office.holder("officer", COMMUNE))
    assert "chủ thể" not in ocop(*words, now=now).err


def test_the_chat_text_has_at_most_2000_characters_and_counts_what_it_leaves_out(office: Office) -> None:
    """The most urgent first; a unit without a mailbox is reached by it, and that is recorded."""
    office.lang = "vi"
    world = World.over(office.db)
    for number in range(1, 61):
        world.duty(number, date(2026, 6, 1) + timedelta(number % 7))
    world.scan()
    officer = office.holder("officer", COMMUNE)
    assert office.refuses(3, "remind", "chat", "--unit", COMMUNE, who=office.holder("officer", "00004"))
    for exit_code, code, typed in (
        (3, "day_in_future", ["--on", "2099-01-01"]),
        (2, "entry_unreadable", ["--entry", "bogus"]),
        (4, "person_absent", ["--by", "nobody"]),
    ):
        # As of every other act (DESIGN section 7).
        for words in (["chat", "--unit", COMMUNE], ["ack", "1"], ["snooze", "1"]):
            assert office.refuses(exit_code, "remind", *words, *typed, who=officer) == [code]
        assert office.refuses(exit_code, "remind", "retry", *typed, who="admin") == [code]
    tried = office.do("remind", "chat", "--unit", COMMUNE, "--dry-run", who=officer)
    assert {row["status"] for row in world.rows()} == {"queued"}
    found = office.do("remind", "chat", "--unit", COMMUNE, who=officer)
    assert found == tried
    assert len(found["text"]) <= 2000
    lines = found["text"].splitlines()
    assert "60 việc" in lines[0]
    assert "HS-2026-000007-X" in lines[1]  # due today
    assert lines[-1].startswith(f"… và {60 - (len(lines) - 2)} việc khác")
    assert (found["duties"], found["reminders"]) == (60, 60)
    assert {row["status"] for row in world.rows()} == {"sent"}
    again = office.do("remind", "chat", "--unit", COMMUNE, who=officer)
    assert (again["duties"], again["reminders"]) == (60, 0)


def test_what_a_mail_can_carry_stays_with_the_mail(office: Office, world: World) -> None:
    """A chat text does not take the place of a message to somebody who has an address."""
    world.duty(1, date(2026, 6, 2))
    world.scan()
    found = office.do("remind", "chat", "--unit", COMMUNE, who=office.holder("officer", COMMUNE))
    assert (found["duties"], found["reminders"]) == (1, 0)
    assert world.deliver()["sent"] == 1


def test_who_noted_or_put_off_a_reminder_when_and_why_is_shown(office: Office, world: World) -> None:
    """Acknowledge and snooze are recorded; the list shows the newest act, the audit every one."""
    world.duty(1, date(2026, 6, 8))
    world.scan()
    (identifier,) = (row["id"] for row in world.rows())
    officer, stranger = office.holder("officer", COMMUNE), office.holder("officer", PROVINCE)
    for act in ("ack", "snooze"):
        assert office.refuses(3, "remind", act, identifier, who=stranger)
        assert office.refuses(3, "remind", act, identifier)
    office.do("remind", "snooze", identifier, "--until", "2026-06-03", "--reason", "chờ kết quả", who=officer)
    office.do("remind", "ack", identifier, "--reason", "đã gọi điện", who=officer)
    (row,) = office.do("remind", "list")
    assert (row["acted_by"], row["acted_at"], row["reason"]) == (officer, "2026-06-01T03:00:00.000000Z", "đã gọi điện")
    noted = world.audit(date(2026, 6, 1), date(2026, 6, 1))["noted"]
    assert [(each["act"], each["by"], each["until"], each["reason"]) for each in noted] == [
        ("snoozed", officer, "2026-06-03", "chờ kết quả"),
        ("acknowledged", officer, None, "đã gọi điện"),
    ]


# --- bad input --------------------------------------------------------------------------------------------------------


def test_a_products_name_can_add_neither_a_header_nor_markup(office: Office, world: World) -> None:
    """Header injection: control characters are refused where they are typed, and cannot act where they slip in."""
    officer = office.holder("officer", COMMUNE)
    evil = "Trà\r\nBcc: all@example.vn\r\n\r\n<script>alert(1)</script>"
    words = ["--commune", COMMUNE, "--product", evil, "--entity", "HTX", "--entity-kind", "cooperative"]
    words += ["--product-set", "coffee_cacao", "--kind", "first", "--track", "existing_product"]
    assert "name_control_character" in office.refuses(2, "dossier", "open", *words, who=officer)
    returned(office, email=MAIL)
    with world.base.writer() as uow:
        uow.execute("UPDATE product SET name = :name", name=evil)
        uow.execute("UPDATE entity SET name = :name", name=evil)
        uow.commit()
    world.scan()
    world.deliver()
    (mail,) = [each for each in world.mails() if each["To"] == MAIL]
    assert mail["Bcc"] is None
    assert "Bcc: all@example.vn" in mail["Subject"]  # a harmless part of the one line
    html = mail.get_body(("html",))
    assert html is not None
    assert "<script>" not in html.get_content()


@pytest.mark.parametrize(
    ("name", "text", "code", "line"),
    [
        ("vi/entity.txt.j2", "Kính gửi\n{{ office }}\n", "template_variable", 2),
        ("en/entity.html.j2", "<p>\n\n{% for line in lines %}{{ line.phone }}{% endfor %}", "template_variable", 3),
        ("vi/entity.subject.j2", "{% if count %}", "template_syntax", 1),
    ],
)
def test_a_faulty_template_for_entities_is_refused_at_load_with_its_line(
    name: str, text: str, code: str, line: int
) -> None:
    data, parts_of = parts()
    with pytest.raises(InputInvalid) as error:
        catalogue.read(data, {**parts_of, name: text})
    found = [(each.code, each.params["line"], each.params["file"]) for each in error.value.reasons]
    assert found == [(code, line, name)]


def test_a_phrase_for_entities_with_an_unknown_field_is_refused_with_its_line() -> None:
    data, parts_of = parts()
    changed = data.decode().replace('lacking: "{name} (còn thiếu {count})"', 'lacking: "{name} ({salary})"')
    with pytest.raises(InputInvalid) as error:
        catalogue.read(changed.encode(), parts_of)
    line = changed.splitlines().index('    lacking: "{name} ({salary})"') + 1
    assert [(each.code, each.params["line"]) for each in error.value.reasons] == [("template_variable", line)]


# --- for the calendar -------------------------------------------------------------------------------------------------


def test_each_message_brings_its_duties_as_all_day_events_with_lasting_identities(world: World) -> None:
    """iCalendar, read with a library that had no hand in writing it."""
    name = "Ủy ban nhân dân; phường, " + "ệ" * 60
    due = date(2026, 6, 4)
    world.duty(1, due, source=name)
    world.duty(2, date(2026, 6, 2))
    world.scan()
    world.deliver()
    (mail,) = world.mails()
    (file,) = [part for part in mail.walk() if part.get_content_type() == "text/calendar"]
    assert file.get_filename() == "viec-ocop.ics"
    text = file.get_content()
    assert all(len(line.encode()) <= 75 for line in text.splitlines())
    events = {str(each["UID"]): each for each in Calendar.from_ical(text).walk("VEVENT")}
    assert set(events) == {f"HS-2026-00000{number}-X:limit:1@example.vn" for number in (1, 2)}
    event = events["HS-2026-000001-X:limit:1@example.vn"]
    assert (event.decoded("DTSTART"), event.decoded("DTEND")) == (due, due + timedelta(1))
    world.day = due
    world.scan()
    world.deliver()
    again = [Calendar.from_ical(part.get_content()) for mail in world.mails() for part in mail.walk()
             if part.get_content_type() == "text/calendar"]  # fmt: skip
    assert {str(each["UID"]) for calendar in again for each in calendar.walk("VEVENT")} == set(events)
