"""Reminders at scale: a scan among N open duties, finding to queued letters, an idle scan, delivery over one line.

``python -m benchmarks.reminders [N …]``; 1,000 duties of 100 units are due each time. SQLite, one run. The peer is
APScheduler with one job for each deadline that is due and no others, which fires 1,000 jobs that do nothing. Finding,
writing the words and queueing stand against it; the building of the messages (MIME, the file for a calendar) is
reported apart.
"""

from __future__ import annotations

import json
import smtplib
import sqlite3
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from socketserver import StreamRequestHandler, ThreadingTCPServer
from statistics import median
from time import perf_counter, process_time
from typing import Any

from sqlalchemy import create_engine, event

from ocop_flow import bootstrap
from ocop_flow.config import Settings
from ocop_flow.domain.event import time_text
from ocop_flow.notify.render import JinjaRenderer
from ocop_flow.notify.smtp import Account, Smtp
from ocop_flow.ports import Letter, Rendered
from ocop_flow.service import delivery
from tests.integration.reminding import World

TODAY = date(2026, 6, 1)
DUE = 1000
UNITS = 100
REPEATED = 5
#: Letters in one turn of sending, as many as a sender takes at a time.
BATCH = 200
#: Days before which the shipped ladder speaks: what is due today is due for one of these reasons.
RUNGS = (30, 7, 3, 1)


class Builder(JinjaRenderer):
    """The renderer with a watch on the building of messages: MIME and the file of duties for a calendar."""

    spent = used = 0.0

    def pack(self, letter: Letter, rendered: Rendered) -> bytes:
        with self._watched():
            return super().pack(letter, rendered)

    def _calendar(self, letter: Letter, lines: list[dict[str, Any]]) -> str | None:
        with self._watched():
            return super()._calendar(letter, lines)

    @contextmanager
    def _watched(self) -> Iterator[None]:
        began, used = perf_counter(), process_time()
        yield
        self.spent += perf_counter() - began
        self.used += process_time() - used


class Sink(StreamRequestHandler):
    """A mail server that takes everything and keeps nothing."""

    def handle(self) -> None:
        self.wfile.write(b"220 sink\r\n")
        while line := self.rfile.readline():
            verb = line[:4].upper()
            if verb == b"DATA":
                self.wfile.write(b"354 go on\r\n")
                while self.rfile.readline() != b".\r\n":
                    pass
            self.wfile.write(b"221 bye\r\n" if verb == b"QUIT" else b"250 OK\r\n")
            if verb == b"QUIT":
                return


def fill(world: World, count: int) -> None:
    """``count`` open duties that come due later, and DUE of 100 units that are due today."""
    with world.base.writer() as uow:
        units = uow.query(
            "SELECT code, name FROM unit WHERE tier = 'commune' AND valid_to IS NULL ORDER BY code LIMIT :n",
            n=UNITS,
        )
        uow.insert_many("unit_contact", [{"code": u["code"], "email": f"u{u['code']}@example.vn"} for u in units])
        for start in range(0, count, 50_000):
            uow.insert_many(
                "deadline", [_row(n, units[n % UNITS], later=True) for n in range(start, min(start + 50_000, count))]
            )
        uow.insert_many("deadline", [_row(count + n, units[n % UNITS], later=False) for n in range(DUE)])
        uow.commit()


def _row(number: int, unit: dict[str, Any], *, later: bool) -> dict[str, Any]:
    due = TODAY + timedelta(60 + number % 300 if later else RUNGS[number % len(RUNGS)])
    return {
        "id": f"D{number}", "subject_kind": "dossier", "subject": f"D{number}", "kind": "limit",
        "rule": "limit" if later else "due",
        "source": "26/2026/QĐ-TTg art. 5", "mark": "one_source", "start_on": None, "due_on": due.isoformat(),
        "provisional": False, "stopped": "[]", "stopped_since": None, "closed_on": None, "outcome": None,
        "unit": unit["code"], "unit_name": unit["name"], "tier": "commune", "plan": None, "ladder": "standard",
        "next_rung_on": (due - timedelta(30)).isoformat() if later else TODAY.isoformat(),
    }  # fmt: skip


def measure(count: int) -> dict[str, Any]:
    """Ours and APScheduler in turn, REPEATED times; medians, and the spread of the ratio of each turn."""
    with tempfile.TemporaryDirectory() as folder:
        db = Path(folder) / "ocop.db"
        bootstrap.initialise(Settings(f"sqlite:///{db}", "vi", None, None), sandbox=True, admin="admin", password=None)
        world = World.over(db)
        world.day = TODAY
        fill(world, count)
        turns = [(_ours(world), fired(Path(folder))) for _ in range(REPEATED)]
    ratios = sorted(peer[0] / (ours["scan"] + ours["letters"]) for ours, peer in turns)
    middle = {name: median(ours[name] for ours, _ in turns) * 1000 for name in ("idle", "scan", "letters", "building")}
    return {
        "open": count,
        **{f"{name}_ms": round(middle[name], 2) for name in middle},
        "apscheduler_ms": round(median(peer[0] for _, peer in turns) * 1000),
        "times_faster": round(median(ratios), 1),
        "spread": [round(ratios[0], 1), round(ratios[-1], 1)],
        # On a machine that does other things at once, the processor's time says more than the clock on the wall.
        "times_less_cpu": round(median(peer[1] / ours["cpu"] for ours, peer in turns), 1),
        "times_less_cpu_with_building": round(median(peer[1] / ours["cpu_all"] for ours, peer in turns), 1),
    }


def _ours(world: World) -> dict[str, float]:
    """Seconds of a scan that finds nothing, of one that queues DUE reminders, of writing the letters about them into
    the queue, and, apart, of building their messages; ``cpu`` is the processor's time of the second and third."""
    with world.base.writer() as uow:
        for table in ("message_body", "message", "reminder"):
            uow.execute(f"DELETE FROM {table}")
        uow.execute("UPDATE deadline SET next_rung_on = :today WHERE rule = 'due'", today=TODAY.isoformat())
        uow.commit()
    world.day = TODAY - timedelta(40)
    world.scan()
    began = perf_counter()
    world.scan()
    idle = perf_counter() - began
    world.day = TODAY
    renderer = Builder("ocop@example.vn", "vi")
    used = process_time()
    began = perf_counter()
    assert world.scan()["queued"] == DUE
    scanned = perf_counter() - began
    began = perf_counter()
    with world.office.writer() as uow:
        assert delivery.compose(uow, world.office, renderer, None)["composed"] == UNITS
        uow.commit()
    letters, used = perf_counter() - began - renderer.spent, process_time() - used
    return {
        "idle": idle,
        "scan": scanned,
        "letters": letters,
        "building": renderer.spent,
        "cpu": used - renderer.used,
        "cpu_all": used,
    }


def nothing() -> None:
    """The job of the peer: a reminder that looks nothing up, writes no letter and queues none."""


def fired(folder: Path) -> tuple[float, float]:
    """Seconds (on the wall, of the processor) in which APScheduler fires DUE empty jobs out of its SQLAlchemy store.

    At our durability.
    """
    from apscheduler.events import EVENT_JOB_EXECUTED
    from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
    from apscheduler.schedulers.background import BackgroundScheduler

    file = folder / "jobs.db"
    engine = create_engine(f"sqlite:///{file}", connect_args={"check_same_thread": False})

    @event.listens_for(engine, "connect")
    def _configure(connection: Any, _record: Any) -> None:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")

    scheduler = BackgroundScheduler(
        jobstores={"default": SQLAlchemyJobStore(engine=engine)},
        job_defaults={"misfire_grace_time": None, "coalesce": True},
        timezone="UTC",
    )
    left = threading.Semaphore(0)
    scheduler.add_listener(lambda _: left.release(), EVENT_JOB_EXECUTED)
    scheduler.start(paused=True)
    past = datetime.now(UTC) - timedelta(seconds=1)
    for number in range(DUE):
        scheduler.add_job(nothing, "date", run_date=past, id=f"D{number}")
    began, used = perf_counter(), process_time()
    scheduler.resume()
    for _ in range(DUE):
        left.acquire()
    while scheduler.get_jobs():
        pass
    took = perf_counter() - began, process_time() - used
    scheduler.shutdown()
    engine.dispose()
    for ending in ("", "-wal", "-shm"):
        file.with_name(file.name + ending).unlink(missing_ok=True)
    return took


def sending() -> dict[str, Any]:
    """Letters a second, in turns of BATCH: ours, and a bare loop that sends the same bytes and commits one row each."""
    ThreadingTCPServer.allow_reuse_address = True
    with ThreadingTCPServer(("127.0.0.1", 0), Sink) as server, tempfile.TemporaryDirectory() as folder:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        account = Account("127.0.0.1", server.server_address[1], "none", None, None)
        world = _queued(Path(folder) / "ocop.db")
        with world.base.reader() as uow:
            rows = uow.query("SELECT * FROM message JOIN message_body ON message_body.message = message.id ORDER BY id")
        bare = sqlite3.connect(world.db, isolation_level=None)
        bare.execute("PRAGMA synchronous = FULL")
        bare.execute("CREATE TABLE bare (id TEXT PRIMARY KEY, at TEXT)")
        turns = [
            (
                _ours_sent(world, rows[start : start + BATCH], account),
                _bare_sent(bare, rows[start : start + BATCH], account),
            )
            for start in range(0, len(rows), BATCH)
        ]
        bare.close()
        server.shutdown()
    ratios = sorted(bare_took / ours for ours, bare_took in turns)
    return {
        "letters": len(rows),
        "ours_per_second": round(BATCH / median(ours for ours, _ in turns)),
        "bare_per_second": round(BATCH / median(bare_took for _, bare_took in turns)),
        "ratio": round(median(ratios), 2),
        "spread": [round(ratios[0], 2), round(ratios[-1], 2)],
    }


def _queued(db: Path) -> World:
    """A letter each to DUE units, none of them to be sent yet."""
    bootstrap.initialise(Settings(f"sqlite:///{db}", "vi", None, None), sandbox=True, admin="admin", password=None)
    world = World.over(db)
    world.day = TODAY
    with world.base.writer() as uow:
        units = uow.query(
            "SELECT DISTINCT code, name FROM unit WHERE tier = 'commune' AND valid_to IS NULL LIMIT :n", n=DUE
        )
        uow.insert_many("unit_contact", [{"code": u["code"], "email": f"u{u['code']}@example.vn"} for u in units])
        uow.insert_many("deadline", [_row(n, units[n], later=False) for n in range(DUE)])
        uow.commit()
    world.scan()
    with world.office.writer() as uow:
        delivery.compose(uow, world.office, world.renderer(), None)
        uow.execute(
            "UPDATE message SET next_at = :later", later=time_text(world.office.clock.now() + timedelta(hours=1))
        )
        uow.commit()
    return world


def _ours_sent(world: World, rows: list[dict[str, Any]], account: Account) -> float:
    now = time_text(world.office.clock.now())
    with world.base.writer() as uow:
        uow.execute_many(
            "UPDATE message SET next_at = :now WHERE id = :id", [{"id": r["id"], "now": now} for r in rows]
        )
        uow.commit()
    began = perf_counter()
    assert world.deliver(Smtp(account), ignore_hours=True)["sent"] == len(rows)
    return perf_counter() - began


def _bare_sent(connection: sqlite3.Connection, rows: list[dict[str, Any]], account: Account) -> float:
    began = perf_counter()
    with smtplib.SMTP(account.host, account.port) as server:
        for row in rows:
            server.sendmail("ocop@example.vn", [row["address"]], row["body"])
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("INSERT INTO bare VALUES (?, ?)", (row["id"], "2026-06-01T02:00:00Z"))
            connection.execute("COMMIT")
    return perf_counter() - began


if __name__ == "__main__":
    for size in [int(each) for each in sys.argv[1:]] or [10_000, 1_000_000]:
        print(json.dumps(measure(size)))
    print(json.dumps(sending()))
