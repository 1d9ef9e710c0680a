"""A report of figures for Word: a narrative with its annex, from the province's own template or ours.

A template is a Word document with fields in double braces; ``FIELDS`` names all that it may have.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from importlib import resources
from io import BytesIO
from typing import TYPE_CHECKING, Any

from ocop_flow.errors import InputInvalid, Text, Unavailable, reason
from ocop_flow.messages.figures import PAGE_LABELS, SHEET_LABELS
from ocop_flow.pages.pictures import picture
from ocop_flow.papers.filling import environment, strange
from ocop_flow.papers.kinds import Field

if TYPE_CHECKING:
    from ocop_flow.pages.figure_words import Document, Table

Json = dict[str, Any]


def _field(vi: str, en: str, rows: Mapping[str, Field] | None = None) -> Field:
    return Field(Text(vi, en), rows, typed=False, image=False)


_TABLE = {
    "id": _field("mã bảng", "its name for programs"),
    "title": _field("tên bảng", "its title"),
    "headings": _field("tên các cột", "headings of its columns"),
    "rows": _field("các dòng, mỗi dòng là các ô", "its rows, each a list of cells"),
    "empty": _field("bảng không có dòng nào", "whether it has no rows"),
    "picture": _field("biểu đồ, nếu có", "its chart, where it has one"),
}
#: What a template may name.
FIELDS: Mapping[str, Field] = {
    "title": _field("tên báo cáo", "what the report is about"),
    "lang": _field("ngôn ngữ", "language"),
    "unit": _field("tên đơn vị", "name of the unit"),
    "unit_code": _field("mã đơn vị", "code of the unit"),
    "period": _field("kỳ báo cáo", "the period in words"),
    "units_of": _field("ngày lấy địa giới", "day whose units are meant"),
    "made_on": _field("ngày lập", "day on which it was made"),
    "said": _field("các câu thuyết minh", "the sentences of the narrative"),
    "notes": _field("các lưu ý", "what a reader must know"),
    "tables": _field("mọi bảng, theo thứ tự", "every table, in order", _TABLE),
    "table": _field("từng bảng theo mã", "a table by its id", {name: _field("", "", _TABLE) for name in SHEET_LABELS}),
    "words": _field("các từ quanh bảng", "the words around them", {name: _field("", "") for name in PAGE_LABELS}),
}


def default_template() -> bytes:
    """Our own template, to be used as it is or to begin one's own with."""
    return (resources.files("ocop_flow.papers") / "templates" / "report.docx").read_bytes()


def docx(document: Document, on: date, template: bytes | None = None, name: str = "report.docx") -> bytes:
    """The report as a Word document.

    template  bytes of the province's own, ours where it is None; ``name`` is how faults call it
    raises    InputInvalid (no Word document, a field that is not there), Unavailable (the extra is not installed)
    """
    try:
        from docxtpl import DocxTemplate
    except ImportError as error:
        raise Unavailable(reason("extra_missing", extra="documents", what="DOCX")) from error
    from jinja2 import UndefinedError

    data = template or default_template()
    unknown = strange(FIELDS, data, name)
    if unknown:
        raise InputInvalid(*(_unknown(name, field) for field in unknown))
    paper = DocxTemplate(BytesIO(data))
    paper.init_docx()
    try:
        paper.render(_context(document, paper, on), environment())
    except UndefinedError as error:
        # A table that this kind of report does not have, or a part of one that no table has.
        raise InputInvalid(_unknown(name, str(error).rpartition(" ")[2].strip("'"))) from error
    out = BytesIO()
    paper.save(out)
    return out.getvalue()


def _unknown(name: str, field: str) -> Any:
    return reason("report_field_unknown", file=name, field=field, known=", ".join(FIELDS))


def _context(document: Document, paper: Any, on: date) -> Json:
    tables = [_table(each, document, paper, on) for each in document.tables]
    return {
        **document.head,
        "title": document.title,
        "lang": document.lang,
        "said": list(document.said),
        "notes": list(document.notes),
        "tables": tables,
        "table": {each["id"]: each for each in tables},
        "words": dict(document.words),
    }


def _table(table: Table, document: Document, paper: Any, on: date) -> Json:
    return {
        "id": table.id,
        "title": table.title,
        "headings": list(table.headings),
        "rows": [list(row) for row in table.rows],
        "empty": table.empty,
        "picture": _picture(table, document, paper, on),
    }


def _picture(table: Table, document: Document, paper: Any, on: date) -> Any:
    """The chart of a table; without the extra that draws, the paper goes without."""
    from docx.shared import Mm
    from docxtpl import InlineImage

    try:
        drawn = picture(table.sheet, document.lang, "png", on)
    except Unavailable:
        return None
    return InlineImage(paper, BytesIO(drawn), width=Mm(160)) if drawn else None
