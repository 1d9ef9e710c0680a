"""Random kills on both databases in one table: ``python -m tests.chaos.kills [--kills 500] [--seed N]``.

Rounds of ``tests.chaos.commands`` and ``tests.chaos.reminders`` (SQLite) and of ``tests.chaos.postgres`` take turns
until so many processes and servers were killed.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests import postgres as server
from tests.chaos import commands, postgres, reminders

#: Rounds of one turn.
EACH = 8
COLUMNS = ("rounds", "commands", "acknowledged", "kills", "lines cut", "letters", "lost", "half", "stuck", "faults")


def sqlite_commands(seed: int, folder: Path) -> Counter[str]:
    found = commands.rounds(EACH, seed, folder)
    return _row(found, kills=sum(found.died.values()), half=found.half)


def sqlite_schedulers(seed: int, folder: Path) -> Counter[str]:
    found = reminders.rounds(EACH, seed, folder)
    return _row(found, kills=sum(found.died.values()), letters=found.letters)


def postgres_all(seed: int, folder: Path) -> Counter[str]:
    found = postgres.rounds(EACH, seed, folder)
    killed = sum(found.died.values()) + found.stops
    cut = {"lines cut": found.broken + found.ended, "letters": found.letters, "stuck": found.stuck}
    return _row(found, kills=killed, half=found.half, **cut)


def _row(found: Any, **more: int) -> Counter[str]:
    for fault in found.faults:
        sys.stderr.write(f"{fault}\n")
    given = {name: getattr(found, name, 0) for name in ("rounds", "commands", "acknowledged", "lost")}
    return Counter({**given, "faults": len(found.faults), **more})


GROUNDS: dict[str, Callable[[int, Path], Counter[str]]] = {
    "SQLite: clerks and import": sqlite_commands,
    "SQLite: schedulers": sqlite_schedulers,
    "PostgreSQL: all of them": postgres_all,
}


def table(rows: dict[str, Counter[str]]) -> str:
    total: Counter[str] = Counter()
    for row in rows.values():
        total.update(row)
    lines = ["".join([f"{'':<28}", *(f"{name:>14}" for name in COLUMNS)])]
    for name, row in {**rows, "together": total}.items():
        lines.append("".join([f"{name:<28}", *(f"{row[column]:>14}" for column in COLUMNS)]))
    return "\n".join(lines)


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--kills", type=int, default=500)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    given = parser.parse_args()
    chance, rows = random.Random(given.seed), {name: Counter[str]() for name in GROUNDS}
    server.begin_run()
    try:
        while sum(row["kills"] for row in rows.values()) < given.kills:
            for name, run in GROUNDS.items():
                with tempfile.TemporaryDirectory() as folder:
                    rows[name].update(run(chance.randrange(10**6), Path(folder)))
                sys.stdout.write(f"seed {given.seed}\n{table(rows)}\n\n")
                sys.stdout.flush()
    finally:
        server.end_run()
    return 1 if any(row["lost"] or row["half"] or row["stuck"] or row["faults"] for row in rows.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
