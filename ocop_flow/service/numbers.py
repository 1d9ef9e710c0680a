"""Many values asked for in few statements."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

#: Values asked for in one statement.
_CHUNK = 500


def chunks(values: Sequence[str]) -> Iterator[tuple[str, dict[str, str]]]:
    """(placeholders, parameters) of as many values as one statement takes."""
    for start in range(0, len(values), _CHUNK):
        params = {f"v{index}": value for index, value in enumerate(values[start : start + _CHUNK])}
        yield ", ".join(f":{name}" for name in params), params
