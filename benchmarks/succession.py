"""The dry run of July 2025: who takes over each of many open dossiers, and what the next law says of them.

Run ``python benchmarks/succession.py [DOSSIERS]``. 100,000 open dossiers unless said otherwise, filed with districts
of the whole country, spread evenly over its communes of 30 June 2025: view rows written in bulk, as the fold of an
opening makes them. Each command is a process of its own; the aim is 60 s for the hand-over. ``--check`` exits 1 when it
is missed, or when a dossier has no answer or more than one.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import os
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

from ocop_flow.cli import run

SECONDS = 60.0
_CHILD = "import sys; from ocop_flow.cli import main; main(sys.argv[1:])"
_OPENING = (
    *("--product", "Cà phê", "--entity", "Hợp tác xã số 1", "--entity-kind", "cooperative"),
    *("--product-set", "coffee_cacao", "--kind", "first", "--track", "existing_product"),
)


def ocop(db: Path, now: str, *words: str) -> Any:
    """One command inside this process: its document."""
    out = io.StringIO()
    os.environ["OCOP_NOW"] = now
    with contextlib.redirect_stdout(out):
        code = run([*words, "--db", str(db), "--json"])
    if code:
        sys.exit(f"{' '.join(words)}: exit {code}\n{out.getvalue()}")
    return json.loads(out.getvalue())


def fill(db: Path, count: int) -> None:
    """``count`` open dossiers: the row of one that was opened, again and again in another commune."""
    march = "2025-03-10T08:00:00+07:00"
    ocop(db, march, "init", "--sandbox")
    for handle, role, unit in (("officer", "officer", "12103"), ("minister", "leader", "central")):
        ocop(db, march, "person", "add", handle, "--name", f"Cán bộ {handle}", "--as", "admin")
        post = ["--unit", unit, "--role", role, "--decision", "15/QĐ-BNN", "--from", "2018-01-01"]
        ocop(db, march, "person", "appoint", handle, *post, "--as", "admin")
    ocop(db, march, "dossier", "open", "--commune", "12103", *_OPENING, "--as", "officer")
    with contextlib.closing(sqlite3.connect(db)) as connection:
        connection.row_factory = sqlite3.Row
        first = dict(connection.execute("SELECT * FROM dossier").fetchone())
        fold = json.loads(first["fold"])
        places = connection.execute(
            "SELECT code, valid_from, name FROM unit WHERE tier = 'commune' AND valid_to = '2025-06-30' ORDER BY code"
        ).fetchall()
        columns = ", ".join(first)
        values = ", ".join(f":{name}" for name in first)
        rows = (_row(first, fold, number, places[number % len(places)]) for number in range(2, count + 1))
        connection.executemany(f"INSERT INTO dossier ({columns}) VALUES ({values})", rows)
        connection.commit()


def _row(first: dict[str, Any], fold: dict[str, Any], number: int, place: sqlite3.Row) -> dict[str, Any]:
    code, commune, since, name = f"HS-2025-{number:06d}-X", place["code"], place["valid_from"] or None, place["name"]
    here = {**fold, "code": code, "commune": commune, "commune_from": since, "commune_name": name}
    body = json.dumps(here, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return {**first, "code": code, "number": number, "commune": commune, "opened_in": commune, "fold": body}


def timed(db: Path, now: str, *words: str) -> tuple[Any, float]:
    """(document, seconds) of one command in a process of its own."""
    started = time.perf_counter()
    child = subprocess.run(
        [sys.executable, "-c", _CHILD, *words, "--db", str(db), "--as", "minister", "--json"],
        capture_output=True,
        env={**os.environ, "OCOP_NOW": now},
        check=False,
    )
    seconds = time.perf_counter() - started
    if child.returncode:
        sys.exit(f"{' '.join(words)}: exit {child.returncode}\n{child.stdout[:2000].decode()}")
    return json.loads(child.stdout), seconds


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("dossiers", nargs="?", type=int, default=100_000)
    parser.add_argument("--check", action="store_true")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        db = Path(folder) / "ocop.db"
        fill(db, asked.dossiers)
        handed, seconds = timed(
            db, "2025-07-01T08:00:00+07:00", "unit", "succeed", "--all", "--on", "2025-07-01", "--dry-run"
        )
        moved, later = timed(
            db,
            "2025-07-06T08:00:00+07:00",
            *("workflow", "migrate", "--from", "qd_148_2023", "--to", "qd_1489_2025", "--dry-run"),
        )
    print(f"unit succeed --all --dry-run: {seconds:.1f} s (aim {SECONDS:.0f}), {handed['counts']}")
    print(f"workflow migrate --dry-run:   {later:.1f} s, {moved['counts']}")
    answers = [Counter(item["dossier"] for item in each["dossiers"]) for each in (handed, moved)]
    one_each = all(len(each) == asked.dossiers and set(each.values()) == {1} for each in answers)
    print("each dossier has exactly one answer" if one_each else "a dossier has no answer, or more than one")
    return int(asked.check and (seconds > SECONDS or not one_each))


if __name__ == "__main__":
    sys.exit(main())
