"""An import killed in the middle: what was committed stays, nothing half is there, and the same file finishes it."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.office import Office

COMMUNE = "12103"
LINES = 600
#: Lines under one commit (DESIGN principle 4).
GROUP = 100


def opened(db: Path) -> int:
    """Dossiers that a reader sees."""
    with sqlite3.connect(f"file:{db}?mode=ro", uri=True) as connection:
        return int(connection.execute("SELECT count(*) FROM dossier").fetchone()[0])


@pytest.mark.sqlite
def test_a_killed_import_loses_no_commit_shows_no_half_group_and_is_finished_by_its_keys(
    office: Office, tmp_path: Path
) -> None:
    """DESIGN principle 4: a line is done with its group's commit. A repeated key gets the first answer again."""
    file = tmp_path / "many.csv"
    rows = ["commune,product,entity,entity_kind,product_set,kind,track,key"]
    rows += [f"{COMMUNE},SP {n},HTX {n},cooperative,coffee_cacao,first,existing_product,k{n}" for n in range(LINES)]
    file.write_text("\n".join(rows), encoding="utf-8")
    officer = office.holder("officer", COMMUNE)
    command = [sys.executable, "-m", "ocop_flow", "dossier", "import", str(file), "--json"]
    command += ["--db", str(office.db), "--as", officer]
    env = {**os.environ, "OCOP_NOW": f"{office.day}T10:00:00+07:00"}
    process = subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while opened(office.db) == 0 and process.poll() is None:
        time.sleep(0.02)
    process.kill()
    process.wait()
    left = opened(office.db)
    assert 0 < left < LINES
    assert left % GROUP == 0
    assert office.do("audit", "verify")["ok"]
    done = subprocess.run(command, env=env, capture_output=True, check=True)
    answers: list[dict[str, Any]] = json.loads(done.stdout)
    assert [answer["exit"] for answer in answers] == [0] * LINES
    assert len({answer["result"]["code"] for answer in answers}) == LINES == opened(office.db)
    assert office.do("audit", "verify")["ok"]
