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
    # issued anew, corrected, handed on
    "certificate_not_in_force": M(
        "The certificate {number} is no longer in force ({status:word}).", "See it: ocop certificate show {number}."
    ),
    "certificate_act_unruled": M(
        "{what}: no rule on it was found in the decisions on OCOP.",
        "It is recorded as decided; the decision itself is its ground.",
    ),
    "transfer_to_itself": M("{entity} holds the certificate {number} already.", "Name another entity: --to ENTITY."),
    "correction_field_unknown": M("{field} cannot be corrected.", "Use one of: {known}."),
    "product_code_unreadable": M(
        "{code} is not a product's code.",
        "Write province-commune-index-year (33-12103-5-2026), or with the district (83-829-28780-3-2022).",
    ),
    # the signed code
    "code_altered": M(
        "This is not a whole code of a certificate: it was altered, cut or copied wrongly.",
        "Scan or copy it again; if it stays so, do not trust the paper and ask the office that issued it.",
    ),
    "code_key_unknown": M(
        "The code says that {log} signed it, with a key ({key}) that is not known here.",
        "Check it where that key is published: ocop certificate verify CODE --key KEY.",
    ),
    "code_forged": M(
        "The signature does not belong to what the code of {number} says: it is forged or was altered.",
        "Do not trust the paper; keep it and tell the office named on it.",
    ),
    "code_without_record": M(
        "The code of {number} is genuine, but there is no such certificate in this database.",
        "Ask the office that signed it.",
    ),
    "verifier_key_unreadable": M(
        "{text} is not a public key.", "Copy the line that the office publishes: name+hash+key (ocop audit key list)."
    ),
    "file_absent": M("There is no file {file}.", "Check the path."),
    "picture_unreadable": M("{file} is not a picture: {detail}.", "Take or scan it again, as PNG or JPEG."),
    "picture_codes": M(
        "{file} holds {count} QR codes; one is needed.",
        "Take a picture of the certificate's code alone, in good light.",
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
