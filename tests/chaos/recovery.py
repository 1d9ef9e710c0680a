"""A PostgreSQL server lost, and brought back to a moment: ``python -m tests.chaos.recovery``.

A base backup is taken while dossiers are opened, and the server hands its log of changes (WAL) on piece by piece. After
an accident, another server is made of the base and the log: once up to the moment before the accident, once to the end.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from tests import postgres
from tests.cli.office import Office, ocop

COMMUNE = "12103"
DATABASE = "ocop"


@dataclass(frozen=True, slots=True)
class Lost:
    """What is left of a server: a folder with ``base`` and ``wal``, settings, the moment before its accident."""

    folder: Path
    settings: tuple[str, ...]
    moment: str


@contextmanager
def lost() -> Iterator[Lost]:
    """A server that comes to an end while it works."""
    folder = _folder()
    wal = folder / "wal"
    wal.mkdir()
    _give(wal)
    server = postgres.start(
        durable=True, archive_mode="on", archive_command=f"cp %p {wal}/%f", max_wal_senders="4", wal_keep_size="0"
    )
    try:
        office = _office(server)
        office.open(COMMUNE, "Trước bản sao lưu")
        _base_backup(server, folder / "base")
        office.open(COMMUNE, "Sau bản sao lưu")
        with server.connect() as connection:
            (moment,) = connection.execute("SELECT clock_timestamp()::text").fetchone() or ("",)
        office.open(COMMUNE, "Tai nạn")
        _hand_on(server, wal)
        server.stop(signal.SIGQUIT)
        yield Lost(folder, server.settings, moment)
    finally:
        shutil.rmtree(server.folder, ignore_errors=True)
        shutil.rmtree(folder, ignore_errors=True)


def recovered(left: Lost, moment: str | None) -> list[str]:
    """Products of the dossiers that a server made of base and log has, up to a moment or to the end.

    Its log must verify, and it must take another dossier.
    """
    place = _folder()
    shutil.copytree(left.folder / "base", place / "data")
    (place / "data" / "recovery.signal").touch()
    for path in (place / "data", *(place / "data").rglob("*")):
        _give(path)
    settings = {
        "archive_mode": "off",
        "restore_command": f"cp {left.folder / 'wal'}/%f %p",
        "recovery_target_action": "promote",
    }
    if moment is not None:
        settings["recovery_target_time"] = moment
    words = [part for pair in settings.items() for part in ("-c", "=".join(pair))]
    server = postgres.again(postgres.Server(place, postgres.free_port(), 0, (*left.settings, *words)))
    try:
        _promoted(server)
        office = Office(cast("Path", server.url(DATABASE)))
        found = [str(item["product"]) for item in office.do("dossier", "list")]
        office.open(COMMUNE, "Sau phục hồi")
        verified = office.do("audit", "verify")
        assert verified["ok"] and verified["dossiers"] == len(found) + 1, verified
    finally:
        server.stop()
        shutil.rmtree(place, ignore_errors=True)
    return sorted(found)


def _office(server: postgres.Server) -> Office:
    server.make(DATABASE)
    answer = ocop("init", "--sandbox", "--db", server.url(DATABASE), "--json")
    assert answer.exit == 0, answer.out
    return Office(cast("Path", server.url(DATABASE)))


def _folder() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="ocop-pg-"))
    _give(folder)
    return folder


def _give(path: Path) -> None:
    """To the one that the server runs as."""
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        os.chown(path, postgres.NOBODY, postgres.NOBODY)


def _base_backup(server: postgres.Server, target: Path) -> None:
    words = ["-h", str(server.folder), "-p", str(server.port), "-U", postgres.USER, "-D", str(target)]
    postgres.run([postgres.program("pg_basebackup"), *words, "--checkpoint=fast"], server.folder)


def _hand_on(server: postgres.Server, wal: Path) -> None:
    """Wait until what was written so far has been archived."""
    with server.connect() as connection:
        (piece,) = connection.execute("SELECT pg_walfile_name(pg_current_wal_lsn())").fetchone() or ("",)
        connection.execute("SELECT pg_switch_wal()")
    for _ in range(600):
        if (wal / piece).exists():
            return
        time.sleep(0.05)
    raise AssertionError(f"{piece} was not archived")


def _promoted(server: postgres.Server) -> None:
    for _ in range(600):
        with server.connect() as connection:
            if connection.execute("SELECT pg_is_in_recovery()").fetchone() == (False,):
                return
        time.sleep(0.05)
    raise AssertionError("the server did not end its recovery")


def main() -> int:
    postgres.begin_run()
    try:
        with lost() as left:
            found = {"to the moment": recovered(left, left.moment), "to the end": recovered(left, None)}
    finally:
        postgres.end_run()
    sys.stdout.write(json.dumps({"moment": left.moment, **found}, indent=1, ensure_ascii=False) + "\n")
    return 0 if len(found["to the moment"]) == 2 and len(found["to the end"]) == 3 else 1


if __name__ == "__main__":
    sys.exit(main())
