"""Making a database: whole or not at all."""

from __future__ import annotations

import subprocess
import sys
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

INIT = [sys.executable, "-m", "ocop_flow", "init", "--sandbox", "--json"]


def run(db: Path) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([*INIT, "--db", str(db)], capture_output=True, check=False)


def test_a_kill_in_the_middle_leaves_nothing_that_the_next_init_stumbles_over(tmp_path: Path) -> None:
    """Nothing half is visible after a crash: killed at any moment, the next ``init`` simply makes the database."""
    db = tmp_path / "ocop.db"
    for moment in (0.4, 0.9, 1.4):
        process = subprocess.Popen([*INIT, "--db", str(db)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(moment)
        process.kill()
        process.wait()
    done = run(db)
    again = run(db)
    listed = subprocess.run(
        [sys.executable, "-m", "ocop_flow", "unit", "show", "36", "--db", str(db)], capture_output=True, check=False
    )
    # On a quick machine the third start may have finished before its kill: then the database is there, and whole.
    assert done.returncode == 0 or b"database_already" in done.stdout
    assert (again.returncode, listed.returncode) == (6, 0)
    assert b"database_already" in again.stdout
