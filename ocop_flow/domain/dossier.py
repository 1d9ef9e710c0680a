"""A dossier, as the fold of its events (``domain.dossier_fold``) makes it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import Any, NamedTuple

from ocop_flow.domain.beside import EMPTY, Margin
from ocop_flow.domain.kept import Kept

Json = dict[str, Any]


class Evidence(NamedTuple):
    """So many copies of one kind, held since ``seq``; ``file`` is the sealed digest of the file, None for paper."""

    seq: int
    kind: str
    copies: int
    occurred_on: date
    issued_on: date | None
    expires_on: date | None
    file: str | None

    def valid_on(self, day: date) -> bool:
        return self.expires_on is None or day <= self.expires_on


@dataclass(frozen=True, slots=True)
class Score:
    """One member's sheet in one sitting: part totals as exact numbers, and the points per criterion if given.

    turn  1, or higher where the members discussed and scored again
    """

    sitting: str
    member: str
    parts: tuple[Fraction, ...]
    points: Json
    seq: int
    turn: int = 1

    @property
    def total(self) -> Fraction:
        return sum(self.parts, Fraction(0))


@dataclass(frozen=True, slots=True)
class Assessment:
    """What others than a council gave: ``source`` is entity, commune, district or team."""

    source: str
    parts: tuple[Fraction, ...]
    points: Json
    on: date
    seq: int

    @property
    def total(self) -> Fraction:
        return sum(self.parts, Fraction(0))


@dataclass(frozen=True, slots=True)
class Result:
    """What a closed sitting found. ``minima`` rows are as in the contract of ``council close``."""

    sitting: str
    tier: str
    seq: int
    on: date
    mean_total: Fraction
    parts: tuple[Fraction, ...]
    stars: int | None
    stars_by_total: int
    minima: tuple[Json, ...]
    spread: Fraction


@dataclass(frozen=True, slots=True)
class RoundEnd:
    """By the rules of the council its result of that day ended the round for the dossier at a tier."""

    tier: str
    on: date
    seq: int


class Visit(NamedTuple):
    """The dossier entered ``state`` on a legal day by event ``seq``, through an action of ``kind``.

    ``kind`` is one of a regime's, or open, migrate, or annul: back to where an annulled decision had found it.
    """

    state: str
    on: date
    seq: int
    kind: str


@dataclass(frozen=True, slots=True)
class Extension:
    """A deadline moved to a later day by a numbered decision."""

    deadline: str
    to: date
    decision: str
    reason: str
    seq: int


@dataclass(frozen=True, slots=True)
class Former:
    """A commune that the dossier lay in until the day on which it was handed over to another."""

    code: str
    valid_from: date | None
    name: str
    until: date


@dataclass(frozen=True, slots=True)
class Missing:
    """Evidence that a hand-over did not bring: ``answer`` is lost or not_received, by the minutes of that number."""

    kind: str
    copies: int
    answer: str
    minutes: str
    seq: int


@dataclass(frozen=True, slots=True)
class Certificate:
    """Issued by the recognition of this dossier, or in place of the one that it issued.

    status_on    the day from which ``status`` holds, None while it is the first one
    replaced_by  number of the certificate that took its place
    product_name, entity, entity_name  as they stand on it, where that is no longer what the dossier says; else None
    """

    number: str
    product_code: str
    stars: int
    issuer_code: str
    issuer_name: str
    issuer_tier: str
    decision: str
    issued_on: date
    valid_to: date
    status: str
    status_on: date | None = None
    replaced_by: str | None = None
    product_name: str | None = None
    entity: str | None = None
    entity_name: str | None = None


class Dossier(NamedTuple):
    """The state of a dossier after its event number ``version``.

    commune_from  first day of the commune's life, None if unknown: with the code it names one life of the unit
    filed_on      the day of filing, None before
    filing_checked  whether the filing evidence has been asked for
    rated         tier -> stars that its council found last, None where none: the province's stay when the centre rates
    previous_valid_to  last day of the certificate that an upgrade or re-rating starts from
    acts          action -> (login, name) of who last did it, for separation of duties
    margin        what is recorded beside the state
    earlier_certificates  those of this dossier that a re-issue or correction has replaced, oldest first
    former        communes that it lay in before, the first one first
    first_recognised  the day of the first recognition, where the product was rated again by order in the same dossier
    kept          who keeps its certificate since the issuer ended
    scored_on     the latest day of a sheet
    rounds_ended  results that ended a round without waiting for the decision, as the rules of their councils say
    missing       evidence that hand-overs did not bring
    last_actor    who did the newest act, and whether it may still be undone by them
    """

    code: str
    version: int
    last_hash: str
    last_recorded_at: datetime
    state: str
    regime: str
    workflow_hash: str
    kind: str
    track: str
    commune: str
    commune_from: date | None
    commune_name: str
    product: str
    product_name: str
    product_set: str
    entity: str
    entity_name: str
    entity_kind: str
    plan: str | None
    previous: str | None
    opened_on: date
    closed_on: date | None
    last_move_on: date
    filed_on: date | None
    filing_checked: bool
    evidence: tuple[Evidence, ...]
    scores: tuple[Score, ...]
    result: Result | None
    visits: tuple[Visit, ...]
    stars_decided: int | None
    certificate: Certificate | None
    acts: tuple[tuple[str, str], ...]
    fields: Json
    extensions: tuple[Extension, ...]
    last_act: tuple[int, str, str] | None
    former: tuple[Former, ...] = ()
    missing: tuple[Missing, ...] = ()
    before: Dossier | None = None
    rated: tuple[tuple[str, int | None], ...] = ()
    previous_valid_to: date | None = None
    margin: Margin = EMPTY
    earlier_certificates: tuple[Certificate, ...] = ()
    assessments: tuple[Assessment, ...] = ()
    rounds_ended: tuple[RoundEnd, ...] = ()
    kept: Kept | None = None
    first_recognised: date | None = None
    scored_on: date | None = None

    @property
    def phase(self) -> str:
        return self.state.partition(".")[0]

    @property
    def closed(self) -> bool:
        return self.phase == "closed"

    @property
    def stars(self) -> int | None:
        return self.result.stars if self.result else None

    def rated_by(self, tier: str) -> int | None:
        """Stars that the council of a tier found last; None if it found none, or has not rated."""
        return dict(self.rated).get(tier)

    @property
    def potential_five_stars(self) -> bool:
        """Rated with five stars by its province and not recognised with five: so statistics tell such products."""
        return self.rated_by("province") == 5 and self.stars_decided != 5

    def have(self, kind: str, on: date) -> int:
        """Copies of a kind of evidence that are valid on a day."""
        return sum(item.copies for item in self.evidence if item.kind == kind and item.valid_on(on))

    def entered(self, state: str) -> int:
        """Sequence number of the newest entry into ``state``; 0 if never. To take another law there is no entry."""
        before = (None, *(visit.state for visit in self.visits))
        entries = (
            visit.seq
            for visit, earlier in zip(self.visits, before, strict=False)
            if visit.state == state and not (visit.kind == "migrate" and earlier == state)
        )
        return max(entries, default=0)

    @property
    def opened_in(self) -> tuple[str, date | None]:
        """Code and first day of the commune in which it was opened."""
        return (self.former[0].code, self.former[0].valid_from) if self.former else (self.commune, self.commune_from)

    def under_present_law(self) -> Dossier:
        """The dossier with those visits alone that the law it is under now knows of."""
        last = max((index for index, visit in enumerate(self.visits) if visit.kind == "migrate"), default=0)
        return self._replace(visits=self.visits[last:]) if last else self

    @property
    def undisturbed(self) -> tuple[Visit, ...]:
        """The visits as if no decision that was annulled since had been: without where it led, and the way back."""
        if "annul" not in [visit.kind for visit in self.visits]:
            return self.visits
        kept: list[Visit] = []
        for visit in self.visits:
            if visit.kind == "annul" and any(each.state == visit.state for each in kept):
                while kept[-1].state != visit.state:
                    kept.pop()
            else:
                kept.append(visit)
        return tuple(kept)

    def done_by(self, action: str) -> str | None:
        """Who last did ``action``."""
        return dict(self.acts).get(action)


def certificate_of(body: Json) -> Certificate:
    return Certificate(
        **{
            **body,
            "issued_on": date.fromisoformat(body["issued_on"]),
            "valid_to": date.fromisoformat(body["valid_to"]),
            "status_on": day_of(body.get("status_on")),
        }
    )


def day_of(text: str | None) -> date | None:
    """A day as it stands in JSON."""
    return date.fromisoformat(text) if text else None


def day_text(day: date | None) -> str | None:
    """Inverse of ``day_of``."""
    return day.isoformat() if day else None
