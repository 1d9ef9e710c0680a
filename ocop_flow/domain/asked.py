"""What one member is asked about one dossier: the lines of the sheet, and a digest that tells it from any other.

The same lines are printed, filled in on a screen, and compared with when they come back.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from ocop_flow.domain import canonical, rating, scoring
from ocop_flow.domain.criteria import Answer, CriteriaSet, Criterion
from ocop_flow.domain.exact import exact
from ocop_flow.domain.scoring import Filled, Remarks
from ocop_flow.errors import InputInvalid, Text

if TYPE_CHECKING:
    from ocop_flow.domain.council import Council, Seat, Sitting
    from ocop_flow.domain.dossier import Dossier
    from ocop_flow.domain.regime import Regime

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Line:
    """One line to fill in.

    code      criterion, or the part where only totals of the parts are asked for
    choices   what may be written, ``3`` or ``3:a``; empty where any number from 0 to ``maximum`` may
    minima    star -> least points
    optional  may stay empty where the criterion it depends on has no points
    """

    part: str
    code: str
    name: Text
    maximum: int
    choices: tuple[str, ...]
    minima: Mapping[int, int]
    optional: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """A sheet before it is filled in; ``tree`` None where only totals of the parts are asked for."""

    sitting: str
    on: str
    council: str
    unit: str
    turn: int
    member: str
    name: str
    dossier: str
    product: str
    entity: str
    commune: str
    regime: Regime
    workflow: str
    product_set: str
    set_name: Text
    parts: Mapping[str, int]
    lines: tuple[Line, ...]
    tree: CriteriaSet | None

    @property
    def digest(self) -> str:
        """SHA-256 of everything that the points depend on: who, where, which turn, which law, which lines."""
        body: Json = {
            "sitting": self.sitting,
            "turn": self.turn,
            "member": self.member,
            "dossier": self.dossier,
            "workflow": self.workflow,
            "product_set": self.product_set,
            "lines": [[line.part, line.code, line.maximum, list(line.choices)] for line in self.lines],
        }
        return canonical.digest(body)


def asked(
    council: Council, sitting: Sitting, seat: Seat, dossier: Dossier, regime: Regime, tree: CriteriaSet | None
) -> Asked:
    """The sheet of one member for one dossier of a sitting."""
    usable = tree if tree is not None and not tree.takes_part_totals_only else None
    parts = usable.part_maxima if usable else dict(regime.rating.parts)
    return Asked(
        sitting=sitting.code,
        on=sitting.on.isoformat(),
        council=council.code,
        unit=council.unit.name,
        turn=sitting.turn(dossier.code),
        member=seat.handle,
        name=seat.name,
        dossier=dossier.code,
        product=dossier.product_name,
        entity=dossier.entity_name,
        commune=dossier.commune_name,
        regime=regime,
        workflow=dossier.workflow_hash,
        product_set=dossier.product_set,
        set_name=usable.name if usable else Text(dossier.product_set, dossier.product_set),
        parts=parts,
        lines=lines_of(usable, parts),
        tree=usable,
    )


def lines_of(tree: CriteriaSet | None, parts: Mapping[str, int]) -> tuple[Line, ...]:
    """The lines over a tree, or one for each part where there is none."""
    return tuple(_lines(tree) if tree is not None else _part_lines(parts))


def _lines(tree: CriteriaSet) -> Iterator[Line]:
    for part in tree.parts:
        for leaf in part.leaves:
            yield Line(
                part.code, leaf.code, leaf.name, leaf.maximum, choices(leaf), leaf.minima, leaf.depends_on is not None
            )


def _part_lines(parts: Mapping[str, int]) -> Iterator[Line]:
    for code, maximum in parts.items():
        yield Line(code, code, Text(f"Phần {code}", f"Part {code}"), maximum, (), {}, optional=False)


def choices(leaf: Criterion) -> tuple[str, ...]:
    """What may be written for a criterion: points, with the case after a colon where two options have the same."""
    times = Counter(option.points for option in leaf.options)
    shown = [
        f"{option.points}:{option.case}" if times[option.points] > 1 and option.case else str(option.points)
        for option in leaf.options
    ]
    return tuple(dict.fromkeys(shown))


def filled(sheet: Asked, values: Mapping[str, str], remarks: Remarks) -> Filled:
    """The sheet with what was written on each line that is not empty; raises InputInvalid as ``scoring`` does."""
    if sheet.tree is None:
        return scoring.by_parts(sheet.regime, [rating.parse_exact(values[line.code]) for line in sheet.lines], remarks)
    answers = []
    for code, text in values.items():
        points, _, case = text.partition(":")
        answers.append(Answer(code, Fraction(points), case or None))
    return scoring.by_criteria(sheet.tree, answers, remarks)


def written(value: object) -> str | None:
    """What a cell holds as it would be typed, None if nothing: ``3`` for the number 3, ``33.5`` for 33.5."""
    if value is None or isinstance(value, bool):
        return None if value is None else str(value)
    if isinstance(value, (int, float)):
        return exact(Fraction(str(value))) if value == value else "?"
    text = str(value).strip().replace(" ", "").lower()
    return text or None


def allowed(line: Line, text: str) -> bool:
    """Whether this may be written on the line."""
    if line.choices:
        return text in line.choices
    try:
        return 0 <= rating.parse_exact(text) <= line.maximum
    except InputInvalid:
        return False
