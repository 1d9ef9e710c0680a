"""Reminders that no one can miss (DESIGN section 6): the scan, the ladder over a year, outages, the audit."""

from __future__ import annotations

from datetime import date, timedelta
from email.header import decode_header, make_header
from typing import TYPE_CHECKING

import pytest

from ocop_flow import bootstrap
from ocop_flow.errors import InputInvalid, Unavailable
from ocop_flow.notify import catalogue, channels
from ocop_flow.service import delivery
from tests.cli.office import ocop
from tests.cli.test_notices import notice
from tests.integration.mailserver import free_port
from tests.integration.reminding import COMMUNE, COMMUNE_NAME, PROVINCE, World

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.office import Office

#: Days before the due day and after it, and whom they reach (workflows/ladders/standard.yaml).
STANDARD = {"before_30": -30, "before_7": -7, "before_3": -3, "before_1": -1, "due_day": 0, "over_1": 1, "over_3": 3}
STANDARD |= {"over_7": 7}
#: Days on which offices of 2026 are closed beside the weekly days of rest, and Saturdays worked instead (the yearly
#: notice: Tết, Hùng Kings with a day made up, 30/4, 1/5, 2/9 with a swap, 24/11).
CLOSED = {date(2026, 1, 1), date(2026, 1, 2), date(2026, 4, 27), date(2026, 4, 30), date(2026, 5, 1)}
CLOSED |= {date(2026, 8, 31), date(2026, 9, 1), date(2026, 9, 2), date(2026, 11, 24)}
CLOSED |= {date(2026, 2, 16) + timedelta(days) for days in range(5)}
WORKED = {date(2026, 1, 10), date(2026, 8, 22)}


@pytest.fixture
def world(sandbox: Path) -> World:
    found = World.over(sandbox)
    found.mailbox(COMMUNE, "xa@example.vn")
    return found


def test_a_year_of_days_sends_each_rung_on_the_first_working_day_and_nothing_twice(world: World) -> None:
    """Each duty × recipient × rung once; where two rungs wait over days off only the newer goes out."""
    due = [date(2026, 1, 1) + timedelta(13 * number) for number in range(4, 28)]
    for number, day in enumerate(due):
        world.duty(number, day)
    world.live(date(2026, 1, 1), date(2026, 12, 31))
    sent: dict[str, list[tuple[date, str]]] = {}
    for row in world.rows("sent"):
        sent.setdefault(row["deadline"], []).append((date.fromisoformat(row["sent_at"][:10]), row["rung"]))
    for number, day in enumerate(due):
        expected: dict[date, str] = {}
        for rung, days in STANDARD.items():
            on = day + timedelta(days)
            goes = max(on, date(2026, 1, 1))
            while goes not in WORKED and (goes.weekday() > 4 or goes in CLOSED):
                goes += timedelta(1)
            if goes <= date(2026, 12, 31):
                expected[goes] = rung
        assert sent.get(f"HS-2026-{number:06}-X:limit:1", []) == sorted(expected.items()), day
    assert len({(row["deadline"], row["to"], row["rung"]) for row in world.rows()}) == len(world.rows())
    assert world.audit(date(2026, 1, 1), date(2026, 12, 31))["problems"] == []


@pytest.mark.parametrize("outage", [1, 7, 30])
def test_after_an_outage_each_open_duty_gets_its_newest_rung_once(world: World, outage: int) -> None:
    """A day, a week, a month without a scan: the newest rung, nothing of those before it."""
    world.day = date(2026, 6, 1)
    for number, days in enumerate((2, 5, 9, 40)):
        world.duty(number, world.day + timedelta(days))
    world.scan()
    before = {(row["deadline"], row["rung"]) for row in world.rows()}
    world.day += timedelta(outage)
    world.scan()
    new = [row for row in world.rows() if (row["deadline"], row["rung"]) not in before]
    for number, days in enumerate((2, 5, 9, 40)):
        passed = [rung for rung, at in STANDARD.items() if at <= outage - days]
        newest = {passed[-1]} if passed and (f"HS-2026-{number:06}-X:limit:1", passed[-1]) not in before else set()
        assert {row["rung"] for row in new if row["deadline"] == f"HS-2026-{number:06}-X:limit:1"} == newest
    assert world.scan()["queued"] == 0


def test_what_was_queued_is_superseded_when_the_duty_is_done_gone_or_moved(world: World) -> None:
    """When the duty is done, what was queued is superseded; one moved to another day is reminded of anew."""
    done, moved = world.duty(1, date(2026, 6, 2)), world.duty(2, date(2026, 6, 2))
    assert world.scan()["queued"] == 2
    world.change(done, outcome="met", closed_on="2026-06-01")
    world.change(moved, due_on="2026-06-04")
    found = world.scan()
    assert (found["queued"], found["superseded"]) == (1, 2)
    assert [row["rung"] for row in world.rows("queued")] == ["before_3"]
    assert {row["deadline"]: row["why"] for row in world.rows("superseded")} == {done: "done", moved: "other_day"}
    world.day = date(2026, 6, 3)
    world.scan()
    assert world.audit(date(2026, 6, 1), date(2026, 6, 2))["superseded_why"] == {"done": 1, "other_day": 1, "newer": 1}


def test_what_is_true_again_after_an_undo_is_sent_after_all(world: World) -> None:
    """A reminder that no one can miss: superseded since the duty was done, queued again since it was not."""
    duty = world.duty(1, date(2026, 6, 2))
    world.scan()
    world.change(duty, outcome="met", closed_on="2026-06-01")
    assert world.scan()["superseded"] == 1
    world.change(duty, outcome=None, closed_on=None)
    assert world.scan()["queued"] == 1
    assert world.deliver()["sent"] == 1
    world.change(duty, outcome="met", closed_on="2026-06-01")
    world.change(duty, outcome=None, closed_on=None)
    assert world.scan()["queued"] == 0  # it has been sent


def test_a_letter_that_no_server_has_seen_is_written_anew_without_what_was_done(world: World) -> None:
    """When the duty is done, what was queued is superseded: also a line of a letter that waits for the mail server."""
    done, _ = world.duty(1, date(2026, 6, 2)), world.duty(2, date(2026, 6, 2))
    world.scan()
    down, _ = channels.smtp(f"smtp://127.0.0.1:{free_port()}?tls=none", None)
    with pytest.raises(Unavailable):
        world.deliver(down)
    world.change(done, outcome="met", closed_on="2026-06-01")
    assert world.deliver()["sent"] == 1
    (mail,) = world.mails()
    text = mail.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert "HS-2026-000002-X" in text
    assert "HS-2026-000001-X" not in text


def test_a_preview_shows_what_would_be_sent_now_and_changes_nothing(office: Office) -> None:
    """What was settled since the last scan is out of it, what came due since is in it."""
    world = World.over(office.db)
    world.mailbox(COMMUNE, "xa@example.vn")
    settled = world.duty(1, date(2026, 6, 2))
    world.scan()
    world.change(settled, outcome="met", closed_on="2026-06-01")
    world.duty(2, date(2026, 6, 2))
    before = world.rows()
    (shown,) = office.do("remind", "preview")
    assert "HS-2026-000002-X" in shown["text"]
    assert "HS-2026-000001-X" not in shown["text"]
    assert office.do("remind", "preview", "--to", "33") == []
    assert world.rows() == before


def test_a_stopped_clock_reminds_nobody(world: World) -> None:
    """A return for supplement stops the clock."""
    duty = world.duty(1, date(2026, 6, 2), stopped_since="2026-05-30")
    assert world.scan()["queued"] == 0
    world.change(duty, stopped_since=None)
    assert world.scan()["queued"] == 1


def test_each_line_says_what_to_do_with_which_paper_and_whom_to_ask(office: Office) -> None:
    """Dossier and product, duty, due date with weekday, days left, what to do, which paper, who to call; a command
    only for people with a login (the papers of the commune: 26/2026/QĐ-TTg art. 5)."""
    world = World.over(office.db)
    world.mailbox(COMMUNE, "xa@example.vn")
    assert office.refuses(2, "unit", "contact", PROVINCE, "--phone", "0221 000 0001", who="admin") == [
        "unit_mailbox_first"
    ]
    world.mailbox(PROVINCE, "tinh@example.vn")
    office.do("unit", "contact", PROVINCE, "--phone", "0221 000 0001", who="admin")
    dossier = office.open(COMMUNE, "Cà phê", track="existing_product")
    office.do("attach", dossier, "--kind", "registration_form", who=office.holder("officer", COMMUNE))
    with world.base.reader() as uow:
        rows = uow.query("SELECT min(due_on) AS due FROM deadline WHERE subject = :code", code=dossier)
    due = world.day = date.fromisoformat(rows[0]["due"])
    world.scan()
    office.day, office.lang = due.isoformat(), "vi"
    (shown,) = office.do("remind", "preview", "--to", COMMUNE)
    for text in (shown["text"], shown["html"]):
        for part in (dossier, "Cà phê", "Hợp tác xã số 1", f"{due:%d/%m/%Y}", "hết hạn hôm nay", "Đề nghị hoàn thành"):
            assert part in text
        assert "Mẫu 03" in text  # the commune's own report is lacking still
        assert "Phiếu đăng ký" not in text  # handed in
        assert "Ủy ban nhân dân tỉnh Hưng Yên, liên hệ 02210000001, tinh@example.vn" in text
        assert "ocop hoso" not in text
    for handle, words in (
        ("may", ["--email", "may@example.vn"]),
        ("giay", ["--email", "giay@example.vn", "--no-login"]),
    ):
        office.do("person", "add", handle, "--name", "Cán bộ", *words, who="admin")
        post = ["--unit", COMMUNE, "--role", "officer", "--decision", "1/QĐ-UBND", "--from", "2025-07-01"]
        office.do("person", "appoint", handle, *post, who="admin")
    world.duty(7, due)
    shown = {each["to"]: each["text"] + each["html"] for each in office.do("remind", "preview")}
    assert shown["person:may"].count("ocop hoso show HS-2026-000007-X") == 2
    assert "ocop hoso" not in shown["person:giay"]


def test_a_duty_already_past_when_recorded_from_paper_gets_one_line_and_no_ladder(office: Office) -> None:
    """One line to the own unit, whatever the day (DESIGN section 6)."""
    office.day = "2026-09-01"
    officer = office.holder("officer", COMMUNE)
    words = ["--commune", COMMUNE, "--product", "Trà", "--entity", "HTX số 1", "--entity-kind", "cooperative"]
    words += ["--product-set", "coffee_cacao", "--kind", "first", "--track", "existing_product"]
    paper = ["--on", "2026-07-01", "--entry", "paper:2026"]
    office.do("dossier", "open", *words, *paper, who=officer)
    world = World.over(office.db)
    world.mailbox(COMMUNE, "xa@example.vn")
    for day in range(0, 40, 3):
        world.day = date(2026, 9, 1) + timedelta(day)
        world.scan()
    rungs = [row["rung"] for row in world.rows() if row["kind"] == "commune_handling"]
    assert rungs == ["recorded_late"]


def test_officers_then_the_leader_then_the_office_of_the_chair(office: Office) -> None:
    """Up inside the unit first; officers are those in post that day."""
    for handle, role in (("officer1", "officer"), ("officer2", "officer"), ("head", "leader")):
        office.do("person", "add", handle, "--name", "Cán bộ", "--email", f"{handle}@example.vn", who="admin")
        post = ["--unit", COMMUNE, "--role", role, "--decision", "1/QĐ-UBND", "--from", "2025-07-01"]
        office.do("person", "appoint", handle, *post, who="admin")
    world = World.over(office.db)
    world.mailbox(COMMUNE, "xa@example.vn")
    world.duty(1, date(2026, 6, 1))
    world.live(date(2026, 6, 1), date(2026, 6, 30))
    reached = {rung: {row["to"] for row in world.rows() if row["rung"] == rung} for rung in STANDARD}
    assert reached["due_day"] == reached["over_1"] == {"person:officer1", "person:officer2"}
    assert reached["over_3"] == {"person:head"}
    assert reached["over_7"] == {f"unit:{COMMUNE}"}
    assert not [row for row in world.rows() if row["tier"] != "commune"]


def test_the_unit_above_hears_only_where_the_province_has_switched_it_on(office: Office, tmp_path: Path) -> None:
    """Rungs to the unit above are part of the file and silent until a numbered decision switches them on."""
    world = World.over(office.db)
    for unit in (COMMUNE, PROVINCE):
        world.mailbox(unit, f"u{unit}@example.vn")
    world.duty(1, date(2026, 9, 1))
    world.day = date(2026, 9, 20)
    world.scan()
    assert {row["rung"] for row in world.rows()} == {"over_7"}
    file = tmp_path / "province.yaml"
    file.write_text(
        f'schema: ocop-overlay/1\nprovince: "{PROVINCE}"\nbase: qd_26_2026\ndecision: 05/2026/QĐ-UBND\n'
        'effective_from: "2026-09-01"\ntitle: {vi: Quy định riêng, en: Own settings}\n'
        "ladder: {standard: [over_15_above]}\n",
        encoding="utf-8",
    )
    office.day = "2026-09-20"
    office.do(
        "workflow", "adopt", str(file), "--unit", PROVINCE, "--decision", "05/2026/QĐ-UBND", "--from", "2026-09-01",
        who="admin",
    )  # fmt: skip
    world = World.over(office.db)
    world.duty(2, date(2026, 9, 1))
    world.day = date(2026, 9, 20)
    world.scan()
    above = [row for row in world.rows() if row["tier"] == "province"]
    assert [(row["rung"], row["to"], row["unit"]["code"]) for row in above] == [
        ("over_15_above", f"unit:{PROVINCE}", COMMUNE)
    ]


def test_a_unit_with_nobody_to_write_to_is_named_and_its_reminder_waits_for_a_mailbox(office: Office) -> None:
    """A fallback to the unit's mailbox, then a warning that names the hole."""
    world = World.over(office.db)
    world.duty(1, date(2026, 6, 2))
    world.scan()
    world.deliver()
    warnings = office.do("doctor")["warnings"]
    assert [item["code"] for item in warnings] == ["remind_nobody"]
    assert COMMUNE in warnings[0]["message"]
    office.day = "2026-06-02"
    world.day = date(2026, 6, 2)
    assert {each["kind"] for each in world.audit(date(2026, 6, 1), date(2026, 6, 1))["problems"]} == {"nobody"}
    world.mailbox(COMMUNE, "xa@example.vn")
    world.scan()
    assert world.deliver()["sent"] == 1
    assert office.do("doctor")["warnings"] == []


def test_one_message_for_a_recipient_and_day_with_the_most_urgent_first(world: World) -> None:
    """Subject, text and HTML; each line says duty, day with its weekday, days left, what to do."""
    world.duty(1, date(2026, 6, 4))
    world.duty(2, date(2026, 5, 31))
    world.duty(3, date(2026, 6, 2))
    world.scan()
    assert world.deliver()["sent"] == 1
    (mail,) = world.mails()
    assert mail["To"] == "xa@example.vn"
    assert str(make_header(decode_header(mail["Subject"]))).startswith(f"[OCOP] {COMMUNE_NAME}: 3 việc")
    text = mail.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    places = [text.index(each) for each in ("HS-2026-000002-X", "HS-2026-000003-X", "HS-2026-000001-X")]
    assert places == sorted(places)
    assert "Thứ Năm, ngày 04/06/2026 - còn 3 ngày" in text
    assert "Chủ nhật, ngày 31/05/2026 - đã quá hạn 1 ngày" in text
    world.duty(4, date(2026, 6, 2))
    world.scan()
    assert world.deliver()["sent"] == 0  # the second letter waits for the next day
    world.day = date(2026, 6, 2)
    assert world.deliver()["sent"] == 1


def test_nothing_goes_out_when_the_office_is_closed(world: World) -> None:
    """Monday to Friday 07:30-17:00, days off of the calendar excepted; swapped Saturdays are worked."""
    world.duty(1, date(2026, 6, 2))
    world.scan()
    for day, hour in ((date(2026, 6, 1), 7), (date(2026, 6, 1), 17), (date(2026, 6, 6), 9), (date(2026, 9, 2), 9)):
        world.day, world.hour = day, hour
        assert world.deliver()["sent"] == 0
    world.day, world.hour = date(2026, 8, 22), 9
    assert world.deliver()["sent"] == 1


def test_a_letter_about_duties_of_two_offices_goes_out_when_one_of_them_is_at_work(
    office: Office, tmp_path: Path
) -> None:
    """A day off of a commune keeps no letter back that is also about a duty of its province."""
    office.do("person", "add", "may", "--name", "Cán bộ", "--email", "may@example.vn", who="admin")
    for unit in (PROVINCE, COMMUNE):
        post = ["--unit", unit, "--role", "officer", "--decision", "1/QĐ-UBND", "--from", "2025-07-01"]
        office.do("person", "appoint", "may", *post, who="admin")
    world = World.over(office.db)
    world.duty(1, date(2026, 6, 2), unit=PROVINCE, unit_name="Tỉnh Hưng Yên", tier="province")
    world.duty(2, date(2026, 6, 2))
    day_off = notice(tmp_path, 2026, ("2026-06-01", "Ngày hội"), unit=COMMUNE)
    office.do("calendar", "adopt", day_off, who="admin")
    world.scan()
    assert {row["to"] for row in world.rows()} == {"person:may"}
    assert world.deliver()["sent"] == 1


def test_a_day_off_of_a_province_is_one_of_its_communes(office: Office, tmp_path: Path) -> None:
    """Letters keep the hours of the unit (DESIGN section 6); what its province takes off, it takes off."""
    world = World.over(office.db)
    world.mailbox(COMMUNE, "xa@example.vn")
    world.duty(1, date(2026, 6, 2))
    off = notice(tmp_path, 2026, ("2026-06-01", "Ngày hội"), unit=PROVINCE)
    office.do("calendar", "adopt", off, who="admin")
    world.scan()
    assert [row["unit"]["code"] for row in world.rows()] == [COMMUNE]
    assert world.deliver()["sent"] == 0


def test_an_acknowledged_reminder_is_not_sent_and_a_snoozed_one_waits(office: Office) -> None:
    """Acknowledge and snooze are recorded, by the recipient or the responsible unit's officer or leader."""
    world = World.over(office.db)
    world.mailbox(COMMUNE, "xa@example.vn")
    world.duty(1, date(2026, 6, 8))
    world.duty(2, date(2026, 6, 8))
    world.scan()
    officer = office.holder("officer", COMMUNE)
    first, second = (row["id"] for row in world.rows())
    stranger = office.holder("officer", PROVINCE)
    office.refuses(3, "remind", "ack", first, who=stranger)
    assert office.do("remind", "ack", first, who=officer)["status"] == "acknowledged"
    office.refuses(2, "remind", "snooze", second, "--until", office.day, who=officer)
    office.do("remind", "snooze", second, "--until", "2026-06-06", who=officer)
    office.refuses(4, "remind", "ack", "999", who=officer)
    world.live(date(2026, 6, 1), date(2026, 6, 9))
    mine = [(day, rung) for day, rung in world.sent()]
    by_duty = {
        duty: [(row["rung"], (row["sent_at"] or "")[:10]) for row in world.rows("sent") if duty in row["deadline"]]
        for duty in ("000001", "000002")
    }
    assert mine
    assert ("before_7", "2026-06-01") not in by_duty["000001"]
    assert [each for each in by_duty["000002"] if each[1] < "2026-06-06"] == []
    assert by_duty["000002"]
    assert world.audit(date(2026, 6, 1), date(2026, 6, 9))["problems"] == []


def test_a_letter_that_was_sent_and_then_acknowledged_counts_as_sent(office: Office) -> None:
    """The proof of a reminder is the letter; that its reader noted it takes nothing away."""
    world = World.over(office.db)
    world.mailbox(COMMUNE, "xa@example.vn")
    world.duty(1, date(2026, 6, 8))
    world.live(date(2026, 6, 1), date(2026, 6, 1))
    (row,) = world.rows("sent")
    office.do("remind", "ack", row["id"], who=office.holder("officer", COMMUNE))
    found = world.audit(date(2026, 6, 1), date(2026, 6, 1))
    assert (found["sent"], found["acknowledged"], found["ok"]) == (1, 1, True)


def test_a_delivery_says_which_unit_waits_for_a_mailbox(sandbox: Path) -> None:
    """Nothing is left in silence: the unit is named with the way out."""
    world = World.over(sandbox)
    world.duty(1, date(2026, 6, 8))
    world.day = date(2026, 6, 1)
    world.scan()
    found = world.deliver()
    assert (found["sent"], found["left"]) == (0, 1)
    (told,) = found["warnings"]
    assert (told.code, told.params["code"]) == ("remind_waits", COMMUNE)
    world.mailbox(COMMUNE, "xa@example.vn")
    assert world.deliver()["warnings"] == []


def test_the_audit_finds_what_no_scan_ever_saw(world: World) -> None:
    """Anything not sent, noted, superseded or explained is a finding."""
    duty = world.duty(1, date(2026, 6, 2))
    world.day = date(2026, 6, 20)
    found = world.audit(date(2026, 6, 1), date(2026, 6, 10))
    assert not found["ok"]
    assert {(each["kind"], each["deadline"]) for each in found["problems"]} == {("missed", duty)}


def test_the_audit_finds_what_was_put_off_and_never_taken_up_again(office: Office) -> None:
    """Put off until a day that has passed is no explanation."""
    world = World.over(office.db)
    world.mailbox(COMMUNE, "xa@example.vn")
    world.duty(1, date(2026, 6, 8))
    world.scan()
    (row,) = world.rows()
    office.do("remind", "snooze", row["id"], "--until", "2026-06-03", who=office.holder("officer", COMMUNE))
    period = date(2026, 6, 1), date(2026, 6, 1)
    world.day = date(2026, 6, 3)
    assert world.audit(*period)["ok"]
    world.day = date(2026, 6, 4)
    assert [each["kind"] for each in world.audit(*period)["problems"]] == ["not_sent"]


def test_the_audit_finds_a_duty_whose_only_reader_had_gone(office: Office) -> None:
    """A reminder makes way for another reader; where no scan came to find one, nobody was told."""
    office.do("person", "add", "may", "--name", "Cán bộ", "--email", "may@example.vn", who="admin")
    post = ["--unit", COMMUNE, "--role", "officer", "--decision", "1/QĐ-UBND", "--from", "2025-07-01"]
    office.do("person", "appoint", "may", *post, who="admin")
    world = World.over(office.db)
    world.duty(1, date(2026, 6, 8))
    world.scan()
    with world.base.writer() as uow:
        uow.execute("UPDATE person SET left_on = '2026-05-31' WHERE handle = 'may'")
        uow.commit()
    world.deliver()
    assert [row["status"] for row in world.rows()] == ["cancelled"]
    world.day = date(2026, 6, 2)
    period = date(2026, 6, 1), date(2026, 6, 1)
    assert [each["kind"] for each in world.audit(*period)["problems"]] == ["missed"]
    world.mailbox(COMMUNE, "xa@example.vn")
    world.scan()
    assert world.deliver()["sent"] == 1
    assert world.audit(*period)["problems"] == []


def test_a_reminder_let_go_for_an_earlier_day_explains_nothing_of_the_day_that_the_duty_was_moved_to(
    office: Office,
) -> None:
    """A duty moved to another day is reminded of anew; that its first reader had gone once is no excuse for that."""
    world = World.over(office.db)
    world.mailbox(COMMUNE, "xa@example.vn")
    duty = world.duty(1, date(2026, 6, 8))
    world.scan()
    with world.base.writer() as uow:
        uow.execute("UPDATE reminder SET status = 'cancelled'")
        uow.commit()
    world.change(duty, due_on="2026-06-15", outcome="met", closed_on="2026-06-16")
    world.day = date(2026, 6, 17)
    found = world.audit(date(2026, 6, 8), date(2026, 6, 8))
    assert [(each["kind"], each["due_on"]) for each in found["problems"]] == [("missed", "2026-06-15")]


def test_the_doctor_names_a_scheduler_that_stands_still(office: Office) -> None:
    """``doctor`` says when the last scan ran; silence for days is a warning, not a line that nobody compares."""
    world = World.over(office.db)
    world.mailbox(COMMUNE, "xa@example.vn")
    world.duty(1, date(2026, 6, 2))
    world.scan()
    assert office.do("doctor")["warnings"] == []
    with world.base.writer() as uow:
        uow.execute("UPDATE heartbeat SET at = '2026-05-28T01:00:00.000000Z' WHERE job = 'scan'")
        uow.commit()
    (warning,) = office.do("doctor")["warnings"]
    assert warning["code"] == "scan_overdue"
    assert "2026" in warning["message"]
    assert "scheduler run" in warning["remedy"]


def test_a_faulty_duty_is_told_and_stops_none_of_the_others(world: World) -> None:
    """A failing dossier or recipient is reported and never stops the rest."""
    bad = world.duty(1, date(2026, 6, 2))
    world.change(bad, due_on="2026-06-0x")
    world.duty(2, date(2026, 6, 2))
    found = world.scan()
    assert [each["deadline"] for each in found["failed"]] == [bad]
    assert found["queued"] == 1


def test_a_faulty_notice_is_told_and_stops_no_duty(office: Office) -> None:
    """The same for what entities are told; it is looked at again the next day."""
    dossier = office.open(COMMUNE, "Trà", track="existing_product", email="htx@example.vn")
    why = ["--reason", "Thiếu báo cáo"]
    office.do("advance", dossier, "return_for_supplement", *why, who=office.holder("officer", COMMUNE))
    world = World.over(office.db)
    world.mailbox(COMMUNE, "xa@example.vn")
    world.duty(1, date(2026, 6, 2))
    with world.base.writer() as uow:
        uow.execute("UPDATE entity_notice SET told_of = '2026-06-0x'")
        uow.commit()
    found = world.scan()
    assert [each["deadline"].partition(":")[0] for each in found["failed"]] == [dossier]
    assert "HS-2026-000001-X:limit:1" in {row["deadline"] for row in world.rows("queued")}
    with world.base.writer() as uow:
        uow.execute("UPDATE entity_notice SET told_of = '2026-06-01'")
        uow.commit()
    world.day = date(2026, 6, 2)
    world.scan()
    assert [row["rung"] for row in world.rows("queued") if row["role"] == "entity"] == ["returned"]


def test_a_letter_names_the_office_that_took_the_duty_over(office: Office) -> None:
    """Districts ended on 1 July 2025: nobody is sent to one that is no more."""
    world = World.over(office.db)
    world.mailbox(PROVINCE, "tinh@example.vn")
    world.duty(1, date(2026, 6, 2), unit="328", unit_name="Thị xã Mỹ Hào", tier="district")
    world.scan()
    world.deliver()
    (mail,) = world.mails()
    text = mail.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert "Đơn vị thực hiện: Tỉnh Hưng Yên" in text
    assert "Mỹ Hào" not in text


def test_a_scan_after_a_rebuild_repeats_nothing(office: Office) -> None:
    """The scan's notes in the view are not part of it; reminders stand beside the log."""
    office.open(COMMUNE, "Cà phê", track="existing_product")
    world = World.over(office.db)
    world.mailbox(COMMUNE, "xa@example.vn")
    assert world.scan()["queued"] > 0
    assert office.do("doctor", "--rebuild")["problems"] == []
    assert world.scan()["queued"] == 0


# --- words ------------------------------------------------------------------------------------------------------------


def parts() -> tuple[bytes, dict[str, str]]:
    from importlib.resources import files

    folder = files("ocop_flow.notifications")
    texts = {
        f"{language}/{entry.name}": entry.read_text(encoding="utf-8")
        for language in ("vi", "en")
        for entry in (folder / "templates" / language).iterdir()
    }
    return (folder / "catalogue.yaml").read_bytes(), texts


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("Kính gửi\n{{ nobody }}\n", "template_variable", 2),
        ("{% for line in lines %}\n\n{{ line.salary }}{% endfor %}", "template_variable", 3),
        ("{% for x in lines %}\n{{ x.salary }}{% endfor %}", "template_variable", 2),
        ("{% for line in lines %}\n{{ line['salary'] }}{% endfor %}", "template_variable", 2),
        ("Kính gửi\n\n{{ lines[0].salary }}", "template_variable", 3),
        ("Kính gửi\n{{ unit.__class__ }}", "template_variable", 2),
        ("Kính gửi\n{% if %}\n", "template_syntax", 2),
        ("Kính gửi\n{% if count %}\n{{ unit | polite }}{% endif %}", "template_syntax", 3),
        ("Kính gửi\n{{ unit | polite }}", "template_syntax", 2),
        ("Kính gửi\n{% if unit is polite %}x{% endif %}", "template_syntax", 2),
        ("Kính gửi\n{% include 'vi/other.txt.j2' %}", "template_syntax", 2),
    ],
)
def test_a_faulty_template_is_refused_at_load_with_its_line(text: str, code: str, line: int) -> None:
    data, texts = parts()
    with pytest.raises(InputInvalid) as error:
        catalogue.read(data, {**texts, "vi/reminder.txt.j2": text})
    assert [(each.code, each.params["line"]) for each in error.value.reasons] == [(code, line)]


@pytest.mark.parametrize(
    ("old", "new", "code", "needle"),
    [
        ('{opens: "07:30", closes: "17:00"}', '{opens: "17:00", closes: "07:30"}', "catalogue_hours_crossed", "hours:"),
        ('opens: "07:30"', "opens: 7", "catalogue_hours_unreadable", "hours:"),
        ('opens: "07:30"', 'opens: "07:30+07:00"', "catalogue_hours_unreadable", "hours:"),
        ("[Thứ Hai, Thứ Ba,", "[Thứ Ba,", "catalogue_key_missing", "    weekdays: [Thứ Ba"),
        ("    variables: [unit, office,", "    words: [unit, office,", "catalogue_key_missing", "  reminder:"),
        ("    line: [number, subject,", "    line: [[number], subject,", "catalogue_key_missing", "  reminder:"),
        ("messages:\n", "messages:\n  letter: {template: entity, line: []}\n", "catalogue_key_missing", "  letter:"),
    ],
)
def test_a_faulty_catalogue_is_refused_at_load_with_its_line(old: str, new: str, code: str, needle: str) -> None:
    data, texts = parts()
    changed = data.decode().replace(old, new, 1)
    with pytest.raises(InputInvalid) as error:
        catalogue.read(changed.encode(), texts)
    (found,) = error.value.reasons
    line = changed.splitlines()[int(str(found.params["line"])) - 1]
    assert (found.code, line.startswith(needle)) == (code, True), line


def test_a_name_cannot_add_a_header_or_markup(office: Office) -> None:
    """Header injection is impossible; HTML is escaped."""
    world = World.over(office.db)
    world.mailbox(COMMUNE, "xa@example.vn")
    name = "Xã\r\nBcc: all@example.vn\r\n\r\n<script>"
    world.duty(1, date(2026, 6, 2), unit_name=COMMUNE_NAME, source=name)
    world.scan()
    with world.base.writer() as uow:
        uow.execute("UPDATE reminder SET recipient_unit = :name", name=name)
        uow.commit()
    world.deliver()
    (mail,) = world.mails()
    assert mail["Bcc"] is None
    assert "<script>" not in mail.get_body(("html",)).get_content()  # type: ignore[union-attr]


def test_an_english_letter_counts_and_dates_as_english_screens_do(world: World) -> None:
    """2026-06-02 in English and not 02/06/2026, which is February to many; one duty is a duty."""
    world.duty(1, date(2026, 6, 2))
    world.scan()
    with world.office.writer() as uow:
        (shown,) = delivery.preview(uow, world.office, world.renderer("en"), bootstrap.ladders(), COMMUNE)
    assert "1 duty to attend to" in shown["subject"]
    assert "Tuesday, 2026-06-02 - days left: 1" in shown["text"]
    assert "/06/" not in shown["text"] + shown["html"]


def test_a_mailbox_is_not_told_to_ask_itself(world: World) -> None:
    """Above a province stands nobody who hears of its duties, so its own letter names nobody to ask."""
    world.mailbox(PROVINCE, "tinh@example.vn")
    world.duty(1, date(2026, 6, 2), unit=PROVINCE, unit_name="Tỉnh Hưng Yên", tier="province")
    world.duty(2, date(2026, 6, 2))
    world.scan()
    world.deliver()
    texts = {mail["To"]: mail.get_body(("plain",)).get_content() for mail in world.mails()}  # type: ignore[union-attr]
    assert "Cần hỏi" not in texts["tinh@example.vn"]
    assert "Cần hỏi: Ủy ban nhân dân tỉnh Hưng Yên, liên hệ tinh@example.vn" in texts["xa@example.vn"]


def test_the_list_of_reminders_names_who_was_written_to(office: Office) -> None:
    """By name and not by the code alone; "1 day", not "1 days"."""
    world = World.over(office.db)
    world.mailbox(COMMUNE, "xa@example.vn")
    world.duty(1, date(2026, 6, 2))
    world.day = date(2026, 6, 1)
    world.scan()
    shown = ocop("remind", "list", "--db", str(office.db), now="2026-06-01T10:00:00+07:00", lang="en").out
    assert f"\t1 day before\t{COMMUNE_NAME}\t" in shown
    assert office.do("remind", "list")[0]["to"] == f"unit:{COMMUNE}"
