"""Every result of a council leads to exactly one set of permitted actions: none is forgotten, none contradicts another.

Looked at are the states where a decision is taken: those of ``rating``, and any whose actions are guarded. For each
possible result (mean and stars) the guards are asked which actions they let through. A set is faulty if it is empty, or
if two guarded actions are in it: then the law would want two things of one result. Unguarded ones, such as to have the
province rate again, may stand beside a guarded one: they are a choice. Returns, withdrawal and what the system does
settle no result and do not count.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from ocop_flow.domain.finding import Finding, finding
from ocop_flow.domain.guards import PREDICATES, GuardFacts, failed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ocop_flow.domain.finding import Path
    from ocop_flow.domain.lint_subject import Case, Subject
    from ocop_flow.domain.regime import Action, Guard, Regime, State

SETTLING = frozenset({"forward", "reject", "correct"})
#: Stars that a certificate may carry.
CERTIFIED = (3, 4, 5)
#: Most outcomes named in one finding.
SHOWN = 6


class Outcome(NamedTuple):
    """A council's result: exact mean of the totals, and stars (None: no recognition at all)."""

    mean: Fraction
    stars: int | None

    def __str__(self) -> str:
        return f"{'-' if self.stars is None else self.stars} ({self.mean.numerator / self.mean.denominator:g})"


def guards_make_sense(subject: Subject) -> Iterator[Finding]:
    """Arguments lie within the scale (1 to 5 stars, 0 to 100 points), the lower before the higher."""
    for path, action in subject.actions:
        for index, guard in enumerate(action.guards):
            low, high = guard.argument if isinstance(guard.argument, tuple) else (guard.argument, guard.argument)
            least, most = (0, 100) if guard.name.startswith("mean_") else (1, 5)
            if not least <= low <= high <= most:
                yield finding((*path, "guards", index), "lint_guard_range", guard=guard.name, least=least, most=most)
            if guard.name != "decided_stars_between" and not subject.regime.rating.scored:
                yield finding((*path, "guards", index), "lint_guard_without_scores", guard=guard.name)


def outcomes_lead_somewhere(subject: Subject) -> Iterator[Finding]:
    """Each decision state, for each kind and track, over all outcomes."""
    if not subject.regime.rating.scored or not subject.regime.rating.bands:
        return
    outcomes = list(_outcomes(subject.regime))
    for path, state in subject.states:
        seen: set[tuple[str, ...]] = set()
        for case in subject.cases:
            actions = _settling(subject, state, case)
            names = tuple(action.id for action in actions)
            if names in seen or not _decides(state, actions):
                continue
            seen.add(names)
            yield from _outcome_faults(path, state, actions, outcomes)


def _settling(subject: Subject, state: State, case: Case) -> list[Action]:
    return [a for a in subject.applicable(case) if state.id in a.sources and a.kind in SETTLING]


def _decides(state: State, actions: list[Action]) -> bool:
    if state.closed or state.phase == "promotion":
        return False
    return state.phase == "rating" or any(_result_guards(action) for action in actions)


def _result_guards(action: Action) -> list[Guard]:
    """Guards that ask about the council's result, not about an earlier decision."""
    return [guard for guard in action.guards if guard.name != "decided_stars_between"]


def _outcomes(regime: Regime) -> Iterator[Outcome]:
    """Means at and just below every edge that a band or guard names, each with every star it may come down to."""
    edges = {Fraction(0), Fraction(100), *(Fraction(band.from_points) for band in regime.rating.bands)}
    for action in regime.actions.values():
        for guard in action.guards:
            if guard.name.startswith("mean_") and isinstance(guard.argument, int):
                edges.add(Fraction(guard.argument))
    means = sorted({mean for edge in edges for mean in (edge, edge - Fraction(1, 2)) if 0 <= mean <= 100})
    for mean in means:
        top = max((band.stars for band in regime.rating.bands if band.from_points <= mean), default=0)
        yield Outcome(mean, None)
        for stars in range(1, top + 1):
            yield Outcome(mean, stars)


def _outcome_faults(path: Path, state: State, actions: list[Action], outcomes: list[Outcome]) -> Iterator[Finding]:
    missing: list[Outcome] = []
    doubled: dict[str, list[Outcome]] = {}
    for outcome in outcomes:
        permitted = [action for action in actions if _permits(action, outcome)]
        guarded = [action.id for action in permitted if _result_guards(action)]
        if not permitted:
            missing.append(outcome)
        elif len(guarded) > 1:
            doubled.setdefault(", ".join(guarded), []).append(outcome)
    if missing:
        yield finding((*path, "id"), "lint_outcome_without_action", state=state.id, outcomes=_shown(missing))
    for names, found in doubled.items():
        yield finding(
            (*path, "id"), "lint_outcome_with_two_actions", state=state.id, outcomes=_shown(found), actions=names
        )


def _permits(action: Action, outcome: Outcome) -> bool:
    facts = GuardFacts(stars=outcome.stars, mean_total=outcome.mean, stars_decided=None)
    return all(failed(guard, facts) is None for guard in _result_guards(action) if guard.name in PREDICATES)


def _shown(outcomes: list[Outcome]) -> str:
    more = "" if len(outcomes) <= SHOWN else f", … (+{len(outcomes) - SHOWN})"
    return ", ".join(map(str, outcomes[:SHOWN])) + more


def certificates_can_be_revoked(subject: Subject) -> Iterator[Finding]:
    """Where revoking depends on the decided stars, every star that a certificate carries is covered."""
    for path, state in subject.states:
        if state.phase != "promotion":
            continue
        for case in subject.cases:
            guarded = [action for action in _settling(subject, state, case) if action.guards]
            missing = [stars for stars in CERTIFIED if not any(_revokes(action, stars) for action in guarded)]
            if guarded and missing:
                stars = ", ".join(map(str, missing))
                yield finding((*path, "id"), "lint_stars_not_revocable", state=state.id, stars=stars)
                break


def _revokes(action: Action, stars: int) -> bool:
    facts = GuardFacts(stars=stars, mean_total=None, stars_decided=stars)
    return all(failed(guard, facts) is None for guard in action.guards)


def causes_are_the_grounds(subject: Subject) -> Iterator[Finding]:
    """The choices of ``cause`` in what revokes a certificate are the grounds that the file lists."""
    rules = subject.regime.revocation
    if rules is None:
        return
    known = [cause.id for cause in rules.causes]
    for path, action in subject.actions:
        if action.to != "closed.revoked":
            continue
        for index, need in enumerate(action.fields):
            if need.name == "cause" and list(need.choices) != known:
                choices, grounds = ", ".join(need.choices), ", ".join(known)
                yield finding((*path, "fields", index), "lint_causes_differ", choices=choices, causes=grounds)
