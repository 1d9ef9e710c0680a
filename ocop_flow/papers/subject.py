"""What a paper is about, once it is read from the record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ocop_flow.domain.event import Signer
    from ocop_flow.domain.units import Unit
    from ocop_flow.errors import Reason


@dataclass(frozen=True, slots=True)
class Subject:
    """``unit`` issues the paper, unless the kind says that ``commune``, ``holder`` or ``receiver`` does.

    regime  of what the paper is about, where that is one
    issued_under  the regime of a certificate's own recognition, where that is known
    signed  who signed, where the paper is of an act that is recorded
    against  conditions of papers that do not hold for it: name -> why not
    """

    unit: Unit
    fields: dict[str, Any]
    commune: Unit | None = None
    holder: Unit | None = None
    regime: str | None = None
    issued_under: str | None = None
    receiver: Unit | None = None
    signed: Signed | None = None
    against: Mapping[str, Reason] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Signed:
    """Whose name stands below a recorded paper, and in which capacity (Decree 30/2020/NĐ-CP annex I)."""

    name: str
    capacity: str | None

    @classmethod
    def of(cls, signer: Signer | None) -> Signed | None:
        return cls(signer.name, signer.capacity) if signer else None
