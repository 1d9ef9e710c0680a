"""The tutorials of ``docs/tutorials`` are played from the first line to the last, each over the prepared database."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from tests.docs.playing import SEEN, console_lines, enter, play
from tests.docs.test_docs import ROOT

FOLDER = ROOT / "docs" / "tutorials"
PREPARATION = FOLDER / "README.md"
TUTORIALS = sorted(page for page in FOLDER.glob("*.md") if page != PREPARATION)
#: Settings that the preparation leaves in its reader's shell.
LEFT = {"OCOP_DB": "tap-huan.db"}


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the preparation leaves behind; never written to."""
    folder = tmp_path_factory.mktemp("prepared")
    with pytest.MonkeyPatch.context() as patch:
        enter(folder, patch)
        play(PREPARATION, patch)
    return folder


@pytest.mark.parametrize("page", TUTORIALS, ids=lambda page: page.stem)
def test_a_tutorial_does_what_it_says(
    page: Path, prepared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "reader"
    shutil.copytree(prepared, folder)
    enter(folder, monkeypatch)
    for name, value in LEFT.items():
        monkeypatch.setenv(name, value)
    play(page, monkeypatch)


@pytest.mark.parametrize("page", TUTORIALS, ids=lambda page: page.stem)
def test_a_tutorial_is_listed_speaks_two_languages_and_shows_what_is_seen(page: Path) -> None:
    """Vietnamese first, English in italics beside it; at least one line of the screen for every three commands."""
    assert f"({page.name})" in PREPARATION.read_text(encoding="utf-8")
    text = page.read_text(encoding="utf-8")
    prose = re.sub(r"^```.*?^```", "", text, flags=re.DOTALL | re.MULTILINE)
    assert all(" · " in line for line in prose.splitlines() if line.startswith("#")), "a heading lacks a language"
    assert prose.count("*") >= 2 * (prose.count("\n## ") - 1), "steps without English"
    lines = list(console_lines(page))
    seen = [line for line in lines if line.startswith(SEEN)]
    commands = [line for line in lines if line.startswith("ocop ")]
    assert len(seen) >= len(commands) / 3
