"""The result of a sitting: exact mean, band, minima, knock-outs, and what the rules say of the sitting."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from ocop_flow.domain import codes, council_rules, impression, rating, scoring, sitting_result
from ocop_flow.domain.commands import Act
from ocop_flow.domain.council import Council, Sitting
from ocop_flow.domain.criteria import CriteriaSet
from ocop_flow.domain.doers import in_post
from ocop_flow.domain.dossier import Dossier, Score
from ocop_flow.domain.event import Event, Signer
from ocop_flow.domain.exact import mean_decimal
from ocop_flow.domain.facts import check_day, reason_faults
from ocop_flow.domain.guards import failed
from ocop_flow.domain.impression import Voice
from ocop_flow.domain.record import next_event
from ocop_flow.domain.regime import Action, Regime
from ocop_flow.domain.requirements import guard_facts
from ocop_flow.domain.situation import Situation
from ocop_flow.errors import InputInvalid, Reason, Refused, Text, reason
from ocop_flow.ports import UnitOfWork
from ocop_flow.service.councils import KEEPERS, unit_of
from ocop_flow.service.desk import situation_of
from ocop_flow.service.office import Caller, Office
from ocop_flow.service.scoring import Desk, at, in_sitting

Json = dict[str, Any]

#: Who else gave points, as people read it.
SOURCE_NAMES = {
    "entity": Text("chủ thể tự chấm", "the entity itself"),
    "commune": Text("xã", "the commune"),
    "district": Text("huyện", "the district"),
    "team": Text("Tổ tư vấn", "the advisory team"),
}
_COUNCILS = {
    "district": Text("Hội đồng cấp huyện", "the district council"),
    "province": Text("Hội đồng cấp tỉnh", "the provincial council"),
    "central": Text("Hội đồng Trung ương", "the central council"),
}


@dataclass(frozen=True, slots=True)
class Close:
    """``conditions``: ``ID=met|missed``; ``knock_outs``: ids of the grounds found, as the criteria set prints them.

    dossier     None: every dossier of the sitting that is still open, all or none
    as_decided  close although adopted rules were missed, by the signed document ``decision`` and with a reason
    """

    sitting: str
    dossier: str | None
    conditions: tuple[str, ...] = ()
    act: Act = field(default_factory=Act)
    knock_outs: tuple[str, ...] = ()
    as_decided: bool = False
    decision: str | None = None


def close(uow: UnitOfWork, office: Office, caller: Caller, command: Close) -> Any:
    """Append the result of a sitting for one dossier, or for each that is open; nothing moves.

    returns  the contract's document, or a list of them where no dossier was named
    """
    desk = at(uow, office, caller, command.act, command.sitting)
    if command.dossier is not None:
        return _close(desk, in_sitting(desk, command.dossier), command)
    found: list[Json] = []
    faults: list[Reason] = []
    for code in desk.sitting.dossiers:
        dossier = in_sitting(desk, code)
        if not scoring.closed(desk.council, dossier, desk.sitting):
            try:
                found.append(_close(desk, dossier, command))
            except (Refused, InputInvalid) as error:
                faults += [each for each in error.reasons if each not in faults]
    if faults:
        raise Refused(*faults)
    if not found:
        raise Refused(reason("sitting_closed", sitting=desk.sitting.code, dossier=", ".join(desk.sitting.dossiers)))
    return found


def _close(desk: Desk, dossier: Dossier, command: Close) -> Json:
    uow, found, sitting = desk.uow, desk.council, desk.sitting
    s = situation_of(uow, desk.office, desk.caller, desk.act, dossier)
    regime = s.pinned.regime
    on = command.act.on or s.today
    who = in_post(KEEPERS, unit_of(uow, found), on, s)
    first = scoring.closed_from(dossier, sitting)
    faults = [*who.faults, *check_day(on, s.today, first), *_structure(found, sitting, dossier, regime)]
    if faults:
        raise Refused(*faults)
    result, data = _computed(uow, s, desk, dossier, command)
    about_rules = sitting_result.about_rules(found, sitting, dossier, regime, result)
    binding = tuple(each for each in about_rules if each.binding)
    signer = _signed(command, on, s) if command.as_decided else None
    if binding and signer is None:
        raise Refused(*binding)
    doubts = tuple(each for each in about_rules if not each.binding)
    warnings = (*result.reasons, *doubts, *_left_out(found, sitting, dossier), *_signs(uow, desk, dossier, regime))
    event = next_event(
        dossier,
        s,
        action="close_sitting",
        to_state=dossier.state,
        on=on,
        who=who,
        signer=signer,
        act=command.act,
        data=data,
        overridden=binding,
        warnings=warnings,
    )
    uow.append(event)
    after = uow.dossier(dossier.code)
    return _answer(event, result, data, _next(regime, after) if after else [])


def _answer(event: Event, result: rating.Result, data: Json, ahead: Sequence[Action]) -> Json:
    """What ``council close`` prints of one dossier; ``ahead``: the actions that its result leads to."""
    return {
        "dossier": event.subject,
        "version": event.seq,
        "mean_total": data["mean_total"],
        "mean_decimal": mean_decimal(result.mean_total),
        "parts": data["parts"],
        "stars": result.stars,
        "stars_by_total": result.stars_by_total,
        "minima": data["minima"],
        "limited_by": [sitting_result.minimum_json(item) for item in result.limited_by],
        "knock_outs": data["knock_outs"],
        "quorum": data["quorum"],
        "spread": data["spread"],
        "turn": data["turn"],
        "next": [action.id for action in ahead],
        "next_actions": [{"action": action.id, "label": action.label} for action in ahead],
        "overridden": list(event.overridden),
        "warnings": list(event.warnings),
    }


def _signed(command: Close, on: date, s: Situation) -> Signer:
    """The signed document by which a sitting is closed against its rules; raises Refused without number or reason."""
    faults = list(reason_faults(True, command.act.reason))
    if command.decision is None:
        faults.append(reason("as_decided_unsigned"))
    if faults:
        raise Refused(*faults)
    number = codes.document_number(command.decision or "")
    return Signer(s.actor.handle, s.actor.name, "-", None, number, on, None)


def _structure(found: Council, sitting: Sitting, dossier: Dossier, law: Regime) -> list[Reason]:
    """Facts that no rule has to say: sheets there are, and the sitting is open for a dossier that still waits."""
    faults = []
    if not scoring.counted(found, dossier, sitting):
        faults.append(reason("no_scores", sitting=sitting.code, dossier=dossier.code))
    if scoring.closed(found, dossier, sitting):
        faults.append(reason("sitting_closed", sitting=sitting.code, dossier=dossier.code))
    elif dossier.state != (state := f"evaluation.{found.unit.tier}_council"):
        named, wanted = law.named(dossier.state), law.named(state)
        faults.append(reason("not_before_council", dossier=dossier.code, state=named, wanted=wanted))
    return faults


def _computed(
    uow: UnitOfWork, s: Situation, desk: Desk, dossier: Dossier, command: Close
) -> tuple[rating.Result, Json]:
    """The result, and what of it goes into the event."""
    found, sitting = desk.council, desk.sitting
    tree = uow.criteria(dossier.workflow_hash, dossier.product_set)
    asked = uow.conditions(dossier.workflow_hash, dossier.product_set, sitting.on)
    answers = dict(rating.parse_condition(text) for text in command.conditions)
    if command.dossier is None:
        answers = {name: met for name, met in answers.items() if name in {each.id for each in asked}}
    return sitting_result.computed(found, sitting, dossier, s.pinned.regime, tree, asked, answers, command.knock_outs)


def _left_out(found: Council, sitting: Sitting, dossier: Dossier) -> list[Reason]:
    """Members present without a sheet, and sheets that do not count because of an interest."""
    sheets = {each.member for each in scoring.sheets(dossier, sitting)}
    told = []
    for seat in found.seated(sitting):
        interested = found.interest(seat.handle, dossier.code) is not None
        if interested and seat.handle in sheets:
            told.append(reason("sheet_of_interested", person=seat.name, dossier=dossier.code))
        elif not interested and seat.handle not in sheets:
            told.append(reason("member_not_scored", person=seat.name))
    return told


def _signs(uow: UnitOfWork, desk: Desk, dossier: Dossier, regime: Regime) -> tuple[Reason, ...]:
    sheets = scoring.counted(desk.council, dossier, desk.sitting)
    tree: CriteriaSet | None = uow.criteria(dossier.workflow_hash, dossier.product_set)
    limits = council_rules.rule(desk.council, regime, "signs").value
    return impression.signs(limits, [_voice(desk.council, each) for each in sheets], others(dossier, desk), tree)


def _voice(found: Council, score: Score) -> Voice:
    seat = found.seat(score.member)
    points = {name: rating.parse_exact(value) for name, value in score.points.items()}
    return Voice(seat.name if seat else score.member, score.total, points or None)


def others(dossier: Dossier, desk: Desk) -> list[Voice]:
    """What entity, commune, district and team gave, and the newest result of a council of another tier."""
    found = [
        Voice(SOURCE_NAMES[each.source], each.total, {n: rating.parse_exact(v) for n, v in each.points.items()} or None)
        for each in dossier.assessments
    ]
    earlier = dossier.result
    if earlier is not None and earlier.tier != desk.council.unit.tier:
        found.append(Voice(_COUNCILS[earlier.tier], earlier.mean_total))
    return found


def _next(regime: Regime, dossier: Dossier) -> list[Action]:
    facts = guard_facts(dossier)
    return [
        action
        for action in regime.actions_from(dossier.state)
        if action.kind in ("forward", "reject") and not any(failed(guard, facts) for guard in action.guards)
    ]
