"""Which plan a typed document number means."""

from __future__ import annotations

from ocop_flow.domain import codes
from ocop_flow.errors import InputInvalid, NotFound, reason
from ocop_flow.ports import UnitOfWork


def identify(uow: UnitOfWork, typed: str) -> str:
    """Identity of a plan from its number alone, or from issuer, year and number (``36:2020:27/KH-UBND``).

    raises  InputInvalid if it is no document number, or listing the candidates if several plans bear it; NotFound
    """
    asked = codes.document_identity(typed)
    rows = [
        row
        for row in uow.rows("plan", number=asked.number)
        if asked.issuer in (None, row["issuer"]) and asked.year in (None, row["year"])
    ]
    if not rows:
        raise NotFound(reason("plan_absent", number=typed))
    if len(rows) > 1:
        raise InputInvalid(*(reason("plan_ambiguous", number=typed, plan=row["id"]) for row in rows))
    return str(rows[0]["id"])
