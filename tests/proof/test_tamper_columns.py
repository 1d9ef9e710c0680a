"""Whatever an attacker writes into a column, the check ends with a named fault: it neither breaks off nor runs on.

SQLite keeps any value in any column; where the table forbids it, an attacker makes the table anew.
"""

from __future__ import annotations

import sqlite3

import pytest

from tests.cli.office import Office
from tests.proof.test_tamper import attacked, finished, problems

__all__ = ["attacked", "finished"]
pytestmark = pytest.mark.sqlite
Attacked = tuple[Office, sqlite3.Connection]
#: Text, bytes that are no text, a number without end, no whole number, nothing.
VALUES = ("x", b"\xff\xfe", 1 << 62, 1.5, None)
COLUMNS = {
    "event": ("subject_kind", "subject", "seq", "hash", "action", "recorded_at", "occurred_on", "body"),
    "log_order": ("position", "hash", "event"),
    "head": ("size", "code", "note"),
    "personal": ("digest", "salt", "value", "withheld"),
    "document": ("hash", "body"),
    "dossier": ("state", "fold"),
}
#: A value that is withheld by nothing is what it was.
AS_IT_WAS = {("personal", "withheld", None)}


@pytest.mark.parametrize(("table", "column"), [(table, name) for table, names in COLUMNS.items() for name in names])
def test_any_value_in_a_column_is_a_fault_that_is_named(attacked: Attacked, table: str, column: str) -> None:
    """In the first row, and in the last."""
    office, connection = attacked
    connection.execute(f"CREATE TABLE loose AS SELECT * FROM {table}")
    connection.execute(f"DROP TABLE {table}")
    connection.execute(f"ALTER TABLE loose RENAME TO {table}")
    for value in VALUES:
        for which in ("min", "max"):
            if (table, column, value) in AS_IT_WAS:
                continue
            row = connection.execute(f"SELECT {which}(rowid) FROM {table}").fetchone()[0]
            before = connection.execute(f"SELECT {column} FROM {table} WHERE rowid = ?", (row,)).fetchone()[0]
            connection.execute(f"UPDATE {table} SET {column} = ? WHERE rowid = ?", (value, row))
            assert problems(office), (value, which)
            connection.execute(f"UPDATE {table} SET {column} = ? WHERE rowid = ?", (before, row))
    assert problems(office) == []


@pytest.mark.parametrize("value", VALUES)
def test_a_mark_of_what_is_in_order_that_cannot_be_read_is_told(attacked: Attacked, value: object) -> None:
    """It says up to which event every one has its place; without it an event slipped in could not be told."""
    office, connection = attacked
    connection.execute("CREATE TABLE loose AS SELECT * FROM meta")
    connection.execute("DROP TABLE meta")
    connection.execute("ALTER TABLE loose RENAME TO meta")
    connection.execute("UPDATE meta SET value = ? WHERE name = 'log_settled'", (value,))
    connection.close()
    found = problems(office)
    assert value == 1 << 62 or [(item["kind"], item["detail"]) for item in found] == [("modified", "log_settled")]


def test_a_place_far_beyond_the_end_is_named_and_does_not_stretch_the_check(attacked: Attacked) -> None:
    """A number typed into one row must not make the check walk there."""
    office, connection = attacked
    far = 1 << 62
    connection.execute("UPDATE log_order SET position = ? WHERE position = 3", (far,))
    connection.close()
    found = {(item["kind"], item["position"]) for item in problems(office)}
    assert {("reordered", far), ("missing", 3)} <= found
