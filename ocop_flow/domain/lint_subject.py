"""What the checks of a regime look at: its document, its values, and what is known beside the file."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import product
from typing import NamedTuple

from ocop_flow.domain.finding import Path
from ocop_flow.domain.regime import Action, Document, Regime, State


class CriteriaSummary(NamedTuple):
    """What the lint must know of a criteria set.

    parts        part -> printed maximum, e.g. ``{"A": 40, "B": 25, "C": 35}``
    sums_ok      whether the scored criteria add up to those
    part_totals  whether the set is marked as incomplete and takes part totals alone
    """

    id: str
    parts: dict[str, int]
    sums_ok: bool
    part_totals: bool


class Case(NamedTuple):
    """One kind of dossier on one track: what applies to the one need not apply to the other."""

    kind: str
    track: str


@dataclass(frozen=True, slots=True)
class Subject:
    """A regime under examination.

    document  passed its schema, references resolved; ``regime`` was built from it
    ladders   ids of the ladders that exist
    criteria  the regime's criteria sets; None where they are not known, as for a file of another author
    """

    document: Document
    regime: Regime
    ladders: Collection[str]
    criteria: Collection[CriteriaSummary] | None

    @property
    def states(self) -> Iterator[tuple[Path, State]]:
        """States with their paths, in the file's order."""
        for index, entry in enumerate(self.document["states"]):
            yield ("states", index), self.regime.states[entry["id"]]

    @property
    def actions(self) -> Iterator[tuple[Path, Action]]:
        """Actions with their paths, in the file's order."""
        for index, entry in enumerate(self.document["actions"]):
            yield ("actions", index), self.regime.actions[entry["id"]]

    @property
    def cases(self) -> Iterator[Case]:
        return (Case(kind, track) for kind, track in product(self.regime.kinds, self.regime.tracks))

    def applicable(self, case: Case) -> list[Action]:
        """Actions open to this kind and track whose states exist."""
        return [
            action
            for action in self.regime.actions.values()
            if (not action.kinds or case.kind in action.kinds)
            and (not action.tracks or case.track in action.tracks)
            and action.to in self.regime.states
        ]
