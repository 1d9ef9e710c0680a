"""How fast the whole log is checked, against a bare loop that reads, parses, hashes and compares the same rows.

python -m benchmarks.verify [--events 200000] [--times 5] [--db FILE]

A synthetic log of dossiers with twelve events each, written in turns as offices write them, ordered and under a head.
Medians, one run; the bare loop and ours take turns. ``--db`` keeps the log for another run.
"""

from __future__ import annotations

import argparse
import hashlib
import json
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
    """A training database with a synthetic log under a head."""
    bootstrap.initialise(settings, sandbox=True, admin="admin", password=None)
    columns = "subject_kind, subject, seq, hash, action, recorded_at, occurred_on, body"
    with sqlite3.connect(file) as connection:
        connection.executemany(f"INSERT INTO event ({columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)", rows(count))
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


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--events", type=int, default=200_000)
    parser.add_argument("--times", type=int, default=5)
    parser.add_argument("--db", type=Path)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        file = chosen.db or Path(folder) / "log.db"
        settings = Settings(f"sqlite:///{file}", "en", None, None)
        if not file.exists():
            build(settings, file, chosen.events)
        runs = {
            "bare loop": lambda: bare(file),
            "audit verify, 1 process": lambda: ours(settings, 1),
            "audit verify, 2 processes": lambda: ours(settings, 2),
        }
        taken: dict[str, list[float]] = {name: [] for name in runs}
        count = 0
        for _ in range(chosen.times):
            for name, work in runs.items():
                once, count = timed(work)
                taken[name].append(once)
    base = statistics.median(taken["bare loop"])
    for name, seconds in taken.items():
        median = statistics.median(seconds)
        print(f"{name:26} {count / median:10,.0f} events/s   {base / median:5.2f} x")
    own, child = (resource.getrusage(who).ru_maxrss / 1024 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    print(f"most memory: {own:.0f} MB, a child {child:.0f} MB; {count:,} events")


if __name__ == "__main__":
    main()
