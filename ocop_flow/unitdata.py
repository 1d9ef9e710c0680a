"""Reads lists of units: the packaged national list, and files of the same form for ``ocop unit import``.

CSV, UTF-8, comma or semicolon (as spreadsheets set to Vietnamese write it), one header line. Dates are ``2025-07-01``
or ``1/7/2025``. Where the packaged list comes from and what is odd about it: ``workflows/units/SOURCE.md``.
"""

from __future__ import annotations

import csv
import gzip
import io
import re
from collections import defaultdict
from datetime import date
from functools import lru_cache
from importlib.resources import files
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from ocop_flow.domain.names import clean_name
from ocop_flow.domain.units import CENTRAL, TIERS, Succession, Unit, tier_rank
from ocop_flow.errors import InputInvalid, Param, Reason, reason

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

UNIT_COLUMNS = ("code", "name", "kind", "tier", "parent_code", "valid_from", "valid_to")
SUCCESSION_COLUMNS = ("tier", "old_code", "new_code", "partial", "effective")
#: Largest file accepted, in bytes: ten times the national list.
MAX_BYTES = 8_000_000
#: Longest name and kind; the longest name of the national list has 31 characters.
NAME_LIMIT = 200
KIND_LIMIT = 50
#: Digits of a national code by tier: spreadsheets turn 01 into 1.
CODE_DIGITS = {"province": 2, "district": 3, "commune": 5}

_CODE = re.compile(r"[0-9A-Za-z_-]{1,20}")
_ISO = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_VIETNAMESE = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})")


class _Row(NamedTuple):
    line: int
    fields: list[str]


class _Numbered(NamedTuple):
    line: int
    unit: Unit


def packaged_units() -> tuple[list[Unit], list[Succession]]:
    """The national list: 14,736 lives of units and 10,629 successions, in the order of the files."""
    folder = files("ocop_flow.workflows") / "units"
    units = gzip.decompress((folder / "units.csv.gz").read_bytes())
    successions = gzip.decompress((folder / "unit_successors.csv.gz").read_bytes())
    return read_units_csv(units, "units.csv"), read_successors_csv(successions, "unit_successors.csv")


def read_units_csv(content: bytes, name: str, known: Iterable[Unit] = ()) -> list[Unit]:
    """Units of a file with the columns UNIT_COLUMNS, in file order.

    name    file name to show
    known   units recorded already that the file adds to: parents may be among them, lives of a code must not overlap
            theirs; a row equal to a known unit is accepted
    raises  InputInvalid with every fault and its line: form of the file, unknown tier, date that does not exist, period
            reversed, code or name malformed, parent missing, of too low a tier or not valid over the unit's period,
            row repeated, lives of one code overlapping
    """
    faults: list[Reason] = []
    rows = _rows(content, name, UNIT_COLUMNS, faults)
    read = ((row.line, _unit(row, name, faults)) for row in rows)
    numbered = [_Numbered(line, unit) for line, unit in read if unit is not None]
    faults.extend(_tree_faults(numbered, list(known), name, complete=not faults))
    if faults:
        raise InputInvalid(*sorted(faults, key=_line_of))
    return [item.unit for item in numbered]


def read_successors_csv(content: bytes, name: str, units: Iterable[Unit] | None = None) -> list[Succession]:
    """Successions of a file with the columns SUCCESSION_COLUMNS, in file order.

    units   if given, every new code must be a unit of that tier on the effective day; an old code may be unknown
    raises  InputInvalid with every fault and its line: form of the file, tier, date, ``partial`` other than 0 or 1,
            code malformed, row repeated, successor not valid on the day
    """
    faults: list[Reason] = []
    seen: dict[tuple[str, str, date], int] = {}
    lives = _lives(units) if units is not None else None
    result: list[Succession] = []
    for row in _rows(content, name, SUCCESSION_COLUMNS, faults):
        succession = _succession(row, name, faults)
        if succession is None:
            continue
        key = (succession.old_code, succession.new_code, succession.effective)
        first = seen.setdefault(key, row.line)
        if first != row.line:
            faults.append(reason("unit_row_repeated", file=name, line=row.line, first=first))
        elif lives is not None and not _has_successor(succession, lives):
            day, code = succession.effective.isoformat(), succession.new_code
            faults.append(reason("unit_successor_absent", file=name, line=row.line, unit=code, on=day))
        result.append(succession)
    if faults:
        raise InputInvalid(*sorted(faults, key=_line_of))
    return result


def _fault(code: str, name: str, line: int, params: Mapping[str, Param]) -> Reason:
    return Reason(code, MappingProxyType({"file": name, "line": line, **params}))


def _line_of(fault: Reason) -> int:
    line = fault.params.get("line")
    return line if isinstance(line, int) else 0


# Form of the file


def _rows(content: bytes, name: str, columns: tuple[str, ...], faults: list[Reason]) -> Iterator[_Row]:
    """Rows in the order of ``columns`` whatever their order in the file; blank lines are skipped."""
    text = _text(content, name)
    header_line = text.splitlines()[0]
    delimiter = ";" if ";" in header_line and "," not in header_line else ","
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        header = [cell.strip().lower() for cell in next(reader)]
        if sorted(header) != sorted(columns):
            expected, found = ",".join(columns), ",".join(header)[:200]
            raise InputInvalid(reason("unit_columns", file=name, line=1, expected=expected, found=found))
        order = [header.index(column) for column in columns]
        for cells in reader:
            if not any(cells):
                continue
            if len(cells) == len(header):
                yield _Row(reader.line_num, [cells[index].strip() for index in order])
            else:
                width = {"found": len(cells), "expected": len(header)}
                faults.append(_fault("unit_row_width", name, reader.line_num, width))
    except csv.Error as error:
        faults.append(reason("unit_csv_syntax", file=name, line=reader.line_num, problem=str(error)))


def _text(content: bytes, name: str) -> str:
    if len(content) > MAX_BYTES:
        raise InputInvalid(reason("file_too_large", file=name, limit=MAX_BYTES))
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputInvalid(reason("file_not_utf8", file=name, position=error.start)) from error
    if not text.strip():
        raise InputInvalid(reason("file_empty", file=name))
    return text


# One row


def _unit(row: _Row, name: str, faults: list[Reason]) -> Unit | None:
    """The unit of one row, or None with every fault of the row noted."""
    code, title, kind, tier, parent, first, last = row.fields
    before = len(faults)
    if tier in TIERS:
        _check_code(code, "code", tier, row.line, name, faults)
    else:
        faults.append(reason("unit_tier_unknown", file=name, line=row.line, tier=tier, tiers=", ".join(TIERS)))
    if parent:
        _check_code(parent, "parent_code", None, row.line, name, faults)
    title = _checked_name(title, NAME_LIMIT, "name", row.line, name, faults)
    kind = _checked_name(kind, KIND_LIMIT, "kind", row.line, name, faults)
    valid_from = _day(first, "valid_from", row.line, name, faults)
    valid_to = _day(last, "valid_to", row.line, name, faults)
    if valid_from and valid_to and valid_from > valid_to:
        faults.append(reason("unit_period_reversed", file=name, line=row.line, valid_from=first, valid_to=last))
    if len(faults) > before:
        return None
    above = None if tier == "province" and parent == CENTRAL.code else parent or None
    return Unit(code, title, kind, tier, above, valid_from, valid_to)


def _succession(row: _Row, name: str, faults: list[Reason]) -> Succession | None:
    tier, old, new, partial, effective = row.fields
    before = len(faults)
    if tier not in TIERS:
        faults.append(reason("unit_tier_unknown", file=name, line=row.line, tier=tier, tiers=", ".join(TIERS)))
    known_tier = tier if tier in TIERS else None
    _check_code(old, "old_code", known_tier, row.line, name, faults)
    _check_code(new, "new_code", known_tier, row.line, name, faults)
    if partial not in ("0", "1"):
        faults.append(reason("unit_partial_unreadable", file=name, line=row.line, value=partial))
    day = _day(effective, "effective", row.line, name, faults)
    if day is None and not effective:
        faults.append(reason("unit_date_invalid", file=name, line=row.line, column="effective", value=effective))
    if len(faults) > before or day is None:
        return None
    return Succession(old, new, tier, partial == "1", day)


def _check_code(code: str, column: str, tier: str | None, line: int, name: str, faults: list[Reason]) -> None:
    digits = CODE_DIGITS.get(tier or "", 0)
    if _CODE.fullmatch(code) is None:
        faults.append(reason("unit_code_malformed", file=name, line=line, column=column, value=code))
    elif tier is not None and (code == CENTRAL.code) != (tier == CENTRAL.tier):
        faults.append(reason("unit_central_reserved", file=name, line=line, column=column, value=code))
    elif len(code) < digits and code.isdigit():
        faults.append(reason("unit_code_short", file=name, line=line, value=code, tier=tier, digits=digits))


def _checked_name(text: str, limit: int, column: str, line: int, name: str, faults: list[Reason]) -> str:
    try:
        return clean_name(text, limit=limit, field=column)
    except InputInvalid as error:
        for fault in error.reasons:
            faults.append(_fault(fault.code, name, line, {**fault.params, "field": f"{name}:{line} {column}"}))
        return text


def _day(text: str, column: str, line: int, name: str, faults: list[Reason]) -> date | None:
    """The day of a cell; None for an empty one."""
    if not text:
        return None
    day = _parsed_day(text)
    if day is None:
        faults.append(reason("unit_date_invalid", file=name, line=line, column=column, value=text))
    return day


@lru_cache(maxsize=256)
def _parsed_day(text: str) -> date | None:
    iso, vietnamese = _ISO.fullmatch(text), _VIETNAMESE.fullmatch(text)
    try:
        if iso:
            return date(int(iso[1]), int(iso[2]), int(iso[3]))
        return date(int(vietnamese[3]), int(vietnamese[2]), int(vietnamese[1])) if vietnamese else None
    except ValueError:
        return None


# Rows together


def _lives(units: Iterable[Unit]) -> dict[str, list[Unit]]:
    lives: dict[str, list[Unit]] = defaultdict(list)
    for unit in units:
        lives[unit.code].append(unit)
    return lives


def _tree_faults(numbered: list[_Numbered], known: list[Unit], name: str, *, complete: bool) -> Iterator[Reason]:
    """Faults between rows. While rows are unreadable (not ``complete``) a missing parent may be one of them."""
    lives = _lives([*known, *(item.unit for item in numbered), CENTRAL])
    for item in numbered:
        fault = _parent_fault(item, lives, name)
        if fault is not None and (complete or fault.code != "unit_parent_absent"):
            yield fault
    yield from _overlap_faults(numbered, known, name)


def _parent_fault(item: _Numbered, lives: dict[str, list[Unit]], name: str) -> Reason | None:
    code = _parent_problem(item.unit, lives)
    if code is None:
        return None
    return reason(code, file=name, line=item.line, unit=item.unit.code, parent=item.unit.parent_code or "")


def _parent_problem(unit: Unit, lives: dict[str, list[Unit]]) -> str | None:
    if unit.parent_code is None:
        return "unit_parent_absent" if unit.tier in ("commune", "district") else None
    if unit.parent_code not in lives:
        return "unit_parent_absent"
    above = [life for life in lives[unit.parent_code] if tier_rank(life.tier) > tier_rank(unit.tier)]
    if not above:
        return "unit_parent_tier"
    last = unit.valid_to or date.max
    covered = all(any(life.valid_on(day) for life in above) for day in {unit.valid_from or last, last})
    return None if covered else "unit_parent_not_valid"


def _overlap_faults(numbered: list[_Numbered], known: list[Unit], name: str) -> Iterator[Reason]:
    """Repeated rows, and lives of one code that share a day; each fault at the later of its two lines."""
    lives: dict[str, list[_Numbered]] = defaultdict(list)
    for item in (*(_Numbered(0, unit) for unit in known), *numbered):
        lives[item.unit.code].append(item)
    for of_code in lives.values():
        if len(of_code) > 1:
            yield from _clashes(sorted(of_code, key=_beginning), name)


def _clashes(lives: list[_Numbered], name: str) -> Iterator[Reason]:
    """Clashes among lives in order of beginning: each is compared with the one before it that lasts longest."""
    longest = lives[0]
    for item in lives[1:]:
        first, later = sorted((longest, item), key=lambda one: one.line)
        if item.unit == longest.unit:
            if first.line > 0:
                yield _fault("unit_row_repeated", name, later.line, {"first": first.line})
        elif (item.unit.valid_from or date.min) <= (longest.unit.valid_to or date.max):
            other = first.unit
            period = f"{other.valid_from or '…'} – {other.valid_to or '…'}"
            params = {"unit": other.code, "other": other.name, "period": period}
            yield _fault("unit_lives_overlap", name, later.line, params)
        longest = max(longest, item, key=lambda one: one.unit.valid_to or date.max)


def _beginning(item: _Numbered) -> tuple[date, int]:
    return item.unit.valid_from or date.min, item.line


def _has_successor(succession: Succession, lives: dict[str, list[Unit]]) -> bool:
    candidates = lives.get(succession.new_code, ())
    return any(unit.tier == succession.tier and unit.valid_on(succession.effective) for unit in candidates)
