"""Figures that a source printed, beside what the records add up to on the same day; neither repairs the other."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING

from ocop_flow.domain.figures.facts import Recognition
from ocop_flow.domain.figures.sheet import Row, Sheet

if TYPE_CHECKING:
    from ocop_flow.domain.report import Figure, Report

#: Metrics of printed figures that the records can answer.
COMPARED = frozenset({"recognised_products", "recognised_entities"})


def beside(reports: Iterable[Report], recognitions: Sequence[Recognition]) -> Sheet:
    """A row for each printed figure of something reached, in the order of the reports.

    recognitions  of everything that the reports' issuers can speak of, whatever is asked about otherwise
    records       how many the records show, None where they do not answer; ``difference`` is printed less records
    """
    rows = tuple(
        _row(report, figure, recognitions)
        for report in reports
        for figure in report.figures
        if figure.standing == "reached"
    )
    columns = ("issuer", "as_of", "figure", "stars", "printed", "qualifier", "records", "difference", "source")
    return Sheet("printed_figures", columns, rows)


def _row(report: Report, figure: Figure, recognitions: Sequence[Recognition]) -> Row:
    counted = _records(report, figure, recognitions)
    return {
        "issuer": report.issuer["name"],
        "as_of": figure.as_of or report.as_of,
        "figure": figure.title,
        "stars": ", ".join(map(str, figure.stars)) or None,
        "printed": figure.value,
        "qualifier": figure.qualifier,
        "records": counted,
        "difference": figure.value - counted if counted is not None else None,
        "source": report.source,
    }


def _records(report: Report, figure: Figure, recognitions: Sequence[Recognition]) -> int | None:
    """Products, or their entities, recognised by the day; of the figure's year alone where it counts one."""
    if figure.metric not in COMPARED or figure.counting == "round" or figure.tier is not None:
        return None
    day = figure.as_of or report.as_of
    first = date(figure.year, 1, 1) if figure.counting == "year" and figure.year else date.min
    found = [
        each
        for each in recognitions
        if first <= (each.issued_on or date.min) <= day
        and (not figure.stars or each.stars in figure.stars)
        and report.issuer["code"] in (each.issuer, *(unit.code for unit in each.units))
    ]
    return len({each.product if figure.metric == "recognised_products" else each.entity for each in found})
