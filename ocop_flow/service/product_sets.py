"""Product sets of a law by their ids and by their names, as lists to choose from show them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ocop_flow.domain.names import search_key
from ocop_flow.domain.worklist import Named
from ocop_flow.errors import InputInvalid, Text, reason

if TYPE_CHECKING:
    from ocop_flow.domain.situation import Law
    from ocop_flow.ports import UnitOfWork


def named_sets(uow: UnitOfWork, law: Law) -> tuple[Named, ...]:
    """Every set that the law lists and has criteria for, in the order of their ids."""
    found = ((each, uow.criteria(law.hash, each)) for each in sorted(law.regime.product_sets.ids or ()))
    return tuple(Named(each, tree.name) for each, tree in found if tree is not None)


def product_set_of(uow: UnitOfWork, law: Law, typed: str) -> str:
    """The id of the set that was typed, as such or by its name in either language, diacritics or not.

    Where a law lists no sets, what was typed stands.
    raises  InputInvalid with every set by name and id
    """
    listed = law.regime.product_sets.ids
    if listed is None or typed in listed:
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
