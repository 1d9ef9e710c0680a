"""Which action of a dossier's regime a decision carries out: told by the decision's kind, the issuer and the result."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from ocop_flow.domain import requirements
from ocop_flow.domain.guards import failed

if TYPE_CHECKING:
    from ocop_flow.domain.dossier import Dossier
    from ocop_flow.domain.regime import Action, Regime

#: Kind of decision -> the actions that it may carry out.
_WANTED: dict[str, Callable[[Action], bool]] = {
    "recognition": lambda action: action.recognises,
    "not_recognised": lambda action: action.to == "closed.not_recognised",
    "transfer": lambda action: action.kind == "forward" and not action.recognises,
    "revocation": lambda action: action.to == "closed.revoked",
}


def decisions_from(regime: Regime, state: str) -> tuple[Action, ...]:
    """The actions from a state that a numbered decision carries out."""
    return tuple(action for action in regime.actions_from(state) if action.decision)


def kind_of(action: Action) -> str:
    """The kind of decision that an action belongs to."""
    return next((kind for kind, wanted in _WANTED.items() if wanted(action)), "other")


def candidates(regime: Regime, dossier: Dossier, kind: str, tier: str) -> tuple[Action, ...]:
    """The actions that a decision of ``kind``, taken at ``tier``, may mean; those whose guards hold where any does.

    A certificate is revoked by whoever stands in its issuer's place, at another tier where no action is of the own one.
    """
    state = regime.states[dossier.state]
    wanted = [action for action in decisions_from(regime, dossier.state) if _WANTED[kind](action)]
    own = [action for action in wanted if action.tier(state) == tier]
    found = own or [action for action in wanted if action.ends_certificate]
    holding = tuple(action for action in found if holds(dossier, action))
    return holding or tuple(found)


def holds(dossier: Dossier, action: Action) -> bool:
    """Whether the result at hand is one that the action is for."""
    facts = requirements.guard_facts(dossier)
    return all(failed(guard, facts) is None for guard in action.guards)
