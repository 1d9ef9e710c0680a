"""``ocop guide``: every task in both languages, the caller's own first, and nothing in it that does not exist."""

from __future__ import annotations

import ast
import os
import re
import shlex
import subprocess
import sys
from importlib import import_module
from importlib.resources import files
from pathlib import Path

import click
import pytest

import ocop_flow
from ocop_flow import i18n
from ocop_flow.cli import COMMANDS, own
from ocop_flow.cli import ocop as program
from ocop_flow.cli.guide import TOPICS, topic
from tests.cli.contract import held
from tests.cli.office import Office, ocop

LINES = [(name, lang, line) for name in TOPICS for lang in ("vi", "en") for line in topic(name, lang).commands]
SOURCE = Path(ocop_flow.__file__).parent
ERRORS = ("InputInvalid", "Refused", "NotFound", "Conflict", "Unavailable")


def command_of(words: list[str]) -> tuple[click.Command, list[str]]:
    """The command that these words name, and what is left of them."""
    found: click.Command = program
    while isinstance(found, click.Group) and words and not words[0].startswith("-"):
        inner = found.get_command(click.Context(found), words[0])
        assert inner is not None, f"no such command: {words}"
        found, words = inner, words[1:]
    return found, words


def test_there_is_a_text_for_each_topic_in_each_language_and_no_other() -> None:
    there = sorted(each.name for each in (files("ocop_flow") / "guide").iterdir())
    assert there == sorted(f"{name}.{lang}.txt" for name in TOPICS for lang in i18n.LANGUAGES)


@pytest.mark.parametrize("name", TOPICS)
def test_both_languages_say_the_same(name: str) -> None:
    """The same roles and name, as many steps, and the same options of the same commands."""
    vi, en = topic(name, "vi"), topic(name, "en")
    assert (vi.alias, vi.roles, vi.title != en.title) == (en.alias, en.roles, True)
    assert vi.text.count("\n\n") == en.text.count("\n\n")
    for one, other in zip(vi.commands, en.commands, strict=True):
        assert command_of(shlex.split(one)[1:])[0] is command_of(shlex.split(other)[1:])[0]
        assert re.findall(r" --[a-z-]+", one) == re.findall(r" --[a-z-]+", other)


@pytest.mark.parametrize(("name", "lang", "line"), LINES, ids=lambda value: str(value)[:60])
def test_every_command_of_the_guide_exists_and_takes_what_it_is_given(name: str, lang: str, line: str) -> None:
    """Its options are known, those it needs are there, and so are its arguments (parsed, not run)."""
    words = shlex.split(line)
    assert words[0] == "ocop"
    command, rest = command_of(words[1:])
    assert not isinstance(command, click.Group) or rest == ["--help"]
    if rest != ["--help"]:
        command.make_context("ocop", rest, resilient_parsing=False)


#: Acts that are recorded with a reason only (DESIGN section 7: ``plan move``, ``deadline extend``, ``withhold``; the
#: others change what has been recorded, or keep a member from scoring), by the name and one of its verbs.
REASONED = {
    *("undo", "fix", "detach", "withhold", "deadline extend", "plan move", "decision correct", "decision annul"),
    *("council interest", "council again"),
}


@pytest.mark.parametrize(("name", "lang", "line"), LINES, ids=lambda value: str(value)[:60])
def test_a_command_of_the_guide_that_needs_a_reason_shows_where_it_goes(name: str, lang: str, line: str) -> None:
    """Else the official who types what is printed is refused (exit 3, reason_missing)."""
    words = shlex.split(line)[1:]
    needs = any(command_of(words)[0] is command_of(each.split())[0] for each in REASONED)
    assert not needs or {"--reason", "--help"} & set(words)


def test_the_guide_names_whose_points_are_typed() -> None:
    """A sheet typed by hand says whose it is; a workbook or a grid says so itself."""
    typed = [line for _, _, line in LINES if " score " in line]
    assert len(typed) == 6
    assert all(re.search(r"--(member|sheet|grid) ", line) for line in typed)


def test_the_callers_own_tasks_and_commands_come_first(office: Office) -> None:
    """A council's secretary finds the council before what an administrator does; a stranger finds the usual order."""
    secretary = office.holder("council_secretary", "33")
    own = held(office.do("guide", who=secretary), "guide")
    assert own["roles"] == ["council_secretary"]
    yours = [each["topic"] for each in own["topics"] if each["yours"]]
    assert "council" in yours and "admin" not in yours
    assert [each["topic"] for each in own["topics"]][: len(yours)] == yours
    assert "council" in own["commands"]
    assert [each["topic"] for each in office.do("guide")["topics"]] == list(TOPICS)


def test_the_guide_needs_no_database_and_finds_a_task_by_its_title(tmp_path: Path) -> None:
    """Somebody who has not logged in, or has nothing set up yet, asks first of all."""
    absent = ("--db", str(tmp_path / "absent.db"))
    assert ocop("guide", *absent, lang="vi").exit == 0
    for typed in (["council"], ["hoi-dong"], ["Hội", "đồng"], ["hoi dong"]):
        found = ocop("guide", *typed, *absent, "--json", lang="vi")
        assert held(found.document, "guide topic")["topic"] == "council"
    unknown = ocop("guide", "bay", *absent, "--json", lang="vi")
    assert (unknown.exit, unknown.codes) == (4, ["guide_topic_unknown"])


def test_every_refusal_names_the_next_step() -> None:
    """A text without a remedy explains a computation or tells of a demonstration; no error is raised with such a code.

    Rule of the project: whoever is refused learns what would satisfy the rule.
    """
    silent = {
        code
        for area in i18n.AREAS
        for code, text in import_module(f"ocop_flow.messages.{area}").MESSAGES.items()
        if not text.remedy.strip()
    }
    assert {code.split("_")[0] for code in silent} == {"step", "demo", "said"}
    raised = {
        node.value
        for file in SOURCE.rglob("*.py")
        for call in ast.walk(ast.parse(file.read_bytes()))
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") in ERRORS
        for node in ast.walk(call)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    assert len(raised) > 100
    assert raised & silent == set()


# --- the help page ----------------------------------------------------------------------------------------------------


def page(*words: str) -> list[str]:
    """The names on the help page, in their order."""
    told = ocop("--help", *words, lang="en")
    assert told.exit == 0, told.err
    return re.findall(r"^  ([a-z]+)(?:, [a-z]+)?  ", told.out, re.MULTILINE)


@pytest.mark.sqlite
def test_help_shows_the_commands_of_the_callers_roles_first(office: Office) -> None:
    """In a training database for whom ``--as`` names; a stranger finds the order in which an office meets them.

    The help page never asks a server: to load its driver takes longer than to print the page.
    """
    usual = page("--db", str(office.db))
    assert usual == list(COMMANDS)
    secretary = office.holder("council_secretary", "33")
    first = page("--db", str(office.db), "--as", secretary)
    assert sorted(first) == sorted(usual)
    assert first.index("council") < first.index("init") and first.index("council") < first.index("board")
    needed = ["guide", *own.commands(["council_secretary"])]
    assert first == [*(name for name in usual if name in needed), *(name for name in usual if name not in needed)]
    assert page("--db", str(office.db), "--as", "nobody") == usual
    told = ocop("--help", "--db", str(office.db), "--as", secretary, lang="vi")
    assert "Lệnh của bạn (" in told.out and "Các lệnh khác" in told.out


def test_a_role_that_has_ended_leads_the_page_no_more(office: Office) -> None:
    office.appoint("old", "council_secretary", "33", "2025-07-01", "2025-12-31")
    assert page("--db", str(office.db), "--as", "old") == list(COMMANDS)


def test_help_loads_no_database_library_and_no_command() -> None:
    """Whoever asks: SQLAlchemy alone takes longer than the whole page (docs/adr/0007)."""
    code = "import sys; from ocop_flow.cli import run; run(['--help']); print([m for m in sys.modules if m in %r])"
    watched = ["sqlalchemy", "sqlite3", "platformdirs", "ocop_flow.config", "ocop_flow.cli.guide"]
    environment = {name: value for name, value in os.environ.items() if name.isupper() and name != "OCOP_AS"}
    environment |= {"HOME": "/nowhere", "XDG_STATE_HOME": "/nowhere", "LOCALAPPDATA": "/nowhere"}
    done = subprocess.run([sys.executable, "-c", code % watched], env=environment, capture_output=True, check=True)
    assert done.stdout.decode().strip().endswith("[]")
    known = subprocess.run(
        [sys.executable, "-c", code % watched], env=environment | {"OCOP_AS": "x"}, capture_output=True, check=True
    )
    assert "sqlalchemy" not in known.stdout.decode().splitlines()[-1]
