"""Registers on A4, as a Word file or a workbook."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any

from ocop_flow import rowheight
from ocop_flow.papers.words import said, short_day, text

Json = dict[str, Any]
#: Title of a column, its share of the width, what stands in it.
Column = tuple[str, int, Callable[[Json], str]]
TITLES = {
    "intake": "SỔ TIẾP NHẬN HỒ SƠ OCOP",
    "certificates": "SỔ CẤP GIẤY CHỨNG NHẬN OCOP",
    "expiry": "SỔ THEO DÕI GIẤY CHỨNG NHẬN OCOP HẾT HẠN",
}
_STATUS = {"valid": "còn hiệu lực", "re_rating_window": "đang trong thời gian nộp đánh giá lại", "expired": "hết hạn"}
_STATUS |= {"grace": "kéo dài hiệu lực", "revoked": "thu hồi", "replaced": "đã thay thế", "unknown": "chưa rõ"}
_NAMED: tuple[Column, ...] = (
    ("Sản phẩm", 18, lambda line: line["product"]),
    ("Chủ thể", 18, lambda line: line["entity"]),
)
_CERTIFICATE: tuple[Column, ...] = (
    ("Số giấy", 14, lambda line: line["number"]),
    ("Mã số sản phẩm", 12, lambda line: line["product_code"] or ""),
    *_NAMED,
    ("Sao", 4, lambda line: str(line["stars"])),
    ("Quyết định", 12, lambda line: line["decision"] or ""),
)
COLUMNS: dict[str, tuple[Column, ...]] = {
    "intake": (
        ("Ngày nhận", 9, lambda line: short_day(line["on"])),
        ("Mã hồ sơ", 13, lambda line: line["code"]),
        *_NAMED,
        ("Địa bàn", 12, lambda line: line["commune"]),
        ("Hình thức", 8, lambda line: said(line["kind"])),
        ("Bước hiện tại", 14, lambda line: text(line["state_label"])),
        ("Số giấy", 12, lambda line: line["certificate"] or ""),
    ),
    "certificates": (
        ("Ngày cấp", 8, lambda line: short_day(line["on"])),
        *_CERTIFICATE,
        ("Hết hạn", 8, lambda line: short_day(line["valid_to"])),
        ("Tình trạng", 9, lambda line: _STATUS[line["status"]]),
    ),
    "expiry": (
        ("Hết hạn", 8, lambda line: short_day(line["on"])),
        *_CERTIFICATE,
        ("Cơ quan cấp", 10, lambda line: line["issuer"]["name"] if line["issuer"] else ""),
        ("Tình trạng", 9, lambda line: _STATUS[line["status"]]),
    ),
}


def heading(register: Json) -> tuple[str, str]:
    """Title, and the unit with the days."""
    days = f"từ {short_day(register['from'])} đến {short_day(register['to'])}"
    return TITLES[register["register"]], f"{register['unit']['name']}, {days}: {len(register['lines'])} dòng"


def cells(register: Json) -> list[list[str]]:
    columns = COLUMNS[register["register"]]
    return [
        [str(number), *(show(line) for _, _, show in columns)] for number, line in enumerate(register["lines"], start=1)
    ]


def as_docx(register: Json, head: Json | None) -> bytes:
    """A lying page; the titles stand again on every page."""
    from docx import Document
    from docx.enum.section import WD_ORIENT
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml import OxmlElement
    from docx.shared import Mm, Pt

    made: Any = Document()
    section = made.sections[0]
    section.orientation, section.page_width, section.page_height = WD_ORIENT.LANDSCAPE, Mm(297), Mm(210)
    section.left_margin, section.right_margin, section.top_margin, section.bottom_margin = map(Mm, (20, 15, 15, 15))
    made.styles["Normal"].font.name, made.styles["Normal"].font.size = "Times New Roman", Pt(11)
    for place, line in enumerate(heading(register)):
        paragraph = made.add_paragraph()
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        paragraph.paragraph_format.space_after = Pt(2 + 4 * place)
        run = paragraph.add_run(line)
        run.bold, run.font.size = not place, Pt(14 - 2 * place)
    columns = [("TT", 4), *((title, share) for title, share, _ in COLUMNS[register["register"]])]
    whole = sum(share for _, share in columns)
    table = made.add_table(rows=1, cols=len(columns), style="Table Grid")
    table.autofit = False
    for column, (_, share) in zip(table.columns, columns, strict=True):
        column.width = Mm(262 * share / whole)
    rows = [table.rows[0], *(table.add_row() for _ in register["lines"])]
    for row, texts in zip(rows, [[title for title, _ in columns], *cells(register)], strict=True):
        row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
        for cell, value in zip(row.cells, texts, strict=True):
            cell.paragraphs[0].paragraph_format.space_after = Pt(0)
            cell.paragraphs[0].add_run(value).bold = row is rows[0]
    table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    if head:
        note = made.add_paragraph().add_run(f"Mã đầu sổ nhật ký: {head['code']}, ngày {short_day(head['date'])}")
        note.italic, note.font.size = True, Pt(9)
    out = BytesIO()
    made.save(out)
    return out.getvalue()


def as_xlsx(register: Json) -> bytes:
    """One sheet that prints as wide as a lying A4 page; text stays text, whatever sign it begins with."""
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font

    book = Workbook()
    sheet: Any = book.active
    sheet.title = register["register"]
    columns = [("TT", 4), *((title, share) for title, share, _ in COLUMNS[register["register"]])]
    for line in heading(register):
        sheet.append([line])
    sheet["A1"].font = Font(bold=True, size=14)
    widths = [share * 1.4 for _, share in columns]
    for texts in ([title for title, _ in columns], *cells(register)):
        sheet.append(texts)
        for cell in sheet[sheet.max_row]:
            cell.data_type, cell.alignment = "s", Alignment(wrap_text=True, vertical="top")
            cell.font = Font(bold=sheet.max_row == 3)
        sheet.row_dimensions[sheet.max_row].height = rowheight.height(zip(texts, widths, strict=True))
    for position, width in enumerate(widths):
        sheet.column_dimensions[chr(ord("A") + position)].width = width
    sheet.freeze_panes, sheet.print_title_rows = "A4", "3:3"
    sheet.page_setup.paperSize, sheet.page_setup.orientation = sheet.PAPERSIZE_A4, "landscape"
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    out = BytesIO()
    book.save(out)
    return out.getvalue()
