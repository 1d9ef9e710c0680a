"""JSON output held to ``contract.schema.yaml``: fields may be added, never removed or renamed (DESIGN section 7)."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import yaml
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

_FILE = Path(__file__).parents[1] / "contract" / "contract.schema.yaml"


@cache
def _definitions() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(_FILE.read_text(encoding="utf-8"))["$defs"]
    return found


def held(document: Any, command: str) -> Any:
    """The document, if it is as the contract says for a command; AssertionError naming every breach if not."""
    validator = Draft202012Validator({**_definitions()[command], "$defs": _definitions()})
    breaches = [f"{error.json_path}: {error.message}" for error in validator.iter_errors(document)]
    assert not breaches, breaches
    return document
