"""Parts of a whole check of the log: some subjects, or some positions; each in a transaction of its own.

A part's result is plain data, so that parts may be done in other processes, kept, and put together later.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

from ocop_flow.domain import canonical, chain, dossier_fold, dossier_json, merkle, sealed
from ocop_flow.domain.chain import Finding, Stream, Walk
from ocop_flow.domain.event import Recorded
from ocop_flow.errors import InputInvalid, NotFound, Unavailable
from ocop_flow.service.heads import LEVEL, TILE, hash_bytes

if TYPE_CHECKING:
    from ocop_flow.ports import UnitOfWork
    from ocop_flow.service.office import Office

Json = dict[str, Any]
#: Positions of one part: a power of two, so that parts join as subtrees.
SPAN_LEVEL = 16
SPAN = 1 << SPAN_LEVEL
#: Kinds of streams whose events publish a document by its hash: laws and notices of days off.
_PUBLISHED = ("workflow", "calendar")
#: What reading a value raises that somebody else's hand wrote.
_UNREADABLE = (ValueError, KeyError, TypeError, AttributeError, IndexError, InputInvalid, NotFound)


class Subjects(NamedTuple):
    """The subjects in ]after, until]; ``views``: whether their folds are held against the views too."""

    after: tuple[str, str] | None
    until: tuple[str, str] | None
    size: int
    settled: int
    views: bool


class Positions(NamedTuple):
    """The positions [first, end), ``first`` a multiple of SPAN; ``sizes`` of the heads that lie within."""

    first: int
    end: int
    sizes: tuple[int, ...]


def subjects(uow: UnitOfWork, part: Subjects) -> Json:
    """Chains of a part, and its folds against the views.

    A column may hold what no program wrote there, and comparing it fails: the part is then read again, such rows aside.
    """
    try:
        return _subjects(uow, part, sound=True)
    except (TypeError, AttributeError, ValueError):
        return _subjects(uow, part, sound=False)


def _subjects(uow: UnitOfWork, part: Subjects, *, sound: bool) -> Json:
    found = Walk(part.size, part.settled)
    rows = uow.log(part.after, part.until)
    known: dict[str, bool] = {}
    ahead: list[tuple[str, str, int]] = []
    decided: list[str] = []
    count = 0
    for stream in chain.walk(rows if sound else chain.sound(rows, found), found, keep=part.views):
        count += stream.kind == "dossier"
        if part.views and stream.whole:
            events = [Recorded(body, digest) for body, digest in stream.bodies]
            lacking = list(_evidence(uow, events, known))
            found.findings += lacking
            if not any(each.detail in known for each in lacking):
                found.findings += _view(uow, stream, events, ahead)
            decided += [digest for event in events for digest in sealed.withheld_by(event)]
    return {
        "events": found.events,
        "dossiers": count,
        "placed": found.placed,
        "findings": [list(each) for each in found.findings],
        "unplaced": [list(each) for each in found.unplaced],
        "gaps": [list(each) for each in found.gaps],
        "ahead": [list(each) for each in ahead],
        "decided": decided,
    }


def _view(
    uow: UnitOfWork, stream: Stream, events: Sequence[Recorded], ahead: list[tuple[str, str, int]]
) -> Iterator[Finding]:
    """The rows of a subject against the fold of its events."""
    if stream.kind != "dossier":
        yield from _rows(uow, stream)
        return
    folded = dossier_fold.replay(events)
    if folded is None:
        return
    try:
        view = uow.dossier(stream.subject)
        expected = dossier_json.from_json(dossier_json.to_json(folded))
        differing = ["dossier"] if view != expected else uow.differing(folded)
    except (*_UNREADABLE, Unavailable):
        # The row, or the law that it is read by: whose bytes are not theirs is told besides.
        yield Finding("view_differs", stream.kind, stream.subject, None, None, "dossier: unreadable")
        return
    if view is not None and view.version > folded.version:
        ahead.append((stream.kind, stream.subject, folded.version + 1))
    for table in differing:
        yield Finding("view_differs", stream.kind, stream.subject, None, None, table)


def _rows(uow: UnitOfWork, stream: Stream) -> Iterator[Finding]:
    try:
        differing = uow.differing_rows(stream.kind, [body for body, _ in stream.bodies])
    except _UNREADABLE:
        differing = ["unreadable"]
    for table in differing:
        yield Finding("view_differs", stream.kind, stream.subject, None, None, table)


def _evidence(uow: UnitOfWork, events: Sequence[Recorded], known: dict[str, bool]) -> Iterator[Finding]:
    """What events name by hash must be there: sealed values and workflow documents, each told once in a stream."""
    told: set[str] = set()
    kind = events[0].subject_kind if events else None
    for event in events:
        for digest in sealed.expected(event):
            if not uow.query("SELECT 1 FROM personal WHERE digest = :digest", digest=digest):
                yield _lacks(event, digest)
        law = event.data.get("hash") if kind in _PUBLISHED else event.workflow_hash
        if law is not None:
            if law not in known:
                known[law] = _kept(uow, law)
            if not known[law] and law not in told:
                told.add(law)
                yield _lacks(event, law)


def _kept(uow: UnitOfWork, digest: str) -> bool:
    return bool(uow.query("SELECT 1 FROM document WHERE hash = :hash", hash=digest))


def _lacks(event: Recorded, digest: str) -> Finding:
    return Finding("evidence_differs", event.subject_kind, event.subject, event.seq, None, digest)


def positions(uow: UnitOfWork, part: Positions) -> Json:
    """Subtree over a part of the order: its compact range at the end and at each head's size; positions that lack."""
    lacking: list[int] = []
    at: dict[int, list[bytes]] = {}
    wanted = sorted(part.sizes, reverse=True)
    peaks: list[bytes] = []
    leaves: list[bytes] = []
    tiles: list[bytes] = []
    count = part.first
    rows = iter(uow.order(part.first, part.end))
    while batch := list(islice(rows, TILE)):
        gone = _gone(count, batch)
        leaves += _leaves(batch) if not gone else _leaves_around(count, batch)
        lacking += gone
        count = batch[-1][0] + 1
        _cut_tiles(part.first, leaves, tiles, at, wanted)
    lacking += range(count, part.end)
    leaves += [merkle.EMPTY_ROOT] * (part.end - count)
    _cut_tiles(part.first, leaves, tiles, at, wanted)
    peaks = merkle.extend(merkle.extend([], 0, tiles, LEVEL), len(tiles) * TILE, leaves)
    for size in wanted:
        at[size] = merkle.extend(merkle.extend([], 0, tiles, LEVEL), len(tiles) * TILE, leaves[: size % TILE])
    first = part.first // TILE
    stored = uow.query(
        "SELECT number, root FROM log_tile WHERE number >= :first AND number < :end ORDER BY number",
        first=first,
        end=first + len(tiles),
    )
    differing = [row["number"] for row in stored if tiles[row["number"] - first].hex() != row["root"]]
    return {
        "first": part.first,
        "peaks": [peak.hex() for peak in peaks],
        "at": {str(size): [peak.hex() for peak in found] for size, found in at.items()},
        "lacking": lacking,
        "tiles": differing,
    }


def _gone(count: int, batch: Sequence[tuple[int, str]]) -> list[int]:
    """Positions that lack in ascending rows which should begin with position ``count``."""
    if batch[-1][0] == count + len(batch) - 1:
        return []
    there = {position for position, _ in batch}
    return [position for position in range(count, batch[-1][0]) if position not in there]


def _leaves(batch: Sequence[tuple[int, str]]) -> list[bytes]:
    """The leaf of each row."""
    sha, unhex = hashlib.sha256, bytes.fromhex
    try:
        return [sha(b"\0" + unhex(digest)).digest() for _, digest in batch]
    except (ValueError, TypeError):
        return [merkle.leaf_hash(hash_bytes(digest)) for _, digest in batch]


def _leaves_around(count: int, batch: Sequence[tuple[int, str]]) -> list[bytes]:
    """A place that is gone still counts, with a leaf that nothing has."""
    there = dict(zip((position for position, _ in batch), _leaves(batch), strict=True))
    return [there.get(position, merkle.EMPTY_ROOT) for position in range(count, batch[-1][0] + 1)]


def _cut_tiles(
    first: int, leaves: list[bytes], tiles: list[bytes], at: dict[int, list[bytes]], wanted: list[int]
) -> None:
    """Turn whole tiles of leaves into their roots, noting the compact range at each head's size on the way."""
    while len(leaves) >= TILE:
        begin = first + len(tiles) * TILE
        while wanted and wanted[-1] <= begin + TILE:
            size = wanted.pop()
            before = merkle.extend([], 0, tiles, LEVEL)
            at[size] = merkle.extend(before, len(tiles) * TILE, leaves[: size - begin])
        tiles.append(merkle.complete_root(leaves[:TILE]))
        del leaves[:TILE]


def files(uow: UnitOfWork, office: Office, decided: frozenset[str]) -> Iterator[Json]:
    """Every sealed value that is not what its digest says, or is withheld without a decision, in pages."""
    last = ""
    while True:
        page = uow.query(
            "SELECT digest, salt, value, withheld FROM personal WHERE digest > :last ORDER BY digest LIMIT 500",
            last=last,
        )
        if not page:
            return
        for row in page:
            fault = _sealed_fault(row, office, decided)
            if fault is not None:
                yield {"digest": row["digest"], "detail": fault}
        last = page[-1]["digest"]


def altered_documents(uow: UnitOfWork) -> Iterator[str]:
    """Hashes of stored documents whose bytes are not theirs."""
    for row in uow.query("SELECT hash FROM document ORDER BY hash"):
        found = uow.query("SELECT body FROM document WHERE hash = :hash", hash=row["hash"])
        body = found[0]["body"] if found else None
        if canonical.sha256(body if isinstance(body, bytes) else str(body).encode()) != row["hash"]:
            yield str(row["hash"])


def lacking_criteria(uow: UnitOfWork) -> Iterator[tuple[str, str]]:
    """(law, hash) of criteria trees that a stored law names and that are gone."""
    for row in uow.query("SELECT hash, body FROM document WHERE kind = 'regime' ORDER BY hash"):
        try:
            named = canonical.decode(row["body"]).get("criteria", {}).values()
            gone = [digest for digest in named if not _kept(uow, digest)]
        except _UNREADABLE:
            # Whose bytes are not theirs is told besides.
            continue
        yield from ((str(row["hash"]), digest) for digest in gone)


def _sealed_fault(row: Json, office: Office, decided: frozenset[str]) -> str | None:
    if row["withheld"] is not None and row["digest"] not in decided:
        return "withheld without a decision"
    if row["value"] is None:
        return None if str(row["withheld"]).startswith("erase") else "sealed value"
    try:
        raw = row["value"].encode()
        if canonical.sha256(bytes.fromhex(row["salt"]) + raw) != row["digest"]:
            return "sealed value"
        value = canonical.decode(raw)
    except _UNREADABLE:
        return "sealed value"
    if (
        row["withheld"] is None
        and isinstance(value, dict)
        and set(value) == {"sha256", "name"}
        and not office.content.intact(value["sha256"])
    ):
        return f"file {value['sha256']}"
    return None
