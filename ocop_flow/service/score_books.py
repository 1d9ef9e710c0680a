"""Sheets given out and taken back: what each member is asked, and many filled sheets recorded at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from ocop_flow.domain.asked import Asked, asked
from ocop_flow.domain.commands import Act, FileRef
from ocop_flow.domain.council import Seat
from ocop_flow.domain.scoring import FilledSheet
from ocop_flow.errors import Refused, reason
from ocop_flow.ports import UnitOfWork
from ocop_flow.service.office import Caller, Office
from ocop_flow.service.scoring import Desk, at, in_sitting, kept, score_all

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class TakeBack:
    """A file of filled sheets (a member's workbook, or a grid of a dossier) with the scan of the signed paper.

    file     None where the sheets were keyed on a screen
    dossier  None: every dossier of the sitting that the file has
    member   None for a grid, which has a column for each member
    """

    sitting: str
    file: FileRef | None
    dossier: str | None = None
    member: str | None = None
    scan: FileRef | None = None
    act: Act = field(default_factory=Act)


def sheets_of(desk: Desk, member: str, dossier: str | None = None) -> list[Asked]:
    """What a member is asked in a sitting, in the order of its dossiers; those with a declared interest left out.

    raises  Refused (no seat, absent, only the secretary), NotFound
    """
    seat = _scoring_seat(desk, member)
    codes = [in_sitting(desk, dossier).code] if dossier else list(desk.sitting.dossiers)
    return list(_asked(desk, seat, codes))


def members(desk: Desk) -> tuple[str, ...]:
    """Handles of those who score in a sitting, in the order of their seats."""
    return tuple(seat.handle for seat in desk.council.seated(desk.sitting))


def grid_of(desk: Desk, dossier: str) -> list[Asked]:
    """What every member is asked about one dossier."""
    code = in_sitting(desk, dossier).code
    return [sheet for seat in desk.council.seated(desk.sitting) for sheet in _asked(desk, seat, [code])]


def _scoring_seat(desk: Desk, member: str) -> Seat:
    seat = desk.council.seat(member)
    if seat is None:
        raise Refused(reason("not_seated", person=member, council=desk.council.code))
    if seat not in desk.council.seated(desk.sitting):
        raise Refused(reason("member_not_present", person=member, sitting=desk.sitting.code))
    return seat


def _asked(desk: Desk, seat: Seat, codes: Sequence[str]) -> Iterator[Asked]:
    uow = desk.uow
    for code in codes:
        if desk.council.interest(seat.handle, code) is None:
            dossier = in_sitting(desk, code)
            tree = uow.criteria(dossier.workflow_hash, dossier.product_set)
            yield asked(desk.council, desk.sitting, seat, dossier, uow.law(dossier.workflow_hash).regime, tree)


def reading(uow: UnitOfWork, office: Office, caller: Caller, sitting: str) -> Desk:
    """A sitting for reading: sheets to print, grids to fill in."""
    return at(uow, office, caller, Act(), sitting)


def take_back(desk: Desk, command: TakeBack, sheets: Sequence[FilledSheet]) -> Json:
    """Record every sheet, all or none; the file itself is kept with them."""
    book = kept(desk.uow, command.file)
    found = score_all(desk, sheets, command.scan, book)
    told: list[Any] = []
    for each in found:
        told += [item for item in each.pop("warnings") if item not in told]
    only = found[0] if command.dossier and command.member and found else {}
    return {**only, "sitting": desk.sitting.code, "sheets": found, "warnings": told}
