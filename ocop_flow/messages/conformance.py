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
    "points_not_offered": M(
        "{criterion}: {points} points is no option of the form {product_set}.",
        "Compare with the signed sheet; ask the member.",
    ),
    "sheet_differs": M(
        "The sheet of {member} adds up to {wanted}; the record says {found}.",
        "Compare with the signed sheet; ask who keyed it.",
    ),
    "result_differs": M(
        "{what}: the recorded sheets give {wanted}, the result says {found}.",
        "Compare with the signed minutes; the decision rests on this result.",
    ),
    "extension_undecided": M(
        "{deadline} was moved without a numbered decision.", "Ask the leader who extended it for the decision."
    ),
    "migrated_from_elsewhere": M(
        "{dossier} was under {wanted}; the record says that it came from {found}.",
        "Ask who recorded it on what ground; the history stays as it is.",
    ),
    "migrated_to_no_law": M(
        "{regime} was not the law to move to on {day}; in force was {in_force}.",
        "Look for the transitional rule that allowed it.",
    ),
    "migrated_by_choice": M(
        "A person chose where {dossier} goes on, though a rule says {wanted}.",
        "Ask who answered on the list, and on what ground.",
    ),
    "migrated_result": M(
        "Whether the result of {dossier} is kept is not what the transitional rule says.",
        "Compare with the transitional rule: ocop workflow show.",
    ),
    "succeeded_elsewhere": M(
        "{dossier} was handed over to {found}; its commune went to {wanted}.",
        "Compare with the minutes of the hand-over.",
    ),
    "missing_never_held": M(
        "{copies} copies of {kind} were said not to have come over; {dossier} did not hold as many.",
        "Compare with the minutes of the hand-over.",
    ),
    "paper_missing": M("{action} stands without a signed, numbered paper.", "Ask the leader who did it for the paper."),
    "certificate_changed_unsaid": M(
        "Certificate {number}: {what} was {wanted} and became {found} without being named as a change.",
        "Compare with the signed decision; correct it by another.",
    ),
    "decision_gone": M(
        "The act names decision {decision}, and the log has none of it.", "Check the whole log: ocop audit verify."
    ),
    "decision_line_gone": M(
        "Decision {decision} has no line on {dossier}, which was moved by it.",
        "Hold the signed list against the records: ocop audit reconcile.",
    ),
    "decision_identity_differs": M(
        "A decision stands under {found}; its issuer, year and number give {wanted}.",
        "Compare with the signed paper; the history stays as it is.",
    ),
    "decision_line_unlike": M(
        "{dossier}: event {seq} is not what the decision's line says ({wanted}); the dossier's record has {found}.",
        "Hold the signed list against the records: ocop audit reconcile.",
    ),
}
