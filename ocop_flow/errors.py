"""Every error that ocop_flow raises on purpose: reasons for people, an exit code for the shell.

A reason is language-neutral: a stable code and its parameters. Texts in Vietnamese and English belong to
``ocop_flow.messages``; nothing below that layer writes a sentence.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import ClassVar, NamedTuple

#: What a mark says of a source: two independent sources, one, recalled, unknown, derived, adopted by a province.
MARKS = ("two_sources", "one_source", "recalled", "unknown", "derived", "adopted")
#: Marks whose rule may refuse; every other mark only warns (DESIGN principle 10).
BINDING_MARKS = frozenset({"two_sources", "one_source", "adopted"})


class Text(NamedTuple):
    """One text in the two languages of the product."""

    vi: str
    en: str


Param = str | int | Text | None


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something is refused, overridden or warned about.

    code     stable identifier, e.g. ``evidence_missing``; its texts are in ``ocop_flow.messages``
    params   values that the texts name; a ``Text`` is shown in the reader's language
    source   decision and article, e.g. ``26/2026/QĐ-TTg art. 5``; None where no law is at work
    mark     one of MARKS; None where ``source`` is None
    """

    code: str
    params: Mapping[str, Param] = field(default_factory=lambda: MappingProxyType({}))
    source: str | None = None
    mark: str | None = None

    @property
    def binding(self) -> bool:
        """Whether this reason may refuse: it names no law at all (a structural fact), or a sourced one."""
        return self.mark is None or self.mark in BINDING_MARKS


def reason(code: str, /, *, source: str | None = None, mark: str | None = None, **params: Param) -> Reason:
    """Short form of ``Reason`` for the places that raise one."""
    return Reason(code, MappingProxyType(params), source, mark)


class OcopFlowError(Exception):
    """Base of the family: one or more reasons, and the exit code of DESIGN section 7."""

    exit_code: ClassVar[int] = 1

    def __init__(self, *reasons: Reason) -> None:
        if not reasons:
            raise ValueError("an error needs at least one reason")
        self.reasons: Sequence[Reason] = reasons
        super().__init__("; ".join(f"{r.code} {dict(r.params)}" for r in reasons))


class InputInvalid(OcopFlowError):
    """Wrong usage or unreadable input; every fault is listed (exit 2)."""

    exit_code = 2


class Refused(OcopFlowError):
    """Known but forbidden by a rule; the reasons name each failed condition (exit 3)."""

    exit_code = 3


class NotFound(OcopFlowError):
    """Well formed but absent (exit 4)."""

    exit_code = 4


class Conflict(OcopFlowError):
    """The record moved on, or a key was reused with other content (exit 5)."""

    exit_code = 5


class Unavailable(OcopFlowError):
    """Database, mail server or configuration not usable (exit 6); ``again`` if the same command may succeed at once."""

    exit_code = 6

    def __init__(self, *reasons: Reason, again: bool = False) -> None:
        super().__init__(*reasons)
        self.again = again


class Undelivered(Unavailable):
    """One message was not taken; ``permanent`` if trying again is of no use."""

    def __init__(self, *reasons: Reason, permanent: bool = False) -> None:
        super().__init__(*reasons)
        self.permanent = permanent
