"""Evidence handed in: which kinds are known, what is wrong with a paper's dates, how it is recorded."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any

from ocop_flow.domain.commands import Attachment
from ocop_flow.errors import InputInvalid, Reason, reason

Json = dict[str, Any]


#: Copies of one paper in one act; a decision asks for five at most.
MOST_COPIES = 999


def check_readable(known: Collection[str], attachments: Iterable[Attachment]) -> None:
    """Raises InputInvalid naming each kind that is none of ``known`` and each number that counts no copies."""
    faults = []
    for item in attachments:
        if item.kind not in known:
            faults.append(reason("evidence_kind_unknown", kind=item.kind, known=", ".join(known)))
        if not 0 < item.copies <= MOST_COPIES:
            faults.append(_copies(item))
    if faults:
        raise InputInvalid(*faults)


def _copies(item: Attachment) -> Reason:
    return reason("evidence_copies", kind=item.kind, copies=item.copies, most=MOST_COPIES)


def evidence_faults(attachments: tuple[Attachment, ...], on: date) -> tuple[Reason, ...]:
    faults = []
    for item in attachments:
        if item.expires_on is not None and item.expires_on < on:
            faults.append(reason("evidence_expired", kind=item.kind, expires_on=item.expires_on.isoformat()))
        if item.issued_on is not None and item.issued_on > on:
            faults.append(reason("evidence_from_future", kind=item.kind, issued_on=item.issued_on.isoformat()))
        if item.issued_on and item.expires_on and item.expires_on < item.issued_on:
            faults.append(reason("evidence_dates_crossed", kind=item.kind))
        if item.copies < 1:
            faults.append(_copies(item))
        if item.file is not None and item.file.size == 0:
            faults.append(reason("evidence_empty", kind=item.kind))
    return tuple(faults)


def attachment_json(item: Attachment) -> Json:
    return {
        "kind": item.kind,
        "copies": item.copies,
        "issued_on": item.issued_on.isoformat() if item.issued_on else None,
        "expires_on": item.expires_on.isoformat() if item.expires_on else None,
        "file": item.sealed,
        "size": item.file.size if item.file else None,
    }
