"""Recorded decisions to read: list and show."""

from __future__ import annotations

from typing import Any

from ocop_flow.domain.decision import Decision, Line, check_kind, line_json
from ocop_flow.domain.record import known_dossier
from ocop_flow.errors import Text
from ocop_flow.ports import Row, UnitOfWork
from ocop_flow.service.decision_identity import known

Json = dict[str, Any]


def listed(uow: UnitOfWork, unit: str | None = None, kind: str | None = None, year: int | None = None) -> list[Json]:
    """Recorded decisions, the newest first; raises InputInvalid for a kind that is none."""
    check_kind(kind)
    rows = [
        row
        for row in uow.rows("decision")
        if unit in (None, row["issuer"]) and kind in (None, row["kind"]) and year in (None, row["year"])
    ]
    counts = {
        r["decision"]: r["n"] for r in uow.query("SELECT decision, count(*) AS n FROM decision_line GROUP BY decision")
    }
    rows.sort(key=lambda row: (row["decided_on"], row["id"]), reverse=True)
    return [_row(row, counts.get(row["id"], 0)) for row in rows]


def _row(row: Row, lines: int) -> Json:
    return {
        "number": row["number"],
        "identity": row["id"],
        "issuer": {"code": row["issuer"], "name": row["issuer_name"], "tier": row["issuer_tier"]},
        "decided_on": row["decided_on"],
        "kind": row["kind"],
        "title": row["title"],
        "status": row["status"],
        "lines": lines,
    }


def show(uow: UnitOfWork, typed: str) -> Json:
    """One decision with its lines and what became of it; raises InputInvalid, NotFound."""
    return view(uow, known(uow, typed))


def _line(uow: UnitOfWork, line: Line) -> Json:
    dossier = known_dossier(uow.dossier(line.dossier), line.dossier)
    action = uow.law(dossier.workflow_hash).regime.actions.get(line.action)
    label = action.label if action else Text(line.action, line.action)
    return {**line_json(line), "status": line.status, "entity": dossier.entity_name, "action_label": label}


def view(uow: UnitOfWork, decision: Decision) -> Json:
    file = uow.unseal(decision.file) if decision.file else None
    return {
        "number": decision.number,
        "identity": decision.identity,
        "issuer": decision.issuer,
        "decided_on": decision.decided_on.isoformat(),
        "kind": decision.kind,
        "title": decision.title,
        "status": decision.status,
        "signer": decision.signer,
        "file": file["sha256"] if file else None,
        "lines": [_line(uow, line) for line in decision.lines],
        "changes": [
            {
                "change": change.action,
                "dossier": change.dossier,
                "by": change.by,
                "on": change.on.isoformat(),
                "reason": change.reason,
                "values": change.values,
            }
            for change in decision.changes
        ],
        "version": decision.version,
    }
