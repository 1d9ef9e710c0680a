"""From what a walk over the log left open to named faults: events without a place, places without an event."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import zip_longest

from ocop_flow.domain.chain import LINK, Finding, Unplaced

#: (kind, subject, sequence number) of an event that a stream lacks.
Gap = tuple[str, str, int]


def settle(
    findings: Iterable[Finding],
    unplaced: Iterable[Unplaced],
    lost: Sequence[int],
    lacking: Sequence[int],
    gaps: Sequence[Gap],
    ahead: Sequence[Gap],
    size: int,
) -> list[Finding]:
    """Every fault once.

    unplaced  events that stand outside the order although later ones stand in it
    lost      positions that name no event by its id and hash, ascending
    lacking   positions that are gone themselves, ascending; from ``size`` on they are known from a head
    gaps      sequence numbers that lack within a stream
    ahead     streams whose view knows more events than they have: the first of these
    size      of the order that was checked

    A place without its event is that of an event that was rewritten, each with the one next in order; what places are
    left explain gaps, then streams that were cut. An event without a place lost it, or was inserted.
    """
    rewritten = sorted(unplaced)
    replaced = {(each.subject_kind, each.subject, each.seq + 1) for each in rewritten}
    found = [
        each for each in findings if each.detail != LINK or (each.subject_kind, each.subject, each.seq) not in replaced
    ]
    named = {(each.subject_kind, each.subject, each.seq) for each in found}
    altered, displaced = rewritten[: len(lost)], rewritten[len(lost) :]
    for event, position in zip(altered, lost, strict=False):
        kind, subject, seq = event.subject_kind, event.subject, event.seq
        found += [] if (kind, subject, seq) in named else [Finding("modified", kind, subject, seq, position, "order")]
    for displaced_event, place in zip_longest(displaced, lacking):
        found.append(_displaced(displaced_event, place, size))
    rest = lost[len(altered) :]
    for gap, position in zip_longest(gaps, rest[: len(gaps)]):
        found.append(Finding("missing", gap[0], gap[1], gap[2], position, "seq"))
    return found + _cut(rest[len(gaps) :], ahead, size)


def _displaced(event: Unplaced | None, place: int | None, size: int) -> Finding:
    """An event whose place is gone, a place that is gone, or an event that never had one."""
    kind = "inserted" if place is None else "missing" if place < size else "truncated"
    if event is None:
        return Finding(kind, None, None, None, place, "order")
    return Finding(kind, event.subject_kind, event.subject, event.seq, place, "order")


def _cut(places: Sequence[int], ahead: Sequence[Gap], size: int) -> list[Finding]:
    """Streams known to be longer, with the places of what they lost; then places of which nothing more is known."""
    found = [
        Finding("truncated", kind, subject, seq, position, "view")
        for (kind, subject, seq), position in zip_longest(ahead, places[: len(ahead)])
    ]
    left = places[len(ahead) :]
    tail = size - len(left)
    return found + [
        Finding("truncated" if position >= tail else "missing", None, None, None, position, "order")
        for position in left
    ]
