"""Products that hold a certificate, by star and by product group with shares; recognitions by year."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from ocop_flow.domain.figures.facts import STARS, Facts, Recognition
from ocop_flow.domain.figures.sheet import Cell, Row, Sheet, added, share

#: Columns of a table split by star.
BY_STAR = (*(f"stars_{stars}" for stars in STARS), "stars_other", "total")
#: The product set where none is recorded.
UNKNOWN = "unknown"
#: Sorts after every name.
_LAST = chr(0x10FFFF)


def by_star(facts: Facts) -> Sheet:
    """Products in force at the end of the period, and those recognised in it, by star."""
    held = Counter(each.stars for each in facts.holding())
    made = Counter(each.stars for each in facts.recognised())
    stars = sorted({*STARS, *held, *made}, reverse=True)
    rows: list[Row] = [
        {"stars": each, "in_force": held[each], "share": share(held[each], held.total()), "recognised": made[each]}
        for each in stars
    ]
    return Sheet("products_by_star", ("stars", "in_force", "share", "recognised"), tuple(rows), _total(rows))


def _total(rows: list[Row]) -> Row:
    sums = added(rows, ("in_force", "recognised"))
    return {"stars": None, **sums, "share": share(1, 1) if sums["in_force"] else None}


def by_group(facts: Facts) -> Sheet:
    """The same products by product set, the sets in the order of their industries."""
    held = facts.holding()
    sets = sorted({each.product_set or UNKNOWN for each in held}, key=lambda each: _place(facts, each))
    rows: list[Row] = []
    for name in sets:
        group = facts.groups.get(name)
        mine = [each for each in held if (each.product_set or UNKNOWN) == name]
        rows.append(
            {
                "industry": group.industry if group else None,
                "product_set": name,
                "name": group.name if group else None,
                **star_cells(mine),
                "share": share(len(mine), len(held)),
            }
        )
    total: Row = {"product_set": None, **star_cells(held), "share": share(len(held), len(held))}
    return Sheet("products_by_group", ("industry", "product_set", "name", *BY_STAR, "share"), tuple(rows), total)


def _place(facts: Facts, name: str) -> tuple[str, str]:
    group = facts.groups.get(name)
    return (group.industry.vi if group else _LAST, name)


def by_year(facts: Facts) -> Sheet:
    """Recognitions of the period by the year of their day; those without a day in a row of their own."""
    made = facts.recognised()
    years = sorted({each.issued_on.year for each in made if each.issued_on})
    rows: list[Row] = [
        {"year": year, **star_cells(each for each in made if each.issued_on and each.issued_on.year == year)}
        for year in years
    ]
    unknown = [each for each in made if each.issued_on is None]
    if unknown:
        rows.append({"year": None, **star_cells(unknown)})
    return Sheet("recognitions_by_year", ("year", *BY_STAR), tuple(rows), {"year": None, **star_cells(made)})


def star_cells(recognitions: Iterable[Recognition]) -> dict[str, Cell]:
    """A cell for each of BY_STAR."""
    counted = Counter(each.stars for each in recognitions)
    cells: dict[str, Cell] = {f"stars_{stars}": counted[stars] for stars in STARS}
    other = sum(number for stars, number in counted.items() if stars not in STARS)
    return {**cells, "stars_other": other, "total": counted.total()}
