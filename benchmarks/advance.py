"""Moves a second and their times: ocop_flow beside hand-written programs that read and write the same rows.

``python -m benchmarks.advance [--quick] [--database sqlite|postgres] [--dossiers N] [--moves N] [--repetitions N]``.
Every move is one durable commit (SQLite WAL with synchronous FULL; PostgreSQL with fsync and synchronous_commit on, a
server of its own). Each repetition runs all variants, interleaved, each on a fresh copy of the same database; ratios
are medians of the ratios within one repetition. "cpu" is the client's own processor time for a move: it tells most on a
machine that does other things too. The libraries of other programs (``benchmarks/requirements.txt``) take part where
they are installed.
"""

from __future__ import annotations

import argparse
import contextlib
import importlib.metadata
import platform
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter, process_time

from benchmarks import bare, machines, peers
from benchmarks.dossiers import MOVES, Move, made, move, moved_together, moves, opened
from ocop_flow.config import server_keys
from tests import postgres

Run = Callable[[Move], object]
#: Name -> how a mover is made from the address of a database.
Variants = dict[str, Callable[[str], Run]]


def ours(db: str) -> Run:
    office = opened(db)
    return lambda one: move(office, one)


SQLITE: Variants = {
    "ocop_flow": ours,
    "sqlite3 by hand": bare.over_sqlite,
    "SQLAlchemy Core by hand": lambda db: bare.over_core(f"sqlite:///{db}"),
    "transitions + ORM by hand": lambda db: machines.over_orm(f"sqlite:///{db}"),
}
POSTGRES: Variants = {
    "ocop_flow": ours,
    "psycopg, two round trips": bare.over_psycopg,
    "psycopg, row lock": bare.over_locked_psycopg,
    "SQLAlchemy Core by hand": bare.over_core,
    "transitions + ORM by hand": machines.over_orm,
}


def timed(run: Run, work: list[Move]) -> list[float]:
    """Seconds of each move."""
    found = []
    for one in work:
        began = perf_counter()
        run(one)
        found.append(perf_counter() - began)
    return found


def sqlite_databases(
    folder: Path, count: int
) -> tuple[list[str], Callable[[str], contextlib.AbstractContextManager[str]]]:
    """The dossiers' codes, and fresh copies of a database with them."""
    first = folder / "first.db"
    codes = made(str(first), count)
    with contextlib.closing(sqlite3.connect(first)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    @contextlib.contextmanager
    def fresh(name: str) -> Iterator[str]:
        place = folder / name
        place.mkdir()
        shutil.copyfile(first, place / "ocop.db")
        shutil.copy(first.with_name("first.db.keys"), place / "ocop.db.keys")
        yield str(place / "ocop.db")
        shutil.rmtree(place)

    return codes, fresh


def server_databases(
    server: postgres.Server, count: int
) -> tuple[list[str], Callable[[str], contextlib.AbstractContextManager[str]]]:
    server.make("first")
    codes = made(server.url("first"), count)

    @contextlib.contextmanager
    def fresh(name: str) -> Iterator[str]:
        server.make(name, "first")
        shutil.copy(server_keys(server.url("first")), server_keys(server.url(name)))
        yield server.url(name)
        server.drop(name)

    return codes, fresh


def compare(
    variants: Variants,
    fresh: Callable[[str], contextlib.AbstractContextManager[str]],
    work: list[Move],
    repetitions: int,
) -> None:
    """Print a table of all variants."""
    times: dict[str, list[list[float]]] = {name: [] for name in variants}
    spent: dict[str, list[float]] = {name: [] for name in variants}
    for repetition in range(repetitions):
        for number, (name, begin) in enumerate(variants.items()):
            with fresh(f"r{repetition}v{number}") as db:
                run = begin(db)
                began = process_time()
                times[name].append(timed(run, work))
                spent[name].append((process_time() - began) / len(work) * 1e6)
                del run
                peers.leave()
    peer = list(variants)[1]
    columns = f"{'per s':>8} {'[min-max]':>16} {'p50 us':>8} {'p99 us':>8} {'cpu us':>8}"
    print(f"{'':28}{columns} {'of ' + peer:>28}")
    for name, runs in times.items():
        rates = sorted(len(each) / sum(each) for each in runs)
        spread = f"[{rates[0]:.0f}-{rates[-1]:.0f}]"
        middle, last = (median(_percentile(each, n) for each in runs) * 1e6 for n in (50, 99))
        ratio = median(sum(other) / sum(own) for own, other in zip(runs, times[peer], strict=True))
        cpu = median(spent[name])
        print(f"{name:28}{median(rates):8.0f} {spread:>16} {middle:8.0f} {last:8.0f} {cpu:8.0f} {ratio:28.2f}")


def _percentile(times: list[float], number: int) -> float:
    return quantiles(times, n=100)[number - 1]


def grouped(fresh: Callable[[str], contextlib.AbstractContextManager[str]], work: list[Move], repetitions: int) -> None:
    """Moves a second with a hundred under one commit, as a batch makes them, beside single ones."""
    ratios = []
    for repetition in range(repetitions):
        with fresh(f"single{repetition}") as db:
            single = sum(timed(ours(db), work))
        with fresh(f"batch{repetition}") as db:
            office, began = opened(db), perf_counter()
            moved_together(office, work)
            ratios.append(single / (perf_counter() - began))
    print(f"a batch of ocop_flow, 100 under one commit: {median(ratios):.2f} x single moves")


def versions() -> str:
    names = ("SQLAlchemy", "psycopg", "transitions")
    listed = ", ".join([*(f"{name} {importlib.metadata.version(name)}" for name in names), *peers.installed()[1]])
    return f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, {listed}; moves: {', '.join(MOVES)}"


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="200 dossiers, 4 moves, one repetition")
    parser.add_argument("--database", choices=("sqlite", "postgres"), action="append")
    parser.add_argument("--dossiers", type=int, default=2000)
    parser.add_argument("--moves", type=int, default=10)
    parser.add_argument("--repetitions", type=int, default=5)
    asked = parser.parse_args()
    count, each, repetitions = (200, 4, 1) if asked.quick else (asked.dossiers, asked.moves, asked.repetitions)
    print(versions())
    print(f"{count} dossiers x {each} moves, {repetitions} repetitions")
    with tempfile.TemporaryDirectory(prefix="ocop-benchmark-") as folder:
        if "sqlite" in (asked.database or ("sqlite", "postgres")):
            print("\nSQLite, WAL, synchronous FULL")
            codes, fresh = sqlite_databases(Path(folder), count)
            compare(SQLITE | peers.installed()[0], fresh, list(moves(codes, each)), repetitions)
            grouped(fresh, list(moves(codes, each)), repetitions)
        if "postgres" in (asked.database or ("sqlite", "postgres")):
            with served() as server:
                print(f"\n{_server_version(server)}, fsync and synchronous_commit on")
                codes, fresh = server_databases(server, count)
                compare(POSTGRES | peers.installed()[0], fresh, list(moves(codes, each)), repetitions)
                grouped(fresh, list(moves(codes, each)), repetitions)


@contextlib.contextmanager
def served() -> Iterator[postgres.Server]:
    """A durable server, and the signing keys of its databases out of the way."""
    postgres.begin_run()
    server = postgres.start(durable=True, shared_buffers="512MB", max_wal_size="4GB")
    try:
        yield server
    finally:
        server.stop()
        shutil.rmtree(server.folder, ignore_errors=True)
        postgres.end_run()


def _server_version(server: postgres.Server) -> str:
    with server.connect() as connection:
        return str((connection.execute("SELECT version()").fetchone() or ("",))[0]).partition(" on ")[0]


if __name__ == "__main__":
    main()
