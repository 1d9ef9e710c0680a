"""The rows of duties."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ocop_flow.domain import canonical
from ocop_flow.domain.dossier import day_text

if TYPE_CHECKING:
    from ocop_flow.domain.deadlines import Deadline
    from ocop_flow.domain.event import UnitRef
    from ocop_flow.domain.units import Unit

Row = dict[str, Any]
#: Duties that do not climb by the ladder of a dossier's state.
_LADDERS = {
    "milestone": "plan_milestone",
    "certificate_expiry": "certificate_expiry",
    # Duties of the entity itself: it is reminded too.
    "supplement": "supplement",
    "evidence_expiry": "evidence_expiry",
    # These stand while the dossier is in promotion, whose state has no ladder.
    "expiry_notice": "standard",
    "re_rating_filing": "standard",
    "reply": "standard",
    "revocation": "standard",
}


def deadline_row(duty: Deadline, unit: Unit | UnitRef | None, ladder: str | None = None) -> Row:
    """``ladder``: the one that the dossier's state names; None: the usual one of its kind."""
    return {
        "id": duty.id,
        "subject_kind": duty.subject_kind,
        "subject": duty.subject,
        "kind": duty.kind,
        "rule": duty.rule,
        "source": duty.source,
        "mark": duty.mark,
        "start_on": day_text(duty.start_on),
        "due_on": duty.due_on.isoformat(),
        "provisional": duty.provisional,
        "stopped": canonical.text(duty.stopped) if duty.stopped else "[]",
        "stopped_since": day_text(duty.stopped_since),
        "closed_on": day_text(duty.closed_on),
        "outcome": duty.outcome,
        "unit": unit.code if unit else None,
        "unit_name": unit.name if unit else None,
        "tier": duty.tier,
        "plan": duty.plan,
        "ladder": _LADDERS.get(duty.kind, ladder or "standard"),
        "next_rung_on": "" if duty.outcome is None else None,
    }
