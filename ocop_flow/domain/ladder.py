"""Ladders of reminders: which rung of an open duty is due on a day.

A rung stands so many calendar days before or after the due day and names whom it reaches. Rungs climb inside the unit
(officer, head, the Chair's office); a rung to the unit above is silent until a province's own numbered decision
switches it on (DESIGN section 6).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from ocop_flow.domain.finding import Finding, finding
from ocop_flow.errors import Text

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from datetime import date

#: Whom a rung may reach inside the responsible unit and above it, from the first to the last.
UNIT_RECIPIENTS = ("officer", "leader", "chair_office", "unit_above")
RECIPIENTS = (*UNIT_RECIPIENTS, "entity")

Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Rung:
    """One reminder of a ladder.

    days      calendar days from the due day; negative: before it
    to        one of RECIPIENTS
    switched  silent unless a province's decision has switched it on
    """

    id: str
    days: int
    to: str
    switched: bool


@dataclass(frozen=True, slots=True)
class Ladder:
    """``rungs`` from the earliest to the latest; for the unit's side and for the entity at most one a day each."""

    id: str
    label: Text
    rungs: tuple[Rung, ...]
    source: str
    mark: str


def from_document(doc: Document) -> Ladder:
    """Build a ladder from a document that passed ``ladder.schema.json``; KeyError if it did not."""
    rungs = tuple(Rung(r["id"], r["days"], r["to"], "switched_by" in r) for r in doc["rungs"])
    return Ladder(doc["id"], Text(doc["label"]["vi"], doc["label"]["en"]), rungs, doc["source"], doc["mark"])


def newest_due(
    ladder: Ladder,
    due_on: date,
    today: date,
    *,
    switched_on: Collection[str] = (),
    to: Collection[str] = RECIPIENTS,
) -> Rung | None:
    """The latest rung whose day has come; None before the first.

    Rungs that were missed, as after an outage, stay silent: an open duty gets its newest rung alone. A unit and the
    entity are reminded apart, so ask once for ``UNIT_RECIPIENTS`` and once for ``("entity",)``.

    due_on       the duty's due day; today: the day asked about, Vietnamese date
    switched_on  ids of the rungs that the province's decision has switched on
    to           recipients asked about; of two rungs on one day the higher recipient's counts
    """
    days = (today - due_on).days
    due = [r for r in ladder.rungs if r.days <= days and r.to in to and (not r.switched or r.id in switched_on)]
    return max(due, key=lambda rung: (rung.days, RECIPIENTS.index(rung.to)), default=None)


def day_of(rung: Rung, due_on: date) -> date:
    """The day on which a rung is reached."""
    return due_on + timedelta(days=rung.days)


def lint(document: Document) -> list[Finding]:
    """Faults of a ladder document that passed its schema."""
    rungs = list(enumerate(document["rungs"]))
    found = [*_twice(rungs), *_switches(rungs)]
    for side in (UNIT_RECIPIENTS, ("entity",)):
        found += _order([(index, rung) for index, rung in rungs if rung["to"] in side])
    return found


def _twice(rungs: list[tuple[int, Document]]) -> Iterator[Finding]:
    seen: set[str] = set()
    for index, rung in rungs:
        if rung["id"] in seen:
            yield finding(("rungs", index, "id"), "ladder_rung_twice", rung=rung["id"])
        seen.add(rung["id"])


def _switches(rungs: list[tuple[int, Document]]) -> Iterator[Finding]:
    """The unit above hears of a duty only by a province's decision; inside the unit no decision is needed."""
    for index, rung in rungs:
        if (rung["to"] == "unit_above") != ("switched_by" in rung):
            code = "ladder_above_unswitched" if rung["to"] == "unit_above" else "ladder_switch_inside"
            yield finding(("rungs", index), code, rung=rung["id"])


def _order(rungs: list[tuple[int, Document]]) -> Iterator[Finding]:
    for (_, before), (index, rung) in pairwise(rungs):
        path = ("rungs", index)
        if rung["days"] == before["days"]:
            yield finding((*path, "days"), "ladder_day_twice", rung=rung["id"], other=before["id"], days=rung["days"])
        elif rung["days"] < before["days"]:
            yield finding((*path, "days"), "ladder_order", rung=rung["id"], other=before["id"])
        if RECIPIENTS.index(rung["to"]) < RECIPIENTS.index(before["to"]):
            yield finding((*path, "to"), "ladder_climbs_down", rung=rung["id"], to=rung["to"], other=before["to"])
