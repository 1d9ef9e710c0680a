"""Tables: the log (append-only), what it needs beside it, and views that can be dropped and rebuilt from it."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# --- what is true -------------------------------------------------------------------------------------------------

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

# --- views: folds of the log ---------------------------------------------------------------------------------------

# How often the tables changed that every command reads and few write (store/reference.py); counted by triggers.
reference = Table(
    "reference", metadata, Column("name", String, primary_key=True), Column("version", Integer, nullable=False)
)

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
    Index(None, "decision", "issuer_code"),
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

# --- the outbox: what was done about duties; neither law nor view -----------------------------------------------------

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

#: Dropped and rebuilt by ``ocop doctor --rebuild``; everything else is the record itself.
VIEWS = (
    counter,
    law,
    notice,
    person,
    post,
    entity,
    product,
    dossier,
    certificate,
    council,
    sitting,
    decision,
    decision_line,
    plan,
    deadline,
    beside,
    entity_notice,
    sending,
)

_COUNT = (
    "INSERT INTO reference (name, version) VALUES ('{name}', 1) "
    "ON CONFLICT (name) DO UPDATE SET version = reference.version + 1"
)
COUNTED = (
    ("law", ("unit", "unit_successor", "law", "notice")),
    ("people", ("person", "post")),
)

#: The log takes INSERT of new rows and nothing else; INSERT OR REPLACE would slip past update and delete.
SQLITE_TRIGGERS = (
    "CREATE TRIGGER event_no_update BEFORE UPDATE ON event BEGIN SELECT RAISE(ABORT, 'event is append-only'); END",
    "CREATE TRIGGER event_no_delete BEFORE DELETE ON event BEGIN SELECT RAISE(ABORT, 'event is append-only'); END",
    (
        "CREATE TRIGGER event_no_replace BEFORE INSERT ON event "
        "WHEN EXISTS (SELECT 1 FROM event WHERE id = NEW.id "
        "OR (subject_kind = NEW.subject_kind AND subject = NEW.subject AND seq = NEW.seq)) "
        "BEGIN SELECT RAISE(ABORT, 'event is append-only'); END"
    ),
    (
        "CREATE TRIGGER document_no_update BEFORE UPDATE ON document "
        "BEGIN SELECT RAISE(ABORT, 'document is append-only'); END"
    ),
    (
        "CREATE TRIGGER document_no_delete BEFORE DELETE ON document "
        "BEGIN SELECT RAISE(ABORT, 'document is append-only'); END"
    ),
    (
        "CREATE TRIGGER document_no_replace BEFORE INSERT ON document "
        "WHEN EXISTS (SELECT 1 FROM document WHERE hash = NEW.hash) "
        "BEGIN SELECT RAISE(ABORT, 'document is append-only'); END"
    ),
    (
        "CREATE TRIGGER log_order_no_update BEFORE UPDATE ON log_order "
        "BEGIN SELECT RAISE(ABORT, 'log_order is append-only'); END"
    ),
    (
        "CREATE TRIGGER log_order_no_delete BEFORE DELETE ON log_order "
        "BEGIN SELECT RAISE(ABORT, 'log_order is append-only'); END"
    ),
    (
        "CREATE TRIGGER log_order_no_replace BEFORE INSERT ON log_order "
        "WHEN EXISTS (SELECT 1 FROM log_order WHERE position = NEW.position OR hash = NEW.hash) "
        "BEGIN SELECT RAISE(ABORT, 'log_order is append-only'); END"
    ),
    ("CREATE TRIGGER head_no_update BEFORE UPDATE ON head BEGIN SELECT RAISE(ABORT, 'head is append-only'); END"),
    ("CREATE TRIGGER head_no_delete BEFORE DELETE ON head BEGIN SELECT RAISE(ABORT, 'head is append-only'); END"),
    (
        "CREATE TRIGGER head_no_replace BEFORE INSERT ON head "
        "WHEN EXISTS (SELECT 1 FROM head WHERE id = NEW.id OR note = NEW.note) "
        "BEGIN SELECT RAISE(ABORT, 'head is append-only'); END"
    ),
    *(
        f"CREATE TRIGGER {table}_counted_{act.lower()} AFTER {act} ON {table} BEGIN {_COUNT.format(name=name)}; END"
        for name, tables in COUNTED
        for table in tables
        for act in ("INSERT", "UPDATE", "DELETE")
    ),
)


def _guards(table: str) -> tuple[str, ...]:
    """TRUNCATE is no DELETE and has a trigger of its own; a row that is there refuses its second by its key."""
    return (
        (
            f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION append_only()"
        ),
        (
            f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION append_only()"
        ),
    )


#: The same on PostgreSQL.
POSTGRES_EVENT_GUARDS = _guards("event")
POSTGRES_GUARDS = (
    (
        "CREATE FUNCTION append_only() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation'; END $$"
    ),
    *POSTGRES_EVENT_GUARDS,
    *_guards("document"),
    *_guards("log_order"),
    *_guards("head"),
    *(
        f"CREATE FUNCTION count_{name}() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS "
        f"$$ BEGIN {_COUNT.format(name=name)}; RETURN NULL; END $$"
        for name, _ in COUNTED
    ),
    *(
        f"CREATE TRIGGER {table}_counted AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION count_{name}()"
        for name, tables in COUNTED
        for table in tables
    ),
)
POSTGRES_UNGUARDS = tuple(
    f"DROP FUNCTION {name}() CASCADE" for name in ("append_only", *(f"count_{name}" for name, _ in COUNTED))
)
