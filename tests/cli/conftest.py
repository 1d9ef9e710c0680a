"""A training database is made once and copied for every test."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from tests.cli.office import Office, ocop

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="session")
def sandbox_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What ``ocop init --sandbox`` makes; never written to."""
    db = tmp_path_factory.mktemp("sandbox") / "ocop.db"
    answer = ocop("init", "--sandbox", "--db", str(db), "--json")
    assert answer.exit == 0, answer.out + answer.err
    return db


def copied(database: Path, folder: Path) -> Path:
    """A copy of a database that nobody has open, with its key ring."""
    target = folder / "ocop.db"
    shutil.copyfile(database, target)
    shutil.copy(database.with_name(database.name + ".keys"), target.with_name(target.name + ".keys"))
    return target


@pytest.fixture
def sandbox(sandbox_database: Path, tmp_path: Path) -> Path:
    """A fresh training database of this test alone."""
    return copied(sandbox_database, tmp_path)


@pytest.fixture
def office(sandbox: Path) -> Office:
    """An office over a fresh training database, on 1 June 2026."""
    return Office(sandbox)
