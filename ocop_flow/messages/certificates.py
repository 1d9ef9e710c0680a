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
    "step_beside": M("Recorded on {start} ({record}); due by {day}.", ""),
}
