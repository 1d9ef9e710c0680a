"""A backup is one file that is whole, true to its moment, and goes back into either database or not at all."""

from __future__ import annotations

import contextlib
import hashlib
import json
import random
import shutil
import sqlite3
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from ocop_flow import backup, bootstrap, restore
from ocop_flow.config import Settings, url_of
from ocop_flow.errors import Unavailable
from tests import postgres
from tests.cli.contract import held
from tests.cli.office import Office, ocop
from tests.databases import ServerDatabase, folder_of, fresh_name, raw, server_database, standing_in

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

both = pytest.mark.both_databases
COMMUNE = "12103"


@pytest.fixture
def at_work(office: Office, tmp_path: Path) -> Office:
    """An office with a dossier that was moved, with evidence, and one that was opened."""
    scan = tmp_path / "phiếu.pdf"
    scan.write_bytes(b"%PDF-1.7 phi\xe1\xba\xbfu \xff\x00" * 100)
    first = office.open(COMMUNE, "Tương bần", track="existing_product")
    office.do("attach", first, str(scan), "--kind", "sample", who=office.holder("officer", COMMUNE))
    office.take(first, "return_for_supplement")
    office.open(COMMUNE, "Mật ong nhãn")
    return office


@pytest.fixture
def made(at_work: Office, tmp_path: Path) -> Path:
    """Its backup."""
    file = tmp_path / "ocop.backup"
    held(at_work.do("backup", str(file)), "backup")
    return file


@pytest.fixture
def empty(office: Office, tmp_path: Path) -> Iterator[Callable[[], Path]]:
    """Makes a database of the same kind that is not there yet, or is empty; with a folder of its own."""
    yield lambda: _empty(office.db, tmp_path / fresh_name())


def _empty(like: Path, folder: Path) -> Path:
    folder.mkdir()
    served = server_database(like)
    if served is None:
        return folder / "ocop.db"
    made = ServerDatabase(served.server, fresh_name(), like.parent)
    made.server.make(made.name)
    return standing_in(made)


def keys_of(db: str) -> Path:
    return bootstrap.keys_beside(url_of(db))


def restored(file: Path, db: Path, *words: str) -> Any:
    answer = ocop("restore", str(file), "--db", str(db), "--json", *words)
    assert answer.exit == 0, answer.out + answer.err
    return answer.document


def rows(db: Path) -> dict[str, list[str]]:
    """Every row of the record, in any order; none is left out but who is logged in and the count for caches."""
    with raw(db) as connection:
        names = [
            row[0]
            for row in connection.execute(
                "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
                if server_database(db)
                else "SELECT name FROM sqlite_master WHERE type = 'table'"
            )
        ]
        kept = [name for name in names if name not in ("session", "reference")]
        return {name: sorted(map(repr, connection.execute(f'SELECT * FROM "{name}"'))) for name in kept}


def nothing_at(db: Path) -> bool:
    served = server_database(db)
    if served is None:
        return list(db.parent.iterdir()) == []
    with served.server.connect(served.name) as connection:
        found = connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone()
    folder = bootstrap.files_beside(url_of(str(db)))
    return found == (0,) and not folder.with_name(folder.name + ".restoring").exists()


@both
def test_what_is_put_back_is_what_was_there_row_by_row(at_work: Office, made: Path, empty: Callable[[], Path]) -> None:
    db = empty()
    told = held(restored(made, db), "restore")
    assert rows(db) == rows(at_work.db)
    assert told["ok"] and told["views_rebuilt"] == [] and told["files"] == 1
    assert told["head"]["size"] == told["events"]


@both
def test_who_restores_goes_on_working_with_evidence_at_hand(
    at_work: Office, made: Path, empty: Callable[[], Path]
) -> None:
    """Numbers go on where they were, and the scheduler with its heads once the key ring is back."""
    db = empty()
    restored(made, db)
    shutil.copy(keys_of(str(at_work.db)), keys_of(str(db)))
    again = Office(db)
    again.open(COMMUNE, "Bánh gai")
    assert again.do("scheduler", "run", "--once")["heads"]["heads"] == 1
    verified = again.do("audit", "verify")
    assert verified["ok"] and verified["warnings"] == [] and verified["heads"] == 2
    (file,) = [each for each in folder_of(db).rglob("*") if each.is_file()]
    assert hashlib.sha256(file.read_bytes()).hexdigest() == file.name


def test_one_file_goes_back_into_the_other_database_too(
    at_work: Office, made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An office that grows from a file to a server takes everything along; and back."""
    place = tmp_path / "other"
    place.mkdir()
    monkeypatch.chdir(place)
    other: Path = place / "ocop.db"
    if server_database(at_work.db) is None:
        server = postgres.shared()
        served = ServerDatabase(server, fresh_name(), place)
        server.make(served.name)
        other = standing_in(served)
    restored(made, other)
    for words in (["dossier", "list"], ["person", "list"], ["deadline", "list"], ["audit", "verify", "--log-only"]):
        assert _but_warnings(Office(other).do(*words)) == _but_warnings(at_work.do(*words)), words
    back = tmp_path / "back.backup"
    Office(other).do("backup", str(back))
    with zipfile.ZipFile(made) as one, zipfile.ZipFile(back) as two:
        for name in one.namelist():
            if name.startswith(("tables/", "files/")):
                assert one.read(name) == two.read(name), name


def _but_warnings(document: Any) -> Any:
    return {k: v for k, v in document.items() if k != "warnings"} if isinstance(document, dict) else document


@both
def test_a_backup_is_of_one_moment_while_others_write(
    at_work: Office, tmp_path: Path, empty: Callable[[], Path]
) -> None:
    """Between any two tables somebody opens another dossier: none of them is in it by half."""
    before = {item["code"] for item in at_work.do("dossier", "list")}
    opened: list[str] = []

    def meanwhile(_done: int, _total: int) -> None:
        if len(opened) < 6:
            opened.append(at_work.open(COMMUNE, f"Giữa chừng {len(opened)}"))

    settings = Settings(url_of(str(at_work.db)), "en", None, None)
    backup.make(settings, bootstrap.open_office(settings), str(tmp_path / "b"), keys=False, progress=meanwhile)
    assert len(opened) == 6
    db = empty()
    assert restored(tmp_path / "b", db)["ok"]
    assert {item["code"] for item in Office(db).do("dossier", "list")} == before


def test_whatever_byte_is_cut_changed_or_added_it_is_refused_and_leaves_nothing(
    made: Path, empty: Callable[[], Path], tmp_path: Path
) -> None:
    whole, chance, db = made.read_bytes(), random.Random(7), empty()
    bad = tmp_path / "bad"
    for _ in range(9):
        at = chance.randrange(4, len(whole))
        for data in (whole[:at], whole[:at] + bytes([whole[at] ^ 1 << chance.randrange(8)]) + whole[at + 1 :]):
            bad.write_bytes(data)
            answer = ocop("restore", str(bad), "--db", str(db), "--json")
            assert (answer.exit, answer.codes, nothing_at(db)) == (2, ["backup_damaged"], True)
    bad.write_bytes(whole + b"\n")
    assert ocop("restore", str(bad), "--db", str(db), "--json").codes == ["backup_damaged"]


@pytest.mark.postgres
def test_a_server_that_goes_away_in_the_middle_is_left_with_nothing(made: Path, empty: Callable[[], Path]) -> None:
    """Schema and rows are one transaction; evidence that was put there for them goes again."""
    db = empty()
    served = server_database(db)
    assert served is not None
    settings = Settings(url_of(str(db)), "en", None, None)
    folder = bootstrap.files_beside(settings.db)
    assert not folder.exists()

    def watching(title: str) -> Callable[[int, int], None]:
        def cut(done: int, total: int) -> None:
            with served.server.connect() as connection:
                connection.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s "
                    "AND pid <> pg_backend_pid()",
                    [served.name],
                )

        return cut if title == "Filling" else lambda _done, _total: None

    with pytest.raises(Unavailable):
        restore.restore(settings, str(made), faulty=False, partitions=None, dry_run=False, progress=watching)
    assert nothing_at(db)
    assert [each for each in folder.rglob("*") if each.is_file()] == []
    assert restored(made, db)["ok"]


@pytest.mark.parametrize("data", [b"", b"PK", b"SQLite format 3\x00" + b"\x00" * 200, b"\x1f\x8b\x08" + b"x" * 99])
def test_a_file_that_is_no_backup_is_refused(data: bytes, tmp_path: Path, empty: Callable[[], Path]) -> None:
    (tmp_path / "f").write_bytes(data)
    db = empty()
    answer = ocop("restore", str(tmp_path / "f"), "--db", str(db), "--json")
    assert (answer.exit, answer.codes, nothing_at(db)) == (2, ["backup_foreign"], True)


def forged(made: Path, target: Path, change: Callable[[dict[str, bytes]], None], *, signed: bool) -> Path:
    """A backup changed by one who knows its form: all digests fit again."""
    with zipfile.ZipFile(made) as archive:
        entries = {name: archive.read(name) for name in archive.namelist()}
    change(entries)
    manifest = json.loads(entries.pop("manifest.json"))
    note = entries.pop("manifest.note")
    for name, data in entries.items():
        manifest["entries"][name] = {"size": len(data), "sha256": hashlib.sha256(data).hexdigest()}
    if not signed:
        manifest["key"] = None
    with zipfile.ZipFile(target, "w") as archive:
        for name, data in {**entries, "manifest.json": json.dumps(manifest).encode()}.items():
            archive.writestr(name, data)
        if signed:
            archive.writestr("manifest.note", note)
        archive.comment = b"0" * 64
    data = target.read_bytes()[:-64]
    target.write_bytes(data + hashlib.sha256(data).hexdigest().encode())
    return target


def _other_reason(entries: dict[str, bytes]) -> None:
    assert entries["tables/event"].count("theo hồ sơ".encode()) > 0
    entries["tables/event"] = entries["tables/event"].replace("theo hồ sơ".encode(), "theo yêu cầu".encode())


@pytest.mark.parametrize(("signed", "code"), [(True, "backup_damaged"), (False, "backup_log_faulty")])
def test_an_event_rewritten_with_all_digests_is_seen_by_the_signature_or_by_the_log(
    signed: bool, code: str, made: Path, tmp_path: Path, empty: Callable[[], Path]
) -> None:
    bad, db = forged(made, tmp_path / "forged", _other_reason, signed=signed), empty()
    answer = ocop("restore", str(bad), "--db", str(db), "--json")
    assert (answer.exit, answer.codes, nothing_at(db)) == (2, [code], True)


def test_a_faulty_log_can_be_put_back_as_it_was_to_look_into_it(
    made: Path, tmp_path: Path, empty: Callable[[], Path]
) -> None:
    bad, db = forged(made, tmp_path / "forged", _other_reason, signed=False), empty()
    answer = ocop("restore", str(bad), "--db", str(db), "--json", "--even-faulty")
    assert answer.exit == 1 and not answer.document["ok"]
    assert {item["kind"] for item in Office(db).ask("audit", "verify").document["problems"]} >= {"modified"}


def test_views_that_differ_from_the_log_are_made_anew(
    at_work: Office, tmp_path: Path, empty: Callable[[], Path]
) -> None:
    """A view is a fold of the log: what a hand wrote into it is not put back."""
    with raw(at_work.db) as connection:
        connection.execute("UPDATE product SET name = 'tay người khác'")
        connection.execute("UPDATE deadline SET due_on = '2031-01-01'")
    at_work.do("backup", str(tmp_path / "b"))
    db = empty()
    told = restored(tmp_path / "b", db)
    assert told["ok"] and told["views_rebuilt"] == ["product", "deadline"]
    assert Office(db).do("doctor", "--rebuild")["problems"] == []
    assert "tay người khác" not in str(rows(db)["product"])


def test_nothing_is_put_over_something(at_work: Office, made: Path) -> None:
    assert at_work.refuses(6, "restore", str(made)) == ["restore_not_empty"]
    assert at_work.refuses(2, "backup", str(made)) == ["backup_exists"]


def test_trying_checks_everything_and_leaves_nothing(made: Path, empty: Callable[[], Path]) -> None:
    db = empty()
    assert restored(made, db, "--dry-run")["ok"]
    assert nothing_at(db)


def test_keys_stay_out_unless_asked_for(at_work: Office, tmp_path: Path, empty: Callable[[], Path]) -> None:
    """Who has the file could sign in the office's name."""
    plain, full = tmp_path / "plain", tmp_path / "full"
    assert not at_work.do("backup", str(plain))["keys"]
    at_work.do("backup", str(full), "--with-keys")
    seed = json.loads(keys_of(str(at_work.db)).read_bytes())["keys"][0]["seed"]
    with zipfile.ZipFile(plain) as one, zipfile.ZipFile(full) as two:
        assert not any(seed.encode() in one.read(name) for name in one.namelist())
        assert seed.encode() in two.read("keys")
    db = empty()
    assert [item["code"] for item in restored(plain, db)["warnings"]] == ["restored_without_keys"]
    db = empty()
    assert restored(full, db)["warnings"] == []
    assert keys_of(str(db)).stat().st_mode & 0o077 == 0
    assert Office(db).do("audit", "verify")["warnings"] == []


def test_the_key_ring_that_is_there_must_know_who_signed(
    made: Path, tmp_path: Path, empty: Callable[[], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file that another office made, or somebody in its name."""
    other = tmp_path / "another.db"
    assert ocop("init", "--sandbox", "--db", str(other)).exit == 0
    monkeypatch.setenv("OCOP_KEYS", str(keys_of(str(other))))
    db = empty()
    answer = ocop("restore", str(made), "--db", str(db), "--json")
    assert (answer.exit, answer.codes, nothing_at(db)) == (2, ["backup_key_unknown"], True)


def test_an_evidence_file_that_is_missing_is_told_and_stops_no_backup(
    at_work: Office, tmp_path: Path, empty: Callable[[], Path]
) -> None:
    (file,) = [each for each in folder_of(at_work.db).rglob("*") if each.is_file()]
    file.unlink()
    told = at_work.do("backup", str(tmp_path / "b"))
    assert told["missing"] == [file.name]
    assert [item["code"] for item in told["warnings"]] == ["evidence_missing_now"]
    assert restored(tmp_path / "b", empty())["ok"]


def test_a_backup_that_cannot_be_written_leaves_no_half_of_it(at_work: Office, tmp_path: Path) -> None:
    before = sorted(tmp_path.iterdir())
    assert at_work.ask("backup", str(tmp_path / "nowhere" / "b")).codes == ["file_unwritable"]
    with contextlib.suppress(sqlite3.Error, Exception), raw(at_work.db) as connection:
        connection.execute("ALTER TABLE personal RENAME TO elsewhere")
    assert at_work.ask("backup", str(tmp_path / "b")).exit == 6
    assert sorted(each for each in tmp_path.iterdir() if "-wal" not in each.name and "-shm" not in each.name) == [
        each for each in before if "-wal" not in each.name and "-shm" not in each.name
    ]
