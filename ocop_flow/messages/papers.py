"""Texts about papers and their templates."""

from __future__ import annotations

from ocop_flow.messages import Message

M = Message

MESSAGES: dict[str, Message] = {
    "paper_kind_unknown": M("There is no paper of the kind {kind}.", "Choose one of: {known}."),
    "paper_field_not_typed": M("{field} of the paper {kind} comes from the record.", "What may be typed is: {known}."),
    "template_field_unknown": M(
        "{file}: the field {field} does not exist for papers of the kind {kind}.",
        "Correct the template; ocop paper fields {kind} lists every field.",
    ),
    "template_unreadable": M(
        "{file} cannot be read as a template: {detail}.",
        "Take a Word file (.docx) whose fields are written like in the shipped one: ocop paper template.",
    ),
    "paper_empty": M(
        "There is nothing to list in a paper {kind} of {unit} today.",
        "ocop inbox --unit shows what the unit holds and what each dossier needs next.",
    ),
    "round_absent": M("{regime} gives no rounds to {unit}.", "Name a province, or the centre."),
}
