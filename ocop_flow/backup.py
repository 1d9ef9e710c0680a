"""Everything that an office has, as it stands at one moment, in one file; others go on working meanwhile."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ocop_flow import __version__, bootstrap
from ocop_flow.backupfile import VERSION, Writer
from ocop_flow.domain import note
from ocop_flow.domain.event import time_text
from ocop_flow.errors import Conflict, InputInvalid, Reason, reason
from ocop_flow.service import heads
from ocop_flow.store import table_copy
from ocop_flow.store.connections import open_connections
from ocop_flow.store.revision import REVISION
from ocop_flow.store.transaction import Transaction

if TYPE_CHECKING:
    from ocop_flow.config import Settings
    from ocop_flow.service.office import Office

Json = dict[str, Any]
#: Called with what is done and the total.
Progress = Callable[[int, int], None]
#: Rows between two reports of progress.
_STEP = 500
_PIECE = 1 << 20


def make(settings: Settings, office: Office, file: str, *, keys: bool, progress: Progress) -> Json:
    """Write the backup; what it holds is of the moment in which its reading began.

    keys    whether the key ring goes along: who has such a file can sign in the office's name
    raises  InputInvalid (the file exists, or cannot be written), Unavailable (database, disk, no key ring to enclose)
    """
    target = Path(file)
    if target.exists():
        raise InputInvalid(reason("backup_exists", file=file))
    ring = _ring(settings) if keys else None
    signs = any(key.retired_on is None for key in office.signer.public_keys())
    warnings = _newest_head(office) if signs else [reason("no_signing_key")]
    connections = open_connections(settings.db)
    try:
        with Transaction(connections, office.content, writes=False) as snapshot, Writer(target) as out:
            rows = _tables(out, snapshot, progress)
            missing = _files(out, snapshot, office, settings)
            if ring is not None:
                out.add("keys", [ring])
            manifest: Json = {
                "v": VERSION,
                "product": "ocop_flow",
                "version": __version__,
                "schema": REVISION,
                "log": office.log,
                "sandbox": office.sandbox,
                "made_at": time_text(office.clock.now()),
                "rows": rows,
                "missing": missing,
                "head": _head(snapshot),
                "key": _public(office) if signs else None,
            }
            seal = out.finish(manifest, office.log, office.signer, signed=signs)
    finally:
        connections.dispose()
    warnings += [reason("evidence_missing_now", sha256=digest) for digest in missing]
    return {
        "file": file,
        "size": target.stat().st_size,
        "sha256": seal,
        "made_at": manifest["made_at"],
        "events": rows["event"],
        "dossiers": rows["dossier"],
        "rows": sum(rows.values()),
        "files": sum(name.startswith("files/") for name in out.entries),
        "missing": missing,
        "head": shown_head(manifest["head"]),
        "keys": keys,
        "warnings": warnings,
    }


def _ring(settings: Settings) -> bytes:
    path = bootstrap.keys_beside(settings.db)
    try:
        return path.read_bytes()
    except OSError as error:
        raise InputInvalid(reason("file_unreadable", file=str(path), detail=error.strerror or str(error))) from error


def _newest_head(office: Office) -> list[Reason]:
    """A head over everything so far; a log that does not agree with itself is kept as it is, and told."""
    try:
        with office.writer() as uow:
            heads.checkpoint(uow, office)
            uow.commit()
    except Conflict as error:
        return list(error.reasons)
    return []


def _public(office: Office) -> str:
    """The line to publish of the key that signs."""
    current = [key for key in office.signer.public_keys() if key.retired_on is None]
    return note.verifier_key(office.log, current[-1].public)


def _head(snapshot: Transaction) -> str | None:
    """The newest head made here, as it was signed."""
    found = snapshot.query("SELECT note FROM head WHERE imported_at IS NULL ORDER BY id DESC LIMIT 1")
    return found[0]["note"] if found else None


def shown_head(whole: str | None) -> Json | None:
    """``{code, made_at, size}`` of a signed head."""
    if whole is None:
        return None
    from ocop_flow.domain import head

    text = note.parse(whole).text
    found = head.parse(text)
    return {"code": head.code(text), "made_at": time_text(found.made_at), "size": found.size}


def _tables(out: Writer, snapshot: Transaction, progress: Progress) -> dict[str, int]:
    driver = snapshot.driver
    rows = {name: table_copy.count(driver, name) for name in table_copy.tables()}
    shown = counted(progress, sum(rows.values()))
    for name in rows:
        out.add(f"tables/{name}", shown(table_copy.lines(driver, name)))
    return rows


def counted(progress: Progress, total: int) -> Callable[[Iterator[bytes]], Iterator[bytes]]:
    """Lets lines through, telling how many of ``total`` came by so far."""
    done = 0

    def through(lines: Iterator[bytes]) -> Iterator[bytes]:
        nonlocal done
        for line in lines:
            done += 1
            if done % _STEP == 0:
                progress(done, total)
            yield line
        progress(done, total)

    return through


def _files(out: Writer, snapshot: Transaction, office: Office, settings: Settings) -> list[str]:
    """The evidence files that the record names; the hashes of those that are not there, or not what they were."""
    folder = bootstrap.files_beside(settings.db)
    missing = []
    for digest in _named(snapshot):
        if office.content.intact(digest):
            out.add(f"files/{digest}", _pieces(folder / digest[:2] / digest), packed=False)
        else:
            missing.append(digest)
    return missing


def _named(snapshot: Transaction) -> list[str]:
    rows = snapshot.query("""SELECT value FROM personal WHERE value LIKE '%"sha256":"%'""")
    values = (json.loads(row["value"]) for row in rows)
    return sorted({each["sha256"] for each in values if isinstance(each, dict) and set(each) == {"sha256", "name"}})


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            yield piece
