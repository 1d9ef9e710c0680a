"""Entities and products as objects: found by name or code, added once, renamed and merged by events."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from ocop_flow.domain import codes, names
from ocop_flow.domain.commands import Act
from ocop_flow.domain.doers import Who, in_post
from ocop_flow.domain.facts import NAME_LIMIT, check_day
from ocop_flow.domain.numerals import whole
from ocop_flow.domain.opening import commune_json
from ocop_flow.domain.record import known_dossier, stream_event
from ocop_flow.domain.registry import CONTACTS, REPRESENTATIVE, SEXES, entity_kind_faults
from ocop_flow.domain.situation import Desk
from ocop_flow.domain.units import Unit
from ocop_flow.errors import InputInvalid, NotFound, Reason, Refused, reason
from ocop_flow.ports import Row, UnitOfWork
from ocop_flow.service.desk import desk, unit_on
from ocop_flow.service.dossier_find import state_named
from ocop_flow.service.office import Caller, Office
from ocop_flow.service.people import check_mail
from ocop_flow.service.product_sets import sets_of_all_laws

Json = dict[str, Any]
_NONE: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class AddEntity:
    name: str
    kind: str
    commune: str
    contacts: dict[str, str] = field(default_factory=dict)
    act: Act = field(default_factory=Act)


@dataclass(frozen=True, slots=True)
class SetContacts:
    """Where an entity is reached from now on; an empty text takes the contact away."""

    code: str
    contacts: dict[str, str] = field(default_factory=dict)
    act: Act = field(default_factory=Act)


@dataclass(frozen=True, slots=True)
class Represent:
    """Who represents an entity, as statistics ask; None: stays as it is, an empty text takes it away."""

    code: str
    sex: str | None
    ethnic_group: str | None
    act: Act = field(default_factory=Act)


@dataclass(frozen=True, slots=True)
class Rename:
    code: str
    name: str
    act: Act = field(default_factory=Act)


@dataclass(frozen=True, slots=True)
class Merge:
    """``code`` ends and lives on as ``into``."""

    code: str
    into: str
    act: Act = field(default_factory=Act)


def check_kind(kind: str) -> None:
    faults = entity_kind_faults(kind)
    if faults:
        raise InputInvalid(*faults)


def find_entity(uow: UnitOfWork, typed: str, kind: str | None, commune: str | None) -> list[Row]:
    """Entities that the typed text means: by code, or by name within a commune."""
    parsed = codes.parse(typed, "entity") if whole(typed.strip()) is None else None
    rows = by_code(uow, "entity", typed) if parsed is not None else uow.rows("entity", folded=names.fold(typed))
    return [
        row
        for row in rows
        if row["merged_into"] is None
        and (kind is None or row["kind"] == kind)
        and (commune is None or parsed is not None or row["commune"] == commune)
    ]


def entity_for_opening(
    uow: UnitOfWork,
    typed: str,
    kind: str,
    commune: Unit,
    base: Desk,
    who: Who,
    act: Act,
    contacts: Mapping[str, str] = _NONE,
) -> tuple[Json, tuple[Reason, ...]]:
    """The entity to put in a dossier, added if it is new; and what should be asked about it.

    contacts  where it is reached, as typed with the dossier; none: what is known stays
    """
    check_kind(kind)
    found = find_entity(uow, typed, kind, commune.code)
    if not found:
        # Who asks for a number waits for others that add one: what they have added meanwhile is not new any more.
        uow.next_number("entity", (act.on or base.today).year)
        found = find_entity(uow, typed, kind, commune.code)
    if len(found) > 1:
        raise InputInvalid(
            *(reason("entity_ambiguous", name=row["name"], entity=row["code"], kind=row["kind"]) for row in found)
        )
    if found:
        if contacts:
            add_contacts(uow, found[0]["code"], contacts, base, who, _part_of(act))
        return {"code": found[0]["code"], "name": found[0]["name"], "kind": found[0]["kind"]}, ()
    if whole(typed.strip()) is None and codes.parse(typed, "entity") is not None:
        raise NotFound(reason("entity_absent", entity=typed))
    name = names.clean_name(typed, limit=NAME_LIMIT, field="entity")
    namesakes = tuple(
        reason("entity_same_name", name=name, entity=row["code"], kind=row["kind"])
        for row in find_entity(uow, name, None, commune.code)
    )
    code = _new_entity(uow, name, kind, commune, contacts, base, who, act)
    return {"code": code, "name": name, "kind": kind}, namesakes


def product_for_opening(
    uow: UnitOfWork, typed: str, entity: str, product_set: str, base: Desk, who: Who, act: Act
) -> tuple[Json, tuple[Reason, ...]]:
    """The product to put in a dossier, added if the entity has none of that name."""
    name = names.clean_name(typed, limit=NAME_LIMIT, field="product")
    on = act.on or base.today
    found = _products(uow, entity, name, typed)
    if not found:
        number = uow.next_number("product", on.year)
        # As with entities: another may have added it while this one waited for the number.
        found = _products(uow, entity, name, typed)
    if found:
        busy = uow.query(
            "SELECT code FROM dossier WHERE product = :product AND phase NOT IN ('closed', 'promotion')",
            product=found[0]["code"],
        )
        under_way = [known_dossier(uow.dossier(row["code"]), row["code"]) for row in busy]
        notes = tuple(reason("product_has_open_dossier", dossier=d.code, state=state_named(uow, d)) for d in under_way)
        return {"code": found[0]["code"], "name": found[0]["name"]}, notes
    code = codes.make("product", on.year, number)
    data = {"name": name, "entity": entity, "product_set": product_set}
    uow.append(stream_event(base, ("product", code), None, "add", who, _part_of(act), data))
    return {"code": code, "name": name}, ()


def _products(uow: UnitOfWork, entity: str, name: str, typed: str) -> list[Row]:
    """Products of an entity that the typed text means: by name or by code."""
    key = names.fold(name)
    rows = uow.rows("product", entity=entity)
    return [row for row in rows if row["merged_into"] is None and (row["folded"] == key or row["code"] == typed)]


def _part_of(act: Act) -> Act:
    """The act without its key: one key names one command, not each of its events."""
    return Act(on=act.on, by=act.by, entry=act.entry, reason=act.reason)


def _new_entity(
    uow: UnitOfWork, name: str, kind: str, commune: Unit, contacts: Mapping[str, str], base: Desk, who: Who, act: Act
) -> str:
    on = act.on or base.today
    code = codes.make("entity", on.year, uow.next_number("entity", on.year))
    sealed = sealed_contacts(uow, contacts)
    data = {"name": name, "kind": kind, "commune": commune_json(commune), "contacts": sealed}
    uow.append(stream_event(base, ("entity", code), None, "add", who, _part_of(act), data))
    return code


def add_entity(uow: UnitOfWork, office: Office, caller: Caller, command: AddEntity) -> Json:
    """A new entity; the same name in the commune is told, not refused."""
    check_kind(command.kind)
    act = command.act
    on = act.on or office.today
    commune = unit_on(uow, command.commune, on, tier="commune")
    base = desk(uow, office, caller, act, uow.tree([commune.code]))
    who = _officer(commune, on, base)
    name = names.clean_name(command.name, limit=NAME_LIMIT, field="entity")
    namesakes = find_entity(uow, name, None, commune.code)
    code = _new_entity(uow, name, command.kind, commune, command.contacts, base, who, act)
    warnings = [reason("entity_same_name", name=name, entity=row["code"], kind=row["kind"]) for row in namesakes]
    return {"code": code, "name": name, "kind": command.kind, "warnings": warnings}


def set_contacts(uow: UnitOfWork, office: Office, caller: Caller, command: SetContacts) -> Json:
    """Where an entity is reached; what is not named stays."""
    if not command.contacts:
        raise InputInvalid(reason("contact_missing", known=", ".join(CONTACTS)))
    row, base, who = _at_hand(uow, office, caller, "entity", command.code, command.act)
    add_contacts(uow, row["code"], command.contacts, base, who, command.act)
    kept = uow.rows("entity", code=row["code"])[0]
    return {"code": row["code"], "name": row["name"], "contacts": contact_names(kept)}


def represent(uow: UnitOfWork, office: Office, caller: Caller, command: Represent) -> Json:
    """Sex and ethnic group of the representative: sealed, and shown in counts alone.

    raises  InputInvalid (nothing said, a sex that is none), NotFound, Refused
    """
    said = {"sex": command.sex, "ethnic_group": command.ethnic_group}
    typed = {name: text.strip() for name, text in said.items() if text is not None}
    if not typed:
        raise InputInvalid(reason("representative_empty"))
    if typed.get("sex") and typed["sex"] not in SEXES:
        raise InputInvalid(reason("sex_unknown", sex=typed["sex"], known=", ".join(SEXES)))
    if typed.get("ethnic_group"):
        typed["ethnic_group"] = names.clean_name(typed["ethnic_group"], limit=NAME_LIMIT, field="ethnic_group")
    row, base, who = _at_hand(uow, office, caller, "entity", command.code, command.act)
    data = {"representative": {name: uow.seal(text) if text else None for name, text in typed.items()}}
    head = uow.head("entity", row["code"])
    uow.append(stream_event(base, ("entity", row["code"]), head, "representative", who, command.act, data))
    return {"code": row["code"], "name": row["name"], "recorded": sorted(name for name in typed if typed[name])}


def add_contacts(uow: UnitOfWork, code: str, contacts: Mapping[str, str], base: Desk, who: Who, act: Act) -> None:
    """One event with the digests; the addresses themselves stand apart."""
    data = {"contacts": sealed_contacts(uow, contacts)}
    head = uow.head("entity", code)
    uow.append(stream_event(base, ("entity", code), head, "contact", who, act, data))


def sealed_contacts(uow: UnitOfWork, contacts: Mapping[str, str]) -> Json:
    """Contact -> digest, None for one taken away; raises InputInvalid with every address that is none."""
    faults: list[Reason] = []
    cleaned = {name: _contact(name, text, faults) for name, text in contacts.items()}
    if faults:
        raise InputInvalid(*faults)
    return {name: uow.seal(text) if text else None for name, text in cleaned.items()}


def _contact(name: str, text: str, faults: list[Reason]) -> str:
    """The cleaned address; faults are added to the list."""
    typed = text.strip()
    if name not in CONTACTS:
        faults.append(reason("contact_unknown", name=name, known=", ".join(CONTACTS)))
    elif typed:
        try:
            return check_mail(typed) if name == "email" else check_phone(typed) if name == "phone" else _chat(typed)
        except InputInvalid as error:
            faults += error.reasons
    return ""


def check_phone(typed: str) -> str:
    """A telephone number as digits, with + before a country's code; raises InputInvalid."""
    digits = re.sub(r"[ .()-]", "", typed)
    if not re.fullmatch(r"\+?[0-9]{8,15}", digits, re.ASCII):
        raise InputInvalid(reason("phone_unreadable", phone=typed))
    return digits


def _chat(typed: str) -> str:
    return names.clean_name(typed, limit=NAME_LIMIT, field="chat")


def contact_names(row: Row) -> list[str]:
    """By what ways an entity can be reached; the addresses stay sealed."""
    return [name for name in CONTACTS if row[name]]


def rename(uow: UnitOfWork, office: Office, caller: Caller, kind: str, command: Rename) -> Json:
    """A new name; the old one stays as an alias and on what was issued."""
    row, base, who = _at_hand(uow, office, caller, kind, command.code, command.act)
    name = names.clean_name(command.name, limit=NAME_LIMIT, field=kind)
    head = uow.head(kind, row["code"])
    uow.append(stream_event(base, (kind, row["code"]), head, "rename", who, command.act, {"name": name}))
    return {"code": row["code"], "name": name, "before": row["name"]}


def merge(uow: UnitOfWork, office: Office, caller: Caller, kind: str, command: Merge) -> Json:
    """Two records of the same thing become one; the other's name becomes an alias."""
    row, base, who = _at_hand(uow, office, caller, kind, command.code, command.act)
    into, *_ = _at_hand(uow, office, caller, kind, command.into, command.act)
    if row["code"] == into["code"]:
        raise InputInvalid(reason("merge_with_itself", entity=row["code"]))
    part = _part_of(command.act)
    head = uow.head(kind, row["code"])
    uow.append(stream_event(base, (kind, row["code"]), head, "merge", who, command.act, {"into": into["code"]}))
    head = uow.head(kind, into["code"])
    data = {"from": row["code"], "names": [row["name"]]}
    uow.append(stream_event(base, (kind, into["code"]), head, "absorb", who, part, data))
    return {"code": row["code"], "merged_into": into["code"]}


def shown(uow: UnitOfWork, kind: str, typed: str) -> Json:
    """One entity or product by code or name; raises NotFound, InputInvalid where the name is not unique."""
    row = _one(uow, kind, typed)
    found = {**row, "aliases": json.loads(row["aliases"])}
    (named,) = with_names(uow, [without_addresses(found) if kind == "entity" else found])
    return named


def with_names(uow: UnitOfWork, listed: list[Json]) -> list[Json]:
    """Rows of entities or products with the names of what their codes and ids mean.

    ``commune_name`` is that of the code's newest life.
    """
    communes = {row["commune"] for row in listed if row.get("commune")}
    tree = uow.tree(sorted(communes)) if communes else None
    owners = {row["entity"] for row in listed if row.get("entity")}
    near = {"code": next(iter(owners))} if len(owners) == 1 else {}
    entities = {row["code"]: row["name"] for row in uow.rows("entity", **near)} if owners else {}
    sets = sets_of_all_laws(uow) if any(row.get("product_set") for row in listed) else {}
    named: list[Json] = []
    for row in listed:
        more: Json = {}
        if tree is not None and row.get("commune"):
            unit = tree.latest(row["commune"])
            more["commune_name"] = unit.name if unit else None
        if row.get("entity"):
            more["entity_name"] = entities.get(row["entity"])
        if row.get("product_set"):
            more["product_set_label"] = sets.get(row["product_set"])
        named.append({**row, **more})
    return named


def without_addresses(row: Row) -> Json:
    """An entity's row with the ways to reach it instead of the digests of its addresses."""
    sealed = (*CONTACTS, *REPRESENTATIVE)
    return {**{key: value for key, value in row.items() if key not in sealed}, "contacts": contact_names(row)}


def by_code(uow: UnitOfWork, kind: str, typed: str) -> list[Row]:
    """Entities or products that a code means; year and check may be left out, and the prefix too: ``123``."""
    parsed = codes.parse(typed, kind)
    if parsed is None:
        return []
    if parsed.year is not None:
        return uow.rows(kind, code=codes.make(kind, parsed.year, parsed.number))
    like = f"{parsed.prefix}-____-{parsed.number:06d}-_"
    return uow.query(f"SELECT * FROM {kind} WHERE code LIKE :like ORDER BY code", like=like)


def _one(uow: UnitOfWork, kind: str, typed: str) -> Row:
    rows = by_code(uow, kind, typed) or uow.rows(kind, folded=names.fold(typed))
    if not rows:
        raise NotFound(reason("entity_absent", entity=typed))
    if len(rows) > 1:
        raise InputInvalid(*(reason("entity_ambiguous", name=r["name"], entity=r["code"], kind=kind) for r in rows))
    return rows[0]


def _at_hand(uow: UnitOfWork, office: Office, caller: Caller, kind: str, typed: str, act: Act) -> tuple[Row, Desk, Who]:
    row = _one(uow, kind, typed)
    owner = row if kind == "entity" else uow.rows("entity", code=row["entity"])[0]
    on = act.on or office.today
    tree = uow.tree([owner["commune"]])
    commune = tree.on(owner["commune"], on) or tree.latest(owner["commune"])
    if commune is None:
        raise NotFound(reason("unit_absent", unit=owner["commune"]))
    base = desk(uow, office, caller, act, tree)
    return row, base, _officer(commune, on, base)


def _officer(commune: Unit, on: Any, base: Desk) -> Who:
    """An officer of the commune or of a unit above it; of one that ended, of those that took its place."""
    heirs = [heir for heir, _ in base.tree.successors(commune, on)] or [commune]
    units = [each for unit in heirs for each in (unit, *base.tree.ancestors(unit, unit.nearest_valid_day(on)))]
    found = [in_post(("officer",), unit, on, base) for unit in units]
    who = next((each for each in found if not each.faults), found[0])
    faults = [*check_day(on, base.today), *who.faults]
    if faults:
        raise Refused(*faults)
    return who
