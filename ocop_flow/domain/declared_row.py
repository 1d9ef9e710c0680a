"""One line of a table of past recognitions, read: what each cell says, or why it says nothing."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeVar

from ocop_flow.domain import codes, names
from ocop_flow.domain.calendar import add_months
from ocop_flow.domain.columns import Cell
from ocop_flow.domain.facts import NAME_LIMIT
from ocop_flow.domain.fieldvalues import read_day
from ocop_flow.domain.names import fold
from ocop_flow.domain.registry import ENTITY_KINDS
from ocop_flow.errors import InputInvalid, Reason, reason

T = TypeVar("T")
#: First year of the programme (490/QĐ-TTg of 7 May 2018) and last year that a cell may name.
_YEARS = (2018, 2100)

#: Words that name a kind of entity, without diacritics; also how names begin.
_KINDS = {
    "lien hiep hop tac xa": "cooperative", "hop tac xa": "cooperative", "htx": "cooperative",
    "to hop tac": "cooperative_group", "tht": "cooperative_group",
    "doanh nghiep nho va vua": "sme", "dnnvv": "sme",
    "cong ty": "enterprise", "cty": "enterprise", "doanh nghiep": "enterprise", "dntn": "enterprise",
    "chi nhanh cong ty": "enterprise", "dn": "enterprise",
    "trang trai": "farm",
    "ho kinh doanh": "household", "ho san xuat": "household", "ho gia dinh": "household", "ho ca the": "household",
    "ho sxkd": "household", "hkd": "household", "ho": "household", "co so san xuat": "household", "co so": "household",
    "hoi": "association", "hiep hoi": "association",
    "khu du lich": "tourism_operator", "diem du lich": "tourism_operator",
}  # fmt: skip
_STARS = re.compile(r"(?:hang |dat |ocop )*([1-5])(?:[.,]0)? ?(?:sao|stars?|\*)?")
_STAR_SIGNS = re.compile(r"[★⭐*☆]{1,5}")
_STAR_WORDS = {"mot": 1, "hai": 2, "ba": 3, "bon": 4, "nam": 5}
_DECISION = re.compile(r"\d{1,5}(?:\s*/\s*\d{4})?\s*/\s*[A-ZĐ][\w.&]*(?:\s*-\s*[\w.&]+)*")
_DAY_AFTER = re.compile(r"ng[aà]y\s*:?\s*(\d{1,2}\s*[/.-]\s*\d{1,2}\s*[/.-]\s*\d{4})", re.IGNORECASE)
_WORDED_DAY = re.compile(r"(?:ngay )?(\d{1,2}) thang (\d{1,2}) nam (\d{4})")
_MONTH = re.compile(r"(?:thang )?(\d{1,2})(?: ?[/.-] ?| nam | )(\d{4})")
_QUARTER = re.compile(r"(?:quy|q) ?(iv|i{1,3}|[1-4])(?: ?[/.-] ?| nam | )(\d{4})")
_YEAR = re.compile(r"(?:nam )?(\d{4})(?:[.]0)?")
_TIME_AFTER = re.compile(r"\s+0{1,2}:00(?::00)?$")
_COMMAS = re.compile("[,;–]")
_COMMUNE_IN = re.compile(
    r"(?:^|[,;–-]\s*|\s)((?:xã|phường|thị trấn|đặc khu|TT\.?|P\.)\s+[^,;–]+?)\s*(?=[,;–]|-\s|$)", re.I
)
_DISTRICT_IN = re.compile(r"[,;–-]\s*((?:huyện|quận|thị xã|thành phố|TP\.?|TX\.?)\s*[^,;–]+?)\s*(?=[,;–]|-\s|$)", re.I)
_PROVINCE_IN = re.compile(r"[,;–-]\s*(tỉnh\s+[^,;–]+?)\s*(?=[,;–]|$)", re.I)


@dataclass(frozen=True, slots=True)
class Span:
    """The days that an inexact date may mean, both included; equal for an exact one."""

    first: date
    last: date

    @property
    def exact(self) -> date | None:
        return self.first if self.first == self.last else None


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong or doubtful in one cell; ``field`` "" concerns the whole line."""

    field: str
    reason: Reason


@dataclass(frozen=True, slots=True)
class DeclaredRow:
    """A line as read; what it does not say is None. Names of units are as typed: the registry of units reads them."""

    row: int
    product: str
    entity: str
    entity_kind: str | None
    kind_guessed: bool
    stars: int
    number: str | None
    commune: str | None
    district: str | None
    province: str | None
    issuer: str | None
    decision: str | None
    issued: Span | None
    valid_to: date | None
    product_set: str | None
    year: int | None
    source: str | None


class _Reading:
    """The cells of one line while they are read; what is wrong with a cell is kept with its field.

    cells   field -> cell, None where it is empty or cannot be read
    broken  fields whose cell could not be read from the file at all
    """

    def __init__(self, cells: Mapping[str, Cell], given: Mapping[str, Cell]) -> None:
        self.faults: list[Fault] = []
        self.cells = {**given, **{name: cell for name, cell in cells.items() if cell is not None and cell != ""}}
        for name, cell in self.cells.items():
            if isinstance(cell, Reason):
                self.fault(name, cell)
                self.cells[name] = None
        self.broken = {fault.field for fault in self.faults}

    def fault(self, field: str, why: Reason) -> None:
        self.faults.append(Fault(field, why))

    def take(self, field: str, read: Callable[[Cell], T]) -> T | None:
        """What the cell says; None where it is empty, or cannot be read, which is then a fault."""
        cell = self.cells.get(field)
        if cell is None:
            return None
        try:
            return read(cell)
        except InputInvalid as error:
            self.faults.extend(Fault(field, item) for item in error.reasons)
            return None

    def name(self, field: str) -> str | None:
        return self.take(field, lambda cell: _name(cell, field))

    def needs(self, *fields: str) -> None:
        for field in fields:
            if self.cells.get(field) is None and field not in self.broken:
                self.fault(field, reason("cell_empty"))


def read_row(row: int, cells: Mapping[str, Cell], given: Mapping[str, Cell]) -> tuple[DeclaredRow | None, list[Fault]]:
    """(the line, None if anything in it is wrong; every fault).

    cells  field -> cell; given  what holds for every line whose own cell is empty
    """
    line = _Reading(cells, given)
    line.needs("product", "entity", "stars")
    product, entity, stars = line.name("product"), line.name("entity"), line.take("stars", read_stars)
    kind, guessed = _kind(line, entity)
    decision, signed_on = line.take("decision", read_decision) or (None, None)
    issued, valid_to, year = _days(line, signed_on)
    number, place = line.name("number"), _Place.read(line)
    product_set, issuer = line.take("product_set", _line), line.take("issuer", lambda cell: _unit(cell, (2, 3, 5)))
    source = line.name("source")
    if line.faults or product is None or entity is None or stars is None:
        return None, line.faults
    read = DeclaredRow(
        row=row,
        product=product,
        entity=entity,
        entity_kind=kind,
        kind_guessed=guessed,
        stars=stars,
        number=number,
        commune=place.commune,
        district=place.district,
        province=place.province,
        issuer=issuer,
        decision=decision,
        issued=issued,
        valid_to=valid_to,
        product_set=product_set,
        year=year,
        source=source,
    )
    return read, []


def _kind(line: _Reading, entity: str | None) -> tuple[str | None, bool]:
    """(kind of the entity, whether it is guessed from how the entity's name begins)."""
    kind = line.take("entity_kind", read_kind)
    guessed = kind is None and line.cells.get("entity_kind") is None
    if guessed and entity is not None:
        kind = kind_of_name(entity)
        if kind is None and "entity_kind" not in line.broken:
            line.fault("entity_kind", reason("entity_kind_unclear", known=", ".join(ENTITY_KINDS)))
    return kind, guessed


def _days(line: _Reading, signed_on: date | None) -> tuple[Span | None, date | None, int | None]:
    """(days of issue, last day of validity, year of the cycle).

    Without a day of issue that of the decision stands for it, and without either the year, if no end is given.
    """
    issued = line.take("issued_on", read_span) or line.take("decision_date", read_span)
    end = line.take("valid_to", read_span)
    if end is not None and end.exact is None:
        line.fault("valid_to", reason("cell_day_inexact", text=str(line.cells.get("valid_to"))))
    year = line.take("year", _year)
    issued = issued or (Span(signed_on, signed_on) if signed_on else None)
    if issued is None and year is not None and end is None:
        issued = Span(date(year, 1, 1), date(year, 12, 31))
    if issued and end and issued.first > end.last:
        since, until = issued.first.isoformat(), end.last.isoformat()
        line.fault("valid_to", reason("period_crossed", since=since, until=until))
    return issued, end.exact if end else None, year


@dataclass(frozen=True, slots=True)
class _Place:
    commune: str | None
    district: str | None
    province: str | None

    @classmethod
    def read(cls, line: _Reading) -> _Place:
        """Its own columns, else what an address names; a commune's cell may hold its district after a comma."""
        commune = line.take("commune", lambda cell: _unit(cell, (5,)))
        district = line.take("district", lambda cell: _unit(cell, (3,)))
        province = line.take("province", lambda cell: _unit(cell, (2,)))
        own = commune is not None
        address = line.cells.get("address")
        text = commune if own else _line(address) if isinstance(address, str) else None
        if text is None or (own and _COMMAS.search(text) is None):
            return cls(text, district, province)
        found = _part(_COMMUNE_IN, text) or (_COMMAS.split(text)[0].strip() if own else None)
        return cls(found, district or _part(_DISTRICT_IN, text), province or _part(_PROVINCE_IN, text))


def _part(pattern: re.Pattern[str], text: str | None) -> str | None:
    match = pattern.search(text) if text else None
    return match[1].strip() if match else None


def _line(cell: Cell) -> str:
    """A cell as one line of text: lines broken within it are joined, a whole number has no decimals."""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    if isinstance(cell, date):
        return cell.isoformat()
    return unicodedata.normalize("NFC", " ".join(str(cell).split()))


def _name(cell: Cell, field: str) -> str:
    return names.clean_name(_line(cell), limit=NAME_LIMIT, field=field)


def _unit(cell: Cell, widths: tuple[int, ...]) -> str:
    """A unit as typed; a code that a spreadsheet made a number gets its leading zeros back."""
    text = names.clean_name(_line(cell), limit=NAME_LIMIT, field="unit")
    if text.isascii() and text.isdigit():
        return text.zfill(next((width for width in widths if len(text) <= width), 0))
    return text


def read_stars(cell: Cell) -> int:
    """1 to 5 from ``4``, ``4 sao``, ``Bốn sao``, ``★★★★``; raises InputInvalid."""
    text = _line(cell)
    if _STAR_SIGNS.fullmatch(text.replace(" ", "")):
        return text.count("★") + text.count("⭐") + text.count("*") or len(text)
    folded = fold(text)
    match = _STARS.fullmatch(folded)
    if match:
        return int(match[1])
    word = folded.removesuffix("sao").strip()
    if word in _STAR_WORDS and folded.endswith("sao"):
        return _STAR_WORDS[word]
    raise InputInvalid(reason("stars_unreadable", stars=text))


def read_kind(cell: Cell) -> str:
    """A kind of entity by its code or its Vietnamese words; raises InputInvalid."""
    text = _line(cell)
    code = text.lower().replace(" ", "_")
    if code in ENTITY_KINDS:
        return code
    found = kind_of_name(text)
    if found is None:
        raise InputInvalid(reason("entity_kind_unknown", kind=text, known=", ".join(ENTITY_KINDS)))
    return found


def kind_of_words(text: str) -> str | None:
    """The kind that these words name and no others: ``HTX``, ``hộ kinh doanh``; None where they name none."""
    return _KINDS.get(fold(text).replace(".", " ").strip())


def kind_of_name(name: str) -> str | None:
    """The kind that a name begins with, ``HTX …`` or ``Công ty …``; None where it does not say."""
    folded = fold(name).replace(".", " ")
    found = [words for words in _KINDS if folded == words or folded.startswith(words + " ")]
    return _KINDS[max(found, key=len)] if found else None


def read_decision(cell: Cell) -> tuple[str, date | None]:
    """(number of a decision, its day where the cell tells it): ``Số 12/QĐ-UBND ngày 5/8/2023``; raises InputInvalid."""
    text = _line(cell)
    found = _DECISION.search(text)
    if found is None:
        raise InputInvalid(reason("document_number_unreadable", number=text))
    number = codes.document_number(re.sub(r"\s+", "", found[0]))
    day = _DAY_AFTER.search(text)
    return number, read_day(re.sub(r"\s+", "", day[1])) if day else None


def read_span(cell: Cell) -> Span:
    """The day, month, quarter or year that a cell means.

    raises  InputInvalid: unreadable, a day that does not exist, a number that no calendar has
    """
    if isinstance(cell, date):
        return Span(cell, cell)
    text = _TIME_AFTER.sub("", _line(cell))
    folded = fold(text)
    if match := _WORDED_DAY.fullmatch(folded):
        text = "/".join(match.groups())
    elif match := _QUARTER.fullmatch(folded):
        return _months({"i": 1, "ii": 2, "iii": 3, "iv": 4}.get(match[1]) or int(match[1]), 3, int(match[2]), text)
    elif match := _YEAR.fullmatch(folded):
        year = _year(match[1])
        return Span(date(year, 1, 1), date(year, 12, 31))
    elif match := _MONTH.fullmatch(folded):
        return _months(int(match[1]), 1, int(match[2]), text)
    elif isinstance(cell, (int, float)):
        raise InputInvalid(reason("cell_number_not_day", text=text))
    day = read_day(re.sub(r"\s*([/.-])\s*", r"\1", text.removeprefix("ngày").removeprefix("Ngày").strip()))
    return Span(day, day)


def _months(part: int, length: int, year: int, text: str) -> Span:
    if not 1 <= part <= 12 // length or not _YEARS[0] <= year <= _YEARS[1]:
        raise InputInvalid(reason("date_does_not_exist", day=text))
    first = date(year, (part - 1) * length + 1, 1)
    return Span(first, add_months(first, length) - timedelta(1))


def _year(cell: Cell) -> int:
    match = _YEAR.fullmatch(fold(_line(cell)))
    if match is None or not _YEARS[0] <= int(match[1]) <= _YEARS[1]:
        raise InputInvalid(reason("year_unreadable", text=_line(cell)))
    return int(match[1])
