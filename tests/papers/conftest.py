"""One office with something to say in every kind of paper, made once; the papers are read and nothing is changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.cli.conftest import copied, database_kind, sandbox, sandbox_database
from tests.cli.office import Office
from tests.papers.world import World, made

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["database_kind", "sandbox", "sandbox_database"]


@pytest.fixture(scope="session")
def world(sandbox_database: Path, tmp_path_factory: pytest.TempPathFactory) -> World:
    office = Office(copied(sandbox_database, tmp_path_factory.mktemp("papers")))
    found = made(office)
    office.do("audit", "checkpoint", who="admin")
    return found
