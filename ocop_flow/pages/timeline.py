"""A dossier's stays as a picture: one bar for each, as long as its days, in the colour of the tier that held it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

Json = dict[str, Any]

#: Dark enough for white letters, told apart in grey print by the numbers on them.
COLOURS = {"commune": "#2e7d32", "district": "#b26a00", "province": "#1565c0", "central": "#6a1b9a"}
NOBODY = "#616161"
WIDTH, ROW, BAR, LEFT = 720, 22, 16, 34


class Bar(NamedTuple):
    """One stay drawn: from ``x``, ``width`` units wide, in row ``row``; ``number`` is its place in the table."""

    number: int
    row: int
    x: float
    width: float
    colour: str
    days: int


def bars(held: Sequence[Json], width: float = WIDTH - LEFT - 60) -> list[Bar]:
    """Bars in proportion to days; a stay of no day is a hair's breadth, so that it is seen.

    The years of promotion would dwarf the work of the offices and are left to the table.
    """
    worked = [stay for stay in held if not stay["state"].startswith(("promotion.", "closed."))]
    total = max(1, sum(stay["days"] for stay in worked))
    found, passed = [], 0
    for number, stay in enumerate(worked, start=1):
        colour = COLOURS.get((stay["unit"] or {}).get("tier", ""), NOBODY)
        x, wide = LEFT + passed / total * width, max(2.0, stay["days"] / total * width)
        found.append(Bar(number, number - 1, round(x, 1), round(wide, 1), colour, stay["days"]))
        passed += stay["days"]
    return found


def svg(held: Sequence[Json], days: str) -> str:
    """The picture as SVG that stands inside a page; ``days`` is the word after a number."""
    drawn = bars(held)
    height = ROW * len(drawn) + 4
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img">']
    for bar in drawn:
        y = bar.row * ROW + 3
        parts.append(f'<text x="{LEFT - 8}" y="{y + 13}" text-anchor="end">{bar.number}</text>')
        parts.append(f'<rect x="{bar.x}" y="{y}" width="{bar.width}" height="{BAR}" fill="{bar.colour}"/>')
        parts.append(f'<text x="{round(bar.x + bar.width + 4, 1)}" y="{y + 13}">{bar.days} {days}</text>')
    return "".join([*parts, "</svg>"])
