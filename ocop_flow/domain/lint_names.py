"""Names in a regime file: none twice, each refers to something, fixed ones are kept, none misleads the machine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ocop_flow.domain.finding import Finding, Path, finding

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from ocop_flow.domain.lint_subject import Subject
    from ocop_flow.domain.regime import Action, Document, Regime

#: Steps of the annual cycle that each phase covers.
STEPS = {"proposal": (2, 3, 4), "registration": (5,), "evaluation": (5,), "rating": (5,), "promotion": (6,)}
PROPOSAL_STEPS = {"proposal.idea": 2, "proposal.business_plan": 3, "proposal.implementation": 4}
COUNCILS = {
    "evaluation.district_council": "district",
    "evaluation.province_council": "province",
    "evaluation.central_council": "central",
}
ENDS = tuple(f"closed.{end}" for end in ("not_recognised", "rejected", "withdrawn", "expired", "revoked", "replaced"))
#: What ``transitions`` puts on a model or already has on a machine, where an action's id becomes a trigger.
RESERVED = frozenset(
    [
        "state",
        "trigger",
        "machine",
        "model",
        "models",
        "initial",
        "name",
        "states",
        "events",
        "event",
        "transition",
        "transitions",
        "dispatch",
        "callback",
        "callbacks",
        "get_state",
        "set_state",
        "get_triggers",
        "get_transitions",
        "get_model_state",
        "prepare_event",
        "finalize_event",
        "after_state_change",
        "before_state_change",
        "auto_transitions",
        "send_event",
        "separator",
        "self_literal",
        "ignore_invalid_triggers",
        "has_queue",
        "resolve_callable",
        "remove_model",
        "remove_transition",
        "wildcard_all",
        "wildcard_same",
        "model_attribute",
        "model_override",
        "event_cls",
        "state_cls",
        "transition_cls",
    ]
)
RESERVED_PREFIXES = ("may_", "is_", "to_", "on_", "add_")


def names_stand_once(subject: Subject) -> Iterator[Finding]:
    """No identifier twice in its list."""
    doc = subject.document
    for section, key in (
        ("parameters", "id"),
        ("entity_kinds", "kind"),
        ("evidence", "id"),
        ("limits", "id"),
        ("states", "id"),
        ("actions", "id"),
    ):
        yield from _twice(doc[section], key, (section,))
    for index, action in enumerate(doc["actions"]):
        yield from _twice(action.get("fields", ()), "name", ("actions", index, "fields"))
    yield from _twice(doc.get("takes_over", ()), "from", ("takes_over",))
    for index, entry in enumerate(doc.get("takes_over", ())):
        yield from _twice(entry["rules"], "id", ("takes_over", index, "rules"))


def _twice(entries: Collection[Document], key: str, path: Path) -> Iterator[Finding]:
    seen: set[str] = set()
    for index, entry in enumerate(entries):
        if entry[key] in seen:
            yield finding((*path, index, key), "lint_name_twice", name=entry[key])
        seen.add(entry[key])


def references_lead_somewhere(subject: Subject) -> Iterator[Finding]:
    """States, evidence, limits, ladders, actions, kinds and tracks that are named exist."""
    doc, regime = subject.document, subject.regime
    phases = {state.phase for state in regime.states.values()}
    for track, start in regime.tracks.items():
        yield from _unknown(("tracks", track), "lint_state_unknown", start, regime.states)
    for index, limit in enumerate(doc["limits"]):
        for at, name in enumerate(limit["states"]):
            yield from _unknown(("limits", index, "states", at), "lint_state_unknown", name, regime.states)
        yield from _kinds(limit, ("limits", index), subject)
    for index, state in enumerate(doc["states"]):
        if state.get("limit", "none") != "none":
            yield from _unknown(("states", index, "limit"), "lint_limit_unknown", state["limit"], regime.limits)
        if state.get("ladder", "none") != "none":
            yield from _unknown(("states", index, "ladder"), "lint_ladder_unknown", state["ladder"], subject.ladders)
    for index, action in enumerate(doc["actions"]):
        path = ("actions", index)
        for at, name in enumerate(action["from"]):
            known = regime.states if "." in name else phases
            yield from _unknown((*path, "from", at), "lint_state_unknown", name, known)
        yield from _unknown((*path, "to"), "lint_state_unknown", action["to"], regime.states)
        for at, need in enumerate(action.get("evidence", ())):
            yield from _unknown((*path, "evidence", at, "kind"), "lint_evidence_unknown", need["kind"], regime.evidence)
            yield from _kinds(need, (*path, "evidence", at), subject)
        for at, name in enumerate(action.get("separate_from", ())):
            others = [other for other in regime.actions if other != action["id"]]
            yield from _unknown((*path, "separate_from", at), "lint_action_unknown", name, others)
        yield from _kinds(action, path, subject)
        for at, name in enumerate(action.get("tracks", ())):
            yield from _unknown((*path, "tracks", at), "lint_track_unknown", name, regime.tracks)
    for index, limit in enumerate((doc["transition"] or {}).get("limits", ())):
        yield from _kinds(limit, ("transition", "limits", index), subject)
    for index, rule in enumerate(doc.get("takes_over", ())):
        for at, entry in enumerate(rule["rules"]):
            place: Path = ("takes_over", index, "rules", at)
            yield from _kinds(entry, place, subject)
            if "to" in entry:
                yield from _unknown((*place, "to"), "lint_state_unknown", entry["to"], open_states(regime))
    for at, name in enumerate(doc["council_rules"].get("written_opinion", ())):
        yield from _unknown(("council_rules", "written_opinion", at), "lint_kind_unknown", name, regime.kinds)


def open_states(regime: Regime) -> tuple[str, ...]:
    """States in which a dossier can go on."""
    return tuple(state.id for state in regime.states.values() if not state.closed)


def _kinds(entry: Document, path: Path, subject: Subject) -> Iterator[Finding]:
    for at, name in enumerate(entry.get("kinds", ())):
        yield from _unknown((*path, "kinds", at), "lint_kind_unknown", name, subject.regime.kinds)


def _unknown(path: Path, code: str, name: str, known: Collection[str]) -> Iterator[Finding]:
    if name not in known:
        yield finding(path, code, name=name, known=", ".join(known) or "-")


def fixed_names_are_kept(subject: Subject) -> Iterator[Finding]:
    """Names that every regime shares, so that a dossier can be followed from one to the next (DESIGN section 3)."""
    for path, state in subject.states:
        if state.phase == "proposal" and state.id not in PROPOSAL_STEPS:
            yield finding((*path, "id"), "lint_state_name_fixed", state=state.id, allowed=", ".join(PROPOSAL_STEPS))
        elif state.closed and state.id not in ENDS:
            yield finding((*path, "id"), "lint_state_name_fixed", state=state.id, allowed=", ".join(ENDS))
        elif state.id.endswith("_council") and state.id not in COUNCILS:
            yield finding((*path, "id"), "lint_state_name_fixed", state=state.id, allowed=", ".join(COUNCILS))
        elif state.tier is not None and COUNCILS.get(state.id, state.tier) != state.tier:
            yield finding((*path, "tier"), "lint_council_tier", state=state.id, tier=COUNCILS[state.id])
    for path, action in subject.actions:
        if action.scores:
            yield from _scored_by_no_council(action, path)


def _scored_by_no_council(action: Action, path: Path) -> Iterator[Finding]:
    for source in action.sources:
        if source not in COUNCILS:
            allowed = ", ".join(COUNCILS)
            yield finding((*path, "scores"), "lint_scores_without_council", action=action.id, allowed=allowed)
            return


def states_say_where_they_stand(subject: Subject) -> Iterator[Finding]:
    """Every open state names its step and tier; a closed one has neither, nor a limit or a ladder."""
    for (section, index), state in subject.states:
        path: Path = (section, index)
        entry = subject.document["states"][index]
        if state.closed:
            for key in ("step", "tier", "limit", "ladder", "clock"):
                if key in entry:
                    yield finding((*path, key), "lint_closed_state_key", state=state.id, key=key)
            continue
        for key in ("step", "tier", "limit", "ladder"):
            if key not in entry:
                yield finding(path, f"lint_state_without_{key}", state=state.id)
        steps = (PROPOSAL_STEPS[state.id],) if state.id in PROPOSAL_STEPS else STEPS[state.phase]
        if state.step is not None and state.step not in steps:
            wanted = ", ".join(map(str, steps))
            yield finding((*path, "step"), "lint_state_step", state=state.id, step=state.step, wanted=wanted)


def action_names_are_free(subject: Subject) -> Iterator[Finding]:
    """No action is named like something that ``transitions`` puts on a model."""
    for path, action in subject.actions:
        if action.id in RESERVED or action.id.startswith(RESERVED_PREFIXES):
            yield finding((*path, "id"), "lint_action_name_reserved", action=action.id)


def computed_keys_are_absent(subject: Subject) -> Iterator[Finding]:
    """Keys that the program writes into the effective regime are not written by hand."""
    for key in ("criteria", "star_conditions", "adopted"):
        if key in subject.document:
            yield finding((key,), "lint_key_computed", key=key)
