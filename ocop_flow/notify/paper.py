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
_SIZE = 13
#: Width (cm) of the head's two columns: the country's name needs the wider one.
_COLUMNS = (6.5, 10.0)
_NUMBER = "Số: ……/TB-……"
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
    normal = made.styles["Normal"]
    normal.font.name, normal.font.size = _FONT, Pt(_SIZE)
    normal.paragraph_format.space_after = Pt(0)
    day = letter.moment.astimezone(VIET_NAM).date()
    _head(made, load().words["vi"].office(unit).upper(), f"…………, ngày {day.day:02} tháng {day.month:02} năm {day.year}")
    title = made.add_paragraph()
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    title.paragraph_format.space_before = title.paragraph_format.space_after = Pt(12)
    title.add_run("THÔNG BÁO").bold = True
    for line in filter(str.strip, rendered.text.splitlines()):
        paragraph = made.add_paragraph(_clean(line.strip()))
        first = re.match(r"\d+\. |Kính gửi", line)
        paragraph.paragraph_format.space_before = Pt(10 if first else 4)
        paragraph.paragraph_format.left_indent = Cm(0.75) if line.startswith("   ") else None
        paragraph.paragraph_format.keep_with_next = bool(first)
        paragraph.runs[0].bold = bool(first)
    _foot(made)
    return made


def _head(made: Any, office: str, dated: str) -> None:
    """Who writes, under which number; the country's name and motto, each on one line; place and day."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Cm, Pt

    table = made.add_table(rows=2, cols=2)
    table.autofit = False
    columns = (((office, 12, True),), ((_HEAD[0], 12, True), (_HEAD[1], 13, True)))
    below = ((_NUMBER, 13, False), (dated, 13, False))
    for place, (texts, under) in enumerate(zip(columns, below, strict=True)):
        table.columns[place].width = Cm(_COLUMNS[place])
        for row, listed in enumerate((texts, (under,))):
            cell = table.cell(row, place)
            cell.width = Cm(_COLUMNS[place])
            for number, (text, size, bold) in enumerate(listed):
                paragraph = cell.paragraphs[0] if number == 0 else cell.add_paragraph()
                paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
                paragraph.paragraph_format.space_before = Pt(6 * row)
                run = paragraph.add_run(_clean(text))
                run.bold, run.font.size, run.italic = bold, Pt(size), text == dated
                # The line that the form draws below the motto.
                run.underline = text == _HEAD[1]


def _foot(made: Any) -> None:
    """Where whoever sends it signs."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Cm, Pt

    for text, bold in (("NGƯỜI THÔNG BÁO", True), ("(Ký, ghi rõ họ tên)", False)):
        paragraph = made.add_paragraph()
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        paragraph.paragraph_format.left_indent = Cm(_COLUMNS[0] + 1)
        paragraph.paragraph_format.space_before = Pt(14 if bold else 0)
        paragraph.paragraph_format.keep_with_next = bold
        run = paragraph.add_run(text)
        run.bold, run.italic = bold, not bold


def _clean(text: str) -> str:
    """Text that XML can hold."""
    return re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]", " ", text)
