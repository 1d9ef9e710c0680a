"""Councils of the demo: founded, then sitting on their days; sheets keyed by the secretary."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from random import Random

from ocop_flow.demo.cases import Case
from ocop_flow.demo.cast import found_council, handle, members
from ocop_flow.demo.desk import Line
from ocop_flow.demo.year import Json, Life, Year
from ocop_flow.domain.record import known_dossier
from ocop_flow.domain.units import Unit
from ocop_flow.service import results, scoring, sittings

#: Place of a tier's total in ``Case.points``.
_PLACE = {"district": 0, "province": 1, "central": 2}
#: Largest part totals under 1048/QĐ-TTg.
_PARTS = (35, 25, 40)
#: How far the members stand from the mean; the sum is nought, so the mean is the case's own total.
_SPREADS = {3: (-2, 0, 2), 5: (-2, -1, 0, 1, 2)}
#: The minimum of 781/QĐ-TTg that keeps a product of the course ``minimum_missed`` at three stars.
MISSED = "distinctive_quality"


def council(year: Year, unit: Unit, founded: date, days: Iterable[date]) -> Life:
    """A unit's council from its founding to its last sitting."""
    yield founded
    code = found_council(year.desk, unit, year.decision(unit, "council"), 2, year.facts.year)
    if unit.tier != "district":
        year.story.tell(year.today, f"council_{unit.tier}", members=len(members(unit)))
    for day in days:
        yield day
        _sit(year, unit, code)


def _sit(year: Year, unit: Unit, code: str) -> None:
    waiting = year.waiting.pop(unit.code, [])
    if not waiting:
        return
    cases = [case for case, _ in waiting]
    officer = handle(unit, "canbo")
    command = sittings.Convene(code, members(unit), tuple(case.code for case in cases))
    sitting = str(year.desk.do(officer, sittings.convene, command)["sitting"])
    year.desk.batch(line for case in cases for line in _sheets(unit, sitting, case))
    results = year.desk.batch(_closing(year, unit, sitting, case) for case in cases)
    year.story.count(year.today, f"scored_{unit.tier}", len(cases))
    _tell(year, unit, cases, results)
    for _, life in waiting:
        year.add(life, year.today)


def _sheets(unit: Unit, sitting: str, case: Case) -> Iterable[Line]:
    total = case.points[_PLACE[unit.tier]]
    seats = members(unit)
    spread = list(_SPREADS[len(seats)])
    Random.shuffle(case.random, spread)
    for member, away in zip(seats, spread, strict=True):
        sheet = scoring.ScoreSheet(sitting, case.code, member, parts=_parts(total + away))
        yield Line(handle(unit, "thuky"), scoring.score, sheet)


def _parts(total: int) -> str:
    """A total shared out among the parts in the proportion of their largest totals."""
    first, second = (round(total * most / sum(_PARTS)) for most in _PARTS[:2])
    return f"{first},{second},{total - first - second}"


def _closing(year: Year, unit: Unit, sitting: str, case: Case) -> Line:
    answers = tuple(
        f"{name}={'missed' if name == MISSED and case.course == 'minimum_missed' else 'met'}"
        for name in _conditions(year, case)
    )
    return Line(handle(unit, "canbo"), results.close, results.Close(sitting, case.code, answers))


def _conditions(year: Year, case: Case) -> list[str]:
    """The minima that the law of the dossier asks of its product set today."""
    with year.desk.reading() as (uow, _):
        dossier = known_dossier(uow.dossier(case.code), case.code)
        return [each.id for each in uow.conditions(dossier.workflow_hash, dossier.product_set, year.today)]


def _tell(year: Year, unit: Unit, cases: list[Case], results: list[Json]) -> None:
    if unit.tier == "district":
        year.story.tell_once(year.today, "district_sitting", unit=unit.name, dossiers=len(cases))
        return
    stars = [result["stars"] or 0 for result in results]
    year.story.tell(
        year.today,
        f"{unit.tier}_sitting",
        dossiers=len(cases),
        five=stars.count(5),
        four=stars.count(4),
        three=stars.count(3),
        lower=sum(each < 3 for each in stars),
    )
    for case, result in zip(cases, results, strict=True):
        if case.course == "minimum_missed":
            year.story.tell_once(
                year.today,
                "minimum_missed",
                dossier=case.code,
                total=result["mean_decimal"],
                by_total=result["stars_by_total"],
                stars=result["stars"],
            )
