"""What an auditor asks about first: signs in recorded histories, each found by one small function.

A finding accuses nobody. Where a law stands behind it the reason names it with its mark; the others are signs that
experience taught auditors, and carry none. ``ALONE`` looks at one dossier, ``domain.findings_across`` at many,
``domain.findings_paid`` at support that was paid.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from ocop_flow.domain.dossier_fold import actor_key
from ocop_flow.domain.exact import exact, mean_decimal
from ocop_flow.domain.rating import rules_of
from ocop_flow.errors import Reason, reason

if TYPE_CHECKING:
    from datetime import date

    from ocop_flow.domain.dossier import Dossier
    from ocop_flow.domain.event import Doer, Event, UnitRef
    from ocop_flow.domain.regime import Regime

Json = dict[str, Any]
#: Posts that prepare a matter for those who decide it.
PREPARING = frozenset({"officer", "advisory_team", "council_secretary"})
#: Kinds of moves that take a dossier back to where it was, and acts that change what was recorded.
_BACK = frozenset({"correct", "reopen"})
_CORRECTING = frozenset({"undo", "fix", "detach", "annul_decision", "correct_decision", "correct_certificate"})


@dataclass(frozen=True, slots=True)
class Limits:
    """From where on a sign is told.

    late     days between an act and its recording
    edge     points between a mean and the edge of a band
    longest  how many units are named that held dossiers longest
    """

    late: int = 30
    edge: Fraction = Fraction(1, 2)
    longest: int = 10


@dataclass(frozen=True, slots=True)
class Found:
    """One finding: ``kind`` is its detector's name; ``seq`` None where no single event is meant."""

    kind: str
    subject_kind: str
    subject: str
    seq: int | None
    on: date
    unit: UnitRef | None
    because: Reason


@dataclass(frozen=True, slots=True)
class Step:
    """An event with the dossier as it stood before, None at the opening; ``late`` days passed until its recording."""

    before: Dossier | None
    event: Event
    late: int


@dataclass(frozen=True, slots=True)
class Held:
    """A unit held the dossier for so many calendar days, from its event ``seq`` to a day."""

    unit: UnitRef
    state: str
    seq: int
    until: date
    days: int


@dataclass(frozen=True, slots=True)
class Case:
    """One whole history.

    laws   the regimes that it was under, by the hash of their documents
    held   who held it how long, in order
    files  sealed digest -> SHA-256 of each evidence file that is not withheld
    """

    dossier: Dossier
    steps: tuple[Step, ...]
    laws: Mapping[str, Regime]
    held: tuple[Held, ...] = ()
    files: Mapping[str, str] | None = None
    limits: Limits = Limits()

    @property
    def standing(self) -> tuple[Step, ...]:
        """The steps that were not taken back, nor are a taking back."""
        undone = {step.event.data["undoes"] for step in self.steps if step.event.action == "undo"}
        return tuple(step for step in self.steps if step.event.action != "undo" and step.event.seq not in undone)

    @property
    def decided(self) -> tuple[tuple[Dossier, Event], ...]:
        """Signed moves out of a state of rating, each with the dossier that it found."""
        return tuple(
            (step.before, step.event)
            for step in self.standing
            if step.before is not None and step.event.signer is not None and step.before.phase == "rating"
        )


def found_at(kind: str, event: Event, because: Reason) -> Found:
    return Found(kind, event.subject_kind, event.subject, event.seq, event.occurred_on, event.actor.unit, because)


def recorded_late(case: Case) -> Iterator[Found]:
    """Entered live, long after its day. What came from paper is grouped by campaign (``findings_across``)."""
    for step in case.steps:
        if step.event.entry == "live" and step.late > case.limits.late:
            yield found_at("recorded_late", step.event, reason("found_late", days=step.late))


def edge_of_band(case: Case) -> Iterator[Found]:
    """Decided on a mean so near to the edge of a band that one member's point could have changed the star."""
    for before, event in case.decided:
        law = case.laws.get(before.workflow_hash)
        if before.result is None or law is None:
            continue
        rules = rules_of(law)
        mean = before.result.mean_total
        for band in rules.bands:
            away = mean - band.from_points
            if band.from_points and abs(away) <= case.limits.edge:
                text = "found_edge_above" if away >= 0 else "found_edge_below"
                because = reason(
                    text,
                    source=rules.source,
                    mark=rules.mark,
                    mean=mean_decimal(mean),
                    edge=exact(band.from_points),
                    stars=band.stars,
                )
                yield found_at("edge_of_band", event, because)


def as_decided(case: Case) -> Iterator[Found]:
    """A signed document overrode a rule; each rule is one finding, with its article."""
    for step in case.standing:
        for item in step.event.overridden:
            yield found_at("as_decided", step.event, item)


def same_person(case: Case) -> Iterator[Found]:
    """Who signed had prepared the same dossier in a preparing post."""
    prepared: dict[str, int] = {}
    for step in case.standing:
        event = step.event
        signer = event.signer
        if signer is not None and (earlier := prepared.get(signer.login or signer.name)) is not None:
            yield found_at("same_person", event, reason("found_same_person", person=signer.name, number=earlier))
        if event.actor.role in PREPARING and not _engine(event.actor):
            prepared.setdefault(actor_key(event), event.seq)


def _engine(doer: Doer) -> bool:
    return doer.role == "system"


def reopened(case: Case) -> Iterator[Found]:
    """Taken back, corrected, annulled, reopened, or a member's sheet keyed again."""
    sheets: set[tuple[str, str, int]] = set()
    for step in case.steps:
        event = step.event
        again = False
        if event.action == "score":
            sheet = (event.data["sitting"], event.data["member"]["login"], event.data.get("turn", 1))
            again = sheet in sheets
            sheets.add(sheet)
        if again or event.action in _CORRECTING or event.data.get("kind") in _BACK:
            code = event.action if again or event.action in _CORRECTING else "move"
            yield found_at("reopened", event, reason(f"found_changed_{code}", why=event.reason or "-"))


def no_quorum(case: Case) -> Iterator[Found]:
    """Recognised on the result of a sitting at which fewer members sat than its rules wanted."""
    closed = {step.event.seq: step.event for step in case.standing if step.event.action == "close_sitting"}
    for before, event in case.decided:
        sitting = closed.get(before.result.seq) if before.result else None
        quorum = sitting.data.get("quorum") if sitting else None
        if sitting is None or quorum is None or quorum["met"] is not False or not event.data.get("stars_decided"):
            continue
        rule = next((r for r in (*sitting.overridden, *sitting.warnings) if r.code == "quorum_missed"), None)
        because = reason(
            "found_no_quorum",
            source=rule.source if rule else None,
            mark=rule.mark if rule else None,
            sitting=sitting.data["sitting"],
            present=quorum["present"],
            required=quorum["required"],
        )
        yield found_at("no_quorum", event, because)


#: Detectors that look at one dossier, by the kind of finding.
ALONE: Mapping[str, Callable[[Case], Iterator[Found]]] = {
    "recorded_late": recorded_late,
    "edge_of_band": edge_of_band,
    "as_decided": as_decided,
    "same_person": same_person,
    "reopened": reopened,
    "no_quorum": no_quorum,
}
