"""A unit's work as a list to be filled in by people without a login: what waits there, what is missing, what is due.

The list is kept as it was given out, under its hash; what comes back is compared with that, and each line filled in
becomes one command of the ordinary kind.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from ocop_flow.domain import canonical
from ocop_flow.errors import Text

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Doer:
    """A person with a post at the unit."""

    handle: str
    name: str
    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """What may be done with a dossier: ``decision`` and ``reason`` say whether a document or a reason is asked for."""

    action: str
    label: Text
    roles: tuple[str, ...]
    fields: tuple[str, ...]
    required: tuple[str, ...]
    decision: bool
    reason: bool


@dataclass(frozen=True, slots=True)
class Field:
    """A detail that some action asks for, a column of the list."""

    name: str
    label: Text
    type: str
    choices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Task:
    """A dossier that the unit holds; ``since`` and ``due_on`` are days, ``due_on`` None where nothing is due."""

    dossier: str
    version: int
    product: str
    entity: str
    state: Text
    since: str
    due_on: str | None
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Paper:
    """A kind of evidence that a dossier still lacks."""

    dossier: str
    product: str
    kind: str
    label: Text
    required: int
    have: int


@dataclass(frozen=True, slots=True)
class Duty:
    """A milestone of a plan that waits for the unit."""

    plan: str
    number: str
    milestone: str
    title: str
    due_on: str


@dataclass(frozen=True, slots=True)
class Named:
    """An id of the law's lists with its name."""

    id: str
    name: Text


@dataclass(frozen=True, slots=True)
class Receiving:
    """What a unit needs to take in new dossiers; no sets where the law lists none.

    communes  those whose dossiers a unit above them takes in; none for a commune, which takes in its own
    """

    communes: tuple[Named, ...]
    product_sets: tuple[Named, ...]
    entity_kinds: tuple[str, ...]
    kinds: tuple[str, ...]
    tracks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WorkList:
    """What is given out to a unit on a day; ``receiving`` None for units that take in no dossiers of their own."""

    code: str
    unit: str
    unit_name: str
    on: str
    doers: tuple[Doer, ...]
    fields: tuple[Field, ...]
    tasks: tuple[Task, ...]
    papers: tuple[Paper, ...]
    duties: tuple[Duty, ...]
    receiving: Receiving | None

    @property
    def day(self) -> date:
        return date.fromisoformat(self.on)


@dataclass(frozen=True, slots=True)
class Filled:
    """One line filled in, words already turned into codes.

    sheet   tasks, papers, duties or received
    key     which line of the sheet: the dossier, ``dossier:kind``, the milestone, the number of the line
    values  column -> what was written, days as typed or as ``2026-06-15``
    """

    sheet: str
    row: int
    key: str
    values: Mapping[str, str]

    @property
    def place(self) -> str:
        return f"{self.sheet}:{self.row}"

    @property
    def digest(self) -> str:
        return canonical.digest({"key": self.key, "values": dict(self.values)})


def to_json(found: WorkList) -> Json:
    """A canonical value; texts as {vi, en}."""
    return {field.name: _plain(getattr(found, field.name)) for field in fields(found)}


def _plain(value: Any) -> Any:
    if isinstance(value, Text):
        return {"vi": value.vi, "en": value.en}
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if hasattr(value, "__slots__") and not isinstance(value, str):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    return value


def from_json(data: Mapping[str, Any]) -> WorkList:
    receiving = data["receiving"]
    return WorkList(
        code=data["code"],
        unit=data["unit"],
        unit_name=data["unit_name"],
        on=data["on"],
        doers=tuple(Doer(each["handle"], each["name"], tuple(each["roles"])) for each in data["doers"]),
        fields=tuple(
            Field(each["name"], Text(**each["label"]), each["type"], tuple(each["choices"])) for each in data["fields"]
        ),
        tasks=tuple(_task(each) for each in data["tasks"]),
        papers=tuple(Paper(**{**each, "label": Text(**each["label"])}) for each in data["papers"]),
        duties=tuple(Duty(**each) for each in data["duties"]),
        receiving=_receiving(receiving) if receiving else None,
    )


def _task(data: Json) -> Task:
    choices = tuple(
        Choice(
            each["action"],
            Text(**each["label"]),
            tuple(each["roles"]),
            tuple(each["fields"]),
            tuple(each["required"]),
            each["decision"],
            each["reason"],
        )
        for each in data["choices"]
    )
    return Task(**{**data, "state": Text(**data["state"]), "choices": choices})


def _receiving(data: Json) -> Receiving:
    return Receiving(
        communes=tuple(Named(each["id"], Text(**each["name"])) for each in data["communes"]),
        product_sets=tuple(Named(each["id"], Text(**each["name"])) for each in data["product_sets"]),
        entity_kinds=tuple(data["entity_kinds"]),
        kinds=tuple(data["kinds"]),
        tracks=tuple(data["tracks"]),
    )


def digest_of(found: WorkList) -> str:
    """The hash under which a list is kept."""
    return canonical.digest(to_json(found))


def doers_for(found: WorkList, roles: Sequence[str]) -> tuple[Doer, ...]:
    """Persons of the unit with one of the roles."""
    return tuple(each for each in found.doers if set(roles) & set(each.roles))
