"""The rows of a table for another office: records of one kind, each with the units that it lies in."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from ocop_flow.domain.export_layout import Cell, Layout, cells, wanted
from ocop_flow.domain.figures.facts import Period
from ocop_flow.domain.figures.place import Places
from ocop_flow.domain.units import CENTRAL
from ocop_flow.errors import Text
from ocop_flow.service import beside_view, certificates, deadline_view, figure_reports, lists
from ocop_flow.service.communes import communes_below
from ocop_flow.service.figure_facts import Asked

if TYPE_CHECKING:
    from ocop_flow.domain.beside_kinds import Group
    from ocop_flow.ports import UnitOfWork
    from ocop_flow.service.office import Office

Json = dict[str, Any]
Groups = Mapping[str, "Group"]
#: What says where a record lies, the first that it has; and on which day it began.
_LIES = ("commune", "unit")
_BEGAN = ("issued_on", "opened_on", "valid_from", "on", "due_on")


def rows(
    uow: UnitOfWork, office: Office, groups: Groups, layout: Layout, unit: str | None, units_of: date | None
) -> list[list[Cell]]:
    """The cells of each record that the layout wants, in the order of the list that it comes from.

    groups    what is recorded beside the state (promotion)
    units_of  the day whose units are named; None: today's
    """
    places = Places(uow.area(CENTRAL.code), units_of or office.today)
    records = _KINDS[layout.rows](uow, office, groups, unit)
    found = [each for each in (_placed(record, places) for record in records) if wanted(layout, each)]
    return [cells(layout, record, number) for number, record in enumerate(found, start=1)]


def _certificates(uow: UnitOfWork, office: Office, _groups: Groups, unit: str | None) -> list[Json]:
    return certificates.listed(uow, office.today, unit=unit)


def _dossiers(uow: UnitOfWork, office: Office, _groups: Groups, unit: str | None) -> list[Json]:
    return lists.dossiers(uow, office, unit=unit)


def _entities(uow: UnitOfWork, _office: Office, _groups: Groups, unit: str | None) -> list[Json]:
    return lists.registered(uow, "entity", unit)


def _products(uow: UnitOfWork, _office: Office, _groups: Groups, unit: str | None) -> Iterator[Json]:
    """Each with its entity, in whose commune it lies."""
    owners = {each["code"]: each for each in lists.registered(uow, "entity", unit)}
    for each in lists.registered(uow, "product", unit):
        owner = owners.get(each["entity"], {})
        about = {"entity_code": each["entity"], "entity": owner.get("name"), "entity_kind": owner.get("kind")}
        yield {**each, **about, "commune": owner.get("commune")}


def _posts(uow: UnitOfWork, office: Office, _groups: Groups, unit: str | None) -> Iterator[Json]:
    """A row for each post that a person holds or held."""
    near = communes_below(uow, unit) if unit else None
    for person in lists.people(uow):
        about = {name: person[name] for name in ("handle", "name", "can_login", "left_on")}
        for post in person["posts"]:
            if near is None or post["unit"] in near:
                at = {"code": post["unit"], "name": post["unit_name"], "tier": post["tier"]}
                yield {**post, **about, "unit": at}


def _targets(uow: UnitOfWork, office: Office, _groups: Groups, unit: str | None) -> list[Json]:
    """As ``report targets`` counts them by the end of today."""
    asked = Asked(unit, Period(None, office.today))
    sheet = figure_reports.report(uow, office, "targets", asked).sheet("targets")
    return [dict(row) for row in sheet.rows] if sheet else []


def _promotion(uow: UnitOfWork, office: Office, groups: Groups, unit: str | None) -> Iterator[Json]:
    """Each with the product that it is about."""
    for each in beside_view.listed(uow, groups, "promotion", unit=unit):
        dossier = uow.dossier(each["subject"]) if each["subject_kind"] == "dossier" else None
        if dossier is not None:
            about = {"product": dossier.product_name, "entity": dossier.entity_name, "commune": dossier.commune}
        else:
            (row,) = uow.rows("certificate", number=each["subject"])
            about = {"product": row["product_name"], "entity": row["entity_name"], "commune": row["commune"]}
        yield {**each, **about, "done_on": each["on"]}


def _deadlines(uow: UnitOfWork, office: Office, _groups: Groups, unit: str | None) -> list[Json]:
    near = communes_below(uow, unit) if unit else None
    found = deadline_view.listed(uow, office)
    return [each for each in found if near is None or (each["unit"] and each["unit"]["code"] in near)]


_KINDS: Mapping[str, Callable[[UnitOfWork, Office, Groups, str | None], Any]] = {
    "certificates": _certificates,
    "dossiers": _dossiers,
    "entities": _entities,
    "products": _products,
    "posts": _posts,
    "targets": _targets,
    "promotion": _promotion,
    "deadlines": _deadlines,
}


def _placed(record: Json, places: Places) -> Json:
    """With the commune, district and province of the day, each with code and name where it has one."""
    where = next((record[name] for name in _LIES if record.get(name)), None)
    code = where["code"] if isinstance(where, dict) else where
    then = next((record[name] for name in _BEGAN if record.get(name)), None)
    above = places.of(places.life(code, date.fromisoformat(then) if then else None))
    units = {unit.tier: {"code": unit.code, "name": unit.name} for unit in above}
    labels = {name: {"vi": text.vi, "en": text.en} for name, text in record.items() if isinstance(text, Text)}
    return {**record, **labels, **{tier: units.get(tier) for tier in ("commune", "district", "province")}}
