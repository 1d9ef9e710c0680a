"""Regimes side by side: one in force on each day, and a dossier on its way can pass from the old one into the new."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

from ocop_flow.domain.finding import Finding, finding
from ocop_flow.domain.transition import for_all_in, speaks_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ocop_flow.domain.finding import Path
    from ocop_flow.domain.regime import Regime, TakeOverRule


def validity_is_sane(regime: Regime) -> Iterator[Finding]:
    """A regime ends after it began, its overlap later still; only one that ends has rules for unfinished dossiers."""
    first, last = regime.effective_from, regime.effective_to
    if first and last and last < first:
        yield finding(("effective_to",), "lint_ends_before_start", first=str(first), last=str(last))
    if regime.overlap_until is not None and (last is None or regime.overlap_until <= last):
        yield finding(
            ("overlap", "until"), "lint_overlap_before_end", until=str(regime.overlap_until), last=str(last or "-")
        )
    if regime.transition is None:
        return
    if last is None:
        yield finding(("transition",), "lint_transition_without_end")
    kinds = [kind for limit in regime.transition.limits for kind in limit.kinds]
    for kind in regime.kinds:
        if kinds.count(kind) != 1:
            yield finding(("transition", "limits"), "lint_transition_kind", kind=kind, count=kinds.count(kind))
    for index, limit in enumerate(regime.transition.limits):
        if last is not None and limit.from_day <= last and regime.overlap_until is None:
            path = ("transition", "limits", index, "from")
            yield finding(path, "lint_transition_too_early", start=str(limit.from_day), last=str(last))


def window_is_sane(regime: Regime) -> Iterator[Finding]:
    """The re-rating window opens before it shuts; both are days before the certificate ends."""
    window = regime.re_rating_window
    if window is not None and window.earliest_days <= window.latest_days:
        earliest, latest = window.earliest_days, window.latest_days
        yield finding(("re_rating_window",), "lint_window_order", earliest=earliest, latest=latest)


def in_order(regimes: Sequence[Regime]) -> list[Regime]:
    """By the day they begin; one without a first day before all others."""
    return sorted(regimes, key=lambda regime: (regime.effective_from or date.min, regime.id))


def lint_family(regimes: Sequence[Regime]) -> list[tuple[str, Finding]]:
    """Faults between regimes, each with the id of the regime whose file should be mended."""
    ordered = in_order(regimes)
    return [*_ids(ordered), *_days(ordered), *_filing(ordered), *_taking_over(ordered)]


def _taking_over(regimes: Sequence[Regime]) -> Iterator[tuple[str, Finding]]:
    """Rules for dossiers of an earlier regime name its states, and lead to states of their own."""
    for position, later in enumerate(regimes):
        earlier = {regime.id: regime for regime in regimes[:position]}
        for index, (source, rules) in enumerate(later.takes_over.items()):
            path: Path = ("takes_over", index)
            if source not in earlier:
                known = ", ".join(earlier) or "-"
                yield later.id, finding((*path, "from"), "lint_regime_unknown", name=source, known=known)
                continue
            for at, rule in enumerate(rules):
                for found in _rule_faults(rule, rules[:at], earlier[source], later, (*path, "rules", at)):
                    yield later.id, found


def _rule_faults(
    rule: TakeOverRule, first: Sequence[TakeOverRule], earlier: Regime, later: Regime, path: Path
) -> Iterator[Finding]:
    """``first``: the rules asked before this one; a state that one of them settles for all never comes to it."""
    names = {*earlier.states, *(state.phase for state in earlier.states.values())}
    for at, name in enumerate(rule.states):
        if name not in names:
            known = ", ".join(earlier.states)
            yield finding((*path, "states", at), "lint_state_unknown", name=name, known=known)
    may_move = "moves" in (rule.answer, rule.within.after if rule.within else "")
    if may_move and rule.to is None:
        for state in earlier.states.values():
            settled = state.closed or any(for_all_in(each, state.id) for each in first)
            if not settled and speaks_of(rule, state.id) and state.id not in later.states:
                yield finding(path, "lint_take_over_state", state=state.id, rule=rule.id)


def _ids(regimes: Sequence[Regime]) -> Iterator[tuple[str, Finding]]:
    ids = [regime.id for regime in regimes]
    for id_ in sorted({id_ for id_ in ids if ids.count(id_) > 1}):
        yield id_, finding(("id",), "lint_name_twice", name=id_)


def _days(regimes: Sequence[Regime]) -> Iterator[tuple[str, Finding]]:
    """Each regime ends on the eve of the next, so that every day has one answer."""
    for earlier, later in pairwise(regimes):
        if later.effective_from is None:
            yield later.id, finding(("effective_from",), "lint_family_start", regime=earlier.id)
            continue
        eve = later.effective_from - timedelta(days=1)
        if earlier.effective_to != eve:
            last = str(earlier.effective_to or "-")
            yield (
                earlier.id,
                finding(("effective_to",), "lint_family_days", last=last, next=later.id, wanted=str(eve)),
            )


def _filing(regimes: Sequence[Regime]) -> Iterator[tuple[str, Finding]]:
    """A dossier opened under an older regime is filed under the one in force: it needs the same states there."""
    for index, earlier in enumerate(regimes):
        action = earlier.filing_action
        if action is None:
            continue
        for later in regimes[index + 1 :]:
            for state in (*action.sources, action.to):
                if state not in later.states:
                    yield later.id, finding(("states",), "lint_family_filing", state=state, regime=earlier.id)
