"""Recording a signed decision: one document for many dossiers, all lines or none."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from ocop_flow.domain import codes, names
from ocop_flow.domain.authority import acting_post
from ocop_flow.domain.commands import Act, Advance, FileRef, Paper
from ocop_flow.domain.decision import MOVING, RECORDED, Line, check_kind, identity, line_json
from ocop_flow.domain.decision_choice import candidates, decisions_from
from ocop_flow.domain.decision_link import already_used
from ocop_flow.domain.decision_list import ListLine
from ocop_flow.domain.doers import Who, capacity_faults, in_post
from ocop_flow.domain.dossier import Dossier
from ocop_flow.domain.event import Event, Signer
from ocop_flow.domain.facts import TEXT_LIMIT, check_day
from ocop_flow.domain.record import known_dossier, stream_event
from ocop_flow.domain.regime import Action
from ocop_flow.domain.situation import Desk, NamedDecision
from ocop_flow.domain.units import Unit
from ocop_flow.errors import InputInvalid, OcopFlowError, Reason, Refused, reason
from ocop_flow.ports import UnitOfWork
from ocop_flow.service import cited, dossiers
from ocop_flow.service.decision_draft import KEEPERS, awaiting, own_unit
from ocop_flow.service.desk import desk, unit_on
from ocop_flow.service.dossier_find import find
from ocop_flow.service.office import Caller, Office

Json = dict[str, Any]

#: Who signs for a unit or its council in person; by order or authorisation any post may.
_SIGNERS = ("leader", "council_chair", "council_vice_chair")
#: How many of the dossiers that a list leaves out are named.
_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Record:
    """A signed decision as typed.

    act     its ``on`` is the decision's date, its ``reason`` holds for every line without its own
    unit    the issuer; None: the unit of who acts
    digest  SHA-256 of the list's bytes, what a repeated key is compared by
    fields  further fields of the actions, for every line
    """

    number: str
    kind: str
    unit: str | None = None
    title: str = ""
    file: FileRef | None = None
    signed_by: str | None = None
    capacity: str | None = None
    as_decided: bool = False
    digest: str | None = None
    fields: dict[str, str] = field(default_factory=dict)
    act: Act = field(default_factory=Act)


@dataclass(frozen=True, slots=True)
class _Paper:
    """The decision while it is being recorded; ``sealed`` stands for its file in every event."""

    command: Record
    number: str
    identity: str
    on: date
    issuer: Unit
    base: Desk
    who: Who
    signer: Signer
    sealed: str | None


@dataclass(frozen=True, slots=True)
class _Meant:
    """A row of the list with the dossier and action it means.

    done  the dossier's event that carried it out before the decision was recorded, by its number; else None
    """

    row: ListLine
    dossier: Dossier
    action: Action
    done: Event | None = None


def record(
    uow: UnitOfWork, office: Office, caller: Caller, command: Record, rows: Sequence[ListLine] | None = None
) -> Json:
    """Record a decision with all its lines, or refuse it with every fault by row.

    rows    of the list; None where the decision moves no dossier
    raises  InputInvalid (list, kind, number), Refused (number taken, day, role, signer, a line against the rules)
    """
    check_kind(command.kind)
    if (rows is not None) != (command.kind in MOVING):
        code = "decision_list_missing" if rows is None else "decision_list_unused"
        raise InputInvalid(reason(code, kind=command.kind))
    paper = _paper(uow, office, caller, command)
    meant = _meant(uow, caller, paper, rows or ())
    differences = tuple(_differences(uow, paper, meant)) if rows is not None else ()
    events = _moves(uow, office, caller, paper, meant)
    lines = [_line(number, each, event) for number, (each, event) in enumerate(zip(meant, events, strict=True), 1)]
    warnings = (*_papers(command), *_used(uow, paper, meant))
    event = _recorded(paper, lines, (*differences, *warnings))
    uow.append(event)
    return {
        **_head(paper),
        "status": "in_force",
        "file": command.file.sha256 if command.file else None,
        "lines": [_shown(line, each, moved) for line, each, moved in zip(lines, meant, events, strict=True)],
        "differences": [_difference(item) for item in differences],
        "warnings": list(warnings),
    }


# --- the document -------------------------------------------------------------------------------------------------


def _paper(uow: UnitOfWork, office: Office, caller: Caller, command: Record) -> _Paper:
    act, number = command.act, codes.document_number(command.number)
    on = act.on or office.today
    if unknown := capacity_faults(command.capacity):
        raise InputInvalid(*unknown)
    if on > office.today:
        raise Refused(*check_day(on, office.today))
    issuer = unit_on(uow, command.unit, on) if command.unit else own_unit(uow, act.by or caller.known(), on)
    paper = Paper(number=number, date=on, signed_by=command.signed_by, capacity=command.capacity)
    base = desk(uow, office, caller, replace(act, paper=paper), uow.tree([issuer.code]))
    who = in_post(KEEPERS, issuer, on, base)
    faults = [*who.faults]
    taken = identity(issuer.code, on.year, number)
    if uow.head("decision", taken) is not None:
        faults.append(reason("decision_taken", number=number, unit=issuer.name, year=on.year, decision=taken))
    sealed = None
    if command.file is not None and not faults:
        uow.keep_file(command.file)
        sealed = uow.seal({"sha256": command.file.sha256, "name": command.file.name})
    signer = _signer(base, issuer, paper, on, sealed)
    if isinstance(signer, Reason):
        faults.append(signer)
    if faults or isinstance(signer, Reason):
        raise Refused(*faults)
    return _Paper(command, number, taken, on, issuer, base, who, signer, sealed)


def _signer(base: Desk, issuer: Unit, paper: Paper, on: date, sealed: str | None) -> Signer | Reason:
    """Who signed, frozen in their post at the issuer on the day of the decision; the actor where nobody is named."""
    person = base.signer or base.actor
    roles = _SIGNERS if paper.capacity in (None, "TM") else (*_SIGNERS, "officer")
    post = acting_post(person, roles, issuer, on)
    if isinstance(post, Reason):
        return post if base.signer else reason("decision_signer_missing", person=person.handle, unit=issuer.name)
    return Signer(person.handle, person.name, post.role, paper.capacity, paper.number or "", on, sealed)


def _recorded(paper: _Paper, lines: list[Line], warnings: tuple[Reason, ...]) -> Event:
    command, issuer = paper.command, paper.issuer
    title = names.clean_name(command.title, limit=TEXT_LIMIT, field="title") if command.title.strip() else ""
    data = {
        "number": paper.number,
        "year": paper.on.year,
        "issuer": {"code": issuer.code, "name": issuer.name, "tier": issuer.tier},
        "kind": command.kind,
        "title": title,
        "lines": [line_json(line) for line in lines],
    }
    subject, act = ("decision", paper.identity), replace(command.act, on=paper.on)
    return stream_event(paper.base, subject, None, RECORDED, paper.who, act, data, paper.signer, warnings)


def _papers(command: Record) -> tuple[Reason, ...]:
    return () if command.file else (reason("decision_without_file", number=command.number),)


def _used(uow: UnitOfWork, paper: _Paper, meant: Sequence[_Meant]) -> Iterator[Reason]:
    """What the issuer certified in the year by this very number, and the list does not hold."""
    listed = {each.dossier.code for each in meant}
    for each in cited.behind_certificates(uow, paper.number, paper.issuer.code, paper.on.year, listed):
        yield already_used(each, paper.number, paper.issuer)


# --- its lines ----------------------------------------------------------------------------------------------------


def _meant(uow: UnitOfWork, caller: Caller, paper: _Paper, rows: Sequence[ListLine]) -> list[_Meant]:
    """The dossier and action of each row; raises InputInvalid with every row that means none or several."""
    found: list[_Meant] = []
    faults: list[Reason] = []
    seen: dict[str, int] = {}
    numbers: dict[str, int] = {}
    for row in rows:
        try:
            dossier = _dossier(uow, caller, paper, row)
            faults += _twice(row, dossier.code, seen, "decision_line_twice")
            if row.certificate_number:
                faults += _twice(row, row.certificate_number, numbers, "decision_certificate_twice")
            done = _done(uow, paper, dossier)
            action = _carried(uow, dossier, done) if done else _action(uow, paper, row, dossier)
            found.append(_Meant(row, dossier, action, done))
        except OcopFlowError as error:
            faults += [reason("decision_line_at", line=row.row, shown=row.typed), *error.reasons]
    if faults:
        raise InputInvalid(*faults)
    return found


def _twice(row: ListLine, value: str, seen: dict[str, int], code: str) -> list[Reason]:
    first = seen.setdefault(value, row.row)
    return [reason(code, line=row.row, first=first, value=value)] if first != row.row else []


def _dossier(uow: UnitOfWork, caller: Caller, paper: _Paper, row: ListLine) -> Dossier:
    """The dossier of a row; of several of one product the one that awaits a decision of this unit."""
    named = uow.find_dossiers(row.typed)
    if len(named) > 1:
        tier = paper.issuer.tier
        waiting = [code for code in named if uow.rows("dossier", code=code, phase="rating", tier=tier)]
        if len(waiting) == 1:
            return known_dossier(uow.dossier(waiting[0]), row.typed)
    return find(uow, row.typed, uow.person(caller.known()))


def _done(uow: UnitOfWork, paper: _Paper, dossier: Dossier) -> Event | None:
    """The dossier's newest move, if it was made by the number that is being recorded now."""
    newest = next(event for event in uow.events("dossier", dossier.code) if event.seq == dossier.visits[-1].seq)
    signer, unit = newest.signer, newest.actor.unit
    if signer is None or unit is None or (signer.number, unit.code) != (paper.number, paper.issuer.code):
        return None
    return newest if signer.date.year == paper.on.year else None


def _carried(uow: UnitOfWork, dossier: Dossier, done: Event) -> Action:
    return uow.law(done.workflow_hash or dossier.workflow_hash).regime.actions[done.action]


def _action(uow: UnitOfWork, paper: _Paper, row: ListLine, dossier: Dossier) -> Action:
    regime = uow.law(dossier.workflow_hash).regime
    state = regime.states[dossier.state].label
    possible = decisions_from(regime, dossier.state)
    if row.action is not None:
        key = names.fold(row.action)
        named = [a for a in possible if row.action == a.id or key in (names.fold(a.label.vi), names.fold(a.label.en))]
        if named:
            return named[0]
        known = ", ".join(action.id for action in possible) or "-"
        raise InputInvalid(reason("decision_action_unknown", action=row.action, state=state, known=known))
    found = candidates(regime, dossier, paper.command.kind, paper.issuer.tier)
    if not found:
        raise InputInvalid(reason("decision_line_extra", dossier=dossier.code, state=state, kind=paper.command.kind))
    if len(found) > 1:
        raise InputInvalid(reason("decision_action_several", known=", ".join(action.id for action in found)))
    return found[0]


def _moves(uow: UnitOfWork, office: Office, caller: Caller, paper: _Paper, meant: Sequence[_Meant]) -> list[Event]:
    """The dossiers' events; raises Refused with the reasons of every row against the rules, each under its row."""
    events: list[Event] = []
    faults: list[Reason] = []
    for each in meant:
        if each.done is not None:
            events.append(each.done)
            continue
        named = NamedDecision(paper.identity, paper.issuer.code, paper.on, False, None, own=True)
        try:
            with uow.savepoint():
                event = dossiers.carried_out(uow, office, caller, _move(paper, each), named)
                if event.actor.unit is None or event.actor.unit.code != paper.issuer.code:
                    raise Refused(reason("decision_of_another_unit", dossier=event.subject, unit=paper.issuer.name))
            events.append(event)
        except OcopFlowError as error:
            where = f"{each.dossier.code} {each.dossier.product_name}"
            faults += [reason("decision_line_at", line=each.row.row, shown=where), *error.reasons]
    if faults:
        raise Refused(*faults)
    return events


def _move(paper: _Paper, each: _Meant) -> Advance:
    """The act of a line: done by who signed, where they hold a post that may, else by who acts."""
    command, act = paper.command, paper.command.act
    roles = [role.role for role in each.action.roles]
    signer = paper.base.signer
    deciding = signer is not None and signer.post(roles, paper.issuer, paper.on) is not None
    document = Paper(paper.number, paper.on, command.file, command.signed_by, command.capacity, paper.sealed)
    fields = {**command.fields, **dict(each.row.fields)}
    taken = {need.name for need in each.action.fields}
    if each.row.certificate_number and "certificate_number" in taken:
        fields["certificate_number"] = each.row.certificate_number
    if each.row.stars is not None and each.action.recognises:
        fields["stars"] = str(each.row.stars)
    return Advance(
        dossier=each.dossier.code,
        action=each.action.id,
        act=replace(
            act,
            on=paper.on,
            by=signer.handle if deciding and signer else act.by,
            key=None,
            reason=each.row.reason or act.reason,
            paper=document,
        ),
        fields=fields,
        as_decided=command.as_decided,
    )


def _line(number: int, each: _Meant, event: Event) -> Line:
    certificate = event.data.get("certificate") or {}
    return Line(
        number=number,
        dossier=event.subject,
        product=each.row.product or each.dossier.product_name,
        action=event.action,
        seq=event.seq,
        stars=event.data.get("stars_decided"),
        computed=each.dossier.stars,
        certificate=certificate.get("number"),
        overridden=tuple(item.code for item in event.overridden),
    )


# --- list and records ---------------------------------------------------------------------------------------------


def _differences(uow: UnitOfWork, paper: _Paper, meant: Sequence[_Meant]) -> Iterator[Reason]:
    """Where the list and the records differ: another star, another name, a dossier that waits and is not listed."""
    for each in meant:
        row, dossier = each.row, each.dossier
        at: Json = {"line": row.row, "dossier": dossier.code}
        if row.stars is not None and row.stars != dossier.stars:
            found = dossier.stars if dossier.stars is not None else "-"
            yield reason("decision_star_differs", listed=row.stars, found=found, **at)
        if each.done is not None and each.done.occurred_on != paper.on:
            yield reason(
                "decision_day_differs", listed=paper.on.isoformat(), found=each.done.occurred_on.isoformat(), **at
            )
        if row.product and names.fold(row.product) not in (names.fold(dossier.product_name), names.fold(dossier.code)):
            yield reason("decision_name_differs", listed=row.product, found=dossier.product_name, **at)
        if row.entity and names.fold(row.entity) != names.fold(dossier.entity_name):
            yield reason("decision_entity_differs", listed=row.entity, found=dossier.entity_name, **at)
    listed = {each.dossier.code for each in meant}
    left = [line for line in awaiting(uow, paper.issuer, paper.on, paper.command.kind) if line["dossier"] not in listed]
    for line in left[:_SHOWN]:
        yield reason("decision_line_missing", dossier=line["dossier"], product=line["product"])
    if len(left) > _SHOWN:
        yield reason("decision_lines_missing", count=len(left) - _SHOWN)


_DIFFERENCES = {
    "decision_star_differs": "other_star",
    "decision_name_differs": "other_name",
    "decision_day_differs": "other_day",
    "decision_entity_differs": "other_entity",
    "decision_line_missing": "missing",
    "decision_lines_missing": "missing",
}


def _difference(item: Reason) -> Json:
    named = {key: item.params.get(key) for key in ("line", "dossier", "listed", "found")}
    return {"kind": _DIFFERENCES[item.code], **named, "reason": item}


def _head(paper: _Paper) -> Json:
    issuer = paper.issuer
    return {
        "number": paper.number,
        "identity": paper.identity,
        "issuer": {"code": issuer.code, "name": issuer.name, "tier": issuer.tier},
        "decided_on": paper.on.isoformat(),
        "kind": paper.command.kind,
        "title": paper.command.title,
        "signer": {"name": paper.signer.name, "post": paper.signer.post, "capacity": paper.signer.capacity},
    }


def _shown(line: Line, each: _Meant, event: Event) -> Json:
    return {
        **line_json(line),
        "line": each.row.row,
        "status": line.status,
        "entity": each.dossier.entity_name,
        "action_label": each.action.label,
        "to_state": event.to_state,
        "done_before": each.done is not None,
        "overridden": list(event.overridden),
    }
