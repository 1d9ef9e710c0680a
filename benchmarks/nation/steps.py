"""One dossier on its way, from its opening to its end, and the sittings of the council."""

from __future__ import annotations

from dataclasses import dataclass
from time import perf_counter
from typing import Any

from benchmarks.nation.filing import Planned
from benchmarks.nation.nation import Nation
from benchmarks.nation.offices import SEATS
from ocop_flow.demo.desk import Line
from ocop_flow.domain.commands import Act, Advance, Attachment, Open, Paper
from ocop_flow.service import (
    dossier_actions,
    dossiers,
    results,
    scoring,
    sittings,
)
from ocop_flow.service.office import Caller

Json = dict[str, Any]
#: Totals by part that give three and four stars.
PARTS = ("20,15,20", "30,20,25")
#: Dossiers before one sitting at most.
BEFORE_COUNCIL = 70
#: Kinds judged by written opinions (26/2026/QĐ-TTg).
WRITTEN = frozenset({"re_rating"})
#: Forward in the law, but not the way that most take.
_ASIDE = frozenset({"send_to_central", "recognise_five_stars"})


def open_dossier(nation: Nation, planned: Planned) -> None:
    command = Open(
        commune=planned.commune,
        product=planned.product,
        entity=planned.entity,
        entity_kind=planned.entity_kind,
        product_set=planned.product_set,
        kind=planned.kind,
        track=planned.track,
        previous=planned.previous,
        contacts={"email": f"c{planned.number}@ocop.example"},
    )
    made = nation.desk.do(f"{planned.commune}-officer", dossiers.open_dossier, command)
    nation.opened.append(made["code"])
    nation.kinds[planned.kind] += 1
    nation.at(nation.after(10), Step(nation, made["code"], planned, made["state"]).go)


@dataclass
class Step:
    """One dossier on its way."""

    nation: Nation
    code: str
    planned: Planned
    state: str

    def go(self) -> None:
        """The next act forward: papers first, or the wait for the council."""
        if self.planned.number % 20 == 9 and self.state.startswith("registration"):
            self._leave()
            return
        action = self.lesson()
        if action is None:
            self.nation.ends[self.state] += 1
        elif action["needs"]["scores"]:
            self.nation.waiting[self.planned.province, self.planned.kind in WRITTEN].append(self)
        else:
            self.take(action)

    def lesson(self) -> Json | None:
        """What is next in this state; asked of the law once for each way and state."""
        key = (self.planned.kind, self.planned.track, self.state)
        if key not in self.nation.lessons:
            with self.nation.desk.reading() as (uow, office):
                listed = dossier_actions.actions(uow, office, Caller(None), self.code, everything=True)
            ahead = [item for item in listed if item["kind"] == "forward" and item["action"] not in _ASIDE]
            self.nation.lessons[key] = ahead[0] if ahead else None
        return self.nation.lessons[key]

    def take(self, action: Json) -> None:
        desk, needs = self.nation.desk, action["needs"]
        lacking = [(item["kind"], item["required"] - item["have"]) for item in needs["evidence"]]
        papers = tuple(Attachment(kind, copies) for kind, copies in lacking if copies > 0)
        if papers:
            desk.do(f"{self.planned.commune}-officer", dossiers.attach, dossiers.Attach(self.code, papers))
        role, tier = action["roles"][0].split("@")
        unit = self.planned.commune if tier == "commune" else self.planned.province
        fields = {item["name"]: _value(item) for item in needs["fields"] if item["required"]}
        # A paper of its own: its issuer uses a number once in a year.
        paper = Paper(number=f"{int(self.code.split('-')[2])}/QĐ-UBND") if needs["decision"] else Paper()
        reason = "theo hồ sơ" if needs["reason"] else None
        command = Advance(self.code, action["action"], Act(reason=reason, paper=paper), fields)
        moved = desk.do(f"{unit}-{role}", dossiers.advance, command)
        self.state = moved["to_state"]
        self.nation.at(self.nation.after(12), self.go)

    def _leave(self) -> None:
        command = Advance(self.code, "withdraw", Act(reason="Chủ thể đề nghị"))
        self.nation.desk.do(f"{self.planned.commune}-officer", dossiers.advance, command)
        self.nation.ends["withdrawn"] += 1


def _value(item: Json) -> str:
    usual = {"boolean": "true", "integer": "1", "decimal": "1.5", "document_number": "12/QĐ-UBND"}
    return str((item.get("choices") or [usual.get(item["type"], "theo hồ sơ")])[0])


def sit(nation: Nation, province: str, written: bool) -> None:
    """A sitting of nine over those that wait; the rules say from their kinds in what manner it is held."""
    every = nation.waiting[province, written]
    steps, nation.waiting[province, written] = every[:BEFORE_COUNCIL], every[BEFORE_COUNCIL:]
    if not steps:
        return
    desk, officer, secretary = nation.desk, f"{province}-officer", f"{province}-council_secretary"
    present = tuple(f"{province}-hd{seat}" for seat in range(SEATS))
    command = sittings.Convene(nation.councils[province], present, tuple(step.code for step in steps))
    convened = desk.do(secretary, sittings.convene, command)
    sitting = str(convened["sitting"])
    nation.sittings[convened["manner"]] += 1
    began = perf_counter()
    sheets = [
        Line(
            secretary,
            scoring.score,
            scoring.ScoreSheet(sitting, step.code, who, parts=PARTS[step.planned.number % 2]),
        )
        for step in steps
        for who in present
    ]
    desk.batch(sheets)
    desk.watch.seconds["score (in groups)"] += [(perf_counter() - began) / len(sheets)] * len(sheets)
    for step in steps:
        desk.do(officer, results.close, results.Close(sitting, step.code))
        action = step.lesson()
        assert action is not None
        step.take(action)
