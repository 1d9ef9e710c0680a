"""Texts about moving, opening and keeping dossiers."""

from __future__ import annotations

from ocop_flow.messages import Message

M = Message

MESSAGES: dict[str, Message] = {
    # who
    "not_logged_in": M(
        "Nobody is logged in.", "Log in first: ocop login HANDLE (in a training database: --as HANDLE)."
    ),
    "as_only_in_sandbox": M(
        "Acting as {person} without a password is possible in a training database only.", "Log in: ocop login {person}."
    ),
    "doer_not_named": M("{person} is an office login that several people use.", "Say who did it: add --by HANDLE."),
    "role_missing": M(
        "{person} does not hold {roles} at {unit} on {day}.",
        "Let someone who holds that post do it (--by HANDLE), or have the appointment recorded: ocop person appoint.",
    ),
    "post_not_valid": M(
        "{person} is {role} at {unit} from {valid_from} to {valid_to}, not on {day}.",
        "Name who held the post on that day (--by HANDLE), or correct the date (--on).",
    ),
    "post_of_former_unit": M(
        "{person} is {role} of {former}; on {day} the code {unit} means {name}.",
        "Have the appointment to {name} recorded: ocop person appoint {person} --unit {unit}.",
    ),
    "recorder_not_allowed": M(
        "{person} may not record what {actor} did.",
        "Let an officer or council secretary of {unit}, or of a unit above it, type it.",
    ),
    "system_only": M("{action} happens by itself.", "Leave it to the scheduler."),
    "same_person_signs": M(
        "{person} prepared this ({prepared}) and cannot also sign {action}.",
        "Have another rightful person sign: --signed-by HANDLE.",
    ),
    "another_must_sign": M(
        "{action} must be signed by someone other than {person}, who prepared it ({prepared}).",
        "Name another signer: --signed-by HANDLE.",
    ),
    "capacity_unknown": M("{capacity} is not a capacity in which one signs.", "Use one of: {known}."),
    "decision_missing": M("{action} needs a signed document.", "Give its number: --decision NUMBER."),
    "unit_ended": M(
        "The unit ({tier:word}) responsible for {commune} does not exist on {day}.",
        "Hand the dossier over to today's unit or law (ocop unit succeed, ocop workflow migrate), or withdraw it.",
    ),
    "tier_unknown": M("{tier} is not a tier of units.", "Use one of: {known}."),
    "unit_wrong_tier": M(
        "{unit} is a unit of the tier {found:word}, not {tier:word}.",
        "Give the code of a unit of the tier {tier:word}.",
    ),
    # when
    "day_in_future": M("{day} is in the future (today is {today}).", "Correct it to a day up to today: {option}."),
    "day_before_previous": M(
        "{day} is before the previous move ({previous}).", "Give a day on or after {previous}: --on DATE."
    ),
    "date_unreadable": M("{text} is not a date.", "Write it as 2026-04-29 or 29/4/2026."),
    "period_crossed": M("The period ends ({until}) before it begins ({since}).", "Correct one of the two dates."),
    "no_law_on_day": M("No law of evaluation is recorded for {day}.", "Run ocop init --upgrade, or correct the date."),
    "entry_unreadable": M("{entry} is not an entry mode.", "Use live, or paper:NAME-OF-CAMPAIGN."),
    # state
    "version_conflict": M(
        "{dossier} has moved on: expected version {expected}, found {found} (state {state}; last: {last:act}).",
        "Look at it again (ocop dossier show {dossier}) and repeat with --expect-version {found} if it still holds.",
    ),
    "sequence_taken": M(
        "Someone else recorded event {seq} of {subject} at the same moment.", "Look at it again and repeat."
    ),
    "key_reused": M(
        "The key {key} was already used for another command.", "Use a new key, or repeat the first command unchanged."
    ),
    "wrong_state": M("{action} is not possible while {dossier} is in the state: {state}.", "Possible now: {allowed}."),
    "action_unknown": M("Decision {regime} knows no action {action}.", "Use one of: {known}."),
    "action_not_for_dossier": M(
        "{action} is not for dossiers of kind {kind:word} and track {track:word}.",
        "Choose another action: ocop dossier actions.",
    ),
    "dossier_closed": M("{dossier} is closed ({state}).", "Open a new dossier if the product is to be rated again."),
    "dossier_absent": M("There is no dossier {dossier}.", "Check the code, or look it up: ocop search WORDS."),
    "dossier_absent_on_day": M("{dossier} did not exist yet: {day}.", "Ask for a later day."),
    "event_absent": M("{dossier} has no event number {seq}.", "Give a number from 1 to {last}."),
    "dossier_ambiguous": M("{typed} may mean the dossier {dossier}.", "Give the whole code: {dossier}."),
    "nothing_to_undo": M(
        "{dossier} has no newest act that can be taken back.",
        "Correct it by a further act: ocop fix, ocop detach, or an action (ocop dossier actions {dossier}).",
    ),
    "undone_already": M(
        "The newest act on {dossier} (event {seq}) is itself a taking back; what was recorded before it stands.",
        "Withdraw evidence by the number of its event (ocop detach {dossier} SEQ; see ocop dossier history {dossier}), "
        "correct a field (ocop fix), or take another action (ocop dossier actions {dossier}).",
    ),
    "evidence_not_held": M(
        "Event {seq} of {dossier} filed nothing that is held ({kinds}).",
        "See which event filed what: ocop dossier history {dossier}, ocop audit replay {dossier}.",
    ),
    "evidence_counted": M(
        "{dossier} has moved since event {seq} filed this; who judged it counted it as held.",
        "If a move rested on it, take the dossier back or have it supplemented: ocop dossier actions {dossier}.",
    ),
    "undo_replaced_went_on": M(
        "Certificate {number}, which {dossier} replaced, has been acted on since.",
        "Have the decision annulled (ocop decision annul) instead of undoing the act.",
    ),
    "undo_of_another": M(
        "The newest act on {dossier} ({action}) is that of {person}.", "Only {person} can take it back."
    ),
    "fix_field_unknown": M("{field} cannot be corrected.", "Use one of: {known}."),
    "fix_after_scoring": M(
        "{dossier} has been scored: its product, set and commune no longer change.",
        "Withdraw it and open a new dossier if it was wrong from the start.",
    ),
    # what is needed
    "evidence_missing": M(
        "{label} ({kind}): {required} needed, {have} at hand.",
        "Attach it: ocop attach {dossier} {file}--kind {kind}{copies}.",
    ),
    "evidence_kind_unknown": M("{kind} is not a kind of evidence of this regime.", "Use one of: {known}."),
    "evidence_kind_unclear": M(
        "The kind of evidence of {file} cannot be told from its name.", "Say it: --kind KIND, one of: {known}."
    ),
    "evidence_expired": M("{kind} expired on {expires_on}.", "Ask the entity for a valid one."),
    "evidence_from_future": M(
        "{kind} is dated {issued_on}, after the day it was handed in.", "Correct --issued or --on."
    ),
    "evidence_dates_crossed": M("{kind} expires before it was issued.", "Correct --issued or --expires."),
    "evidence_copies": M("{kind}: {copies} copies.", "Give a number from 1 to {most}: --copies N."),
    "evidence_empty": M("The file for {kind} is empty.", "Attach the file with its content."),
    "evidence_too_large": M(
        "{file} has {size} bytes, more than the {limit} accepted.", "Scan it at a lower resolution or split it."
    ),
    "file_changed": M("{file} changed while it was being read.", "Close it in other programs and repeat."),
    "file_unreadable": M("{file} cannot be read: {detail}.", "Check the path and that the file may be read."),
    "scores_missing": M(
        "No council sitting has been closed for {dossier} at this stage.",
        "Convene, score and close a sitting: ocop council convene, score, close.",
    ),
    "paper_without_number": M(
        "{options} says something of a signed document, and its number is not given.",
        "Give the number: --decision NUMBER, in a batch the column decision; or leave the rest out.",
    ),
    "reason_missing": M("A reason is required.", "Give it: --reason TEXT, in a batch also the column reason."),
    "field_missing": M("{label} ({field}) is required.", "Give it: --set {field}=… ({expected:type})."),
    "field_unknown": M("There is no field {field} here.", "Known fields: {known}."),
    "field_unreadable": M("{field}: {text} cannot be read.", "Write it as: {expected:type}."),
    "field_not_pair": M("{text} is not NAME=VALUE.", "Write it as --set NAME=VALUE."),
    "document_number_unreadable": M(
        "{number} is not the number of a document.", "Write it as in 27/KH-UBND, 10/QĐ-HĐOCOP or 26/2026/QĐ-TTg."
    ),
    "code_check_wrong": M("The check letter of {code} does not fit.", "Copy the code again; a digit is wrong."),
    # guards
    "stars_between": M(
        "The result is {have} stars; this needs {low} to {high}.",
        "Take the action that fits the result: ocop dossier actions --all.",
    ),
    "stars_at_most": M(
        "The result is {have} stars; this is for at most {high}.",
        "Take the action that fits the result: ocop dossier actions --all.",
    ),
    "mean_at_least": M("The mean total is {have}; at least {low} is needed.", "Take the action that fits the result."),
    "mean_below": M("The mean total is {have}; this is for less than {high}.", "Take the action that fits the result."),
    "decided_stars_between": M(
        "{have} stars were decided; this is for {low} to {high}.", "Take the action of the unit that recognised them."
    ),
    "stars_differ": M(
        "The council found {computed} stars, the decision says {decided}.",
        "Leave the stars out, or record the signed decision as it is: --as-decided with number, file and reason.",
    ),
    "decision_before_result": M(
        "{decision} is dated {day}, before the council's result of {found}.",
        "Check the date on the paper: --decision-date DATE.",
    ),
    "stars_unknown": M("No number of stars is known for {dossier}.", "Give the decided stars: --set stars=N."),
    "not_recordable": M(
        "{action} cannot be recorded against its conditions.", "Meet the conditions; they are listed with this message."
    ),
    "as_decided_needs_paper": M(
        "{action}: a decision that departs from the rules is recorded with its number and its file.",
        "Add --decision NUMBER --decision-file FILE.",
    ),
    "transition_over": M(
        "The transitional period of {regime} ended on {last_day}.",
        "Ask the authority in charge which rule now holds for the dossier.",
    ),
    # opening
    "kind_unknown": M("{kind} is not a kind of dossier.", "Use one of: {known:list}."),
    "track_unknown": M("{track} is not a track.", "Use one of: {known:list}."),
    "regime_unknown": M("There is no regime {regime}.", "Use one of: {known}."),
    "regime_not_in_force": M(
        "{regime} is not in force on {day} (in force: {in_force}).", "Leave --regime out, or correct --on."
    ),
    "state_unknown": M(
        "No law knows a state or phase {state}.", "Use one of the phases {known}, or a state as a dossier shows it."
    ),
    "product_set_unknown": M("{regime} knows no product set {product_set}.", "Use one of: {known}."),
    "product_set_no_id": M(
        "Decision {regime} lists no product sets here, and {product_set} is the name of none that is known.",
        "Name a set of 26/2026/QĐ-TTg or 1048/QĐ-TTg, or write an id of small letters, digits and _.",
    ),
    "product_set_not_listed": M(
        "{product_set} is not a product set of {regime}.",
        "Correct it first: ocop fix {dossier} product_set SET, with one of: {known}.",
    ),
    "product_set_free": M(
        "{regime} lists no product sets; {product_set} is kept as typed.", "Nothing to do; check the spelling."
    ),
    "entity_kind_unknown": M("{kind} is not a kind of entity.", "Use one of: {known:list}."),
    "entity_kind_not_allowed": M(
        "An entity of the kind {kind:word} cannot take part with this product.", "Allowed: {allowed:list}."
    ),
    "entity_ambiguous": M("{name} ({kind:word}) may be {entity}.", "Give the code: {entity}."),
    "entity_absent": M("There is no {entity}.", "Look it up: ocop entity list, ocop product list."),
    "entity_same_name": M(
        "Another entity of the same name stands in the commune: {entity} ({kind:word}).",
        "If it is the same, merge them: ocop entity merge.",
    ),
    "merge_with_itself": M("{entity} cannot be merged with itself.", "Name two different records."),
    "product_has_open_dossier": M(
        "The product already has a dossier under way: {dossier} ({state}).", "Check that this is not a repetition."
    ),
    "previous_of_first": M(
        "A first rating starts from no earlier certificate, but {number} is named.",
        "Leave out --previous, or give the kind: --kind upgrade or --kind re_rating.",
    ),
    "previous_of_another_entity": M(
        "The certificate {number} is held by {held}, not by {entity}.",
        "Name that entity, or first record what happened: ocop certificate transfer, ocop entity merge or rename.",
    ),
    "previous_of_another_product": M(
        "The certificate {number} is of the product {held}, not of {product}.",
        "Check the certificate; where the product has a new name, record that: ocop product rename.",
    ),
    "previous_not_in_force": M(
        "The certificate {number} is not in force on that day ({status}).",
        "Check whether this is to be a first rating; ocop certificate show {number} says what became of it.",
    ),
    "previous_missing": M(
        "A dossier of the kind {kind:word} should name the earlier certificate.",
        "Add --previous NUMBER where it is known.",
    ),
    "re_rating_outside_window": M(
        "Filed {days} days before the certificate ends; the window is {earliest} to {latest} days.",
        "Have the reason for the late or early filing noted.",
    ),
    "recognition_not_withdrawn": M(
        "{dossier} has certificate {number}, which ends by a decision to revoke it and not by a withdrawal.",
        "Have the rating that was ordered decided; a decision of the authority that recognised ends the certificate.",
    ),
    "re_rating_before_window": M(
        "The last day to file, {last_day}, lay before the decision of {since}: the certificate goes on until the "
        "re-rating is decided, until {until} at the latest.",
        "Have the re-rating decided by {until}; the entity answers for the product meanwhile.",
    ),
    "plan_absent": M("There is no plan {number}.", "Look it up: ocop plan list."),
    "plan_ambiguous": M("{number} may mean {plan}.", "Give issuer, year and number: {plan}."),
    # time limits
    "step_started": M("Starts on {day} (entered {state}); that day is not counted.", ""),
    "step_stopped": M("Stood still from {since} to {until}: {days} days.", ""),
    "step_working_days": M("{count} working days end on {day}.", ""),
    "step_days": M("{count} {unit} end on {day}.", ""),
    "step_validity": M("Issued on {issued_on}, valid for {months} months: last day {day} ({reading}).", ""),
    "step_extended": M("Extended to {day} by {decision}: {reason}.", ""),
    "step_round_intake": M("To take part in round {number} of the {tier:word} it must be handed up by {day}.", ""),
    "step_round_finish": M("Round {number} of the {tier:word} must end by {day}.", ""),
    "step_next_round": M("If that is missed, round {number} takes dossiers until {day}.", ""),
    "step_evidence": M("The paper {kind} is valid until {day}.", ""),
    "step_transition": M("{count} days from {day} for dossiers filed before that day.", ""),
    "step_before_expiry": M("{days} days before the certificate ends: {day}.", ""),
    "step_declared": M("Valid to {day}, as declared.", ""),
    "deadline_absent": M("There is no deadline {deadline}.", "Look it up: ocop deadline list."),
    "deadline_fixed": M(
        "The day of {deadline} ({kind}) is set by the law or the paper itself.", "Renew the paper or the certificate."
    ),
    "deadline_not_later": M("{day} is not later than {due_on}.", "Give a later day: --to DATE."),
    "deadline_settled": M("{deadline} is settled already ({outcome}).", "Nothing to extend."),
    "status_unknown": M("{status} is not a status.", "Use one of: {known}."),
}
