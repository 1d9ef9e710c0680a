"""Who must act and by when: roles deny by default, every waiting state has an owner, a limit or none, and a ladder."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from ocop_flow.domain.finding import Finding, finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ocop_flow.domain.finding import Path
    from ocop_flow.domain.lint_subject import Subject
    from ocop_flow.domain.regime import Action, Limit

#: Roles that never move a dossier: one reads everything, the other looks after units, people and settings.
NEVER_MOVE = frozenset({"auditor", "admin"})


def roles_may_act(subject: Subject) -> Iterator[Finding]:
    """Every action but a system one names its roles, all at one tier; auditors and admins never move a dossier."""
    for path, action in subject.actions:
        if action.kind == "system":
            yield from _system(action, path)
        elif not action.roles:
            yield finding(path, "lint_action_without_role", action=action.id)
        if len({role.tier for role in action.roles}) > 1:
            yield finding((*path, "roles"), "lint_roles_at_two_tiers", action=action.id)
        for index, role in enumerate(action.roles):
            if role.role in NEVER_MOVE:
                yield finding((*path, "roles", index), "lint_role_never_moves", action=action.id, role=role.role)


def _system(action: Action, path: Path) -> Iterator[Finding]:
    """Nobody presents papers to a system action."""
    for key, given in (
        ("roles", action.roles),
        ("evidence", action.evidence),
        ("fields", action.fields),
        ("decision", action.decision),
        ("reason", action.reason),
        ("scores", action.scores),
        ("recordable", action.recordable),
    ):
        if given:
            yield finding((*path, key), "lint_system_action_key", action=action.id, key=key)


def recorded_decisions_say_why(subject: Subject) -> Iterator[Finding]:
    """What may be recorded as decided against the rules rests on a decision or gives a reason."""
    for path, action in subject.actions:
        if action.recordable and not (action.decision or action.reason):
            yield finding((*path, "recordable"), "lint_recordable_without_paper", action=action.id)


def fields_are_answerable(subject: Subject) -> Iterator[Finding]:
    """A field of type ``choice`` lists its choices, and no other does."""
    for path, action in subject.actions:
        for index, need in enumerate(action.fields):
            if (need.type == "choice") != bool(need.choices):
                yield finding((*path, "fields", index), "lint_field_choices", action=action.id, field=need.name)


def waiting_states_have_owner(subject: Subject) -> Iterator[Finding]:
    """Someone at the state's own tier can end the wait, and is reminded of it.

    A filing may also wait for a tier that receives dossiers: the entity hands its papers in there.
    """
    for path, state in subject.states:
        if state.closed or state.phase == "promotion":
            continue
        owners = [
            action
            for action in subject.regime.actions_from(state.id)
            if action.kind not in ("withdraw", "system")
            and action.roles
            and (action.tier(state) == state.tier or (action.files and action.tier(state) in subject.regime.receives))
        ]
        if not owners:
            yield finding(path, "lint_state_without_owner", state=state.id, tier=state.tier)
        entry = subject.document["states"][path[1]]
        if entry.get("ladder") == "none":
            yield finding((*path, "ladder"), "lint_state_without_ladder", state=state.id)


def limits_and_states_agree(subject: Subject) -> Iterator[Finding]:
    """A state's limit lists the state, a listed state names a limit, and two limits never run for the same kind."""
    limits_of: dict[str, list[Limit]] = defaultdict(list)
    for limit in subject.regime.limits.values():
        for name in limit.states:
            limits_of[name].append(limit)
    for path, state in subject.states:
        listed = limits_of.get(state.id, [])
        if state.limit in subject.regime.limits and state.limit not in [limit.id for limit in listed]:
            yield finding((*path, "limit"), "lint_limit_omits_state", state=state.id, limit=state.limit)
        if state.limit is None and listed and not state.closed:
            yield finding((*path, "limit"), "lint_limit_unnamed", state=state.id, limit=listed[0].id)
        kinds = [kind for limit in listed for kind in limit.kinds or subject.regime.kinds]
        if len(kinds) != len(set(kinds)):
            names = ", ".join(limit.id for limit in listed)
            yield finding((*path, "limit"), "lint_limits_overlap", state=state.id, limits=names)


def council_rules_make_sense(subject: Subject) -> Iterator[Finding]:
    """A quorum by share is a part of the members, not more than all."""
    share = (subject.regime.council_rules.quorum or {}).get("share")
    if share is not None and share[0] > share[1]:
        yield finding(("council_rules", "quorum", "share"), "lint_quorum_share", part=share[0], whole=share[1])
