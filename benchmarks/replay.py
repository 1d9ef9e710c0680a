"""How fast whole histories are folded to the state of their dossiers, beside a bare loop and beside ``eventsourcing``.

python -m benchmarks.replay [--events 200000] [--times 7]

The log holds copies of the histories recorded in ``tests/histories``: every regime, with returns, sittings, acts taken
back, a hand-over and a migration. Ours reads the rows, parses them and folds each history into a ``Dossier``, as
``audit verify`` does for every dossier that it holds against its row. The bare loop reads and parses the same rows and
keeps in plain dicts what little a reader asks first: state, day, visits, evidence, fields, who did what last.
``eventsourcing`` gets aggregates with the same events, each carrying the same facts, out of its own SQLite store, and
keeps what the bare loop keeps. All take turns in one process; medians, one run. For the peer:
``pip install -r benchmarks/requirements.txt``.
"""

# Not every environment has the library.
# mypy: disable-error-code="import-not-found,misc,untyped-decorator"

from __future__ import annotations

import argparse
import hashlib
import importlib.metadata
import json
import os
import platform
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import cache
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import NAMESPACE_URL, uuid5

from ocop_flow import bootstrap
from ocop_flow.config import Settings
from ocop_flow.domain import dossier_fold
from ocop_flow.domain.event import GENESIS, Recorded

if TYPE_CHECKING:
    from ocop_flow.service.office import Office

HISTORIES = Path(__file__).parents[1] / "tests" / "histories"
#: Histories that the peer replays: it is slow, and its figure is one per event.
PEERS_SHARE = 10


def templates() -> list[list[bytes]]:
    """The recorded histories of dossiers, each as the bytes of its events in order."""
    found: dict[tuple[str, str], list[bytes]] = {}
    for file in sorted(HISTORIES.glob("*.jsonl")):
        for line in file.read_bytes().splitlines():
            subject = json.loads(line).get("subject", {})
            if subject.get("kind") == "dossier":
                found.setdefault((file.name, subject["code"]), []).append(line)
    return [*found.values()]


def rows(count: int) -> Iterator[tuple[str, str, int, str, str, str, str, bytes]]:
    """Rows of the event table: the histories again and again under new codes, chained anew."""
    made = number = 0
    histories = templates()
    while made < count:
        history = histories[number % len(histories)]
        old = json.loads(history[0])["subject"]["code"].encode()
        code, previous = f"HS-2026-{number:08d}", GENESIS
        for line in history:
            event = json.loads(line)
            body = line.replace(old, code.encode()).replace(event["prev_hash"].encode(), previous.encode())
            previous = hashlib.sha256(body).hexdigest()
            moment, day = event["recorded_at"], event["occurred_on"]
            yield "dossier", code, event["seq"], previous, event["action"], moment, day, body
            made += 1
        number += 1


def build(settings: Settings, file: Path, count: int) -> None:
    bootstrap.initialise(settings, sandbox=True, admin="admin", password=None)
    columns = "subject_kind, subject, seq, hash, action, recorded_at, occurred_on, body"
    with sqlite3.connect(file) as connection:
        connection.executemany(f"INSERT INTO event ({columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)", rows(count))
    connection.close()


def bare(file: Path) -> int:
    """Read, parse, keep: what nobody can do without."""
    connection, count = sqlite3.connect(file), 0
    asked = (
        "SELECT subject, seq, hash, body FROM event WHERE subject_kind = 'dossier' ORDER BY subject_kind, subject, seq"
    )
    for _subject, history in groupby(connection.execute(asked), key=itemgetter(0)):
        state: dict[str, Any] = {"visits": [], "evidence": [], "fields": {}, "acts": {}}
        for _, seq, digest, body in history:
            event = json.loads(body)
            data = event["data"]
            state["version"], state["hash"], state["state"] = seq, digest, event["to_state"]
            state["day"], state["recorded_at"] = event["occurred_on"], event["recorded_at"]
            state["acts"][event["action"]] = event["actor"]["login"]
            state["evidence"] += data.get("evidence", ())
            state["fields"].update(data.get("fields", ()))
            if event["to_state"] != event["from_state"]:
                state["visits"].append((event["to_state"], event["occurred_on"], seq))
            count += 1
    connection.close()
    return count


def ours(office: Office) -> int:
    count = 0
    with office.reader() as uow:
        for _subject, history in groupby(uow.stored("dossier"), key=itemgetter(1)):
            folded = dossier_fold.replay(Recorded(body, digest) for _, _, _, digest, body in history)
            count += folded.version if folded is not None else 0
    return count


@cache
def _aggregate() -> Any:
    """The class, made once: the library knows it by its name."""
    from eventsourcing.domain import Aggregate, event

    class PeerHistory(Aggregate):
        @event("Opened")
        def __init__(self, code: str, told: dict[str, Any]) -> None:
            self.code = code
            self.visits: list[Any] = []
            self.acts: dict[str, str] = {}
            self.evidence: list[Any] = []
            self.fields: dict[str, Any] = {}
            self._keep(told)

        @staticmethod
        def create_id(code: str) -> Any:
            return uuid5(NAMESPACE_URL, code)

        @event("Moved")
        def move(self, told: dict[str, Any]) -> None:
            self._keep(told)

        def _keep(self, told: dict[str, Any]) -> None:
            self.state, self.day = told["to_state"], told["occurred_on"]
            self.acts[told["action"]] = told["actor"]["login"]
            self.evidence += told["data"].get("evidence", ())
            self.fields.update(told["data"].get("fields", ()))
            if told["to_state"] != told["from_state"]:
                self.visits.append((told["to_state"], told["occurred_on"], told["seq"]))

    return PeerHistory


def peer(file: Path, count: int) -> Callable[[], int] | None:
    """The other library's replay of the same histories; None where it is not installed."""
    try:
        from eventsourcing.application import Application
    except ImportError:
        return None
    app: Any = Application(env={"PERSISTENCE_MODULE": "eventsourcing.sqlite", "SQLITE_DBNAME": str(file)})
    made: list[Any] = []
    events, histories = 0, templates()
    while events < count:
        history = [json.loads(line) for line in histories[len(made) % len(histories)]]
        one = _aggregate()(f"HS-2026-{len(made):08d}", history[0])
        for each in history[1:]:
            one.move(each)
        app.save(one)
        made.append(one.id)
        events += len(history)

    def replayed() -> int:
        return sum(app.repository.get(each).version for each in made)

    return replayed


def timed(work: Callable[[], int]) -> tuple[float, int]:
    """Processor seconds: another's work on this machine is not ours."""
    began = time.process_time()
    count = work()
    return time.process_time() - began, count


def version(name: str) -> str:
    try:
        return f"{name} {importlib.metadata.version(name)}"
    except importlib.metadata.PackageNotFoundError:
        return f"{name}: not installed"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--events", type=int, default=200_000)
    parser.add_argument("--times", type=int, default=7)
    parser.add_argument("--check", action="store_true", help="exit 1 when an aim is missed")
    chosen = parser.parse_args()
    words = f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, {version('eventsourcing')}"
    print(f"{words}, {os.cpu_count()} processors")
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "log.db"
        settings = Settings(f"sqlite:///{file}", "en", None, None)
        build(settings, file, chosen.events)
        office = bootstrap.open_office(settings)
        runs: dict[str, Callable[[], int]] = {
            "bare read and fold": lambda: bare(file),
            "ocop_flow": lambda: ours(office),
        }
        theirs = peer(Path(folder) / "peer.db", chosen.events // PEERS_SHARE)
        if theirs is not None:
            runs["eventsourcing"] = theirs
        each: dict[str, list[float]] = {name: [] for name in runs}
        for _ in range(chosen.times):
            for name, work in runs.items():
                seconds, count = timed(work)
                each[name].append(seconds / count)
        office.close()
    raise SystemExit(told(each) if chosen.check else told(each) * 0)


def told(each: dict[str, list[float]]) -> int:
    """Print the figures; 1 if an aim is missed."""
    mine = each["ocop_flow"]
    for name, taken in each.items():
        ratios = [one / own for one, own in zip(taken, mine, strict=True)]
        spread = f"{min(ratios):.2f} to {max(ratios):.2f} within a round"
        line = (
            f"{name:20} {1 / statistics.median(taken):10,.0f} events/s   ocop_flow {statistics.median(ratios):5.2f} x"
        )
        print(line if name == "ocop_flow" else f"{line}   ({spread})")
    missed = _ratio(each, "bare read and fold") < 0.7
    return int(missed or ("eventsourcing" in each and _ratio(each, "eventsourcing") < 6))


def _ratio(each: dict[str, list[float]], name: str) -> float:
    return statistics.median(one / own for one, own in zip(each[name], each["ocop_flow"], strict=True))


if __name__ == "__main__":
    main()
