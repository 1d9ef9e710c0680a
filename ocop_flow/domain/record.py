"""Writes the next event of a dossier: envelope, order and chain, once for every act."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from ocop_flow.domain.event import GENESIS, SYSTEM, Event, Signer
from ocop_flow.domain.facts import check_entry, clean_reason
from ocop_flow.errors import Conflict, NotFound, Reason, Text, reason

if TYPE_CHECKING:
    from ocop_flow.domain.commands import Act
    from ocop_flow.domain.doers import Who
    from ocop_flow.domain.dossier import Dossier
    from ocop_flow.domain.regime import Regime
    from ocop_flow.domain.situation import Desk, Law

Json = dict[str, Any]


def check_version(dossier: Dossier, expected: int | None, regime: Regime) -> None:
    """Raises Conflict where the dossier moved on since the version seen; ``regime`` names where it stands."""
    if expected is not None and expected != dossier.version:
        raise Conflict(
            reason(
                "version_conflict",
                dossier=dossier.code,
                expected=expected,
                found=dossier.version,
                state=regime.named(dossier.state),
                last=_last_act(dossier, regime),
            )
        )


def _last_act(dossier: Dossier, regime: Regime) -> Text | str:
    """An opening and a taking back leave no act that could be taken back."""
    if dossier.last_act is not None:
        action = dossier.last_act[1]
        return regime.actions[action].label if action in regime.actions else action
    return "undo" if dossier.version > 1 else "open"


def next_event(
    dossier: Dossier,
    s: Desk,
    *,
    action: str,
    to_state: str,
    on: date,
    who: Who,
    signer: Signer | None,
    act: Act,
    data: Json,
    law: Law | None = None,
    overridden: tuple[Reason, ...] = (),
    warnings: tuple[Reason, ...] = (),
) -> Event:
    return Event(
        subject_kind="dossier",
        subject=dossier.code,
        seq=dossier.version + 1,
        action=action,
        from_state=dossier.state,
        to_state=to_state,
        recorded_at=max(s.now, dossier.last_recorded_at),
        occurred_on=on,
        actor=who.actor,
        recorder=who.recorder,
        signer=signer,
        entry=check_entry(act.entry),
        overridden=overridden,
        warnings=warnings,
        key=act.key,
        regime=law.regime.id if law else dossier.regime,
        workflow_hash=law.hash if law else dossier.workflow_hash,
        data=data,
        reason=clean_reason(act.reason),
        prev_hash=dossier.last_hash,
    )


@dataclass(frozen=True, slots=True)
class Head:
    """The newest event of a stream: its number, hash and recording time."""

    seq: int
    hash: str
    recorded_at: datetime


def stream_event(
    desk: Desk,
    subject: tuple[str, str],
    head: Head | None,
    action: str,
    who: Who,
    act: Act,
    data: Json,
    signer: Signer | None = None,
    warnings: tuple[Reason, ...] = (),
) -> Event:
    """The next event of any other subject (person, entity, council, plan, …), given as (kind, code)."""
    return Event(
        subject_kind=subject[0],
        subject=subject[1],
        seq=head.seq + 1 if head else 1,
        action=action,
        from_state=None,
        to_state=None,
        recorded_at=max(desk.now, head.recorded_at) if head else desk.now,
        occurred_on=act.on or desk.today,
        actor=who.actor,
        recorder=who.recorder,
        signer=signer,
        entry=check_entry(act.entry),
        overridden=(),
        warnings=warnings,
        key=act.key,
        regime=None,
        workflow_hash=None,
        data=data,
        reason=clean_reason(act.reason),
        prev_hash=head.hash if head else GENESIS,
    )


def system_event(subject: tuple[str, str], head: Head, action: str, on: date, now: datetime, data: Json) -> Event:
    """The next event of another subject's stream that nobody asked for, e.g. a certificate replaced by a newer one."""
    return Event(
        subject_kind=subject[0],
        subject=subject[1],
        seq=head.seq + 1,
        action=action,
        from_state=None,
        to_state=None,
        recorded_at=max(now, head.recorded_at),
        occurred_on=on,
        actor=SYSTEM,
        recorder=SYSTEM,
        signer=None,
        entry="live",
        overridden=(),
        warnings=(),
        key=None,
        regime=None,
        workflow_hash=None,
        data=data,
        reason=None,
        prev_hash=head.hash,
    )


def known_dossier(dossier: Dossier | None, code: str) -> Dossier:
    """The dossier, or NotFound."""
    if dossier is None:
        raise NotFound(reason("dossier_absent", dossier=code))
    return dossier
