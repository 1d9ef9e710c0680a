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
    "notice_early": M(
        "Certificate {number} is valid to {valid_to}; its re-rating is filed from {opens} on.",
        "Send the notice once that day is near; earlier it tells the entity nothing that it could do.",
    ),
    "paper_empty": M(
        "There is nothing to list in a paper {kind} of {unit} today.",
        "ocop inbox --unit shows what the unit holds and what each dossier needs next.",
    ),
    "paper_not_filed": M(
        "{dossier} has not been filed, so there is nothing to acknowledge.",
        "File it first; ocop dossier actions {dossier} shows what that needs.",
    ),
    "paper_nothing_held": M(
        "Nothing of {dossier} is held that could be handed over.", "Record what is there first: ocop attach {dossier}."
    ),
    "paper_not_returned": M(
        "{dossier} has not been returned to its entity for supplement.",
        "Return it first, with the reason; ocop dossier actions {dossier} shows how.",
    ),
    "paper_not_failed": M(
        "{dossier} ({state}) has no result below three stars, and nobody has rejected it or refused to recognise it.",
        "Such a notice follows a closed sitting that found less than three stars, a rejection, or a decision not to "
        "recognise; ocop dossier show {dossier} says where it stands.",
    ),
    "paper_not_concluded": M(
        "No dossier of the sitting {sitting} has a result yet.",
        "Close the sitting for a dossier first: ocop council close {sitting} DOSSIER.",
    ),
    "paper_certificate_ended": M(
        "The certificate {number} has ended already: {status}.",
        "ocop certificate show {number} says since when, and which one took its place if any.",
    ),
    "paper_decision_annulled": M(
        "The decision {number} has been annulled.", "ocop decision show {number} says by which decision and why."
    ),
    "paper_decision_other": M(
        "The decision {number} recognises nothing: its kind is {kind}.",
        "Name a decision of recognition; ocop decision list --kind recognition lists them.",
    ),
    "round_absent": M("{regime} gives no rounds to {unit}.", "Name a province, or the centre."),
}
