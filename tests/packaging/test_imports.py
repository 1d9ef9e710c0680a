"""Import rules: who may know whom (docs/architecture.md), and who may ask the clock."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from importlinter.cli import lint_imports

PACKAGE = Path(__file__).resolve().parents[2] / "ocop_flow"
CLOCK = PACKAGE / "clock.py"
#: Standard modules that reach outside: files, processes, network, chance, the wall clock.
IMPURE = frozenset(
    {"asyncio", "glob", "http", "io", "locale", "logging", "multiprocessing", "os", "pathlib", "random", "secrets"}
    | {"shutil", "socket", "sqlite3", "subprocess", "tempfile", "threading", "time", "urllib", "uuid"}
)
ASKS_THE_CLOCK = frozenset(
    {"datetime.now", "datetime.utcnow", "datetime.today", "datetime.datetime.now", "datetime.datetime.utcnow"}
    | {"date.today", "datetime.date.today", "time.time", "time.time_ns", "time.localtime", "time.gmtime", "time.sleep"}
)


def sources(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.py"))


def imported(path: Path) -> Iterator[str]:
    """Top-level names of every import of a file, hidden ones too."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield (node.module or "").partition(".")[0]


def clock_calls(path: Path) -> list[int]:
    """Lines that ask what time it is, or sleep; a stopwatch (``perf_counter``) is neither."""
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Attribute) and ast.unparse(node) in ASKS_THE_CLOCK:
            found.append(node.lineno)
        if isinstance(node, ast.ImportFrom) and node.module == "time":
            found += [node.lineno for alias in node.names if f"time.{alias.name}" in ASKS_THE_CLOCK]
    return found


def test_imports_point_inwards(monkeypatch: pytest.MonkeyPatch) -> None:
    """The contracts of setup.cfg hold for the tree as it is."""
    monkeypatch.chdir(PACKAGE.parent)
    assert lint_imports(config_filename="setup.cfg", no_cache=True, no_logo=True) == 0


@pytest.mark.parametrize("path", sources(PACKAGE / "domain"), ids=lambda path: path.name)
def test_the_core_is_made_of_the_standard_library_alone(path: Path) -> None:
    """Deciding does no input or output; two files have a library that does none (DESIGN principles 3, 5)."""
    allowed = (sys.stdlib_module_names - IMPURE) | {"ocop_flow"}
    library = {"machine.py": {"transitions"}, "canonical.py": {"orjson"}}.get(path.name, set())
    assert sorted(set(imported(path)) - allowed - library) == []


@pytest.mark.parametrize("path", sources(PACKAGE), ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_only_the_clock_asks_for_the_time(path: Path) -> None:
    """Time comes in as an argument everywhere else (DESIGN principle 7)."""
    assert path == CLOCK or clock_calls(path) == []
