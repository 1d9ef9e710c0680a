"""Lý lịch hồ sơ as a Word document."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from ocop_flow.errors import Unavailable, reason
from ocop_flow.pages.story import held, shown_day, steps, words
from ocop_flow.pages.timeline import BAR, LEFT, ROW, WIDTH, bars

Json = dict[str, Any]
_SCALE = 2


def docx(story: Json, lang: str) -> bytes:
    """The story on A4, with its picture.

    raises  Unavailable where the extra that draws pictures is not installed
    """
    from docx import Document
    from docx.shared import Mm, Pt

    said, view = words(lang), story["view"]
    paper = Document()
    section = paper.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin, section.right_margin = Mm(25), Mm(15)
    _typeface(paper)
    paper.add_heading(f"{said['title']} {view['code']}", level=1)
    facts = [("product", view["product"]), ("entity", view["entity"]), ("commune", view["commune"]["name"])]
    facts += [("law", story["law"]), ("state", view["state_label"].vi if lang == "vi" else view["state_label"].en)]
    facts += [(name, view[key]) for name, key in (("stars", "stars_decided"), ("certificate", "certificate"))]
    for name, value in facts:
        if value:
            line = paper.add_paragraph(f"{said[name]}: {value}")
            line.paragraph_format.space_after = Pt(2)
    paper.add_heading(said["held"], level=2)
    paper.add_picture(BytesIO(_picture(story)), width=Mm(165))
    columns = ("unit", "state", "since", "until", "days")
    titles = ["", *(said[name] for name in ("unit", "state", "since", "until", "length"))]
    _table(paper, titles, [[n, *row] for n, row in _rows(held(story, lang), columns)])
    paper.add_heading(said["steps"], level=2)
    for step in steps(story, lang):
        _step(paper, step, said)
    head = story["head"]
    about = f"{said['head']}: {head['code']}, {shown_day(head['date'])}" if head else said["no_head"]
    paper.add_paragraph(f"{said['asked']} {shown_day(story['asked_on'])}. {about}")
    out = BytesIO()
    paper.save(out)
    return out.getvalue()


def _rows(items: list[Json], columns: tuple[str, ...]) -> list[tuple[str, list[str]]]:
    return [(str(number), [str(item[name]) for name in columns]) for number, item in enumerate(items, start=1)]


def _typeface(paper: Any) -> None:
    """One face throughout, black, as administrative papers have it (Decree 30/2020/NĐ-CP, annex I)."""
    from docx.oxml.ns import qn
    from docx.shared import Pt, RGBColor

    for name, size in (("Normal", 12), ("Heading 1", 16), ("Heading 2", 13)):
        font = paper.styles[name].font
        font.name, font.size, font.color.rgb = "Times New Roman", Pt(size), RGBColor(0, 0, 0)
        fonts = font.element.rPr.rFonts
        for place in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
            fonts.attrib.pop(qn(place), None)


#: Widths of the table of stays in millimetres: number, unit, state, from, to, days.
_WIDTHS = (9, 34, 58, 26, 26, 17)


def _table(paper: Any, titles: list[str], rows: list[list[str]]) -> None:
    from docx.oxml import OxmlElement
    from docx.shared import Mm

    table = paper.add_table(rows=1, cols=len(titles), style="Table Grid")
    table.autofit = False
    # The titles stand again where the table goes on to another page; no row is broken.
    table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    for cell, title in zip(table.rows[0].cells, titles, strict=True):
        cell.paragraphs[0].add_run(title).bold = True
    for row in rows:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    for column, width in zip(table.columns, _WIDTHS, strict=True):
        column.width = Mm(width)
    for row in table.rows:
        row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
        for cell, width in zip(row.cells, _WIDTHS, strict=True):
            cell.width = Mm(width)
            cell.paragraphs[0].paragraph_format.space_after = 0


def _step(paper: Any, step: Json, said: dict[str, str]) -> None:
    line = paper.add_paragraph()
    line.paragraph_format.keep_with_next, line.paragraph_format.space_after = True, 0
    line.add_run(f"{step['seq']}. {step['day']} – {step['what']}").bold = True
    if step["marks"]:
        line.add_run(f" ({step['marks']})").italic = True
    facts = [(said[name], step[name]) for name in ("who", "typed", "signed", "article", "reason") if step[name]]
    facts += [(said["evidence"], "; ".join(step["evidence"]))] if step["evidence"] else []
    facts += [("!", departure) for departure in step["departures"]]
    facts += [(said["recorded"], f"{step['recorded']} · {step['hash'][:16]}")]
    paper.add_paragraph("\n".join(f"{name}: {value}" for name, value in facts))


def _picture(story: Json) -> bytes:
    """The same bars as on the page, numbered like the table."""
    try:
        from PIL import Image, ImageDraw
    except ImportError as error:
        raise Unavailable(reason("extra_missing", extra="documents", what="PNG")) from error
    drawn = bars(story["held"])
    image = Image.new("RGB", (WIDTH * _SCALE, (ROW * len(drawn) + 4) * _SCALE), "white")
    pen = ImageDraw.Draw(image)
    for bar in drawn:
        top = (bar.row * ROW + 3) * _SCALE
        left, right = bar.x * _SCALE, (bar.x + bar.width) * _SCALE
        pen.rectangle((left, top, right, top + BAR * _SCALE), fill=bar.colour)
        pen.text(((LEFT - 26) * _SCALE, top + 4), str(bar.number), fill="black", font_size=24)
        pen.text((right + 8, top + 4), str(bar.days), fill="black", font_size=24)
    out = BytesIO()
    image.save(out, "PNG")
    return out.getvalue()
