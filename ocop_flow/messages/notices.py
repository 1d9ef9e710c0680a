"""Texts about notices of days off that are tried or adopted."""

from __future__ import annotations

from ocop_flow.messages import Message

MESSAGES: dict[str, Message] = {
    "notice_unit_unknown": Message(
        "{file}, line {line}: there is no unit {unit}.",
        "Give the code of the unit in quotes, or leave unit out for the whole country.",
    ),
    "notice_dated_ahead": Message(
        "The notice is dated {as_of}, after today, {today}.", "Check as_of: it is the date of the notice."
    ),
    "notice_older": Message(
        "The notice of {as_of} takes the place of a later one, of {current} ({number}).",
        "Make sure that the older notice is the one that holds.",
    ),
    "notice_decrees_nothing": Message(
        "A notice with the mark {given} does not decree {year}: its due dates stay provisional.",
        "Give the number of the notice as source, and mark it one_source or two_sources.",
    ),
}
