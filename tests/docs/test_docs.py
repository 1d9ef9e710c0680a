"""Documentation is run: examples do what they say, made parts are current, links lead somewhere."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from ocop_flow import regimes
from tests.docs import generated
from tests.docs.playing import console_lines, enter, play

ROOT = generated.ROOT
PAGES = sorted([*ROOT.glob("README*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("benchmarks/*.md")])
EXAMPLE_PAGES = [page for page in PAGES if page.parent.name != "tutorials"]
YAML = re.compile(r"^```yaml\n(.*?)^```", re.DOTALL | re.MULTILINE)
LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)#\s]+)(?:#[^)]*)?\)")
FORMATS = ("ocop-regime/1", "ocop-overlay/1", "ocop-ladder/1")


def name_of(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("page", [page for page in EXAMPLE_PAGES if any(console_lines(page))], ids=name_of)
def test_every_example_of_a_page_runs(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The ``ocop`` lines of a page run in its order in one empty folder; tutorials are played in test_tutorials."""
    enter(tmp_path, monkeypatch)
    play(page, monkeypatch)


@pytest.mark.parametrize("path", sorted(generated.pages()), ids=name_of)
def test_made_pages_are_current(path: Path) -> None:
    """The command reference and the tables of regimes say what the program is; ``generated.COMMAND`` renews them."""
    assert path.read_text(encoding="utf-8") == generated.pages()[path], generated.COMMAND


def workflow_examples() -> list[tuple[str, str]]:
    found = []
    for page in PAGES:
        blocks = YAML.findall(page.read_text(encoding="utf-8"))
        whole = [block for block in blocks if any(f"schema: {each}" in block for each in FORMATS)]
        found += [(f"{name_of(page)}-{number}", text) for number, text in enumerate(whole, start=1)]
    return found


EXAMPLES = workflow_examples()


@pytest.mark.parametrize("text", [text for _, text in EXAMPLES], ids=[name for name, _ in EXAMPLES])
def test_every_workflow_file_in_a_page_passes_lint(text: str) -> None:
    """A file shown as an example is one that ``ocop workflow lint`` accepts."""
    assert regimes.lint_file(text.encode(), "example.yaml") == []


def test_the_page_on_workflow_files_shows_each_kind_of_file() -> None:
    """A regime, a province's own file and a ladder (DESIGN section 3)."""
    shown = "".join(text for name, text in EXAMPLES if name.startswith("docs/workflow-files.md"))
    assert [each for each in FORMATS if f"schema: {each}" not in shown] == []


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_links_between_pages_lead_to_a_file(page: Path) -> None:
    """A relative link names a file of the repository."""
    links = [link for link in LINK.findall(page.read_text(encoding="utf-8")) if "://" not in link]
    assert [link for link in links if not (page.parent / link).exists()] == []


def test_every_command_has_help_in_both_languages() -> None:
    """No heading of the command reference stands above an empty line, in either language."""
    for lang in ("en", "vi"):
        assert not re.search(r"^#+ [^\n]+\n\n(\n|```)", generated.reference(lang), re.MULTILINE)


def commands_of(readme: str) -> list[str]:
    """The lines of the block that sets everything up: the demonstration, then the tests."""
    text = (ROOT / readme).read_text(encoding="utf-8")
    block: str = re.findall(r"^```sh\n(.*?)^```", text, re.DOTALL | re.MULTILINE)[0]
    return block.splitlines()


def test_both_readmes_give_the_same_two_commands() -> None:
    """One sets up and runs the demonstration, one sets up and passes the tests."""
    assert commands_of("README.md") == commands_of("README.vi.md")
    demo, test = commands_of("README.md")
    assert demo.endswith("/ocop demo")
    assert "pytest" in test


def test_the_check_of_everything_runs_the_test_command_of_the_readme() -> None:
    """``.ci/run`` reads the command from README.md, so that it cannot run another."""
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert 'readme_command "pytest"' in script
    assert commands_of("README.md")[1] not in script


def test_exit_codes_are_told_as_the_errors_have_them() -> None:
    """README lists each code of the error family."""
    from ocop_flow import errors

    family = (errors.InputInvalid, errors.Refused, errors.NotFound, errors.Conflict, errors.Unavailable)
    for readme in ("README.md", "README.vi.md"):
        text = (ROOT / readme).read_text(encoding="utf-8")
        assert [each.exit_code for each in family if f"| {each.exit_code} |" not in text] == []


def test_the_reference_is_json_free_of_machine_paths() -> None:
    """Defaults shown in the reference are the same on every machine."""
    assert str(Path.home()) not in json.dumps(generated.reference("en"))
