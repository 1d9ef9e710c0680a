"""Texts about reminders, their messages and the ways out."""

from __future__ import annotations

from ocop_flow.messages import Message

M = Message

MESSAGES: dict[str, Message] = {
    "remind_nobody": M(
        "{unit} ({code}) has {count} open duties and nobody to write to.",
        "Give the unit a mailbox: ocop unit contact {code} --email ADDRESS.",
    ),
    "reminder_absent": M("There is no reminder {reminder}.", "See the numbers: ocop remind list."),
    "reminder_settled": M("The reminder {reminder} is {status}.", "Nothing more can be done with it."),
    "snooze_not_later": M("{day} is not after today, {today}.", "Name a later day with --until."),
    "mail_setting_unreadable": M(
        "OCOP_MAIL cannot be read.",
        "Write dir:PATH or smtp://user@host:port?tls=starttls (or tls, none); the password goes into "
        "OCOP_MAIL_PASSWORD.",
    ),
    "mail_folder_unusable": M(
        "Messages cannot be written to {path}: {detail}.", "Check the folder, or name another: OCOP_MAIL=dir:PATH."
    ),
    "mail_server_unreachable": M(
        "The mail server {host}:{port} cannot be used: {detail}.",
        "Check OCOP_MAIL, OCOP_MAIL_PASSWORD and the server; what was not sent stays queued.",
    ),
    "mail_refused": M("The mail server refused the message to {address}: {detail}.", "Check the address."),
    "mail_interrupted": M(
        "The mail server broke off at the message to {address}: {detail}.",
        "It is sent again later, with the same Message-ID.",
    ),
    "catalogue_key_missing": M("{file}:{line} lacks {key}.", "Add it."),
    "catalogue_hours_unreadable": M("{file}:{line}: {text} is not a time of day.", 'Write it as "07:30".'),
    "template_missing": M("{file}:{line} names the template {template}, which does not exist.", "Add the file."),
    "template_syntax": M("{file}:{line}: {problem}.", "Correct the template."),
    "template_variable": M("{file}:{line}: there is no variable {variable}.", "Known: {known}."),
}
