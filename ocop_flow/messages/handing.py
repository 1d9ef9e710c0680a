"""Texts about what goes from office to office: work lists and packets."""

from __future__ import annotations

from ocop_flow.messages import Message

M = Message

MESSAGES: dict[str, Message] = {
    "worklist_not_yours": M(
        "{person} types neither for {unit} nor for a unit below his own.",
        "Have it done by an officer or council secretary of {unit} or of a unit above it.",
    ),
    "worklist_unknown": M(
        "The list {worklist} was not given out here, or what its hidden sheet says was changed.",
        "Make a new list and have it filled in: ocop worklist make.",
    ),
    "worklist_of_another": M(
        "The list {worklist} is of {unit}.", "Take the list of the unit that you named, or name that unit."
    ),
    "worklist_empty": M("Nothing is filled in on the list {worklist}.", "Ask for the filled file."),
    "worklist_taken": M(
        "The list {worklist} was already taken on {day} by {person}.",
        "Nothing more is to be done with it; make a new one: ocop worklist make.",
    ),
    "worklist_line_taken": M(
        "This line of {worklist} was already taken on {day} by {person}, with other words.",
        "Undo what was done (ocop undo), or write the change on a new list.",
    ),
    "worklist_dossier_moved": M(
        "{dossier} was moved on {day} by {person}, after this list was made ({given}).",
        "See where it stands (ocop dossier show {dossier}) and make a new list.",
    ),
    "worklist_paper_changed": M(
        "{dossier} now has {have} copies of this paper; it had {given} when the list was made.",
        "Empty the line if it is the same paper, or file it by ocop attach.",
    ),
    "worklist_copies": M("{text} is not a number of copies.", "Write a whole number, from 1."),
    "worklist_file_missing": M(
        "The file {file} is named in the list and was not sent along.",
        "Put it into the folder that --files names, or empty the cell.",
    ),
    "worklist_doer_missing": M(
        "Nobody is named who did this and may.", "Choose the person in the column “Done by”: {known}."
    ),
    "worklist_cell_missing": M("{file}, {sheet}!{cell}: “{name}” is empty.", "Fill it in: a new dossier needs it."),
    "worklist_action_missing": M(
        "{file}, {sheet}!{cell}: the line of {dossier} does not say what was done.",
        "Choose from the list in that cell, or empty the line.",
    ),
    "worklist_choice_unknown": M("{file}, {sheet}!{cell}: “{value}” is not on the list.", "Choose one of: {known}."),
    "worklist_day_unreadable": M("{file}, {sheet}!{cell}: “{value}” is not a day.", "Write it as 15/6/2026."),
    "packet_dossier_of_another": M(
        "{dossier} is of no commune at or below {unit}.", "Leave it out, or name the unit that hands it over: --unit."
    ),
    "packet_unit_missing": M(
        "{person} holds no post in which packets are put together.", "Name the unit that hands over: --unit CODE."
    ),
    "packet_to_missing": M(
        "It is not clear who receives the packet: no other unit holds all of the dossiers.",
        "Name the unit that receives: --to CODE.",
    ),
    "packet_not_ours": M(
        "{file} is no packet of this program, or the list of what it holds was changed.",
        "Ask the sender for the packet as it was made: ocop packet make.",
    ),
    "packet_damaged": M("{file} cannot be unpacked ({detail}).", "Ask the sender to send it again."),
    "packet_file_missing": M("{file}: the file {path} is missing.", "Ask the sender for the whole packet."),
    "packet_file_altered": M(
        "{file}: the file {path} was altered (SHA-256 {found}…, as handed over {wanted}…).",
        "Ask the sender for the packet as it was made.",
    ),
    "packet_file_extra": M(
        "{file}: the file {path} does not belong to the packet.", "Remove it; file it with ocop attach if it is needed."
    ),
    "packet_altered": M(
        "What the packet {packet} says of itself is not what was handed over.",
        "Ask the sender for the packet as it was made.",
    ),
    "packet_taken": M(
        "The packet {packet} was already taken on {day} by {person}.",
        "Nothing is to be done; list them: ocop packet list.",
    ),
    "packet_not_for_you": M(
        "The packet is for {unit}, for which {person} does not type.",
        "Have it opened by an officer or council secretary of {unit} or of a unit above it.",
    ),
    "packet_outdated": M(
        "{dossier} has gone on since the packet {packet} was made ({on}).",
        "Look at what it is now: ocop dossier show {dossier}.",
    ),
}
