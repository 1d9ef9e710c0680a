"""A training database is made once and copied for every test."""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
from pathlib import Path

import pytest

from tests import postgres
from tests.cli.acts import COMMUNE, PROVINCE
from tests.cli.office import Office, ocop
from tests.cli.refusals import Refusals
from tests.databases import ServerDatabase, server_database, standing_in


@pytest.fixture(scope="session")
def database_kind(request: pytest.FixtureRequest) -> str:
    """``sqlite`` or ``postgres``; ``tests/conftest.py`` says which."""
    return str(request.param)


@pytest.fixture(scope="session")
def sandbox_database(database_kind: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What ``ocop init --sandbox`` makes; never written to."""
    folder = tmp_path_factory.mktemp("sandbox")
    if database_kind == "sqlite":
        _init(str(folder / "ocop.db"))
        return folder / "ocop.db"
    server = postgres.shared()
    postgres.template(server, "sandbox", _init)
    return standing_in(ServerDatabase(server, "sandbox", folder))


def _init(db: str) -> None:
    answer = ocop("init", "--sandbox", "--db", db, "--json")
    assert answer.exit == 0, answer.out + answer.err


def copied(database: Path, folder: Path) -> Path:
    """A copy of a database that nobody has open, with its key ring."""
    served = server_database(database)
    if served is not None:
        return standing_in(served.copy(folder))
    target = folder / "ocop.db"
    with contextlib.closing(sqlite3.connect(database)) as connection:
        # What an open connection has written since the last checkpoint stands beside the file.
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    shutil.copyfile(database, target)
    shutil.copy(database.with_name(database.name + ".keys"), target.with_name(target.name + ".keys"))
    return target


@pytest.fixture
def sandbox(sandbox_database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A fresh training database of this test alone."""
    if server_database(sandbox_database) is not None:
        monkeypatch.chdir(tmp_path)
    return copied(sandbox_database, tmp_path)


@pytest.fixture
def office(sandbox: Path) -> Office:
    """An office over a fresh training database, on 1 June 2026."""
    return Office(sandbox)


@pytest.fixture
def dossier(office: Office) -> str:
    """A dossier of an existing product under 26/2026/QĐ-TTg, opened on 1 June 2026, which the commune is checking."""
    return office.open(COMMUNE, "Cà phê", track="existing_product")


@pytest.fixture
def submitted(office: Office) -> tuple[str, str]:
    """A four-star dossier before the provincial Chair, and who submitted the council's result."""
    dossier = office.open(COMMUNE, "Cà phê", track="existing_product")
    office.walk(dossier, "rating.province_decision", stars=4)
    return dossier, office.holder("council_secretary", PROVINCE)


@pytest.fixture
def refused(office: Office) -> Refusals:
    """Asks for what must be refused, as an officer of the commune."""
    return Refusals(office)
