"""Texts about councils, their rules, sittings, sheets and results."""

from __future__ import annotations

from ocop_flow.messages import Message

M = Message

MESSAGES: dict[str, Message] = {
    "council_absent": M("There is no council {council}.", "Check the code, or list them: ocop council list."),
    "sitting_absent": M("There is no sitting {sitting}.", "Check the code."),
    "round_unreadable": M("Round {round} of {year} cannot be.", "Give a round of at least 1 and the year."),
    "not_seated": M("{person} has no seat in {council}.", "Name the member first: ocop council member."),
    "nobody_present": M("Nobody is present at the sitting of {council}.", "Name the members present: --present."),
    "nothing_before_sitting": M(
        "No dossier is named that the sitting is about.", "Name those that wait for the council: --dossiers CODE,CODE."
    ),
    "not_before_council": M(
        "{dossier} is in {state}, not in {wanted}.", "Bring it before the council first: ocop advance {dossier}."
    ),
    "sitting_before_dossier": M(
        "{dossier} came before the council on {since}, after the sitting of {day}.",
        "Give the day on which the council sat: --on DATE, on or after {since}.",
    ),
    "council_later": M(
        "The council {council} is recorded as founded on {since}, after the sitting of {day}.",
        "Check both days: a council is recorded with the day of its decision, --on DATE.",
    ),
    "seat_later": M(
        "{person} is recorded as seated on {since}, after the sitting of {day}.",
        "Check both days; name the member again with the day of the decision: ocop council member … --on DATE.",
    ),
    "another_units_dossier": M("{dossier} does not belong to {unit}.", "Convene the council of its own unit."),
    "not_in_sitting": M("{dossier} is not before the sitting {sitting}.", "Convene a sitting that names it."),
    "member_not_present": M(
        "{person} was not present as a scoring member of {sitting}.", "Name a chair, vice chair or member present."
    ),
    "member_not_scored": M(
        "{person} was present and has not scored.",
        "Key the sheet: ocop council score. Without it the minutes name the member.",
    ),
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
    # seats and interests
    "council_rule_faulty": M("{file}, line {line}, {rule}: {problem}", "{remedy}"),
    "substitute_or_successor": M(
        "A substitute sits for a time in a member's seat; a successor takes the seat over.",
        "Give --for for the one, --instead-of for the other, not both.",
    ),
    "authorisation_missing": M(
        "{person} is to stand in for {member} without an authorisation.", "Name its number: --decision NUMBER."
    ),
    "authorisation_not_valid": M(
        "The authorisation {decision} of {person} does not hold on {day}.",
        "Record an authorisation for that day: ocop council member … --for … --decision … --until ….",
    ),
    "substitute_is_member": M(
        "{person} has a seat of their own in {council}.", "Name a substitute who is not a member of the council."
    ),
    "substitute_role": M("A substitute cannot sit there as {role}.", "Leave --role out, or write {wanted}."),
    "seat_taken_twice": M(
        "The seat of {person} is taken by the member and a substitute at once.", "Name the one who actually sat there."
    ),
    "interest_declared": M("{person} has already declared an interest in {dossier}.", "Nothing more is needed."),
    "member_interested": M(
        "{person} has an interest in {dossier} and does not score it.", "Leave this sheet out; the minutes say why."
    ),
    "substitute_does_not_score": M(
        "{person} stands in for {member}; by the council's rules substitutes do not score.",
        "Leave this sheet out, or let the member score.",
    ),
    "member_scored_already": M(
        "{person} has already scored {dossier} in {sitting}.",
        "To correct the sheet, key it again with --reason; to score again after discussion: ocop council again.",
    ),
    "paper_total_differs": M(
        "{member} wrote a total of {written}, but the points make {total}.",
        "Compare every criterion with the signed sheet, then key it again.",
    ),
    "score_source_unknown": M("{source_name} is none of those who give points.", "Choose one of: {known}."),
    # sittings
    "manner_unknown": M("{manner} is no manner of holding a sitting.", "Write meeting or written."),
    "team_result_missing": M(
        "{dossier} has neither a report nor points of the advisory team.",
        "File the report (ocop attach … --kind team_report) or the points (ocop council assess … --source team).",
    ),
    "written_not_foreseen": M(
        "Written opinions are foreseen for {kinds}, not for {kind}.", "Hold a meeting, or name the rule that allows it."
    ),
    "meeting_without_ground": M(
        "A {kind} dossier is judged by written opinions; a meeting is for differing opinions or complex matters.",
        "Say with --reason why a meeting is held, or hold it with --written.",
    ),
    "chair_absent": M("Nobody sat in the chair at {sitting}.", "Hold the sitting with the chair or an authorised one."),
    "sittings_too_few": M(
        "{dossier} has been before {held} sitting of {required} that the rules want.", "Convene the next sitting."
    ),
    "sheet_of_interested": M(
        "The sheet of {person} for {dossier} does not count: an interest was declared.", "Say so in the minutes."
    ),
    # results
    "as_decided_unsigned": M(
        "A sitting is closed against its rules only by a signed document.", "Name its number: --decision NUMBER."
    ),
    "knock_out_unknown": M(
        "{name} is no ground printed for this product set.",
        "Name one of: {choices}; or give the reason when rejecting.",
    ),
    "knock_out_of_which": M("A ground to reject belongs to one dossier.", "Name the dossier: ocop council close S D."),
    "knocked_out": M(
        "Knocked out by {name}: {label}.", "Reject the dossier, or close the sitting anew without this ground."
    ),
    "criterion_spread_wide": M(
        "On the criterion {criterion} the members gave from {low} to {high} of {maximum} points.",
        "Let the members say which evidence they read.",
    ),
    "member_apart": M(
        "{person} gave {total} points; the middle of the members is {middle}.",
        "Compare this sheet with the evidence criterion by criterion.",
    ),
    "scores_apart": M(
        "{who} gave {total} points, the council's mean is {mean}.",
        "See who moved what: ocop council compare; say in the minutes why.",
    ),
    # sheets given out and taken back
    "sheet_folder_wanted": M("{count} members do not fit into one file {file}.", "Name a folder, or one --member."),
    "book_empty": M("There is nothing to score here.", "Check the sitting, the member and declared interests."),
    "book_not_ours": M(
        "{file} is no workbook given out by this program, or its hidden sheet was removed.",
        "Ask for a new one and fill in that one.",
    ),
    "book_of_another": M(
        "{file} was given to {member} for the sitting {sitting}.", "Name that sitting and member, or the right file."
    ),
    "book_sheet_missing": M("{file}: the sheet {sheet} is missing.", "Put it back, or give out a new workbook."),
    "book_sheet_extra": M("{file}: the sheet {sheet} was not given out.", "Remove it."),
    "book_dossier_unknown": M(
        "{file}, sheet {sheet}: {dossier} is not asked of this member in this sitting.",
        "Give out a new workbook: ocop council sheet.",
    ),
    "book_other_set": M(
        "{file}, sheet {sheet}: it is of the set {given} or another law; the dossier is of {wanted}.",
        "Give out a new workbook: ocop council sheet.",
    ),
    "book_asked_otherwise": M(
        "{file}, sheet {sheet}: what is asked has changed since; the dossier is in turn {turn} of scoring.",
        "Give out a new workbook: ocop council sheet.",
    ),
    "book_merged": M("{file}, sheet {sheet}: cells were merged.", "Undo it, or give out a new workbook."),
    "book_cell_changed": M(
        "{file}, {sheet}!{cell}: what stood there was changed.", "Put back: {was}; or give out a new workbook."
    ),
    "book_formula_changed": M(
        "{file}, {sheet}!{cell}: the formula was changed.", "Put back: {was}; or give out a new workbook."
    ),
    "book_cell_added": M(
        "{file}, {sheet}!{cell}: “{value}” stands outside the form.", "Write in the yellow cells only."
    ),
    "book_cell_empty": M(
        "{file}, {sheet}!{cell}: the criterion {criterion} has no points.", "Choose one of: {choices}."
    ),
    "book_option_unknown": M(
        "{file}, {sheet}!{cell}: {value} is not an option of the criterion {criterion}.", "Choose one of: {choices}."
    ),
    "book_criterion_twice": M(
        "{file}, {sheet}!{cell}: the criterion {criterion} stands twice.",
        "Give out a new workbook: ocop council sheet.",
    ),
    "book_criterion_missing": M(
        "{file}, {sheet}!{cell}: the criterion {criterion} is missing.", "Give out a new workbook: ocop council sheet."
    ),
    "grid_not_ours": M("{file} has not exactly one table.", "Give out a new grid: ocop council grid."),
    "grid_of_another": M(
        "{file} is the grid of {given}, not of {wanted}.",
        "Give out a new grid: ocop council grid; or take the right one.",
    ),
    "grid_empty": M("{file}: no member's column is filled in.", "Fill in the points, then hand it in again."),
    "grid_member_unknown": M(
        "{file}: {member} does not score this dossier in this sitting.", "Remove the column, or give out a new grid."
    ),
    "grid_member_twice": M("{file}: {member} has two columns.", "Keep one."),
    "grid_row_unknown": M("{file}, row {row}: {code} is no criterion of this dossier.", "Remove the row."),
    "grid_row_twice": M("{file}, row {row}: the criterion {code} stands twice.", "Keep one row."),
    "grid_row_missing": M("{file}: the row {code} is missing.", "Put it back, or give out a new grid."),
    "grid_cell_empty": M(
        "{file}, row {row}: {member} has no points for the criterion {criterion}.", "Choose one of: {choices}."
    ),
    "grid_option_unknown": M(
        "{file}, row {row}: {value} of {member} is not an option of the criterion {criterion}.",
        "Choose one of: {choices}.",
    ),
    "grid_total_missing": M(
        "{file}, row {row}: the total that {member} wrote on paper is missing.", "Copy it from the signed sheet."
    ),
    "sheet_unreadable": M(
        "{file} has points in {tables} tables, not in one.", "Hand in the sheet of one dossier: ocop council sheet S D."
    ),
    # criteria typed in
    "criteria_form_not_ours": M(
        "{file} is no form of this program.", "Make one: ocop criteria template; fill in that one."
    ),
    "criteria_parts_differ": M(
        "{file}: part {part} has {given} points; the regime prescribes {wanted}.", "Correct the maximum of the part."
    ),
    "criteria_of_another": M(
        "{file} is the set {given}, not {wanted}.", "Name that regime and product set, or take the right form."
    ),
    "criteria_known": M(
        "The criteria of {product_set} under {regime} are known from the decision itself.",
        "Use them; what the decision prints is not replaced by a form.",
    ),
}
