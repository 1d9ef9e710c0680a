"""Knock-outs: what is printed in a criteria set as a ground to reject or stop, whatever the points are."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ocop_flow.domain.rating import Result
from ocop_flow.errors import InputInvalid, Text, reason

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ocop_flow.domain.criteria import CriteriaSet

#: Conditions beside a criterion that end the evaluation.
_ENDING = ("eliminate", "stop")


@dataclass(frozen=True, slots=True)
class KnockOut:
    """``id`` is ``dossier.N`` for a ground against the whole dossier, else the code of the criterion beside it."""

    id: str
    label: Text
    source: str
    mark: str


def known(criteria: CriteriaSet | None) -> tuple[KnockOut, ...]:
    """Every knock-out of a set, in printed order; none where the tree is not known."""
    return tuple(_known(criteria)) if criteria is not None else ()


def _known(criteria: CriteriaSet) -> Iterator[KnockOut]:
    for number, label in enumerate(criteria.knock_outs, start=1):
        yield KnockOut(f"dossier.{number}", label, criteria.source, criteria.mark)
    for leaf in criteria.leaves:
        ending = [condition for condition in leaf.conditions if condition.kind in _ENDING]
        for number, condition in enumerate(ending, start=1):
            name = leaf.code if len(ending) == 1 else f"{leaf.code}:{number}"
            yield KnockOut(name, condition.label, criteria.source, criteria.mark)


def chosen(criteria: CriteriaSet | None, typed: Iterable[str]) -> tuple[KnockOut, ...]:
    """The knock-outs that were found; raises InputInvalid naming each that the set does not print."""
    printed = {each.id: each for each in known(criteria)}
    asked = list(dict.fromkeys(typed))
    choices = ", ".join(printed) or "-"
    wrong = [reason("knock_out_unknown", name=name, choices=choices) for name in asked if name not in printed]
    if wrong:
        raise InputInvalid(*wrong)
    return tuple(printed[name] for name in asked)


def applied(result: Result, found: Iterable[KnockOut]) -> Result:
    """The result with the knock-outs found: no star at all where the text is certain, a warning where it is not."""
    reasons = tuple(
        reason("knocked_out", source=each.source, mark=each.mark, name=each.id, label=each.label) for each in found
    )
    if not any(each.binding for each in reasons):
        return replace(result, reasons=(*result.reasons, *reasons))
    return replace(result, stars=None, recognised_by=None, reasons=(*reasons, *result.reasons))
