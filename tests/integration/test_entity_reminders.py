"""The entity is a recipient without login (DESIGN section 6): what it is told, where, and what if nowhere."""

from __future__ import annotations

from datetime import date, timedelta
from email import message_from_bytes, policy
from typing import TYPE_CHECKING, Any

import pytest
from icalendar import Calendar

from tests.integration.reminding import COMMUNE, PROVINCE, World

if TYPE_CHECKING:
    from pathlib import Path

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


@pytest.mark.parametrize("mail", ["khong-phai-dia-chi", "a@b", "a b@example.vn", "a@example.vn\r\nBcc: x@example.vn"])
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
    assert "Giấy chứng nhận OCOP đã hết hạn" in last
    assert "dừng sử dụng nhãn OCOP" in last
    assert world.audit(date(2026, 6, 1), end + timedelta(10))["problems"] == []


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
