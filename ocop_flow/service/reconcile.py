"""The annex of a signed decision compared with what is recorded of it: as a decision, or by the number alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ocop_flow.domain import codes
from ocop_flow.domain.reconcile import KINDS, Difference, Recorded, differences
from ocop_flow.domain.record import known_dossier
from ocop_flow.errors import InputInvalid, NotFound, reason
from ocop_flow.service.decision_identity import known

if TYPE_CHECKING:
    from ocop_flow.domain.decision_list import ListLine
    from ocop_flow.ports import UnitOfWork

Json = dict[str, Any]


def reconcile(uow: UnitOfWork, typed: str, rows: Sequence[ListLine]) -> Json:
    """What differs between the rows of a list and the records of a decision; ``ok`` where nothing does.

    raises  InputInvalid (no document number, several decisions of it), NotFound (nothing is recorded of it)
    """
    identity, records = _records(uow, typed)
    meant = {row.row: frozenset(_meant(uow, row)) for row in rows}
    found = differences(rows, records, meant)
    return {
        "decision": identity,
        "ok": not found,
        "listed": len(rows),
        "recorded": sum(not each.annulled for each in records),
        "counts": {kind: sum(each.kind == kind for each in found) for kind in KINDS},
        "differences": [_view(each) for each in found],
    }


def _records(uow: UnitOfWork, typed: str) -> tuple[str, list[Recorded]]:
    """(identity or number, what it decided); certificates that name the number, where no decision was recorded."""
    try:
        decision = known(uow, typed)
    except NotFound:
        asked = codes.document_identity(typed)
        rows = [
            row
            for row in uow.rows("certificate", decision=asked.number)
            if asked.issuer in (None, row["issuer_code"])
            and (asked.year is None or str(row["issued_on"] or "")[:4] == str(asked.year))
        ]
        if not rows:
            raise
        return asked.number, [_certified(row) for row in rows]
    found = []
    for line in decision.lines:
        dossier = known_dossier(uow.dossier(line.dossier), line.dossier)
        found.append(
            Recorded(
                line.dossier,
                dossier.product_name,
                dossier.entity_name,
                line.stars,
                line.certificate,
                annulled=not line.standing,
            )
        )
    return decision.identity, found


def _certified(row: Json) -> Recorded:
    return Recorded(row["dossier"], row["product_name"], row["entity_name"], row["stars"], row["number"])


def _meant(uow: UnitOfWork, row: ListLine) -> list[str]:
    if row.dossier is None:
        return []
    try:
        return uow.find_dossiers(row.dossier)
    except InputInvalid as error:
        raise InputInvalid(reason("decision_line_at", line=row.row, shown=row.typed), *error.reasons) from error


def _view(found: Difference) -> Json:
    row, record = found.row, found.recorded
    return {
        "kind": found.kind,
        "line": row.row if row else None,
        "dossier": record.dossier if record else None,
        "certificate": record.certificate if record else None,
        "listed": _named(row.product, row.entity, row.stars) if row else None,
        "found": _named(record.product, record.entity, record.stars) if record else None,
        "reason": found.because,
    }


def _named(product: str | None, entity: str | None, stars: int | None) -> Json:
    return {"product": product, "entity": entity, "stars": stars}
