"""Workbooks and grids: what is given out comes back cell by cell, or is refused with every fault named.

Source: exactly one option per criterion (REGULATIONS section 3); the 26 sets of 26/2026/QĐ-TTg.
"""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from ocop_flow import regimes
from ocop_flow.criteriadata import load_set, product_sets
from ocop_flow.domain.asked import Asked, Line, lines_of
from ocop_flow.errors import InputInvalid, Text
from ocop_flow.tables import scorebook, scoregrid

REGIME = regimes.load_regime("qd_26_2026")
SETS = product_sets("qd_26_2026")


def asked(product_set: str, number: int = 1, member: str = "uyvien.1") -> Asked:
    """What a member is asked about dossier ``number`` of a sitting; an unknown set asks for part totals."""
    tree = load_set("qd_26_2026", product_set) if product_set in SETS else None
    parts = tree.part_maxima if tree else dict(REGIME.rating.parts)
    return Asked(
        sitting="PH-2026-000001-L",
        on="2026-06-01",
        council="HD-2026-000001-L",
        unit="Hưng Yên",
        turn=1,
        member=member,
        name=f"Ủy viên {member}",
        dossier=f"HS-2026-{number:06d}-K",
        product=f"Sản phẩm số {number}",
        entity="HTX số 1",
        commune="Phường Mỹ Hào",
        regime=REGIME,
        workflow="0" * 64,
        product_set=product_set,
        set_name=tree.name if tree else Text(product_set, product_set),
        parts=parts,
        lines=lines_of(tree, parts),
        tree=tree,
    )


def best(line: Line) -> Any:
    """The option with the most points, as Excel would hold it."""
    if not line.choices:
        return line.maximum
    choice = max(line.choices, key=lambda text: int(text.partition(":")[0]))
    return int(choice) if choice.isdigit() else choice


def filled_book(sheets: list[Asked], lang: str = "vi") -> Any:
    """The workbook with the best option everywhere."""
    book = openpyxl.load_workbook(BytesIO(scorebook.write(sheets, lang)))
    for title, sheet in zip(scorebook.titles(sheets), sheets, strict=True):
        for row, line in scorebook.layout(sheet, lang).lines.items():
            book[title].cell(row, 5, best(line))
    return book


def back(book: Any, sheets: list[Asked], folder: Path) -> Any:
    path = folder / "book.xlsx"
    book.save(path)
    return scorebook.check(scorebook.load(path), sheets)


def faults(book: Any, sheets: list[Asked], folder: Path) -> list[str]:
    with pytest.raises(InputInvalid) as caught:
        back(book, sheets, folder)
    return [each.code for each in caught.value.reasons]


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_a_workbook_of_each_set_makes_the_round_trip(lang: str, tmp_path: Path) -> None:
    """26 sets in one book, the best option of every criterion: each comes to 40 + 25 + 35."""
    assert len(SETS) == 26
    sheets = [asked(name, number) for number, name in enumerate(SETS, start=1)]
    found = back(filled_book(sheets, lang), sheets, tmp_path)
    assert [each.dossier for each in found] == [each.dossier for each in sheets]
    for each in found:
        assert (each.filled.score.total, each.filled.score.parts) == (100, {"A": 40, "B": 25, "C": 35})


def test_points_evidence_and_opinions_come_back_as_written(tmp_path: Path) -> None:
    sheet = asked("coffee_cacao")
    book = filled_book([sheet])
    page = book.worksheets[0]
    rows = {line.code: row for row, line in scorebook.layout(sheet, "vi").lines.items()}
    page.cell(rows["1.1"], 5, 2)
    page.cell(rows["1.2"], 5, "1")
    page.cell(rows["1.1"], 7, "Hợp đồng số 1")
    page.cell(rows["1.1"], 8, "Thiếu hóa đơn")
    page.cell(scorebook.layout(sheet, "vi").opinion, 2, "Đồng ý")
    (found,) = back(book, [sheet], tmp_path)
    assert found.filled.score.total == 98
    assert (found.filled.score.points["1.1"], found.filled.score.points["1.2"]) == (2, 1)
    remarks = found.filled.remarks
    assert (remarks.cited, remarks.opinions) == ({"1.1": "Hợp đồng số 1"}, {"1.1": "Thiếu hóa đơn"})
    assert remarks.opinion == "Đồng ý"


def test_the_sheet_writes_its_day_as_offices_do() -> None:
    """Decree 30/2020 annex I: the day stands before the month, never 2026-06-01."""
    sheet = asked(SETS[0])
    page = openpyxl.load_workbook(BytesIO(scorebook.write([sheet], "vi"))).worksheets[0]
    written = "\n".join(str(cell.value) for row in page.iter_rows() for cell in row if cell.value)
    assert "01/06/2026" in written and "2026-06-01" not in written


def test_a_set_without_a_tree_asks_for_part_totals(tmp_path: Path) -> None:
    sheet = asked("unknown_set")
    book = filled_book([sheet])
    book.worksheets[0]["E10"] = 33.5
    (found,) = back(book, [sheet], tmp_path)
    assert found.filled.score.total == 40 + 25 + 35 - 40 + 33.5
    book.worksheets[0]["E10"] = 40.5
    assert faults(book, [sheet], tmp_path) == ["book_option_unknown"]


def row_of(sheet: Asked, code: str) -> int:
    return next(row for row, line in scorebook.layout(sheet, "vi").lines.items() if line.code == code)


def thirteen(page: Any, row: int) -> None:
    page.cell(row, 5, 13)


def emptied(page: Any, row: int) -> None:
    page.cell(row, 5).value = None


def summed(page: Any, row: int) -> None:
    page.cell(row, 6, 3)


def another_code(page: Any, row: int) -> None:
    page.cell(row, 1, "1.2")


def merged(page: Any, row: int) -> None:
    page.merge_cells(start_row=row, start_column=1, end_row=row, end_column=2)


def beside(page: Any, row: int) -> None:
    page.cell(row, 12, "ghi chú")


def deleted(page: Any, row: int) -> None:
    page.delete_rows(row)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (thirteen, {"book_option_unknown"}),
        (emptied, {"book_cell_empty"}),
        (summed, {"book_formula_changed"}),
        (another_code, {"book_criterion_twice", "book_criterion_missing", "book_cell_changed"}),
        (merged, {"book_merged"}),
        (beside, {"book_cell_added"}),
        (deleted, {"book_criterion_missing", "book_cell_changed", "book_formula_changed"}),
    ],
)
def test_what_was_changed_is_named_and_nothing_is_taken(
    change: Callable[[Any, int], None], expected: set[str], tmp_path: Path
) -> None:
    """13 in a criterion of 3, an empty cell, a formula, a code, merged cells, a note beside, a row that is gone."""
    sheet = asked("coffee_cacao")
    book = filled_book([sheet])
    change(book.worksheets[0], row_of(sheet, "1.1"))
    assert expected <= set(faults(book, [sheet], tmp_path))


def test_a_fault_names_its_cell(tmp_path: Path) -> None:
    sheet = asked("coffee_cacao")
    book = filled_book([sheet])
    thirteen(book.worksheets[0], row_of(sheet, "1.1"))
    with pytest.raises(InputInvalid) as caught:
        back(book, [sheet], tmp_path)
    (fault,) = caught.value.reasons
    assert (fault.params["cell"], fault.params["value"]) == (f"E{row_of(sheet, '1.1')}", "13")
    assert fault.params["choices"] == "1 / 2 / 3"


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        ({"member": "uyvien.2"}, "book_of_another"),
        ({"sitting": "PH-2026-000002-M"}, "book_of_another"),
        ({"workflow": "1" * 64}, "book_other_set"),
        ({"turn": 2}, "book_asked_otherwise"),
        ({"dossier": "HS-2026-000009-K"}, "book_dossier_unknown"),
    ],
)
def test_a_book_of_another_member_sitting_law_turn_or_dossier_is_refused(
    other: dict[str, Any], expected: str, tmp_path: Path
) -> None:
    given = asked("coffee_cacao")
    assert faults(filled_book([given]), [replace(given, **other)], tmp_path) == [expected]


def test_a_book_of_another_set_is_refused(tmp_path: Path) -> None:
    assert faults(filled_book([asked("white_spirit")]), [asked("coffee_cacao")], tmp_path) == ["book_other_set"]


def test_missing_and_strange_sheets_are_named(tmp_path: Path) -> None:
    sheets = [asked("coffee_cacao", 1), asked("white_spirit", 2)]
    book = filled_book(sheets)
    book.remove(book.worksheets[1])
    book.create_sheet("Nháp")
    assert set(faults(book, sheets, tmp_path)) == {"book_sheet_missing", "book_sheet_extra"}


def test_a_workbook_with_macros_or_without_its_hidden_sheet_is_refused(tmp_path: Path) -> None:
    sheets = [asked("coffee_cacao")]
    book = filled_book(sheets)
    path = tmp_path / "macros.xlsx"
    book.save(path)
    with zipfile.ZipFile(path, "a") as packed:
        packed.writestr("xl/vbaProject.bin", b"macro")
    with pytest.raises(InputInvalid) as caught:
        scorebook.load(path)
    assert caught.value.reasons[0].code == "table_macros"
    book.remove(book[scorebook.HIDDEN])
    assert faults(book, sheets, tmp_path) == ["book_not_ours"]


# --- the grid --------------------------------------------------------------------------------------------------------


def filled_grid(sheets: list[Asked], folder: Path, kind: str, change: Callable[[Any], None] | None = None) -> Path:
    """The grid as .xlsx with the best option everywhere and the right totals; .csv is written from it."""
    book = openpyxl.load_workbook(BytesIO(scoregrid.write(sheets, "vi", as_csv=False)))
    page: Any = book.worksheets[0]
    for offset, line in enumerate(sheets[0].lines):
        for column in range(len(sheets)):
            page.cell(3 + offset, 4 + column, str(best(line)))
    for column in range(len(sheets)):
        page.cell(3 + len(sheets[0].lines), 4 + column, "100")
    if change:
        change(page)
    path = folder / f"grid.{kind}"
    if kind == "xlsx":
        book.save(path)
    else:
        rows = [[str(cell) if cell is not None else "" for cell in row] for row in page.iter_rows(values_only=True)]
        path.write_text("\n".join(";".join(f'"{cell}"' for cell in row) for row in rows), encoding="utf-8")
    return path


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
@pytest.mark.parametrize("product_set", ["coffee_cacao", "unknown_set"])
def test_a_grid_makes_the_round_trip(kind: str, product_set: str, tmp_path: Path) -> None:
    sheets = [asked(product_set, member=f"uyvien.{number}") for number in (1, 2, 3)]
    path = filled_grid(sheets, tmp_path, kind)
    found = scoregrid.check(path.name, scoregrid.load(path), sheets)
    assert [(each.member, int(each.filled.score.total), each.paper_total) for each in found] == [
        (f"uyvien.{number}", 100, "100") for number in (1, 2, 3)
    ]


@pytest.mark.parametrize(
    ("row", "value", "expected"),
    [
        (3, "13", "grid_option_unknown"),
        (3, None, "grid_cell_empty"),
        (-2, "99", "paper_total_differs"),
        (-2, None, "grid_total_missing"),
    ],
)
def test_a_faulty_grid_is_refused(row: int, value: str | None, expected: str, tmp_path: Path) -> None:
    """An option not in the tree, an empty cell, a total that is not the one on paper, no total."""
    sheets = [asked("coffee_cacao", member=f"uyvien.{number}") for number in (1, 2)]

    def change(page: Any) -> None:
        page.cell(row if row > 0 else page.max_row + row + 1, 5).value = value

    path = filled_grid(sheets, tmp_path, "xlsx", change)
    with pytest.raises(InputInvalid) as caught:
        scoregrid.check(path.name, scoregrid.load(path), sheets)
    assert [each.code for each in caught.value.reasons] == [expected]


def test_a_grid_of_another_dossier_or_turn_is_refused(tmp_path: Path) -> None:
    sheets = [asked("coffee_cacao")]
    path = filled_grid(sheets, tmp_path, "xlsx")
    with pytest.raises(InputInvalid) as caught:
        scoregrid.check(path.name, scoregrid.load(path), [replace(sheets[0], turn=2)])
    assert caught.value.reasons[0].code == "grid_of_another"


def test_a_row_twice_or_missing_and_a_strange_member_are_named(tmp_path: Path) -> None:
    sheets = [asked("coffee_cacao")]

    def change(page: Any) -> None:
        page["A4"] = "[1.1]"
        page["E1"] = "nguoi.la"

    path = filled_grid(sheets, tmp_path, "xlsx", change)
    with pytest.raises(InputInvalid) as caught:
        scoregrid.check(path.name, scoregrid.load(path), sheets)
    assert {each.code for each in caught.value.reasons} == {"grid_row_twice", "grid_row_missing", "grid_member_unknown"}
