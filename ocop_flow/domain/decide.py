"""Moving a dossier: command + dossier + facts -> event, or the reasons against it.

Every condition is checked before refusing, so that an officer learns all that is missing at once. Conditions that no
binding source supports are kept as warnings in the event; conditions that a signed decision overrides are kept as
overridden (DESIGN sections 2, 4, 5).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from ocop_flow.domain import decision_link, fieldvalues, requirements
from ocop_flow.domain.attachments import attachment_json, evidence_faults, readable
from ocop_flow.domain.commands import Advance
from ocop_flow.domain.doers import Who, mover, separation, signed_by
from ocop_flow.domain.dossier import Dossier
from ocop_flow.domain.event import SYSTEM, Event, Signer
from ocop_flow.domain.facts import check_day, reason_faults
from ocop_flow.domain.filing_window import filed_kind
from ocop_flow.domain.machine import next_state
from ocop_flow.domain.period import last_valid_day
from ocop_flow.domain.record import check_version, next_event
from ocop_flow.domain.regime import Action, FieldNeed, Regime
from ocop_flow.domain.situation import Law, Situation
from ocop_flow.domain.units import Unit
from ocop_flow.errors import InputInvalid, Reason, Refused, Text, reason

Json = dict[str, Any]

#: The decided stars of a recognition, for ``--as-decided``; offered beside the fields that the file declares.
STARS_FIELD = FieldNeed("stars", "choice", False, ("3", "4", "5"), Text("Số sao được quyết định", "Decided stars"))


@dataclass(frozen=True, slots=True)
class Judgement:
    """One move held against the law: what decides it, who stands behind it, and every condition that fails.

    structural  faults of the act itself (day, post, paper, fields): no decision overrides them
    failing     conditions of the law, binding or not, each with its source and mark
    """

    law: Law
    action: Action
    who: Who
    signer: Signer | None
    structural: tuple[Reason, ...]
    failing: tuple[Reason, ...]

    @property
    def binding(self) -> tuple[Reason, ...]:
        return tuple(item for item in self.failing if item.binding)

    @property
    def warnings(self) -> tuple[Reason, ...]:
        return tuple(item for item in self.failing if not item.binding)


def judge(dossier: Dossier, command: Advance, fields: Json, s: Situation) -> Judgement:
    """Every condition of a move that the machine allows, at the moment and under the law of ``s``.

    fields  as they stand in an event: already read
    """
    law, action = governing_law(dossier, s.pinned.regime.actions[command.action], s)
    state = s.pinned.regime.states[dossier.state]
    act, on = command.act, command.act.on or s.today
    who = mover(action, state, on, s)
    signer, signer_faults = signed_by(action, act, on, who, s)
    structural = [
        *check_day(on, s.today, dossier.last_move_on),
        *evidence_faults(command.attachments, on, law.regime.evidence),
        *who.faults,
        *fieldvalues.missing(action.fields, fields),
        *reason_faults(action.reason or command.as_decided, act.reason),
        *signer_faults,
        *_as_decided_faults(command, action),
    ]
    failing = [
        *requirements.unmet(law.regime, dossier, action, on, command.attachments),
        *separation(dossier, action, signer, who),
        *_decided_stars(dossier, action, fields),
        *_signed_early(dossier, action, signer),
    ]
    return Judgement(law, action, who, signer, tuple(structural), tuple(failing))


def advance(dossier: Dossier, command: Advance, s: Situation) -> Event:
    """The event of one move.

    raises  InputInvalid (action or field unknown), Conflict (version), Refused with every failed condition
    """
    pinned = s.pinned.regime
    check_version(dossier, command.expect_version, pinned)
    action = pinned.actions.get(command.action)
    if action is None:
        known = _listed(pinned.actions.values())
        raise InputInvalid(reason("action_unknown", action=command.action, regime=pinned.decision, known=known))
    if next_state(s.pinned.table, dossier.state, action.id) is None:
        raise Refused(_wrong_state(dossier, action, pinned))
    law, action = governing_law(dossier, action, s)
    command = replace(command, attachments=readable(law.regime.evidence, command.attachments))
    fields = fieldvalues.read_fields(fields_of(action), command.fields)
    found = judge(dossier, command, fields, s)
    if found.structural or (found.binding and not command.as_decided):
        raise Refused(*found.structural, *found.binding)
    on = command.act.on or s.today
    data = _move_data(dossier, command, action, law, fields, found.signer, found.who, s)
    unit, stars = found.who.unit, data.get("stars_decided")
    linked, doubts = decision_link.link(s.recorded, found.signer, unit, action, stars, s.cited)
    data |= linked
    return next_event(
        dossier,
        s,
        action=action.id,
        to_state=law.table[(dossier.state, action.id)],
        on=on,
        who=found.who,
        signer=found.signer,
        act=command.act,
        law=law,
        data=data,
        overridden=found.binding,
        warnings=(*found.warnings, *doubts),
    )


def system_move(dossier: Dossier, action_id: str, on: date, now: datetime, law: Law, data: Json) -> Event:
    """A move nobody asks for: expiry of a certificate, replacement by a newer one."""
    action = law.regime.actions[action_id]
    to_state = next_state(law.table, dossier.state, action.id)
    if action.kind != "system" or to_state is None:
        raise Refused(_wrong_state(dossier, action, law.regime))
    return Event(
        subject_kind="dossier",
        subject=dossier.code,
        seq=dossier.version + 1,
        action=action.id,
        from_state=dossier.state,
        to_state=to_state,
        recorded_at=max(now, dossier.last_recorded_at),
        occurred_on=max(on, dossier.last_move_on),
        actor=SYSTEM,
        recorder=SYSTEM,
        signer=None,
        entry="live",
        overridden=(),
        warnings=(),
        key=None,
        regime=law.regime.id,
        workflow_hash=law.hash,
        data={"kind": "system", **data},
        reason=None,
        prev_hash=dossier.last_hash,
    )


def governing_law(dossier: Dossier, action: Action, s: Situation) -> tuple[Law, Action]:
    """The law and the action that decide a move: filing is judged by what is in force that day."""
    regime, governed = requirements.governing(dossier, action, s.pinned.regime, s.current.regime)
    return (s.pinned if regime is s.pinned.regime else s.current), governed


def fields_of(action: Action) -> tuple[FieldNeed, ...]:
    declared = {need.name for need in action.fields}
    return (*action.fields, STARS_FIELD) if action.recognises and "stars" not in declared else action.fields


def _wrong_state(dossier: Dossier, action: Action, regime: Regime) -> Reason:
    return reason(
        "wrong_state",
        dossier=dossier.code,
        state=regime.states[dossier.state].label,
        action=action.label,
        allowed=_listed(regime.actions_from(dossier.state)),
        source=action.source,
    )


def _listed(actions: Iterable[Action]) -> Text:
    """Actions by name and id."""
    shown = [(each.label, each.id) for each in actions]
    vi, en = (", ".join(f"{label[at]} ({action})" for label, action in shown) or "-" for at in range(2))
    return Text(vi, en)


def _as_decided_faults(command: Advance, action: Action) -> tuple[Reason, ...]:
    if not command.as_decided:
        return ()
    faults = []
    if not action.recordable:
        faults.append(reason("not_recordable", action=action.label, source=action.source))
    if command.act.paper.number is None or (command.act.paper.file or command.act.paper.sealed) is None:
        faults.append(reason("as_decided_needs_paper", action=action.label))
    return tuple(faults)


def _decided_stars(dossier: Dossier, action: Action, fields: Json) -> tuple[Reason, ...]:
    """A recognition names the stars that the council found; another number is a departure to be overridden."""
    result = dossier.result
    if not action.recognises or "stars" not in fields or result is None:
        return ()
    found = _found(dossier, action)
    if found == int(fields["stars"]):
        return ()
    return (
        reason(
            "stars_differ",
            decided=int(fields["stars"]),
            computed=found if found is not None else "-",
            source=action.source,
            mark=action.mark,
        ),
    )


def _signed_early(dossier: Dossier, action: Action, signer: Signer | None) -> tuple[Reason, ...]:
    """A recognition stands on the council's result; a decision that is older was dated wrongly, or not by it."""
    result = dossier.result
    if not action.recognises or signer is None or result is None or signer.date >= result.on:
        return ()
    days = {"day": signer.date.isoformat(), "found": result.on.isoformat()}
    return (reason("decision_before_result", source=action.source, mark="derived", decision=signer.number, **days),)


def _found(dossier: Dossier, action: Action) -> int | None:
    """The stars that a recognition stands on: the newest result, or that of one tier at the most that it recognises."""
    if action.keeps is None:
        return dossier.stars
    kept = dossier.rated_by(action.keeps.tier)
    return min(kept, action.keeps.stars_at_most) if kept is not None else None


def _move_data(
    dossier: Dossier,
    command: Advance,
    action: Action,
    law: Law,
    fields: Json,
    signer: Signer | None,
    who: Who,
    s: Situation,
) -> Json:
    data: Json = {
        "kind": action.kind,
        "fields": fields,
        "evidence": [attachment_json(item) for item in command.attachments],
    }
    if action.files:
        data["files"] = True
        kind = filed_kind(law.regime, dossier.kind, dossier.previous_valid_to, command.act.on or s.today)
        data |= {"dossier_kind": kind} if kind != dossier.kind else {}
    if action.files or requirements.checks_filing(dossier, action):
        data["filing_checked"] = True
    if action.recognises and signer is not None and who.unit is not None:
        stars = int(fields["stars"]) if "stars" in fields else _found(dossier, action)
        if stars is None:
            raise Refused(reason("stars_unknown", dossier=dossier.code))
        data["stars_decided"] = stars
        data["certificate"] = _issued(law.regime, fields, stars, signer, who.unit, s)
    return data


def _issued(regime: Regime, fields: Json, stars: int, signer: Signer, unit: Unit, s: Situation) -> Json:
    """The certificate that a recognition issues: valid for the regime's months from the decision's day."""
    valid_to = last_valid_day(signer.date, regime.certificate.months, regime.certificate.last_day)
    return {
        "number": fields.get("certificate_number") or s.certificate_number,
        "product_code": s.product_code,
        "stars": stars,
        "issuer_code": unit.code,
        "issuer_name": unit.name,
        "issuer_tier": unit.tier,
        "decision": signer.number,
        "issued_on": signer.date.isoformat(),
        "valid_to": valid_to.isoformat(),
        "status": "valid",
    }
