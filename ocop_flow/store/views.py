"""From events to view rows: the same function serves the command that appends and the rebuild of everything."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from ocop_flow.domain import codes, council, decision, registry, sending
from ocop_flow.domain.dossier import day_text
from ocop_flow.domain.event import Event
from ocop_flow.domain.names import fold
from ocop_flow.store.certificate_rows import Duties, declared_row, save_declared
from ocop_flow.store.counter_rows import count_code

if TYPE_CHECKING:
    from ocop_flow.store.unit_of_work import SqlUnitOfWork

Row = dict[str, Any]


def project(uow: SqlUnitOfWork, event: Event) -> None:
    """Bring the views of a subject other than a dossier up to date with its newest event."""
    _PROJECTIONS.get(event.subject_kind, _nothing)(uow, event)


def _nothing(_uow: SqlUnitOfWork, _event: Event) -> None:
    """Units change no view: their rows are data, not folds."""


def _person(uow: SqlUnitOfWork, event: Event) -> None:
    person = registry.replay_person(uow.events("person", event.subject))
    if person is None:
        return
    uow.put(
        "person",
        handle=person.handle,
        name=person.name,
        can_login=person.can_login,
        office=person.office,
        email=person.email,
        left_on=day_text(person.left_on),
    )
    uow.remove("post", handle=person.handle, source=person.handle)
    for item in person.appointments:
        uow.put(
            "post",
            handle=person.handle,
            source=person.handle,
            seq=item.seq,
            role=item.role,
            unit=item.unit,
            unit_from=day_text(item.unit_from),
            unit_name=item.unit_name,
            tier=item.tier,
            office=item.office,
            decision=item.decision,
            valid_from=item.valid_from.isoformat(),
            valid_to=day_text(item.valid_to),
            via=item.via,
        )


def _entity(uow: SqlUnitOfWork, event: Event) -> None:
    entity = registry.replay_entity(uow.events("entity", event.subject))
    if entity is None:
        return
    count_code(uow, "entity", entity.code)
    uow.put("entity", **_entity_row(entity))


def _entity_row(entity: registry.Entity) -> Row:
    return {
        "code": entity.code,
        "name": entity.name,
        "folded": fold(entity.name),
        "kind": entity.kind,
        "commune": entity.commune,
        "commune_from": day_text(entity.commune_from),
        "aliases": json.dumps(list(entity.aliases), ensure_ascii=False),
        "merged_into": entity.merged_into,
        **{name: entity.contacts.get(name) for name in registry.CONTACTS},
        **{name: entity.representative.get(name) for name in registry.REPRESENTATIVE},
    }


def _product(uow: SqlUnitOfWork, event: Event) -> None:
    product = registry.replay_product(uow.events("product", event.subject))
    if product is None:
        return
    count_code(uow, "product", product.code)
    uow.put("product", **_product_row(product))


def _product_row(product: registry.Product) -> Row:
    return {
        "code": product.code,
        "name": product.name,
        "folded": fold(product.name),
        "entity": product.entity,
        "product_set": product.product_set,
        "aliases": json.dumps(list(product.aliases), ensure_ascii=False),
        "merged_into": product.merged_into,
    }


def _council(uow: SqlUnitOfWork, event: Event) -> None:
    found = council.replay(uow.events("council", event.subject))
    if found is None:
        return
    count_code(uow, "council", found.code)
    uow.put(
        "council",
        code=found.code,
        unit=found.unit.code,
        unit_name=found.unit.name,
        tier=found.unit.tier,
        decision=found.decision,
        round=found.round,
        year=found.year,
    )
    for sitting in found.sittings:
        count_code(uow, "sitting", sitting.code)
        uow.put("sitting", code=sitting.code, council=found.code, held_on=sitting.on.isoformat())
    uow.remove("post", source=found.code)
    for seat in found.seats:
        uow.put(
            "post",
            handle=seat.handle,
            source=found.code,
            seq=seat.seq,
            role=seat.role,
            unit=found.unit.code,
            unit_from=day_text(found.unit_from),
            unit_name=found.unit.name,
            tier=found.unit.tier,
            office="council",
            decision=seat.decision or found.decision,
            valid_from=seat.since.isoformat(),
            valid_to=day_text(seat.until),
            via="seat",
        )


def _certificate(uow: SqlUnitOfWork, event: Event) -> None:
    save_declared(uow, event.subject)


# --- many new subjects at once --------------------------------------------------------------------------------------


def project_new(uow: SqlUnitOfWork, events: Iterable[Event]) -> None:
    """View rows of streams that begin with these events (entities, products, declared certificates).

    The rows are those that ``project`` would write one by one; here each view takes all of its rows at once.
    """
    rows: dict[str, list[Row]] = {"entity": [], "product": [], "certificate": [], "deadline": []}
    highest: dict[tuple[str, int], int] = {}
    duties = Duties(uow)
    for event in events:
        if event.subject_kind == "entity":
            rows["entity"].append(_entity_row(registry.evolve_entity(None, event)))
        elif event.subject_kind == "product":
            rows["product"].append(_product_row(registry.evolve_product(None, event)))
        else:
            found = registry.evolve_certificate(None, event)
            rows["certificate"].append(declared_row(found))
            rows["deadline"] += duties.rows(found)
        _note_number(highest, event)
    for table, found_rows in rows.items():
        uow.insert_many(table, found_rows)
    for (kind, year), number in highest.items():
        if uow.next_number(kind, year) <= number:
            uow.put("counter", kind=kind, year=year, last=number)


def _note_number(highest: dict[tuple[str, int], int], event: Event) -> None:
    kind = event.subject_kind
    typed = codes.parse(event.subject, kind) if event.subject.startswith(codes.PREFIXES[kind] + "-") else None
    if typed is not None and typed.year is not None:
        highest[(kind, typed.year)] = max(typed.number, highest.get((kind, typed.year), 0))


def _plan(uow: SqlUnitOfWork, event: Event) -> None:
    from ocop_flow.store import plan_rows

    plan_rows.save_plan(uow, event)


def _calendar(uow: SqlUnitOfWork, event: Event) -> None:
    from ocop_flow.store import notice_rows

    notice_rows.save_notice(uow, event)


def _decision(uow: SqlUnitOfWork, event: Event) -> None:
    found = decision.replay_decision(uow.events("decision", event.subject))
    if found is None:
        return
    uow.put(
        "decision",
        id=found.identity,
        number=found.number,
        issuer=found.issuer["code"],
        issuer_name=found.issuer["name"],
        issuer_tier=found.issuer["tier"],
        year=found.year,
        decided_on=found.decided_on.isoformat(),
        kind=found.kind,
        title=found.title,
        status=found.status,
    )
    uow.remove("decision_line", decision=found.identity)
    lines = [
        {
            "decision": found.identity,
            "number": line.number,
            "dossier": line.dossier,
            "action": line.action,
            "seq": line.seq,
            "stars": line.stars,
            "status": line.status,
        }
        for line in found.lines
    ]
    uow.insert_many("decision_line", lines)


def _sending(uow: SqlUnitOfWork, event: Event) -> None:
    found = sending.replay(uow.events(event.subject_kind, event.subject))
    if found is None:
        return
    if event.seq == 1:
        count_code(uow, found.kind, found.code)
    uow.put(
        "sending",
        code=found.code,
        kind=found.kind,
        unit=found.unit[0],
        unit_name=found.unit[1],
        to_unit=found.to[0] if found.to else None,
        to_name=found.to[1] if found.to else None,
        given_on=found.given_on.isoformat(),
        taken_on=day_text(found.taken_on),
        taken_by=found.taken_by,
    )


def _workflow(uow: SqlUnitOfWork, event: Event) -> None:
    data = event.data
    uow.put(
        "law",
        regime=data["regime"],
        province=data["province"],
        seq=event.seq,
        effective_from=data["effective_from"],
        regime_from=data["regime_from"],
        regime_to=data["regime_to"],
        hash=data["hash"],
    )


_PROJECTIONS: dict[str, Callable[[SqlUnitOfWork, Event], None]] = {
    "person": _person,
    "entity": _entity,
    "product": _product,
    "council": _council,
    "certificate": _certificate,
    "decision": _decision,
    "worklist": _sending,
    "packet": _sending,
    "workflow": _workflow,
    "plan": _plan,
    "calendar": _calendar,
}
