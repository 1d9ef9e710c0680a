"""The migrations give the schema of the models, on both databases, and run up and down with data in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from ocop_flow.config import url_of
from ocop_flow.store import migrate, schema, statements
from ocop_flow.store.engine import open_engine
from ocop_flow.store.revision import REVISION
from tests import columns
from tests.databases import dump, raw

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy import Engine

pytestmark = pytest.mark.both_databases


@pytest.fixture
def engine(sandbox: Path) -> Iterator[Engine]:
    """A migrated database with the units, the law and an administrator in it."""
    found = open_engine(url_of(str(sandbox)))
    yield found
    found.dispose()


def test_models_and_migrated_schema_do_not_differ(engine: Engine) -> None:
    """Whoever changes a table writes its migration."""
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), schema.metadata) == []


def test_statements_know_the_columns_of_the_models() -> None:
    """``python -m tests.columns`` writes them anew."""
    assert columns.FILE.read_text(encoding="utf-8") == columns.text()
    for name, table in schema.metadata.tables.items():
        assert statements.columns(name) == tuple(table.columns.keys())
        assert statements.keys(name) == tuple(table.primary_key.columns.keys())


def test_a_step_down_and_up_again_keeps_every_row(engine: Engine, sandbox: Path) -> None:
    """An update that has to be taken back loses nothing."""
    before = dump(sandbox)
    assert len(before) > 20
    migrate.downgrade(engine, "-1")
    with raw(sandbox) as connection:
        assert [row[0] for row in connection.execute("SELECT version_num FROM alembic_version")] != [REVISION]
    migrate.upgrade(engine)
    assert dump(sandbox) == before


def test_all_the_way_down_leaves_nothing_and_up_again_everything(engine: Engine, sandbox: Path) -> None:
    tables = set(dump(sandbox))
    migrate.downgrade(engine, "base")
    assert set(dump(sandbox)) == {"alembic_version"}
    migrate.upgrade(engine)
    assert set(dump(sandbox)) == tables
