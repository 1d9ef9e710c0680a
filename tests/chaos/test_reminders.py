"""Schedulers killed at named points and at any moment: no duty goes without its reminder (DESIGN section 6)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.chaos.reminders import DUTIES, rounds

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.sqlite
ROUNDS = 8


def test_killed_schedulers_lose_nothing_and_repeat_only_what_was_in_flight(
    tmp_path: Path, sandbox_database: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """At least once with a stable Message-ID; the long form is ``python -m tests.chaos.reminders``."""
    found = rounds(ROUNDS, 4, tmp_path, sandbox_database)
    with capsys.disabled():
        killed = sum(found.died.values())
        print(f" {found.schedulers} schedulers, {killed} killed, {found.lost} lost, {found.repeats} repeats", end=" ")  # noqa: T201
    assert found.faults == []
    assert found.lost == 0
    assert found.letters == ROUNDS * DUTIES
    assert found.died
    assert found.repeats <= found.in_flight
