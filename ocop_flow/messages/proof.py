"""Texts about signing keys, heads of the log and what proves it whole."""

from __future__ import annotations

from ocop_flow.messages import Message

M = Message

MESSAGES: dict[str, Message] = {
    "key_ring_missing": M(
        "There is no signing key at {path}.",
        "Put the key ring back from its backup, name it with OCOP_KEYS, or make a new key: ocop audit key rotate.",
    ),
    "key_ring_unreadable": M(
        "The key ring {path} cannot be used: {detail}.",
        "Only its owner may read it (mode 600); restore it from its backup if it was changed.",
    ),
    "guards_gone": M(
        "Guards that keep the log from being changed are gone from the database: {names}.",
        "Ask who took them away; hold the log against a head kept elsewhere (ocop audit verify --head FILE), then put "
        "a backup into a new database (ocop restore).",
    ),
    "records_altered": M(
        "The records cannot be read: they were changed past the program.",
        "See what was changed (ocop audit verify), then put a backup into a new database (ocop restore).",
    ),
    "no_signing_key": M(
        "There is no signing key, so no heads of the log are made.",
        "Put the key ring back from its backup, or make a new key: ocop audit key rotate.",
    ),
    "log_altered": M(
        "The log does not agree with itself at position {position}; nothing was signed over it.",
        "See what is wrong: ocop audit verify.",
    ),
    "log_unreadable": M(
        "An event of {code} cannot be read: somebody changed it behind the program's back.",
        "See what is wrong: ocop audit verify.",
    ),
    "view_unreadable": M(
        "The row of dossier {dossier} cannot be read: somebody changed it behind the program's back.",
        "Have it made anew from the log: ocop doctor --rebuild.",
    ),
    "deadline_unreadable": M(
        "The row of the duty {deadline} cannot be read: somebody changed it behind the program's back.",
        "Have it made anew from the log: ocop doctor --rebuild.",
    ),
    "head_untrue": M(
        "The head of {made_at} is not what was signed; no head was made after it.",
        "See what is wrong: ocop audit verify.",
    ),
    "head_unreadable": M(
        "{file} is no signed head of a log.", "Take the file that ocop audit checkpoint --out wrote, unchanged."
    ),
    "head_unsigned": M(
        "{file} is a head that nobody signed: it proves nothing.",
        "Take the file that ocop audit checkpoint --out wrote, with its last line.",
    ),
    "head_signed_twice": M("{file} carries {count} signatures.", "Take a head with the one signature of this office."),
    "head_of_another_log": M(
        "{file} is a head of the log {origin}; this log is {log}.", "Name the database that it was made from: --db."
    ),
    "head_key_unknown": M(
        "{file} was signed with the key {key}, which this office does not have.",
        "Compare with ocop audit key list; put the key ring back from its backup if a key is missing.",
    ),
    "head_signature_wrong": M(
        "The signature of {file} does not hold: the head was changed after signing.",
        "Take the file that ocop audit checkpoint --out wrote, unchanged.",
    ),
    "head_beyond_log": M(
        "This head covers {size} events, more than the log has now.", "Events were lost: ocop audit verify."
    ),
    "head_absent": M(
        "No head with the code {code} is kept here.",
        "Name the file of the head instead, or keep it first: ocop audit import-head.",
    ),
    "heads_inconsistent": M(
        "The first {old} events of the log are not the beginning of the head over {new}: the log was rewritten.",
        "See where: ocop audit verify --head FILE with each of the two.",
    ),
    "head_code_mistyped": M(
        "{code} is no code of a head: a letter is wrong or missing.", "Type the twelve letters again as printed."
    ),
    "no_heads": M(
        "There is no signed head yet: a rewriting of everything could not be seen.",
        "Make one and keep it elsewhere: ocop audit checkpoint --out FILE.",
    ),
    "heads_unsigned_for": M(
        "Signatures of heads were not checked: there is no key ring here.",
        "Put the key ring beside the database, or name it with OCOP_KEYS.",
    ),
    "check_process_lost": M(
        "A process of the check was ended from outside, or had no memory left; {done} of {parts} parts are done.",
        "Go on with the others: ocop audit verify --resume; where memory is short, without --jobs.",
    ),
    "check_stopped": M(
        "The check was stopped; {done} of {parts} parts are done.", "Go on with the others: ocop audit verify --resume."
    ),
    "check_resumed": M(
        "Part of this was checked from {begun} on, before a stop: what was changed there since then is not seen.",
        "Check everything in one go where that matters: ocop audit verify, without --resume.",
    ),
    "withhold_field_unknown": M("{field} is none of the sealed values here.", "Known: {known}."),
    "nothing_to_withhold": M(
        "{code} has no value left to withhold.", "See what it has: ocop entity show, ocop dossier show."
    ),
    "bundle_too_large": M(
        "{entries} entries do not go into one archive; {most} do, of 4 GB in all.",
        "Name fewer dossiers, or leave out --files.",
    ),
    "key_rotated": M("The signing key was renewed while this was done.", "Repeat the command."),
    "sample_key_unknown": M("Dossiers cannot be grouped by {key}.", "Known: {known}."),
}
