"""Search among 100,000 dossiers and the board, beside a bare indexed query in a program that starts as ours does.

Run ``python -m benchmarks.searching`` (about a minute). Variants are interleaved, each a fresh process; a ratio is the
median of the ratios within a repetition.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import sqlite3
import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.lists import BARE, seconds, shown
from ocop_flow.cli import run
from ocop_flow.domain.names import search_key

NOW = "2026-06-01T08:00:00+07:00"
_OPENING = (
    *("--product", "Trà", "--entity", "HTX Trà", "--entity-kind", "cooperative", "--product-set", "coffee_cacao"),
    *("--kind", "first", "--track", "existing_product"),
)
_FIRST = (
    "Mật ong",
    "Hạt sen",
    "Chè xanh",
    "Gạo nếp",
    "Nhãn lồng",
    "Mắm tép",
    "Rượu nếp",
    "Bưởi đỏ",
    "Miến dong",
    "Cốm",
)
_SECOND = ("Hưng Yên", "Mỹ Hào", "Văn Giang", "Khoái Châu", "Tiên Lữ", "Phù Cừ", "Yên Mỹ", "Ân Thi", "Kim Động", "Bần")
#: What is typed -> the same as one statement over the same index.
PAIRS = {
    "search, one hit": (
        ["search", "mat ong an thi 70170"],
        "SELECT code FROM dossier WHERE sought LIKE '%mat ong an thi 70170%' ORDER BY sought, code LIMIT 200",
    ),
    "search, 200 hits": (
        ["search", "hat sen"],
        "SELECT code FROM dossier WHERE sought LIKE '%hat sen%' ORDER BY sought, code LIMIT 200",
    ),
    "board": (
        ["board"],
        "SELECT commune, tier, phase, COUNT(*), MIN(moved_on) FROM dossier GROUP BY commune, tier, phase",
    ),
}


def fill(db: Path, count: int) -> None:
    """One dossier as an officer opens it, and as many like it as asked for, under other names in other communes."""
    run(["--db", str(db), "init", "--sandbox"])
    os.environ["OCOP_NOW"] = NOW
    post = ["--unit", "12103", "--role", "officer", "--decision", "15/QĐ-UBND", "--from", "2025-07-01"]
    for words in (
        ["person", "add", "officer", "--name", "Cán bộ 1", "--as", "admin"],
        ["person", "appoint", "officer", *post, "--as", "admin"],
        ["dossier", "open", "--commune", "12103", *_OPENING, "--as", "officer"],
    ):
        run([*words, "--db", str(db)])
    with contextlib.closing(sqlite3.connect(db)) as connection:
        connection.row_factory = sqlite3.Row
        first = dict(connection.execute("SELECT * FROM dossier").fetchone())
        duty = dict(connection.execute("SELECT * FROM deadline WHERE subject = ?", (first["code"],)).fetchone())
        places = connection.execute(
            "SELECT code, valid_from, name FROM unit WHERE tier = 'commune' AND valid_to IS NULL ORDER BY code"
        ).fetchall()
        _insert(connection, "dossier", [_dossier(first, number, places) for number in range(2, count + 1)])
        _insert(connection, "deadline", [_duty(duty, number) for number in range(2, count + 1)])
        connection.commit()
        connection.execute("ANALYZE")


def _insert(connection: sqlite3.Connection, table: str, rows: list[dict[str, Any]]) -> None:
    columns, values = ", ".join(rows[0]), ", ".join(f":{name}" for name in rows[0])
    connection.executemany(f"INSERT INTO {table} ({columns}) VALUES ({values})", rows)


def _code(number: int) -> str:
    return f"HS-2025-{number:06d}-X"


def _dossier(first: dict[str, Any], number: int, places: list[sqlite3.Row]) -> dict[str, Any]:
    place = places[number % len(places)]
    name = f"{_FIRST[number % 10]} {_SECOND[number // 10 % 10]} {number}"
    fold = json.loads(first["fold"])
    fold |= {"code": _code(number), "product_name": name, "commune": place["code"], "commune_name": place["name"]}
    fold["commune_from"] = place["valid_from"] or None
    body = json.dumps(fold, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    own = {"code": _code(number), "number": number, "commune": place["code"], "opened_in": place["code"]}
    return {
        **first,
        **own,
        "folded": search_key(name),
        "sought": search_key(f"{name} HTX {number % 977}"),
        "fold": body,
    }


def _duty(duty: dict[str, Any], number: int) -> dict[str, Any]:
    return {**duty, "id": f"{_code(number)}:{number}", "subject": _code(number)}


def main() -> None:
    """Print ours, the bare query and their ratio for each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dossiers", type=int, default=100_000)
    parser.add_argument("--repetitions", type=int, default=7)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        db = Path(folder) / "search.db"
        fill(db, options.dossiers)
        env = {**os.environ, "OCOP_DB": str(db), "OCOP_NOW": NOW}
        print(f"{options.dossiers:,} dossiers; {options.repetitions} repetitions, median [min-max]")
        for name, (arguments, sql) in PAIRS.items():
            ours, bare = [], []
            for _ in range(options.repetitions):
                ours.append(seconds([sys.executable, "-m", "ocop_flow", *arguments, "--json"], env))
                bare.append(seconds([sys.executable, "-c", BARE, str(db), sql], env))
            ratios = [mine / theirs for mine, theirs in zip(ours, bare, strict=True)]
            print(f"{name}: ours {shown(ours)} s, bare query with start {shown(bare)} s, ratio {shown(ratios)}")


if __name__ == "__main__":
    main()
