"""The board: how many dossiers stand where, by unit and phase, the oldest among them and those that are late."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from ocop_flow.domain.names import sort_key
from ocop_flow.service.communes import communes_below
from ocop_flow.service.dossier_view import unit_view

if TYPE_CHECKING:
    from ocop_flow.domain.units import Unit, UnitTree
    from ocop_flow.ports import UnitOfWork
    from ocop_flow.service.office import Office

Json = dict[str, Any]
PHASES = ("proposal", "registration", "evaluation", "rating", "promotion")
_TIERS = ("commune", "district", "province", "central")
_COUNTED = (
    "SELECT commune, tier, phase, COUNT(*) AS count, MIN(moved_on) AS oldest FROM dossier "
    "WHERE phase <> 'closed' GROUP BY commune, tier, phase"
)
#: What is late is a small part of all: the order of the tables is fixed, so that they alone are looked up.
_LATE = (
    "SELECT dossier.commune, dossier.tier, dossier.phase, COUNT(*) AS count "
    "FROM (SELECT DISTINCT subject FROM deadline WHERE outcome IS NULL AND due_on < :today AND stopped_since IS NULL "
    "AND subject_kind IN ('dossier', 'round', 'evidence')) late "
    "CROSS JOIN dossier WHERE dossier.code = late.subject AND dossier.phase <> 'closed' "
    "GROUP BY dossier.commune, dossier.tier, dossier.phase"
)


def board(uow: UnitOfWork, office: Office, unit: str | None = None) -> list[Json]:
    """One row for each unit and phase with open dossiers, units by tier and in Vietnamese order of names.

    unit    only dossiers of communes at or below it
    oldest  day of the newest move of the one that has rested longest; ``unit`` None where the holder has ended
    """
    today = office.today
    below = communes_below(uow, unit) if unit else None
    counted = [row for row in uow.query(_COUNTED) if below is None or row["commune"] in below]
    late = {
        (row["commune"], row["tier"], row["phase"]): row["count"] for row in uow.query(_LATE, today=today.isoformat())
    }
    tree = uow.map_of(today)
    found: dict[tuple[Unit | None, str], Json] = {}
    for row in counted:
        holder = _holder(tree, row["commune"], row["tier"], today)
        each = found.setdefault(
            (holder, row["phase"]),
            {"unit": unit_view(holder), "phase": row["phase"], "count": 0, "oldest": row["oldest"], "late": 0},
        )
        each["count"] += row["count"]
        each["oldest"] = min(each["oldest"], row["oldest"])
        each["late"] += late.get((row["commune"], row["tier"], row["phase"]), 0)
    for each in found.values():
        each["oldest_days"] = (today - date.fromisoformat(each["oldest"])).days
    return sorted(found.values(), key=_order)


def _holder(tree: UnitTree, commune: str, tier: str | None, on: date) -> Unit | None:
    life = tree.on(commune, on)
    return tree.reach(life, tier, on) if life is not None and tier is not None else None


def _order(row: Json) -> tuple[int, str, int]:
    unit = row["unit"]
    tier = _TIERS.index(unit["tier"]) if unit else len(_TIERS)
    return tier, sort_key(unit["name"]) if unit else "", PHASES.index(row["phase"])
