"""What is true: the log (append-only), its order and heads, stored documents, and what stands beside them.

Dropped by nothing; a backup holds all of it.
"""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from ocop_flow.store.schema.metadata import metadata

meta = Table("meta", metadata, Column("name", String, primary_key=True), Column("value", Text, nullable=False))

event = Table(
    "event",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("subject_kind", String, nullable=False),
    Column("subject", String, nullable=False),
    Column("seq", Integer, nullable=False),
    # Without an index: each new hash would lie on a page of its own. An event is found by its id (log_order).
    Column("hash", String(64), nullable=False),
    Column("action", String, nullable=False),
    Column("recorded_at", String, nullable=False),
    Column("occurred_on", String, nullable=False),
    Column("body", LargeBinary, nullable=False),
    UniqueConstraint("subject_kind", "subject", "seq"),
)

# The order of the whole log; a position is given once, to a committed event, by a job that no writer waits for.
log_order = Table(
    "log_order",
    metadata,
    Column("position", Integer, primary_key=True, autoincrement=False),  # 0, 1, 2, … without gap
    Column("hash", String(64), nullable=False, unique=True),
    Column("event", Integer, nullable=False),  # its id
)

# Roots of 256 leaves each (domain.merkle), so that a new head and a proof read little; made anew from log_order.
log_tile = Table(
    "log_tile",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("root", String(64), nullable=False),
)

head = Table(
    "head",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("size", Integer, nullable=False),
    Column("code", String, nullable=False),
    Column("made_at", String, nullable=False),
    Column("imported_at", String, nullable=True),  # null for a head made here
    Column("note", Text, nullable=False, unique=True),  # what was signed, with its signature
    Column("peaks", Text, nullable=False),  # compact range at this size, from which the next head grows
    Index(None, "size"),
    Index(None, "code"),
)

document = Table(
    "document",
    metadata,
    Column("hash", String(64), primary_key=True),
    Column("kind", String, nullable=False),
    Column("body", LargeBinary, nullable=False),
)

personal = Table(
    "personal",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("salt", String(32), nullable=False),
    Column("value", Text, nullable=True),
    Column("withheld", String, nullable=True),
)

command = Table(
    "command",
    metadata,
    Column("key", String, primary_key=True),
    Column("digest", String(64), nullable=False),
    Column("answer", Text, nullable=False),
    Column("recorded_at", String, nullable=False),
)

login = Table(
    "login", metadata, Column("handle", String, primary_key=True), Column("password_hash", String, nullable=False)
)

session = Table(
    "session",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("handle", String, nullable=False),
    Column("started_at", String, nullable=False),
    Column("used_at", String, nullable=False),
)

unit = Table(
    "unit",
    metadata,
    Column("code", String, primary_key=True),
    Column("valid_from", String, primary_key=True),  # '' where unknown: a primary key takes no null
    Column("valid_to", String, nullable=True),
    Column("name", String, nullable=False),
    Column("folded", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("tier", String, nullable=False),
    Column("parent_code", String, nullable=True),
    Index(None, "parent_code"),
    Index(None, "folded"),
)

unit_successor = Table(
    "unit_successor",
    metadata,
    Column("old_code", String, primary_key=True),
    Column("new_code", String, primary_key=True),
    Column("tier", String, primary_key=True),
    Column("effective", String, primary_key=True),
    Column("partial", Boolean, nullable=False),
    Index(None, "new_code"),
)

unit_contact = Table(
    "unit_contact",
    metadata,
    Column("code", String, primary_key=True),
    Column("email", String, nullable=False),
    Column("phone", String, nullable=True),
)

# How often the tables changed that every command reads and few write (store/reference.py); counted by triggers.
reference = Table(
    "reference", metadata, Column("name", String, primary_key=True), Column("version", Integer, nullable=False)
)
