"""Which recorded decision a typed number means, and what it says of one dossier."""

from __future__ import annotations

from datetime import date

from ocop_flow.domain import codes
from ocop_flow.domain.decision import Decision, replay_decision
from ocop_flow.domain.situation import NamedDecision
from ocop_flow.errors import NotFound, Reason, reason
from ocop_flow.ports import UnitOfWork
from ocop_flow.service import cited, document_identity

#: How many of those that name a number are listed.
_SHOWN = 20


def known(uow: UnitOfWork, typed: str) -> Decision:
    """The decision of a number alone, or of issuer, year and number (``33:2026:12/QĐ-UBND``).

    raises  InputInvalid if it is no document number, or listing the candidates if several bear it; NotFound, telling
            where the number is named though it is not recorded
    """
    if not document_identity.matching(uow, "decision", typed):
        raise NotFound(_not_recorded(uow, typed))
    identity = document_identity.identify(uow, "decision", typed)
    decision = replay_decision(uow.events("decision", identity))
    if decision is None:
        raise NotFound(reason("decision_absent", number=typed))
    return decision


def _not_recorded(uow: UnitOfWork, typed: str) -> Reason:
    asked = codes.document_identity(typed)
    found = list(dict.fromkeys(cited.where(uow, asked.number, asked.issuer)))
    if not found:
        return reason("decision_absent", number=typed)
    more = ["…"] if len(found) > _SHOWN else []
    return reason("decision_only_cited", number=typed, subjects=", ".join([*found[:_SHOWN], *more]))


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
        signer=_signer(uow, row["id"]),
    )


def _signer(uow: UnitOfWork, identity: str) -> str | None:
    decision = replay_decision(uow.events("decision", identity))
    return decision.signer["name"] if decision is not None and decision.signer else None
