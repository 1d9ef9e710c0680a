"""Fills a new database: the units of the country, the law, the first administrator."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from ocop_flow.domain.authority import Person
from ocop_flow.domain.doers import Who
from ocop_flow.domain.event import SYSTEM
from ocop_flow.domain.names import fold
from ocop_flow.domain.regime import Document
from ocop_flow.domain.situation import Desk
from ocop_flow.domain.units import CENTRAL, Succession, Unit
from ocop_flow.ports import UnitOfWork
from ocop_flow.service import laws, people
from ocop_flow.service.office import Office

Json = dict[str, Any]

#: The decision named for the first administrator: the installation itself.
FIRST_APPOINTMENT = "01/QĐ-OCOP"
#: Long before any act: the first administrator may record the appointments of any year.
_SINCE = date(2018, 1, 1)
_NOBODY = Person("system", "system", False)


def fill(
    uow: UnitOfWork,
    office: Office,
    units: tuple[Iterable[Unit], Iterable[Succession]],
    shipped: Iterable[tuple[Document, Iterable[Document]]],
    admin: str,
) -> Json:
    """Units, law and one administrator at the centre; how many of each."""
    counts = store_units(uow, *units)
    now = office.clock.now()
    regimes = laws.publish(uow, now, office.today, shipped)
    tree = uow.tree([CENTRAL.code])
    nobody = uow.person(admin)
    base = Desk(now, office.today, _NOBODY, _NOBODY, None, tree)
    who = Who(SYSTEM, SYSTEM, CENTRAL, ())
    if nobody is None:
        people.add_as(uow, base, who, people.AddPerson(admin, admin))
        people.appoint_as(uow, base, who, people.Appoint(admin, CENTRAL.code, "admin", FIRST_APPOINTMENT, since=_SINCE))
    return {**counts, "regimes": regimes}


def store_units(uow: UnitOfWork, units: Iterable[Unit], successions: Iterable[Succession]) -> Json:
    """Insert units and their successions in bulk."""
    rows, links = unit_rows(units), successor_rows(successions)
    uow.insert_many("unit", rows)
    uow.insert_many("unit_successor", links)
    return {"units": len(rows), "successors": len(links)}


def unit_rows(units: Iterable[Unit]) -> list[Json]:
    """Units as the rows of their table."""
    return [
        {
            "code": unit.code,
            "valid_from": unit.valid_from.isoformat() if unit.valid_from else "",
            "valid_to": unit.valid_to.isoformat() if unit.valid_to else None,
            "name": unit.name,
            "folded": fold(unit.name),
            "kind": unit.kind,
            "tier": unit.tier,
            "parent_code": unit.parent_code,
        }
        for unit in units
    ]


def successor_rows(successions: Iterable[Succession]) -> list[Json]:
    """Successions as the rows of their table."""
    return [
        {
            "old_code": link.old_code,
            "new_code": link.new_code,
            "tier": link.tier,
            "effective": link.effective.isoformat(),
            "partial": link.partial,
        }
        for link in successions
    ]
