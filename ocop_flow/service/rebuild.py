"""Views dropped and rebuilt from the log, and the log checked against its views."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from ocop_flow.domain import canonical
from ocop_flow.domain.event import from_json
from ocop_flow.errors import Reason, reason
from ocop_flow.ports import Row, UnitOfWork
from ocop_flow.service import verify
from ocop_flow.service.office import Office
from ocop_flow.service.reminder_health import troubles
from ocop_flow.service.reminders import holes

Json = dict[str, Any]

#: Views whose rows are compared before and after a rebuild.
VIEWS = (
    "counter",
    "law",
    "notice",
    "person",
    "post",
    "entity",
    "product",
    "dossier",
    "certificate",
    "council",
    "sitting",
    "decision",
    "decision_line",
    "plan",
    "deadline",
    "beside",
    "entity_notice",
    "sending",
)


#: Columns that a scan writes into a view for itself.
_NOTES = frozenset({"next_rung_on"})


#: Called with what is done and the total.
Progress = Callable[[int, int], None]


def _silent(_done: int, _total: int) -> None:
    """Nobody watches."""


def snapshot(uow: UnitOfWork) -> dict[str, str]:
    """View -> digest of all its rows in key order; one view at a time is held in memory."""
    return {name: _digest(uow.rows(name)) for name in VIEWS}


def _digest(rows: Sequence[Row]) -> str:
    found = hashlib.sha256()
    for row in rows:
        found.update(repr([(key, value) for key, value in row.items() if key not in _NOTES]).encode())
    return found.hexdigest()


def rebuild(office: Office, *, dry_run: bool = False, progress: Progress = _silent) -> Json:
    """Drop all views, apply every event again in the order of the log; tells which views differed before."""
    with office.writer() as uow:
        uow.check_file()
        before = snapshot(uow)
        for name in reversed(VIEWS):
            uow.execute(f"DELETE FROM {name}")
        total = uow.query("SELECT count(*) AS n FROM event")[0]["n"]
        for number, body in enumerate(_bodies(uow), start=1):
            uow.project(from_json(canonical.decode(body)))
            progress(number, total)
        after = snapshot(uow)
        found = _about(uow, office)
        if not dry_run:
            uow.commit()
    problems = [{"kind": "view_differs", "detail": name} for name in VIEWS if before[name] != after[name]]
    return {**found, "ok": not problems, "problems": problems}


def _bodies(uow: UnitOfWork) -> Iterator[bytes]:
    """The bytes of every event in the order of the log, a page in memory at a time."""
    after = 0
    while page := uow.query("SELECT id, body FROM event WHERE id > :after ORDER BY id LIMIT 2000", after=after):
        after = page[-1]["id"]
        yield from (row["body"] for row in page)


def examine(office: Office, progress: Progress = _silent) -> Json:
    """Chains and dossier views checked without changing anything."""
    problems = list(check(office, progress)["problems"])
    with office.reader() as uow:
        found = _about(uow, office)
    return {**found, "ok": not problems, "problems": problems}


def _about(uow: UnitOfWork, office: Office) -> Json:
    known = uow.calendar().known_through
    return {
        "events": uow.query("SELECT count(*) AS n FROM event")[0]["n"],
        "dossiers": uow.query("SELECT count(*) AS n FROM dossier")[0]["n"],
        "sandbox": office.sandbox,
        "calendar_known_through": known.isoformat() if known else None,
        "jobs": {row["job"]: row["at"] for row in uow.rows("heartbeat")},
        "warnings": [*holes(uow, office), *troubles(uow, office), *_unsigned(office), *_unguarded(uow)],
    }


def _unsigned(office: Office) -> list[Reason]:
    """A log without a key that signs gets no heads."""
    signs = any(key.retired_on is None for key in office.signer.public_keys())
    return [] if signs else [reason("no_signing_key")]


def _unguarded(uow: UnitOfWork) -> list[Reason]:
    """No program takes these away; whoever did could change the log afterwards."""
    gone = uow.lacking_guards()
    return [reason("guards_gone", names=", ".join(gone))] if gone else []


def check(office: Office, progress: Progress = _silent) -> Json:
    """The whole log in this process, as ``service.verify`` checks it."""
    with office.reader() as uow:
        plan = verify.plan(uow, jobs=1, views=True)
    results: dict[int, Json] = {}
    for number, found in verify.in_turn(office)(plan.parts):
        results[number] = found
        progress(sum(each.get("events", 0) for each in results.values()), plan.events)
    return verify.verify(office, plan, results)
