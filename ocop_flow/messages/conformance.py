"""Texts about past acts that depart from the rules of their day."""

from __future__ import annotations

from ocop_flow.messages import Message

M = Message

MESSAGES: dict[str, Message] = {
    "moment_unreadable": M(
        "“{text}” is no moment.", "Write it with its offset from UTC, e.g. 2026-07-01T08:00:00+07:00."
    ),
    "step_not_in_law": M(
        "{regime} knows no {action} from {state}.",
        "Ask who recorded it on what ground; the history stays as it is.",
    ),
    "step_ends_elsewhere": M(
        "{action} leads to {wanted}, the record says {found}.",
        "Ask who recorded it on what ground; the history stays as it is.",
    ),
    "step_not_by_system": M(
        "{action} happens by itself, and stands here as an act of {person}.",
        "Compare with the scheduler's record of that day.",
    ),
    "law_of_another_day": M(
        "Filed under {regime}, while {in_force} was in force on {day}.",
        "Look for the transitional rule or the overlap that allowed it.",
    ),
    "law_unknown": M(
        "The text of {regime} under hash {hash} is not kept here; nothing from this act on can be judged.",
        "Bring the text back from a backup, then check again.",
    ),
    "doer_differs": M(
        "{person} stands in the record as {written}, and held the post of {held} that day.",
        "Compare with the decision of appointment.",
    ),
    "certificate_day_differs": M(
        "Certificate {number} ends on {found}; counted from its issue it ends on {wanted}.",
        "Correct the certificate by a decision of its issuer.",
    ),
    "undo_not_lawful": M(
        "{person} took back event {seq} of {dossier}, which was not the newest act of that person.",
        "Ask both who acted; the history stays as it is.",
    ),
    "limit_exceeded": M(
        "{duty} was due on {due} and done on {done}: {days} days late.",
        "Ask the office that held the dossier for the cause.",
    ),
}
