"""Texts about plans: their files, what contradicts itself in them, and their milestones and targets.

``where`` is file and line, or the place in the plan where no file is at hand.
"""

from __future__ import annotations

from ocop_flow.messages import Message
from ocop_flow.messages.calendar import ACCEPTED_FORMS

_FORM: dict[str, Message] = {
    "plan_not_mapping": Message(
        "{where}: expected keys with values here.", "Write “key: value”, as in the example plans of the documentation."
    ),
    "plan_key_missing": Message("{where}: {key} is missing.", "Add {key}."),
    "plan_key_unknown": Message("{where}: {key} is not known here.", "Use one of: {known}; or remove it."),
    "plan_text_wrong": Message(
        "{where}: {key} has no readable text.",
        "Write a text of at most 500 characters in one line, without hidden characters.",
    ),
    "plan_id_wrong": Message(
        "{where}: {value} cannot be an id.",
        "Begin with a letter and use up to 60 letters without diacritics, digits, “_”, “-” or “.”.",
    ),
    "plan_code_unquoted": Message(
        "{where}: the unit code {value} is not in quotes.", 'Write it with quotes: "{value}".'
    ),
    "plan_code_wrong": Message(
        "{where}: {value} is not a unit code.", "Write the digits of the national list in quotes."
    ),
    "plan_date_wrong": Message(
        "{where}: {value} in {key} is not a date of the years {first} to {last}.",
        'Write an existing day as "YYYY-MM-DD", in quotes.',
    ),
    "plan_year_wrong": Message(
        "{where}: {key} is not a year of the calendar.", "Give a year from {first} to {last}, without quotes."
    ),
    "plan_years_form": Message("{where}: {key} is not a first and a last year.", "Write them as [2021, 2025]."),
    "plan_count_wrong": Message(
        "{where}: {key} is not a number that can be reached.", "Give a whole number from 0 to {most}, without quotes."
    ),
    "plan_flag_wrong": Message("{where}: {key} is neither true nor false.", "Write true or false."),
    "plan_list_wrong": Message(
        "{where}: {key} is not a list.", "Write it in square brackets, or one entry a line after “- ”."
    ),
    "plan_responsible_bare": Message(
        "{where}: the unit code {value} stands alone in {key}.", 'Write units as a list: ["{value}"].'
    ),
    "plan_responsible_wrong": Message(
        "{where}: {key} names nobody.", "Name a tier (commune, district, province, central) or a list of unit codes."
    ),
    "plan_star_wrong": Message("{where}: {key} is not a star rank.", "Use the ranks 1 to 5."),
    "plan_distribution_wrong": Message(
        "{where}: {key} does not say how many products at which rank.", "Write it as {{5: 1, 4: 2, 3: 6}}."
    ),
    "plan_per_wrong": Message(
        "{where}: {key} does not say how many for each unit.", "Write it as {{district: {{at_least: 2, at_most: 3}}}}."
    ),
    "plan_baseline_wrong": Message(
        "{where}: a baseline is one number, or one for each rank.", "Give either value or distribution, with as_of."
    ),
}
_HEAD: dict[str, Message] = {
    "plan_empty": Message("{where}: the plan has neither milestones nor targets.", "Add at least one of them."),
    "plan_number_unreadable": Message(
        "{where}: {number} is not the number of a document.", "Write it as on the paper, e.g. 27/KH-UBND."
    ),
    "plan_years_wrong": Message(
        "{where}: years does not begin with {year}, or ends before it begins.", "Let years begin with the plan's year."
    ),
    "plan_year_over": Message(
        "{where}: the plan is for {year}, but was issued on {issued_on}, after that year.",
        "Correct the year or the day of issue.",
    ),
    "plan_regime_unknown": Message("{where}: {regime} is not a regime.", "Use one of: {known}."),
    "plan_id_twice": Message("{where}: the id {id} is used twice.", "Give each its own id."),
    "plan_milestone_year": Message("{where}: {year} is not a year of this plan.", "Give one of the plan's years."),
    "plan_state_unknown": Message(
        "{where}: {state} is not a state that dossiers pass under {regime}.",
        "Name a state that is not closed; ocop workflow show lists them.",
    ),
    "plan_periodic_dossiers": Message(
        "{where}: a periodic duty cannot wait for dossiers.", "Give one day, or leave dossiers_past out."
    ),
}
_UNITS: dict[str, Message] = {
    "plan_unit_unknown": Message(
        "{where}: there is no unit with the code {unit}.", "Look the code up by name: ocop unit list."
    ),
    "plan_unit_not_valid": Message(
        "{where}: {name} ({unit}) does not exist on {on} (it does {period}).",
        "Give the code that was in use on that day, or correct the day of issue.",
    ),
    "plan_issuer_outside_years": Message(
        "{where}: {name} ({unit}) does not exist in {year}.", "Give the unit that exists in the plan's year."
    ),
    "plan_unit_elsewhere": Message(
        "{where}: {name} ({unit}) does not stand under {issuer}.", "Name units of the issuer's own area."
    ),
    "plan_unit_twice": Message("{where}: the unit {unit} stands in the list twice.", "Keep one of the two."),
    "plan_each_with_codes": Message(
        "{where}: each belongs to a tier, and here units are listed.", "Remove each, or name a tier."
    ),
    "plan_tier_unknown": Message("{where}: {tier} is not a tier.", "Use one of: {tiers}."),
    "plan_tier_not_below": Message(
        "{where}: the tier {tier} is not below {name} ({unit}).",
        "Name the issuer's own tier without each, or a lower tier with each: true.",
    ),
    "plan_tier_empty": Message(
        "{where}: under {name} ({unit}) there is no unit of the tier {tier} on {on}.",
        "Name a tier that exists there; since 2025-07-01 there are no districts.",
    ),
    "plan_unit_not_responsible": Message(
        "The unit {unit} does not answer for the milestone {milestone}.",
        "Report it for a responsible unit; ocop plan show lists them.",
    ),
}
_DAYS: dict[str, Message] = {
    "plan_due_wording_not_understood": Message(
        "{where}: the time “{wording}” is not understood.", f"Write it in one of these forms: {ACCEPTED_FORMS}."
    ),
    "plan_due_wording_without_end": Message(
        "{where}: “{wording}” says when something may begin, not by when it is to be done.",
        "Write both ends, e.g. từ ngày 1/7 đến ngày 31/7, or the last day alone.",
    ),
    "plan_due_no_last_day": Message(
        "{where}: “{wording}” names no last day.", "Write by when it is to be done, e.g. trước tháng 8."
    ),
    "plan_due_date_does_not_exist": Message(
        "{where}: there is no {day}.", "Check day, month and year against the calendar."
    ),
    "plan_due_period_not_positive": Message(
        "{where}: a period of {amount} cannot be counted.", "Give a whole number from 1 up."
    ),
    "plan_due_year_out_of_range": Message(
        "{where}: the calendar does not cover {year}.", "Give a date in the years {first} to {last}."
    ),
    "plan_due_year_needed": Message(
        "{where}: the wording leaves the year out, and the plan has several.",
        "Write the year into the wording, or add year to the milestone.",
    ),
    "plan_due_window_reversed": Message(
        "{where}: the window ends on {last}, before it opens on {first}.", "Give the earlier day first."
    ),
    "plan_due_event_unknown": Message(
        "{where}: the period is counted from “{event}”, whose day the plan does not know.",
        "Count from a written day, or from the issue of the plan: kể từ ngày ban hành kế hoạch.",
    ),
    "plan_due_never_due": Message(
        "{where}: “{wording}” has no day after the plan's issue and up to {last}.", "Correct the wording or the year."
    ),
    "plan_after_unknown": Message(
        "{where}: after names {milestone}, which is no milestone of this plan.", "Correct the id."
    ),
    "plan_after_circle": Message(
        "{where}: these milestones wait for one another: {circle}.", "Take one of the links out of after."
    ),
    "plan_order_broken": Message(
        "{where}: {milestone} is due on {due_on}, before {earlier}, which it comes after (due on {earlier_on}).",
        "Move {milestone} to a later day, or {earlier} to an earlier one; of several moves make the later day's first.",
    ),
    "plan_milestone_absent": Message(
        "The plan {plan} has no milestone {milestone}.", "Look its id up: ocop plan show."
    ),
    "plan_already_done": Message(
        "The milestone {milestone} is done already for the unit {unit} (on {on}).", "Nothing is left to report."
    ),
}
_TARGETS: dict[str, Message] = {
    "target_metric_unknown": Message("{where}: {metric} is not counted.", "Use one of: {metrics}."),
    "target_count_unknown": Message("{where}: {count} is not a way of counting.", "Use one of: {counts}."),
    "target_without_stars": Message(
        "{where}: the target counts {metric}, which has no stars to choose by.", "Remove the stars, or count products."
    ),
    "target_distribution_missing": Message(
        "{where}: the target {target} does not say how many products at which rank.", "Add distribution."
    ),
    "target_quantity_missing": Message(
        "{where}: the target {target} says no number.", "Add at_least, at_most, about, per or distribution."
    ),
    "target_bounds_reversed": Message(
        "{where}: at least {at_least} is more than at most {at_most}.", "Correct one of the two."
    ),
    "target_about_outside": Message(
        "{where}: about {about} lies outside the target's own range.", "Correct the number or the range."
    ),
    "target_distribution_below": Message(
        "{where}: the ranks add up to {total}, less than at least {at_least}.", "Correct the ranks or the total."
    ),
    "target_distribution_above": Message(
        "{where}: the ranks add up to {total}, more than at most {at_most}.", "Correct the ranks or the total."
    ),
    "target_distribution_star": Message(
        "{where}: rank {stars} is not among the target's own stars.", "Add it to stars, or remove it here."
    ),
    "target_per_tier_empty": Message(
        "{where}: below the issuer there is no unit of the tier {tier} on the day of issue.",
        "Name a tier that exists there.",
    ),
    "target_per_above": Message(
        "{where}: {count} units of the tier {tier} with at least {each} each make more than at most {at_most}.",
        "Correct the number for each unit or the total.",
    ),
    "target_per_below": Message(
        "{where}: {count} units of the tier {tier} with at most {each} each make less than at least {at_least}.",
        "Correct the number for each unit or the total.",
    ),
    "target_by_before_issue": Message(
        "{where}: the target ends on {by}, before the plan was issued on {issued_on}.", "Correct one of the two days."
    ),
    "target_baseline_after": Message(
        "{where}: the baseline of {as_of} is later than the end of the target on {by}.", "Correct one of the two days."
    ),
    "target_baseline_in_year": Message(
        "{where}: a baseline means nothing where only the plan's year is counted.",
        "Write count: cumulative, or remove the baseline.",
    ),
    "target_baseline_above": Message(
        "{where}: the baseline of {value} is more than the {wanted} wanted.", "Correct one of the two numbers."
    ),
}
_WARNINGS: dict[str, Message] = {
    "plan_each_assumed": Message(
        "{where}: {tier} is taken to mean every unit of this tier ({count}).", "Add each: true, or list the units."
    ),
    "plan_sitting_close": Message(
        "{where}: between the council of {milestone} ({sat_on}) and {later} ({later_on}) lie {days} working days;"
        " minutes, submission and signature usually need {wanted}.",
        "End the council earlier, or put what follows later.",
    ),
    "plan_short_notice": Message(
        "{where}: {milestone} is due on {due_on}, {days} working days after the plan was issued (fewer than {wanted}).",
        "Tell the units today, or give them more time.",
    ),
    "plan_due_before_issue": Message(
        "{where}: {milestone} was due on {due_on}, before the plan was issued on {issued_on}.",
        "Check the wording; if it is right, report the milestone as done.",
    ),
    "plan_due_outside_years": Message(
        "{where}: {milestone} is due on {due_on}, outside the plan's years.", "Check the year in the wording."
    ),
    "plan_units_end": Message(
        "{where}: {count} of the units of {milestone} end before it is due, the first of them {name} on {ends_on}.",
        "Say by a decision who takes the task over.",
    ),
    "plan_units_approximate": Message(
        "{where}: for {count} units on {on} the last known units above are taken; the tree is known only from"
        " {known_from}.",
        "Compare with the decisions on units of that time where it matters.",
    ),
    "target_count_assumed": Message(
        "{where}: the target {target} does not say how it counts; only the plan's year is counted.",
        "Write count: year or count: cumulative.",
    ),
    "target_already_met": Message(
        "{where}: the target {target} wants {wanted}, and its baseline is {value} already.", "Check both numbers."
    ),
    "target_without_baseline": Message(
        "{where}: the target {target} counts all there ever were without a baseline;"
        " only what is recorded here counts.",
        "Add baseline, or declare the certificates from before: ocop certificate declare.",
    ),
}
MESSAGES: dict[str, Message] = {**_FORM, **_HEAD, **_UNITS, **_DAYS, **_TARGETS, **_WARNINGS}
