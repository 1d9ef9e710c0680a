"""The scheduler as a service: a clean stop, and databases and mail servers that go away and come back."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from contextlib import closing, contextmanager
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from apscheduler.schedulers.background import BackgroundScheduler

from ocop_flow import bootstrap, daemon
from ocop_flow.config import Settings
from ocop_flow.domain.event import time_text
from ocop_flow.domain.reminding import LEASE
from tests.integration.mailserver import Server, free_port, serving
from tests.integration.reminding import World

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

pytestmark = pytest.mark.sqlite
UNITS = ("12103", "33", "01", "04", "11", "12", "14", "22")
#: A Monday morning, Vietnamese time: offices are at work.
NOW = "2026-06-01T09:00:00+07:00"


@pytest.fixture
def world(sandbox: Path) -> World:
    """Eight units, each with a mailbox and a duty that is due."""
    found = World.over(sandbox)
    for number, unit in enumerate(UNITS):
        found.mailbox(unit, f"u{unit}@example.vn")
        found.duty(number, date(2026, 6, 2), unit=unit, unit_name=None)
    return found


def waited(happened: Callable[[], Any], seconds: float = 20.0) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if happened():
            return True
        threading.Event().wait(0.02)
    return False


def beats(world: World) -> set[str]:
    """Jobs that have run."""
    with world.base.reader() as uow:
        return {row["job"] for row in uow.query("SELECT job FROM heartbeat")}


# --- a stop -----------------------------------------------------------------------------------------------------------


@contextmanager
def service(world: World, mail: str | None = None) -> Iterator[subprocess.Popen[str]]:
    """``ocop scheduler run`` as a process of its own."""
    env = {**os.environ, "OCOP_NOW": NOW, "OCOP_DB": str(world.db), "OCOP_LANG": "en"}
    env |= {"OCOP_MAIL": mail} if mail else {}
    words = [sys.executable, "-m", "ocop_flow", "scheduler", "run"]
    process = subprocess.Popen(words, env=env, stderr=subprocess.PIPE, text=True)
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_an_idle_service_ends_at_once_and_well(world: World, number: signal.Signals) -> None:
    with service(world) as process:
        assert waited(lambda: beats(world) == set(daemon.INTERVALS))
        process.send_signal(number)
        _, said = process.communicate(timeout=10)
    assert process.returncode == 0, said
    assert "Traceback" not in said
    assert {row["status"] for row in world.rows()} == {"sent"}


class Stopping(Server):
    """Sends SIGTERM to its client before it answers to the third message."""

    def __init__(self) -> None:
        super().__init__()
        self.client = 0

    async def handle_DATA(self, *given: Any) -> str:  # noqa: N802 - the name is aiosmtpd's
        if len(self.taken) == 2:
            os.kill(self.client, signal.SIGTERM)
        return await super().handle_DATA(*given)


def test_a_stop_while_letters_go_out_finishes_the_one_under_way_and_leaves_the_rest_queued(world: World) -> None:
    server = Stopping()
    with serving(server) as setting:
        with service(world, setting) as process:
            server.client = process.pid
            _, said = process.communicate(timeout=20)
        assert process.returncode == 0, said
        assert len(server.taken) == 3
        # Nothing waits for a lease to end: the next scheduler takes the rest at once.
        assert world.deliver(channel_to(setting))["sent"] == 5
    assert len(set(server.ids())) == len(server.ids()) == 8


def channel_to(setting: str) -> Any:
    from ocop_flow.notify import channels

    return channels.smtp(setting, None)[0]


# --- what goes away comes back ----------------------------------------------------------------------------------------


@contextmanager
def running(world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The service within this process, each job twenty times a second."""
    short = {"scan": 0.05, "expire": 0.05, "deliver": 0.05, "heads": 3600, "housekeeping": 3600}
    monkeypatch.setattr(daemon, "INTERVALS", short)
    monkeypatch.setattr("ocop_flow.store.sqlite_file.BUSY_TIMEOUT_MS", 20)
    settings = Settings(f"sqlite:///{world.db}", "en", None, world.office.clock.now())
    office, room = bootstrap.open_office(settings), bootstrap.post_room(settings)
    stop = threading.Event()
    runner = threading.Thread(target=daemon.work, args=(office, room, lambda item: item.code, stop), daemon=True)
    runner.start()
    try:
        yield
    finally:
        stop.set()
        runner.join(10)
    assert not runner.is_alive()


def all_sent(world: World) -> bool:
    return [row["status"] for row in world.rows()] == ["sent"] * len(UNITS)


def test_a_service_outlives_a_lock_that_another_program_holds(
    world: World, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """A job that fails is told and runs again at its next time."""
    with closing(sqlite3.connect(world.db, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with running(world, monkeypatch):
            assert waited(lambda: "database_locked" in capfd.readouterr().err)
            other.execute("ROLLBACK")
            assert waited(lambda: all_sent(world))


def test_a_service_outlives_a_database_that_is_moved_away_and_writes_to_none_but_the_one_in_its_place(
    world: World, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """A backup put back while the scheduler runs: an open connection would write on into the file that is gone."""
    backup, away = world.db.with_name("backup.db"), world.db.with_name("away.db")
    with closing(sqlite3.connect(world.db)) as source, closing(sqlite3.connect(backup)) as target:
        source.backup(target)
    with running(world, monkeypatch):
        assert waited(lambda: all_sent(world))
        capfd.readouterr()
        world.db.rename(away)
        assert waited(lambda: "database_cannot_open" in capfd.readouterr().err)
        assert not world.db.exists()
        for ending in ("-wal", "-shm"):
            world.db.with_name(world.db.name + ending).unlink(missing_ok=True)
        shutil.move(backup, world.db)
        assert waited(lambda: all_sent(World.over(world.db)))


def test_a_mail_server_that_is_down_at_the_start_gets_everything_when_it_comes_up(
    world: World, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    port = free_port()
    monkeypatch.setenv("OCOP_MAIL", f"smtp://ocop@127.0.0.1:{port}?tls=none")
    with running(world, monkeypatch):
        assert waited(lambda: "mail_server_unreachable" in capfd.readouterr().err)
        server = Server()
        with serving(server, port=port):
            assert waited(lambda: all_sent(world))
    assert len(set(server.ids())) == len(server.ids()) == len(UNITS)
    assert {row["attempts"] for row in world.rows()} == {1}


# --- a clock that is set back -----------------------------------------------------------------------------------------


def test_jobs_do_not_wait_for_a_time_that_a_clock_set_back_has_taken_away() -> None:
    """APScheduler keeps the next time of a job as a time of day: set back by a day, it would pause for a day."""
    now = datetime.fromisoformat(NOW)
    scheduler = BackgroundScheduler(timezone="UTC")
    scheduler.start(paused=True)
    try:
        for name, seconds in daemon.INTERVALS.items():
            scheduler.add_job(
                print, "interval", seconds=seconds, id=name, next_run_time=now + timedelta(seconds=seconds)
            )
        daemon.follow_clock(scheduler, now)
        assert all(job.next_run_time > now for job in scheduler.get_jobs())
        daemon.follow_clock(scheduler, now - timedelta(2))
        assert {job.next_run_time for job in scheduler.get_jobs()} == {now - timedelta(2)}
    finally:
        scheduler.shutdown()


def test_what_a_sender_took_before_the_clock_was_set_back_is_taken_again(world: World) -> None:
    """Neither the lease of a dead sender nor a wait for a second try outlasts the clock that they were written by."""
    world.day = date(2026, 6, 3)
    world.scan()
    refusing = Server(*["451 later"] * len(UNITS))
    with serving(refusing) as setting:
        world.deliver(channel_to(setting))
    with world.base.writer() as uow:
        uow.execute(
            "UPDATE message SET status = 'claimed', lease = 'dead', lease_until = :until "
            "WHERE id IN (SELECT min(id) FROM message)",
            until=time_text(world.office.clock.now() + LEASE),
        )
        uow.commit()
    world.day = date(2026, 6, 2)
    server = Server()
    with serving(server) as setting:
        assert world.deliver(channel_to(setting))["sent"] == len(UNITS)
    assert len(set(server.ids())) == len(UNITS)
