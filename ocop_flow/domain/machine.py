"""The only importer of ``transitions``: what a state allows, checked once per regime.

The machine is built from checked values alone (no string is ever handed over as a callback), and a table compiled
from it serves every move after that; a property test holds both to the same answers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ocop_flow.domain.regime import Regime

Table = dict[tuple[str, str], str]


def build(regime: Regime) -> Any:
    """The regime's flat ``transitions`` machine, without model, auto transitions or callbacks.

    returns  ``transitions.Machine``; its dotted state names are plain names
    """
    from transitions import Machine

    moves = [
        {"trigger": action.id, "source": list(action.sources), "dest": action.to} for action in regime.actions.values()
    ]
    return Machine(
        model=None,
        states=list(regime.states),
        transitions=moves,
        initial=None,
        auto_transitions=False,
        send_event=True,
    )


def compile_table(machine: Any) -> Table:
    """(state, action) -> next state, read off the built machine."""
    table: Table = {}
    for trigger, event in machine.events.items():
        for source, moves in event.transitions.items():
            for move in moves:
                table[(source, trigger)] = move.dest
    return table


def table_of(regime: Regime) -> Table:
    """The same table straight from the regime: what the hot path uses, so that it need not import ``transitions``."""
    return {(state, action.id): action.to for action in regime.actions.values() for state in action.sources}


def agrees(regime: Regime) -> bool:
    """Whether the machine that ``transitions`` builds allows exactly what the table says."""
    return compile_table(build(regime)) == table_of(regime)


def next_state(table: Mapping[tuple[str, str], str], state: str, action: str) -> str | None:
    """Where ``action`` leads from ``state``; None where the state does not allow it."""
    return table.get((state, action))
