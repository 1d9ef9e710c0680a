"""Rights on a PostgreSQL server as SQL for its administrator: who works, and who only looks."""

from __future__ import annotations

from ocop_flow.store import schema

#: What is recorded for good: rows are added, never changed.
_RECORD = ("event", "document", "log_order", "head")
#: Who may do what is of nobody's interest but the program's own.
_SECRET = ("login", "session")
#: Written by none of the two: by ``ocop init``, and by triggers.
_FIXED = ("meta", "reference", "alembic_version")


def grants(application: str, auditor: str) -> str:
    """SQL that makes two roles and gives them what they need; running it again changes nothing.

    application  adds to the record and writes everything else; cannot change or delete what is recorded
    auditor      reads all that a check of the log needs, personal values among it; no passwords, no sessions
    """
    names = [table.name for table in schema.metadata.sorted_tables]
    written = [name for name in names if name not in (*_RECORD, *_FIXED)]
    read = [name for name in names if name not in (*_SECRET, *_FIXED)]
    return "\n".join(
        [
            "-- Run as the owner of the database (psql --single-transaction), again after each ocop init --upgrade.",
            "-- Then give each role its users: GRANT role TO user.",
            *(_role(name) for name in (application, auditor)),
            *(_connect(name) for name in (application, auditor)),
            f"GRANT USAGE ON SCHEMA public TO {application}, {auditor};",
            f"REVOKE ALL ON {', '.join((*names, 'alembic_version'))} FROM PUBLIC, {application}, {auditor};",
            f"GRANT SELECT ON {', '.join(_FIXED)} TO {application}, {auditor};",
            f"GRANT SELECT, INSERT ON {', '.join(_RECORD)} TO {application};",
            f"GRANT SELECT, INSERT, UPDATE, DELETE ON {', '.join(written)} TO {application};",
            f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {application};",
            f"GRANT SELECT ON {', '.join(read)} TO {auditor};",
            "",
        ]
    )


def _role(name: str) -> str:
    return (
        f"DO $$ BEGIN IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = '{name}') "
        f"THEN CREATE ROLE {name} NOLOGIN; END IF; END $$;"
    )


def _connect(name: str) -> str:
    return f"DO $$ BEGIN EXECUTE format('GRANT CONNECT ON DATABASE %I TO {name}', current_database()); END $$;"
