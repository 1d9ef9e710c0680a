"""From a stored document to the regime that it is.

It is trusted that the document has passed the schema and the lint (``ocop_flow.regimes``): names are given to what is
there, and nothing else is done.
"""

from __future__ import annotations

from datetime import date

from ocop_flow.domain.regime import (
    Action,
    Band,
    Cause,
    Certificate,
    CouncilRules,
    Document,
    EntityKind,
    EvidenceKind,
    EvidenceNeed,
    ExpiryNotice,
    FieldNeed,
    Grace,
    Guard,
    Keeps,
    Limit,
    Parameter,
    Period,
    ProductSets,
    Rating,
    Regime,
    ReRatingWindow,
    Revocation,
    RoleAt,
    Round,
    State,
    TakeOverRule,
    Transition,
    TransitionLimit,
    Within,
)
from ocop_flow.errors import Text


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
        sourced={each["rule"]: (each["source"], each["mark"]) for each in doc.get("sourced", ())},
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
        TransitionLimit(
            tuple(limit["kinds"]), limit["days"], date.fromisoformat(limit["from"]), _day(limit.get("ends"))
        )
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
        within=_within(within) if within else None,
        to=doc.get("to"),
        keeps_result=doc.get("keeps_result", False),
        label=_text(doc["label"]),
        source=doc["source"],
        mark=doc["mark"],
    )


def _within(doc: Document) -> Within:
    return Within(doc["days"], date.fromisoformat(doc["from"]), doc["after"], _day(doc.get("ends")))


def _round(doc: Document) -> Round:
    return Round(doc["tier"], doc["number"], doc["intake"], doc["finish"], doc["source"], doc["mark"])


def _notice(doc: Document) -> ExpiryNotice:
    return ExpiryNotice(doc["days"], doc["source"], doc["mark"], _day(doc.get("until")))


def _window(doc: Document) -> ReRatingWindow:
    return ReRatingWindow(doc["earliest_days"], doc["latest_days"], doc["outside"], doc["source"], doc["mark"])
