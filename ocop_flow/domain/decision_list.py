"""The list that belongs to a decision: a table of dossiers with what is decided of each, each fault told by its row."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from ocop_flow.domain import columns
from ocop_flow.domain.columns import HEADING_ROWS, Cell, Grid, key
from ocop_flow.errors import InputInvalid, Reason, reason

#: Column -> its heading in Vietnamese and English, in the order in which a drafted list is written.
TITLES = {
    "dossier": ("Mã hồ sơ", "Dossier"),
    "product": ("Tên sản phẩm", "Product"),
    "entity": ("Tên chủ thể", "Entity"),
    "stars": ("Số sao", "Stars"),
    "certificate_number": ("Số giấy chứng nhận", "Certificate number"),
    "action": ("Việc quyết định", "Action"),
    "reason": ("Lý do", "Reason"),
}
_MORE = {
    "dossier": ("dossier", "dossier code", "code", "ho so", "so ho so", "ma so ho so"),
    "certificate_number": columns.HEADINGS["number"],
    "product": columns.HEADINGS["product"],
    "entity": columns.HEADINGS["entity"],
    "stars": columns.HEADINGS["stars"],
    "action": ("action", "hanh dong", "viec", "noi dung quyet dinh"),
    "reason": ("reason", "ly do", "can cu"),
}
_KNOWN = {
    key(heading): name
    for name, headings in _MORE.items()
    for heading in (*headings, *TITLES[name], name.replace("_", " "))
}
_STARS = re.compile(r"([1-5])(?:\.0+)?(?: *(?:sao|stars?|\*))?", re.IGNORECASE)
_SET = "set."


@dataclass(frozen=True, slots=True)
class ListLine:
    """One row of a list, as typed; ``row`` is its number in the file, ``fields`` further fields of the action."""

    row: int
    dossier: str | None
    product: str | None
    entity: str | None
    stars: int | None
    certificate_number: str | None
    action: str | None
    reason: str | None
    fields: tuple[tuple[str, str], ...] = ()

    @property
    def typed(self) -> str:
        """What names the dossier: its code, else the product."""
        return self.dossier or self.product or ""


@dataclass(frozen=True, slots=True)
class DecisionList:
    """The rows of a list, and the headings that say nothing here."""

    lines: tuple[ListLine, ...]
    ignored: tuple[str, ...]


def read(file: str, grids: Sequence[Grid]) -> DecisionList:
    """The one table of a file that names dossiers or products.

    raises  InputInvalid: no such table, none of its rows, or every fault by row
    """
    for grid in grids:
        heading = _heading(grid)
        if heading is not None:
            return _read(file, grid, *heading)
    known = ", ".join(titles[0] for titles in TITLES.values())
    raise InputInvalid(reason("decision_list_no_heading", file=file, known=known))


def _heading(grid: Grid) -> tuple[int, dict[str, int], tuple[str, ...]] | None:
    """(row, column -> position, headings ignored) of the first row that names a dossier or product column."""
    for number, cells in grid.rows:
        if number > HEADING_ROWS:
            return None
        found: dict[str, int] = {}
        ignored = []
        for position, cell in enumerate(cells):
            name = _column(cell)
            if name is not None and name not in found:
                found[name] = position
            elif isinstance(cell, str) and cell.strip():
                ignored.append(" ".join(cell.split()))
        if "dossier" in found or ("product" in found and len(found) > 1):
            return number, found, tuple(ignored)
    return None


def _column(cell: Cell) -> str | None:
    if not isinstance(cell, str):
        return None
    typed = cell.strip()
    return typed if typed.startswith(_SET) and len(typed) > len(_SET) else _KNOWN.get(key(typed))


def _read(file: str, grid: Grid, below: int, found: dict[str, int], ignored: tuple[str, ...]) -> DecisionList:
    faults = [*grid.moved(below)]
    lines: list[ListLine] = []
    for number, cells in grid.rows:
        typed = {name: cells[at] for name, at in found.items() if at < len(cells) and cells[at] not in (None, "")}
        if number <= below or not typed or _numbering(cells):
            continue
        unread = [cell for cell in typed.values() if isinstance(cell, Reason)]
        faults += [reason("decision_line_at", line=number, shown="-"), *unread] if unread else []
        line = _line(number, {name: _text(cell) for name, cell in typed.items()})
        faults += _faults(line, typed.get("stars"))
        lines.append(line)
    if not lines:
        faults.append(reason("decision_list_empty", file=file))
    if faults:
        raise InputInvalid(*faults)
    return DecisionList(tuple(lines), ignored)


def _line(number: int, typed: dict[str, str]) -> ListLine:
    stars = _STARS.fullmatch(typed.get("stars", ""))
    return ListLine(
        row=number,
        dossier=typed.get("dossier"),
        product=typed.get("product"),
        entity=typed.get("entity"),
        stars=int(stars[1]) if stars else None,
        certificate_number=typed.get("certificate_number"),
        action=typed.get("action"),
        reason=typed.get("reason"),
        fields=tuple((name.removeprefix(_SET), text) for name, text in typed.items() if name.startswith(_SET)),
    )


def _faults(line: ListLine, stars: Cell) -> Iterator[Reason]:
    if not line.typed:
        yield reason("decision_line_nameless", line=line.row)
    if line.stars is None and stars is not None and not isinstance(stars, Reason):
        yield reason("decision_line_stars", line=line.row, stars=_text(stars))


def _text(cell: Cell) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, date):
        return cell.isoformat()
    return "" if cell is None or isinstance(cell, Reason) else " ".join(str(cell).split())


def _numbering(cells: Sequence[Cell]) -> bool:
    """Whether a row only numbers the columns, as official forms print it: 1, 2, 3 or (1), (2), (3)."""
    shown = [str(cell).strip("() ") for cell in cells if cell not in (None, "")]
    return len(shown) > 2 and shown == [str(number) for number in range(1, len(shown) + 1)]
