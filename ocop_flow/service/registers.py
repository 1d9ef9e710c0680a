"""Registers that an office keeps: what was taken in, which certificates were issued, which end; for any days."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Any

from ocop_flow.domain.calendar import add_months
from ocop_flow.domain.record import known_dossier
from ocop_flow.errors import InputInvalid, reason
from ocop_flow.service.certificates import all_shown, below
from ocop_flow.service.communes import communes_below
from ocop_flow.service.desk import unit_on

if TYPE_CHECKING:
    from ocop_flow.ports import UnitOfWork
    from ocop_flow.service.office import Office

Json = dict[str, Any]


def register(
    uow: UnitOfWork, office: Office, name: str, unit: str, since: date | None = None, until: date | None = None
) -> Json:
    """``{register, unit, from, to, lines}``, the lines by their day.

    name          intake, certificates (by the day of issue), expiry (by the last day)
    since, until  days that a line's own day lies between: of receipt, of issue, of the end. Without them this year
                  until today, or for the register of ends a year from today
    raises  InputInvalid (days crossed), NotFound or Refused (unit)
    """
    today = office.today
    ending = name == "expiry"
    first = since or (today if ending else date(today.year, 1, 1))
    last = until or (add_months(max(first, today), 12) if ending else today)
    if last < first:
        raise InputInvalid(reason("period_crossed", since=first.isoformat(), until=last.isoformat()))
    found = unit_on(uow, unit, today)
    if name == "intake":
        lines = list(_taken_in(uow, found.code, first, last))
    else:
        lines = _certificates(uow, found.code, "valid_to" if ending else "issued_on", first, last, today)
    return {
        "register": name,
        "unit": {"code": found.code, "name": found.name, "tier": found.tier},
        "from": first.isoformat(),
        "to": last.isoformat(),
        "lines": lines,
    }


def _taken_in(uow: UnitOfWork, unit: str, first: date, last: date) -> Iterator[Json]:
    """Dossiers by the day on which they were filed; those not filed yet are in no register."""
    inside = communes_below(uow, unit)
    rows = uow.query("SELECT code, commune FROM dossier ORDER BY opened_on, code")
    dossiers = [known_dossier(uow.dossier(row["code"]), row["code"]) for row in rows if row["commune"] in inside]
    filed = [(each.filed_on, each) for each in dossiers if each.filed_on and first <= each.filed_on <= last]
    for on, each in sorted(filed, key=lambda pair: (pair[0], pair[1].code)):
        yield {
            "on": on.isoformat(),
            "code": each.code,
            "product": each.product_name,
            "entity": each.entity_name,
            "commune": each.commune_name,
            "kind": each.kind,
            "state": each.state,
            "state_label": uow.law(each.workflow_hash).regime.states[each.state].label,
            "certificate": each.certificate.number if each.certificate else None,
        }


def _certificates(uow: UnitOfWork, unit: str, column: str, first: date, last: date, today: date) -> list[Json]:
    where = f"{column} >= :first AND {column} <= :last"
    rows = below(uow, unit, where, first=first.isoformat(), last=last.isoformat())
    rows.sort(key=lambda row: (row[column], row["number"]))
    return [{"on": seen[column], **seen} for seen in all_shown(uow, rows, today)]
