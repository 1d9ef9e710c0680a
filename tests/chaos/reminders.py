"""Kill rounds of the schedulers: ``python -m tests.chaos.reminders [--rounds 200] [--seed N]``.

In a round one to four schedulers at once work on one SQLite database, three times, and most of them are killed with
SIGKILL: at a named point, or from outside at any moment. Then one is left alone. The mail server refuses now and then,
and sometimes takes a letter and drops the line before it answers.

A round fails if a duty is not reminded of (a loss), if a letter arrives twice although no sender of it died or lost the
line between its try and its mark, if two arrivals of a Message-ID differ, if ``remind audit`` finds anything, or if the
file is damaged.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import random
import shutil
import sqlite3
import sys
import tempfile
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from time import perf_counter
from typing import Any

from ocop_flow import bootstrap
from ocop_flow.config import Settings
from tests.chaos.points import SENDING
from tests.chaos.scheduler import Life, live
from tests.integration.mailserver import Server, serving
from tests.integration.reminding import World

#: Each function that commits while a scheduler works, and the moments of sending.
POINTS = (
    *(f"{when} {name}" for name in ("scan", "expire", "deliver", "take", "mark_sent") for when in ("before", "after")),
    *("before mark_failed", "after mark_failed", "before batch", "after batch", "after housekeeping", "any after"),
    *SENDING,
)
#: Killed from outside, after a moment of at most so many seconds.
OUTSIDE = "from outside"
LONGEST = 0.15
DUTIES = 12
WAVES = 3
#: A wave begins when every lease of the one before has ended, and every wait of a message that was refused.
BETWEEN = timedelta(minutes=20)
BEGIN = datetime.fromisoformat("2026-06-01T08:00:00+07:00")


class Moody(Server):
    """Refuses some letters for now, and drops the line after taking some, before any answer."""

    def __init__(self, chance: random.Random) -> None:
        super().__init__()
        self.chance = chance
        self.calm = False

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        mood = 1.0 if self.calm else self.chance.random()
        if mood < 0.08:
            return "451 later"
        answer = await super().handle_DATA(server, session, envelope)
        if mood < 0.12:
            server.transport.abort()
        return answer


@dataclass
class Figures:
    """What the rounds came to; ``died`` by point, ``faults`` in words."""

    rounds: int = 0
    schedulers: int = 0
    letters: int = 0
    repeats: int = 0
    in_flight: int = 0
    lost: int = 0
    died: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    seconds: float = 0.0

    def shown(self) -> dict[str, Any]:
        return {
            "rounds": self.rounds, "schedulers": self.schedulers, "killed": sum(self.died.values()),
            "letters": self.letters, "lost": self.lost, "repeats": self.repeats,
            "in_flight_when_killed_or_cut": self.in_flight, "faults": self.faults,
            "seconds": round(self.seconds, 1), "killed_at": dict(sorted(self.died.items())),
        }  # fmt: skip


def rounds(number: int, seed: int, folder: Path, empty: Path | None = None) -> Figures:
    """Run them, each over a database of its own; ``empty`` is a new training database if there is one already."""
    chance, found, began = random.Random(seed), Figures(), perf_counter()
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.chaos.scheduler"])
    fresh = _country(folder / "fresh.db", empty)
    for turn in range(number):
        place = folder / str(turn)
        place.mkdir()
        db = place / "ocop.db"
        shutil.copyfile(fresh, db)
        _round(db, chance, found, context)
        shutil.rmtree(place)
    found.seconds = perf_counter() - began
    return found


def _country(db: Path, empty: Path | None) -> Path:
    """DUTIES communes, each with a mailbox and a duty that is due."""
    if empty is not None:
        shutil.copyfile(empty, db)
    else:
        bootstrap.initialise(Settings(f"sqlite:///{db}", "vi", None, None), sandbox=True, admin="admin", password=None)
    world = World.over(db)
    with world.base.reader() as uow:
        units = uow.query(
            "SELECT code FROM unit WHERE tier = 'commune' AND valid_to IS NULL ORDER BY code LIMIT :n", n=DUTIES
        )
    for place, unit in enumerate(units):
        world.mailbox(unit["code"], f"u{unit['code']}@example.vn")
        world.duty(place, date(2026, 6, 2), unit=unit["code"], unit_name=None)
    with closing(sqlite3.connect(db)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return db


def _round(db: Path, chance: random.Random, found: Figures, context: Any) -> None:
    server = Moody(chance)
    journal = db.with_name("journal")
    with serving(server) as mail:
        for wave in range(WAVES):
            lives = [_life(db, mail, wave, chance, journal) for _ in range(chance.randint(1, 4))]
            _wave(lives, chance, found, context)
        server.calm = True
        alone = context.Process(target=live, args=(Life(db, mail, _at(WAVES), "none", 0, journal),))
        alone.start()
        alone.join()
    found.rounds += 1
    _judge(db, server, journal, found)


def _at(wave: int) -> datetime:
    return BEGIN + wave * BETWEEN


def _life(db: Path, mail: str, wave: int, chance: random.Random, journal: Path) -> Life:
    point = chance.choice((*POINTS, *POINTS, *[OUTSIDE] * 6, *["none"] * 6))
    often = any(word in point for word in ("send", "answer", "mark_sent", "take", "any"))
    return Life(db, mail, _at(wave), point, chance.randint(1, 6) if often else 1, journal)


def _wave(lives: list[Life], chance: random.Random, found: Figures, context: Any) -> None:
    started = [context.Process(target=live, args=(life,)) for life in lives]
    for process in started:
        process.start()
    for life, process in zip(lives, started, strict=True):
        if life.point == OUTSIDE:
            process.join(chance.uniform(0, LONGEST))
            process.kill()
    for life, process in zip(lives, started, strict=True):
        process.join()
        # 255: killed, and the server of forks did not learn by which signal.
        if process.exitcode in (-9, 255) and life.point == OUTSIDE:
            found.died[OUTSIDE] += 1
        elif process.exitcode not in (0, -9):
            found.faults.append(f"a scheduler ended with {process.exitcode}")
    found.schedulers += len(lives)


def _judge(db: Path, server: Server, journal: Path, found: Figures) -> None:
    notes = [line.split("\t") for line in journal.read_text(encoding="utf-8").splitlines()]
    found.died.update(name for what, name in notes if what == "died")
    told = Counter((what, name) for what, name in notes)
    arrived = Counter(server.ids())
    world = World.over(db)
    rows = world.rows()
    found.letters += len(arrived)
    found.lost += DUTIES - len({row["deadline"] for row in rows if arrived[row["message_id"] or ""]})
    for name, copies in arrived.items():
        unknown = told["try", name] - told["said", name] - told["done", name]
        found.repeats += copies - 1
        found.in_flight += unknown
        if told["done", name] > 1 or copies > told["done", name] + unknown:
            found.faults.append(f"{name} arrived {copies} times; {unknown} tries ended in the dark")
    if len({bytes(body) for body in server.taken}) != len(arrived):
        found.faults.append("two arrivals of one Message-ID differ")
    if any(row["status"] != "sent" for row in rows):
        found.faults.append(f"left over: {Counter(row['status'] for row in rows)}")
    world.day = date(2026, 6, 2)
    found.faults += [str(each) for each in world.audit(date(2026, 6, 1), date(2026, 6, 1))["problems"]]
    with closing(sqlite3.connect(db)) as connection:
        damage = connection.execute("PRAGMA quick_check").fetchone()[0]
    if damage != "ok":
        found.faults.append(damage)


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        found = rounds(given.rounds, given.seed, Path(folder))
    sys.stdout.write(json.dumps({"seed": given.seed, **found.shown()}, indent=1, ensure_ascii=False) + "\n")
    return 1 if found.lost or found.faults else 0


if __name__ == "__main__":
    sys.exit(main())
