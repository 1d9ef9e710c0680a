"""From a rule to a day: due dates with the steps that explain them, and the last day on which to start."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from ocop_flow.domain.calendar import END_OF_PERIOD_SOURCE, FIRST_YEAR, LAST_YEAR, Calendar, add_days
from ocop_flow.domain.date_rule import (
    Anchor,
    BeforeReading,
    CountedRule,
    FixedRule,
    RecurringRule,
    WindowBeforeRule,
    WindowRule,
    Wording,
)
from ocop_flow.domain.period import end_of, latest_start, start_before
from ocop_flow.errors import InputInvalid, Reason, Text, reason

if TYPE_CHECKING:
    from collections.abc import Callable

#: Source of the reading of `đầu`, `giữa`, `cuối` of a month or year, and of the day from which a period is counted.
READING_SOURCE = "Civil Code 2015 art. 147"
#: What stands behind the two readings of `trước ngày`: the words alone.
BEFORE_SOURCE = "reading of 'trước ngày'"
#: What stands behind the month of `ngày 15 hàng quý`.
QUARTER_SOURCE = "reading of 'hàng quý'"


@dataclass(frozen=True, slots=True)
class DueDate:
    """The day by which something must be done.

    due_on            None for a wording that only says after which event something happens
    last_working_day  last working day on or before ``due_on``
    wording, rule     as written; a short stable id
    provisional       whether a day that the answer depends on may still become a day off or a working day
    recurring         whether it comes again; ``due_on`` is then the first after the start
    tentative         whether the wording itself says `dự kiến`
    window            first and last day where the wording has two ends, else None
    steps             the derivation in order; doubts come last
    sources           articles and notices that the answer rests on
    """

    due_on: date | None
    last_working_day: date | None
    wording: str
    rule: str
    provisional: bool
    recurring: bool
    tentative: bool
    window: tuple[date, date] | None
    steps: tuple[Reason, ...]
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Question:
    """What ``resolve`` was asked."""

    calendar: Calendar
    year: int | None
    start: date | None
    before_reading: BeforeReading


@dataclass(frozen=True, slots=True)
class _Answer:
    """A day, the steps to it, and the first and last day whose being worked it depends on (None: itself alone)."""

    due_on: date | None
    steps: list[Reason] = field(default_factory=list)
    window: tuple[date, date] | None = None
    depends_on: tuple[date, date] | None = None


def resolve(
    wording: Wording,
    *,
    calendar: Calendar,
    year: int | None = None,
    start: date | None = None,
    before_reading: BeforeReading = "strict",
) -> DueDate:
    """The day that a wording means.

    year            where the wording leaves it out; without it the first such day not before ``start``
    start           day of the event that a period is counted from, or after which a recurring duty comes first
    before_reading  whether `trước ngày 30/6` leaves out the 30th (strict) or not
    raises          InputInvalid: no start or year where one is needed, a date that does not exist, a reversed window
    """
    if year is not None and not FIRST_YEAR <= year <= LAST_YEAR:
        raise InputInvalid(reason("year_out_of_range", year=year, first=FIRST_YEAR, last=LAST_YEAR))
    question = _Question(calendar, year, start, before_reading)
    rule = wording.rule
    if isinstance(rule, FixedRule):
        answer = _fixed(rule, question)
    elif isinstance(rule, RecurringRule):
        answer = _recurring(rule, question)
    elif isinstance(rule, CountedRule):
        answer = _counted_back(rule, question) if rule.backwards else _counted(rule, question)
    elif isinstance(rule, WindowRule):
        answer = _window(rule, question)
    elif isinstance(rule, WindowBeforeRule):
        answer = _window_before(rule, question)
    else:
        answer = _Answer(None, [_step("waits_for_event", event=rule.event)])
    return _due_date(wording, rule.id, answer, calendar)


def latest(wording: Wording, before: date, calendar: Calendar) -> DueDate:
    """The last day on which the event may happen for a counted period still to end on or before ``before``.

    returns  ``due_on`` is the greatest day s such that the period counted from s, shifted as the law shifts it, ends
             on or before ``before``; s need not be a working day, ``last_working_day`` is
    raises   InputInvalid if the wording is no period counted forwards
    """
    rule = wording.rule
    if not isinstance(rule, CountedRule) or rule.backwards:
        raise InputInvalid(reason("latest_needs_period", wording=wording.text))
    start = latest_start(rule.period, before, calendar)
    end = end_of(rule.period, start, calendar)
    steps = [
        _step("latest_start", before=before, day=start, source=END_OF_PERIOD_SOURCE, mark="one_source"),
        _step(f"{rule.period.unit}s_from", amount=rule.period.amount, start=start, day=end),
    ]
    answer = _Answer(start, steps, depends_on=(add_days(start, 1), before))
    return _due_date(wording, "latest_start", answer, calendar)


def _due_date(wording: Wording, rule_id: str, answer: _Answer, calendar: Calendar) -> DueDate:
    steps, sources, last_working_day = list(answer.steps), {}, None
    if wording.tentative:
        steps.append(reason("step_tentative"))
    doubts: tuple[Reason, ...] = ()
    if answer.due_on is not None:
        last_working_day = calendar.last_working_day_on_or_before(answer.due_on)
        if last_working_day != answer.due_on:
            steps.append(_step("last_working_day", day=last_working_day, due_on=answer.due_on))
        first, last = answer.depends_on or (answer.due_on, answer.due_on)
        first, last = min(first, last_working_day), max(last, answer.due_on)
        doubts = calendar.doubts(first, last)
        sources = dict.fromkeys(calendar.sources(first, last))
    legal = dict.fromkeys(step.source for step in steps if step.source is not None)
    return DueDate(
        due_on=answer.due_on,
        last_working_day=last_working_day,
        wording=wording.text,
        rule=rule_id,
        provisional=bool(doubts),
        recurring=isinstance(wording.rule, RecurringRule),
        tentative=wording.tentative,
        window=answer.window,
        steps=(*steps, *doubts),
        sources=tuple({**legal, **sources}),
    )


def _fixed(rule: FixedRule, question: _Question) -> _Answer:
    year, steps = _year_of(rule.span.year, question, lambda y: rule.on(y, question.before_reading))
    due_on = rule.on(year, question.before_reading)
    return _Answer(due_on, [*steps, _fixed_step(rule, year, due_on, question.before_reading)])


def _fixed_step(rule: FixedRule, year: int, due_on: date, reading: BeforeReading) -> Reason:
    if rule.edge == "before" and rule.span.unit == "day":
        return _before_day_step(rule.span.first(year), due_on, reading)
    source, mark = (READING_SOURCE, "one_source") if rule.edge in ("first", "middle", "last") else (None, None)
    return _step(rule.id, number=rule.span.number, year=year, day=due_on, source=source, mark=mark)


def _before_day_step(named: date, due_on: date, reading: BeforeReading) -> Reason:
    # How "before 30 June" is practised is unknown (REGULATIONS section 5): the reading is a flag, and it is shown.
    return _step(f"before_day_{reading}", named=named, day=due_on, source=BEFORE_SOURCE, mark="unknown")


def _year_of(written: int | None, question: _Question, day_in: Callable[[int], date]) -> tuple[int, list[Reason]]:
    """The year of a span: written, given, or the first in which its day is not before the start."""
    if written is not None:
        return written, []
    if question.year is not None:
        return question.year, [_step("year_given", year=question.year)]
    if question.start is None:
        raise InputInvalid(reason("year_needed"))
    year = _first_year_not_before(question.start, day_in)
    return year, [_step("year_from_start", year=year, start=question.start)]


def _first_year_not_before(start: date, day_in: Callable[[int], date]) -> int:
    # A window over New Year may have opened the year before; 29 February may be four years off, in 2096 eight.
    for year in range(start.year - 1, start.year + 9):
        try:
            if day_in(year) >= start:
                return year
        except InputInvalid:  # this year has no such day
            continue
    raise InputInvalid(reason("year_needed"))


def _recurring(rule: RecurringRule, question: _Question) -> _Answer:
    after = _recurs_after(question)
    years = range(after.year, after.year + 3)
    days = (day for year in years for day in rule.days_in(year, question.before_reading))
    due_on = min(day for day in days if day > after)
    steps = [_step(rule.id, after=after, day=due_on)]
    if rule.edge == "before":
        named = due_on if question.before_reading == "inclusive" else add_days(due_on, 1)
        steps.append(_before_day_step(named, due_on, question.before_reading))
    if rule.month_assumed:
        steps.append(_step("month_of_quarter", source=QUARTER_SOURCE, mark="derived"))
    if rule.day is not None and rule.edge != "before" and due_on.day < rule.day:
        steps.append(_step("shorter_month", asked=rule.day, day=due_on))
    return _Answer(due_on, steps)


def _recurs_after(question: _Question) -> date:
    eve_of_year = None if question.year is None else date(question.year - 1, 12, 31)
    known = [day for day in (question.start, eve_of_year) if day is not None]
    if not known:
        raise InputInvalid(reason("start_needed"))
    return max(known)


def _anchor_day(anchor: Anchor, question: _Question) -> tuple[date, list[Reason]]:
    if anchor.day is not None:
        year, steps = _year_of(anchor.day.year, question, anchor.day.first)
        return anchor.day.first(year), steps
    if anchor.event is not None:
        if question.start is None:
            raise InputInvalid(reason("event_needed", event=anchor.event))
        return question.start, [_step("event", event=anchor.event, day=question.start)]
    if question.start is None:
        raise InputInvalid(reason("start_needed"))
    return question.start, []


def _counted(rule: CountedRule, question: _Question) -> _Answer:
    start, steps = _anchor_day(rule.anchor, question)
    calendar, period = question.calendar, rule.period
    steps.append(_step("day_of_event", day=start, source=READING_SOURCE, mark="one_source"))
    if period.unit == "working_day":
        due_on = end_of(period, start, calendar)
        steps += _unusual_days(add_days(start, 1), due_on, calendar)
        steps.append(_step(rule.id, amount=period.amount, start=start, day=due_on))
        return _Answer(due_on, steps, depends_on=(add_days(start, 1), due_on))
    due_by_date = period.moved(start, 1)
    due_on = end_of(period, start, calendar)
    source = {"source": END_OF_PERIOD_SOURCE, "mark": "one_source"}
    steps.append(_step(rule.id, amount=period.amount, start=start, day=due_by_date, **source))
    if due_on != due_by_date:
        steps.append(_step("shifted", ends=due_by_date, day=due_on, **source))
    return _Answer(due_on, steps, depends_on=(due_by_date, due_on))


def _counted_back(rule: CountedRule, question: _Question) -> _Answer:
    event, steps = _anchor_day(rule.anchor, question)
    due_on = start_before(rule.period, event, question.calendar)
    steps.append(_step("day_of_event", day=event, source=READING_SOURCE, mark="one_source"))
    counted = None
    if rule.period.unit == "working_day":
        counted = (due_on, add_days(event, -1))
        steps += _unusual_days(*counted, question.calendar)
    steps.append(_step(rule.id, amount=rule.period.amount, event=event, day=due_on))
    return _Answer(due_on, steps, depends_on=counted)


def _unusual_days(first: date, last: date, calendar: Calendar) -> list[Reason]:
    """One step for each day from ``first`` to ``last`` that is not what its weekday says."""
    steps = []
    for offset in range((last - first).days + 1):
        day = add_days(first, offset)
        worked, weekend = calendar.is_working_day(day), day.weekday() >= 5
        if worked and weekend:
            steps.append(_step("swapped_saturday", day=day))
        elif not worked and not weekend and (name := calendar.day_off_name(day)) is not None:
            steps.append(_step("day_off", day=day, name=name))
    return steps


def _window(rule: WindowRule, question: _Question) -> _Answer:
    opens, closes = rule.opens, rule.closes
    steps: list[Reason] = []
    last_year = closes.year
    if last_year is None and opens.year is not None:
        last_year = opens.year + (closes.last(opens.year) < opens.first(opens.year))
    elif last_year is None:
        over_new_year = closes.last(2000) < opens.first(2000)
        first_year, steps = _year_of(None, question, lambda y: closes.last(y + over_new_year))
        last_year = first_year + over_new_year
    last = closes.last(last_year)
    first_year = opens.year if opens.year is not None else last_year - (opens.first(last_year) > last)
    first = opens.first(first_year)
    if first > last:
        raise InputInvalid(reason("window_reversed", first=str(first), last=str(last)))
    return _Answer(last, [*steps, _step("window", first=first, day=last)], (first, last))


def _window_before(rule: WindowBeforeRule, question: _Question) -> _Answer:
    event, steps = _anchor_day(rule.anchor, question)
    first, last = (start_before(period, event, question.calendar) for period in (rule.opens, rule.closes))
    if first > last:
        raise InputInvalid(reason("window_reversed", first=str(first), last=str(last)))
    steps.append(_step("window_before", event=event, first=first, day=last))
    working_days = "working_day" in (rule.opens.unit, rule.closes.unit)
    return _Answer(last, steps, (first, last), (first, add_days(event, -1)) if working_days else None)


def _step(
    name: str, /, *, source: str | None = None, mark: str | None = None, **params: date | Text | str | int
) -> Reason:
    """A step of a derivation; days are given as YYYY-MM-DD."""
    plain = {key: str(value) if isinstance(value, date) else value for key, value in params.items()}
    return reason(f"step_{name}", source=source, mark=mark, **plain)
