"""Reading duties: lists in order of their day, and how a day was found."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from ocop_flow.domain import deadlines as duties
from ocop_flow.domain import registry
from ocop_flow.domain.deadlines import Deadline
from ocop_flow.domain.dossier import day_of, day_text
from ocop_flow.domain.registry import DeclaredCertificate
from ocop_flow.errors import InputInvalid, NotFound, Reason, reason
from ocop_flow.ports import Row, UnitOfWork
from ocop_flow.service import plan_view
from ocop_flow.service.dossier_find import find
from ocop_flow.service.dossier_view import unit_view
from ocop_flow.service.office import Office

Json = dict[str, Any]

STATUSES = ("open", "met", "late", "cancelled")


def listed(
    uow: UnitOfWork,
    office: Office,
    *,
    unit: str | None = None,
    dossier: str | None = None,
    plan: str | None = None,
    status: str | None = None,
    on: date | None = None,
) -> list[Json]:
    """Duties that have begun, in order of their day.

    unit, plan  code of the responsible unit, identity of a plan
    on          the day as of which they are told; today by default
    raises      InputInvalid for a status that is none
    """
    if status is not None and status not in STATUSES:
        raise InputInvalid(reason("status_unknown", status=status, known=", ".join(STATUSES)))
    day = on or office.today
    where = ["(start_on IS NULL OR start_on <= :day)"]
    params: dict[str, Any] = {"day": day.isoformat()}
    for column, value in (("unit", unit), ("plan", plan)):
        if value is not None:
            where.append(f"{column} = :{column}")
            params[column] = value
    if dossier is not None:
        where.append("subject = :subject")
        params["subject"] = find(uow, dossier).code
    if status in ("open", "late"):
        where.append("(outcome IS NULL OR closed_on > :day)")
    rows = uow.query(f"SELECT * FROM deadline WHERE {' AND '.join(where)} ORDER BY due_on, id", **params)
    found = [_view(uow, row, day) for row in rows]
    return [row for row in found if status is None or row["status"] == status]


def _view(uow: UnitOfWork, row: Row, on: date) -> Json:
    """A duty as it was on a day, its last day as it is known now."""
    due, closed, now, stops = _days(row)
    since = duties.standing_since([*stops, *([(now, None)] if now else [])], on)
    unit = {"code": row["unit"], "name": row["unit_name"], "tier": row["tier"]} if row["unit"] else None
    return {
        "id": row["id"],
        "subject_kind": row["subject_kind"],
        "subject": row["subject"],
        "kind": row["kind"],
        "due_on": row["due_on"],
        "provisional": bool(row["provisional"]),
        "unit": unit or _centre(uow, due),
        "status": duties.status(due, row["outcome"], closed, since, on),
        "days_left": (due - on).days,
        "stopped_since": day_text(since),
        "done_on": row["closed_on"] if closed and closed <= on else None,
        "source": row["source"],
    }


def _days(row: Row) -> tuple[date, date | None, date | None, list[tuple[date, date]]]:
    """Its last day, the day on which it was closed, since when its time stands still, and when it did before."""
    stops = [(date.fromisoformat(since), date.fromisoformat(until)) for since, until in json.loads(row["stopped"])]
    return date.fromisoformat(row["due_on"]), day_of(row["closed_on"]), day_of(row["stopped_since"]), stops


def unreadable(uow: UnitOfWork) -> str | None:
    """The first duty, by its id, whose row holds what no program of ours has written there; None if all are read."""
    after = ""
    while page := uow.query("SELECT * FROM deadline WHERE id > :after ORDER BY id LIMIT 2000", after=after):
        for row in page:
            try:
                _days(row)
                day_of(row["start_on"])
            except (ValueError, TypeError):
                return str(row["id"])
        after = page[-1]["id"]
    return None


def _centre(uow: UnitOfWork, on: date) -> Json | None:
    """A duty whose unit has ended is shown at the centre's door rather than at nobody's."""
    return unit_view(uow.tree(["central"]).on("central", on))


def explain(uow: UnitOfWork, office: Office, deadline: str) -> Json:
    """How a due date was found, computed anew from the log; ``steps`` are reasons, to be put into words.

    raises  NotFound
    """
    rows = uow.rows("deadline", id=deadline)
    if not rows:
        raise NotFound(reason("deadline_absent", deadline=deadline))
    row = rows[0]
    found = next((each for each in _recomputed(uow, office, row) if each.id == deadline), None)
    steps = [_worded(uow, row, step) for step in found.steps] if found else []
    return {
        "id": deadline,
        "due_on": row["due_on"],
        "provisional": bool(row["provisional"]),
        "rule": row["rule"],
        "source": row["source"],
        "mark": row["mark"],
        "start": row["start_on"],
        "stopped": json.loads(row["stopped"]),
        "extended": [dict(step.params) for step in steps if step.code == "step_extended"],
        "calendar": uow.calendar().version,
        "steps": steps,
    }


def _worded(uow: UnitOfWork, row: Row, step: Reason) -> Reason:
    """A step with its state as the law names it."""
    dossier = uow.dossier(row["subject"]) if row["subject_kind"] == "dossier" else None
    if dossier is None or "state" not in step.params:
        return step
    named = uow.outline(dossier.workflow_hash).named(str(step.params["state"]))
    return replace(step, params={**step.params, "state": named})


def _recomputed(uow: UnitOfWork, office: Office, row: Row) -> Sequence[Deadline]:
    if row["subject_kind"] == "milestone":
        return [duty.deadline for duty in plan_view.deadlines(uow, row["plan"], office.today)]
    if row["subject_kind"] == "certificate":
        return _of_certificate(uow, row["subject"])
    dossier = uow.dossier(row["subject"])
    return uow.duties(dossier) if dossier else ()


def _of_certificate(uow: UnitOfWork, number: str) -> Sequence[Deadline]:
    rows = uow.rows("certificate", number=number)
    dossier = uow.dossier(rows[0]["dossier"]) if rows and rows[0]["dossier"] else None
    if dossier is not None:
        return uow.duties(dossier)
    declared = registry.replay_certificate(uow.events("certificate", number))
    return of_declared(uow, declared) if declared else ()


def of_declared(uow: UnitOfWork, declared: DeclaredCertificate) -> Sequence[Deadline]:
    """The duties of a certificate from before this system."""
    issuer = declared.issuer["code"] if declared.issuer else None
    law = uow.law_on(declared.valid_to, issuer) if declared.valid_to else None
    keeper = declared.kept.code if declared.kept else issuer or declared.keeper
    calendar = uow.calendar([keeper] if keeper else [])
    filed_on = uow.re_rated_on((declared.number,))
    return duties.of_declared(declared, law.regime if law else None, calendar, filed_on)
