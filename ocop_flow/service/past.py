"""What stood at the end of a day: dossiers and declared certificates, from the view where nothing came later."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import TYPE_CHECKING

from ocop_flow.domain import canonical, dossier_json, registry
from ocop_flow.domain.dossier import Dossier
from ocop_flow.domain.dossier_fold import replay
from ocop_flow.domain.event import from_json
from ocop_flow.domain.figures.chains import Declared
from ocop_flow.domain.point import Point

if TYPE_CHECKING:
    from ocop_flow.ports import UnitOfWork


@dataclass(frozen=True, slots=True)
class Stood:
    """Dossiers opened by a day by their codes, and certificates from before these records by their numbers."""

    dossiers: Mapping[str, Dossier]
    declared: Mapping[str, Declared]


def stood(uow: UnitOfWork, near: frozenset[str] | None, on: date) -> Stood:
    """Everything at the end of a day; ``near``: only what lies, or lay when it began, in one of these communes."""
    dossiers = {each.code: each for each in _dossiers(uow, near, on)}
    return Stood(dossiers, {each.number: each for each in _declared(uow, near, on)})


def moved_on(uow: UnitOfWork, kind: str, on: date) -> frozenset[str]:
    """Subjects of a kind to which something happened after a day."""
    later = "SELECT DISTINCT subject FROM event WHERE subject_kind = :kind AND occurred_on > :on"
    return frozenset(row["subject"] for row in uow.query(later, kind=kind, on=on.isoformat()))


def _dossiers(uow: UnitOfWork, near: frozenset[str] | None, on: date) -> Iterator[Dossier]:
    later = moved_on(uow, "dossier", on)
    for row in uow.query("SELECT code, commune, opened_in, fold FROM dossier ORDER BY code"):
        if near is not None and row["commune"] not in near and row["opened_in"] not in near:
            continue
        if row["code"] not in later:
            yield dossier_json.of_row(row["code"], row["fold"])
            continue
        history = Point(at=on).cut(uow.events("dossier", row["code"]))
        found = replay(history)
        if found is not None:
            yield found


def _declared(uow: UnitOfWork, near: frozenset[str] | None, on: date) -> list[Declared]:
    """Certificates from before these records: one typed in later was there all the same."""
    found = []
    for number, rows in groupby(uow.stored("certificate"), key=lambda row: row[1]):
        history = [from_json(canonical.decode(body)) for *_, body in rows]
        cut = [event for event in history if event.action in ("declare", "complete") or event.occurred_on <= on]
        fold = registry.replay_certificate(cut) if history[0] in cut else None
        if fold is None or (fold.issued_on is not None and fold.issued_on > on):
            continue
        codes = {fold.commune, fold.keeper, (fold.issuer or {}).get("code")}
        if near is None or codes & near:
            gone = any(event.data.get("same_recognition") for event in cut)
            found.append(Declared(fold, number, history[0].data.get("replaces"), gone))
    return found
