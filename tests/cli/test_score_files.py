"""Workbooks and grids through the command line: given out, taken back whole, or refused whole."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.cli.conftest import copied
from tests.cli.contract import held
from tests.cli.councils import COMMUNE, PROVINCE, Table, table
from tests.cli.office import Office

SETS = ("coffee_cacao", "white_spirit")


@pytest.fixture(scope="module")
def ready(sandbox_database: Path, tmp_path_factory: pytest.TempPathFactory) -> Table:
    """Two dossiers of different sets before a council of two members."""
    return table(Office(copied(sandbox_database, tmp_path_factory.mktemp("files"))), None, members=2, sets=SETS)


@pytest.fixture
def council(ready: Table, tmp_path: Path) -> Table:
    return ready.copied(tmp_path)


def fill_in(file: Path, points: dict[str, Any] | None = None) -> None:
    """The best of the points allowed on every line; ``points`` instead where they name a criterion."""
    book = openpyxl.load_workbook(file)
    for sheet in (each for each in book.worksheets if each.sheet_state == "visible"):
        for row in sheet.iter_rows(min_row=9, max_col=5):
            choices = str(row[3].value or "").partition(" (")[0].split(" / ")
            if choices != [""]:
                chosen = (points or {}).get(str(row[0].value), choices[-1])
                row[4].value = int(chosen) if str(chosen).isdigit() else chosen
    book.save(file)


def test_a_sitting_is_keyed_from_workbooks_and_closed_at_once(council: Table, tmp_path: Path) -> None:
    sitting = council.convene()
    given = held(council.do("council", "sheet", sitting, "--out", str(tmp_path / "sheets")), "council sheet")
    files = given["files"]
    assert [each["member"] for each in files] == list(council.members)
    for each in files:
        fill_in(Path(each["file"]))
        words = ["council", "score", sitting, "--member", each["member"], "--sheet", each["file"]]
        found = held(council.do(*words), "council score sheets")
        assert [sheet["total"] for sheet in found["sheets"]] == ["100", "100"]
    closed = council.do("council", "close", sitting)
    assert [(each["dossier"], each["stars"]) for each in closed] == [(code, 5) for code in council.dossiers]
    minutes = held(council.do("council", "minutes", sitting), "council minutes")
    assert (minutes["stars"], minutes["open"]) == ({"5": 2}, [])


def test_a_workbook_with_one_fault_is_refused_whole(council: Table, tmp_path: Path) -> None:
    sitting = council.convene()
    file = tmp_path / "one.xlsx"
    member = council.members[0]
    council.do("council", "sheet", sitting, "--member", member, "--out", str(file))
    fill_in(file, {"1.1": "13"})
    words = ["council", "score", sitting, "--member", member, "--sheet", str(file)]
    assert set(council.refuses(2, *words)) == {"book_option_unknown"}
    assert council.refuses(2, "council", "score", sitting, "--member", council.members[1], "--sheet", str(file)) == [
        "book_of_another"
    ]


def test_one_dossier_of_a_workbook_may_be_taken_alone(council: Table, tmp_path: Path) -> None:
    sitting, member, file = council.convene(), council.members[0], tmp_path / "all.xlsx"
    council.do("council", "sheet", sitting, "--member", member, "--out", str(file))
    fill_in(file)
    words = ["council", "score", sitting, council.dossiers[1], "--member", member, "--sheet", str(file)]
    found = held(council.do(*words), "council score")
    assert (found["dossier"], found["member"], found["total"]) == (council.dossiers[1], member, "100")
    whole = ["council", "score", sitting, "--member", member, "--sheet", str(file)]
    assert council.refuses(3, *whole) == ["member_scored_already"]


def test_a_workbook_says_itself_whose_it_is(council: Table, tmp_path: Path) -> None:
    """As the guide prints it: ``ocop council score SITTING --sheet FILE``; another workbook says nothing."""
    sitting, member, file = council.convene(), council.members[1], tmp_path / "mine.xlsx"
    council.do("council", "sheet", sitting, "--member", member, "--out", str(file))
    fill_in(file)
    found = held(council.do("council", "score", sitting, "--sheet", str(file)), "council score sheets")
    assert {each["member"] for each in found["sheets"]} == {member}
    openpyxl.Workbook().save(file)
    assert council.refuses(2, "council", "score", sitting, "--sheet", str(file)) == ["book_not_ours"]


def test_an_interested_member_is_not_asked(council: Table, tmp_path: Path) -> None:
    member = council.members[0]
    words = ["council", "interest", council.council, member, "--dossier", council.dossiers[0], "--reason", "người nhà"]
    council.do(*words)
    sitting = council.convene()
    (given,) = council.do("council", "sheet", sitting, "--member", member, "--out", str(tmp_path / "a.xlsx"))["files"]
    assert given["dossiers"] == [council.dossiers[1]]


def test_a_grid_with_the_signed_scan_records_every_member(council: Table, tmp_path: Path) -> None:
    sitting, dossier = council.convene(), council.dossiers[0]
    file, scan = tmp_path / "grid.xlsx", tmp_path / "phieu.pdf"
    scan.write_bytes(b"%PDF-1.4 signed")
    held(council.do("council", "grid", sitting, dossier, "--out", str(file)), "council grid")
    book = openpyxl.load_workbook(file)
    page: Any = book.worksheets[0]
    for row in page.iter_rows(min_row=3):
        best = "100" if row[0].value == "TOTAL" else str(row[2].value or "").split(" / ")[-1]
        for cell in row[3:]:
            cell.value = best or None
    book.save(file)
    found = council.do("council", "score", sitting, dossier, "--grid", str(file), "--file", str(scan))
    assert [(each["member"], each["total"]) for each in found["sheets"]] == [(m, "100") for m in council.members]
    events = [each for each in council.do("dossier", "history", dossier) if each["action"] == "score"]
    assert all(each["data"]["scan"] and each["data"]["paper_total"] == "100" for each in events)


def test_exactly_one_way_of_scoring_is_named(council: Table) -> None:
    sitting = council.convene()
    words = ["council", "score", sitting, council.dossiers[0], "--member", council.members[0]]
    assert council.refuses(2, *words) == ["parts_or_criteria"]
    assert council.refuses(2, *words, "--parts", "1,1,1", "--set", "1.1=3") == ["parts_or_criteria"]


def test_minima_by_each_member_look_at_the_lowest(council: Table, tmp_path: Path) -> None:
    """Criterion 1.5 of set 13 needs 2 points for four stars: 1 and 3 have a mean of 2, but one member gave 1."""
    rules = tmp_path / "each.yaml"
    rules.write_text("minima_by: each_member", encoding="utf-8")
    words = ["--unit", PROVINCE, "--decision", "11/QĐ-HĐOCOP", "--round", "2", "--year", "2026", "--rules", str(rules)]
    second = council.do("council", "create", *words)["code"]
    for member, role in zip(council.members, ("council_chair", "council_member"), strict=True):
        council.do("council", "member", second, member, "--role", role)
    stars = {}
    for code, dossier in ((council.council, council.dossiers[0]), (second, council.dossiers[0])):
        here = ["--present", ",".join(council.members), "--dossiers", dossier]
        sitting = council.do("council", "convene", code, *here)["sitting"]
        for member, given in zip(council.members, ("1", "3"), strict=True):
            file = tmp_path / f"{sitting}-{member}.xlsx"
            council.do("council", "sheet", sitting, "--member", member, "--out", str(file))
            fill_in(file, {"1.5": given})
            council.do("council", "score", sitting, dossier, "--member", member, "--sheet", str(file))
        stars[code] = council.do("council", "close", sitting, dossier)["stars"]
    assert stars == {council.council: 4, second: 3}


def test_rating_check_reads_a_filled_sheet(council: Table, tmp_path: Path) -> None:
    """``rating check --sheet`` gives what the sitting would give."""
    sitting, file = council.convene(), tmp_path / "one.xlsx"
    words = ["council", "sheet", sitting, council.dossiers[0], "--member", council.members[0], "--out", str(file)]
    council.do(*words)
    fill_in(file, {"1.5": "1"})
    found = council.do("rating", "check", "--regime", "qd_26_2026", "--product-set", SETS[0], "--sheet", str(file))
    assert (found["total"], found["stars_by_total"], found["stars"]) == ("98", 5, 3)
    assert [(each["criterion"], each["star"]) for each in found["limited_by"]] == [("1.5", 4), ("1.5", 5)]


# --- criteria typed in by a province  ---------------------------------------------------------------------

#: Code, name, maximum, options, least points for 3, 4, 5 stars: a small tree of 40/25/35.
TREE = (
    ("A", "", 40, None),
    ("1", "Tổ chức sản xuất", 25, None),
    ("1.1", "Nguồn nguyên liệu", 15, "0; 5; 10:a; 10:b; 15", 5),
    ("1.2", "Gia tăng giá trị", 10, "0; 5; 10"),
    ("2", "Phát triển sản phẩm", 15, "0; 15"),
    ("B", "", 25, None),
    ("3", "Tiếp thị", 25, "0; 10; 25"),
    ("C", "", 35, None),
    ("4", "Chất lượng", 35, "0; 20; 35", 20),
)


def typed_form(office: Office, folder: Path, tree: tuple[tuple[Any, ...], ...] = TREE) -> Path:
    file = folder / "form.xlsx"
    words = ["--regime", "qd_148_2023", "--product-set", "coffee_cacao", "--out", str(file)]
    held(office.do("criteria", "template", *words), "criteria template")
    book = openpyxl.load_workbook(file)
    page: Any = book.worksheets[0]
    for row, value in ((4, "Cà phê, ca cao"), (5, "I"), (6, "Thực phẩm"), (7, "148/QĐ-TTg, bản giấy của tỉnh")):
        page.cell(row, 2, value)
    for offset, cells in enumerate(tree):
        for column in range(1, 9):
            page.cell(11 + offset, column).value = cells[column - 1] if column <= len(cells) else None
    book.save(file)
    return file


@pytest.fixture
def office_148(sandbox: Path) -> Office:
    return Office(sandbox, "2025-06-02")


def load_words(file: Path, decision: str = "30/QĐ-UBND") -> list[str]:
    named = ["--regime", "qd_148_2023", "--product-set", "coffee_cacao", "--decision", decision]
    return ["criteria", "load", str(file), "--unit", PROVINCE, *named]


def test_a_province_types_in_a_tree_that_later_dossiers_are_scored_by(office_148: Office, tmp_path: Path) -> None:
    """148/QĐ-TTg: its trees are not known here; source, typist, decision and form are kept with the event."""
    office = office_148
    before = office.open(COMMUNE, "Cà phê trước", track="existing_product")
    typist = office.holder("officer", PROVINCE)
    file = typed_form(office, tmp_path)
    found = held(office.do(*load_words(file), who=typist), "criteria load")
    assert (found["criteria"], found["parts"]) == (5, {"A": 40, "B": 25, "C": 35})
    after = office.open(COMMUNE, "Cà phê sau", track="existing_product")
    assert office.show(before)["workflow_hash"] != office.show(after)["workflow_hash"] == found["workflow_hash"]
    officer = office.holder("officer", COMMUNE)
    given = [part for text in ("1.1=10:b", "1.2=5", "2=15", "3=25", "4=35") for part in ("--set", text)]
    words = ["council", "assess", after, "--source", "entity", *given]
    assert office.do(*words, who=officer)["total"] == "90"
    codes = office.refuses(
        2, "council", "assess", after, "--source", "entity", *given[2:], "--set", "1.1=10", who=officer
    )
    assert codes == ["case_ambiguous"]
    assert office.refuses(2, "council", "assess", before, "--source", "entity", *given, who=officer) == [
        "criteria_set_unknown"
    ]


@pytest.mark.parametrize(
    ("row", "column", "value", "code"),
    [
        (0, 2, 35, "criteria_sum_wrong"),
        (2, 2, 14, "criteria_sum_wrong"),
        (3, 3, "0; 5; mười", "criteria_field_wrong"),
        (3, 0, "1.1", "criteria_code_twice"),
        (2, 4, 16, "criteria_field_wrong"),
        (4, 1, "", "criteria_field_missing"),
    ],
)
def test_a_faulty_form_is_refused_with_its_row(
    office_148: Office, tmp_path: Path, row: int, column: int, value: Any, code: str
) -> None:
    tree = [list(cells) + [None] * (5 - len(cells)) for cells in TREE]
    tree[row][column] = value
    file = typed_form(office_148, tmp_path, tuple(map(tuple, tree)))
    typist = office_148.holder("officer", PROVINCE)
    assert code in office_148.refuses(2, *load_words(file), who=typist)


def test_parts_of_35_25_40_do_not_fit_a_regime_of_40_25_35(office_148: Office, tmp_path: Path) -> None:
    swapped = tuple(
        (
            code,
            name,
            {"A": 35, "C": 40, "2": 10, "4": 40}.get(code, maximum),
            {"2": "0; 10", "4": "0; 20; 40"}.get(code, rest[0]),
        )
        for code, name, maximum, *rest in TREE
    )
    file = typed_form(office_148, tmp_path, swapped)
    typist = office_148.holder("officer", PROVINCE)
    assert office_148.refuses(2, *load_words(file), who=typist) == ["criteria_parts_differ", "criteria_parts_differ"]
