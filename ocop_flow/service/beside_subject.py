"""What a record stands beside: a dossier, or a declared certificate that has none; and the units concerned."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from ocop_flow.domain import beside
from ocop_flow.domain.beside import Margin
from ocop_flow.domain.commands import Act
from ocop_flow.errors import NotFound, reason
from ocop_flow.service import certificates
from ocop_flow.service.desk import desk, situation_of
from ocop_flow.service.dossier_find import find
from ocop_flow.service.issuer_today import answers, life, today
from ocop_flow.service.revoking import registered_margin

if TYPE_CHECKING:
    from ocop_flow.domain.dossier import Dossier
    from ocop_flow.domain.situation import Desk
    from ocop_flow.domain.units import Unit, UnitTree
    from ocop_flow.ports import Row, UnitOfWork
    from ocop_flow.service.office import Caller, Office


@dataclass(frozen=True, slots=True)
class Subject:
    """What a record stands beside: a dossier, or a declared certificate; ``row`` is the certificate's, if any."""

    kind: str
    code: str
    dossier: Dossier | None
    row: Row | None
    base: Desk
    units: tuple[Unit, ...]
    margin: Margin
    on: date


def named(uow: UnitOfWork, typed: str, handle: str | None = None) -> tuple[str, str, Dossier | None, Row | None]:
    """(kind, code, dossier, certificate row) that a typed code, number or name means.

    A certificate born from a dossier means its dossier. raises  NotFound, InputInvalid (several)
    """
    exact = uow.rows("certificate", number=typed.strip())
    if not exact:
        try:
            dossier = find(uow, typed, uow.person(handle) if handle else None)
        except NotFound:
            exact = [certificates.find(uow, typed)]
        else:
            return "dossier", dossier.code, dossier, _certificate(uow, dossier)
    row = certificates.same_recognition(uow, exact[0])
    owner = uow.dossier(row["dossier"]) if row["dossier"] else None
    return ("dossier", owner.code, owner, row) if owner else ("certificate", row["number"], None, row)


def _certificate(uow: UnitOfWork, dossier: Dossier) -> Row | None:
    rows = uow.rows("certificate", number=dossier.certificate.number) if dossier.certificate else []
    return rows[0] if rows else None


def subject_of(uow: UnitOfWork, office: Office, caller: Caller, act: Act, typed: str) -> Subject:
    kind, code, dossier, row = named(uow, typed, caller.known())
    on = act.on or office.today
    if dossier is not None:
        s = situation_of(uow, office, caller, act, dossier)
        above = _around(s.tree, s.commune, on)
        issuer = answers(s.tree, row, on) if row else None
        return Subject(kind, code, dossier, row, s, _units(above, issuer, s.tree, on), dossier.margin, on)
    if row is None:
        raise NotFound(reason("certificate_absent", number=typed))
    codes = [each for each in (row["issuer_code"], row["commune"]) if each] or ["central"]
    tree = uow.tree(codes)
    base = desk(uow, office, caller, act, tree)
    commune = life(tree, row["commune"], on)
    above = _around(tree, commune, on) if commune else ()
    units = _units(above, answers(tree, row, on), tree, on)
    return Subject(kind, code, None, row, base, units, registered_margin(uow, code), on)


def _around(tree: UnitTree, commune: Unit, on: date) -> tuple[Unit, ...]:
    """The commune of the day, or what took its place, and everything above."""
    found = [unit for unit in today(tree, commune, on) if unit.valid_on(on)]
    return tuple(dict.fromkeys(each for unit in found for each in (unit, *tree.ancestors(unit, on))))


def _units(near: tuple[Unit, ...], issuer: Unit | None, tree: UnitTree, on: date) -> tuple[Unit, ...]:
    answering = (issuer, *tree.ancestors(issuer, on)) if issuer else ()
    return tuple(dict.fromkeys((*near, *answering)))


def margin_of(uow: UnitOfWork, about: Subject) -> Margin:
    """What stands beside the subject after the event."""
    if about.dossier is None:
        return registered_margin(uow, about.code)
    after = uow.dossier(about.code)
    return after.margin if after else beside.EMPTY
