"""Histories as OCEL 2.0 (JSON): events with every object that they touch, each with its part in them.

Objects are dossiers, products, entities, units, certificates, signed documents and sittings. Identifiers carry their
type, for a unit and a document may bear the same code. Events come first in the file, so that histories stream; what
was seen on the way, objects and types, follows.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from ocop_flow.domain.open_log import COLUMNS, Row, Trace, values
from ocop_flow.domain.xes import midnight

Json = dict[str, Any]
_TYPES = {str: "string", int: "integer", bool: "boolean"}
#: Columns that say which object, or when, and are no attributes of an event.
_LINKS = frozenset({"dossier", "on", "document", "certificate", "sitting", "actor_unit", "action"})
_EVENT_ATTRIBUTES = {name: _TYPES.get(kind, "time") for name, kind in COLUMNS.items() if name not in _LINKS}
#: Type of object -> its attributes.
_OBJECTS: dict[str, dict[str, str]] = {
    "dossier": {"state": "string", "kind": "string", "track": "string", "regime": "string"},
    "product": {"product_set": "string"},
    "entity": {"entity_kind": "string"},
    **{name: {} for name in ("unit", "certificate", "document", "sitting")},
}


def lines(traces: Iterable[Trace]) -> Iterator[str]:
    """The document, piece by piece."""
    objects: dict[str, Json] = {}
    actions: dict[str, None] = {}
    yield '{"events": [\n'
    comma = ""
    for trace in traces:
        _told_of(trace, objects)
        for row in trace.rows:
            actions.setdefault(row.action)
            yield f"{comma}{_text(_event(trace, row, objects))}"
            comma = ",\n"
    yield '\n],\n"objects": [\n'
    yield ",\n".join(map(_text, objects.values()))
    yield '\n],\n"eventTypes": '
    yield _text([{"name": name, "attributes": _attributes(_EVENT_ATTRIBUTES)} for name in actions])
    yield ',\n"objectTypes": '
    yield _text([{"name": name, "attributes": _attributes(known)} for name, known in _OBJECTS.items()])
    yield "}\n"


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _attributes(known: dict[str, str]) -> list[Json]:
    return [{"name": name, "type": kind} for name, kind in known.items()]


def _told_of(trace: Trace, objects: dict[str, Json]) -> None:
    """The dossier with its states through time, its product, its entity and its commune."""
    opened = midnight(trace.rows[0].on).isoformat()
    product, entity = f"product:{trace.product}", f"entity:{trace.entity}"
    facts = [{"name": name, "time": opened, "value": getattr(trace, name)} for name in ("kind", "track", "regime")]
    state: str | None = None
    for row in trace.rows:
        if row.to_state is not None and row.to_state != state:
            state = row.to_state
            facts.append({"name": "state", "time": midnight(row.on).isoformat(), "value": state})
    related = [(product, "of"), (f"unit:{trace.commune}", "lies in")]
    _add(objects, "dossier", trace.dossier, facts, related)
    about = [{"name": "product_set", "time": opened, "value": trace.product_set}]
    _add(objects, "product", trace.product, about, [(entity, "of")])
    _add(objects, "entity", trace.entity, [{"name": "entity_kind", "time": opened, "value": trace.entity_kind}])
    _add(objects, "unit", trace.commune)


def _add(
    objects: dict[str, Json],
    kind: str,
    code: str,
    attributes: Iterable[Json] = (),
    related: Iterable[tuple[str, str]] = (),
) -> str:
    made = {
        "id": f"{kind}:{code}",
        "type": kind,
        "attributes": list(attributes),
        "relationships": [{"objectId": other, "qualifier": part} for other, part in related],
    }
    return str(objects.setdefault(f"{kind}:{code}", made)["id"])


def _event(trace: Trace, row: Row, objects: dict[str, Json]) -> Json:
    touched = [(f"dossier:{trace.dossier}", "about"), (f"product:{trace.product}", "product")]
    touched.append((f"entity:{trace.entity}", "entity"))
    for kind, code, part in (
        ("unit", row.actor_unit, "acts"),
        ("document", row.document, "signed as"),
        ("certificate", row.certificate, "issues"),
        ("sitting", row.sitting, "at"),
    ):
        if code is not None:
            touched.append((_add(objects, kind, code), part))
    shown = {name: value for name, value in values(row, COLUMNS).items() if name in _EVENT_ATTRIBUTES}
    shown["recorded_at"] = row.recorded_at.isoformat()
    return {
        "id": row.hash,
        "type": row.action,
        "time": midnight(row.on).isoformat(),
        "attributes": [{"name": name, "value": value} for name, value in shown.items()],
        "relationships": [{"objectId": other, "qualifier": part} for other, part in touched],
    }
