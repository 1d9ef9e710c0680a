"""What the entity of a dossier is told once, as soon as it happens: a return, and what came of the dossier."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ocop_flow.domain.dossier import Dossier
    from ocop_flow.domain.regime import Regime

#: Acts that are typed from paper so much later are history: telling them as news would mislead.
NEWS = timedelta(days=30)
#: States whose first entry is a result that the entity is told of.
_RESULTS = {
    "closed.not_recognised": "not_recognised",
    "closed.rejected": "rejected",
    "closed.revoked": "revoked",
}


@dataclass(frozen=True, slots=True)
class EntityNotice:
    """``kind`` is returned, recognised, not_recognised, rejected or revoked; ``tier`` that of the unit that tells it.

    seq, on  number and legal day of the event that is told
    """

    kind: str
    seq: int
    on: date
    tier: str | None


def of_dossier(dossier: Dossier, regime: Regime, after: int = 0) -> Iterator[EntityNotice]:
    """Notices of a dossier's history, in order: of all its visits, or of those after the first ``after``."""
    for before, visit in pairwise(dossier.visits[max(after - 1, 0) :]):
        if visit.kind == "return":
            yield EntityNotice("returned", visit.seq, visit.on, _tier(regime, visit.state))
        elif visit.state.startswith("promotion.") and not before.state.startswith("promotion."):
            yield EntityNotice("recognised", visit.seq, visit.on, _tier(regime, visit.state))
        elif visit.state in _RESULTS:
            yield EntityNotice(_RESULTS[visit.state], visit.seq, visit.on, _tier(regime, before.state))


def _tier(regime: Regime, state: str) -> str | None:
    """The tier of a state; None for one of an earlier law, which the dossier is under no longer."""
    found = regime.states.get(state)
    return found.tier if found is not None else None


def is_news(on: date, recorded_on: date) -> bool:
    """Whether what happened on a day is still worth telling when it becomes known."""
    return recorded_on - on <= NEWS
