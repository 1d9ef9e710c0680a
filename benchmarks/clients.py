"""Many clients at once: moves a second on dossiers of their own and on the same ten, beside psycopg with a row lock.

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
from typing import Any

from benchmarks import bare
from benchmarks.advance import served, server_databases, sqlite_databases, versions
from benchmarks.dossiers import Move, move, opened
from ocop_flow.errors import OcopFlowError
from ocop_flow.service import rebuild

CLIENTS = (4, 16)
SHARED = 10


def _client(kind: str, db: str, codes: list[str], share: int, number: int, gate: Any, told: Any) -> None:
    """One process: ``share`` commands in turns over its dossiers; how each ended goes into ``told``."""
    run = _ours(db, number) if kind == "ocop_flow" else _by_hand(db, number)
    ended: Counter[str] = Counter()
    gate.wait()
    for turn in range(share):
        code = codes[(turn + number) % len(codes)]
        ended[run(code, turn)] += 1
    told.put((number, dict(ended)))


def _ours(db: str, number: int) -> Callable[[str, int], str]:
    office = opened(db)

    def run(code: str, turn: int) -> str:
        with office.reader() as uow:
            dossier = uow.dossier(code)
        version = dossier.version if dossier else 0
        one = Move(
            code, int(dossier is not None and dossier.state != "registration.intake"), f"-{number}-{turn}", version
        )
        try:
            move(office, one)
        except OcopFlowError as error:
            return f"{error.exit_code} {error.reasons[0].code}"
        return "success"

    return run


def _by_hand(db: str, number: int) -> Callable[[str, int], str]:
    run = bare.locked_in_turn(db)

    def one(code: str, _turn: int) -> str:
        run(code, f"-{number}")
        return "success"

    return one


def measured(
    kind: str, db: str, codes: list[str], clients: int, commands: int, *, own: bool
) -> tuple[float, Counter[str]]:
    """Successes a second, and how the commands ended."""
    context = multiprocessing.get_context("spawn")
    gate, told = context.Barrier(clients + 1), context.Queue()
    share = commands // clients
    parts = [codes[number::clients] if own else codes[:SHARED] for number in range(clients)]
    processes = [
        context.Process(target=_client, args=(kind, db, parts[number], share, number, gate, told))
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
    for own in (True, False):
        for clients in CLIENTS:
            rates: dict[str, list[float]] = {kind: [] for kind in kinds}
            told: Counter[str] = Counter()
            for repetition in range(repetitions):
                for kind in kinds:
                    with fresh(f"{'own' if own else 'same'}{clients}r{repetition}{kind[:4]}") as db:
                        before = events(db)
                        rate, ended = measured(kind, db, codes, clients, commands, own=own)
                        rates[kind].append(rate)
                        if kind == "ocop_flow":
                            sound(db, ended["success"], before)
                            told += ended
            where = "dossiers of their own" if own else f"the same {SHARED} dossiers"
            shown = ", ".join(f"{kind} {median(found):.0f}/s" for kind, found in rates.items())
            ratio = ""
            if len(kinds) > 1:
                ratio = f"; ratio {median(a / b for a, b in zip(*rates.values(), strict=True)):.2f}"
            print(f"{clients:2} clients, {where}: {shown}{ratio}; ended: {dict(told)}; log sound")


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
