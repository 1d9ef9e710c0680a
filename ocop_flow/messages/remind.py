"""Texts about reminders, their messages and the ways out."""

from __future__ import annotations

from ocop_flow.messages import Message

M = Message

MESSAGES: dict[str, Message] = {
    "remind_nobody": M(
        "{unit} ({code}) has {count} open duties and nobody to write to.",
        "Give the unit a mailbox: ocop unit contact {code} --email ADDRESS.",
    ),
    "remind_waits": M(
        "{count} reminders of {unit} ({code}) wait: the unit has no mailbox.",
        "Give it one: ocop unit contact {code} --email ADDRESS.",
    ),
    "remind_entity_nobody": M(
        "{unit} ({code}) has something to tell to {count} establishments that gave no mail, phone or chat: {entities}.",
        "Record how one is reached, ocop entity contact {first} --phone NUMBER, or print the letters: "
        "ocop remind letters --unit {code} --out FOLDER.",
    ),
    "duty_unreadable": M(
        "{duty} is left out: its record cannot be read ({detail}).",
        "Look for the fault: ocop doctor. All other duties are here.",
    ),
    "letters_to_print": M(
        "{count} establishments of {unit} wait for a letter that no mail can carry.",
        "Print and hand over: ocop remind letters --unit {code} --out FOLDER.",
    ),
    "scan_overdue": M(
        "The last scan for reminders ran on {day}: nobody has been reminded of anything since.",
        "Start the service again, ocop scheduler run, or let ocop scheduler run --once be called every hour.",
    ),
    "scan_never": M(
        "No scan for reminders has run yet, and there are open duties.",
        "Set up the service, ocop scheduler run, or let ocop scheduler run --once be called every hour.",
    ),
    "letters_failed": M(
        "{count} letters were given up; their recipients were not reached.",
        "See why: ocop remind list --status failed. When the cause is gone: ocop remind retry.",
    ),
    "job_failed": M(
        "The job {job} of the scheduler failed: {detail}. The others ran.",
        "It runs again at its next time; hand this line to whoever looks after the program.",
    ),
    "reminder_absent": M("There is no reminder {reminder}.", "See the numbers: ocop remind list."),
    "reminder_settled": M("The reminder {reminder} is {status:word}.", "Nothing more can be done with it."),
    "snooze_not_later": M("{day} is not after today, {today}.", "Name a later day with --until."),
    "mail_setting_unreadable": M(
        "OCOP_MAIL cannot be read.",
        "Write dir:PATH, apprise, or smtp://user@host:port?tls=starttls (or tls, none); the password goes into "
        "OCOP_MAIL_PASSWORD.",
    ),
    "mail_user_missing": M(
        "There is a password for the mail server, and OCOP_MAIL names no user.",
        "Write smtp://user@host:port (an @ within the user as %40), or take the password away.",
    ),
    "mail_password_in_clear": M(
        "The password would go to {host} without encryption.",
        "Write tls=starttls or tls=tls in OCOP_MAIL, or take the password away.",
    ),
    "mail_authority_unreadable": M(
        "The certificate of the authority in {path} cannot be read: {detail}.",
        "Name a PEM file with ca= in OCOP_MAIL, or leave ca= out.",
    ),
    "mail_login_refused": M(
        "The mail server {host}:{port} refused the login of {user}: {detail}.",
        "Check the user in OCOP_MAIL and the password in OCOP_MAIL_PASSWORD or OCOP_MAIL_PASSWORD_FILE; what was "
        "not sent stays queued.",
    ),
    "mail_sender_unreadable": M(
        "{address} in OCOP_MAIL is no address to send from.", "Write it bare, as from=name@example.vn."
    ),
    "mail_sender_refused": M(
        "The mail server {host}:{port} takes no mail from our sender: {detail}.",
        "Set user, OCOP_MAIL_PASSWORD and the sender (from=) in OCOP_MAIL as the server asks; what was not sent stays "
        "queued.",
    ),
    "mail_certificate_unverified": M(
        "The certificate of the mail server {host}:{port} cannot be trusted: {detail}.",
        "Use the name that stands in the certificate; for an authority of your own add ca=FILE (PEM) to OCOP_MAIL. "
        "Nothing was sent.",
    ),
    "mail_encryption_differs": M(
        "The mail server {host}:{port} does not speak tls={tls}: {detail}.",
        "Try the other of tls=starttls (port 587) and tls=tls (port 465) in OCOP_MAIL.",
    ),
    "secret_twice": M("{name} and {name}_FILE are both set.", "Keep one of them."),
    "secret_unreadable": M(
        "The file {path} of {name}_FILE cannot be used: {detail}.",
        "Write the secret into it, as the user that runs the program.",
    ),
    "secret_open_to_others": M(
        "The file {path} of {name}_FILE can be read by other users.", "Close it: chmod 600 {path}."
    ),
    "channels_extra_missing": M(
        "OCOP_MAIL=apprise needs the extra {extra}, which is not installed.", "Run: pip install 'ocop_flow[{extra}]'."
    ),
    "gateway_addresses_missing": M(
        "OCOP_MAIL=apprise, and OCOP_APPRISE names no address.",
        "Write one Apprise URL a line into OCOP_APPRISE, or into a file named by OCOP_APPRISE_FILE.",
    ),
    "gateway_unreadable": M(
        "Address {number} of OCOP_APPRISE is none that Apprise knows.",
        "Correct it; the forms are listed by: apprise --details.",
    ),
    "gateway_refused": M(
        "Address {number} of OCOP_APPRISE did not take the message for {address} ({detail}).",
        "It is sent again later; check the address and its token.",
    ),
    "mail_folder_unusable": M(
        "Messages cannot be written to {path}: {detail}.", "Check the folder, or name another: OCOP_MAIL=dir:PATH."
    ),
    "mail_server_unreachable": M(
        "The mail server {host}:{port} cannot be used: {detail}.",
        "Check OCOP_MAIL, OCOP_MAIL_PASSWORD and the server; what was not sent stays queued.",
    ),
    "mail_refused": M("The mail server refused the message to {address}: {detail}.", "Check the address."),
    "mail_unsendable": M(
        "The message to {address} could not be handed over: {detail}.",
        "Check the address; if it is right, hand this line to whoever looks after the program. All others go out.",
    ),
    "mail_interrupted": M(
        "The mail server broke off at the message to {address}: {detail}.",
        "It is sent again later, with the same Message-ID.",
    ),
    "catalogue_key_missing": M("{file}:{line} lacks {key}.", "Add it."),
    "catalogue_hours_unreadable": M("{file}:{line}: {text} is not a time of day.", 'Write it as "07:30".'),
    "catalogue_hours_crossed": M(
        "{file}:{line}: an office that closes before it opens would never get a message.", "Put the earlier time first."
    ),
    "template_missing": M("{file}:{line} names the template {template}, which does not exist.", "Add the file."),
    "template_syntax": M("{file}:{line}: {problem}.", "Correct the template."),
    "template_variable": M("{file}:{line}: there is no variable {variable}.", "Known: {known}."),
}
