"""Reads the file of a plan, as an official writes it (DESIGN section 8).

    plan: {number: 27/KH-UBND, issued_on: "2020-03-30", issuer: "36", year: 2020, regime: qd_1048_2019, title: …}
    milestones:
      - {id: launch, title: …, due: trong tháng 4, responsible: province}
      - {id: district_rating, title: …, due: trước tháng 8, responsible: district, each: true,
         dossiers_past: evaluation.district_council, after: [launch]}
    targets:
      - {id: recognised, metric: recognised_products, stars: [3, 4], count: cumulative, at_least: 100,
         by: "2020-12-31", baseline: {value: 62, as_of: "2020-04-14"}}
      - {id: upgrades, metric: upgraded_products, at_least: 15, per: {district: {at_least: 2, at_most: 3}}}
      - {id: shape, metric: star_distribution, distribution: {5: 1, 4: 2, 3: 6}}

A plan for several years adds ``years: [2021, 2025]`` (``year`` is then the first), and its milestones a ``year`` where
their wording names none. What stands in the event that loads the plan is the file's own content, cleaned of stray
spaces: strings, whole numbers, true and false, lists and mappings.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from ocop_flow.domain.calendar import FIRST_YEAR, LAST_YEAR
from ocop_flow.domain.names import clean_name
from ocop_flow.domain.plan_examination import examine, placed
from ocop_flow.errors import InputInvalid, Param, Reason, Text
from ocop_flow.yamlfile import Located, Path, read

if TYPE_CHECKING:
    from ocop_flow.domain.calendar import Calendar
    from ocop_flow.domain.finding import Finding
    from ocop_flow.domain.plan import Plan
    from ocop_flow.domain.units import UnitTree

Document = dict[str, Any]
#: Longest text kept: a title may be a whole sentence.
TEXT_LIMIT = 500
#: Largest number of products, establishments or dossiers that can be meant.
MOST = 1_000_000

#: Contradictions that say that something is not there.
_ABSENCES = frozenset({"target_quantity_missing", "target_distribution_missing"})
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_ID = re.compile(r"[A-Za-z][A-Za-z0-9_.-]{0,59}")
_UNIT_CODE = re.compile(r"[0-9A-Za-z_-]{1,20}")


@dataclass(frozen=True, slots=True)
class LoadedPlan:
    """A plan that may be recorded: its values, the document for the event, and what to look at again."""

    plan: Plan
    document: Document
    warnings: tuple[Reason, ...]


def load_plan(
    content: bytes,
    name: str,
    tree: UnitTree,
    calendar: Calendar,
    regimes: Mapping[str, Collection[str]] | None = None,
    taken: Collection[str] = (),
) -> LoadedPlan:
    """A plan file with all that it means.

    regimes  id -> ids of its states; None: not checked
    taken    identities of the plans there are already
    raises   InputInvalid with every fault of form and every contradiction, in the order of their lines
    """
    reader = _Reader(read(content, name))
    document = reader.document()
    found = examine(document, tree, calendar, regimes, taken)
    meant = (fault for fault in found.faults if not reader.explains(fault, document))
    faults = [*reader.faults, *(reader.placed(fault.path, placed(fault)) for fault in meant)]
    if faults or found.plan is None:
        raise InputInvalid(*sorted(faults, key=_line_of))
    doubts = (reader.placed(doubt.path, placed(doubt)) for doubt in found.warnings)
    return LoadedPlan(found.plan, document, tuple(sorted(doubts, key=_line_of)))


def units_named(content: bytes, name: str) -> tuple[str | None, tuple[str, ...]]:
    """(code of the issuer, codes of the responsible units) of a plan file, as far as they can be read.

    For whoever has to fetch those units before the plan can be loaded. Raises InputInvalid if the file is no YAML.
    """
    document = _Reader(read(content, name)).document()
    said = (milestone.get("responsible") for milestone in document.get("milestones", ()))
    codes = {code for each in said if isinstance(each, list) for code in each}
    issuer: str | None = document.get("plan", {}).get("issuer")
    return issuer, tuple(sorted(codes))


class _Wrong(Exception):
    """A value that was reported and is left out of the document."""


class _Reader:
    """Turns the file into a document of known keys and right types, collecting faults; what is faulty is left out."""

    def __init__(self, located: Located) -> None:
        self.located = located
        self.faults: list[Reason] = []
        self.faulty: set[Path] = set()

    def document(self) -> Document:
        return self.mapping(self.located.data, (), _ROOT)

    def fault(self, code: str, path: Path, /, **params: Param) -> None:
        self.faulty.add(path)
        self.faults.append(self.placed(path, Reason(code, params)))

    def explains(self, fault: Finding, document: Document) -> bool:
        """Whether something is only missing because it could not be read."""
        if fault.reason.code == "plan_empty":
            return bool(self.faulty)
        if fault.reason.code == "plan_after_unknown":
            return any("id" not in milestone for milestone in document["milestones"])
        return fault.reason.code in _ABSENCES and any(path[:2] == fault.path for path in self.faulty)

    def placed(self, path: Path, found: Reason) -> Reason:
        """A reason with file and line, for programs and for its text."""
        name, line = self.located.name, self.located.line(path)
        where = Text(f"{name}, dòng {line}", f"{name}, line {line}")
        params = {**found.params, "file": name, "line": line, "where": where}
        return replace(found, params=MappingProxyType(params))

    def mapping(self, data: Any, path: Path, keys: _Keys) -> Document:
        """The right part of a mapping; an unknown or missing key is a fault."""
        if not isinstance(data, dict):
            self.fault("plan_not_mapping", path)
            return {}
        for key in keys.required:
            if key not in data:
                self.fault("plan_key_missing", path, key=key)
        result = {}
        for key, value in data.items():
            if key not in keys.readers:
                known = ", ".join(keys.readers)
                self.fault("plan_key_unknown", (*path, key), key=key, known=known)
                continue
            try:
                result[key] = keys.readers[key](self, value, (*path, key))
            except _Wrong:
                continue
        return result

    def wrong(self, code: str, path: Path, /, **params: Param) -> _Wrong:
        self.fault(code, path, key=str(path[-1]), **params)
        return _Wrong()


_Read = Callable[[_Reader, Any, Path], Any]


@dataclass(frozen=True, slots=True)
class _Keys:
    """The vocabulary of one mapping: how each key is read, and which may not be left out."""

    required: tuple[str, ...]
    readers: Mapping[str, _Read]


def _text(reader: _Reader, value: Any, path: Path) -> str:
    if not isinstance(value, str):
        raise reader.wrong("plan_text_wrong", path)
    try:
        return clean_name(value, limit=TEXT_LIMIT)
    except InputInvalid as error:
        raise reader.wrong("plan_text_wrong", path) from error


def _id(reader: _Reader, value: Any, path: Path) -> str:
    if isinstance(value, str) and _ID.fullmatch(value):
        return value
    raise reader.wrong("plan_id_wrong", path, value=str(value))


def _code(reader: _Reader, value: Any, path: Path) -> str:
    if isinstance(value, int) and not isinstance(value, bool):
        raise reader.wrong("plan_code_unquoted", path, value=value)
    if isinstance(value, str) and _UNIT_CODE.fullmatch(value):
        return value
    raise reader.wrong("plan_code_wrong", path, value=str(value))


def _day(reader: _Reader, value: Any, path: Path) -> str:
    try:
        if isinstance(value, str) and _DATE.fullmatch(value) and _in_calendar(date.fromisoformat(value).year):
            return value
    except ValueError:
        pass
    raise reader.wrong("plan_date_wrong", path, value=str(value), first=FIRST_YEAR, last=LAST_YEAR)


def _year(reader: _Reader, value: Any, path: Path) -> int:
    if isinstance(value, int) and not isinstance(value, bool) and _in_calendar(value):
        return value
    raise reader.wrong("plan_year_wrong", path, first=FIRST_YEAR, last=LAST_YEAR)


def _in_calendar(year: int) -> bool:
    return FIRST_YEAR <= year <= LAST_YEAR


def _years(reader: _Reader, value: Any, path: Path) -> list[int]:
    if isinstance(value, list) and len(value) == 2:
        return [_year(reader, year, path) for year in value]
    raise reader.wrong("plan_years_form", path)


def _number(reader: _Reader, value: Any, path: Path) -> int:
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= MOST:
        return value
    raise reader.wrong("plan_count_wrong", path, most=MOST)


def _flag(reader: _Reader, value: Any, path: Path) -> bool:
    if isinstance(value, bool):
        return value
    raise reader.wrong("plan_flag_wrong", path)


def _items(one: _Read) -> _Read:
    """A list; with a faulty item the whole list is left out, so that places in it keep their lines."""

    def items(reader: _Reader, value: Any, path: Path) -> list[Any]:
        if not isinstance(value, list):
            raise reader.wrong("plan_list_wrong", path)
        result, whole = [], True
        for index, item in enumerate(value):
            try:
                result.append(one(reader, item, (*path, index)))
            except _Wrong:
                whole = False
        if not whole:
            raise _Wrong
        return result

    return items


def _responsible(reader: _Reader, value: Any, path: Path) -> str | list[str]:
    if isinstance(value, list) and value:
        codes: list[str] = _items(_code)(reader, value, path)
        return codes
    if isinstance(value, str) and value.isdigit():
        raise reader.wrong("plan_responsible_bare", path, value=value)
    if isinstance(value, str) and value:
        return value
    raise reader.wrong("plan_responsible_wrong", path)


def _star(reader: _Reader, value: Any, path: Path) -> int:
    if isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= 5:
        return value
    reader.fault("plan_star_wrong", path, key=str(value))
    raise _Wrong


def _distribution(reader: _Reader, value: Any, path: Path) -> Document:
    if not isinstance(value, dict) or not value:
        raise reader.wrong("plan_distribution_wrong", path)
    result = {}
    for stars, number in value.items():
        if stars not in ("1", "2", "3", "4", "5"):
            reader.fault("plan_star_wrong", (*path, stars), key=stars)
            continue
        try:
            result[stars] = _number(reader, number, (*path, stars))
        except _Wrong:
            continue
    return result


def _part(keys: _Keys) -> _Read:
    return lambda reader, value, path: reader.mapping(value, path, keys)


def _per(reader: _Reader, value: Any, path: Path) -> Document:
    if not isinstance(value, dict) or not value:
        raise reader.wrong("plan_per_wrong", path)
    return {tier: reader.mapping(bounds, (*path, tier), _BOUNDS) for tier, bounds in value.items()}


def _baseline(reader: _Reader, value: Any, path: Path) -> Document:
    result = reader.mapping(value, path, _BASELINE)
    if isinstance(value, dict) and ("value" in value) == ("distribution" in value):
        reader.fault("plan_baseline_wrong", path)
    return result


_BOUNDS = _Keys((), {"at_least": _number, "at_most": _number, "about": _number})
_BASELINE = _Keys(("as_of",), {"value": _number, "distribution": _distribution, "as_of": _day})
_HEAD = _Keys(
    ("number", "issued_on", "issuer", "year"),
    {
        "number": _text,
        "issued_on": _day,
        "issuer": _code,
        "year": _year,
        "years": _years,
        "regime": _text,
        "title": _text,
    },
)
_MILESTONE = _Keys(
    ("id", "due", "responsible"),
    {
        "id": _id,
        "title": _text,
        "due": _text,
        "year": _year,
        "responsible": _responsible,
        "each": _flag,
        "dossiers_past": _text,
        "after": _items(_id),
    },
)
_TARGET = _Keys(
    ("id", "metric"),
    {
        "id": _id,
        "title": _text,
        "metric": _text,
        "stars": _items(_star),
        "count": _text,
        **_BOUNDS.readers,
        "by": _day,
        "baseline": _baseline,
        "per": _per,
        "distribution": _distribution,
    },
)
_ROOT = _Keys(
    ("plan",),
    {"plan": _part(_HEAD), "milestones": _items(_part(_MILESTONE)), "targets": _items(_part(_TARGET))},
)


def _line_of(found: Reason) -> int:
    line = found.params["line"]
    return line if isinstance(line, int) else 0
