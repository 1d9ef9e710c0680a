"""Acts beside the moves: evidence filed, a field corrected, the newest act taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ocop_flow.domain.attachments import attachment_json, evidence_faults, kind_of, readable
from ocop_flow.domain.commands import Act, Attachment
from ocop_flow.domain.doers import Who, keeper, recorder_for, units_of
from ocop_flow.domain.dossier import Dossier
from ocop_flow.domain.dossier_fold import actor_key
from ocop_flow.domain.event import SYSTEM, Event
from ocop_flow.domain.facts import check_day, reason_faults
from ocop_flow.domain.opening import check_product_set
from ocop_flow.domain.record import check_version, next_event
from ocop_flow.domain.situation import Situation
from ocop_flow.errors import InputInvalid, NotFound, Reason, Refused, reason

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from ocop_flow.domain.regime import EvidenceKind

Json = dict[str, Any]


def attach(
    dossier: Dossier, attachments: tuple[Attachment, ...], act: Act, s: Situation, expect: int | None = None
) -> Event:
    """The event of evidence filed beside the moves; it may be older than the newest move.

    raises  InputInvalid (kind unknown to the regime, faulty dates), Refused (role, day, closed, expired, empty)
    """
    check_version(dossier, expect, s.pinned.regime)
    on = act.on or s.today
    known = kinds_known(dossier, s)
    attachments = readable(known, attachments)
    who = keeper(dossier, on, s)
    faults = [*check_day(on, s.today), *who.faults, *evidence_faults(attachments, on, known), *_closed(dossier, s)]
    if faults:
        raise Refused(*faults)
    data = {"evidence": [attachment_json(item) for item in attachments]}
    return next_event(
        dossier, s, action="attach", to_state=dossier.state, on=on, who=who, signer=None, act=act, data=data
    )


def detach(
    dossier: Dossier, filed: int, kinds: tuple[str, ...], act: Act, s: Situation, expect: int | None = None
) -> Event:
    """The event by which evidence filed wrongly is withdrawn: held no longer, its filing stays in the history.

    filed   the event that filed it
    kinds   of what that event filed; empty for all of it
    raises  NotFound (nothing of it is held), Refused (role, day, closed, no reason)

    What was judged with it stands: moves made since then are told of, not undone.
    """
    check_version(dossier, expect, s.pinned.regime)
    on = act.on or s.today
    kinds = tuple(kind_of(kinds_known(dossier, s), kind) for kind in kinds)
    gone = [item for item in dossier.evidence if item.seq == filed and (not kinds or item.kind in kinds)]
    absent = [kind for kind in kinds if kind not in {item.kind for item in gone}]
    if absent or not gone:
        shown = ", ".join(absent) or "-"
        raise NotFound(reason("evidence_not_held", dossier=dossier.code, seq=filed, kinds=shown))
    who = keeper(dossier, on, s)
    faults = [*check_day(on, s.today), *who.faults, *_closed(dossier, s), *reason_faults(True, act.reason)]
    if faults:
        raise Refused(*faults)
    data = {
        "filed": filed,
        "kinds": list(dict.fromkeys(item.kind for item in gone)),
        "withdrawn": [{"kind": item.kind, "copies": item.copies, "file": item.file} for item in gone],
    }
    counted = dossier.visits[-1].seq >= filed and dossier.visits[-1].kind != "open"
    return next_event(
        dossier,
        s,
        action="detach",
        to_state=dossier.state,
        on=on,
        who=who,
        signer=None,
        act=act,
        data=data,
        warnings=(reason("evidence_counted", dossier=dossier.code, seq=filed),) if counted else (),
    )


def kinds_known(dossier: Dossier, s: Situation) -> Mapping[str, EvidenceKind]:
    """Kinds that may be filed: before the filing also those of the law in force, by which the filing will be judged."""
    own = s.pinned.regime.evidence
    ahead = s.current.regime.evidence if dossier.filed_on is None else {}
    return {**own, **{kind: each for kind, each in ahead.items() if kind not in own}}


def fix(dossier: Dossier, field: str, value: str | Json, act: Act, s: Situation) -> Event:
    """Correct the product set, the product's name or the commune, before any score, with a reason.

    raises  InputInvalid (field or product set unknown), Refused (already scored, closed, role, no reason)
    """
    if field not in ("product_set", "product", "commune"):
        raise InputInvalid(reason("fix_field_unknown", field=field, known="product_set, product, commune"))
    if field == "product_set":
        check_product_set(s.pinned.regime, str(value))
    on = act.on or s.today
    who = keeper(dossier, on, s)
    faults = [
        *check_day(on, s.today, dossier.opened_on),
        *who.faults,
        *_closed(dossier, s),
        *reason_faults(True, act.reason),
    ]
    if dossier.scores or dossier.result:
        faults.append(reason("fix_after_scoring", dossier=dossier.code))
    if faults:
        raise Refused(*faults)
    before = {"product_set": dossier.product_set, "product": dossier.product_name, "commune": dossier.commune}[field]
    data = {"field": field, "value": value, "before": before}
    return next_event(dossier, s, action="fix", to_state=dossier.state, on=on, who=who, signer=None, act=act, data=data)


def undo(dossier: Dossier, newest: Event, act: Act, s: Situation) -> Event:
    """Take back the caller's own newest act while nobody has acted on it.

    dossier  replayed from its whole history, so that ``before`` is known
    raises   Refused: nothing to undo, another's act
    """
    on = act.on or s.today
    earlier = dossier.before
    if newest.action == "undo":
        raise Refused(reason("undone_already", dossier=dossier.code, seq=newest.seq, action=newest.data["action"]))
    if earlier is None or dossier.last_act is None or newest.action in ("open", "withhold"):
        raise Refused(reason("nothing_to_undo", dossier=dossier.code))
    faults = list(check_day(on, s.today, newest.occurred_on))
    if actor_key(newest) not in (s.actor.handle, s.actor.name):
        faults.append(reason("undo_of_another", dossier=dossier.code, person=newest.actor.name, action=newest.action))
    recorder = recorder_for(newest.actor, s, units_of(newest.actor, s))
    if isinstance(recorder, Reason):
        faults.append(recorder)
    if faults:
        raise Refused(*faults)
    who = Who(newest.actor, newest.actor if isinstance(recorder, Reason) else recorder, None, ())
    return next_event(
        dossier,
        s,
        action="undo",
        to_state=earlier.state,
        on=on,
        who=who,
        signer=None,
        act=act,
        data={"undoes": newest.seq, "action": newest.action},
    )


def system_undo(dossier: Dossier, newest: Event, on: date, now: datetime) -> Event:
    """What nobody asked for is taken back with the act that it followed from.

    dossier  replayed from its whole history; ``newest`` is its last event, by the system
    """
    return Event(
        subject_kind="dossier",
        subject=dossier.code,
        seq=dossier.version + 1,
        action="undo",
        from_state=dossier.state,
        to_state=newest.from_state,
        recorded_at=max(now, dossier.last_recorded_at),
        occurred_on=max(on, dossier.last_move_on),
        actor=SYSTEM,
        recorder=SYSTEM,
        signer=None,
        entry="live",
        overridden=(),
        warnings=(),
        key=None,
        regime=dossier.regime,
        workflow_hash=dossier.workflow_hash,
        data={"undoes": newest.seq, "action": newest.action},
        reason=None,
        prev_hash=dossier.last_hash,
    )


def _closed(dossier: Dossier, s: Situation) -> tuple[Reason, ...]:
    state = s.pinned.regime.named(dossier.state)
    return (reason("dossier_closed", dossier=dossier.code, state=state),) if dossier.closed else ()
