"""What figures are counted from: dossiers and recognitions as they stood at the end of a day, each in its place."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ocop_flow.domain.beside import Margin
    from ocop_flow.domain.dossier import Dossier
    from ocop_flow.domain.units import Unit
    from ocop_flow.errors import Text

#: Stars that somebody recognises, from the highest (REGULATIONS: one and two are recognised by nobody).
STARS = (5, 4, 3)


@dataclass(frozen=True, slots=True)
class Period:
    """The days counted, both ends included; ``since`` None: from the beginning."""

    since: date | None
    until: date

    def holds(self, day: date | None) -> bool:
        """An unknown day lies before everything."""
        return (self.since or date.min) <= (day or date.min) <= self.until


@dataclass(frozen=True, slots=True)
class Case:
    """A dossier as its events up to the day make it; ``units``: where it lies, commune first, on the map asked for.

    waited_at  the unit that held it in each state, by the number of the event that brought it there
    """

    dossier: Dossier
    units: tuple[Unit, ...]
    waited_at: Mapping[int, Unit] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Recognition:
    """A product recognised with stars, by a dossier or as declared from before these records.

    product    the same for every recognition of one product, whatever it is called since
    kind       ``first``, ``upgrade``, ``re_rating``; ``declared`` where no dossier tells
    track      of the dossier, None for a declared one
    before     stars of the certificate that it started from
    issued_on, valid_to  None where not known
    ended_on   day on which it was revoked, replaced or annulled; None while it was not, by the day
    margin     what is recorded beside a declared one; a dossier keeps its own
    issuer     code of the unit that issued it
    """

    number: str
    product: str
    product_name: str
    product_set: str | None
    entity: str
    entity_kind: str | None
    stars: int
    issued_on: date | None
    valid_to: date | None
    ended_on: date | None
    kind: str
    track: str | None
    before: int | None
    units: tuple[Unit, ...]
    dossier: str | None
    margin: Margin
    issuer: str | None

    def holds_on(self, day: date) -> bool:
        """Whether the certificate is in force on a day; one whose end is not known is taken to be."""
        return self.ended_on is None and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True, slots=True)
class Person:
    """Of an entity: its kind, and sex and ethnic group of its representative where recorded and not withheld."""

    kind: str
    sex: str | None
    ethnic_group: str | None


@dataclass(frozen=True, slots=True)
class Group:
    """A product set by its name, and the industry that its criteria put it in."""

    name: Text
    industry: Text


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything asked for, already within the unit, product set and regime asked about.

    entities  code -> what is known of it
    merged    code of an entity -> the one that it lives on as: it was the same all along
    groups    product set -> how it is called; sets without criteria are left out
    steps     (workflow hash, state) -> (step, tier)
    states    state -> how the law calls it
    reasons   (dossier, number of the event) -> why it was returned
    """

    period: Period
    cases: tuple[Case, ...]
    recognitions: tuple[Recognition, ...]
    entities: Mapping[str, Person] = field(default_factory=dict)
    merged: Mapping[str, str] = field(default_factory=dict)
    groups: Mapping[str, Group] = field(default_factory=dict)
    steps: Mapping[tuple[str, str], tuple[int | None, str | None]] = field(default_factory=dict)
    states: Mapping[str, Text] = field(default_factory=dict)
    reasons: Mapping[tuple[str, int], str] = field(default_factory=dict)

    def owner(self, entity: str) -> str:
        while entity in self.merged:
            entity = self.merged[entity]
        return entity

    def recognised(self) -> list[Recognition]:
        """Those of the period."""
        return [each for each in self.recognitions if self.period.holds(each.issued_on)]

    def holding(self) -> list[Recognition]:
        """The newest recognition of each product, of those in force at the end of the period."""
        return [
            newest for newest in newest_by_product(self.recognitions).values() if newest.holds_on(self.period.until)
        ]


def newest_by_product(recognitions: Iterable[Recognition]) -> dict[str, Recognition]:
    """The recognition by which each product stands: the newest of those not ended, else the newest of all."""
    histories: dict[str, list[Recognition]] = defaultdict(list)
    for each in recognitions:
        histories[each.product].append(each)
    return {
        product: max(history, key=lambda each: (each.ended_on is None, each.issued_on or date.min, each.number))
        for product, history in histories.items()
    }
