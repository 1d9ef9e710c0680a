"""Records beside the state as they are shown and listed, with the words of their kinds."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ocop_flow.domain import beside, beside_kinds
from ocop_flow.domain.beside import Beside
from ocop_flow.domain.beside_kinds import Fact, Group
from ocop_flow.service.beside_subject import named
from ocop_flow.service.communes import communes_below

if TYPE_CHECKING:
    from ocop_flow.ports import Row, UnitOfWork


Json = dict[str, Any]
Groups = Mapping[str, Group]


def everywhere(uow: UnitOfWork, groups: Groups) -> Groups:
    """The groups with the own kinds of every province, for reading what was recorded."""
    for row in uow.rows("law"):
        adopted = (uow.document(row["hash"]) or {}).get("adopted", {}) if row["province"] else {}
        if adopted.get("beside"):
            groups = beside_kinds.with_own(groups, adopted["beside"], adopted["decision"])
    return groups


def listed(
    uow: UnitOfWork, groups: Groups, group: str, subject: str | None = None, unit: str | None = None
) -> list[Json]:
    """Records of a group in order of their day: of one dossier or certificate, or below a unit, or all."""
    if subject is not None:
        kind, code, _, _ = named(uow, subject)
        rows = uow.rows("beside", subject_kind=kind, subject=code)
    else:
        rows = uow.rows("beside")
    below = communes_below(uow, unit) if unit and unit != "central" else None
    kept = [row for row in rows if row["topic"] == group and (below is None or row["commune"] in below)]
    kept.sort(key=lambda row: (row["done_on"], row["id"]))
    groups = everywhere(uow, groups)
    return [_row_view(uow, groups, row) for row in kept]


def _row_view(uow: UnitOfWork, groups: Groups, row: Row) -> Json:
    margin = beside.from_json({"records": [json.loads(row["body"])], "disputed": None})
    due = uow.rows("deadline", id=row["deadline"]) if row["deadline"] else []
    return shown(uow, groups, row["subject_kind"], row["subject"], margin.records[0], due[0]["due_on"] if due else None)


def shown(uow: UnitOfWork, groups: Groups, kind: str, subject: str, record: Beside, due: str | None) -> Json:
    """A record with its words; personal data as far as it was not withheld."""
    group = groups[record.group]
    law = uow.law_on(record.on, None) if "concludes" in record.facts else None
    causes = law.regime.revocation.causes if law and law.regime.revocation else ()
    label = next((each.label for each in group.kinds if each.id == record.kind), record.kind)
    return {
        "id": record.id,
        "subject_kind": kind,
        "subject": subject,
        "group": record.group,
        "kind": record.kind,
        "kind_label": label,
        "on": record.on.isoformat(),
        "facts": {name: _open(uow, group.facts, name, value) for name, value in record.facts.items()},
        "cause_label": next((each.label for each in causes if each.id == record.facts["concludes"]), None),
        "file": (uow.unseal(record.file) or {}).get("name") if record.file else None,
        "due_on": due,
        "settled_on": record.settled_on.isoformat() if record.settled_on else None,
        "answer": {k: v for k, v in record.answer.items() if k != "file"} if record.answer else None,
    }


def _open(uow: UnitOfWork, facts: tuple[Fact, ...], name: str, value: str) -> Any:
    return uow.unseal(value) if fact_type(facts, name) == "personal" else value


def fact_type(facts: tuple[Fact, ...], name: str) -> str:
    return next(fact.type for fact in facts if fact.name == name)
