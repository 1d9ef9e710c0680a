"""A sample of dossiers for an audit, drawn so that anyone with the seed draws the same."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from ocop_flow.errors import InputInvalid, reason

if TYPE_CHECKING:
    from ocop_flow.ports import UnitOfWork

Json = dict[str, Any]
#: What dossiers can be grouped by.
KEYS = ("stars", "commune", "state", "phase", "regime", "plan")


def draw(uow: UnitOfWork, count: int, by: tuple[str, ...], seed: str) -> list[Json]:
    """``count`` dossiers, spread over the groups that ``by`` makes as evenly as these are large.

    A group's share is proportional, at least one while there are enough; within a group and among equal remainders
    the order of SHA-256(seed, code) decides.
    raises  InputInvalid for a key that is none
    """
    unknown = [key for key in by if key not in KEYS]
    if unknown:
        raise InputInvalid(*(reason("sample_key_unknown", key=key, known=", ".join(KEYS)) for key in unknown))
    stars = {row["dossier"]: row["stars"] for row in uow.rows("certificate")}
    groups: dict[tuple[str, ...], list[Json]] = defaultdict(list)
    for row in uow.query("SELECT code, commune, state, phase, regime, plan FROM dossier ORDER BY code"):
        facts = {**row, "stars": stars.get(row["code"])}
        groups[tuple(str(facts[key]) for key in by)].append({"dossier": row["code"], **{key: facts[key] for key in by}})
    for members in groups.values():
        members.sort(key=lambda item: _rank(seed, item["dossier"]))
    shares = _shares({key: len(members) for key, members in groups.items()}, count, seed)
    return sorted((item for key, share in shares.items() for item in groups[key][:share]), key=lambda i: i["dossier"])


def _shares(sizes: dict[tuple[str, ...], int], count: int, seed: str) -> dict[tuple[str, ...], int]:
    """How many of each group: one by one to the group that is furthest below its share, empty ones first."""
    total = sum(sizes.values())
    shares = dict.fromkeys(sizes, 0)
    for _ in range(min(count, total)):
        open_groups = [key for key in sizes if shares[key] < sizes[key]]
        chosen = min(
            open_groups,
            key=lambda key: (shares[key] > 0, shares[key] * total - count * sizes[key], _rank(seed, "|".join(key))),
        )
        shares[chosen] += 1
    return shares


def _rank(seed: str, text: str) -> str:
    return hashlib.sha256(f"{seed}\n{text}".encode()).hexdigest()
