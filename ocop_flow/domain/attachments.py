"""Evidence handed in: which kinds are known, what is wrong with a paper's dates, how it is recorded."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

from ocop_flow.domain.commands import Attachment
from ocop_flow.domain.names import fold
from ocop_flow.errors import InputInvalid, Reason, Text, reason

if TYPE_CHECKING:
    from ocop_flow.domain.regime import EvidenceKind

Json = dict[str, Any]


#: Copies of one paper in one act; a decision asks for five at most.
MOST_COPIES = 999


Kinds = Mapping[str, "EvidenceKind"]


def readable(known: Kinds, attachments: Iterable[Attachment]) -> tuple[Attachment, ...]:
    """The papers with the ids of their kinds, which may be typed by their names in either language.

    raises  InputInvalid naming each kind that is none of ``known`` and each number that counts no copies
    """
    read = tuple(replace(item, kind=kind_of(known, item.kind)) for item in attachments)
    faults = []
    for item in read:
        if item.kind not in known:
            faults.append(reason("evidence_kind_unknown", kind=item.kind, known=listed(known)))
        if not 0 < item.copies <= MOST_COPIES:
            faults.append(_copies(known, item))
    if faults:
        raise InputInvalid(*faults)
    return read


def kind_of(known: Kinds, typed: str) -> str:
    """The id of a kind typed as such or by its name, diacritics or not; what was typed where it is none of them."""
    if typed in known:
        return typed
    meant = [each for each, kind in known.items() if fold(typed) in (each, fold(kind.label.vi), fold(kind.label.en))]
    return meant[0] if len(meant) == 1 else typed


def listed(known: Kinds) -> Text:
    """Every kind as people say it, with the id that is short to type."""
    vi, en = ("; ".join(f"{kind.label[at]} ({each})" for each, kind in known.items()) for at in range(2))
    return Text(vi, en)


def _named(known: Kinds, kind: str) -> Text | str:
    return known[kind].label if kind in known else kind


def _copies(known: Kinds, item: Attachment) -> Reason:
    return reason("evidence_copies", kind=_named(known, item.kind), copies=item.copies, most=MOST_COPIES)


def evidence_faults(attachments: tuple[Attachment, ...], on: date, known: Kinds) -> tuple[Reason, ...]:
    faults = []
    for item in attachments:
        kind = _named(known, item.kind)
        if item.expires_on is not None and item.expires_on < on:
            faults.append(reason("evidence_expired", kind=kind, expires_on=item.expires_on.isoformat()))
        if item.issued_on is not None and item.issued_on > on:
            faults.append(reason("evidence_from_future", kind=kind, issued_on=item.issued_on.isoformat()))
        if item.issued_on and item.expires_on and item.expires_on < item.issued_on:
            faults.append(reason("evidence_dates_crossed", kind=kind))
        if item.copies < 1:
            faults.append(_copies(known, item))
        if item.file is not None and item.file.size == 0:
            faults.append(reason("evidence_empty", kind=kind))
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
