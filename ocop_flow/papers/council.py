"""Fields of the letter with a list, and of the invitation to a sitting."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ocop_flow.papers import words
from ocop_flow.papers.kinds import practice
from ocop_flow.papers.sitting import seat
from ocop_flow.papers.subject import Subject
from ocop_flow.papers.words import BLANK, said
from ocop_flow.service import sending_paper

if TYPE_CHECKING:
    from ocop_flow.ports import UnitOfWork
    from ocop_flow.service.office import Office

Json = dict[str, Any]


def sending(uow: UnitOfWork, office: Office, code: str) -> Subject:
    found = sending_paper.sending(uow, office, code)
    lines = [
        {**_row(number, row), "samples": str(row["samples"]), "note": _lacking(row["needs"])}
        | {"product_set": words.text(row["product_set"])}
        for number, row in enumerate(found["lines"], start=1)
    ]
    told = {
        "to_office": words.committee(found["to"], practice(found["regime"])) if found["to"] else BLANK,
        "regime": words.law(found["decision"]) if found["decision"] else BLANK,
        "lines": lines,
        "total": str(len(lines)),
    }
    return Subject(found["unit"], told, regime=found["regime"])


def invitation(uow: UnitOfWork, office: Office, typed: str) -> Subject:
    found = sending_paper.waiting(uow, office, typed)
    council = found["council"]
    seats = [
        {"name": each.name, "post": each.post, "role": each.role, "stands_for": None, "decision": each.decision}
        for each in council.seats
    ]
    chair = next((each.name for each in council.seats if each.role == "council_chair"), BLANK)
    told = {
        "council": words.council_of(found["unit"]),
        "council_decision": council.decision,
        "round": str(council.round),
        "cycle": str(council.year),
        "chair": chair,
        "seats": [seat(number, each) for number, each in enumerate(seats, start=1)],
        "dossiers": [_row(number, row) for number, row in enumerate(found["lines"], start=1)],
        "total": str(len(found["lines"])),
    }
    return Subject(found["unit"], told)


def _row(number: int, row: Json) -> Json:
    plain = {name: row[name] for name in ("code", "product", "entity", "commune")}
    return {"number": str(number), **plain, "kind": said(row["kind"])}


def _lacking(needs: list[Json]) -> str:
    return "; ".join(f"thiếu {words.text(need['label'])}" for need in needs)
