"""Reports and tables as files: Excel with charts, Word from a template, pages, pictures, foreign layouts."""

from __future__ import annotations

import csv
import io
import json
import sys
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import openpyxl
import pytest
from docx import Document
from PIL import Image

from ocop_flow.cli.figures import FORMATS
from ocop_flow.domain.export_layout import FIELDS
from ocop_flow.messages.figures import COLUMN_LABELS, KIND_LABELS, SHEET_LABELS
from ocop_flow.service.figure_reports import KINDS
from tests.cli.conftest import copied
from tests.cli.contract import held
from tests.cli.figure_history import NAM_DINH, recognised
from tests.cli.office import Office, ocop

if TYPE_CHECKING:
    from collections.abc import Sequence

SCHEMA = Path(__file__).parents[2] / "workflows" / "schema" / "export_layout.schema.json"


@pytest.fixture(scope="module")
def office(sandbox_database: Path, tmp_path_factory: pytest.TempPathFactory) -> Office:
    """One recognised product of Nam Định in 2020, asked about in Vietnamese."""
    found = Office(copied(sandbox_database, tmp_path_factory.mktemp("files")), lang="vi")
    recognised(found, NAM_DINH, "=Nước mắm Sa Châu", ("2020-03-02", "2020-07-01"), 4, entity="HTX số 1")
    found.day = "2020-12-31"
    return found


def summary(office: Office, file: Path, *words: str) -> bytes:
    office.do("report", "summary", "--unit", "36", "--out", str(file), *words)
    return file.read_bytes()


def texts(paper: bytes) -> str:
    found = Document(io.BytesIO(paper))
    cells = [cell.text for table in found.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in found.paragraphs), *cells])


def template(file: Path, lines: Sequence[str]) -> str:
    """A province's own template with these paragraphs."""
    paper = Document()
    for line in lines:
        paper.add_paragraph(line)
    paper.save(str(file))
    return str(file)


def test_every_kind_has_its_words_and_its_tables_too(office: Office) -> None:
    """A kind, a table or a column without a title would end as a fault of the program."""
    assert set(KIND_LABELS) == set(KINDS)
    for kind in KINDS:
        for sheet in held(office.do("report", kind), "report")["sheets"]:
            assert sheet["id"] in SHEET_LABELS
            assert set(sheet["columns"]) <= set(COLUMN_LABELS)
            assert all(set(row) == set(sheet["columns"]) for row in sheet["rows"])
    assert [row["kind"] for row in office.do("report", "list")] == list(KIND_LABELS)


def test_excel_keeps_numbers_as_numbers_and_draws_charts(office: Office, tmp_path: Path) -> None:
    """A share is a number in per cent; each table with a picture has a chart that stays in the file."""
    data = summary(office, tmp_path / "so-lieu.xlsx")
    book = openpyxl.load_workbook(io.BytesIO(data))
    sheet = next(each for each in book if each.title.startswith("1 "))
    heads = [cell.value for cell in sheet[2]]
    four = next(row for row in sheet.iter_rows(min_row=3, values_only=True) if row[0] == 4)
    assert (heads[1], four[1], four[2]) == ("Còn hiệu lực", 1, 1)
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        assert sum(name.startswith("xl/charts/chart") for name in parts.namelist()) >= 5


def test_word_from_our_template_tells_and_lists(office: Office, tmp_path: Path) -> None:
    """The narrative in sentences, the annex with every table, in Vietnamese with its letters."""
    told = texts(summary(office, tmp_path / "bao-cao.docx"))
    assert "Tỉnh Nam Định có 1 sản phẩm còn hiệu lực công nhận, trong đó 0 sản phẩm 5 sao, 1 sản phẩm 4 sao" in told
    assert "PHỤ LỤC" in told and "Sản phẩm theo hạng sao" in told and "{" not in told


def test_word_from_a_provinces_template_and_ours_to_begin_with(office: Office, tmp_path: Path) -> None:
    """A province writes its own words around the fields; our template is given out to be changed."""
    own = template(tmp_path / "tinh.docx", ["SỞ NN&PTNT {{ unit | upper }}", "{{ table.phases.rows[4][1] }} hồ sơ"])
    assert "SỞ NN&PTNT TỈNH NAM ĐỊNH" in texts(summary(office, tmp_path / "a.docx", "--template", own))
    office.do("report", "template", "--out", str(tmp_path / "mau.docx"))
    again = summary(office, tmp_path / "b.docx", "--template", str(tmp_path / "mau.docx"))
    assert texts(again) == texts(summary(office, tmp_path / "c.docx"))


def test_a_template_with_an_unknown_field_is_refused_naming_it(office: Office, tmp_path: Path) -> None:
    """Every unknown field at once, also one that this kind of report has not; what is no Word file too."""
    out = ["--out", str(tmp_path / "x.docx"), "--template"]
    own = template(tmp_path / "sai.docx", ["{{ don_vi }} {{ unit }}", "{{ words.tong }}", "{{ table.khac.rows }}"])
    faults = office.ask("report", "products", *out, own).document["reasons"]
    assert [each["code"] for each in faults] == ["report_field_unknown"] * 3
    for field in ("don_vi", "words.tong", "table.khac"):
        assert any(f"“{field}”" in each["message"] for each in faults)
    other = template(tmp_path / "khac.docx", ["{{ table.phases.rows }}"])
    assert office.refuses(2, "report", "products", *out, other) == ["report_field_unknown"]
    (tmp_path / "hong.docx").write_bytes(b"PK")
    assert office.refuses(2, "report", "products", *out, str(tmp_path / "hong.docx")) == ["template_unreadable"]
    assert office.refuses(2, "report", "products", "--template", own) == ["template_without_paper"]
    assert not (tmp_path / "x.docx").exists()


def test_pages_and_commas_hold_the_same_tables(office: Office, tmp_path: Path) -> None:
    """The page stands alone with its pictures; the file with commas opens in Excel with its letters."""
    page = summary(office, tmp_path / "trang.html").decode()
    assert page.count("<svg") >= 2 and "src=" not in page and 'href="http' not in page
    for title in ("Sản phẩm theo hạng sao", "Đơn vị chưa báo cáo"):
        assert title in page
    data = summary(office, tmp_path / "bang.csv")
    assert data.startswith(b"\xef\xbb\xbf")
    lines = list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))
    assert ["Sản phẩm theo hạng sao"] in lines and ["4", "1", "100,0 %", "1"] in lines
    assert set(FORMATS) == {"table", "json", "csv", "html", "xlsx", "docx"}


@pytest.mark.parametrize("form", ["csv", "html"])
def test_with_json_the_screen_holds_one_document_whatever_the_form(office: Office, form: str) -> None:
    """``--json``: stdout is one JSON document and nothing else (DESIGN section 7); the table stands in its ``text``."""
    words = ["report", "summary", "--format", form, "--db", str(office.db), "--lang", "vi"]
    now = f"{office.day}T10:00:00+07:00"
    printed, document = ocop(*words, now=now), ocop(*words, "--json", now=now).document
    assert (document["kind"], document["format"]) == ("summary", form)
    assert document["text"].replace("\r\n", "\n") == printed.out.replace("\r\n", "\n")


@pytest.mark.parametrize("kind", ["funnel", "stars", "renewal", "calendar"])
def test_charts_are_drawn_the_same_each_time(office: Office, tmp_path: Path, kind: str) -> None:
    """SVG and PNG with Vietnamese letters that the typeface has: a missing one would warn, and warnings are errors."""
    pictures = []
    for file in (tmp_path / "1.svg", tmp_path / "2.svg", tmp_path / "1.png"):
        office.do("chart", kind, "--unit", "36", "--on", "2020-07-10", "--out", str(file))
        pictures.append(file.read_bytes())
    assert pictures[0] == pictures[1] and b"<svg" in pictures[0]
    with Image.open(io.BytesIO(pictures[2])) as image:
        assert image.width > 800 and len(image.convert("RGB").getcolors(1 << 20) or ()) > 20


def test_a_chart_without_the_extra_or_without_figures_says_so(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing to draw: 3; Matplotlib not installed: 6 with the extra's name; another ending: 2."""
    out = ["--out", str(tmp_path / "a.svg")]
    assert office.refuses(3, "chart", "stars", "--unit", "01", *out) == ["picture_empty"]
    assert office.refuses(2, "chart", "stars", "--out", str(tmp_path / "a.pdf")) == ["format_unknown"]
    assert office.refuses(2, "chart", "pie", *out) == ["chart_unknown"]
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    assert office.refuses(6, "chart", "stars", *out) == ["extra_missing"]


LAYOUT = """\
schema: ocop-export/1
rows: certificates
sheet: Mẫu 01
only: {status: [valid]}
columns:
  - {title: STT, number: true}
  - {title: Chương trình, text: OCOP}
  - {title: Sản phẩm, field: product}
  - {title: Ngày cấp, field: issued_on, date: dd/mm/yyyy}
  - {title: Tỉnh, field: province.name}
  - {title: Mã xã, field: commune.code, digits: 6}
  - {title: Hạng, field: stars, decimals: 1, comma: true}
  - {title: Tình trạng, field: status, values: {valid: Còn hạn}}
"""


def test_columns_are_mapped_to_a_foreign_template(office: Office, tmp_path: Path) -> None:
    """Fixed text, row number, field paths, formats of date, number and code; no cell becomes a formula."""
    (tmp_path / "bo-cuc.yaml").write_text(LAYOUT, encoding="utf-8")
    words = ["export", "--layout", str(tmp_path / "bo-cuc.yaml"), "--unit", "36", "--units-of", "2020-12-31", "--out"]
    assert office.do(*words, str(tmp_path / "ra.csv"))["rows"] == 1
    with (tmp_path / "ra.csv").open(encoding="utf-8-sig", newline="") as file:
        heads, row = csv.reader(file)
    assert heads[0] == "STT" and row[:2] == ["1", "OCOP"] and row[2] == "'=Nước mắm Sa Châu"
    assert row[3:] == ["01/07/2020", "Tỉnh Nam Định", "014209", "4,0", "Còn hạn"]
    office.do(*words, str(tmp_path / "ra.xlsx"))
    sheet = openpyxl.load_workbook(tmp_path / "ra.xlsx")["Mẫu 01"]
    assert (sheet["C2"].data_type, sheet["C2"].value) == ("s", "=Nước mắm Sa Châu")
    assert sheet["D2"].value == "01/07/2020"


def exported(office: Office, folder: Path, kind: str, *fields: str) -> list[list[str]]:
    """The table of these fields, without its headings."""
    columns = "".join(f"  - {{title: {field}, field: {field}}}\n" for field in fields)
    (folder / "cot.yaml").write_text(f"schema: ocop-export/1\nrows: {kind}\ncolumns:\n{columns}", encoding="utf-8")
    words = ["export", "--layout", str(folder / "cot.yaml"), "--out", str(folder / "cot.csv"), "--unit", "36"]
    office.do(*words, "--units-of", "2020-12-31")
    with (folder / "cot.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))[1:]


def test_every_kind_of_record_can_be_handed_to_another_office(office: Office, tmp_path: Path) -> None:
    """Entities, products, posts, duties and the rest, each as its own list has it, with the province of that day."""
    entities = exported(office, tmp_path, "entities", "code", "name", "kind", "province.name")
    assert [row[:3] for row in entities] == [
        [each["code"], each["name"], each["kind"]] for each in office.do("entity", "list", "--unit", "36")
    ]
    assert {row[3] for row in entities} == {"Tỉnh Nam Định"}
    products = exported(office, tmp_path, "products", "code", "entity_code", "province.code")
    listed = office.do("product", "list", "--unit", "36")
    assert products == [[each["code"], each["entity"], "36"] for each in listed]
    posts = exported(office, tmp_path, "posts", "handle", "role", "unit.code", "decision")
    held = [(p["handle"], each["role"], each["unit"]) for p in office.do("person", "list") for each in p["posts"]]
    assert {tuple(row[:3]) for row in posts} < set(held)
    duties = exported(office, tmp_path, "deadlines", "id", "due_on", "status", "unit.code")
    ours = [each for each in office.do("deadline", "list") if each["unit"]["code"] in ("36", "365", NAM_DINH)]
    assert [row[0] for row in duties] == [each["id"] for each in ours]
    assert set(FIELDS) == set(json.loads(SCHEMA.read_text(encoding="utf-8"))["properties"]["rows"]["enum"])
    for kind, fields in FIELDS.items():
        exported(office, tmp_path, kind, *fields)


def test_a_faulty_layout_is_refused_with_every_line(office: Office, tmp_path: Path) -> None:
    """Unknown keys and fields, a column of nothing, a date form for a name: each fault with its line."""
    faulty = LAYOUT.replace("field: product}", "field: san_pham}").replace("text: OCOP", "date: dd/mm/yyyy")
    (tmp_path / "sai.yaml").write_text(faulty, encoding="utf-8")
    words = ["export", "--out", str(tmp_path / "ra.csv"), "--layout", str(tmp_path / "sai.yaml")]
    reasons = office.ask(*words).document["reasons"]
    lines = [each["message"].partition("dòng ")[2].partition(":")[0] for each in reasons]
    assert lines == ["7", "7", "8"]
    (tmp_path / "sai.yaml").write_text(LAYOUT.replace("sheet:", "trang:"), encoding="utf-8")
    assert office.refuses(2, *words) == ["export_layout_faulty"]
