"""Who answers today for a certificate: its issuer, or what stands in the place of one that has ended."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from ocop_flow.domain.facts import check_day
from ocop_flow.errors import Refused, reason

if TYPE_CHECKING:
    from ocop_flow.domain.units import Unit, UnitTree
    from ocop_flow.ports import Row


def life(tree: UnitTree, code: str | None, day: date) -> Unit | None:
    """The unit of a code on a day, else its last life."""
    return (tree.on(code, day) or tree.latest(code)) if code else None


def today(tree: UnitTree, unit: Unit | None, on: date) -> list[Unit]:
    """What the unit is on a day: itself, what took its place as a whole, else every part; itself if nothing did."""
    if unit is None:
        return []
    heir = tree.heir(unit, on)
    return [heir] if heir else [each for each, _ in tree.successors(unit, on)] or [unit]


def answers(tree: UnitTree, row: Row, on: date) -> Unit | None:
    """The unit that acts for a certificate on a day; None where neither issuer nor commune is known."""
    issued = date.fromisoformat(row["issued_on"]) if row["issued_on"] else on
    communes = today(tree, life(tree, row["commune"], issued), on)
    return acting(tree, row, communes, issued, on)


def acting(tree: UnitTree, row: Row, communes: Sequence[Unit], issued: date, on: date) -> Unit | None:
    """The issuer while it exists; for an ended one the province of today above the commune, or above the issuer."""
    issuer = life(tree, row["issuer_code"], issued)
    if issuer is not None and issuer.valid_on(on):
        return issuer
    if communes:
        return tree.reach(communes[0], "province", on)
    if issuer is None:
        return None
    for unit in (issuer, *tree.ancestors(issuer, issuer.nearest_valid_day(on))):
        for heir in today(tree, unit, on):
            if heir.valid_on(on) and heir.tier == "province":
                return heir
    return None


def unanswered(number: str, on: date, today: date) -> Refused:
    """That nobody answers for a certificate on a day; of a day to come it is only said that it is to come."""
    return Refused(*(check_day(on, today) or (reason("issuer_not_known", number=number),)))
