"""Texts about a change of the law or of the units: migrating, handing over, comparing and drawing workflows."""

from __future__ import annotations

from ocop_flow.messages import Message

M = Message

MESSAGES: dict[str, Message] = {
    # another law
    "migrate_too_early": M(
        "{regime} holds from {first} on; {day} is before that.",
        "Give a day on which it holds: --on DATE.",
    ),
    "migrate_needs_decision": M(
        "Dossiers take another law by a numbered decision only.",
        "Give its number: --decision NUMBER. With --dry-run nothing is written and none is needed.",
    ),
    "transition_rule": M("{rule}.", "Nothing to do beyond the rule."),
    "transition_rule_over": M(
        "{rule}: that time ended on {last_day}; what follows is not settled.",
        "Decide for the dossier: --list FILE with the columns dossier and state.",
    ),
    "transition_no_rule": M(
        "{regime} has no rule for this dossier under {earlier}.",
        "Decide for the dossier: --list FILE with the columns dossier and state.",
    ),
    "transition_open": M(
        "No settled law stands behind this rule: {rule}.",
        "Check it with the authority in charge; a province settles it by its own file: ocop workflow adopt.",
    ),
    "transition_decided": M("Decided by a person, line {line} of the list.", "Nothing to do."),
    "transition_not_asked": M(
        "Line {line}: the rules answer for {dossier} themselves.",
        "Remove the line; list only dossiers that a person decides.",
    ),
    "transition_state_unknown": M(
        "Line {line}: {state} is no state in which a dossier can go on there.",
        "Use one of: {known}. Left empty, the dossier stays under the old law.",
    ),
    # another unit
    "unit_still_stands": M(
        "{unit} ({code}) has not ended by {day}: there is nothing to hand over.",
        "Give a unit that has ended, or a later day: --on DATE.",
    ),
    "certificate_kept_by": M(
        "{former} has ended; {unit} keeps its certificates and their files.", "The issuer named on it stays."
    ),
    "certificate_keeper_unknown": M(
        "{former} has ended; who keeps its certificates is not known.",
        "Enter the commune of the certificate (ocop certificate declare), then hand over again.",
    ),
    "succession_needs_minutes": M(
        "A hand-over is recorded with the number of its minutes.",
        "Give it: --minutes NUMBER. With --dry-run nothing is written and none is needed.",
    ),
    "succession_whole": M("{unit} ({code}) took over the whole of {former}.", "Nothing to do."),
    "succession_decided": M("{former} to {unit} ({code}): decided by a person, by the list.", "Nothing to do."),
    "succession_split": M(
        "{former} was split; known parts went to {units}.",
        "Say where the dossier goes: --list FILE with the columns dossier and unit.",
    ),
    "succession_unknown": M(
        "No successor of {former} ({code}) is recorded.",
        "Say where the dossier goes: --list FILE with the columns dossier and unit.",
    ),
    "succession_not_asked": M(
        "Line {line}: {dossier} follows its commune to {unit}.",
        "Remove the line; list only dossiers that a person decides.",
    ),
    "succession_elsewhere": M(
        "Line {line}: {unit} does not lie in {own}.", "Let a leader of that province or of the centre do it."
    ),
    "succession_missing": M(
        "Papers of {count} dossiers did not come over; each is asked for again.",
        "Have the entity hand them in anew: ocop attach.",
    ),
    # reading the law
    "state_absent": M("{regime} has no state {state}.", "Use one of: {known}."),
    "workflow_hash_ambiguous": M("{count} stored workflows begin with {hash}.", "Give more of the hash."),
    "diagram_other_law": M(
        "{dossier} is under {regime}, not under {asked}.", "Draw it on its own law: ocop workflow diagram {regime}."
    ),
    # lists
    "list_dossier_twice": M("Line {line}: {dossier} stands in the list already.", "Keep one line for each dossier."),
    "list_line_empty": M(
        "Line {line}: nothing is said of {dossier}.", "Fill in unit, or answer (lost or not_received) with its file."
    ),
    "list_answer_unknown": M("Line {line}: {answer} is no answer.", "Use one of: {known}."),
    "list_file_unknown": M(
        "Line {line}: {dossier} holds no {file}.", "Use one of the kinds that it holds: {known}; or leave file empty."
    ),
}
