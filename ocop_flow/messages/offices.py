"""Texts about people, certificates and laws."""

from __future__ import annotations

from ocop_flow.messages import Message

M = Message

MESSAGES: dict[str, Message] = {
    "person_absent": M("There is no person {person}.", "Add them first: ocop person add {person} --name NAME."),
    "handle_unreadable": M(
        "{handle} cannot be a handle.", "Use 1 to 40 small letters, digits, dots or dashes, beginning with a letter."
    ),
    "handle_taken": M("The handle {handle} is taken.", "Choose another."),
    "role_unknown": M("{role} is not a role.", "Use one of: {known}."),
    "contact_missing": M("No contact is given.", "Name at least one of --email, --phone, --chat ({known})."),
    "contact_unknown": M("{name} is no way to reach an entity.", "Known: {known}."),
    "phone_unreadable": M("{phone} is not a telephone number.", "Write 8 to 15 digits, e.g. 0912345678."),
    "unit_mailbox_first": M(
        "{unit} has no mailbox yet: a telephone alone gets no reminder.", "Give --email as well as --phone."
    ),
    "mail_unreadable": M("{address} is not a mail address.", "Write it as name@example.vn."),
    "delegation_to_oneself": M(
        "{person} holds the post already and cannot delegate it to the same person.", "Name somebody else as TO."
    ),
    "delegation_of_nothing": M(
        "{person} does not hold {role} at {unit} and cannot delegate it.", "Name who holds the post."
    ),
    "password_wrong": M("Handle or password is wrong.", "Try again, or ask an administrator to set a new password."),
    "password_unasked": M(
        "There is no terminal on which the password could be asked without showing it.",
        "Give it from a file or a pipe: --password-file FILE, or --password-file -.",
    ),
    "password_short": M("The password has fewer than {least} characters.", "Choose a longer one."),
    "login_not_allowed": M("{person} has no login.", "Ask an administrator: ocop person password {person}."),
    "certificate_absent": M("There is no certificate {number}.", "Look it up: ocop certificate list."),
    "certificate_not_issued": M(
        "The certificate {number} was not issued yet on {day}: it was on {on}.", "Ask for a day from {on}."
    ),
    "certificate_ambiguous": M("{typed} can mean the certificate {number}.", "Name the certificate by its number."),
    "certificate_taken": M("The certificate {number} is already recorded.", "Check the number; nothing was changed."),
    "stars_unreadable": M("{stars} is not a number of stars.", "Give 1 to 5."),
    "horizon_unreadable": M("{text} is not a period.", "Write months or days, as in 12m or 90d."),
    "overlay_differs": M(
        "{file} is the file of {unit} by decision {decision}.", "Give that unit and that number, or correct the file."
    ),
    "workflow_faulty": M("{where}: {problem}", "Mend the file and lint it again: ocop workflow lint."),
    "workflow_absent": M("There is no workflow {regime}.", "List them: ocop workflow list."),
    "document_absent": M(
        "The workflow document {hash} is not in this database.", "Restore it from a backup, or run ocop init --upgrade."
    ),
}
