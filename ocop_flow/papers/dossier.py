"""Fields of papers about one dossier."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ocop_flow.errors import Reason, reason
from ocop_flow.papers import words
from ocop_flow.papers.subject import Subject
from ocop_flow.papers.words import BLANK, said, short_day
from ocop_flow.service import dossier_paper

if TYPE_CHECKING:
    from ocop_flow.ports import UnitOfWork
    from ocop_flow.service.office import Office

Json = dict[str, Any]
_BOXES = {True: "☒", False: "☐"}


def fields(uow: UnitOfWork, office: Office, typed: str) -> Subject:
    return _subject(uow, office, dossier_paper.facts(uow, office, typed))


def at_intake(uow: UnitOfWork, office: Office, typed: str) -> Subject:
    """The dossier as the desk that received it had it: what a receipt acknowledges."""
    return _subject(uow, office, dossier_paper.facts(uow, office, typed, at_intake=True))


def _subject(uow: UnitOfWork, office: Office, found: Json) -> Subject:
    commune, province = found["commune_unit"], found["province_unit"]
    above, receiving = province or commune, found["receiving_unit"]
    holder = found["holder"]
    result = found["result"] or {"mean": BLANK, "stars": BLANK, "stars_by_total": None, "missed": []}
    decided, returned, evidence = found["decided_by"], found["returned"], found["evidence"]
    told = {
        "code": found["code"],
        "product": found["product"],
        "product_set": words.text(found["product_set_name"]),
        "entity": found["entity"],
        "entity_kind": said(found["entity_kind"]),
        "commune": words.lowered(found["commune"]["name"]),
        "province": words.lowered(above.name),
        "commune_office": words.committee(commune),
        "province_office": words.committee(above),
        "receiving_office": words.committee(receiving),
        "report_office": words.committee(above if receiving == commune else receiving),
        "regime": words.law(found["decision_of_law"]),
        "kind": said(found["kind"]),
        **{f"{name}_box": _BOXES[found["kind"] == name] for name in ("first", "upgrade", "re_rating")},
        "previous": found["previous"] or "không",
        "received_on": short_day(found["received_on"]),
        "receipt_area": f"{above.code}-{commune.code}-{found['received_on'][:4]}",
        "state": words.text(found["state_label"]),
        "holder": holder["name"] if holder else BLANK,
        "due": short_day(found["due_on"]),
        "step_due": short_day(found["step_due_on"]),
        "samples": str(sum(row["have"] for row in evidence if row["kind"] == "sample")),
        "evidence": _numbered(row for row in evidence if row["required"]),
        "missing": _numbered(found["missing"]),
        "handed": _numbered(row for row in evidence if row["have"]),
        "criteria": [_criterion(row) for row in found["criteria"]],
        "self_total": found["self_total"] or "",
        "topics": [_topic(number, row) for number, row in enumerate(found["topics"], start=1)],
        "return_reason": returned["reason"] or BLANK,
        "returned_on": short_day(returned["on"]),
        "supplement_by": short_day(returned["due_on"]),
        "mean": result["mean"].replace(".", ","),
        "stars": str(result["stars"] if result["stars"] is not None else BLANK),
        "scored": found["result"] is not None,
        "verdict": _verdict(result["stars"]),
        "refusal": found["refusal"] or "",
        "rated_again": found["rated_again"] or "",
        "result_reasons": [{"text": each} for each in limiting(result)],
        "decision": f"{decided['number']} ngày {short_day(decided['date'])}" if decided else BLANK,
    }
    tier = found["held_tier"]
    own = uow.tree([commune.code]).reach(commune, tier, office.today) if tier else None
    return Subject(above, told, commune, own, found["regime"], receiver=receiving, against=_against(found))


def _against(found: Json) -> dict[str, Reason]:
    """Conditions of papers that do not hold for the dossier (``only`` in the table of kinds)."""
    code = found["code"]
    unmet = {
        "filed": None if found["filed"] else reason("paper_not_filed", dossier=code),
        "held": None if _any_held(found) else reason("paper_nothing_held", dossier=code),
        "returned": None if found["with_entity"] else reason("paper_not_returned", dossier=code),
        "failed": None if found["failed"] else reason("paper_not_failed", dossier=code, state=found["state_label"]),
    }
    return {name: why for name, why in unmet.items() if why is not None}


def _any_held(found: Json) -> bool:
    return any(row["have"] for row in found["evidence"])


def _verdict(stars: int | str | None) -> str:
    """What a result means that did not lead to a recognition."""
    if stars is None:
        return "không được xếp hạng; chưa đủ điều kiện công nhận từ ba sao trở lên"
    below = isinstance(stars, int) and stars < 3
    return f"hạng {stars} sao; " + (
        "chưa đủ điều kiện công nhận từ ba sao trở lên" if below else "không được công nhận"
    )


def limiting(result: Json) -> list[str]:
    """The minima that keep a product below the stars of its total; those of higher stars do not matter to it."""
    stars, by_total = result["stars"], result["stars_by_total"]
    if stars is None or by_total is None or stars >= by_total:
        return []
    return [_missed(item) for item in result["missed"] if item["star"] <= by_total]


def _missed(item: Json) -> str:
    reached = str(item["reached"]).replace(".", ",")
    return f"Tiêu chí {item['criterion']}: cần {item['needed']}, đạt {reached} (hạng {item['star']} sao)"


def _numbered(rows: Any) -> list[Json]:
    return [
        {
            "number": str(number),
            "name": words.text(row["label"]),
            "required": str(row["required"]),
            "have": str(row["have"]),
            "lacking": str(row["lacking"] or "-"),
            "note": f"còn thiếu {row['lacking']}" if row["lacking"] else "",
        }
        for number, row in enumerate(rows, start=1)
    ]


def _criterion(row: Json) -> Json:
    heading = row["name"] is None
    return {
        "code": row["code"],
        "name": f"PHẦN {row['code']}" if heading else words.text(row["name"]),
        "maximum": str(row["maximum"]),
        "points": str(row["points"]) if row["points"] is not None else "",
        "heading": heading,
    }


def _topic(number: int, row: Json) -> Json:
    answer = row["answer"]
    shown = {"true": "Có", "false": "Không", True: "Có", False: "Không"}.get(answer, answer)
    return {"number": str(number), "name": words.text(row["label"]), "answer": shown or BLANK}
