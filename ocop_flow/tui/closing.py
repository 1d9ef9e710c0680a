"""A sitting closed for one dossier: conditions and grounds to reject are asked for, the result is shown before."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ocop_flow.cli.base import day
from ocop_flow.domain import knockout
from ocop_flow.domain.commands import Act
from ocop_flow.ports import UnitOfWork
from ocop_flow.service import results, score_books
from ocop_flow.service.office import Caller, Office
from ocop_flow.service.scoring import in_sitting
from ocop_flow.tui.bench import Bench, Step
from ocop_flow.tui.form import FormPage, Prompt

Json = dict[str, Any]


class Closing(FormPage):
    """The prompts that the dossier's law has for its product set."""

    def __init__(self, bench: Bench, sitting: str, dossier: str) -> None:
        self.sitting, self.dossier = sitting, dossier
        self.asked = bench.read(lambda uow, office, caller: _asked(uow, office, caller, sitting, dossier))
        super().__init__(bench, [*_prompts(bench, self.asked)])

    def heading(self) -> str:
        return f"{self.tr('Close the sitting')} · {self.sitting} · {self.dossier}"

    def told(self) -> str:
        return self.tr("Closing computes the mean and its stars; the dossier itself does not move yet.")

    def step(self, values: Mapping[str, str]) -> Step:
        conditions = tuple(
            f"{each['id']}={values[each['id']]}" for each in self.asked["conditions"] if values[each["id"]]
        )
        grounds = tuple(each["id"] for each in self.asked["grounds"] if values[each["id"]])
        act = Act(on=day(values["on"] or None), reason=values["reason"] or None)
        command = results.Close(self.sitting, self.dossier, conditions, act, grounds)
        return Step(
            "council close",
            command,
            lambda uow, office, caller: results.close(uow, office, caller, command),
            (self.dossier,),
        )

    def recorded_text(self, answer: Any) -> str:
        return self.tr("Closed: mean {mean}, {stars} stars.", mean=answer["mean_decimal"], stars=answer["stars"])


def _asked(uow: UnitOfWork, office: Office, caller: Caller, sitting: str, code: str) -> Json:
    desk = score_books.reading(uow, office, caller, sitting)
    dossier = in_sitting(desk, code)
    conditions = uow.conditions(dossier.workflow_hash, dossier.product_set, desk.sitting.on)
    grounds = knockout.known(uow.criteria(dossier.workflow_hash, dossier.product_set))
    return {
        "conditions": [{"id": each.id, "star": each.star, "name": each.name} for each in conditions],
        "grounds": [{"id": each.id, "name": each.label} for each in grounds],
    }


def _prompts(bench: Bench, asked: Json) -> Iterator[Prompt]:
    unsaid = ("", bench.tr("not checked"))
    for each in asked["conditions"]:
        choices = (unsaid, ("met", bench.tr("is met")), ("missed", bench.tr("is missed")))
        yield Prompt(each["id"], f"{each['star']}★ {each['name']}", choices=choices)
    for each in asked["grounds"]:
        found = (("", bench.tr("not found")), ("found", bench.tr("found: no stars")))
        yield Prompt(each["id"], each["name"], choices=found)
    yield Prompt("reason", bench.tr("Reason"))
    yield Prompt("on", bench.tr("Day"), hint=bench.tr("empty: today"))
