"""The whole log checked: chains, order, heads, views, evidence; in parts that may run anywhere and be resumed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from ocop_flow.domain import head as heads
from ocop_flow.domain import merkle, note
from ocop_flow.domain.chain import Finding, Unplaced
from ocop_flow.domain.verdict import settle
from ocop_flow.errors import InputInvalid, reason
from ocop_flow.service import log_check, unit_check
from ocop_flow.service.log_check import SPAN, SPAN_LEVEL, Positions, Subjects

if TYPE_CHECKING:
    from ocop_flow.domain.head import Checkpoint
    from ocop_flow.ports import PublicKey, Row, UnitOfWork
    from ocop_flow.service.office import Office

Json = dict[str, Any]
Part = Subjects | Positions
#: Does parts, in any order; gives (number of the part, its result) as each is done.
Runner = Callable[[Sequence[Part]], Iterable[tuple[int, Json]]]
#: Called with what is done and the total.
Progress = Callable[[int, int], None]
#: Events of one part of subjects, about, and how many times finer the log is sampled to find where parts end.
_EVENTS, _FINER = 25_000, 8
#: Problems listed at most; the rest is counted.
_LISTED = 1000
#: Positions that may be lacking at the end of what a check walks through.
_GAP = 100_000


class Plan(NamedTuple):
    """What is checked: the log as it is now. What comes later is left to the next check.

    settled  every event up to this id has a position; -1 where what says so cannot be read
    heads    rows with an id up to this one
    astray   positions so far beyond the end that nothing can have led there
    """

    events: int
    size: int
    settled: int
    heads: int
    parts: tuple[Part, ...]
    astray: tuple[int, ...] = ()


def plan(uow: UnitOfWork, *, jobs: int, views: bool) -> Plan:
    """Parts of about equal size, at least four for each process; with views the file itself is looked at first."""
    if views:
        uow.check_file()
    span = uow.query("SELECT count(*) AS n, min(id) AS first, max(id) AS last FROM event")[0]
    size, settled = _size(uow, span["n"]), _settled(uow)
    wanted = max(1, span["n"] // _EVENTS, 4 * jobs if jobs > 1 else 1)
    ends: list[tuple[str, str] | None] = [*_ends(uow, span, wanted), None]
    subjects = [Subjects(after, until, size, settled, views) for after, until in zip([None, *ends], ends, strict=False)]
    found = uow.query("SELECT size FROM head ORDER BY size")
    sizes = sorted({row["size"] for row in found if isinstance(row["size"], int)})
    positions = [
        Positions(first, min(first + SPAN, size), tuple(n for n in sizes if first < n <= min(first + SPAN, size)))
        for first in range(0, size, SPAN)
    ]
    last = uow.query("SELECT coalesce(max(id), 0) AS id FROM head")[0]["id"]
    return Plan(span["n"], size, settled, last, (*subjects, *positions), _astray(uow, size))


def _size(uow: UnitOfWork, events: int) -> int:
    """Of the order; a position far away does not make it longer than what there is to put in order."""
    size = uow.order_size()
    if isinstance(size, int) and size <= events + _GAP:
        return size
    return max(events, int(uow.query("SELECT count(*) AS n FROM log_order")[0]["n"]))


def _astray(uow: UnitOfWork, size: int) -> tuple[int, ...]:
    found = uow.query(
        "SELECT position FROM log_order WHERE position >= :size ORDER BY position LIMIT :most", size=size, most=_LISTED
    )
    return tuple(row["position"] for row in found if isinstance(row["position"], int))


def _settled(uow: UnitOfWork) -> int:
    found = uow.query("SELECT value FROM meta WHERE name = 'log_settled'")
    value = str(found[0]["value"]) if found else "0"
    return int(value) if value.isascii() and value.isdigit() else -1


def _ends(uow: UnitOfWork, span: Row, parts: int) -> list[tuple[str, str]]:
    """Subjects at which parts end: quantiles of a sample taken evenly over the ids."""
    samples = parts * _FINER
    if parts == 1:
        return []
    found = []
    for number in range(samples):
        at = span["first"] + (span["last"] - span["first"]) * number // samples
        row = uow.query("SELECT subject_kind, subject FROM event WHERE id >= :at ORDER BY id LIMIT 1", at=at)[0]
        found.append((row["subject_kind"], row["subject"]))
    named = {each for each in found[1:] if all(isinstance(text, str) for text in each)}
    return sorted(named)[_FINER - 1 :: _FINER]


def do(uow: UnitOfWork, part: Part) -> Json:
    """One part, in an open transaction."""
    return log_check.subjects(uow, part) if isinstance(part, Subjects) else log_check.positions(uow, part)


def in_turn(office: Office) -> Runner:
    """Parts one after the other in this process."""

    def run(parts: Sequence[Part]) -> Iterator[tuple[int, Json]]:
        for number, part in enumerate(parts):
            with office.reader() as uow:
                found = do(uow, part)
            yield number, found

    return run


def verify(
    office: Office,
    made: Plan,
    results: Mapping[int, Json],
    *,
    witness: Checkpoint | None = None,
    code: str | None = None,
) -> Json:
    """Put the results of all parts together, then check heads, sealed values and what was left over.

    witness  a head from outside the database, already known to be ours
    code     the code of a head as printed on paper
    raises   InputInvalid if the code has a mistyped letter
    """
    subjects = [results[n] for n, part in enumerate(made.parts) if isinstance(part, Subjects)]
    positions = [results[n] for n, part in enumerate(made.parts) if isinstance(part, Positions)]
    with office.reader() as uow:
        roots = Roots(uow, positions, made.size)
        found = HeadCheck(office, roots, made)
        for row in uow.query("SELECT * FROM head WHERE id <= :last ORDER BY id", last=made.heads):
            found.row(row)
        if witness is not None:
            found.root(witness)
        matched = found.code(code) if code is not None else None
        settled = _about_events(uow, made, subjects, positions, found.largest)
        decided = frozenset(digest for part in subjects for digest in part["decided"])
        views = any(isinstance(part, Subjects) and part.views for part in made.parts)
        beside = list(_beside(uow, office, decided)) if views else []
        tiles = [f"log_tile {number}" for each in positions for number in each["tiles"]]
        beside += [Finding("view_differs", None, None, None, None, name) for name in tiles]
        shuffled = _shuffled(uow, made.size) if found.mismatch and not settled else []
        withheld = uow.query("SELECT count(*) AS n FROM personal WHERE withheld IS NOT NULL")[0]["n"]
    problems = [problem(each) for each in (*settled, *shuffled, *found.findings, *beside)]
    answer: Json = {
        "ok": not problems,
        "events": sum(each["events"] for each in subjects),
        "dossiers": sum(each["dossiers"] for each in subjects),
        "heads": found.count,
        "withheld": withheld,
        "ordered": made.size,
        "problems": problems[:_LISTED],
        "more_problems": max(0, len(problems) - _LISTED),
        "warnings": found.notes(),
    }
    return {**answer, "code": matched} if matched else answer


def _about_events(
    uow: UnitOfWork, made: Plan, subjects: Sequence[Json], positions: Sequence[Json], largest: int
) -> list[Finding]:
    """What is wrong with the events and their order, each fault named once.

    largest  size of the largest head: what it was made over and is not there any more is lacking
    """
    lacking = [at for each in positions for at in each["lacking"]]
    placed = sum(each["placed"] for each in subjects)
    lost = uow.lost(made.size) if placed + len(lacking) != made.size else []
    lacking += range(made.size, min(max(largest, made.size), made.size + _LISTED))
    found = settle(
        [_finding(each) for part in subjects for each in part["findings"]],
        [Unplaced(*each) for part in subjects for each in part["unplaced"]],
        lost,
        lacking,
        [tuple(each) for part in subjects for each in part["gaps"]],
        [tuple(each) for part in subjects for each in part["ahead"]],
        made.size,
    )
    found += _unread(made, subjects)
    if not found and placed + len(lacking) != made.size:
        return [Finding("modified", None, None, None, None, "order")]
    return found


def _unread(made: Plan, subjects: Sequence[Json]) -> Iterator[Finding]:
    """What no part has seen: events of no stream, places beyond the end, a mark that cannot be read."""
    if sum(each["events"] for each in subjects) < made.events:
        yield Finding("modified", None, None, None, None, "columns")
    yield from (Finding("reordered", None, None, None, position, "order") for position in made.astray)
    if made.settled < 0:
        yield Finding("modified", None, None, None, None, "log_settled")


def _finding(value: Sequence[Any]) -> Finding:
    return Finding(*value)


def problem(each: Finding) -> Json:
    kind = each.subject_kind
    detail = each.detail if kind in (None, "dossier") else f"{kind}: {each.detail}"
    return {
        "kind": each.kind,
        "dossier": None if each.subject is None else str(each.subject),
        "seq": each.seq,
        "position": each.position if isinstance(each.position, int) else None,
        "detail": detail,
    }


class Roots:
    """The root of the order at any size that a head has, from the compact ranges of the parts."""

    def __init__(self, uow: UnitOfWork, parts: Sequence[Json], size: int) -> None:
        self._uow, self._size = uow, size
        self._at: dict[int, bytes] = {0: merkle.EMPTY_ROOT}
        peaks: list[bytes] = []
        self._before: list[tuple[int, list[bytes]]] = []
        for part in sorted(parts, key=lambda each: int(each["first"])):
            first = part["first"]
            self._before.append((first, peaks))
            for at, local in part["at"].items():
                self._at[int(at)] = merkle.root(_joined(peaks, first, int(at), local))
            peaks = _joined(peaks, first, min(first + SPAN, size), part["peaks"])
        self._at[size] = merkle.root(peaks)

    def at(self, size: int) -> bytes | None:
        """The root of the first ``size`` positions; None beyond the end of the order."""
        if size > self._size:
            return None
        if size not in self._at:
            first, peaks = next(each for each in reversed(self._before) if each[0] < size)
            found = log_check.positions(self._uow, Positions(first, size, ()))
            self._at[size] = merkle.root(_joined(peaks, first, size, found["peaks"]))
        return self._at[size]


def _joined(peaks: Sequence[bytes], first: int, size: int, local: Sequence[str]) -> list[bytes]:
    """The compact range at ``size`` from that at ``first`` and the one between."""
    between = [bytes.fromhex(each) for each in local]
    return merkle.extend(peaks, first, between, SPAN_LEVEL) if size - first == SPAN else [*peaks, *between]


class HeadCheck:
    """Heads against the order, their signatures and the days of their keys."""

    def __init__(self, office: Office, roots: Roots, made: Plan) -> None:
        self._office, self._roots, self._plan = office, roots, made
        self._keys: dict[bytes, PublicKey] = {
            note.key_hash(office.log, key.public): key for key in office.signer.public_keys()
        }
        self._codes: dict[str, Checkpoint] = {}
        self.findings: list[Finding] = []
        self.count = 0
        self.largest = 0
        self.mismatch = False

    def row(self, row: Row) -> None:
        """One stored head."""
        self.count += 1
        try:
            signed = note.parse(str(row["note"]))
            found = heads.parse(signed.text)
        except ValueError:
            self._tell("head_mismatch", row["size"], f"{row['made_at']}: form")
            return
        if found.origin != self._office.log or (found.size, heads.code(signed.text)) != (row["size"], row["code"]):
            self._tell("head_mismatch", row["size"], f"{row['made_at']}: {found.origin}")
            return
        if self._keys:
            self._signature(signed, found)
        self.root(found)

    def root(self, found: Checkpoint) -> None:
        """The order must have this root at this size."""
        self.largest = max(self.largest, found.size)
        self._codes[heads.code(found.text())] = found
        actual = self._roots.at(found.size)
        if actual is not None and actual != found.root:
            self.mismatch = True
            self._tell("head_mismatch", found.size, found.made_at.isoformat())
        if actual is None and found.size > self._plan.size:
            self._tell("truncated", self._plan.size, found.made_at.isoformat())

    def code(self, typed: str) -> Json | None:
        """The head that a printed code names; a finding if there is none."""
        read = heads.read_code(typed)
        if read is None:
            raise InputInvalid(reason("head_code_mistyped", code=typed))
        found = self._codes.get(read)
        if found is None:
            self._tell("head_mismatch", None, read)
            return None
        return {"code": read, "date": found.made_at.date().isoformat(), "size": found.size}

    def notes(self) -> list[Any]:
        """What a reader should know though nothing is wrong."""
        if not self.count:
            return [reason("no_heads")]
        return [] if self._keys else [reason("heads_unsigned_for")]

    def _signature(self, signed: note.Note, found: Checkpoint) -> None:
        line = signed.signatures[0]
        key = self._keys.get(line.key_hash)
        valid = key is not None and len(signed.signatures) == 1
        if key is None or not valid or not self._office.signer.verify(key.public, signed.text.encode(), line.value):
            self._tell("bad_signature", found.size, line.key_hash.hex())
            return
        day = self._office.today_of(found.made_at)
        # Not before its first day either, but a training database moves its clock at will.
        if day > (key.retired_on or date.max):
            self._tell("stale_key", found.size, f"{key.id} {day.isoformat()}")

    def _tell(self, kind: str, position: int | None, detail: str) -> None:
        self.findings.append(Finding(kind, None, None, None, position, detail))


def _shuffled(uow: UnitOfWork, size: int) -> list[Finding]:
    """Positions whose event was written before that of the position before: where one writer works at a time."""
    found = uow.query(
        "SELECT position FROM (SELECT position, event, lag(event) OVER (ORDER BY position) AS before "
        "FROM log_order WHERE position < :size) AS placed WHERE event < before ORDER BY position LIMIT 100",
        size=size,
    )
    return [Finding("reordered", None, None, None, row["position"], "order") for row in found]


def _beside(uow: UnitOfWork, office: Office, decided: frozenset[str]) -> Iterator[Finding]:
    """What stands beside the log: sealed values, files, documents, and rows that no event has led to."""
    for fault in log_check.files(uow, office, decided):
        yield Finding("evidence_differs", None, None, None, None, f"{fault['detail']} ({fault['digest']})")
    for digest in log_check.altered_documents(uow):
        yield Finding("modified", None, digest, None, None, "document")
    for law, digest in log_check.lacking_criteria(uow):
        yield Finding("evidence_differs", None, law, None, None, f"criteria {digest}")
    yield from unit_check.findings(uow, office.national_list)
    for table, name in uow.bare_rows():
        yield Finding("view_differs", table, name, None, None, "a view row without events")
