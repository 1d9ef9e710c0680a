"""Rounds of faults on PostgreSQL: ``python -m tests.chaos.postgres [--rounds 60] [--seed N]``.

In a round two clerks, an import and a scheduler that runs as a service work on one database at once, and one thing goes
wrong again and again: processes are killed with SIGKILL before and after a commit, within a transaction, before the
answer or from outside; the server is stopped at once, as a crash would, and started again; connections are ended on the
server; or the line breaks, in the middle of a sentence too. Then all is calm, and every command is given once more with
its key.

A round fails as in ``tests.chaos.commands``, and if the service does not take up its work again by itself, if a duty
goes without its letter, or if a claim on a letter outlives its lease.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import random
import shutil
import signal
import sys
import tempfile
import threading
import time
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any, cast

import psycopg

from ocop_flow import bootstrap, daemon
from ocop_flow.config import Settings
from tests import postgres
from tests.chaos import commands
from tests.chaos.commands import NOW, Case, counted, judge, plans, prepared, work
from tests.chaos.line import Line
from tests.chaos.service import Service, serve
from tests.cli.office import environment, ocop
from tests.integration.reminding import World

if TYPE_CHECKING:
    from collections.abc import Callable

#: What goes wrong in a round; ``kill`` more often, for it has the most points.
FAULTS = ("kill", "kill", "kill", "stop", "stop", "end", "cut", "break")
#: Seconds between two strikes, from and to.
BETWEEN = (0.1, 0.6)
#: How often the server is stopped in a round at most.
STOPS = 3
#: Chance that the line breaks at a piece of talk.
BREAKING = 0.004
DUTIES = 4
#: Seconds in which a service must have taken up its work again.
PATIENCE = 40.0
BEGIN = datetime.fromisoformat(NOW)
#: By then every lease has ended.
LATER = timedelta(minutes=30)


@dataclass
class Figures(commands.Figures):
    """Besides: what was done to server and line, and claims left over."""

    stops: int = 0
    ended: int = 0
    broken: int = 0
    letters: int = 0
    stuck: int = 0
    by_fault: Counter[str] = field(default_factory=Counter)

    def shown(self) -> dict[str, Any]:
        return {
            **super().shown(), "servers_stopped": self.stops, "connections_ended": self.ended,
            "lines_broken": self.broken, "letters": self.letters, "stuck": self.stuck,
            "rounds_by_fault": dict(sorted(self.by_fault.items())),
        }  # fmt: skip


class Ground:
    """The server of all rounds, which may be another process after each of them, and what a round begins with."""

    def __init__(self, folder: Path) -> None:
        self.server = postgres.start(durable=True)
        self.folder = folder
        self.server.make("fresh")
        url = self.server.url("fresh")
        answer = ocop("init", "--sandbox", "--db", url, "--json")
        assert answer.exit == 0, answer.out
        self.case = prepared(url, folder)
        self.units = _duties(World.over(cast("Path", url)))
        _forget()

    def stop_and_start(self) -> None:
        self.server.stop(signal.SIGQUIT)
        self.server = postgres.again(self.server)

    def end(self) -> None:
        self.server.stop()
        shutil.rmtree(self.server.folder, ignore_errors=True)


def _duties(world: World) -> list[str]:
    """DUTIES communes with a mailbox and a duty that is due, and one more with the mailbox alone; their codes."""
    with world.base.reader() as uow:
        rows = uow.query(
            "SELECT code FROM unit WHERE tier = 'commune' AND valid_to IS NULL ORDER BY code LIMIT :n", n=DUTIES + 1
        )
    for place, row in enumerate(rows):
        world.mailbox(row["code"], f"u{row['code']}@example.vn")
        if place < DUTIES:
            world.duty(place, date(2026, 6, 2), unit=row["code"], unit_name=None)
    return [row["code"] for row in rows]


def rounds(number: int, seed: int, folder: Path, faults: tuple[str, ...] = FAULTS) -> Figures:
    """Run them, each over a database of its own on one server."""
    chance, found, began = random.Random(seed), Figures(), perf_counter()
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.chaos.clerk", "tests.chaos.service"])
    ground = Ground(folder)
    try:
        for turn in range(number):
            fault = faults[turn % len(faults)] if number <= len(faults) else chance.choice(faults)
            _round(ground, turn, fault, chance, found, context)
    finally:
        ground.end()
    found.seconds = perf_counter() - began
    return found


def _round(ground: Ground, turn: int, fault: str, chance: random.Random, found: Figures, context: Any) -> None:
    name, place = f"round{turn}", ground.folder / str(turn)
    place.mkdir()
    ground.server.make(name, "fresh")
    found.by_fault[fault] += 1
    with Line(ground.server.port, chance.randrange(10**6)) as line:
        url = f"postgresql+psycopg://{postgres.USER}:{postgres.PASSWORD}@127.0.0.1:{line.port}/{name}"
        case = replace(ground.case, db=url, folder=place)
        listed = plans(case, chance, commands.POINTS if fault == "kill" else ("none",))
        with Running(case, context) as service:
            with Trouble(fault, ground, name, line, service, chance.randrange(10**6), found):
                work(listed, chance, found, context)
            _taken_up(ground, name, found)
        found.broken += line.broken
        _last_letters(url, place, found)
        counted(listed, found)
        judge(case, listed, found)
        _forget()
    ground.server.drop(name)
    shutil.rmtree(place)


class Running:
    """A service that is started again when it is killed."""

    def __init__(self, case: Case, context: Any) -> None:
        self._service = Service(case.db, case.folder, BEGIN)
        self._context = context
        self._stop = context.Event()
        self._process: Any = None

    def __enter__(self) -> Running:
        self._begin()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._process.join()

    def _begin(self) -> None:
        self._process = self._context.Process(target=serve, args=(self._service, self._stop))
        self._process.start()

    def kill(self) -> None:
        self._process.kill()
        self._process.join()
        # A process that died while it held the event's lock would keep it for ever.
        self._stop = self._context.Event()
        self._begin()


class Trouble:
    """Strikes again and again, beside those at work."""

    def __init__(
        self, fault: str, ground: Ground, name: str, line: Line, service: Running, seed: int, found: Figures
    ) -> None:
        self._ground, self._name, self._line, self._service, self._found = ground, name, line, service, found
        self._chance = random.Random(seed)
        self._calm = threading.Event()
        self._stops = 0
        strikes: dict[str, Callable[[], None]] = {
            "kill": self._kill, "stop": self._stop, "end": self._end, "cut": line.cut, "break": self._break,
        }  # fmt: skip
        self._strike = strikes[fault]
        self._thread = threading.Thread(target=self._run)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._calm.set()
        self._thread.join()
        self._line.breaking = 0.0

    def _run(self) -> None:
        while not self._calm.wait(self._chance.uniform(*BETWEEN)):
            try:
                self._strike()
            except (psycopg.Error, OSError, AssertionError) as error:
                self._found.faults.append(f"the trouble itself failed: {error}")
                return

    def _kill(self) -> None:
        if self._chance.random() < 0.3:
            self._service.kill()
            self._found.died["service"] += 1

    def _stop(self) -> None:
        if self._stops < STOPS:
            self._stops += 1
            self._ground.stop_and_start()
            self._found.stops += 1

    def _end(self) -> None:
        with self._ground.server.connect() as connection:
            ended = connection.execute(
                "SELECT pg_terminate_backend(pid) FROM (SELECT pid FROM pg_stat_activity WHERE datname = %s "
                "ORDER BY random() LIMIT 2) AS chosen",
                [self._name],
            ).fetchall()
        self._found.ended += len(ended)

    def _break(self) -> None:
        self._line.breaking = BREAKING


def _taken_up(ground: Ground, name: str, found: Figures) -> None:
    """A duty that is new gets its letter, though nobody touched the service."""
    world, unit = World.over(cast("Path", ground.server.url(name))), ground.units[-1]
    world.duty(DUTIES, date(2026, 6, 2), unit=unit, unit_name=None)
    until = perf_counter() + PATIENCE
    while perf_counter() < until:
        with world.base.reader() as uow:
            if uow.query("SELECT 1 FROM message WHERE recipient = :who AND status = 'sent'", who=f"unit:{unit}"):
                return
        time.sleep(0.1)
    found.faults.append("the service did not take up its work again")


def _last_letters(url: str, place: Path, found: Figures) -> None:
    """One more run when every lease is over: nothing is claimed any more, every duty has its letter."""
    settings = Settings(url, "vi", None, BEGIN + LATER)
    with environment({"OCOP_MAIL": f"dir:{place / 'outgoing'}"}):
        office, room = bootstrap.open_office(settings), bootstrap.post_room(settings)
        told = daemon.once(office, room)
    found.faults += [f"the last run: {item.code}" for item in told["problems"]]
    with office.reader() as uow:
        left = uow.query("SELECT status, count(*) AS n FROM message WHERE status <> 'sent' GROUP BY status")
        reminded = uow.query(
            "SELECT count(DISTINCT deadline) AS n FROM reminder WHERE status = 'sent' AND deadline LIKE 'HS-2026-%-X:%'"
        )[0]["n"]
        sent = uow.query("SELECT count(*) AS n FROM message WHERE status = 'sent'")[0]["n"]
    found.stuck += sum(row["n"] for row in left)
    found.letters += sent
    if left or reminded != DUTIES + 1 or len(list((place / "outgoing").glob("*.eml"))) != sent:
        found.faults.append(f"letters: {left} left, {reminded} of {DUTIES + 1} duties reminded of, {sent} sent")


def _forget() -> None:
    """Connections of offices that nobody holds any more are given back before their database is dropped."""
    import gc

    gc.collect()


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rounds", type=int, default=60)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    given = parser.parse_args()
    postgres.begin_run()
    try:
        with tempfile.TemporaryDirectory() as folder:
            found = rounds(given.rounds, given.seed, Path(folder))
    finally:
        postgres.end_run()
    sys.stdout.write(json.dumps({"seed": given.seed, **found.shown()}, indent=1, ensure_ascii=False) + "\n")
    return 1 if found.lost or found.faults else 0


if __name__ == "__main__":
    sys.exit(main())
