"""What a set of points would give, without a dossier."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from ocop_flow.domain import knockout, rating
from ocop_flow.domain.criteria import CriteriaSet, points_of, read_answers
from ocop_flow.domain.exact import exact
from ocop_flow.domain.opening import check_product_set
from ocop_flow.domain.regime import Regime
from ocop_flow.errors import InputInvalid, reason
from ocop_flow.ports import UnitOfWork
from ocop_flow.service.named_law import named_law
from ocop_flow.service.office import Office
from ocop_flow.service.product_sets import product_set_of

Json = dict[str, Any]


def check(
    uow: UnitOfWork,
    office: Office,
    *,
    regime: str,
    on: date | None,
    product_set: str | None,
    answers: Sequence[str],
    parts: str | None,
    mean: str | None,
    conditions: Sequence[str],
    knock_outs: Sequence[str] = (),
) -> Json:
    """Stars for criteria, part totals or a mean; exactly one of the three.

    knock_outs  ids of the grounds found, as the criteria set prints them

    raises  InputInvalid: regime unknown, a set that no dossier could be opened with, points that the tree has not, a
            regime whose stars are declared
    """
    day = on or office.today
    law = named_law(uow, day, regime)
    rules = rating.rules_of(law.regime)
    if sum((bool(answers), parts is not None, mean is not None)) != 1:
        raise InputInvalid(reason("parts_or_criteria"))
    if product_set is not None:
        product_set = product_set_of(uow, law, product_set)
        check_product_set(law.regime, product_set)
    tree = uow.criteria(law.hash, product_set) if product_set else None
    if answers:
        score = _score_of_answers(law.regime, product_set, tree, answers)
    elif parts is not None:
        score = rating.score_of_parts(rules, rating.parse_parts(parts))
    else:
        score = rating.score_of_total(rules, rating.parse_exact(mean or ""))
    asked = uow.conditions(law.hash, product_set or "", day) if product_set or conditions else ()
    answered = dict(rating.parse_condition(text) for text in conditions)
    stops = knockout.chosen(tree, knock_outs)
    found = knockout.applied(rating.result(rules, [score], tree, asked, answered), stops)
    return {
        "total": exact(found.mean_total),
        "parts": {name: exact(value) for name, value in found.parts.items()} if found.parts else None,
        "stars": found.stars,
        "stars_by_total": found.stars_by_total,
        "limited_by": [_minimum(item) for item in found.limited_by],
        "minima": [{**_minimum(item), "met": item.met} for item in found.minima],
        "knock_outs": [{"id": each.id, "label": each.label} for each in stops],
        "recognised_by": found.recognised_by,
        "reasons": list(found.reasons),
    }


def _score_of_answers(
    regime: Regime, product_set: str | None, tree: CriteriaSet | None, answers: Sequence[str]
) -> rating.MemberScore:
    """Points by criteria need a tree; raises InputInvalid with the sets of the regime where there is none."""
    if tree is None:
        known = ", ".join(sorted(regime.product_sets.ids or ())) or "-"
        raise InputInvalid(
            reason("criteria_set_unknown", regime=regime.id, product_set=product_set or "-", choices=known)
        )
    return rating.score_of_sheet(points_of(tree, read_answers(answers)))


def _minimum(item: rating.Minimum) -> Json:
    return {"criterion": item.criterion, "star": item.star, "needed": item.needed, "reached": item.reached}
