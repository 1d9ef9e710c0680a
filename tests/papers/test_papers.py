"""``ocop paper``: every kind made from the record, in the layout of Decree 30/2020/NĐ-CP annex I; templates refused."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from docx.shared import Mm

from ocop_flow.domain.units import CENTRAL, Unit
from ocop_flow.papers import words
from ocop_flow.papers.filling import check
from ocop_flow.papers.kinds import PRESENT, Field, folder, kinds, of_regimes, practice
from tests.cli.contract import held
from tests.cli.office import Office
from tests.papers.world import COMMUNE, PROVINCE, World

ROOT = Path(__file__).parents[2]
KINDS = list(kinds())


def paper(world: World, tmp_path: Path, kind: str, *words_: str) -> Any:
    """The paper of a kind about the world's subject, opened as a document."""
    file = tmp_path / f"{kind}.docx"
    held(world.office.do("paper", kind, world.subjects[kind], "--out", str(file), *words_), "paper make")
    return Document(str(file))


def lines(document: Any) -> list[str]:
    """Every line of text, those in tables included."""
    inside = [p for table in document.tables for row in table.rows for cell in row.cells for p in cell.paragraphs]
    return [each.text for each in (*document.paragraphs, *inside)]


def whole(document: Any) -> str:
    return "\n".join(lines(document))


# --- every kind ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_made_from_the_record_on_a4_in_times_new_roman(world: World, tmp_path: Path, kind: str) -> None:
    """Decree 30/2020 annex I: A4, Times New Roman 13-14, margins 20/20/30/15 mm for a standing page."""
    document = paper(world, tmp_path, kind)
    section = document.sections[0]
    text = whole(document)
    assert sorted((round(section.page_width.mm), round(section.page_height.mm))) == [210, 297]
    assert document.styles["Normal"].font.name == "Times New Roman"
    if section.page_width < section.page_height:
        margins = (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
        assert [round(each.mm) for each in margins] == [20, 20, 30, 15]
        assert document.styles["Normal"].font.size.pt == 13
    assert "{{" not in text and "{%" not in text and "None" not in text
    assert "Mã đầu sổ nhật ký: " in text


@pytest.mark.parametrize("kind", ["form_03", "receipt", "supplement", "letter", "minutes", "submission", "recognition"])
def test_an_office_s_paper_has_the_national_heading_issuer_number_place_and_day(
    world: World, tmp_path: Path, kind: str
) -> None:
    """Decree 30/2020 annex I, sections of the head: national heading, issuer, number and symbol, place and date."""
    text = whole(paper(world, tmp_path, kind, "--number", "45"))
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in text
    assert "Độc lập - Tự do - Hạnh phúc" in text
    assert "ỦY BAN NHÂN DÂN" in text
    assert "Số: 45/" in text
    assert "ngày 01 tháng 9 năm 2026" in text


def test_the_receipt_has_the_number_of_its_law(world: World, tmp_path: Path) -> None:
    """26/2026/QĐ-TTg: the slip's number is number/PĐK-province-commune-year."""
    text = whole(paper(world, tmp_path, "receipt", "--number", "07"))
    assert f"Số: 07/PĐK-{PROVINCE}-{COMMUNE}-2026" in text


def test_a_request_to_supplement_names_what_the_entity_still_owes(world: World, tmp_path: Path) -> None:
    """Form 02 and two of five samples (26/2026/QĐ-TTg art. 5) are the entity's; the commune's own report is not."""
    text = whole(paper(world, tmp_path, "supplement"))
    assert "Báo cáo tự đánh giá (Mẫu 02): cần 1, đã có 0, còn thiếu 1" in text
    assert "Sản phẩm mẫu: cần 5, đã có 3, còn thiếu 2" in text
    assert "Thiếu báo cáo tự đánh giá" in text
    assert "Mẫu 03" not in text


def test_the_score_summary_has_a_column_for_each_member_and_the_exact_mean(world: World, tmp_path: Path) -> None:
    table = next(t for t in paper(world, tmp_path, "score_summary").tables if len(t.rows) == 2)
    assert [cell.text for cell in table.rows[1].cells] == [
        "1",
        "Cà phê hạt",
        "Hợp tác xã số 4",
        "",
        "75",
        "75,00",
        "4",
        "",
    ]


def test_a_draft_decision_lists_what_may_be_recognised_and_nothing_else(world: World, tmp_path: Path) -> None:
    """Four stars of the province are its to recognise; two stars get no decision (26/2026/QĐ-TTg art. 6)."""
    text = whole(paper(world, tmp_path, "recognition"))
    assert "(DỰ THẢO)" in text and "Cà phê rang xay Phố Nối" in text
    assert "Ca cao bột" not in text
    assert "36 tháng" in text


def test_the_notice_of_an_end_speaks_to_the_commune_of_today_and_names_the_issuer_of_then(
    world: World, tmp_path: Path
) -> None:
    """12103 was Phường Bần Yên Nhân until 30 June 2025; 120 days before 20 December 2026 is 22 August 2026."""
    text = whole(paper(world, tmp_path, "expiry_notice"))
    assert "Kính gửi: Hợp tác xã số 5, phường Mỹ Hào" in text
    assert "muộn nhất ngày 22/8/2026" in text
    assert "Thời hạn nộp đã qua." in text
    assert "do tỉnh Hưng Yên cấp" in text, "lower case within a sentence: Decree 30/2020 annex II"


def test_the_round_page_tells_what_can_still_make_the_cut_off(world: World, tmp_path: Path) -> None:
    """Round 2 of 2026 takes in before 30 October: 29 October read strictly, 58 days after 1 September.

    The law is cited as Vietnamese papers cite it.
    """
    text = whole(paper(world, tmp_path, "round_page"))
    assert "29/10/2026 (còn 58 ngày)" in text
    assert "CÒN KỊP: nếu chủ thể bổ sung" in text
    assert "Căn cứ: Các điều 5-8 Quyết định 26/2026/QĐ-TTg." in text


def test_the_certificate_carries_its_signed_code(world: World, tmp_path: Path) -> None:
    document = paper(world, tmp_path, "certificate")
    assert len(document.inline_shapes) == 1
    assert document.inline_shapes[0].width == Mm(30)


# --- signature blocks ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("capacity", "lines_"),
    [
        (None, ["TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"]),
        ("KT", ["TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"]),
        ("TL", ["TL. CHỦ TỊCH", words.BLANK]),
        ("TUQ", ["TUQ. CHỦ TỊCH", words.BLANK]),
        ("Q", ["TM. ỦY BAN NHÂN DÂN", "Q. CHỦ TỊCH"]),
    ],
)
def test_the_block_of_signatures_names_the_capacity(capacity: str | None, lines_: list[str]) -> None:
    """Decree 30/2020 annex I: TM. on behalf of, KT. for, TL. by order, TUQ. by authorisation, Q. acting."""
    unit = Unit(PROVINCE, "Tỉnh Hưng Yên", "tỉnh", "province", None, None, None)
    assert words.signature(unit, "committee", capacity) == lines_


@pytest.mark.parametrize(
    ("day", "shown"), [("2026-01-05", "05/01/2026"), ("2026-02-10", "10/02/2026"), ("2026-03-09", "09/3/2026")]
)
def test_days_have_a_nought_before_one_figure_and_before_the_first_two_months(day: str, shown: str) -> None:
    """Decree 30/2020 annex I: days below 10 and the months 1 and 2 take a nought."""
    assert words.short_day(date.fromisoformat(day)) == shown


# --- templates of a province --------------------------------------------------------------------------------------


def own_template(tmp_path: Path, *texts: str) -> Path:
    document = Document()
    for text in texts:
        document.add_paragraph(text)
    file = tmp_path / "receipt.docx"
    document.save(str(file))
    return file


def test_a_province_s_template_takes_the_place_of_the_shipped_one(world: World, tmp_path: Path) -> None:
    own_template(tmp_path, "Sở NN&MT nhận {{ product }} của {{ entity }}", "{%p for item in handed %}")
    template = own_template(tmp_path, "Nhận {{ product }} <của> {{ entity }}")
    for option in (("--template", str(template)), ("--templates", str(tmp_path))):
        out = tmp_path / f"{option[0]}.docx"
        world.office.do("paper", "receipt", world.subjects["receipt"], "--out", str(out), *option)
        assert lines(Document(str(out))) == ["Nhận Mật ong nhãn <của> Hợp tác xã số 1"]


def test_unknown_fields_are_each_named_and_nothing_is_written(world: World, tmp_path: Path) -> None:
    """Also in a branch that this paper would not take, and in the rows of a list."""
    texts = ("{{ prodct }}", "{%p if missing and not product %}", "{{ secret.value }}", "{%p endif %}")
    template = own_template(tmp_path, *texts, "{%p for item in handed %}", "{{ item.price }}", "{%p endfor %}")
    out = tmp_path / "out.docx"
    words_ = ("paper", "receipt", world.subjects["receipt"], "--out", str(out), "--template", str(template))
    answer = world.office.ask(*words_)
    assert answer.exit == 2
    assert answer.codes == ["template_field_unknown"] * 3
    told = " ".join(item["message"] for item in answer.document["reasons"])
    assert all(name in told for name in ("prodct", "secret", "item.price"))
    assert not out.exists()


@pytest.mark.parametrize("text", ["{{ product.__class__ }}", "{{ product.upper() }}", "{{ product|nothing }}"])
def test_a_template_sees_values_and_nothing_of_the_program(world: World, tmp_path: Path, text: str) -> None:
    template = own_template(tmp_path, text)
    words_ = ("paper", "receipt", world.subjects["receipt"], "--out", str(tmp_path / "out.docx"))
    assert world.office.refuses(2, *words_, "--template", str(template))
    assert not (tmp_path / "out.docx").exists()


def test_what_is_no_word_file_is_refused(world: World, tmp_path: Path) -> None:
    (tmp_path / "broken.docx").write_bytes(b"PK\x03\x04 broken")
    words_ = ("paper", "receipt", world.subjects["receipt"], "--out", str(tmp_path / "out.docx"))
    assert world.office.refuses(2, *words_, "--template", str(tmp_path / "broken.docx")) == ["template_unreadable"]


def test_the_record_s_own_fields_are_not_typed_over(world: World, tmp_path: Path) -> None:
    words_ = ("paper", "receipt", world.subjects["receipt"], "--out", str(tmp_path / "out.docx"))
    assert world.office.refuses(2, *words_, "--set", "product=Khác") == ["paper_field_not_typed"]


def test_kinds_subjects_and_capacities_that_do_not_exist_are_refused(world: World, tmp_path: Path) -> None:
    out = ("--out", str(tmp_path / "out.docx"))
    assert world.office.refuses(2, "paper", "poem", "HS-1", *out) == ["paper_kind_unknown"]
    assert world.office.refuses(4, "paper", "receipt", "Bánh không có", *out)
    wrong = ("--capacity", "XX")
    assert world.office.refuses(2, "paper", "receipt", world.subjects["receipt"], *out, *wrong) == ["capacity_unknown"]


def test_a_letter_without_dossiers_is_not_written(world: World, tmp_path: Path) -> None:
    out = ("--out", str(tmp_path / "out.docx"))
    assert world.office.refuses(4, "paper", "letter", "00004", *out) == ["paper_empty"]


# --- the table and the templates that are shipped -----------------------------------------------------------------


def names(fields: dict[str, Field] | Any) -> Iterator[str]:
    for name, each in fields.items():
        yield name
        if each.rows is not None:
            yield from (f"{name}[].{inner}" for inner in names(each.rows))


#: Every kind as the decision in force has it, and as each earlier one has it.
VARIANTS = list(
    dict.fromkeys((kind, of.of(kinds()[kind]).template) for of in (PRESENT, *of_regimes().values()) for kind in KINDS)
)


@pytest.mark.parametrize(("kind", "template"), VARIANTS)
def test_each_shipped_template_names_only_fields_of_its_kind(kind: str, template: str) -> None:
    check(kinds()[kind], (folder() / template).read_bytes(), kind)


@pytest.mark.parametrize("kind", KINDS)
def test_the_fields_that_are_told_are_the_fields_that_are_given(world: World, kind: str) -> None:
    """``ocop paper fields KIND`` is what a province writes templates by; so each field named is there, and no other."""
    from ocop_flow import bootstrap, config
    from ocop_flow.papers import making

    asked = kinds()[kind]
    office = bootstrap.open_office(
        config.read(str(world.office.db), "vi", None, {"OCOP_NOW": "2026-09-01T10:00:00+07:00"})
    )
    with office.reader() as uow:
        found = making.DATA[asked.data](uow, office, world.subjects[kind])
        given = making.fields(uow, office, asked, found, making.Wish())
    assert set(given) == set(asked.fields)
    for name, field in asked.fields.items():
        for row in given[name] if field.rows is not None else ():
            assert set(row) == set(field.rows or {}), name


def test_the_shipped_templates_are_what_their_texts_make() -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / ".ci" / "papers" / "build"), "--check"], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (0, "")


def test_every_kind_has_its_template_and_every_template_its_kind() -> None:
    shipped = {each.name for each in folder().iterdir() if each.name.endswith(".docx")}
    assert shipped == {template for _, template in VARIANTS}


# --- papers of earlier decisions ----------------------------------------------------------------------------------


def written(office: Office, tmp_path: Path, kind: str, subject: str, *words_: str) -> str:
    file = tmp_path / f"{kind}.docx"
    office.do("paper", kind, subject, "--out", str(file), *words_)
    return whole(Document(str(file)))


def test_forms_of_1048_are_its_own_and_go_to_the_district(sandbox: Path, tmp_path: Path) -> None:
    """1048/QĐ-TTg: form 01 new product, form 02 existing product, form 03 business plan; the district receives."""
    office = Office(sandbox, "2020-07-01")
    dossier = office.open(COMMUNE, "Tương Bần", track="existing_product")
    titles = {
        "form_01": "PHIẾU ĐĂNG KÝ SẢN PHẨM MỚI",
        "form_02": "PHIẾU ĐĂNG KÝ SẢN PHẨM ĐÃ CÓ",
        "form_03": "PHƯƠNG ÁN SẢN XUẤT, KINH DOANH",
    }
    for number, (kind, title) in enumerate(titles.items(), start=1):
        text = written(office, tmp_path, kind, dossier)
        assert f"Mẫu số 0{number}" in text and title in text and "26/2026" not in text
        assert "ĐẠI DIỆN CHỦ THỂ" in text
        if kind != "form_03":
            assert "Kính gửi: Ủy ban nhân dân thị xã Mỹ Hào" in text
            assert "Quyết định 1048/QĐ-TTg" in text


def test_under_148_forms_bear_no_number_and_the_committee_recognises(sandbox: Path, tmp_path: Path) -> None:
    """148/QĐ-TTg: the committee of the tier decides, the district three stars; form numbers are unknown."""
    office = Office(sandbox, "2024-03-01")
    dossier = office.open(COMMUNE, "Tương Bần", track="existing_product")
    for kind in ("form_01", "form_02", "form_03"):
        text = written(office, tmp_path, kind, dossier)
        assert "Mẫu số" not in text and "26/2026" not in text
    office.walk(dossier, "rating.district_decision", stars=3)
    draft = written(office, tmp_path, "recognition", office.unit_at(COMMUNE, "district"))
    assert "ỦY BAN NHÂN DÂN THỊ XÃ MỸ HÀO" in draft and "Quyết định 148/QĐ-TTg" in draft
    assert "TM. ỦY BAN NHÂN DÂN" in draft and "CHỦ TỊCH ỦY BAN" not in draft
    office.take(dossier, "recognise_three_stars")
    number = office.show(dossier)["certificate"]
    office.day = "2026-06-01"
    assert "TM. ỦY BAN NHÂN DÂN" in written(office, tmp_path, "certificate", number)
    assert "CHỦ TỊCH ỦY BAN NHÂN DÂN" in written(office, tmp_path, "revocation", number), "the law of the day revokes"


def test_the_ministry_has_the_name_that_it_had() -> None:
    """The Ministry of Agriculture and Rural Development until 2025: recalled."""
    names_ = {regime: words.decider(CENTRAL, practice(regime)) for regime in ("qd_148_2023", "qd_26_2026")}
    assert names_ == {
        "qd_148_2023": "Bộ trưởng Bộ Nông nghiệp và Phát triển nông thôn",
        "qd_26_2026": "Bộ trưởng Bộ Nông nghiệp và Môi trường",
    }


def test_a_province_replaces_a_form_of_an_earlier_decision_by_its_name(sandbox: Path, tmp_path: Path) -> None:
    """The folder's form_01.docx is that of the decision in force, not of 1048."""
    office = Office(sandbox, "2020-07-01")
    dossier = office.open(COMMUNE, "Tương Bần", track="existing_product")
    folder_ = tmp_path / "mau"
    folder_.mkdir()
    words_ = ("--regime", "qd_1048_2019", "--out", str(tmp_path / "shipped.docx"))
    held(office.do("paper", "template", "form_01", *words_), "paper template")
    listed = {each["kind"]: each for each in held(office.do("paper", "list"), "paper list")}
    assert listed["form_01"]["templates"]["qd_1048_2019"] == "form_01.qd_1048_2019.docx"
    held(office.do("paper", "fields", "form_01"), "paper fields")
    assert "MỚI" in whole(Document(str(tmp_path / "shipped.docx")))
    for name, text in (("form_01.docx", "mới"), ("form_01.qd_1048_2019.docx", "cũ")):
        document = Document()
        document.add_paragraph(text)
        document.save(str(folder_ / name))
    assert written(office, tmp_path, "form_01", dossier, "--templates", str(folder_)) == "cũ"


# --- registers ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "product"), [("intake", "Mật ong nhãn"), ("certificates", "Tương Bần"), ("expiry", "Tương Bần")]
)
def test_a_register_is_printed_as_a_word_file_and_as_a_workbook(
    world: World, tmp_path: Path, name: str, product: str
) -> None:
    """One line for each day that lies within the days asked for; both files lie on A4."""
    from openpyxl import load_workbook
    from openpyxl.utils import get_column_letter

    days = {"certificates": ("--from", "2023-01-01", "--to", "2023-12-31")}.get(name, ())
    files = [tmp_path / f"{name}.{end}" for end in ("docx", "xlsx")]
    for file in files:
        found = held(world.office.do("register", name, "--unit", PROVINCE, *days, "--out", str(file)), "register")
    assert product in [line["product"] for line in found["lines"]]
    table = Document(str(files[0])).tables[0]
    sheet = load_workbook(files[1]).worksheets[0]
    assert [[cell.text for cell in row.cells] for row in table.rows] == [
        [cell.value or "" for cell in row] for row in sheet.iter_rows(min_row=3)
    ]
    assert len(table.rows) == 1 + len(found["lines"])
    assert (str(sheet.page_setup.paperSize), sheet.page_setup.orientation) == ("9", "landscape")
    for number, row in enumerate(sheet.iter_rows(min_row=3, values_only=True), start=3):
        widths = [sheet.column_dimensions[get_column_letter(place)].width for place in range(1, len(row) + 1)]
        fullest = max(-(-len(str(text or "")) // width) for text, width in zip(row, widths, strict=True))
        assert (sheet.row_dimensions[number].height or 0) >= 15 * fullest, "no text hangs into the row below"


def test_a_register_of_days_on_which_nothing_came_is_empty(world: World, tmp_path: Path) -> None:
    days = ("--from", "2024-01-01", "--to", "2024-12-31")
    found = world.office.do("register", "intake", "--unit", PROVINCE, *days, "--out", str(tmp_path / "a.docx"))
    assert found["lines"] == []
    assert world.office.refuses(2, "register", "intake", "--unit", PROVINCE, "--out", str(tmp_path / "a.pdf"))
