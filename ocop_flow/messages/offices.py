"""Texts about people, councils, certificates and laws."""

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
    "mail_unreadable": M("{address} is not a mail address.", "Write it as name@example.vn."),
    "delegation_of_nothing": M(
        "{person} does not hold {role} at {unit} and cannot delegate it.", "Name who holds the post."
    ),
    "password_wrong": M("Handle or password is wrong.", "Try again, or ask an administrator to set a new password."),
    "password_short": M("The password has fewer than {least} characters.", "Choose a longer one."),
    "login_not_allowed": M("{person} has no login.", "Ask an administrator: ocop person password {person}."),
    "council_absent": M("There is no council {council}.", "Check the code, or list them: ocop council list."),
    "sitting_absent": M("There is no sitting {sitting}.", "Check the code."),
    "round_unreadable": M("Round {round} of {year} cannot be.", "Give a round of at least 1 and the year."),
    "rules_unreadable": M("The council rules in {file} are not readable.", "See docs/workflow-files.md."),
    "not_seated": M("{person} has no seat in {council}.", "Name the member first: ocop council member."),
    "nobody_present": M("Nobody is present at the sitting of {council}.", "Name the members present: --present."),
    "not_before_council": M(
        "{dossier} is in {state}, not in {wanted}.", "Bring it before the council first: ocop advance {dossier}."
    ),
    "another_units_dossier": M("{dossier} does not belong to {unit}.", "Convene the council of its own unit."),
    "not_in_sitting": M("{dossier} is not before the sitting {sitting}.", "Convene a sitting that names it."),
    "member_not_present": M(
        "{person} was not present as a scoring member of {sitting}.", "Name a chair, vice chair or member present."
    ),
    "member_not_scored": M("{person} was present and has not scored.", "Key the sheet, or note why there is none."),
    "sitting_closed": M("{sitting} is closed for {dossier}.", "Convene another sitting to score again."),
    "sheet_of_another": M(
        "{person} may not key the sheet of {member}.", "Let the member or the council's secretary key it."
    ),
    "no_scores": M(
        "No sheet has been keyed for {dossier} in {sitting}.", "Key the members' sheets: ocop council score."
    ),
    "quorum_missed": M(
        "{present} members are present, {required} are required.", "Hold the sitting with more members."
    ),
    "spread_too_wide": M(
        "The members' totals differ by {spread}, more than {limit}.", "Discuss and score again, as the rules say."
    ),
    "parts_or_criteria": M(
        "Scores are given by parts or by criteria.", "Give --parts A,B,C or --set CRITERION=POINTS, not both."
    ),
    "certificate_absent": M("There is no certificate {number}.", "Look it up: ocop certificate list."),
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
