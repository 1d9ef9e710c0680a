"""The highest running numbers in use."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ocop_flow.domain import codes

if TYPE_CHECKING:
    from ocop_flow.store.unit_of_work import SqlUnitOfWork


def count_code(uow: SqlUnitOfWork, kind: str, code: str) -> None:
    """Remember the highest running number in use."""
    typed = codes.parse(code, kind) if code.startswith(codes.PREFIXES[kind] + "-") else None
    if typed is None or typed.year is None:
        return
    if uow.next_number(kind, typed.year) <= typed.number:
        uow.put("counter", kind=kind, year=typed.year, last=typed.number)
