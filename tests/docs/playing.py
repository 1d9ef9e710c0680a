"""Pages played as a reader would: their console blocks, line by line, in one folder.

``ocop …`` runs, ``export …`` is set; ``# exit N`` at the end of a line says which exit code is meant, and a line
``# → words`` below it what is seen on the screen, wherever it stands there.
"""

from __future__ import annotations

import contextlib
import io
import re
import shlex
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from ocop_flow import cli
from tests.docs import generated

ROOT = generated.ROOT
CONSOLE = re.compile(r"^```console\n(.*?)^```", re.DOTALL | re.MULTILINE)
EXIT = re.compile(r"#.*\bexit (\d+)")
SEEN = "# → "
#: What a page may name as a file of the checkout.
FOLDERS = ("docs/examples", "docs/tutorials/practice", "workflows/overlays", "workflows/ladders")


def console_lines(page: Path) -> Iterator[str]:
    """Lines that a reader types or sees; a trailing backslash joins two."""
    for block in CONSOLE.findall(page.read_text(encoding="utf-8")):
        for line in block.replace("\\\n", " ").splitlines():
            if line.startswith(("ocop ", "export ", SEEN)):
                yield line


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
    for line in console_lines(page):
        words = shlex.split(line, comments=True)
        if line.startswith(SEEN):
            wanted = " ".join(line.removeprefix(SEEN).split())
            assert wanted in " ".join(printed.split()), f"{page.name}: {wanted!r} is not seen in\n{printed}"
        elif words[0] == "export":
            name, _, value = words[1].partition("=")
            patch.setenv(name, value)
        else:
            meant = EXIT.search(line)
            code, printed = run(words[1:])
            assert code == (int(meant[1]) if meant else 0), f"{page.name}: {line}\n{printed}"
