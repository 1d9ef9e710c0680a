"""What a province does besides dossiers: its plan, the reports on its own tasks, what was recognised before."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import date

from ocop_flow.demo.cast import handle
from ocop_flow.demo.desk import Line
from ocop_flow.demo.facts import packaged
from ocop_flow.demo.year import Json, Life, Year
from ocop_flow.domain.commands import Act
from ocop_flow.errors import Text
from ocop_flow.ports import UnitOfWork
from ocop_flow.service import certificates, plans
from ocop_flow.service.office import Caller, Office
from ocop_flow.service.plan_view import plan_status


def load_plan(year: Year) -> Json:
    """Record the province's plan from its file, on the day on which the year begins."""
    content = packaged(year.facts.plan_file)

    def load(uow: UnitOfWork, office: Office, caller: Caller, command: plans.Load) -> Json:
        return plans.load(uow, office, caller, command, content, year.facts.plan_file)

    command = plans.Load(hashlib.sha256(content).hexdigest())
    loaded: Json = year.desk.do(handle(year.province, "canbo"), load, command)
    year.plan = loaded["identity"]
    target = loaded["targets"][0]
    year.target, baseline = target["at_least"], target["baseline"]
    year.story.tell(
        year.today,
        "plan_loaded",
        number=loaded["number"],
        issued_on=_shown(date.fromisoformat(loaded["issued_on"])),
        milestones=len(loaded["milestones"]),
        target=year.target,
        recognised=baseline["value"],
    )
    return loaded


def earlier(year: Year) -> Life:
    """Record what was recognised before: number, commune and exact day are not reported, and none is invented."""
    facts = year.facts
    yield facts.recognised_by
    year.desk.batch(_declarations(year))
    year.story.tell(
        year.today, "declared", products=facts.recognised_products, establishments=facts.recognised_establishments
    )


def _declarations(year: Year) -> Iterator[Line]:
    number = 0
    for group in year.facts.recognised:
        for _ in range(group.products):
            entity = 1 + number % year.facts.recognised_establishments
            number += 1
            command = certificates.Declare(
                product=f"Sản phẩm đã công nhận {number:02d} (giả định)",
                entity=f"Cơ sở đã có {entity:02d} (giả định)",
                entity_kind="household",
                stars=group.stars,
                source=group.source,
                issuer=year.province.code,
            )
            yield Line(handle(year.province, "canbo"), certificates.declare, command)


def own_tasks(year: Year) -> Life:
    """The province reports its own milestones as they are done; the conference came when the report says."""
    for milestone, day in (
        ("council_renewed", year.on(4, 24)),
        ("rules_and_budget", year.on(4, 28)),
        ("launch_conference", year.facts.conference_on),
        ("five_star_dossiers", year.on(9, 25)),
    ):
        yield day
        command = plans.Done(year.plan, milestone, act=Act())
        done: Json = year.desk.do(handle(year.province, "canbo"), plans.done, command)
        late = "_late" if done["late_days"] else ""
        year.story.tell(year.today, f"{milestone}_done{late}", late_days=done["late_days"])


def watch(year: Year) -> Life:
    """Look at the plan after each of its days: who is late."""
    for month in (5, 8, 9, 10):
        yield date(year.facts.year, month, 1)
        with year.desk.reading() as (uow, office):
            found = plan_status(uow, office, year.plan)
        for milestone in found["milestones"]:
            late = [unit for unit in milestone["units"] if unit["status"] == "late"]
            if late and date.fromisoformat(milestone["due_on"]).month == month - 1:
                _tell_late(year, milestone, late)


def _tell_late(year: Year, milestone: Json, late: list[Json]) -> None:
    behind = sum(len(unit["dossiers_behind"]) for unit in late)
    year.story.tell(
        year.today,
        "late_dossiers" if behind else "late",
        milestone=milestone["title"],
        due_on=_shown(date.fromisoformat(milestone["due_on"])),
        units=", ".join(unit["name"] for unit in late),
        dossiers=behind,
    )


def told_facts(year: Year) -> Life:
    """What the reports and the law add on their days."""
    yield year.on(5, 29)
    facts = year.facts
    year.story.tell(year.today, "registered", products=facts.registered, ready=facts.ready_about)
    yield date(facts.year, 6, 8)
    year.story.tell(year.today, "minima", decision=Text("Quyết định 781/QĐ-TTg", "Decision 781/QĐ-TTg"))


def _shown(day: date) -> str:
    return day.strftime("%d/%m/%Y")
