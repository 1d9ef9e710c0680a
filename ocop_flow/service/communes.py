"""Which communes a unit answers for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ocop_flow.service.numbers import chunks

if TYPE_CHECKING:
    from ocop_flow.ports import UnitOfWork


def communes_below(uow: UnitOfWork, code: str) -> frozenset[str]:
    """Codes of the communes that stand, or in a former life stood, under a unit, the unit itself included.

    A code that ends and is taken over by one of these counts too: what it issued is now theirs.
    """
    if code == "central":
        return frozenset(row["code"] for row in uow.query("SELECT DISTINCT code FROM unit WHERE tier = 'commune'"))
    found, fresh = {code}, {code}
    while fresh:
        below_these: set[str] = set()
        for holders, params in chunks(sorted(fresh)):
            for sql in (
                f"SELECT code AS code FROM unit WHERE parent_code IN ({holders})",
                f"SELECT old_code AS code FROM unit_successor WHERE new_code IN ({holders})",
            ):
                below_these |= {row["code"] for row in uow.query(sql, **params)}
        fresh = below_these - found
        found |= fresh
    return frozenset(found)
