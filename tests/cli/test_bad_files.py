"""Files that are not what they should be, and paths that no system takes."""

from __future__ import annotations

import random
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.cli.office import ocop

if TYPE_CHECKING:
    from tests.cli.office import Office


@pytest.mark.parametrize(
    "words",
    [["dossier", "list", "--db"], ["backup"], ["init", "--sandbox", "--db"], ["paper", "make", "x", "y", "--out"]],
    ids=" ".join,
)
def test_a_path_that_no_system_takes_is_told(office: Office, words: list[str], tmp_path: Path) -> None:
    """Configuration or a file that is not usable is exit 6 (DESIGN section 7) and no fault of the program."""
    path = str(tmp_path / ("a" * 5000 + ".docx"))
    common = [] if "--db" in words else ["--db", str(office.db), "--as", "admin"]
    answer = ocop(*words, path, *common, "--json", lang="en")
    assert (answer.exit, answer.codes) == (6, ["file_unusable"])


@pytest.mark.parametrize("ending", ["xlsx", "xls", "docx"])
def test_random_bytes_are_called_no_file_of_their_kind(office: Office, tmp_path: Path, ending: str) -> None:
    """Neither a table of another kind nor a Python error: the file is not what its name says."""
    noise = tmp_path / f"rac.{ending}"
    noise.write_bytes(bytes(random.Random(8).choices(range(1, 256), k=3000)))
    officer = office.holder("officer", "33")
    declare = ["certificate", "declare", "--file", str(noise), "--source", "Sổ"]
    assert office.refuses(2, *declare, who=officer) == ["table_content_unknown"]
    take = ["worklist", "take", str(noise)]
    told = office.ask(*take, who=officer, lang="vi").document["reasons"][0]
    assert f".{ending}" in told["message"] and "csv" not in (told["message"] + told["remedy"]).lower()
    noise.write_text("Tên sản phẩm,Số sao\nTrà,4\n", encoding="utf-8")
    assert office.refuses(2, *declare, who=officer) == ["table_renamed"]


def test_random_bytes_are_no_archive_and_no_word_file(office: Office, tmp_path: Path) -> None:
    noise = bytes(random.Random(8).choices(range(1, 256), k=3000))
    officer = office.holder("officer", "33")
    (tmp_path / "goi.zip").write_bytes(noise)
    (tmp_path / "mau.docx").write_bytes(noise)
    words = ["report", "products", "--template", str(tmp_path / "mau.docx"), "--out", str(tmp_path / "ra.docx")]
    for asked, code in (
        (["packet", "open", str(tmp_path / "goi.zip")], "packet_damaged"),
        (words, "template_unreadable"),
    ):
        assert office.refuses(2, *asked, who=officer) == [code]
        message = office.ask(*asked, who=officer, lang="vi").document["reasons"][0]["message"]
        assert "BadZipFile" not in message and "không phải" in message
