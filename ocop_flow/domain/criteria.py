"""Criteria sets of a regime as frozen values, and a score sheet checked against one.

A set is a tree: parts A, B and C; sections; criteria, some with criteria of their own. Points are given on the leaves,
exactly one option each. Sets and star conditions are built from their *documents*, the plain values that are hashed
and stored with a regime; ``ocop_flow.criteriadata`` checks a document that people wrote.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Any, NamedTuple

from ocop_flow.domain.exact import exact, parse_exact
from ocop_flow.errors import BINDING_MARKS, InputInvalid, Reason, Text, reason

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

Document = dict[str, Any]

#: What a condition printed beside a criterion does.
CONDITION_KINDS = ("eliminate", "stop", "stop_at_zero", "require", "applies_only_if", "choose_one_case", "evidence")


@dataclass(frozen=True, slots=True)
class Option:
    """One line of the form that may be ticked.

    case      letter of the option list, where a criterion has several or prints the same points twice; else None
    label_en  our short gloss; None where the wording was not carried over
    """

    points: int
    case: str | None
    label_en: str | None


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition printed beside a criterion; ``criterion`` is the code it depends on, for ``applies_only_if``."""

    kind: str
    label: Text
    criterion: str | None


@dataclass(frozen=True, slots=True)
class Criterion:
    """A section, a criterion or a sub-criterion: it has either options (a leaf) or criteria below it.

    minima        star -> least points on this criterion for that star (the asterisks of the form)
    cases_mark    mark of the option cases; None where they are printed so
    printed_code  code as printed, where another had to be given to keep codes apart; else None
    """

    code: str
    name: Text
    maximum: int
    options: tuple[Option, ...]
    minima: Mapping[int, int]
    conditions: tuple[Condition, ...]
    criteria: tuple[Criterion, ...]
    cases_mark: str | None
    printed_code: str | None
    note: str | None

    @property
    def leaves(self) -> Iterator[Criterion]:
        """Scored criteria of this branch, in printed order."""
        if self.options:
            yield self
        for criterion in self.criteria:
            yield from criterion.leaves

    @property
    def branches(self) -> Iterator[Criterion]:
        """Headings of this branch: what sums up others and takes no points itself."""
        if self.criteria:
            yield self
        for criterion in self.criteria:
            yield from criterion.branches

    @property
    def depends_on(self) -> str | None:
        """Code of the criterion without which this one does not apply, e.g. the product story."""
        return next((c.criterion for c in self.conditions if c.kind == "applies_only_if"), None)


@dataclass(frozen=True, slots=True)
class Part:
    """Part A, B or C with its printed maximum."""

    code: str
    maximum: int
    sections: tuple[Criterion, ...]

    @property
    def leaves(self) -> Iterator[Criterion]:
        for section in self.sections:
            yield from section.leaves


class Named(NamedTuple):
    """A code of the decision with its name: an industry, a managing agency."""

    code: str
    name: Text


@dataclass(frozen=True, slots=True)
class CriteriaSet:
    """The criteria of one product set under one regime.

    sum_check  what does not add up in the transcript, in words; None where it adds up
    document   the value this set was built from, canonical JSON kinds only
    """

    regime: str
    id: str
    name: Text
    parts: tuple[Part, ...]
    industry: Named
    agencies: tuple[Named, ...]
    requires_sample: bool | None
    knock_outs: tuple[Text, ...]
    sum_check: str | None
    repairs: tuple[str, ...]
    source: str
    mark: str
    document: Document = field(compare=False, repr=False)

    @property
    def leaves(self) -> Iterator[Criterion]:
        """Every scored criterion, in printed order."""
        for part in self.parts:
            yield from part.leaves

    @property
    def part_maxima(self) -> dict[str, int]:
        """Printed maximum of each part, e.g. ``{"A": 40, "B": 25, "C": 35}``."""
        return {part.code: part.maximum for part in self.parts}

    @property
    def sums_ok(self) -> bool:
        """Whether the leaves of every part add up to its printed maximum."""
        return all(sum(leaf.maximum for leaf in part.leaves) == part.maximum for part in self.parts)

    @property
    def takes_part_totals_only(self) -> bool:
        """Whether the tree is known to lack points, so that no sheet over it could be complete."""
        return self.sum_check is not None


class Answer(NamedTuple):
    """What an evaluator gave one criterion; ``case`` only where it is needed to tell options apart."""

    criterion: str
    points: Fraction
    case: str | None = None


@dataclass(frozen=True, slots=True)
class ScoreSheet:
    """A complete, valid sheet of one evaluator.

    answers  one per applicable leaf in printed order, each with the case of its option
    points   every leaf's code -> points; 0 for a leaf that does not apply
    parts    part code -> points
    reasons  warnings: nothing in them makes the sheet invalid
    """

    regime: str
    product_set: str
    answers: tuple[Answer, ...]
    points: Mapping[str, int]
    parts: Mapping[str, int]
    reasons: tuple[Reason, ...]

    @property
    def total(self) -> int:
        return sum(self.parts.values())


def read_answers(texts: Iterable[str]) -> tuple[Answer, ...]:
    """Read ``CRITERION=POINTS`` or ``CRITERION=POINTS:CASE`` each.

    raises  InputInvalid naming every text that does not read so
    """
    answers: list[Answer] = []
    faults: list[Reason] = []
    for text in texts:
        criterion, equals, rest = text.partition("=")
        points, colon, case = rest.partition(":")
        if not (criterion.strip() and equals) or (colon and not case.strip()):
            faults.append(reason("answer_unreadable", value=text))
            continue
        try:
            answers.append(Answer(criterion.strip(), parse_exact(points), case.strip().lower() or None))
        except InputInvalid as error:
            faults.extend(error.reasons)
    if faults:
        raise InputInvalid(*faults)
    return tuple(answers)


def points_of(criteria: CriteriaSet, answers: Sequence[Answer]) -> ScoreSheet:
    """Check a sheet against the tree and add it up.

    raises  InputInvalid with every fault: a set that takes part totals only, a criterion unknown, given twice, left
            out or only a heading, points that are no option, a case unknown or not named where the form prints two
    source  exactly one option per criterion (forms of 1048/QĐ-TTg and 26/2026/QĐ-TTg)
    """
    if criteria.takes_part_totals_only:
        raise InputInvalid(_of(criteria, "set_takes_part_totals", product_set=criteria.id))
    leaves = {leaf.code: leaf for leaf in criteria.leaves}
    faults = [*_misplaced(criteria, leaves, answers), *_repeated(criteria, answers), *_missing(criteria, answers)]
    chosen: dict[str, Option] = {}
    warnings: list[Reason] = []
    for answer in answers:
        if answer.criterion in leaves and answer.criterion not in chosen:
            option, problem = _choose(criteria, leaves[answer.criterion], answer)
            if option is not None:
                chosen[answer.criterion] = option
            if problem is not None:
                (warnings if option is not None else faults).append(problem)
    if faults:
        raise InputInvalid(*faults)
    points = {code: chosen[code].points if code in chosen else 0 for code in leaves}
    warnings += [warning for leaf in leaves.values() for warning in _doubts(criteria, leaf, points)]
    return ScoreSheet(
        regime=criteria.regime,
        product_set=criteria.id,
        answers=tuple(Answer(c, Fraction(chosen[c].points), chosen[c].case) for c in leaves if c in chosen),
        points=points,
        parts={part.code: sum(points[leaf.code] for leaf in part.leaves) for part in criteria.parts},
        reasons=tuple(warnings),
    )


def _of(criteria: CriteriaSet, code: str, **params: str | int | Text | None) -> Reason:
    """A reason that rests on the criteria set itself."""
    return reason(code, source=criteria.source, mark=criteria.mark, **params)


def _misplaced(criteria: CriteriaSet, leaves: Mapping[str, Criterion], answers: Sequence[Answer]) -> Iterator[Reason]:
    """Answers to codes that the tree does not score."""
    headings = {b.code: b for part in criteria.parts for section in part.sections for b in section.branches}
    for code in dict.fromkeys(answer.criterion for answer in answers if answer.criterion not in leaves):
        if code in headings:
            below = ", ".join(leaf.code for leaf in headings[code].leaves)
            yield _of(criteria, "criterion_not_scored", criterion=code, below=below)
        else:
            yield _of(criteria, "criterion_unknown", criterion=code, product_set=criteria.id)


def _repeated(criteria: CriteriaSet, answers: Sequence[Answer]) -> Iterator[Reason]:
    for code, times in Counter(answer.criterion for answer in answers).items():
        if times > 1:
            yield _of(criteria, "criterion_twice", criterion=code, times=times)


def _missing(criteria: CriteriaSet, answers: Sequence[Answer]) -> Iterator[Reason]:
    """Leaves without an answer; one that depends on another (the story) may be left out where that one has none."""
    given = {answer.criterion: answer.points for answer in answers}
    for leaf in criteria.leaves:
        without = leaf.depends_on is not None and given.get(leaf.depends_on) == 0
        if leaf.code not in given and not without:
            choices = ", ".join(dict.fromkeys(str(option.points) for option in leaf.options))
            yield _of(criteria, "criterion_missing", criterion=leaf.code, name=leaf.name, choices=choices)


def _choose(criteria: CriteriaSet, leaf: Criterion, answer: Answer) -> tuple[Option | None, Reason | None]:
    """The option meant and a warning about it; or None and the fault."""
    points = exact(answer.points)
    equal = [option for option in leaf.options if option.points == answer.points]
    if not equal:
        choices = ", ".join(dict.fromkeys(str(option.points) for option in leaf.options))
        return None, _of(criteria, "option_unknown", criterion=leaf.code, points=points, choices=choices)
    named = [option for option in equal if answer.case in (None, option.case)]
    cases = ", ".join(option.case for option in equal if option.case)
    if not named:
        return None, _of(
            criteria, "case_unknown", criterion=leaf.code, points=points, case=answer.case, choices=cases or "-"
        )
    if len(named) == 1:
        return named[0], None
    mark = leaf.cases_mark or criteria.mark
    doubt = reason(
        "case_ambiguous", source=criteria.source, mark=mark, criterion=leaf.code, points=points, choices=cases
    )
    # The points are the same either way; where the cases are only our reading, a warning has to do (principle 10).
    return (None, doubt) if mark in BINDING_MARKS else (Option(named[0].points, None, None), doubt)


def _doubts(criteria: CriteriaSet, leaf: Criterion, points: Mapping[str, int]) -> Iterator[Reason]:
    """What an official should look at again on a sheet that is otherwise complete."""
    depends_on = leaf.depends_on
    if depends_on is not None and points.get(depends_on) == 0 and points[leaf.code] > 0:
        yield reason(
            "criterion_does_not_apply",
            source=criteria.source,
            mark="derived",
            criterion=leaf.code,
            depends_on=depends_on,
        )
    if points[leaf.code] == 0:
        for condition in leaf.conditions:
            if condition.kind == "stop_at_zero":
                yield _of(criteria, "evaluation_stops", criterion=leaf.code, condition=condition.label)


@dataclass(frozen=True, slots=True)
class StarCondition:
    """A named yes/no minimum of a star that is not a criterion of the tree.

    industries  codes of the industries it is asked of; None for every product
    """

    id: str
    star: int
    name: Text
    industries: frozenset[str] | None
    source: str
    mark: str


@dataclass(frozen=True, slots=True)
class ConditionSet:
    """The star conditions that one decision adds to a regime.

    sets_without_tree  product set -> industry code, for sets of the decision whose criteria are not known
    """

    regime: str
    id: str
    effective_from: date
    effective_to: date | None
    conditions: tuple[StarCondition, ...]
    sets_without_tree: Mapping[str, str]
    source: str
    mark: str
    document: Document = field(compare=False, repr=False)

    def in_force(self, on: date) -> bool:
        """Both ends included."""
        return self.effective_from <= on and (self.effective_to is None or on <= self.effective_to)


def industry_of(product_set: str, tree: CriteriaSet | None, sets: Iterable[ConditionSet]) -> str | None:
    """Industry code of a product set: its tree names it, or the decision that has the set without a tree; else None."""
    if tree is not None:
        return tree.industry.code
    without_tree = (each.sets_without_tree.get(product_set) for each in sets)
    return next((industry for industry in without_tree if industry is not None), None)


def conditions_for(sets: Iterable[ConditionSet], on: date, industry: str | None) -> tuple[StarCondition, ...]:
    """Conditions asked of a product of this industry on a day, lowest star first.

    industry  None where the product set or its industry is not known: then every condition in force
    """
    found = [
        condition
        for each in sets
        if each.in_force(on)
        for condition in each.conditions
        if industry is None or condition.industries is None or industry in condition.industries
    ]
    return tuple(sorted(found, key=lambda condition: condition.star))


def set_from_document(doc: Document) -> CriteriaSet:
    """Build a set from a checked document (schema ``ocop-criteria/1``); KeyError if it was not checked."""
    return CriteriaSet(
        regime=doc["regime"],
        id=doc["id"],
        name=_name(doc),
        parts=tuple(Part(p["code"], p["max"], tuple(map(_criterion, p["sections"]))) for p in doc["parts"]),
        industry=_named(doc["industry"]),
        agencies=tuple(map(_named, doc["managing_agencies"])),
        requires_sample=doc["requires_sample"],
        knock_outs=tuple(map(_label, doc.get("dossier_rejected_if", ()))),
        sum_check=doc.get("sum_check"),
        repairs=tuple(doc.get("repairs", ())),
        source=doc["source"],
        mark=doc["mark"],
        document=doc,
    )


def conditions_from_document(doc: Document) -> ConditionSet:
    """Build star conditions from a checked document (schema ``ocop-star-conditions/1``)."""
    return ConditionSet(
        regime=doc["regime"],
        id=doc["id"],
        effective_from=date.fromisoformat(doc["effective_from"]),
        effective_to=date.fromisoformat(doc["effective_to"]) if doc["effective_to"] else None,
        conditions=tuple(map(_star_condition, doc["conditions"])),
        sets_without_tree={each["id"]: each["industry"] for each in doc["sets_without_tree"]},
        source=doc["source"],
        mark=doc["mark"],
        document=doc,
    )


def _name(doc: Document) -> Text:
    return Text(doc["name_vi"], doc["name_en"])


def _label(doc: Document) -> Text:
    return Text(doc["label_vi"], doc["label_en"])


def _named(doc: Document) -> Named:
    return Named(doc["code"], _name(doc))


def _criterion(doc: Document) -> Criterion:
    return Criterion(
        code=doc["code"],
        name=_name(doc),
        maximum=doc["max"],
        options=_options(doc),
        minima={int(star): points for star, points in doc.get("min_points_for_star", {}).items()},
        conditions=tuple(Condition(c["kind"], _label(c), c.get("criterion")) for c in doc.get("conditions", ())),
        criteria=tuple(map(_criterion, doc.get("criteria", ()))),
        cases_mark=doc.get("cases_mark"),
        printed_code=doc.get("printed_code"),
        note=doc.get("note"),
    )


def _options(doc: Document) -> tuple[Option, ...]:
    """Options with labels or cases, or the short form of bare points."""
    if "option_points" in doc:
        return tuple(Option(points, None, None) for points in doc["option_points"])
    return tuple(Option(o["points"], o.get("case"), o.get("label_en")) for o in doc.get("options", ()))


def _star_condition(doc: Document) -> StarCondition:
    industries = doc["industries"]
    return StarCondition(
        id=doc["id"],
        star=doc["star"],
        name=_name(doc),
        industries=None if industries is None else frozenset(industries),
        source=doc["source"],
        mark=doc["mark"],
    )
