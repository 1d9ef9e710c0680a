"""People, entities, products and declared certificates: each the fold of its own short stream of events."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from functools import reduce
from typing import Any

from ocop_flow.domain import beside
from ocop_flow.domain.beside import EMPTY, Margin
from ocop_flow.domain.event import Event
from ocop_flow.domain.kept import Kept, from_body, handed
from ocop_flow.errors import Reason, reason

Json = dict[str, Any]

ENTITY_KINDS = (
    "cooperative",
    "cooperative_group",
    "sme",
    "enterprise",
    "farm",
    "household",
    "association",
    "tourism_operator",
)


def entity_kind_faults(kind: str) -> tuple[Reason, ...]:
    """A reason for a kind that is none of the contract's list."""
    if kind in ENTITY_KINDS:
        return ()
    return (reason("entity_kind_unknown", kind=kind, known=", ".join(ENTITY_KINDS)),)


@dataclass(frozen=True, slots=True)
class Appointment:
    """One post given by an event; ``via`` is appointment, delegation or seat."""

    seq: int
    role: str
    unit: str
    unit_from: date | None
    unit_name: str
    tier: str
    office: str | None
    decision: str
    valid_from: date
    valid_to: date | None
    via: str


@dataclass(frozen=True, slots=True)
class PersonRecord:
    """``office``: a login that several people use; ``email``: sealed digest of the address, None if none was given."""

    handle: str
    name: str
    can_login: bool
    office: bool
    email: str | None
    left_on: date | None
    appointments: tuple[Appointment, ...]


#: How an entity may be reached.
CONTACTS = ("email", "phone", "chat")
#: What may be recorded of who represents it.
REPRESENTATIVE = ("sex", "ethnic_group")
SEXES = ("female", "male")


@dataclass(frozen=True, slots=True)
class Entity:
    """An entity as it stands.

    contacts        name -> sealed digest of the address, of those that stand
    representative  name -> sealed digest of what is recorded of who represents it
    """

    code: str
    name: str
    kind: str
    commune: str
    commune_from: date | None
    aliases: tuple[str, ...]
    merged_into: str | None
    contacts: Json = field(default_factory=dict)
    representative: Json = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Product:
    code: str
    name: str
    entity: str
    product_set: str
    aliases: tuple[str, ...]
    merged_into: str | None


@dataclass(frozen=True, slots=True)
class DeclaredCertificate:
    """A recognition made before this system, as its paper says; what the paper does not say is None.

    product_code, entity_code  ``-`` while the commune is not known
    keeper                     code of the unit whose officer declared it: who minds it while no issuer is known
    status_on, replaced_by     as in ``dossier.Certificate``
    margin                     what is recorded beside it
    kept                       who keeps it since its issuer ended
    """

    number: str
    product_name: str
    product_set: str | None
    entity_name: str
    entity_kind: str
    stars: int
    commune: str | None
    issuer: Json | None
    decision: str | None
    issued_on: date | None
    valid_to: date | None
    source: str
    unreconciled: bool
    status: str
    product_code: str = "-"
    entity_code: str = "-"
    keeper: str | None = None
    status_on: date | None = None
    replaced_by: str | None = None
    margin: Margin = EMPTY
    kept: Kept | None = None


def replay_person(events: Iterable[Event]) -> PersonRecord | None:
    return reduce(evolve_person, events, None)


def evolve_person(person: PersonRecord | None, event: Event) -> PersonRecord:
    data = event.data
    if person is None:
        return PersonRecord(event.subject, data["name"], data["can_login"], data["office"], data["email"], None, ())
    if event.action == "leave":
        ended = tuple(_ended(item, event.occurred_on) for item in person.appointments)
        return replace(person, left_on=event.occurred_on, appointments=ended)
    post = data["post"]
    appointment = Appointment(
        seq=event.seq,
        role=post["role"],
        unit=post["unit"]["code"],
        unit_from=_day(post["unit"]["valid_from"]),
        unit_name=post["unit"]["name"],
        tier=post["unit"]["tier"],
        office=post["office"],
        decision=post["decision"],
        valid_from=date.fromisoformat(post["valid_from"]),
        valid_to=_day(post["valid_to"]),
        via=data["via"],
    )
    return replace(person, appointments=(*person.appointments, appointment))


def _ended(item: Appointment, day: date) -> Appointment:
    still = item.valid_to is None or item.valid_to > day
    return replace(item, valid_to=day) if still else item


def replay_entity(events: Iterable[Event]) -> Entity | None:
    return reduce(evolve_entity, events, None)


def evolve_entity(entity: Entity | None, event: Event) -> Entity:
    data = event.data
    if entity is None:
        commune = data["commune"]
        since = _day(commune["valid_from"])
        contacts = dict(data.get("contacts", {}))
        return Entity(event.subject, data["name"], data["kind"], commune["code"], since, (), None, contacts)
    if event.action == "contact":
        changed = {**entity.contacts, **data["contacts"]}
        return replace(entity, contacts={name: digest for name, digest in changed.items() if digest is not None})
    if event.action == "representative":
        said = {**entity.representative, **data["representative"]}
        return replace(entity, representative={name: digest for name, digest in said.items() if digest is not None})
    if event.action == "withhold":
        return entity
    if event.action == "rename":
        return replace(entity, name=data["name"], aliases=(*entity.aliases, entity.name))
    if event.action == "absorb":
        return replace(entity, aliases=(*entity.aliases, *data["names"]))
    return replace(entity, merged_into=data["into"])


def replay_product(events: Iterable[Event]) -> Product | None:
    return reduce(evolve_product, events, None)


def evolve_product(product: Product | None, event: Event) -> Product:
    data = event.data
    if product is None:
        return Product(event.subject, data["name"], data["entity"], data["product_set"], (), None)
    if event.action == "rename":
        return replace(product, name=data["name"], aliases=(*product.aliases, product.name))
    if event.action == "absorb":
        return replace(product, aliases=(*product.aliases, *data["names"]))
    return replace(product, merged_into=data["into"])


def replay_certificate(events: Iterable[Event]) -> DeclaredCertificate | None:
    return reduce(evolve_certificate, events, None)


def evolve_certificate(certificate: DeclaredCertificate | None, event: Event) -> DeclaredCertificate:
    data = event.data
    if certificate is None:
        return DeclaredCertificate(
            number=event.subject,
            product_name=data["product"],
            product_set=data["product_set"],
            entity_name=data["entity"],
            entity_kind=data["entity_kind"],
            stars=data["stars"],
            commune=data["commune"],
            issuer=data["issuer"],
            decision=data["decision"],
            issued_on=_day(data["issued_on"]),
            valid_to=_day(data["valid_to"]),
            source=data["source"],
            unreconciled=data["unreconciled"],
            status="valid",
            product_code=data["product_code"],
            entity_code=data["entity_code"],
            keeper=event.actor.unit.code if event.actor.unit else None,
            margin=beside.from_json(data.get("margin")),
            kept=from_body(data.get("kept")),
        )
    if event.action == "complete":
        added: Json = {name: value for name, value in data.items() if name in _COMPLETED}
        added |= {name: _day(data[name]) for name in ("issued_on", "valid_to") if name in data}
        return replace(certificate, **added)
    if event.action in beside.ACTIONS:
        return replace(certificate, margin=beside.evolve(certificate.margin, event))
    if event.action == "succeed":
        kept = handed(data["kept_by"], event.occurred_on, data["minutes"], data["missing"])
        return replace(certificate, kept=kept)
    if event.action == "transfer":
        to = data["to"]
        return replace(certificate, entity_code=to["code"], entity_name=to["name"], entity_kind=to["kind"])
    # What stands beside a certificate goes with it to the one that a re-issue or correction puts in its place.
    margin = EMPTY if data.get("same_recognition") else certificate.margin
    return replace(
        certificate,
        status=data["status"],
        # An act undone leaves no trace in what stands.
        status_on=None if "undoes" in data else event.occurred_on,
        replaced_by=data.get("replaced_by"),
        margin=margin,
    )


#: What a later table may add to a declared certificate, besides its days.
_COMPLETED = frozenset({"product_set", "commune", "issuer", "decision", "unreconciled", "product_code", "entity_code"})


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
