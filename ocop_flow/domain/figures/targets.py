"""Targets of plans against what was reached, and what is missing."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ocop_flow.domain.figures.sheet import Row, Sheet, share

Json = dict[str, Any]
_COLUMNS = (
    "plan",
    "issued_by",
    "target",
    "metric",
    "stars",
    "unit_name",
    "wanted",
    "at_most",
    "actual",
    "missing",
    "share",
    "met",
)


def reached(plans: Iterable[Json]) -> Sheet:
    """A row for each target and each rank of a split one.

    plans  as ``plan status`` gives them, with the name of the unit that issued each (``issued_by``)
    """
    rows = tuple(row for plan in plans for target in plan["targets"] for row in _rows(plan, target))
    return Sheet("targets", _COLUMNS, rows)


def _rows(plan: Json, target: Json) -> list[Row]:
    head: Row = {
        "plan": plan["number"],
        "issued_by": plan["issued_by"],
        "target": target["title"] or target["id"],
        "metric": target["metric"],
    }
    wanted, actual = target["target"], target["actual"]
    if "distribution" in wanted:
        met = _met(target["met"])
        return [
            {**head, "stars": int(stars), **_measured(number, actual.get(stars, 0)), "met": met}
            for stars, number in sorted(wanted["distribution"].items(), reverse=True)
        ]
    first = {**head, **_measured(_least(wanted), actual), "at_most": wanted.get("at_most"), "met": _met(target["met"])}
    return [
        first,
        *(
            {
                **head,
                "unit_name": unit["name"],
                **_measured(_least(unit["target"]), unit["actual"]),
                "at_most": unit["target"].get("at_most"),
                "met": _met(unit["met"]),
            }
            for unit in target["units"]
        ),
    ]


def _least(bounds: Json) -> int | None:
    """The number wanted: the lower end, or one that is only approximate."""
    return bounds.get("at_least", bounds.get("about"))


def _measured(wanted: int | None, actual: int) -> Json:
    missing = max(0, wanted - actual) if wanted is not None else None
    return {"wanted": wanted, "actual": actual, "missing": missing, "share": share(actual, wanted) if wanted else None}


def _met(met: bool | None) -> str:
    return {True: "met", False: "not_met", None: "unknown"}[met]
