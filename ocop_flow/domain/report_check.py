"""Whether printed figures follow from the figures they are said to follow from; faults are shown, never repaired.

A lower bound, an upper bound and a range count with their ends, so only what no reading allows is a fault; a share and
a multiple are tested to the last decimal printed; an approximate number is not tested.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from fractions import Fraction

from ocop_flow.domain.exact import mean_decimal, parse_exact
from ocop_flow.domain.report import Figure, Relation
from ocop_flow.errors import Reason, reason

_Test = Callable[[Figure, Relation, tuple[Figure, ...]], Iterator[Reason]]


def check(figures: Iterable[Figure]) -> tuple[Reason, ...]:
    """Every printed number that does not follow from its inputs, in the order of the report."""
    known = {figure.id: figure for figure in figures}
    return tuple(fault for figure in known.values() for fault in faults_of(figure, known))


def faults_of(figure: Figure, known: Mapping[str, Figure]) -> Iterator[Reason]:
    """What does not follow in one figure; ``known`` holds every figure of its report by id."""
    for relation in figure.relations:
        yield from _TESTS[relation.kind](figure, relation, tuple(known[name] for name in relation.of))


def _share(figure: Figure, relation: Relation, others: tuple[Figure, ...]) -> Iterator[Reason]:
    whole, stated = others[0], relation.stated or "0"
    if not _firm(figure, whole) or whole.value == 0:
        return
    actual = Fraction(100 * figure.value, whole.value)
    if not _rounds_to(actual, stated):
        yield reason(
            "figure_share_wrong",
            figure=figure.title,
            stated=stated,
            part=figure.value,
            whole=whole.value,
            whole_title=whole.title,
            actual=_shown(actual),
            would_be=round(parse_exact(stated) * whole.value / 100),
        )


def _times(figure: Figure, relation: Relation, others: tuple[Figure, ...]) -> Iterator[Reason]:
    whole, stated = others[0], relation.stated or "0"
    if not _firm(figure, whole) or whole.value == 0:
        return
    actual = Fraction(figure.value, whole.value)
    if not _rounds_to(actual, stated):
        yield reason(
            "figure_times_wrong",
            figure=figure.title,
            stated=stated,
            part=figure.value,
            whole=whole.value,
            actual=_shown(actual),
        )


def _sum(figure: Figure, _relation: Relation, others: tuple[Figure, ...]) -> Iterator[Reason]:
    total, together = figure.interval, _together(others)
    if total is None or together is None:
        return
    above = together[1] is not None and together[1] < total[0]
    below = total[1] is not None and together[0] > total[1]
    if above or below:
        yield reason("figure_sum_wrong", figure=figure.title, total=figure.value, parts=_added(others), sum=together[0])


def _reaches(figure: Figure, _relation: Relation, others: tuple[Figure, ...]) -> Iterator[Reason]:
    wanted, *rest = others
    parts = (*rest, figure)
    together = _together(parts)
    if together is None or wanted.interval is None or together[0] >= wanted.interval[0]:
        return
    yield reason(
        "figure_short" if together[1] is not None else "figure_short_at_least",
        figure=figure.title,
        parts=_added(parts),
        sum=together[0],
        wanted=wanted.value,
        wanted_title=wanted.title,
        missing=wanted.value - together[0],
    )


def _within(figure: Figure, _relation: Relation, others: tuple[Figure, ...]) -> Iterator[Reason]:
    part, whole = figure.interval, others[0].interval
    if part is not None and whole is not None and whole[1] is not None and part[0] > whole[1]:
        yield reason(
            "figure_above_whole",
            figure=figure.title,
            part=figure.value,
            whole=others[0].value,
            whole_title=others[0].title,
        )


_TESTS: Mapping[str, _Test] = {
    "share": _share,
    "times": _times,
    "sum": _sum,
    "reaches": _reaches,
    "within": _within,
}


def _firm(*figures: Figure) -> bool:
    return all(figure.qualifier == "exact" for figure in figures)


def _together(figures: Iterable[Figure]) -> tuple[int, int | None] | None:
    """The interval of a sum; None if a part is only approximate."""
    least, most = 0, 0
    is_open = False
    for figure in figures:
        if figure.interval is None:
            return None
        least += figure.interval[0]
        is_open = is_open or figure.interval[1] is None
        most += figure.interval[1] or 0
    return least, None if is_open else most


def _added(figures: Iterable[Figure]) -> str:
    return " + ".join(str(figure.value) for figure in figures)


def _rounds_to(actual: Fraction, stated: str) -> bool:
    steps: int = 10 ** len(stated.partition(".")[2])
    return abs(actual - parse_exact(stated)) * 2 * steps <= 1


def _shown(number: Fraction) -> str:
    """Two decimals, without zeros that say nothing."""
    text = mean_decimal(number)
    return text.rstrip("0").rstrip(".") if "." in text else text
