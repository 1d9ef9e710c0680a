"""What was done about duties: reminders, messages, jobs that ran. Neither record nor view."""

from __future__ import annotations

from sqlalchemy import (
    Column,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from ocop_flow.store.schema.metadata import metadata

reminder = Table(
    "reminder",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("deadline", String, nullable=False),
    Column("due_on", String, nullable=False),  # as it was: a duty moved to another day is reminded of anew
    Column("recipient", String, nullable=False),  # person:HANDLE, unit:CODE or entity:CODE
    Column("recipient_unit", String, nullable=False),  # name of the unit where the recipient is
    Column("rung", String, nullable=False),
    Column("rung_on", String, nullable=False),
    Column("role", String, nullable=False),  # whom the rung reaches
    Column("unit", String, nullable=True),  # the responsible one
    Column("unit_name", String, nullable=True),
    Column("unit_tier", String, nullable=True),
    Column("tier", String, nullable=True),  # of the recipient
    Column("status", String, nullable=False),
    Column("message", String, nullable=True),
    Column("not_before", String, nullable=True),
    Column("queued_at", String, nullable=False),
    Column("changed_at", String, nullable=False),
    Column("acted_by", String, nullable=True),
    Column("why", String, nullable=True),  # it was superseded: done, gone, other_day, stopped, newer, over
    UniqueConstraint("deadline", "due_on", "recipient", "rung"),
    Index(None, "status", "recipient"),
    # What waits has none yet: a scan need not write into this index.
    Index(None, "message", sqlite_where=text("message IS NOT NULL"), postgresql_where=text("message IS NOT NULL")),
)

# Who noted a reminder or put it off, when and why; never changed.
reminder_act = Table(
    "reminder_act",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("reminder", Integer, nullable=False),
    Column("act", String, nullable=False),  # acknowledged, snoozed, by_hand
    Column("actor", String, nullable=False),
    Column("recorder", String, nullable=False),
    Column("at", String, nullable=False),
    Column("until", String, nullable=True),
    Column("reason", Text, nullable=True),
    Index(None, "reminder"),
)

message = Table(
    "message",
    metadata,
    Column("id", String, primary_key=True),
    Column("recipient", String, nullable=False),
    Column("day", String, nullable=False),
    Column("address", String, nullable=False),
    Column("subject", Text, nullable=False),
    Column("message_id", String, nullable=False),
    Column("status", String, nullable=False),  # queued, claimed, sent, failed, cancelled
    Column("attempts", Integer, nullable=False),
    Column("next_at", String, nullable=False),
    Column("lease", String, nullable=True),
    Column("lease_until", String, nullable=True),
    Column("sent_at", String, nullable=True),
    Column("detail", Text, nullable=True),
    UniqueConstraint("recipient", "day"),
    # Serves a lease too: what is claimed is little. Every index more is a page more to write for each letter sent.
    Index(None, "status", "next_at"),
)

# Apart, for a changed row is written whole: marking a message would write its text again.
message_body = Table(
    "message_body",
    metadata,
    Column("message", String, primary_key=True),
    Column("body", LargeBinary, nullable=False),
)

heartbeat = Table(
    "heartbeat",
    metadata,
    Column("job", String, primary_key=True),
    Column("at", String, nullable=False),
    Column("detail", Text, nullable=True),
)
