"""What the database itself holds to: the log takes new rows alone, and changes to reference tables are counted."""

from __future__ import annotations

_COUNT = (
    "INSERT INTO reference (name, version) VALUES ('{name}', 1) "
    "ON CONFLICT (name) DO UPDATE SET version = reference.version + 1"
)
#: Count of ``reference`` -> the tables whose changes it counts.
COUNTED = (
    ("law", ("unit", "unit_successor", "law", "notice")),
    ("people", ("person", "post")),
)
#: Tables that take new rows and nothing else, and what makes a row the same as one that is there.
_APPEND_ONLY = {
    "event": ("id = NEW.id OR (subject_kind = NEW.subject_kind AND subject = NEW.subject AND seq = NEW.seq)"),
    "document": "hash = NEW.hash",
    "log_order": "position = NEW.position OR hash = NEW.hash",
    "head": "id = NEW.id OR note = NEW.note",
}


def _sqlite_guards(table: str, same: str) -> tuple[str, ...]:
    """INSERT OR REPLACE slips past triggers on UPDATE and DELETE, so a row that is there is refused before it."""
    abort = f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
    return (
        f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} {abort}",
        f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} {abort}",
        (
            f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} "
            f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {same}) {abort}"
        ),
    )


SQLITE_TRIGGERS = (
    *(guard for table, same in _APPEND_ONLY.items() for guard in _sqlite_guards(table, same)),
    *(
        f"CREATE TRIGGER {table}_counted_{act.lower()} AFTER {act} ON {table} BEGIN {_COUNT.format(name=name)}; END"
        for name, tables in COUNTED
        for table in tables
        for act in ("INSERT", "UPDATE", "DELETE")
    ),
)


def _postgres_guards(table: str) -> tuple[str, ...]:
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


#: Given again to a log that is parted (``store.partitions``).
POSTGRES_EVENT_GUARDS = _postgres_guards("event")
POSTGRES_GUARDS = (
    (
        "CREATE FUNCTION append_only() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation'; END $$"
    ),
    *(guard for table in _APPEND_ONLY for guard in _postgres_guards(table)),
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


def names(*, sqlite: bool) -> frozenset[str]:
    """Of all triggers that a database must have."""
    made = SQLITE_TRIGGERS if sqlite else POSTGRES_GUARDS
    return frozenset(text.split()[2] for text in made if text.startswith("CREATE TRIGGER "))


POSTGRES_UNGUARDS = tuple(
    f"DROP FUNCTION {name}() CASCADE" for name in ("append_only", *(f"count_{name}" for name, _ in COUNTED))
)
