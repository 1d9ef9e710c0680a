"""Work lists: what waits at a unit put together, given out under a hash, and taken back line by line as commands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from ocop_flow.domain import sending, worklist
from ocop_flow.domain.attachments import MOST_COPIES
from ocop_flow.domain.codes import document_number
from ocop_flow.domain.commands import Act, Advance, Attachment, Open
from ocop_flow.domain.commands import Paper as Signed
from ocop_flow.domain.fieldvalues import read_day
from ocop_flow.domain.names import sort_key
from ocop_flow.domain.numerals import whole
from ocop_flow.domain.plan_record import replay_plan
from ocop_flow.domain.record import known_dossier
from ocop_flow.domain.worklist import Choice, Doer, Duty, Field, Filled, Named, Paper, Receiving, Task, WorkList
from ocop_flow.errors import Conflict, InputInvalid, Refused, Text, reason
from ocop_flow.service import dossiers, plans, sendings
from ocop_flow.service.desk import law_of_day, unit_on
from ocop_flow.service.dossier_actions import actions, lacking
from ocop_flow.service.lists import held
from ocop_flow.service.office import Caller, Office
from ocop_flow.service.product_sets import named_sets

if TYPE_CHECKING:
    from ocop_flow.domain.commands import FileRef
    from ocop_flow.domain.doers import Who
    from ocop_flow.domain.dossier import Dossier
    from ocop_flow.domain.sending import Sending
    from ocop_flow.domain.situation import Desk
    from ocop_flow.domain.units import Unit
    from ocop_flow.ports import UnitOfWork

Json = dict[str, Any]
#: Name of a command, the command, and its answer inside a transaction.
Prepared = tuple[str, Any, Any]


@dataclass(frozen=True, slots=True)
class Make:
    """``unit`` is a code, or a name where that is unique."""

    unit: str
    act: Act = field(default_factory=Act)


# --- given out ------------------------------------------------------------------------------------------------------


def make(uow: UnitOfWork, office: Office, caller: Caller, command: Make) -> WorkList:
    """The list of a unit as of today, kept under its hash; what is given out is an event.

    raises  NotFound, Refused (the caller types neither for the unit nor for one below his own)
    """
    unit = unit_on(uow, command.unit, office.today)
    base, who = sendings.at_unit(uow, office, caller, command.act, unit, "worklist_not_yours")
    code = sendings.next_code(uow, "worklist", base)
    found = _gathered(uow, office, unit, code)
    digest = uow.store_document("worklist", worklist.to_json(found))
    data = sending.given((unit.code, unit.name), None, digest, [task.dossier for task in found.tasks])
    sendings.give(uow, base, who, replace(command.act, by=None), "worklist", code, data)
    return found


def _gathered(uow: UnitOfWork, office: Office, unit: Unit, code: str) -> WorkList:
    on = office.today
    tasks, papers, details = [], [], dict[str, Field]()
    for dossier, due in sorted(held(uow, unit.code, on), key=lambda pair: (pair[1] is None, pair[1] or "")):
        listed = [
            item
            for item in actions(uow, office, Caller(None), dossier.code, everything=True)
            if item["unit"] is not None and item["unit"]["code"] == unit.code
        ]
        for need in (each for item in listed for each in item["needs"]["fields"]):
            known = Field(need["name"], need["label"], need["type"], tuple(need.get("choices", ())))
            details.setdefault(known.name, known)
        label = uow.law(dossier.workflow_hash).regime.states[dossier.state].label
        tasks.append(
            Task(
                dossier.code,
                dossier.version,
                dossier.product_name,
                dossier.entity_name,
                label,
                dossier.last_move_on.isoformat(),
                due,
                tuple(_choice(item) for item in listed),
            )
        )
        papers += [_paper(dossier, need) for need in lacking(uow, dossier, listed)]
    return WorkList(
        code=code,
        unit=unit.code,
        unit_name=unit.name,
        on=on.isoformat(),
        doers=tuple(_doers(uow, unit, on)),
        fields=tuple(details.values()),
        tasks=tuple(tasks),
        papers=tuple(papers),
        duties=tuple(_duties(uow, unit)),
        receiving=_receiving(uow, unit, on),
    )


def _choice(item: Json) -> Choice:
    needs = item["needs"]
    return Choice(
        item["action"],
        item["label"],
        tuple(role.partition("@")[0] for role in item["roles"]),
        tuple(each["name"] for each in needs["fields"]),
        tuple(each["name"] for each in needs["fields"] if each["required"]),
        bool(needs["decision"]),
        bool(needs["reason"]),
    )


def _paper(dossier: Dossier, need: Json) -> Paper:
    return Paper(dossier.code, dossier.product_name, need["kind"], need["label"], need["required"], need["have"])


def _doers(uow: UnitOfWork, unit: Unit, on: date) -> Iterator[Doer]:
    """Everybody with a post at the unit on a day, officers first."""
    rows = uow.query("SELECT DISTINCT handle FROM post WHERE unit = :unit ORDER BY handle", unit=unit.code)
    people = [person for row in rows if (person := uow.person(row["handle"])) is not None and not person.office]
    found = [Doer(each.handle, each.name, tuple(sorted(each.roles_at(unit, on)))) for each in people]
    yield from sorted((each for each in found if each.roles), key=lambda each: ("officer" not in each.roles, each.name))


def _duties(uow: UnitOfWork, unit: Unit) -> Iterator[Duty]:
    """Open milestones that the unit itself reports as done; those that dossiers settle are left out."""
    rows = uow.query(
        "SELECT subject, plan, min(due_on) AS due_on FROM deadline WHERE subject_kind = 'milestone' AND unit = :unit "
        "AND outcome IS NULL GROUP BY subject, plan ORDER BY due_on, subject",
        unit=unit.code,
    )
    for row in rows:
        record = replay_plan(uow.events("plan", row["plan"]))
        for each in record.document["milestones"] if record else ():
            if f"{row['plan']}:{each['id']}" == row["subject"] and "dossiers_past" not in each:
                yield Duty(row["plan"], row["plan"].split(":", 2)[2], each["id"], each["title"], row["due_on"])


def _receiving(uow: UnitOfWork, unit: Unit, on: date) -> Receiving | None:
    """What a commune, or a unit of a tier that the law lets receive, needs to take in dossiers; None for others."""
    law = law_of_day(uow, uow.tree([unit.code]), unit, on)
    if unit.tier != "commune" and unit.tier not in law.regime.receives:
        return None
    sets = named_sets(uow, law)
    regime = law.regime
    communes = () if unit.tier == "commune" else tuple(_communes(uow, unit, on))
    return Receiving(communes, sets, tuple(regime.entity_kinds), tuple(regime.kinds), tuple(regime.tracks))


def _communes(uow: UnitOfWork, unit: Unit, on: date) -> Iterator[Named]:
    """The communes below a unit on a day, each under its name and code: two may be called alike."""
    area = uow.area(unit.code)
    below = [each for each in area if each.tier == "commune" and unit in area.ancestors(each, on)]
    for each in sorted(below, key=lambda each: sort_key(each.name)):
        named = f"{each.name} ({each.code})"
        yield Named(each.code, Text(named, named))


# --- taken back -----------------------------------------------------------------------------------------------------


def given_out(uow: UnitOfWork, code: str, digest: str) -> tuple[WorkList, Sending]:
    """The list as it was given out; raises InputInvalid where this office gave out no such list."""
    found = sendings.find(uow, "worklist", code)
    kept = uow.document(found.digest) if found is not None else None
    if found is None or kept is None or digest != found.digest:
        raise InputInvalid(reason("worklist_unknown", worklist=code))
    return worklist.from_json(kept), found


def still_out(found: WorkList, kept: Sending, lines: Sequence[Filled]) -> list[Filled]:
    """The lines that were not taken before.

    raises  InputInvalid where nothing is filled in; Refused where every line was taken before (a list taken twice)
    """
    if not lines:
        raise InputInvalid(reason("worklist_empty", worklist=found.code))
    left = [line for line in lines if kept.taken.get(line.place) != line.digest]
    if not left:
        raise Refused(reason("worklist_taken", worklist=found.code, day=str(kept.taken_on), person=kept.taken_by))
    return left


@dataclass(frozen=True, slots=True)
class Taking:
    """A list on its way back: who did what is written in it where no line says otherwise.

    by     handle of the doer of lines that name none, None if the list names none either
    files  name of a file as it stands in the list -> the file
    """

    uow: UnitOfWork
    office: Office
    caller: Caller
    found: WorkList
    kept: Sending
    by: str | None
    files: Mapping[str, FileRef]

    def command(self, line: Filled) -> Prepared:
        """One line as a command of the ordinary kind; raises InputInvalid, Refused, Conflict."""
        before = self.kept.taken.get(line.place)
        if before is not None:
            day, who = str(self.kept.taken_on), self.kept.taken_by
            raise Refused(reason("worklist_line_taken", worklist=self.found.code, day=day, person=who))
        return {
            "tasks": self._move,
            "papers": self._paper,
            "duties": self._duty,
            "received": self._received,
        }[line.sheet](line)

    def _act(self, line: Filled, roles: Sequence[str]) -> Act:
        day = line.values.get("on")
        return Act(
            on=read_day(day) if day else None,
            by=self._doer(line, roles),
            reason=line.values.get("reason"),
            key=f"{self.found.code}:{line.place}",
        )

    def _doer(self, line: Filled, roles: Sequence[str]) -> str:
        """Whom the line names, else whom the list names, else the only one at the unit who may."""
        named = line.values.get("by")
        if named is not None:
            return named
        able = worklist.doers_for(self.found, roles)
        if self.by is not None and (any(each.handle == self.by for each in able) or not able):
            return self.by
        if len(able) != 1:
            raise InputInvalid(reason("worklist_doer_missing", known=", ".join(each.name for each in able) or "-"))
        return able[0].handle

    def _move(self, line: Filled) -> Prepared:
        task = next(each for each in self.found.tasks if each.dossier == line.key)
        choice = next(each for each in task.choices if each.action == line.values["action"])
        self._still_there(task)
        act = self._act(line, choice.roles)
        number = line.values.get("decision")
        if number is not None:
            act = replace(act, paper=Signed(number=document_number(number)))
        details = {name: line.values[name] for name in choice.fields if name in line.values}
        command = Advance(task.dossier, choice.action, act, details)

        def work(uow: UnitOfWork) -> Json:
            return dossiers.worded(uow, dossiers.advance(uow, self.office, self.caller, command))

        return "advance", command, work

    def _still_there(self, task: Task) -> None:
        """Raises Conflict where the dossier was moved since the list was given out."""
        known_dossier(self.uow.dossier(task.dossier), task.dossier)
        for event in self.uow.events("dossier", task.dossier):
            if event.seq > task.version and (event.from_state != event.to_state or event.action in ("undo", "fix")):
                raise Conflict(
                    reason(
                        "worklist_dossier_moved",
                        dossier=task.dossier,
                        given=self.found.on,
                        day=event.occurred_on.isoformat(),
                        person=event.actor.name,
                    )
                )

    def _paper(self, line: Filled) -> Prepared:
        paper = next(each for each in self.found.papers if f"{each.dossier}:{each.kind}" == line.key)
        act = self._act(line, ("officer",))
        dossier = known_dossier(self.uow.dossier(paper.dossier), paper.dossier)
        have = dossier.have(paper.kind, act.on or self.office.today)
        if have != paper.have:
            raise Conflict(reason("worklist_paper_changed", dossier=dossier.code, have=have, given=paper.have))
        typed = line.values.get("copies") or "1"
        copies = whole(typed)
        if copies is None or not 0 < copies <= MOST_COPIES:
            raise InputInvalid(reason("worklist_copies", text=typed))
        attachment = Attachment(
            paper.kind,
            copies,
            _day(line.values.get("issued")),
            _day(line.values.get("expires")),
            self._file(line.values.get("file")),
        )
        command = dossiers.Attach(dossier.code, (attachment,), None, act)
        return "attach", command, lambda uow: dossiers.attach(uow, self.office, self.caller, command)

    def _file(self, name: str | None) -> FileRef | None:
        if name is None:
            return None
        found = self.files.get(name)
        if found is None:
            raise InputInvalid(reason("worklist_file_missing", file=name))
        return found

    def _duty(self, line: Filled) -> Prepared:
        duty = next(each for each in self.found.duties if f"{each.plan}:{each.milestone}" == line.key)
        act = self._act(line, ("officer", "leader", "council_secretary"))
        command = plans.Done(duty.plan, duty.milestone, self.found.unit, act)
        return "plan done", command, lambda uow: plans.done(uow, self.office, self.caller, command)

    def _received(self, line: Filled) -> Prepared:
        contacts = {"phone": line.values["phone"]} if "phone" in line.values else {}
        command = Open(
            commune=line.values.get("commune", self.found.unit),
            product=line.values["product"],
            entity=line.values["entity"],
            entity_kind=line.values["entity_kind"],
            product_set=line.values["product_set"],
            kind=line.values["kind"],
            track=line.values["track"],
            previous=line.values.get("previous"),
            contacts=contacts,
            act=self._act(line, ("officer",)),
        )
        return "open", command, lambda uow: dossiers.open_dossier(uow, self.office, self.caller, command)


def _day(text: str | None) -> date | None:
    return read_day(text) if text else None


def check_taker(uow: UnitOfWork, office: Office, caller: Caller, found: WorkList, by: str | None) -> None:
    """Raises Refused unless the caller may type for the unit of the list."""
    _taker(uow, office, caller, found, by)


def _taker(uow: UnitOfWork, office: Office, caller: Caller, found: WorkList, by: str | None) -> tuple[Desk, Who]:
    unit = unit_on(uow, found.unit, office.today)
    me = uow.person(caller.known())
    act = Act(by=by) if me is not None and me.office else Act()
    return sendings.at_unit(uow, office, caller, act, unit, "worklist_not_yours")


def note_taken(uow: UnitOfWork, office: Office, caller: Caller, taking: Taking, lines: Sequence[Filled]) -> None:
    """The event that these lines were taken; none where there is no line."""
    if lines:
        base, who = _taker(uow, office, caller, taking.found, taking.by)
        sendings.take(uow, base, who, Act(), "worklist", taking.found.code, {x.place: x.digest for x in lines})


def listed(uow: UnitOfWork, kind: str, unit: str | None = None) -> list[Json]:
    """What was given out, newest first; ``taken_on`` null while it is still out."""
    rows = uow.rows("sending", kind=kind, **({"unit": unit} if unit else {}))
    shown = [
        {
            "code": row["code"],
            "unit": {"code": row["unit"], "name": row["unit_name"]},
            "to": {"code": row["to_unit"], "name": row["to_name"]} if row["to_unit"] else None,
            "given_on": row["given_on"],
            "taken_on": row["taken_on"],
            "taken_by": row["taken_by"],
        }
        for row in rows
    ]
    return sorted(shown, key=lambda row: (row["given_on"], row["code"]), reverse=True)
