"""From what was typed to the one dossier that is meant, and from a dossier to its commune."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ocop_flow.domain import codes
from ocop_flow.domain.record import known_dossier
from ocop_flow.errors import InputInvalid, NotFound, reason

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ocop_flow.domain.authority import Person
    from ocop_flow.domain.dossier import Dossier
    from ocop_flow.domain.units import Unit
    from ocop_flow.errors import Text
    from ocop_flow.ports import UnitOfWork


_PREFIX = codes.PREFIXES["dossier"] + "-"


def state_named(uow: UnitOfWork, dossier: Dossier) -> Text | str:
    """The state of a dossier as its law names it."""
    return uow.outline(dossier.workflow_hash).named(dossier.state)


def find(uow: UnitOfWork, typed: str, person: Person | None = None) -> Dossier:
    """The dossier that the typed text means: code (year and check may be left out) or a product's name.

    person  whose own units settle a text that means several
    raises  NotFound; InputInvalid listing the candidates if several remain
    """
    exact = uow.dossier(typed) if typed.startswith(_PREFIX) else None
    if exact is not None:
        return exact
    found = uow.find_dossiers(typed)
    if len(found) > 1 and person is not None:
        own = [code for code in found if _near(uow, code, person)]
        found = own if len(own) == 1 else found
    if len(found) > 1:
        raise InputInvalid(*(reason("dossier_ambiguous", typed=typed, dossier=code) for code in found[:20]))
    if not found:
        raise NotFound(reason("dossier_absent", dossier=typed))
    return known_dossier(uow.dossier(found[0]), typed)


def named(uow: UnitOfWork, typed: Iterable[str]) -> set[str]:
    """Codes of the dossiers that each text alone can mean; what is wrong or means several is left to who uses it."""
    found: set[str] = set()
    for text in typed:
        try:
            code = codes.written(text, "dossier")
            meant = [code] if code.startswith(_PREFIX) else uow.find_dossiers(text)
        except InputInvalid:
            continue
        found.update(meant if len(meant) == 1 else ())
    return found


def _near(uow: UnitOfWork, code: str, person: Person) -> bool:
    dossier = known_dossier(uow.dossier(code), code)
    tree = uow.tree([dossier.commune])
    commune = commune_of(uow, dossier)
    above = tree.ancestors(commune, commune.nearest_valid_day(dossier.last_move_on))
    own = {post.unit for post in person.posts}
    return bool(own & {commune.code, *(unit.code for unit in above)})


def commune_of(uow: UnitOfWork, dossier: Dossier) -> Unit:
    """The life of the dossier's commune."""
    lives = uow.tree([dossier.commune]).lives(dossier.commune)
    return next(unit for unit in lives if unit.valid_from == dossier.commune_from)
