"""Texts about the database, settings and the command line."""

from __future__ import annotations

from ocop_flow.messages import Message

M = Message

MESSAGES: dict[str, Message] = {
    "extra_missing": M(
        "{what} needs the extra {extra}, which is not installed.", "Run: pip install 'ocop_flow[{extra}]'."
    ),
    "terminal_missing": M(
        "ocop work needs a terminal of its own, on the screen and on the keyboard, and prints no JSON.",
        "Start it without --json, pipe or redirection; for programs there are the other commands.",
    ),
    "format_unknown": M("{file}: this is written as {known} only.", "Give the file one of these endings."),
    "database_url_unreadable": M(
        "{url} is not a database address.", "Write a file path, sqlite:///PATH or postgresql+psycopg://…"
    ),
    "database_driver_missing": M(
        "The driver {driver} is not installed.", "Install it: pip install 'ocop_flow[postgres]'."
    ),
    "database_missing": M(
        "There is no database at {path}.", "Make one: ocop init --sandbox, or ocop init --admin HANDLE."
    ),
    "database_not_ours": M("{path} is not a database of ocop_flow.", "Name another file with --db or OCOP_DB."),
    "database_newer": M(
        "{path} has the schema {found}; this program knows {known}.", "Install the newer version of ocop_flow."
    ),
    "database_older": M("{path} has the schema {found}; this program needs {known}.", "Run: ocop init --upgrade."),
    "database_on_network_share": M(
        "{path} lies on a network share, where SQLite cannot guard it.",
        "Put it on this computer's own disk, or use PostgreSQL for several computers.",
    ),
    "database_read_only": M("{path} cannot be written: {detail}.", "Check the rights on the file and its folder."),
    "database_locked": M("{path} is in use by another program: {detail}.", "Try again in a moment."),
    "database_damaged": M("{path} is damaged: {detail}.", "Restore it from a backup; nothing was written."),
    "tables_missing": M(
        "{path} is damaged: these tables are gone: {names}.",
        "Put a backup into a new database (ocop restore); nothing was written.",
    ),
    "database_cannot_open": M(
        "{path} cannot be opened: {detail}.", "Check that folder and file exist and may be used."
    ),
    "database_login_refused": M(
        "The database server refused the login to {path}: {detail}.",
        "Check user and password in --db or OCOP_DB, and that the server lets this machine in (pg_hba.conf).",
    ),
    "database_absent": M(
        "The server has no such database ({path}): {detail}.",
        "Check the name after the last slash; for a new one ask its administrator for CREATE DATABASE, then ocop init.",
    ),
    "database_right_missing": M(
        "This user of {path} may not do that: {detail}.",
        "Let the administrator of the database run what ocop admin postgres-roles prints, or use the right user.",
    ),
    "database_too_many": M(
        "The database server takes no more connections ({path}): {detail}.",
        "Try again in a moment; if it stays so, raise max_connections on the server.",
    ),
    "database_starting": M("The database server is starting or stopping ({path}): {detail}.", "Try again in a moment."),
    "partitions_on_server_only": M(
        "Only a log on PostgreSQL can be parted; a SQLite file is one office's.", "Leave out --partitions."
    ),
    "partitions_out_of_range": M(
        "A log in {parts} parts is of no use.", "Name a number from 2 to {most}; 16 serve a country."
    ),
    "role_name_unfit": M(
        "{name} cannot be the name of a role.", "Use small letters a to z, digits and _, beginning with a letter."
    ),
    "roles_alike": M("Both roles are called {name}.", "Give the auditor a role of its own: --auditor ROLE."),
    "database_error": M("The database {path} does not answer: {detail}.", "Check the address and that it is running."),
    "database_exists": M("{path} holds a real database.", "Choose another file for training: --db PATH."),
    "database_already": M("{path} is already set up.", "Use it as it is, or run ocop init --upgrade after an update."),
    "database_unfinished": M("{path} was not set up to its end.", "Run ocop init again: it begins anew."),
    "disk_full": M(
        "There is no room left for {path}: {detail}.", "Free some disk space and repeat; nothing was written."
    ),
    "guide_topic_unknown": M("The guide has no single topic for “{topic}”.", "Name one of: {known}."),
    "folder_not_writable": M("The folder {path} cannot be made.", "Choose a folder that you may write to: --db PATH."),
    "now_only_in_sandbox": M(
        "OCOP_NOW is set, but this is not a training database.", "Remove OCOP_NOW; a real database keeps real time."
    ),
    "now_unreadable": M("OCOP_NOW={text} is not a time.", "Write it as 2020-07-25T08:00:00+07:00."),
    "language_unknown": M("{lang} is not a language of this program.", "Use vi or en."),
    "usage": M("{detail}", "See the help: {command} --help."),
    "bug": M(
        "Something went wrong inside ocop_flow ({reference}).",
        "Look whether it was recorded before you do it again, and report this reference: {reference}.",
    ),
    "word_not_utf8": M(
        "{word} is not text in UTF-8.",
        "Type it again in a terminal that uses UTF-8; where its settings are lost, set LC_ALL=C.UTF-8 or PYTHONUTF8=1.",
    ),
    "output_unwritable": M(
        "The answer could not be written out: {detail}.",
        "Make room or choose another output. An act that was asked for is recorded: look with ocop dossier show, or "
        "repeat it with the same --key, which does nothing twice.",
    ),
    "answer_unwritable": M(
        "The answer could not be written out: {detail}.", "Make room or choose another output, and ask again."
    ),
    "key_empty": M("--key is empty.", "Name a key that this command alone has, or leave --key out."),
    "file_unusable": M(
        "{file} cannot be used: {detail}.", "Check its name, its disk and your rights, or name another."
    ),
    "interrupted": M("Stopped.", "Nothing was written."),
    "not_confirmed": M("Not confirmed.", "Nothing was written."),
    "batch_columns": M("The columns of {file} are not readable: {found}.", "Known columns: {known}."),
    "batch_column_missing": M("{file} lacks the column {column}.", "Add it to the first line."),
    "batch_column_twice": M("{file} has the column {column} twice.", "Leave one of them in the first line."),
    "batch_row_width": M(
        "Line {line} has {found} cells under {expected} headings.",
        "Put a text that holds the separator between quotation marks.",
    ),
    "batch_options": M(
        "With --batch each line says for itself what it does: {options} cannot stand beside it.",
        "Write it into the columns of the file; only --on, --by, --entry, --reason and --key hold for all lines.",
    ),
    "batch_line": M("Line {line}: {detail}", "Correct the line and run the file again; what is done stays done."),
    "audit_found": M("{count} problems were found.", "See the list."),
}
