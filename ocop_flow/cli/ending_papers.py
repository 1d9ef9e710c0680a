"""What ends when, for people: the list on the screen, the sheet and the letters on paper."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ocop_flow.cli.base import Desk
from ocop_flow.cli.declaring import check_new, write_file
from ocop_flow.cli.output import rows
from ocop_flow.errors import InputInvalid, Unavailable, reason

if TYPE_CHECKING:
    from ocop_flow.domain.regime import Regime
    from ocop_flow.ending.sheet import Sheet
    from ocop_flow.ports import UnitOfWork

Json = dict[str, Any]

_KINDS = (".html", ".xlsx", ".pdf")


def check(sheet: str | None, letters: str | None) -> None:
    """Whether the files asked for can be written, before anything is read."""
    if sheet is not None:
        path = Path(sheet)
        if path.suffix.lower() not in _KINDS:
            raise InputInvalid(reason("target_kind_unknown", file=path.name, known=", ".join(_KINDS)))
        check_new(path)
    if letters is not None:
        check_new(Path(letters))


def unit_name(uow: UnitOfWork, code: str | None, on: date) -> str | None:
    if code is None:
        return None
    tree = uow.tree([code])
    found = tree.on(code, on) or tree.latest(code)
    return found.name if found else code


def show(table: Desk, found: list[Json]) -> None:
    """By month and commune of today; red, and marked, once the last day to file is over."""
    rows(table, HEADING_LABELS, [_line(item) for item in found], red=[item["late"] for item in found])


HEADING_LABELS = (
    "Month",
    "Commune of today",
    "Certificate",
    "Product",
    "Entity",
    "Stars",
    "Who must act",
    "Issued under",
    "File by",
    "Valid to",
)


def _line(item: Json) -> list[str]:
    from ocop_flow.ending.sheet import places, shown_month

    return [
        shown_month(item["month"]),
        places(item) or "-",
        item["number"],
        item["product"],
        item["entity"],
        str(item["stars"]),
        item["acts"]["name"] if item["acts"] else "-",
        item["issued_under"] or "",
        f"{'! ' if item['late'] else ''}{item['file_by'] or '-'}",
        item["valid_to"],
    ]


def write(
    table: Desk,
    found: list[Json],
    law: Regime | None,
    unit: str | None,
    on: date,
    typed: str,
    sheet: str | None,
    letters: str | None,
) -> None:
    """The sheet as its name's ending says, and a folder with the letters."""
    from ocop_flow.ending.sheet import Sheet
    from ocop_flow.service.certificates import horizon

    content = Sheet(found, unit, on, horizon(on, typed), table.language, law)
    if sheet is not None:
        path = Path(sheet)
        write_file(path, _printed(content, path.suffix.lower()))
        _told(table, path)
    if letters is not None:
        _write_letters(table, Path(letters), content)


def _printed(content: Sheet, ending: str) -> bytes:
    from ocop_flow.ending import page, pdf, workbook

    if ending == ".xlsx":
        return workbook.as_xlsx(content)
    text = page.as_html(content)
    return pdf.as_pdf(text) if ending == ".pdf" else text.encode()


def _write_letters(table: Desk, folder: Path, content: Sheet) -> None:
    from ocop_flow.ending.letters import letters

    try:
        folder.mkdir()
    except OSError as error:
        raise Unavailable(reason("target_not_writable", file=str(folder), detail=str(error))) from error
    for letter in letters(content):
        write_file(folder / f"{letter.file}.txt", letter.as_text().encode())
        write_file(folder / f"{letter.file}.docx", letter.as_docx())
    _told(table, folder)


def _told(table: Desk, path: Path) -> None:
    click.echo(table.tr("Written: {file}", file=path), err=True)
