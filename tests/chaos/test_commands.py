"""Commands and an import killed at named points and at any moment: none acknowledged is lost, none is half there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.chaos.commands import rounds

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.sqlite
ROUNDS = 2


def test_killed_commands_are_whole_or_not_there_and_their_keys_finish_them(
    tmp_path: Path, sandbox_database: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """DESIGN principle 4; the long form is ``python -m tests.chaos.commands``."""
    found = rounds(ROUNDS, 7, tmp_path, sandbox_database)
    with capsys.disabled():
        killed = sum(found.died.values())
        print(f" {found.commands} commands, {killed} clerks killed, {found.lost} lost", end=" ")  # noqa: T201
    assert found.faults == []
    assert found.lost == 0
    assert found.died
