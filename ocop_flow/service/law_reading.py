"""The law read for comparing and drawing: which document is meant, where dossiers rest, which way one went."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

from ocop_flow.domain.criteria import set_from_document
from ocop_flow.domain.law_diff import Change, differences
from ocop_flow.domain.regime_document import from_document
from ocop_flow.errors import InputInvalid, NotFound, Refused, reason
from ocop_flow.service.dossier_find import find

if TYPE_CHECKING:
    from datetime import date

    from ocop_flow.domain.criteria import CriteriaSet
    from ocop_flow.domain.regime import Document, Regime
    from ocop_flow.ports import UnitOfWork

Json = dict[str, Any]
#: Letters of a hash from which on it is taken for one.
_SHORTEST = 8


def document_named(uow: UnitOfWork, typed: str) -> Document:
    """The stored document of a regime's identifier (the national one), or of a workflow hash or its beginning.

    raises  NotFound; InputInvalid if the beginning of a hash means several
    """
    rows = [row for row in uow.rows("law", regime=typed) if row["province"] == ""]
    digests = [rows[-1]["hash"]] if rows else []
    if not digests and len(typed) >= _SHORTEST:
        sql = "SELECT hash FROM document WHERE kind = 'regime' AND hash LIKE :start ORDER BY hash"
        digests = [row["hash"] for row in uow.query(sql, start=f"{typed.lower()}%")]
    if len(digests) > 1:
        raise InputInvalid(reason("workflow_hash_ambiguous", hash=typed, count=len(digests)))
    document = uow.document(digests[0]) if digests else None
    if document is None:
        raise NotFound(reason("workflow_absent", regime=typed))
    return document


def compared(uow: UnitOfWork, old: Document, new: Document) -> tuple[Change, ...]:
    """What differs between two documents; criteria are compared as far as their trees are stored."""
    trees: dict[str, CriteriaSet | None] = {}

    def tree(digest: str) -> CriteriaSet | None:
        if digest not in trees:
            found = uow.document(digest)
            trees[digest] = set_from_document(found) if found else None
        return trees[digest]

    return differences(old, new, tree)


def regime_on(uow: UnitOfWork, typed: str | None, today: date) -> Regime:
    """The regime of a name or hash; None means the one in force today."""
    if typed is not None:
        return from_document(document_named(uow, typed))
    law = uow.law_on(today, None)
    if law is None:
        raise NotFound(reason("no_law_on_day", day=today.isoformat()))
    return law.regime


def way_of(uow: UnitOfWork, typed: str, asked: Regime) -> tuple[Regime, dict[str, str], frozenset[tuple[str, str]]]:
    """(the regime a dossier is under, state -> the days it came there, moves it made), for drawing its way.

    raises  Refused if that is not the regime asked for
    """
    dossier = find(uow, typed)
    if dossier.regime != asked.id:
        raise Refused(reason("diagram_other_law", dossier=dossier.code, regime=dossier.regime, asked=asked.id))
    visits = dossier.under_present_law().visits
    notes: dict[str, str] = {}
    for visit in visits:
        day = f"{visit.on.day}/{visit.on.month}/{visit.on.year}"
        notes[visit.state] = f"{notes[visit.state]}, {day}" if visit.state in notes else day
    moves = frozenset((before.state, after.state) for before, after in pairwise(visits))
    return uow.law(dossier.workflow_hash).regime, notes, moves


def resting(uow: UnitOfWork, regime: str) -> dict[str, int]:
    """State -> how many dossiers of a regime rest in it."""
    sql = "SELECT state, count(*) AS n FROM dossier WHERE regime = :regime GROUP BY state ORDER BY state"
    return {row["state"]: row["n"] for row in uow.query(sql, regime=regime)}
