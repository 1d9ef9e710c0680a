"""Entities by kind and, where recorded, by sex and ethnic group of the representative: counts, never a person."""

from __future__ import annotations

from collections.abc import Callable

from ocop_flow.domain.figures.facts import Facts
from ocop_flow.domain.figures.sheet import Row, Sheet, added, share

#: What stands where nothing is recorded, or what was is withheld.
NOT_RECORDED = "not_recorded"
_COUNTS = ("recognised_entities", "products", "under_way")


def by_kind(facts: Facts) -> Sheet:
    return _split(facts, "entities_by_kind", "kind", lambda code: _kind(facts, code))


def by_sex(facts: Facts) -> Sheet:
    return _split(facts, "entities_by_sex", "sex", lambda code: _known(facts, code, "sex"))


def by_ethnic_group(facts: Facts) -> Sheet:
    return _split(facts, "entities_by_ethnic_group", "ethnic_group", lambda code: _known(facts, code, "ethnic_group"))


def _kind(facts: Facts, code: str) -> str:
    known = facts.entities.get(code)
    if known:
        return known.kind
    return next((r.entity_kind for r in facts.recognitions if r.entity == code and r.entity_kind), NOT_RECORDED)


def _known(facts: Facts, code: str, name: str) -> str:
    return getattr(facts.entities.get(code), name, None) or NOT_RECORDED


def _split(facts: Facts, sheet: str, column: str, of: Callable[[str], str]) -> Sheet:
    """Entities with a product in force, their products, and entities with a dossier under way."""
    held = facts.holding()
    owners = {facts.owner(each.entity) for each in held}
    under_way = {facts.owner(case.dossier.entity) for case in facts.cases if under_way_now(case.dossier.phase)}
    parts = {code: of(code) for code in owners | under_way}
    rows: list[Row] = [
        {
            column: part,
            "recognised_entities": sum(parts[code] == part for code in owners),
            "share": share(sum(parts[code] == part for code in owners), len(owners)),
            "products": sum(parts[facts.owner(each.entity)] == part for each in held),
            "under_way": sum(parts[code] == part for code in under_way),
        }
        for part in sorted(set(parts.values()), key=lambda part: (part == NOT_RECORDED, part))
    ]
    total: Row = {column: None, **added(rows, _COUNTS), "share": share(len(owners), len(owners))}
    return Sheet(sheet, (column, "recognised_entities", "share", "products", "under_way"), tuple(rows), total)


def under_way_now(phase: str) -> bool:
    return phase not in ("promotion", "closed")
