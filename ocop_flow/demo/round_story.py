"""The round that ``ocop demo --year 2026`` plays, read from its packaged file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any

from ocop_flow import yamlfile
from ocop_flow.demo.facts import packaged

Json = dict[str, Any]
_FILE = "hung_yen_2026.yaml"


@dataclass(frozen=True, slots=True)
class Planned:
    """One product and how its dossier goes.

    days     step -> the day on which it is done; ``sitting`` names the sitting instead
    points   mean total that the council will give; ``missed``: a four-star minimum is missed
    lacks    kind of paper -> copies that are not handed in
    previous, stars, issuer, issued_on  the certificate that ends, for a re-rating or for one that nobody has filed yet
    """

    product: str
    entity: str
    commune: str
    product_set: str
    days: Mapping[str, str]
    points: int = 0
    missed: bool = False
    lacks: Mapping[str, int] = field(default_factory=dict)
    previous: str | None = None
    stars: int = 0
    issuer: str = ""
    issued_on: date | None = None

    @property
    def kind(self) -> str:
        return "re_rating" if self.previous else "first"


@dataclass(frozen=True, slots=True)
class RoundStory:
    """``sittings``: name -> (day, manner); ``before``: what seed 001 says of nine products."""

    province: str
    begins_on: date
    ends_on: date
    council: Json
    sittings: Mapping[str, tuple[date, str]]
    before: Json
    dossiers: tuple[Planned, ...]
    certificates: tuple[Planned, ...]

    @property
    def communes(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(each.commune for each in (*self.dossiers, *self.certificates)))


@cache
def hung_yen_2026() -> RoundStory:
    data = yamlfile.read(packaged(_FILE), _FILE).data
    return RoundStory(
        province=data["province"],
        begins_on=date.fromisoformat(data["begins_on"]),
        ends_on=date.fromisoformat(data["ends_on"]),
        council=data["council"],
        sittings={name: (date.fromisoformat(row["held"]), row["manner"]) for name, row in data["sittings"].items()},
        before=data["before"],
        dossiers=tuple(_planned(row, data["courses"]) for row in data["dossiers"]),
        certificates=tuple(_planned(row, data["courses"]) for row in data["certificates"]),
    )


def _planned(row: Json, courses: Json) -> Planned:
    return Planned(
        product=row["product"],
        entity=row["entity"],
        commune=row["commune"],
        product_set=row["set"],
        days=courses[row["course"]] if "course" in row else {},
        points=row.get("points", 0),
        missed=row.get("missed", False),
        lacks=row.get("lacks", {}),
        previous=row.get("number"),
        stars=row.get("stars", 0),
        issuer=row.get("issuer", ""),
        issued_on=date.fromisoformat(row["issued_on"]) if "issued_on" in row else None,
    )
