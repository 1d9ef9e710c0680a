"""Parameters of a regime file: what each may hold, and their values put where the rules refer to them.

A parameter is a question that the sources leave open. It is declared once with its type, source and mark; a rule that
depends on it says ``{parameter: id}`` in place of the value.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from ocop_flow.domain.finding import Finding, Path, finding
from ocop_flow.domain.units import TIERS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ocop_flow.domain.regime import Document

TYPES = ("integer", "integer_or_none", "boolean", "choice", "tier", "text")


def declared(document: Document) -> dict[str, tuple[Path, Document]]:
    """Parameter id -> its path and declaration; entries of another shape are left to the schema to report."""
    entries = document.get("parameters")
    found: dict[str, tuple[Path, Document]] = {}
    for index, entry in enumerate(entries if isinstance(entries, list) else ()):
        if isinstance(entry, dict) and isinstance(entry.get("id"), str):
            found.setdefault(entry["id"], (("parameters", index), entry))
    return found


def reference(value: Any) -> str | None:
    """The parameter that ``value`` refers to; None if it is no reference."""
    if isinstance(value, dict) and list(value) == ["parameter"] and isinstance(value["parameter"], str):
        return value["parameter"]
    return None


def accepts(parameter: Document, value: Any) -> bool:
    """Whether ``value`` has the declared type; True for a type that the schema refuses anyway."""
    kind = parameter.get("type")
    if kind in ("integer", "integer_or_none"):
        return (type(value) is int) or (value is None and kind == "integer_or_none")
    if kind == "boolean":
        return type(value) is bool
    if kind == "choice":
        choices = parameter.get("choices")
        return isinstance(value, str) and isinstance(choices, list) and value in choices
    if kind == "tier":
        return isinstance(value, str) and value in TIERS
    return kind != "text" or (isinstance(value, str) and bool(value.strip()))


def wrong_value(path: Path, parameter: Document, value: Any) -> Finding:
    """What to say of a value that ``accepts`` refused."""
    return finding(
        path,
        "parameter_wrong_type",
        parameter=str(parameter.get("id")),
        value=shown(value),
        expected=_expected(parameter),
    )


def shown(value: Any) -> str:
    """A value as the file would write it, cut short."""
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 60 else text[:59] + "…"


def _expected(parameter: Document) -> str:
    kind = str(parameter.get("type"))
    if kind == "tier":
        return " | ".join(TIERS)
    if kind == "choice":
        choices = parameter.get("choices")
        return " | ".join(map(str, choices)) if isinstance(choices, list) and choices else "choices: […]"
    return {"integer_or_none": "integer | null", "boolean": "true | false"}.get(kind, kind)


def faults(document: Document) -> Iterator[Finding]:
    """Declared values that do not fit their own type, and choices where nothing is chosen."""
    for path, parameter in declared(document).values():
        if "value" in parameter and not accepts(parameter, parameter["value"]):
            yield wrong_value((*path, "value"), parameter, parameter["value"])
        if "choices" in parameter and parameter.get("type") != "choice":
            yield finding((*path, "choices"), "parameter_choices_unused", parameter=str(parameter["id"]))


def resolve(document: Document) -> tuple[Document, list[Finding]]:
    """A copy with every reference replaced by its value, and the references that lead nowhere.

    A reference to a parameter whose own value is faulty stays as it is: that fault is already reported once.
    """
    known = {id_: entry for id_, (_, entry) in declared(document).items()}
    missing: list[Finding] = []

    def resolved(value: Any, path: Path) -> Any:
        name = reference(value)
        if name is not None:
            if name not in known:
                missing.append(finding(path, "parameter_unknown", parameter=name, known=", ".join(known) or "-"))
                return value
            return known[name].get("value") if accepts(known[name], known[name].get("value")) else value
        if isinstance(value, dict):
            return {key: resolved(item, (*path, key)) for key, item in value.items()}
        if isinstance(value, list):
            return [resolved(item, (*path, index)) for index, item in enumerate(value)]
        return value

    return resolved(document, ()), missing
