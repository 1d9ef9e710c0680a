"""A province's table of past recognitions handed in twice: time, rows a second, and peak memory of each run.

Run ``python benchmarks/declare_many.py [ROWS]``. The table has 20,000 rows unless said otherwise, spread over the
communes of a province as they were before July 2025; each run is a process of its own. The aims are 60 s and 300 MB;
``--check`` exits 1 when one is missed or the second run changes anything.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import openpyxl

#: Hưng Yên since July 2025, with the communes of the former Hưng Yên and Thái Bình.
PROVINCE = "33"
SECONDS, MEGABYTES = 60.0, 300.0
_CHILD = "import sys; from ocop_flow.cli import main; main(sys.argv[1:])"


def run(*words: str, now: str = "2026-06-01T08:00:00+07:00") -> tuple[Any, float, float]:
    """(document, seconds, peak megabytes) of one command in a process of its own."""
    before = time.perf_counter()
    environment = {**os.environ, "OCOP_NOW": now}
    with tempfile.TemporaryFile() as out:
        child = subprocess.Popen([sys.executable, "-c", _CHILD, *words, "--json"], stdout=out, env=environment)
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        seconds = time.perf_counter() - before
        out.seek(0)
        text = out.read()
    if child.returncode:
        sys.exit(f"{' '.join(words)}: exit {child.returncode}\n{text[:2000].decode()}")
    scale = 1024 if sys.platform != "darwin" else 1024 * 1024
    return json.loads(text), seconds, usage.ru_maxrss / scale


def communes(db: Path) -> list[str]:
    """Codes of communes that stood under the province, or under what it took over, on the last day of June 2025."""
    import contextlib
    import sqlite3

    with contextlib.closing(sqlite3.connect(db)) as connection:
        rows = connection.execute(
            "SELECT c.code FROM unit c JOIN unit d ON d.code = c.parent_code AND d.tier = 'district' "
            "WHERE c.tier = 'commune' AND c.valid_to = '2025-06-30' AND d.parent_code IN ('33', '34') ORDER BY c.code"
        ).fetchall()
    return [row[0] for row in rows]


def table(path: Path, rows: int, codes: list[str]) -> None:
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("OCOP")
    sheet.append(
        [
            "STT",
            "Tên sản phẩm",
            "Tên chủ thể",
            "Hạng sao",
            "Số giấy chứng nhận",
            "Xã, phường",
            "Số quyết định",
            "Ngày cấp",
        ]
    )
    first = date(2022, 1, 3)
    for number in range(1, rows + 1):
        entity = number // 3
        sheet.append(
            [
                number,
                f"Sản phẩm mẫu số {number}",
                f"HTX mẫu số {entity}",
                3 + number % 3 % 2,
                f"{number}/GCN-OCOP",
                codes[entity % len(codes)],
                f"{number % 90 + 1}/QĐ-UBND",
                first + timedelta(number % 1200),
            ]
        )
    book.save(path)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("rows", nargs="?", type=int, default=20_000)
    parser.add_argument("--check", action="store_true")
    asked = parser.parse_args()
    missed = False
    with tempfile.TemporaryDirectory() as folder:
        db, file = Path(folder, "ocop.db"), Path(folder, "table.xlsx")
        run("init", "--sandbox", "--db", str(db))
        run("person", "add", "officer.1", "--name", "Cán bộ số 1", "--db", str(db), "--as", "admin")
        post = ["--unit", PROVINCE, "--role", "officer", "--decision", "15/QĐ-UBND", "--from", "2025-07-01"]
        run("person", "appoint", "officer.1", *post, "--db", str(db), "--as", "admin")
        table(file, asked.rows, communes(db))
        words = ["certificate", "declare", "--file", str(file), "--db", str(db), "--as", "officer.1"]
        for name in ("first import", "same again"):
            report, seconds, megabytes = run(*words)
            told = {key: report[key] for key in ("made", "changed", "unchanged")}
            print(f"{name:14} {seconds:6.1f} s  {asked.rows / seconds:7.0f} rows/s  {megabytes:6.0f} MB  {told}")
            missed = missed or seconds > SECONDS or megabytes > MEGABYTES
        missed = missed or report["unchanged"] != asked.rows
        for unit in (PROVINCE, communes(db)[0]):
            found, seconds, megabytes = run("certificate", "list", "--ending", "12m", "--unit", unit, "--db", str(db))
            print(f"{'ending ' + unit:14} {seconds:6.1f} s  {len(found):7} rows    {megabytes:6.0f} MB")
    sys.exit(1 if missed and asked.check else 0)


if __name__ == "__main__":
    main()
