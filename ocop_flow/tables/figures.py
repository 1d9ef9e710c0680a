"""Reports of figures as tables: one file with commas, or a workbook with a sheet and a chart for each table."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from ocop_flow.tables.writing import guarded

if TYPE_CHECKING:
    from ocop_flow.pages.figure_words import Document


def csv_of(document: Document) -> bytes:
    """The tables one below the other, each under its title, in the UTF-8 that Excel knows as such."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([document.title])
    writer.writerows([[guarded(name), guarded(value)] for name, value in document.facts])
    for table in document.tables:
        writer.writerow([])
        writer.writerow([table.title])
        writer.writerow([guarded(heading) for heading in table.headings])
        writer.writerows([[guarded(text) for text in row] for row in table.rows])
    return out.getvalue().encode("utf-8-sig")
