"""Sheets and sittings judged again: who may have scored, whether a sheet adds up, and what the sheets together give.

The council is taken as it stood at that moment. Its own acts and the dossier's may bear the same second, so several
states of it can be the one; an act that is lawful under any of them is lawful.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from ocop_flow.domain import rating, scoring, sitting_result
from ocop_flow.domain.doers import in_post
from ocop_flow.domain.exact import exact
from ocop_flow.domain.facts import check_day
from ocop_flow.errors import InputInvalid, Reason, reason

if TYPE_CHECKING:
    from ocop_flow.domain.council import Council, Sitting
    from ocop_flow.domain.criteria import CriteriaSet, StarCondition
    from ocop_flow.domain.dossier import Dossier
    from ocop_flow.domain.event import Event
    from ocop_flow.domain.regime import Regime
    from ocop_flow.domain.situation import Situation

Json = dict[str, Any]
#: Who may close a sitting (DESIGN section 5).
KEEPERS = ("officer", "leader", "council_secretary")


@dataclass(frozen=True, slots=True)
class Bench:
    """The council of a sitting in each state that it may have had, and what its product is scored by.

    councils    none where nobody knows the sitting
    conditions  the named minima asked on the day of the sitting
    """

    councils: tuple[Council, ...] = ()
    criteria: CriteriaSet | None = None
    conditions: tuple[StarCondition, ...] = ()


Judge = Callable[["Council", "Sitting", "Dossier", "Event", "Situation", Bench], Iterator[Reason]]


def of_score(before: Dossier, event: Event, then: Situation, bench: Bench) -> Iterator[Reason]:
    """A member's sheet: seated, present, without an interest, before an open sitting, within the tree."""
    yield from check_day(event.occurred_on, then.today)
    yield from _mildest(_scored, before, event, then, bench)
    yield from sheet_faults(event.data, then, bench.criteria, event.data["member"]["name"])


def of_close(before: Dossier, event: Event, then: Situation, bench: Bench) -> Iterator[Reason]:
    """A sitting closed: by who may, over sheets there are, with the result that they give under its rules."""
    yield from check_day(event.occurred_on, then.today)
    yield from _mildest(_closed, before, event, then, bench)


def _mildest(judge: Judge, before: Dossier, event: Event, then: Situation, bench: Bench) -> tuple[Reason, ...]:
    code = event.data["sitting"]
    known = [(council, sitting) for council in bench.councils if (sitting := council.sitting(code)) is not None]
    if not known:
        return (reason("sitting_absent", sitting=code),)
    found = (tuple(judge(council, sitting, before, event, then, bench)) for council, sitting in known)
    return min(found, key=lambda faults: sum(each.binding for each in faults))


def _before(council: Council, sitting: Sitting, dossier: Dossier, law: Regime) -> Iterator[Reason]:
    """The sitting is open for a dossier that waits for it."""
    if dossier.code not in sitting.dossiers:
        yield reason("not_in_sitting", dossier=dossier.code, sitting=sitting.code)
    state = f"evaluation.{council.unit.tier}_council"
    if scoring.closed(council, dossier, sitting):
        yield reason("sitting_closed", sitting=sitting.code, dossier=dossier.code)
    elif dossier.state != state:
        named, wanted = law.named(dossier.state), law.named(state)
        yield reason("not_before_council", dossier=dossier.code, state=named, wanted=wanted)
    yield from scoring.arrived(dossier, sitting)


def _scored(
    council: Council, sitting: Sitting, before: Dossier, event: Event, then: Situation, _bench: Bench
) -> Iterator[Reason]:
    member = event.data["member"]["login"]
    regime = then.pinned.regime
    faults, _ = scoring.member_faults(council, sitting, before, member, regime, corrects=bool(event.reason))
    yield from faults
    yield from _before(council, sitting, before, then.pinned.regime)
    yield from scoring.scorer(council, member, then).faults
    yield from check_day(event.occurred_on, then.today, sitting.on)
    seat = council.seat(member)
    if event.actor.login != member or (seat is not None and event.actor.role != seat.role):
        held = seat.role if seat else "-"
        yield reason("doer_differs", person=event.actor.name, written=event.actor.role, held=held)


def sheet_faults(data: Json, then: Situation, tree: CriteriaSet | None, who: str) -> Iterator[Reason]:
    """Points that the form does not offer, parts above their maximum, sums that are not those of the points."""
    parts = [Fraction(text) for text in data["parts"]]
    try:
        rating.check_parts(rating.rules_of(then.pinned.regime), parts)
    except InputInvalid as error:
        yield from error.reasons
    if data["points"] and tree is not None:
        yield from _outside(data["points"], tree)
        sums = [
            sum((Fraction(data["points"].get(leaf.code, "0")) for leaf in part.leaves), Fraction(0))
            for part in tree.parts
        ]
        if sums != parts:
            yield _differs(who, sums, parts)
    elif sum(parts, Fraction(0)) != Fraction(data["total"]):
        yield _differs(who, [sum(parts, Fraction(0))], [Fraction(data["total"])])


def _outside(points: dict[str, str], tree: CriteriaSet) -> Iterator[Reason]:
    offered = {leaf.code: {Fraction(option.points) for option in leaf.options} | {Fraction(0)} for leaf in tree.leaves}
    for code, text in points.items():
        if Fraction(text) not in offered.get(code, ()):
            yield reason(
                "points_not_offered",
                source=tree.source,
                mark=tree.mark,
                criterion=code,
                points=text,
                product_set=tree.id,
            )


def _differs(who: str, wanted: list[Fraction], found: list[Fraction]) -> Reason:
    shown = [" + ".join(map(exact, values)) for values in (wanted, found)]
    return reason("sheet_differs", member=who, wanted=shown[0], found=shown[1])


def _closed(
    council: Council, sitting: Sitting, before: Dossier, event: Event, then: Situation, bench: Bench
) -> Iterator[Reason]:
    on = event.occurred_on
    unit = next((each for each in then.tree.lives(council.unit.code) if each.valid_from == council.unit_from), None)
    if unit is not None:
        yield from in_post(KEEPERS, unit, on, then).faults
    yield from check_day(on, then.today, scoring.closed_from(before, sitting))
    yield from _before(council, sitting, before, then.pinned.regime)
    if not scoring.counted(council, before, sitting):
        yield reason("no_scores", sitting=sitting.code, dossier=before.code)
        return
    yield from _result(council, sitting, before, event, then, bench)


def _result(
    council: Council, sitting: Sitting, before: Dossier, event: Event, then: Situation, bench: Bench
) -> Iterator[Reason]:
    """What the sheets give again, and which rules of the sitting were missed without being overridden."""
    data, regime = event.data, then.pinned.regime
    answers = {name: answer == "met" for name, answer in data.get("conditions", {}).items()}
    stops = [item["id"] for item in data.get("knock_outs", ())]
    try:
        result, wanted = sitting_result.computed(
            council, sitting, before, regime, bench.criteria, bench.conditions, answers, stops
        )
    except InputInvalid as error:
        yield from error.reasons
        return
    for name, value in wanted.items():
        if name in data and data[name] != value:
            yield reason(
                "result_differs", source=regime.rating.source, what=name, found=_said(data[name]), wanted=_said(value)
            )
    overridden = {item.code for item in event.overridden}
    missed = sitting_result.about_rules(council, sitting, before, regime, result)
    yield from (item for item in missed if item.binding and item.code not in overridden)


def _said(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
