"""What a sitting found: the result of its sheets under the rules of its council, as it stands in the record."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ocop_flow.domain import council_rules, knockout, rating, scoring
from ocop_flow.domain.exact import exact

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from ocop_flow.domain.council import Council, Sitting
    from ocop_flow.domain.criteria import CriteriaSet, StarCondition
    from ocop_flow.domain.dossier import Dossier
    from ocop_flow.domain.regime import Regime
    from ocop_flow.errors import Reason

Json = dict[str, Any]


def computed(
    found: Council,
    sitting: Sitting,
    dossier: Dossier,
    regime: Regime,
    tree: CriteriaSet | None,
    asked: Sequence[StarCondition],
    answers: Mapping[str, bool],
    knock_outs: Iterable[str],
) -> tuple[rating.Result, Json]:
    """The result, and what of it goes into the event; raises InputInvalid as ``rating.result`` and ``knockout.chosen``.

    tree, asked  criteria and named minima of the product set on the day of the sitting
    answers      condition id -> met
    """
    sheets = scoring.counted(found, dossier, sitting)
    minima_by = council_rules.rule(found, regime, "minima_by").value
    rules = replace(rating.rules_of(regime), minima_by=minima_by)
    scores = [scoring.member_score(regime, each) for each in sheets]
    stops = knockout.chosen(tree, knock_outs)
    result = knockout.applied(rating.result(rules, scores, tree, asked, answers), stops)
    wanted = council_rules.rule(found, regime, "quorum").value
    return result, {
        "sitting": sitting.code,
        "tier": found.unit.tier,
        "turn": sitting.turn(dossier.code),
        "manner": sitting.manner,
        "mean_total": exact(result.mean_total),
        "parts": [exact(value) for value in (result.parts or {}).values()],
        "stars": result.stars,
        "stars_by_total": result.stars_by_total,
        "minima": [{**minimum_json(item), "met": item.met} for item in result.minima],
        "minima_by": minima_by,
        "knock_outs": [{"id": each.id, "vi": each.label.vi, "en": each.label.en} for each in stops],
        "spread": exact(result.spread),
        "members": [each.member for each in sheets],
        "conditions": {name: ("met" if met else "missed") for name, met in answers.items()},
        "quorum": council_rules.quorum(found, sitting, wanted),
        "round_ended": council_rules.rule(found, regime, "round_ended").value,
    }


def minimum_json(item: rating.Minimum) -> Json:
    return {"criterion": item.criterion, "star": item.star, "needed": item.needed, "reached": item.reached}


def about_rules(
    found: Council, sitting: Sitting, dossier: Dossier, regime: Regime, result: rating.Result
) -> tuple[Reason, ...]:
    """Everything in which a sitting misses its rules, binding or not."""
    return (
        *council_rules.attendance(found, sitting, regime),
        *council_rules.manner(found, sitting, regime, dossier.kind),
        *council_rules.enough_sittings(found, sitting, regime, dossier.code),
        *council_rules.spread(found, regime, result.spread),
    )
