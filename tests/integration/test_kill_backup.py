"""A backup or a putting back killed at any moment leaves nothing half, and the next one is not in its way."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from time import monotonic
from typing import TYPE_CHECKING

import pytest

from tests.cli.office import Office, ocop
from tests.databases import ServerDatabase, fresh_name, server_database, standing_in

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.both_databases
COMMUNE = "12103"
#: Kills, spread evenly over the time that the whole takes.
ROUNDS = 3


def started(office: Office, *words: str) -> subprocess.Popen[bytes]:
    env = {**os.environ, "OCOP_NOW": f"{office.day}T10:00:00+07:00"}
    command = [sys.executable, "-m", "ocop_flow", *words, "--json"]
    return subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def killed_after(seconds: float, process: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(seconds)
    process.kill()
    process.wait()


@pytest.fixture
def at_work(office: Office, tmp_path: Path) -> Office:
    scan = tmp_path / "scan.pdf"
    scan.write_bytes(b"%PDF-1.7 " + bytes(range(256)) * 4000)
    dossier = office.open(COMMUNE, "Tương bần", track="existing_product")
    office.do("attach", dossier, str(scan), "--kind", "sample", who=office.holder("officer", COMMUNE))
    return office


def test_a_killed_backup_leaves_no_file_that_is_not_whole(at_work: Office, tmp_path: Path) -> None:
    """A file that stands at its name is a backup; what was begun is somewhere else, and in nobody's way."""
    whole = tmp_path / "whole.backup"
    began = monotonic()
    assert started(at_work, "backup", str(whole), "--db", str(at_work.db), "--as", "admin").wait() == 0
    lasting = monotonic() - began
    for number in range(ROUNDS):
        file = tmp_path / f"killed{number}.backup"
        process = started(at_work, "backup", str(file), "--db", str(at_work.db), "--as", "admin")
        killed_after(lasting * (number + 1) / (ROUNDS + 1), process)
        if file.exists():
            assert ocop("restore", str(file), "--dry-run", "--db", str(tmp_path / f"{number}.db"), "--json").exit == 0
        else:
            at_work.do("backup", str(file), who="admin")
    assert at_work.do("audit", "verify", who="admin")["ok"]


def test_a_killed_restore_leaves_the_whole_or_nothing(at_work: Office, tmp_path: Path) -> None:
    """Killed before its last step it can be done again at the same place; after it, everything is there."""
    file = tmp_path / "ocop.backup"
    at_work.do("backup", str(file), who="admin")
    began = monotonic()
    assert started(at_work, "restore", str(file), "--db", str(_empty(at_work, tmp_path))).wait() == 0
    lasting = monotonic() - began
    for number in range(ROUNDS):
        db = _empty(at_work, tmp_path)
        killed_after(lasting * (number + 1) / (ROUNDS + 1), started(at_work, "restore", str(file), "--db", str(db)))
        if not _stands(db):
            again = ocop("restore", str(file), "--db", str(db), "--json")
            assert again.exit == 0, again.out + again.err
        put_back = Office(db, at_work.day)
        assert put_back.do("audit", "verify", who="admin")["ok"]
        assert put_back.do("doctor", "--rebuild", who="admin")["ok"]


def _empty(like: Office, tmp_path: Path) -> Path:
    """A place for a database that is not there yet, or an empty one on the server."""
    served = server_database(like.db)
    folder = tmp_path / fresh_name()
    folder.mkdir()
    if served is None:
        return folder / "ocop.db"
    made = ServerDatabase(served.server, fresh_name(), like.db.parent)
    made.server.make(made.name)
    return standing_in(made)


def _stands(db: Path) -> bool:
    """Whether there is a database of ours at the place."""
    return ocop("doctor", "--db", str(db), "--json").exit != 6
