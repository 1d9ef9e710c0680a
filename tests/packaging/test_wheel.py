"""The wheel holds every module and data file of the tree under one top-level name, and nothing else."""

from __future__ import annotations

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
#: Folder of the tree -> where it lies in the wheel.
FOLDERS = {"ocop_flow": "ocop_flow", "workflows": "ocop_flow/workflows", "notifications": "ocop_flow/notifications"}
#: What is source for something that is shipped in its place, or is made by running.
NOT_SHIPPED = frozenset({".po", ".pyc", ".md"})
BUILD = "import sys; from setuptools import build_meta; build_meta.build_wheel(sys.argv[1])"


def tree_files() -> set[str]:
    """Every file below the three folders, by its name in the wheel."""
    found = set()
    for folder, target in FOLDERS.items():
        for path in (ROOT / folder).rglob("*"):
            if path.is_file() and path.suffix not in NOT_SHIPPED:
                found.add(f"{target}/{path.relative_to(ROOT / folder).as_posix()}")
    return found


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel built from a copy, so that nothing of an earlier build is in it and nothing is left behind."""
    copy, target = tmp_path_factory.mktemp("tree"), tmp_path_factory.mktemp("wheel")
    for folder in FOLDERS:
        shutil.copytree(ROOT / folder, copy / folder, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("setup.cfg", "pyproject.toml", "README.md", "LICENSE"):
        shutil.copyfile(ROOT / name, copy / name)
    done = subprocess.run([sys.executable, "-c", BUILD, str(target)], cwd=copy, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return next(target.glob("*.whl"))


def names(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


def test_every_module_and_data_file_of_the_tree_is_in_the_wheel(wheel: Path) -> None:
    """A file that is missing would only be missed in an office, far from the tree."""
    assert sorted(tree_files() - names(wheel)) == []


def test_nothing_but_ocop_flow_lands_in_site_packages(wheel: Path) -> None:
    """DESIGN section 9: one top-level name beside the wheel's own metadata."""
    tops = {name.split("/")[0] for name in names(wheel)}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"ocop_flow"}


def test_the_wheel_holds_nothing_that_the_tree_does_not(wheel: Path) -> None:
    """Sources of translations and notes stay in the repository."""
    shipped = {name for name in names(wheel) if name.startswith("ocop_flow/")}
    assert sorted(shipped - tree_files()) == []


def test_the_licence_is_in_the_wheel(wheel: Path) -> None:
    """Apache-2.0 section 4 (a): recipients get a copy of the licence."""
    assert [name for name in names(wheel) if ".dist-info/" in name and name.endswith("LICENSE")] != []
