"""``ocop workflow lint`` of anything at all: problems in words, never a crash."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ocop_flow import regimes, yamlfile
from tests.regimes.linting import REFERENCE, lint, told_with_remedies


@pytest.mark.parametrize(
    "data",
    [b"", b"\xff\xfe", b"just text", b"- 1\n", b"a: [", b"schema: 1\n", b"[" * 10_000, b"a: &a [1]\nb: [*a, *a]\n"],
)
def test_what_is_no_workflow_file_is_a_problem_and_not_a_crash(data: bytes) -> None:
    """Anything may be handed in: not text, not YAML, not ours, nested or multiplied to exhaust the machine."""
    found = regimes.lint_file(data, "own.yaml")
    assert found
    assert all(each.where.startswith("own.yaml:") for each in found)


SHAPES: tuple[Any, ...] = (None, True, 7, -1, "", "text", [], [[]], [{}], [None], {}, {"id": {}}, {"parameter": {}})
NAMES = ("os.system", "rating.province_decision", {"parameter": "minima_by"}, {"parameter": "none"})
ODD = st.sampled_from((*SHAPES, *NAMES))


def places(value: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """Every path of a document, the root left out."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [inner for key, item in items for inner in [(*path, key), *places(item, (*path, key))]]


BASE: dict[str, Any] = yamlfile.read(REFERENCE, "own.yaml").data


@settings(max_examples=150)
@given(st.lists(st.tuples(st.sampled_from(places(BASE)), ODD), min_size=1, max_size=3))
def test_no_value_anywhere_makes_the_checks_stumble(changes: list[tuple[tuple[str | int, ...], Any]]) -> None:
    """Whatever stands where: a list of problems with texts, never a crash. JSON is YAML, so it is a file like any."""
    document = copy.deepcopy(BASE)
    for path, value in changes:
        parent: Any = document
        try:
            for step in path[:-1]:
                parent = parent[step]
            parent[path[-1]] = copy.deepcopy(value)
        except (KeyError, IndexError, TypeError):
            continue
    told_with_remedies(lint(json.dumps(document, ensure_ascii=False)))
