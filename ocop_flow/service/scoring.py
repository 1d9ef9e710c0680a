"""Sheets of members keyed one by one or many at once; each is an event of its dossier."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ocop_flow.domain import rating, scoring
from ocop_flow.domain.commands import Act, FileRef
from ocop_flow.domain.council import Council, Sitting
from ocop_flow.domain.criteria import read_answers
from ocop_flow.domain.doers import Who
from ocop_flow.domain.dossier import Dossier
from ocop_flow.domain.exact import exact
from ocop_flow.domain.facts import check_day
from ocop_flow.domain.record import next_event
from ocop_flow.domain.regime import Regime
from ocop_flow.domain.scoring import Filled, FilledSheet, Remarks
from ocop_flow.domain.situation import Situation
from ocop_flow.errors import InputInvalid, Reason, Refused, reason
from ocop_flow.ports import UnitOfWork
from ocop_flow.service.councils import find_sitting
from ocop_flow.service.desk import person, situation_of
from ocop_flow.service.dossier_find import find
from ocop_flow.service.office import Caller, Office

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class ScoreSheet:
    """``parts`` or ``answers`` (``CRITERION=POINTS[:CASE]``), not both.

    opinions, cited  criterion -> text
    paper_total      the total that the member wrote on the signed sheet
    scan             the signed sheet
    """

    sitting: str
    dossier: str
    member: str
    parts: str | None = None
    answers: tuple[str, ...] = ()
    act: Act = field(default_factory=Act)
    opinions: dict[str, str] = field(default_factory=dict)
    cited: dict[str, str] = field(default_factory=dict)
    opinion: str | None = None
    paper_total: str | None = None
    scan: FileRef | None = None


@dataclass(frozen=True, slots=True)
class Desk:
    """One sitting at which sheets are keyed: what many sheets of it share is looked up once."""

    uow: UnitOfWork
    office: Office
    caller: Caller
    act: Act
    council: Council
    sitting: Sitting


def at(uow: UnitOfWork, office: Office, caller: Caller, act: Act, typed: str) -> Desk:
    """The sitting by its code; raises NotFound."""
    return Desk(uow, office, caller, act, *find_sitting(uow, typed))


def score(uow: UnitOfWork, office: Office, caller: Caller, command: ScoreSheet) -> Json:
    """Record one member's sheet for one dossier.

    A second sheet of the same turn needs a reason: it corrects the first, and both stay in the record.
    """
    desk = at(uow, office, caller, command.act, command.sitting)
    dossier = in_sitting(desk, command.dossier)
    faults, warnings, s, who = _judged(desk, dossier, command.member)
    if faults:
        raise Refused(*faults)
    filled = read(uow, s.pinned.regime, dossier, command)
    written = rating.parse_exact(command.paper_total) if command.paper_total is not None else None
    scoring.check_paper_total(filled, written, command.member)
    way = "parts" if command.parts is not None else "criteria"
    sheet = FilledSheet(dossier.code, command.member, filled, way, exact(written) if written is not None else None)
    return _append(desk, dossier, s, who, sheet, warnings, {"scan": kept(uow, command.scan)})


def score_all(
    desk: Desk, sheets: Iterable[FilledSheet], scan: FileRef | None = None, book: str | None = None
) -> list[Json]:
    """Record many sheets of a sitting, all or none; raises Refused with every reason of every sheet.

    scan  the signed paper; ``book``: the sealed digest of the file that they were read from
    """
    papers = {"scan": kept(desk.uow, scan), "book": book}
    found: list[Json] = []
    faults: list[Reason] = []
    for sheet in sheets:
        dossier = in_sitting(desk, sheet.dossier)
        wrong, warnings, s, who = _judged(desk, dossier, sheet.member)
        faults += [each for each in wrong if each not in faults]
        if not faults:
            found.append(_append(desk, dossier, s, who, sheet, warnings, papers))
    if faults:
        raise Refused(*faults)
    return found


def kept(uow: UnitOfWork, file: FileRef | None) -> str | None:
    """Keep a file with the record; the sealed digest that stands for it in an event."""
    if file is None:
        return None
    uow.keep_file(file)
    return uow.seal({"sha256": file.sha256, "name": file.name})


def read(uow: UnitOfWork, regime: Regime, dossier: Dossier, command: Any) -> Filled:
    """The sheet that was typed, by parts or by criteria, with its remarks; raises InputInvalid."""
    if (command.parts is None) == (not command.answers):
        raise InputInvalid(reason("parts_or_criteria"))
    remarks = Remarks(command.opinions, command.cited, command.opinion)
    if command.parts is not None:
        return scoring.by_parts(regime, rating.parse_parts(command.parts), remarks)
    tree = uow.criteria(dossier.workflow_hash, dossier.product_set)
    if tree is None:
        raise InputInvalid(
            reason("criteria_set_unknown", product_set=dossier.product_set, regime=regime.id, choices="-")
        )
    return scoring.by_criteria(tree, read_answers(command.answers), remarks)


def in_sitting(desk: Desk, typed: str) -> Dossier:
    """A dossier of the sitting; raises NotFound, or Refused where it is not before this sitting."""
    dossier = desk.uow.dossier(typed) or find(desk.uow, typed, desk.uow.person(desk.caller.known()))
    if dossier.code not in desk.sitting.dossiers:
        raise Refused(reason("not_in_sitting", dossier=dossier.code, sitting=desk.sitting.code))
    return dossier


def _judged(desk: Desk, dossier: Dossier, handle: str) -> tuple[list[Reason], list[Reason], Situation, Who]:
    """(faults, warnings, surroundings, who) of a sheet that a member is to hand in."""
    s = situation_of(desk.uow, desk.office, desk.caller, desk.act, dossier)
    found, sitting = desk.council, desk.sitting
    if found.seat(handle) is None:
        person(desk.uow, handle)
    corrects = bool(desk.act.reason)
    faults, warnings = scoring.member_faults(found, sitting, dossier, handle, s.pinned.regime, corrects=corrects)
    if scoring.closed(found, dossier, sitting):
        faults.append(reason("sitting_closed", sitting=sitting.code, dossier=dossier.code))
    elif dossier.state != (state := f"evaluation.{found.unit.tier}_council"):
        law = s.pinned.regime
        named, wanted = law.named(dossier.state), law.named(state)
        faults.append(reason("not_before_council", dossier=dossier.code, state=named, wanted=wanted))
    who = scoring.scorer(found, handle, s)
    return [*faults, *who.faults, *check_day(desk.act.on or s.today, s.today, sitting.on)], warnings, s, who


def _append(
    desk: Desk,
    dossier: Dossier,
    s: Situation,
    who: Who,
    sheet: FilledSheet,
    warnings: list[Reason],
    papers: Mapping[str, str | None],
) -> Json:
    seat = desk.council.seat(sheet.member)
    turn = desk.sitting.turn(dossier.code)
    data = {
        "sitting": desk.sitting.code,
        "member": {"login": sheet.member, "name": seat.name if seat else ""},
        "turn": turn,
        "way": sheet.way,
        **scoring.sheet_json(sheet.filled),
    }
    data |= {"paper_total": sheet.paper_total} if sheet.paper_total else {}
    data |= {name: digest for name, digest in papers.items() if digest}
    data |= {"seat": seat.stands_for} if seat and seat.stands_for else {}
    told = (*sheet.filled.score.reasons, *warnings)
    event = next_event(
        dossier,
        s,
        action="score",
        to_state=dossier.state,
        on=desk.act.on or s.today,
        who=who,
        signer=None,
        act=desk.act,
        data=data,
        warnings=told,
    )
    desk.uow.append(event)
    return {
        "sitting": desk.sitting.code,
        "dossier": dossier.code,
        "member": sheet.member,
        "turn": turn,
        "total": data["total"],
        "version": event.seq,
        "warnings": list(told),
    }
