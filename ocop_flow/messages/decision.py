"""Texts about numbered decisions: their lists, their lines, what became of them."""

from __future__ import annotations

from ocop_flow.messages import Message

M = Message

MESSAGES: dict[str, Message] = {
    # the document
    "decision_absent": M(
        "No decision {number} is recorded.", "See which ones are: ocop decision list. Record it: ocop decision record."
    ),
    "decision_only_cited": M(
        "The decision {number} is not recorded; it is named for: {subjects}.",
        "Look at those, or record the decision with its list: ocop decision record {number}.",
    ),
    "decision_number_used": M(
        "{unit} already used the number {number} this year, for {subject}: of {day}, signed by {person}.",
        "Check number, day (--decision-date) and signer (--signed-by): an issuer gives a number once a year, and one "
        "decision has one day and one signer. If it is the same paper, its list holds {subject} too.",
    ),
    "decision_ambiguous": M("{number} may mean the decision {decision}.", "Give it in full: {decision}."),
    "decision_taken": M(
        "{unit} already used the number {number} in {year}: {decision}.",
        "Look at it (ocop decision show {decision}); check the number, the date or the issuing unit (--unit).",
    ),
    "decision_kind_unknown": M("{kind} is not a kind of decision.", "Use one of: {known}."),
    "decision_unit_needed": M("You hold posts at several units: {units}.", "Say which one issued it: --unit CODE."),
    "decision_signer_missing": M(
        "{person} does not sign for {unit}, and nobody else is named as signer.",
        "Say who signed: --signed-by HANDLE (and --capacity where it was not the head in person).",
    ),
    "decision_without_file": M(
        "{number} is recorded without its scan.", "Keep the signed paper at hand; next time give it with --file."
    ),
    # the list
    "decision_list_missing": M(
        "A decision of the kind {kind:word} needs its list of dossiers.",
        "Write it to a file (ocop decision draft --out FILE), check it, and give it with --list FILE.",
    ),
    "decision_list_unused": M("A decision of the kind {kind:word} has no list of dossiers.", "Leave out --list."),
    "decision_list_no_heading": M(
        "{file} holds no table that names dossiers or products.", "Give it headings; known are: {known}."
    ),
    "decision_list_empty": M("{file} lists no dossier.", "Write a line for each dossier below the headings."),
    "decision_line_at": M("Row {line} ({shown}):", "Correct the row; nothing of the list was recorded."),
    "decision_line_nameless": M(
        "Row {line} names neither a dossier nor a product.", "Give the dossier's code, or the product's name."
    ),
    "decision_line_stars": M("Row {line}: {stars} is no number of stars.", "Write 3, 4 or 5."),
    "decision_line_twice": M("Row {line} repeats row {first}: {value}.", "Leave one of the two rows out."),
    "decision_certificate_twice": M(
        "Row {line} repeats the certificate number of row {first}: {value}.", "Give each certificate its own number."
    ),
    "decision_line_extra": M(
        "{dossier} does not await a decision of the kind {kind:word}; it stands at: {state}.",
        "Leave the row out, or give its action in the column of actions.",
    ),
    "decision_action_unknown": M(
        "{action} is not decided by a numbered document while the dossier stands at: {state}.", "Possible now: {known}."
    ),
    "decision_action_several": M(
        "The decision may mean several actions here: {known}.", "Name one in the column of actions."
    ),
    "decision_of_another_unit": M(
        "{dossier} is not for {unit} to decide.", "Leave the row out; its own unit records its own decision."
    ),
    # list and records
    "decision_star_differs": M(
        "Row {line}: {dossier} is listed with {listed} stars, the council's result gives {found}.",
        "Check the list against the signed paper; a signed decision that departs from the rules is recorded with "
        "--as-decided, --file and --reason.",
    ),
    "decision_day_differs": M(
        "Row {line}: {dossier} was moved by this number on {found}, the decision is of {listed}.",
        "Check which day the signed paper bears.",
    ),
    "decision_name_differs": M(
        "Row {line}: {dossier} is listed as {listed}, the record says {found}.",
        "Check that it is the same product; the name is corrected by ocop product rename or ocop decision correct.",
    ),
    "decision_entity_differs": M(
        "Row {line}: {dossier} is listed with the entity {listed}, the record says {found}.",
        "Check that it is the same entity.",
    ),
    "decision_line_missing": M(
        "{dossier} ({product}) awaits such a decision and is not on the list.",
        "Check whether it was forgotten; it can be decided by another document.",
    ),
    "decision_lines_missing": M(
        "{count} more dossiers await such a decision and are not on the list.", "See them all: ocop decision draft."
    ),
    # what becomes of it
    "decision_annulled_before": M(
        "The decision {decision} is annulled already, or this line of it is.",
        "Look at it: ocop decision show {decision}.",
    ),
    "decision_by_itself": M(
        "The decision {decision} cannot annul itself.", "Give the number of the document that does."
    ),
    "decision_by_unrecorded": M(
        "The document {number} is not recorded here.",
        "Record it, so that it can be shown: ocop decision record {number} --kind {kind}.",
    ),
    "decision_not_yet": M(
        "{day} is before the decision itself ({decided_on}).",
        "Give the day of the document that changes it: --on DATE.",
    ),
    "decision_line_absent": M(
        "{decision} does not list {dossier}.", "See what it lists: ocop decision show {decision}."
    ),
    "annulled_line_went_on": M(
        "{dossier} has gone on since ({state}); what becomes of it is for a person to decide.",
        "Look at its history (ocop dossier history {dossier}) and record what is decided about it.",
    ),
    "decision_nothing_set": M("Nothing to correct is given.", "Give it as --set NAME=VALUE, one of: {known}."),
    "decision_stars_unreadable": M("{stars} is no number of stars that is recognised.", "Write 3, 4 or 5."),
    "decision_line_no_certificate": M(
        "The certificate that {decision} issued for {dossier} is no longer its certificate.",
        "Correct the certificate itself: ocop certificate show, ocop certificate correct.",
    ),
    "undo_of_decision": M(
        "{dossier} was moved by the recorded decision {decision}, with all its other dossiers.",
        "Have the line annulled or corrected: ocop decision annul {decision} --line {dossier}, ocop decision correct.",
    ),
    # moves that name a decision
    "decision_is_annulled": M("The decision {decision} is annulled for this dossier.", "Check the number."),
    "decision_cited_annulled": M(
        "The decision {decision} is annulled: nothing can rest on it.",
        "Cite the decision that took its place, or check the number.",
    ),
    "decision_cited_other": M(
        "The number {decision} is recorded as another document ({kind:word}).",
        "Check the number: an issuer uses it once in a year (ocop decision show {decision}).",
    ),
    "council_decision_used": M(
        "Council {council} was set up by the same decision {decision}.",
        "Right where one decision founds several councils; otherwise check the number.",
    ),
    "decision_date_differs": M(
        "The decision {decision} is recorded with the date {recorded}, not {given}.",
        "Check the date: --decision-date DATE.",
    ),
    "decision_signer_differs": M(
        "The decision {decision} is recorded as signed by {recorded}, not {given}.",
        "Name who signed the paper: --signed-by HANDLE.",
    ),
    "decision_lists_not": M(
        "The recorded decision {decision} does not list this dossier.",
        "Check the number; if the paper lists it, have the record corrected.",
    ),
    "decision_says_other": M(
        "The recorded decision {decision} says of this dossier: {action}, stars {stars}.",
        "Check which is right; a wrong record is corrected by ocop decision correct.",
    ),
}
