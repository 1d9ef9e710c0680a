"""``python -m tests.papers.pictures FOLDER``: every kind of paper as .docx, .pdf and .png, to be looked at."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.cli.office import Office, ocop
from tests.papers.world import made

_PATIENCE = 300


def main(folder: Path) -> int:
    folder.mkdir(parents=True)
    answer = ocop("init", "--sandbox", "--db", str(folder / "ocop.db"), "--json")
    assert answer.exit == 0, answer.err
    world = made(Office(folder / "ocop.db"))
    world.office.do("audit", "checkpoint", who="admin")
    for kind, subject in world.subjects.items():
        world.office.do("paper", kind, subject, "--out", str(folder / f"{kind}.docx"))
    render(sorted(folder.glob("*.docx")), folder)
    print(*sorted(each.name for each in folder.glob("*.png")), sep="\n")  # noqa: T201
    return 0


def render(papers: list[Path], folder: Path) -> None:
    """A PDF of each paper and a picture of each of its pages; fails where LibreOffice or pdftoppm is absent."""
    office = ["soffice", f"-env:UserInstallation={(folder / 'profile').absolute().as_uri()}", "--headless"]
    words = [*office, "--convert-to", "pdf", "--outdir", str(folder), *map(str, papers)]
    subprocess.run(words, check=True, capture_output=True, timeout=_PATIENCE)
    for paper in papers:
        pdf = paper.with_suffix(".pdf")
        subprocess.run(["pdftoppm", "-png", "-r", "80", str(pdf), str(pdf.with_suffix(""))], check=True, timeout=60)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
