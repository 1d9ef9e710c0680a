"""The database: append-only by itself, rebuilt from its log, and refused where it cannot be trusted.

DESIGN principles 1 and 8, sections 7 (exit 6) and 9.
"""

from __future__ import annotations

import contextlib
import errno
import os
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import Table

from ocop_flow import bootstrap
from ocop_flow.config import Settings, url_of
from ocop_flow.service.rebuild import VIEWS
from ocop_flow.store import sqlite_file
from ocop_flow.store.schema import views
from ocop_flow.store.transaction import Transaction
from tests.cli.office import Office, dump, files, ocop
from tests.databases import REFUSALS, raw

if TYPE_CHECKING:
    pass

COMMUNE = "12103"


@pytest.fixture
def worked(office: Office) -> Office:
    """An office in which a dossier was recognised, another returned, and one undone."""
    office.walk(office.open(COMMUNE, "Cà phê", track="existing_product"), "promotion")
    office.take(office.open(COMMUNE, "Ca cao", track="existing_product"), "return_for_supplement")
    undone = office.open(COMMUNE, "Trà", track="existing_product")
    office.take(undone, "return_for_supplement")
    office.do("undo", undone, who=office.holder("officer", COMMUNE))
    return office


def write_words() -> list[str]:
    return ["person", "add", "newcomer", "--name", "Cán bộ mới"]


# --- the log is append-only ------------------------------------------------------------------------------------------


@pytest.mark.both_databases
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE event SET occurred_on = '2020-01-01'",
        "UPDATE event SET seq = seq + 100 WHERE id = 1",
        "DELETE FROM event",
        "DELETE FROM event WHERE id = (SELECT max(id) FROM event)",
        "UPDATE document SET kind = 'another'",
        "DELETE FROM document",
        "INSERT INTO event SELECT * FROM event WHERE id = 1 ON CONFLICT (id) DO UPDATE SET seq = event.seq + 1",
    ],
)
def test_what_is_recorded_is_not_changed_by_any_statement(office: Office, statement: str) -> None:
    """Nothing is deleted or edited (principle 8), neither an event nor the law that it was decided under."""
    before = dump(office.db)
    with raw(office.db) as connection, pytest.raises(REFUSALS, match="append-only"):
        connection.execute(statement)
    assert dump(office.db) == before


@pytest.mark.sqlite
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE event SET body = x'00' WHERE id = 1",
        "INSERT OR REPLACE INTO event SELECT * FROM event WHERE id = 1",
        "REPLACE INTO event SELECT * FROM event",
        "UPDATE document SET body = x'00'",
        "INSERT OR REPLACE INTO document SELECT hash, kind, x'00' FROM document",
    ],
)
def test_the_database_itself_refuses_to_change_what_is_recorded(worked: Office, statement: str) -> None:
    """Nothing is deleted or edited (principle 8), neither an event nor the law that it was decided under."""
    before = dump(worked.db)
    with raw(worked.db) as connection, pytest.raises(sqlite3.IntegrityError, match="append-only"):
        connection.execute(statement)
    assert dump(worked.db) == before


@pytest.mark.both_databases
def test_an_event_of_the_same_number_is_refused(worked: Office) -> None:
    """(subject, sequence) is unique: two writers cannot both have the next number."""
    with raw(worked.db) as connection, pytest.raises(REFUSALS):
        connection.execute(
            "INSERT INTO event (subject_kind, subject, seq, hash, action, recorded_at, occurred_on, body) "
            "SELECT subject_kind, subject, seq, 'another hash', action, recorded_at, occurred_on, body "
            "FROM event WHERE id = 1"
        )


# --- views are caches ------------------------------------------------------------------------------------------------


@pytest.mark.both_databases
def test_every_view_can_be_dropped_and_is_rebuilt_row_for_row(worked: Office) -> None:
    """The log is the truth (principle 1)."""
    before = dump(worked.db)
    with raw(worked.db) as connection:
        for name in VIEWS:
            connection.execute(f"DELETE FROM {name}")
    assert worked.ask("dossier", "list").document == []
    assert worked.ask("doctor", "--rebuild").exit == 1  # it tells that the views differed
    assert dump(worked.db) == before
    assert worked.do("doctor", "--rebuild")["problems"] == []
    assert dump(worked.db) == before


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE dossier SET fold = replace(fold, 'registration.supplement', 'promotion.active')",
        "DELETE FROM dossier",
    ],
)
def test_a_view_changed_by_hand_is_found_and_mended(worked: Office, statement: str) -> None:
    """``view_differs`` is a problem (exit 1); rebuilding mends it."""
    before = dump(worked.db)
    with raw(worked.db) as connection:
        connection.execute(statement)
    answer = worked.ask("audit", "verify")
    assert answer.exit == 1
    assert {item["kind"] for item in answer.document["problems"]} == {"view_differs"}
    worked.ask("doctor", "--rebuild")
    assert dump(worked.db) == before
    assert worked.do("audit", "verify")["ok"]


@pytest.mark.both_databases
@pytest.mark.parametrize("fold", ["{", "{}", "[]", '{"code":"HS-2026-000001-L","version":"1"}'])
def test_a_row_that_cannot_be_read_is_named_and_made_anew(worked: Office, fold: str) -> None:
    """Exit 6 with what to do, wherever the dossier is asked for, to read or to move it."""
    before = dump(worked.db)
    (code, *_) = [item["code"] for item in worked.do("dossier", "list")]
    with raw(worked.db) as connection:
        connection.execute(f"UPDATE dossier SET fold = '{fold}' WHERE code = '{code}'")
    officer = worked.holder("officer", COMMUNE)
    for words in (["dossier", "show", code], ["dossier", "list"], ["advance", code, "undo", "--reason", "nhầm"]):
        assert worked.refuses(6, *words, who=officer) == ["view_unreadable"]
    assert worked.ask("doctor").exit == 1
    worked.ask("doctor", "--rebuild")
    assert dump(worked.db) == before


@pytest.mark.both_databases
def test_a_table_that_is_gone_is_named_by_the_doctor(office: Office) -> None:
    """As a damaged database: exit 6 (DESIGN section 7), whatever the table holds and however the doctor is asked."""
    for name in ("counter", "command", "login", "entity_notice", "unit_contact", "reminder_act", "sending"):
        with raw(office.db) as connection:
            connection.execute(f"ALTER TABLE {name} RENAME TO kept_aside")
        for words in (["doctor"], ["doctor", "--rebuild", "--dry-run"], ["audit", "verify"]):
            answer = office.ask(*words)
            assert (answer.exit, answer.codes) == (6, ["tables_missing"]), name
            assert f" {name}." in answer.document["reasons"][0]["message"]
        with raw(office.db) as connection:
            connection.execute(f"ALTER TABLE kept_aside RENAME TO {name}")
    assert office.ask("doctor").exit == 0
    with raw(office.db) as connection:
        connection.execute("DROP TABLE counter")
        connection.execute("DROP TABLE login")
    assert office.refuses(6, "doctor") == ["tables_missing"]
    assert "counter, login" in office.ask("doctor").document["reasons"][0]["message"]


@pytest.mark.both_databases
@pytest.mark.parametrize("change", ["due_on = 'x'", "stopped = '{'", "stopped = '[1]'", "start_on = '2026'"])
def test_a_duty_that_cannot_be_read_is_named_and_made_anew(worked: Office, change: str) -> None:
    """As a dossier that cannot be read: exit 6 with what to do, or the rest of the answer; never a fault of ours."""
    before = dump(worked.db)
    with raw(worked.db) as connection:
        connection.execute(f"UPDATE deadline SET {change}")
    officer = worked.holder("officer", COMMUNE)
    if "start_on" not in change:
        assert worked.refuses(6, "deadline", "list") == ["deadline_unreadable"]
    for words in (
        ["deadline", "list"],
        ["inbox", "--unit", COMMUNE],
        ["dossier", "list"],
        ["worklist", "make", "--unit", COMMUNE, "--out", "viec.xlsx", "--dry-run"],
        ["remind", "list"],
        ["remind", "scan", "--dry-run"],
        ["remind", "audit", "--from", "2026-05-01", "--to", "2026-07-01"],
        ["report", "deadlines", "--unit", COMMUNE],
    ):
        answer = worked.ask(*words, who=officer)
        assert answer.exit in (0, 1, 2, 6), (words, answer.err)
        assert answer.exit != 6 or answer.codes == ["deadline_unreadable"], words
    worked.ask("doctor", "--rebuild")
    assert dump(worked.db) == before


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("statement", "kind"),
    [
        ("UPDATE event SET body = replace(body, 'thiếu', 'có') WHERE action = 'return_for_supplement'", "modified"),
        ("DELETE FROM event WHERE subject_kind = 'dossier' AND seq = 2", "missing"),
        ("UPDATE event SET seq = seq + 100 WHERE subject_kind = 'dossier' AND action = 'open'", "modified"),
    ],
)
def test_an_event_changed_with_the_triggers_removed_is_found(worked: Office, statement: str, kind: str) -> None:
    """A hash chain finds what a database administrator does behind the product's back."""
    words = ["return_for_supplement", "--reason", "thiếu mẫu"]
    dossier = worked.open(COMMUNE, "Mật ong", track="existing_product")
    worked.do("advance", dossier, *words, who=worked.holder("officer", COMMUNE))
    with raw(worked.db) as connection:
        for name in ("event_no_update", "event_no_delete", "event_no_replace"):
            connection.execute(f"DROP TRIGGER {name}")
        assert connection.execute(statement.replace("body, ", "CAST(body AS TEXT), ")).rowcount > 0
    answer = worked.ask("audit", "verify")
    assert answer.exit == 1
    found = {item["kind"] for item in answer.document["problems"]}
    assert found & {kind, "modified", "missing", "reordered", "view_differs"}
    assert worked.ask("doctor").exit == 1


# --- what a command loads ---


@pytest.mark.sqlite
@pytest.mark.parametrize(
    "words",
    [
        ["dossier", "list"],
        ["inbox"],
        ["certificate", "list"],
        ["audit", "verify"],
        ["attach", "DOSSIER", "--kind", "other", "--copies", "1"],
        ["advance", "DOSSIER", "return_for_supplement", "--reason", "thiếu mẫu"],
    ],
    ids=lambda words: words[0],
)
def test_a_command_on_a_file_loads_no_sqlalchemy(office: Office, words: list[str]) -> None:
    """Each is a process of its own, and loading it takes longer than the command (docs/adr/0007)."""
    dossier, officer = office.open(COMMUNE, "Cà phê", track="existing_product"), office.holder("officer", COMMUNE)
    typed = [dossier if word == "DOSSIER" else word for word in words]
    typed += ["--db", str(office.db), "--as", officer]
    code = f"import sys; from ocop_flow.cli import run; print(run({typed!r}), 'sqlalchemy' in sys.modules)"
    environment = {**os.environ, "OCOP_NOW": f"{office.day}T10:00:00+07:00"}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, check=True, text=True)
    assert done.stdout.splitlines()[-1] == "0 False"


# --- a database that cannot be used ----------------------------------------------------------------------------------


def unusable(office: Office, code: str, *words: str) -> None:
    """Both reading (if ``words`` are given) or writing is exit 6 with this code, and nothing is written."""
    assert office.refuses(6, *(words or write_words()), who="admin") == [code]


@pytest.mark.sqlite
def test_a_locked_database_is_told_as_such_and_nothing_is_written(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another writer holds it longer than one waits."""
    monkeypatch.setattr("ocop_flow.store.sqlite_file.BUSY_TIMEOUT_MS", 20)
    with raw(office.db) as connection:
        connection.execute("BEGIN IMMEDIATE")
        unusable(office, "database_locked")
        assert office.ask("dossier", "list").exit == 0  # readers are not kept waiting
    office.do(*write_words(), who="admin")


@pytest.mark.sqlite
def test_what_is_committed_is_not_reported_as_failed_when_another_takes_the_database_right_after(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Exit 0 means written and exit 6 means not: an answer is never the opposite of what happened."""
    monkeypatch.setattr("ocop_flow.store.sqlite_file.BUSY_TIMEOUT_MS", 20)
    commit = Transaction.commit
    with raw(office.db) as other:

        def committing(transaction: Transaction) -> None:
            commit(transaction)
            other.execute("BEGIN IMMEDIATE")

        monkeypatch.setattr(Transaction, "commit", committing)
        answer = office.ask(*write_words(), who="admin")
        monkeypatch.undo()
    assert answer.exit == 0, answer.out
    assert "newcomer" in {item["handle"] for item in office.do("person", "list")}


@pytest.mark.sqlite
def test_a_read_only_database_is_told_as_such(office: Office) -> None:
    """SQLite takes a file whose header asks for a newer writer (byte 18 above 2) as read-only, for root too."""
    with raw(office.db) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    with office.db.open("r+b") as file:
        file.seek(18)
        file.write(b"\x03")
    unusable(office, "database_read_only")


def test_a_database_of_a_newer_schema_is_left_alone(office: Office) -> None:
    """This program does not know what the newer one wrote."""
    with raw(office.db) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    unusable(office, "database_newer")
    unusable(office, "database_newer", "dossier", "list")
    unusable(office, "database_newer", "init", "--sandbox")


def test_a_database_of_an_older_schema_asks_for_the_upgrade(office: Office) -> None:
    with raw(office.db) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '0000'")
    answer = office.ask("dossier", "list")
    assert (answer.exit, answer.codes) == (6, ["database_older"])
    assert "ocop init --upgrade" in answer.document["reasons"][0]["remedy"]


def foreign(folder: Path) -> dict[str, Path]:
    """Files that are not ours."""
    other, garbage, empty = folder / "other.db", folder / "garbage.db", folder / "empty.db"
    with raw(other) as connection:
        connection.execute("CREATE TABLE invoices (number TEXT)")
        connection.execute("INSERT INTO invoices VALUES ('1')")
    garbage.write_bytes(b"This is no database at all. " * 100)
    empty.touch()
    return {"another product's": other, "no database": garbage, "empty": empty, "a folder": folder}


@pytest.mark.parametrize("name", ["another product's", "no database", "empty", "a folder"])
def test_a_file_that_is_not_ours_is_left_alone(tmp_path: Path, name: str) -> None:
    """``--db`` pointed at something else: exit 6, and not a byte of it changes."""
    path = foreign(tmp_path)[name]
    before = path.read_bytes() if path.is_file() else b""
    for words in (["dossier", "list"], ["person", "add", "x", "--name", "X", "--as", "admin"]):
        answer = ocop(*words, "--db", str(path), "--json")
        assert (answer.exit, answer.codes) == (6, ["database_not_ours"])
    if name != "empty":  # an empty file is a fit place for a new database
        assert ocop("init", "--sandbox", "--db", str(path), "--json").exit == 6
    assert (path.read_bytes() if path.is_file() else b"") == before


def test_a_database_that_is_not_there_is_not_made_by_the_way(tmp_path: Path) -> None:
    """Only ``init`` makes one: a mistyped path is told."""
    path = tmp_path / "absent.db"
    answer = ocop("dossier", "list", "--db", str(path), "--json")
    assert (answer.exit, answer.codes) == (6, ["database_missing"])
    assert not path.exists()


@pytest.mark.parametrize("url", ["nonsense://x", "postgresql+nodriver://h/db", "://"])
def test_an_address_that_cannot_be_used_is_told(url: str) -> None:
    answer = ocop("dossier", "list", "--db", url, "--json")
    assert answer.exit == 6
    assert answer.codes == ["database_url_unreadable"]


@pytest.mark.parametrize("url", ["mysql://x/db", "oracle://x", "postgresql://h/db", "postgresql+psycopg2://h/db"])
def test_a_database_of_another_kind_or_driver_is_told_with_those_that_are_served(url: str) -> None:
    """SQLite, and PostgreSQL by psycopg (DESIGN section 7): no extra makes another one fit."""
    answer = ocop("dossier", "list", "--db", url, "--json", lang="en")
    assert (answer.exit, answer.codes) == (6, ["database_url_unreadable"])
    assert "postgresql+psycopg://" in answer.document["reasons"][0]["remedy"]


@pytest.mark.sqlite
@pytest.mark.parametrize("kind", ["nfs", "nfs4", "cifs", "smb3", "fuse.sshfs", "9p"])
def test_a_database_on_a_network_share_is_refused(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    """SQLite's locks cannot be trusted there: refused (DESIGN section 9), at init too."""
    read, exists = Path.read_text, Path.exists

    def mounts(path: Path, *args: Any, **kwargs: Any) -> str:
        if str(path) != "/proc/mounts":
            return read(path, *args, **kwargs)
        return f"rootfs / ext4 rw 0 0\nserver:/share {tmp_path} {kind} rw 0 0\n"

    monkeypatch.setattr(Path, "read_text", mounts)
    monkeypatch.setattr(Path, "exists", lambda path, **kw: str(path) == "/proc/mounts" or exists(path, **kw))
    unusable(office, "database_on_network_share")
    unusable(office, "database_on_network_share", "dossier", "list")
    answer = ocop("init", "--sandbox", "--db", str(tmp_path / "new.db"), "--json")
    assert (answer.exit, answer.codes) == (6, ["database_on_network_share"])
    assert not exists(tmp_path / "new.db")


@pytest.fixture
def full_disk(office: Office, monkeypatch: pytest.MonkeyPatch) -> Office:
    """The database may not grow by one page: every connection says so to SQLite. An officer is appointed before."""
    office.holder("officer", COMMUNE)
    with raw(office.db) as connection:
        connection.execute("VACUUM")
        pages = connection.execute("PRAGMA page_count").fetchone()[0]

    configure = sqlite_file.configure

    def limit(connection: Any) -> None:
        configure(connection)
        connection.execute(f"PRAGMA max_page_count = {pages}")

    monkeypatch.setattr(sqlite_file, "configure", limit)
    return office


@pytest.mark.sqlite
def test_a_disk_that_fills_up_is_told_and_nothing_is_half_written(full_disk: Office, tmp_path: Path) -> None:
    """One transaction: all of it or nothing, and the database is sound afterwards."""
    file = tmp_path / "many.csv"
    officer = full_disk.holder("officer", COMMUNE)
    heading = "commune,product,entity,entity_kind,product_set,kind,track\n"
    lines = [f"{COMMUNE},Cà phê số {n},HTX số {n},cooperative,coffee_cacao,first,new_product\n" for n in range(99)]
    file.write_text(heading + "".join(lines), encoding="utf-8")
    before = dump(full_disk.db)
    answer = full_disk.ask("dossier", "import", str(file), who=officer)
    assert (answer.exit, answer.codes) == (6, ["disk_full"])
    assert dump(full_disk.db) == before
    assert full_disk.do("audit", "verify")["ok"]


def test_a_disk_that_fills_up_under_a_scan_leaves_neither_file_nor_event(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file is complete under its name or not there at all, and no event names one that is not there."""
    dossier = office.open(COMMUNE, "Cà phê", track="existing_product")
    scan = tmp_path / "form.pdf"
    scan.write_bytes(b"%PDF")

    def full(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("ocop_flow.content.os.fsync", full)
    officer = office.holder("officer", COMMUNE)
    words = ["attach", dossier, str(scan), "--kind", "registration_form"]
    assert office.refuses(6, *words, who=officer) == ["disk_full"]
    assert files(office.db) == []


# --- the port --------------------------------------------------------------------------------------------------------


@pytest.mark.both_databases
def test_leaving_a_unit_of_work_without_commit_writes_nothing(office: Office) -> None:
    """Safe default on exit (STYLE: one transaction per command)."""
    opened = bootstrap.open_office(Settings(url_of(str(office.db)), "en", None, None))
    before = dump(office.db)
    with opened.writer() as uow:
        uow.execute("INSERT INTO meta (name, value) VALUES ('x', 'y')")
    assert dump(office.db) == before
    with pytest.raises(ZeroDivisionError), opened.writer() as uow:
        uow.execute("INSERT INTO meta (name, value) VALUES ('x', 'y')")
        _ = 1 / 0
    assert dump(office.db) == before


@pytest.mark.both_databases
def test_a_savepoint_undoes_its_own_part_alone(office: Office) -> None:
    opened = bootstrap.open_office(Settings(url_of(str(office.db)), "en", None, None))
    with opened.writer() as uow:
        uow.execute("INSERT INTO meta (name, value) VALUES ('kept', '1')")
        with contextlib.suppress(ZeroDivisionError), uow.savepoint():
            uow.execute("INSERT INTO meta (name, value) VALUES ('undone', '1')")
            _ = 1 / 0
        uow.commit()
    with raw(office.db) as connection:
        names = {row[0] for row in connection.execute("SELECT name FROM meta")}
    assert "kept" in names
    assert "undone" not in names


def test_a_rebuild_makes_every_table_anew_that_the_schema_calls_a_fold() -> None:
    """A fold that is forgotten there would keep its old rows for good."""
    assert set(VIEWS) == {each.name for each in vars(views).values() if isinstance(each, Table)}


@pytest.mark.sqlite
def test_a_rebuild_names_every_view_whose_rows_are_not_those_of_the_log(worked: Office) -> None:
    """``doctor --rebuild --dry-run`` holds each view against the log and writes nothing.

    A row is taken from a view that has one; one is put into a view that has none.
    """
    assert worked.do("doctor", "--rebuild", "--dry-run", who="admin")["problems"] == []
    with raw(worked.db) as connection:
        for name in VIEWS:
            rowid = connection.execute(f"SELECT rowid FROM {name} LIMIT 1").fetchone()
            if rowid is not None:
                connection.execute(f"DELETE FROM {name} WHERE rowid = ?", rowid)
                continue
            columns = [row for row in connection.execute(f"PRAGMA table_info({name})") if row[3] or row[5]]
            values = ["0" if row[2] in ("INTEGER", "BOOLEAN") else "x" for row in columns]
            names, marks = ", ".join(f'"{row[1]}"' for row in columns), ", ".join("?" * len(columns))
            connection.execute(f"INSERT INTO {name} ({names}) VALUES ({marks})", values)
    answer = worked.ask("doctor", "--rebuild", "--dry-run", who="admin")
    assert answer.exit == 1
    assert [item["detail"] for item in answer.document["problems"]] == list(VIEWS)
    assert (
        worked.ask("doctor", "--rebuild", "--dry-run", who="admin").document["problems"] == answer.document["problems"]
    )
