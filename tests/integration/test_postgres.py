"""PostgreSQL: the same office as on SQLite, and what only a server can get wrong."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime
from typing import TYPE_CHECKING

import psycopg
import pytest

from ocop_flow import bootstrap
from ocop_flow.config import Settings
from ocop_flow.domain.commands import Advance, Attachment
from ocop_flow.service import dossiers
from ocop_flow.service.office import Caller, carry_out
from ocop_flow.store.transaction import BEGIN_WRITER
from tests import postgres
from tests.cli.conftest import copied
from tests.cli.office import Office, ocop
from tests.databases import ServerDatabase, fresh_name, raw, server_database, standing_in
from tests.integration.reminding import World

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ocop_flow.ports import UnitOfWork
    from tests.postgres import Server

pytestmark = pytest.mark.postgres

COMMUNE = "12103"


class Died(BaseException):
    """What no handler of errors catches."""


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


# --- set up ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("dies_in", ["ocop_flow.store.partitions.split", "ocop_flow.service.setup.fill"])
def test_an_init_that_died_on_the_way_is_told_and_repeated(
    server: Server, empty: str, monkeypatch: pytest.MonkeyPatch, dies_in: str
) -> None:
    """After the schema, or after the database has said whose it is: nothing is in it yet, so all begins anew."""
    url = server.url(empty)

    def dies(*_given: object, **_named: object) -> None:
        raise Died

    with monkeypatch.context() as patched, pytest.raises(Died):
        patched.setattr(dies_in, dies)
        ocop("init", "--sandbox", "--partitions", "2", "--db", url)

    assert ocop("dossier", "list", "--db", url).exit == 6
    answer = ocop("init", "--sandbox", "--db", url, "--json")
    assert answer.exit == 0, answer.err
    assert ocop("doctor", "--db", url).exit == 0


def test_what_is_whole_or_not_ours_is_never_begun_anew(server: Server, empty: str) -> None:
    with server.connect(empty) as connection:
        connection.execute("CREATE TABLE meta (name text)")
        connection.execute("CREATE TABLE alembic_version (version_num text)")
        connection.execute("CREATE TABLE somebody_else (id int)")

    answer = ocop("init", "--sandbox", "--db", server.url(empty), "--json")

    assert answer.exit == 6
    assert answer.codes == ["database_not_ours"]


def test_evidence_lies_in_one_folder_whoever_logs_in_and_wherever_they_stand(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    found = bootstrap.files_beside("postgresql+psycopg://officer:secret@server:5432/ocop?sslmode=require")

    assert found == bootstrap.files_beside("postgresql://other@server:5432/ocop")
    assert found != bootstrap.files_beside("postgresql://other@server:5432/another")
    assert found.is_absolute()
    monkeypatch.setenv("OCOP_FILES", str(tmp_path / "shared"))
    assert bootstrap.files_beside("postgresql://other@server/ocop") == tmp_path / "shared"
    assert bootstrap.files_beside(f"sqlite:///{tmp_path}/a.db") == tmp_path / "a.db.files"


# --- a walk ----------------------------------------------------------------------------------------------------------


def test_a_dossier_walks_to_promotion_and_the_views_are_those_that_a_rebuild_finds(office: Office) -> None:
    """The truth of PostgreSQL is the same log: chains verify, views are folds."""
    dossier = office.open(COMMUNE, "Cà phê", track="new_product")
    assert office.walk(dossier, "promotion").startswith("promotion")
    assert office.do("audit", "verify")["ok"]
    assert office.do("doctor", "--rebuild")["problems"] == []


# --- a database made for a language -----------------------------------------------------------------------------------


def test_codes_are_found_by_how_they_begin_in_a_database_made_for_vietnamese(server: Server, tmp_path: Path) -> None:
    """By a dictionary's order nothing lies between ``HS-2026`` and ``HS-2026~``; ours is by letters, and indexed."""
    name = fresh_name()
    with server.connect() as connection:
        words = "TEMPLATE template0 LOCALE_PROVIDER icu ICU_LOCALE 'vi' LOCALE 'C'"
        connection.execute(f"CREATE DATABASE {name} {words}")
    database = ServerDatabase(server, name, tmp_path)
    try:
        assert ocop("init", "--sandbox", "--db", str(database)).exit == 0
        office = Office(standing_in(database))
        code = office.open(COMMUNE, "Cà phê", track="new_product")
        assert [each["code"] for each in office.do("search", code[:10])] == [code]
        with raw(standing_in(database)) as connection:
            connection.execute("SET enable_seqscan = off")
            sql = "SELECT code FROM dossier WHERE code >= 'HS-2026' AND code < 'HS-2026~' ORDER BY code LIMIT 200"
            plan = "\n".join(row[0] for row in connection.execute(f"EXPLAIN {sql}"))
    finally:
        server.drop(name)
    assert "Index Cond: ((code >= 'HS-2026'" in plan
    assert "Sort" not in plan


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


# --- rights ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def granted(office: Office, server: Server) -> ServerDatabase:
    """The office's database, with one user in each role."""
    database = server_database(office.db)
    assert database is not None
    words = ["--application", "test_application", "--auditor", "test_auditor"]
    with raw(office.db) as connection:
        for _ in range(2):
            connection.execute(ocop("admin", "postgres-roles", *words).out)
        for user in ("application", "auditor"):
            connection.execute(f"DROP ROLE IF EXISTS {user}_user")
            connection.execute(f"CREATE ROLE {user}_user LOGIN PASSWORD 'x' IN ROLE test_{user}")
            connection.execute(f"ALTER ROLE {user}_user SET role = test_{user}")
    return database


def as_user(database: ServerDatabase, user: str, *words: str) -> int:
    """Exit code of a command by this user of the server."""
    url = database.server.loopback(database.name, "x", f"{user}_user")
    return ocop(*words, "--db", url, "--json", now="2026-06-01T10:00:00+07:00").exit


def test_the_application_works_and_cannot_change_what_is_recorded(granted: ServerDatabase) -> None:
    """By privilege, beside the trigger: who steals its password still rewrites nothing."""
    assert as_user(granted, "application", "person", "add", "x", "--name", "X", "--as", "admin") == 0
    assert as_user(granted, "application", "doctor", "--rebuild") == 0
    with psycopg.connect(granted.server.loopback(granted.name, "x", "application_user").replace("+psycopg", "")) as one:
        for statement in ("UPDATE event SET seq = 1", "DELETE FROM document", "TRUNCATE event", "DROP TABLE event"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                one.execute(statement)
            one.rollback()


def test_the_auditor_reads_and_writes_nothing(granted: ServerDatabase) -> None:
    assert as_user(granted, "auditor", "audit", "verify") == 0
    assert as_user(granted, "auditor", "dossier", "list") == 0
    assert as_user(granted, "auditor", "person", "add", "x", "--name", "X", "--as", "admin") == 6
    with psycopg.connect(granted.server.loopback(granted.name, "x", "auditor_user").replace("+psycopg", "")) as one:
        for table in ("login", "session"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                one.execute(f"SELECT * FROM {table}")
            one.rollback()


@pytest.mark.parametrize("name", ["ocop; DROP TABLE event", "Ocop", "", "ocop_auditor"])
def test_a_role_that_cannot_be_named_so_is_refused(name: str) -> None:
    """The name stands in SQL."""
    assert ocop("admin", "postgres-roles", "--application", name, "--json").exit == 2


# --- a parted log ----------------------------------------------------------------------------------------------------


def test_a_parted_log_serves_like_a_whole_one(server: Server, empty: str, tmp_path: Path) -> None:
    """By hash of the subject; a number of a stream is still given once, and nothing recorded is changed."""
    url = server.url(empty)
    assert ocop("init", "--sandbox", "--partitions", "4", "--db", url, "--json").exit == 0
    office = Office(standing_in(ServerDatabase(server, empty, tmp_path)))
    dossier = office.open(COMMUNE, "Cà phê", track="existing_product")
    office.take(dossier, "return_for_supplement")
    assert office.do("audit", "verify")["ok"]
    assert office.do("doctor", "--rebuild")["problems"] == []
    with server.connect(empty) as connection:
        parts = [f"event_p{part}" for part in range(4)]
        filled = [part for part in parts if connection.execute(f"SELECT 1 FROM {part} LIMIT 1").fetchone()]
        assert len(filled) > 1
        columns = "id + 1000, subject_kind, subject, seq, 'another', action, recorded_at, occurred_on, body"
        again = f"INSERT INTO event SELECT {columns} FROM event WHERE subject = '{dossier}' AND seq = 1"
        with pytest.raises(psycopg.errors.UniqueViolation):
            connection.execute(again)
        for table in ("event", *filled):
            for statement in (f"DELETE FROM {table}", f"UPDATE {table} SET seq = 1", f"TRUNCATE {table}"):
                with pytest.raises(psycopg.errors.RestrictViolation):
                    connection.execute(statement)
    assert office.do("audit", "verify")["ok"]


def test_parts_of_no_use_are_refused(server: Server, empty: str, tmp_path: Path) -> None:
    for parts in ("0", "1", "257"):
        assert ocop("init", "--sandbox", "--partitions", parts, "--db", server.url(empty), "--json").exit == 2
    answer = ocop("init", "--sandbox", "--partitions", "4", "--db", str(tmp_path / "ocop.db"), "--json")
    assert (answer.exit, answer.codes) == (2, ["partitions_on_server_only"])


def test_a_scan_passes_over_what_another_scan_has_claimed(office: Office) -> None:
    """Deadlines are claimed with SKIP LOCKED: schedulers at the same time share the work and wait for nobody."""
    world = World.over(office.db)
    world.mailbox(COMMUNE, "xa@example.vn")
    claimed, *_ = [world.duty(number, date(2026, 6, 2)) for number in range(3)]
    with world.base.writer() as other:
        other.query("SELECT id FROM deadline WHERE id = :id FOR UPDATE", id=claimed)
        assert world.scan()["queued"] == 2
    assert world.scan()["queued"] == 1
    assert world.deliver()["sent"] == 1
    assert {row["status"] for row in world.rows()} == {"sent"}


def test_two_that_wait_for_each_other_are_told_apart_by_the_server_and_both_succeed(office: Office) -> None:
    """A deadlock has one victim; its command runs again."""
    url = str(office.db)
    first, second = office.open(COMMUNE, "Cà phê", track="existing_product"), office.open(COMMUNE, "Trà")
    gate = threading.Barrier(2)
    tried: list[str] = []

    def lock_both(codes: tuple[str, str]) -> bool:
        client = bootstrap.open_office(Settings(url, "en", None, None))

        def work(uow: UnitOfWork) -> bool:
            tried.append(codes[0])
            uow.dossier(codes[0])
            if len(tried) <= 2:
                gate.wait()
            return uow.dossier(codes[1]) is not None

        return bool(carry_out(client, "test", Advance(dossier="-", action="-"), Caller("admin"), work))

    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(lock_both, [(first, second), (second, first)])) == [True, True]
    # The victim may meet the other one again before that one is through.
    assert len(tried) >= 3


def test_a_writer_in_another_database_of_the_server_keeps_no_head_waiting(office: Office, tmp_path: Path) -> None:
    """Databases made of one have tables with the same numbers; locks are listed for the whole server."""
    other = copied(office.db, tmp_path)
    with raw(other) as connection, connection.transaction():
        connection.execute(BEGIN_WRITER.removeprefix("BEGIN; "))
        office.do("audit", "checkpoint", who="admin")
    with raw(office.db) as connection:
        settled = connection.execute("SELECT value FROM meta WHERE name = 'log_settled'").fetchone()
        assert settled == connection.execute("SELECT max(id)::text FROM event").fetchone()


def test_an_event_committed_after_a_head_was_made_over_later_ones_is_under_the_next_head(office: Office) -> None:
    """An id is given when an event is written, a position when it can be seen: a head never promises what might come.

    One connection writes and waits; another writes later and commits; a head is made; then the first commits.
    """
    early, late = office.open(COMMUNE, "Cà phê", track="existing_product"), office.open(COMMUNE, "Trà")
    officer = office.holder("officer", COMMUNE)
    office.do("audit", "checkpoint", who="admin")
    now = datetime.fromisoformat(f"{office.day}T10:00:00+07:00")
    slow = bootstrap.open_office(Settings(str(office.db), "en", None, now))
    paper = dossiers.Attach(early, (Attachment("other", 1),))
    with slow.writer() as uow:
        dossiers.attach(uow, slow, Caller(officer), paper)
        waiting = uow.query("SELECT max(id) AS id FROM event")[0]["id"]
        office.do("attach", late, "--kind", "other", "--copies", "1", who=officer)
        first = office.do("audit", "checkpoint", who="admin")
        assert office.do("audit", "verify")["problems"] == []
        uow.commit()
    slow.close()
    with raw(office.db) as connection:
        ahead = connection.execute("SELECT max(id) FROM event").fetchone()[0]
        settled = int(connection.execute("SELECT value FROM meta WHERE name = 'log_settled'").fetchone()[0])
        unplaced = connection.execute(
            "SELECT count(*) FROM event e WHERE NOT EXISTS (SELECT 1 FROM log_order o WHERE o.hash = e.hash)"
        ).fetchone()[0]
    assert ahead > waiting > settled
    assert unplaced == 1
    assert office.do("audit", "verify")["problems"] == []
    second = office.do("audit", "checkpoint", who="admin")
    assert second["size"] == first["size"] + 1
    found = office.do("audit", "verify")
    assert (found["problems"], found["ordered"], found["heads"]) == ([], second["size"], 3)
