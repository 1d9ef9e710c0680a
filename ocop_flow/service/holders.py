"""Who holds a post: named to whoever lacks it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ocop_flow.ports import UnitOfWork

#: People named at most.
_MOST = 5


def holding(uow: UnitOfWork, unit: str, roles: Sequence[str], on: date) -> list[tuple[str, str]]:
    """(handle, name) of those who hold one of the roles at the unit of this code on a day, the first few."""
    held = "valid_from <= :on AND (valid_to IS NULL OR valid_to >= :on)"
    rows = uow.query(
        "SELECT DISTINCT post.handle AS handle, person.name AS name FROM post "
        "JOIN person ON person.handle = post.handle WHERE post.unit = :unit "
        f"AND role IN ({', '.join(f':r{n}' for n in range(len(roles)))}) AND {held} "
        "ORDER BY post.handle LIMIT :most",
        unit=unit,
        on=on.isoformat(),
        most=_MOST,
        **{f"r{number}": role for number, role in enumerate(roles)},
    )
    return [(row["handle"], row["name"]) for row in rows]
