"""Fields of papers about a sitting: minutes, score summary, submission."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from ocop_flow.errors import reason
from ocop_flow.papers import words
from ocop_flow.papers.dossier import limiting
from ocop_flow.papers.kinds import practice
from ocop_flow.papers.subject import Subject
from ocop_flow.papers.words import BLANK, said
from ocop_flow.service.desk import unit_on
from ocop_flow.service.minutes import minutes

if TYPE_CHECKING:
    from ocop_flow.ports import UnitOfWork
    from ocop_flow.service.office import Office

Json = dict[str, Any]
_MANNERS = {"meeting": "họp trực tiếp", "written": "lấy ý kiến bằng văn bản"}


def fields(uow: UnitOfWork, office: Office, typed: str) -> Subject:
    found = minutes(uow, typed)
    held_on = date.fromisoformat(found["on"])
    regimes = {known.regime for each in found["dossiers"] if (known := uow.dossier(each["dossier"])) is not None}
    regime = regimes.pop() if len(regimes) == 1 else None
    unit = unit_on(uow, found["council"]["unit"]["code"], held_on)
    scorers = list(dict.fromkeys(name for each in found["dossiers"] for name in _last_turn(each)))
    rows = [_row(number, each, scorers) for number, each in enumerate(found["dossiers"], start=1)]
    stars = [each["stars"] if each["closed"] else None for each in found["dossiers"]]
    passed = [row for row, each in zip(rows, found["dossiers"], strict=True) if _passed(uow, each)]
    closed = [each["closed"] for each in found["dossiers"]]
    failed = [row for row, shut in zip(rows, closed, strict=True) if shut and row not in passed]
    told = {
        "sitting": found["sitting"],
        "held_on": words.long_day(held_on),
        "manner": _MANNERS[found["manner"]],
        "written": found["manner"] == "written",
        "council": words.council_of(unit),
        "council_decision": found["council"]["decision"],
        "round": str(found["council"]["round"]),
        "cycle": str(found["council"]["year"]),
        "regime": ", ".join(dict.fromkeys(_law(uow, each) for each in found["dossiers"])),
        "chair": found["chair"] or BLANK,
        "secretary": found["secretary"] or BLANK,
        "authority": words.decider(unit, practice(regime)),
        "quorum": _quorum(found["quorum"]),
        "present": _seats(found["present"]),
        "absent": _seats(found["absent"]),
        "present_count": str(len(found["present"])),
        "absent_count": str(len(found["absent"])),
        "members": [{"number": str(number), "name": name} for number, name in enumerate(scorers, start=1)],
        "interests": found["interests"],
        "unscored": _unscored(found["dossiers"]),
        "concluded": any(closed),
        "finished": str(closed.count(True)),
        "dossiers": rows,
        "passed": _renumbered(passed),
        "failed": _renumbered(failed),
        "total": str(len(rows)),
        **{name: str(stars.count(star)) for name, star in (("five", 5), ("four", 4), ("three", 3))},
        "lower": str(len(failed)),
        "unfinished": str(len(found["open"])) if found["open"] else "",
    }
    open_ = {} if any(closed) else {"concluded": reason("paper_not_concluded", sitting=found["sitting"])}
    return Subject(unit, told, regime=regime, against=open_)


def _unscored(dossiers: list[Json]) -> list[Json]:
    """Members present who gave no sheet, each with the dossiers of which theirs is missing."""
    missing: dict[str, list[str]] = {}
    for each in dossiers:
        for name in each["unscored"]:
            missing.setdefault(name, []).append(each["dossier"])
    return [{"name": name, "dossiers": ", ".join(codes)} for name, codes in missing.items()]


def _passed(uow: UnitOfWork, each: Json) -> bool:
    """Whether the sitting closed with stars that the law of the dossier recognises."""
    dossier = uow.dossier(each["dossier"])
    if dossier is None or not each["closed"] or each["stars"] is None:
        return False
    return uow.law(dossier.workflow_hash).regime.certifies(each["stars"])


def _law(uow: UnitOfWork, each: Json) -> str:
    dossier = uow.dossier(each["dossier"])
    return words.law(uow.law(dossier.workflow_hash).regime.decision) if dossier else each["regime"]


def _last_turn(each: Json) -> dict[str, str]:
    """Member -> total of the turn that counts."""
    turns = each["turns"]
    return {sheet["name"]: sheet["total"] for sheet in turns[-1]["sheets"]} if turns else {}


def _row(number: int, each: Json, scorers: list[str]) -> Json:
    totals = _last_turn(each)
    own = next((item["total"] for item in each["assessments"] if item["source"] == "entity"), "")
    return {
        "number": str(number),
        "code": each["dossier"],
        "product": each["product"],
        "entity": each["entity"],
        "commune": each["commune"],
        "kind": said(each["kind"]),
        "totals": [{"total": totals.get(name, "–")} for name in scorers],
        "own": own,
        "mean": (each["mean_decimal"] or BLANK).replace(".", ","),
        "stars": str(each["stars"]) if each["stars"] is not None else "–",
        "note": _note(each),
    }


def _note(each: Json) -> str:
    """Why a dossier has not the stars that its total gives, and what else the members must see."""
    if not each["closed"]:
        return "chưa có kết quả"
    notes = [f"Điểm đạt {each['stars_by_total']} sao"] if each["stars"] != each["stars_by_total"] else []
    return "; ".join([*notes, *limiting(each)])


def _seats(seats: list[Json]) -> list[Json]:
    return [seat(number, each) for number, each in enumerate(seats, start=1)]


def seat(number: int, each: Json) -> Json:
    """A seat of a council with the post it belongs to, or the authorisation by which somebody sat there."""
    post = each.get("post") or ""
    if each.get("stands_for"):
        post = f"{post} (ủy quyền số {each['decision']})".strip() if each.get("decision") else post
    return {"number": str(number), "name": each["name"], "post": post, "role": _capital(said(each["role"]))}


def _capital(role: str) -> str:
    return role[:1].upper() + role[1:]


def _quorum(found: Json) -> str:
    if found["required"] is None:
        return ""
    met = "đủ" if found["met"] else "CHƯA đủ"
    return f"Quy chế cần {found['required']} trên {found['members']} thành viên: {met} điều kiện họp."


def _renumbered(rows: list[Json]) -> list[Json]:
    return [{**row, "number": str(number)} for number, row in enumerate(rows, start=1)]
