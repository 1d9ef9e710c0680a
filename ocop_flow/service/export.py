"""The rows of a table for another office: certificates or dossiers, each with the units that it lies in."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from ocop_flow.domain.export_layout import Cell, Layout, cells, wanted
from ocop_flow.domain.figures.place import Places
from ocop_flow.domain.units import CENTRAL
from ocop_flow.errors import Text
from ocop_flow.service import certificates, lists

if TYPE_CHECKING:
    from ocop_flow.ports import UnitOfWork
    from ocop_flow.service.office import Office

Json = dict[str, Any]


def rows(uow: UnitOfWork, office: Office, layout: Layout, unit: str | None, units_of: date | None) -> list[list[Cell]]:
    """The cells of each record that the layout wants, in the order of the list that it comes from.

    units_of  the day whose units are named; None: today's
    """
    records = _records(uow, office, layout.rows, unit)
    places = Places(uow.area(CENTRAL.code), units_of or office.today)
    found = [each for each in (_placed(record, places) for record in records) if wanted(layout, each)]
    return [cells(layout, record, number) for number, record in enumerate(found, start=1)]


def _records(uow: UnitOfWork, office: Office, kind: str, unit: str | None) -> list[Json]:
    if kind == "certificates":
        return certificates.listed(uow, office.today, unit=unit)
    return lists.dossiers(uow, office, unit=unit)


def _placed(record: Json, places: Places) -> Json:
    """With the commune, district and province of the day, each with code and name where it has one."""
    commune = record["commune"]
    code = commune["code"] if isinstance(commune, dict) else commune
    then = record.get("issued_on") or record.get("opened_on")
    above = places.of(places.life(code, date.fromisoformat(then) if then else None))
    units = {unit.tier: {"code": unit.code, "name": unit.name} for unit in above}
    label = record.get("state_label")
    labels = {"state_label": {"vi": label.vi, "en": label.en}} if isinstance(label, Text) else {}
    return {**record, **labels, **{tier: units.get(tier) for tier in ("commune", "district", "province")}}
