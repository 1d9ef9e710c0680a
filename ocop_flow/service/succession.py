"""Units that ended hand over to their successors: open dossiers, certificates, posts, mailboxes, duties of plans.

A dossier follows its commune, a certificate of a district goes to the province; where the list of units knows no single
successor a person decides by a list. Each act names the minutes of the hand-over. Names on what was issued stay.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from ocop_flow.domain import codes
from ocop_flow.domain.commands import Act
from ocop_flow.domain.dossier import Dossier
from ocop_flow.domain.opening import commune_json
from ocop_flow.domain.record import known_dossier, next_event
from ocop_flow.domain.succession import (
    ANSWERS,
    NOT_BROUGHT,
    PERSON_DECIDES,
    Heir,
    copies_held,
    decided,
    heir_of,
    province_of,
)
from ocop_flow.domain.units import CENTRAL, Unit, UnitTree
from ocop_flow.errors import InputInvalid, NotFound, Reason, Refused, reason
from ocop_flow.ports import UnitOfWork
from ocop_flow.service.desk import unit_on
from ocop_flow.service.dossier_find import find
from ocop_flow.service.dossier_view import unit_view
from ocop_flow.service.grouped import Printed, Progress, answered, in_groups, silent
from ocop_flow.service.handed_over import contacts, give_contacts, milestones, posts
from ocop_flow.service.leading import Leading, leader_at_work, signature, tree_around
from ocop_flow.service.left_behind import Estate, owing
from ocop_flow.service.office import Caller, Office, asked

Json = dict[str, Any]
Life = tuple[str, date | None]


@dataclass(frozen=True, slots=True)
class Told:
    """A line of a list: where a dossier goes (``unit``), or what became of a paper of it (``file``, ``answer``).

    dossier  a dossier, or the number of a certificate from before this system: the answer is then of its file

    file    kind of evidence; None means everything the dossier holds
    answer  lost or not_received
    """

    line: int
    dossier: str
    unit: str | None = None
    file: str | None = None
    answer: str | None = None


@dataclass(frozen=True, slots=True)
class Succeed:
    """``unit`` None: every unit that has ended by the day. ``minutes``: number of the hand-over minutes."""

    unit: str | None = None
    minutes: str | None = None
    told: tuple[Told, ...] = ()
    act: Act = field(default_factory=Act)


@dataclass(frozen=True, slots=True)
class _Found:
    dossier: Dossier
    life: Unit
    heir: Heir
    province: Unit | None
    missing: tuple[Json, ...]


class _Succession:
    """One run: which units, on which day, by whom, with what persons decided."""

    def __init__(self, uow: UnitOfWork, office: Office, caller: Caller, command: Succeed, *, trial: bool) -> None:
        self.act, self.command = command.act, command
        self.on = command.act.on or office.today
        self.minutes = _numbers(command)
        self.tree: UnitTree = tree_around(uow, _left_by(uow, command.unit))
        self.former = _ended(self.tree, command.unit, self.on) if command.unit else None
        within = province_of(self.tree, self.former, self.on) if self.former else None
        self.lead: Leading = leader_at_work(uow, office, caller, command.act, self.on, within, trial=trial)
        self._heirs: dict[Life, tuple[Unit, Heir, Unit | None] | None] = {}
        self.told = self._read_list(uow)
        files = {code: each.answer for code, lines in self.told.items() for each in lines if each.answer}
        self.estate = Estate(self.tree, self.concerns, self.on, self.lead, self.act, self.minutes, files)

    def _read_list(self, uow: UnitOfWork) -> dict[str, list[Told]]:
        found: dict[str, list[Told]] = {}
        faults: list[Reason] = []
        for each in self.command.told:
            declared = _declared(uow, each.dossier)
            if declared and each.file is not None:
                faults.append(reason("list_file_unknown", line=each.line, dossier=declared, file=each.file, known="-"))
            found.setdefault(declared or find(uow, each.dossier).code, []).append(each)
            if each.answer is not None and each.answer not in NOT_BROUGHT:
                faults.append(
                    reason("list_answer_unknown", line=each.line, answer=each.answer, known=", ".join(NOT_BROUGHT))
                )
            if each.unit is None and each.answer is None:
                faults.append(reason("list_line_empty", line=each.line, dossier=each.dossier))
        for code, lines in found.items():
            if sum(each.unit is not None for each in lines) > 1:
                faults.append(reason("list_dossier_twice", dossier=code, line=lines[-1].line))
        if faults:
            raise InputInvalid(*faults)
        return found

    def concerns(self, life: Unit) -> bool:
        """Whether a life of a unit has ended by the day, and belongs to the unit asked for."""
        if life.valid_to is None or life.valid_to >= self.on:
            return False
        if self.former is None or self.former == life:
            return True
        return self.former in self.tree.ancestors(life, life.valid_to)

    def heir(self, life: Life) -> tuple[Unit, Heir, Unit | None] | None:
        """(the life, who takes over, the province that answers); None where the run does not concern it."""
        if life not in self._heirs:
            self._heirs[life] = self._heir(life)
        return self._heirs[life]

    def _heir(self, life: Life) -> tuple[Unit, Heir, Unit | None] | None:
        unit = next(unit for unit in self.tree.lives(life[0]) if unit.valid_from == life[1])
        if not self.concerns(unit):
            return None
        province = province_of(self.tree, unit, self.on)
        return (unit, heir_of(self.tree, unit, self.on), province) if self.lead.reaches(province) else None

    def found(self, uow: UnitOfWork, dossier: Dossier) -> _Found | None:
        """The answer for a dossier; None where it has nothing to hand over in this run."""
        concerned = None if dossier.closed else self.heir((dossier.commune, dossier.commune_from))
        if concerned is None:
            return None
        life, heir, province = concerned
        lines = self.told.get(dossier.code, [])
        for each in lines:
            if each.unit is not None:
                heir, province = self._chosen(uow, each, life, heir)
        if dossier.last_move_on > self.on:
            late = reason("day_before_previous", day=self.on.isoformat(), previous=dossier.last_move_on.isoformat())
            heir = Heir(PERSON_DECIDES, None, heir.candidates, late)
        return _Found(dossier, life, heir, province, _missing(dossier, lines))

    def _chosen(self, uow: UnitOfWork, line: Told, life: Unit, heir: Heir) -> tuple[Heir, Unit | None]:
        unit = unit_on(uow, line.unit or "", self.on, tier="commune")
        if heir.unit is not None and heir.unit != unit:
            raise InputInvalid(
                reason("succession_not_asked", dossier=line.dossier, line=line.line, unit=heir.unit.name)
            )
        province = self.tree.reach(unit, "province", self.on)
        if not self.lead.reaches(province):
            raise Refused(reason("succession_elsewhere", unit=unit.name, line=line.line, own=self.lead.unit.name))
        return (heir if heir.unit is not None else decided(life, unit)), province

    def take_over(self, uow: UnitOfWork, subject: tuple[str, str]) -> bool:
        """One subject, as (what it is, its code)."""
        one = {"dossier": self.hand_over, "certificate": self.estate.keep, "duty": self.estate.pass_on}
        return one[subject[0]](uow, subject[1])

    def hand_over(self, uow: UnitOfWork, code: str) -> bool:
        """The event of one dossier; False where an earlier run handed it over."""
        found = self.found(uow, known_dossier(uow.dossier(code), code))
        if found is None or found.heir.unit is None:
            return False
        event = next_event(
            found.dossier,
            self.lead.base,
            action="succeed",
            to_state=found.dossier.state,
            on=self.on,
            who=self.lead.who,
            signer=signature(self.lead, self.act, self.on),
            act=self.act,
            data={
                "former": commune_json(found.life),
                "commune": commune_json(found.heir.unit),
                "why": found.heir.why.code,
                "minutes": self.minutes,
                "missing": list(found.missing),
                "certificate": self._certificate(found),
            },
        )
        uow.append(event)
        return True

    def _certificate(self, found: _Found) -> Json | None:
        """Who keeps the certificate from now on; its issuer stays as it was named."""
        issued = found.dossier.certificate
        if issued is None:
            return None
        keeper = CENTRAL if issued.issuer_tier == CENTRAL.tier else found.province
        return {"number": issued.number, "issuer": issued.issuer_name, "kept_by": unit_view(keeper)}


def succeed(
    office: Office, caller: Caller, command: Succeed, printed: Printed, *, dry_run: bool, progress: Progress = silent
) -> Json:
    """Who takes over what; without ``dry_run`` every dossier with a successor is handed over.

    returns  ``dossiers`` (one line each, see ``_line``), ``counts`` by answer, ``handed_over``, and the ``posts``,
             ``contacts``, ``duties`` and ``certificates`` from before of the units that ended, each with what becomes
             of it
    """
    first = answered(office, "unit succeed", command, caller)
    if first is not None:
        return dict(first)
    if not dry_run and command.minutes is None and command.act.paper.number is None:
        raise Refused(reason("succession_needs_minutes"))
    with office.reader() as uow:
        run = _Succession(uow, office, caller, command, trial=dry_run)
        found = list(_all(uow, run))
        answer = _answer(uow, run, found)
    if dry_run:
        return printed(answer)
    moving = [("dossier", each.dossier.code) for each in found if each.heir.unit is not None]
    handed = len(moving)
    moving += [("certificate", each["number"]) for each in answer["certificates"] if each["kept_by"]]
    moving += [("duty", each["id"]) for each in answer["duties"] if each["beside"] and each["unit"]]

    def last(uow: UnitOfWork) -> None:
        give_contacts(uow, answer["contacts"])
        if command.act.key is not None:
            wanted = asked("unit succeed", command, caller)
            uow.remember(command.act.key, wanted, told, office.clock.now())

    told = printed({**answer, "handed_over": handed})
    in_groups(office, moving, run.take_over, last=last, progress=progress)
    return told


def _all(uow: UnitOfWork, run: _Succession) -> Iterator[_Found]:
    communes = None
    if run.former is not None:
        communes = {unit.code for unit in run.tree if unit.tier == "commune" and run.concerns(unit)}
    for dossier in uow.open_dossiers(communes=communes):
        found = run.found(uow, dossier)
        if found is not None:
            yield found


def _answer(uow: UnitOfWork, run: _Succession, found: list[_Found]) -> Json:
    counts = Counter(each.heir.answer for each in found)
    chosen = {each.dossier.code: each.heir.unit for each in found if each.heir.unit is not None}
    owed = [{**each, "beside": False} for each in milestones(uow, run.tree, run.concerns, run.on)]
    owed += [{**each, "beside": True} for each in run.estate.duties(uow, chosen)]
    return {
        "on": run.on.isoformat(),
        "unit": {"code": run.lead.unit.code, "name": run.lead.unit.name, "tier": run.lead.unit.tier},
        "former": unit_view(run.former),
        "minutes": run.minutes,
        "counts": {name: counts[name] for name in ANSWERS},
        "handed_over": 0,
        "dossiers": [_line(run, each) for each in found],
        "posts": posts(uow, run.tree, run.concerns, run.on),
        "contacts": contacts(uow, run.tree, run.concerns, run.on),
        "duties": owed,
        "certificates": list(run.estate.certificates(uow)),
        "warnings": [reason("succession_missing", count=missing)] if (missing := _not_brought(found)) else [],
    }


def _not_brought(found: list[_Found]) -> int:
    return sum(bool(each.missing) for each in found)


def _line(run: _Succession, found: _Found) -> Json:
    dossier, heir = found.dossier, found.heir
    return {
        "dossier": dossier.code,
        "product": dossier.product_name,
        "state": dossier.state,
        "former": {"code": found.life.code, "name": found.life.name, "tier": found.life.tier},
        "answer": heir.answer,
        "unit": unit_view(heir.unit),
        "candidates": [unit_view(unit) for unit in heir.candidates],
        "certificate": run._certificate(found),
        "missing": list(found.missing),
        "why": heir.why,
    }


def _missing(dossier: Dossier, lines: list[Told]) -> tuple[Json, ...]:
    """What the minutes say did not come over; a kind that the dossier does not hold is a fault of the list."""
    held = copies_held(dossier)
    found: dict[str, Json] = {}
    for each in lines:
        if each.answer is None:
            continue
        kinds = [each.file] if each.file else list(held)
        for kind in kinds:
            if kind not in held:
                known = ", ".join(held) or "-"
                raise InputInvalid(
                    reason("list_file_unknown", line=each.line, dossier=dossier.code, file=kind, known=known)
                )
            found[kind] = {"kind": kind, "copies": held[kind], "answer": each.answer}
    return tuple(found.values())


def _numbers(command: Succeed) -> str | None:
    """The number cited as that of the minutes; raises InputInvalid for one that is no document number."""
    typed = [codes.document_number(number) for number in (command.minutes, command.act.paper.number) if number]
    return typed[0] if typed else None


def _left_by(uow: UnitOfWork, unit: str | None) -> set[str]:
    """Codes of units with posts, mailboxes or duties, and of the unit asked for."""
    sql = (
        "SELECT unit AS code FROM post UNION SELECT code FROM unit_contact "
        "UNION SELECT unit FROM deadline WHERE subject_kind = 'milestone' AND unit IS NOT NULL"
    )
    return {row["code"] for row in uow.query(sql)} | owing(uow) | ({unit} if unit else set())


def _declared(uow: UnitOfWork, typed: str) -> str | None:
    """The number of a certificate from before this system; None where the word means something else."""
    rows = uow.rows("certificate", number=typed.strip())
    return str(rows[0]["number"]) if rows and rows[0]["dossier"] is None else None


def _ended(tree: UnitTree, code: str, on: date) -> Unit:
    """The life of a code that ended last before the day.

    raises  NotFound, Refused where the unit has not ended
    """
    lives = tree.lives(code)
    if not lives:
        raise NotFound(reason("unit_absent", unit=code))
    over = [unit for unit in lives if unit.valid_to is not None and unit.valid_to < on]
    if not over:
        raise Refused(reason("unit_still_stands", unit=lives[-1].name, code=code, day=on.isoformat()))
    return over[-1]
