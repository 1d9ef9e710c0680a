"""A letter on paper: a Word file in the outer form of an administrative document, and the same as plain text."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ocop_flow.clock import VIET_NAM
from ocop_flow.errors import Unavailable, reason
from ocop_flow.notify.catalogue import load

if TYPE_CHECKING:
    from ocop_flow.ports import Letter, Rendered

#: Font and margins (cm: top, bottom, left, right) that Decree 30/2020/NĐ-CP annex I gives for administrative papers.
_FONT = "Times New Roman"
_MARGINS = (2.0, 2.0, 3.0, 1.5)
_HEAD = ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc")


def keep(folder: Path, letter: Letter, rendered: Rendered, unit: str) -> list[str]:
    """Write ``<code>_<day>.docx`` and ``.txt``; printed again on the same day they are the same files.

    raises  Unavailable where the folder cannot be written to
    """
    day = letter.moment.astimezone(VIET_NAM).date()
    stem = re.sub(r"[^A-Za-z0-9-]", "_", letter.recipient.partition(":")[2]) + f"_{day}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        text, word = folder / f"{stem}.txt", folder / f"{stem}.docx"
        text.write_text(rendered.text, encoding="utf-8")
        document(letter, rendered, unit).save(str(word))
    except OSError as error:
        raise Unavailable(reason("folder_not_writable", path=str(folder))) from error
    return [str(word), str(text)]


def document(letter: Letter, rendered: Rendered, unit: str) -> Any:
    """The letter as a document of python-docx."""
    from docx import Document
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Cm, Pt

    made = Document()
    section = made.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.top_margin, section.bottom_margin, section.left_margin, section.right_margin = map(Cm, _MARGINS)
    made.styles["Normal"].font.name = _FONT
    made.styles["Normal"].font.size = Pt(13)
    day = letter.moment.astimezone(VIET_NAM).date()
    head = made.add_table(rows=1, cols=2)
    for cell, texts in zip(
        head.rows[0].cells, ((load().words["vi"].office(unit).upper(), "Số: ……/TB-……"), _HEAD), strict=True
    ):
        for number, text in enumerate(texts):
            paragraph = cell.paragraphs[0] if number == 0 else cell.add_paragraph()
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
            paragraph.add_run(_clean(text)).bold = number == 0 or texts is _HEAD
    dated = made.add_paragraph(f"…………, ngày {day.day:02} tháng {day.month:02} năm {day.year}")
    dated.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    title = made.add_paragraph()
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    title.add_run("THÔNG BÁO").bold = True
    for line in rendered.text.strip().splitlines():
        paragraph = made.add_paragraph(_clean(line.strip()))
        paragraph.paragraph_format.space_after = Pt(4)
        paragraph.paragraph_format.left_indent = Cm(0.75) if line.startswith("   ") else None
        if re.match(r"\d+\. |Kính gửi", line):
            paragraph.runs[0].bold = True
    signed = made.add_paragraph()
    signed.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    signed.add_run("Người thông báo\n(Ký, ghi rõ họ tên)").italic = True
    return made


def _clean(text: str) -> str:
    """Text that XML can hold."""
    return re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]", " ", text)
