"""Texts about criteria, score sheets, stars, and the files that hold criteria."""

from __future__ import annotations

from ocop_flow.messages import Message

MESSAGES: dict[str, Message] = {
    # numbers and answers as typed
    "number_comma": Message("{value} has a decimal comma.", "Write it with a decimal point: {suggestion}."),
    "number_unreadable": Message("{value} is not a number.", "Write it as 85, 85.7 or 857/10."),
    "answer_unreadable": Message(
        "{value} is not a score of a criterion.", "Write CRITERION=POINTS, for example 4.1=3, or 8=3:a with a case."
    ),
    "condition_unreadable": Message(
        "{value} is not an answer to a condition.", "Write ID=met or ID=missed, for example fineness=met."
    ),
    "condition_unknown": Message(
        "The condition {condition} is not asked of this product on this day.",
        "Leave it out, or name one of: {choices}.",
    ),
    # a sheet against its tree
    "criterion_unknown": Message(
        "The criteria set {product_set} has no criterion {criterion}.",
        "Use the codes of the set's own form, and check the product set.",
    ),
    "criterion_not_scored": Message(
        "{criterion} is a heading and takes no points itself.", "Give points to the criteria below it: {below}."
    ),
    "criterion_twice": Message("The criterion {criterion} is scored {times} times.", "Keep exactly one option."),
    "criterion_missing": Message(
        "The criterion {criterion} ({name}) has no points.", "Choose one of its options: {choices}."
    ),
    "option_unknown": Message(
        "{points} points is not an option of the criterion {criterion}.", "Choose one of its options: {choices}."
    ),
    "case_unknown": Message(
        "The criterion {criterion} has no case {case} with {points} points.",
        "Leave the case out, or name one of: {choices}.",
    ),
    "case_ambiguous": Message(
        "The criterion {criterion} has {points} points in more than one case.",
        "Name the case after a colon: one of {choices}.",
    ),
    "set_takes_part_totals": Message(
        "The criteria known for {product_set} do not add up to their parts, so single criteria cannot be scored.",
        "Give the totals of the parts A, B and C instead.",
    ),
    "criterion_does_not_apply": Message(
        "The criterion {criterion} has points although {depends_on}, on which it depends, has none.",
        "Check both scores with the evaluator, or leave {criterion} out.",
    ),
    "evaluation_stops": Message(
        "The criterion {criterion} has no points: {condition}.",
        "The council decides whether the evaluation ends here and says so in its minutes.",
    ),
    # totals
    "stars_are_declared": Message(
        "Under {regime} stars are only declared; its score tables are not known.",
        "Record the declared star with its source, or name the regime the product was rated under.",
    ),
    "parts_count": Message(
        "{given} part totals were given; the regime has parts of {expected} points.",
        "Give one total for each part, separated by commas.",
    ),
    "part_out_of_range": Message(
        "Part {part} has {value} points; it may have 0 to {maximum}.",
        "Check the total, the order of the parts, and whether the sheet belongs to this regime.",
    ),
    "total_out_of_range": Message("A total of {value} points is not possible.", "Give a total from 0 to {maximum}."),
    "nothing_to_rate": Message("There is no score to rate.", "Enter at least one member's score sheet."),
    "criteria_of_other_regime": Message(
        "The criteria belong to {other}, the scores to {regime}.",
        "Use the criteria of {regime}, or part totals where they are not known.",
    ),
    # stars
    "minimum_missed": Message(
        "The criterion {criterion} ({name}) needs {needed} points for {star} stars and has {reached}.",
        "The product reaches {star} stars only when this criterion has at least {needed} points.",
    ),
    "condition_missed": Message(
        "The condition {criterion} ({name}) for {star} stars is missed.",
        "The product reaches {star} stars only when this condition is met.",
    ),
    "minimum_unchecked": Message(
        "Not checked: the criterion {criterion} ({name}) needs {needed} points for {star} stars.",
        "Give points for every criterion, or compare the score sheets with this minimum by hand.",
    ),
    "condition_unchecked": Message(
        "Not checked: the condition {criterion} ({name}) for {star} stars.",
        "Answer it with {criterion}=met or {criterion}=missed.",
    ),
    "minimum_not_binding": Message(
        "{criterion} ({name}) for {star} stars is missed; its wording is not certain, so it takes no star away.",
        "Check the decision's text; a province makes it binding by a file of its own.",
    ),
    "criteria_minima_unchecked": Message(
        "No criteria set was used, so minima that stand on single criteria were not checked.",
        "Name the product set and give points for every criterion, where its criteria are known.",
    ),
    "printed_gap": Message(
        "{value} lies in the gap above {edge}, the printed upper edge of {stars} stars; it is read as {stars} stars.",
        "Have the council confirm this reading in its minutes.",
    ),
    "points_do_not_add_up": Message(
        "The criteria known for {product_set} do not add up to their parts; only part totals are used.",
        "Compare the totals with the signed score sheets.",
    ),
    # criteria files
    "criteria_set_unknown": Message(
        "No criteria are known for {product_set} under {regime}.",
        "Name one of: {choices}; or give the totals of the parts A, B and C.",
    ),
    "criteria_field_missing": Message("{file}, line {line}: {field} is missing.", "Add the field {field}."),
    "criteria_field_unknown": Message(
        "{file}, line {line}: {field} is not a field known here.", "Remove {field} or correct its spelling."
    ),
    "criteria_field_wrong": Message(
        "{file}, line {line}: {field} does not have a value of the right kind.", "Write it like this: {expected}."
    ),
    "criteria_sum_wrong": Message(
        "{file}, line {line}: {criterion} has a maximum of {maximum}, but what stands below it makes {sum}.",
        "Correct the points, or state in sum_check what does not add up; then only part totals are taken.",
    ),
    "criteria_code_twice": Message(
        "{file}, line {line}: the code {criterion} stands twice.", "Give every one its own code."
    ),
    "criteria_option_twice": Message(
        "{file}, line {line}: two options of {criterion} have the same points.",
        "Tell them apart by a case (a, b), or remove one.",
    ),
}
