"""Product sets of a law by their ids and by their names, as lists to choose from show them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ocop_flow.domain.names import search_key
from ocop_flow.domain.worklist import Named
from ocop_flow.errors import InputInvalid, Text, reason
from ocop_flow.service.declared_line import loose

if TYPE_CHECKING:
    from ocop_flow.domain.situation import Law
    from ocop_flow.ports import UnitOfWork

_ID = re.compile("[a-z0-9_]+")


def named_sets(uow: UnitOfWork, law: Law) -> tuple[Named, ...]:
    """Every set that the law lists and has criteria for, in the order of their ids."""
    found = ((each, uow.criteria(law.hash, each)) for each in sorted(law.regime.product_sets.ids or ()))
    return tuple(Named(each, tree.name) for each, tree in found if tree is not None)


def product_set_of(uow: UnitOfWork, law: Law, typed: str) -> str:
    """The id of the set that was typed, as such or by its name in either language, diacritics or not.

    Where a law lists no sets, what was typed stands, a name that another law has for its id.
    raises  InputInvalid with every set by name and id
    """
    listed = law.regime.product_sets.ids
    if listed is None:
        return sets_by_name(uow).get(loose(typed), typed) if not _ID.fullmatch(typed) else typed
    if typed in listed:
        return typed
    sets = named_sets(uow, law)
    meant = [each.id for each in sets if search_key(typed) in {search_key(name) for name in each.name}]
    if len(meant) == 1:
        return meant[0]
    named = {each.id: each.name for each in sets}
    shown = [(named.get(each, Text(each, each)), each) for each in sorted(listed)]
    known = Text(*("; ".join(f"{name[at]} ({each})" for name, each in shown) for at in range(2)))
    raise InputInvalid(
        reason("product_set_unknown", product_set=typed, regime=law.regime.id, known=known, source=law.regime.decision)
    )


def sets_of_all_laws(uow: UnitOfWork) -> dict[str, Text]:
    """The name of every product set that any law has, by its id, as the newest law that has it prints it."""
    laws = uow.query("SELECT hash FROM law ORDER BY regime_from")
    listed = {
        name: digest
        for law in laws
        for name, digest in ((uow.document(law["hash"]) or {}).get("criteria") or {}).items()
    }
    found = ((name, uow.document(digest) or {}) for name, digest in listed.items())
    return {name: Text(str(each.get("name_vi", name)), str(each.get("name_en", name))) for name, each in found}


def sets_by_name(uow: UnitOfWork) -> dict[str, str]:
    """Names in either language, and ids, of product sets under every law, as ``loose`` leaves them -> id."""
    found = sets_of_all_laws(uow)
    return {
        **{loose(each): name for name, label in found.items() for each in label},
        **{loose(name): name for name in found},
    }


def declared_set(uow: UnitOfWork, typed: str) -> str:
    """The id of a set of any law; an id that no law lists stands, for 148/QĐ-TTg and the provinces listed none here.

    raises  InputInvalid for words that name no set
    """
    found = sets_by_name(uow).get(loose(typed))
    if found is None and not _ID.fullmatch(typed):
        raise InputInvalid(reason("product_set_named", name=typed))
    return found or typed
