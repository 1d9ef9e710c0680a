"""``certificate declare --file``: what a province holds comes in as one, or not at all; the same file twice is nothing.

Units of the tests: commune 12106 (Xã Phan Đình Phùng, Hưng Yên) and ward 12103 (Bần Yên Nhân, Hưng Yên) ended on
30 June 2025; 33 is Tỉnh Hưng Yên before and after, which since then covers the former Tỉnh Thái Bình (34).
"""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest

from tests import books
from tests.books import HEADINGS, LINE
from tests.cli.office import dump, files

if TYPE_CHECKING:
    from tests.cli.office import Answer, Office

PROVINCE = "33"
SECOND = ("Tương bần", "Cơ sở số 2", 3, "02/GCN-OCOP", "12106", "123/QĐ-UBND", datetime.date(2024, 3, 1))


@pytest.fixture
def officer(office: Office) -> str:
    return office.appoint("officer.hy", "officer", PROVINCE, "2025-07-01")


def file(office: Office, rows: list[Any], name: str = "table.xlsx") -> str:
    path = office.db.parent / name
    path.write_bytes(books.xlsx([HEADINGS, *rows]))
    return str(path)


def declare(office: Office, who: str, path: str, *more: str) -> Answer:
    return office.ask("certificate", "declare", "--file", path, *more, who=who)


def codes(found: list[dict[str, Any]]) -> set[str]:
    return {item["code"] for item in found}


def counts(answer: Answer) -> tuple[int, int, int]:
    report = answer.document
    return report["made"], report["changed"], report["unchanged"]


def test_the_same_file_twice_changes_nothing(office: Office, officer: str) -> None:
    """Lines without number, commune or day are recognised again as well."""
    bare = ("Mật ong", "Hộ số 3", 3, None, None, None, "2023")
    path = file(office, [LINE, SECOND, bare])
    first = declare(office, officer, path)
    assert (first.exit, counts(first)) == (0, (3, 0, 0))
    before = dump(office.db)
    again = declare(office, officer, path)
    assert (again.exit, counts(again)) == (0, (0, 0, 3))
    assert dump(office.db) == before


def test_a_dry_run_tells_the_same_and_writes_nothing(office: Office, officer: str) -> None:
    path, before = file(office, [LINE]), dump(office.db)
    tried = declare(office, officer, path, "--dry-run")
    assert (tried.exit, counts(tried), tried.document["written"]) == (0, (1, 0, 0), False)
    assert dump(office.db) == before


def test_the_views_are_those_of_a_rebuild(office: Office, officer: str) -> None:
    """Many rows at once are written as the log replayed one by one would write them."""
    declare(office, officer, file(office, [LINE, SECOND, ("Chè", "HTX mẫu số 1", 4, None, "12103", None, "5/2024")]))
    assert office.do("doctor", "--rebuild")["ok"] is True


def test_one_bad_line_stops_all_and_every_fault_has_row_and_column(office: Office, officer: str) -> None:
    """Nine stars in row 3, a name of 300 letters and 31 February in row 4: three faults, nothing written."""
    bad = [*SECOND[:2], 9, *SECOND[3:]]
    worse = ["X" * 300, *SECOND[1:3], "03/GCN", *SECOND[4:6], "31/2/2024"]
    before = dump(office.db)
    answer = declare(office, officer, file(office, [LINE, bad, worse]))
    assert answer.exit == 2
    assert dump(office.db) == before
    assert {(item["row"], item["cell"], item["code"]) for item in answer.document["wrong"]} == {
        (3, "C3", "stars_unreadable"),
        (4, "A4", "name_too_long"),
        (4, "G4", "date_does_not_exist"),
    }
    assert answer.document["error"] == "InputInvalid"
    assert all(item["message"] and item["remedy"] for item in answer.document["reasons"])


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_bad_lines_are_skipped_into_a_file_that_can_be_handed_in_again(
    office: Office, officer: str, tmp_path: Path, kind: str
) -> None:
    rest = tmp_path / f"rest.{kind}"
    bad = [*SECOND[:2], 9, *SECOND[3:]]
    answer = declare(office, officer, file(office, [LINE, bad]), "--skip-bad", str(rest))
    assert (answer.exit, counts(answer)) == (1, (1, 0, 0))
    assert "9" in (rest.read_text("utf-8-sig") if kind == "csv" else str(_rows(rest)))
    if kind == "csv":
        rest.write_text(rest.read_text("utf-8-sig").replace(",9,", ",3,"), "utf-8")
    else:
        book = openpyxl.load_workbook(rest)
        book.worksheets[0]["C2"] = 3
        book.save(rest)
    again = declare(office, officer, str(rest))
    assert (again.exit, counts(again)) == (0, (1, 0, 0))


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_a_formula_or_an_error_stays_in_the_list_of_what_was_left_out(
    office: Office, officer: str, tmp_path: Path, kind: str
) -> None:
    """Nothing typed is lost: the rest shows what the person had, as text, and is refused again until it is mended."""
    rest, more = tmp_path / f"rest.{kind}", tmp_path / f"more.{kind}"
    formulas = ['="Nhãn"&" lồng"', *SECOND[1:6], "=DATE(2024,3,1)"]
    broken = [*SECOND[:6], "#REF!"]
    answer = declare(office, officer, file(office, [LINE, formulas, broken]), "--skip-bad", str(rest))
    assert (answer.exit, counts(answer)) == (1, (1, 0, 0))
    cells = rest.read_text("utf-8-sig") if kind == "csv" else str(_rows(rest))
    assert all(text in cells for text in ("Nhãn", "=DATE(2024,3,1)", "#REF!"))
    if kind == "xlsx":
        sheet = openpyxl.load_workbook(rest).worksheets[0]
        assert {cell.data_type for line in sheet.iter_rows() for cell in line} <= {"s", "n", "d"}
    again = declare(office, officer, str(rest), "--skip-bad", str(more))
    assert (again.exit, counts(again)) == (1, (0, 0, 0))
    codes = [(item["row"], item["code"]) for item in again.document["wrong"]]
    assert sorted(codes) == [(2, "cell_formula"), (2, "cell_formula"), (3, "cell_error")]
    assert more.read_text("utf-8-sig") == rest.read_text("utf-8-sig") if kind == "csv" else _rows(more) == _rows(rest)


def _rows(path: Path) -> list[Any]:
    return list(openpyxl.load_workbook(path).worksheets[0].iter_rows(values_only=True))


def test_lines_with_gaps_come_in_unreconciled_with_a_list_and_deadlines(office: Office, officer: str) -> None:
    """Without number and day: 36 months from the first day of the month that is known, so that nobody is late."""
    answer = declare(office, officer, file(office, [("Chè", "HTX số 9", 3, None, "12106", None, "3/2024")]))
    [to_do] = answer.document["unreconciled"]
    assert to_do["missing"] == ["number", "issued_on"]
    shown = office.do("certificate", "show", to_do["certificate"])
    assert (shown["unreconciled"], shown["issued_on"], shown["valid_to"]) == (True, None, "2027-03-01")
    kinds = {item["kind"] for item in office.do("deadline", "list") if item["subject"] == to_do["certificate"]}
    assert "certificate_expiry" in kinds
    [ending] = office.do("certificate", "list", "--ending", "12m")
    assert ending["file_by"] == "2026-11-01"


def test_a_later_table_completes_what_was_missing(office: Office, officer: str) -> None:
    """The commune was unknown: filled in, it reconciles the certificate; a third time changes nothing."""
    gap = [*LINE[:4], None, *LINE[5:]]
    declare(office, officer, file(office, [gap], "first.xlsx"), "--issuer", PROVINCE)
    later = declare(office, officer, file(office, [LINE], "second.xlsx"), "--issuer", PROVINCE)
    assert (later.exit, counts(later)) == (0, (0, 1, 0))
    shown = office.do("certificate", "show", str(LINE[3]))
    assert (shown["commune"], shown["unreconciled"]) == ("12106", False)
    assert counts(declare(office, officer, file(office, [LINE], "third.xlsx"))) == (0, 0, 1)
    assert office.do("doctor", "--rebuild")["ok"] is True


def test_a_number_found_later_takes_the_place_of_the_running_one(office: Office, officer: str) -> None:
    unnumbered = [*LINE[:3], None, *LINE[4:]]
    first = declare(office, officer, file(office, [unnumbered], "first.xlsx")).document
    old = first["unreconciled"][0]["certificate"]
    assert counts(declare(office, officer, file(office, [LINE], "second.xlsx"))) == (0, 1, 0)
    assert office.do("certificate", "show", old)["status"] == "replaced"
    assert office.do("certificate", "show", str(LINE[3]))["unreconciled"] is False


def test_a_table_overwrites_no_record(office: Office, officer: str) -> None:
    """The same number with other stars is a fault of the line."""
    declare(office, officer, file(office, [LINE], "first.xlsx"))
    answer = declare(office, officer, file(office, [[*LINE[:2], 5, *LINE[3:]]], "second.xlsx"))
    assert (answer.exit, codes(answer.document["wrong"])) == (2, {"declared_differs"})


def test_what_is_doubtful_is_told_and_taken(office: Office, officer: str) -> None:
    """Two spellings, a unit since abolished, a decision dated before its cycle."""
    path = office.db.parent / "table.xlsx"
    rows: list[list[Any]] = [
        [*HEADINGS, "Năm đánh giá"],
        [*LINE, 2024],
        ["Long nhãn", "Hợp tác xã mau so 1", 3, "03/GCN", "12106", None, "15/12/2023", 2023],
    ]
    path.write_bytes(books.xlsx(rows))
    answer = declare(office, officer, str(path))
    assert (answer.exit, counts(answer)) == (0, (2, 0, 0))
    found = {(item["row"], item["code"]) for item in answer.document["doubtful"]}
    assert {(2, "decision_before_cycle"), (2, "commune_abolished"), (3, "two_spellings")} <= found


@pytest.mark.parametrize(("signed", "doubted"), [("20/8/2019", True), ("21/8/2019", False)])
def test_a_decision_of_before_the_first_national_rule_is_doubted(
    office: Office, officer: str, signed: str, doubted: bool
) -> None:
    """1048/QĐ-TTg of 21 August 2019 was the first; what was signed the day before belongs to no cycle of it."""
    row = ["Chè", "HTX số 9", 3, "9/GCN", "12106", "9/QĐ-UBND", signed]
    told = [
        (item["source"], item["mark"])
        for item in declare(office, officer, file(office, [row]), "--dry-run").document["doubtful"]
        if item["code"] == "decision_before_law"
    ]
    assert told == ([("1048/QĐ-TTg", "two_sources")] if doubted else [])


def test_a_commune_whose_name_is_not_unique_stays_open(office: Office) -> None:
    """Xã Quang Trung stood in many districts: for an officer of the centre nothing tells which; a district does."""
    office.appoint("officer.tw", "officer", "central", "2018-01-01")
    row = ["Chè", "HTX số 9", 3, "9/GCN", "Xã Quang Trung", None, "1/3/2024"]
    answer = declare(office, "officer.tw", file(office, [row]), "--issuer", PROVINCE, "--dry-run")
    assert "commune_not_unique" in codes(answer.document["doubtful"])
    assert answer.document["unreconciled"][0]["missing"] == ["commune"]


def test_who_holds_no_post_there_is_refused(office: Office) -> None:
    """The person is at fault, not the lines: exit 3."""
    office.appoint("officer.hn", "officer", "01", "2025-07-01")
    assert office.refuses(3, "certificate", "declare", "--file", file(office, [LINE]), who="officer.hn") == [
        "role_missing"
    ]


def test_text_in_an_old_font_is_shown_as_it_will_be(office: Office, officer: str) -> None:
    """TCVN3 in headings and cells; the preview names each cell with both forms."""
    path = office.db.parent / "old.xlsx"
    path.write_bytes(
        books.xlsx([["Tªn s¶n phÈm", "Chñ thÓ", "H¹ng sao", "X· ph­êng"], ["R­îu nÕp", "Hîp t¸c x· sè 1", 3, "12106"]])
    )
    answer = declare(office, officer, str(path), "--dry-run", "--issued-on", "2024-03-01")
    assert answer.exit == 0, answer.out
    assert {(item["cell"], item["from"], item["to"]) for item in answer.document["converted"]} == {
        ("A2", "R­îu nÕp", "Rượu nếp"),
        ("B2", "Hîp t¸c x· sè 1", "Hợp tác xã số 1"),
    }


def test_one_signed_decision_serves_its_lines(office: Office, officer: str) -> None:
    """The file is kept once, when the table is recorded; nothing is kept where a line is at fault."""
    pdf = office.db.parent / "decision.pdf"
    pdf.write_bytes(b"%PDF-1.7\n")
    bad = [*SECOND[:2], 9, *SECOND[3:]]
    before = dump(office.db)
    assert declare(office, officer, file(office, [LINE, bad]), "--decision-file", str(pdf)).exit == 2
    assert (dump(office.db), files(office.db)) == (before, [])
    assert declare(office, officer, file(office, [LINE, SECOND]), "--decision-file", str(pdf)).exit == 0
    assert len(files(office.db)) == 1
    two = [LINE, [*SECOND[:5], "9/QĐ-UBND", SECOND[6]]]
    names = office.refuses(
        2, "certificate", "declare", "--file", file(office, two), "--decision-file", str(pdf), who=officer
    )
    assert names == ["decision_file_of_which"]


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_the_template_can_be_filled_in_and_handed_in(office: Office, officer: str, lang: str) -> None:
    path = office.db.parent / "template.xlsx"
    answer = office.ask("certificate", "template", str(path), lang=lang)
    assert answer.exit == 0
    book = openpyxl.load_workbook(path)
    titles = [cell.value for cell in book.worksheets[0][1]]
    for column, value in (("product", "Chè"), ("entity", "HTX số 1"), ("stars", 3), ("commune", "12106")):
        from ocop_flow.domain.columns import TITLES

        book.worksheets[0].cell(2, titles.index(TITLES[column][lang == "en"]) + 1, value)
    book.save(path)
    again = declare(office, officer, str(path))
    assert (again.exit, counts(again)) == (0, (1, 0, 0))


def test_bad_files_write_nothing(office: Office, officer: str) -> None:
    """Renamed, truncated, a formula in place of a value: exit 2 with the place."""
    good = books.xlsx([HEADINGS, LINE])
    formula = books.xlsx([HEADINGS, ['="Nhãn"&" lồng"', *LINE[1:]]])
    for name, data, code in (
        ("a.csv", good, "table_renamed"),
        ("b.xlsx", good[:900], "table_damaged"),
        ("c.xlsx", formula, "cell_formula"),
    ):
        path = office.db.parent / name
        path.write_bytes(data)
        assert office.refuses(2, "certificate", "declare", "--file", str(path), who=officer)[0] == code


def test_a_line_of_a_text_with_a_cell_too_many_is_wrong_usage(office: Office, officer: str, tmp_path: Path) -> None:
    """Nothing typed is dropped: a comma outside quotation marks would leave the end of a text behind (exit 2)."""
    table = tmp_path / "table.csv"
    head, row = "product,entity,entity_kind,stars,source", "Cà phê,HTX số 1,cooperative,3,sổ tay, trang 4"
    table.write_text(f"{head}\n{row}\n", encoding="utf-8")
    assert office.refuses(2, "certificate", "declare", "--file", str(table), who=officer) == ["batch_row_width"]
    signed = tmp_path / "list.csv"
    signed.write_text("dossier,stars\nHS-2026-000001-L,3,4\n", encoding="utf-8")
    words = ["decision", "record", "12/QĐ-UBND", "--list", str(signed)]
    assert "batch_row_width" in office.refuses(2, *words, who=officer)


# --- how long it is valid ---------------------------------------------------------------------------------------------

#: Day of issue -> last valid day: 36 months later, or the last day of a shorter month (Civil Code 2015 art. 148).
MONTHS_36 = {"2024-02-29": "2027-02-28", "2023-08-31": "2026-08-31", "2023-05-31": "2026-05-31"}


@pytest.mark.parametrize("issued", MONTHS_36)
def test_a_declared_certificate_is_valid_as_the_law_of_its_day_says(office: Office, officer: str, issued: str) -> None:
    """36 months in every decision; which day is the last is open, and this province settled it from 1 February 2024."""
    overlay = office.db.parent / "quy-dinh-rieng.yaml"
    head = f'schema: ocop-overlay/1\nprovince: "{PROVINCE}"\nbase: qd_148_2023\ndecision: 5/2024/QĐ-UBND\n'
    head += 'effective_from: "2024-02-01"\ntitle: {vi: Quy định riêng của tỉnh, en: Own settings}\n'
    overlay.write_text(f"{head}parameters: {{certificate_last_day: day_before}}\n", encoding="utf-8")
    decision = ["--unit", PROVINCE, "--decision", "5/2024/QĐ-UBND", "--from", "2024-02-01"]
    office.do("workflow", "adopt", str(overlay), *decision, who="admin")
    last = datetime.date.fromisoformat(MONTHS_36[issued])
    wanted = (last - datetime.timedelta(issued >= "2024-02-01")).isoformat()
    day = datetime.date.fromisoformat(issued)
    declare(office, officer, file(office, [("Chè", "HTX mẫu số 1", 4, "8/GCN", "12103", "1/QĐ-UBND", day)]))
    one = ["--product", "Trà", "--entity", "HTX mẫu số 2", "--entity-kind", "cooperative", "--stars", "4"]
    place = ["--commune", "12103", "--issued-on", issued, "--number", "9/GCN", "--source", "Sổ của tỉnh"]
    office.do("certificate", "declare", *one, *place, who=officer)
    found = {each["number"]: each["valid_to"] for each in office.do("certificate", "list")}
    assert found == {"8/GCN": wanted, "9/GCN": wanted}
