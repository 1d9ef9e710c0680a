"""The steps of a history held against the workflow's Petri net by PM4Py, a program that knows nothing of ours.

PM4Py replays each history as tokens over a net with one place per state and one transition per (state, action); a
trace that fits the net is one whose every step the law knows. Our conformance must say the same of every history,
honest or with steps dropped, swapped or renamed.
"""

from __future__ import annotations

import dataclasses
import random
import warnings
from datetime import UTC
from typing import TYPE_CHECKING, Any

import pytest

from ocop_flow import bootstrap, config
from ocop_flow.domain.dossier_fold import ENGINE_ACTIONS
from ocop_flow.domain.point import standing
from ocop_flow.service import conformance
from tests.cli.conftest import copied
from tests.cli.office import Office
from tests.cli.test_walks import COMMUNE, DAYS

if TYPE_CHECKING:
    from pathlib import Path

    from ocop_flow.domain.event import Event
    from ocop_flow.domain.situation import Law

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # what PM4Py and its libraries warn of at import is not ours to mend
    import pandas
    from pm4py.algo.conformance.tokenreplay import algorithm as token_replay
    from pm4py.objects.conversion.log import converter
    from pm4py.objects.petri_net.obj import Marking, PetriNet
    from pm4py.objects.petri_net.utils import petri_utils

#: Rules of our conformance that speak of the order of steps; all others speak of who, when and with what.
OF_ORDER = {"step_not_in_law", "step_ends_elsewhere"}
MUTATIONS = 12


def net_of(law: Law, start: str) -> tuple[Any, Any, dict[str, Any]]:
    """A state machine net: one token walks from state to state."""
    net = PetriNet(law.regime.id)
    places = {state: PetriNet.Place(state) for state in law.regime.states}
    net.places.update(places.values())
    for (state, action), after in law.table.items():
        step = PetriNet.Transition(f"{state} {action}", f"{action} {after}")
        net.transitions.add(step)
        petri_utils.add_arc_from_to(places[state], step, net)
        petri_utils.add_arc_from_to(step, places[after], net)
    return net, Marking({places[start]: 1}), places


def fits(law: Law, history: list[Event]) -> bool:
    """PM4Py's verdict on the moves of a history, each named by its action and the state it says it led to."""
    moves = [event for event in standing(history) if event.action not in ENGINE_ACTIONS]
    start = history[0].to_state or ""
    net, begin, places = net_of(law, start)
    end = Marking({places[(moves[-1] if moves else history[0]).to_state or ""]: 1})
    frame = pandas.DataFrame(
        {
            "case:concept:name": [event.subject for event in moves],
            "concept:name": [f"{event.action} {event.to_state}" for event in moves],
            "time:timestamp": [event.recorded_at.astimezone(UTC) for event in moves],
        }
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # deprecations inside PM4Py
        log = converter.apply(frame, variant=converter.Variants.TO_EVENT_LOG)
        parameters = {"show_progress_bar": False}
        [verdict] = token_replay.apply(log, net, begin, end, parameters=parameters)
    return bool(verdict["trace_is_fit"])


def mutated(history: list[Event], dice: random.Random) -> list[Event]:
    """One move dropped, doubled, swapped with its neighbour, or sent to another state; the rest as it was."""
    moves = [place for place, event in enumerate(history) if event.action not in ENGINE_ACTIONS]
    place = dice.choice(moves[:-1])
    kind = dice.choice(("drop", "double", "swap", "send"))
    other = list(history)
    if kind == "drop":
        del other[place]
    elif kind == "double":
        other.insert(place, history[place])
    elif kind == "swap":
        later = moves[moves.index(place) + 1]
        other[place], other[later] = other[later], other[place]
    else:
        states = sorted({event.to_state or "" for event in history} - {history[place].to_state})
        other[place] = dataclasses.replace(history[place], to_state=dice.choice(states))
    return _joined(other)


def _joined(history: list[Event]) -> list[Event]:
    """Each event said to start where the one before ended, as a careful forger would write it."""
    joined = [history[0]]
    for event in history[1:]:
        before = joined[-1].to_state
        stays = event.action in ENGINE_ACTIONS
        joined.append(dataclasses.replace(event, from_state=before, to_state=before if stays else event.to_state))
    return joined


@pytest.mark.parametrize("regime", [name for name in DAYS if name != "provincial_provisional"])
def test_token_replay_and_conformance_agree_on_every_history(
    sandbox_database: Path, tmp_path: Path, regime: str
) -> None:
    """Whatever is done to the order of steps, both say the same (cross-check with an independent program)."""
    office = Office(copied(sandbox_database, tmp_path), DAYS[regime])
    dossier = office.open(COMMUNE, "Sản phẩm đối chiếu")
    office.walk(dossier, "promotion")
    wired = bootstrap.open_office(config.read(str(office.db), "en", None))
    dice = random.Random(regime)
    with wired.reader() as uow:
        history = uow.events("dossier", dossier)
        law = uow.law(history[-1].workflow_hash or "")
        histories = [history, *(mutated(history, dice) for _ in range(MUTATIONS))]
        verdicts = []
        for each in histories:
            ours = {item.because.code for item in conformance.of_dossier(uow, wired, each)} & OF_ORDER
            verdicts.append((not ours, fits(law, each)))
    assert verdicts[0] == (True, True)
    assert [one for one, _ in verdicts] == [other for _, other in verdicts]
    assert (False, False) in verdicts
