"""Which recorded decision a typed number means, and what it says of one dossier."""

from __future__ import annotations

from datetime import date

from ocop_flow.domain.decision import Decision, replay_decision
from ocop_flow.domain.situation import NamedDecision
from ocop_flow.errors import NotFound, reason
from ocop_flow.ports import UnitOfWork
from ocop_flow.service import document_identity


def known(uow: UnitOfWork, typed: str) -> Decision:
    """The decision of a number alone, or of issuer, year and number (``33:2026:12/QĐ-UBND``).

    raises  InputInvalid if it is no document number, or listing the candidates if several bear it; NotFound
    """
    identity = document_identity.identify(uow, "decision", typed)
    decision = replay_decision(uow.events("decision", identity))
    if decision is None:
        raise NotFound(reason("decision_absent", number=typed))
    return decision


def named(uow: UnitOfWork, number: str, dossier: str) -> tuple[NamedDecision, ...]:
    """The recorded decisions of a number, of whatever issuer and year, each with its line on a dossier."""
    return tuple(_named(uow, row, dossier) for row in uow.rows("decision", number=number))


def _named(uow: UnitOfWork, row: dict[str, str], dossier: str) -> NamedDecision:
    lines = [line for line in uow.rows("decision_line", decision=row["id"]) if line["dossier"] == dossier]
    standing = [line for line in lines if line["status"] != "annulled"]
    return NamedDecision(
        identity=row["id"],
        issuer=row["issuer"],
        decided_on=date.fromisoformat(row["decided_on"]),
        annulled=row["status"] == "annulled" or (bool(lines) and not standing),
        line=(standing[0]["action"], standing[0]["stars"]) if standing else None,
    )
