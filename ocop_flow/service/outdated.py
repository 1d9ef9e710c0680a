"""What waits to be sent and is true no more: superseded, with why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ocop_flow.ports import Row, UnitOfWork

#: Why a reminder was superseded: its duty is done, gone, due on another day, or its clock stands still; a newer one
#: took its place; what an entity was to be told is over, as a return is when the dossier has moved on.
REASONS = ("done", "gone", "other_day", "stopped", "newer", "over")
#: The end of a certificate is not done by its expiry: that is the very thing to be told, until another takes its place.
_ENDED = (
    "d.kind = 'certificate_expiry' AND d.outcome = 'cancelled' AND d.closed_on > d.due_on AND NOT EXISTS "
    "(SELECT 1 FROM certificate c WHERE c.number = d.subject AND c.status IN ('replaced', 'revoked'))"
)
#: One of REASONS for a row of ``reminder``, '' while it is true.
_WHY = (
    "COALESCE((SELECT CASE WHEN d.due_on <> reminder.due_on THEN 'other_day' WHEN d.stopped_since IS NOT NULL "
    f"THEN 'stopped' WHEN d.outcome IS NOT NULL AND NOT ({_ENDED}) THEN 'done' ELSE '' END FROM deadline d "
    "WHERE d.id = reminder.deadline), (SELECT CASE WHEN n.over_on IS NULL THEN '' ELSE 'over' END "
    "FROM entity_notice n WHERE n.id = reminder.deadline), 'gone')"
)
_OUTDATED = (
    f"SELECT id, {_WHY} AS why FROM reminder WHERE status IN ('queued', 'snoozed', 'claimed') AND {_WHY} <> '' "
    "ORDER BY id"
)


def supersede_outdated(uow: UnitOfWork, now: str) -> int:
    """Supersede what is true no more, ``now`` as written in rows; how many reminders. Passes over what others hold."""
    return supersede(uow, {row["id"]: row["why"] for row in uow.query(_OUTDATED + uow.skip_held)}, now)


def supersede(uow: UnitOfWork, found: Mapping[int, str], now: str) -> int:
    """Supersede reminders, number -> one of REASONS; how many."""
    rows: list[Row] = [{"id": each, "why": why, "now": now} for each, why in found.items()]
    uow.execute_many(
        "UPDATE reminder SET status = 'superseded', why = :why, changed_at = :now WHERE id = :id "
        "AND status IN ('queued', 'snoozed', 'claimed')",
        rows,
    )
    return len(rows)


def counted(reasons: Iterable[str | None]) -> dict[str, int]:
    """Reason -> how many, in the order of REASONS; reminders of before that say none are left out."""
    listed = list(reasons)
    return {why: listed.count(why) for why in REASONS if why in listed}
