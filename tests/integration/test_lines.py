"""Lines of a batch: each as if it were alone, whatever the lines before it did, and few ways to a server."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import random
import subprocess
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, cast

import pytest

from ocop_flow import bootstrap
from ocop_flow.config import Settings, url_of
from ocop_flow.domain.commands import Act, Advance, FileRef
from ocop_flow.errors import Conflict, Refused, Unavailable, reason
from ocop_flow.service import dossiers as service
from ocop_flow.service.office import anew, line
from tests.cli.conftest import copied
from tests.cli.office import Office
from tests.databases import raw
from tests.integration.test_at_once import ANSWER, COMMUNE, RETURN, Client, clients, dossier, sent, wait_for_lock

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from ocop_flow.ports import UnitOfWork
    from ocop_flow.store.unit_of_work import SqlUnitOfWork

__all__ = ["clients", "dossier", "sent"]

#: Moves there and back; what has no business here; a paper that is asked for; and words of nothing.
_ACTIONS = (RETURN, ANSWER, RETURN, ANSWER, "accept_registration", "undo", "teleport")
_HEADING = "dossier,action,on,entry,reason,expect_version,key"


@pytest.fixture
def codes(office: Office) -> list[str]:
    made = [office.open(COMMUNE, f"Cà phê số {number}", track="existing_product") for number in range(5)]
    for code in made:
        for kind in ("registration_form", "self_assessment"):
            office.do("attach", code, "--kind", kind, "--copies", "1", who=office.holder("officer", COMMUNE))
    return made


def random_line(chance: random.Random, codes: list[str]) -> str:
    code = chance.choice(codes)
    dossier = chance.choice((code, code, code, code.lower(), code.split("-")[2], "HS-2026-999999", "Cà phê số 3"))
    reason = chance.choice(("thiếu mẫu", "thiếu mẫu", "thiếu mẫu", ""))
    expected = chance.choice(("", "", "", "4", "5"))
    key = f"k{chance.randrange(25)}" if chance.random() < 0.6 else ""
    entry = chance.choice(("", "", "", "backfill"))
    on = "2026-05-29" if entry else ""
    return ",".join((dossier, chance.choice(_ACTIONS), on, entry, reason, expected, key))


def log_of(office: Office) -> list[tuple[Any, ...]]:
    """In the order in which it was written, which becomes the order of the log."""
    with raw(office.db) as connection:
        return list(connection.execute("SELECT subject, seq, hash FROM event ORDER BY id"))


@pytest.mark.both_databases
@pytest.mark.parametrize("seed", range(6))
def test_a_batch_does_what_its_lines_do_alone(office: Office, codes: list[str], tmp_path: Path, seed: int) -> None:
    """The same exit codes and reasons, the same answers and the same log to the last hash."""
    chance = random.Random(seed)
    lines = [random_line(chance, codes) for _ in range(60)]
    file, single = tmp_path / "all.csv", tmp_path / "one.csv"
    file.write_text("\n".join([_HEADING, *lines]) + "\n", encoding="utf-8")
    officer = office.holder("officer", COMMUNE)
    (tmp_path / "copy").mkdir()
    alone = Office(copied(office.db, tmp_path / "copy"))
    together = office.ask("advance", "--batch", str(file), who=officer).document
    found = []
    for row in lines:
        single.write_text(f"{_HEADING}\n{row}\n", encoding="utf-8")
        found += alone.ask("advance", "--batch", str(single), who=officer).document
    assert [{**item, "line": 0} for item in together] == [{**item, "line": 0} for item in found]
    assert log_of(office) == log_of(alone)
    assert {item["exit"] for item in together} >= {0, 2, 3, 4}
    assert office.do("audit", "verify")["problems"] == []
    assert office.do("doctor", "--rebuild")["problems"] == []


def start(office: Office, officer: str, file: Path) -> subprocess.Popen[bytes]:
    """``ocop advance --batch`` as a process of its own."""
    words = ["advance", "--batch", str(file), "--db", str(office.db), "--as", officer, "--json"]
    environment = {**os.environ, "OCOP_NOW": f"{office.day}T10:00:00+07:00"}
    return subprocess.Popen([sys.executable, "-m", "ocop_flow", *words], stdout=subprocess.PIPE, env=environment)


class Group:
    """Lines under one commit, as a batch carries them out."""

    def __init__(self, client: Client) -> None:
        self.client = client

    def carry_out(
        self,
        moves: list[tuple[str, str, str]],
        meanwhile: Callable[[UnitOfWork, str], object] = lambda _uow, _key: None,
        held: list[str] | None = None,
    ) -> dict[str, Any]:
        """What became of each (dossier, action, key), by key; ``meanwhile`` runs at the end of each line."""
        base, found = self.client.base, {}
        with base.writer() as uow:
            uow.hold_dossiers(held or {code for code, _, _ in moves}, {key for _, _, key in moves})
            for code, action, key in moves:
                command = Advance(code, action, Act(reason="thiếu mẫu", key=key))
                try:
                    work = self._moving(command, meanwhile)
                    found[key] = line(uow, base, "advance", command, self.client.caller, work)
                except Conflict as error:
                    found[key] = error
            uow.commit()
        return found

    def _moving(self, command: Advance, meanwhile: Callable[[UnitOfWork, str], object]) -> Callable[[UnitOfWork], Any]:
        def work(uow: UnitOfWork) -> Any:
            answer = service.advance(uow, self.client.base, self.client.caller, command)
            meanwhile(uow, str(command.act.key))
            return answer

        return work


@pytest.fixture
def group(office: Office, codes: list[str]) -> Iterator[Group]:
    client = Client(office, office.holder("officer", COMMUNE))
    client.move(codes[4], RETURN, "out before")
    yield Group(client)
    client.base.close()


def fails(*keys: str) -> Callable[[UnitOfWork, str], None]:
    """At the end of these lines; of one whose key begins with ``asked`` after it has asked for something else."""

    def meanwhile(uow: UnitOfWork, key: str) -> None:
        if key.startswith("asked"):
            uow.query("SELECT 1 AS one")
        if key in keys:
            raise Conflict(reason("version_conflict", found=1, expected=2))

    return meanwhile


@pytest.mark.postgres
def test_lines_that_only_move_are_read_at_once_and_written_at_once(
    office: Office, codes: list[str], group: Group, sent: list[str]
) -> None:
    """One that fails neither asks for anything nor makes the next line of its dossier ask."""
    moves = [(code, RETURN, f"k{number}") for number, code in enumerate(codes[:4])]
    group.carry_out([moves[0], (codes[1], RETURN, "bad"), *moves[1:]], fails("bad"))
    words = [text.split()[0] for text in sent]
    assert words[:3] == ["BEGIN;", "SELECT", "SELECT"]
    assert words[-1] == "COMMIT"
    assert sorted(set(words[3:-1])) == ["INSERT", "UPDATE"]
    assert len(words) == len(set(sent))
    assert "ORDER BY d.code FOR UPDATE" in sent[1]
    assert [office.state(code) for code in codes[:4]] == ["registration.supplement"] * 4


@pytest.mark.postgres
def test_two_lines_of_one_dossier_are_two_moves(office: Office, codes: list[str], group: Group) -> None:
    """One statement would write the dossier's row once."""
    group.carry_out([(codes[0], RETURN, "out"), (codes[0], ANSWER, "in")])
    assert office.state(codes[0]) == "registration.intake"
    assert office.do("doctor", "--rebuild")["problems"] == []


@pytest.mark.both_databases
def test_a_dossier_whose_row_cannot_be_read_stops_its_own_line_alone(
    office: Office, codes: list[str], tmp_path: Path
) -> None:
    file = tmp_path / "lines.csv"
    file.write_text("\n".join([_HEADING, *(f"{code},{RETURN},,,thiếu mẫu,," for code in codes)]), encoding="utf-8")
    with raw(office.db) as connection:
        connection.execute(f"UPDATE dossier SET fold = '{{}}' WHERE code = '{codes[2]}'")
    answer = office.ask("advance", "--batch", str(file), who=office.holder("officer", COMMUNE))
    assert [item["exit"] for item in answer.document] == [0, 0, 6, 0, 0]


@pytest.mark.postgres
def test_a_row_that_two_lines_write_is_written_twice(office: Office, codes: list[str], group: Group) -> None:
    """Of two changes of one row in one statement a server makes one."""
    with group.client.base.writer() as uow:
        uow.hold_dossiers(codes[:1], [])
        (duty, *_) = uow.rows("deadline", subject=codes[0])
        for mark in ("one", "two", "three"):
            with uow.savepoint():
                cast("SqlUnitOfWork", uow).put("deadline", **{**duty, "mark": mark})
        uow.commit()
    with raw(office.db) as connection:
        assert connection.execute(f"SELECT mark FROM deadline WHERE id = '{duty['id']}'").fetchone() == ("three",)


@pytest.mark.postgres
def test_events_of_a_group_are_numbered_in_the_order_of_its_lines(
    office: Office, codes: list[str], group: Group
) -> None:
    """One statement of several parts would number them as the server likes."""
    moved = [codes[at] for at in (3, 0, 2, 1)]
    group.carry_out([(code, RETURN, f"k{code}") for code in moved])
    assert [subject for subject, _, _ in log_of(office)[-4:]] == moved


@pytest.mark.postgres
def test_a_key_that_another_used_meanwhile_sends_the_whole_group_back(
    office: Office, codes: list[str], group: Group
) -> None:
    """Nothing was written; decided anew, the line whose key it is is told so and the others are done."""
    moves, tried = [(code, RETURN, f"k{number}") for number, code in enumerate(codes[:4])], list[str]()

    def use(_uow: UnitOfWork, key: str) -> None:
        if key == "k1" and not tried:
            tried.append(key)
            with raw(office.db) as connection:
                connection.execute("INSERT INTO command VALUES ('k0', 'another digest', '{}', '2026')")

    found = anew(lambda: group.carry_out(moves, use))
    assert [key for key, answer in found.items() if isinstance(answer, Conflict)] == ["k0"]
    assert found["k0"].reasons[0].code == "key_reused"
    assert [office.state(code) for code in codes[:4]] == ["registration.intake", *["registration.supplement"] * 3]
    assert office.do("audit", "verify")["problems"] == []


@pytest.mark.postgres
def test_a_line_of_a_dossier_that_was_not_held_before_has_a_savepoint(
    office: Office, codes: list[str], group: Group, sent: list[str]
) -> None:
    """Another may have given its event's number: the line is told so, not all lines at the commit."""
    group.carry_out([(codes[0], RETURN, "one"), (codes[1], RETURN, "two")], held=codes[:1])
    words = [text.split()[0] for text in sent]
    assert words == ["BEGIN;", "SELECT", "SELECT", "WITH", "SAVEPOINT", "SELECT", "WITH", "RELEASE", "COMMIT"]


@pytest.mark.postgres
def test_a_dossier_that_was_waited_for_is_read_with_its_duties_of_then(
    office: Office, codes: list[str], group: Group
) -> None:
    """A server reads the waited row anew, and what it reads beside it as it was before."""
    other = Client(office, office.holder("officer", COMMUNE))
    away = Advance(codes[0], RETURN, Act(reason="thiếu mẫu"))
    with other.base.writer() as uow, ThreadPoolExecutor(1) as pool:
        service.advance(uow, other.base, other.caller, away)
        uow.query("SELECT 1 AS sent")
        answered = pool.submit(group.carry_out, [(codes[0], ANSWER, "in")])
        wait_for_lock(office)
        uow.commit()
        assert answered.result(10)["in"]["to_state"] == "registration.intake"
    other.base.close()
    assert office.do("doctor", "--rebuild")["problems"] == []


@pytest.mark.both_databases
def test_a_line_that_fails_takes_its_own_rows_with_it(office: Office, codes: list[str], group: Group) -> None:
    """Also where it had asked for something else and its rows were sent by then."""

    moves = [(codes[0], RETURN, "first"), (codes[1], RETURN, "plain"), (codes[2], RETURN, "asked")]
    moves += [(codes[1], RETURN, "after"), (codes[0], ANSWER, "last"), (codes[2], RETURN, "end")]
    found = group.carry_out(moves, fails("plain", "asked"))
    assert [key for key, answer in found.items() if isinstance(answer, Conflict)] == ["plain", "asked"]
    states = [office.state(code) for code in codes[:3]]
    assert states == ["registration.intake", "registration.supplement", "registration.supplement"]
    with raw(office.db) as connection:
        kept = {key for (key,) in connection.execute("SELECT key FROM command")}
    assert kept >= {"first", "after", "last", "end"}
    assert not kept & {"plain", "asked"}
    assert office.do("audit", "verify")["problems"] == []
    assert office.do("doctor", "--rebuild")["problems"] == []


@pytest.mark.postgres
def test_a_part_within_a_line_that_fails_is_undone_alone(office: Office, codes: list[str], group: Group) -> None:
    """As a row of a decision that cannot be carried out: the rows before it in the line were not sent yet."""

    def inner(uow: UnitOfWork, key: str) -> None:
        with pytest.raises(Conflict), uow.savepoint():
            uow.remember(f"inner {key}", "digest", {}, group.client.base.clock.now())
            if key == "two":
                uow.query("SELECT 1 AS one")
            raise Conflict(reason("version_conflict", found=1, expected=2))
        uow.remember(f"outer {key}", "digest", {}, group.client.base.clock.now())

    group.carry_out([(codes[0], RETURN, "one"), (codes[1], RETURN, "two")], inner)
    with raw(office.db) as connection:
        kept = {key for (key,) in connection.execute("SELECT key FROM command")}
    assert kept >= {"one", "two", "outer one", "outer two"}
    assert not kept & {"inner one", "inner two"}
    assert office.do("audit", "verify")["problems"] == []


@pytest.mark.postgres
def test_an_error_that_somebody_swallowed_is_not_a_commit(office: Office, codes: list[str], group: Group) -> None:
    """A server answers COMMIT with ROLLBACK then, and no error."""
    base = group.client.base
    with pytest.raises(Unavailable), base.writer() as uow:
        uow.remember("lost", "digest", {}, base.clock.now())
        with pytest.raises(Exception, match="division by zero"):
            uow.query("SELECT 1 / 0")
        uow.commit()
    with base.reader() as uow:
        assert uow.answered("lost") is None


@pytest.mark.both_databases
@pytest.mark.parametrize("typed", [str.upper, lambda code: code.split("-")[2]], ids=["codes", "numbers"])
def test_the_same_file_twice_at_once_is_carried_out_once(
    office: Office, codes: list[str], tmp_path: Path, typed: Callable[[str], str]
) -> None:
    """As when somebody starts it again before it is through: each line has one answer, under its key."""
    officer = office.holder("officer", COMMUNE)
    rows = [f"{typed(code)},{action},,,x,,{action}-{code}" for code in codes for action in (RETURN, ANSWER)]
    forth, back = tmp_path / "forth.csv", tmp_path / "back.csv"
    forth.write_text("\n".join([_HEADING, *rows]) + "\n", encoding="utf-8")
    pairs = [rows[at : at + 2] for at in range(0, len(rows), 2)]
    back.write_text("\n".join([_HEADING, *(row for pair in reversed(pairs) for row in pair)]) + "\n", encoding="utf-8")
    running = [start(office, officer, file) for file in (forth, back)]
    answers = [json.loads(each.communicate(timeout=60)[0]) for each in running]
    assert [each.returncode for each in running] == [0, 0], answers
    found = [sorted(repr(item["result"]) for item in each) for each in answers]
    assert found[0] == found[1]
    assert len(set(found[0])) == len(rows)
    counted = Counter(event[0] for event in log_of(office) if event[0] in codes)
    assert set(counted.values()) == {5}
    assert office.do("audit", "verify")["problems"] == []


def test_a_file_of_a_line_that_failed_is_not_kept(office: Office, tmp_path: Path) -> None:
    """Files are put away before the commit: those of a line that was taken back would lie there for nobody."""
    kept, lost = tmp_path / "giu.txt", tmp_path / "bo.txt"
    base = bootstrap.open_office(Settings(url_of(str(office.db)), "en", None, None))
    names = {}
    for path in (kept, lost):
        path.write_text(path.name)
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        names[path] = FileRef(digest, path.name, path.stat().st_size, str(path))
    with base.writer() as uow:
        uow.keep_file(names[kept])
        with contextlib.suppress(Refused), uow.savepoint():
            uow.keep_file(names[lost])
            raise Refused(reason("reason_missing"))
        uow.commit()
    assert [base.content.intact(names[path].sha256) for path in (kept, lost)] == [True, False]
