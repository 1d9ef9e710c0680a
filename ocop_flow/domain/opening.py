"""Opening a dossier: which law, which lists, who receives it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from ocop_flow.domain.commands import Open
from ocop_flow.domain.doers import receiver
from ocop_flow.domain.event import GENESIS, Event
from ocop_flow.domain.facts import check_day, check_entry, clean_reason
from ocop_flow.domain.fieldvalues import read_fields
from ocop_flow.domain.filing_window import filed_kind, outside
from ocop_flow.domain.previous import Previous, contradictions, doubts
from ocop_flow.domain.regime import FieldNeed, Regime
from ocop_flow.domain.registry import entity_kind_faults
from ocop_flow.domain.situation import Situation
from ocop_flow.domain.units import Unit
from ocop_flow.errors import InputInvalid, Reason, Refused, reason

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Opening:
    """What the service found for an opening: the objects to use, and the regime question already answered."""

    code: str
    product: Json
    entity: Json
    plan: str | None
    previous: Previous | None
    regime_chosen: bool
    notes: tuple[Reason, ...] = ()


def open_dossier(command: Open, opening: Opening, s: Situation) -> Event:
    """The first event of a dossier.

    raises  InputInvalid (kind, track, entity kind, product set not in the regime's lists, a field that no action of it
            has), Refused (role, day, unit, entity kind or filing window not allowed by the law, the certificate of
            another entity)
    """
    regime, act = s.current.regime, command.act
    on = act.on or s.today
    check_lists(regime, command)
    state = regime.states[regime.tracks[command.track]]
    # Opened where filing leads, the opening is the filing (DESIGN section 3).
    filing = state.phase == "registration"
    who = receiver(regime, on, s)
    failing = _failing(command, opening, regime, on, filing=filing)
    another = contradictions(opening.previous, opening.entity) if opening.previous else ()
    faults = [*check_day(on, s.today), *who.faults, *another, *(item for item in failing if _refuses(item))]
    if faults:
        raise Refused(*faults)
    return Event(
        subject_kind="dossier",
        subject=opening.code,
        seq=1,
        action="open",
        from_state=None,
        to_state=state.id,
        recorded_at=s.now,
        occurred_on=on,
        actor=who.actor,
        recorder=who.recorder,
        signer=None,
        entry=check_entry(act.entry),
        overridden=(),
        warnings=tuple(item for item in (*_free_set(regime, command), *failing) if not _refuses(item)),
        key=act.key,
        regime=regime.id,
        workflow_hash=s.current.hash,
        data=_data(command, opening, s, on, filing=filing),
        reason=clean_reason(act.reason),
        prev_hash=GENESIS,
    )


def _failing(command: Open, opening: Opening, regime: Regime, on: date, *, filing: bool) -> list[Reason]:
    """Conditions of the law that do not hold: of the entity's kind, the day of filing and the dossier before."""
    previous = opening.previous
    ends = previous.valid_to if previous else None
    return [
        *_entity_kind(regime, command),
        *(outside(regime, command.kind, ends, on) if filing else ()),
        *_previous(command),
        *(doubts(previous, opening.product) if previous else ()),
        *opening.notes,
    ]


def _refuses(item: Reason) -> bool:
    """A condition refuses if the law itself says it; else it warns (DESIGN principle 10)."""
    return bool(item.binding and item.source)


def _data(command: Open, opening: Opening, s: Situation, on: date, *, filing: bool) -> Json:
    """What the opening records."""
    regime, previous = s.current.regime, opening.previous
    ends = previous.valid_to if previous else None
    fields: Json = dict(read_fields(_known_fields(regime), command.fields))
    if opening.regime_chosen:
        fields["regime_chosen"] = True
    return {
        "kind": filed_kind(regime, command.kind, ends, on) if filing else command.kind,
        "track": command.track,
        "commune": commune_json(s.commune),
        "product": opening.product,
        "product_set": command.product_set,
        "entity": opening.entity,
        "plan": opening.plan,
        "previous": previous.number if previous else None,
        "previous_valid_to": ends.isoformat() if ends else None,
        "fields": fields,
        "evidence": list(previous.inherited if previous else ()),
    }


def _known_fields(regime: Regime) -> list[FieldNeed]:
    """What may be told at once: every field that some action of the regime asks for."""
    return list({need.name: need for action in regime.actions.values() for need in action.fields}.values())


def check_lists(regime: Regime, command: Open) -> None:
    """Raises InputInvalid with every choice that is in no list."""
    faults = [*list_faults(regime, command), *_set_faults(regime, command.product_set)]
    if faults:
        raise InputInvalid(*faults)


def list_faults(regime: Regime, command: Open) -> list[Reason]:
    """Entity kind, kind and track that are in no list, and a first rating that names an earlier one."""
    faults = [*entity_kind_faults(command.entity_kind)]
    if command.kind not in regime.kinds:
        faults.append(reason("kind_unknown", kind=command.kind, known=", ".join(regime.kinds)))
    if command.track not in regime.tracks:
        faults.append(reason("track_unknown", track=command.track, known=", ".join(regime.tracks)))
    if command.kind == "first" and command.previous is not None:
        faults.append(reason("previous_of_first", number=command.previous))
    return faults


def check_product_set(regime: Regime, product_set: str) -> None:
    """Raises InputInvalid if the regime lists its sets and this is none, or if it cannot be an identifier at all."""
    faults = _set_faults(regime, product_set)
    if faults:
        raise InputInvalid(*faults)


def _set_faults(regime: Regime, product_set: str) -> tuple[Reason, ...]:
    listed = regime.product_sets.ids
    plain = product_set.replace("_", "a").isalnum() and product_set.isascii() and product_set == product_set.lower()
    if plain if listed is None else product_set in listed:
        return ()
    if listed is None:
        return (reason("product_set_no_id", product_set=product_set, regime=regime.decision, source=regime.decision),)
    known = ", ".join(sorted(listed))
    return (
        reason("product_set_unknown", product_set=product_set, regime=regime.id, known=known, source=regime.decision),
    )


def commune_json(unit: Unit) -> Json:
    return {
        "code": unit.code,
        "name": unit.name,
        "valid_from": unit.valid_from.isoformat() if unit.valid_from else None,
    }


def _entity_kind(regime: Regime, command: Open) -> tuple[Reason, ...]:
    allowed = regime.entity_kinds.get(command.entity_kind)
    services = command.product_set in regime.product_sets.services
    if allowed is not None and (services or not allowed.services_only):
        return ()
    rule = allowed or next(iter(regime.entity_kinds.values()))
    return (
        reason(
            "entity_kind_not_allowed",
            source=rule.source,
            mark=rule.mark,
            kind=command.entity_kind,
            allowed=", ".join(k.kind for k in regime.entity_kinds.values() if services or not k.services_only),
        ),
    )


def _previous(command: Open) -> tuple[Reason, ...]:
    missing = command.kind in ("upgrade", "re_rating") and command.previous is None
    return (reason("previous_missing", kind=command.kind),) if missing else ()


def _free_set(regime: Regime, command: Open) -> tuple[Reason, ...]:
    if regime.product_sets.ids is not None:
        return ()
    return (reason("product_set_free", product_set=command.product_set, regime=regime.id),)
