"""Canonical JSON: the bytes that are stored, hashed, and hashed again by an auditor.

The form is RFC 8785 restricted to what ocop_flow writes: strings, integers within 2^53, booleans, null, lists and
objects with ASCII keys. Exact numbers travel as strings.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

# The one library among the deciding modules: the standard one writes the same bytes in eight times as long, which was
# a sixth of every act (tests/unit/test_canonical.py holds both to one form).
import orjson

if TYPE_CHECKING:
    from collections.abc import Callable

Json = dict[str, "Json"] | list["Json"] | str | int | bool | None

_LARGEST = 2**53
_FORM = orjson.OPT_SORT_KEYS | orjson.OPT_STRICT_INTEGER | orjson.OPT_PASSTHROUGH_DATACLASS


def encode(value: Any) -> bytes:
    """Canonical UTF-8 bytes of ``value``.

    raises  ValueError for anything RFC 8785 would write differently or that JSON readers may change: floats, large
            integers, keys that are not ASCII strings, lone surrogates
    """
    check(value)
    return written(value)


def text(value: Any, plain: Callable[[Any], Any] | None = None) -> str:
    """As ``written``, as text."""
    return written(value, plain).decode()


def written(value: Any, plain: Callable[[Any], Any] | None = None) -> bytes:
    """The canonical bytes of what is made of canonical values, which are not looked at again (``encode`` does).

    Tuples stand for lists, days for their ISO texts.
    plain    makes a canonical value of one of any other type
    raises   ValueError for large integers and lone surrogates
    """
    try:
        return orjson.dumps(value, plain, _FORM)
    except orjson.JSONEncodeError as error:
        raise ValueError(str(error)) from error


def decode(data: bytes | str) -> Any:
    """The value whose canonical bytes are ``data``.

    raises  ValueError for what is no JSON
    """
    return orjson.loads(data)


def sha256(data: bytes) -> str:
    """SHA-256 of bytes as 64 lower-case hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()


def digest(value: Any) -> str:
    """SHA-256 of the canonical bytes of ``value``."""
    return sha256(encode(value))


def check(value: Any) -> None:
    """Raises ValueError for what is no canonical value, but for lone surrogates."""
    waiting = [value]
    while waiting:
        each = waiting.pop()
        kind = type(each)
        if kind is str or each is None or kind is bool:
            continue
        if kind is dict:
            for key in each:
                if type(key) is not str or not key.isascii():
                    raise ValueError(f"not an ASCII key: {key!r}")
            waiting.extend(each.values())
        elif kind is list:
            waiting.extend(each)
        elif kind is not int or not -_LARGEST < each < _LARGEST:
            raise ValueError(f"not a canonical value: {each!r}")
