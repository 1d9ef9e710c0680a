"""What is possible in a plan but unlikely to go well: warnings, never refusals.

Every number here is derived, not law: it warns until a province adopts its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

from ocop_flow.domain.calendar import add_days
from ocop_flow.domain.finding import Finding, Path
from ocop_flow.domain.units import TREE_KNOWN_FROM
from ocop_flow.errors import Param, reason

if TYPE_CHECKING:
    from ocop_flow.domain.calendar import Calendar
    from ocop_flow.domain.plan import Milestone, Plan

#: What stands behind the two numbers of working days.
SOURCE = "practice: minutes, submission and signature follow a sitting; seed plans of 2020"
#: Longest stretch that is counted day by day; beyond it there is time enough.
_FAR = 92
#: Working days wanted between a council's last day and what follows: minutes, submission, signature.
AFTER_SITTING = 10
#: Working days wanted between the issue of the plan and a duty of another unit than the issuer.
NOTICE = 15


def warnings(plan: Plan, calendar: Calendar) -> tuple[Finding, ...]:
    """Everything worth a second look before the plan is signed, in the order of the file."""
    found: list[Finding] = []
    for index, milestone in enumerate(plan.milestones):
        path: Path = ("milestones", index)
        found += _sitting(plan, milestone, path, calendar)
        found += _notice(plan, milestone, path, calendar)
        found += _day(plan, milestone, path)
        found += _ending(milestone, path)
    found += _targets(plan)
    found += _approximate(plan)
    return tuple(found)


def working_days_between(first: date, last: date, calendar: Calendar) -> int:
    """Working days after ``first`` up to and including ``last``."""
    return sum(calendar.is_working_day(add_days(first, offset)) for offset in range(1, (last - first).days + 1))


def _sitting(plan: Plan, milestone: Milestone, path: Path, calendar: Calendar) -> Iterator[Finding]:
    """A council's last day, and the day of what follows: its dependents, and targets that count recognitions."""
    sat_on = milestone.due.due_on
    if sat_on is None or not (milestone.dossiers_past or "").endswith("_council"):
        return
    for later in plan.milestones:
        if milestone.id in later.after and later.due.due_on is not None:
            yield from _too_close(path, milestone.id, sat_on, later.id, later.due.due_on, calendar)
    for target in plan.targets:
        if target.by is not None and target.metric.endswith("_products"):
            yield from _too_close(path, milestone.id, sat_on, target.id, target.by, calendar)


def _too_close(
    path: Path, milestone: str, sat_on: date, later: str, later_on: date, calendar: Calendar
) -> Iterator[Finding]:
    if not 0 <= (later_on - sat_on).days <= _FAR:
        return
    days = working_days_between(sat_on, later_on, calendar)
    if days < AFTER_SITTING:
        between = {"sat_on": sat_on.isoformat(), "later_on": later_on.isoformat()}
        yield _derived(
            path, "plan_sitting_close", milestone=milestone, later=later, days=days, wanted=AFTER_SITTING, **between
        )


def _notice(plan: Plan, milestone: Milestone, path: Path, calendar: Calendar) -> Iterator[Finding]:
    """A duty of other units that ends shortly after the plan was issued."""
    due_on = milestone.due.due_on
    if due_on is None or milestone.units == (plan.issuer,) or not 0 <= (due_on - plan.issued_on).days <= _FAR:
        return
    days = working_days_between(plan.issued_on, due_on, calendar)
    if days < NOTICE:
        at = due_on.isoformat()
        yield _derived(path, "plan_short_notice", milestone=milestone.id, due_on=at, days=days, wanted=NOTICE)


def _day(plan: Plan, milestone: Milestone, path: Path) -> Iterator[Finding]:
    due_on = milestone.due.due_on
    if due_on is None:
        return
    params = {"milestone": milestone.id, "due_on": due_on.isoformat()}
    if due_on < plan.issued_on:
        yield Finding((*path, "due"), reason("plan_due_before_issue", issued_on=plan.issued_on.isoformat(), **params))
    elif not plan.year <= due_on.year <= plan.last_year:
        yield Finding((*path, "due"), reason("plan_due_outside_years", **params))


def _ending(milestone: Milestone, path: Path) -> Iterator[Finding]:
    """Units that are known to end before their day."""
    last = milestone.occurrences[-1].due_on
    ending = [unit for unit in milestone.units if unit.valid_to is not None and last and unit.valid_to < last]
    if ending:
        ends = min(unit.valid_to for unit in ending if unit.valid_to is not None)
        count, name, day = len(ending), ending[0].name, ends.isoformat()
        yield Finding(path, reason("plan_units_end", milestone=milestone.id, count=count, name=name, ends_on=day))


def _targets(plan: Plan) -> Iterator[Finding]:
    for index, target in enumerate(plan.targets):
        wanted, baseline = target.bounds.at_least, target.baseline
        if baseline is not None and baseline.value is not None and wanted is not None and baseline.value >= wanted:
            path: Path = ("targets", index, "baseline")
            yield Finding(path, reason("target_already_met", target=target.id, value=baseline.value, wanted=wanted))
        if baseline is None and target.count == "cumulative" and target.metric == "recognised_products":
            yield Finding(("targets", index), reason("target_without_baseline", target=target.id))


def _approximate(plan: Plan) -> Iterator[Finding]:
    units = {unit for milestone in plan.milestones for unit in milestone.units if unit != plan.issuer}
    guessed = [unit for unit in units if unit.approximate_on(plan.issued_on)]
    if guessed:
        days = {"on": plan.issued_on.isoformat(), "known_from": TREE_KNOWN_FROM.isoformat()}
        yield Finding(("plan", "issuer"), reason("plan_units_approximate", count=len(guessed), **days))


def _derived(path: Path, code: str, /, **params: Param) -> Finding:
    return Finding(path, reason(code, source=SOURCE, mark="derived", **params))
