"""The sheet as an HTML page that prints as A4; everything it needs stands in it."""

from __future__ import annotations

import html
from collections.abc import Iterable, Sequence

from ocop_flow.ending.sheet import HEADING_LABELS, Sheet, cells_of, shown_month

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
#: Units named in a summary of the first page.
_MOST = 20


def as_html(sheet: Sheet) -> str:
    """A page that prints as A4; everything it needs stands in it."""
    e = html.escape
    months, *others = sheet.summaries()
    top = [
        f"<h1>{e(sheet.title)}</h1>",
        f"<p>{e(sheet.scope)}. <b>{e(sheet.tr('{count} certificates', count=len(sheet.found)))}</b>.</p>",
        *([f'<p class="late-mark">{e(sheet.note)}</p>'] if sheet.note else []),
        '<div class="two">',
        _summary(sheet, *months),
        *(_summary(sheet, title, _top(sheet, counted)) for title, counted in others),
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
    heading = f'<th>{e(title)}</th><th class="n">{e(ends)}</th><th class="n">{e(late)}</th>'
    return f"<table><thead><tr>{heading}</tr></thead><tbody>{lines}</tbody></table>"


def _html_rows(sheet: Sheet) -> Iterable[str]:
    month = ""
    for item in sheet.found:
        if item["month"] != month:
            month = item["month"]
            yield f'<tr><td class="month" colspan="{len(HEADING_LABELS)}">{html.escape(shown_month(month))}</td></tr>'
        cells = "".join(f"<td>{html.escape(text)}</td>" for text in cells_of(item))
        yield f'<tr class="late">{cells}</tr>' if item["late"] else f"<tr>{cells}</tr>"
