"""On PostgreSQL too the log and its documents take new rows and nothing else."""

from __future__ import annotations

from alembic import op

from ocop_flow.store.schema import POSTGRES_GUARDS, POSTGRES_UNGUARDS

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _run(POSTGRES_GUARDS)


def downgrade() -> None:
    _run(POSTGRES_UNGUARDS)


def _run(statements: tuple[str, ...]) -> None:
    if op.get_bind().dialect.name == "postgresql":
        for statement in statements:
            op.execute(statement)
