"""The facts of the moment that a decision needs; gathered by the service, judged by the core."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date, datetime

    from ocop_flow.domain.authority import Person
    from ocop_flow.domain.regime import Regime
    from ocop_flow.domain.units import Unit, UnitTree


@dataclass(frozen=True, slots=True)
class Law:
    """A regime, the hash of its stored document, and its machine as a table: (state, action) -> next state."""

    regime: Regime
    hash: str
    table: Mapping[tuple[str, str], str]


@dataclass(frozen=True, slots=True)
class Desk:
    """Who is at work, and when.

    now       recording moment, UTC; today  its day in Viet Nam
    recorder  who types; actor  who does it; signer  who signed, None where nobody else is named
    tree      the units concerned, with those above and after them
    """

    now: datetime
    today: date
    recorder: Person
    actor: Person
    signer: Person | None
    tree: UnitTree


@dataclass(frozen=True, slots=True)
class NamedDecision:
    """A recorded decision as far as a move by its number needs it.

    line  action and stars that it decides of the dossier, None where it does not list it; ``own`` where the move is
          made by recording that very decision
    signer  name of who signed it
    """

    identity: str
    issuer: str
    decided_on: date
    annulled: bool
    line: tuple[str, int | None] | None
    own: bool = False
    signer: str | None = None


@dataclass(frozen=True, slots=True)
class CitedPaper:
    """What already stands behind a number that no decision is recorded under.

    subject  a dossier; or a certificate from before these records, of which the signer is not known
    on       the day of the paper
    """

    subject: str
    on: date
    signer: str | None


@dataclass(frozen=True, slots=True)
class Situation(Desk):
    """The desk, and the dossier's surroundings.

    commune   the life of the dossier's commune
    pinned    the law the dossier is under; current  the law in force on the legal date
    certificate_number, product_code  what a recognition would use
    recorded  the recorded decisions that bear the number of the paper behind the act
    cited     what the unit that moves has already put that number behind
    """

    commune: Unit
    pinned: Law
    current: Law
    certificate_number: str = ""
    product_code: str = ""
    recorded: tuple[NamedDecision, ...] = ()
    cited: tuple[CitedPaper, ...] = ()
