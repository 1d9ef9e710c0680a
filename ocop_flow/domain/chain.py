"""Checks the hash chain of one subject from its stored bytes; smaller than the writer on purpose."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from ocop_flow.domain import canonical
from ocop_flow.domain.event import GENESIS


@dataclass(frozen=True, slots=True)
class Fault:
    """The first fault of a chain: what kind, and at which sequence number."""

    kind: Literal["modified", "missing", "inserted", "reordered"]
    seq: int


def verify(stored: Iterable[tuple[int, str, bytes]]) -> Fault | None:
    """First fault of a subject's stored events, or None.

    stored  (seq, hash, canonical bytes) in the order of the store's ``seq`` column
    """
    previous, expected = GENESIS, 1
    for seq, stored_hash, body in stored:
        if seq != expected:
            return Fault("missing" if seq > expected else "inserted", expected)
        if canonical.sha256(body) != stored_hash:
            return Fault("modified", seq)
        event = canonical.decode(body)
        if event["seq"] != seq:
            return Fault("reordered", seq)
        if event["prev_hash"] != previous:
            return Fault("modified", seq)
        previous, expected = stored_hash, expected + 1
    return None
