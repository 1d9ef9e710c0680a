"""A change of the law for dossiers under way: what the new regime's rules say of each, and doing it.

One event for each dossier that moves, so many under one commit; a run that was cut short goes on where it stopped,
for what has moved is under the new regime and is asked about no more.
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
from ocop_flow.domain.record import known_dossier, next_event
from ocop_flow.domain.regime import Regime
from ocop_flow.domain.situation import Law
from ocop_flow.domain.succession import province_of
from ocop_flow.domain.transition import ANSWERS, MOVES, PERSON_DECIDES, STAYS, Answer, answer_for
from ocop_flow.domain.units import CENTRAL, Unit, UnitTree
from ocop_flow.errors import InputInvalid, Reason, Refused, reason
from ocop_flow.ports import UnitOfWork
from ocop_flow.service.desk import unit_on
from ocop_flow.service.dossier_find import find
from ocop_flow.service.grouped import Printed, Progress, answered, in_groups, silent
from ocop_flow.service.leading import Leading, leader_at_work, signature, tree_around
from ocop_flow.service.office import Caller, Office, asked

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Settled:
    """A line of a list: what a person decided for a dossier; ``state`` None lets it stay under the old regime."""

    line: int
    dossier: str
    state: str | None


@dataclass(frozen=True, slots=True)
class Migrate:
    """``unit``: only dossiers of this province or commune; None: all that the leader answers for."""

    source: str
    target: str
    unit: str | None = None
    settled: tuple[Settled, ...] = ()
    act: Act = field(default_factory=Act)


@dataclass(frozen=True, slots=True)
class _Found:
    """A dossier with the law it would move to, and the answer."""

    dossier: Dossier
    law: Law
    answer: Answer
    why: Reason


class _Migration:
    """One run: who does it, on which day, with what persons decided."""

    def __init__(self, uow: UnitOfWork, office: Office, caller: Caller, command: Migrate, *, trial: bool) -> None:
        self.command = command
        self.act = command.act
        self.on = command.act.on or office.today
        if command.act.paper.number is not None:
            codes.document_number(command.act.paper.number)
        self.within = unit_on(uow, command.unit, self.on) if command.unit else None
        self.lead: Leading = leader_at_work(uow, office, caller, command.act, self.on, self.within, trial=trial)
        self.tree: UnitTree = tree_around(uow, [command.unit] if command.unit else [])
        self._laws: dict[str, Law] = {}
        self._provinces: dict[tuple[str, date | None], tuple[Unit | None, bool]] = {}
        self.new: Regime = self._new_law(uow)
        self.settled = _settled(uow, command, self.new)

    def _new_law(self, uow: UnitOfWork) -> Regime:
        known = [row["regime"] for row in uow.rows("law") if row["province"] == ""]
        for name in (self.command.source, self.command.target):
            if name not in known:
                raise InputInvalid(reason("regime_unknown", regime=name, known=", ".join(known)))
        national = uow.law_on(self.on, None, self.command.target)
        if national is None or (national.regime.effective_from or date.min) > self.on:
            first = str(national.regime.effective_from) if national else "-"
            raise Refused(reason("migrate_too_early", regime=self.command.target, first=first, day=self.on.isoformat()))
        return national.regime

    def found(self, uow: UnitOfWork, dossier: Dossier) -> _Found | None:
        """The answer for a dossier; None where it is not for this run."""
        if dossier.closed or dossier.regime != self.command.source:
            return None
        province, inside = self._province(dossier)
        if not inside:
            return None
        law = self._law(uow, province)
        answer = answer_for(dossier, law.regime, self.on)
        if answer.answer == MOVES and answer.to_state not in law.regime.states:
            answer = Answer(PERSON_DECIDES, None, None, None)
        line = self.settled.get(dossier.code)
        if line is not None and answer.answer == PERSON_DECIDES:
            told = reason("transition_decided", line=line.line)
            return _Found(dossier, law, Answer(MOVES if line.state else STAYS, line.state, answer.rule, None), told)
        if line is not None:
            raise InputInvalid(reason("transition_not_asked", dossier=dossier.code, line=line.line))
        if answer.answer == MOVES and dossier.last_move_on > self.on:
            late = reason("day_before_previous", day=self.on.isoformat(), previous=dossier.last_move_on.isoformat())
            return _Found(dossier, law, Answer(PERSON_DECIDES, None, answer.rule, None), late)
        return _Found(dossier, law, answer, _why(answer, dossier, self.command))

    def _province(self, dossier: Dossier) -> tuple[Unit | None, bool]:
        key = (dossier.commune, dossier.commune_from)
        if key not in self._provinces:
            life = next(unit for unit in self.tree.lives(key[0]) if unit.valid_from == key[1])
            province = province_of(self.tree, life, self.on)
            self._provinces[key] = (province, self.lead.reaches(province) and self._is_within(life, province))
        return self._provinces[key]

    def _is_within(self, life: Unit, province: Unit | None) -> bool:
        return self.within is None or self.within in (CENTRAL, province, life, self.tree.heir(life, self.on))

    def _law(self, uow: UnitOfWork, province: Unit | None) -> Law:
        code = province.code if province else ""
        if code not in self._laws:
            law = uow.law_on(self.on, code or None, self.command.target)
            if law is None:
                raise Refused(reason("no_law_on_day", day=self.on.isoformat()))
            self._laws[code] = law
        return self._laws[code]

    def move(self, uow: UnitOfWork, code: str) -> bool:
        """The event of one dossier; False where it is under the new regime already."""
        found = self.found(uow, known_dossier(uow.dossier(code), code))
        to_state = found.answer.to_state if found else None
        if found is None or to_state is None:
            return False
        dossier, answer = found.dossier, found.answer
        rule = answer.rule
        data = {
            "rule": rule.id if rule else None,
            "why": {"code": found.why.code, "source": found.why.source, "mark": found.why.mark},
            "from_regime": dossier.regime,
            "from_hash": dossier.workflow_hash,
            "keeps_result": bool(rule and rule.keeps_result and to_state == dossier.state),
        }
        warning = answer.warning
        event = next_event(
            dossier,
            self.lead.base,
            action="migrate",
            to_state=to_state,
            on=self.on,
            who=self.lead.who,
            signer=signature(self.lead, self.act, self.on),
            act=self.act,
            law=found.law,
            data=data,
            warnings=(warning,) if warning else (),
        )
        uow.append(event)
        return True


def migrate(
    office: Office, caller: Caller, command: Migrate, printed: Printed, *, dry_run: bool, progress: Progress = silent
) -> Json:
    """What becomes of every open dossier of the old regime; without ``dry_run`` those that move are moved.

    returns  ``dossiers`` (one line each, see ``_line``), ``counts`` by answer, ``migrated``, ``warnings``
    """
    first = answered(office, "workflow migrate", command, caller)
    if first is not None:
        return dict(first)
    if not dry_run and command.act.paper.number is None:
        raise Refused(reason("migrate_needs_decision"))
    with office.reader() as uow:
        run = _Migration(uow, office, caller, command, trial=dry_run)
        found = list(_all(uow, run))
        answer = _answer(uow, run, found)
    if dry_run:
        return printed(answer)
    moving = [each.dossier.code for each in found if each.answer.to_state is not None]

    def last(uow: UnitOfWork) -> None:
        if command.act.key is not None:
            wanted = asked("workflow migrate", command, caller)
            uow.remember(command.act.key, wanted, told, office.clock.now())

    told = printed({**answer, "migrated": len(moving)})
    in_groups(office, moving, run.move, last=last, progress=progress)
    return told


def _all(uow: UnitOfWork, run: _Migration) -> Iterator[_Found]:
    for dossier in uow.open_dossiers(regime=run.command.source):
        found = run.found(uow, dossier)
        if found is not None:
            yield found


def _answer(uow: UnitOfWork, run: _Migration, found: list[_Found]) -> Json:
    counts = Counter(each.answer.answer for each in found)
    states = {each.dossier.workflow_hash: uow.law(each.dossier.workflow_hash).regime.states for each in found}
    warnings = {each.answer.warning.params["rule"]: each.answer.warning for each in found if each.answer.warning}
    return {
        "from": run.command.source,
        "to": run.command.target,
        "on": run.on.isoformat(),
        "unit": {"code": run.lead.unit.code, "name": run.lead.unit.name, "tier": run.lead.unit.tier},
        "decision": run.act.paper.number,
        "counts": {name: counts[name] for name in ANSWERS},
        "migrated": 0,
        "dossiers": [_line(each, states[each.dossier.workflow_hash][each.dossier.state].label) for each in found],
        "warnings": list(warnings.values()),
    }


def _line(found: _Found, label: Any) -> Json:
    dossier, answer = found.dossier, found.answer
    to_state = answer.to_state
    return {
        "dossier": dossier.code,
        "product": dossier.product_name,
        "commune": {"code": dossier.commune, "name": dossier.commune_name},
        "state": dossier.state,
        "state_label": label,
        "answer": answer.answer,
        "to_state": to_state,
        "to_label": found.law.regime.states[to_state].label if to_state else None,
        "rule": answer.rule.id if answer.rule else None,
        "why": found.why,
        "last_day": answer.last_day.isoformat() if answer.last_day else None,
    }


def _why(answer: Answer, dossier: Dossier, command: Migrate) -> Reason:
    rule = answer.rule
    if rule is None:
        return reason("transition_no_rule", regime=command.target, earlier=dossier.regime)
    if rule.within is not None and answer.answer == rule.within.after != rule.answer:
        last = str(answer.last_day)
        return reason("transition_rule_over", source=rule.source, mark="unknown", rule=rule.label, last_day=last)
    return reason("transition_rule", source=rule.source, mark=rule.mark, rule=rule.label)


def _settled(uow: UnitOfWork, command: Migrate, new: Regime) -> dict[str, Settled]:
    found: dict[str, Settled] = {}
    faults: list[Reason] = []
    for each in command.settled:
        code = find(uow, each.dossier).code
        if code in found:
            faults.append(reason("list_dossier_twice", dossier=code, line=each.line))
        if each.state is not None and (each.state not in new.states or new.states[each.state].closed):
            known = ", ".join(state.id for state in new.states.values() if not state.closed)
            faults.append(reason("transition_state_unknown", state=each.state, line=each.line, known=known))
        found[code] = each
    if faults:
        raise InputInvalid(*faults)
    return found
