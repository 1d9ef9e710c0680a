"""Screens are tried over the same training databases as the commands."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import copied, database_kind, office, sandbox, sandbox_database
from tests.cli.councils import RULES, Table, table
from tests.cli.office import Office

__all__ = ["database_kind", "office", "sandbox", "sandbox_database"]


@pytest.fixture(scope="session")
def council_database(sandbox_database: Path, tmp_path_factory: pytest.TempPathFactory) -> Table:
    """A provincial council of two members with one dossier before it; never written to."""
    return table(Office(copied(sandbox_database, tmp_path_factory.mktemp("council"))), RULES, members=2)


@pytest.fixture
def council(council_database: Table, tmp_path: Path) -> Table:
    return council_database.copied(tmp_path)
