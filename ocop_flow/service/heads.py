"""Heads of the log: made, checked before they are trusted, taken from elsewhere, and named by a short code."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

from ocop_flow.domain import canonical, head, merkle, note
from ocop_flow.domain.commands import Act
from ocop_flow.domain.event import time_text
from ocop_flow.errors import Conflict, InputInvalid, Refused, reason
from ocop_flow.service.desk import check_act

if TYPE_CHECKING:
    from ocop_flow.domain.head import Checkpoint
    from ocop_flow.ports import PublicKey, Row, UnitOfWork
    from ocop_flow.service.office import Caller, Office

Json = dict[str, Any]
#: Leaves under one stored node, and its level.
TILE, LEVEL = 256, 8
#: Bytes of a hash.
_HASH = 32


@dataclass(frozen=True, slots=True)
class Ask:
    """Ask for a head now."""

    act: Act = field(default_factory=Act)


@dataclass(frozen=True, slots=True)
class Import:
    """``note``: the whole text of a head that was given out; ``file``: what it was read from."""

    note: str
    file: str
    act: Act = field(default_factory=Act)


def keep_up(uow: UnitOfWork, office: Office) -> Json:
    """The scheduler's share: order what is new; a head over it where there is a key that signs."""
    if not any(key.retired_on is None for key in office.signer.public_keys()):
        before = uow.order_size()
        return {"ordered": uow.order_log() - before, "heads": 0}
    before = uow.order_size()
    made = checkpoint(uow, office)
    return {"ordered": made["size"] - before, "heads": int(made["new"])}


def asked_for(uow: UnitOfWork, office: Office, command: Ask) -> Json:
    """``checkpoint`` as somebody's act; raises as ``check_act`` too."""
    check_act(uow, office, command.act)
    return checkpoint(uow, office)


def checkpoint(uow: UnitOfWork, office: Office) -> Json:
    """Order what is new and sign a head over everything; the newest one again if nothing is new.

    The head is derived a second time from the bytes of the events before it is kept.
    raises  Conflict if the log does not agree with itself; Unavailable without a signing key
    """
    size = uow.order_log()
    last = newest(uow)
    if last is not None and last["size"] == size and _by_current_key(office, last):
        return shown(last, new=False)
    peaks = _grow(uow, last, size)
    made = head.Checkpoint(office.log, size, merkle.root(peaks), office.clock.now())
    text = made.text()
    signed = office.signer.sign(text.encode())
    line = note.Signature(office.log, note.key_hash(office.log, signed.key.public), signed.signature)
    row = {
        "size": size,
        "code": head.code(text),
        "made_at": time_text(made.made_at),
        "imported_at": None,
        "note": note.render(text, [line]),
        "peaks": ",".join(peak.hex() for peak in peaks),
    }
    _insert(uow, row)
    _check_again(uow, office, last, made)
    return shown(row, new=True)


def _by_current_key(office: Office, row: Row) -> bool:
    """A head by a retired key is followed by one of the new key, even over nothing new."""
    signed = signed_by(office, row["note"])
    return signed is None or signed[1].retired_on is None


def newest(uow: UnitOfWork) -> Row | None:
    """The row of the last head made here."""
    found = uow.query("SELECT * FROM head WHERE imported_at IS NULL ORDER BY id DESC LIMIT 1")
    return found[0] if found else None


def head_code(uow: UnitOfWork) -> Json | None:
    """What papers print: ``{code, date, size}`` of the newest head; None while there is none.

    The date is the day in UTC that stands in the signed head.
    """
    found = newest(uow)
    return {"code": found["code"], "date": found["made_at"][:10], "size": found["size"]} if found else None


def shown(row: Row, *, new: bool) -> Json:
    return {"size": row["size"], "code": row["code"], "made_at": row["made_at"], "note": row["note"], "new": new}


def _insert(uow: UnitOfWork, row: Row) -> None:
    names = ", ".join(row)
    uow.execute(f"INSERT INTO head ({names}) VALUES ({', '.join(f':{name}' for name in row)})", **row)


def _grow(uow: UnitOfWork, last: Row | None, size: int) -> list[bytes]:
    """The compact range at ``size``, grown from the newest head's; tiles that became whole are stored on the way."""
    start = last["size"] if last else 0
    growth = Growth(_peaks(last), start)
    first = start // TILE * TILE
    position = first
    tiles: list[Json] = []
    for at, digest in uow.order(first, size):
        found = hash_bytes(digest)
        if at != position or len(found) != _HASH:
            raise Conflict(reason("log_altered", position=position))
        root = growth.leaf(position, found)
        position += 1
        if root is not None:
            tiles.append({"number": at // TILE, "root": root.hex()})
        if len(tiles) == TILE:
            _store_tiles(uow, tiles)
            tiles = []
    _store_tiles(uow, tiles)
    return growth.peaks()


class Growth:
    """A compact range that grows by whole tiles: a step of the tree for each event would cost more than its hash."""

    def __init__(self, peaks: list[bytes], size: int) -> None:
        self._peaks, self._size = peaks, size
        self._leaves: list[bytes] = []
        self._first = size

    def leaf(self, position: int, digest: bytes) -> bytes | None:
        """The next event, in order from the size or from the begin of its tile; a root where a tile became whole."""
        if not self._leaves:
            self._first = position
        self._leaves.append(merkle.leaf_hash(digest))
        if (position + 1) % TILE:
            return None
        whole = len(self._leaves) == TILE
        root = merkle.complete_root(self._leaves) if whole else None
        self._take(root)
        return root

    def peaks(self) -> list[bytes]:
        self._take(None)
        return self._peaks

    def _take(self, root: bytes | None) -> None:
        if root is not None and self._first >= self._size:
            self._peaks = merkle.extend(self._peaks, self._first, [root], LEVEL)
        else:
            begin = max(self._first, self._size)
            self._peaks = merkle.extend(self._peaks, begin, self._leaves[begin - self._first :])
        self._leaves = []


def _peaks(row: Row | None) -> list[bytes]:
    return [bytes.fromhex(part) for part in row["peaks"].split(",")] if row and row["peaks"] else []


def _store_tiles(uow: UnitOfWork, tiles: list[Json]) -> None:
    uow.execute_many("DELETE FROM log_tile WHERE number = :number", tiles)
    uow.execute_many("INSERT INTO log_tile (number, root) VALUES (:number, :root)", tiles)


def _check_again(uow: UnitOfWork, office: Office, last: Row | None, made: Checkpoint) -> None:
    """Derive the new head from what is stored: bytes of events, the last head as it was signed, the signature.

    raises  Conflict naming the first position that does not fit
    """
    start = last["size"] if last else 0
    peaks = _peaks(last)
    if last is not None:
        before = stored(office, last)
        if before is None or merkle.root(peaks) != before.root or before.size != start:
            raise Conflict(reason("head_untrue", made_at=last["made_at"]))
    count, growth = start, Growth(peaks, start)
    for row in uow.placed(start, made.size):
        if row[9] != count or canonical.sha256(row[7]) != row[3]:
            raise Conflict(reason("log_altered", position=count))
        growth.leaf(count, bytes.fromhex(row[3]))
        count += 1
    peaks = growth.peaks()
    kept = newest(uow)
    again = signed_by(office, kept["note"]) if kept else None
    if count != made.size or again is None or again[0] != made or merkle.root(peaks) != made.root:
        raise Conflict(reason("log_altered", position=count))


def stored(office: Office, row: Row) -> Checkpoint | None:
    """The head that a row holds; None if it is none, or a key that is known here did not sign it.

    A key ring that was lost took its keys with it: what they signed is still what the next head grows from.
    """
    try:
        read = note.parse(row["note"])
        found = head.parse(read.text)
    except ValueError:
        return None
    known = {note.key_hash(found.origin, key.public) for key in office.signer.public_keys()}
    strange = all(line.key_hash not in known for line in read.signatures)
    return found if strange or signed_by(office, row["note"]) is not None else None


def signed_by(office: Office, whole: str) -> tuple[Checkpoint, PublicKey] | None:
    """The head of a note and the key of this office that signed it; None unless exactly one did and it holds.

    raises  ValueError if it is no note, or no head
    """
    read = note.parse(whole)
    found = head.parse(read.text)
    if len(read.signatures) != 1:
        return None
    line = read.signatures[0]
    for key in office.signer.public_keys():
        if line.name == found.origin and line.key_hash == note.key_hash(found.origin, key.public):
            return (found, key) if office.signer.verify(key.public, read.text.encode(), line.value) else None
    return None


def import_head(uow: UnitOfWork, office: Office, caller: Caller, command: Import) -> Json:
    """Keep a head that was given out before; from now on verification holds the log against it.

    raises  InputInvalid (no head, no signature, several), Refused (another log's, a key that is not ours, a signature
            that does not hold)
    """
    caller.known()
    check_act(uow, office, command.act)
    whole = command.note
    made = authentic(office, whole, command.file)
    known = uow.rows("head", note=whole)
    if not known:
        row = {
            "size": made.size,
            "code": head.code(made.text()),
            "made_at": time_text(made.made_at),
            "imported_at": time_text(office.clock.now()),
            "note": whole,
            "peaks": "",
        }
        _insert(uow, row)
    notes = [] if made.size <= uow.order_size() else [reason("head_beyond_log", size=made.size)]
    return {
        "size": made.size,
        "code": head.code(made.text()),
        "made_at": time_text(made.made_at),
        "known": bool(known),
        "warnings": notes,
    }


def authentic(office: Office, whole: str, file: str) -> Checkpoint:
    """The head of a note, if it is one of this log and a key of this office signed it; else as ``import_head``."""
    try:
        read = note.parse(whole)
        found = head.parse(read.text)
    except ValueError:
        raise InputInvalid(reason("head_unsigned" if _unsigned(whole) else "head_unreadable", file=file)) from None
    if len(read.signatures) != 1:
        raise InputInvalid(reason("head_signed_twice", file=file, count=len(read.signatures)))
    if found.origin != office.log:
        raise Refused(reason("head_of_another_log", file=file, origin=found.origin, log=office.log))
    ours = {note.key_hash(office.log, key.public) for key in office.signer.public_keys()}
    if read.signatures[0].key_hash not in ours:
        raise Refused(reason("head_key_unknown", file=file, key=read.signatures[0].key_hash.hex()))
    if signed_by(office, whole) is None:
        raise Refused(reason("head_signature_wrong", file=file))
    return found


def _unsigned(whole: str) -> bool:
    """Whether a text is a head whose signature line is lacking."""
    try:
        return bool(head.parse(whole.rstrip("\n") + "\n"))
    except ValueError:
        return False


def hash_bytes(digest: Any) -> bytes:
    """The 32 bytes of a stored hash; what is no hash stands for itself and fits no head."""
    try:
        return bytes.fromhex(digest)
    except (ValueError, TypeError):
        return str(digest).encode("utf-8", "replace")


def tile_roots(uow: UnitOfWork) -> list[bytes]:
    """Roots of every whole tile, in order."""
    return [hash_bytes(row["root"]) for row in uow.query("SELECT root FROM log_tile ORDER BY number")]


def nodes(uow: UnitOfWork) -> merkle.Node:
    """Roots of complete subtrees for proofs: read from tiles and, below them, from the order of the log.

    For what is gone or is no hash stands something that fits no head: a proof over it does not hold.
    """
    tiles: list[bytes] = []
    kept: dict[int, list[bytes]] = {}

    def leaves(tile: int) -> list[bytes]:
        if tile not in kept:
            first = tile * TILE
            kept[tile] = [merkle.EMPTY_ROOT] * TILE
            for position, digest in uow.order(first, first + TILE):
                kept[tile][position - first] = merkle.leaf_hash(hash_bytes(digest))
        return kept[tile]

    @cache
    def node(level: int, number: int) -> bytes:
        if level < LEVEL:
            tile, within = divmod(number << level, TILE)
            return merkle.complete_root(leaves(tile)[within : within + (1 << level)])
        if not tiles:
            tiles.extend(tile_roots(uow))
        span = 1 << level - LEVEL
        below = tiles[number * span : (number + 1) * span]
        return merkle.complete_root([*below, *[merkle.EMPTY_ROOT] * (span - len(below))])

    return node
