"""Reports of printed figures: recorded as they were printed, with what does not follow from what as warnings."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from ocop_flow.domain import names
from ocop_flow.domain.commands import Act
from ocop_flow.domain.doers import Who, in_post
from ocop_flow.domain.facts import NAME_LIMIT, TEXT_LIMIT, check_day
from ocop_flow.domain.record import stream_event
from ocop_flow.domain.report import REPORTED, Report, figure_json, figures_of, identity, replay, reported_data
from ocop_flow.domain.report_check import check
from ocop_flow.domain.situation import Desk
from ocop_flow.domain.units import Unit
from ocop_flow.errors import InputInvalid, NotFound, Refused, Text, reason
from ocop_flow.ports import UnitOfWork
from ocop_flow.service.desk import desk, unit_on
from ocop_flow.service.office import Caller, Office

Json = dict[str, Any]

#: Who records what a unit reports.
_KEEPERS = ("officer", "leader")


@dataclass(frozen=True, slots=True)
class Record:
    """A report of a unit; the same issuer, day and title again is a correction.

    as_of    day at whose end the figures held
    figures  as in ``domain.report.figure_json``; only id, metric, title and value are needed
    source   where the print is found
    """

    issuer: str
    title: Text
    as_of: date
    figures: tuple[Json, ...]
    source: str
    act: Act = field(default_factory=Act)


def record(uow: UnitOfWork, office: Office, caller: Caller, command: Record) -> Json:
    """Record a report by an officer or leader of its issuer, or of the unit that stands in its place.

    raises  InputInvalid with every fault of the figures; NotFound (unit), Refused (post, day)
    """
    act = command.act
    figures = figures_of(command.figures)
    title = Text(*(names.clean_name(text, limit=NAME_LIMIT, field="title") for text in command.title))
    source = names.clean_name(command.source, limit=TEXT_LIMIT, field="source")
    on = act.on or office.today
    if command.as_of > on:
        raise InputInvalid(reason("report_too_early", as_of=command.as_of.isoformat(), day=on.isoformat()))
    issuer = unit_on(uow, command.issuer, command.as_of)
    base = desk(uow, office, caller, act, uow.tree([issuer.code]))
    who = _keeper(issuer, on, base)
    faults = [*check_day(on, base.today), *who.faults]
    if faults:
        raise Refused(*faults)
    warnings = check(figures)
    unit = {"code": issuer.code, "name": issuer.name, "tier": issuer.tier}
    data = reported_data(unit, title, command.as_of, map(figure_json, figures), source)
    subject = ("report", identity(issuer.code, command.as_of, title.vi))
    event = stream_event(base, subject, uow.head(*subject), REPORTED, who, act, data, warnings=warnings)
    uow.append(event)
    return {"identity": subject[1], "version": event.seq, "warnings": list(warnings)}


def known(uow: UnitOfWork, report: str) -> Report:
    """A report as it stands; raises NotFound."""
    found = replay(uow.events("report", report))
    if found is None:
        raise NotFound(reason("report_absent", report=report))
    return found


def listed(uow: UnitOfWork, issuer: str | None = None) -> list[Report]:
    """Every report, of one issuer if one is named; the oldest day first."""
    rows = uow.query("SELECT DISTINCT subject FROM event WHERE subject_kind = 'report' ORDER BY subject")
    found = [known(uow, row["subject"]) for row in rows]
    kept = (report for report in found if issuer in (None, report.issuer["code"]))
    return sorted(kept, key=lambda report: (report.as_of, report.identity))


def _keeper(issuer: Unit, on: date, base: Desk) -> Who:
    seat = base.tree.heir(issuer, on)
    who = in_post(_KEEPERS, seat or issuer, on, base)
    if seat is not None:
        return who
    return Who(who.actor, who.recorder, issuer, (reason("unit_not_valid", unit=issuer.code, on=on.isoformat()),))
