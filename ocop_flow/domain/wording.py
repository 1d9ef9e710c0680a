"""Reads the words in which plans and decisions set a time: `trước tháng 8`, `15 ngày làm việc kể từ ngày …`.

Letter case, spacing, Unicode form and missing diacritics do not matter; what is not understood is an error that shows
the accepted forms. ``resolve`` and ``latest`` turn a wording into days.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from ocop_flow.domain.date_rule import (
    AfterEventRule,
    Anchor,
    BeforeReading,
    CountedRule,
    Edge,
    FixedRule,
    RecurringRule,
    Rule,
    Span,
    WindowBeforeRule,
    WindowRule,
    Wording,
)
from ocop_flow.domain.due_date import DueDate, latest, resolve
from ocop_flow.domain.period import Period, PeriodUnit
from ocop_flow.errors import InputInvalid, reason

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["BeforeReading", "DueDate", "Wording", "latest", "parse", "resolve"]

#: Longest wording read, in characters: a sentence, not a document.
MAX_LENGTH = 200

_UNITS: dict[str, PeriodUnit] = {
    "ngay lam viec": "working_day",
    "ngay": "day",
    "tuan": "week",
    "thang": "month",
    "nam": "year",
}
_QUARTERS = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "mot": 1, "hai": 2, "ba": 3, "bon": 4, "tu": 4}
_EDGES: dict[str | None, Edge] = {
    "truoc": "before",
    "dau": "first",
    "giua": "middle",
    "cuoi": "last",
    None: "within",
}
_EVERY: dict[str, Literal["month", "quarter", "year"]] = {"thang": "month", "quy": "quarter", "nam": "year"}

_YEAR = r"(?:(?: nam | ?[/-] ?)([0-9]{4}))?"
_UNIT = "(ngay lam viec|ngay|tuan|thang|nam)"
#: Words that lead up to a day and leave it as it is.
_LEAD = (
    "((?:(?:trong|vao|den|het|cham nhat|muon nhat|khong muon hon|khong qua|han cuoi|thoi han|han|la|phai|can"
    "|thuc hien|hoan thanh|hoan tat|xong) )*)"
)
_DAY_MONTH = re.compile(r"(?:ngay )?([0-9]{1,2}) ?[/.-] ?([0-9]{1,2})(?:(?: ?[/.-] ?| nam )([0-9]{4}))?")
_DAY_OF_MONTH = re.compile(r"(?:ngay )?([0-9]{1,2}) thang ([0-9]{1,2})" + _YEAR)
_ISO_DAY = re.compile(r"(?:ngay )?([0-9]{4})-([0-9]{2})-([0-9]{2})")
_MONTH = re.compile(r"thang ([0-9]{1,2})" + _YEAR)
_QUARTER = re.compile(r"quy ([ivx]+|[0-9]|mot|hai|ba|bon|tu)" + _YEAR)
_HALF_YEAR = re.compile(r"(?:6|sau) thang (dau|cuoi) nam(?: ([0-9]{4}))?")
_WHOLE_YEAR = re.compile(r"nam(?: ([0-9]{4}))?")

_TENTATIVE = re.compile(r"\(? ?du kien ?\)?:?")
_NUMBER_IN_WORDS = re.compile(r"(?<=[0-9]) ?\([^()0-9]*\)")
_FIXED = re.compile(_LEAD + r"(?:(truoc|dau|giua|cuoi) )?(.+)")
_EVERY_SO_OFTEN = re.compile(r"(?:dinh ky )?\b(?:hang|moi) (thang|quy|nam)\b")
_DAY_EACH = re.compile(r"(?:ngay )?([0-9]{1,2})(?: (?:cua )?thang (dau|cuoi)(?: quy)?)?")
_WINDOW = re.compile(r"(?:(?:trong|thoi gian|khoang) )*tu (.+?) den (?:het |cuoi )?(.+)")
_BARE_DAY = re.compile(r"(?:ngay )?([0-9]{1,2})")
_COUNTED = re.compile(
    r"((?:(?:trong|vong|thoi han|thoi gian|khong qua|toi da|cham nhat|muon nhat|it nhat|toi thieu|sau|la) )*)"
    rf"([0-9]{{1,4}}) {_UNIT}(?: (.+))?"
)
_COUNTED_FROM = re.compile(r"(?:duoc )?(?:ke tu|tinh tu|tinh ke tu|tu|sau)(?: sau)?(?: khi)? (.+)")
_COUNTED_BEFORE = re.compile(r"truoc(?: khi)? (.+)")
_WINDOW_BEFORE = re.compile(
    rf"(?:tu|khong som hon) ([0-9]{{1,4}})(?: {_UNIT})? (?:den|(?:va )?khong muon hon) "
    rf"([0-9]{{1,4}}) {_UNIT} truoc(?: khi)? (.+)"
)
_AFTER = re.compile(r"sau(?: khi)? (.+)")


@dataclass(frozen=True, slots=True)
class _Words:
    """A wording in its tidy form and, letter for letter, without case and diacritics."""

    tidy: str
    folded: str

    @classmethod
    def of(cls, text: str) -> _Words:
        letters = [c for c in unicodedata.normalize("NFC", text) if unicodedata.category(c) not in ("Mn", "Cf")]
        tidy = " ".join("".join(" " if c in ",;" else c for c in letters).split()).rstrip(". ")
        return cls(tidy, "".join(map(_plain_letter, tidy)))

    def part(self, match: re.Match[str], group: int) -> _Words:
        """The words of one group of a match on ``folded``."""
        begin, end = match.span(group)
        return _Words(self.tidy[begin:end], self.folded[begin:end])

    def without(self, pattern: re.Pattern[str]) -> _Words:
        """The words with the first match on ``folded`` cut out."""
        match = pattern.search(self.folded)
        return self if match is None else _Words.of(self.tidy[: match.start()] + " " + self.tidy[match.end() :])


def _plain_letter(letter: str) -> str:
    """The lower-case base letter; a letter without one of its own length stays as it is."""
    base = "".join(c for c in unicodedata.normalize("NFKD", letter) if unicodedata.category(c) != "Mn")
    lowered = base.lower().replace("đ", "d")
    return lowered if len(lowered) == 1 else letter


def parse(text: str) -> Wording:
    """Understand a wording.

    returns  the words as written with the rule they mean; no year, start or calendar is needed yet
    raises   InputInvalid: ``wording_not_understood`` (its remedy shows the accepted forms), ``wording_without_end``,
             ``date_does_not_exist`` (31/6, 29/2/2027), ``period_not_positive``
    """
    if len(text) > MAX_LENGTH:
        raise _not_understood(text)
    words = _Words.of(text)
    certain = words.without(_TENTATIVE)
    read_as = certain.without(_NUMBER_IN_WORDS)
    for reader in _READERS:
        rule = reader(read_as)
        if rule is not None:
            return Wording(text, rule, tentative=certain != words)
    raise _not_understood(text)


def _recurring(words: _Words) -> Rule | None:
    found = _EVERY_SO_OFTEN.search(words.folded)
    if found is None:
        return None
    every = _EVERY[found[1]]
    rest = words.without(_EVERY_SO_OFTEN).folded
    lead = re.match(_LEAD, f"{rest} ")
    rest = f"{rest} "[lead.end() if lead else 0 :].strip()
    edge_word, _, after_edge = rest.partition(" ")
    edge = _EDGES.get(edge_word, "within")
    rest = after_edge if edge != "within" else rest
    return _yearly(edge, rest) if every == "year" else _more_often(every, edge, rest)


def _more_often(every: Literal["month", "quarter"], edge: Edge, rest: str) -> Rule | None:
    months = 1 if every == "month" else 3
    if rest in ("", _name_of(every)) and edge != "before" and not (edge == "middle" and every == "quarter"):
        return RecurringRule(every, edge, 1 if edge == "first" else months)
    day = _DAY_EACH.fullmatch(rest)
    if day is None or (day[2] and every == "month") or edge not in ("before", "within"):
        return None
    # January has every day that any month has: 32 is refused, 31 is the last day of a shorter month.
    Span("day", 1, None, int(day[1]))
    assumed = every == "quarter" and day[2] is None
    return RecurringRule(every, edge, 1 if day[2] == "dau" else months, int(day[1]), assumed)


def _name_of(every: Literal["month", "quarter"]) -> str:
    return "thang" if every == "month" else "quy"


def _yearly(edge: Edge, rest: str) -> Rule | None:
    span = Span("year", 1) if rest in ("", "nam") else _span(rest)
    if span is None or span.year is not None or (edge == "before" and span.unit == "year"):
        return None
    if span.unit == "day":
        return RecurringRule("year", edge, span.number, span.day) if edge in ("before", "within") else None
    if edge == "middle" and span.unit not in ("month", "year"):
        return None
    # In any year the months are the same: an ordinary year stands for all.
    day = FixedRule(span, edge).on(2001, "strict")
    if edge in ("first", "middle") and span.unit == "month":
        return RecurringRule("year", edge, day.month)
    return RecurringRule("year", "first" if edge == "first" else "within", day.month)


def _window_before(words: _Words) -> Rule | None:
    found = _WINDOW_BEFORE.fullmatch(words.folded)
    anchor = found and _anchor(words.part(found, 5))
    if not found or not anchor:
        return None
    far = Period(int(found[1]), _UNITS[found[2] or found[4]])
    return WindowBeforeRule(far, Period(int(found[3]), _UNITS[found[4]]), anchor)


def _window(words: _Words) -> Rule | None:
    found = _WINDOW.fullmatch(words.folded)
    closes = _span(found[2]) if found else None
    if not found or closes is None:
        return None
    bare = _BARE_DAY.fullmatch(found[1])
    if bare and closes.unit == "day":
        opens: Span | None = Span("day", closes.number, closes.year, int(bare[1]))
    else:
        opens = _span(found[1])
    return None if opens is None else WindowRule(opens, closes)


def _counted(words: _Words) -> Rule | None:
    found = _COUNTED.fullmatch(words.folded)
    if found is None:
        return None
    period = Period(int(found[2]), _UNITS[found[3]])
    at_least = "it nhat" in found[1] or "toi thieu" in found[1]
    if found[4] is None:
        return None if at_least else CountedRule(period, Anchor())
    rest = words.part(found, 4)
    for pattern, backwards in ((_COUNTED_FROM, False), (_COUNTED_BEFORE, True)):
        match = pattern.fullmatch(rest.folded)
        anchor = match and _anchor(rest.part(match, 1))
        if anchor and (backwards or not at_least):
            return CountedRule(period, anchor, backwards)
    return None


def _anchor(words: _Words) -> Anchor | None:
    """The day or the event that something is counted from; None for a month, a quarter or a garbled date."""
    span = _span(words.folded)
    if span is not None:
        return Anchor(day=span) if span.unit == "day" else None
    event = words.tidy[5:] if words.folded.startswith("ngay ") else words.tidy
    return Anchor(event=event) if event[:1].isalpha() else None


def _after(words: _Words) -> Rule | None:
    found = _AFTER.fullmatch(words.folded)
    if found is None:
        return None
    if _span(found[1]) is not None:
        raise InputInvalid(reason("wording_without_end", wording=words.tidy))
    anchor = _anchor(words.part(found, 1))
    return AfterEventRule(anchor.event) if anchor and anchor.event else None


def _fixed(words: _Words) -> Rule | None:
    found = _FIXED.fullmatch(words.folded)
    span = _span(found[3]) if found else None
    if not found or span is None:
        return None
    edge = _EDGES[found[2]]
    if span.unit == "year" and span.year is None and not (found[1] or found[2]):
        return None
    meaningless = {
        "day": ("first", "middle", "last"),
        "quarter": ("middle",),
        "half_year": ("first", "middle"),
    }
    return None if edge in meaningless.get(span.unit, ()) else FixedRule(span, edge)


def _span(folded: str) -> Span | None:
    """The day, month, quarter, half-year or year that the whole text names."""
    if found := _DAY_MONTH.fullmatch(folded) or _DAY_OF_MONTH.fullmatch(folded):
        return Span("day", int(found[2]), _year(found[3]), int(found[1]))
    if found := _ISO_DAY.fullmatch(folded):
        return Span("day", int(found[2]), int(found[1]), int(found[3]))
    if found := _MONTH.fullmatch(folded):
        return Span("month", int(found[1]), _year(found[2]))
    if found := _QUARTER.fullmatch(folded):
        number = int(found[1]) if found[1].isdecimal() else _QUARTERS.get(found[1])
        return None if number is None else Span("quarter", number, _year(found[2]))
    if found := _HALF_YEAR.fullmatch(folded):
        return Span("half_year", 1 if found[1] == "dau" else 2, _year(found[2]))
    if found := _WHOLE_YEAR.fullmatch(folded):
        return Span("year", 1, _year(found[1]))
    return None


def _year(digits: str | None) -> int | None:
    return None if digits is None else int(digits)


def _not_understood(text: str) -> InputInvalid:
    return InputInvalid(reason("wording_not_understood", wording=text[:MAX_LENGTH]))


_READERS: tuple[Callable[[_Words], Rule | None], ...] = (
    _recurring,
    _window_before,
    _window,
    _counted,
    _after,
    _fixed,
)
