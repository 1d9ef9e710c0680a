"""What a change of the law means for one dossier: the rules of the new regime for those of the one before it.

The rules are data of the new regime (``takes_over``); the first that fits answers. Where none fits, or no rule speaks
of the earlier regime at all, a person decides: a dossier always has exactly one answer.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from ocop_flow.errors import BINDING_MARKS, Reason, reason

if TYPE_CHECKING:
    from ocop_flow.domain.dossier import Dossier
    from ocop_flow.domain.regime import Regime, TakeOverRule

STAYS, MOVES, PERSON_DECIDES = ANSWERS = ("stays", "moves", "person_decides")


@dataclass(frozen=True, slots=True)
class Answer:
    """What becomes of a dossier.

    answer    one of ANSWERS
    to_state  where it goes on in the new regime; None unless it moves
    rule      the rule that answers, None where none fits
    last_day  last day on which the rule's own answer holds, None if it holds for good
    """

    answer: str
    to_state: str | None
    rule: TakeOverRule | None
    last_day: date | None

    @property
    def warning(self) -> Reason | None:
        """That the answer rests on no settled law; None where it does."""
        if self.rule is None or self.rule.mark in BINDING_MARKS:
            return None
        return reason("transition_open", source=self.rule.source, mark=self.rule.mark, rule=self.rule.label)


def answer_for(dossier: Dossier, new: Regime, on: date) -> Answer:
    """The answer of ``new`` for an open dossier of another regime, asked on a day."""
    rules = new.takes_over.get(dossier.regime, ())
    rule = next((each for each in rules if fits(each, dossier)), None)
    if rule is None:
        return Answer(PERSON_DECIDES, None, None, None)
    last = rule.within.last_day if rule.within else None
    answer = rule.within.after if rule.within and last is not None and on > last else rule.answer
    to_state = (rule.to or dossier.state) if answer == MOVES else None
    return Answer(answer, to_state, rule, last)


def fits(rule: TakeOverRule, dossier: Dossier) -> bool:
    """Whether a rule speaks of a dossier."""
    if not speaks_of(rule, dossier.state) or (rule.kinds and dossier.kind not in rule.kinds):
        return False
    filed = dossier.filed_on
    if rule.filed is not None and rule.filed != (filed is not None):
        return False
    return rule.filed_before is None or (filed is not None and filed < rule.filed_before)


def speaks_of(rule: TakeOverRule, state: str) -> bool:
    """Whether a rule is for dossiers in a state of the earlier regime."""
    return not rule.states or state in rule.states or state.partition(".")[0] in rule.states


def for_all_in(rule: TakeOverRule, state: str) -> bool:
    """Whether every dossier in a state fits the rule, whatever its kind and filing."""
    return speaks_of(rule, state) and not rule.kinds and rule.filed is None and rule.filed_before is None
