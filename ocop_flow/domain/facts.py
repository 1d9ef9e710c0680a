"""What every recorded act is checked for, whatever it does: its day, its entry mode, its reason."""

from __future__ import annotations

from datetime import date

from ocop_flow.domain import names
from ocop_flow.errors import InputInvalid, Reason, reason

#: Longest reason or name accepted, in characters.
TEXT_LIMIT = 2000
NAME_LIMIT = 200


def check_day(on: date, today: date, not_before: date | None = None) -> tuple[Reason, ...]:
    """A legal date is never in the future, and a move never before the previous move."""
    if on > today:
        return (reason("day_in_future", day=on.isoformat(), today=today.isoformat(), option="--on"),)
    if not_before is not None and on < not_before:
        return (reason("day_before_previous", day=on.isoformat(), previous=not_before.isoformat()),)
    return ()


def check_entry(entry: str) -> str:
    """``live`` or ``paper:<campaign>``.

    raises  InputInvalid
    """
    kind, _, campaign = entry.partition(":")
    if entry == "live":
        return entry
    if kind == "paper" and campaign.strip():
        return f"paper:{names.clean_name(campaign, limit=NAME_LIMIT, field='entry')}"
    raise InputInvalid(reason("entry_unreadable", entry=entry))


def clean_reason(text: str | None) -> str | None:
    return names.clean_name(text, limit=TEXT_LIMIT, field="reason") if text is not None else None


def reason_faults(required: bool, text: str | None) -> tuple[Reason, ...]:
    return (reason("reason_missing"),) if required and not (text and text.strip()) else ()
