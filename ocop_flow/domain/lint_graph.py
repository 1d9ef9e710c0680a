"""Ways through a regime: every state is reached and left for an end, phases keep their order, returns come back."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from ocop_flow.domain.finding import Finding, finding
from ocop_flow.domain.regime import PHASES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from ocop_flow.domain.finding import Path
    from ocop_flow.domain.lint_subject import Case, Subject
    from ocop_flow.domain.regime import Action, State

Graph = dict[str, set[str]]


def states_are_reached(subject: Subject) -> Iterator[Finding]:
    """Every state can be reached from the start of a track."""
    reached: set[str] = set()
    for case in subject.cases:
        reached |= _reachable(_graph(subject.applicable(case)), [subject.regime.tracks[case.track]])
    for path, state in subject.states:
        if state.id not in reached:
            yield finding((*path, "id"), "lint_state_unreachable", state=state.id)


def states_can_be_left(subject: Subject) -> Iterator[Finding]:
    """From every state an end can be reached, for every kind and track, otherwise than by the entity's withdrawal.

    Withdrawal leaves almost every state, so counting it would hide each trap. What leads only into a trap is not
    reported again: the trap itself is.
    """
    stuck: set[frozenset[str]] = set()
    for case in subject.cases:
        stuck |= set(_traps(subject, case))
    paths = {state.id: path for path, state in subject.states}
    for trap in sorted(stuck, key=sorted):
        states = ", ".join(sorted(trap))
        code = "lint_cycle_without_exit" if len(trap) > 1 else "lint_state_without_exit"
        yield finding(min(paths[state] for state in trap), code, states=states)


def _traps(subject: Subject, case: Case) -> Iterator[frozenset[str]]:
    """Sets of states that lead only to one another, among those that the case can come to."""
    actions = subject.applicable(case)
    graph = _graph([action for action in actions if action.kind != "withdraw"])
    ends = [state.id for state in subject.regime.states.values() if state.closed]
    backward: Graph = defaultdict(set)
    for source, targets in graph.items():
        for target in targets:
            backward[target].add(source)
    reached = _reachable(_graph(actions), [subject.regime.tracks[case.track]])
    lost = (reached & set(subject.regime.states)) - _reachable(backward, ends)
    for state in lost:
        ahead = _reachable(graph, [state])
        if all(state in _reachable(graph, [other]) for other in ahead):
            yield frozenset(ahead)


def recognition_is_reached(subject: Subject) -> Iterator[Finding]:
    """Each kind and track can come to ``promotion``, and what is recognised comes to a close again."""
    for case in subject.cases:
        graph = _graph(subject.applicable(case))
        reached = _reachable(graph, [subject.regime.tracks[case.track]])
        if not any(state.startswith("promotion.") for state in reached):
            yield finding(("tracks", case.track), "lint_recognition_unreachable", track=case.track, kind=case.kind)


def _graph(actions: Iterable[Action]) -> Graph:
    graph: Graph = defaultdict(set)
    for action in actions:
        for source in action.sources:
            graph[source].add(action.to)
    return graph


def _reachable(graph: Mapping[str, set[str]], starts: Iterable[str]) -> set[str]:
    """``starts`` and everything that can be reached from them."""
    reached: set[str] = set()
    waiting = list(starts)
    while waiting:
        state = waiting.pop()
        if state not in reached:
            reached.add(state)
            waiting.extend(graph.get(state, ()))
    return reached


def phases_keep_their_order(subject: Subject) -> Iterator[Finding]:
    """A forward action never leads to an earlier phase, except from one tier's decision to another's evaluation.

    What turns back is a ``return`` or a ``correct``; what ends is a ``reject``, ``withdraw`` or ``system`` action.
    """
    states = subject.regime.states
    for path, action in subject.actions:
        target = states.get(action.to)
        if target is None:
            continue
        if action.kind in ("reject", "withdraw", "system") and not target.closed:
            yield finding((*path, "to"), "lint_end_expected", action=action.id, kind=action.kind, to=target.id)
        if action.kind == "withdraw" and target.closed and target.id != "closed.withdrawn":
            yield finding((*path, "to"), "lint_withdrawn_expected", action=action.id, to=target.id)
        for source in (states[source] for source in action.sources):
            if source.closed:
                yield finding((*path, "from"), "lint_leaves_final_state", action=action.id, state=source.id)
            elif action.kind == "forward" and _goes_back(source, target):
                yield finding((*path, "to"), "lint_forward_goes_back", action=action.id, state=source.id, to=target.id)


def _goes_back(source: State, target: State) -> bool:
    if PHASES.index(target.phase) >= PHASES.index(source.phase):
        return False
    return not (source.phase == "rating" and target.phase == "evaluation" and source.tier != target.tier)


def recognition_is_decided(subject: Subject) -> Iterator[Finding]:
    """Only an action that ``recognises`` leads into ``promotion``, and it is a numbered decision."""
    for path, action in subject.actions:
        promotes = action.to.startswith("promotion.")
        if promotes != action.recognises:
            yield finding(path, "lint_recognises", action=action.id)
        elif action.recognises and not action.decision:
            yield finding(path, "lint_recognises_without_decision", action=action.id)


def filing_is_one_action(subject: Subject) -> Iterator[Finding]:
    """Exactly one action files a dossier, and there is no other way from ``proposal`` into ``registration``."""
    filing = [(path, action) for path, action in subject.actions if action.files]
    if len(filing) != 1:
        yield finding(("actions",), "lint_filing_not_one", count=len(filing))
    for path, action in filing:
        sources_wrong = any(not source.startswith("proposal.") for source in action.sources)
        if action.kind != "forward" or sources_wrong or not action.to.startswith("registration."):
            yield finding((*path, "files"), "lint_filing_place", action=action.id)
    for path, action in subject.actions:
        from_proposal = any(source.startswith("proposal.") for source in action.sources)
        if from_proposal and not action.files and not action.to.startswith(("proposal.", "closed.")):
            yield finding((*path, "to"), "lint_filing_bypassed", action=action.id)
    yield from _tracks(subject, {action.to for _, action in filing})


def _tracks(subject: Subject, filed: set[str]) -> Iterator[Finding]:
    """A new product starts with its idea; an existing one where the filing leads, for opening it is the filing."""
    for track, start in subject.regime.tracks.items():
        right = start.startswith("proposal.") if track == "new_product" else not filed or start in filed
        if not right:
            wanted = "proposal.idea" if track == "new_product" else ", ".join(sorted(filed))
            yield finding(("tracks", track), "lint_track_start", track=track, state=start, wanted=wanted)


def returns_come_back(subject: Subject) -> Iterator[Finding]:
    """A return for supplement stops the clock and comes back to the tier that asked for it.

    Within ``proposal`` a return may also lead to an earlier step for rework.
    """
    states = subject.regime.states
    for path, action in subject.actions:
        target = states.get(action.to)
        if target is None:
            continue
        if action.kind == "return":
            yield from _return_faults(action, target, states, path)
        elif target.clock_stopped:
            yield finding((*path, "to"), "lint_stopped_entered", action=action.id, state=target.id)
    for path, state in subject.states:
        if state.clock_stopped:
            yield from _coming_back_faults(subject, state, path)


def _return_faults(action: Action, target: State, states: Mapping[str, State], path: Path) -> Iterator[Finding]:
    for source in (states[source] for source in action.sources):
        if source.phase == target.phase == "proposal":
            continue
        if not target.clock_stopped:
            yield finding((*path, "to"), "lint_return_keeps_clock", action=action.id, state=target.id)
            return
        if source.tier != target.tier:
            yield finding(
                (*path, "to"),
                "lint_return_other_tier",
                action=action.id,
                state=target.id,
                tier=target.tier,
                wanted=source.tier,
            )


def _coming_back_faults(subject: Subject, state: State, path: Path) -> Iterator[Finding]:
    ways = [action for action in subject.regime.actions_from(state.id) if action.kind == "forward"]
    if not ways:
        yield finding(path, "lint_stopped_without_way_back", state=state.id)
    paths = {action.id: path for path, action in subject.actions}
    for action in ways:
        target = subject.regime.states.get(action.to)
        if target is not None and target.tier != state.tier:
            yield finding(
                (*paths[action.id], "to"),
                "lint_return_other_tier",
                action=action.id,
                state=target.id,
                tier=target.tier,
                wanted=state.tier,
            )
