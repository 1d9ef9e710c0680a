"""PostgreSQL: the same office as on SQLite, and what only a server can get wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ocop_flow import bootstrap
from ocop_flow.config import Settings
from tests import postgres
from tests.cli.office import Office, ocop
from tests.databases import fresh_name, raw, server_database

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.postgres import Server

pytestmark = pytest.mark.postgres

COMMUNE = "12103"


@pytest.fixture
def server() -> Server:
    return postgres.shared()


@pytest.fixture
def empty(server: Server) -> Iterator[str]:
    """A database with nothing in it; its name."""
    name = fresh_name()
    server.make(name)
    yield name
    server.drop(name)


# --- a walk ----------------------------------------------------------------------------------------------------------


def test_a_dossier_walks_to_promotion_and_the_views_are_those_that_a_rebuild_finds(office: Office) -> None:
    """The truth of PostgreSQL is the same log: chains verify, views are folds."""
    dossier = office.open(COMMUNE, "Cà phê", track="new_product")
    assert office.walk(dossier, "promotion").startswith("promotion")
    assert office.do("audit", "verify")["ok"]
    assert office.do("doctor", "--rebuild")["problems"] == []


# --- an address that does not do -------------------------------------------------------------------------------------


def told(url: str, *words: str) -> list[str]:
    """Codes of the reasons of a command that must end with exit 6."""
    answer = ocop(*(words or ("dossier", "list")), "--db", url, "--json", lang="en")
    assert answer.exit == 6, answer.out + answer.err
    assert postgres.PASSWORD not in answer.out + answer.err
    return answer.codes


def test_a_server_that_is_down_is_told(server: Server) -> None:
    assert told("postgresql+psycopg://ocop:x@127.0.0.1:9/ocop") == ["database_error"]


def test_a_wrong_password_is_told(server: Server) -> None:
    assert told(server.loopback("postgres", password="wrong")) == ["database_login_refused"]


def test_a_user_that_is_unknown_is_told(server: Server) -> None:
    assert told(server.loopback("postgres", user="nobody-here")) == ["database_login_refused"]


def test_a_database_that_is_not_there_is_told(server: Server) -> None:
    assert told(server.url("absent")) == ["database_absent"]
    assert told(server.url("absent"), "init", "--sandbox") == ["database_absent"]


def test_a_database_of_another_program_is_left_alone(server: Server, empty: str) -> None:
    with server.connect(empty) as connection:
        connection.execute("CREATE TABLE invoices (number text)")
        connection.execute("CREATE TABLE meta (id integer)")
    assert told(server.url(empty)) == ["database_not_ours"]
    assert told(server.url(empty), "init", "--sandbox") == ["database_not_ours"]
    with server.connect(empty) as connection:
        found = {row[0] for row in connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")}
    assert found == {"invoices", "meta"}


@pytest.mark.parametrize(("version", "code"), [("9999", "database_newer"), ("0000", "database_older")])
def test_a_database_of_another_schema_is_told(office: Office, version: str, code: str) -> None:
    with raw(office.db) as connection:
        connection.execute(f"UPDATE alembic_version SET version_num = '{version}'")
    assert told(str(office.db)) == [code]


def test_a_user_without_rights_is_told(office: Office, server: Server) -> None:
    database = server_database(office.db)
    assert database is not None
    with raw(office.db) as connection:
        connection.execute("DROP ROLE IF EXISTS stranger")
        connection.execute("CREATE ROLE stranger LOGIN PASSWORD 'x'")
    assert told(server.loopback(database.name, "x", "stranger")) == ["database_right_missing"]


def test_a_restarted_server_is_found_again_by_an_office_that_is_open(office: Office) -> None:
    """A connection that broke while nothing was asked of it is made anew, and nobody is told."""
    opened = bootstrap.open_office(Settings(str(office.db), "en", None, None))
    with opened.reader() as uow:
        assert uow.person("admin") is not None
    with raw(office.db) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    with opened.reader() as uow:
        assert uow.person("admin") is not None
