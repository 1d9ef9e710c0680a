"""The published figures that the demo starts from; every other figure of the demo is simulated."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

from ocop_flow import yamlfile


@dataclass(frozen=True, slots=True)
class Recognised:
    """Products recognised before the year begins: so many of so many stars, as a source says."""

    stars: int
    products: int
    source: str


@dataclass(frozen=True, slots=True)
class Facts:
    """What the reports of one year of one province say.

    begins_on, ends_on  first and last day of the simulated year
    recognised_by       day by which the recognised products are reported
    registered          products registered for the year, at as many establishments
    ready_about         of these, about so many basically met three stars
    conference_on       day on which the launch conference was held
    outcome             products, four_stars, three_stars reported for the end of the year; and their source
    """

    year: int
    province: str
    regime: str
    plan_file: str
    begins_on: date
    ends_on: date
    recognised_by: date
    recognised: tuple[Recognised, ...]
    recognised_establishments: int
    registered: int
    registered_source: str
    ready_about: int
    conference_on: date
    conference_source: str
    outcome: dict[str, Any]

    @property
    def recognised_products(self) -> int:
        return sum(group.products for group in self.recognised)


@cache
def nam_dinh_2020() -> Facts:
    """Nam Định in 2020, under its plan 27/KH-UBND."""
    data = yamlfile.read(packaged("nam_dinh_2020.yaml"), "nam_dinh_2020.yaml").data
    recognised, registered = data["recognised"], data["registered"]
    return Facts(
        year=data["year"],
        province=data["province"],
        regime=data["regime"],
        plan_file=data["plan_file"],
        begins_on=date.fromisoformat(data["begins_on"]),
        ends_on=date.fromisoformat(data["ends_on"]),
        recognised_by=date.fromisoformat(recognised["as_of"]),
        recognised=tuple(Recognised(**group) for group in recognised["groups"]),
        recognised_establishments=recognised["establishments"],
        registered=registered["products"],
        registered_source=registered["source"],
        ready_about=registered["ready_about"],
        conference_on=date.fromisoformat(data["conference"]["held_on"]),
        conference_source=data["conference"]["source"],
        outcome=data["outcome"],
    )


def packaged(name: str) -> bytes:
    """A file of the demo as it is shipped."""
    return (files("ocop_flow.workflows") / "demo" / name).read_bytes()
