"""Support that was paid twice, before the decision, or for a product whose certificate had ended.

No decision on OCOP that was read rules on support; what a province pays stands in resolutions of its own. These are
signs to compare with them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ocop_flow.domain.findings import Found
from ocop_flow.errors import Reason, reason

if TYPE_CHECKING:
    from datetime import date

    from ocop_flow.domain.beside import Beside, Margin
    from ocop_flow.domain.event import UnitRef

#: Kinds of records that say that money was paid (``workflows/beside/kinds.yaml``).
PAID = frozenset({"support", "reward"})


@dataclass(frozen=True, slots=True)
class Supported:
    """A dossier or a declared certificate with what stands beside it.

    issued_on, valid_to  of its certificate, None where there is none or the day is not known
    revoked_on           None unless it was revoked
    certified            whether there is a certificate at all
    units                sequence number -> the unit that recorded it
    """

    subject_kind: str
    subject: str
    margin: Margin
    certified: bool
    issued_on: date | None
    valid_to: date | None
    revoked_on: date | None
    units: Mapping[int, UnitRef | None]

    @property
    def paid(self) -> tuple[Beside, ...]:
        return tuple(record for record in self.margin.records if record.kind in PAID)


def _found(kind: str, about: Supported, record: Beside, because: Reason) -> Found:
    unit = about.units.get(record.seq)
    return Found(kind, about.subject_kind, about.subject, record.seq, record.on, unit, because)


def _sum(record: Beside) -> str:
    cost = record.facts.get("cost")
    return f"{int(cost):,}".replace(",", ".") if cost else "-"


def paid_twice(about: Supported) -> Iterator[Found]:
    """The same kind paid more than once for one recognition."""
    first: dict[str, Beside] = {}
    for record in about.paid:
        known = first.setdefault(record.kind, record)
        if known is not record:
            because = reason("found_paid_twice", cost=_sum(record), first=known.on.isoformat(), before=_sum(known))
            yield _found("paid_twice", about, record, because)


def paid_before_decision(about: Supported) -> Iterator[Found]:
    for record in about.paid:
        if not about.certified or (about.issued_on is not None and record.on < about.issued_on):
            decided = about.issued_on.isoformat() if about.issued_on else "-"
            yield _found(
                "paid_before_decision", about, record, reason("found_paid_early", cost=_sum(record), decided=decided)
            )


def paid_after_end(about: Supported) -> Iterator[Found]:
    for record in about.paid:
        if about.revoked_on is not None and record.on >= about.revoked_on:
            because = reason("found_paid_revoked", cost=_sum(record), day=about.revoked_on.isoformat())
            yield _found("paid_after_end", about, record, because)
        elif about.valid_to is not None and record.on > about.valid_to:
            because = reason("found_paid_expired", cost=_sum(record), day=about.valid_to.isoformat())
            yield _found("paid_after_end", about, record, because)


#: Detectors that look at what was paid.
ON_PAYMENT: Mapping[str, Callable[[Supported], Iterator[Found]]] = {
    "paid_twice": paid_twice,
    "paid_before_decision": paid_before_decision,
    "paid_after_end": paid_after_end,
}
