"""Pages played as a reader would: their console blocks, line by line, in one folder.

``ocop …`` runs, ``export …`` is set; ``# exit N`` at the end of a line says which exit code is meant, and a line
``# → words`` below it what is seen on the screen, wherever it stands there. In a block ``excel FILE`` each line
``sheet | cell | value`` is typed into a workbook, numbers and days (``22/06/2026``) as Excel keeps them.
"""

from __future__ import annotations

import contextlib
import io
import re
import shlex
import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest

from ocop_flow import cli
from tests.docs import generated

ROOT = generated.ROOT
BLOCK = re.compile(r"^```(console|excel (\S+))\n(.*?)^```", re.DOTALL | re.MULTILINE)
DAY = re.compile(r"(\d{2})/(\d{2})/(\d{4})")
EXIT = re.compile(r"#.*\bexit (\d+)")
SEEN = "# → "
#: What a page may name as a file of the checkout.
FOLDERS = ("docs/examples", "docs/tutorials/practice", "workflows/overlays", "workflows/ladders")


def blocks(page: Path) -> Iterator[tuple[str, list[str]]]:
    """(name of a workbook, or nothing for the console; lines) of each block; a trailing backslash joins two lines."""
    for _, workbook, text in BLOCK.findall(page.read_text(encoding="utf-8")):
        yield workbook, text.replace("\\\n", " ").splitlines()


def console_lines(page: Path) -> Iterator[str]:
    """Lines that a reader types or sees."""
    for workbook, lines in blocks(page):
        if not workbook:
            yield from (line for line in lines if line.startswith(("ocop ", "export ", SEEN)))


def run(arguments: list[str]) -> tuple[int, str]:
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
        code = cli.run(arguments)
    return code, printed.getvalue()


def enter(folder: Path, patch: pytest.MonkeyPatch) -> None:
    """A folder like a fresh checkout's, with nothing set in the environment."""
    patch.chdir(folder)
    for name in ("OCOP_DB", "OCOP_LANG", "OCOP_AS", "OCOP_NOW"):
        patch.delenv(name, raising=False)
    for name in FOLDERS:
        shutil.copytree(ROOT / name, folder / name, dirs_exist_ok=True)


def play(page: Path, patch: pytest.MonkeyPatch) -> None:
    """Every line of a page, in the folder one is in; fails at the first that does other than the page says."""
    printed = ""
    for workbook, lines in blocks(page):
        if workbook:
            fill(Path(workbook), lines)
            continue
        for line in lines:
            printed = played(f"{page.name}: {line}", line, printed, patch)


def played(where: str, line: str, printed: str, patch: pytest.MonkeyPatch) -> str:
    """One line of the console; what the last command has printed by then."""
    if line.startswith(SEEN):
        wanted = " ".join(line.removeprefix(SEEN).split())
        assert wanted in " ".join(printed.split()), f"{where}\nis not seen in\n{printed}"
    elif line.startswith("export "):
        name, _, value = shlex.split(line)[1].partition("=")
        patch.setenv(name, value)
    elif line.startswith("ocop "):
        meant = EXIT.search(line)
        code, printed = run(shlex.split(line, comments=True)[1:])
        assert code == (int(meant[1]) if meant else 0), f"{where}\n{printed}"
    return printed


def fill(path: Path, lines: list[str]) -> None:
    """Cells as somebody would type them."""
    book = openpyxl.load_workbook(path)
    for line in lines:
        sheet, cell, typed = (part.strip() for part in line.split("|"))
        day = DAY.fullmatch(typed)
        value = datetime(int(day[3]), int(day[2]), int(day[1])) if day else int(typed) if typed.isdigit() else typed  # noqa: DTZ001 - Excel knows no zone
        book[sheet][cell].value = value
    book.save(path)
