"""What ends when, on paper: an A4 sheet as HTML, PDF and XLSX, and a letter to each entity as text and DOCX.

The first page of a sheet stands alone: how many end in which month, how many of them are past the line for filing,
who must act. The certificates themselves follow, on the same page if they fit.
"""

from __future__ import annotations

import html
import io
import shutil
import subprocess
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from ocop_flow import i18n, rowheight
from ocop_flow.errors import Unavailable, reason

Json = dict[str, Any]

#: Programs that print HTML to PDF, the usual ones first; names on the three systems.
BROWSERS = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "msedge",
    "microsoft-edge",
    "microsoft-edge-stable",
)
OFFICES = ("soffice", "libreoffice")
#: Seconds after which a program that prints is given up.
PATIENCE = 90

HEADING_LABELS = (
    "Certificate",
    "Product",
    "Entity",
    "Stars",
    "Commune of today",
    "Issued under",
    "Who must act",
    "File by",
    "Valid to",
)
_CSS = """
@page { size: A4 landscape; margin: 12mm; }
body { font: 10pt/1.3 "Times New Roman", "Liberation Serif", "DejaVu Serif", serif; color: #000; margin: 0 auto;
  max-width: 273mm; }
h1 { font-size: 15pt; margin: 0 0 1mm; } h2 { font-size: 11.5pt; margin: 4mm 0 1mm; break-after: avoid; }
p { margin: 0 0 2mm; } .two { display: flex; gap: 8mm; align-items: flex-start; }
table { border-collapse: collapse; width: 100%; } thead { display: table-header-group; }
th, td { border: .3mm solid #555; padding: .6mm 1.2mm; text-align: left; vertical-align: top; }
th { background: #eee; } td.n, th.n { text-align: right; white-space: nowrap; } td.d { white-space: nowrap; }
tr { break-inside: avoid; } tr.late td { color: #b00000; font-weight: bold; } .late-mark { color: #b00000; }
td.month { font-weight: bold; background: #f5f5f5; } .annex { break-before: page; }
@media screen { body { padding: 8mm; } }
"""
#: Certificates that still fit below the summary on the first page.
_FIRST_PAGE = 12
#: Columns of the sheet of certificates, in characters.
_CERTIFICATE_WIDTHS = (22, 30, 34, 6, 24, 24, 24, 12, 12)
#: Units named in a summary of the first page.
_MOST = 20


@dataclass(frozen=True, slots=True)
class Sheet:
    """What is to be shown.

    found  as ``service.ending`` gives it; unit  whose it is, None for all; on, until  the days it spans
    """

    found: Sequence[Json]
    unit: str | None
    on: date
    until: date
    lang: str

    def tr(self, text: str, **values: object) -> str:
        return i18n.translate(text, self.lang).format(**values)

    @property
    def title(self) -> str:
        return i18n.translate("OCOP certificates: what ends when", self.lang)

    @property
    def scope(self) -> str:
        text = i18n.translate("{unit}; as of {on}, ends until {until}", self.lang)
        whole = i18n.translate("All units", self.lang)
        return text.format(unit=self.unit or whole, on=shown_day(self.on), until=shown_day(self.until))

    @property
    def note(self) -> str:
        return i18n.translate(
            "Red: the last day to file for a re-rating is over (120 days before the end, 26/2026/QĐ-TTg art. 8).",
            self.lang,
        )

    def headings(self) -> list[str]:
        return [i18n.translate(heading, self.lang) for heading in HEADING_LABELS]

    def months(self) -> list[tuple[str, int, int]]:
        """(month, certificates, of them late), in order."""
        return _counts((item["month"], item["late"]) for item in self.found)

    def communes(self) -> list[tuple[str, int, int]]:
        return sorted(_counts((places(item) or "-", item["late"]) for item in self.found), key=lambda row: -row[1])

    def acting(self) -> list[tuple[str, int, int]]:
        return sorted(_counts((_acts(item), item["late"]) for item in self.found), key=lambda row: -row[1])


def shown_day(day: date | str | None) -> str:
    """A day as offices write it: 01/08/2026."""
    if day is None:
        return "-"
    return (date.fromisoformat(day) if isinstance(day, str) else day).strftime("%d/%m/%Y")


def shown_month(month: str) -> str:
    return f"{month[5:]}/{month[:4]}"


def places(item: Json) -> str:
    return ", ".join(each["name"] for each in item["communes"])


def _acts(item: Json) -> str:
    return str(item["acts"]["name"]) if item["acts"] else "-"


def _counts(pairs: Iterable[tuple[str, bool]]) -> list[tuple[str, int, int]]:
    every, late = Counter[str](), Counter[str]()
    for name, is_late in pairs:
        every[name] += 1
        late[name] += is_late
    return [(name, every[name], late[name]) for name in sorted(every)]


def _cells(item: Json) -> list[str]:
    return [
        item["number"],
        item["product"],
        item["entity"],
        str(item["stars"]),
        places(item) or "-",
        item["issued_under"] or "",
        _acts(item),
        shown_day(item["file_by"]),
        shown_day(item["valid_to"]),
    ]


# --- HTML and PDF ---------------------------------------------------------------------------------------------------


def as_html(sheet: Sheet) -> str:
    """A page that prints as A4; everything it needs stands in it."""
    e = html.escape
    top = [
        f"<h1>{e(sheet.title)}</h1>",
        f"<p>{e(sheet.scope)}. <b>{e(sheet.tr('{count} certificates', count=len(sheet.found)))}</b>.</p>",
        f'<p class="late-mark">{e(sheet.note)}</p>',
        '<div class="two">',
        _summary(sheet, "By month", [(shown_month(m), n, late) for m, n, late in sheet.months()]),
        _summary(sheet, "Who must act now", _top(sheet, sheet.acting())),
        _summary(sheet, "By commune of today", _top(sheet, sheet.communes())),
        "</div>",
    ]
    annex = ' class="annex"' if len(sheet.found) > _FIRST_PAGE else ""
    heading = "".join(f"<th>{e(text)}</th>" for text in sheet.headings())
    body = "\n".join(_html_rows(sheet))
    return "\n".join(
        [
            f'<!DOCTYPE html>\n<html lang="{sheet.lang}"><head><meta charset="utf-8"><title>{e(sheet.title)}</title>',
            f"<style>{_CSS}</style></head><body>",
            *top,
            f"<div{annex}><h2>{e(sheet.tr('Certificates'))}</h2>",
            f"<table><thead><tr>{heading}</tr></thead><tbody>\n{body}\n</tbody></table></div></body></html>\n",
        ]
    )


def _top(sheet: Sheet, counted: Sequence[tuple[str, int, int]]) -> list[tuple[str, int, int]]:
    """The most, as many as stand on the first page, and the rest in one line."""
    if len(counted) <= _MOST:
        return list(counted)
    rest = counted[_MOST:]
    more = sheet.tr("{count} others", count=len(rest))
    return [*counted[:_MOST], (more, sum(row[1] for row in rest), sum(row[2] for row in rest))]


def _summary(sheet: Sheet, title: str, counted: Sequence[tuple[str, int, int]]) -> str:
    e = html.escape
    ends, late = sheet.tr("End"), sheet.tr("Past the line")
    lines = "".join(
        f'<tr{" class=late" if red else ""}><td>{e(name)}</td><td class="n">{count}</td><td class="n">{red}</td></tr>'
        for name, count, red in counted
    )
    heading = f'<th>{e(i18n.translate(title, sheet.lang))}</th><th class="n">{e(ends)}</th><th class="n">{e(late)}</th>'
    return f"<table><thead><tr>{heading}</tr></thead><tbody>{lines}</tbody></table>"


#: Titles of the summaries.
SUMMARY_LABELS = ("By month", "Who must act now", "By commune of today")


def _html_rows(sheet: Sheet) -> Iterable[str]:
    month = ""
    for item in sheet.found:
        if item["month"] != month:
            month = item["month"]
            yield f'<tr><td class="month" colspan="{len(HEADING_LABELS)}">{html.escape(shown_month(month))}</td></tr>'
        cells = "".join(f"<td>{html.escape(text)}</td>" for text in _cells(item))
        yield f'<tr class="late">{cells}</tr>' if item["late"] else f"<tr>{cells}</tr>"


def as_pdf(page: str) -> bytes:
    """The page printed by a browser of this machine, or by LibreOffice.

    raises  Unavailable if there is none, or it fails
    """
    browser = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    office = next((path for name in OFFICES if (path := shutil.which(name))), None)
    if browser is None and office is None:
        raise Unavailable(reason("pdf_printer_absent"))
    with tempfile.TemporaryDirectory(prefix="ocop-") as folder:
        source, target = Path(folder, "sheet.html"), Path(folder, "sheet.pdf")
        source.write_text(page, encoding="utf-8")
        if browser is not None:
            words = [browser, "--headless", "--disable-gpu", "--no-sandbox", f"--user-data-dir={folder}/profile"]
            words += ["--no-pdf-header-footer", f"--print-to-pdf={target}", source.as_uri()]
        else:
            words = [str(office), f"-env:UserInstallation={Path(folder, 'profile').as_uri()}", "--headless"]
            words += ["--convert-to", "pdf:writer_web_pdf_Export", "--outdir", folder, str(source)]
        try:
            subprocess.run(words, check=True, capture_output=True, timeout=PATIENCE)
            return target.read_bytes()
        except (OSError, subprocess.SubprocessError) as error:
            raise Unavailable(reason("pdf_printer_failed", program=words[0], detail=type(error).__name__)) from error


# --- XLSX -----------------------------------------------------------------------------------------------------------


def as_xlsx(sheet: Sheet) -> bytes:
    """Two sheets that print on A4: the summary on one page, and the certificates."""
    import openpyxl
    from openpyxl.styles import Alignment, Font, PatternFill

    book = openpyxl.Workbook()
    first: Any = book.active
    first.title = sheet.tr("Summary")
    bold, red = Font(bold=True), Font(color="B00000", bold=True)
    first.append([sheet.title])
    first.append([f"{sheet.scope}. {sheet.tr('{count} certificates', count=len(sheet.found))}"])
    first.append([sheet.note])
    first["A1"].font, first["A3"].font = Font(bold=True, size=14), red
    by_month = [(shown_month(month), count, late) for month, count, late in sheet.months()]
    for title, counted in zip(SUMMARY_LABELS, (by_month, sheet.acting(), sheet.communes()), strict=True):
        first.append([])
        first.append([i18n.translate(title, sheet.lang), sheet.tr("End"), sheet.tr("Past the line")])
        for cell in first[first.max_row]:
            cell.font = bold
        for line in counted:
            first.append(list(line))
            _texts(first, line)
            if line[2]:
                first.cell(first.max_row, 3).font = red
    first.column_dimensions["A"].width = 60
    _on_a4(first, landscape=False, one_page=True)
    second = book.create_sheet(sheet.tr("Certificates"))
    second.append(sheet.headings())
    for cell in second[1]:
        cell.font, cell.fill, cell.alignment = bold, PatternFill("solid", fgColor="EEEEEE"), Alignment(wrap_text=True)
    for item in sheet.found:
        texts = _cells(item)
        cells: list[Any] = [*texts[:7], date.fromisoformat(item["file_by"]), date.fromisoformat(item["valid_to"])]
        cells[3] = item["stars"]
        second.append(cells)
        _texts(second, cells)
        second.row_dimensions[second.max_row].height = rowheight.height(zip(texts, _CERTIFICATE_WIDTHS, strict=False))
        for cell in second[second.max_row]:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            if item["late"]:
                cell.font = red
            if cell.column > 7:
                cell.number_format = "dd/mm/yyyy"
    for letter, width in zip("ABCDEFGHI", _CERTIFICATE_WIDTHS, strict=True):
        second.column_dimensions[letter].width = width
    second.freeze_panes, second.print_title_rows = "A2", "1:1"
    second.auto_filter.ref = second.dimensions
    _on_a4(second, landscape=True, one_page=False)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _texts(sheet: Any, line: Sequence[object]) -> None:
    """Text stays text, whatever sign it begins with."""
    for position, value in enumerate(line, start=1):
        if isinstance(value, str):
            sheet.cell(sheet.max_row, position).data_type = "s"


def _on_a4(sheet: Any, *, landscape: bool, one_page: bool) -> None:
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.orientation = "landscape" if landscape else "portrait"
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 1 if one_page else 0


# --- letters --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter to one entity about all its certificates that end; ``paragraphs`` in order, the first is the title."""

    entity: str
    file: str
    paragraphs: tuple[str, ...]
    lines: tuple[str, ...]
    closing: tuple[str, ...]

    def as_text(self) -> str:
        listed = [f"  {number}. {line}" for number, line in enumerate(self.lines, start=1)]
        return "\n\n".join(["\n\n".join(self.paragraphs), "\n".join(listed), *self.closing]) + "\n"

    def as_docx(self) -> bytes:
        import docx
        from docx.shared import Cm, Pt

        document = docx.Document()
        section = document.sections[0]
        section.page_width, section.page_height = Cm(21), Cm(29.7)
        section.left_margin, section.right_margin = Cm(3), Cm(2)
        font = document.styles["Normal"].font
        font.name, font.size = "Times New Roman", Pt(13)
        for position, text in enumerate(self.paragraphs):
            run = document.add_paragraph().add_run(text)
            run.bold = position < 2
        for line in self.lines:
            document.add_paragraph(line, style="List Number")
        for text in self.closing:
            document.add_paragraph(text)
        out = io.BytesIO()
        document.save(out)
        return out.getvalue()


def letters(sheet: Sheet) -> list[Letter]:
    """One letter for each entity and unit that acts, in the order of their names.

    No person is named and nothing is signed: it is a draft for the office that sends it.
    """
    groups: dict[tuple[str, str, str], list[Json]] = defaultdict(list)
    for item in sheet.found:
        groups[(item["entity"], places(item), _acts(item))].append(item)
    found = []
    for number, ((entity, commune, acts), items) in enumerate(sorted(groups.items()), start=1):
        found.append(_letter(sheet, f"{number:04d}-{_slug(entity)}", entity, commune, acts, items))
    return found


def _letter(
    sheet: Sheet, file: str, entity: str, commune: str, acts: str, items: Sequence[Mapping[str, Any]]
) -> Letter:
    lines = []
    for item in items:
        line = sheet.tr(
            "{product}, {stars} stars, certificate {number}: valid to {end}; file the re-rating dossier by {by}",
            product=item["product"],
            stars=item["stars"],
            number=item["number"],
            end=shown_day(item["valid_to"]),
            by=shown_day(item["file_by"]),
        )
        if item["issued_under"]:
            line += sheet.tr("; issued by {name}", name=item["issued_under"])
        lines.append(line + (sheet.tr("; THIS DAY IS OVER") if item["late"] else "") + ".")
    return Letter(
        entity=entity,
        file=file,
        paragraphs=(
            sheet.tr("NOTICE: OCOP certificates about to end"),
            sheet.tr("To: {entity}, {commune}", entity=entity, commune=commune or "-"),
            sheet.tr("From: {unit}. Date: {day}.", unit=acts, day=shown_day(sheet.on)),
            sheet.tr("The following certificates of yours end soon:"),
        ),
        lines=tuple(lines),
        closing=(
            *_rules(sheet, items),
            sheet.tr("Please correct us if name, commune or product are not as written here."),
        ),
    )


def _rules(sheet: Sheet, items: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """What the law says of filing, for those that can meet its window and for those that it came too late for."""
    if any(item["grace_to"] is None for item in items):
        yield sheet.tr(
            "A dossier for re-rating is filed with the commune not earlier than 180 and not later than 120 days "
            "before the certificate ends (26/2026/QĐ-TTg art. 8)."
        )
    going_on = [item for item in items if item["grace_to"] is not None]
    if going_on:
        yield sheet.tr(
            "Certificate {numbers}: the time to file was over before the decision took effect. While a re-rating that "
            "is filed is undecided it goes on, for 180 days after its last day at most (26/2026/QĐ-TTg art. 12).",
            numbers=", ".join(item["number"] for item in going_on),
        )


def _slug(name: str) -> str:
    from ocop_flow.domain.names import fold

    kept = "".join(letter if letter.isascii() and letter.isalnum() else "-" for letter in fold(name))
    return "-".join(part for part in kept.split("-") if part)[:60] or "entity"
