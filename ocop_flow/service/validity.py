"""How long a certificate from before this system is valid where its paper does not say: by the law of its day."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from ocop_flow.domain.period import last_valid_day

if TYPE_CHECKING:
    from ocop_flow.domain.units import Unit, UnitTree
    from ocop_flow.ports import UnitOfWork


def valid_until(uow: UnitOfWork, tree: UnitTree, place: Unit | None, issued_on: date, stars: int) -> date | None:
    """The last valid day, as the law says that was in force on the day of issue in the province of a unit.

    place  the issuer, else the commune; None where neither is known: the national law then
    None   where no law is recorded for the day, or it gives no certificate for so many stars
    """
    province = tree.reach(place, "province", issued_on) if place is not None else None
    law = uow.law_on(issued_on, province.code if province else None)
    if law is None or not law.regime.certifies(stars):
        return None
    rules = law.regime.certificate
    return last_valid_day(issued_on, rules.months, rules.last_day)
