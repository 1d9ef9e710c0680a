"""On PostgreSQL texts are compared letter by letter, as on SQLite, whatever language the database was made for.

Codes and numbers are looked up by how they begin: by a dictionary's order a range from ``HS-2026`` to ``HS-2026~`` is
empty, and no index serves it. What people read is put in Vietnamese order by the program.
"""

from __future__ import annotations

from collections import defaultdict

from alembic import op
from sqlalchemy import text

from ocop_flow.store.schema import metadata

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_OTHERWISE = """
SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod)
FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p') AND c.relname = ANY(:tables)
AND a.attnum > 0 AND NOT a.attisdropped AND a.attcollation NOT IN (0, '"C"'::regcollation)
ORDER BY c.relname, a.attnum
"""


def upgrade() -> None:
    if op.get_bind().dialect.name != "postgresql":
        return
    changes = defaultdict(list)
    for table, column, kind in op.get_bind().execute(text(_OTHERWISE), {"tables": list(metadata.tables)}):
        changes[table].append(f'ALTER COLUMN {column} TYPE {kind} COLLATE "C"')
    for table, columns in changes.items():
        op.execute(f"ALTER TABLE {table} {', '.join(columns)}")


def downgrade() -> None:
    """Nothing to take back: the columns hold the same."""
