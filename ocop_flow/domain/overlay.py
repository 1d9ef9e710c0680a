"""A province's own settings laid over a regime: what it has adopted becomes binding there, under its own decision.

Both documents are plain values. The regime is the file as written, its parameter references still in place: only so
can be told which rules depend on an adopted answer.
"""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

from ocop_flow.domain.finding import Finding, Path, finding
from ocop_flow.domain.parameters import accepts, declared, reference, wrong_value
from ocop_flow.errors import BINDING_MARKS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from ocop_flow.domain.ladder import Ladder
    from ocop_flow.domain.regime import Document

#: Keys of a regime document that this module writes.
ADOPTED = "adopted"


def faults(base: Document, overlay: Document, ladders: Mapping[str, Ladder]) -> Iterator[Finding]:
    """What in a province's file does not fit the regime it builds on; paths are those of the province's file.

    base     a regime document that passed its schema, references in place
    overlay  a document that passed ``overlay.schema.json``
    """
    if overlay["base"] != base["id"]:
        yield finding(("base",), "overlay_wrong_base", base=overlay["base"], regime=base["id"])
        return
    if not any(key in overlay for key in ("parameters", "limits", "council_rules", "beside", "ladder")):
        yield finding((), "overlay_empty")
    yield from _outside_validity(base, overlay)
    yield from _parameter_faults(base, overlay)
    limits = [limit["id"] for limit in base["limits"]]
    for name in overlay.get("limits", {}):
        if name not in limits:
            yield finding(("limits", name), "overlay_limit_unknown", limit=name, known=", ".join(limits) or "-")
    yield from _longer_than_the_law(base, overlay)
    yield from _rung_faults(overlay, ladders)


def _longer_than_the_law(base: Document, overlay: Document) -> Iterator[Finding]:
    """A province may settle what the law leaves open, and be quicker than it; the time that the law gives binds it."""
    for limit in base["limits"]:
        given = overlay.get("limits", {}).get(limit["id"], {})
        for unit, count in limit["period"].items():
            if limit["mark"] in BINDING_MARKS and isinstance(count, int) and given.get(unit, 0) > count:
                yield finding(
                    ("limits", limit["id"]),
                    "overlay_limit_longer",
                    limit=limit["id"],
                    given=given[unit],
                    count=count,
                    law=limit["source"],
                )


def _outside_validity(base: Document, overlay: Document) -> Iterator[Finding]:
    first, last, day = base["effective_from"], base["effective_to"], overlay["effective_from"]
    if (first and day < first) or (last and day > last):
        yield finding(
            ("effective_from",),
            "overlay_outside_regime",
            day=day,
            first=first or "-",
            last=last or "-",
            regime=base["id"],
        )


def _parameter_faults(base: Document, overlay: Document) -> Iterator[Finding]:
    known = declared(base)
    for name, value in overlay.get("parameters", {}).items():
        path: Path = ("parameters", name)
        if name not in known:
            yield finding(path, "parameter_unknown", parameter=name, known=", ".join(known) or "-")
        elif not accepts(known[name][1], value):
            yield wrong_value(path, known[name][1], value)


def _rung_faults(overlay: Document, ladders: Mapping[str, Ladder]) -> Iterator[Finding]:
    for name, rungs in overlay.get("ladder", {}).items():
        if name not in ladders:
            yield finding(("ladder", name), "overlay_ladder_unknown", ladder=name, known=", ".join(ladders) or "-")
            continue
        switched = [rung.id for rung in ladders[name].rungs if rung.switched]
        for index, rung in enumerate(rungs):
            if rung not in switched:
                known = ", ".join(switched) or "-"
                yield finding(("ladder", name, index), "overlay_rung_unknown", ladder=name, rung=rung, known=known)


def apply(base: Document, overlay: Document) -> Document:
    """A copy of ``base`` with the province's settings, their marks ``adopted`` and their source its decision.

    A rule that refers to an adopted parameter and was not binding before becomes ``adopted`` too; one that the law
    itself settles keeps its source. ``overlay`` has no faults.
    """
    document = copy.deepcopy(base)
    seal = {"source": overlay["decision"], "mark": "adopted"}
    values = overlay.get("parameters", {})
    for rule in document.values():
        _adopt_dependents(rule, frozenset(values), seal)
    for parameter in document["parameters"]:
        if parameter["id"] in values:
            parameter.update(seal, value=values[parameter["id"]])
    for limit in document["limits"]:
        if limit["id"] in overlay.get("limits", {}):
            limit.update(seal, period=copy.deepcopy(overlay["limits"][limit["id"]]))
    if "council_rules" in overlay:
        rules, own = document["council_rules"], copy.deepcopy(overlay["council_rules"])
        # What the province did not settle keeps its source: it may warn and not refuse (DESIGN principle 10).
        kept = [each for each in rules.get("sourced", ()) if each["rule"] not in own]
        rules.update(own, sourced=[*kept, *({"rule": name, **seal} for name in own)])
    document[ADOPTED] = {
        "province": overlay["province"],
        "decision": overlay["decision"],
        "effective_from": overlay["effective_from"],
        "title": dict(overlay["title"]),
        "ladder": copy.deepcopy(overlay.get("ladder", {})),
    }
    if "beside" in overlay:
        document[ADOPTED]["beside"] = copy.deepcopy(overlay["beside"])
    return document


def _adopt_dependents(value: Any, adopted: frozenset[str], seal: Mapping[str, str]) -> None:
    """Seal every marked object that refers to an adopted parameter, the innermost one only."""
    for item in _children(value):
        _adopt_dependents(item, adopted, seal)
    open_rule = isinstance(value, dict) and value.get("mark", "adopted") not in BINDING_MARKS
    if open_rule and _own_references(value) & adopted:
        value.update(seal)


def _own_references(value: Any) -> frozenset[str]:
    """Parameters referred to within ``value``, but not within a marked object inside it."""
    found: set[str] = set()
    for item in _children(value):
        name = reference(item)
        if name is not None:
            found.add(name)
        elif not (isinstance(item, dict) and "mark" in item):
            found |= _own_references(item)
    return frozenset(found)


def _children(value: Any) -> Iterable[Any]:
    return value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
