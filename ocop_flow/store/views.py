"""From events to view rows: the same function serves the command that appends and the rebuild of everything."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from operator import itemgetter
from typing import TYPE_CHECKING, Any, NamedTuple

from ocop_flow.domain import codes, council, decision, registry, sending
from ocop_flow.domain.dossier import day_text
from ocop_flow.domain.event import Event
from ocop_flow.domain.names import fold
from ocop_flow.store import statements
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
    uow.put("person", **_person_row(person))
    uow.remove("post", handle=person.handle, source=person.handle)
    for row in _appointment_rows(person):
        uow.put("post", **row)


def _person_row(person: registry.PersonRecord) -> Row:
    return {
        "handle": person.handle,
        "name": person.name,
        "can_login": person.can_login,
        "office": person.office,
        "email": person.email,
        "left_on": day_text(person.left_on),
    }


def _appointment_rows(person: registry.PersonRecord) -> list[Row]:
    return [
        {
            "handle": person.handle,
            "source": person.handle,
            "seq": item.seq,
            "role": item.role,
            "unit": item.unit,
            "unit_from": day_text(item.unit_from),
            "unit_name": item.unit_name,
            "tier": item.tier,
            "office": item.office,
            "decision": item.decision,
            "valid_from": item.valid_from.isoformat(),
            "valid_to": day_text(item.valid_to),
            "via": item.via,
        }
        for item in person.appointments
    ]


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
    uow.put("council", **_council_row(found))
    for row in _sitting_rows(found):
        count_code(uow, "sitting", row["code"])
        uow.put("sitting", **row)
    uow.remove("post", source=found.code)
    for row in _seat_rows(found):
        uow.put("post", **row)


def _council_row(found: council.Council) -> Row:
    return {
        "code": found.code,
        "unit": found.unit.code,
        "unit_name": found.unit.name,
        "tier": found.unit.tier,
        "decision": found.decision,
        "round": found.round,
        "year": found.year,
    }


def _sitting_rows(found: council.Council) -> list[Row]:
    return [
        {"code": sitting.code, "council": found.code, "held_on": sitting.on.isoformat()} for sitting in found.sittings
    ]


def _seat_rows(found: council.Council) -> list[Row]:
    return [
        {
            "handle": seat.handle,
            "source": found.code,
            "seq": seat.seq,
            "role": seat.role,
            "unit": found.unit.code,
            "unit_from": day_text(found.unit_from),
            "unit_name": found.unit.name,
            "tier": found.unit.tier,
            "office": "council",
            "decision": seat.decision or found.decision,
            "valid_from": seat.since.isoformat(),
            "valid_to": day_text(seat.until),
            "via": "seat",
        }
        for seat in found.seats
    ]


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
    uow.put("decision", **_decision_row(found))
    uow.remove("decision_line", decision=found.identity)
    uow.insert_many("decision_line", _line_rows(found))


def _decision_row(found: decision.Decision) -> Row:
    return {
        "id": found.identity,
        "number": found.number,
        "issuer": found.issuer["code"],
        "issuer_name": found.issuer["name"],
        "issuer_tier": found.issuer["tier"],
        "year": found.year,
        "decided_on": found.decided_on.isoformat(),
        "kind": found.kind,
        "title": found.title,
        "status": found.status,
    }


def _line_rows(found: decision.Decision) -> list[Row]:
    return [
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


def _sending(uow: SqlUnitOfWork, event: Event) -> None:
    found = sending.replay(uow.events(event.subject_kind, event.subject))
    if found is None:
        return
    if event.seq == 1:
        count_code(uow, found.kind, found.code)
    uow.put("sending", **_sending_row(found))


def _sending_row(found: sending.Sending) -> Row:
    return {
        "code": found.code,
        "kind": found.kind,
        "unit": found.unit[0],
        "unit_name": found.unit[1],
        "to_unit": found.to[0] if found.to else None,
        "to_name": found.to[1] if found.to else None,
        "given_on": found.given_on.isoformat(),
        "taken_on": day_text(found.taken_on),
        "taken_by": found.taken_by,
    }


def _workflow(uow: SqlUnitOfWork, event: Event) -> None:
    uow.put("law", **_law_row(event))


def _law_row(event: Event) -> Row:
    data = event.data
    return {
        "regime": data["regime"],
        "province": data["province"],
        "seq": event.seq,
        "effective_from": data["effective_from"],
        "regime_from": data["regime_from"],
        "regime_to": data["regime_to"],
        "hash": data["hash"],
    }


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


# --- what the rows of a stream must be ------------------------------------------------------------------------------


class Held(NamedTuple):
    """The rows of a view whose columns have the values of ``where``: these, and no others."""

    table: str
    where: Row
    rows: list[Row]


def held(kind: str, events: Sequence[Event]) -> list[Held]:
    """The rows that follow from one whole stream alone; none for kinds whose rows follow from others, too."""
    return _HELD[kind](events) if kind in _HELD else []


def differing(uow: SqlUnitOfWork, kind: str, events: Sequence[Event]) -> list[str]:
    """Tables whose rows of a subject are not those that its stream gives."""
    return [each.table for each in held(kind, events) if _differs(uow, each)]


def _differs(uow: SqlUnitOfWork, each: Held) -> bool:
    stored = uow.rows(each.table, **each.where)
    if each.table == "certificate" and stored and stored[0]["dossier"] is not None:
        # Of two with one number the later stands: this one is held against its dossier.
        return False
    in_order = itemgetter(*statements.keys(each.table))
    return sorted(stored, key=in_order) != sorted(each.rows, key=in_order)


def _person_held(events: Sequence[Event]) -> list[Held]:
    found = registry.replay_person(events)
    if found is None:
        return []
    handle = found.handle
    return [
        Held("person", {"handle": handle}, [_person_row(found)]),
        Held("post", {"source": handle}, _appointment_rows(found)),
    ]


def _entity_held(events: Sequence[Event]) -> list[Held]:
    found = registry.replay_entity(events)
    return [Held("entity", {"code": found.code}, [_entity_row(found)])] if found else []


def _product_held(events: Sequence[Event]) -> list[Held]:
    found = registry.replay_product(events)
    return [Held("product", {"code": found.code}, [_product_row(found)])] if found else []


def _council_held(events: Sequence[Event]) -> list[Held]:
    found = council.replay(events)
    if found is None:
        return []
    return [
        Held("council", {"code": found.code}, [_council_row(found)]),
        Held("sitting", {"council": found.code}, _sitting_rows(found)),
        Held("post", {"source": found.code}, _seat_rows(found)),
    ]


def _certificate_held(events: Sequence[Event]) -> list[Held]:
    found = registry.replay_certificate(events)
    return [Held("certificate", {"number": found.number}, [declared_row(found)])] if found else []


def _decision_held(events: Sequence[Event]) -> list[Held]:
    found = decision.replay_decision(events)
    if found is None:
        return []
    return [
        Held("decision", {"id": found.identity}, [_decision_row(found)]),
        Held("decision_line", {"decision": found.identity}, _line_rows(found)),
    ]


def _sending_held(events: Sequence[Event]) -> list[Held]:
    found = sending.replay(events)
    return [Held("sending", {"code": found.code}, [_sending_row(found)])] if found else []


def _law_held(events: Sequence[Event]) -> list[Held]:
    return [Held("law", {"regime": events[0].data["regime"]}, [_law_row(event) for event in events])]


_HELD: dict[str, Callable[[Sequence[Event]], list[Held]]] = {
    "person": _person_held,
    "entity": _entity_held,
    "product": _product_held,
    "council": _council_held,
    "certificate": _certificate_held,
    "decision": _decision_held,
    "worklist": _sending_held,
    "packet": _sending_held,
    "workflow": _law_held,
}
#: view -> (column that names the stream, kinds of streams its rows may come from).
_NAMED_BY = {
    "dossier": ("code", ("dossier",)),
    "person": ("handle", ("person",)),
    "post": ("source", ("person", "council")),
    "entity": ("code", ("entity",)),
    "product": ("code", ("product",)),
    "council": ("code", ("council",)),
    "sitting": ("council", ("council",)),
    "decision": ("id", ("decision",)),
    "decision_line": ("decision", ("decision",)),
    "sending": ("code", ("worklist", "packet")),
    "plan": ("id", ("plan",)),
    "law": ("regime", ("workflow",)),
}


def bare(uow: SqlUnitOfWork) -> Iterator[tuple[str, str]]:
    """(view, name) of rows that no event has led to."""
    for table, (column, kinds) in _NAMED_BY.items():
        yield from _without(uow, table, column, kinds, "")
    yield from _without(uow, "certificate", "number", ("certificate",), "v.dossier IS NULL AND")
    yield from _without(uow, "certificate", "dossier", ("dossier",), "v.dossier IS NOT NULL AND")


def _without(uow: SqlUnitOfWork, table: str, column: str, kinds: Sequence[str], only: str) -> Iterator[tuple[str, str]]:
    of = ", ".join(f"'{kind}'" for kind in kinds)
    rows = uow.query(
        f"SELECT DISTINCT v.{column} AS name FROM {table} v WHERE {only} NOT EXISTS "
        f"(SELECT 1 FROM event e WHERE e.subject_kind IN ({of}) AND e.subject = v.{column}) ORDER BY 1"
    )
    yield from ((table, str(row["name"])) for row in rows)
