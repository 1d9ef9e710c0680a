"""Views dropped and rebuilt from the log, and the log checked against its views."""

from __future__ import annotations

from collections.abc import Callable
from itertools import groupby
from typing import Any

from ocop_flow.domain import canonical, chain, dossier_json
from ocop_flow.domain import dossier as dossiers
from ocop_flow.domain.event import from_json
from ocop_flow.ports import UnitOfWork
from ocop_flow.service.office import Office
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
)


#: Columns that a scan writes into a view for itself.
_NOTES = frozenset({"next_rung_on"})


#: Called with what is done and the total.
Progress = Callable[[int, int], None]


def _silent(_done: int, _total: int) -> None:
    """Nobody watches."""


def snapshot(uow: UnitOfWork) -> dict[str, list[Any]]:
    """Every row of every view, in key order."""
    return {name: [{key: row[key] for key in row if key not in _NOTES} for row in uow.rows(name)] for name in VIEWS}


def rebuild(office: Office, *, dry_run: bool = False, progress: Progress = _silent) -> Json:
    """Drop all views, apply every event again in the order of the log; tells which views differed before."""
    with office.writer() as uow:
        before = snapshot(uow)
        for name in reversed(VIEWS):
            uow.execute(f"DELETE FROM {name}")
        bodies = uow.query("SELECT body FROM event ORDER BY id")
        for number, row in enumerate(bodies, start=1):
            uow.project(from_json(canonical.decode(row["body"])))
            progress(number, len(bodies))
        after = snapshot(uow)
        found = _about(uow, office)
        if not dry_run:
            uow.commit()
    problems = [{"kind": "view_differs", "detail": name} for name in VIEWS if _different(before[name], after[name])]
    return {**found, "ok": not problems, "problems": problems}


def _different(before: list[Any], after: list[Any]) -> bool:
    return before != after


def examine(office: Office, progress: Progress = _silent) -> Json:
    """Chains and dossier views checked without changing anything."""
    with office.reader() as uow:
        problems = list(check(uow, progress)["problems"])
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
        "warnings": holes(uow, office),
    }


def check(uow: UnitOfWork, progress: Progress = _silent) -> Json:
    """Every hash chain from its stored bytes, and every dossier's view against the fold of its events."""
    uow.check_file()
    problems: list[Json] = []
    events = dossier_count = 0
    total = uow.query("SELECT count(*) AS n FROM event")[0]["n"]
    for (kind, subject), group in groupby(uow.stored(), key=lambda row: (row[0], row[1])):
        stored = [(seq, digest, body) for _, _, seq, digest, body in group]
        events += len(stored)
        progress(events, total)
        dossier_count += kind == "dossier"
        fault = chain.verify(stored)
        if fault is not None:
            problems.append(_problem(fault.kind, subject, fault.seq, kind))
        elif kind == "dossier":
            folded = dossiers.replay(from_json(canonical.decode(body)) for _, _, body in stored)
            if folded is None or uow.dossier(subject) != _bare(folded):
                problems.append(_problem("view_differs", subject, None, "dossier"))
    known = {row["subject"] for row in uow.query("SELECT DISTINCT subject FROM event WHERE subject_kind = 'dossier'")}
    problems += [
        _problem("view_differs", row["code"], None, "a view row without events")
        for row in uow.rows("dossier")
        if row["code"] not in known
    ]
    problems += [
        _problem("modified", row["hash"], None, "document")
        for row in uow.query("SELECT hash, body FROM document ORDER BY hash")
        if canonical.sha256(bytes(row["body"])) != row["hash"]
    ]
    return {
        "ok": not problems,
        "events": events,
        "dossiers": dossier_count,
        "heads": 0,
        "withheld": uow.query("SELECT count(*) AS n FROM personal WHERE withheld IS NOT NULL")[0]["n"],
        "problems": problems,
    }


def _bare(dossier: dossiers.Dossier) -> dossiers.Dossier:
    return dossier_json.from_json(dossier_json.to_json(dossier))


def _problem(kind: str, subject: str, seq: int | None, detail: str) -> Json:
    return {"kind": kind, "dossier": subject, "seq": seq, "position": None, "detail": detail}
