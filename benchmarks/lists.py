"""Lists of one unit out of a million open deadlines, beside a bare indexed query in a program that starts as ours does.

Run ``python benchmarks/lists.py`` (about two minutes, most of it filling the tables). Variants are interleaved, each a
fresh process; a ratio is the median of the ratios within a repetition.
"""

from __future__ import annotations

import argparse
import os
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from ocop_flow.cli import run

NOW = "2026-06-01T08:00:00+07:00"
UNIT = "12103"
BARE = """
import sys
import click
import sqlalchemy
engine = sqlalchemy.create_engine(f"sqlite:///{sys.argv[1]}")
with engine.connect() as connection:
    rows = connection.execute(sqlalchemy.text(sys.argv[2])).all()
click.echo(len(rows))
"""
DEADLINES = f"SELECT * FROM deadline WHERE unit = '{UNIT}' AND outcome IS NULL ORDER BY due_on"
CERTIFICATES = (
    f"SELECT * FROM certificate WHERE commune = '{UNIT}' AND valid_to BETWEEN '2025-12-01' AND '2027-06-01' "
    "ORDER BY valid_to"
)
PAIRS = {
    "deadline list --unit": (["deadline", "list", "--unit", UNIT, "--status", "open"], DEADLINES),
    "certificate list --ending 12m --unit": (
        ["certificate", "list", "--ending", "12m", "--unit", UNIT],
        CERTIFICATES,
    ),
}


def fill(db: Path, count: int) -> None:
    """``count`` open deadlines, half of them ends of certificates, spread evenly over the communes of today."""
    connection = sqlite3.connect(db)
    communes = [
        row[0]
        for row in connection.execute(
            "SELECT code FROM unit WHERE tier = 'commune' AND valid_from <> '' AND valid_to IS NULL ORDER BY code"
        )
    ]
    day = "date('2026-01-01', '+' || (number.n % 1000) || ' days')"
    connection.execute("CREATE TEMP TABLE place (n INTEGER PRIMARY KEY, code TEXT)")
    connection.executemany("INSERT INTO place VALUES (?, ?)", enumerate(communes))
    numbers = f"WITH RECURSIVE number(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM number WHERE n < {count - 1}) "
    place = f"JOIN place ON place.n = number.n % {len(communes)}"
    connection.execute(
        "INSERT INTO certificate (number, product, product_name, entity, entity_name, sought, stars, commune, "
        "issuer_code, issuer_name, issuer_tier, decision, issued_on, valid_to, status, disputed, unreconciled) "
        f"{numbers} SELECT 'B-' || number.n, '-', 'Sản phẩm ' || number.n, '-', 'Chủ thể ' || number.n, "
        "'san pham ' || number.n, 3, place.code, '33', 'Tỉnh Hưng Yên', 'province', '1/QĐ-UBND', '2024-01-01', "
        f"{day}, 'valid', 0, 0 FROM number {place} "
        "WHERE number.n % 2 = 0"
    )
    connection.execute(
        "INSERT INTO deadline (id, subject_kind, subject, kind, rule, source, mark, start_on, due_on, provisional, "
        "stopped, unit, unit_name, tier) " + numbers + "SELECT 'B-' || number.n || ':expiry', 'certificate', "
        "'B-' || number.n, 'certificate_expiry', 'certificate_months', '26/2026/QĐ-TTg', 'two_sources', "
        f"'2024-01-01', {day}, 0, '[]', place.code, 'Xã', 'commune' FROM number {place}"
    )
    connection.commit()
    connection.execute("ANALYZE")
    connection.close()


def seconds(command: list[str], env: dict[str, str]) -> float:
    began = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True, env=env)
    return time.perf_counter() - began


def main() -> None:
    """Print ours, the bare query and their ratio for each list."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--deadlines", type=int, default=1_000_000)
    parser.add_argument("--repetitions", type=int, default=9)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        db = Path(folder) / "lists.db"
        run(["--db", str(db), "init", "--sandbox"])
        fill(db, options.deadlines)
        env = {**os.environ, "OCOP_DB": str(db), "OCOP_NOW": NOW}
        print(f"{options.deadlines:,} open deadlines; unit {UNIT}; {options.repetitions} repetitions, median [min-max]")
        for name, (arguments, sql) in PAIRS.items():
            ours, bare = [], []
            for _ in range(options.repetitions):
                ours.append(seconds([sys.executable, "-m", "ocop_flow", *arguments, "--json"], env))
                bare.append(seconds([sys.executable, "-c", BARE, str(db), sql], env))
            ratios = [mine / theirs for mine, theirs in zip(ours, bare, strict=True)]
            print(
                f"{name}: ours {shown(ours)} s, bare query with start {shown(bare)} s, "
                f"ratio {shown(ratios)} (aim: at most 2)"
            )


def shown(values: list[float]) -> str:
    """Median and range, in seconds or as a ratio."""
    return f"{statistics.median(values):.2f} [{min(values):.2f}-{max(values):.2f}]"


if __name__ == "__main__":
    main()
