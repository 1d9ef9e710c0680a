"""``certificate list --ending``: what ends when, who must act now, on the screen, on paper and as letters.

Ward 12103 (Bần Yên Nhân) became a part of Phường Mỹ Hào, commune 13087 (An Bình, Thái Bình) a part of Xã Bình Nguyên;
Thái Bình went into Hưng Yên (Resolution 202/2025/QH15).
"""

from __future__ import annotations

import datetime
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import docx
import openpyxl
import pytest

from ocop_flow.domain.regime import ReRatingWindow
from ocop_flow.ending.letters import letters
from ocop_flow.ending.pdf import as_pdf
from ocop_flow.ending.sheet import Sheet
from ocop_flow.errors import Unavailable
from ocop_flow.regimes import load_regime
from tests import books
from tests.books import HEADINGS

if TYPE_CHECKING:
    from tests.cli.office import Office

R26 = load_regime("qd_26_2026")
ROWS = (
    ("Tương bần", "Cơ sở số 2", 3, "02/GCN", "12103", "123/QĐ-UBND", datetime.date(2023, 8, 15)),
    ("Trà sen", "HTX số 4", 4, "04/GCN", "13087", "124/QĐ-UBND", datetime.date(2023, 12, 20)),
    ("Chè", "HTX số 4", 3, "05/GCN", "13087", "124/QĐ-UBND", datetime.date(2024, 12, 20)),
    ("Cá kho", "HTX số 6", 3, "06/GCN", "13087", "120/QĐ-UBND", datetime.date(2020, 1, 5)),
)


@pytest.fixture
def ending(office: Office) -> Office:
    """Four recognitions of former times, seen on 1 June 2026."""
    officer = office.appoint("officer.hy", "officer", "33", "2025-07-01")
    path = office.db.parent / "table.xlsx"
    path.write_bytes(books.xlsx([HEADINGS, *ROWS]))
    office.do("certificate", "declare", "--file", str(path), who=officer)
    return office


def test_it_tells_month_commune_of_today_and_who_must_act(ending: Office) -> None:
    """Those of a province that has gone are minded by the one that took it over, under the name of old."""
    found = ending.do("certificate", "list", "--ending", "12m")
    assert [item["number"] for item in found] == ["02/GCN", "04/GCN"]
    second = found[1]
    assert second["month"] == "2026-12"
    assert [each["name"] for each in second["communes"]] == ["Xã Bình Nguyên"]
    assert (second["acts"]["code"], second["issued_under"]) == ("33", "Tỉnh Thái Bình")


def test_it_is_red_once_the_day_for_filing_is_over(ending: Office) -> None:
    """26/2026/QĐ-TTg art. 8: 120 days before 20 December 2026 is 22 August.

    120 days before 15 August is 17 April, before the decision of 22 May 2026 which made that window: art. 12 lets the
    certificate go on for 180 days past its end, to 11 February 2027, and until its end nobody is late.
    """
    ends = [("2026-08-15", "2027-02-11"), ("2026-08-22", None)]
    for ending.day, late in (
        ("2026-06-01", [False, False]),
        ("2026-08-15", [False, False]),
        ("2026-08-16", [True, False]),
        ("2026-08-22", [True, False]),
        ("2026-08-23", [True, True]),
    ):
        found = ending.do("certificate", "list", "--ending", "12m")
        assert [(item["file_by"], item["grace_to"]) for item in found] == ends
        assert [item["late"] for item in found] == late


def test_a_law_without_a_window_has_no_last_day_to_file(ending: Office, tmp_path: Path) -> None:
    """1489/QĐ-TTg, in force until 21 May 2026, sets no days for a re-rating; neither list nor letter makes any up."""
    target = tmp_path / "sheet.html"
    words = ["certificate", "list", "--ending", "14m", "--on", "2025-10-01"]
    found = ending.do(*words, "--sheet", str(target), "--letters", str(tmp_path / "letters"))
    assert [(item["number"], item["file_by"], item["late"], item["grace_to"]) for item in found] == [
        ("02/GCN", None, False, None)
    ]
    texts = [each.read_text("utf-8") for each in (tmp_path / "letters").glob("*.txt")]
    assert len(texts) == 1
    for text in (*texts, target.read_text("utf-8")):
        assert "02/GCN" in text
        assert "26/2026" not in text and "120 " not in text and "180 " not in text


def test_sheet_and_letter_tell_the_days_of_the_law_in_force() -> None:
    """A later decision may set other days: 90 to 60, here with a made-up number."""
    law = replace(
        R26, re_rating_window=ReRatingWindow(90, 60, "accept_with_warning", "9/2030/QĐ-TTg art. 3", "one_source")
    )
    item: dict[str, Any] = dict.fromkeys(("product", "entity", "number", "month", "acts", "issued_under", "grace_to"))
    item |= {"stars": 3, "communes": [], "late": False, "entity": "HTX số 1", "valid_to": "2031-06-30"}
    item |= {"file_by": "2031-05-01"}
    sheet = Sheet([item], None, datetime.date(2031, 1, 1), datetime.date(2032, 1, 1), "vi", law)
    [letter] = letters(sheet)
    assert "(60 ngày trước khi hết hạn, Điều 3 Quyết định 9/2030/QĐ-TTg)" in sheet.note
    assert "sớm nhất 90 ngày và chậm nhất 60 ngày" in letter.as_text()


@pytest.mark.parametrize(
    ("unit", "count"), [("33", 2), ("34", 1), ("13096", 1), ("13087", 1), ("01", 0), ("central", 2)]
)
def test_a_unit_has_those_of_what_it_took_over(ending: Office, unit: str, count: int) -> None:
    assert len(ending.do("certificate", "list", "--ending", "12m", "--unit", unit)) == count


def test_on_an_earlier_day_only_what_was_issued_by_then_is_there(ending: Office) -> None:
    """Both can be asked, as it is and as it was on a day (DESIGN principle 7): one of 2023 is not valid in 2022."""
    for words in (["certificate", "list"], ["certificate", "list", "--ending", "90m"]):
        then = ending.do(*words, "--on", "2022-01-01")
        assert [(item["number"], item["status"]) for item in then] == [("06/GCN", "valid")]
    assert [item["number"] for item in ending.do("certificate", "list", "--on", "2023-08-15")] == ["06/GCN", "02/GCN"]
    assert ending.refuses(4, "certificate", "show", "02/GCN", "--on", "2023-08-14") == ["certificate_not_issued"]
    assert ending.do("certificate", "show", "02/GCN", "--on", "2023-08-15")["status"] == "valid"


def test_the_end_of_a_certificate_is_known_and_no_offices_to_move(ending: Office) -> None:
    """Known but forbidden is exit 3 (DESIGN section 7); the validity of a certificate never shifts (section 6)."""
    duty = next(row["id"] for row in ending.do("deadline", "list") if row["subject_kind"] == "certificate")
    words = ["deadline", "extend", duty, "--to", "2030-01-01", "--decision", "12/QĐ-UBND", "--reason", "x"]
    assert ending.refuses(3, *words, who=ending.holder("leader", "33")) == ["deadline_fixed"]


def test_what_ended_lately_is_still_shown(ending: Office) -> None:
    """For half a year; for 180 days of it a certificate may wait for its re-rating (26/2026/QĐ-TTg art. 12)."""
    ending.day = "2026-12-30"
    assert [i["days_left"] for i in ending.do("certificate", "list", "--ending", "1m")] == [-137, -10]


def test_one_issued_by_a_district_is_for_the_province_of_today(office: Office) -> None:
    """Districts ended without successors; the province above the commune of today acts."""
    officer = office.appoint("officer.hy", "officer", "33", "2025-07-01")
    path = office.db.parent / "table.xlsx"
    row = ["Chè", "HTX số 1", 3, "1/GCN", "12103", "9/QĐ-UBND", datetime.date(2023, 8, 15), "UBND thị xã Mỹ Hào"]
    path.write_bytes(books.xlsx([[*HEADINGS, "Cơ quan cấp"], row]))
    office.do("certificate", "declare", "--file", str(path), who=officer)
    [found] = office.do("certificate", "list", "--ending", "12m", "--unit", "33")
    assert (found["acts"]["code"], found["issued_under"]) == ("33", "Thị xã Mỹ Hào")


def test_the_sheet_is_one_page_of_html_with_red_lines(ending: Office, tmp_path: Path) -> None:
    target = tmp_path / "sheet.html"
    ending.day = "2026-08-16"
    ending.do("certificate", "list", "--ending", "12m", "--sheet", str(target))
    page = target.read_text("utf-8")
    assert "size: A4" in page
    assert page.count('<tr class="late">') == 1
    assert "Tương bần" in page
    assert "http" not in page, "a page that needs nothing from elsewhere"


def test_the_workbook_prints_on_a4(ending: Office, tmp_path: Path) -> None:
    target = tmp_path / "sheet.xlsx"
    ending.day = "2026-08-16"
    ending.do("certificate", "list", "--ending", "12m", "--unit", "33", "--sheet", str(target))
    summary, listed = openpyxl.load_workbook(target).worksheets
    assert summary.page_setup.paperSize == 9, "A4 in the list of ECMA-376"
    assert [row[0].value for row in listed.iter_rows(min_row=2)] == ["02/GCN", "04/GCN"]
    assert listed["A2"].font.color.rgb == "00B00000"


def test_each_entity_gets_a_letter_as_text_and_docx(ending: Office, tmp_path: Path) -> None:
    ending.do("certificate", "list", "--ending", "12m", "--letters", str(tmp_path / "letters"))
    texts = sorted((tmp_path / "letters").glob("*.txt"))
    assert len(texts) == len(list((tmp_path / "letters").glob("*.docx"))) == 2
    text = next(each for each in texts if "htx-so-4" in each.name).read_text("utf-8")
    assert "04/GCN" in text
    assert "Tỉnh Thái Bình" in text
    words = "\n".join(p.text for p in docx.Document(str(texts[0].with_suffix(".docx"))).paragraphs)
    assert "02/GCN" in words
    assert "art. 8" in text and "art. 12" not in text
    assert "art. 12" in words and "art. 8" not in words, "its window was over before 26/2026/QĐ-TTg"


def test_without_browser_and_office_the_pdf_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(Unavailable) as caught:
        as_pdf("<p>x</p>")
    assert caught.value.reasons[0].code == "pdf_printer_absent"


def test_a_sheet_is_never_written_over(ending: Office, tmp_path: Path) -> None:
    target = tmp_path / "sheet.html"
    target.write_text("mine", "utf-8")
    assert ending.refuses(3, "certificate", "list", "--ending", "12m", "--sheet", str(target)) == ["target_exists"]
    assert target.read_text("utf-8") == "mine"
