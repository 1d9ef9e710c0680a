"""A decision that an act cites by its number, held against the recorded decisions of who may have issued it.

A number is its issuer's for one year (Decree 30/2020/NĐ-CP). What is recorded as annulled, or as another document, can
found nothing; a number that is not recorded is taken as it was typed.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from ocop_flow.domain.situation import CitedPaper
from ocop_flow.errors import Reason, Refused, reason

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from ocop_flow.domain.units import Unit, UnitTree
    from ocop_flow.ports import Row, UnitOfWork

#: Kinds of decisions by which a council is set up or ruled, and by which a post or a seat is given.
COUNCIL = ("council", "rules", "correction", "other")
POST = ("appointment", "council", "correction", "other")


def check(uow: UnitOfWork, number: str, unit: Unit, tree: UnitTree, day: date, kinds: tuple[str, ...]) -> None:
    """Whether a number may stand behind an act at a unit on a day.

    kinds   what a recorded decision of that number may be about
    raises  Refused where the unit, or one above it, recorded the number in that year as annulled or as another paper
    """
    issuers = {unit.code, *(above.code for above in tree.ancestors(unit, unit.nearest_valid_day(day)))}
    found = [
        row
        for row in uow.rows("decision", number=number)
        if row["issuer"] in issuers and row["decided_on"][:4] == str(day.year)
    ]
    # Units above one another may each have the number: one that fits is enough.
    faults = [_fault(row["id"], row["kind"], row["status"], kinds) for row in found]
    if faults and all(faults):
        raise Refused(*(fault for fault in faults if fault))


def _fault(identity: str, kind: str, status: str, kinds: tuple[str, ...]) -> Reason | None:
    if status == "annulled":
        return reason("decision_cited_annulled", decision=identity)
    if kind not in kinds:
        return reason("decision_cited_other", decision=identity, kind=kind)
    return None


#: A paper has one day: of two days one is another paper's, so that no third needs to be looked at.
_DAYS = 2
_CERTIFIED = (
    "SELECT number, dossier, issued_on FROM certificate WHERE issuer_code = :issuer AND decision = :number "
    "AND issued_on BETWEEN :first AND :last ORDER BY issued_on, number"
)


def behind_certificates(
    uow: UnitOfWork, number: str, issuer: str, year: int, leave: Collection[str] = ()
) -> tuple[CitedPaper, ...]:
    """What a unit has certified by a number in a year, on two days at the most.

    Of the certificates of one day the first, for one paper lists many.
    leave   codes of dossiers that are not meant
    """
    found: dict[str, CitedPaper] = {}
    between = {"first": f"{year}-01-01", "last": f"{year}-12-31"}
    for row in uow.query(_CERTIFIED, issuer=issuer, number=number, **between):
        if len(found) == _DAYS:
            break
        if row["issued_on"] not in found and row["dossier"] not in leave:
            paper = _paper(uow, row, number)
            found |= {row["issued_on"]: paper} if paper else {}
    return tuple(found.values())


def _paper(uow: UnitOfWork, row: Row, number: str) -> CitedPaper | None:
    """The paper behind a certificate; None where the act that it stood behind was taken back."""
    if row["dossier"] is None:
        return CitedPaper(row["number"], date.fromisoformat(row["issued_on"]), None)
    history = uow.events("dossier", row["dossier"])
    undone = {event.data["undoes"] for event in history if event.action == "undo"}
    for event in reversed(history):
        if event.signer is not None and event.signer.number == number and event.seq not in undone:
            return CitedPaper(row["dossier"], event.signer.date, event.signer.name)
    return None


def where(uow: UnitOfWork, number: str, issuer: str | None = None) -> Iterator[str]:
    """Dossiers, certificates, councils and people for which a number is named, whether it is recorded or not."""
    rows = uow.query("SELECT * FROM certificate WHERE decision = :number ORDER BY number", number=number)
    yield from (row["dossier"] or row["number"] for row in rows if issuer in (None, row["issuer_code"]))
    councils = uow.rows("council", decision=number)
    yield from (row["code"] for row in councils if issuer in (None, row["unit"]))
    posts = uow.query("SELECT DISTINCT handle, unit, via FROM post WHERE decision = :number", number=number)
    yield from sorted({row["handle"] for row in posts if row["via"] != "seat" and issuer in (None, row["unit"])})
