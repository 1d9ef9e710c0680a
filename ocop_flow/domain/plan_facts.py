"""What a plan's status is told from: dossiers and recognitions, reduced to what milestones and targets ask."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from ocop_flow.domain.figures.chains import recognised
from ocop_flow.domain.units import TIERS

if TYPE_CHECKING:
    from ocop_flow.domain.dossier import Dossier, Visit
    from ocop_flow.domain.units import Unit, UnitTree

_PHASES = ("proposal", "registration", "evaluation", "rating", "promotion", "closed")
_COUNCIL_TIERS = ("commune", "district", "province", "central")


@dataclass(frozen=True, slots=True)
class Recognition:
    """A product was recognised with stars, through a dossier or as declared from before this system.

    on        None where the day is not known: then it was before anything recorded here
    kind      of the dossier (``first``, ``upgrade``, ``re_rating``); None for a declared one
    track     of the dossier; None for a declared one
    units     the units it lies in, commune first; those of the dossier's opening
    ended_on  day on which the certificate was revoked or expired; None while it lasts
    """

    product: str
    entity: str
    stars: int
    on: date | None
    kind: str | None
    track: str | None
    units: tuple[Unit, ...]
    ended_on: date | None = None


@dataclass(frozen=True, slots=True)
class DossierFact:
    """One dossier.

    plan    identity of its plan, or None
    units   the units it lies in, commune first, as they were when it was opened
    visits  as in ``Dossier``; the first is the opening
    order   the states of its regime, in the order of the file
    """

    code: str
    plan: str | None
    product: str
    entity: str
    units: tuple[Unit, ...]
    visits: tuple[Visit, ...]
    order: tuple[str, ...]
    filed_on: date | None
    recognition: Recognition | None

    @property
    def opened_on(self) -> date:
        return self.visits[0].on


@dataclass(frozen=True, slots=True)
class PlanFacts:
    """Every dossier of the issuer's area, of this plan or not, and what was declared for it.

    Milestones ask for the plan's own dossiers. Targets speak of the whole area: a dossier has one plan, but a
    district's and its province's targets both count its product.
    """

    dossiers: tuple[DossierFact, ...] = ()
    declared: tuple[Recognition, ...] = ()

    def recognitions(self) -> tuple[Recognition, ...]:
        found = (fact.recognition for fact in self.dossiers)
        return (*self.declared, *(recognition for recognition in found if recognition is not None))


NO_FACTS = PlanFacts()


def fact_of(dossier: Dossier, tree: UnitTree, order: Sequence[str]) -> DossierFact:
    """What a plan asks of a dossier.

    order  ids of the states of the dossier's regime, in the order of its file
    """
    units = _area(dossier, tree)
    return DossierFact(
        code=dossier.code,
        plan=dossier.plan,
        product=dossier.product,
        entity=dossier.entity,
        units=units,
        visits=dossier.visits,
        order=tuple(order),
        filed_on=dossier.filed_on,
        recognition=_recognition(dossier, units),
    )


def _area(dossier: Dossier, tree: UnitTree) -> tuple[Unit, ...]:
    code, first = dossier.opened_in
    commune = next((unit for unit in tree.lives(code) if unit.valid_from == first), None)
    if commune is None:
        return ()
    reached = (tree.reach(commune, tier, dossier.opened_on) for tier in TIERS)
    return tuple(unit for unit in reached if unit is not None)


def _recognition(dossier: Dossier, units: tuple[Unit, ...]) -> Recognition | None:
    certificate = dossier.certificate
    if certificate is None or not recognised(dossier):
        return None
    ended = dossier.closed_on if dossier.state in ("closed.revoked", "closed.expired") else None
    return Recognition(
        product=dossier.product,
        entity=dossier.entity,
        stars=certificate.stars,
        on=dossier.first_recognised or certificate.issued_on,
        kind=dossier.kind,
        track=dossier.track,
        units=units,
        ended_on=ended,
    )


def passed_on(fact: DossierFact, state: str, on: date) -> date | None:
    """The day since which a dossier is past a state, asked on a day; None if it is not.

    Past means: left by a forward action, skipped, or closed. One that is returned to the state or before it is not
    past it any more.
    """
    since: date | None = None
    bar, previous = _rank(state, fact.order), ""
    for visit in fact.visits:
        if visit.on > on:
            break
        past = _past(visit, previous, state, bar, fact.order, was=since is not None)
        since = (since or visit.on) if past else None
        previous = visit.state
    return since


def _past(visit: Visit, previous: str, state: str, bar: float, order: Sequence[str], *, was: bool) -> bool:
    if visit.state.startswith("closed."):
        return True
    if visit.state == state:
        return False
    if previous == state and visit.kind == "forward":
        return True
    higher = _rank(visit.state, order) > bar
    # A supplement may stand after its state in the file: being sent there for it is not progress.
    return higher and (was or visit.kind != "return")


def _rank(state: str, order: Sequence[str]) -> float:
    """Place of a state in its regime; a state of another regime stands where its phase and tier would put it."""
    if state in order:
        return order.index(state)
    coarse = _coarse(state)
    return next((place for place, other in enumerate(order) if _coarse(other) >= coarse), len(order)) - 0.5


def _coarse(state: str) -> tuple[int, int]:
    phase, _, name = state.partition(".")
    tier = name.partition("_")[0]
    place = _COUNCIL_TIERS.index(tier) if tier in _COUNCIL_TIERS else -1
    return (_PHASES.index(phase) if phase in _PHASES else -1, place)


def plan_dossiers(facts: PlanFacts, plan: str, on: date) -> Iterable[DossierFact]:
    """The dossiers of a plan that had been opened by a day."""
    return (fact for fact in facts.dossiers if fact.plan == plan and fact.opened_on <= on)
