"""What becomes of a recorded decision: annulled, for all its dossiers or for one, or corrected; each with a reason."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from ocop_flow.domain import annulling, codes, names
from ocop_flow.domain.commands import Act
from ocop_flow.domain.decision import ANNULLED, CORRECTABLE, CORRECTED, LINE_CORRECTABLE, Decision, Line
from ocop_flow.domain.doers import Who, first_post
from ocop_flow.domain.dossier_fold import replay
from ocop_flow.domain.facts import NAME_LIMIT, TEXT_LIMIT, check_day, reason_faults
from ocop_flow.domain.record import known_dossier, stream_event, system_event
from ocop_flow.errors import InputInvalid, NotFound, Reason, Refused, reason
from ocop_flow.ports import UnitOfWork
from ocop_flow.service import document_identity
from ocop_flow.service.decision_draft import KEEPERS
from ocop_flow.service.decision_identity import known
from ocop_flow.service.decision_view import view
from ocop_flow.service.desk import desk, situation_of
from ocop_flow.service.dossier_find import find, state_named
from ocop_flow.service.office import Caller, Office

if TYPE_CHECKING:
    from ocop_flow.domain.dossier import Dossier
    from ocop_flow.domain.situation import Desk
    from ocop_flow.domain.units import Unit, UnitTree

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Annul:
    """``by`` is the number of the document that annuls; ``line`` the dossier it is annulled for, None for all."""

    number: str
    by: str
    line: str | None = None
    act: Act = field(default_factory=Act)


@dataclass(frozen=True, slots=True)
class Correct:
    """``values`` are of the decision (title) or, with ``line``, of its line on that dossier; ``by`` may be unknown."""

    number: str
    values: dict[str, str]
    line: str | None = None
    by: str | None = None
    act: Act = field(default_factory=Act)


@dataclass(frozen=True, slots=True)
class _Change:
    """A change under way: the decision, who makes it on which day, and the document behind it."""

    decision: Decision
    base: Desk
    who: Who
    on: date
    by: str
    warnings: tuple[Reason, ...]


def annul(uow: UnitOfWork, office: Office, caller: Caller, command: Annul) -> Json:
    """Annul a decision: dossiers that have not moved since stand before a decision again, certificates are void.

    raises  NotFound, InputInvalid (number, dossier not listed), Refused (already annulled, day, post, no reason)
    """
    change = _begin(uow, office, caller, command.number, command.by, "annulment", command.act)
    decision = change.decision
    lines = _asked(uow, caller, decision, command.line)
    standing = tuple(line for line in lines if line.standing)
    if decision.void or (lines and not standing):
        raise Refused(reason("decision_annulled_before", decision=decision.identity))
    warnings = list(change.warnings)
    for line in standing:
        warnings += _take_back(uow, office, caller, command.act, change, line)
    data = {"dossiers": [line.dossier for line in standing], "by": change.by, "whole": command.line is None}
    return _finished(uow, change, command.act, ANNULLED, data, tuple(warnings))


def correct(uow: UnitOfWork, office: Office, caller: Caller, command: Correct) -> Json:
    """Correct what a decision is recorded as saying; stars and certificate number are corrected on the dossier too.

    raises  NotFound, InputInvalid (nothing to set, unknown or unreadable value),
            Refused (certificate number taken, annulled, the certificate is no longer this one, day, post, no reason)
    """
    change = _begin(uow, office, caller, command.number, command.by, "correction", command.act)
    values = _values(command)
    lines = _asked(uow, caller, change.decision, command.line) if command.line else ()
    if change.decision.status == "annulled" or any(not line.standing for line in lines):
        raise Refused(reason("decision_annulled_before", decision=change.decision.identity))
    for line in lines:
        _correct_dossier(uow, office, caller, command.act, change, line, values)
    data = {"dossiers": [line.dossier for line in lines], "by": change.by, "values": values, "whole": False}
    return _finished(uow, change, command.act, CORRECTED, data, change.warnings)


def _begin(uow: UnitOfWork, office: Office, caller: Caller, typed: str, by: str | None, kind: str, act: Act) -> _Change:
    decision = known(uow, typed)
    document, dated, warnings = _document(uow, by, kind)
    tree = uow.tree([decision.issuer["code"]])
    base = desk(uow, office, caller, act, tree)
    on = act.on or dated or base.today
    who = first_post(KEEPERS, _keeping(tree, decision, on), on, base)
    faults = [*check_day(on, base.today), *who.faults, *reason_faults(True, act.reason)]
    if document == decision.identity:
        faults.append(reason("decision_by_itself", decision=decision.identity))
    if on < decision.decided_on:
        faults.append(reason("decision_not_yet", day=on.isoformat(), decided_on=decision.decided_on.isoformat()))
    if faults:
        raise Refused(*faults)
    return _Change(decision, base, who, on, document, warnings)


def _document(uow: UnitOfWork, by: str | None, kind: str) -> tuple[str, date | None, tuple[Reason, ...]]:
    """Identity and date of the recorded document, or the bare number with a warning that it is not recorded."""
    if by is None:
        return "", None, ()
    if not document_identity.matching(uow, "decision", by):
        number = codes.document_identity(by).number
        return number, None, (reason("decision_by_unrecorded", number=number, kind=kind),)
    found = known(uow, by)
    return found.identity, found.decided_on, ()


def _keeping(tree: UnitTree, decision: Decision, on: date) -> list[Unit]:
    """The issuer, or what stands in its place, and the units above: they may change its decisions."""
    issuer = tree.on(decision.issuer["code"], decision.decided_on)
    if issuer is None:
        raise NotFound(reason("unit_absent", unit=decision.issuer["code"]))
    above = tree.ancestors(issuer, issuer.nearest_valid_day(on))
    units = [unit for each in (issuer, *above) if (unit := tree.heir(each, on)) is not None]
    return units or [issuer]


def _asked(uow: UnitOfWork, caller: Caller, decision: Decision, typed: str | None) -> tuple[Line, ...]:
    if typed is None:
        return decision.lines
    dossier = find(uow, typed, uow.person(caller.known()))
    line = decision.line_of(dossier.code)
    if line is None:
        raise NotFound(reason("decision_line_absent", dossier=dossier.code, decision=decision.identity))
    return (line,)


def _went_on(uow: UnitOfWork, dossier: Dossier) -> tuple[Reason, ...]:
    return (reason("annulled_line_went_on", dossier=dossier.code, state=state_named(uow, dossier)),)


def _take_back(
    uow: UnitOfWork, office: Office, caller: Caller, act: Act, change: _Change, line: Line
) -> tuple[Reason, ...]:
    """The dossier back to where the decision found it; a warning where it has gone on since."""
    dossier = known_dossier(uow.dossier(line.dossier), line.dossier)
    if dossier.visits[-1].seq != line.seq:
        return _went_on(uow, dossier)
    events = uow.events("dossier", dossier.code)
    before = known_dossier(replay(event for event in events if event.seq < line.seq), dossier.code)
    _back(uow, office, caller, act, change, dossier, before)
    return _restored(uow, office, caller, act, change, dossier, line)


def _back(
    uow: UnitOfWork, office: Office, caller: Caller, act: Act, change: _Change, dossier: Dossier, before: Dossier
) -> None:
    s = situation_of(uow, office, caller, act, dossier)
    own = replace(act, on=change.on, key=None)
    uow.append(annulling.annulled(dossier, before, change.decision.identity, change.by, change.who, own, s))


def _restored(
    uow: UnitOfWork, office: Office, caller: Caller, act: Act, change: _Change, dossier: Dossier, line: Line
) -> tuple[Reason, ...]:
    """The certificate that the annulled recognition had replaced holds again."""
    rows = uow.rows("certificate", number=dossier.previous) if dossier.previous and line.certificate else []
    while rows and rows[0]["status"] == "replaced" and rows[0]["replaced_by"] not in (None, line.certificate):
        rows = uow.rows("certificate", number=rows[0]["replaced_by"])
    if not rows or rows[0]["status"] != "replaced":
        return ()
    if rows[0]["dossier"] is None:
        subject, now = ("certificate", rows[0]["number"]), office.clock.now()
        data = {"status": "valid", "by": change.by, "decision": change.decision.identity}
        head = uow.head(*subject)
        if head is not None:
            uow.append(system_event(subject, head, "restore", change.on, now, data))
        return ()
    earlier = known_dossier(uow.dossier(rows[0]["dossier"]), rows[0]["dossier"])
    events = uow.events("dossier", earlier.code)
    last = next(event for event in reversed(events) if event.seq == earlier.visits[-1].seq)
    if last.action != "replace" or last.data.get("by") != dossier.code:
        return _went_on(uow, earlier)
    before = known_dossier(replay(event for event in events if event.seq < last.seq), earlier.code)
    _back(uow, office, caller, act, change, earlier, before)
    return ()


def _values(command: Correct) -> Json:
    """The values as they are kept; raises InputInvalid with every fault."""
    known_names = LINE_CORRECTABLE if command.line else CORRECTABLE
    faults = [
        reason("field_unknown", field=name, known=", ".join(known_names))
        for name in command.values
        if name not in known_names
    ]
    if not command.values:
        faults.append(reason("decision_nothing_set", known=", ".join(known_names)))
    values: Json = dict(command.values)
    if "stars" in values and values["stars"] not in ("3", "4", "5"):
        faults.append(reason("decision_stars_unreadable", stars=values["stars"]))
    if faults:
        raise InputInvalid(*faults)
    for name, limit in (("title", TEXT_LIMIT), ("product", NAME_LIMIT), ("certificate_number", NAME_LIMIT)):
        if name in values:
            values[name] = names.clean_name(values[name], limit=limit, field=name)
    return values | ({"stars": int(values["stars"])} if "stars" in values else {})


def _correct_dossier(
    uow: UnitOfWork, office: Office, caller: Caller, act: Act, change: _Change, line: Line, values: Json
) -> None:
    """Stars and number stand on the certificate too; a product's name is that of the decision's line alone."""
    wanted: Json = {name: values[name] for name in ("stars", "certificate_number") if name in values}
    if not wanted:
        return
    dossier = known_dossier(uow.dossier(line.dossier), line.dossier)
    if dossier.certificate is None or dossier.certificate.number != line.certificate:
        raise Refused(reason("decision_line_no_certificate", dossier=line.dossier, decision=change.decision.identity))
    number = wanted.get("certificate_number")
    if number and number != line.certificate and uow.rows("certificate", number=number):
        raise Refused(reason("certificate_taken", number=number))
    s = situation_of(uow, office, caller, act, dossier)
    own = replace(act, on=change.on, key=None)
    uow.append(annulling.corrected(dossier, wanted, change.decision.identity, change.by, change.who, own, s))


def _finished(
    uow: UnitOfWork, change: _Change, act: Act, action: str, data: Json, warnings: tuple[Reason, ...]
) -> Json:
    subject = ("decision", change.decision.identity)
    own = replace(act, on=change.on)
    uow.append(stream_event(change.base, subject, uow.head(*subject), action, change.who, own, data, None, warnings))
    return {**view(uow, known(uow, change.decision.identity)), "warnings": list(warnings)}
