"""No false finding: what the engine let pass on its day is whole and lawful when it is checked years later.

The short form; ``python -m tests.histories.honest`` goes through 1,000 histories and prints what was done in them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.histories.honest import faults, lived

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.sqlite
def test_honest_histories_have_no_fault_and_break_no_rule(tmp_path: Path) -> None:
    """From 2019 to 2026: returns, acts taken back or typed late, deputies, decisions, hand-over, other laws."""
    town = lived(tmp_path, seed=1, histories=3)
    assert town.acts["open"] == 3
    assert {"forward", "score", "close", "head", "succeed", "migrate", "declare"} <= set(town.acts)
    assert faults(town) == []
