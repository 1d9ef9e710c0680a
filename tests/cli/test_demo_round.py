"""``ocop demo --year 2026``: a round of Hưng Yên under 26/2026/QĐ-TTg that ends with papers for its leaders."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from docx import Document

from ocop_flow.demo.round_story import hung_yen_2026
from tests.cli.contract import held
from tests.cli.office import ocop


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Any:
    answer = ocop("demo", "--year", "2026", "--dir", str(tmp_path_factory.mktemp("round")), "--json", lang="en")
    assert answer.exit == 0, answer.out + answer.err
    return held(answer.document, "demo")


def text(whole: Any, kind: str) -> str:
    """All that a paper of the demo says."""
    file = next(each["file"] for each in whole["papers"] if each["kind"] == kind)
    document = Document(file)
    inside = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(each.text for each in document.paragraphs), *inside])


def test_the_nine_products_of_my_hao_stand_in_the_round_with_their_stars_of_2018(whole: Any) -> None:
    """Seed 001: one product of four stars, four of three, four of two in 2018; nine in all."""
    story = hung_yen_2026()
    assert sorted(story.before["stars"], reverse=True) == [4, 3, 3, 3, 3, 2, 2, 2, 2]
    assert sum("Mỹ Hào" in each.product for each in story.dossiers) == 9
    words = ("certificate", "list", "--db", whole["database"], "--json")
    listed = ocop(*words, now=whole["now"], lang="en").document
    assert sorted(each["stars"] for each in listed if "Mỹ Hào" in each["product"] and each["unreconciled"]) == sorted(
        story.before["stars"]
    )


def test_every_product_and_entity_of_the_story_is_marked_as_a_placeholder() -> None:
    story = hung_yen_2026()
    named = [name for each in (*story.dossiers, *story.certificates) for name in (each.product, each.entity)]
    assert [name for name in named if "(giả định)" not in name] == []


def test_the_papers_lie_in_the_folder_and_show_the_head_of_the_log(whole: Any) -> None:
    kinds = [each["kind"] for each in whole["papers"]]
    assert kinds == ["ending_page", "round_page", "score_summary", "minutes", "submission", "recognition"]
    for kind in kinds:
        assert whole["head"] in text(whole, kind), kind
    assert all(Path(each["file"]).parent.parent == Path(whole["database"]).parent for each in whole["papers"])


def test_the_page_of_ends_tells_what_is_late_what_is_near_and_what_is_filed(whole: Any) -> None:
    """Filing ends 120 days before a certificate does (26/2026/QĐ-TTg art. 8); counted here by hand on 16 October 2026.

    Unfiled: ends of 5/10, 30/11, 15/1 and 5/2 are late; 25/2, 8/3 and 12/3 have their last day within 30 days.
    """
    told = text(whole, "ending_page")
    assert "18 giấy chứng nhận: 4 đã quá hạn nộp" in told
    assert "3 phải nộp trong 30 ngày tới, 5 đã nộp" in told


def test_the_round_page_counts_the_days_to_the_cut_off_and_names_what_is_missing(whole: Any) -> None:
    """Round 2: proposed before 30 October, rated before 30 December: 13 and 74 days after 16 October, read strictly."""
    told = text(whole, "round_page")
    assert "29/10/2026 (còn 13 ngày)" in told and "29/12/2026 (còn 74 ngày)" in told
    assert "7 còn kịp, 2 khó kịp" in told
    assert "Thiếu: Báo cáo tự đánh giá (Mẫu 02); Sản phẩm mẫu (2 bản)" in told


def test_a_product_of_74_points_that_misses_a_four_star_minimum_is_drafted_with_three(whole: Any) -> None:
    """26/2026/QĐ-TTg annex I: band and minima; the summary says why."""
    document = Document(next(each["file"] for each in whole["papers"] if each["kind"] == "recognition"))
    row = next(
        [cell.text for cell in row.cells]
        for table in document.tables
        for row in table.rows
        if "Mỹ Hào số 4" in row.cells[1].text
    )
    assert row[4:6] == ["74,00", "3"]
    assert "Điểm đạt 4 sao" in text(whole, "score_summary")


def test_five_stars_and_two_stars_are_not_the_province_s_to_recognise(whole: Any) -> None:
    """Five stars are the Minister's, under three nobody's (26/2026/QĐ-TTg art. 6-7)."""
    told = text(whole, "recognition")
    assert "Mỹ Hào số 1 " not in told and "Sản phẩm số 13 " not in told
    assert "Công nhận 11 sản phẩm" in told


def test_the_round_has_one_story_and_no_seed(tmp_path: Path) -> None:
    assert ocop("demo", "--year", "2026", "--seed", "3", "--dir", str(tmp_path), "--json").exit == 2
