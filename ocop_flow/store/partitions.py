"""The log of a large PostgreSQL database in parts, by hash of the subject: a stream lies in one part whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ocop_flow.errors import InputInvalid, reason
from ocop_flow.store.schema.triggers import POSTGRES_EVENT_GUARDS

if TYPE_CHECKING:
    from sqlalchemy import Engine

#: More parts than this cost every statement more than they save.
MOST = 256


def check(backend: str, parts: int) -> None:
    """raises InputInvalid where there is nothing to part, or for a number that is of no use."""
    if backend != "postgresql":
        raise InputInvalid(reason("partitions_on_server_only"))
    if not 2 <= parts <= MOST:
        raise InputInvalid(reason("partitions_out_of_range", parts=parts, most=MOST))


def split(engine: Engine, parts: int) -> None:
    """Part the log, in one transaction.

    A key of a parted table must name what it is parted by, so the subject joins the key of the ids, which are given
    once.
    """
    with engine.begin() as connection:
        for statement in _statements(parts):
            connection.exec_driver_sql(statement)


def _statements(parts: int) -> list[str]:
    return [
        "LOCK TABLE event IN ACCESS EXCLUSIVE MODE",
        "ALTER TABLE event RENAME TO event_whole",
        "CREATE TABLE event (LIKE event_whole INCLUDING DEFAULTS) PARTITION BY HASH (subject)",
        "ALTER SEQUENCE event_id_seq OWNED BY event.id",
        *(
            f"CREATE TABLE event_p{part} PARTITION OF event FOR VALUES WITH (MODULUS {parts}, REMAINDER {part})"
            for part in range(parts)
        ),
        "INSERT INTO event SELECT * FROM event_whole ORDER BY id",
        "DROP TABLE event_whole",
        "ALTER TABLE event ADD CONSTRAINT pk_event PRIMARY KEY (id, subject)",
        "ALTER TABLE event ADD CONSTRAINT uq_event_subject_kind_subject_seq UNIQUE (subject, subject_kind, seq)",
        *POSTGRES_EVENT_GUARDS,
        # A trigger for each row goes along to the parts; the one for TRUNCATE does not.
        *(
            f"CREATE TRIGGER event_no_truncate BEFORE TRUNCATE ON event_p{part} "
            "FOR EACH STATEMENT EXECUTE FUNCTION append_only()"
            for part in range(parts)
        ),
    ]
