"""Many clients at once: moves a second on dossiers of their own and on the same ten, beside psycopg with a row lock.

On dossiers of its own a client names the version that its last answer told. On the same ten it does so, too, and where
another came between (exit 5) its next command is of the version that it was told; or it makes the move that its last
answer lets it expect and names no version (exit 3 where the move is no longer lawful); or it looks before each move and
names what it saw. The row lock decides what is due once it has the row: it never loses. Every client has made a trial
run before the clock starts.

``python -m benchmarks.clients [--quick] [--database sqlite|postgres] [--commands N] [--repetitions N]``. Each client is
a process. Afterwards the log is verified, every stream is dense, and each command ended in success or a clear answer.
The long form of ``tests/integration/test_concurrency.py`` is ``--commands 10000``.
"""

from __future__ import annotations

import argparse
import contextlib
import multiprocessing
import tempfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any, NamedTuple

from benchmarks import bare
from benchmarks.advance import served, server_databases, sqlite_databases, versions
from benchmarks.dossiers import Move, move, opened, tried
from ocop_flow.domain.record import known_dossier
from ocop_flow.errors import Conflict, OcopFlowError
from ocop_flow.service import rebuild

CLIENTS = (4, 16)
SHARED = 10
#: The state of a dossier that is not with the entity.
_HERE = "registration.intake"


class Way(NamedTuple):
    """Whether dossiers are shared, whether clients look before they move, and whether they name a version."""

    shared: bool
    looks: bool
    names: bool


WAYS = {
    "dossiers of their own": Way(False, False, True),
    f"the same {SHARED} dossiers, the version told last": Way(True, False, True),
    f"the same {SHARED} dossiers, no version named": Way(True, False, False),
    f"the same {SHARED} dossiers, looked at first": Way(True, True, True),
}


def _client(kind: str, db: str, codes: list[str], way: str, share: int, number: int, gate: Any, told: Any) -> None:
    """One process: ``share`` commands in turns over its dossiers; how each ended goes into ``told``."""
    run = Client(db, number, codes, way).run if kind == "ocop_flow" else _by_hand(db, number)
    ended: Counter[str] = Counter()
    gate.wait()
    at = number
    for turn in range(share):
        found = run(codes[at % len(codes)], turn)
        ended[found] += 1
        # Who was told what has changed looks no further.
        at += not (found.startswith("5") and WAYS[way].names and not WAYS[way].looks)
    told.put((number, dict(ended)))


class Client:
    """An office at work, and what it knows of each dossier: its version, and whether it lies with the entity."""

    def __init__(self, db: str, number: int, codes: list[str], way: str) -> None:
        self._office, self._number = opened(db), number
        self._way = WAYS[way]
        self._known = {code: self._look(code) for code in codes}
        tried(self._office, Move(codes[0], 0, f"-{number}"))

    def _look(self, code: str) -> tuple[int, int]:
        with self._office.reader() as uow:
            dossier = known_dossier(uow.dossier(code), code)
        return dossier.version, int(dossier.state != _HERE)

    def run(self, code: str, turn: int) -> str:
        version, away = self._look(code) if self._way.looks else self._known[code]
        named = version if self._way.names else None
        try:
            move(self._office, Move(code, away, f"-{self._number}-{turn}", named))
        except Conflict as error:
            told = error.reasons[0].params
            self._known[code] = int(str(told["found"])), int(told["state"] != _HERE)
            return f"{error.exit_code} {error.reasons[0].code}"
        except OcopFlowError as error:
            # Of two states a refused move tells the other.
            self._known[code] = version, 1 - away
            return f"{error.exit_code} {error.reasons[0].code}"
        self._known[code] = version + 1, 1 - away
        return "success"


def _by_hand(db: str, number: int) -> Callable[[str, int], str]:
    run = bare.locked_in_turn(db)

    def one(code: str, _turn: int) -> str:
        run(code, f"-{number}")
        return "success"

    return one


def measured(kind: str, db: str, codes: list[str], clients: int, commands: int, way: str) -> tuple[float, Counter[str]]:
    """Successes a second, and how the commands ended."""
    context = multiprocessing.get_context("spawn")
    gate, told = context.Barrier(clients + 1), context.Queue()
    share = commands // clients
    parts = [codes[:SHARED] if WAYS[way].shared else codes[number::clients] for number in range(clients)]
    processes = [
        context.Process(target=_client, args=(kind, db, parts[number], way, share, number, gate, told))
        for number in range(clients)
    ]
    for each in processes:
        each.start()
    gate.wait()
    began = perf_counter()
    ended: Counter[str] = Counter()
    for _ in processes:
        ended.update(told.get()[1])
    seconds = perf_counter() - began
    for each in processes:
        each.join()
    assert sum(ended.values()) == share * clients
    return ended["success"] / seconds, ended


def sound(db: str, successes: int, before: int) -> None:
    """No update lost, no gap, no duplicate, every chain whole, every view a fold."""
    office = opened(db)
    found = rebuild.examine(office)
    with office.reader() as uow:
        streams = uow.query(
            "SELECT subject, count(*) AS n, max(seq) AS last FROM event WHERE subject_kind = 'dossier' GROUP BY subject"
        )
    assert found["ok"], found["problems"]
    assert all(row["n"] == row["last"] for row in streams)
    assert sum(row["n"] for row in streams) == before + successes


def events(db: str) -> int:
    with opened(db).reader() as uow:
        return int(uow.query("SELECT count(*) AS n FROM event WHERE subject_kind = 'dossier'")[0]["n"])


def compare(fresh: Any, codes: list[str], commands: int, repetitions: int, kinds: tuple[str, ...]) -> None:
    for number, way in enumerate(WAYS):
        for clients in CLIENTS:
            rates: dict[str, list[float]] = {kind: [] for kind in kinds}
            told: Counter[str] = Counter()
            for repetition in range(repetitions):
                for kind in kinds:
                    with fresh(f"w{number}c{clients}r{repetition}{kind[:4]}") as db:
                        before = events(db)
                        rate, ended = measured(kind, db, codes, clients, commands, way)
                        rates[kind].append(rate)
                        if kind == "ocop_flow":
                            sound(db, ended["success"], before)
                            told += ended
            shown = ", ".join(f"{kind} {median(found):.0f}/s" for kind, found in rates.items())
            ratio = ""
            if len(kinds) > 1:
                ratio = f"; ratio {median(a / b for a, b in zip(*rates.values(), strict=True)):.2f}"
            print(f"{clients:2} clients, {way}: {shown}{ratio}; ended: {dict(told)}; log sound")


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="320 commands, one repetition")
    parser.add_argument("--database", choices=("sqlite", "postgres"), action="append")
    parser.add_argument("--commands", type=int, default=10_000)
    parser.add_argument("--repetitions", type=int, default=5)
    asked = parser.parse_args()
    commands, repetitions = (320, 1) if asked.quick else (asked.commands, asked.repetitions)
    print(versions())
    with tempfile.TemporaryDirectory(prefix="ocop-benchmark-") as folder, contextlib.ExitStack() as stack:
        if "postgres" in (asked.database or ("sqlite", "postgres")):
            print("\nPostgreSQL, fsync and synchronous_commit on")
            codes, fresh = server_databases(stack.enter_context(served()), 160)
            compare(fresh, codes, commands, repetitions, ("ocop_flow", "psycopg"))
        if "sqlite" in (asked.database or ("sqlite", "postgres")):
            print("\nSQLite, WAL, synchronous FULL")
            codes, fresh = sqlite_databases(Path(folder), 160)
            compare(fresh, codes, commands, repetitions, ("ocop_flow",))


if __name__ == "__main__":
    main()
