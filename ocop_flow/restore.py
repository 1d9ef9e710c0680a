"""A backup put back: built and checked aside as a whole, then handed over, or nothing is left of it."""

from __future__ import annotations

import hashlib
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ocop_flow import bootstrap
from ocop_flow.backup import counted, shown_head
from ocop_flow.backupfile import Archive, damaged, opened
from ocop_flow.config import Settings, file_of, shown
from ocop_flow.content import FileContent
from ocop_flow.domain import head, note
from ocop_flow.errors import InputInvalid, Unavailable, reason
from ocop_flow.service import rebuild, verify
from ocop_flow.signing import KeyRing
from ocop_flow.signing import verify as key_holds
from ocop_flow.store import migrate, table_copy
from ocop_flow.store.connections import open_connections
from ocop_flow.store.engine import DRIVER_ERRORS, open_engine
from ocop_flow.store.faults import unavailable
from ocop_flow.store.revision import REVISION

if TYPE_CHECKING:
    from ocop_flow.domain.head import Checkpoint
    from ocop_flow.service.office import Office

Json = dict[str, Any]
#: Called with what is done and the total.
Progress = Callable[[int, int], None]
#: Faults of this machine, not of the backup.
_MACHINE = frozenset({"disk_full", "database_read_only", "database_cannot_open"})


def restore(
    settings: Settings,
    file: str,
    *,
    faulty: bool,
    partitions: int | None,
    dry_run: bool,
    progress: Callable[[str], Progress],
) -> Json:
    """Put a backup into a database that is not there yet, or is empty.

    faulty      whether a log that does not verify is put back too, as it was, with its problems told
    partitions  into how many tables the log is parted on a server; None: one
    dry_run     everything is built and checked aside, and nothing handed over
    progress    for a title, what is called with what is done and the total
    raises      InputInvalid for what is no backup, is cut, altered, or of another program version or office;
                Unavailable for a target that is not empty or cannot be used
    """
    with opened(Path(file)) as archive:
        _fits(archive)
        _check_target(settings, partitions)
        ring = _ring(archive, settings)
        with _aside(settings) as place:
            aside = replace(settings, db=f"sqlite:///{place / 'ocop.db'}", handle=None, now=None)
            _build(aside, archive, progress("Rows"))
            if "keys" in archive.entries and not ring.public_keys():
                _write_private(place / "keys", archive.content("keys"))
                ring = KeyRing(place / "keys")
            signs = bool(ring.public_keys())
            found = _judged(aside, archive, ring, progress("Events"))
            if found["problems"] and not faulty:
                first = found["problems"][0]
                raise InputInvalid(
                    reason("backup_log_faulty", file=file, count=len(found["problems"]), kind=first["kind"])
                )
            if not dry_run:
                _hand_over(aside, settings, ring, partitions, progress("Filling"))
    manifest = archive.manifest
    return {
        "file": file,
        "database": shown(settings.db),
        "log": manifest["log"],
        "made_at": manifest["made_at"],
        "version": manifest["version"],
        "rows": sum(manifest["rows"].values()),
        "files": sum(name.startswith("files/") for name in archive.entries),
        "missing": manifest["missing"],
        "head": shown_head(manifest["head"]),
        "key": archive.key,
        "keys": "keys" in archive.entries,
        **found,
        "warnings": [] if signs else [reason("restored_without_keys", path=str(_ring_path(settings)))],
    }


def _fits(archive: Archive) -> None:
    """raises InputInvalid for a backup of another schema."""
    found = archive.manifest["schema"]
    if found != REVISION:
        code = "backup_newer" if str(found) > REVISION else "backup_older"
        raise InputInvalid(reason(code, file=str(archive.path), version=archive.manifest["version"]))
    if {f"tables/{name}" for name in table_copy.tables()} - set(archive.entries):
        raise damaged(archive.path, "tables")


def _check_target(settings: Settings, partitions: int | None) -> None:
    from sqlalchemy import inspect

    file = file_of(settings.db)
    if file is not None and file.exists():
        raise Unavailable(reason("restore_not_empty", path=str(file)))
    engine = open_engine(settings.db, create=True)
    try:
        if engine.dialect.name == "sqlite" and file is None:
            raise Unavailable(reason("database_url_unreadable", url=shown(settings.db)))
        if partitions is not None:
            from ocop_flow.store.partitions import check

            check(engine.dialect.name, partitions)
        if file is None and inspect(engine).get_table_names():
            raise Unavailable(reason("restore_not_empty", path=shown(settings.db)))
    except DRIVER_ERRORS as error:
        raise unavailable(error, settings.db) from error
    finally:
        engine.dispose()


def _ring_path(settings: Settings) -> Path:
    return bootstrap.keys_beside(settings.db)


def _ring(archive: Archive, settings: Settings) -> KeyRing:
    """The key ring that is there; it must know the key that signed the backup.

    raises  InputInvalid for a key that the ring does not know; Unavailable where one is there and one is enclosed
    """
    path = _ring_path(settings)
    ring = KeyRing(path)
    known = ring.public_keys()
    if known and "keys" in archive.entries and archive.content("keys") != path.read_bytes():
        raise Unavailable(reason("restore_keys_there", path=str(path)))
    if known and archive.key is not None:
        _, public = note.parse_key(archive.key)
        if all(key.public != public for key in known):
            raise InputInvalid(reason("backup_key_unknown", file=str(archive.path), path=str(path)))
    return ring


@contextmanager
def _aside(settings: Settings) -> Iterator[Path]:
    """A folder beside the evidence, on the same disk, that is gone in the end whatever happens."""
    files = bootstrap.files_beside(settings.db)
    place = files.with_name(files.name + ".restoring")
    shutil.rmtree(place, ignore_errors=True)
    try:
        place.mkdir(parents=True)
        place.chmod(0o700)
        yield place
    except OSError as error:
        detail = error.strerror or str(error)
        raise Unavailable(reason("disk_full", path=str(place), detail=detail)) from error
    finally:
        shutil.rmtree(place, ignore_errors=True)


def _build(aside: Settings, archive: Archive, progress: Progress) -> None:
    """The database of the backup as a file of its own, with its evidence; every digest is checked on the way."""
    engine = open_engine(aside.db, create=True)
    through = counted(progress, sum(archive.manifest["rows"].values()))
    try:
        migrate.upgrade(engine)
        with closing(sqlite3.connect(_file(aside), isolation_level=None)) as driver:
            driver.execute("BEGIN")
            for name in table_copy.tables():
                table_copy.load(driver, name, through(archive.lines(f"tables/{name}")))
            driver.execute("COMMIT")
    except DRIVER_ERRORS as error:
        found = unavailable(error, aside.db)
        raise (
            found if found.reasons[0].code in _MACHINE else damaged(archive.path, str(error).splitlines()[0])
        ) from error
    except (ValueError, TypeError, KeyError) as error:
        raise damaged(archive.path, str(error)) from error
    finally:
        engine.dispose()
    content = FileContent(bootstrap.files_beside(aside.db))
    for name in archive.entries:
        if name.startswith("files/") and content.put(archive.content(name)) != name.removeprefix("files/"):
            raise damaged(archive.path, name)


# --- judging ---------------------------------------------------------------------------------------------------------


def _judged(aside: Settings, archive: Archive, ring: KeyRing, progress: Progress) -> Json:
    """The log against its heads and views; views that differ are made anew from it."""
    connections = open_connections(aside.db)
    try:
        office = replace(bootstrap.wire(connections, aside), signer=ring)
        if office.log != archive.manifest["log"]:
            raise damaged(archive.path, "log")
        witness = _witness(archive)
        found = _verified(office, witness, progress)
        rebuilt: list[str] = []
        if all(item["kind"] == "view_differs" for item in _unknown(found, archive)):
            rebuilt = _views(office, progress)
            found = _verified(office, witness, progress) if rebuilt else found
    finally:
        connections.dispose()
    problems = _unknown(found, archive)
    return {
        "ok": not problems,
        "events": found["events"],
        "dossiers": found["dossiers"],
        "heads": found["heads"],
        "views_rebuilt": rebuilt,
        "problems": problems,
    }


def _verified(office: Office, witness: Checkpoint | None, progress: Progress) -> Json:
    with office.reader() as uow:
        plan = verify.plan(uow, jobs=1, views=True)
    results: dict[int, Json] = {}
    for number, found in verify.in_turn(office)(plan.parts):
        results[number] = found
        progress(sum(each.get("events", 0) for each in results.values()), plan.events)
    return verify.verify(office, plan, results, witness=witness)


def _views(office: Office, progress: Progress) -> list[str]:
    """Names of the views that were not what the log says, made anew."""
    found = rebuild.rebuild(office, dry_run=True, progress=progress)
    if not found["ok"]:
        rebuild.rebuild(office, progress=progress)
    return [item["detail"] for item in found["problems"]]


def _unknown(found: Json, archive: Archive) -> list[Json]:
    """Problems but for evidence files that were missing already when the backup was made."""
    missing = tuple(f"file {digest} " for digest in archive.manifest["missing"])
    return [
        item
        for item in found["problems"]
        if not (missing and item["kind"] == "evidence_differs" and item["detail"].startswith(missing))
    ]


def _witness(archive: Archive) -> Checkpoint | None:
    """The head in the manifest; raises InputInvalid if it is none of this log, or the key that is named disowns it."""
    whole = archive.manifest["head"]
    if whole is None:
        return None
    try:
        read = note.parse(whole)
        found = head.parse(read.text)
    except (ValueError, AttributeError) as error:
        raise damaged(archive.path, "head") from error
    if found.origin != archive.manifest["log"] or not _owned(archive, read):
        raise damaged(archive.path, "head")
    return found


def _owned(archive: Archive, read: note.Note) -> bool:
    """An older key may have signed the head; then the key ring tells, where there is one."""
    if archive.key is None:
        return True
    name, public = note.parse_key(archive.key)
    mine = note.key_hash(name, public)
    return all(line.key_hash != mine or key_holds(public, read.text.encode(), line.value) for line in read.signatures)


# --- handing over ----------------------------------------------------------------------------------------------------


def _hand_over(aside: Settings, settings: Settings, ring: KeyRing, partitions: int | None, progress: Progress) -> None:
    """Evidence first, then the database, as one step: a file without its event is litter, and removed again."""
    added: list[Path] = []
    try:
        _move_files(bootstrap.files_beside(aside.db), bootstrap.files_beside(settings.db), added)
        target = _ring_path(settings)
        if ring.path != target and ring.public_keys():
            _write_private(target, ring.path.read_bytes())
            added.append(target)
        if file_of(settings.db) is None:
            _fill_server(aside, settings, partitions, progress)
        else:
            _take_place(aside, settings)
    except BaseException:
        for path in added:
            path.unlink(missing_ok=True)
        raise


def _move_files(source: Path, target: Path, added: list[Path]) -> None:
    for file in sorted(source.rglob("*")) if source.exists() else ():
        place = target / file.relative_to(source)
        if file.is_file() and not place.exists():
            place.parent.mkdir(parents=True, exist_ok=True)
            file.replace(place)
            added.append(place)


def _write_private(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _take_place(aside: Settings, settings: Settings) -> None:
    """The file that was built gets the name it is to have; nobody has it open."""
    built, target = _file(aside), _file(settings)
    with closing(sqlite3.connect(built)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    if target.exists():
        raise Unavailable(reason("restore_not_empty", path=str(target)))
    # The journal of a file that is gone would be replayed into the new one.
    for ending in ("-wal", "-shm"):
        target.with_name(target.name + ending).unlink(missing_ok=True)
    with built.open("r+b") as file:
        os.fsync(file.fileno())
    built.replace(target)


def _file(settings: Settings) -> Path:
    file = file_of(settings.db)
    if file is None:
        raise TypeError(settings.db)
    return file


def _fill_server(aside: Settings, settings: Settings, partitions: int | None, progress: Progress) -> None:
    """Schema and rows in one transaction, read back before it ends."""
    engine = open_engine(settings.db)
    try:
        with closing(sqlite3.connect(_file(aside))) as source, engine.begin() as connection:
            migrate.build(connection)
            driver = connection.connection.driver_connection
            names = table_copy.tables()
            through = counted(progress, sum(table_copy.count(source, name) for name in names))
            for name in names:
                table_copy.load(driver, name, through(table_copy.lines(source, name)))
            for name in names:
                if _digest(source, name) != _digest(driver, name):
                    raise Unavailable(reason("restore_not_equal", path=shown(settings.db), table=name))
        if partitions is not None:
            from ocop_flow.store.partitions import split

            split(engine, partitions)
    except DRIVER_ERRORS as error:
        raise unavailable(error, settings.db) from error
    finally:
        engine.dispose()


def _digest(driver: Any, name: str) -> str:
    digest = hashlib.sha256()
    for line in table_copy.lines(driver, name):
        digest.update(line)
    return digest.hexdigest()
