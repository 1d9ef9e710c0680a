"""What is recorded beside the state: promotion, inspections, complaints, letters, and the mark of a dispute.

Such an act moves nothing. It stands in the stream of the dossier, or of the certificate where there is no dossier, and
may bring a duty of its own: a reply owed by a day, or a decision to revoke after a conclusion on a breach.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ocop_flow.domain.event import Told, UnitRef
    from ocop_flow.domain.period import Period

Json = dict[str, Any]
#: Names of these acts in any stream.
RECORD, ANSWER, DISPUTE, LIFT = "record_beside", "answer", "dispute", "lift_dispute"
#: The unit that owed a duty has ended: another owes it from now on.
PASS_ON = "pass_on"
ACTIONS = frozenset({RECORD, ANSWER, DISPUTE, LIFT, PASS_ON})


@dataclass(frozen=True, slots=True)
class Beside:
    """One record.

    id        ``SUBJECT:GROUP:SEQ``
    group     promotion, inspection, complaint, letter
    facts     what was typed, by name; sums of money are whole VND as text, personal data sealed digests
    duty      what it obliges to (see ``duty_json``), or None
    settled_on, answer  the day and the facts of what answered it
    """

    id: str
    group: str
    kind: str
    on: date
    seq: int
    facts: Json
    file: str | None
    duty: Json | None
    settled_on: date | None = None
    answer: Json | None = None

    @property
    def duty_id(self) -> str | None:
        """The identity of its duty: by the subject that it was recorded for, whatever has taken its place."""
        return f"{self.id.rsplit(':', 2)[0]}:{self.duty['kind']}:{self.seq}" if self.duty else None


@dataclass(frozen=True, slots=True)
class Dispute:
    """Since a day, for a reason, a matter is disputed."""

    on: date
    reason: str
    seq: int


@dataclass(frozen=True, slots=True)
class Margin:
    """Everything beside the state of one subject."""

    records: tuple[Beside, ...] = ()
    disputed: Dispute | None = None

    def record(self, id_: str) -> Beside | None:
        return next((each for each in self.records if each.id == id_), None)


EMPTY = Margin()


def evolve(margin: Margin, event: Told) -> Margin:
    """The margin after one of ACTIONS."""
    data = event.data
    if event.action == RECORD:
        made = Beside(
            id=f"{event.subject}:{data['group']}:{event.seq}",
            group=data["group"],
            kind=data["kind"],
            on=event.occurred_on,
            seq=event.seq,
            facts=data["facts"],
            file=data["file"],
            duty=data["duty"],
        )
        return replace(margin, records=(*margin.records, made))
    if event.action == ANSWER:
        answer = {**data["facts"], "file": data["file"]}
        return replace(
            margin,
            records=tuple(
                replace(each, settled_on=event.occurred_on, answer=answer) if each.id == data["record"] else each
                for each in margin.records
            ),
        )
    if event.action == PASS_ON:
        return replace(margin, records=tuple(_passed(each, data) for each in margin.records))
    if event.action == DISPUTE:
        return replace(margin, disputed=Dispute(event.occurred_on, event.reason or "", event.seq))
    return replace(margin, disputed=None)


def _passed(record: Beside, data: Json) -> Beside:
    if record.id != data["record"] or record.duty is None:
        return record
    return replace(record, duty={**record.duty, "unit": data["unit"]})


def duty_json(kind: str, unit: UnitRef, period: Period | None, by: date | None, source: str, mark: str) -> Json:
    """A duty as an event keeps it: ``kind`` reply or revocation, owed by ``unit``, within a period or by a day."""
    return {
        "kind": kind,
        "unit": {"code": unit.code, "name": unit.name, "tier": unit.tier},
        "period": {"unit": period.unit, "amount": period.amount} if period else None,
        "by": by.isoformat() if by else None,
        "source": source,
        "mark": mark,
    }


def to_json(margin: Margin) -> Json:
    """The margin as a canonical value."""
    return {
        "records": [
            {
                "id": each.id,
                "group": each.group,
                "kind": each.kind,
                "on": each.on.isoformat(),
                "seq": each.seq,
                "facts": each.facts,
                "file": each.file,
                "duty": each.duty,
                "settled_on": each.settled_on.isoformat() if each.settled_on else None,
                "answer": each.answer,
            }
            for each in margin.records
        ],
        "disputed": _dispute_json(margin.disputed) if margin.disputed else None,
    }


def _dispute_json(dispute: Dispute) -> Json:
    return {"on": dispute.on.isoformat(), "reason": dispute.reason, "seq": dispute.seq}


def from_json(body: Json | None) -> Margin:
    """Inverse of ``to_json``; nothing for None."""
    if not body:
        return EMPTY
    records = (
        Beside(
            **{
                **each,
                "on": date.fromisoformat(each["on"]),
                "settled_on": date.fromisoformat(each["settled_on"]) if each["settled_on"] else None,
            }
        )
        for each in body["records"]
    )
    disputed = body["disputed"]
    return Margin(
        tuple(records),
        Dispute(date.fromisoformat(disputed["on"]), disputed["reason"], disputed["seq"]) if disputed else None,
    )
