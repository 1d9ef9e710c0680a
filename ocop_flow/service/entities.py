"""Entities as recipients: who is told of a dossier or certificate, where they are reached, and who cannot be."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ocop_flow.domain.registry import CONTACTS
from ocop_flow.errors import Reason, reason
from ocop_flow.ports import Row, UnitOfWork
from ocop_flow.service.numbers import chunks
from ocop_flow.service.recipients import Recipient

#: How a recipient's key begins.
PREFIX = "entity:"
#: Entities without a mail address get letters by hand (``remind letters``).
BY_MAIL = (
    "(reminder.role <> 'entity' OR EXISTS (SELECT 1 FROM entity "
    f"WHERE entity.code = substr(reminder.recipient, {len(PREFIX) + 1}) "
    "AND (entity.email IS NOT NULL OR entity.merged_into IS NOT NULL)))"
)
#: Names shown of those that cannot be reached.
_SHOWN = 3
_SUBJECTS = (
    "SELECT code AS subject, entity FROM dossier WHERE code IN ({holders})",
    "SELECT number AS subject, entity FROM certificate WHERE number IN ({holders})",
)


class EntityRecipients:
    """The entity of each dossier and certificate, read for many at once and kept for the length of a scan."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow
        self._of: dict[str, list[Recipient]] = {}

    def prepare(self, subjects: Iterable[str]) -> None:
        """Read what is needed for these dossiers and certificates."""
        new = sorted({each for each in subjects if each not in self._of})
        owners: dict[str, str] = {}
        for holders, params in chunks(new):
            for sql in _SUBJECTS:
                for row in self._uow.query(sql.format(holders=holders), **params):
                    owners[row["subject"]] = row["entity"]
        entities = read_entities(self._uow, owners.values())
        for subject in new:
            found = entities.get(owners.get(subject, ""))
            self._of[subject] = [Recipient(PREFIX + found.code, found.name, None)] if found else []

    def of(self, subject: str) -> list[Recipient]:
        """The entity; nobody where a certificate from before names none that is known here."""
        if subject not in self._of:
            self.prepare([subject])
        return self._of[subject]


@dataclass(frozen=True, slots=True)
class Reached:
    """An entity as it stands today, merged ones followed; ``contacts`` by name, without those that were withheld."""

    code: str
    name: str
    commune: str
    contacts: dict[str, str]


def read_entities(uow: UnitOfWork, codes: Iterable[str], *, unsealed: bool = False) -> dict[str, Reached]:
    """Asked code -> the entity that it is today; unknown ones are left out.

    unsealed  whether the addresses themselves are read, else their digests
    """
    asked = {code for code in codes if code}
    rows: dict[str, Row] = {}
    wanted = set(asked)
    while wanted:
        for holders, params in chunks(sorted(wanted)):
            found = uow.query(f"SELECT * FROM entity WHERE code IN ({holders})", **params)
            rows |= {row["code"]: row for row in found}
        wanted = {row["merged_into"] for row in rows.values() if row["merged_into"]} - rows.keys()
    return {code: _reached(uow, rows, code, unsealed) for code in sorted(asked) if code in rows}


def _reached(uow: UnitOfWork, rows: dict[str, Row], code: str, unsealed: bool) -> Reached:
    row = rows[code]
    while row["merged_into"] in rows:
        row = rows[row["merged_into"]]
    contacts = {name: row[name] for name in CONTACTS if row[name]}
    if unsealed:
        contacts = {name: str(text) for name, digest in contacts.items() if (text := uow.unseal(digest)) is not None}
    return Reached(row["code"], row["name"], row["commune"], contacts)


def entity_holes(uow: UnitOfWork) -> list[Reason]:
    """A warning for each unit with something to tell to entities that gave no mail, phone or chat."""
    rows = uow.query(
        "SELECT recipient, unit, unit_name FROM reminder WHERE status = 'queued' AND role = 'entity' "
        "GROUP BY recipient, unit, unit_name ORDER BY unit, recipient"
    )
    known = read_entities(uow, (row["recipient"].removeprefix(PREFIX) for row in rows))
    found: dict[tuple[str, str], list[Reached]] = {}
    for row in rows:
        entity = known.get(row["recipient"].removeprefix(PREFIX))
        if entity is not None and not entity.contacts:
            found.setdefault((row["unit"] or "", row["unit_name"] or ""), []).append(entity)
    return [_hole(unit, name, entities) for (unit, name), entities in found.items()]


def _hole(unit: str, name: str, entities: list[Reached]) -> Reason:
    shown = ", ".join(f"{each.name} ({each.code})" for each in entities[:_SHOWN])
    more = len(entities) - _SHOWN
    return reason(
        "remind_entity_nobody",
        unit=name,
        code=unit,
        count=len(entities),
        entities=f"{shown}, +{more}" if more > 0 else shown,
        first=entities[0].code,
    )


def letters_to_print(uow: UnitOfWork, units: Iterable[str]) -> list[Reason]:
    """A line for each of these units whose entities wait for a letter by hand: no mail can carry it."""
    found = []
    for holders, params in chunks(list(units)):
        found += uow.query(
            "SELECT unit, unit_name, count(DISTINCT recipient) AS n FROM reminder WHERE status = 'queued' "
            f"AND role = 'entity' AND NOT {BY_MAIL} AND unit IN ({holders}) GROUP BY unit, unit_name ORDER BY unit",
            **params,
        )
    return [reason("letters_to_print", unit=row["unit_name"], code=row["unit"], count=row["n"]) for row in found]
