"""The annex of a signed decision held against the records: missing, extra, star, name."""

from __future__ import annotations

from typing import TYPE_CHECKING

import openpyxl
import pytest

from ocop_flow.i18n import LANGUAGES
from tests.cli.conftest import copied
from tests.cli.contract import held
from tests.cli.office import Json, Office, ocop

if TYPE_CHECKING:
    from pathlib import Path

COMMUNE, PROVINCE = "12103", "33"
NUMBER = "45/QĐ-UBND"
HEADING = ("STT", "Tên sản phẩm", "Tên chủ thể", "Số sao")
ENTITY = "Hợp tác xã số 1"
#: The annex as it was signed.
SIGNED = (("Cà phê bột", 4), ("Chè xanh", 3), ("Mật ong", 3))


@pytest.fixture(scope="module")
def office(sandbox_database: Path, tmp_path_factory: pytest.TempPathFactory) -> Office:
    """A decision that recognised three products, recorded from its list."""
    folder = tmp_path_factory.mktemp("reconcile")
    office = Office(copied(sandbox_database, folder))
    for product, stars in SIGNED:
        office.walk(office.open(COMMUNE, product, track="existing_product"), "rating", stars=stars)
    leader, officer = office.holder("leader", PROVINCE), office.holder("officer", PROVINCE)
    words = ["decision", "record", NUMBER, "--list", annex(folder, *SIGNED), "--on", office.day, "--signed-by", leader]
    office.do(*words, who=officer)
    return office


def annex(folder: Path, *rows: tuple[str, int], entity: str = ENTITY) -> str:
    """An annex as offices write it: a title above the table, a number before each product."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.append(["DANH SÁCH SẢN PHẨM OCOP"])
    sheet.append(HEADING)
    for number, (product, stars) in enumerate(rows, start=1):
        sheet.append([number, product, entity, f"{stars} sao"])
    file = folder / f"phụ lục {len(list(folder.iterdir()))}.xlsx"
    book.save(file)
    return str(file)


def compared(office: Office, file: str, number: str = NUMBER) -> tuple[int, Json]:
    answer = office.ask("audit", "reconcile", number, file)
    return answer.exit, held(answer.document, "audit reconcile")


def test_the_signed_list_agrees_with_its_records(office: Office, tmp_path: Path) -> None:
    exit_code, found = compared(office, annex(tmp_path, *SIGNED))
    assert (exit_code, found["ok"], found["listed"], found["recorded"], found["differences"]) == (0, True, 3, 3, [])


CASES = {
    "missing": (((*SIGNED, ("Rượu nếp", 4))), [("missing", 6, None)]),
    "extra": (SIGNED[:2], [("extra", None, "Mật ong")]),
    "star": ((SIGNED[0], ("Chè xanh", 4), SIGNED[2]), [("other_star", 4, "Chè xanh")]),
    "name": ((*SIGNED[:2], ("Mật ong rừng", 3)), [("other_name", 5, "Mật ong")]),
    "letters": ((("CÀ PHÊ BỘT", 4), *SIGNED[1:]), []),
}


@pytest.mark.parametrize("name", CASES)
def test_each_difference_is_told_by_its_row(office: Office, tmp_path: Path, name: str) -> None:
    """Case and spaces are no difference; a misspelt product of the one line left of its entity is found by it."""
    rows, wanted = CASES[name]
    exit_code, found = compared(office, annex(tmp_path, *rows))
    told = [(each["kind"], each["line"], (each["found"] or {}).get("product")) for each in found["differences"]]
    assert told == wanted
    assert exit_code == (1 if wanted else 0)


def test_another_entity_is_told(office: Office, tmp_path: Path) -> None:
    _, found = compared(office, annex(tmp_path, *SIGNED, entity="Hợp tác xã số 2"))
    assert [each["kind"] for each in found["differences"]] == ["other_entity"] * 3


@pytest.mark.parametrize("typed", ["another", "HS-2026-000099", None])
def test_a_row_that_names_another_dossier_is_told_though_all_else_agrees(
    office: Office, tmp_path: Path, typed: str | None
) -> None:
    """A decision lists dossiers: the code of another one, or of none, on a row is no slip to pass over."""
    code = office.open(COMMUNE, "Sản phẩm khác", track="existing_product") if typed == "another" else typed
    own = {each["product"]: each["dossier"] for each in office.do("decision", "show", NUMBER)["lines"]}
    rows = [(code or own["Cà phê bột"], *SIGNED[0]), *((own[name], name, stars) for name, stars in SIGNED[1:])]
    file = tmp_path / "ds.csv"
    file.write_text("\n".join(["dossier,product,stars", *(",".join(map(str, row)) for row in rows)]), encoding="utf-8")
    exit_code, found = compared(office, str(file))
    wanted = [("other_dossier", 2, own["Cà phê bột"])] if code else []
    assert [(each["kind"], each["line"], each["dossier"]) for each in found["differences"]] == wanted
    assert exit_code == (1 if wanted else 0)
    for lang in LANGUAGES:
        told = ocop("audit", "reconcile", NUMBER, str(file), "--db", str(office.db), lang=lang)
        assert told.exit == exit_code, told.err


def test_certificates_declared_under_a_number_are_compared_where_no_decision_was_recorded(
    office: Office, tmp_path: Path
) -> None:
    """What was recognised before this system names its decision too."""
    words = ["--product", "Bánh cuốn", "--entity", "HTX số 4", "--entity-kind", "cooperative", "--stars", "4"]
    more = ["--source", "Sổ của tỉnh", "--decision", "9/QĐ-UBND", "--issued-on", "2025-03-01", "--commune", COMMUNE]
    office.do("certificate", "declare", *words, *more, who=office.holder("officer", PROVINCE))
    exit_code, found = compared(office, annex(tmp_path, ("Bánh cuốn", 3), entity="HTX số 4"), "9/QĐ-UBND")
    assert (exit_code, [each["kind"] for each in found["differences"]]) == (1, ["other_star"])


def test_bad_input_is_refused(office: Office, tmp_path: Path) -> None:
    file = annex(tmp_path, *SIGNED)
    assert office.refuses(4, "audit", "reconcile", "99/QĐ-UBND", file) == ["decision_absent"]
    assert office.refuses(2, "audit", "reconcile", "so 5", file) == ["document_number_unreadable"]
    empty = tmp_path / "trống.csv"
    empty.write_text("a,b\n1,2\n", encoding="utf-8")
    assert office.refuses(2, "audit", "reconcile", NUMBER, str(empty)) == ["decision_list_no_heading"]
