"""A command about one dossier on a server: read once and not held, written by one statement if all is still so."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, cast

import psycopg
import pytest

from ocop_flow import bootstrap
from ocop_flow.config import Settings, url_of
from ocop_flow.domain.commands import Act, Advance, Attachment
from ocop_flow.errors import Conflict, Refused
from ocop_flow.service import dossiers
from ocop_flow.service.office import Caller, carry_out
from ocop_flow.service.office import once as guarded
from tests.cli.office import Office
from tests.cli.test_notices import notice
from tests.databases import raw

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from ocop_flow.ports import UnitOfWork
    from ocop_flow.store.unit_of_work import SqlUnitOfWork

pytestmark = pytest.mark.postgres
COMMUNE = "12103"
RETURN, ANSWER = "return_for_supplement", "receive_supplement"
#: What holds the dossier's row as it is read.
HELD = "FOR UPDATE OF d"


class Client:
    """One official's program, with a memory of its own."""

    def __init__(self, office: Office, officer: str) -> None:
        now = datetime.fromisoformat(f"{office.day}T10:00:00+07:00")
        self.base = bootstrap.open_office(Settings(url_of(str(office.db)), "en", None, now))
        self.caller = Caller(officer)

    def move(
        self,
        dossier: str,
        action: str,
        key: str | None,
        version: int | None = None,
        meanwhile: Callable[[UnitOfWork], object] = lambda _: None,
    ) -> Any:
        """``meanwhile`` runs between what is read and what is written."""
        command = Advance(dossier, action, Act(reason="thiếu mẫu", key=key), expect_version=version)

        def work(uow: UnitOfWork) -> Any:
            meanwhile(uow)
            return dossiers.advance(uow, self.base, self.caller, command)

        return carry_out(self.base, "advance", command, self.caller, work)


@pytest.fixture
def dossier(office: Office) -> str:
    code = office.open(COMMUNE, "Cà phê", track="existing_product")
    for kind in ("registration_form", "self_assessment"):
        office.do("attach", code, "--kind", kind, "--copies", "1", who=office.holder("officer", COMMUNE))
    return code


@pytest.fixture
def clients(office: Office, dossier: str) -> tuple[Client, Client]:
    """Both know the units, the people and the law already."""
    officer = office.holder("officer", COMMUNE)
    found = Client(office, officer), Client(office, officer)
    for number, client in enumerate(found):
        client.move(dossier, RETURN, f"out {number}")
        client.move(dossier, ANSWER, f"in {number}")
    return found


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every statement that goes to the server from now on."""
    found: list[str] = []
    execute = psycopg.Connection.execute

    def noting(connection: Any, query: Any, *values: Any, **named: Any) -> Any:
        found.append(str(query))
        return execute(connection, query, *values, **named)

    many = psycopg.Cursor.executemany

    def noting_many(cursor: Any, query: Any, *values: Any) -> None:
        found.append(str(query))
        many(cursor, query, *values)

    monkeypatch.setattr(psycopg.Connection, "execute", noting)
    monkeypatch.setattr(psycopg.Cursor, "executemany", noting_many)
    return found


def once(act: Callable[[], object]) -> Callable[[UnitOfWork], None]:
    """Does it at the first attempt alone."""
    left = [act]

    def meanwhile(_uow: UnitOfWork) -> None:
        if left:
            left.pop()()

    return meanwhile


@pytest.mark.parametrize("key", ["one", None])
def test_a_move_is_one_question_and_one_statement(
    clients: tuple[Client, Client], dossier: str, sent: list[str], key: str | None
) -> None:
    clients[0].move(dossier, RETURN, key)
    assert [text.split()[0] for text in sent] == ["SELECT", "WITH"]
    assert HELD not in sent[0]


def test_a_repeated_key_is_one_question(clients: tuple[Client, Client], dossier: str, sent: list[str]) -> None:
    first = clients[0].move(dossier, RETURN, "one")
    sent.clear()
    assert clients[0].move(dossier, RETURN, "one") == first
    assert [text.split()[0] for text in sent] == ["SELECT"]


def test_a_refused_move_is_one_question(clients: tuple[Client, Client], dossier: str, sent: list[str]) -> None:
    """Whether its key was used is known with the dossier, of the same moment."""
    with pytest.raises(Refused):
        clients[0].move(dossier, ANSWER, "one")
    assert [text.split()[0] for text in sent] == ["SELECT"]


def test_a_key_used_while_its_dossier_was_waited_for_gets_the_first_answer(
    office: Office, clients: tuple[Client, Client], dossier: str
) -> None:
    """By a typed code the dossier is not read with the key: the second is refused by then, and no refusal it is."""
    one, two = clients
    typed = dossier.lower()
    command = Advance(typed, RETURN, Act(reason="thiếu mẫu", key="K"))

    def work(uow: UnitOfWork) -> Any:
        return dossiers.advance(uow, one.base, one.caller, command)

    with one.base.writer() as uow, ThreadPoolExecutor(1) as pool:
        uow.hold("dossier", code=dossier)
        second = pool.submit(two.move, typed, RETURN, "K")
        wait_for_lock(office)
        first = guarded(uow, one.base, "advance", command, one.caller, work)
        uow.commit()
        assert second.result(10) == first


def wait_for_lock(office: Office) -> None:
    """Until one connection waits for another."""
    asked = "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
    ends = time.monotonic() + 10
    with raw(office.db) as connection:
        while connection.execute(asked).fetchone() is None:
            assert time.monotonic() < ends
            time.sleep(0.01)


def test_who_was_overtaken_decides_anew_and_holds_the_dossier_meanwhile(
    office: Office, clients: tuple[Client, Client], dossier: str, sent: list[str]
) -> None:
    """The overtaken move is made of the dossier as it is by then; nothing of the first attempt is left."""
    mine, other = clients

    def overtake() -> None:
        other.move(dossier, RETURN, "other out")
        other.move(dossier, ANSWER, "other in")

    before = len(office.do("dossier", "history", dossier))
    answer = mine.move(dossier, RETURN, "mine", meanwhile=once(overtake))
    assert answer["seq"] == before + 3
    assert len([text for text in sent if HELD in text]) == 1, "the second attempt holds it"
    sent.clear()
    mine.move(dossier, ANSWER, "mine in")
    assert not [text for text in sent if HELD in text], "the next command need not"
    assert office.do("audit", "verify")["ok"]
    assert office.do("doctor", "--rebuild")["problems"] == []


def test_who_was_overtaken_and_named_a_version_learns_what_changed(
    office: Office, clients: tuple[Client, Client], dossier: str
) -> None:
    mine, other = clients
    version = len(office.do("dossier", "history", dossier))
    with pytest.raises(Conflict) as told:
        mine.move(dossier, RETURN, "mine", version, once(lambda: other.move(dossier, RETURN, "other")))
    assert told.value.reasons[0].code == "version_conflict"
    assert told.value.reasons[0].params["found"] == version + 1


@pytest.mark.parametrize(
    "touch",
    [
        pytest.param("UPDATE dossier SET tier = tier", id="a re-rating that was filed settled a duty of the dossier"),
        pytest.param("UPDATE reference SET version = version + 1 WHERE name = 'law'", id="the law is another"),
    ],
)
def test_what_changed_without_an_event_of_the_dossier_counts_too(
    office: Office, clients: tuple[Client, Client], dossier: str, sent: list[str], touch: str
) -> None:
    tried: list[int] = []

    def meanwhile(_uow: UnitOfWork) -> None:
        tried.append(1)
        if len(tried) == 1:
            with raw(office.db) as connection:
                connection.execute(touch)

    clients[0].move(dossier, RETURN, "mine", meanwhile=meanwhile)
    assert len(tried) == 2
    assert [text for text in sent if HELD in text]


def test_a_move_that_needs_more_goes_on_in_a_transaction_if_the_dossier_is_as_it_was(
    office: Office, clients: tuple[Client, Client], dossier: str, sent: list[str]
) -> None:
    mine, other = clients
    mine.move(dossier, RETURN, "one", meanwhile=lambda uow: uow.hold("dossier", code=dossier))
    assert [text.split()[0] for text in sent] == ["SELECT", "BEGIN;", "SELECT", "SELECT", "WITH", "COMMIT"]
    seen: list[int] = []

    def holding(uow: UnitOfWork) -> None:
        seen.append(1)
        if len(seen) == 1:
            other.move(dossier, ANSWER, "other in")
            other.move(dossier, RETURN, "other out")
        uow.hold("dossier", code=dossier)

    before = len(office.do("dossier", "history", dossier))
    assert mine.move(dossier, ANSWER, "two", meanwhile=holding)["seq"] == before + 3
    assert len(seen) == 2
    assert office.do("audit", "verify")["ok"]


def test_nothing_else_is_read_unheld(clients: tuple[Client, Client], dossier: str, sent: list[str]) -> None:
    """What stands elsewhere may be written by one who holds the dossier and leaves its row as it is."""
    clients[0].move(dossier, RETURN, "one", meanwhile=lambda uow: uow.rows("decision_line", dossier=dossier))
    assert [text.split()[0] for text in sent] == ["SELECT", "BEGIN;", "SELECT", "SELECT", "WITH", "COMMIT"]
    assert HELD in sent[2]
    assert "decision_line" in sent[3]


def test_who_knows_nobody_and_no_unit_yet_reads_them_unheld(
    office: Office, clients: tuple[Client, Client], dossier: str, sent: list[str]
) -> None:
    """A new program: people, units, law and days off; the law's version is looked at again with what is written."""
    new = Client(office, office.holder("officer", COMMUNE))
    sent.clear()
    new.move(dossier, RETURN, "one")
    words = [text.split()[0] for text in sent]
    assert words == [*["SELECT"] * (len(sent) - 1), "WITH"]
    assert not [text for text in sent if HELD in text]
    for table in ("FROM person", "FROM unit ", "FROM law", "FROM notice", "FROM document"):
        assert [text for text in sent if table in text], table
    new.base.close()
    assert office.do("doctor", "--rebuild")["problems"] == []


class Papers:
    """So many papers that run out, each with a duty of its own: more rows than one statement takes."""

    def __init__(self, client: Client, dossier: str) -> None:
        self._client, self._dossier = client, dossier

    def file(self, key: str, version: int | None = None, *, dry_run: bool = False) -> Any:
        paper = Attachment("food_safety_certificate", 1, expires_on=date(2027, 1, 1))
        command = dossiers.Attach(self._dossier, (paper,) * 30, version, Act(key=key))
        base, caller = self._client.base, self._client.caller

        def work(uow: UnitOfWork) -> Any:
            return {"version": dossiers.attach(uow, base, caller, command)["version"]}

        return carry_out(base, "attach", command, caller, work, dry_run=dry_run)


def test_more_rows_than_one_statement_takes_are_one_commit(
    office: Office, clients: tuple[Client, Client], dossier: str
) -> None:
    papers, before = Papers(clients[0], dossier), len(office.do("dossier", "history", dossier))
    papers.file("trial", dry_run=True)
    with pytest.raises(Conflict):
        papers.file("late", 1)
    assert len(office.do("dossier", "history", dossier)) == before
    first = papers.file("one", before)
    assert papers.file("one", before) == first
    assert len(office.do("dossier", "history", dossier)) == before + 1
    assert office.do("audit", "verify")["ok"]
    assert office.do("doctor", "--rebuild")["problems"] == []


def test_what_a_writer_writes_before_it_asks_anything_is_written(
    office: Office, clients: tuple[Client, Client]
) -> None:
    """As the answer of a command that found nothing to do."""
    base = clients[0].base
    with base.writer() as uow:
        uow.remember("alone", "digest", {"moved": 0}, base.clock.now())
        uow.commit()
    with base.reader() as uow:
        assert uow.answered("alone") == ("digest", {"moved": 0})


def test_what_a_scan_noted_of_a_duty_meanwhile_does_not_outlive_the_duty_as_it_was(
    office: Office, clients: tuple[Client, Client], dossier: str
) -> None:
    """Else nobody would be reminded before the day that the scan had found for the old due date."""
    noted = "UPDATE deadline SET next_rung_on = '2027-04-28' WHERE outcome IS NULL"

    def scan(_uow: UnitOfWork) -> None:
        with raw(office.db) as connection:
            connection.execute(noted)

    clients[0].move(dossier, RETURN, "one", meanwhile=scan)
    with raw(office.db) as connection:
        found = connection.execute("SELECT next_rung_on FROM deadline WHERE stopped_since IS NOT NULL").fetchall()
    assert found == [("",)]


@pytest.mark.parametrize("new", [False, True], ids=["days known before", "days read meanwhile"])
def test_days_off_adopted_meanwhile_count(
    office: Office, clients: tuple[Client, Client], dossier: str, tmp_path: Path, new: bool
) -> None:
    """Who adopts them has recomputed every duty that was there: one that is written later must be counted by them."""
    clients[0].move(dossier, RETURN, "out")
    mine = Client(office, office.holder("officer", COMMUNE)) if new else clients[0]
    tried: list[int] = []

    def adopt(_uow: UnitOfWork) -> None:
        tried.append(1)
        if len(tried) == 1:
            day_off = notice(tmp_path, 2026, ("2026-06-03", "Ngày hội"), unit=COMMUNE)
            office.do("calendar", "adopt", day_off, who="admin")

    mine.move(dossier, ANSWER, "in", meanwhile=adopt)
    assert len(tried) == 2
    assert office.do("doctor", "--rebuild")["problems"] == []


def test_a_statement_under_way_is_seen_by_who_adopts_days_off_and_who_makes_a_head(
    office: Office, clients: tuple[Client, Client], dossier: str
) -> None:
    """It holds ``notice`` as every writer does (``hold_calendar``, ``order_log``)."""
    mine, read, held = clients[0], threading.Event(), threading.Event()
    version = len(office.do("dossier", "history", dossier))

    def wait(_uow: UnitOfWork) -> None:
        read.set()
        assert held.wait(10)

    with raw(office.db) as other, ThreadPoolExecutor(1) as pool:
        moved = pool.submit(mine.move, dossier, RETURN, "mine", version, wait)
        assert read.wait(10)
        with other.transaction():
            other.execute(f"SELECT 1 FROM dossier WHERE code = '{dossier}' FOR UPDATE")
            held.set()
            assert _locks(other) == ["RowShareLock"]
        assert moved.result(10)["seq"] == version + 1


def _locks(connection: Any) -> list[str]:
    """What another connection holds of ``notice``, as soon as it holds anything."""
    asked = (
        "SELECT mode FROM pg_locks WHERE relation = 'notice'::regclass AND pid <> pg_backend_pid() "
        "AND mode <> 'AccessShareLock' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
    )
    ends = time.monotonic() + 10
    found: list[Any] = []
    while not found and time.monotonic() < ends:
        found = connection.execute(asked).fetchall()
    return [mode for (mode,) in found]


def test_rows_read_beforehand_are_not_believed_after_they_were_written(
    clients: tuple[Client, Client], dossier: str
) -> None:
    """A duty written by another part of the command is compared as it is then, not as it was read with the dossier."""
    one, _ = clients
    with one.base.writer() as uow:
        before = uow.rows("deadline", subject=dossier)
    with cast("SqlUnitOfWork", one.base.writer()) as uow:
        uow.answered("k", dossier)
        uow.put("deadline", **{**before[0], "due_on": "2030-01-01"})
        uow.keep("deadline", "subject", [dossier], before, "next_rung_on")
        uow.commit()
    with one.base.reader() as uow:
        assert uow.rows("deadline", subject=dossier) == before


def test_people_that_a_command_has_written_itself_are_read_with_what_it_wrote(
    clients: tuple[Client, Client], dossier: str
) -> None:
    """What is remembered is read unheld only while the command has changed none of it."""
    one, _ = clients
    with cast("SqlUnitOfWork", one.base.writer()) as uow:
        uow.answered("k", dossier)
        assert uow.person("moi") is None
        uow.put("person", handle="moi", name="Cán bộ số 9", can_login=True, office=False, email=None, left_on=None)
        found = uow.person("moi")
        assert found is not None and found.name == "Cán bộ số 9"
