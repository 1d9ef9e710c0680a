"""Signs that sheets were filled in by impression: they only warn, and name where to look.

The thresholds are data of the regime or of the council's own rules (``signs``); none is law.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from statistics import median
from typing import TYPE_CHECKING

from ocop_flow.domain.exact import exact
from ocop_flow.errors import Reason, Text, reason

if TYPE_CHECKING:
    from ocop_flow.domain.criteria import CriteriaSet

_SOURCE = "ocop_flow, council_rules.signs"
#: Fewer members have no middle to stand apart from.
_FEWEST = 3


@dataclass(frozen=True, slots=True)
class Voice:
    """What a member, the entity, a tier or the team gave; ``points`` None where only totals are known."""

    who: str | Text
    total: Fraction
    points: Mapping[str, Fraction] | None = None


def signs(
    limits: Mapping[str, int] | None,
    members: Sequence[Voice],
    others: Sequence[Voice] = (),
    criteria: CriteriaSet | None = None,
) -> tuple[Reason, ...]:
    """Warnings about a set of sheets.

    limits   ``criterion_spread`` in per cent of a criterion's maximum, ``member_apart`` and ``gap`` in points; None: no
             warnings
    members  the sheets of one turn of one sitting
    others   self-score, commune or district, team, councils of other tiers
    """
    if not limits or not members:
        return ()
    return (
        *_wide_criteria(limits["criterion_spread"], members, criteria),
        *_apart(limits["member_apart"], members),
        *_gaps(limits["gap"], members, others),
    )


def _wide_criteria(limit: int, members: Sequence[Voice], criteria: CriteriaSet | None) -> Iterator[Reason]:
    shown = [voice.points for voice in members if voice.points]
    if criteria is None or len(shown) < 2:
        return
    for leaf in criteria.leaves:
        given = [points[leaf.code] for points in shown if leaf.code in points]
        wide = max(given) - min(given) if given else Fraction(0)
        # A criterion of one point is a yes or a no: members may differ on it.
        if leaf.maximum > 1 and wide * 100 > limit * leaf.maximum:
            yield _sign(
                "criterion_spread_wide",
                criterion=leaf.code,
                low=exact(min(given)),
                high=exact(max(given)),
                maximum=leaf.maximum,
            )


def _apart(limit: int, members: Sequence[Voice]) -> Iterator[Reason]:
    if len(members) < _FEWEST:
        return
    middle = median(voice.total for voice in members)
    for voice in members:
        if abs(voice.total - middle) > limit:
            yield _sign("member_apart", person=voice.who, total=exact(voice.total), middle=exact(Fraction(middle)))


def _gaps(limit: int, members: Sequence[Voice], others: Sequence[Voice]) -> Iterator[Reason]:
    mean = sum((voice.total for voice in members), Fraction(0)) / len(members)
    for voice in others:
        if abs(voice.total - mean) > limit:
            yield _sign("scores_apart", who=voice.who, total=exact(voice.total), mean=exact(mean))


def _sign(code: str, **params: str | int | Text) -> Reason:
    return reason(code, source=_SOURCE, mark="derived", **params)
