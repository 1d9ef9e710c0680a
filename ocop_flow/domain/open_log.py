"""Histories as rows that other programs read: one for each event, typed, and without anybody's name.

Officials appear as a post at a unit, entities and products by their codes; what a person typed freely stays out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from ocop_flow.domain.dossier_fold import replay
from ocop_flow.domain.point import standing

if TYPE_CHECKING:
    from ocop_flow.domain.dossier import Dossier
    from ocop_flow.domain.event import Doer, Event
    from ocop_flow.domain.regime import Regime


@dataclass(frozen=True, slots=True)
class Row:
    """One event.

    action, label      its identifier, and its name in Vietnamese where the law gives one
    on, recorded_at    the legal day; the moment in which it entered the record, UTC
    actor, recorder    ``role@unit``; None for a post without a unit
    article            of the law that knows the act
    document           ``issuer:year:number`` of the signed paper behind it
    sitting, stars, mean  of a council, as it found; ``stars`` of a decision as it decided
    taken_back         whether a later act undid it
    """

    dossier: str
    seq: int
    action: str
    label: str
    on: date
    recorded_at: datetime
    entry: str
    actor: str
    actor_unit: str | None
    recorder: str
    from_state: str | None
    to_state: str | None
    regime: str | None
    article: str | None
    document: str | None
    certificate: str | None
    sitting: str | None
    stars: int | None
    mean: str | None
    overridden: int
    warnings: int
    late_days: int
    taken_back: bool
    hash: str


@dataclass(frozen=True, slots=True)
class Trace:
    """The rows of one dossier in order, with what it is."""

    dossier: str
    kind: str
    track: str
    product: str
    product_set: str
    entity: str
    entity_kind: str
    commune: str
    regime: str
    state: str
    stars: int | None
    certificate: str | None
    rows: tuple[Row, ...]


#: Name -> type of each column, in order: str, int, bool, date or datetime.
COLUMNS: Mapping[str, type] = {
    **{each.name: str for each in fields(Row)},
    **dict.fromkeys(("seq", "stars", "overridden", "warnings", "late_days"), int),
    "on": date,
    "recorded_at": datetime,
    "taken_back": bool,
}
#: The same of a trace, its rows left out.
ABOUT: Mapping[str, type] = {
    **{each.name: str for each in fields(Trace) if each.name != "rows"},
    "stars": int,
}


def trace_of(events: Sequence[Event], laws: Mapping[str, Regime], today_of: Callable[[datetime], date]) -> Trace:
    """A whole history as rows.

    laws      the regimes that it was under, by the hash of their documents
    today_of  the day in Viet Nam of a moment
    """
    dossier = replay(events)
    if dossier is None:
        raise ValueError("a history without events")
    kept = {event.seq for event in standing(events)}
    rows = tuple(_row(event, laws, today_of, taken_back=_undone(event, kept)) for event in events)
    return _about(dossier, rows)


def _undone(event: Event, kept: set[int]) -> bool:
    return event.action != "undo" and event.seq not in kept


def _about(dossier: Dossier, rows: tuple[Row, ...]) -> Trace:
    return Trace(
        dossier=dossier.code,
        kind=dossier.kind,
        track=dossier.track,
        product=dossier.product,
        product_set=dossier.product_set,
        entity=dossier.entity,
        entity_kind=dossier.entity_kind,
        commune=dossier.commune,
        regime=dossier.regime,
        state=dossier.state,
        stars=dossier.stars_decided,
        certificate=dossier.certificate.number if dossier.certificate else None,
        rows=rows,
    )


def _row(event: Event, laws: Mapping[str, Regime], today_of: Callable[[datetime], date], *, taken_back: bool) -> Row:
    law = laws.get(event.workflow_hash or "")
    known = law.actions.get(event.action) if law else None
    data = event.data
    return Row(
        dossier=event.subject,
        seq=event.seq,
        action=event.action,
        label=known.label.vi if known else event.action,
        on=event.occurred_on,
        recorded_at=event.recorded_at,
        entry=event.entry,
        actor=_post(event.actor),
        actor_unit=event.actor.unit.code if event.actor.unit else None,
        recorder=_post(event.recorder),
        from_state=event.from_state,
        to_state=event.to_state,
        regime=event.regime,
        article=known.source if known else None,
        document=_document(event),
        certificate=_certificate(data),
        sitting=data.get("sitting"),
        stars=data.get("stars_decided", data.get("stars")),
        mean=data.get("mean_total"),
        overridden=len(event.overridden),
        warnings=len(event.warnings),
        late_days=(today_of(event.recorded_at) - event.occurred_on).days,
        taken_back=taken_back,
        hash=event.hash(),
    )


def _post(doer: Doer) -> str:
    return f"{doer.role}@{doer.unit.code}" if doer.unit else doer.role


def _document(event: Event) -> str | None:
    signer, unit = event.signer, event.actor.unit
    if signer is None:
        return None
    return f"{unit.code if unit else '-'}:{signer.date.year}:{signer.number}"


def _certificate(data: Any) -> str | None:
    """The certificate that an act issued."""
    issued = data.get("certificate") or data.get("new")
    return issued.get("number") if isinstance(issued, dict) else None


def values(row: Row | Trace, columns: Mapping[str, type]) -> dict[str, Any]:
    """Name -> value of each column that is not empty."""
    return {name: value for name in columns if (value := getattr(row, name)) is not None}
