"""What the entity of a dossier is told once, as soon as it happens: a return, and what came of the dossier."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ocop_flow.domain.dossier import Dossier, Visit
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
    over_on  the day from which it is true no more, as a return when the dossier has moved on; None while it is
    """

    kind: str
    seq: int
    on: date
    tier: str | None
    over_on: date | None = None


def of_dossier(dossier: Dossier, regime: Regime, after: int = 0) -> list[EntityNotice]:
    """Notices of a dossier's history, in order: of all its visits, or of those after the first ``after``."""
    visits, found = dossier.visits, list[EntityNotice]()
    for place in range(max(after, 1), len(visits)):
        before, visit = visits[place - 1], visits[place]
        kind = _told(before.state, visit)
        if kind is not None:
            state = visit.state if visit.state not in _RESULTS else before.state
            over_on = _over_on(kind, visits[place + 1 :])
            found.append(EntityNotice(kind, visit.seq, visit.on, _tier(regime, state), over_on))
    return found


def settled(dossier: Dossier) -> int:
    """How many visits, counted from the first, have told what no later move changes."""
    last = dossier.visits[-1]
    if _recognised(last.state):
        return 0
    return len(dossier.visits) - int(last.kind == "return" or last.state in _RESULTS)


def _told(before: str, visit: Visit) -> str | None:
    """What the entity is told of a move; None of most."""
    if visit.kind == "return":
        return "returned"
    if _recognised(visit.state) and not _recognised(before):
        return "recognised"
    return _RESULTS.get(visit.state)


def _over_on(kind: str, later: Sequence[Visit]) -> date | None:
    """A recognition holds while the dossier is in promotion, anything else until the next move."""
    moves = (visit.on for visit in later if kind != "recognised" or not _recognised(visit.state))
    return next(moves, None)


def _recognised(state: str) -> bool:
    return state.startswith("promotion.")


def _tier(regime: Regime, state: str) -> str | None:
    """The tier of a state; None for one of an earlier law, which the dossier is under no longer."""
    found = regime.states.get(state)
    return found.tier if found is not None else None


def is_news(on: date, recorded_on: date) -> bool:
    """Whether what happened on a day is still worth telling when it becomes known."""
    return recorded_on - on <= NEWS
