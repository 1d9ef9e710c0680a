"""Texts of an audit's findings, and of a signed list held against the records."""

from __future__ import annotations

from ocop_flow.messages import Message

M = Message

MESSAGES: dict[str, Message] = {
    "edge_negative": M("{points} points are less than none.", "Give 0 or more, e.g. --edge 0.5."),
    "found_late": M("Recorded {days} days after it was done.", "Ask for the paper of that day and why it came late."),
    "found_late_campaign": M(
        "Campaign {campaign}: {count} acts of {dossiers} dossiers were recorded late, up to {days} days after.",
        "Compare a sample with the papers: ocop audit sample.",
    ),
    "found_edge_above": M(
        "The mean is {mean}; {stars} stars begin at {edge}.", "Read the sheets of the members who gave most."
    ),
    "found_edge_below": M(
        "The mean is {mean}; {stars} stars would begin at {edge}.", "Read the sheets of the members who gave least."
    ),
    "found_same_person": M(
        "{person} signed, and had prepared the dossier (event {number}).",
        "Ask whether another person could have signed; look at the decision on who signs.",
    ),
    "found_changed_undo": M("Taken back: {why}", "Read what changed: ocop audit diff."),
    "found_changed_fix": M("Corrected before scoring: {why}", "Read what changed: ocop audit diff."),
    "found_changed_detach": M("Evidence withdrawn: {why}", "Read what changed: ocop audit diff."),
    "found_changed_annul_decision": M("Decision annulled: {why}", "Read what changed: ocop audit diff."),
    "found_changed_correct_decision": M("Decision corrected: {why}", "Read what changed: ocop audit diff."),
    "found_changed_correct_certificate": M("Certificate corrected: {why}", "Read what changed: ocop audit diff."),
    "found_changed_score": M("A member's sheet was keyed again: {why}", "Read what changed: ocop audit diff."),
    "found_changed_move": M("Went back: {why}", "Read what changed: ocop audit diff."),
    "found_no_quorum": M(
        "Recognised on sitting {sitting}: {present} members sat, {required} were wanted.",
        "Compare with the minutes and with the council's own rules.",
    ),
    "found_paid_twice": M(
        "{cost} VND was paid; {before} VND had been paid on {first} for the same recognition.",
        "Compare with the resolution on support and its payments.",
    ),
    "found_paid_early": M(
        "{cost} VND was paid before the product was recognised (decision of {decided}).",
        "Compare with the resolution on support and its payments.",
    ),
    "found_paid_revoked": M(
        "{cost} VND was paid although the certificate was revoked on {day}.",
        "Compare with the resolution on support and its payments.",
    ),
    "found_paid_expired": M(
        "{cost} VND was paid although the certificate ended on {day}.",
        "Compare with the resolution on support and its payments.",
    ),
    "found_held_longest": M(
        "{unit} held {count} times, {average} days on average; longest {dossier}, {days} days.",
        "Look at the duties of that unit: ocop deadline list --unit.",
    ),
    "found_reused": M(
        "The file handed in as {kind} is the one of dossier {other}, product {product}.",
        "Compare both papers; some rightly serve several products of one entity.",
    ),
    "found_gap": M(
        "Series {series}: {count} numbers lack between the first and the last: {numbers}.",
        "Compare with the register of outgoing documents; other matters may bear those numbers.",
    ),
    "found_number_reused": M(
        "{unit} used the number {number} in one year for: {subjects}; days: {days}; signers: {people}.",
        "Ask for the signed papers: one number is one paper with one day, one signer and one matter.",
    ),
    "reconcile_missing": M(
        "Row {line}, {shown}: nothing of this decision is recorded for it.",
        "Record it with the decision, or ask for a correction of the list.",
    ),
    "reconcile_extra": M(
        "{shown}, {product}: recorded under this decision, and not on the list.",
        "Compare with the signed paper; annul or correct the line: ocop decision annul, ocop decision correct.",
    ),
    "reconcile_other_dossier": M(
        "Row {line}, {shown}: the list names the dossier {listed}, recorded is {found}.",
        "Compare with the signed paper; ask for a correction of the list, or annul the line that is wrong.",
    ),
    "reconcile_other_star": M(
        "Row {line}, {shown}: {listed} stars on the list, {found} recorded.",
        "Compare with the signed paper; correct the record: ocop decision correct.",
    ),
    "reconcile_other_name": M(
        "Row {line}: the list says {listed}, the record {found}.",
        "Compare with the signed paper; correct the record: ocop decision correct.",
    ),
    "reconcile_other_entity": M(
        "Row {line}, {shown}: entity {listed} on the list, {found} recorded.",
        "Compare with the signed paper; correct the certificate: ocop certificate correct.",
    ),
    "reconcile_other_certificate": M(
        "Row {line}, {shown}: certificate {listed} on the list, {found} recorded.",
        "Compare with the signed paper; correct the record: ocop decision correct.",
    ),
    "reconcile_annulled": M(
        "Row {line}, {shown}: its line was annulled since.", "Take the list of the decision that annulled it as well."
    ),
}
