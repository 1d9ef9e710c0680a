"""Histories for other programs to read, one after the other."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from ocop_flow.domain.open_log import Trace, trace_of
from ocop_flow.service import laws
from ocop_flow.service.communes import communes_below
from ocop_flow.service.dossier_find import find

if TYPE_CHECKING:
    from ocop_flow.ports import UnitOfWork
    from ocop_flow.service.office import Office

Progress = Callable[[int, int], None]


def chosen(uow: UnitOfWork, typed: Sequence[str], unit: str | None) -> list[str]:
    """Codes of the dossiers named, or of all that lie in a unit's area, or of all; raises NotFound, InputInvalid."""
    if typed:
        return sorted({find(uow, each).code for each in typed})
    below = None if unit is None else communes_below(uow, unit)
    rows = uow.query("SELECT code, commune FROM dossier ORDER BY code")
    return [row["code"] for row in rows if below is None or row["commune"] in below]


def traces(uow: UnitOfWork, office: Office, codes: Sequence[str], progress: Progress) -> Iterator[Trace]:
    kept = laws.kept(uow)
    for number, code in enumerate(codes, start=1):
        events = uow.events("dossier", code)
        hashes = {event.workflow_hash for event in events if event.workflow_hash}
        known = {digest: uow.law(digest).regime for digest in sorted(hashes & kept)}
        yield trace_of(events, known, office.today_of)
        progress(number, len(codes))
