"""Documents against the published JSON Schemas, each fault as a finding that people can act on."""

from __future__ import annotations

import json
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

from ocop_flow.domain.finding import Finding, Path, finding
from ocop_flow.domain.guards import PREDICATES
from ocop_flow.domain.parameters import shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

KINDS = ("regime", "overlay", "ladder", "beside")
#: JSON Schema's words for types -> those of a person who writes YAML.
_TYPES = {"object": "{…}", "array": "[…]", "string": '"…"', "integer": "1", "boolean": "true | false", "null": "null"}


def schema(kind: str) -> dict[str, Any]:
    """The published schema of one of KINDS."""
    text = (resources.files("ocop_flow.workflows") / "schema" / f"{kind}.schema.json").read_text(encoding="utf-8")
    document: dict[str, Any] = json.loads(text)
    return document


def findings(kind: str, document: Any) -> list[Finding]:
    """Every fault of ``document`` against the schema of ``kind``, in the order of the document's keys."""
    found: list[Finding] = []
    for error in _innermost(_validator(kind).iter_errors(document)):
        found += [each for each in _explained(error) if each not in found]
    misnamed = {each.path[:-1] for each in found if each.reason.code == "guard_unknown"}
    return [each for each in found if each.reason.code != "schema_not_one" or each.path not in misnamed]


@cache
def _validator(kind: str) -> Any:
    # Imported here: only linting, adopting and setting up ever need it, and it takes a tenth of a second.
    from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

    return Draft202012Validator(schema(kind), format_checker=Draft202012Validator.FORMAT_CHECKER)


def _innermost(errors: Iterable[Any]) -> Iterator[Any]:
    """Errors with ``anyOf`` opened: its first alternative is what was meant (the second is null or a reference)."""
    for error in errors:
        if error.validator == "anyOf":
            yield from _innermost(inner for inner in error.context if inner.schema_path[0] == 0)
        else:
            yield error


def _explained(error: Any) -> Iterator[Finding]:
    path: Path = tuple(error.absolute_path)
    value, rule, limit = error.instance, error.validator, error.validator_value
    if "propertyNames" in error.absolute_schema_path:
        path = (*path, value)
    if rule == "required":
        for key in limit:
            if key not in value:
                yield finding(path, "schema_key_missing", key=key)
    elif rule == "additionalProperties":
        yield from _unknown_keys(path, value, list(error.schema["properties"]))
    elif rule == "type":
        yield _wrong_type(path, value, [limit] if isinstance(limit, str) else limit)
    elif rule in ("enum", "const"):
        allowed = ", ".join(map(str, limit if rule == "enum" else [limit]))
        yield finding(path, "schema_not_in_list", value=shown(value), allowed=allowed)
    elif rule in ("pattern", "format"):
        yield finding(path, f"schema_form_{error.schema['title']}", value=shown(value))
    elif rule in ("minimum", "maximum"):
        least, most = error.schema.get("minimum", "-"), error.schema.get("maximum", "-")
        yield finding(path, "schema_out_of_range", value=value, least=least, most=most)
    elif rule in ("minItems", "maxItems"):
        least, most = error.schema.get("minItems", 0), error.schema.get("maxItems", "-")
        yield finding(path, "schema_item_count", count=len(value), least=least, most=most)
    elif rule in ("minProperties", "maxProperties"):
        yield finding(path, "schema_not_one", known=_choices(error.schema))
    elif rule == "uniqueItems":
        yield finding(path, "schema_items_repeated")
    else:
        yield finding(path, "schema_too_long", length=len(value), limit=limit)


def _unknown_keys(path: Path, value: dict[str, Any], known: list[str]) -> Iterator[Finding]:
    if len(path) > 1 and path[-2] == "guards":
        names = ", ".join(PREDICATES)
        yield from (finding((*path, key), "guard_unknown", guard=key, known=names) for key in value if key not in known)
        return
    for key in value:
        if key not in known:
            yield finding((*path, key), "schema_key_unknown", key=key, known=", ".join(known))


def _wrong_type(path: Path, value: Any, types: list[str]) -> Finding:
    if "string" in types and isinstance(value, int):
        return finding(path, "schema_unquoted", value=shown(value))
    if "parameter" in path and isinstance(value, dict):
        return finding(path, "schema_wrong_type", value=shown(value), expected=_TYPES["string"])
    return finding(path, "schema_wrong_type", value=shown(value), expected=" | ".join(_TYPES[each] for each in types))


def _choices(schema_part: dict[str, Any]) -> str:
    """Keys of which exactly one must stand; free names where the schema lists none."""
    return ", ".join(key for key in schema_part.get("properties", {}) if key not in ("source", "mark")) or "…"
