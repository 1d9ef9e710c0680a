"""Texts about certificates after their issue, and what is recorded beside the state."""

from __future__ import annotations

from ocop_flow.messages import Message

M = Message

MESSAGES: dict[str, Message] = {
    # revoking
    "cause_unknown": M("{cause} is not a ground on which {law} lets a certificate be revoked.", "Use one of: {known}."),
    "certificate_revoked": M(
        "The certificate {number} was revoked on {day}.", "Nothing is left to be done: ocop certificate show {number}."
    ),
    "certificate_replaced": M(
        "The certificate {number} was replaced by {by} on {day}.", "Name the certificate that holds now: {by}."
    ),
    "issuer_not_known": M(
        "Neither issuer nor commune of the certificate {number} is known, so nobody answers for it.",
        "Complete it first with a table that names them: ocop certificate declare --file FILE.",
    ),
    "revocation_late": M(
        "The conclusion is of {concluded_on}: the decision was due by {last_day} and came {days} days late "
        "({decided_on}).",
        "It is recorded as signed; be ready to say why it came late.",
    ),
    "cause_of_earlier_practice": M(
        "“{cause}” is not among the grounds of {law}: provinces revoked so before it.",
        "Check whether the certificate has simply ended; the decision is recorded as signed.",
    ),
    "conclusion_after_decision": M(
        "The conclusion ({day}) cannot come after the decision ({decided_on}).", "Correct one of the two days."
    ),
    # beside the state
    "beside_kind_unknown": M("{kind} is not a kind of {group}.", "Use one of: {known}."),
    "beside_fact_missing": M("{fact} is missing.", "Give it: {option} TEXT."),
    "money_unreadable": M("{text} is not a sum of money.", "Write whole VND, for example 12500000 or 12.500.000."),
    "beside_absent": M("There is no record {record} ({group}).", "Look it up with the list command of the same noun."),
    "beside_settled": M("The record {record} was settled on {day}.", "Nothing is left to be done for it."),
    "dispute_stands": M("{subject} is marked as disputed since {day}.", "Lift the mark when it is settled."),
    "dispute_absent": M("{subject} is not marked as disputed.", "Nothing is to be lifted."),
    "reply_before_record": M(
        "The reply would be due on {day}, before the record itself ({on}).", "Give a later day: --reply-by DATE."
    ),
    "reply_limit_taken": M(
        "No day for the reply was given: {days} days were taken.",
        "Check the law that applies; give the day with --reply-by or the wording with --within if it is another.",
    ),
    "reply_limit_unknown": M(
        "No time limit is known for {kind}, and none was given: nobody will be reminded.",
        "Give one: --reply-by DATE or --within WORDING.",
    ),
    "reply_limit_unreadable": M("{text} does not give one day.", "Give the day itself: --reply-by DATE."),
    "nothing_to_revoke": M(
        "{subject} has no certificate that a conclusion could lead to revoke.",
        "Leave --concludes out, or name the certificate.",
    ),
    "revocation_limit_unknown": M(
        "{law} sets no time for a decision after a conclusion: no duty was made.", "Follow it up yourself."
    ),
    "step_beside": M("Recorded on {start} ({record}); due by {day}.", ""),
}
