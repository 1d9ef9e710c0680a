"""The first schema: the log, its neighbours and its views."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from ocop_flow.store.schema import SQLITE_TRIGGERS

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "beside",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("subject_kind", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("commune", sa.String(), nullable=True),
        sa.Column("topic", sa.String(), nullable=False),
        sa.Column("done_on", sa.String(), nullable=False),
        sa.Column("deadline", sa.String(), nullable=True),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_beside")),
    )
    op.create_index(op.f("ix_beside_subject"), "beside", ["subject"], unique=False)
    op.create_index(op.f("ix_beside_topic_done_on"), "beside", ["topic", "done_on"], unique=False)
    op.create_table(
        "certificate",
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("product_code", sa.String(), nullable=True),
        sa.Column("product", sa.String(), nullable=False),
        sa.Column("product_name", sa.String(), nullable=False),
        sa.Column("product_set", sa.String(), nullable=True),
        sa.Column("entity", sa.String(), nullable=False),
        sa.Column("entity_name", sa.String(), nullable=False),
        sa.Column("sought", sa.String(), nullable=False),
        sa.Column("stars", sa.Integer(), nullable=False),
        sa.Column("commune", sa.String(), nullable=True),
        sa.Column("issuer_code", sa.String(), nullable=True),
        sa.Column("issuer_name", sa.String(), nullable=True),
        sa.Column("issuer_tier", sa.String(), nullable=True),
        sa.Column("decision", sa.String(), nullable=True),
        sa.Column("issued_on", sa.String(), nullable=True),
        sa.Column("valid_to", sa.String(), nullable=True),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("status_on", sa.String(), nullable=True),
        sa.Column("replaced_by", sa.String(), nullable=True),
        sa.Column("disputed", sa.Boolean(), nullable=False),
        sa.Column("unreconciled", sa.Boolean(), nullable=False),
        sa.Column("source", sa.String(), nullable=True),
        sa.Column("dossier", sa.String(), nullable=True),
        sa.Column("kept", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_certificate")),
    )
    op.create_index(
        op.f("ix_certificate_commune_valid_to_dossier"), "certificate", ["commune", "valid_to", "dossier"], unique=False
    )
    op.create_index(
        op.f("ix_certificate_decision_issuer_code_issued_on"),
        "certificate",
        ["decision", "issuer_code", "issued_on"],
        unique=False,
    )
    op.create_index(op.f("ix_certificate_dossier"), "certificate", ["dossier"], unique=False)
    op.create_index(
        op.f("ix_certificate_issuer_code_valid_to"), "certificate", ["issuer_code", "valid_to"], unique=False
    )
    op.create_index(op.f("ix_certificate_product"), "certificate", ["product"], unique=False)
    op.create_index(op.f("ix_certificate_product_code"), "certificate", ["product_code"], unique=False)
    op.create_index(op.f("ix_certificate_sought_number"), "certificate", ["sought", "number"], unique=False)
    op.create_index(op.f("ix_certificate_valid_to"), "certificate", ["valid_to"], unique=False)
    op.create_table(
        "command",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_command")),
    )
    op.create_table(
        "council",
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("unit", sa.String(), nullable=False),
        sa.Column("unit_name", sa.String(), nullable=False),
        sa.Column("tier", sa.String(), nullable=False),
        sa.Column("decision", sa.String(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_council")),
    )
    op.create_index(op.f("ix_council_unit_year"), "council", ["unit", "year"], unique=False)
    op.create_table(
        "counter",
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "year", name=op.f("pk_counter")),
    )
    op.create_table(
        "deadline",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("subject_kind", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("rule", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("mark", sa.String(), nullable=False),
        sa.Column("start_on", sa.String(), nullable=True),
        sa.Column("due_on", sa.String(), nullable=False),
        sa.Column("provisional", sa.Boolean(), nullable=False),
        sa.Column("stopped", sa.Text(), nullable=False),
        sa.Column("stopped_since", sa.String(), nullable=True),
        sa.Column("closed_on", sa.String(), nullable=True),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.Column("unit", sa.String(), nullable=True),
        sa.Column("unit_name", sa.String(), nullable=True),
        sa.Column("tier", sa.String(), nullable=True),
        sa.Column("plan", sa.String(), nullable=True),
        sa.Column("ladder", sa.String(), nullable=True),
        sa.Column("next_rung_on", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deadline")),
    )
    op.create_index(op.f("ix_deadline_next_rung_on"), "deadline", ["next_rung_on"], unique=False)
    op.create_index(op.f("ix_deadline_outcome_due_on"), "deadline", ["outcome", "due_on"], unique=False)
    op.create_index(op.f("ix_deadline_plan"), "deadline", ["plan"], unique=False)
    op.create_index(op.f("ix_deadline_subject_outcome"), "deadline", ["subject", "outcome"], unique=False)
    op.create_index(op.f("ix_deadline_unit_outcome_due_on"), "deadline", ["unit", "outcome", "due_on"], unique=False)
    op.create_table(
        "decision",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("issuer", sa.String(), nullable=False),
        sa.Column("issuer_name", sa.String(), nullable=False),
        sa.Column("issuer_tier", sa.String(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("decided_on", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision")),
    )
    op.create_index(op.f("ix_decision_number"), "decision", ["number"], unique=False)
    op.create_table(
        "decision_line",
        sa.Column("decision", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("dossier", sa.String(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("stars", sa.Integer(), nullable=True),
        sa.Column("status", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("decision", "number", name=op.f("pk_decision_line")),
    )
    op.create_index(op.f("ix_decision_line_dossier"), "decision_line", ["dossier"], unique=False)
    op.create_table(
        "document",
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_document")),
    )
    op.create_table(
        "dossier",
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("phase", sa.String(), nullable=False),
        sa.Column("tier", sa.String(), nullable=True),
        sa.Column("commune", sa.String(), nullable=False),
        sa.Column("opened_in", sa.String(), nullable=False),
        sa.Column("product", sa.String(), nullable=False),
        sa.Column("folded", sa.String(), nullable=False),
        sa.Column("sought", sa.String(), nullable=False),
        sa.Column("entity", sa.String(), nullable=False),
        sa.Column("plan", sa.String(), nullable=True),
        sa.Column("regime", sa.String(), nullable=False),
        sa.Column("previous", sa.String(), nullable=True),
        sa.Column("opened_on", sa.String(), nullable=False),
        sa.Column("moved_on", sa.String(), nullable=False),
        sa.Column("closed_on", sa.String(), nullable=True),
        sa.Column("fold", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_dossier")),
    )
    op.create_index(op.f("ix_dossier_commune"), "dossier", ["commune"], unique=False)
    op.create_index(op.f("ix_dossier_entity"), "dossier", ["entity"], unique=False)
    op.create_index(op.f("ix_dossier_folded"), "dossier", ["folded"], unique=False)
    op.create_index(op.f("ix_dossier_number"), "dossier", ["number"], unique=False)
    op.create_index(op.f("ix_dossier_plan"), "dossier", ["plan"], unique=False)
    op.create_index(op.f("ix_dossier_previous"), "dossier", ["previous"], unique=False)
    op.create_index(op.f("ix_dossier_product"), "dossier", ["product"], unique=False)
    op.create_index(op.f("ix_dossier_sought_code"), "dossier", ["sought", "code"], unique=False)
    op.create_index(op.f("ix_dossier_tier_commune"), "dossier", ["tier", "commune"], unique=False)
    op.create_table(
        "entity",
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("folded", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("commune", sa.String(), nullable=False),
        sa.Column("commune_from", sa.String(), nullable=True),
        sa.Column("aliases", sa.Text(), nullable=False),
        sa.Column("merged_into", sa.String(), nullable=True),
        sa.Column("email", sa.String(length=64), nullable=True),
        sa.Column("phone", sa.String(length=64), nullable=True),
        sa.Column("chat", sa.String(length=64), nullable=True),
        sa.Column("sex", sa.String(length=64), nullable=True),
        sa.Column("ethnic_group", sa.String(length=64), nullable=True),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_entity")),
    )
    op.create_index(op.f("ix_entity_commune"), "entity", ["commune"], unique=False)
    op.create_index(op.f("ix_entity_folded"), "entity", ["folded"], unique=False)
    op.create_table(
        "entity_notice",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("dossier", sa.String(), nullable=False),
        sa.Column("entity", sa.String(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("told_of", sa.String(), nullable=False),
        sa.Column("unit", sa.String(), nullable=True),
        sa.Column("unit_name", sa.String(), nullable=True),
        sa.Column("tier", sa.String(), nullable=True),
        sa.Column("over_on", sa.String(), nullable=True),
        sa.Column("next_rung_on", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entity_notice")),
    )
    op.create_index(op.f("ix_entity_notice_dossier"), "entity_notice", ["dossier"], unique=False)
    op.create_index(op.f("ix_entity_notice_next_rung_on"), "entity_notice", ["next_rung_on"], unique=False)
    op.create_table(
        "event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subject_kind", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("recorded_at", sa.String(), nullable=False),
        sa.Column("occurred_on", sa.String(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event")),
        sa.UniqueConstraint("subject_kind", "subject", "seq", name=op.f("uq_event_subject_kind_subject_seq")),
    )
    op.create_table(
        "head",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("made_at", sa.String(), nullable=False),
        sa.Column("imported_at", sa.String(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("peaks", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_head")),
        sa.UniqueConstraint("note", name=op.f("uq_head_note")),
    )
    op.create_index(op.f("ix_head_code"), "head", ["code"], unique=False)
    op.create_index(op.f("ix_head_size"), "head", ["size"], unique=False)
    op.create_table(
        "heartbeat",
        sa.Column("job", sa.String(), nullable=False),
        sa.Column("at", sa.String(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("job", name=op.f("pk_heartbeat")),
    )
    op.create_table(
        "log_order",
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("event", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("position", name=op.f("pk_log_order")),
        sa.UniqueConstraint("hash", name=op.f("uq_log_order_hash")),
    )
    op.create_table(
        "log_tile",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("root", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_log_tile")),
    )
    op.create_table(
        "login",
        sa.Column("handle", sa.String(), nullable=False),
        sa.Column("password_hash", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("handle", name=op.f("pk_login")),
    )
    op.create_table(
        "message",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("recipient", sa.String(), nullable=False),
        sa.Column("day", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("message_id", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_at", sa.String(), nullable=False),
        sa.Column("lease", sa.String(), nullable=True),
        sa.Column("lease_until", sa.String(), nullable=True),
        sa.Column("sent_at", sa.String(), nullable=True),
        sa.Column("detail", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message")),
        sa.UniqueConstraint("recipient", "day", name=op.f("uq_message_recipient_day")),
    )
    op.create_index(op.f("ix_message_status_next_at"), "message", ["status", "next_at"], unique=False)
    op.create_table(
        "message_body",
        sa.Column("message", sa.String(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("message", name=op.f("pk_message_body")),
    )
    op.create_table(
        "meta",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_meta")),
    )
    op.create_table(
        "person",
        sa.Column("handle", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("can_login", sa.Boolean(), nullable=False),
        sa.Column("office", sa.Boolean(), nullable=False),
        sa.Column("email", sa.String(length=64), nullable=True),
        sa.Column("left_on", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("handle", name=op.f("pk_person")),
    )
    op.create_table(
        "personal",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("salt", sa.String(length=32), nullable=False),
        sa.Column("value", sa.Text(), nullable=True),
        sa.Column("withheld", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_personal")),
    )
    op.create_table(
        "plan",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("issuer", sa.String(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("issued_on", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan")),
    )
    op.create_index(op.f("ix_plan_number"), "plan", ["number"], unique=False)
    op.create_table(
        "post",
        sa.Column("handle", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("unit", sa.String(), nullable=False),
        sa.Column("unit_from", sa.String(), nullable=True),
        sa.Column("unit_name", sa.String(), nullable=False),
        sa.Column("tier", sa.String(), nullable=False),
        sa.Column("office", sa.String(), nullable=True),
        sa.Column("decision", sa.String(), nullable=False),
        sa.Column("valid_from", sa.String(), nullable=False),
        sa.Column("valid_to", sa.String(), nullable=True),
        sa.Column("via", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("handle", "source", "seq", name=op.f("pk_post")),
    )
    op.create_index(op.f("ix_post_unit_role"), "post", ["unit", "role"], unique=False)
    op.create_table(
        "product",
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("folded", sa.String(), nullable=False),
        sa.Column("entity", sa.String(), nullable=False),
        sa.Column("product_set", sa.String(), nullable=False),
        sa.Column("aliases", sa.Text(), nullable=False),
        sa.Column("merged_into", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_product")),
    )
    op.create_index(op.f("ix_product_entity"), "product", ["entity"], unique=False)
    op.create_index(op.f("ix_product_folded"), "product", ["folded"], unique=False)
    op.create_table(
        "reference",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_reference")),
    )
    op.create_table(
        "reminder",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("deadline", sa.String(), nullable=False),
        sa.Column("due_on", sa.String(), nullable=False),
        sa.Column("recipient", sa.String(), nullable=False),
        sa.Column("recipient_unit", sa.String(), nullable=False),
        sa.Column("rung", sa.String(), nullable=False),
        sa.Column("rung_on", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("unit", sa.String(), nullable=True),
        sa.Column("unit_name", sa.String(), nullable=True),
        sa.Column("unit_tier", sa.String(), nullable=True),
        sa.Column("tier", sa.String(), nullable=True),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("message", sa.String(), nullable=True),
        sa.Column("not_before", sa.String(), nullable=True),
        sa.Column("queued_at", sa.String(), nullable=False),
        sa.Column("changed_at", sa.String(), nullable=False),
        sa.Column("acted_by", sa.String(), nullable=True),
        sa.Column("why", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminder")),
        sa.UniqueConstraint(
            "deadline", "due_on", "recipient", "rung", name=op.f("uq_reminder_deadline_due_on_recipient_rung")
        ),
    )
    op.create_index(
        op.f("ix_reminder_message"),
        "reminder",
        ["message"],
        unique=False,
        sqlite_where=sa.text("message IS NOT NULL"),
        postgresql_where=sa.text("message IS NOT NULL"),
    )
    op.create_index(op.f("ix_reminder_status_recipient"), "reminder", ["status", "recipient"], unique=False)
    op.create_table(
        "reminder_act",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reminder", sa.Integer(), nullable=False),
        sa.Column("act", sa.String(), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("recorder", sa.String(), nullable=False),
        sa.Column("at", sa.String(), nullable=False),
        sa.Column("until", sa.String(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminder_act")),
    )
    op.create_index(op.f("ix_reminder_act_reminder"), "reminder_act", ["reminder"], unique=False)
    op.create_table(
        "sending",
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("unit", sa.String(), nullable=False),
        sa.Column("unit_name", sa.String(), nullable=False),
        sa.Column("to_unit", sa.String(), nullable=True),
        sa.Column("to_name", sa.String(), nullable=True),
        sa.Column("given_on", sa.String(), nullable=False),
        sa.Column("taken_on", sa.String(), nullable=True),
        sa.Column("taken_by", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_sending")),
    )
    op.create_index(op.f("ix_sending_unit_taken_on"), "sending", ["unit", "taken_on"], unique=False)
    op.create_table(
        "session",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("handle", sa.String(), nullable=False),
        sa.Column("started_at", sa.String(), nullable=False),
        sa.Column("used_at", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_session")),
    )
    op.create_table(
        "sitting",
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("council", sa.String(), nullable=False),
        sa.Column("held_on", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_sitting")),
    )
    op.create_table(
        "unit",
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("valid_from", sa.String(), nullable=False),
        sa.Column("valid_to", sa.String(), nullable=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("folded", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("tier", sa.String(), nullable=False),
        sa.Column("parent_code", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("code", "valid_from", name=op.f("pk_unit")),
    )
    op.create_index(op.f("ix_unit_folded"), "unit", ["folded"], unique=False)
    op.create_index(op.f("ix_unit_parent_code"), "unit", ["parent_code"], unique=False)
    op.create_table(
        "unit_contact",
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("phone", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_unit_contact")),
    )
    op.create_table(
        "unit_successor",
        sa.Column("old_code", sa.String(), nullable=False),
        sa.Column("new_code", sa.String(), nullable=False),
        sa.Column("tier", sa.String(), nullable=False),
        sa.Column("effective", sa.String(), nullable=False),
        sa.Column("partial", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("old_code", "new_code", "tier", "effective", name=op.f("pk_unit_successor")),
    )
    op.create_index(op.f("ix_unit_successor_new_code"), "unit_successor", ["new_code"], unique=False)
    op.create_table(
        "law",
        sa.Column("regime", sa.String(), nullable=False),
        sa.Column("province", sa.String(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("effective_from", sa.String(), nullable=False),
        sa.Column("regime_from", sa.String(), nullable=False),
        sa.Column("regime_to", sa.String(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["hash"], ["document.hash"], name=op.f("fk_law_hash_document")),
        sa.PrimaryKeyConstraint("regime", "province", "seq", name=op.f("pk_law")),
    )
    op.create_table(
        "notice",
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("unit", sa.String(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("as_of", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["hash"], ["document.hash"], name=op.f("fk_notice_hash_document")),
        sa.PrimaryKeyConstraint("year", "unit", name=op.f("pk_notice")),
    )
    if op.get_bind().dialect.name == "sqlite":
        for trigger in SQLITE_TRIGGERS:
            op.execute(trigger)


def downgrade() -> None:
    op.drop_table("notice")
    op.drop_table("law")
    op.drop_index(op.f("ix_unit_successor_new_code"), table_name="unit_successor")
    op.drop_table("unit_successor")
    op.drop_table("unit_contact")
    op.drop_index(op.f("ix_unit_parent_code"), table_name="unit")
    op.drop_index(op.f("ix_unit_folded"), table_name="unit")
    op.drop_table("unit")
    op.drop_table("sitting")
    op.drop_table("session")
    op.drop_index(op.f("ix_sending_unit_taken_on"), table_name="sending")
    op.drop_table("sending")
    op.drop_index(op.f("ix_reminder_act_reminder"), table_name="reminder_act")
    op.drop_table("reminder_act")
    op.drop_index(op.f("ix_reminder_status_recipient"), table_name="reminder")
    op.drop_index(
        op.f("ix_reminder_message"),
        table_name="reminder",
        sqlite_where=sa.text("message IS NOT NULL"),
        postgresql_where=sa.text("message IS NOT NULL"),
    )
    op.drop_table("reminder")
    op.drop_table("reference")
    op.drop_index(op.f("ix_product_folded"), table_name="product")
    op.drop_index(op.f("ix_product_entity"), table_name="product")
    op.drop_table("product")
    op.drop_index(op.f("ix_post_unit_role"), table_name="post")
    op.drop_table("post")
    op.drop_index(op.f("ix_plan_number"), table_name="plan")
    op.drop_table("plan")
    op.drop_table("personal")
    op.drop_table("person")
    op.drop_table("meta")
    op.drop_table("message_body")
    op.drop_index(op.f("ix_message_status_next_at"), table_name="message")
    op.drop_table("message")
    op.drop_table("login")
    op.drop_table("log_tile")
    op.drop_table("log_order")
    op.drop_table("heartbeat")
    op.drop_index(op.f("ix_head_size"), table_name="head")
    op.drop_index(op.f("ix_head_code"), table_name="head")
    op.drop_table("head")
    op.drop_table("event")
    op.drop_index(op.f("ix_entity_notice_next_rung_on"), table_name="entity_notice")
    op.drop_index(op.f("ix_entity_notice_dossier"), table_name="entity_notice")
    op.drop_table("entity_notice")
    op.drop_index(op.f("ix_entity_folded"), table_name="entity")
    op.drop_index(op.f("ix_entity_commune"), table_name="entity")
    op.drop_table("entity")
    op.drop_index(op.f("ix_dossier_tier_commune"), table_name="dossier")
    op.drop_index(op.f("ix_dossier_sought_code"), table_name="dossier")
    op.drop_index(op.f("ix_dossier_product"), table_name="dossier")
    op.drop_index(op.f("ix_dossier_previous"), table_name="dossier")
    op.drop_index(op.f("ix_dossier_plan"), table_name="dossier")
    op.drop_index(op.f("ix_dossier_number"), table_name="dossier")
    op.drop_index(op.f("ix_dossier_folded"), table_name="dossier")
    op.drop_index(op.f("ix_dossier_entity"), table_name="dossier")
    op.drop_index(op.f("ix_dossier_commune"), table_name="dossier")
    op.drop_table("dossier")
    op.drop_table("document")
    op.drop_index(op.f("ix_decision_line_dossier"), table_name="decision_line")
    op.drop_table("decision_line")
    op.drop_index(op.f("ix_decision_number"), table_name="decision")
    op.drop_table("decision")
    op.drop_index(op.f("ix_deadline_unit_outcome_due_on"), table_name="deadline")
    op.drop_index(op.f("ix_deadline_subject_outcome"), table_name="deadline")
    op.drop_index(op.f("ix_deadline_plan"), table_name="deadline")
    op.drop_index(op.f("ix_deadline_outcome_due_on"), table_name="deadline")
    op.drop_index(op.f("ix_deadline_next_rung_on"), table_name="deadline")
    op.drop_table("deadline")
    op.drop_table("counter")
    op.drop_index(op.f("ix_council_unit_year"), table_name="council")
    op.drop_table("council")
    op.drop_table("command")
    op.drop_index(op.f("ix_certificate_valid_to"), table_name="certificate")
    op.drop_index(op.f("ix_certificate_sought_number"), table_name="certificate")
    op.drop_index(op.f("ix_certificate_product_code"), table_name="certificate")
    op.drop_index(op.f("ix_certificate_product"), table_name="certificate")
    op.drop_index(op.f("ix_certificate_issuer_code_valid_to"), table_name="certificate")
    op.drop_index(op.f("ix_certificate_dossier"), table_name="certificate")
    op.drop_index(op.f("ix_certificate_decision_issuer_code_issued_on"), table_name="certificate")
    op.drop_index(op.f("ix_certificate_commune_valid_to_dossier"), table_name="certificate")
    op.drop_table("certificate")
    op.drop_index(op.f("ix_beside_topic_done_on"), table_name="beside")
    op.drop_index(op.f("ix_beside_subject"), table_name="beside")
    op.drop_table("beside")
