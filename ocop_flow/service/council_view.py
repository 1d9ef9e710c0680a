"""Reading councils: one with its rules and seats, and who gave a dossier which points."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from ocop_flow.domain import rating
from ocop_flow.domain.council import Council
from ocop_flow.domain.criteria import CriteriaSet
from ocop_flow.domain.dossier import Dossier
from ocop_flow.domain.exact import exact, mean_decimal
from ocop_flow.ports import UnitOfWork
from ocop_flow.service.councils import find_council, find_sitting
from ocop_flow.service.dossier_find import find

Json = dict[str, Any]


def council(uow: UnitOfWork, typed: str) -> Json:
    """A council as it stands; raises NotFound."""
    found = find_council(uow, typed)
    unit = found.unit
    return {
        "code": found.code,
        "unit": {"code": unit.code, "name": unit.name, "tier": unit.tier},
        "decision": found.decision,
        "round": found.round,
        "year": found.year,
        "rules": found.rules,
        "seats": [
            {
                "handle": seat.handle,
                "name": seat.name,
                "role": seat.role,
                "post": seat.post,
                "stands_for": seat.stands_for,
                "decision": seat.decision,
                "until": seat.until.isoformat() if seat.until else None,
            }
            for seat in found.seats
        ],
        "interests": [
            {
                "handle": each.handle,
                "name": name_of(found, each.handle),
                "dossier": each.dossier,
                "on": each.on.isoformat(),
                "reason": each.reason,
            }
            for each in found.interests
        ],
        "sittings": [
            {
                "code": each.code,
                "on": each.on.isoformat(),
                "manner": each.manner,
                "present": list(each.present),
                "dossiers": list(each.dossiers),
            }
            for each in found.sittings
        ],
    }


def name_of(found: Council, handle: str) -> str:
    seat = found.seat(handle)
    return seat.name if seat else handle


def scores(uow: UnitOfWork, typed: str, caller: str | None = None) -> Json:
    """Everyone who gave a dossier points, side by side: entity, commune, district, team, members turn by turn.

    returns  columns in the order of their events, and one row per criterion with the points of each column
    """
    dossier = find(uow, typed, uow.person(caller) if caller else None)
    tree = uow.criteria(dossier.workflow_hash, dossier.product_set)
    columns = sorted([*_assessed(dossier), *_scored(uow, dossier)], key=lambda column: column["seq"])
    for place, column in enumerate(columns):
        base = _before(columns[:place], column)
        column["moved"] = exact(Fraction(column["total"]) - Fraction(base["total"])) if base else None
    return {
        "dossier": dossier.code,
        "product": dossier.product_name,
        "product_set": dossier.product_set,
        "columns": columns,
        "criteria": _rows(tree, columns),
        "result": _result(dossier),
    }


def _before(earlier: list[Json], column: Json) -> Json | None:
    """What a column moved away from: the same voice's newest sheet, else what the entity gave itself."""
    own = [each for each in earlier if (each["source"], each["who"]) == (column["source"], column["who"])]
    return own[-1] if own else next((each for each in earlier if each["source"] == "entity"), None)


def _assessed(dossier: Dossier) -> list[Json]:
    return [
        _column(each.source, each.source, None, 1, each.parts, each.points, each.seq) for each in dossier.assessments
    ]


def _scored(uow: UnitOfWork, dossier: Dossier) -> list[Json]:
    names: dict[str, Council] = {}
    for each in dossier.scores:
        if each.sitting not in names:
            names[each.sitting] = find_sitting(uow, each.sitting)[0]
    return [
        _column(
            "member",
            name_of(names[each.sitting], each.member),
            each.sitting,
            each.turn,
            each.parts,
            each.points,
            each.seq,
        )
        for each in dossier.scores
    ]


def _column(
    source: str, who: str, sitting: str | None, turn: int, parts: tuple[Fraction, ...], points: Json, seq: int
) -> Json:
    return {
        "source": source,
        "who": who,
        "sitting": sitting,
        "turn": turn,
        "total": exact(sum(parts, Fraction(0))),
        "parts": [exact(value) for value in parts],
        "points": dict(points),
        "seq": seq,
    }


def _rows(tree: CriteriaSet | None, columns: list[Json]) -> list[Json]:
    """One row per criterion that anyone gave points; ``spread`` is the widest difference between two of them."""
    if tree is None:
        return []
    found = []
    for leaf in tree.leaves:
        given = [column["points"].get(leaf.code) for column in columns]
        numbers = [rating.parse_exact(value) for value in given if value is not None]
        if numbers:
            found.append(
                {
                    "criterion": leaf.code,
                    "name": leaf.name,
                    "maximum": leaf.maximum,
                    "points": given,
                    "spread": exact(max(numbers) - min(numbers)),
                }
            )
    return found


def _result(dossier: Dossier) -> Json | None:
    result = dossier.result
    if result is None:
        return None
    return {
        "sitting": result.sitting,
        "mean_total": exact(result.mean_total),
        "mean_decimal": mean_decimal(result.mean_total),
        "stars": result.stars,
        "stars_by_total": result.stars_by_total,
    }
