"""A legal regime as frozen values: states, actions, limits, bands, parameters, each with its source and mark.

A regime is built from its *document*: the plain, canonical value (strings, integers, booleans, null, lists, dicts)
that is stored by its hash and read again by every decision and audit. ``from_document`` trusts that the document has
passed the schema and the lint (``ocop_flow.regimes``); it only gives names to what is there.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Literal

from ocop_flow.errors import Text

if TYPE_CHECKING:
    from collections.abc import Mapping

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
#: Roles whose holders are named by the council's own list, not by an appointment to a unit.
COUNCIL_ROLES = frozenset({"council_chair", "council_vice_chair", "council_member"})

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
    last_day: str
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
    """Dossiers of these kinds, filed before ``from_day``, end within ``days`` of it."""

    kinds: tuple[str, ...]
    days: int
    from_day: date


@dataclass(frozen=True, slots=True)
class Transition:
    """What a repealed regime's unfinished dossiers must do; ``after`` is ``warn`` or ``refuse``."""

    limits: tuple[TransitionLimit, ...]
    after: str
    source: str
    mark: str


@dataclass(frozen=True, slots=True)
class Within:
    """The rule's answer holds for so many days from ``from_day``; ``after`` is the answer from then on."""

    days: int
    from_day: date
    after: str


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
    """A duty of the issuer to tell the entity, so many days before a certificate ends."""

    days: int
    source: str
    mark: str


@dataclass(frozen=True, slots=True)
class CouncilRules:
    """Working rules of a council where it set none of its own.

    quorum           ``{"members": n}`` or ``{"share": [p, q]}`` or None
    spread_at_most   points between the highest and the lowest total of the members, or None
    written_opinion  kinds of dossier that are judged by written opinions
    signs            what looks like scoring by impression (keys in the schema), or None
    round_ended      what ends a round: ``result`` of the council or ``decision`` of the Chair; None where nobody said
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

    def actions_from(self, state: str) -> tuple[Action, ...]:
        """Actions declared from a state, in the file's order."""
        return tuple(action for action in self.actions.values() if state in action.sources)

    @property
    def filing_action(self) -> Action | None:
        """The action by which a dossier enters ``registration``."""
        return next((action for action in self.actions.values() if action.files), None)


def from_document(doc: Document) -> Regime:
    """Build a regime from its stored document.

    doc     a document that passed ``workflows/schema/regime.schema.json``, every parameter reference resolved
    raises  KeyError or TypeError if it did not: that is a fault of the store, not of a user
    """
    return Regime(
        id=doc["id"],
        decision=doc["decision"],
        title=_text(doc["title"]),
        effective_from=_day(doc["effective_from"]),
        effective_to=_day(doc["effective_to"]),
        overlap_until=_day(doc["overlap"]["until"]) if doc["overlap"] else None,
        parameters={p["id"]: _parameter(p) for p in doc["parameters"]},
        kinds=tuple(doc["kinds"]),
        tracks=dict(doc["tracks"]),
        receives=tuple(doc["receives"]),
        entity_kinds={k["kind"]: _entity_kind(k) for k in doc["entity_kinds"]},
        product_sets=_product_sets(doc),
        evidence={e["id"]: EvidenceKind(e["id"], _text(e["label"]), e["source"], e["mark"]) for e in doc["evidence"]},
        limits={limit["id"]: _limit(limit) for limit in doc["limits"]},
        states={s["id"]: _state(s) for s in doc["states"]},
        actions={a["id"]: _action(a, doc["states"]) for a in doc["actions"]},
        rating=_rating(doc["rating"]),
        council_rules=_council_rules(doc["council_rules"]),
        certificate=_certificate(doc["certificate"]),
        transition=_transition(doc["transition"]) if doc["transition"] else None,
        takes_over={each["from"]: tuple(map(_take_over, each["rules"])) for each in doc.get("takes_over", ())},
        re_rating_window=_window(doc["re_rating_window"]) if doc["re_rating_window"] else None,
        rounds=tuple(_round(each) for each in doc.get("rounds", ())),
        expiry_notice=_notice(doc["expiry_notice"]) if doc.get("expiry_notice") else None,
        revocation=_revocation(doc["revocation"]) if doc.get("revocation") else None,
        source=doc["source"],
        mark=doc["mark"],
    )


def _text(doc: Document) -> Text:
    return Text(doc["vi"], doc["en"])


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _parameter(doc: Document) -> Parameter:
    return Parameter(doc["id"], doc["type"], doc["value"], _text(doc["label"]), doc["source"], doc["mark"])


def _entity_kind(doc: Document) -> EntityKind:
    return EntityKind(doc["kind"], doc.get("services_only", False), doc["source"], doc["mark"])


def _product_sets(doc: Document) -> ProductSets:
    sets = doc["product_sets"]
    listed = frozenset(doc.get("criteria", {})) | frozenset(sets["others"])
    return ProductSets(listed if sets["listed"] else None, frozenset(sets["services"]))


def _limit(doc: Document) -> Limit:
    (unit, count), *_ = doc["period"].items()
    return Limit(
        id=doc["id"],
        label=_text(doc["label"]),
        states=tuple(doc["states"]),
        period=Period(unit, count),
        kinds=tuple(doc.get("kinds", ())),
        source=doc["source"],
        mark=doc["mark"],
    )


def _state(doc: Document) -> State:
    limit, ladder = doc.get("limit", "none"), doc.get("ladder", "none")
    return State(
        id=doc["id"],
        label=_text(doc["label"]),
        step=doc.get("step"),
        tier=doc.get("tier"),
        limit=None if limit == "none" else limit,
        ladder=None if ladder == "none" else ladder,
        clock_stopped=doc.get("clock") == "stopped",
    )


def _action(doc: Document, states: list[Document]) -> Action:
    return Action(
        id=doc["id"],
        label=_text(doc["label"]),
        kind=doc["kind"],
        sources=_expand(doc["from"], [state["id"] for state in states]),
        to=doc["to"],
        roles=tuple(RoleAt.parse(role) for role in doc.get("roles", ())),
        evidence=tuple(_evidence_need(need) for need in doc.get("evidence", ())),
        fields=tuple(_field_need(need) for need in doc.get("fields", ())),
        guards=tuple(_guard(guard) for guard in doc.get("guards", ())),
        separate_from=tuple(doc.get("separate_from", ())),
        kinds=tuple(doc.get("kinds", ())),
        tracks=tuple(doc.get("tracks", ())),
        files=doc.get("files", False),
        decision=doc.get("decision", False),
        reason=doc.get("reason", False),
        scores=doc.get("scores", False),
        recordable=doc.get("recordable", False),
        recognises=doc.get("recognises", False),
        source=doc["source"],
        mark=doc["mark"],
        keeps=Keeps(doc["keeps"]["tier"], doc["keeps"]["stars_at_most"]) if doc.get("keeps") else None,
    )


def _expand(names: list[str], states: list[str]) -> tuple[str, ...]:
    """A state names itself; a phase names all its states."""
    wanted = set(names)
    return tuple(state for state in states if state in wanted or state.partition(".")[0] in wanted)


def _evidence_need(doc: Document) -> EvidenceNeed:
    return EvidenceNeed(
        kind=doc["kind"],
        copies=doc["copies"],
        goods_only=doc.get("goods_only", False),
        kinds=tuple(doc.get("kinds", ())),
        source=doc["source"],
        mark=doc["mark"],
    )


def _field_need(doc: Document) -> FieldNeed:
    return FieldNeed(doc["name"], doc["type"], doc["required"], tuple(doc.get("choices", ())), _text(doc["label"]))


def _guard(doc: Document) -> Guard:
    ((name, argument),) = ((key, value) for key, value in doc.items() if key not in ("source", "mark"))
    pair = (argument[0], argument[1]) if isinstance(argument, list) else argument
    return Guard(name, pair, doc["source"], doc["mark"])


def _rating(doc: Document) -> Rating:
    scored = doc["kind"] == "scored"
    conditions = doc.get("conditions")
    return Rating(
        scored=scored,
        parts=dict(doc.get("parts", {})),
        bands=tuple(Band(b["stars"], b["from"], b["recognised_by"]) for b in doc.get("bands", ())),
        below_three_star_minimum=doc.get("below_three_star_minimum", "cap"),
        minima_by=doc.get("minima_by", "mean"),
        conditions_from=_day(conditions["from"]) if conditions else None,
        source=doc["source"],
        mark=doc["mark"],
    )


def _council_rules(doc: Document) -> CouncilRules:
    signs = doc.get("signs")
    return CouncilRules(
        quorum=doc["quorum"],
        chair_present=doc["chair_present"],
        spread_at_most=doc["spread_at_most"],
        sittings=doc.get("sittings", 1),
        substitutes_score=doc.get("substitutes_score", True),
        written_opinion=tuple(doc.get("written_opinion", ())),
        signs={name: signs[name] for name in ("criterion_spread", "member_apart", "gap")} if signs else None,
        source=doc["source"],
        mark=doc["mark"],
        round_ended=doc.get("round_ended"),
    )


def _certificate(doc: Document) -> Certificate:
    grace = doc.get("grace")
    return Certificate(
        doc["months"],
        doc["last_day"],
        doc["product_code"],
        doc["source"],
        doc["mark"],
        Grace(grace["days"], grace["source"], grace["mark"]) if grace else None,
    )


def _revocation(doc: Document) -> Revocation:
    causes = tuple(
        Cause(each["id"], each.get("letter"), _text(each["label"]), each["source"], each["mark"])
        for each in doc["causes"]
    )
    return Revocation(causes, doc.get("days"), doc["source"], doc["mark"])


def _transition(doc: Document) -> Transition:
    limits = tuple(
        TransitionLimit(tuple(limit["kinds"]), limit["days"], date.fromisoformat(limit["from"]))
        for limit in doc["limits"]
    )
    return Transition(limits, doc["after"], doc["source"], doc["mark"])


def _take_over(doc: Document) -> TakeOverRule:
    within = doc.get("within")
    return TakeOverRule(
        id=doc["id"],
        states=tuple(doc.get("states", ())),
        kinds=tuple(doc.get("kinds", ())),
        filed=doc.get("filed"),
        filed_before=_day(doc.get("filed_before")),
        answer=doc["answer"],
        within=Within(within["days"], date.fromisoformat(within["from"]), within["after"]) if within else None,
        to=doc.get("to"),
        keeps_result=doc.get("keeps_result", False),
        label=_text(doc["label"]),
        source=doc["source"],
        mark=doc["mark"],
    )


def _round(doc: Document) -> Round:
    return Round(doc["tier"], doc["number"], doc["intake"], doc["finish"], doc["source"], doc["mark"])


def _notice(doc: Document) -> ExpiryNotice:
    return ExpiryNotice(doc["days"], doc["source"], doc["mark"])


def _window(doc: Document) -> ReRatingWindow:
    return ReRatingWindow(doc["earliest_days"], doc["latest_days"], doc["outside"], doc["source"], doc["mark"])
