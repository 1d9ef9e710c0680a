"""Canonical JSON, held against two independent writers: RFC 8785's own, and the standard library's."""

from __future__ import annotations

import json
from datetime import date
from fractions import Fraction

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from ocop_flow.domain import canonical

_TEXT = st.text(st.characters(codec="utf-8"))
_LEAVES = st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | _TEXT
_KEYS = st.text(st.characters(max_codepoint=127))
_VALUES = st.recursive(_LEAVES, lambda each: st.lists(each) | st.dictionaries(_KEYS, each), max_leaves=30)


@given(_VALUES)
def test_the_bytes_are_those_of_rfc_8785_and_of_the_standard_library(value: object) -> None:
    standard = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    assert canonical.encode(value) == rfc8785.dumps(value) == standard  # type: ignore[arg-type]


@given(_VALUES)
def test_what_is_written_is_read_again(value: object) -> None:
    assert canonical.decode(canonical.encode(value)) == value
    assert canonical.decode(canonical.text(value)) == value


@pytest.mark.parametrize(
    "value",
    [1.0, float("nan"), 2**53, -(2**53), {"chữ": 1}, {1: 1}, "\ud800", (1,), date(2026, 6, 1), Fraction(1, 2), b"1"],
    ids=repr,
)
def test_what_others_would_write_or_read_differently_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match=r"."):
        canonical.encode({"value": value})


@pytest.mark.parametrize("data", [b"", b"{", b"NaN", b'{"a":1}x', b"\xff", b'"\\ud800"', b"\xef\xbb\xbf1"], ids=repr)
def test_what_is_no_json_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        canonical.decode(data)
