"""Fields of the page on which a leader sees the round: whose desk, days left, missing papers, what can make it."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import TYPE_CHECKING, Any

from ocop_flow.cited import cited
from ocop_flow.papers import words
from ocop_flow.papers.subject import Subject
from ocop_flow.papers.words import short_day
from ocop_flow.service import round_paper
from ocop_flow.service.desk import unit_on

if TYPE_CHECKING:
    from ocop_flow.ports import UnitOfWork
    from ocop_flow.service.office import Office

Json = dict[str, Any]
#: Dossiers named on the page; the rest stands in the table of desks.
MOST = 11
#: A leader's first question: what can still make it, what cannot.
READY, ABLE, HARD = "KỊP", "CÒN KỊP", "KHÓ KỊP"


def fields(uow: UnitOfWork, office: Office, code: str) -> Subject:
    found = round_paper.page(uow, office, code)
    unit, on = unit_on(uow, code, office.today), office.today
    lines = [{**line, "verdict": _verdict(line)} for line in found["lines"]]
    urgent = _urgent(lines)
    places = Counter(line["place"] for line in lines)
    verdicts = Counter(line["verdict"].partition(":")[0] for line in lines if line["place"] == "below")
    told = {
        "area": unit.name.upper(),
        "round": str(found["round"]),
        "cycle": str(found["year"]),
        "intake": short_day(found["intake"]),
        "finish": short_day(found["finish"]),
        "intake_left": str((date.fromisoformat(found["intake"]) - on).days),
        "finish_left": str((date.fromisoformat(found["finish"]) - on).days),
        "source": cited(found["source"], "vi"),
        "total": str(len(lines)),
        "decided": str(places["decided"]),
        "rated": str(places["rated"]),
        "inside": str(places["inside"] + places["re_rating"]),
        "able": str(verdicts[READY] + verdicts[ABLE]),
        "missed": str(verdicts[HARD]),
        "desks": _desks(lines),
        "lines": [_row(number, line) for number, line in enumerate(urgent[:MOST], start=1)],
        "more": _more(len(urgent) - MOST),
    }
    return Subject(unit, told)


def _verdict(line: Json) -> str:
    """Whether a dossier makes the cut-off of the round, by where it lies and what it lacks."""
    if line["place"] == "re_rating":
        return "Đánh giá lại: không theo đợt"
    if line["place"] != "below":
        return "Đã vào đợt"
    if not line["filed"]:
        return f"{HARD}: chưa nộp hồ sơ"
    if line["with_entity"]:
        return f"{ABLE}: nếu chủ thể bổ sung, xã gửi ngay"
    if line["needs"]:
        return f"{ABLE}: nếu chủ thể nộp đủ ngay"
    return f"{READY}: đủ giấy tờ, xã chỉ còn ký gửi"


def _desk(line: Json) -> str:
    holder = line["holder"]["name"] if line["holder"] else "–"
    return f"Chủ thể ({holder} đã trả lại)" if line["with_entity"] else holder


def _table(line: Json) -> str:
    """The desk in the table of desks, where all that entities have to bring stands in one line."""
    return "Chủ thể (đang bổ sung)" if line["with_entity"] else _desk(line)


def _desks(lines: list[Json]) -> list[Json]:
    """One row for each desk that has work, the most dossiers first."""
    working = [line for line in lines if line["place"] in ("below", "inside", "re_rating", "rated")]
    counted = Counter(_table(line) for line in working)
    found = []
    for name, total in sorted(counted.items(), key=lambda item: (-item[1], item[0])):
        own = [line for line in working if _table(line) == name]
        able = sum(line["verdict"].startswith((READY, ABLE)) for line in own if line["place"] == "below")
        lacking = sum(bool(line["needs"]) for line in own)
        steps = Counter(words.text(line["state_label"]) for line in own)
        note = "; ".join(f"{step} ({number})" for step, number in steps.most_common(3))
        below = any(line["place"] == "below" for line in own)
        row = {"name": name, "total": str(total), "able": str(able) if below else "–", "lacking": str(lacking)}
        found.append({**row, "note": note})
    return found


def _urgent(lines: list[Json]) -> list[Json]:
    """Dossiers still to be handed up first, then those that lack something or are late; nearest duty first."""
    wanted = [line for line in lines if line["place"] == "below"]
    wanted += [
        line
        for line in lines
        if line["place"] in ("inside", "re_rating")
        and (line["needs"] or line["with_entity"] or (line["days_left"] or 0) < 0)
    ]
    return sorted(wanted, key=lambda line: (line["place"] != "below", line["due_on"] or "9999", line["code"]))


def _more(number: int) -> str:
    return f"… và {number} hồ sơ khác" if number > 0 else ""


def _row(number: int, line: Json) -> Json:
    needs = [_need(need) for need in line["needs"]]
    return {
        "number": str(number),
        "code": line["code"],
        "product": line["product"],
        "entity": line["entity"],
        "desk": _desk(line),
        "state": words.text(line["state_label"]),
        "days": str(line["days"]),
        "due": short_day(line["due_on"]) if line["due_on"] else "–",
        "days_left": str(line["days_left"]) if line["days_left"] is not None else "–",
        "missing": _missing(needs if line["filed"] else [], line["why"]),
        "verdict": line["verdict"],
    }


def _missing(needs: list[str], why: str | None) -> str:
    if needs:
        return f"Thiếu: {'; '.join(needs)}"
    return f"Lý do trả: {why}" if why else ""


def _need(need: Json) -> str:
    label = words.text(need["label"])
    return f"{label} ({need['lacking']} bản)" if need["lacking"] > 1 else label
