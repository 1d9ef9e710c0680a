"""Logs recorded by earlier releases, replayed by today's code: same bytes, same folds, same hashes, same verdicts.

A log is never made anew: what differs here differs for every office that has such a history. The stories are told in
``stories.py``; that of Mỹ Hào crosses the end of the districts (Resolution 202/2025/QH15) and three decisions.
"""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ocop_flow import bootstrap, config
from ocop_flow.domain.dossier_fold import ENGINE_ACTIONS
from ocop_flow.domain.event import GENESIS
from ocop_flow.service import rebuild
from tests.cli.conftest import copied
from tests.cli.office import Office
from tests.histories.log import documents, emptied, events, log_file, read_in, result_file, result_of
from tests.histories.stories import STORIES, WORKFLOWS, my_hao

if TYPE_CHECKING:
    from ocop_flow.service.office import Office as Wired

pytestmark = pytest.mark.sqlite
RELEASED = Path(__file__).parents[2] / "workflows"
EachStory = pytest.mark.parametrize("name", STORIES)


@pytest.fixture(scope="module", params=STORIES)
def replayed(
    request: pytest.FixtureRequest, sandbox_database: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[str, Wired]:
    """A log in a database of its own, read in by today's code."""
    name = str(request.param)
    db = copied(sandbox_database, tmp_path_factory.mktemp("history"))
    emptied(db)
    wired = bootstrap.open_office(config.read(str(db), "en", None))
    read_in(wired, name)
    return name, wired


def test_every_released_workflow_has_a_log() -> None:
    """Each regime of ``workflows`` was walked under its own document, which is kept."""
    assert set(WORKFLOWS) == {file.stem for file in RELEASED.glob("*.yaml")}
    kept = documents()
    for name in WORKFLOWS:
        hashes = {event.workflow_hash for event in events(name) if event.subject_kind == "dossier"}
        assert {kept[digest or ""]["body"]["id"] for digest in hashes} == {name}


@EachStory
def test_every_event_is_written_as_it_was(name: str) -> None:
    """The canonical bytes are those of the file, and each stream is chained by their hashes."""
    read = events(name)
    assert b"".join(event.body() + b"\n" for event in read) == log_file(name).read_bytes()
    streams: dict[tuple[str, str], list[str]] = {}
    for event in read:
        stream = streams.setdefault((event.subject_kind, event.subject), [GENESIS])
        assert (event.seq, event.prev_hash) == (len(stream), stream[-1])
        stream.append(event.hash())


def test_today_folds_and_judges_it_as_when_it_was_recorded(replayed: tuple[str, Wired]) -> None:
    """Every fact that the fold had then it has today; a later release may know more facts, and leave out empty ones."""
    name, wired = replayed
    today, then = result_of(wired), json.loads(result_file(name).read_text("utf-8"))
    assert set(today) == set(then)
    for code, recorded in then.items():
        told = today[code]
        facts = {fact: value for fact, value in recorded["fold"].items() if value not in (None, [], {})}
        assert {fact: told["fold"].get(fact) for fact in facts} == facts
        assert not any(told["fold"].get(fact) for fact in recorded["fold"].keys() - facts.keys())
        assert (told["hash"], told["verdicts"]) == (recorded["hash"], recorded["verdicts"])


def test_its_views_are_what_a_rebuild_makes(replayed: tuple[str, Wired]) -> None:
    _, wired = replayed
    assert rebuild.rebuild(wired, dry_run=True)["problems"] == []


def test_no_recorded_story_breaks_a_rule() -> None:
    """All were done lawfully; what is doubtful rests on a rule that no source settles."""
    for name in STORIES:
        for told in json.loads(result_file(name).read_text("utf-8")).values():
            assert {mark for _, _, mark, _ in told["verdicts"]} <= {"doubtful"}


def test_the_dossier_of_my_hao_crossed_two_changes_of_the_law_and_one_of_units() -> None:
    """148/QĐ-TTg until the hand-over, 1489/QĐ-TTg from 6 July 2025, kept after 22 May 2026: 26/2026/QĐ-TTg art. 12
    lets what was filed before finish within 60 days, by 21 July 2026.
    """
    own = [event for event in events("my_hao_2025_2026") if event.subject_kind == "dossier"]
    moves = [(event.occurred_on.isoformat(), event.action, event.regime) for event in own if event.action != "attach"]
    assert moves[:5] == [
        ("2025-03-10", "open", "qd_148_2023"),
        ("2025-07-01", "succeed", "qd_148_2023"),
        ("2025-07-06", "migrate", "qd_1489_2025"),
        ("2025-07-10", "return_for_supplement", "qd_1489_2025"),
        ("2026-06-15", "receive_supplement", "qd_1489_2025"),
    ]
    assert moves[-1] == ("2026-07-10", "recognise", "qd_1489_2025")
    handed = next(event for event in own if event.action == "succeed").data
    assert (handed["former"]["name"], handed["commune"]["name"]) == ("Phường Bần Yên Nhân", "Phường Mỹ Hào")
    assert [(item["kind"], item["answer"]) for item in handed["missing"]] == [("registration_form", "lost")]
    again = [item["kind"] for event in own if event.seq > 5 for item in event.data.get("evidence", ())]
    assert "registration_form" in again


def test_the_story_of_my_hao_told_today_goes_the_same_way(sandbox_database: Path, tmp_path: Path) -> None:
    """The same commands lead through the same moves to the same verdicts."""
    office = Office(copied(sandbox_database, tmp_path))
    my_hao(office, tmp_path)
    wired = bootstrap.open_office(config.read(str(office.db), "en", None))
    [(code, told)] = result_of(wired).items()
    with wired.reader() as uow:
        today = [(event.action, event.to_state) for event in uow.events("dossier", code)]
    then = [event for event in events("my_hao_2025_2026") if event.subject_kind == "dossier"]
    assert today == [(event.action, event.to_state) for event in then]
    [recorded] = json.loads(result_file("my_hao_2025_2026").read_text("utf-8")).values()
    assert told["verdicts"] == recorded["verdicts"]
    assert {action for action, _ in today} & ENGINE_ACTIONS >= {"succeed", "migrate", "score", "close_sitting"}
    assert all(one.seq + 1 == other.seq for one, other in pairwise(then))
