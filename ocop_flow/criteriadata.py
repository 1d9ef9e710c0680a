"""Reads criteria sets and star conditions: packaged ones by regime, or a file that a province wrote.

Packaged files stand in ``workflows/criteria/<regime>/``: one ``<product_set>.yaml`` each, and ``conditions_*.yaml``
where a decision adds named minima. A regime without a folder has no known sets: part totals serve there, never the
tree of another regime.
"""

from __future__ import annotations

import re
from datetime import date
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from ocop_flow import yamlfile
from ocop_flow.domain.criteria import (
    CONDITION_KINDS,
    ConditionSet,
    CriteriaSet,
    conditions_from_document,
    set_from_document,
)
from ocop_flow.errors import MARKS, InputInvalid, Reason, reason

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from importlib.resources.abc import Traversable

    from ocop_flow.yamlfile import Located, Path

SET_SCHEMA = "ocop-criteria/1"
CONDITIONS_SCHEMA = "ocop-star-conditions/1"
_IDENTIFIER = re.compile(r"[a-z0-9_]+")
_CONDITIONS = re.compile(r"conditions_[a-z0-9_]+")

#: What a field holds, written as the file would write it; ``?`` allows null. Shown to the author of a wrong value.
_TEXT, _NUMBER, _LIST, _MAPPING = '"…"', "1", "[…]", "{…}"
_NULL_TEXT, _NULL_FLAG, _NULL_LIST = '"…" | null', "true | false | null", "[…] | null"
_KINDS: Mapping[str, tuple[type, ...]] = {
    _TEXT: (str,),
    _NUMBER: (int,),
    _LIST: (list,),
    _MAPPING: (dict,),
    _NULL_TEXT: (str, type(None)),
    _NULL_FLAG: (bool, type(None)),
    _NULL_LIST: (list, type(None)),
}
_NAMES = {"name_vi": _TEXT, "name_en": _TEXT}
_LABELS = {"label_vi": _TEXT, "label_en": _TEXT}
_SOURCED = {"source": _TEXT, "mark": _TEXT}
_SET = {
    "schema": _TEXT,
    "regime": _TEXT,
    "id": _TEXT,
    **_NAMES,
    "industry": _MAPPING,
    "managing_agencies": _LIST,
    "requires_sample": _NULL_FLAG,
    **_SOURCED,
    "parts": _LIST,
}
_SET_MAY = {
    "set_no": _NUMBER,
    "confidence": _TEXT,
    "read_from": _TEXT,
    "sum_check": _TEXT,
    "repairs": _LIST,
    "dossier_rejected_if": _LIST,
}
_NODE = {"code": _TEXT, **_NAMES, "max": _NUMBER}
_NODE_MAY = {
    "printed_code": _TEXT,
    "min_points_for_star": _MAPPING,
    "note": _TEXT,
    "conditions": _LIST,
    "cases_mark": _TEXT,
    "options": _LIST,
    "option_points": _LIST,
    "criteria": _LIST,
}
_CONDITION_SET = {
    "schema": _TEXT,
    "regime": _TEXT,
    "id": _TEXT,
    **_SOURCED,
    "effective_from": _TEXT,
    "effective_to": _NULL_TEXT,
    "sets_without_tree": _LIST,
    "conditions": _LIST,
}


@cache
def product_sets(regime: str) -> tuple[str, ...]:
    """Identifiers of the sets with a known tree, sorted; empty where the regime has none. Opens no file."""
    return tuple(name for name in _names(regime) if not _CONDITIONS.fullmatch(name))


@cache
def load_set(regime: str, product_set: str) -> CriteriaSet:
    """One packaged criteria set, read once per process.

    raises  InputInvalid if the regime has no tree for it (DESIGN section 7: not in a fixed list), or the file is faulty
    """
    if product_set not in product_sets(regime):
        known = ", ".join(product_sets(regime)) or "-"
        raise InputInvalid(reason("criteria_set_unknown", regime=regime, product_set=product_set, choices=known))
    return read_set((_folder(regime) / f"{product_set}.yaml").read_bytes(), _shown(regime, product_set))


@cache
def load_conditions(regime: str) -> tuple[ConditionSet, ...]:
    """Named star minima of a regime, one entry per decision that adds some; empty where none does."""
    return tuple(
        read_conditions((_folder(regime) / f"{name}.yaml").read_bytes(), _shown(regime, name))
        for name in _names(regime)
        if _CONDITIONS.fullmatch(name)
    )


def read_set(text: str | bytes, name: str) -> CriteriaSet:
    """Read one criteria file; ``name`` is shown in faults.

    raises  InputInvalid with every fault and its line: fields, codes given twice, options, sums
    """
    return check_document(yamlfile.read(text, name))


def check_document(located: Located) -> CriteriaSet:
    """The set of a document that was read, from YAML or from a form; raises InputInvalid with every fault."""
    check = _Check(located)
    if check.fields((), _SET, _SET_MAY):
        check.header(SET_SCHEMA)
        check.set()
    check.finish()
    return set_from_document(located.data)


def read_conditions(text: str | bytes, name: str) -> ConditionSet:
    """Read one file of star conditions; raises InputInvalid with every fault and its line."""
    located = yamlfile.read(text, name)
    check = _Check(located)
    if check.fields((), _CONDITION_SET, {}):
        check.header(CONDITIONS_SCHEMA)
        check.star_conditions()
    check.finish()
    return conditions_from_document(located.data)


def _folder(regime: str) -> Traversable:
    return resources.files("ocop_flow.workflows") / "criteria" / regime


@cache
def _names(regime: str) -> tuple[str, ...]:
    """File names of a regime's folder without their ending; an identifier only, so that no path can be smuggled in."""
    if not _IDENTIFIER.fullmatch(regime):
        return ()
    folder = _folder(regime)
    if not folder.is_dir():
        return ()
    return tuple(sorted(f.name.removesuffix(".yaml") for f in folder.iterdir() if f.name.endswith(".yaml")))


def _shown(regime: str, name: str) -> str:
    return f"workflows/criteria/{regime}/{name}.yaml"


class _Check:
    """Collects every fault of one file, each with its line."""

    def __init__(self, located: Located) -> None:
        self.located = located
        self.faults: list[Reason] = []
        self.codes: set[str] = set()

    def finish(self) -> None:
        if self.faults:
            raise InputInvalid(*self.faults)

    def fault(self, code: str, path: Path, **params: str | int) -> None:
        params |= {"file": self.located.name, "line": self.located.line(path)}
        self.faults.append(Reason(code, MappingProxyType(params)))

    def at(self, path: Path) -> Any:
        value = self.located.data
        for step in path:
            value = value[step]
        return value

    def fields(self, path: Path, required: Mapping[str, str], allowed: Mapping[str, str]) -> bool:
        """Whether the mapping at ``path`` has the fields it needs, of the right kind, and no other."""
        before = len(self.faults)
        node = self.at(path)
        if not isinstance(node, dict):
            self.fault("criteria_field_wrong", path, field=str(path[-1]) if path else "-", expected=_MAPPING)
            return False
        for field in required:
            if field not in node:
                self.fault("criteria_field_missing", path, field=field)
        for field, value in node.items():
            expected = required.get(field) or allowed.get(field)
            if expected is None:
                self.fault("criteria_field_unknown", (*path, field), field=field)
            elif not _is(value, expected):
                self.fault("criteria_field_wrong", (*path, field), field=field, expected=expected)
        return len(self.faults) == before

    def choice(self, path: Path, choices: tuple[str, ...]) -> None:
        if self.at(path) not in choices:
            self.fault("criteria_field_wrong", path, field=str(path[-1]), expected=" | ".join(choices))

    def items(self, path: Path, required: Mapping[str, str], allowed: Mapping[str, str]) -> Iterator[Path]:
        """Paths of the well-formed entries of a list."""
        for index in range(len(self.at(path))):
            if self.fields((*path, index), required, allowed):
                yield (*path, index)

    def header(self, schema: str) -> None:
        self.choice(("schema",), (schema,))
        self.choice(("mark",), MARKS)
        for field in ("regime", "id"):
            if not _IDENTIFIER.fullmatch(self.at((field,))):
                self.fault("criteria_field_wrong", (field,), field=field, expected="[a-z0-9_]+")

    def set(self) -> None:
        if self.fields(("industry",), {"code": _TEXT, **_NAMES, "mark": _TEXT}, {}):
            self.choice(("industry", "mark"), MARKS)
        for _ in self.items(("managing_agencies",), {"code": _TEXT, **_NAMES}, {}):
            pass
        if "dossier_rejected_if" in self.located.data:
            for _ in self.items(("dossier_rejected_if",), _LABELS, {}):
                pass
        maxima = [
            self.part(path) for path in self.items(("parts",), {"code": _TEXT, "max": _NUMBER, "sections": _LIST}, {})
        ]
        if maxima and sum(maxima) != 100:
            self.fault("criteria_sum_wrong", ("parts",), criterion="A+B+C", maximum=100, sum=sum(maxima))

    def part(self, path: Path) -> int:
        maxima = [self.criterion(section) for section in self.items((*path, "sections"), _NODE, _NODE_MAY)]
        self.sum(path, maxima)
        return int(self.at(path)["max"])

    def criterion(self, path: Path) -> int:
        """Check one node and all below it; returns its maximum."""
        node = self.at(path)
        if node["code"] in self.codes:
            self.fault("criteria_code_twice", (*path, "code"), criterion=node["code"])
        self.codes.add(node["code"])
        bodies = [field for field in ("options", "option_points", "criteria") if field in node]
        if len(bodies) != 1:
            self.fault("criteria_field_missing", path, field="options | option_points | criteria")
        elif bodies == ["criteria"]:
            self.sum(path, [self.criterion(below) for below in self.items((*path, "criteria"), _NODE, _NODE_MAY)])
        else:
            self.options(path, bodies[0])
        self.extras(path)
        return int(node["max"])

    def sum(self, path: Path, maxima: list[int]) -> None:
        """A set marked with ``sum_check`` is known not to add up."""
        node = self.at(path)
        if sum(maxima) != node["max"] and "sum_check" not in self.located.data:
            self.fault("criteria_sum_wrong", path, criterion=node["code"], maximum=node["max"], sum=sum(maxima))

    def options(self, path: Path, field: str) -> None:
        values = self.at((*path, field))
        if field == "option_points":
            rows = [(value, None) for value in values if _is(value, _NUMBER)]
        else:
            found = self.items((*path, field), {"points": _NUMBER}, {"case": _TEXT, "label_en": _TEXT})
            rows = [(self.at(p)["points"], self.at(p).get("case")) for p in found]
        maximum = self.at(path)["max"]
        if len(rows) != len(values) or not rows or min(points for points, _ in rows) < 0:
            self.fault("criteria_field_wrong", (*path, field), field=field, expected="[0, 1, …]")
        elif max(points for points, _ in rows) != maximum:
            best = max(points for points, _ in rows)
            self.fault("criteria_sum_wrong", path, criterion=self.at(path)["code"], maximum=maximum, sum=best)
        if len(set(rows)) != len(rows):
            self.fault("criteria_option_twice", (*path, field), criterion=self.at(path)["code"])

    def extras(self, path: Path) -> None:
        node = self.at(path)
        if "cases_mark" in node:
            self.choice((*path, "cases_mark"), MARKS)
        for star, points in node.get("min_points_for_star", {}).items():
            where = (*path, "min_points_for_star", star)
            if star not in ("3", "4", "5") or not _is(points, _NUMBER) or not 0 < points <= node["max"]:
                self.fault("criteria_field_wrong", where, field="min_points_for_star", expected="{3: 1, 4: 2, 5: 3}")
        if "conditions" in node:
            for condition in self.items((*path, "conditions"), {"kind": _TEXT, **_LABELS}, {"criterion": _TEXT}):
                self.choice((*condition, "kind"), CONDITION_KINDS)

    def star_conditions(self) -> None:
        for field in ("effective_from", "effective_to"):
            self.day((field,))
        for path in self.items(("sets_without_tree",), {"id": _TEXT, **_NAMES, "industry": _TEXT, **_SOURCED}, {}):
            self.choice((*path, "mark"), MARKS)
        needed = {"id": _TEXT, "star": _NUMBER, "industries": _NULL_LIST, **_NAMES, **_SOURCED}
        for path in self.items(("conditions",), needed, {}):
            self.choice((*path, "mark"), MARKS)
            identifier = self.at(path)["id"]
            if identifier in self.codes:
                self.fault("criteria_code_twice", (*path, "id"), criterion=identifier)
            self.codes.add(identifier)

    def day(self, path: Path) -> None:
        try:
            date.fromisoformat(self.at(path) or "2000-01-01")
        except ValueError:
            self.fault("criteria_field_wrong", path, field=str(path[-1]), expected='"2020-06-08"')


def _is(value: object, expected: str) -> bool:
    """Whether a value is of the kind; true and false are no numbers, an empty text is no text."""
    if isinstance(value, bool):
        return expected == _NULL_FLAG
    return isinstance(value, _KINDS[expected]) and value != ""
