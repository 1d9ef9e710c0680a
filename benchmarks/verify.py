"""How fast the whole log is checked, against a bare loop that reads, parses, hashes and compares the same rows.

python -m benchmarks.verify [--events 1000000] [--times 5] [--db FILE]

A synthetic log of dossiers with twelve events each, written in turns as offices write them, ordered and under a head.
Medians, one run; the bare loop and ours take turns, and the spread is that of the ratios within one round.
``--db`` keeps the log for another run: ``--events 10000000 --times 1 --db ten.db`` needs 17 GB of disk.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import multiprocessing
import os
import platform
import resource
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path

from ocop_flow import bootstrap, checking
from ocop_flow.config import Settings
from ocop_flow.domain.event import GENESIS, Doer, Event, UnitRef
from ocop_flow.service import heads

#: Events of one dossier, and dossiers that are under way at the same time.
LENGTH, OPEN = 12, 500
#: Memory for indexes while the log is made; in a process of its own, so that no figure counts it.
BUILD_CACHE_MB = 2048


def template() -> bytes:
    """The bytes of an event of usual length, with marks for what differs from one to the next."""
    unit = UnitRef("12103", "Phường Bần Yên Nhân", "commune")
    doer = Doer("can.bo.12103", "Cán bộ số 1", "officer", unit)
    facts = {"fields": {"note": "theo hồ sơ đã nộp " * 8}, "kind": "forward", "files": False}
    event = Event(
        subject_kind="dossier",
        subject="@CODE@",
        seq=1,
        action="submit_to_district",
        from_state="registration.received",
        to_state="registration.checked",
        recorded_at=datetime(2026, 6, 1, tzinfo=UTC),
        occurred_on=date(2026, 6, 1),
        actor=doer,
        recorder=doer,
        signer=None,
        entry="live",
        overridden=(),
        warnings=(),
        key=None,
        regime="qd_26_2026",
        workflow_hash="0" * 64,
        data=facts,
        reason="hồ sơ đầy đủ",
        prev_hash="@PREV@",
    )
    return event.body().replace(b'"seq":1,', b'"seq":@SEQ@,')


def rows(count: int) -> Iterator[tuple[str, str, int, str, str, str, str, bytes]]:
    """Rows of the event table: OPEN dossiers at a time, their events in turns."""
    before, between = template().split(b"@PREV@")
    middle, after = between.split(b"@SEQ@")
    after, end = after.split(b"@CODE@")
    made = first = 0
    while made < count:
        hashes = [GENESIS] * OPEN
        for seq in range(1, LENGTH + 1):
            for number in range(OPEN):
                code = f"HS-2026-{first + number:08d}"
                head = before + hashes[number].encode() + middle + str(seq).encode()
                body = head + after + code.encode() + end
                hashes[number] = hashlib.sha256(body).hexdigest()
                moment = "2026-06-01T00:00:00.000000Z"
                yield "dossier", code, seq, hashes[number], "submit_to_district", moment, "2026-06-01", body
                made += 1
                if made == count:
                    return
        first += OPEN


def build(settings: Settings, file: Path, count: int) -> None:
    """A training database with a synthetic log under a head.

    What is to be measured is reading: the rows are written past the product, ten million in minutes. The head over them
    is the product's own, made and checked again from the bytes of every event.
    """
    bootstrap.initialise(settings, sandbox=True, admin="admin", password=None)
    columns = "subject_kind, subject, seq, hash, action, recorded_at, occurred_on, body"
    connection = sqlite3.connect(file)
    for pragma in ("synchronous = OFF", f"cache_size = -{BUILD_CACHE_MB * 1024}", "journal_mode = OFF"):
        connection.execute(f"PRAGMA {pragma}").fetchall()
    asked = "SELECT name, sql FROM sqlite_master WHERE name IN ('event_no_replace', 'log_order_no_replace')"
    guards = connection.execute(asked).fetchall()
    for name, _ in guards:
        connection.execute(f"DROP TRIGGER {name}")
    connection.executemany(f"INSERT INTO event ({columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)", rows(count))
    connection.execute("INSERT INTO log_order (position, hash, event) SELECT id - 1, hash, id FROM event ORDER BY id")
    connection.execute("INSERT INTO meta (name, value) SELECT 'log_settled', max(id) FROM event")
    for _, sql in guards:
        connection.execute(sql)
    connection.commit()
    connection.close()
    office = bootstrap.open_office(settings)
    with office.writer() as uow:
        heads.checkpoint(uow, office)
        uow.commit()


def bare(file: Path) -> int:
    """Read, parse, hash, compare: what nobody can do without."""
    connection = sqlite3.connect(file)
    count, previous = 0, ""
    for seq, digest, body in connection.execute(
        "SELECT seq, hash, body FROM event ORDER BY subject_kind, subject, seq"
    ):
        event = json.loads(body)
        if hashlib.sha256(body).hexdigest() != digest or (seq > 1 and event["prev_hash"] != previous):
            raise SystemExit(f"not whole at {event['subject']} {seq}")
        previous = digest
        count += 1
    connection.close()
    return count


def ours(settings: Settings, jobs: int) -> int:
    """``ocop audit verify --log-only``: chains, columns, order, tiles, Merkle tree and heads."""
    office = bootstrap.open_office(settings)
    wanted = checking.Wanted(jobs=jobs, views=False)
    found = checking.whole(settings, office, wanted, lambda _done, _total: None)
    if not found["ok"]:
        raise SystemExit(str(found["problems"][:3]))
    return int(found["events"])


def timed(work: Callable[[], int]) -> tuple[float, int]:
    began = time.perf_counter()
    count = work()
    return time.perf_counter() - began, count


def measure(settings: Settings, file: Path, times: int) -> None:
    """In a process of its own, so that memory is that of checking alone."""
    runs = {
        "bare loop": lambda: bare(file),
        "audit verify, 1 process": lambda: ours(settings, 1),
        "audit verify, 2 processes": lambda: ours(settings, 2),
    }
    taken: dict[str, list[float]] = {name: [] for name in runs}
    count = 0
    for _ in range(times):
        for name, work in runs.items():
            once, count = timed(work)
            taken[name].append(once)
    base = statistics.median(taken["bare loop"])
    for name, seconds in taken.items():
        median = statistics.median(seconds)
        rounds = [bare / once for bare, once in zip(taken["bare loop"], seconds, strict=True)]
        spread = f"{min(rounds):.2f} to {max(rounds):.2f} within a round"
        print(f"{name:26} {count / median:10,.0f} events/s   {base / median:5.2f} x   ({spread})")
    own, child = (resource.getrusage(who).ru_maxrss / 1024 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    print(f"most memory: {own:.0f} MB, a child {child:.0f} MB; {count:,} events")


def alone(work: Callable[..., None], *values: object) -> None:
    """Run in a fresh process; what fails there fails here."""
    process = multiprocessing.get_context("spawn").Process(target=work, args=values)
    process.start()
    process.join()
    if process.exitcode:
        raise SystemExit(process.exitcode)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--events", type=int, default=1_000_000)
    parser.add_argument("--times", type=int, default=5)
    parser.add_argument("--db", type=Path)
    chosen = parser.parse_args()
    print(f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, {os.cpu_count()} processors")
    with tempfile.TemporaryDirectory() as folder:
        file = chosen.db or Path(folder) / "log.db"
        settings = Settings(f"sqlite:///{file}", "en", None, None)
        if not file.exists():
            began = time.perf_counter()
            alone(build, settings, file, chosen.events)
            print(f"made in {time.perf_counter() - began:.0f} s, {file.stat().st_size / 1e9:.1f} GB")
        alone(measure, settings, file, chosen.times)


if __name__ == "__main__":
    main()
