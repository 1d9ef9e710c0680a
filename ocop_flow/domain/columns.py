"""Tables that people keep: which row holds the headings, and which column says what, in Vietnamese or English."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from ocop_flow.domain.names import fold
from ocop_flow.errors import InputInvalid, Reason, reason

#: What a cell may hold; a Reason says why nothing can be read from it (a formula, an error value).
Cell = str | int | float | bool | date | Reason | None

#: Rows of a table in which its headings are looked for: titles and notes stand above them.
HEADING_ROWS = 30

#: Field -> its headings without diacritics, the usual one first. The template shows those of ``TITLES``.
HEADINGS: dict[str, tuple[str, ...]] = {
    "product": ("ten san pham", "san pham", "san pham ocop", "ten san pham ocop", "product", "product name"),
    "entity": (
        "ten chu the",
        "chu the",
        "chu the ocop",
        "ten chu the ocop",
        "chu the san xuat",
        "ten chu the san xuat",
        "ten chu the san pham",
        "chu the san pham",
        "co so san xuat",
        "ten co so",
        "ten co so san xuat",
        "don vi san xuat",
        "entity",
        "entity name",
        "producer",
    ),
    "entity_kind": (
        "loai chu the",
        "loai hinh chu the",
        "loai hinh",
        "loai hinh to chuc",
        "loai hinh kinh te",
        "loai hinh san xuat",
        "entity kind",
        "kind of entity",
        "kind",
        "legal form",
    ),
    "stars": (
        "hang sao",
        "so sao",
        "sao",
        "phan hang",
        "hang",
        "ket qua phan hang",
        "xep hang",
        "ket qua",
        "ket qua xep hang",
        "ket qua danh gia",
        "stars",
        "star",
        "rating",
        "rank",
    ),
    "number": (
        "so giay chung nhan",
        "so gcn",
        "giay chung nhan so",
        "giay chung nhan",
        "so hieu giay chung nhan",
        "gcn so",
        "ma giay chung nhan",
        "certificate number",
        "certificate",
        "certificate no",
        "number",
    ),
    "commune": (
        "xa phuong dac khu",
        "xa phuong thi tran",
        "xa phuong",
        "xa",
        "ten xa",
        "phuong xa",
        "cap xa",
        "ma xa",
        "don vi cap xa",
        "xa phuong thi tran dac khu",
        "commune",
        "commune code",
        "ward",
        "commune or ward",
    ),
    "district": (
        "huyen quan thi xa thanh pho",
        "huyen",
        "quan huyen",
        "huyen thi xa thanh pho",
        "cap huyen",
        "ten huyen",
        "huyen thanh pho",
        "huyen thi thanh pho",
        "district",
    ),
    "province": ("tinh thanh pho", "tinh", "ten tinh", "tinh thanh", "province", "city"),
    "address": ("dia chi", "dia chi chu the", "dia chi san xuat", "dia chi co so", "address"),
    "issuer": (
        "co quan cap",
        "don vi cap",
        "co quan cong nhan",
        "don vi cong nhan",
        "cap cong nhan",
        "noi cap",
        "issuer",
        "issued by",
        "issuing unit",
    ),
    "decision": (
        "so quyet dinh",
        "quyet dinh",
        "quyet dinh so",
        "quyet dinh cong nhan",
        "so quyet dinh cong nhan",
        "so qd",
        "qd so",
        "quyet dinh cong nhan so",
        "so qd cong nhan",
        "quyet dinh phe duyet",
        "decision",
        "decision number",
        "decision no",
    ),
    "decision_date": (
        "ngay quyet dinh",
        "quyet dinh ngay",
        "quyet dinh cong nhan ngay",
        "ngay ky",
        "ngay ban hanh",
        "ngay ky quyet dinh",
        "quyet dinh ngay thang nam",
        "quyet dinh ngay ban hanh",
        "ngay qd",
        "decision date",
        "date of decision",
    ),
    "issued_on": (
        "ngay cap",
        "ngay cong nhan",
        "ngay cap giay chung nhan",
        "ngay cap gcn",
        "thoi gian cong nhan",
        "ngay thang cap",
        "giay chung nhan ngay cap",
        "thoi diem cong nhan",
        "ngay cong nhan san pham",
        "issued on",
        "day of issue",
        "date of issue",
        "issue date",
        "issued",
    ),
    "valid_to": (
        "ngay het han",
        "hieu luc den",
        "het han",
        "co hieu luc den",
        "thoi han den",
        "ngay het hieu luc",
        "gia tri den",
        "co gia tri den",
        "han",
        "thoi han hieu luc",
        "valid to",
        "valid until",
        "expires",
        "expiry",
        "expiry date",
        "expires on",
        "last valid day",
    ),
    "product_set": ("bo san pham", "bo tieu chi", "nhom san pham", "ma bo san pham", "product set"),
    "year": (
        "nam danh gia",
        "nam",
        "nam cong nhan",
        "chu trinh",
        "nam chu trinh",
        "chu trinh nam",
        "dot danh gia nam",
        "year",
        "cycle",
        "year of rating",
    ),
    "source": ("nguon", "nguon so lieu", "source"),
}
#: Headings as the template writes them.
TITLES = {
    "product": ("Tên sản phẩm", "Product name"),
    "entity": ("Tên chủ thể", "Entity name"),
    "entity_kind": ("Loại chủ thể", "Entity kind"),
    "stars": ("Hạng sao", "Stars"),
    "number": ("Số giấy chứng nhận", "Certificate number"),
    "commune": ("Xã, phường, đặc khu", "Commune"),
    "district": ("Huyện (trước 01/7/2025)", "District (before 2025-07-01)"),
    "province": ("Tỉnh, thành phố", "Province"),
    "issuer": ("Cơ quan cấp", "Issuer"),
    "decision": ("Số quyết định", "Decision number"),
    "issued_on": ("Ngày cấp", "Issued on"),
    "valid_to": ("Ngày hết hạn", "Valid to"),
    "product_set": ("Bộ sản phẩm", "Product set"),
    "year": ("Năm đánh giá", "Year of rating"),
}
#: The same of tables of new dossiers: what they ask as lists of recognitions do, and what only they ask.
OPENING_HEADINGS = {
    **{name: HEADINGS[name] for name in ("commune", "product", "entity", "entity_kind", "product_set")},
    "kind": ("loai ho so", "hinh thuc", "kind of dossier"),
    "track": ("dien ho so", "dien san pham", "track"),
    "previous": ("giay chung nhan truoc day", "giay chung nhan cu", "earlier certificate"),
    "plan": ("ke hoach", "so ke hoach", "plan"),
    "on": ("ngay nhan", "ngay nhan ho so", "ngay tiep nhan", "day received"),
    "email": ("thu dien tu", "email chu the", "email"),
    "phone": ("dien thoai chu the", "dien thoai", "so dien thoai", "telephone of the entity", "telephone"),
    # The running number of a line says nothing that is kept.
    "no": ("stt", "tt", "so tt", "so thu tu", "no"),
}
_KNOWN = {text: name for name, texts in HEADINGS.items() for text in texts}
_OPENING = {text: name for name, texts in OPENING_HEADINGS.items() for text in texts}
_IN_BRACKETS = re.compile(r"[(\[][^)\]]*[)\]]")
_NO_LETTER = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Grid:
    """A table as a file holds it: (row number from 1, its cells) of every row that is not empty, in order.

    name  of the sheet, or the number of the table within its document
    gap   row after which so many empty rows followed that reading stopped; None if it was read to its end
    text  whether separators make the cells: one too many moves all that follow under other headings
    """

    name: str
    rows: tuple[tuple[int, tuple[Cell, ...]], ...]
    gap: int | None = None
    text: bool = False

    def moved(self, below: int) -> tuple[Reason, ...]:
        """A reason for each row of a text that has more cells than there are headings down to row ``below``."""
        if not self.text:
            return ()
        width = max((len(cells) for number, cells in self.rows if number <= below), default=0)
        return tuple(
            reason("batch_row_width", line=number, found=len(cells), expected=width)
            for number, cells in self.rows
            if number > below and any(cell not in (None, "") for cell in cells[width:])
        )


@dataclass(frozen=True, slots=True)
class Column:
    """Where a field stands: position from 0 and the heading as written."""

    position: int
    heading: str

    def cell(self, row: int) -> str:
        """The cell's address as a spreadsheet shows it, e.g. ``H5``."""
        return f"{letters(self.position)}{row}"


@dataclass(frozen=True, slots=True)
class Recognised:
    """A grid whose headings are known.

    columns  field -> column; ignored  headings that say nothing this program keeps
    below    number of the row above the first line of data
    """

    grid: Grid
    columns: dict[str, Column]
    ignored: tuple[str, ...]
    below: int

    def lines(self) -> Iterator[tuple[int, tuple[Cell, ...]]]:
        """(row number, cells) below the headings that hold anything in a known column; a row of column numbers
        (1, 2, 3, … as official forms print it) is none."""
        positions = [column.position for column in self.columns.values()]
        for number, cells in self.grid.rows:
            if number <= self.below or all(_at(cells, position) in (None, "") for position in positions):
                continue
            if number <= self.below + 2 and _numbering(cells):
                continue
            yield number, cells


def letters(position: int) -> str:
    """Letters of a column, 0 is A."""
    text, rest = "", position + 1
    while rest:
        rest, letter = divmod(rest - 1, 26)
        text = chr(65 + letter) + text
    return text


def key(heading: str) -> str:
    """A heading as it is compared: no diacritics, no brackets, no punctuation."""
    return " ".join(_NO_LETTER.sub(" ", _IN_BRACKETS.sub(" ", fold(heading))).split())


def field_of(heading: str) -> str | None:
    return _KNOWN.get(key(heading))


def opening_field(heading: str) -> str:
    """The field of a heading in a table of new dossiers, ``no`` for the running number; else the heading as it is."""
    return _OPENING.get(key(heading), heading)


def recognise(grid: Grid) -> Recognised | None:
    """The best reading of a grid's headings: one row, or two where a heading spans others; None if there is none.

    At least a product and one more field must be found.
    """
    best: Recognised | None = None
    top = [row for row in grid.rows if row[0] <= HEADING_ROWS][:HEADING_ROWS]
    for index, (number, cells) in enumerate(top):
        one = [_text(cell) for cell in cells]
        readings = [(number, one)]
        if index + 1 < len(top) and top[index + 1][0] == number + 1:
            readings.append((number + 1, _two_rows(one, [_text(cell) for cell in top[index + 1][1]])))
        for below, headings in readings:
            found = _read(grid, headings, below)
            if "product" in found.columns and _better(found, best):
                best = found
    return best


def _better(found: Recognised, best: Recognised | None) -> bool:
    """More columns; of as many above the same line the reading of one row, which takes no title for a heading."""
    if best is None or found.below != best.below:
        return len(found.columns) > (len(best.columns) if best else 1)
    return len(found.columns) >= len(best.columns)


def _two_rows(upper: Sequence[str], lower: Sequence[str]) -> list[str]:
    """Headings of two rows: below a spanning one the lower heading with the upper before it."""
    found, spanning = [], ""
    for position in range(max(len(upper), len(lower))):
        above = upper[position] if position < len(upper) else ""
        below = lower[position] if position < len(lower) else ""
        spanning = above or (spanning if below else "")
        joined = f"{spanning} {below}".strip() if below != above else below
        if field_of(joined) is None and field_of(below) is not None:
            joined = below
        found.append(joined)
    return found


def _read(grid: Grid, headings: Sequence[str], below: int) -> Recognised:
    columns: dict[str, Column] = {}
    ignored = []
    for position, heading in enumerate(headings):
        name = field_of(heading) if heading else None
        if name is None or name in columns:
            ignored += [heading] if heading else []
        else:
            columns[name] = Column(position, heading)
    return Recognised(grid, columns, tuple(ignored), below)


def doubled(found: Recognised) -> list[Reason]:
    """Headings that say what another column says already."""
    faults = []
    for heading in found.ignored:
        name = field_of(heading)
        if name is not None:
            faults.append(reason("column_twice", first=found.columns[name].heading, second=heading))
    return faults


def choose(file: str, grids: Sequence[Grid], given: frozenset[str]) -> Recognised:
    """The one table of a file that declares recognitions.

    given   fields that hold for all rows and need no column
    raises  InputInvalid: no such table, several, a column twice or missing
    """
    found = [each for each in map(recognise, grids) if each is not None]
    found = [each for each in found if any(True for _ in each.lines())] or found[:1]
    if not found:
        known = ", ".join(TITLES[name][0] for name in ("product", "entity", "stars", "number", "commune", "issued_on"))
        raise InputInvalid(reason("table_absent", file=file, known=known))
    if len(found) > 1:
        raise InputInvalid(reason("table_several", file=file, names=", ".join(each.grid.name for each in found)))
    faults = doubled(found[0])
    for name in ("product", "entity", "stars"):
        if name not in found[0].columns and name not in given:
            faults.append(reason("column_missing", file=file, column=TITLES[name][0]))
    if faults:
        raise InputInvalid(*faults)
    return found[0]


def _text(cell: Cell) -> str:
    return " ".join(cell.split()) if isinstance(cell, str) else ""


def _at(cells: Sequence[Cell], position: int) -> Cell:
    return cells[position] if position < len(cells) else None


def _numbering(cells: Sequence[Cell]) -> bool:
    """Whether a row only numbers the columns: 1, 2, 3 or (1), (2), (3) from its first cell on."""
    shown = [str(cell).strip("() ") for cell in cells if cell not in (None, "")]
    return len(shown) > 2 and shown == [str(number) for number in range(1, len(shown) + 1)]
