"""A letter to each entity about its certificates that end: a draft for the office that sends it."""

from __future__ import annotations

import io
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ocop_flow.ending.sheet import Sheet, acting_unit, places, shown_day

Json = dict[str, Any]


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
        groups[(item["entity"], places(item), acting_unit(item))].append(item)
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
            "{product}, {stars} stars, certificate {number}: valid to {end}",
            product=item["product"],
            stars=item["stars"],
            number=item["number"],
            end=shown_day(item["valid_to"]),
        )
        if item["file_by"]:
            line += sheet.tr("; file the re-rating dossier by {by}", by=shown_day(item["file_by"]))
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
    window, grace = (sheet.law.re_rating_window, sheet.law.certificate.grace) if sheet.law else (None, None)
    if window is not None and any(item["grace_to"] is None for item in items):
        yield sheet.tr(
            "A dossier for re-rating is filed with the commune not earlier than {earliest} and not later than "
            "{latest} days before the certificate ends ({source}).",
            earliest=window.earliest_days,
            latest=window.latest_days,
            source=sheet.cited(window.source),
        )
    going_on = [item for item in items if item["grace_to"] is not None]
    if grace is not None and going_on:
        yield sheet.tr(
            "Certificate {numbers}: the time to file was over before the decision took effect. While a re-rating that "
            "is filed is undecided it goes on, for {days} days after its last day at most ({source}).",
            numbers=", ".join(item["number"] for item in going_on),
            days=grace.days,
            source=sheet.cited(grace.source),
        )


def _slug(name: str) -> str:
    from ocop_flow.domain.names import fold

    kept = "".join(letter if letter.isascii() and letter.isalnum() else "-" for letter in fold(name))
    return "-".join(part for part in kept.split("-") if part)[:60] or "entity"
