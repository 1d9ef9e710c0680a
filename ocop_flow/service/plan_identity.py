"""Which plan a typed document number means."""

from __future__ import annotations

from ocop_flow.ports import UnitOfWork
from ocop_flow.service import document_identity


def identify(uow: UnitOfWork, typed: str) -> str:
    """Identity of a plan from its number alone, or from issuer, year and number (``36:2020:27/KH-UBND``).

    raises  InputInvalid if it is no document number, or listing the candidates if several plans bear it; NotFound
    """
    return document_identity.identify(uow, "plan", typed)
