"""What the recognitions of a period are: of new products, of products put in order, upgrades, re-ratings."""

from __future__ import annotations

from ocop_flow.domain.figures.facts import Facts, Recognition
from ocop_flow.domain.figures.products import BY_STAR, star_cells
from ocop_flow.domain.figures.sheet import Row, Sheet, share

#: A first recognition tells by its track whether the product is new or was there and was put in order.
KINDS = ("new_product", "existing_product", "upgrade", "re_rating", "declared")


def kind_of(each: Recognition) -> str:
    return (each.track or "new_product") if each.kind == "first" else each.kind


def by_kind(facts: Facts) -> Sheet:
    """Each kind by star; whether the star went up, stayed or went down, where the one before is known."""
    made = facts.recognised()
    rows = tuple(_row(kind, [each for each in made if kind_of(each) == kind], len(made)) for kind in KINDS)
    columns = ("kind", *BY_STAR, "share", "higher", "same", "lower")
    return Sheet("recognitions_by_kind", columns, rows, _row(None, made, len(made)))


def _row(kind: str | None, mine: list[Recognition], whole: int) -> Row:
    steps = [each.stars - each.before for each in mine if each.before is not None]
    return {
        "kind": kind,
        **star_cells(mine),
        "share": share(len(mine), whole),
        "higher": sum(step > 0 for step in steps),
        "same": sum(step == 0 for step in steps),
        "lower": sum(step < 0 for step in steps),
    }
