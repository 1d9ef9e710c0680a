"""How long each office held a dossier: the days between one entry into a state and the next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ocop_flow.domain.dossier import Visit

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Stay:
    """The dossier rested in ``state`` at ``tier`` from ``since`` until ``until`` (None: it is there still).

    tier  None where nobody holds it
    days  calendar days, counted to ``until`` or to the day asked about
    """

    state: str
    tier: str | None
    seq: int
    since: date
    until: date | None
    days: int


def stays(visits: Sequence[Visit], tiers: Mapping[str, str | None], on: date) -> tuple[Stay, ...]:
    """One stay for each entry, in order; entries that lead nowhere else on the same day last 0 days.

    tiers  state -> tier that holds it
    """
    ends = [*(visit.on for visit in visits[1:]), None]
    return tuple(
        Stay(
            visit.state, tiers.get(visit.state), visit.seq, visit.on, end, (max(end or on, visit.on) - visit.on) // _DAY
        )
        for visit, end in zip(visits, ends, strict=True)
    )
