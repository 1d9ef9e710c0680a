"""Acts beside the state of a dossier, or of a certificate that has none: recorded, answered, disputed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from ocop_flow.domain import beside, beside_kinds, revocation
from ocop_flow.domain.authority import unit_ref
from ocop_flow.domain.beside import Beside
from ocop_flow.domain.beside_duties import due_on
from ocop_flow.domain.beside_kinds import Fact, Group, read_facts
from ocop_flow.domain.commands import Act, FileRef
from ocop_flow.domain.doers import Who, first_post
from ocop_flow.domain.facts import check_day, reason_faults
from ocop_flow.domain.period import Period
from ocop_flow.domain.record import next_event, stream_event
from ocop_flow.domain.situation import Situation
from ocop_flow.errors import BINDING_MARKS, InputInvalid, NotFound, Reason, Refused, reason
from ocop_flow.service import calendars
from ocop_flow.service.beside_subject import Subject, margin_of, subject_of
from ocop_flow.service.beside_view import everywhere, fact_type, shown
from ocop_flow.service.issuer_today import answers, unanswered

if TYPE_CHECKING:
    from ocop_flow.domain.event import Event
    from ocop_flow.domain.units import Unit, UnitTree
    from ocop_flow.ports import UnitOfWork
    from ocop_flow.service.office import Caller, Office


Json = dict[str, Any]
Groups = Mapping[str, Group]
#: Who may record: anybody who works on the matter at the commune or above it.
_ROLES = ("officer", "leader", "council_secretary", "advisory_team")


@dataclass(frozen=True, slots=True)
class Add:
    """Record something beside a dossier or certificate.

    reply_by, within  the last day of a reply, or a wording of it (``15 ngày làm việc``), where a paper sets one
    """

    subject: str
    group: str
    kind: str
    facts: dict[str, str]
    reply_by: date | None = None
    within: str | None = None
    file: FileRef | None = None
    act: Act = field(default_factory=Act)


@dataclass(frozen=True, slots=True)
class Answer:
    """Settle a record, named by its identity."""

    record: str
    group: str
    facts: dict[str, str]
    file: FileRef | None = None
    act: Act = field(default_factory=Act)


@dataclass(frozen=True, slots=True)
class Dispute:
    """Mark a dossier or certificate as disputed, with the reason; or lift the mark."""

    subject: str
    lift: bool = False
    act: Act = field(default_factory=Act)


def add(uow: UnitOfWork, office: Office, caller: Caller, groups: Groups, command: Add) -> Json:
    """Record it; a reply owed, or a decision owed after a conclusion on a breach, is then a duty with its day.

    raises  NotFound, InputInvalid with every fault of what was typed, Refused (post, day)
    """
    about = subject_of(uow, office, caller, command.act, command.subject)
    groups = _of_province(uow, groups, about)
    group = groups[command.group]
    kind = group.kind(command.kind)
    facts = read_facts(group.facts, command.facts)
    who = _recorder(about)
    duty, warnings = _duty(uow, about, group, command, facts, who)
    data = {
        "group": group.id,
        "kind": kind.id,
        "facts": {name: _kept(uow, group.facts, name, text) for name, text in facts.items()},
        "file": _file(uow, command.file),
        "duty": duty,
    }
    event = _append(uow, about, beside.RECORD, who, command.act, data, warnings)
    made = margin_of(uow, about).records[-1]
    return {**_view(uow, groups, about, made), "version": event.seq, "warnings": list(warnings)}


def answer(uow: UnitOfWork, office: Office, caller: Caller, groups: Groups, command: Answer) -> Json:
    """Settle a record with what was answered or found.

    raises  NotFound (record), InputInvalid, Refused (settled before, post, day, before the record itself)
    """
    groups = everywhere(uow, groups)
    group = groups[command.group]
    subject, _, _ = command.record.strip().rpartition(f":{group.id}:")
    facts = read_facts(group.answer, command.facts)
    about = subject_of(uow, office, caller, command.act, subject) if subject else None
    record = about.margin.record(command.record.strip()) if about else None
    if about is None or record is None:
        raise NotFound(reason("beside_absent", record=command.record, group=group.label))
    if record.settled_on is not None:
        raise Refused(reason("beside_settled", record=record.id, day=record.settled_on.isoformat()))
    who = _recorder(about, record.on)
    kept = {name: _kept(uow, group.answer, name, text) for name, text in facts.items()}
    data = {"record": record.id, "facts": kept, "file": _file(uow, command.file)}
    event = _append(uow, about, beside.ANSWER, who, command.act, data, ())
    settled = margin_of(uow, about).record(record.id) or record
    return {**_view(uow, groups, about, settled), "version": event.seq, "warnings": []}


def dispute(uow: UnitOfWork, office: Office, caller: Caller, command: Dispute) -> Json:
    """Set or lift the mark of a dispute.

    raises  NotFound, Refused (marked already, or not marked, post, day, no reason)
    """
    about = subject_of(uow, office, caller, command.act, command.subject)
    standing = about.margin.disputed
    if (standing is None) == command.lift:
        code = "dispute_absent" if command.lift else "dispute_stands"
        raise Refused(reason(code, subject=about.code, day=standing.on.isoformat() if standing else "-"))
    who = _recorder(about, standing.on if standing else None, reasons=reason_faults(True, command.act.reason))
    action = beside.LIFT if command.lift else beside.DISPUTE
    event = _append(uow, about, action, who, command.act, {}, ())
    return {
        "subject": about.code,
        "subject_kind": about.kind,
        "disputed": not command.lift,
        "on": about.on.isoformat(),
        "reason": event.reason,
        "version": event.seq,
    }


def _of_province(uow: UnitOfWork, groups: Groups, about: Subject) -> Groups:
    """The groups with the own kinds of the province in which the subject lies, as adopted by the day."""
    province = next((unit.code for unit in about.units if unit.tier == "province"), None)
    law = uow.law_on(about.on, province) if province else None
    adopted = (uow.document(law.hash) or {}).get("adopted", {}) if law else {}
    if not adopted.get("beside"):
        return groups
    return beside_kinds.with_own(groups, adopted["beside"], adopted["decision"])


def _view(uow: UnitOfWork, groups: Groups, about: Subject, record: Beside) -> Json:
    due = due_on(record.duty, record.on, _calendar(uow, record.duty["unit"]["code"])) if record.duty else None
    return shown(uow, groups, about.kind, about.code, record, due.isoformat() if due else None)


def _recorder(about: Subject, not_before: date | None = None, reasons: tuple[Reason, ...] = ()) -> Who:
    """Who records it, in a post at one of the units concerned; raises Refused with every fault."""
    if not about.units:
        raise unanswered(about.code, about.on, about.base.today)
    who = first_post(_ROLES, list(about.units), about.on, about.base)
    faults = [*check_day(about.on, about.base.today, not_before), *who.faults, *reasons]
    if faults:
        raise Refused(*faults)
    return who


def _append(
    uow: UnitOfWork, about: Subject, action: str, who: Who, act: Act, data: Json, warnings: tuple[Reason, ...]
) -> Event:
    if about.dossier is not None and isinstance(about.base, Situation):
        dossier = about.dossier
        event = next_event(
            dossier,
            about.base,
            action=action,
            to_state=dossier.state,
            on=about.on,
            who=who,
            signer=None,
            act=act,
            data=data,
            warnings=warnings,
        )
    else:
        subject = ("certificate", about.code)
        event = stream_event(about.base, subject, uow.head(*subject), action, who, act, data, warnings=warnings)
    uow.append(event)
    return event


def _kept(uow: UnitOfWork, facts: tuple[Fact, ...], name: str, text: str) -> str:
    return uow.seal(text) if fact_type(facts, name) == "personal" else text


def _file(uow: UnitOfWork, file: FileRef | None) -> str | None:
    if file is None:
        return None
    uow.keep_file(file)
    return uow.seal({"sha256": file.sha256, "name": file.name})


def _calendar(uow: UnitOfWork, unit: str) -> Any:
    return uow.calendar([unit])


def _duty(
    uow: UnitOfWork, about: Subject, group: Group, command: Add, facts: dict[str, str], who: Who
) -> tuple[Json | None, tuple[Reason, ...]]:
    """The duty that a record brings, and what to be told of it."""
    if "concludes" in facts:
        return _to_revoke(uow, about, facts)
    reply = group.kind(command.kind).reply
    if command.reply_by is not None or command.within is not None:
        by = _reply_by(uow, about, command)
        if by < about.on:
            raise InputInvalid(reason("reply_before_record", day=by.isoformat(), on=about.on.isoformat()))
        return _reply(who, None, by, facts.get("number", group.id), "one_source"), ()
    if reply is None:
        known = group.id != "complaint"
        return None, () if known else (reason("reply_limit_unknown", kind=group.kind(command.kind).label),)
    taken = reason("reply_limit_taken", source=reply.source, mark=reply.mark, days=reply.days)
    told = () if reply.mark in BINDING_MARKS else (taken,)
    return _reply(who, Period(reply.days, "day"), None, reply.source, reply.mark), told


def _reply(who: Who, period: Period | None, by: date | None, source: str, mark: str) -> Json:
    if who.unit is None:
        raise ValueError("a recorder without a unit")
    return beside.duty_json("reply", unit_ref(who.unit), period, by, source, mark)


def _reply_by(uow: UnitOfWork, about: Subject, command: Add) -> date:
    if command.reply_by is not None:
        return command.reply_by
    calendar = uow.calendar([unit.code for unit in about.units])
    found = calendars.due(command.within or "", calendar, about.base.today, about.on).due_on
    if found is None:
        raise InputInvalid(reason("reply_limit_unreadable", text=command.within))
    return found


def _to_revoke(uow: UnitOfWork, about: Subject, facts: dict[str, str]) -> tuple[Json | None, tuple[Reason, ...]]:
    """A conclusion on a breach obliges whoever answers for the certificate to decide within the days of the law."""
    row = about.row
    if row is None:
        raise Refused(reason("nothing_to_revoke", subject=about.code))
    unit = answers(about.base.tree, row, about.on)
    law = uow.law_on(about.on, _province(about.base.tree, unit, about.on))
    if law is None or unit is None:
        raise unanswered(row["number"], about.on, about.base.today)
    facts["concludes"] = revocation.cause_of(facts["concludes"], (law.regime,)).id
    rules = law.regime.revocation
    actions = revocation.revoking(law.regime, row["stars"])
    state = law.regime.states["promotion.active"]
    if actions and all(action.tier(state) == "central" for action in actions):
        unit = about.base.tree.latest("central") or unit
    if rules is None or rules.days is None:
        return None, (reason("revocation_limit_unknown", law=law.regime.decision),)
    period = Period(rules.days, "day")
    return beside.duty_json("revocation", unit_ref(unit), period, None, rules.source, rules.mark), ()


def _province(tree: UnitTree, unit: Unit | None, on: date) -> str | None:
    above = (unit, *tree.ancestors(unit, on)) if unit else ()
    return next((each.code for each in above if each.tier == "province"), None)
