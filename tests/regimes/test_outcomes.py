"""Every outcome of a sitting leads to one star result and one set of permitted actions (DESIGN section 3)."""

from __future__ import annotations

from fractions import Fraction

import pytest

from ocop_flow import regimes
from ocop_flow.domain import guards
from ocop_flow.domain.criteria import StarCondition
from ocop_flow.domain.guards import GuardFacts
from ocop_flow.domain.rating import MemberScore, result, rules_of
from ocop_flow.errors import Text

SCORED = ("qd_1048_2019", "qd_148_2023", "qd_1489_2025", "qd_26_2026")
#: One minimum for each certifiable star: whether it is met says up to which star the minima are.
MINIMA = tuple(
    StarCondition(f"star_{star}", star, Text(f"{star} sao", f"{star} stars"), None, "781/QĐ-TTg", "two_sources")
    for star in (3, 4, 5)
)
#: Highest star whose minima are met; 2 stands for none.
HIGHEST = (2, 3, 4, 5)


def stars_by_the_table(hundredths: int, highest: int) -> tuple[int, int]:
    """(stars, stars by total) as REGULATIONS section 3 prints them, in hundredths of a point."""
    band = 5 if hundredths >= 9000 else 4 if hundredths >= 7000 else 3 if hundredths >= 5000 else 0
    band = band or (2 if hundredths >= 3000 else 1)
    return (band if band < 3 else min(band, highest)), band


@pytest.mark.parametrize("name", SCORED)
def test_every_total_and_every_reach_of_the_minima_has_one_result_and_one_set_of_actions(name: str) -> None:
    """10,001 totals from 0.00 to 100.00 × the highest star with minima met (none, 3, 4, 5).

    The permitted actions are looked at in every state of a council; within one result they never change.
    """
    regime = regimes.load_regime(name)
    rules = rules_of(regime)
    councils = {
        state: [action for action in regime.actions_from(state) if action.kind == "forward"]
        for state in regime.states
        if state.endswith("_council")
    }
    seen: dict[tuple[str, int, int], frozenset[str]] = {}
    for highest in HIGHEST:
        answers = {each.id: each.star <= highest for each in MINIMA}
        for hundredths in range(10_001):
            total = Fraction(hundredths, 100)
            rated = result(rules, [MemberScore(total)], None, MINIMA, answers)
            assert (rated.stars, rated.stars_by_total) == stars_by_the_table(hundredths, highest)
            facts = GuardFacts(stars=rated.stars, mean_total=total, stars_decided=None)
            for state, actions in councils.items():
                allowed = frozenset(
                    action.id for action in actions if not any(guards.failed(guard, facts) for guard in action.guards)
                )
                assert allowed, (state, hundredths, highest)
                key = (state, rated.stars or 0, rated.stars_by_total)
                assert seen.setdefault(key, allowed) == allowed, (key, hundredths)
    assert len(councils) == (2 if name in ("qd_1489_2025", "qd_26_2026") else 3)
