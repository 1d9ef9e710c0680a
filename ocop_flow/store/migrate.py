"""Brings a database to the schema of this program; imported by ``ocop init`` alone, for Alembic is slow to load."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from alembic import command
from alembic.config import Config

from ocop_flow.store import schema
from ocop_flow.store.sqlite_file import APPLICATION_ID

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Connection, Engine


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Run the migrations up to ``revision`` in one transaction each."""
    if engine.dialect.name == "sqlite":
        with engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA journal_mode = WAL")
            connection.exec_driver_sql(f"PRAGMA application_id = {APPLICATION_ID}")
    command.upgrade(_config(engine), revision)


def build(connection: Connection) -> None:
    """The newest schema in an empty database, within the transaction of this connection."""
    config = _config(connection.engine)
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def downgrade(engine: Engine, revision: str) -> None:
    command.downgrade(_config(engine), revision)


def only_ours(tables: Iterable[str]) -> bool:
    """Whether every table is one of ours, parts of the log included."""
    own = {*schema.metadata.tables, "alembic_version", "event_whole"}
    return all(name in own or name.startswith("event_p") for name in tables)


def clear(engine: Engine) -> None:
    """Remove our tables and functions from a server's database, in one transaction."""
    from sqlalchemy import inspect

    functions = ("append_only", *(f"count_{name}" for name, _tables in schema.COUNTED))
    with engine.begin() as connection:
        for name in inspect(connection).get_table_names():
            if only_ours([name]):
                connection.exec_driver_sql(f"DROP TABLE IF EXISTS {name} CASCADE")
        for name in functions:
            connection.exec_driver_sql(f"DROP FUNCTION IF EXISTS {name}() CASCADE")


def _config(engine: Engine) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["engine"] = engine
    return config
