"""Texts about workflow files: regimes, provinces' own settings, ladders of reminders."""

from __future__ import annotations

from ocop_flow.messages import Message

MESSAGES: dict[str, Message] = {
    "workflow_schema_unknown": Message(
        "This is no workflow file: the key schema is missing or unknown.",
        "Begin the file with schema: followed by one of {known}.",
    ),
    "schema_key_missing": Message("The key {key} is missing.", "Add it; the file of another regime shows how."),
    "schema_key_unknown": Message(
        "The key {key} is not known here.", "Remove it or correct its spelling; known are {known}."
    ),
    "schema_unquoted": Message(
        "{value} is read as a number or a truth value where text is expected.", 'Put it in quotes, for example "36".'
    ),
    "schema_wrong_type": Message("{value} does not fit here.", "Write a value of this form: {expected}."),
    "schema_not_in_list": Message("{value} is none of the values accepted here.", "Choose one of {allowed}."),
    "schema_form_name": Message(
        "{value} is no identifier.", "Use small letters a to z, digits and underscores, beginning with a letter."
    ),
    "schema_form_state": Message(
        "{value} is no state.", "Write phase.name with one of the six phases, for example registration.intake."
    ),
    "schema_form_role": Message(
        "{value} is no role at a tier.", "Write role@tier, for example officer@commune or leader@holder."
    ),
    "schema_form_date": Message(
        "{value} is no date of the calendar.", 'Write year, month and day in quotes, for example "2026-05-22".'
    ),
    "schema_form_text": Message("The text is empty.", "Write it; labels stand in Vietnamese and in English."),
    "schema_form_choice": Message(
        "{value} cannot be a choice.", "Use small letters, digits and underscores, or the name of a state."
    ),
    "schema_form_point": Message(
        "{value} is no letter of a point.", "Write one small letter as the article has it, for example a or đ."
    ),
    "schema_form_hash": Message("{value} is no SHA-256.", "Remove the key: the program writes it."),
    "schema_form_unit_code": Message(
        "{value} is no code of a province.", 'Write two digits in quotes, for example "36".'
    ),
    "schema_form_document_number": Message(
        "{value} is no document number.", "Write number and code, for example 05/2026/QĐ-UBND or 739/QĐ-UBND."
    ),
    "schema_out_of_range": Message(
        "{value} lies outside the range from {least} to {most}.", "Write a number within it."
    ),
    "schema_item_count": Message(
        "The list has {count} entries; from {least} to {most} are accepted.",
        "Add or remove entries, or remove the key.",
    ),
    "schema_not_one": Message("Not exactly one of the keys {known} stands here.", "Keep one of them."),
    "schema_items_repeated": Message("The list names the same thing twice.", "Remove the repetition."),
    "schema_too_long": Message("The text has {length} characters, at most {limit} are kept.", "Shorten it."),
    "guard_unknown": Message(
        "{guard} is no condition that a workflow may use.", "Use one of {known}; nothing else is ever interpreted."
    ),
    "parameter_unknown": Message(
        "There is no parameter {parameter}.",
        "Declare it under parameters with its type, source and mark, or name one of {known}.",
    ),
    "parameter_wrong_type": Message("{value} is no value for the parameter {parameter}.", "Write {expected}."),
    "parameter_choices_unused": Message(
        "The parameter {parameter} lists choices, but is not of the type choice.",
        "Remove the choices or write type: choice.",
    ),
    "overlay_expected": Message(
        "This is not a province's own file.", "Write schema: ocop-overlay/1 and name its base."
    ),
    "overlay_base_unknown": Message("There is no regime {base} to build on.", "Write one of {known} as base."),
    "overlay_wrong_base": Message(
        "The file builds on {base}, not on {regime}.", "Write base: {regime}, or choose the other regime."
    ),
    "overlay_empty": Message("The file sets nothing.", "Add parameters, limits, council_rules, beside or ladder."),
    "overlay_outside_regime": Message(
        "The settings begin on {day}, but {regime} is in force from {first} to {last}.",
        "Choose a day within that time, or the regime of that day.",
    ),
    "overlay_limit_unknown": Message("The regime has no time limit {limit}.", "Name one of {known}."),
    "overlay_limit_longer": Message(
        "{limit}: {given} is longer than the {count} that the law gives ({law}).",
        "Set {count} or fewer, or leave the limit out.",
    ),
    "overlay_ladder_unknown": Message("There is no ladder of reminders {ladder}.", "Name one of {known}."),
    "overlay_rung_unknown": Message(
        "{rung} is no rung of the ladder {ladder} that a province switches on.", "Name one of {known}."
    ),
    "ladder_rung_twice": Message("The rung {rung} stands twice.", "Give one of them another id."),
    "ladder_day_twice": Message(
        "The rungs {rung} and {other} fall on the same day ({days}).", "Keep one of them, or move one to another day."
    ),
    "ladder_order": Message("The rung {rung} comes before {other}, but stands after it.", "Order the rungs by days."),
    "ladder_climbs_down": Message(
        "The rung {rung} goes to {to} after one that already went to {other}.",
        "Let later rungs climb: officer, leader, chair_office, unit_above.",
    ),
    "ladder_above_unswitched": Message(
        "The rung {rung} reaches the unit above without a decision of the province.", "Add switched_by: province."
    ),
    "ladder_switch_inside": Message(
        "The rung {rung} stays inside the unit and needs no decision of the province.", "Remove switched_by."
    ),
    "lint_name_twice": Message("{name} stands twice.", "Keep one entry, or give the other its own name."),
    "lint_state_unknown": Message("There is no state {name}.", "Name one of {known}, or declare the state."),
    "lint_limit_unknown": Message(
        "There is no time limit {name}.", "Declare it under limits, write none, or name one of {known}."
    ),
    "lint_ladder_unknown": Message("There is no ladder of reminders {name}.", "Name one of {known}."),
    "lint_evidence_unknown": Message(
        "There is no kind of evidence {name}.", "Declare it under evidence, or name one of {known}."
    ),
    "lint_action_unknown": Message("There is no other action {name}.", "Name one of {known}."),
    "lint_kind_unknown": Message(
        "The regime has no dossiers of the kind {name}.", "Add it to kinds, or name one of {known}."
    ),
    "lint_track_unknown": Message("The regime has no track {name}.", "Add it to tracks, or name one of {known}."),
    "lint_state_name_fixed": Message("{state} is not one of the fixed names of its phase.", "Use one of {allowed}."),
    "lint_council_tier": Message("The council {state} does not sit at its own tier.", "Write tier: {tier}."),
    "lint_scores_without_council": Message(
        "The action {action} needs scores, but does not start from a council's state.",
        "Let it start from one of {allowed}, or remove scores.",
    ),
    "lint_closed_state_key": Message("{state} is final and has no {key}.", "Remove the key."),
    "lint_state_without_step": Message(
        "{state} does not say to which step of the cycle it belongs.", "Add step: 1 to 6."
    ),
    "lint_state_without_tier": Message(
        "{state} does not say which tier holds it.", "Add tier: commune, district, province or central."
    ),
    "lint_state_without_limit": Message(
        "{state} says neither its time limit nor that it has none.", "Add limit: with the limit's id, or limit: none."
    ),
    "lint_state_without_ladder": Message(
        "Nobody is reminded of dossiers that wait in {state}.", "Add ladder: standard or another ladder."
    ),
    "lint_state_step": Message("{state} stands in step {step} of the cycle.", "Write step: {wanted}."),
    "lint_action_name_reserved": Message(
        "The name {action} is taken by the state machine itself.",
        "Give the action another name, for example a verb with its object.",
    ),
    "lint_key_computed": Message("The program writes {key} itself.", "Remove the key."),
    "lint_state_unreachable": Message(
        "No dossier can come to {state}.", "Add an action that leads there, or remove the state."
    ),
    "lint_cycle_without_exit": Message(
        "Dossiers go round in {states} and never come to an end.", "Add an action that leads out of the circle."
    ),
    "lint_state_without_exit": Message(
        "A dossier in {states} can only be withdrawn.", "Add an action that leads on to an end."
    ),
    "lint_recognition_unreachable": Message(
        "A dossier of the kind {kind} on the track {track} can never be recognised.",
        "Lead an action with recognises: true to promotion for it.",
    ),
    "lint_end_expected": Message(
        "The action {action} of the kind {kind} leads to {to}, which is no end.",
        "Let it lead to a closed state, or choose another kind.",
    ),
    "lint_withdrawn_expected": Message("The withdrawal {action} leads to {to}.", "Let it lead to closed.withdrawn."),
    "lint_leaves_final_state": Message(
        "The action {action} leaves the final state {state}.", "Remove that state from its sources."
    ),
    "lint_forward_goes_back": Message(
        "The forward action {action} goes back from {state} to {to}.",
        "Choose a later phase, or make it a return or a correct action.",
    ),
    "lint_recognises": Message(
        "Leading into promotion and recognises: true belong together; {action} has one of them.",
        "Correct the target or the key.",
    ),
    "lint_recognises_without_decision": Message(
        "The action {action} recognises without a numbered decision.", "Add decision: true."
    ),
    "lint_filing_not_one": Message(
        "The regime has {count} filing actions.", "Mark exactly one action with files: true."
    ),
    "lint_filing_place": Message(
        "The filing action {action} does not lead forward from proposal into registration.", "Correct kind, from or to."
    ),
    "lint_filing_bypassed": Message(
        "The action {action} leaves proposal without filing the dossier.",
        "Lead it within proposal, to an end, or mark it with files: true.",
    ),
    "lint_track_start": Message("The track {track} begins in {state}.", "Let it begin in {wanted}."),
    "lint_stopped_entered": Message(
        "The action {action} stops the clock in {state}, but is no return.",
        "Make it a return, or remove clock: stopped.",
    ),
    "lint_return_keeps_clock": Message(
        "The return {action} leads to {state}, where the clock runs on.", "Lead it to a state with clock: stopped."
    ),
    "lint_return_other_tier": Message(
        "By {action} the dossier comes to {state} at the tier {tier} instead of {wanted}.",
        "Let a return stay with the tier that asked for it.",
    ),
    "lint_stopped_without_way_back": Message(
        "No forward action takes a supplemented dossier on from {state}.",
        "Add one that leads back to the tier that asked.",
    ),
    "lint_action_without_role": Message(
        "Nobody may take the action {action}.", "Add roles, for example [leader@holder]."
    ),
    "lint_roles_at_two_tiers": Message(
        "The roles of {action} stand at different tiers.", "Make an action for each tier."
    ),
    "lint_role_never_moves": Message(
        "The role {role} never moves a dossier, but may take {action}.", "Remove the role."
    ),
    "lint_system_action_key": Message(
        "The system takes {action} by itself; {key} has no place there.",
        "Remove the key, or choose another kind of action.",
    ),
    "lint_recordable_without_paper": Message(
        "The action {action} may be recorded as decided, but asks for no decision and no reason.",
        "Add decision: true or reason: true, or remove recordable.",
    ),
    "lint_field_choices": Message(
        "The field {field} of {action} has choices without being of the type choice, or the other way round.",
        "Correct the type or the choices.",
    ),
    "lint_state_without_owner": Message(
        "Nobody at the tier {tier} can take a dossier on from {state}.", "Add an action with a role at that tier."
    ),
    "lint_limit_omits_state": Message(
        "{state} names the time limit {limit}, which does not list it.", "Add the state to the limit's states."
    ),
    "lint_limit_unnamed": Message(
        "The time limit {limit} runs in {state}, which says that it has none.",
        "Write limit: {limit}, or remove the state from the limit.",
    ),
    "lint_limits_overlap": Message(
        "In {state} several time limits run for the same kind of dossier: {limits}.",
        "Separate them by kinds, or keep one.",
    ),
    "lint_quorum_share": Message(
        "A quorum of {part} out of {whole} is more than all members.",
        "Write the smaller number first, for example [3, 4].",
    ),
    "lint_guard_range": Message(
        "The condition {guard} lies outside {least} to {most}, or its lower end is above its upper.",
        "Write it as low, then high, within that range.",
    ),
    "lint_guard_without_scores": Message(
        "The condition {guard} asks for a score that a declared regime never has.",
        "Remove it, or use decided_stars_between.",
    ),
    "lint_outcome_without_action": Message(
        "In {state} nothing may follow these results (stars and mean): {outcomes}.",
        "Widen a condition, or add an action for them.",
    ),
    "lint_outcome_with_two_actions": Message(
        "In {state} these results (stars and mean) meet the conditions of {actions}: {outcomes}.",
        "Let the conditions exclude one another.",
    ),
    "lint_causes_differ": Message(
        "The grounds to choose from ({choices}) are not those listed under revocation ({causes}).",
        "List the same grounds in the same order in both places.",
    ),
    "lint_stars_not_revocable": Message(
        "In {state} nobody may revoke a certificate of {stars} stars.", "Widen a condition, or add an action for them."
    ),
    "lint_rating_without": Message("A scored regime needs {key}.", "Add the key, or write kind: declared."),
    "lint_declared_rating_key": Message(
        "A regime whose stars are declared has no {key}.", "Remove the key, or write kind: scored."
    ),
    "lint_declared_rating_scores": Message(
        "The action {action} needs scores, but the regime's stars are declared.", "Remove scores."
    ),
    "lint_band_stars": Message(
        "The bands are for {stars} stars.", "List them for 5, 4, 3, 2 and 1 stars, in this order."
    ),
    "lint_band_overlap": Message(
        "The band of {stars} stars begins at {start}, not below that of {above} stars ({above_start}).",
        "Let each band begin below the one above it.",
    ),
    "lint_band_gap": Message("The lowest band begins at {start}: fewer points have no band.", "Let it begin at 0."),
    "lint_band_recognition": Message(
        "{stars} stars: three and more are recognised by a tier, fewer by nobody.",
        "Write recognised_by with a tier from three stars up, and null below.",
    ),
    "lint_parts_sum": Message("The parts make {total} points instead of 100.", "Correct the points of A, B and C."),
    "lint_criteria_parts": Message(
        "The criteria set {product_set} has other parts than the regime.",
        "Correct the parts here or the maxima of the set.",
    ),
    "lint_criteria_sum": Message(
        "The criteria of {product_set} do not add up to its parts, and the set does not say so.",
        "Correct the points, or explain the gap in sum_check: part totals are then taken.",
    ),
    "lint_product_sets_empty": Message(
        "The regime lists its product sets, but none is known.", "Add criteria or others, or write listed: false."
    ),
    "lint_product_set_unknown": Message(
        "{product_set} is none of the listed product sets.", "Correct the name, or add it to others."
    ),
    "lint_ends_before_start": Message(
        "The regime ends on {last}, before it begins on {first}.", "Correct one of the two days."
    ),
    "lint_overlap_before_end": Message(
        "The overlap until {until} does not reach beyond the regime's end ({last}).",
        "Give the regime an end before it, or remove the overlap.",
    ),
    "lint_transition_without_end": Message(
        "Rules for unfinished dossiers stand in a regime that does not end.", "Write effective_to, or transition: null."
    ),
    "lint_transition_kind": Message(
        "Unfinished dossiers of the kind {kind} have {count} transition limits.", "Give each kind exactly one."
    ),
    "lint_transition_too_early": Message(
        "The transition limit runs from {start}, while the regime is in force until {last}.",
        "Let it begin after the regime's end.",
    ),
    "lint_window_order": Message(
        "The window from {earliest} to {latest} days before the end is shut before it opens.",
        "Write the larger number as earliest_days.",
    ),
    "lint_regime_unknown": Message(
        "{name} is no earlier regime.", "Name one whose dossiers this regime takes over: {known}."
    ),
    "lint_take_over_state": Message(
        "By the rule {rule} a dossier in {state} would go on in a state that does not exist here.",
        "Give the state in which it goes on: to.",
    ),
    "lint_family_start": Message(
        "Beside {regime}, this is a second regime without a first day.", "Write effective_from."
    ),
    "lint_family_days": Message(
        "The regime ends on {last}, but {next} takes over the day after {wanted}.", 'Write effective_to: "{wanted}".'
    ),
    "lint_family_filing": Message(
        "The state {state}, by which dossiers of {regime} are filed, does not exist here.",
        "Declare the state, so that an open dossier can pass into this regime.",
    ),
}
