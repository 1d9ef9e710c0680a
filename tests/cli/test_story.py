"""Lý lịch hồ sơ: a dossier's story for the screen and for the file."""

from __future__ import annotations

import re
from io import BytesIO
from typing import TYPE_CHECKING

import docx

from tests.cli.test_walks import COMMUNE

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.office import Office


def test_the_story_tells_every_step_on_a_page_and_in_word(office: Office, tmp_path: Path) -> None:
    """Each event stands there with its day, doer and hash; the product's name cannot become markup."""
    dossier = office.open(COMMUNE, "Cà phê <b>đậm</b>")
    office.walk(dossier, "evaluation")
    events = office.do("dossier", "history", dossier)
    page, paper = tmp_path / "lý lịch.html", tmp_path / "lý lịch.docx"
    office.do("audit", "story", dossier, "--out", str(page))
    office.do("audit", "story", dossier, "--out", str(paper))

    text = page.read_text(encoding="utf-8")
    assert "&lt;b&gt;đậm" in text
    assert not re.search(r"https?://(?!www\.w3\.org)", text), "the page needs nothing but itself"
    document = docx.Document(BytesIO(paper.read_bytes()))
    written = "\n".join(each.text for each in document.paragraphs)
    for event in events:
        for told in (text, written):
            assert event["hash"][:16] in told
            assert event["actor"]["name"] in told
    assert len(document.inline_shapes) == 1, "the timeline is a picture"


def test_the_page_names_the_newest_head_of_the_log(office: Office, tmp_path: Path) -> None:
    """Signed paper sent to many is the witness of the log: the short head code stands on it with its date."""
    dossier, page = office.open(COMMUNE, "Cà phê"), tmp_path / "lý lịch.html"
    office.do("audit", "story", dossier, "--out", str(page))
    assert "No head of the log has been signed yet." in page.read_text(encoding="utf-8")
    head = office.do("audit", "checkpoint", who="admin")
    office.do("audit", "story", dossier, "--out", str(page))
    assert head["code"] in page.read_text(encoding="utf-8")


def test_a_story_is_written_as_html_or_docx_and_nothing_else(office: Office, tmp_path: Path) -> None:
    """Another ending, or a folder that is not there, is refused with what would do (exit 2)."""
    dossier = office.open(COMMUNE, "Cà phê")
    assert office.refuses(2, "audit", "story", dossier, "--out", str(tmp_path / "x.pdf")) == ["format_unknown"]
    assert office.refuses(2, "audit", "story", dossier, "--out", str(tmp_path / "no" / "x.html")) == ["file_unwritable"]
