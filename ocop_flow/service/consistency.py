"""That one head of the log is the beginning of another: a proof of RFC 6962 that anyone checks with the two alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ocop_flow.domain import head, merkle
from ocop_flow.domain.event import time_text
from ocop_flow.domain.head import Checkpoint
from ocop_flow.errors import InputInvalid, NotFound, Refused, reason
from ocop_flow.service import heads

if TYPE_CHECKING:
    from ocop_flow.ports import UnitOfWork
    from ocop_flow.service.office import Office

Json = dict[str, Any]


def of_code(uow: UnitOfWork, office: Office, typed: str) -> Checkpoint:
    """The head that is kept here under a code; raises InputInvalid for a mistyped one, NotFound for a strange one."""
    code = head.read_code(typed)
    if code is None:
        raise InputInvalid(reason("head_code_mistyped", code=typed))
    rows = uow.rows("head", code=code)
    found = heads.stored(office, rows[0]) if rows else None
    if found is None:
        raise NotFound(reason("head_absent", code=code))
    return found


def newest(uow: UnitOfWork, office: Office) -> Checkpoint:
    """The last head made here; raises Refused while there is none."""
    row = heads.newest(uow)
    found = heads.stored(office, row) if row else None
    if found is None:
        raise Refused(reason("no_heads"))
    return found


def prove(uow: UnitOfWork, one: Checkpoint, other: Checkpoint) -> Json:
    """The proof between two heads of this log, the smaller first, made from the log as it is now.

    returns  ``consistent``, and in ``warnings`` what speaks against it; ``proof``: hashes in hexadecimal, in the order
             of RFC 6962 section 2.1.2
    """
    old, new = sorted((one, other), key=lambda each: each.size)
    answer = {"old": _shown(old), "new": _shown(new), "proof": [], "consistent": False, "warnings": []}
    if new.size > uow.order_size():
        return {**answer, "warnings": [reason("head_beyond_log", size=new.size)]}
    proof = merkle.consistency(old.size, new.size, heads.nodes(uow)) if old.size else []
    holds = merkle.consistent(old.size, new.size, proof, old.root, new.root) if old.size else _begins(old)
    doubts = [] if holds else [reason("heads_inconsistent", old=old.size, new=new.size)]
    return {**answer, "proof": [step.hex() for step in proof], "consistent": holds, "warnings": doubts}


def _begins(old: Checkpoint) -> bool:
    """The empty log is the beginning of every other."""
    return old.root == merkle.EMPTY_ROOT


def _shown(found: Checkpoint) -> Json:
    made_at = time_text(found.made_at)
    return {"size": found.size, "root": found.root.hex(), "code": head.code(found.text()), "made_at": made_at}
