"""A legal regime as frozen values: states, actions, limits, bands, parameters, each with its source and mark.

A regime is built from its *document*: the plain, canonical value (strings, integers, booleans, null, lists, dicts)
that is stored by its hash and read again by every decision and audit (``domain.regime_document``).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Literal

from ocop_flow.errors import Text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ocop_flow.domain.period import LastDayReading

PHASES = ("proposal", "registration", "evaluation", "rating", "promotion", "closed")
ACTION_KINDS = ("forward", "return", "reject", "withdraw", "correct", "system")
FIELD_TYPES = ("text", "date", "integer", "decimal", "boolean", "choice", "document_number", "unit", "person")
ROLES = (
    "officer",
    "leader",
    "advisory_team",
    "council_chair",
    "council_vice_chair",
    "council_member",
    "council_secretary",
    "auditor",
    "admin",
)

Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class RoleAt:
    """A role at a tier; the tier ``holder`` is that of the state the action starts from."""

    role: str
    tier: str

    @classmethod
    def parse(cls, text: str) -> RoleAt:
        role, _, tier = text.partition("@")
        return cls(role, tier)


@dataclass(frozen=True, slots=True)
class Parameter:
    """A question that the sources leave open, with the answer in use."""

    id: str
    type: str
    value: str | int | bool | None
    label: Text
    source: str
    mark: str


@dataclass(frozen=True, slots=True)
class EvidenceKind:
    id: str
    label: Text
    source: str
    mark: str


@dataclass(frozen=True, slots=True)
class EvidenceNeed:
    """So many copies of one kind of evidence; ``goods_only`` spares services (tourism), ``kinds`` empty means all."""

    kind: str
    copies: int
    goods_only: bool
    kinds: tuple[str, ...]
    source: str
    mark: str


@dataclass(frozen=True, slots=True)
class FieldNeed:
    name: str
    type: str
    required: bool
    choices: tuple[str, ...]
    label: Text


@dataclass(frozen=True, slots=True)
class Guard:
    """A named predicate (see ``domain.guards``) with its argument: an integer, or a pair of them."""

    name: str
    argument: int | tuple[int, int]
    source: str
    mark: str


@dataclass(frozen=True, slots=True)
class Period:
    """A counted period: days, working days or months; ``count`` None means that no number is set."""

    unit: Literal["days", "working_days", "months"]
    count: int | None


@dataclass(frozen=True, slots=True)
class Limit:
    """A time limit that runs while a dossier is in one of ``states``, from its first entry into any of them."""

    id: str
    label: Text
    states: tuple[str, ...]
    period: Period
    kinds: tuple[str, ...]
    source: str
    mark: str


@dataclass(frozen=True, slots=True)
class State:
    """A place where a dossier rests. ``step`` and ``tier`` are None in ``closed``."""

    id: str
    label: Text
    step: int | None
    tier: str | None
    limit: str | None
    ladder: str | None
    clock_stopped: bool

    @property
    def phase(self) -> str:
        return self.id.partition(".")[0]

    @property
    def closed(self) -> bool:
        return self.phase == "closed"


@dataclass(frozen=True, slots=True)
class Keeps:
    """A recognition that keeps the result of one tier, whatever a later one found, up to the stars it recognises."""

    tier: str
    stars_at_most: int


@dataclass(frozen=True, slots=True)
class Action:
    """A move that the law allows from certain states."""

    id: str
    label: Text
    kind: str
    sources: tuple[str, ...]
    to: str
    roles: tuple[RoleAt, ...]
    evidence: tuple[EvidenceNeed, ...]
    fields: tuple[FieldNeed, ...]
    guards: tuple[Guard, ...]
    separate_from: tuple[str, ...]
    kinds: tuple[str, ...]
    tracks: tuple[str, ...]
    files: bool
    decision: bool
    reason: bool
    scores: bool
    recordable: bool
    recognises: bool
    source: str
    mark: str
    keeps: Keeps | None = None

    @property
    def ends_certificate(self) -> bool:
        """Whether it revokes a certificate: whoever stands in the issuer's place may do so."""
        return self.to == "closed.revoked"

    def tier(self, state: State) -> str:
        """The tier at which the action is taken from ``state``; a system action stays at the state's own."""
        for role in self.roles:
            return (state.tier or "commune") if role.tier == "holder" else role.tier
        return state.tier or "commune"

    def roles_at(self, state: State) -> tuple[RoleAt, ...]:
        """Who may take it from ``state``, with the tier spelled out."""
        return tuple(RoleAt(role.role, self.tier(state)) for role in self.roles)


@dataclass(frozen=True, slots=True)
class Band:
    stars: int
    from_points: int
    recognised_by: str | None


@dataclass(frozen=True, slots=True)
class Rating:
    """How points become stars; ``declared`` regimes have neither parts nor bands."""

    scored: bool
    parts: Mapping[str, int]
    bands: tuple[Band, ...]
    below_three_star_minimum: str
    minima_by: str
    conditions_from: date | None
    source: str
    mark: str


@dataclass(frozen=True, slots=True)
class EntityKind:
    kind: str
    services_only: bool
    source: str
    mark: str


@dataclass(frozen=True, slots=True)
class ProductSets:
    """``ids`` lists the sets of a regime; None means that the regime lists none and any identifier is taken."""

    ids: frozenset[str] | None
    services: frozenset[str]


@dataclass(frozen=True, slots=True)
class Grace:
    """Days after its end for which a certificate goes on while its re-rating is undecided (transition)."""

    days: int
    source: str
    mark: str


@dataclass(frozen=True, slots=True)
class Certificate:
    months: int
    last_day: LastDayReading
    product_code: str
    source: str
    mark: str
    grace: Grace | None = None


@dataclass(frozen=True, slots=True)
class Cause:
    """A ground on which a certificate is revoked; ``letter`` is its place in the decision's list, if it has one."""

    id: str
    letter: str | None
    label: Text
    source: str
    mark: str


@dataclass(frozen=True, slots=True)
class Revocation:
    """The grounds, and the days from the conclusion on the breach to the decision; None where no limit is known."""

    causes: tuple[Cause, ...]
    days: int | None
    source: str
    mark: str


@dataclass(frozen=True, slots=True)
class TransitionLimit:
    """Dossiers of these kinds, filed before ``from_day``, end within ``days`` of it.

    ends  the last day where the period ends on a day off (Civil Code 2015 art. 148); None where it does not
    """

    kinds: tuple[str, ...]
    days: int
    from_day: date
    ends: date | None = None

    @property
    def last_day(self) -> date:
        return self.ends or self.from_day + timedelta(self.days)


@dataclass(frozen=True, slots=True)
class Transition:
    """What a repealed regime's unfinished dossiers must do; ``after`` is ``warn`` or ``refuse``."""

    limits: tuple[TransitionLimit, ...]
    after: str
    source: str
    mark: str


@dataclass(frozen=True, slots=True)
class Within:
    """The rule's answer holds for so many days from ``from_day``; ``after`` is the answer from then on.

    ends  as in ``TransitionLimit``
    """

    days: int
    from_day: date
    after: str
    ends: date | None = None

    @property
    def last_day(self) -> date:
        return self.ends or self.from_day + timedelta(self.days)


@dataclass(frozen=True, slots=True)
class TakeOverRule:
    """What becomes of an earlier regime's dossier that fits: ``answer`` is stays, moves or person_decides.

    states        states or phases of the earlier regime; empty means any, and so does ``kinds``
    filed         only dossiers filed (True) or not filed (False); None means any
    filed_before  only dossiers filed before the day
    to            state of this regime in which it goes on; None means the one of the same name
    keeps_result  whether a council's result found under the earlier regime still counts
    """

    id: str
    states: tuple[str, ...]
    kinds: tuple[str, ...]
    filed: bool | None
    filed_before: date | None
    answer: str
    within: Within | None
    to: str | None
    keeps_result: bool
    label: Text
    source: str
    mark: str


@dataclass(frozen=True, slots=True)
class ReRatingWindow:
    earliest_days: int
    latest_days: int
    outside: str
    source: str
    mark: str


@dataclass(frozen=True, slots=True)
class Round:
    """One yearly round of a tier, its days as worded in the decision (`trước ngày 30/4`)."""

    tier: str
    number: int
    intake: str
    finish: str
    source: str
    mark: str


@dataclass(frozen=True, slots=True)
class ExpiryNotice:
    """A duty of the issuer to tell the entity, so many days before a certificate ends.

    until  the last day on which the duty stands, where the decision that made it has lapsed
    """

    days: int
    source: str
    mark: str
    until: date | None = None


@dataclass(frozen=True, slots=True)
class CouncilRules:
    """Working rules of a council where it set none of its own.

    quorum           ``{"members": n}`` or ``{"share": [p, q]}`` or None
    spread_at_most   points between the highest and the lowest total of the members, or None
    written_opinion  kinds of dossier that are judged by written opinions
    signs            what looks like scoring by impression (keys in the schema), or None
    round_ended      what ends a round: ``result`` of the council or ``decision`` of the Chair; None where nobody said
    sourced          rule -> (source, mark), for rules that have not those of the whole
    """

    quorum: Mapping[str, Any] | None
    chair_present: bool
    spread_at_most: int | None
    sittings: int
    substitutes_score: bool
    written_opinion: tuple[str, ...]
    signs: Mapping[str, int] | None
    source: str
    mark: str
    round_ended: str | None = None
    sourced: Mapping[str, tuple[str, str]] = field(default_factory=dict)

    def source_of(self, rule: str) -> tuple[str, str]:
        """Who set one rule, and how sure we are."""
        return self.sourced.get(rule, (self.source, self.mark))


@dataclass(frozen=True, slots=True)
class Regime:
    """The effective regime of a dossier: base file, criteria, and a province's own settings where it adopted any."""

    id: str
    decision: str
    title: Text
    effective_from: date | None
    effective_to: date | None
    overlap_until: date | None
    parameters: Mapping[str, Parameter]
    kinds: tuple[str, ...]
    tracks: Mapping[str, str]
    receives: tuple[str, ...]
    entity_kinds: Mapping[str, EntityKind]
    product_sets: ProductSets
    evidence: Mapping[str, EvidenceKind]
    limits: Mapping[str, Limit]
    states: Mapping[str, State]
    actions: Mapping[str, Action]
    rating: Rating
    council_rules: CouncilRules
    certificate: Certificate
    transition: Transition | None
    takes_over: Mapping[str, tuple[TakeOverRule, ...]]
    re_rating_window: ReRatingWindow | None
    rounds: tuple[Round, ...]
    expiry_notice: ExpiryNotice | None
    revocation: Revocation | None
    source: str
    mark: str

    @property
    def before_reading(self) -> str:
        """How `trước ngày` is read here: strict (the day before) unless a parameter says inclusive."""
        parameter = self.parameters.get("before_reading")
        return str(parameter.value) if parameter else "strict"

    def certifies(self, stars: int) -> bool:
        """Whether so many stars are recognised, and so certified.

        With bands somebody must recognise the star; without them it must be one that a recognition can name.
        """
        if self.rating.scored:
            return any(band.stars == stars and band.recognised_by is not None for band in self.rating.bands)
        needs = (need for action in self.actions.values() if action.recognises for need in action.fields)
        return any(need.name == "stars" and str(stars) in need.choices for need in needs)

    def named(self, state: str) -> Text | str:
        """What the law calls a state; its id where the law knows none of that name."""
        found = self.states.get(state)
        return found.label if found else state

    def actions_from(self, state: str) -> tuple[Action, ...]:
        """Actions declared from a state, in the file's order."""
        return tuple(action for action in self.actions.values() if state in action.sources)

    @property
    def filing_action(self) -> Action | None:
        """The action by which a dossier enters ``registration``."""
        return next((action for action in self.actions.values() if action.files), None)
