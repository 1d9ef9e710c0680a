"""At least once with a stable Message-ID: real mail servers, also bad ones; senders side by side; senders killed."""

from __future__ import annotations

import random
import socket
import subprocess
import sys
import threading
from collections import Counter
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import date, datetime, timedelta
from email import message_from_bytes, policy
from typing import TYPE_CHECKING

import pytest

from ocop_flow.domain.reminding import MAX_ATTEMPTS, next_try
from ocop_flow.errors import Unavailable
from ocop_flow.notify import channels
from ocop_flow.notify.channels import Folder
from ocop_flow.notify.smtp import Smtp
from ocop_flow.ports import Mail
from tests.cli.office import ocop
from tests.integration.mailserver import Server, free_port, serving
from tests.integration.reminding import World
from tests.integration.sender import POINTS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.cli.office import Office

UNITS = ("12103", "33", "01", "04", "11", "12", "14", "22")


@contextmanager
def dropping(*, at: str) -> Iterator[tuple[str, list[bytes]]]:
    """A server that takes the letter and dies: ``data`` before it reads the letter, ``answer`` before it answers,
    ``silent`` lives and never answers, ``hang`` never says a word."""
    taken: list[bytes] = []
    listener = socket.create_server(("127.0.0.1", 0))

    def talk() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            with connection, connection.makefile("rb") as lines:
                if at == "hang":
                    lines.read()
                    continue
                connection.sendall(b"220 hello\r\n")
                for line in lines:
                    if line.upper().startswith(b"DATA"):
                        connection.sendall(b"354 go on\r\n")
                        if at in ("answer", "silent"):
                            body = b""
                            while not body.endswith(b"\r\n.\r\n"):
                                body += lines.readline()
                            taken.append(body)
                        if at == "silent":
                            lines.read()
                        break
                    connection.sendall(b"250 OK\r\n")

    thread = threading.Thread(target=talk, daemon=True)
    thread.start()
    try:
        yield f"smtp://ocop@127.0.0.1:{listener.getsockname()[1]}?tls=none", taken
    finally:
        listener.close()


def smtp(setting: str, timeout: float = 5.0) -> Smtp:
    channel, _ = channels.smtp(setting, None)
    return Smtp(replace(channel._account, timeout=timeout))


@pytest.fixture
def world(sandbox: Path) -> World:
    """Eight units, each with a mailbox and a duty that is due."""
    found = World.over(sandbox)
    for number, unit in enumerate(UNITS):
        found.mailbox(unit, f"u{unit}@example.vn")
        found.duty(number, date(2026, 6, 2), unit=unit, unit_name=None)
    return found


def test_one_connection_carries_the_batch_and_everything_arrives(world: World) -> None:
    world.scan()
    server = Server()
    with serving(server) as setting:
        assert world.deliver(smtp(setting)) == {
            "sent": 8,
            "failed": 0,
            "problems": [],
            "left": 0,
            "by_hand": 0,
            "warnings": [],
        }
    assert len(set(server.ids())) == 8
    assert {row["status"] for row in world.rows()} == {"sent"}


def test_a_greylisting_server_gets_the_same_message_later(world: World) -> None:
    """4xx asks to come again: the wait grows, the Message-ID stays."""
    world.scan()
    server = Server(*["451 try later"] * 8)
    with serving(server) as setting:
        assert world.deliver(smtp(setting))["left"] == 8
        assert world.deliver(smtp(setting))["sent"] == 0  # its time has not come
        before = {row["message_id"] for row in world.rows()}
        world.hour = 10
        assert world.deliver(smtp(setting))["sent"] == 8
    assert set(server.ids()) == before
    assert {row["attempts"] for row in world.rows()} == {2}


def test_a_refused_recipient_fails_alone_and_can_be_retried(office: Office, world: World) -> None:
    """5xx is an answer; ``remind retry`` sends the same message again."""
    world.scan()
    server = Server("550 no such user")
    with serving(server) as setting:
        found = world.deliver(smtp(setting))
        assert (found["sent"], found["failed"]) == (7, 1)
        assert len(world.rows("failed")) == 1
        world.day += timedelta(1)
        kinds = {each["kind"] for each in world.audit(date(2026, 5, 25), date(2026, 6, 1))["problems"]}
        assert "failed" in kinds
        (row,) = office.do("remind", "list", "--status", "failed")
        assert row["detail"] == "550 no such user"  # what the server said, not how we keep it
        warnings = {each["code"]: each for each in office.do("doctor")["warnings"]}
        assert "ocop remind retry" in warnings["letters_failed"]["remedy"]
        assert office.do("remind", "retry", who="admin") == {"messages": 1}
        assert world.deliver(smtp(setting))["sent"] == 1
    assert row["message_id"] in server.ids()
    assert len(server.ids()) == len(set(server.ids())) == 8


def test_a_message_that_never_passes_is_given_up_after_a_stated_number_of_tries(world: World) -> None:
    world.scan()
    server = Server(*["451 try later"] * 8 * MAX_ATTEMPTS)
    with serving(server) as setting:
        for number in range(MAX_ATTEMPTS):
            world.day, world.hour = date(2026, 6, 1) + timedelta(number), 9
            found = world.deliver(smtp(setting), ignore_hours=True)
    assert found["failed"] == 8
    assert server.taken == []


def test_waits_grow_and_differ_between_messages() -> None:
    """Backoff with jitter: at least doubled each time up to six hours, never the same for all."""
    now = datetime.fromisoformat("2026-06-01T02:00:00+00:00")
    waits = [(next_try(now, attempts, "a") - now).total_seconds() for attempts in range(1, MAX_ATTEMPTS)]
    assert waits == sorted(waits)
    assert waits[0] >= 120
    assert len({next_try(now, 3, f"message {number}") for number in range(50)}) > 40


@pytest.mark.parametrize("at", ["data", "answer", "silent"])
def test_a_server_that_drops_the_line_gets_the_same_message_again(world: World, at: str) -> None:
    """Whether it arrived is not known, so it is sent again: at least once, same Message-ID."""
    world.scan()
    with dropping(at=at) as (setting, taken):
        found = world.deliver(smtp(setting, timeout=0.2))
    tries = [row["attempts"] for row in world.rows()]
    assert (found["sent"], found["left"]) == (0, 8)
    server = Server()
    world.hour = 10
    with serving(server) as setting:
        assert world.deliver(smtp(setting))["sent"] == 8
    arrived = {str(message_from_bytes(body)["Message-ID"]) for body in taken}
    assert arrived <= set(server.ids())
    # At the third in a row the others wait, untried: a server that is silent must not keep the scheduler for hours.
    assert sorted(tries) == [0] * 5 + [1] * 3
    assert len(arrived) == (0 if at == "data" else 3)


def test_a_server_that_hangs_or_is_down_costs_no_try(world: World) -> None:
    """Nothing could be sent at all: exit 6, and what was not sent stays queued."""
    world.scan()
    with dropping(at="hang") as (setting, _), pytest.raises(Unavailable):
        world.deliver(smtp(setting, timeout=0.3))
    with pytest.raises(Unavailable):
        world.deliver(smtp(f"smtp://127.0.0.1:{free_port()}?tls=none"))
    server = Server()
    with serving(server) as setting:
        assert world.deliver(smtp(setting))["sent"] == 8
    assert {row["attempts"] for row in world.rows()} == {1}


def test_a_mail_server_that_is_out_for_a_week_gets_one_letter_with_the_newest_rung_of_each_duty(world: World) -> None:
    """An outage of a week: each open duty gets its newest rung once; one message per recipient and day; no letter
    tells how many days were left a week ago."""
    nowhere = smtp(f"smtp://127.0.0.1:{free_port()}?tls=none")
    for day in range(8):
        world.day = date(2026, 6, 1) + timedelta(day)
        world.scan()
        with suppress(Unavailable):
            world.deliver(nowhere)
    server = Server()
    with serving(server) as setting:
        assert world.deliver(smtp(setting))["sent"] == 8
    assert len(set(server.ids())) == len(server.ids()) == 8
    # Due on Tuesday 2 June, today is Monday the 8th: six days over.
    assert {row["rung"] for row in world.rows("sent")} == {"over_3"}
    assert {row["why"] for row in world.rows("superseded")} == {"newer"}
    text = message_from_bytes(server.taken[0], policy=policy.default).get_body(("plain",))
    assert text is not None
    assert "đã quá hạn 6 ngày" in text.get_content()
    world.day = date(2026, 6, 9)
    assert world.audit(date(2026, 6, 1), date(2026, 6, 8))["problems"] == []


def test_another_try_waits_for_the_hours_of_the_office_too(world: World) -> None:
    """Sent only in the unit's working hours: a letter that was put off at five is no letter at eleven at night."""
    world.hour = 16
    world.scan()
    server = Server(*["451 try later"] * 8)
    with serving(server) as setting:
        assert world.deliver(smtp(setting))["left"] == 8
        world.hour = 23
        assert world.deliver(smtp(setting))["sent"] == 0
        assert world.deliver(smtp(setting), ignore_hours=True)["sent"] == 8


def test_an_address_that_no_server_can_read_stops_none_of_the_others(world: World) -> None:
    """A failing recipient is reported and never stops the rest."""
    with world.base.writer() as uow:
        uow.execute("UPDATE unit_contact SET email = 'cán-bộ@example.vn' WHERE code = '33'")
        uow.commit()
    world.scan()
    server = Server()
    with serving(server) as setting:
        found = world.deliver(smtp(setting))
    assert (found["sent"], found["failed"], [each["recipient"] for each in found["problems"]]) == (7, 1, ["unit:33"])


class Faulty(Folder):
    """A channel with a fault of its own at one address."""

    def send(self, mail: Mail) -> None:
        if mail.address == "u33@example.vn":
            raise RuntimeError("a fault")
        super().send(mail)


def test_a_channel_that_fails_at_one_message_is_told_and_sends_the_others(world: World, tmp_path: Path) -> None:
    world.scan()
    found = world.deliver(Faulty(tmp_path / "out"))
    assert (found["sent"], found["failed"], found["left"]) == (7, 0, 1)
    assert "RuntimeError: a fault" in found["problems"][0]["detail"]


def test_a_dossier_that_cannot_be_read_leaves_the_other_lines_of_its_letter(office: Office, world: World) -> None:
    """A failing dossier is reported and never stops the rest."""
    bad = office.open("12103", "Cà phê", track="existing_product")
    with world.base.writer() as uow:
        uow.execute("UPDATE dossier SET fold = '{' WHERE code = :code", code=bad)
        uow.commit()
    world.scan()
    (shown,) = office.do("remind", "preview", "--to", "12103")
    assert "HS-2026-000000-X" in shown["text"]
    assert [each["code"] for each in shown["warnings"]] == ["duty_unreadable"]
    chat = office.do("remind", "chat", "--unit", "12103", "--dry-run", who=office.holder("officer", "12103"))
    assert (chat["duties"], [each["code"] for each in chat["warnings"]]) == (1, ["duty_unreadable"])
    found = world.deliver()
    assert found["sent"] == 8
    assert [each["deadline"].partition(":")[0] for each in found["problems"]] == [bad]
    assert {row["subject"] for row in world.rows("queued")} == {bad}


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
def test_a_server_that_takes_nothing_from_us_costs_no_letter_a_try(world: World) -> None:
    """Without the login that it asks for a server refuses the sender: that is no answer to eight letters."""
    world.scan()
    with serving(Server(), auth_required=True, auth_require_tls=False) as setting, pytest.raises(Unavailable) as told:
        world.deliver(smtp(setting))
    assert [each.code for each in told.value.reasons] == ["mail_sender_refused"]
    assert world.deliver()["sent"] == 8


def test_two_schedulers_at_once_send_each_reminder_once(world: World) -> None:
    """Where two APSchedulers on one job store fire twice and one dies silently."""
    server = Server()
    with serving(server) as setting:
        found: list[int] = []

        def tick(name: str) -> None:
            mine = World.over(world.db)
            mine.scan()
            found.append(mine.deliver(smtp(setting), lease=name)["sent"])

        threads = [threading.Thread(target=tick, args=(f"sender {number}",)) for number in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert sum(found) == 8
    assert Counter(server.ids()) == dict.fromkeys(server.ids(), 1)
    assert len(server.ids()) == 8


@pytest.mark.sqlite  # On a server senders are killed by tests.chaos.kills.
def test_senders_killed_at_any_point_lose_nothing(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    """kill -9 around every commit and the server's answer: 0 lost, repeats only of a message in flight."""
    chance = random.Random(4)
    server = Server()
    killed = 0
    with serving(server) as setting:
        for turn in range(12):
            words = [
                str(world.db),
                setting,
                POINTS[turn % 4],
                str(chance.randint(1, 4)),
                f"sender {turn}",
                str(turn + 8),
            ]
            ended = subprocess.run([sys.executable, "-m", "tests.integration.sender", *words], check=False)
            killed += ended.returncode == -9
        world.day, world.hour = date(2026, 6, 2), 0
        world.deliver(smtp(setting), ignore_hours=True, lease="the last")
    counted = Counter(server.ids())
    with capsys.disabled():
        print(f" {killed} senders killed, {sum(counted.values()) - len(counted)} repeats", end=" ")  # noqa: T201
    assert {row["status"] for row in world.rows()} == {"sent"}
    assert {row["message_id"] for row in world.rows()} == set(counted)
    assert len(counted) == 8
    # Only a message whose sender died between the server's answer and its own mark goes out again.
    assert sum(counted.values()) - len(counted) <= killed


# --- the service ------------------------------------------------------------------------------------------------------


def test_a_tick_runs_every_job_and_leaves_its_heartbeat(office: Office, world: World) -> None:
    """``ocop scheduler run --once``; ``ocop doctor`` says when each job last ran."""
    found = office.do("scheduler", "run", "--once")
    assert (found["scan"]["queued"], found["deliver"]["sent"], found["problems"]) == (8, 8, [])
    assert set(office.do("doctor")["jobs"]) == {"scan", "deliver", "expire", "heads", "housekeeping"}


def test_what_went_wrong_with_one_recipient_stands_on_the_screen_too(
    office: Office, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Reported: to whoever looks at the screen as to whoever reads the JSON."""
    bad = world.duty(99, date(2026, 6, 2))
    world.change(bad, due_on="2026-06-0x")
    with serving(Server("550 no such user")) as setting:
        monkeypatch.setenv("OCOP_MAIL", setting)
        told = ocop("scheduler", "run", "--once", "--db", str(world.db), now=f"{office.day}T10:00:00+07:00")
    assert told.exit == 0
    assert f"! {bad}: ValueError" in told.err
    assert "550 no such user" in told.err


def test_a_job_that_breaks_is_told_and_the_others_run(
    office: Office, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> dict[str, int]:
        raise RuntimeError("a fault")

    monkeypatch.setattr("ocop_flow.service.upkeep.expire", broken)
    answer = office.ask("scheduler", "run", "--once")
    assert answer.exit == 6
    assert answer.document["deliver"]["sent"] == 8
    assert [each["code"] for each in answer.document["problems"]] == ["job_failed"]
    assert "expire" in answer.document["problems"][0]["message"]


def test_a_certificate_ends_by_itself_the_day_after_its_last_valid_day(office: Office) -> None:
    dossier = office.open("12103", "Cà phê", track="existing_product")
    office.walk(dossier, "promotion")
    valid_to = office.do("certificate", "show", office.show(dossier)["certificate"])["valid_to"]
    office.day = valid_to
    assert office.do("scheduler", "run", "--once")["expire"]["expired"] == 0
    office.day = (date.fromisoformat(valid_to) + timedelta(1)).isoformat()
    assert office.do("scheduler", "run", "--once")["expire"] == {"expired": 1, "problems": []}
    assert office.state(dossier) == "closed.expired"
    history = office.do("dossier", "history", dossier)
    assert history[-1]["actor"] == {"login": "system", "name": "system", "role": "system", "unit": None}


@pytest.mark.parametrize(
    "setting", ["smtp:/x", "imap://a@b:1", "smtp://a:secret@b:25?tls=none", "smtp://a@b:25?tls=maybe", "smtp://a@b:x"]
)
def test_a_setting_that_cannot_be_read_is_refused(setting: str, tmp_path: Path) -> None:
    """Secrets come from the environment, never within the address. Exit 6: a configuration that is not usable."""
    with pytest.raises(Unavailable):
        channels.from_environment({"OCOP_MAIL": setting}, tmp_path)


def test_sending_with_a_setting_that_cannot_be_read_is_a_configuration_not_usable(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Exit 6: mail server or configuration not usable (DESIGN section 7)."""
    monkeypatch.setenv("OCOP_MAIL", "bogus")
    assert office.refuses(6, "remind", "deliver", who="admin") == ["mail_setting_unreadable"]
