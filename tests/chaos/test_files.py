"""A database file that is locked, full or damaged: told with exit 6 or 1, nothing half written, all well afterwards."""

from __future__ import annotations

import json
import os
import resource
import shutil
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest

from tests.cli.office import Office, dump, ocop

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.sqlite
COMMUNE = "12103"
PAPER = ["--kind", "commune_letter"]
LINES = 300
#: Bytes that the write-ahead log may come to: enough for one group, not for all.
ROOM = 1_300_000
#: Lines under one commit (DESIGN principle 4).
GROUP = 100


@pytest.fixture
def dossier(office: Office) -> str:
    return office.open(COMMUNE, "Cà phê", track="existing_product")


# --- a lock that another program holds --------------------------------------------------------------------------------


def test_a_lock_that_does_not_go_away_ends_in_exit_6_and_writes_nothing(
    office: Office, dossier: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A bounded wait, then a clear answer; reading goes on meanwhile."""
    monkeypatch.setattr("ocop_flow.store.sqlite_file.BUSY_TIMEOUT_MS", 30)
    officer = office.holder("officer", COMMUNE)
    with closing(sqlite3.connect(office.db, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert office.refuses(6, "attach", dossier, *PAPER, who=officer) == ["database_locked"]
        assert office.show(dossier)["code"] == dossier
    office.do("attach", dossier, *PAPER, who=officer)


def test_a_lock_that_goes_away_in_time_is_waited_for(office: Office, dossier: str) -> None:
    officer = office.holder("officer", COMMUNE)
    other = sqlite3.connect(office.db, isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    end = threading.Timer(0.2, lambda: other.execute("ROLLBACK"))
    end.start()
    office.do("attach", dossier, *PAPER, who=officer)
    end.join()
    other.close()


# --- a full disk ------------------------------------------------------------------------------------------------------


def limited(bytes_: int, *words: str, office: Office, who: str) -> subprocess.CompletedProcess[str]:
    """A command whose files may not grow beyond a size."""
    env = {**os.environ, "OCOP_NOW": f"{office.day}T10:00:00+07:00", "OCOP_LANG": "en"}
    return subprocess.run(
        [sys.executable, "-m", "ocop_flow", *words, "--db", str(office.db), "--as", who, "--json"],
        env=env,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (bytes_, bytes_)),
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_disk_that_fills_up_in_the_middle_of_an_import_keeps_what_it_said_was_done(
    office: Office, tmp_path: Path
) -> None:
    """Lines said to be done are there; the others are told with exit 6; with room again their keys finish the file."""
    file = tmp_path / "many.csv"
    rows = ["commune,product,entity,entity_kind,product_set,kind,track,key"]
    rows += [f"{COMMUNE},SP {n},HTX {n},cooperative,coffee_cacao,first,existing_product,k{n}" for n in range(LINES)]
    file.write_text("\n".join(rows), encoding="utf-8")
    officer = office.holder("officer", COMMUNE)
    full = limited(ROOM, "dossier", "import", str(file), office=office, who=officer)
    answers: list[dict[str, Any]] = json_of(full)
    done = [line for line in answers if line["exit"] == 0]
    assert 0 < len(done) < LINES
    assert len(done) % GROUP == 0
    assert {reason["code"] for line in answers if line["exit"] for reason in line["error"]["reasons"]} == {"disk_full"}
    assert {line["exit"] for line in answers} == {0, 6}
    listed = office.do("dossier", "list")
    assert {line["result"]["code"] for line in done} == {item["code"] for item in listed}
    assert office.do("audit", "verify")["ok"]
    again = office.do("dossier", "import", str(file), who=officer)
    assert [line["exit"] for line in again] == [0] * LINES
    assert [line["result"] for line in again[: len(done)]] == [line["result"] for line in done]
    assert office.do("audit", "verify")["ok"]


def json_of(ended: subprocess.CompletedProcess[str]) -> Any:
    assert ended.stdout, ended.stderr
    return json.loads(ended.stdout)


# --- a damaged file ---------------------------------------------------------------------------------------------------


def overwrite(db: Path, old: bytes, new: bytes) -> None:
    """Change bytes of the file where they stand, behind the database's back."""
    content = db.read_bytes()
    assert old in content
    db.write_bytes(content.replace(old, new, 1))


def whole(db: Path, folder: Path) -> Path:
    """A copy of a database with its write-ahead log written back."""
    with closing(sqlite3.connect(db)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    copy = folder / "damaged.db"
    shutil.copyfile(db, copy)
    return copy


def page(db: Path, name: str) -> int:
    with closing(sqlite3.connect(db)) as connection:
        (found,) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", (name,)).fetchone()
    return int(found)


@pytest.mark.parametrize("table", ["unit", "ix_unit_folded", "deadline", "document"])
def test_a_page_of_the_file_that_is_damaged_is_named_by_verify_and_by_doctor(
    office: Office, dossier: str, tmp_path: Path, table: str
) -> None:
    """Even where no event is touched: nobody should work on in such a file."""
    damaged = whole(office.db, tmp_path)
    number = page(damaged, table)
    with damaged.open("r+b") as file:
        file.seek((number - 1) * 4096)
        file.write(b"\xff" * 64)
    for words in (["audit", "verify"], ["doctor"]):
        answer = ocop(*words, "--db", str(damaged), "--json", lang="en")
        assert answer.exit == 6, answer.out + answer.err
        assert answer.codes == ["database_damaged"]
        assert answer.document["reasons"][0]["remedy"]


def test_a_changed_byte_of_an_event_or_of_a_law_is_found_where_the_file_itself_is_sound(
    office: Office, dossier: str, tmp_path: Path
) -> None:
    """What SQLite cannot see, the hashes do."""
    damaged = whole(office.db, tmp_path)
    overwrite(damaged, b'{"action":"open","actor":{"login":"officer.', b'{"action":"open","actor":{"login":"offices.')
    answer = ocop("audit", "verify", "--db", str(damaged), "--json")
    assert answer.exit == 1
    assert ("modified", dossier) in {(each["kind"], each["dossier"]) for each in answer.document["problems"]}
    damaged = whole(office.db, tmp_path)
    with closing(sqlite3.connect(damaged)) as connection:
        digest, body = connection.execute("SELECT hash, body FROM document ORDER BY length(body) DESC").fetchone()
    overwrite(damaged, body[10_000:10_050], body[10_000:10_049] + b"?")
    answer = ocop("audit", "verify", "--db", str(damaged), "--json")
    assert answer.exit == 1
    assert [(each["kind"], each["dossier"]) for each in answer.document["problems"]] == [("modified", digest)]


# --- a clock that jumps -----------------------------------------------------------------------------------------------


def test_a_clock_that_jumps_back_breaks_no_history(office: Office, dossier: str) -> None:
    """A row carries an instant never earlier than the one before it, whatever the clock says (STYLE: time comes in)."""
    officer = office.holder("officer", COMMUNE)
    for day in ("2026-06-03", "2026-06-01", "2026-06-02"):
        office.day = day
        office.do("attach", dossier, *PAPER, who=officer)
    recorded = [event["recorded_at"] for event in office.do("dossier", "history", dossier)]
    assert recorded == sorted(recorded)
    assert office.do("audit", "verify")["ok"]
    before = dump(office.db)
    office.do("doctor", "--rebuild", who="admin")
    assert dump(office.db)["deadline"] == before["deadline"]
