"""A decision taken back or put right on the dossier it was about: the events, pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ocop_flow.domain.record import next_event

if TYPE_CHECKING:
    from ocop_flow.domain.commands import Act
    from ocop_flow.domain.doers import Who
    from ocop_flow.domain.dossier import Dossier
    from ocop_flow.domain.event import Event
    from ocop_flow.domain.situation import Situation

Json = dict[str, Any]


def annulled(dossier: Dossier, before: Dossier, decision: str, by: str, who: Who, act: Act, s: Situation) -> Event:
    """Back to where the decision found the dossier: what it issued is void, what it ended holds again.

    before  the dossier as it was when the decision was carried out
    by      the document that annuls
    """
    issued = dossier.certificate != before.certificate and (
        before.certificate is None
        or dossier.certificate is None
        or dossier.certificate.number != before.certificate.number
    )
    held = before.certificate.status if before.certificate else None
    data: Json = {
        "decision": decision,
        "by": by,
        "undoes": dossier.visits[-1].seq,
        "stars_decided": before.stars_decided,
        "certificate": "revoked" if issued else held,
    }
    if issued and before.certificate is not None and held == "valid":
        data["restores"] = before.certificate.number
    on = act.on or s.today
    return next_event(
        dossier, s, action="annul_decision", to_state=before.state, on=on, who=who, signer=None, act=act, data=data
    )


def corrected(dossier: Dossier, values: Json, decision: str, by: str, who: Who, act: Act, s: Situation) -> Event:
    """Stars and certificate number as the corrected decision has them; the dossier stays where it is."""
    data: Json = {"decision": decision, "by": by, "values": values}
    on = act.on or s.today
    return next_event(
        dossier, s, action="correct_decision", to_state=dossier.state, on=on, who=who, signer=None, act=act, data=data
    )
