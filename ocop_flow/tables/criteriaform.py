"""Criteria that we lack, typed in by a province: an Excel form to fill in, and what it says as a document.

A row is a part (A), a heading (1), or a criterion with its options; which criteria stand below which heading is told by
their codes (1.2 below 1). The document is checked by ``criteriadata`` like any packaged file; a fault names the row.
"""

from __future__ import annotations

import io
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ocop_flow import criteriadata, i18n
from ocop_flow.domain.asked import written
from ocop_flow.domain.criteria import CriteriaSet
from ocop_flow.domain.numerals import whole
from ocop_flow.errors import InputInvalid, Reason, Text, reason
from ocop_flow.tables import read
from ocop_flow.yamlfile import Located
from ocop_flow.yamlfile import Path as DocumentPath

FORM = "ocop-criteria-form/1"
#: What is told of the whole set, above the table.
HEAD_LABELS = ("Regime", "Product set", "Name of the set", "Industry: code", "Industry: name", "Source of the text")
_HEAD = ("regime", "id", "name", "industry_code", "industry_name", "source")
COLUMN_LABELS = (
    "Code",
    "Name",
    "Maximum",
    "Options: points, with a case where two are equal",
    "Least points for 3 stars",
    "Least points for 4 stars",
    "Least points for 5 stars",
    "Knock-out beside the criterion",
)
NOTE_LABELS = (
    "One row for each part (A, B, C), heading and criterion; a part and a heading have no options.",
    "Options are separated by semicolons: 0; 1; 3:a; 3:b. The largest is the maximum of the criterion.",
)
_TABLE = len(_HEAD) + 4
_OPTION = re.compile(r"([0-9]{1,3})(?::([a-z]))?")


def template(regime: str, product_set: str, parts: Mapping[str, int], lang: str) -> bytes:
    """The form, with the maxima of the parts that the regime prescribes."""
    import openpyxl
    from openpyxl.styles import Alignment, Font, PatternFill

    book = openpyxl.Workbook()
    page: Any = book.active
    page.title = product_set[:31]
    page.append([FORM])
    for label, value in zip(HEAD_LABELS, (regime, product_set, "", "", "", ""), strict=True):
        page.append([i18n.translate(label, lang), value])
    for note in NOTE_LABELS:
        page.append([i18n.translate(note, lang)])
    page.append([i18n.translate(label, lang) for label in COLUMN_LABELS])
    for cell in page[page.max_row]:
        cell.font, cell.fill = Font(bold=True), PatternFill("solid", fgColor="E7E6E6")
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    for part, maximum in parts.items():
        page.append([part, "", maximum])
    for letter, width in zip("ABCDEFGH", (20, 50, 10, 26, 12, 12, 12, 40), strict=True):
        page.column_dimensions[letter].width = width
        page.column_dimensions[letter].number_format = "@" if letter in "AD" else "General"
    for row in range(_TABLE + 1, _TABLE + 401):
        page.cell(row, 1).number_format = page.cell(row, 4).number_format = "@"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def load(path: Path, parts: Mapping[str, int], source: str | None = None) -> CriteriaSet:
    """The set that a filled form describes; ``source`` instead of the one in the form.

    raises  InputInvalid with every fault and its row: the form itself, points, sums, parts of another regime
    """
    grids = read(path)
    rows = dict(grids[0].rows) if len(grids) == 1 else {}
    if str((rows.get(1) or [""])[0]).strip() != FORM:
        raise InputInvalid(reason("criteria_form_not_ours", file=path.name))
    reader = _Reader(path.name)
    located = reader.document(rows, source)
    reader.finish()
    found = criteriadata.check_document(located)
    wrong = [
        reason("criteria_parts_differ", file=path.name, part=code, given=found.part_maxima.get(code, 0), wanted=wanted)
        for code, wanted in parts.items()
        if found.part_maxima.get(code) != wanted
    ]
    if wrong:
        raise InputInvalid(*wrong)
    return found


class _Reader:
    """From rows to the document of a criteria set, with the row of each of its values."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.faults: list[Reason] = []
        self.lines: dict[DocumentPath, int] = {}

    def finish(self) -> None:
        if self.faults:
            raise InputInvalid(*self.faults)

    def fault(self, row: int, code: str, **params: Any) -> None:
        self.faults.append(reason(code, file=self.name, line=row, **params))

    def document(self, rows: Mapping[int, Sequence[Any]], source: str | None) -> Located:
        head = {name: _text(rows.get(row, ()), 1) for row, name in enumerate(_HEAD, start=2)}
        if source:
            head["source"] = source
        for row, name in enumerate(_HEAD, start=2):
            if not head[name]:
                self.fault(row, "criteria_field_missing", field=name)
        parts: list[dict[str, Any]] = []
        for number, cells in sorted(rows.items()):
            if number > _TABLE and _text(cells, 0):
                self.row(number, cells, parts)
        document = {
            "schema": criteriadata.SET_SCHEMA,
            "regime": head["regime"],
            "id": head["id"],
            "name_vi": head["name"],
            "name_en": head["name"],
            "industry": {
                "code": head["industry_code"],
                "name_vi": head["industry_name"],
                "name_en": head["industry_name"],
                "mark": "adopted",
            },
            "managing_agencies": [],
            "requires_sample": None,
            "source": head["source"],
            "mark": "adopted",
            "parts": parts,
        }
        return Located(document, self.lines, self.name)

    def row(self, number: int, cells: Sequence[Any], parts: list[dict[str, Any]]) -> None:
        code, name = _text(cells, 0), _text(cells, 1)
        maximum = written(_cell(cells, 2)) or ""
        if whole(maximum) is None:
            self.fault(number, "criteria_field_wrong", field=_named(2), expected="3")
            return
        if len(code) == 1 and code.isalpha():
            self.lines[("parts", len(parts))] = number
            parts.append({"code": code, "max": int(maximum), "sections": []})
            return
        if not parts or not name:
            self.fault(number, "criteria_field_missing", field="A" if not parts else _named(1))
            return
        node: dict[str, Any] = {"code": code, "name_vi": name, "name_en": name, "max": int(maximum)}
        node |= self.body(number, cells)
        siblings, path = _home(parts, code)
        self.lines[(*path, len(siblings))] = number
        siblings.append(node)

    def body(self, number: int, cells: Sequence[Any]) -> dict[str, Any]:
        """Options, minima and knock-out of a criterion; an empty list of criteria for a heading."""
        typed = _text(cells, 3)
        if not typed:
            return {"criteria": []}
        options: list[dict[str, Any]] = []
        for text in typed.lower().replace(",", ";").split(";"):
            match = _OPTION.fullmatch(text.strip())
            if match is None:
                self.fault(number, "criteria_field_wrong", field=_named(3), expected="0; 1; 3:a; 3:b")
            else:
                options.append({"points": int(match[1]), **({"case": match[2]} if match[2] else {})})
        found: dict[str, Any] = {"options": options}
        minima = {star: written(_cell(cells, star + 1)) for star in (3, 4, 5)}
        most = max((option["points"] for option in options), default=0)
        for star, least in minima.items():
            if least is not None and not 0 < (whole(least) or 0) <= most:
                self.fault(number, "criteria_field_wrong", field=_named(star + 1), expected=f"1 … {most}")
        given = {
            str(star): int(least) for star, least in minima.items() if least is not None and whole(least) is not None
        }
        if given:
            found["min_points_for_star"] = given
        stop = _text(cells, 7)
        if stop:
            found["conditions"] = [{"kind": "eliminate", "label_vi": stop, "label_en": stop}]
        return found


def _home(parts: list[dict[str, Any]], code: str) -> tuple[list[dict[str, Any]], DocumentPath]:
    """The list to which a criterion belongs: below the nearest heading of its part whose code begins its own."""
    path: DocumentPath = ("parts", len(parts) - 1, "sections")
    siblings: list[dict[str, Any]] = parts[-1]["sections"]
    while True:
        above = next((n for n, each in enumerate(siblings) if code.startswith(each["code"] + ".")), None)
        if above is None or "criteria" not in siblings[above]:
            return siblings, path
        path, siblings = (*path, above, "criteria"), siblings[above]["criteria"]


def _named(column: int) -> Text:
    label = COLUMN_LABELS[column]
    return Text(i18n.translate(label, "vi"), label)


def _cell(cells: Sequence[Any], column: int) -> Any:
    return cells[column] if column < len(cells) else None


def _text(cells: Sequence[Any], column: int) -> str:
    value = _cell(cells, column)
    if value is None or isinstance(value, Reason):
        return ""
    return (written(value) or "") if isinstance(value, (int, float)) else str(value).strip()
