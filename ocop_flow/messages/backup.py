"""Texts about backups and putting them back."""

from __future__ import annotations

from ocop_flow.messages import Message

M = Message

MESSAGES: dict[str, Message] = {
    "backup_exists": M(
        "{file} is there already.", "Name another file, best with the day in it; a backup is never written over."
    ),
    "backup_foreign": M("{file} is no backup of ocop_flow.", "Take a file that ocop backup wrote, unchanged."),
    "backup_damaged": M(
        "{file} is cut or was altered ({detail}); nothing was restored.",
        "Fetch it again from where it is kept, or take the backup before it.",
    ),
    "backup_newer": M(
        "{file} was made by a newer ocop_flow ({version}).", "Install that version here, then restore with it."
    ),
    "backup_older": M(
        "{file} was made by an older ocop_flow ({version}).",
        "Restore it with that version, then run ocop init --upgrade with this one.",
    ),
    "backup_key_unknown": M(
        "{file} was signed with a key that the key ring {path} does not have.",
        "Take a backup of this office; for another office's, name another database, or its key ring with OCOP_KEYS.",
    ),
    "backup_log_faulty": M(
        "The log in {file} does not verify: {count} problems, the first one {kind}. Nothing was restored.",
        "Take an older backup; to look into this one, restore it aside: ocop restore FILE --db COPY --even-faulty.",
    ),
    "evidence_missing_now": M(
        "The evidence file {sha256} is missing or damaged; the backup does not have it either.",
        "See what it belongs to: ocop audit verify. Put it back from an older backup.",
    ),
    "restore_not_empty": M(
        "{path} is not empty; a backup is never put over something.",
        "Name a new file or an empty database: --db; put the old one aside first if it is to be replaced.",
    ),
    "restore_keys_there": M(
        "There is a key ring at {path} already, another one than in the backup.",
        "Move it away first, or restore a backup without keys.",
    ),
    "restored_without_keys": M(
        "The backup came without keys and there are none at {path}; signatures of heads were not checked.",
        "Put the key ring back from where it is kept apart, then run ocop audit verify.",
    ),
    "restore_not_equal": M(
        "What {path} gives back of the table {table} is not what was put in; nothing was restored.",
        "Check that the server keeps UTF-8, and its disk; then repeat.",
    ),
}
