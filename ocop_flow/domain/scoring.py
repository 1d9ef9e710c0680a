"""Who may score what in a sitting, and what a sheet says once it has been read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from ocop_flow.domain import rating
from ocop_flow.domain.council_rules import rule
from ocop_flow.domain.criteria import Answer, CriteriaSet, points_of
from ocop_flow.domain.doers import Who
from ocop_flow.domain.event import Doer
from ocop_flow.domain.exact import exact
from ocop_flow.domain.facts import TEXT_LIMIT
from ocop_flow.domain.names import clean_name
from ocop_flow.errors import InputInvalid, Reason, reason

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from ocop_flow.domain.council import Council, Sitting
    from ocop_flow.domain.dossier import Dossier, Score
    from ocop_flow.domain.regime import Regime
    from ocop_flow.domain.situation import Situation

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Remarks:
    """What stands beside the points, by criterion: opinions, evidence cited; and one opinion on the whole."""

    opinions: Mapping[str, str] = field(default_factory=dict)
    cited: Mapping[str, str] = field(default_factory=dict)
    opinion: str | None = None


@dataclass(frozen=True, slots=True)
class Filled:
    """A complete sheet: points, the case of each option that needs one, remarks."""

    score: rating.MemberScore
    cases: Mapping[str, str] = field(default_factory=dict)
    remarks: Remarks = field(default_factory=Remarks)


@dataclass(frozen=True, slots=True)
class FilledSheet:
    """A sheet that has been read and checked, ready to be recorded; ``way`` is how it came in."""

    dossier: str
    member: str
    filled: Filled
    way: str
    paper_total: str | None = None


def by_parts(regime: Regime, parts: Sequence[Fraction], remarks: Remarks | None = None) -> Filled:
    """A sheet that shows totals of the parts; raises as ``rating.check_parts``."""
    return Filled(rating.score_of_parts(rating.rules_of(regime), parts), {}, checked(remarks or Remarks(), None))


def by_criteria(tree: CriteriaSet, answers: Sequence[Answer], remarks: Remarks | None = None) -> Filled:
    """A sheet over the tree; raises InputInvalid with every fault of the answers and of the remarks."""
    sheet = points_of(tree, answers)
    cases = {answer.criterion: answer.case for answer in sheet.answers if answer.case is not None}
    return Filled(rating.score_of_sheet(sheet), cases, checked(remarks or Remarks(), tree))


def checked(remarks: Remarks, tree: CriteriaSet | None) -> Remarks:
    """Remarks cleaned and bounded; raises InputInvalid for one beside a criterion that the tree does not have."""
    known = {leaf.code for leaf in tree.leaves} if tree else set()
    strange = dict.fromkeys(code for code in (*remarks.opinions, *remarks.cited) if code not in known)
    if strange:
        product_set = tree.id if tree else "-"
        raise InputInvalid(*(reason("criterion_unknown", criterion=code, product_set=product_set) for code in strange))
    return Remarks(
        {code: _clean(text) for code, text in remarks.opinions.items()},
        {code: _clean(text) for code, text in remarks.cited.items()},
        _clean(remarks.opinion) if remarks.opinion else None,
    )


def _clean(text: str) -> str:
    return clean_name(text, limit=TEXT_LIMIT, field="opinion")


def check_paper_total(filled: Filled, written: Fraction | None, who: str) -> None:
    """The total that the member wrote must be what the points give; raises InputInvalid."""
    if written is not None and written != filled.score.total:
        raise InputInvalid(
            reason("paper_total_differs", member=who, written=exact(written), total=exact(filled.score.total))
        )


def sheet_json(filled: Filled) -> Json:
    """What a sheet puts into an event: exact numbers as strings; empty remarks left out."""
    score, remarks = filled.score, filled.remarks
    body: Json = {
        "parts": [exact(value) for value in (score.parts or {}).values()],
        "points": {name: exact(value) for name, value in (score.points or {}).items()},
        "total": exact(score.total),
    }
    extra = {
        "cases": dict(filled.cases),
        "opinions": dict(remarks.opinions),
        "cited": dict(remarks.cited),
        "opinion": remarks.opinion,
    }
    return {**body, **{name: value for name, value in extra.items() if value}}


def member_faults(
    council: Council, sitting: Sitting, dossier: Dossier, handle: str, regime: Regime, *, corrects: bool
) -> tuple[list[Reason], list[Reason]]:
    """(why this member may not hand in this sheet, what only warns).

    corrects  a reason was given why a sheet already in is replaced
    """
    seat = council.seat(handle)
    if seat is None:
        return [reason("not_seated", person=handle, council=council.code)], []
    faults: list[Reason] = []
    warnings: list[Reason] = []
    if handle not in sitting.present or not seat.scores:
        faults.append(reason("member_not_present", person=handle, sitting=sitting.code))
    if council.interest(handle, dossier.code):
        faults.append(reason("member_interested", person=seat.name, dossier=dossier.code))
    if seat.stands_for is not None:
        allowed = rule(council, regime, "substitutes_score")
        if not allowed.value:
            broken = allowed.broken("substitute_does_not_score", person=seat.name, member=seat.stands_for)
            (faults if allowed.binding else warnings).append(broken)
    if handle in {score.member for score in sheets(dossier, sitting)} and not corrects:
        faults.append(reason("member_scored_already", person=seat.name, dossier=dossier.code, sitting=sitting.code))
    return faults, warnings


def sheets(dossier: Dossier, sitting: Sitting) -> tuple[Score, ...]:
    """The sheets of the turn of scoring that is under way."""
    turn = sitting.turn(dossier.code)
    return tuple(each for each in dossier.scores if each.sitting == sitting.code and each.turn == turn)


def counted(council: Council, dossier: Dossier, sitting: Sitting) -> tuple[Score, ...]:
    """The sheets that make the mean: those of members without a declared interest."""
    return tuple(each for each in sheets(dossier, sitting) if not council.interest(each.member, dossier.code))


def arrived(dossier: Dossier, sitting: Sitting) -> tuple[Reason, ...]:
    """A sitting is over dossiers that had come before the council by its day."""
    came, held = dossier.last_move_on, sitting.on
    if came <= held:
        return ()
    return (reason("sitting_before_dossier", dossier=dossier.code, since=came.isoformat(), day=held.isoformat()),)


def closed_from(dossier: Dossier, sitting: Sitting) -> date:
    """The first day on which a sitting may be closed for a dossier: its own, or that of the newest sheet."""
    return max(sitting.on, dossier.scored_on or sitting.on)


def closed(council: Council, dossier: Dossier, sitting: Sitting) -> bool:
    """Whether this sitting, or a later one of the council, has been closed for a dossier."""
    if dossier.result is None:
        return False
    codes = [each.code for each in council.sittings]
    later = codes[codes.index(sitting.code) :] if sitting.code in codes else [sitting.code]
    return dossier.result.sitting in later


def member_score(regime: Regime, score: Score) -> rating.MemberScore:
    """A recorded sheet as the rating reads it."""
    names = list(rating.rules_of(regime).parts)
    return rating.MemberScore(
        total=score.total,
        parts=dict(zip(names, score.parts, strict=True)) if score.parts else None,
        points={name: Fraction(value) for name, value in score.points.items()} or None,
    )


def scorer(found: Council, handle: str, s: Situation) -> Who:
    """The member's own sheet: the actor is the member, and the member or that council's secretary keys it."""
    member = found.seat(handle)
    if member is None:
        return Who(_plain(handle), _plain(s.recorder.handle), None, ())
    actor = Doer(member.handle, member.name, member.role, found.unit)
    if s.recorder.handle == member.handle:
        return Who(actor, actor, None, ())
    secretary = Doer(s.recorder.handle, s.recorder.name, "council_secretary", found.unit)
    keyed_by = found.seat(s.recorder.handle)
    if keyed_by is not None and keyed_by.role == "council_secretary":
        return Who(actor, secretary, None, ())
    unit = s.tree.on(found.unit.code, s.today)
    if unit is not None and s.recorder.post(("council_secretary",), unit, s.today) is not None:
        return Who(actor, secretary, None, ())
    fault = reason("sheet_of_another", person=s.recorder.handle, member=member.name)
    return Who(actor, _plain(s.recorder.handle), None, (fault,))


def _plain(handle: str) -> Doer:
    return Doer(handle, handle, "-", None)
