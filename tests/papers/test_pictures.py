"""The papers that a leader reads, as pictures, where LibreOffice and pdftoppm are installed."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from PIL import Image

from tests.papers.pictures import render

if TYPE_CHECKING:
    from pathlib import Path

    from tests.papers.world import World

#: What convinces a leader: certificates that end, the round, and the council's result with its minutes and decision.
LEADERS = ("ending_page", "round_page", "score_summary", "minutes", "recognition")
#: LibreOffice and what turns its PDF into pictures; without them the papers are only made.
PRINTERS = ("soffice", "pdftoppm")


def ink(page: Path) -> float:
    """Share of the page that is not white."""
    with Image.open(page) as image:
        grey = image.convert("L").histogram()
    return sum(grey[:200]) / sum(grey)


def test_each_paper_for_a_leader_is_one_a4_page_with_something_on_it(world: World, tmp_path: Path) -> None:
    """Each fits one A4 page, so that it is read at a glance; `python -m tests.papers.pictures` shows all kinds."""
    papers = [tmp_path / f"{kind}.docx" for kind in LEADERS]
    for kind, paper in zip(LEADERS, papers, strict=True):
        world.office.do("paper", kind, world.subjects[kind], "--out", str(paper))
    printed = all(shutil.which(each) for each in PRINTERS)
    if printed:
        render(papers, tmp_path)
    pages = sorted(tmp_path.glob("*.png"))
    assert [page.stem for page in pages] == sorted(f"{kind}-1" for kind in LEADERS if printed)
    for page in pages:
        with Image.open(page) as image:
            assert {round(side / 80 * 25.4) for side in image.size} == {210, 297}
        assert 0.004 < ink(page) < 0.2, page.name
