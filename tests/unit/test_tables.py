"""Tables that people keep: read by content, and refused where something in them cannot be read."""

from __future__ import annotations

import datetime
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ocop_flow import tables
from ocop_flow.domain import columns
from ocop_flow.domain.columns import Grid, Recognised
from ocop_flow.domain.declared_row import read_decision, read_row, read_span, read_stars
from ocop_flow.errors import InputInvalid, Reason
from ocop_flow.tables import text
from tests import books
from tests.books import HEADINGS, LINE

TEXT = tuple(str(cell) for cell in LINE)


def read(tmp_path: Path, name: str, data: bytes) -> list[Grid]:
    path = tmp_path / name
    path.write_bytes(data)
    return tables.read(path)


def table(tmp_path: Path, name: str, data: bytes) -> Recognised:
    return columns.choose(name, read(tmp_path, name, data), frozenset())


def refusal(tmp_path: Path, name: str, data: bytes) -> Reason:
    with pytest.raises(InputInvalid) as caught:
        read(tmp_path, name, data)
    return caught.value.reasons[0]


def said(found: Recognised) -> list[dict[str, Any]]:
    """Field -> cell of each line."""
    lines = []
    for _, cells in found.lines():
        lines.append({n: cells[c.position] if c.position < len(cells) else None for n, c in found.columns.items()})
    return lines


# --- kinds of files -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("t.xlsx", books.xlsx([HEADINGS, LINE])),
        ("t.xls", books.xls([HEADINGS, TEXT])),
        ("t.csv", "\n".join(";".join(row) for row in (HEADINGS, TEXT)).encode("utf-8-sig")),
        ("u.csv", "\n".join("\t".join(row) for row in (HEADINGS, TEXT)).encode("utf-16")),
        ("t.docx", books.document([("Số", "Ngày"), ("1", "2")], [HEADINGS, TEXT])),
    ],
)
def test_each_kind_of_file_says_the_same(tmp_path: Path, name: str, data: bytes) -> None:
    """.xlsx, .xls, .csv and one table of a .docx."""
    line = said(table(tmp_path, name, data))[0]
    assert (line["product"], line["stars"], line["commune"]) == ("Nhãn lồng", "4 sao", "12106")
    assert read_span(line["issued_on"]).exact == datetime.date(2023, 12, 15)


def test_headings_are_known_in_any_order_language_and_normal_form(tmp_path: Path) -> None:
    """Vietnamese or English, decomposed or not, in capitals, with notes in brackets."""
    import unicodedata

    headings = ["Issued on", unicodedata.normalize("NFD", "HẠNG SAO (3-5)"), "chu the", "  Tên sản phẩm\n", "Ghi chú"]
    found = table(tmp_path, "t.xlsx", books.xlsx([["Danh sách"], headings, ["2023-08-15", 3, "HTX A", "Chè", "x"]]))
    assert {name: column.position for name, column in found.columns.items()} == {
        "issued_on": 0,
        "stars": 1,
        "entity": 2,
        "product": 3,
    }
    assert found.ignored == ("Ghi chú",)


def test_merged_headings_are_read_with_what_spans_them(tmp_path: Path) -> None:
    """``Quyết định công nhận`` above ``Số`` and ``Ngày``; the other headings run over both rows."""
    upper = ["Tên sản phẩm", "Tên chủ thể", "Hạng sao", "Quyết định công nhận", None]
    lower = [None, None, None, "Số", "Ngày"]

    def merge(_book: Any, sheet: Any) -> None:
        for area in ("A1:A2", "B1:B2", "C1:C2", "D1:E1"):
            sheet.merge_cells(area)

    found = table(tmp_path, "t.xlsx", books.xlsx([upper, lower, ["Chè", "HTX A", 3, "1/QĐ-UBND", "1/2/2023"]], merge))
    assert said(found)[0]["decision"] == "1/QĐ-UBND"
    assert said(found)[0]["decision_date"] == "1/2/2023"


def test_merged_cells_hold_for_all_their_rows(tmp_path: Path) -> None:
    """An entity written once beside three products is the entity of all three."""
    rows: list[list[Any]] = [["Sản phẩm", "Chủ thể", "Sao"], ["A", "HTX số 1", 3], ["B", None, 4], ["C", None, 3]]
    found = table(tmp_path, "t.xlsx", books.xlsx(rows, lambda _, sheet: sheet.merge_cells("B2:B4")))
    assert [line["entity"] for line in said(found)] == ["HTX số 1"] * 3


def test_the_1904_calendar_gives_the_same_days(tmp_path: Path) -> None:
    """A workbook from an old Macintosh counts its days from 1904."""

    def shape(book: Any, _sheet: Any) -> None:
        from openpyxl.utils.datetime import CALENDAR_MAC_1904

        book.epoch = CALENDAR_MAC_1904

    found = table(tmp_path, "t.xlsx", books.xlsx([HEADINGS, LINE], shape))
    assert said(found)[0]["issued_on"] == datetime.date(2023, 12, 15)


def test_a_formula_is_told_where_it_stands(tmp_path: Path) -> None:
    found = table(tmp_path, "t.xlsx", books.xlsx([HEADINGS, [*LINE[:3], '="01"&"/GCN"', *LINE[4:]]]))
    cell = said(found)[0]["number"]
    assert isinstance(cell, Reason)
    assert cell.code == "cell_formula"
    assert found.columns["number"].cell(2) == "D2"


def test_a_million_empty_rows_are_not_walked_through(tmp_path: Path) -> None:
    """A sheet whose last cell was formatted says that it has 1,048,576 rows; reading stops and says so."""
    rows = b"".join(b'<row r="%d"/>' % number for number in range(3, 1_048_577))
    data = books.xlsx([HEADINGS, LINE])
    sheet = books.part(data, "xl/worksheets/sheet1.xml").replace(b"</sheetData>", rows + b"</sheetData>")
    [grid] = read(tmp_path, "t.xlsx", books.with_part(data, "xl/worksheets/sheet1.xml", sheet))
    assert (len(grid.rows), grid.gap) == (2, 2)


# --- refusals -------------------------------------------------------------------------------------------------------


def test_files_that_cannot_be_read_are_refused_by_name(tmp_path: Path) -> None:
    """Password-protected, truncated, renamed, with macros, of another kind."""
    good = books.xlsx([HEADINGS, LINE])
    expected = {
        ("t.xlsx", books.compound({"EncryptedPackage": b"x", "EncryptionInfo": b"y"})): "table_password",
        ("t.xlsx", good[: len(good) // 2]): "table_damaged",
        ("t.csv", good): "table_renamed",
        ("t.xls", good): "table_renamed",
        ("t.xlsx", b"a,b\n1,2\n"): "table_renamed",
        ("t.xls", b"<html><table></table></html>"): "table_kind_unknown",
        ("t.pdf", b"%PDF-1.7"): "table_kind_unknown",
        ("t.xlsm", books.with_part(good, "xl/vbaProject.bin", b"x")): "table_macros",
        ("t.xlsx", books.with_part(good, "xl/vbaProject.bin", b"x")): "table_macros",
        ("t.xls", books.compound({"Workbook": b"x", "_VBA_PROJECT": b"y"})): "table_macros",
        ("t.xls", books.xls([HEADINGS, TEXT])[:1600]): "table_damaged",
        ("t.xlsx", b""): "file_empty",
    }
    assert {key: refusal(tmp_path, *key).code for key in expected} == expected


def test_a_truncated_sheet_is_told_by_its_row(tmp_path: Path) -> None:
    """The package is whole, the sheet in it is not: the row where reading ended is named."""
    data = books.xlsx([HEADINGS, *[LINE] * 20])
    sheet = books.part(data, "xl/worksheets/sheet1.xml")
    found = refusal(tmp_path, "t.xlsx", books.with_part(data, "xl/worksheets/sheet1.xml", sheet[: len(sheet) // 2]))
    assert found.code == "table_damaged_at"
    assert 2 < int(str(found.params["row"])) < 20


def test_text_in_an_encoding_that_cannot_be_told_is_refused_with_row_and_column(tmp_path: Path) -> None:
    """Cyrillic bytes are neither UTF-8 nor any Vietnamese encoding."""
    data = "Tên sản phẩm;Sao\n".encode() + "чай;3\n".encode("cp1251")
    found = refusal(tmp_path, "t.csv", data)
    assert (found.code, found.params["row"], found.params["column"]) == ("csv_encoding_unclear", 2, 1)


def test_windows_1258_is_told_by_its_marks(tmp_path: Path) -> None:
    """Windows-1258 writes tones after their vowels."""
    text = "Tên sa\u0309n phâ\u0309m;Chu\u0309 thê\u0309;Sao\nChe\u0300;Hô\u0323 sô\u0301 1;3\n"
    assert said(table(tmp_path, "t.csv", text.encode("cp1258")))[0] == {
        "product": "Chè",
        "entity": "Hộ số 1",
        "stars": "3",
    }


def test_two_tables_are_a_question(tmp_path: Path) -> None:
    data = books.document([HEADINGS, TEXT], [HEADINGS, TEXT])
    with pytest.raises(InputInvalid) as caught:
        table(tmp_path, "t.docx", data)
    assert caught.value.reasons[0].code == "table_several"


# --- cells ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("15/8/2023", "2023-08-15", "2023-08-15"),
        ("Ngày 15 tháng 8 năm 2023", "2023-08-15", "2023-08-15"),
        ("2023-08-15 00:00:00", "2023-08-15", "2023-08-15"),
        ("8/2023", "2023-08-01", "2023-08-31"),
        ("Quý III/2023", "2023-07-01", "2023-09-30"),
        (2023, "2023-01-01", "2023-12-31"),
    ],
)
def test_days_written_as_text_are_read(text: str, first: str, last: str) -> None:
    """A month, quarter or year is what it says: all of its days."""
    found = read_span(text)
    assert (found.first.isoformat(), found.last.isoformat()) == (first, last)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("31/2/2023", "date_does_not_exist"),
        ("12/25/2023", "date_does_not_exist"),
        ("15/8/23", "date_unreadable"),
        (45153, "cell_number_not_day"),
        (45153.5, "cell_number_not_day"),
        ("1850", "year_unreadable"),
    ],
)
def test_days_that_are_none_are_refused(text: Any, code: str) -> None:
    with pytest.raises(InputInvalid) as caught:
        read_span(text)
    assert caught.value.reasons[0].code == code


@pytest.mark.parametrize("cell", [4, 4.0, "4", "4 sao", "Hạng 4 sao", "★★★★", "****", "Bốn sao", "4*"])
def test_stars_are_read_as_people_write_them(cell: Any) -> None:
    assert read_stars(cell) == 4


@pytest.mark.parametrize("cell", ["6", "0", "Tiềm năng 5 sao", "sao", 3.5])
def test_stars_that_are_none_are_refused(cell: Any) -> None:
    with pytest.raises(InputInvalid):
        read_stars(cell)


def test_a_decision_may_name_its_day() -> None:
    assert read_decision("QĐ số 1234/QĐ-UBND ngày 05/8/2023") == ("1234/QĐ-UBND", datetime.date(2023, 8, 5))


def test_every_fault_of_a_line_is_reported_at_once() -> None:
    """A name of 300 letters, nine stars and a day that does not exist are three faults of one line."""
    cells: dict[str, Any] = {"product": "X" * 300, "entity": "HTX A", "stars": "9", "issued_on": "30/2/2022"}
    line, faults = read_row(7, cells, {})
    assert line is None
    assert {fault.field for fault in faults} == {"product", "stars", "issued_on"}


def test_a_commune_may_stand_in_an_address() -> None:
    cells: dict[str, Any] = {
        "product": "Chè",
        "entity": "HTX A",
        "stars": 3,
        "address": "Thôn 3, xã Tân Lập, huyện Yên Mỹ, tỉnh Hưng Yên",
    }
    line, _ = read_row(2, cells, {})
    assert line is not None
    assert (line.commune, line.district, line.province) == ("xã Tân Lập", "huyện Yên Mỹ", "tỉnh Hưng Yên")


def test_a_code_keeps_the_zeros_that_a_spreadsheet_drops() -> None:
    line, _ = read_row(2, {"product": "Chè", "entity": "HTX A", "stars": 3, "commune": 103}, {})
    assert line is not None
    assert line.commune == "00103"


def test_a_separator_outside_quotation_marks_is_told_with_its_row() -> None:
    """A cell beyond the headings of a text means that those before it stand under others; in a sheet it is a remark."""
    content = "Sản phẩm,Chủ thể\nTrà, xanh,HTX 1\nCà phê,HTX 2,,\n".encode()
    grid = text.read("a.csv", content)
    assert [(item.code, item.params["line"]) for item in grid.moved(1)] == [("batch_row_width", 2)]
    assert replace(grid, text=False).moved(1) == ()
