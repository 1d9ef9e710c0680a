"""What a paper is about, once it is read from the record."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ocop_flow.domain.units import Unit


@dataclass(frozen=True, slots=True)
class Subject:
    """``unit`` issues the paper, unless the kind says that ``commune`` or ``holder`` does.

    regime  of what the paper is about, where that is one
    issued_under  the regime of a certificate's own recognition, where that is known
    """

    unit: Unit
    fields: dict[str, Any]
    commune: Unit | None = None
    holder: Unit | None = None
    regime: str | None = None
    issued_under: str | None = None
