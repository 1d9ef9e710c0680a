"""The duties that were open at the end of a day: rows of the view where nothing came later, else told by the log.

A duty of a dossier or a certificate lies where that lies, one of a plan where the unit lies that owes it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import TYPE_CHECKING

from ocop_flow.domain.figures.duties import Due
from ocop_flow.service import deadline_view, past, plan_view

if TYPE_CHECKING:
    from ocop_flow.domain.deadlines import Deadline
    from ocop_flow.domain.dossier import Dossier
    from ocop_flow.ports import Row, UnitOfWork
    from ocop_flow.service.figure_facts import Gathered

_OPEN = "(start_on IS NULL OR start_on <= :on) AND (outcome IS NULL OR closed_on > :on)"


def of_subjects(uow: UnitOfWork, gathered: Gathered) -> Iterator[Due]:
    """Of the dossiers and declared certificates asked for."""
    on = gathered.asked.period.until
    dossiers = {case.dossier.code: case.dossier for case in gathered.facts.cases}
    papers = {each.number for each in gathered.facts.recognitions if each.dossier is None}
    later = past.moved_on(uow, "dossier", on) | past.moved_on(uow, "certificate", on)
    resting = {name for code in dossiers.keys() - later for name in _names(dossiers[code])} | (papers - later)
    rows = uow.query(f"SELECT * FROM deadline WHERE {_OPEN} AND subject_kind <> 'milestone'", on=on.isoformat())
    yield from (_of_row(row, on) for row in rows if row["subject"] in resting)
    for code in sorted(dossiers.keys() & later):
        yield from _open(uow.duties(dossiers[code]), on)
    for number in sorted(papers & later):
        yield from _open(deadline_view.of_declared(uow, gathered.stood.declared[number].fold), on)


def _names(dossier: Dossier) -> Iterator[str]:
    """What the duties of a dossier are filed under: its code and the numbers of its certificates."""
    yield dossier.code
    yield from (each.number for each in dossier.earlier_certificates)
    if dossier.certificate is not None:
        yield dossier.certificate.number


def of_plans(uow: UnitOfWork, gathered: Gathered, today: date) -> Iterator[Due]:
    """Of every plan issued by the day, as it stood then."""
    on, places, unit = gathered.asked.period.until, gathered.places, gathered.unit
    if on >= today:
        rows = uow.query(f"SELECT * FROM deadline WHERE {_OPEN} AND subject_kind = 'milestone'", on=on.isoformat())
        yield from (_of_row(row, on) for row in rows if unit in places.of(places.life(row["unit"], on)))
        return
    for plan in uow.query("SELECT id FROM plan WHERE issued_on <= :on ORDER BY id", on=on.isoformat()):
        found = plan_view.deadlines(uow, plan["id"], on, gathered.stood)
        yield from _open((duty.deadline for duty in found if unit in places.of(duty.unit)), on)


def _of_row(row: Row, on: date) -> Due:
    day = date.fromisoformat(row["due_on"])
    return Due(day, row["kind"], day < on and row["stopped_since"] is None)


def _open(duties: Iterable[Deadline], on: date) -> Iterator[Due]:
    for duty in duties:
        begun = duty.start_on is None or duty.start_on <= on
        if begun and (duty.outcome is None or (duty.closed_on is not None and duty.closed_on > on)):
            yield Due(duty.due_on, duty.kind, duty.due_on < on and duty.stopped_since is None)
