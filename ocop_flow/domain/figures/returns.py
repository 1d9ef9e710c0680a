"""Dossiers returned for supplement in a period: from which step, and why, in the words of those who returned them."""

from __future__ import annotations

from collections import Counter, defaultdict

from ocop_flow.domain.figures.facts import Facts
from ocop_flow.domain.figures.sheet import Row, Sheet, share
from ocop_flow.domain.names import fold


def by_cause(facts: Facts) -> Sheet:
    """Equal words, whatever their capitals and spaces, are one cause; the first way of writing them is shown."""
    counted: Counter[str] = Counter()
    shown: dict[str, str | None] = {}
    dossiers: dict[str, set[str]] = defaultdict(set)
    for code, _, cause in _returns(facts):
        key = " ".join(fold(cause or "").split())
        counted[key] += 1
        shown.setdefault(key, cause)
        dossiers[key].add(code)
    rows: tuple[Row, ...] = tuple(
        {
            "cause": shown[key],
            "returns": number,
            "dossiers": len(dossiers[key]),
            "share": share(number, counted.total()),
        }
        for key, number in sorted(counted.items(), key=lambda item: (-item[1], item[0]))
    )
    every = {code for codes in dossiers.values() for code in codes}
    total: Row = {
        "cause": None,
        "returns": counted.total(),
        "dossiers": len(every),
        "share": share(counted.total(), counted.total()),
    }
    return Sheet("returns_by_cause", ("cause", "returns", "dossiers", "share"), rows, total)


def by_state(facts: Facts) -> Sheet:
    """From which state they were sent back."""
    counted = Counter(state for _, state, _ in _returns(facts))
    rows = tuple(
        {"state": state, "name": facts.states.get(state), "returns": number, "share": share(number, counted.total())}
        for state, number in sorted(counted.items(), key=lambda item: (-item[1], item[0]))
    )
    return Sheet("returns_by_state", ("state", "name", "returns", "share"), rows)


def _returns(facts: Facts) -> list[tuple[str, str, str | None]]:
    """(dossier, state it came from, reason given) of each return of the period."""
    found = []
    for case in facts.cases:
        before = ""
        for visit in case.dossier.visits:
            if visit.kind == "return" and facts.period.holds(visit.on):
                cause = facts.reasons.get((case.dossier.code, visit.seq))
                found.append((case.dossier.code, before, cause))
            before = visit.state
    return found
