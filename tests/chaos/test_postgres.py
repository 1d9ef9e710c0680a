"""A server that stops, lines that break and processes that are killed on PostgreSQL lose nothing acknowledged."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.chaos.postgres import rounds

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def test_a_stopped_server_and_a_broken_line_lose_nothing_and_leave_no_claim(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """DESIGN principle 4; the long form is ``python -m tests.chaos.postgres``."""
    found = rounds(2, 3, tmp_path, ("stop", "break"))
    with capsys.disabled():
        print(f" {found.commands} commands, {found.stops} stops, {found.broken} lines, {found.lost} lost", end=" ")  # noqa: T201
    assert found.faults == []
    assert (found.lost, found.half, found.stuck) == (0, 0, 0)
    assert found.stops
