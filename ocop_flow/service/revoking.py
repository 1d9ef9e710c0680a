"""Revoking a certificate, one born from a dossier or one declared, by who answers for its issuer today."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from ocop_flow.domain import revocation
from ocop_flow.domain.commands import Act, Advance
from ocop_flow.domain.doers import acting_unit, in_post, signed_by
from ocop_flow.domain.facts import check_day
from ocop_flow.domain.record import known_dossier, next_event, stream_event
from ocop_flow.domain.units import CENTRAL
from ocop_flow.errors import InputInvalid, Reason, Refused, reason
from ocop_flow.service import dossiers
from ocop_flow.service.certificates import find, shown
from ocop_flow.service.desk import desk, law_exists, situation_of
from ocop_flow.service.issuer_today import answers, unanswered

if TYPE_CHECKING:
    from ocop_flow.domain.beside import Margin
    from ocop_flow.domain.doers import Who
    from ocop_flow.domain.dossier import Dossier
    from ocop_flow.domain.event import Event, Signer
    from ocop_flow.domain.regime import Action, Cause, Regime
    from ocop_flow.domain.situation import Desk, Situation
    from ocop_flow.domain.units import Unit
    from ocop_flow.ports import Row, UnitOfWork
    from ocop_flow.service.office import Caller, Office

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Revoke:
    """Revoke a certificate by a signed decision (``act.paper``).

    number        of the certificate, or its product code
    cause         a ground of the law: its identifier, or its letter a to f in 26/2026/QĐ-TTg art. 9
    concluded_on  the day of the conclusion on the breach, or of the commune's confirmation that production stopped;
                  None: that of the newest conclusion recorded beside the certificate, if any
    """

    number: str
    cause: str
    concluded_on: date | None = None
    act: Act = field(default_factory=Act)


def revoke(uow: UnitOfWork, office: Office, caller: Caller, command: Revoke) -> Json:
    """Record the decision: by a leader of the issuer or of what stands in its place; five stars by the centre.

    raises  NotFound (certificate), InputInvalid (ground), Refused (revoked or replaced before, post, day, no decision)
    """
    row = find(uow, command.number)
    _not_over(row, office.today)
    law, cause, event = (_of_dossier if row["dossier"] else _of_declared)(uow, office, caller, command, row)
    uow.append(event)
    after = shown(uow, find(uow, row["number"]), office.today)
    return {
        **after,
        "cause": {"id": cause.id, "letter": cause.letter, "label": cause.label, "source": cause.source},
        "revoked_by": event.signer.number if event.signer else None,
        "concluded_on": event.data["concluded_on"],
        "decide_by": event.data["decide_by"],
        "dossier_state": event.to_state,
        "law": law.decision,
        "warnings": list(event.warnings),
    }


def _not_over(row: Row, today: date) -> None:
    if row["status"] in ("revoked", "replaced"):
        code = "certificate_revoked" if row["status"] == "revoked" else "certificate_replaced"
        by = row["replaced_by"] or "-"
        raise Refused(reason(code, number=row["number"], day=row["status_on"] or today.isoformat(), by=by))


# --- born from a dossier ----------------------------------------------------------------------------------------------


def _of_dossier(
    uow: UnitOfWork, office: Office, caller: Caller, command: Revoke, row: Row
) -> tuple[Regime, Cause, Event]:
    dossier = known_dossier(uow.dossier(row["dossier"]), row["dossier"])
    s = situation_of(uow, office, caller, command.act, dossier)
    pinned, current = s.pinned.regime, s.current.regime
    cause = revocation.cause_of(command.cause, (pinned, current))
    on = command.act.on or s.today
    act = _with_reason(command.act, cause)
    action = _chosen(revocation.revoking(pinned, row["stars"]), row, on, s)
    if dossier.closed:
        event = _after_its_end(uow, dossier, action, cause, replace(command, act=act), row, s)
    else:
        move = Advance(dossier.code, action.id, act, {"cause": cause.id})
        event = dossiers.decided(uow, office, caller, move)[1]
    return current, cause, _told(uow, event, current, cause, command, dossier.margin, row)


def _chosen(actions: tuple[Action, ...], row: Row, on: date, s: Situation) -> Action:
    """The action of the issuer's own tier while that has a unit there; else the first that somebody can take."""
    state = s.pinned.regime.states["promotion.active"]
    taken = [each for each in actions if not _gone(each, on, s)] or list(actions)
    own = [each for each in taken if each.tier(state) == row["issuer_tier"]]
    if not taken:
        raise InputInvalid(reason("stars_unreadable", stars=row["stars"]))
    return (own or taken)[0]


def _gone(action: Action, on: date, s: Situation) -> bool:
    tier = action.tier(s.pinned.regime.states["promotion.active"])
    return isinstance(acting_unit(s.tree, s.commune, tier, on, certified=True), Reason)


def _after_its_end(
    uow: UnitOfWork, dossier: Dossier, action: Action, cause: Cause, command: Revoke, row: Row, s: Situation
) -> Event:
    """The certificate ran out, so that its dossier is closed; the decision is recorded and moves nothing."""
    act = dossiers.sealed_paper(uow, command.act)
    on = act.on or s.today
    unit = CENTRAL if action.tier(s.pinned.regime.states["promotion.active"]) == "central" else answers(s.tree, row, on)
    who, signer = _signed(action, unit, act, on, s, row)
    return next_event(
        dossier,
        s,
        action="revoke_certificate",
        to_state=dossier.state,
        on=on,
        who=who,
        signer=signer,
        act=act,
        data={"fields": {"cause": cause.id}},
    )


# --- declared ---------------------------------------------------------------------------------------------------------


def _of_declared(
    uow: UnitOfWork, office: Office, caller: Caller, command: Revoke, row: Row
) -> tuple[Regime, Cause, Event]:
    act = dossiers.sealed_paper(uow, command.act)
    on = act.on or office.today
    codes = [code for code in (row["issuer_code"], row["commune"]) if code]
    tree = uow.tree(codes or [CENTRAL.code])
    base = desk(uow, office, caller, act, tree)
    unit = answers(tree, row, on)
    province = next((u.code for u in (unit, *tree.ancestors(unit, on)) if u.tier == "province"), None) if unit else None
    law = law_exists(uow.law_on(on, province), on).regime
    cause = revocation.cause_of(command.cause, (law,))
    action = _action_of(law, row, unit)
    if action.tier(law.states["promotion.active"]) == "central":
        unit = CENTRAL
    act = _with_reason(act, cause)
    who, signer = _signed(action, unit, act, on, base, row)
    subject = ("certificate", row["number"])
    data = {"status": "revoked", "fields": {"cause": cause.id}}
    event = stream_event(base, subject, uow.head(*subject), "revoke", who, act, data, signer)
    margin = registered_margin(uow, row["number"])
    return law, cause, _told(uow, event, law, cause, command, margin, row)


def registered_margin(uow: UnitOfWork, number: str) -> Margin:
    """What stands beside a declared certificate."""
    from ocop_flow.domain import beside, registry

    found = registry.replay_certificate(uow.events("certificate", number))
    return found.margin if found else beside.EMPTY


def _action_of(law: Regime, row: Row, unit: Unit | None) -> Action:
    """The law's action for so many stars: that of the acting unit's tier if there is one."""
    actions = revocation.revoking(law, row["stars"])
    if not actions:
        raise InputInvalid(reason("stars_unreadable", stars=row["stars"]))
    state = law.states["promotion.active"]
    return next((each for each in actions if unit is not None and each.tier(state) == unit.tier), actions[-1])


# --- both -------------------------------------------------------------------------------------------------------------


def _signed(action: Action, unit: Unit | None, act: Act, on: date, s: Desk, row: Row) -> tuple[Who, Signer | None]:
    """The actor as a leader of the unit, and the signer; raises Refused with every fault."""
    if unit is None:
        raise unanswered(row["number"], on, s.today)
    who = in_post(tuple(role.role for role in action.roles), unit, on, s)
    signer, faults = signed_by(action, act, on, who, s)
    issued = date.fromisoformat(row["issued_on"]) if row["issued_on"] else None
    faults = [*check_day(on, s.today, issued), *who.faults, *faults]
    if faults:
        raise Refused(*faults)
    return who, signer


def _with_reason(act: Act, cause: Cause) -> Act:
    """The ground itself is the reason where none is typed."""
    return act if act.reason and act.reason.strip() else replace(act, reason=cause.label.vi)


def _told(uow: UnitOfWork, event: Event, law: Regime, cause: Cause, command: Revoke, margin: Margin, row: Row) -> Event:
    """The event with the day of the conclusion, the limit that follows from it, and what to be told of."""
    open_duties = [each for each in margin.records if each.duty and each.duty["kind"] == "revocation"]
    standing = [each.on for each in open_duties if each.settled_on is None and each.on <= event.occurred_on]
    concluded = command.concluded_on or max(standing, default=None)
    decided = event.signer.date if event.signer else event.occurred_on
    if command.concluded_on is not None and command.concluded_on > decided:
        raise Refused(
            reason("conclusion_after_decision", day=command.concluded_on.isoformat(), decided_on=decided.isoformat())
        )
    calendar = uow.calendar([row["issuer_code"]] if row["issuer_code"] else [])
    last_day = revocation.decide_by(law, concluded, calendar) if concluded else None
    more: tuple[Reason, ...] = revocation.warnings(law, cause, concluded, decided, calendar)
    data = {
        **event.data,
        "concluded_on": concluded.isoformat() if concluded else None,
        "decide_by": last_day.isoformat() if last_day else None,
    }
    return replace(event, data=data, warnings=(*event.warnings, *more))
