"""A plan as frozen values: who has to do what by when, and what the year is to reach.

A plan is a numbered document of a People's Committee. Its document (see ``ocop_flow.planfile`` for the form) stands in
the event that loaded it; ``domain.plan_examination`` turns it into these values.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datetime import date

    from ocop_flow.domain.due_date import DueDate
    from ocop_flow.domain.target import Target
    from ocop_flow.domain.units import Unit

Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Milestone:
    """One task with its day.

    wording        the time as the plan (or the decision that moved it) writes it
    occurrences    its days in order: one, or for a periodic duty each within the plan's years; never empty
    responsible    a tier, or the codes of units
    each           whether a tier means every unit of it below the issuer
    dossiers_past  the task is done when every dossier of the plan has gone past this state; None: an own task
    after          ids of the milestones that are due no later than this one
    units          the responsible units on the plan's day of issue, in order of code
    """

    id: str
    title: str
    wording: str
    occurrences: tuple[DueDate, ...]
    responsible: str | tuple[str, ...]
    each: bool
    dossiers_past: str | None
    after: tuple[str, ...]
    units: tuple[Unit, ...]

    @property
    def due(self) -> DueDate:
        """The first of its days."""
        return self.occurrences[0]

    @property
    def periodic(self) -> bool:
        return self.due.recurring


@dataclass(frozen=True, slots=True)
class Plan:
    """A plan as it stands after the moves that were applied to its document.

    issuer           the unit that issued it, as it was on ``issued_on``
    year, last_year  the cycle years it is for, equal for a plan of one year; the year of issue may be another
    regime           id of the regime its dossiers are filed under; None where the plan does not say
    """

    number: str
    issued_on: date
    issuer: Unit
    year: int
    last_year: int
    regime: str | None
    title: str
    milestones: tuple[Milestone, ...]
    targets: tuple[Target, ...]

    @property
    def identity(self) -> str:
        """Issuer, year and number, e.g. ``36:2020:27/KH-UBND``.

        source  Decree 30/2020/NĐ-CP: numbers run within the year of issue, so the year is that of ``issued_on``
        """
        return f"{self.issuer.code}:{self.issued_on.year}:{self.number}"

    def milestone(self, milestone_id: str) -> Milestone | None:
        return next((milestone for milestone in self.milestones if milestone.id == milestone_id), None)


def to_json(plan: Plan, document: Document) -> Document:
    """The plan for display; targets are shown as they were written."""
    return {
        "number": plan.number,
        "identity": plan.identity,
        "issuer": {"code": plan.issuer.code, "name": plan.issuer.name},
        "issued_on": plan.issued_on.isoformat(),
        "year": plan.year,
        "last_year": plan.last_year,
        "regime": plan.regime,
        "title": plan.title,
        "milestones": [milestone_json(milestone) for milestone in plan.milestones],
        "targets": document.get("targets", []),
    }


def milestone_json(milestone: Milestone) -> Document:
    due = milestone.due
    return {
        "id": milestone.id,
        "title": milestone.title,
        "wording": milestone.wording,
        "due_on": str(due.due_on),
        "last_working_day": str(due.last_working_day),
        "provisional": due.provisional,
        "tentative": due.tentative,
        "recurring": milestone.periodic,
        "occurrences": [str(occurrence.due_on) for occurrence in milestone.occurrences],
        "dossiers_past": milestone.dossiers_past,
        "after": list(milestone.after),
        "units": [{"code": unit.code, "name": unit.name} for unit in milestone.units],
    }
