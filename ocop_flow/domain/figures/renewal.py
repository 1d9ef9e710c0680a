"""The wave of certificates that end: within 6, 12 and 36 months, and month by month."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

from ocop_flow.domain.calendar import add_months
from ocop_flow.domain.figures.facts import Facts, Recognition
from ocop_flow.domain.figures.products import BY_STAR, star_cells
from ocop_flow.domain.figures.sheet import Row, Sheet

#: Months ahead; each row holds those before it too.
HORIZONS = (6, 12, 36)


def within(facts: Facts) -> Sheet:
    """Certificates in force at the end of the period that end within each horizon, a re-rating begun or not."""
    until = facts.period.until
    begun = _renewing(facts)
    rows: list[Row] = []
    for months in HORIZONS:
        last = add_months(until, months)
        ending = [each for each in facts.holding() if each.valid_to is not None and each.valid_to <= last]
        row = {"months": months, "last_day": last, **star_cells(ending)}
        rows.append({**row, "renewal_begun": sum(each.number in begun for each in ending)})
    return Sheet("ending", ("months", "last_day", *BY_STAR, "renewal_begun"), tuple(rows))


def _renewing(facts: Facts) -> set[str]:
    """Certificates from which a dossier that is not closed starts."""
    open_cases = (case.dossier for case in facts.cases if not case.dossier.closed)
    return {dossier.previous for dossier in open_cases if dossier.previous}


def by_month(facts: Facts) -> Sheet:
    """The months of the longest horizon in which a certificate ends."""
    last = add_months(facts.period.until, HORIZONS[-1])
    months: dict[date, list[Recognition]] = defaultdict(list)
    for each in facts.holding():
        if each.valid_to is not None and each.valid_to <= last:
            months[each.valid_to.replace(day=1)].append(each)
    rows = tuple({"month": f"{month:%Y-%m}", **star_cells(months[month])} for month in sorted(months))
    return Sheet("ending_by_month", ("month", *BY_STAR), rows)
