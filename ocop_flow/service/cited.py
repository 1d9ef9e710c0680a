"""A decision that an act cites by its number, held against the recorded decisions of who may have issued it.

A number is its issuer's for one year (Decree 30/2020/NĐ-CP). What is recorded as annulled, or as another document, can
found nothing; a number that is not recorded is taken as it was typed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ocop_flow.errors import Reason, Refused, reason

if TYPE_CHECKING:
    from datetime import date

    from ocop_flow.domain.units import Unit, UnitTree
    from ocop_flow.ports import UnitOfWork

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
