"""Evidence bundles: histories with what proves them, as one archive that a separate program checks without this one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ocop_flow.domain import archive, canonical, head, merkle, note, sealed
from ocop_flow.domain.commands import Act
from ocop_flow.domain.event import from_json
from ocop_flow.errors import Conflict, InputInvalid, Unavailable, reason
from ocop_flow.service import heads
from ocop_flow.service.dossier_find import find

if TYPE_CHECKING:
    from ocop_flow.domain.dossier import Dossier
    from ocop_flow.domain.event import Event
    from ocop_flow.ports import UnitOfWork
    from ocop_flow.service.office import Caller, Office

Json = dict[str, Any]
#: Most entries that the archive's form can count.
_MOST = 65_535


@dataclass(frozen=True, slots=True)
class Export:
    """``files``: whether the evidence files themselves go along, not their hashes alone."""

    dossiers: tuple[str, ...]
    files: bool
    act: Act = field(default_factory=Act)


def export(uow: UnitOfWork, office: Office, caller: Caller, command: Export) -> tuple[Json, bytes]:
    """The bundle of some dossiers with their entities and products, under a head made now.

    raises  NotFound, InputInvalid (a text that means several, too much for one archive), Unavailable without a key,
            Conflict if the log does not agree with itself
    """
    person = uow.person(caller.known())
    found = {dossier.code: dossier for dossier in (find(uow, typed, person) for typed in command.dossiers)}
    made = heads.checkpoint(uow, office)
    entries = _entries(uow, office, [found[code] for code in sorted(found)], made, files=command.files)
    if len(entries) > _MOST:
        raise InputInvalid(reason("bundle_too_large", entries=len(entries), most=_MOST))
    try:
        data = archive.pack(entries)
    except ValueError:
        raise InputInvalid(reason("bundle_too_large", entries=len(entries), most=_MOST)) from None
    told = {
        "dossiers": sorted(found),
        "entries": len(entries),
        "sha256": canonical.sha256(data),
        "head": {"code": made["code"], "made_at": made["made_at"], "size": made["size"]},
    }
    return told, data


def _entries(
    uow: UnitOfWork, office: Office, dossiers: Sequence[Dossier], made: Json, *, files: bool
) -> dict[str, bytes]:
    read = note.parse(made["note"])
    top = head.parse(read.text)
    key = heads.signed_by(office, made["note"])
    if key is None:
        raise Conflict(reason("head_untrue", made_at=made["made_at"]))
    entries = {
        "head.note": made["note"].encode(),
        "key.txt": (note.verifier_key(office.log, key[1].public) + "\n").encode(),
    }
    node = heads.nodes(uow)
    listed, events = [], []
    for kind, code in _streams(dossiers):
        for row in uow.log((kind, code), (kind, code)):
            digest, body, position = row[3], row[7], row[9]
            if position is None or not 0 <= position < top.size:
                raise Conflict(reason("log_altered", position=top.size))
            if canonical.sha256(body) != digest:
                raise Conflict(reason("log_altered", position=position))
            proof = merkle.inclusion(position, top.size, node)
            if not merkle.included(merkle.leaf_hash(bytes.fromhex(digest)), position, top.size, proof, top.root):
                raise Conflict(reason("log_altered", position=position))
            entries[f"events/{digest}.json"] = body
            listed.append({"hash": digest, "position": position, "proof": [step.hex() for step in proof]})
            events.append(from_json(canonical.decode(body)))
    documents = sorted({event.workflow_hash for event in events if event.workflow_hash is not None})
    for digest in documents:
        entries[f"documents/{digest}.json"] = _document(uow, digest)
    evidence = _evidence(uow, office, events, enclosed=files)
    for each in evidence:
        if each["enclosed"]:
            entries[f"files/{each['sha256']}"] = office.content.get(each["sha256"])
    bundle = {
        "v": 1,
        "log": office.log,
        "dossiers": [dossier.code for dossier in dossiers],
        "events": listed,
        "documents": documents,
        "files": evidence,
        "people": _people(events),
        "entries": {name: canonical.sha256(data) for name, data in entries.items()},
    }
    entries["bundle.json"] = canonical.encode(bundle)
    text = f"ocop_flow bundle 1\n{office.log}\n{canonical.sha256(entries['bundle.json'])}\n"
    entries["bundle.note"] = _signed(office, text, key[1].public)
    return entries


def _document(uow: UnitOfWork, digest: str) -> bytes:
    """The bytes of a workflow document; raises Unavailable if what is stored has not this hash."""
    data = canonical.encode(uow.document(digest))
    if canonical.sha256(data) != digest:
        raise Unavailable(reason("document_absent", hash=digest))
    return data


def _signed(office: Office, text: str, public: bytes) -> bytes:
    """A note by the key that signed the head: one key in one bundle."""
    made = office.signer.sign(text.encode())
    if made.key.public != public:
        raise Conflict(reason("key_rotated"))
    return note.render(text, [note.Signature(office.log, note.key_hash(office.log, public), made.signature)]).encode()


def _streams(dossiers: Iterable[Dossier]) -> list[tuple[str, str]]:
    found = {(kind, code) for each in dossiers for kind, code in (("entity", each.entity), ("product", each.product))}
    return [*(("dossier", each.code) for each in dossiers), *sorted(found)]


def _evidence(uow: UnitOfWork, office: Office, events: Iterable[Event], *, enclosed: bool) -> list[Json]:
    """Every evidence file by its hash; withheld ones are told as such and never enclosed."""
    found: dict[str, Json] = {}
    for event in events:
        for named in sealed.named(event):
            rows = uow.query("SELECT withheld FROM personal WHERE digest = :digest", digest=named.digest)
            value = uow.unseal(named.digest) if rows else None
            where = {"kind": named.field, "subject": event.subject, "seq": event.seq, "digest": named.digest}
            if rows and rows[0]["withheld"] is not None:
                found[named.digest] = {**where, "sha256": None, "withheld": True, "enclosed": False}
            elif isinstance(value, dict) and set(value) == {"sha256", "name"}:
                there = enclosed and office.content.intact(value["sha256"])
                found[named.digest] = {**where, "sha256": value["sha256"], "withheld": False, "enclosed": there}
    return [found[digest] for digest in sorted(found)]


def _people(events: Iterable[Event]) -> list[Json]:
    """Everyone who acted, typed or signed, with post and unit as they were then: a reader's list."""
    found: dict[bytes, Json] = {}
    for event in events:
        for doer in (event.actor, event.recorder):
            unit = {"code": doer.unit.code, "name": doer.unit.name, "tier": doer.unit.tier} if doer.unit else None
            shown: Json = {"login": doer.login, "name": doer.name, "role": doer.role, "unit": unit}
            found[canonical.encode(shown)] = shown
        if event.signer is not None:
            shown = {"login": event.signer.login, "name": event.signer.name, "role": event.signer.post, "unit": None}
            found[canonical.encode(shown)] = shown
    return [found[key] for key in sorted(found)]
