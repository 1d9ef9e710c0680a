"""Two regimes side by side: what was added, removed or changed, place by place.

Works on the effective documents, so that a province's own settings and the criteria are compared too. A change of
wording or of the source alone is none.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ocop_flow.errors import Text

if TYPE_CHECKING:
    from ocop_flow.domain.criteria import CriteriaSet
    from ocop_flow.domain.regime import Document

#: Places compared, in the order in which they are told.
SECTIONS = (
    "receives",
    "states",
    "actions",
    "roles",
    "conditions",
    "evidence",
    "limits",
    "rounds",
    "bands",
    "minima",
    "criteria",
    "certificate",
    "parameters",
)
#: Identifier of an entry -> its name in two languages, and what is compared of it.
Entries = dict[str, tuple[Text | None, dict[str, Any]]]
#: The tree that a regime's document names for a product set by its hash; None where it is not at hand.
Trees = Callable[[str], "CriteriaSet | None"]


@dataclass(frozen=True, slots=True)
class Change:
    """``change`` is added, removed or changed; ``field`` says what changed within an entry, None for a whole one."""

    section: str
    change: str
    id: str
    label: Text | None
    field: str | None
    before: Any
    after: Any


def differences(old: Document, new: Document, trees: Trees) -> tuple[Change, ...]:
    """Every difference, section by section in the order of SECTIONS."""
    before, after = _read(old, trees), _read(new, trees)
    return tuple(change for name in SECTIONS for change in _compared(name, before[name], after[name]))


def _compared(section: str, old: Entries, new: Entries) -> list[Change]:
    found = []
    for id_ in dict.fromkeys((*old, *new)):
        label, before = old.get(id_, (None, None))
        later, after = new.get(id_, (None, None))
        label = later or label
        if before is None or after is None:
            added = before is None
            found.append(Change(section, "added" if added else "removed", id_, label, None, before, after))
            continue
        for field in dict.fromkeys((*before, *after)):
            if before.get(field) != after.get(field):
                change = (section, "changed", id_, label, field, before.get(field), after.get(field))
                found.append(Change(*change))
    return found


def _read(doc: Document, trees: Trees) -> dict[str, Entries]:
    return {
        "receives": {"receives": (None, {"tiers": doc["receives"]})},
        "states": {
            each["id"]: (_text(each), _picked(each, ("tier", "step", "limit", "clock"))) for each in doc["states"]
        },
        "actions": {
            each["id"]: (_text(each), _picked(each, ("kind", "from", "to", "decision", "reason", "scores", "files")))
            for each in doc["actions"]
        },
        "roles": {each["id"]: (_text(each), {"roles": each.get("roles", [])}) for each in doc["actions"]},
        "conditions": _guards(doc),
        "evidence": _evidence(doc),
        "limits": {each["id"]: (_text(each), _picked(each, ("period", "states", "kinds"))) for each in doc["limits"]},
        "rounds": {
            f"{each['tier']}_{each['number']}": (None, _picked(each, ("intake", "finish")))
            for each in doc.get("rounds", ())
        },
        "bands": {
            f"stars_{each['stars']}": (None, _picked(each, ("from", "recognised_by")))
            for each in doc["rating"].get("bands", ())
        },
        "minima": _minima(doc, trees),
        "criteria": _criteria(doc, trees),
        "certificate": {"certificate": (None, _picked(doc["certificate"], ("months", "last_day", "product_code")))},
        "parameters": {each["id"]: (_text(each), {"value": each["value"]}) for each in doc["parameters"]},
    }


def _text(entry: Mapping[str, Any]) -> Text:
    return Text(entry["label"]["vi"], entry["label"]["en"])


def _picked(entry: Mapping[str, Any], keys: tuple[str, ...]) -> dict[str, Any]:
    return {key: entry[key] for key in keys if entry.get(key) not in (None, False, "none")}


def _guards(doc: Document) -> Entries:
    found: Entries = {}
    for action in doc["actions"]:
        guards = {
            key: value
            for guard in action.get("guards", ())
            for key, value in guard.items()
            if key not in ("source", "mark")
        }
        if guards or action.get("separate_from"):
            found[action["id"]] = (_text(action), {**guards, **_picked(action, ("separate_from",))})
    return found


def _evidence(doc: Document) -> Entries:
    """What each action asks for: copies by kind."""
    labels = {each["id"]: _text(each) for each in doc["evidence"]}
    found: Entries = {}
    for action in doc["actions"]:
        for need in action.get("evidence", ()):
            entry = _picked(need, ("copies", "goods_only", "kinds"))
            found[f"{action['id']}:{need['kind']}"] = (labels.get(need["kind"]), entry)
    return found


def _minima(doc: Document, trees: Trees) -> Entries:
    """How minima are read, and how many each product set has for each star."""
    rating = doc["rating"]
    found: Entries = {"rating": (None, _picked(rating, ("below_three_star_minimum", "minima_by")))}
    if rating.get("conditions"):
        found["conditions"] = (None, {"from": rating["conditions"]["from"]})
    for name, digest in doc.get("criteria", {}).items():
        tree = trees(digest)
        counts = _stars(tree) if tree is not None else {}
        if counts:
            found[name] = (tree.name if tree is not None else None, counts)
    return found


def _stars(tree: CriteriaSet) -> dict[str, int]:
    counts: dict[str, int] = {}
    for leaf in tree.leaves:
        for star in leaf.minima:
            counts[f"stars_{star}"] = counts.get(f"stars_{star}", 0) + 1
    return dict(sorted(counts.items()))


def _criteria(doc: Document, trees: Trees) -> Entries:
    """The parts, and each product set with its number of scored criteria."""
    found: Entries = {"parts": (None, dict(doc["rating"].get("parts", {})))}
    for name, digest in doc.get("criteria", {}).items():
        tree = trees(digest)
        told = {"scored": sum(1 for _ in tree.leaves)} if tree is not None else {}
        found[name] = (tree.name if tree is not None else None, {**told, "hash": digest[:12]})
    return found
