"""Checks the hash chains of subjects from their stored bytes, in one pass over the log ordered by subject.

Whoever checks must be faster than whoever reads: an event's bytes are hashed as they are stored, and what the chain
needs of them is looked for where the canonical form puts it. Only bytes that do not look as they should are parsed, to
name the fault. A key that the check relies on must stand in the bytes once: a second one nested deeper is parsed too.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from ocop_flow.domain import canonical
from ocop_flow.domain.event import GENESIS

Json = dict[str, Any]
#: Kind, subject, seq, hash, action, recorded_at, occurred_on, bytes, id, position (None: not ordered yet).
LogRow = tuple[str, str, int, str, str, str, str, bytes, int, int | None]


#: Detail of a finding at an event whose ``prev_hash`` is not the hash of the one before.
LINK = "prev_hash"


class Finding(NamedTuple):
    """One fault: its kind (DESIGN section 7), whose stream, which sequence and position, and a word on what differs."""

    kind: str
    subject_kind: str | None
    subject: str | None
    seq: int | None
    position: int | None
    detail: str


class Unplaced(NamedTuple):
    """An event that stands outside the order of the log although later ones stand in it."""

    id: int
    subject_kind: str
    subject: str
    seq: int


@dataclass
class Walk:
    """What a walk over part of the log found.

    size      positions below this one are checked; later ones came after the check began
    settled   every event up to this id had a position then
    placed    events with a position below ``size``
    gaps      sequence numbers that are lacking, as (kind, subject, seq)
    """

    size: int
    settled: int
    events: int = 0
    placed: int = 0
    findings: list[Finding] = field(default_factory=list)
    unplaced: list[Unplaced] = field(default_factory=list)
    gaps: list[tuple[str, str, int]] = field(default_factory=list)


class Spelled(dict[str | int, bytes]):
    """How few values, often met, stand in the bytes: spelled once each."""

    def __init__(self, before: str, after: str) -> None:
        super().__init__()
        self._before, self._after = before, after

    def __missing__(self, value: str | int) -> bytes:
        found = f"{self._before}{value}{self._after}".encode()
        if len(self) < 10_000:
            self[value] = found
        return found


class Stream(NamedTuple):
    """The events of one subject, in order, as bytes with their hashes, and whether their chain is whole."""

    kind: str
    subject: str
    bodies: list[tuple[bytes, str]]
    whole: bool


def walk(rows: Iterable[LogRow], found: Walk, *, keep: bool) -> Iterator[Stream]:
    """Check every row; gives each subject's stream when it is over.

    One long loop on purpose: a log has millions of rows, and a call for each would cost more than the check itself.

    keep  whether the bytes are handed on with the stream
    """
    sha, size, settled = hashlib.sha256, found.size, found.settled
    at_kind = at_subject = None
    previous, expected, last_position, whole = GENESIS, 1, -1, True
    events = placed = 0
    bodies: list[tuple[bytes, str]] = []
    named = b""
    doubtful: set[str] = set()
    starts = Spelled('{"action":"', '","actor":{')
    days = Spelled(',"occurred_on":"', '","overridden":[')
    numbers = Spelled(',"seq":', ',"signer":')
    for row in rows:
        kind, subject, seq, digest, action, recorded, occurred, body, number, position = row
        if subject != at_subject or kind != at_kind:
            if at_kind is not None and at_subject is not None:
                yield Stream(at_kind, at_subject, bodies, whole)
            at_kind, at_subject, bodies = kind, subject, []
            previous, expected, last_position, whole = GENESIS, 1, -1, True
            doubtful.clear()
            named = b',"subject":' + _named(kind, subject) + b',"to_state":'
        events += 1
        if (
            seq == expected
            and type(body) is bytes
            and sha(body).hexdigest() == digest
            and body.startswith(starts[action])
            # The one link of the event; what the canonical form sorts behind it is looked for behind it alone.
            and (at := body.rfind(b',"prev_hash":"')) > 0
            and body.find(b'"prev_hash":') == at + 1
            and (tail := body[at:]).startswith(b',"prev_hash":"' + previous.encode() + b'","reason":')
            and body.rfind(days[occurred], 0, at) > 0
            and b',"recorded_at":"' + recorded.encode() + b'","recorder":{' in tail
            and numbers[seq] in tail
            and named in tail
            and tail.count(b'"seq":') == 1
            and tail.count(b',"subject":{') == 1
        ):
            previous = digest
        else:
            fault = _examine(row, previous, expected, found, doubtful)
            whole = whole and not fault
            previous, seq = digest, max(seq, expected - 1)
        expected = seq + 1
        if position is not None and position < size:
            placed += 1
            if position <= last_position:
                found.findings.append(Finding("reordered", kind, subject, seq, position, "position"))
            last_position = position
        elif number <= settled:
            found.unplaced.append(Unplaced(number, kind, subject, seq))
        if keep:
            # Text instead of bytes is somebody else's hand; where it says the same, the form alone is no fault.
            bodies.append((body if type(body) is bytes else str(body).encode(), digest))
    found.events += events
    found.placed += placed
    if at_kind is not None and at_subject is not None:
        yield Stream(at_kind, at_subject, bodies, whole)


def sound(rows: Iterable[LogRow], found: Walk) -> Iterator[LogRow]:
    """The rows whose columns hold what they are for; each other one is told as modified, and left out of its stream."""
    for row in rows:
        kind, subject, seq, digest, action, recorded, occurred, _body, number, position = row
        texts = all(isinstance(each, str) for each in (kind, subject, digest, action, recorded, occurred))
        if texts and isinstance(seq, int) and isinstance(number, int) and isinstance(position, int | None):
            yield row
            continue
        found.events += 1
        place = position if isinstance(position, int) else None
        found.findings.append(
            Finding("modified", str(kind), str(subject), seq if isinstance(seq, int) else None, place, "columns")
        )


def _named(kind: str, subject: str) -> bytes:
    """The subject as the canonical form spells it; most need no escape, and seeing that is cheaper than encoding."""
    if subject.isascii() and subject.isprintable() and '"' not in subject and "\\" not in subject:
        return f'{{"code":"{subject}","kind":"{kind}"}}'.encode()
    return canonical.encode({"code": subject, "kind": kind})


def _examine(row: LogRow, previous: str, expected: int, found: Walk, doubtful: set[str]) -> bool:
    """Name what is wrong with a row that does not look as it should; False if nothing is.

    doubtful  hashes that stood at or before an earlier fault of the stream: a link to one of them is no second fault
    """
    kind, subject, seq, digest, action, recorded, occurred, stored, _number, position = row
    body = stored if isinstance(stored, bytes) else bytes(str(stored), "utf-8", "surrogateescape")
    told = gap = _gap(row, expected, found)

    def tell(fault: str, detail: str) -> bool:
        found.findings.append(Finding(fault, kind, subject, seq, position, detail))
        doubtful.update((previous, digest, computed))
        return True

    computed = canonical.sha256(body)
    if computed != digest:
        return tell("modified", "bytes")
    try:
        event: Json = canonical.decode(body)
        columns = (event["action"], event["recorded_at"], event["occurred_on"])
        owner, number, link = (event["subject"]["kind"], event["subject"]["code"]), event["seq"], event["prev_hash"]
    except (ValueError, KeyError, TypeError):
        return tell("modified", "form")
    if owner != (kind, subject):
        return tell("moved", f"{owner[0]} {owner[1]}")
    if number != seq:
        return tell("reordered", f"{number}")
    if seq < expected:
        return tell("inserted", "seq")
    if link != previous and link not in doubtful and not gap:
        told = tell("modified", LINK)
    if columns != (action, recorded, occurred):
        told = tell("modified", "columns")
    return told


def _gap(row: LogRow, expected: int, found: Walk) -> bool:
    """Note the sequence numbers that lack before this row."""
    kind, subject, seq = row[:3]
    if seq <= expected:
        return False
    # A forged number must not make a list without end.
    found.gaps += [(kind, subject, missing) for missing in range(expected, min(seq, expected + 1000))]
    return True
