"""One dossier checked: its chain, its view, and that its events stand under the newest signed head."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ocop_flow.domain import merkle
from ocop_flow.domain.chain import Finding, Unplaced
from ocop_flow.domain.verdict import settle
from ocop_flow.errors import reason
from ocop_flow.service import heads, log_check, verify
from ocop_flow.service.dossier_find import find

if TYPE_CHECKING:
    from ocop_flow.domain.head import Checkpoint
    from ocop_flow.errors import Reason
    from ocop_flow.ports import UnitOfWork
    from ocop_flow.service.office import Office

Json = dict[str, Any]


def check(office: Office, typed: str, witness: Checkpoint | None) -> Json:
    """As ``verify.verify``, of one dossier; without reading the rest of the log.

    raises  NotFound; InputInvalid if the text means several dossiers
    """
    with office.reader() as uow:
        code = _code(uow, typed)
        whole = verify.plan(uow, jobs=1, views=False)
        part = log_check.Subjects(("dossier", code), ("dossier", code), whole.size, whole.settled, True)
        found = log_check.subjects(uow, part)
        settled = settle(
            [Finding(*each) for each in found["findings"]],
            [Unplaced(*each) for each in found["unplaced"]],
            [],
            [],
            [tuple(each) for each in found["gaps"]],
            [tuple(each) for each in found["ahead"]],
            whole.size,
        )
        kept = heads.newest(uow)
        newest = heads.stored(office, kept) if kept else None
        if kept is not None and newest is None:
            settled.append(Finding("bad_signature", None, None, None, None, str(kept["made_at"])))
        tops = [each for each in (newest, witness) if each is not None]
        for top in tops:
            settled += _under(uow, code, top, whole.size)
    problems = [verify.problem(each) for each in settled]
    return {
        "ok": not problems,
        "events": found["events"],
        "dossiers": found["dossiers"],
        "heads": len(tops),
        "withheld": 0,
        "ordered": whole.size,
        "problems": problems,
        "warnings": _notes(office, kept is not None, witness is not None),
    }


def _code(uow: UnitOfWork, typed: str) -> str:
    """Also of a dossier whose row is gone, or cannot be read, while its events are there."""
    return typed if uow.head("dossier", typed) is not None else find(uow, typed).code


def _notes(office: Office, stored: bool, witnessed: bool) -> list[Reason]:
    """What a reader should know though nothing is wrong; a head from outside had its signature checked before."""
    if stored and not office.signer.public_keys():
        return [reason("heads_unsigned_for")]
    return [] if stored or witnessed else [reason("no_heads")]


def _under(uow: UnitOfWork, code: str, top: Checkpoint, size: int) -> list[Finding]:
    """An inclusion proof of each event that the head covers, built and checked against its root."""
    if top.size > size:
        return [Finding("truncated", None, None, None, size, top.made_at.isoformat())]
    node = heads.nodes(uow)
    found = []
    for row in uow.log(("dossier", code), ("dossier", code)):
        seq, digest, position = row[2], row[3], row[9]
        if position is None or not 0 <= position < top.size:
            continue
        leaf = merkle.leaf_hash(heads.hash_bytes(digest))
        proof = merkle.inclusion(position, top.size, node)
        if not merkle.included(leaf, position, top.size, proof, top.root):
            found.append(Finding("head_mismatch", "dossier", code, seq, position, top.made_at.isoformat()))
    return found
