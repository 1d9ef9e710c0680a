"""The law that somebody names by its id."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ocop_flow.errors import InputInvalid, reason

if TYPE_CHECKING:
    from datetime import date

    from ocop_flow.domain.regime import Regime
    from ocop_flow.domain.situation import Law
    from ocop_flow.ports import UnitOfWork


def named_law(uow: UnitOfWork, day: date, regime: str) -> Law:
    """The national form of a regime as stored by a day; raises InputInvalid, listing the ids that there are."""
    law = uow.law_on(day, None, regime)
    if law is None:
        raise unknown(uow, regime)
    return law


def first_law(uow: UnitOfWork) -> Regime | None:
    """The first national regime that began on a day; what a decision signed before it rates belongs to no cycle.

    Criteria that each province had before then have no common day and are not meant.
    """
    rows = [row for row in uow.rows("law", province="") if row["regime_from"]]
    return uow.law(min(rows, key=lambda row: row["regime_from"])["hash"]).regime if rows else None


def unknown(uow: UnitOfWork, regime: str) -> InputInvalid:
    """What is raised for an id that is none."""
    known = ", ".join(dict.fromkeys(row["regime"] for row in uow.rows("law")))
    return InputInvalid(reason("regime_unknown", regime=regime, known=known))
