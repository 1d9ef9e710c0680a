"""One command line in a process of its own, which may die at a named point; what it said stays in a file."""

from __future__ import annotations

import contextlib
import io
import json
import os
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from ocop_flow import bootstrap
from ocop_flow.cli import COMMANDS, run
from tests.chaos.points import Points

# Read before the process forks: a command then starts in a moment.
bootstrap.calendar()
for module, *_ in COMMANDS.values():
    import_module(f"ocop_flow.cli.{module}")
for name in ("ocop_flow.store.notice_rows", "ocop_flow.store.dossier_rows", "ocop_flow.service.dossiers"):
    import_module(name)


@dataclass(frozen=True, slots=True)
class Errand:
    """``answers`` gets one line of JSON when the command is acknowledged, and no line before."""

    words: tuple[str, ...]
    now: str
    answers: Path
    point: str = "none"
    count: int = 0


def go(errands: list[Errand]) -> None:
    """Run them one after another; die on the way if a point is reached."""
    for errand in errands:
        _one(errand)


def _one(errand: Errand) -> None:
    died = os.open(errand.answers.with_suffix(".died"), os.O_WRONLY | os.O_APPEND | os.O_CREAT)

    def dying(point: str) -> None:
        os.write(died, f"{point}\n".encode())

    points = Points(errand.point, errand.count, dying)
    points.around_commits()
    points.within_transactions()
    os.environ.update(OCOP_NOW=errand.now, OCOP_LANG="vi")
    out = io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(io.StringIO()):
        code = run([*errand.words, "--json"])
    points.reach("before answer")
    line = json.dumps({"exit": code, "answer": _document(out.getvalue())}) + "\n"
    with errand.answers.open("ab", buffering=0) as file:
        file.write(line.encode())


def _document(text: str) -> Any:
    return json.loads(text) if text.strip() else None
