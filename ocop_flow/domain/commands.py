"""What someone asks for, already read from the command line or a file, not yet judged."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any


@dataclass(frozen=True, slots=True)
class FileRef:
    """A file handed in: SHA-256 of its bytes, its name, its size in bytes, and where it lies until it is kept."""

    sha256: str
    name: str
    size: int
    path: str


@dataclass(frozen=True, slots=True)
class Paper:
    """The signed document behind an act, as typed.

    number    document number, None if there is none
    date      its date; None means the day of the act
    file      the scan, None if none; ``sealed`` is the digest that stands for it in the event
    signed_by handle of the signer; None means the actor
    capacity  one of TM, KT, TL, TUQ, Q, or None
    """

    number: str | None = None
    date: date | None = None
    file: FileRef | None = None
    signed_by: str | None = None
    capacity: str | None = None
    sealed: str | None = None

    def __bool__(self) -> bool:
        """Whether there is one at all."""
        return self != _NO_PAPER


@dataclass(frozen=True, slots=True)
class Attachment:
    """Evidence handed in: ``file`` is None for paper or a sample held; ``sealed`` stands for the file in the event."""

    kind: str
    copies: int = 1
    issued_on: date | None = None
    expires_on: date | None = None
    file: FileRef | None = None
    sealed: str | None = None


@dataclass(frozen=True, slots=True)
class Act:
    """What every recorded act carries, whatever it does.

    on      legal date; None means today in Viet Nam
    by      handle of the doer; None means the one who is logged in
    entry   ``live`` or ``paper:<campaign>``
    key     idempotency key
    """

    on: date | None = None
    by: str | None = None
    entry: str = "live"
    reason: str | None = None
    key: str | None = None
    paper: Paper = field(default_factory=Paper)


@dataclass(frozen=True, slots=True)
class Advance:
    """Move a dossier by one action of its regime."""

    dossier: str
    action: str
    act: Act = field(default_factory=Act)
    fields: dict[str, str] = field(default_factory=dict)
    attachments: tuple[Attachment, ...] = ()
    as_decided: bool = False
    expect_version: int | None = None


@dataclass(frozen=True, slots=True)
class Open:
    """Open a dossier; ``entity`` and ``product`` are names or codes.

    contacts  how the entity is reached: email, phone, chat
    """

    commune: str
    product: str
    entity: str
    entity_kind: str
    product_set: str
    kind: str
    track: str
    plan: str | None = None
    regime: str | None = None
    previous: str | None = None
    fields: dict[str, str] = field(default_factory=dict)
    contacts: dict[str, str] = field(default_factory=dict)
    act: Act = field(default_factory=Act)


_PLAIN = frozenset({str, int, bool})
_NO_PAPER = Paper()


def plain(value: Any) -> Any:
    """A command, or what it is made of, without what says nothing: equal content, equal digest, for idempotency keys.

    Of one level; what its values are made of is asked for in turn (``canonical.written``).
    """
    if isinstance(value, FileRef):
        return [value.sha256, value.name]
    if isinstance(value, tuple):
        return list(value)
    return {name: given for name in value.__slots__ if (given := getattr(value, name)) or type(given) in _PLAIN}
