"""View rows of adopted notices, and the open duties that hang on them.

Whatever an adoption changes is recomputed when its event is projected, so a rebuild meets it at the same place in the
log. A dossier or plan without an open duty is left as it was judged until it moves again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ocop_flow.domain import canonical
from ocop_flow.domain.event import time_text
from ocop_flow.domain.notice_json import from_document
from ocop_flow.store import plan_rows
from ocop_flow.store.certificate_rows import save_declared

if TYPE_CHECKING:
    from datetime import datetime

    from ocop_flow.domain.calendar import Notice
    from ocop_flow.domain.event import Event
    from ocop_flow.store.law_rows import Laws
    from ocop_flow.store.unit_of_work import SqlUnitOfWork


def read(uow: Laws) -> tuple[Notice, ...]:
    """The adopted notices in force, by year and unit."""
    documents = (uow.document(row["hash"]) for row in uow.remembered("SELECT hash FROM notice ORDER BY year, unit"))
    return tuple(from_document(document) for document in documents if document is not None)


def known(uow: Laws, at: datetime) -> tuple[Notice, ...]:
    """The notices as they had been adopted by a moment, by year and unit."""
    newest: dict[tuple[int, str], str] = {}
    for row in uow.query(
        "SELECT body FROM event WHERE subject_kind = 'calendar' AND recorded_at <= :at ORDER BY id", at=time_text(at)
    ):
        data = canonical.decode(row["body"])["data"]
        newest[(data["year"], data["unit"] or "")] = data["hash"]
    documents = (uow.document(newest[key]) for key in sorted(newest))
    return tuple(from_document(document) for document in documents if document is not None)


def save_notice(uow: SqlUnitOfWork, event: Event) -> None:
    """The row of the notice now in force, and every open duty that it may have moved."""
    data = event.data
    uow.put(
        "notice",
        year=data["year"],
        unit=data["unit"] or "",
        seq=event.seq,
        as_of=data["as_of"],
        source=data["source"],
        hash=data["hash"],
    )
    dossiers, plans = depending(uow, data["year"], data["unit"])
    for code in dossiers:
        dossier = uow.dossier(code)
        if dossier is not None:
            uow.save(dossier)
    for number in _declared_with_duties(uow):
        save_declared(uow, number)
    for plan in plans:
        plan_rows.refresh(uow, plan, event.recorded_at)


def _declared_with_duties(uow: SqlUnitOfWork) -> list[str]:
    """Numbers of declared certificates with an open duty that counts days off: a reply, a decision to revoke."""
    rows = uow.query(
        "SELECT DISTINCT subject FROM deadline WHERE outcome IS NULL AND subject_kind = 'certificate' "
        "AND kind IN ('reply', 'revocation') ORDER BY subject"
    )
    return [row["subject"] for row in rows]


def depending(uow: SqlUnitOfWork, year: int, unit: str | None) -> tuple[list[str], list[str]]:
    """Codes of dossiers and identities of plans that have an open duty which a notice can move.

    A duty of a dossier depends on days between its start and its end, give or take the days off around them; a year
    on either side is more than enough. A milestone may be counted back from any later day, so no plan is left out.
    """
    area = None if unit is None else {each.code for each in uow.area(unit)}
    dossiers = uow.query(
        "SELECT DISTINCT dossier.code, dossier.commune FROM deadline JOIN dossier ON dossier.code = deadline.subject "
        "WHERE deadline.outcome IS NULL AND deadline.subject_kind IN ('dossier', 'round') "
        "AND (deadline.start_on IS NULL OR deadline.start_on < :after) AND deadline.due_on >= :first "
        "ORDER BY dossier.code",
        after=f"{year + 2}-01-01",
        first=f"{year - 1}-01-01",
    )
    plans = uow.query(
        "SELECT DISTINCT deadline.plan, plan.issuer FROM deadline JOIN plan ON plan.id = deadline.plan "
        "WHERE deadline.outcome IS NULL AND deadline.subject_kind = 'milestone' ORDER BY deadline.plan"
    )
    return (
        [row["code"] for row in dossiers if area is None or row["commune"] in area],
        [row["plan"] for row in plans if area is None or row["issuer"] in area],
    )
