"""Stores what seed documents say in a training database, each fact by a command of the product on the day it was told.

Nothing is counted twice: products that a seed names as recognised are declared once, cumulative figures of reports are
kept beside them, and a plan's baseline is the plan's own number.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from ocop_flow import bootstrap
from ocop_flow.clock import VIET_NAM
from ocop_flow.config import Settings
from ocop_flow.demo import folder
from ocop_flow.demo.cast import ADMIN, handle
from ocop_flow.demo.desk import Desk, Line
from ocop_flow.demo.seed_data import Fulfilled, PlanFile, Printed, Seed, seed
from ocop_flow.demo.seed_status import Found, found_on
from ocop_flow.domain.commands import Act
from ocop_flow.domain.units import Unit
from ocop_flow.errors import Reason
from ocop_flow.ports import UnitOfWork
from ocop_flow.service import certificates, people, plans, rebuild, reports
from ocop_flow.service.desk import unit_on
from ocop_flow.service.office import Caller, Office

Json = dict[str, Any]

#: Posts are older than the oldest figure that a seed gives.
_SINCE = date(2018, 1, 2)
_APPOINTMENT = "01/QĐ-UBND"


@dataclass
class Stored:
    """What was recorded of one seed: identities of its plans and reports, and what the plans warn of."""

    seed: Seed
    plans: list[str] = field(default_factory=list)
    reports: list[str] = field(default_factory=list)
    declared: int = 0
    warnings: list[Reason] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Shown:
    """The seeds on their days, what the log's verification found, and the clock at the end for ``OCOP_NOW``."""

    found: tuple[Found, ...]
    checked: Json
    commands: int
    ends_at: datetime
    officer: str


def show(settings: Settings, numbers: Iterable[str], on: date | None = None) -> Shown:
    """Make a training database, store the seeds of these numbers in it and look at each on a day.

    settings  whose ``db`` does not exist yet
    on        None: each on the day that it tells of
    """
    listed = [seed(number) for number in numbers]
    begins = min(day for each in listed for day in _days(each))
    settings = replace(settings, handle=None, now=datetime.combine(begins, time(7, 0), VIET_NAM))
    bootstrap.initialise(settings, sandbox=True, admin=ADMIN, password=None)
    folder.mark(settings.db, ",".join(each.id for each in listed))
    with TemporaryDirectory() as papers:
        return _show(Desk(bootstrap.open_office(settings), Path(papers)), listed, on)


def _show(desk: Desk, listed: list[Seed], on: date | None) -> Shown:
    units = _enrol(desk, listed)
    stored = [Stored(each) for each in listed]
    tasks = [task for each in stored for task in _tasks(desk, units, each)]
    tasks += _fulfilments(desk, units, stored)
    tasks.sort(key=lambda task: task[0])
    for day, task in tasks:
        desk.begin(day)
        task()
    desk.end(max(desk.today, on or desk.today))
    with desk.reading() as (uow, office):
        found = tuple(
            found_on(uow, office, each.seed, on or each.seed.told_on, each.plans, each.reports, each.warnings)
            for each in stored
        )
        checked = rebuild.check(office)
    return Shown(found, checked, desk.commands, desk.moment, handle(units[listed[0].place], "canbo"))


def _days(each: Seed) -> Iterator[date]:
    """Every day on which something of the seed is recorded."""
    yield each.told_on
    yield from (plan.issued_on for plan in each.plans)
    yield from (report.told_on for report in each.reports)


def _codes(each: Seed) -> Iterator[str]:
    """Every unit that records something of the seed."""
    yield each.place
    yield from (plan.issuer for plan in each.plans)
    yield from (report.issuer for report in each.reports)
    if each.declared:
        yield each.declared.unit


def _enrol(desk: Desk, listed: list[Seed]) -> dict[str, Unit]:
    """One officer, a placeholder, in every unit that has something to record; the units by code."""
    codes = sorted({code for each in listed for code in _codes(each)})
    with desk.reading() as (uow, office):
        units = {code: unit_on(uow, code, office.today) for code in codes}
    for unit in units.values():
        who = handle(unit, "canbo")
        desk.batch(
            [
                Line(ADMIN, people.add, people.AddPerson(who, f"Cán bộ {unit.name} (giả định)")),
                Line(ADMIN, people.appoint, people.Appoint(who, unit.code, "officer", _APPOINTMENT, since=_SINCE)),
            ]
        )
    return units


#: A day, and what is recorded on it.
_Task = tuple[date, Callable[[], None]]


def _fulfilments(desk: Desk, units: dict[str, Unit], stored: list[Stored]) -> Iterator[_Task]:
    """What an event did of a plan, if that plan is stored too: told by the plan's issuer on the day of the event."""
    for each in stored:
        for done in each.seed.fulfils:
            yield each.seed.told_on, partial(_fulfil, desk, units, stored, done)


def _fulfil(desk: Desk, units: dict[str, Unit], stored: list[Stored], done: Fulfilled) -> None:
    if any(done.plan in each.plans for each in stored):
        who = handle(units[done.plan.partition(":")[0]], "canbo")
        desk.do(who, plans.done, plans.Done(done.plan, done.milestone))


def _tasks(desk: Desk, units: dict[str, Unit], stored: Stored) -> Iterator[_Task]:
    """What holds for an earlier day is recorded on the day the seed tells it."""

    def officer(code: str) -> str:
        return handle(units[code], "canbo")

    each = stored.seed
    for plan in each.plans:
        yield plan.issued_on, partial(_load, desk, officer(plan.issuer), stored, plan)
    for report in each.reports:
        yield report.told_on, partial(_record, desk, officer(report.issuer), stored, report)
    if each.declared is not None:
        yield each.told_on, partial(_declare, desk, officer(each.declared.unit), stored)


def _load(desk: Desk, who: str, stored: Stored, plan: PlanFile) -> None:
    def load(uow: UnitOfWork, office: Office, caller: Caller, command: plans.Load) -> Json:
        return plans.load(uow, office, caller, command, plan.content, plan.name)

    loaded: Json = desk.do(who, load, plans.Load(hashlib.sha256(plan.content).hexdigest()))
    stored.plans.append(loaded["identity"])
    stored.warnings.extend(loaded["warnings"])


def _record(desk: Desk, who: str, stored: Stored, printed: Printed) -> None:
    command = reports.Record(printed.issuer, printed.title, printed.as_of, printed.figures, printed.source)
    recorded: Json = desk.do(who, reports.record, command)
    stored.reports.append(recorded["identity"])


def _declare(desk: Desk, who: str, stored: Stored) -> None:
    lines = [Line(who, certificates.declare, command) for command in _declarations(stored.seed)]
    stored.declared = len(desk.batch(lines))


def _declarations(each: Seed) -> Iterator[certificates.Declare]:
    """One for each product; the legal day is that by which the seed says it was so, the number and the rest unknown."""
    declared = each.declared
    if declared is None:
        return
    number = 0
    for group in declared.groups:
        for _ in range(group.products):
            entity = 1 + (number % declared.establishments if declared.establishments else number)
            number += 1
            yield certificates.Declare(
                product=f"Sản phẩm {number:02d} theo tin nguồn {each.id} (tên giữ chỗ)",
                entity=f"Cơ sở {entity:02d} theo tin nguồn {each.id} (tên giữ chỗ)",
                entity_kind="household",
                stars=group.stars,
                source=group.source,
                issuer=declared.unit,
                act=Act(on=group.by),
            )
