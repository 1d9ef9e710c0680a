"""Run by Alembic: migrates the engine in the configuration, or within a transaction that is open already."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic import context

from ocop_flow.store.schema import metadata

if TYPE_CHECKING:
    from sqlalchemy import Connection


def migrate(connection: Connection) -> None:
    context.configure(connection=connection, target_metadata=metadata, render_as_batch=True)
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    migrate(given)
else:
    with context.config.attributes["engine"].connect() as connection:
        migrate(connection)
        connection.commit()
