"""From a plan's document to a plan: every contradiction is found, and each is placed in the document."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from ocop_flow.domain.codes import document_number
from ocop_flow.domain.finding import Finding, Path, finding
from ocop_flow.domain.plan import Milestone, Plan
from ocop_flow.domain.plan_days import PlanTime, occurrences
from ocop_flow.domain.plan_lint import warnings
from ocop_flow.domain.plan_order import check_order
from ocop_flow.domain.plan_units import issuer_of, responsible_units, units_below
from ocop_flow.domain.target import target_of
from ocop_flow.domain.target_check import check_target
from ocop_flow.domain.units import Unit, UnitTree, tier_rank
from ocop_flow.errors import InputInvalid, Reason, Text

if TYPE_CHECKING:
    from ocop_flow.domain.calendar import Calendar
    from ocop_flow.domain.due_date import DueDate

Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Examined:
    """plan: None if there are faults. Faults and warnings have no ``where`` yet: see ``placed``."""

    plan: Plan | None
    faults: tuple[Finding, ...]
    warnings: tuple[Finding, ...]


def plan_of(document: Document, tree: UnitTree, calendar: Calendar) -> Plan:
    """The plan that a recorded document means; raises InputInvalid with every fault if it has any.

    The order between milestones was judged when they were recorded: days off decreed since may have shifted one past
    another, and that is no fault of the plan.
    """
    work = _Examination(document, tree, calendar, None)
    plan = work.plan()
    faults = [fault for fault in work.faults if fault.reason.code != "plan_order_broken"]
    if plan is None or faults:
        raise InputInvalid(*(placed(fault) for fault in faults))
    return plan


def placed(found: Finding, where: Text | None = None) -> Reason:
    """The reason with the place that its text begins with: ``where``, or the path in the document."""
    path = ".".join(str(step + 1) if isinstance(step, int) else step for step in found.path)
    return replace(found.reason, params=MappingProxyType({**found.reason.params, "where": where or path}))


def examine(
    document: Document,
    tree: UnitTree,
    calendar: Calendar,
    regimes: Mapping[str, Collection[str]] | None = None,
    taken: Collection[str] = (),
) -> Examined:
    """Read a document whose form was checked; a key that is missing is passed over, the form's own fault.

    regimes  id -> its states: the plan's regime must be one of them; None: not asked
    taken    identities that other plans bear already
    """
    work = _Examination(document, tree, calendar, regimes)
    plan = work.plan()
    work.identity(taken)
    complete = plan is not None and not work.faults
    doubts = (*work.warnings, *(warnings(plan, calendar) if complete and plan else ()))
    return Examined(plan if complete else None, tuple(work.faults), doubts)


class _Examination:
    """One reading of one document; collects what it finds."""

    def __init__(
        self,
        document: Document,
        tree: UnitTree,
        calendar: Calendar,
        regimes: Mapping[str, Collection[str]] | None,
    ) -> None:
        self.head: Document = document.get("plan", {})
        self.milestone_docs: list[Document] = document.get("milestones", [])
        self.target_docs: list[Document] = document.get("targets", [])
        self.tree, self.calendar, self.regimes = tree, calendar, regimes
        self.faults: list[Finding] = []
        self.warnings: list[Finding] = []
        self.issued_on = _day(self.head.get("issued_on"))
        self.year: int | None = self.head.get("year")
        self.last_year = self.year
        self.issuer: Unit | None = None

    def plan(self) -> Plan | None:
        self.number()
        self.years()
        self.find_issuer()
        self.regime()
        if not self.milestone_docs and not self.target_docs:
            self.faults.append(finding((), "plan_empty"))
        self.duplicates("milestones", self.milestone_docs)
        self.duplicates("targets", self.target_docs)
        milestones = [self.milestone(doc, index) for index, doc in enumerate(self.milestone_docs)]
        read = [milestone for milestone in milestones if milestone is not None]
        due = {m.id: m.due.due_on for m in reversed(read) if m.due.due_on is not None}
        self.faults += check_order(self.milestone_docs, due)
        for index, doc in enumerate(self.target_docs):
            self.target(doc, ("targets", index))
        if self.issuer is None or self.issued_on is None or self.year is None or self.last_year is None:
            return None
        return Plan(
            number=self.head.get("number", ""),
            issued_on=self.issued_on,
            issuer=self.issuer,
            year=self.year,
            last_year=self.last_year,
            regime=self.head.get("regime"),
            title=self.head.get("title", ""),
            milestones=tuple(read),
            targets=tuple(target_of(doc) for doc in self.target_docs),
        )

    def number(self) -> None:
        try:
            document_number(self.head.get("number", "1/KH-UBND"))
        except InputInvalid:
            self.faults.append(finding(("plan", "number"), "plan_number_unreadable", number=self.head["number"]))

    def identity(self, taken: Collection[str]) -> None:
        """Decree 30/2020/NĐ-CP: an issuer gives a number once a year."""
        if self.issuer is None or self.issued_on is None or "number" not in self.head:
            return
        number, year = self.head["number"], self.issued_on.year
        identity = f"{self.issuer.code}:{year}:{number}"
        if identity in taken:
            self.faults.append(
                finding(("plan", "number"), "plan_number_taken", number=number, year=year, plan=identity)
            )

    def years(self) -> None:
        span = self.head.get("years")
        if span is not None and self.year is not None:
            self.last_year = span[1]
            if span[0] != self.year or span[1] < span[0]:
                self.faults.append(finding(("plan", "years"), "plan_years_wrong", year=self.year))
        if self.issued_on is not None and self.last_year is not None and self.issued_on.year > self.last_year:
            day = self.issued_on.isoformat()
            self.faults.append(finding(("plan", "year"), "plan_year_over", year=self.last_year, issued_on=day))

    def find_issuer(self) -> None:
        if "issuer" not in self.head or self.issued_on is None or self.year is None or self.last_year is None:
            return
        found = issuer_of(self.head, self.issued_on, self.year, self.last_year, self.tree)
        if isinstance(found, Finding):
            self.faults.append(found)
        else:
            self.issuer = found

    def regime(self) -> None:
        regime = self.head.get("regime")
        if regime is not None and self.regimes is not None and regime not in self.regimes:
            known = ", ".join(sorted(self.regimes))
            self.faults.append(finding(("plan", "regime"), "plan_regime_unknown", regime=regime, known=known))

    def duplicates(self, key: str, docs: Iterable[Document]) -> None:
        seen: set[str] = set()
        for index, doc in enumerate(docs):
            if doc.get("id") in seen:
                self.faults.append(finding((key, index, "id"), "plan_id_twice", id=doc["id"]))
            elif "id" in doc:
                seen.add(doc["id"])

    def milestone(self, doc: Document, index: int) -> Milestone | None:
        path: Path = ("milestones", index)
        units = self.units(doc, path)
        days = self.days(doc, path)
        self.state(doc, path)
        if days and days[0].recurring and "dossiers_past" in doc:
            self.faults.append(finding((*path, "dossiers_past"), "plan_periodic_dossiers"))
        if not days or "id" not in doc:
            return None
        said = doc.get("responsible", "")
        return Milestone(
            id=doc["id"],
            title=doc.get("title") or doc["id"],
            wording=doc["due"],
            occurrences=days,
            responsible=said if isinstance(said, str) else tuple(said),
            each=doc.get("each", False),
            dossiers_past=doc.get("dossiers_past"),
            after=tuple(doc.get("after", ())),
            units=units,
        )

    def units(self, doc: Document, path: Path) -> tuple[Unit, ...]:
        if self.issuer is None or self.issued_on is None:
            return ()
        units, faults, doubts = responsible_units(doc, path, self.issuer, self.issued_on, self.tree)
        self.faults += faults
        self.warnings += doubts
        return units

    def days(self, doc: Document, path: Path) -> tuple[DueDate, ...]:
        if "due" not in doc or self.issued_on is None or self.year is None or self.last_year is None:
            return ()
        year = doc.get("year")
        if year is not None and not self.year <= year <= max(self.last_year, self.year):
            self.faults.append(finding((*path, "year"), "plan_milestone_year", year=year))
            return ()
        time = PlanTime(self.issued_on, self.year, max(self.last_year, self.year), self.calendar)
        try:
            return occurrences(doc["due"], time, year)
        except InputInvalid as error:
            for fault in error.reasons:
                self.faults.append(finding((*path, "due"), f"plan_due_{fault.code}", **fault.params))
            return ()

    def state(self, doc: Document, path: Path) -> None:
        state = doc.get("dossiers_past")
        if state is None:
            return
        known = self.known_states()
        if state.startswith("closed.") or (known is not None and state not in known):
            regime = self.head.get("regime") or ", ".join(sorted(self.regimes or ()))
            self.faults.append(finding((*path, "dossiers_past"), "plan_state_unknown", state=state, regime=regime))

    def known_states(self) -> set[str] | None:
        """The states of the plan's regime, of every regime if it names none; None where they are not known."""
        regime = self.head.get("regime")
        if self.regimes is None or (regime is not None and regime not in self.regimes):
            return None
        chosen = self.regimes.values() if regime is None else [self.regimes[regime]]
        return {state for states in chosen for state in states}

    def target(self, doc: Document, path: Path) -> None:
        self.faults += check_target(doc, path, self.issued_on, self.unit_count)
        if doc.get("metric") == "recognised_products" and "count" not in doc and "baseline" not in doc:
            self.warnings.append(finding(path, "target_count_assumed", target=doc.get("id", "")))

    def unit_count(self, tier: str) -> int | None:
        if self.issuer is None or self.issued_on is None:
            return None
        if tier_rank(tier) >= tier_rank(self.issuer.tier):
            return 0
        return len(units_below(self.tree, self.issuer, tier, self.issued_on))


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)
