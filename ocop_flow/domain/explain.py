"""One state of a regime as an official asks about it: who holds it, what may happen next, what that needs, by when."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ocop_flow.errors import NotFound, reason

if TYPE_CHECKING:
    from ocop_flow.domain.regime import Action, Limit, Regime, State

Json = dict[str, Any]


def explained(regime: Regime, typed: str) -> Json:
    """A state in full; ``typed`` is its identifier, or the end of one that no other shares.

    raises  NotFound, listing the states of the regime
    """
    state = _state(regime, typed)
    limits = [limit for limit in regime.limits.values() if state.id in limit.states]
    actions = regime.actions_from(state.id)
    return {
        "regime": regime.id,
        "decision": regime.decision,
        "state": state.id,
        "label": state.label,
        "phase": state.phase,
        "step": state.step,
        "tier": state.tier,
        "clock": "stopped" if state.clock_stopped else "runs",
        "owners": [] if state.tier is None else _owners(actions, state),
        "limits": [_limit(limit) for limit in limits],
        "actions": [_action(regime, action, state) for action in actions],
    }


def _state(regime: Regime, typed: str) -> State:
    found = [state for state in regime.states.values() if typed in (state.id, state.id.partition(".")[2])]
    if len(found) != 1:
        raise NotFound(reason("state_absent", state=typed, regime=regime.id, known=", ".join(regime.states)))
    return found[0]


def _owners(actions: tuple[Action, ...], state: State) -> list[str]:
    """Roles at the tier that holds the state and may do something in it."""
    held = (role for action in actions for role in action.roles_at(state) if role.tier == state.tier)
    return list(dict.fromkeys(f"{role.role}@{role.tier}" for role in held))


def _limit(limit: Limit) -> Json:
    return {
        "id": limit.id,
        "label": limit.label,
        "count": limit.period.count,
        "unit": limit.period.unit,
        "kinds": list(limit.kinds),
        "source": limit.source,
        "mark": limit.mark,
    }


def _action(regime: Regime, action: Action, state: State) -> Json:
    return {
        "action": action.id,
        "label": action.label,
        "kind": action.kind,
        "to_state": action.to,
        "to_label": regime.states[action.to].label,
        "roles": [f"{role.role}@{role.tier}" for role in action.roles_at(state)],
        "kinds": list(action.kinds),
        "needs": {
            "evidence": [
                {
                    "kind": need.kind,
                    "label": regime.evidence[need.kind].label,
                    "copies": need.copies,
                    "goods_only": need.goods_only,
                    "source": need.source,
                    "mark": need.mark,
                }
                for need in action.evidence
            ],
            "fields": [{"name": need.name, "label": need.label, "required": need.required} for need in action.fields],
            "conditions": [
                {
                    "guard": guard.name,
                    "values": list(guard.argument) if isinstance(guard.argument, tuple) else [guard.argument],
                    "source": guard.source,
                    "mark": guard.mark,
                }
                for guard in action.guards
            ],
            "scores": action.scores,
            "decision": action.decision,
            "reason": action.reason,
            "other_than": list(action.separate_from),
        },
        "source": action.source,
        "mark": action.mark,
    }
