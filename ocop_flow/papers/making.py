"""Makes one paper: its kind, its subject, what was typed; the fields come from the record, the form from a template."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ocop_flow.errors import InputInvalid, NotFound, Refused, reason
from ocop_flow.papers import council, dossier, ends, recognition, round_page, sitting, words
from ocop_flow.papers.filling import filled
from ocop_flow.papers.kinds import Kind, Practice, folder, kind, practice
from ocop_flow.service.heads import head_code

if TYPE_CHECKING:
    from ocop_flow.domain.units import Unit
    from ocop_flow.papers.subject import Subject
    from ocop_flow.ports import UnitOfWork
    from ocop_flow.service.office import Office

Json = dict[str, Any]
#: Data of papers that say nothing without a line.
_LISTS = ("sending", "recognition", "council")
#: Signature capacities of Decree 30/2020.
CAPACITIES = ("TM", "KT", "TL", "TUQ", "Q")
#: Name of the data in the table of kinds -> who reads it.
DATA: Mapping[str, Callable[[UnitOfWork, Office, str], Subject]] = {
    "dossier": dossier.fields,
    "intake": dossier.at_intake,
    "sitting": sitting.fields,
    "recognition": recognition.fields,
    "sending": council.sending,
    "council": council.invitation,
    "certificate": ends.certificate,
    "round": round_page.fields,
    "ending": ends.ending,
}


@dataclass(frozen=True, slots=True)
class Wish:
    """What was asked for with a paper.

    template   a file to fill instead of the shipped one
    templates  a folder whose files take the place of shipped ones of the same name
    typed      fields given by hand
    """

    template: Path | None = None
    templates: Path | None = None
    capacity: str | None = None
    typed: Mapping[str, str] = field(default_factory=dict)


def made(uow: UnitOfWork, office: Office, name: str, subject: str, wish: Wish) -> bytes:
    """The paper as a Word file.

    raises  InputInvalid (kind, capacity, typed field, template), NotFound (subject), Unavailable (extra), Refused
            (what the paper says is not so)
    """
    asked = kind(name)
    _check(asked, wish)
    found = DATA[asked.data](uow, office, subject)
    if untrue := [found.against[each] for each in asked.only if each in found.against]:
        raise Refused(*untrue)
    asked = practice((found.issued_under if asked.of_issue else None) or found.regime).of(asked)
    template, shown = _template(asked, wish)
    if asked.data in _LISTS and found.fields["total"] == "0":
        raise NotFound(reason("paper_empty", kind=asked.id, unit=found.unit.name))
    return filled(asked, template, shown, fields(uow, office, asked, found, wish))


def fields(uow: UnitOfWork, office: Office, asked: Kind, found: Subject, wish: Wish) -> Json:
    """Every field of the kind: its own, then those of every paper, then what was typed."""
    places = {"commune": found.commune, "holder": found.holder, "receiver": found.receiver}
    unit = places.get(asked.issuer or "") or found.unit
    signer, capacity = (found.signed.name, found.signed.capacity) if found.signed else ("", None)
    frame = _frame(asked, unit, office, practice(found.regime))
    own = {"number": words.BLANK, "signer": signer, **frame, **found.fields}
    own["sign_lines"] = [{"text": each} for each in words.signature(unit, asked.sign, wish.capacity or capacity)]
    own["sign_note"] = words.NOTES.get(asked.sign, "")
    own["head_line"] = _head(uow)
    typed = {name: words.BLANK for name, each in asked.fields.items() if each.typed and name not in own}
    return {**typed, **own, **wish.typed}


def _frame(asked: Kind, unit: Unit, office: Office, of: Practice) -> Json:
    """The head of a paper: of a council below its committee, of anybody else the committee itself."""
    committee = words.committee(unit, of)
    of_council = asked.data in ("sitting", "council")
    today = office.today
    return {
        "superior": words.headed(committee) if of_council else "",
        "issuer": words.COUNCIL_HEAD if of_council else words.headed(committee),
        "office": words.council_of(unit) if of_council else committee,
        "office_symbol": words.symbol(unit),
        "place": words.bare(unit),
        "day": words.long_day(today),
        "year": str(today.year),
    }


def _head(uow: UnitOfWork) -> str:
    """The short code by which the paper is held against the record later."""
    head = head_code(uow)
    return f"Mã đầu sổ nhật ký: {head['code']}, ngày {words.short_day(head['date'])}" if head else ""


def _check(asked: Kind, wish: Wish) -> None:
    known = [name for name, each in asked.fields.items() if each.typed]
    strange = [name for name in wish.typed if name not in known]
    faults = [reason("paper_field_not_typed", field=each, kind=asked.id, known=", ".join(known)) for each in strange]
    if wish.capacity is not None and wish.capacity not in CAPACITIES:
        faults.append(reason("capacity_unknown", capacity=wish.capacity, known=", ".join(CAPACITIES)))
    if faults:
        raise InputInvalid(*faults)


def _template(asked: Kind, wish: Wish) -> tuple[bytes, str]:
    """The file named, else the one of the folder, else the shipped one; and what it is called."""
    own = wish.templates / asked.template if wish.templates else None
    if wish.templates and not wish.templates.is_dir():
        raise InputInvalid(reason("file_unreadable", file=str(wish.templates), detail="no folder"))
    path = wish.template or (own if own and own.is_file() else None)
    if path is None:
        return (folder() / asked.template).read_bytes(), asked.template
    try:
        return path.read_bytes(), str(path)
    except OSError as error:
        raise InputInvalid(reason("file_unreadable", file=str(path), detail=error.strerror or str(error))) from error
