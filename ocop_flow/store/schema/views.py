"""Folds of the log: each can be dropped and is made anew, row for row, by ``ocop doctor --rebuild``."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
)

from ocop_flow.store.schema.metadata import metadata

counter = Table(
    "counter",
    metadata,
    Column("kind", String, primary_key=True),
    Column("year", Integer, primary_key=True),
    Column("last", Integer, nullable=False),
)

law = Table(
    "law",
    metadata,
    Column("regime", String, primary_key=True),
    Column("province", String, primary_key=True),  # '' for the national document
    Column("seq", Integer, primary_key=True),
    Column("effective_from", String, nullable=False),  # '' for a national document: its own dates hold
    Column("regime_from", String, nullable=False),
    Column("regime_to", String, nullable=False),
    Column("hash", String(64), ForeignKey("document.hash"), nullable=False),
)

notice = Table(
    "notice",
    metadata,
    Column("year", Integer, primary_key=True),
    Column("unit", String, primary_key=True),  # '' for the whole country
    Column("seq", Integer, nullable=False),
    Column("as_of", String, nullable=False),
    Column("source", String, nullable=False),
    Column("hash", String(64), ForeignKey("document.hash"), nullable=False),
)

person = Table(
    "person",
    metadata,
    Column("handle", String, primary_key=True),
    Column("name", String, nullable=False),
    Column("can_login", Boolean, nullable=False),
    Column("office", Boolean, nullable=False),
    Column("email", String(64), nullable=True),
    Column("left_on", String, nullable=True),
)

post = Table(
    "post",
    metadata,
    Column("handle", String, primary_key=True),
    Column("source", String, primary_key=True),  # subject of the event that gave it: the person, or a council
    Column("seq", Integer, primary_key=True),
    Column("role", String, nullable=False),
    Column("unit", String, nullable=False),
    Column("unit_from", String, nullable=True),
    Column("unit_name", String, nullable=False),
    Column("tier", String, nullable=False),
    Column("office", String, nullable=True),
    Column("decision", String, nullable=False),
    Column("valid_from", String, nullable=False),
    Column("valid_to", String, nullable=True),
    Column("via", String, nullable=False),
    Index(None, "unit", "role"),
)

entity = Table(
    "entity",
    metadata,
    Column("code", String, primary_key=True),
    Column("name", String, nullable=False),
    Column("folded", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("commune", String, nullable=False),
    Column("commune_from", String, nullable=True),
    Column("aliases", Text, nullable=False),
    Column("merged_into", String, nullable=True),
    # Sealed digests of where it is reached; null where it gave none.
    Column("email", String(64), nullable=True),
    Column("phone", String(64), nullable=True),
    Column("chat", String(64), nullable=True),
    # Sealed digests of what is recorded of its representative; null where nothing is.
    Column("sex", String(64), nullable=True),
    Column("ethnic_group", String(64), nullable=True),
    Index(None, "folded"),
    Index(None, "commune"),
)

product = Table(
    "product",
    metadata,
    Column("code", String, primary_key=True),
    Column("name", String, nullable=False),
    Column("folded", String, nullable=False),
    Column("entity", String, nullable=False),
    Column("product_set", String, nullable=False),
    Column("aliases", Text, nullable=False),
    Column("merged_into", String, nullable=True),
    Index(None, "folded"),
    Index(None, "entity"),
)

dossier = Table(
    "dossier",
    metadata,
    Column("code", String, primary_key=True),
    Column("number", Integer, nullable=False),
    Column("version", Integer, nullable=False),
    Column("state", String, nullable=False),
    Column("phase", String, nullable=False),
    Column("tier", String, nullable=True),
    Column("commune", String, nullable=False),
    Column("opened_in", String, nullable=False),  # code of the commune at opening, whatever took its place
    Column("product", String, nullable=False),
    Column("folded", String, nullable=False),
    Column("sought", String, nullable=False),  # product and entity, folded: what a search looks into
    Column("entity", String, nullable=False),
    Column("plan", String, nullable=True),
    Column("regime", String, nullable=False),
    Column("previous", String, nullable=True),
    Column("opened_on", String, nullable=False),
    Column("moved_on", String, nullable=False),  # legal day of the newest move
    Column("closed_on", String, nullable=True),
    Column("fold", Text, nullable=False),
    Index(None, "tier", "commune"),
    Index(None, "commune"),
    Index(None, "number"),
    Index(None, "product"),
    Index(None, "folded"),
    Index(None, "sought", "code"),  # alone answers a search: the rows themselves are long
    Index(None, "entity"),
    Index(None, "plan"),
    Index(None, "previous"),
)

certificate = Table(
    "certificate",
    metadata,
    Column("number", String, primary_key=True),
    Column("product_code", String, nullable=True),
    Column("product", String, nullable=False),
    Column("product_name", String, nullable=False),
    Column("product_set", String, nullable=True),
    Column("entity", String, nullable=False),
    Column("entity_name", String, nullable=False),
    Column("sought", String, nullable=False),  # product and entity, folded
    Column("stars", Integer, nullable=False),
    Column("commune", String, nullable=True),
    Column("issuer_code", String, nullable=True),
    Column("issuer_name", String, nullable=True),
    Column("issuer_tier", String, nullable=True),
    Column("decision", String, nullable=True),
    Column("issued_on", String, nullable=True),
    Column("valid_to", String, nullable=True),
    Column("status", String, nullable=False),
    Column("status_on", String, nullable=True),  # the day from which it holds; null while it is the first
    Column("replaced_by", String, nullable=True),
    Column("disputed", Boolean, nullable=False),
    Column("unreconciled", Boolean, nullable=False),
    Column("source", String, nullable=True),
    Column("dossier", String, nullable=True),
    Column("kept", Text, nullable=True),  # who keeps it since its issuer ended, as JSON
    Index(None, "dossier"),
    Index(None, "valid_to"),
    Index(None, "product"),
    Index(None, "sought", "number"),
    Index(None, "product_code"),
    Index(None, "commune", "valid_to", "dossier"),  # alone counts what a commune's dossiers were given
    Index(None, "issuer_code", "valid_to"),
    # A number is its issuer's for one year: what it stood behind in others is not touched.
    Index(None, "decision", "issuer_code", "issued_on"),
)

council = Table(
    "council",
    metadata,
    Column("code", String, primary_key=True),
    Column("unit", String, nullable=False),
    Column("unit_name", String, nullable=False),
    Column("tier", String, nullable=False),
    Column("decision", String, nullable=False),
    Column("round", Integer, nullable=False),
    Column("year", Integer, nullable=False),
    Index(None, "unit", "year"),
)

sitting = Table(
    "sitting",
    metadata,
    Column("code", String, primary_key=True),
    Column("council", String, nullable=False),
    Column("held_on", String, nullable=False),
)

decision = Table(
    "decision",
    metadata,
    Column("id", String, primary_key=True),
    Column("number", String, nullable=False),
    Column("issuer", String, nullable=False),
    Column("issuer_name", String, nullable=False),
    Column("issuer_tier", String, nullable=False),
    Column("year", Integer, nullable=False),
    Column("decided_on", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("title", String, nullable=False),
    Column("status", String, nullable=False),
    Index(None, "number"),
)

decision_line = Table(
    "decision_line",
    metadata,
    Column("decision", String, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("dossier", String, nullable=False),
    Column("action", String, nullable=False),
    Column("seq", Integer, nullable=False),  # the dossier's event that carries it out
    Column("stars", Integer, nullable=True),
    Column("status", String, nullable=False),
    Index(None, "dossier"),
)

plan = Table(
    "plan",
    metadata,
    Column("id", String, primary_key=True),
    Column("number", String, nullable=False),
    Column("issuer", String, nullable=False),
    Column("year", Integer, nullable=False),
    Column("title", String, nullable=False),
    Column("issued_on", String, nullable=False),
    Index(None, "number"),
)

deadline = Table(
    "deadline",
    metadata,
    Column("id", String, primary_key=True),
    Column("subject_kind", String, nullable=False),
    Column("subject", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("rule", String, nullable=False),
    Column("source", String, nullable=False),
    Column("mark", String, nullable=False),
    Column("start_on", String, nullable=True),
    Column("due_on", String, nullable=False),
    Column("provisional", Boolean, nullable=False),
    Column("stopped", Text, nullable=False),
    Column("stopped_since", String, nullable=True),
    Column("closed_on", String, nullable=True),
    Column("outcome", String, nullable=True),  # met, cancelled; null while open
    Column("unit", String, nullable=True),
    Column("unit_name", String, nullable=True),
    Column("tier", String, nullable=True),
    Column("plan", String, nullable=True),
    Column("ladder", String, nullable=True),  # whose rungs remind of it; null: nobody is reminded
    # Day of the next rung; '' until a scan has looked at what is written here, null when no rung is ahead. The scan's
    # own note: a row written anew asks for another look, and a rebuild does not compare it.
    Column("next_rung_on", String, nullable=True),
    Index(None, "subject", "outcome"),
    Index(None, "outcome", "due_on"),
    Index(None, "unit", "outcome", "due_on"),
    Index(None, "plan"),
    Index(None, "next_rung_on"),
)

# What a dossier's entity is told once: that it was returned, what came of it.
entity_notice = Table(
    "entity_notice",
    metadata,
    Column("id", String, primary_key=True),
    Column("dossier", String, nullable=False),
    Column("entity", String, nullable=False),
    Column("seq", Integer, nullable=False),  # of the event that is told
    Column("kind", String, nullable=False),
    Column("told_of", String, nullable=False),  # day of that event
    Column("unit", String, nullable=True),  # who tells it
    Column("unit_name", String, nullable=True),
    Column("tier", String, nullable=True),
    Column("over_on", String, nullable=True),  # day from which it is true no more; null while it is
    Column("next_rung_on", String, nullable=True),  # '' until a scan has seen it; the scan's own note
    Index(None, "dossier"),
    Index(None, "next_rung_on"),
)

# Work lists and packets that were given out: taken once, or still on their way.
sending = Table(
    "sending",
    metadata,
    Column("code", String, primary_key=True),
    Column("kind", String, nullable=False),  # worklist, packet
    Column("unit", String, nullable=False),
    Column("unit_name", String, nullable=False),
    Column("to_unit", String, nullable=True),
    Column("to_name", String, nullable=True),
    Column("given_on", String, nullable=False),
    Column("taken_on", String, nullable=True),
    Column("taken_by", String, nullable=True),
    Index(None, "unit", "taken_on"),
)

beside = Table(
    "beside",
    metadata,
    Column("id", String, primary_key=True),
    Column("subject_kind", String, nullable=False),
    Column("subject", String, nullable=False),
    Column("commune", String, nullable=True),
    Column("topic", String, nullable=False),
    Column("done_on", String, nullable=False),
    Column("deadline", String, nullable=True),
    Column("body", Text, nullable=False),
    Index(None, "subject"),
    Index(None, "topic", "done_on"),
)
