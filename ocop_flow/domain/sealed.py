"""Where an event names sealed values: personal data and files stand outside the log under salted digests."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from ocop_flow.domain.event import Event, Told

_DIGEST = re.compile(r"[0-9a-f]{64}")


class Named(NamedTuple):
    """A digest and what it may stand for: a contact, a kind of evidence, or the name under which it stands."""

    field: str
    digest: str


def named(event: Event) -> Iterator[Named]:
    """Every digest in an event that may stand for a sealed value; hashes of other things are among them."""
    yield from _in(event.data, "data")
    if event.signer is not None and event.signer.file is not None:
        yield Named("decision_file", event.signer.file)


def expected(event: Told) -> Iterator[str]:
    """Digests in an event that stand for sealed values and for nothing else."""
    data = event.data
    evidence = data.get("evidence")
    named_values = (data.get("contacts"), data.get("representative"))
    found = [value for each in named_values if isinstance(each, dict) for value in each.values()]
    found += [item.get("file") for item in evidence if isinstance(item, dict)] if isinstance(evidence, list) else []
    found += [data.get("email"), event.signer.file if event.signer else None]
    yield from (digest for digest in found if isinstance(digest, str))


def withheld_by(event: Told) -> list[str]:
    """Digests that the decision in this event withholds."""
    return list(event.data["digests"]) if event.action == "withhold" else []


def _in(value: Any, name: str) -> Iterator[Named]:
    if isinstance(value, str):
        if _DIGEST.fullmatch(value):
            yield Named(name, value)
    elif isinstance(value, list):
        for item in value:
            yield from _in(item, name)
    elif isinstance(value, dict):
        kind = value.get("kind")
        for key, item in value.items():
            yield from _in(item, kind if key == "file" and isinstance(kind, str) else key)
