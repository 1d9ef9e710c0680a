"""What the five seed documents say, read from their packaged files."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

from ocop_flow import yamlfile
from ocop_flow.errors import Text

Json = dict[str, Any]

#: The seeds by the number their file names begin with.
SEEDS = ("000", "001", "002", "003", "004")


@dataclass(frozen=True, slots=True)
class Group:
    """So many products of so many stars, recognised or declared by a day; ``round`` of ``year`` where it is said."""

    products: int
    stars: int
    by: date
    source: str
    round: int | None
    year: int | None
    regime: str | None


@dataclass(frozen=True, slots=True)
class Declared:
    """``establishments`` None where the seed gives no number: then each product has one of its own."""

    unit: str
    establishments: int | None
    groups: tuple[Group, ...]


@dataclass(frozen=True, slots=True)
class Printed:
    """A report to record: what a unit printed, ``figures`` in the form of ``domain.report``."""

    issuer: str
    title: Text
    as_of: date
    told_on: date
    figures: tuple[Json, ...]
    source: str


@dataclass(frozen=True, slots=True)
class PlanFile:
    """A plan file of a seed; ``issued_on`` is its day."""

    name: str
    content: bytes
    issuer: str
    issued_on: date


@dataclass(frozen=True, slots=True)
class Fulfilled:
    """A milestone of a plan (its identity) that the seed's event did, on the day of the event."""

    plan: str
    milestone: str


@dataclass(frozen=True, slots=True)
class Seed:
    """One seed document.

    place    code of the unit it is about
    told_on  day of the event it tells of: the day that is shown unless another is asked for
    regimes  the criteria it speaks of
    fulfils  milestones that its event did, of plans that another seed may bring
    notes    readings, approximations and placeholders, said wherever the seed is shown
    """

    id: str
    file: str
    kind: Text
    title: Text
    place: str
    told_on: date
    told_on_source: str
    regimes: tuple[str, ...]
    declared: Declared | None
    reports: tuple[Printed, ...]
    plans: tuple[PlanFile, ...]
    fulfils: tuple[Fulfilled, ...]
    notes: tuple[Text, ...]


@cache
def seed(number: str) -> Seed:
    """A seed by its number, e.g. ``000``."""
    name = f"{number}.yaml"
    data = yamlfile.read(_packaged(name), name).data
    return Seed(
        id=data["id"],
        file=data["file"],
        kind=Text(**data["kind"]),
        title=Text(**data["title"]),
        place=data["place"],
        told_on=date.fromisoformat(data["told_on"]),
        told_on_source=data["told_on_source"],
        regimes=tuple(data["regimes"]),
        declared=_declared(data["declared"]) if data["declared"] else None,
        reports=tuple(_printed(doc, data["file"]) for doc in data["reports"]),
        plans=tuple(_plan(each) for each in data["plans"]),
        fulfils=tuple(Fulfilled(**each) for each in data["fulfils"]),
        notes=tuple(Text(**note) for note in data["notes"]),
    )


def _declared(doc: Json) -> Declared:
    groups = tuple(
        Group(
            products=group["products"],
            stars=group["stars"],
            by=date.fromisoformat(group["by"]),
            source=group["source"],
            round=group.get("round"),
            year=group.get("year"),
            regime=group.get("regime"),
        )
        for group in doc["groups"]
    )
    return Declared(doc["unit"], doc["establishments"], groups)


def _printed(doc: Json, file: str) -> Printed:
    source = f"{file}; {doc['source']}" if "source" in doc else file
    return Printed(
        issuer=doc["issuer"],
        title=Text(**doc["title"]),
        as_of=date.fromisoformat(doc["as_of"]),
        told_on=date.fromisoformat(doc["told_on"]),
        figures=tuple(doc["figures"]),
        source=source,
    )


def _plan(name: str) -> PlanFile:
    content = _packaged(name)
    head = yamlfile.read(content, name).data["plan"]
    return PlanFile(name.rpartition("/")[2], content, head["issuer"], date.fromisoformat(head["issued_on"]))


def _packaged(name: str) -> bytes:
    """A file of the seeds, or beside them (``../demo/…``: one plan serves the simulated year too)."""
    folder = files("ocop_flow.workflows") / "seeds"
    if name.startswith("../demo/"):
        folder = files("ocop_flow.workflows") / "demo"
    return (folder / name.rpartition("/")[2]).read_bytes()
