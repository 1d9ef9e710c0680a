"""A numbered, signed decision as the fold of its events: recorded once, corrected, partly or wholly annulled.

The stream is ("decision", identity), the identity being issuer:year:number, e.g. ("decision", "33:2026:12/QĐ-UBND").
What a line decided about a dossier stands in the dossier's own stream too; both were written in one transaction.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import reduce
from typing import TYPE_CHECKING, Any

from ocop_flow.errors import InputInvalid, reason

if TYPE_CHECKING:
    from ocop_flow.domain.event import Event

Json = dict[str, Any]

#: What a decision is about. Those of ``MOVING`` carry a list of dossiers; the others are documents that acts name.
KINDS = (
    "recognition",
    "not_recognised",
    "transfer",
    "revocation",
    "council",
    "rules",
    "appointment",
    "annulment",
    "correction",
    "other",
)
MOVING = frozenset({"recognition", "not_recognised", "transfer", "revocation"})
RECORDED, CORRECTED, ANNULLED = "decision_recorded", "decision_corrected", "decision_annulled"
#: What ``decision correct`` may set, of the decision itself and of a line.
CORRECTABLE = ("title",)
LINE_CORRECTABLE = ("stars", "product", "certificate_number")


def check_kind(kind: str | None) -> None:
    """Raises InputInvalid naming the kinds there are; None is any."""
    if kind is not None and kind not in KINDS:
        raise InputInvalid(reason("decision_kind_unknown", kind=kind, known=", ".join(KINDS)))


@dataclass(frozen=True, slots=True)
class Line:
    """What a decision says of one dossier.

    number    1, 2, … as listed
    seq       the dossier's event that carries it out
    stars     as decided, None where none are; ``computed`` as the last closed sitting found them
    status    ``in_force``, ``corrected`` or ``annulled``
    """

    number: int
    dossier: str
    product: str
    action: str
    seq: int
    stars: int | None
    computed: int | None
    certificate: str | None
    overridden: tuple[str, ...]
    status: str = "in_force"

    @property
    def standing(self) -> bool:
        return self.status != "annulled"


@dataclass(frozen=True, slots=True)
class Change:
    """A correction or annulment: of one dossier's line, or of the decision itself where ``dossier`` is None."""

    action: str
    dossier: str | None
    by: str
    reason: str
    on: date
    values: Json


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision after its event number ``version``; ``file`` is the sealed digest of the scan."""

    identity: str
    version: int
    last_hash: str
    last_recorded_at: datetime
    number: str
    year: int
    issuer: Json
    decided_on: date
    kind: str
    title: str
    signer: Json
    file: str | None
    lines: tuple[Line, ...]
    changes: tuple[Change, ...] = ()
    void: bool = False

    @property
    def status(self) -> str:
        """``in_force``, ``corrected``, ``partly_annulled`` or ``annulled``."""
        if self.void or (self.lines and not any(line.standing for line in self.lines)):
            return "annulled"
        if any(not line.standing for line in self.lines):
            return "partly_annulled"
        return "corrected" if self.changes else "in_force"

    def line_of(self, dossier: str) -> Line | None:
        return next((line for line in self.lines if line.dossier == dossier), None)


def identity(issuer: str, year: int, number: str) -> str:
    return f"{issuer}:{year}:{number}"


def replay_decision(events: Iterable[Event]) -> Decision | None:
    """The decision that these events, in order of ``seq``, make; None without events."""
    return reduce(evolve_decision, events, None)


def evolve_decision(decision: Decision | None, event: Event) -> Decision:
    """The decision after one more event; total, without rules or clock."""
    if decision is None:
        return _recorded(event)
    data = event.data
    dossiers = data["dossiers"]
    status = "annulled" if event.action == ANNULLED else "corrected"
    values = data.get("values", {})
    given = tuple(
        Change(event.action, dossier, data["by"], event.reason or "", event.occurred_on, values)
        for dossier in (dossiers or [None])
    )
    lines = tuple(_changed(line, status, values) if line.dossier in dossiers else line for line in decision.lines)
    return replace(
        decision,
        version=event.seq,
        last_hash=event.hash(),
        last_recorded_at=event.recorded_at,
        title=values.get("title", decision.title) if not dossiers else decision.title,
        lines=lines,
        changes=(*decision.changes, *given),
        void=decision.void or (event.action == ANNULLED and data["whole"]),
    )


def _changed(line: Line, status: str, values: Json) -> Line:
    return replace(
        line,
        status=status,
        stars=values.get("stars", line.stars),
        product=values.get("product", line.product),
        certificate=values.get("certificate_number", line.certificate),
    )


def _recorded(event: Event) -> Decision:
    data = event.data
    signer = event.signer
    return Decision(
        identity=event.subject,
        version=event.seq,
        last_hash=event.hash(),
        last_recorded_at=event.recorded_at,
        number=data["number"],
        year=data["year"],
        issuer=data["issuer"],
        decided_on=event.occurred_on,
        kind=data["kind"],
        title=data["title"],
        signer={"name": signer.name, "post": signer.post, "capacity": signer.capacity} if signer else {},
        file=signer.file if signer else None,
        lines=tuple(_line(body) for body in data["lines"]),
    )


def _line(body: Json) -> Line:
    return Line(**{**body, "overridden": tuple(body["overridden"])})


def line_json(line: Line) -> Json:
    """A line as it stands in the event."""
    return {
        "number": line.number,
        "dossier": line.dossier,
        "product": line.product,
        "action": line.action,
        "seq": line.seq,
        "stars": line.stars,
        "computed": line.computed,
        "certificate": line.certificate,
        "overridden": list(line.overridden),
    }
