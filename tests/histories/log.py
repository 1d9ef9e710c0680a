"""Writing a story's log down, and reading it into a database that knows nothing but the units.

A log is a file of JSON lines, each the canonical bytes of one event in the order of recording. Beside it stands what
its replay gave when it was made; ``documents.jsonl`` has every law document that a log names, by its hash.
"""

from __future__ import annotations

import contextlib
import json
import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ocop_flow.domain import canonical, dossier_json
from ocop_flow.domain.dossier_fold import replay
from ocop_flow.domain.event import Event, from_json
from ocop_flow.service import conformance
from ocop_flow.service.rebuild import VIEWS

if TYPE_CHECKING:
    from ocop_flow.service.office import Office as Wired

Json = dict[str, Any]
HERE = Path(__file__).parent
DOCUMENTS = HERE / "documents.jsonl"


def log_file(name: str) -> Path:
    return HERE / f"{name}.jsonl"


def result_file(name: str) -> Path:
    return HERE / f"{name}.result.json"


def lines_of(db: Path) -> list[bytes]:
    with contextlib.closing(sqlite3.connect(db)) as connection:
        return [bytes(row[0]) for row in connection.execute("SELECT body FROM event ORDER BY id")]


def documents_of(db: Path, product_set: str) -> dict[str, Json]:
    """Regimes and star conditions, and the criteria of one product set, by their hashes."""
    with contextlib.closing(sqlite3.connect(db)) as connection:
        rows = connection.execute("SELECT hash, kind, body FROM document").fetchall()
    kept = {row[0]: {"kind": row[1], "body": json.loads(row[2])} for row in rows}
    regimes = [each["body"] for each in kept.values() if each["kind"] == "regime"]
    criteria = {regime.get("criteria", {}).get(product_set) for regime in regimes}
    conditions = {digest for regime in regimes for digest in (regime.get("star_conditions") or {}).values()}
    wanted = criteria | conditions
    return {digest: each for digest, each in kept.items() if each["kind"] == "regime" or digest in wanted}


def emptied(db: Path) -> None:
    """A training database with its units alone: no event, no law, nobody."""
    with contextlib.closing(sqlite3.connect(db)) as connection:
        triggers = connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for (name,) in triggers:
            connection.execute(f'DROP TRIGGER "{name}"')
        for table in (*reversed(VIEWS), "log_order", "head", "event", "document"):
            connection.execute(f"DELETE FROM {table}")
        connection.commit()


def documents() -> dict[str, Json]:
    if not DOCUMENTS.exists():
        return {}
    kept = map(json.loads, DOCUMENTS.read_text("utf-8").splitlines())
    return {each["hash"]: {"kind": each["kind"], "body": each["body"]} for each in kept}


def events(name: str) -> list[Event]:
    return [from_json(canonical.decode(line)) for line in log_file(name).read_bytes().splitlines()]


def read_in(wired: Wired, name: str) -> None:
    """Every document and event of a log, through the same door as any other."""
    with wired.writer() as uow:
        for digest, each in documents().items():
            assert uow.store_document(each["kind"], each["body"]) == digest
        for event in events(name):
            uow.append(event)
        uow.commit()


def result_of(wired: Wired) -> Json:
    """Dossier -> its fold, the hash of its last event, and the verdict on each act that is not plainly lawful."""
    found: Json = {}
    with wired.reader() as uow:
        for row in uow.query("SELECT code FROM dossier ORDER BY code"):
            history = uow.events("dossier", row["code"])
            folded = replay(history)
            assert folded is not None
            verdicts = conformance.of_dossier(uow, wired, history)
            found[row["code"]] = {
                "fold": dossier_json.to_json(folded),
                "hash": history[-1].hash(),
                "verdicts": [[each.seq, each.action, each.mark, each.because.code] for each in verdicts],
            }
    written: Json = json.loads(json.dumps(found))
    return written
