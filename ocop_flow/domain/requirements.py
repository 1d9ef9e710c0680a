"""What an action asks for and which of its conditions fail; shared by deciding and by telling people beforehand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from ocop_flow.domain.filing_window import outside
from ocop_flow.domain.guards import GuardFacts, failed
from ocop_flow.domain.regime import EvidenceNeed
from ocop_flow.errors import Reason, Text, reason

if TYPE_CHECKING:
    from ocop_flow.domain.commands import Attachment
    from ocop_flow.domain.dossier import Dossier
    from ocop_flow.domain.regime import Action, Regime

#: One copy is a paper with a file; several are samples, of which there is none.
_AS_FILE = Text("TỆP ", "FILE ")


@dataclass(frozen=True, slots=True)
class EvidenceState:
    """One evidence requirement and the valid copies at hand."""

    need: EvidenceNeed
    have: int

    @property
    def met(self) -> bool:
        return self.have >= self.need.copies


def governing(dossier: Dossier, action: Action, pinned: Regime, current: Regime) -> tuple[Regime, Action]:
    """The regime and action that decide a move: filing is judged by the regime in force that day (DESIGN section 3)."""
    if not action.files or dossier.fields.get("regime_chosen"):
        return pinned, _by_decision(dossier, action)
    filing = current.filing_action
    return (current, filing) if filing is not None else (pinned, action)


def _by_decision(dossier: Dossier, action: Action) -> Action:
    """The action, by a numbered decision where it ends a recognition in force: that of a product rated again by order
    of the Ministry (26/2026/QĐ-TTg art. 9 and 10)."""
    ends = action.kind == "reject" and _recognised(dossier)
    return replace(action, decision=True) if ends and not action.decision else action


def _recognised(dossier: Dossier) -> bool:
    return dossier.certificate is not None and dossier.certificate.status == "valid"


def evidence_states(
    regime: Regime, dossier: Dossier, action: Action, on: date, handed_in: Iterable[Attachment] = ()
) -> tuple[EvidenceState, ...]:
    """Every kind the action needs from this dossier, with the copies valid on ``on`` (``handed_in`` included)."""
    needs: dict[str, EvidenceNeed] = {}
    for need in (*action.evidence, *_filing_needs(regime, dossier, action)):
        if _applies(need, regime, dossier) and (need.kind not in needs or needs[need.kind].copies < need.copies):
            needs[need.kind] = need
    for need in _asked_again(regime, dossier, action):
        needs.setdefault(need.kind, need)
    extra = list(handed_in)
    return tuple(
        EvidenceState(need, dossier.have(need.kind, on) + sum(a.copies for a in extra if a.kind == need.kind))
        for need in needs.values()
    )


def steps_ahead(regime: Regime, dossier: Dossier) -> list[Action]:
    """The steps forward from where the dossier is, or from where it was returned, that its result lets it take."""
    state = dossier.state
    if len(dossier.visits) > 1 and dossier.visits[-1].kind == "return":
        state = dossier.visits[-2].state
    return open_steps(regime.actions_from(state), dossier)


def open_steps(actions: Iterable[Action], dossier: Dossier) -> list[Action]:
    """Those of the actions that lead forward and that the dossier's kind, track and result at hand do not exclude.

    Before there is a result every outcome is open.
    """
    known = guard_facts(dossier)
    forward = [each for each in actions if each.kind == "forward" and not _not_applicable(dossier, each)]
    return [each for each in forward if not any(failed(guard, known) for guard in each.guards)] or forward


def lacking(regime: Regime, dossier: Dossier, on: date) -> tuple[EvidenceState, ...]:
    """Papers that the next steps forward ask for and of which too few are valid, each once."""
    found: dict[str, EvidenceState] = {}
    for action in steps_ahead(regime, dossier):
        for each in evidence_states(regime, dossier, action, on):
            if not each.met and (each.need.kind not in found or found[each.need.kind].need.copies < each.need.copies):
                found[each.need.kind] = each
    return tuple(found.values())


def checks_filing(dossier: Dossier, action: Action) -> bool:
    """Whether this move must also bring the filing evidence: the first step forward of a dossier opened as filed."""
    return action.kind == "forward" and dossier.filed_on is not None and not dossier.filing_checked


def _filing_needs(regime: Regime, dossier: Dossier, action: Action) -> tuple[EvidenceNeed, ...]:
    filing = regime.filing_action
    return filing.evidence if filing is not None and checks_filing(dossier, action) else ()


def _asked_again(regime: Regime, dossier: Dossier, action: Action) -> Iterator[EvidenceNeed]:
    """What a hand-over did not bring is asked for again by every step forward, with the minutes as its source."""
    for item in dossier.missing if action.kind == "forward" else ():
        if item.kind in regime.evidence:
            yield EvidenceNeed(item.kind, item.copies, False, (), item.minutes, "derived")


def _applies(need: EvidenceNeed, regime: Regime, dossier: Dossier) -> bool:
    if need.goods_only and dossier.product_set in regime.product_sets.services:
        return False
    return not need.kinds or dossier.kind in need.kinds


def unmet(
    regime: Regime, dossier: Dossier, action: Action, on: date, handed_in: Iterable[Attachment] = ()
) -> tuple[Reason, ...]:
    """Every condition of the action that fails on ``on``, apart from who asks and what is typed with the command."""
    return (
        *_not_applicable(dossier, action),
        *_evidence(regime, dossier, action, on, handed_in),
        *_scores(dossier, action),
        *(found for guard in action.guards if (found := failed(guard, guard_facts(dossier)))),
        *_product_set(regime, dossier, action),
        *_transition(regime, dossier, action, on),
        *_recognition_stands(regime, dossier, action),
        *(outside(regime, dossier.kind, dossier.previous_valid_to, on) if action.files else ()),
    )


def guard_facts(dossier: Dossier) -> GuardFacts:
    result = dossier.result
    return GuardFacts(
        stars=result.stars if result else None,
        mean_total=result.mean_total if result else None,
        stars_decided=dossier.stars_decided,
    )


def _not_applicable(dossier: Dossier, action: Action) -> tuple[Reason, ...]:
    wrong_kind = bool(action.kinds) and dossier.kind not in action.kinds
    wrong_track = bool(action.tracks) and dossier.track not in action.tracks
    if not (wrong_kind or wrong_track):
        return ()
    return (
        reason(
            "action_not_for_dossier",
            source=action.source,
            mark=action.mark,
            action=action.label,
            kind=dossier.kind,
            track=dossier.track,
        ),
    )


def _evidence(
    regime: Regime, dossier: Dossier, action: Action, on: date, handed_in: Iterable[Attachment]
) -> tuple[Reason, ...]:
    return tuple(
        reason(
            "evidence_missing",
            source=state.need.source,
            mark=state.need.mark,
            label=regime.evidence[state.need.kind].label,
            kind=state.need.kind,
            required=state.need.copies,
            have=state.have,
            dossier=dossier.code,
            file=_AS_FILE if state.need.copies == 1 else "",
            copies="" if state.need.copies == 1 else f" --copies {state.need.copies - state.have}",
        )
        for state in evidence_states(regime, dossier, action, on, handed_in)
        if not state.met
    )


def _recognition_stands(regime: Regime, dossier: Dossier, action: Action) -> tuple[Reason, ...]:
    """A recognition ends by decision of who may revoke it, not with an application that is taken back: the product is
    rated again by order, which the entity did not apply for (26/2026/QĐ-TTg art. 9 and 10)."""
    if action.kind != "withdraw" or dossier.certificate is None or not _recognised(dossier):
        return ()
    number, rules = dossier.certificate.number, regime.revocation
    source, mark = (rules.source, rules.mark) if rules else (regime.source, regime.mark)
    return (reason("recognition_not_withdrawn", source=source, mark=mark, number=number, dossier=dossier.code),)


def lacks_scores(dossier: Dossier, action: Action) -> bool:
    """Whether an action asks for scores that are not there.

    A sitting must have closed since the dossier last came to where it is: an older result is not this council's.
    """
    fresh = dossier.result is not None and dossier.result.seq > dossier.entered(dossier.state)
    return action.scores and not fresh


def _scores(dossier: Dossier, action: Action) -> tuple[Reason, ...]:
    if not lacks_scores(dossier, action):
        return ()
    return (reason("scores_missing", source=action.source, mark=action.mark, dossier=dossier.code),)


def _product_set(regime: Regime, dossier: Dossier, action: Action) -> tuple[Reason, ...]:
    """A dossier filed under a regime that lists its product sets must name one of them."""
    listed = regime.product_sets.ids
    if not action.files or listed is None or dossier.product_set in listed:
        return ()
    return (
        reason(
            "product_set_not_listed",
            source=regime.decision,
            mark=regime.mark,
            product_set=dossier.product_set,
            regime=regime.id,
            known=", ".join(sorted(listed)),
            dossier=dossier.code,
        ),
    )


def _transition(regime: Regime, dossier: Dossier, action: Action, on: date) -> tuple[Reason, ...]:
    """After the transitional period of a repealed regime (26/2026/QĐ-TTg art. 12); what follows is a parameter.

    The period is that of dossiers filed and not yet rated: before its filing a dossier has none.
    """
    rules = regime.transition
    if rules is None or action.kind in ("withdraw", "reject", "return", "system") or dossier.phase == "promotion":
        return ()
    if dossier.filed_on is None and not action.files:
        return ()
    ends = [limit.last_day for limit in rules.limits if dossier.kind in limit.kinds]
    if not ends or on <= min(ends):
        return ()
    mark = "adopted" if rules.after == "refuse" else "unknown"
    return (
        reason(
            "transition_over", source=rules.source, mark=mark, regime=regime.decision, last_day=min(ends).isoformat()
        ),
    )
