"""A notice as a canonical document, kept by its hash, and back."""

from __future__ import annotations

from datetime import date
from typing import Any

from ocop_flow.domain.calendar import DayOff, Notice, OpenQuestion, WorkedDay
from ocop_flow.errors import Text

Document = dict[str, Any]


def to_document(notice: Notice) -> Document:
    """Everything that the notice says, independent of its file's layout; ``from_document`` is the inverse."""
    return {
        "year": notice.year,
        "as_of": notice.as_of.isoformat(),
        "source": notice.source,
        "mark": notice.mark,
        "unit": notice.unit,
        "days_off": [_day_off(off) for off in notice.days_off],
        "worked": [_worked(worked) for worked in notice.worked],
        "open_questions": [_question(question) for question in notice.open_questions],
    }


def from_document(document: Document) -> Notice:
    return Notice(
        year=document["year"],
        as_of=date.fromisoformat(document["as_of"]),
        source=document["source"],
        mark=document["mark"],
        days_off=tuple(
            DayOff(_day(each["day"]), Text(**each["name"]), each["source"], each["mark"], _maybe(each["make_up_for"]))
            for each in document["days_off"]
        ),
        worked=tuple(
            WorkedDay(_day(each["day"]), _day(each["instead_of"]), each["source"], each["mark"])
            for each in document["worked"]
        ),
        open_questions=tuple(
            OpenQuestion(Text(**each["about"]), tuple(map(_day, each["days"]))) for each in document["open_questions"]
        ),
        unit=document["unit"],
    )


def _day_off(off: DayOff) -> Document:
    return {
        "day": off.day.isoformat(),
        "name": off.name._asdict(),
        "source": off.source,
        "mark": off.mark,
        "make_up_for": off.make_up_for.isoformat() if off.make_up_for else None,
    }


def _worked(worked: WorkedDay) -> Document:
    return {
        "day": worked.day.isoformat(),
        "instead_of": worked.instead_of.isoformat(),
        "source": worked.source,
        "mark": worked.mark,
    }


def _question(question: OpenQuestion) -> Document:
    return {"about": question.about._asdict(), "days": [day.isoformat() for day in question.days]}


def _day(text: str) -> date:
    return date.fromisoformat(text)


def _maybe(text: str | None) -> date | None:
    return _day(text) if text else None
