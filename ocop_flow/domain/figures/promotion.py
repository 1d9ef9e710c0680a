"""What was done after recognition: fairs, shops, media, support and rewards, from the records beside the state."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from ocop_flow.domain.figures.facts import Facts
from ocop_flow.domain.figures.sheet import Row, Sheet, added

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ocop_flow.domain.beside import Beside


def by_kind(facts: Facts) -> Sheet:
    """Records of the period by kind: how many, of how many products, with what cost (whole VND)."""
    found: dict[str, list[tuple[str, Beside]]] = defaultdict(list)
    for subject, record in _records(facts):
        found[record.kind].append((subject, record))
    rows: tuple[Row, ...] = tuple(
        {
            "promotion": kind,
            "activities": len(found[kind]),
            "products": len({subject for subject, _ in found[kind]}),
            "cost": sum(int(record.facts.get("cost", "0")) for _, record in found[kind]),
            "with_result": sum(bool(record.facts.get("result")) for _, record in found[kind]),
        }
        for kind in sorted(found)
    )
    subjects = {subject for each in found.values() for subject, _ in each}
    total: Row = {"promotion": None, **added(rows, ("activities", "cost", "with_result")), "products": len(subjects)}
    return Sheet("promotion_by_kind", ("promotion", "activities", "products", "cost", "with_result"), rows, total)


def _records(facts: Facts) -> Iterator[tuple[str, Beside]]:
    """(product or dossier, record), each record once."""
    margins = [(case.dossier.product, case.dossier.margin) for case in facts.cases]
    margins += [(each.product, each.margin) for each in facts.recognitions if each.dossier is None]
    for subject, margin in margins:
        for record in margin.records:
            if record.group == "promotion" and facts.period.holds(record.on):
                yield subject, record
