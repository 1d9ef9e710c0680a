"""What duties are called: limits and papers as the law of their dossier names them, milestones as their plan does."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from ocop_flow.errors import Text
from ocop_flow.service.numbers import chunks

if TYPE_CHECKING:
    from ocop_flow.ports import UnitOfWork

Json = dict[str, Any]


def names(uow: UnitOfWork, duties: Iterable[Json]) -> dict[str, Text]:
    """Duty -> its name, of those that a law or a plan names; the others are called by their kind alone.

    duties  rows of ``deadline_view.listed``; only their laws and plans are read
    """
    listed = list(duties)
    laws = _laws(uow, sorted({each["subject"] for each in listed if each["subject_kind"] in _OF_LAW}))
    titles = _titles(uow, sorted({each["subject"] for each in listed if each["subject_kind"] == "milestone"}))
    found = ((each["id"], _name(each, laws, titles)) for each in listed)
    return {identifier: name for identifier, name in found if name is not None}


#: Kind of subject -> (part of the law's document that names its duties, what of the duty is looked up there).
_OF_LAW = {"dossier": ("limits", "kind"), "evidence": ("evidence", "source")}


def _name(duty: Json, laws: Mapping[str, Json], titles: Mapping[str, Text]) -> Text | None:
    if duty["subject_kind"] not in _OF_LAW:
        return titles.get(duty["subject"])
    part, key = _OF_LAW[duty["subject_kind"]]
    rows = laws.get(duty["subject"], {}).get(part, ())
    label = next((row.get("label") for row in rows if row["id"] == duty.get(key)), None)
    return Text(**label) if label else None


def _laws(uow: UnitOfWork, dossiers: list[str]) -> dict[str, Json]:
    """Dossier -> the document of the law that it is under."""
    hashes: dict[str, str] = {}
    for holders, params in chunks(dossiers):
        rows = uow.query(f"SELECT code, fold FROM dossier WHERE code IN ({holders})", **params)
        hashes |= {row["code"]: json.loads(row["fold"])["workflow_hash"] for row in rows}
    documents = {digest: uow.document(digest) or {} for digest in set(hashes.values())}
    return {code: documents[digest] for code, digest in hashes.items()}


def _titles(uow: UnitOfWork, subjects: list[str]) -> dict[str, Text]:
    """Milestone -> its title."""
    from ocop_flow.domain.plan_record import replay_plan

    plans: set[str] = set()
    for holders, params in chunks(subjects):
        rows = uow.query(
            f"SELECT DISTINCT plan FROM deadline WHERE subject_kind = 'milestone' AND subject IN ({holders})", **params
        )
        plans |= {row["plan"] for row in rows}
    records = {plan: replay_plan(uow.events("plan", plan)) for plan in plans}
    return {
        f"{plan}:{each['id']}": Text(each["title"], each["title"])
        for plan, record in records.items()
        for each in (record.document["milestones"] if record else ())
    }
