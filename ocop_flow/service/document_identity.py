"""Which recorded document a typed number means: its number alone where that is enough, else issuer, year and number."""

from __future__ import annotations

from ocop_flow.domain import codes
from ocop_flow.errors import InputInvalid, NotFound, reason
from ocop_flow.ports import Row, UnitOfWork


def matching(uow: UnitOfWork, view: str, typed: str) -> list[Row]:
    """Rows of a view of documents (``plan``, ``decision``) that the typed number can mean.

    raises  InputInvalid if it is no document number
    """
    asked = codes.document_identity(typed)
    return [
        row
        for row in uow.rows(view, number=asked.number)
        if asked.issuer in (None, row["issuer"]) and asked.year in (None, row["year"])
    ]


def identify(uow: UnitOfWork, view: str, typed: str) -> str:
    """Identity of the one document of a view that the typed number means.

    raises  InputInvalid if it is no document number, or listing the candidates if several bear it; NotFound
    """
    rows = matching(uow, view, typed)
    if not rows:
        raise NotFound(reason(f"{view}_absent", number=typed))
    if len(rows) > 1:
        raise InputInvalid(*(reason(f"{view}_ambiguous", number=typed, **{view: row["id"]}) for row in rows))
    return str(rows[0]["id"])
