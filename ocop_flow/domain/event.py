"""What happened: one immutable record of an act, its canonical bytes and its hash.

Every act on every object (dossier, entity, product, person, council, plan, certificate, workflow, calendar) is one
event in the stream of its subject. The envelope below is version 1 and does not change; what is particular to an action
stands in ``data``. Personal data never stands in an event: a salted digest does (``domain.sealed``).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any, Final

from ocop_flow.domain import canonical
from ocop_flow.errors import Param, Reason, Text, reason

#: Version of the envelope.
VERSION: Final = 1
#: ``prev_hash`` of the first event of a stream.
GENESIS: Final = "0" * 64

SUBJECT_KINDS = (
    "dossier",
    "entity",
    "product",
    "person",
    "council",
    "decision",
    "plan",
    "certificate",
    "workflow",
    "unit",
    "report",
    "calendar",
)
CAPACITIES = ("TM", "KT", "TL", "TUQ", "Q")

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class UnitRef:
    """A unit as it was named on the day of the act."""

    code: str
    name: str
    tier: str


@dataclass(frozen=True, slots=True)
class Doer:
    """A person in a post, frozen as they were; ``login`` is None for someone without an account."""

    login: str | None
    name: str
    role: str
    unit: UnitRef | None


SYSTEM = Doer("system", "system", "system", None)


@dataclass(frozen=True, slots=True)
class Signer:
    """Who signed the paper: name, post, capacity (one of CAPACITIES or None), document number, date, file digest."""

    login: str | None
    name: str
    post: str
    capacity: str | None
    number: str
    date: date
    file: str | None


@dataclass(frozen=True, slots=True)
class Event:
    """One act.

    subject_kind, subject  whose history it belongs to (one of SUBJECT_KINDS, and the code)
    seq           1, 2, … without gap within the subject
    from_state, to_state   dossier states; equal for an act that moves nothing; None outside dossiers and at opening
    recorded_at   when it entered the record, UTC; never before the subject's previous event
    occurred_on   the legal date of the act
    entry         ``live``, or ``paper:<campaign>`` when typed from paper later
    overridden    conditions that failed and were overridden by a signed decision
    warnings      conditions that failed but may only warn
    key           idempotency key given by the caller
    regime, workflow_hash  the law the act was decided under; None outside dossiers
    prev_hash     hash of the subject's previous event, GENESIS for the first
    """

    subject_kind: str
    subject: str
    seq: int
    action: str
    from_state: str | None
    to_state: str | None
    recorded_at: datetime
    occurred_on: date
    actor: Doer
    recorder: Doer
    signer: Signer | None
    entry: str
    overridden: tuple[Reason, ...]
    warnings: tuple[Reason, ...]
    key: str | None
    regime: str | None
    workflow_hash: str | None
    data: Json
    reason: str | None
    prev_hash: str
    #: The bytes once they are made: storing and folding both ask for them.
    _body: bytes | None = field(default=None, init=False, compare=False, repr=False)
    _hash: str | None = field(default=None, init=False, compare=False, repr=False)

    def body(self) -> bytes:
        """The canonical bytes that are stored and hashed.

        raises  ValueError for values that are not canonical; the envelope has its types, the rest is looked at
        """
        if self._body is None:
            body = to_json(self)
            canonical.check([body["data"], body["overridden"], body["warnings"]])
            object.__setattr__(self, "_body", canonical.written(body))
        return self._body or b""

    def hash(self) -> str:
        if self._hash is None:
            object.__setattr__(self, "_hash", canonical.sha256(self.body()))
        return self._hash or ""

    @property
    def actor_key(self) -> str:
        """What identifies a doer for undo and separation of duties: the handle, or the name of one who has none."""
        return self.actor.login or self.actor.name


class Recorded:
    """An event as it stands in the log, read no further than a fold asks: whole histories are folded in one go.

    Attributes are named and mean as those of ``Event``; what few ask for is made of the parsed value when it is asked.
    raises  ValueError for a version this program does not know, or bytes that are no event
    """

    __slots__ = ("_digest", "_value", "action", "actor_key", "data", "occurred_on", "seq", "to_state", "workflow_hash")

    def __init__(self, body: bytes | str, digest: str) -> None:
        """``digest``: the hash that stands beside the bytes; whether it is theirs is for ``domain.chain``."""
        self._digest = digest
        value = self._value = canonical.decode(body)
        try:
            if value["v"] != VERSION:
                raise ValueError(f"unknown event version {value['v']!r}")
            actor = value["actor"]
            self.action: str = value["action"]
            self.actor_key: str = actor["login"] or actor["name"]
            self.data: Json = value["data"]
            self.occurred_on = date.fromisoformat(value["occurred_on"])
            self.seq: int = value["seq"]
            self.to_state: str | None = value["to_state"]
            self.workflow_hash: str | None = value["workflow_hash"]
        except (KeyError, TypeError) as error:
            raise ValueError(f"not an event: {error!r}") from error

    @property
    def from_state(self) -> str | None:
        return self._value["from_state"]  # type: ignore[no-any-return]

    @property
    def reason(self) -> str | None:
        return self._value["reason"]  # type: ignore[no-any-return]

    @property
    def regime(self) -> str | None:
        return self._value["regime"]  # type: ignore[no-any-return]

    @property
    def subject(self) -> str:
        return self._value["subject"]["code"]  # type: ignore[no-any-return]

    @property
    def subject_kind(self) -> str:
        return self._value["subject"]["kind"]  # type: ignore[no-any-return]

    @property
    def recorded_at(self) -> datetime:
        return parse_time(self._value["recorded_at"])

    @property
    def signer(self) -> Signer | None:
        found = self._value["signer"]
        return _signer(found) if found else None

    def hash(self) -> str:
        return self._digest


#: What is folded: an event that was just made, or one that was read.
Told = Event | Recorded


def to_json(event: Event) -> Json:
    """The event as a canonical value; ``from_json`` is its inverse."""
    return {
        "v": VERSION,
        "subject": {"kind": event.subject_kind, "code": event.subject},
        "seq": event.seq,
        "action": event.action,
        "from_state": event.from_state,
        "to_state": event.to_state,
        "recorded_at": time_text(event.recorded_at),
        "occurred_on": event.occurred_on.isoformat(),
        "actor": (actor := doer_json(event.actor)),
        "recorder": actor if event.recorder is event.actor else doer_json(event.recorder),
        "signer": signer_json(event.signer) if event.signer else None,
        "entry": event.entry,
        "overridden": [reason_json(item) for item in event.overridden],
        "warnings": [reason_json(item) for item in event.warnings],
        "key": event.key,
        "regime": event.regime,
        "workflow_hash": event.workflow_hash,
        "data": event.data,
        "reason": event.reason,
        "prev_hash": event.prev_hash,
    }


def from_json(body: Json) -> Event:
    """Read an event of any released version.

    raises  ValueError for a version this program does not know
    """
    if body["v"] != VERSION:
        raise ValueError(f"unknown event version {body['v']!r}")
    return Event(
        subject_kind=body["subject"]["kind"],
        subject=body["subject"]["code"],
        seq=body["seq"],
        action=body["action"],
        from_state=body["from_state"],
        to_state=body["to_state"],
        recorded_at=parse_time(body["recorded_at"]),
        occurred_on=date.fromisoformat(body["occurred_on"]),
        actor=_doer(body["actor"]),
        recorder=_doer(body["recorder"]),
        signer=_signer(body["signer"]) if body["signer"] else None,
        entry=body["entry"],
        overridden=tuple(reason_of(item) for item in body["overridden"]),
        warnings=tuple(reason_of(item) for item in body["warnings"]),
        key=body["key"],
        regime=body["regime"],
        workflow_hash=body["workflow_hash"],
        data=body["data"],
        reason=body["reason"],
        prev_hash=body["prev_hash"],
    )


@lru_cache(64)
def time_text(moment: datetime) -> str:
    """RFC 3339 in UTC with microseconds, e.g. ``2020-07-25T01:00:00.000000Z``: sorts as text."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")[:26] + "Z"


def parse_time(text: str) -> datetime:
    return datetime.fromisoformat(text)


def unit_json(unit: UnitRef | None) -> Json | None:
    return {"code": unit.code, "name": unit.name, "tier": unit.tier} if unit else None


def doer_json(doer: Doer) -> Json:
    return {"login": doer.login, "name": doer.name, "role": doer.role, "unit": unit_json(doer.unit)}


def signer_json(signer: Signer) -> Json:
    return {
        "login": signer.login,
        "name": signer.name,
        "post": signer.post,
        "capacity": signer.capacity,
        "number": signer.number,
        "date": signer.date.isoformat(),
        "file": signer.file,
    }


def reason_json(item: Reason) -> Json:
    return {
        "code": item.code,
        "params": {key: _param_json(value) for key, value in item.params.items()},
        "source": item.source,
        "mark": item.mark,
    }


def reason_of(body: Json) -> Reason:
    params = {key: Text(**value) if isinstance(value, dict) else value for key, value in body["params"].items()}
    return reason(body["code"], source=body["source"], mark=body["mark"], **params)


def _param_json(value: Param) -> Json | str | int | None:
    return {"vi": value.vi, "en": value.en} if isinstance(value, Text) else value


def _doer(body: Json) -> Doer:
    unit = body["unit"]
    return Doer(body["login"], body["name"], body["role"], UnitRef(**unit) if unit else None)


def _signer(body: Json) -> Signer:
    return Signer(**{**body, "date": date.fromisoformat(body["date"])})
