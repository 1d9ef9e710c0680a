"""Vietnamese of official papers: days, offices, signature blocks."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from ocop_flow.domain.units import CENTRAL
from ocop_flow.i18n import word
from ocop_flow.papers.kinds import PRESENT

if TYPE_CHECKING:
    from ocop_flow.domain.units import Unit
    from ocop_flow.papers.kinds import Practice

#: Left for the pen.
BLANK = "……………"
_COMMITTEE = "Ủy ban nhân dân"
#: An evaluation council at the head of its papers.
COUNCIL_HEAD = "HỘI ĐỒNG ĐÁNH GIÁ,\nPHÂN HẠNG SẢN PHẨM OCOP"
#: What stands below the post where no seal follows.
NOTES = {"entity": "(Ký, ghi rõ họ tên, đóng dấu nếu có)", "officer": "(Ký, ghi rõ họ tên)"}
STARS = {1: "một", 2: "hai", 3: "ba", 4: "bốn", 5: "năm"}


def said(code: str | None) -> str:
    """A code of the contract in words."""
    return word(code, "vi") if code else ""


def short_day(day: str | date | None) -> str:
    """05/6/2026, as papers write it: nought before a one-figure day, and before January and February."""
    if day is None:
        return BLANK
    found = date.fromisoformat(day) if isinstance(day, str) else day
    month = f"{found.month:02}" if found.month < 3 else str(found.month)
    return f"{found.day:02}/{month}/{found.year}"


def long_day(day: date) -> str:
    """ngày 05 tháng 6 năm 2026 (Decree 30/2020 annex I)."""
    figures = short_day(day).split("/")
    return f"ngày {figures[0]} tháng {figures[1]} năm {figures[2]}"


def lowered(name: str) -> str:
    """A unit's name within a sentence or an address: tỉnh Hưng Yên (Decree 30/2020 annex II)."""
    return name[0].lower() + name[1:]


def bare(unit: Unit) -> str:
    """The name without its kind: Hưng Yên; a city under the centre keeps it."""
    if unit.code == CENTRAL.code:
        return "Hà Nội"
    kind, _, rest = unit.name.partition(" ")
    for start in ("Thành phố ", "Thị xã ", "Thị trấn ", "Đặc khu "):
        if unit.name.startswith(start):
            rest = unit.name if unit.tier == "province" else unit.name.removeprefix(start)
    return rest or kind


def committee(unit: Unit, practice: Practice = PRESENT) -> str:
    """Ủy ban nhân dân tỉnh Hưng Yên; the Ministry for the centre, whose unit here has the name of its tier."""
    return practice.ministry if unit.code == CENTRAL.code else f"{_COMMITTEE} {lowered(unit.name)}"


def headed(name: str) -> str:
    """A committee's name at the head of a paper: in capitals, its place on a line of its own."""
    return name.upper().replace(f"{_COMMITTEE.upper()} ", f"{_COMMITTEE.upper()}\n")


def decider(unit: Unit, practice: Practice = PRESENT) -> str:
    """Who decides for a unit: the committee or its Chair, as the regime has it; the Minister for the centre."""
    if unit.code == CENTRAL.code:
        return f"Bộ trưởng {practice.ministry}"
    return f"Chủ tịch {committee(unit)}" if practice.by_chair else committee(unit)


def symbol(unit: Unit) -> str:
    return "BNNMT" if unit.code == CENTRAL.code else "UBND"


def council_of(unit: Unit) -> str:
    """The evaluation council of a unit."""
    if unit.code == CENTRAL.code:
        return "Hội đồng đánh giá, phân hạng sản phẩm OCOP cấp trung ương"
    return f"Hội đồng đánh giá, phân hạng sản phẩm OCOP {lowered(unit.name)}"


def signature(unit: Unit, sign: str, capacity: str | None) -> list[str]:
    """The lines above the signature: who signs, and in which capacity (Decree 30/2020 annex I).

    sign      chair, committee, council, officer, entity: whose block it is
    capacity  TM, KT, TL, TUQ, Q, or None for the usual one
    """
    if sign == "entity":
        return ["ĐẠI DIỆN CHỦ THỂ"]
    if sign == "officer":
        return ["NGƯỜI TIẾP NHẬN"]
    central = unit.code == CENTRAL.code
    chair, deputy = ("BỘ TRƯỞNG", "THỨ TRƯỞNG") if central else ("CHỦ TỊCH", "PHÓ CHỦ TỊCH")
    body = {"council": ["TM. HỘI ĐỒNG"], "committee": [] if central else ["TM. ỦY BAN NHÂN DÂN"]}.get(sign, [])
    if sign == "council":
        chair, deputy = "CHỦ TỊCH HỘI ĐỒNG", "PHÓ CHỦ TỊCH HỘI ĐỒNG"
    return {
        "TM": [*(body or ([] if central else ["TM. ỦY BAN NHÂN DÂN"])), chair],
        "KT": [*body, f"KT. {chair}", deputy],
        "TL": [f"TL. {chair}", BLANK],
        "TUQ": [f"TUQ. {chair}", BLANK],
        "Q": [*body, f"Q. {chair}"],
    }.get(capacity or "", [*body, chair])


def law(decision: str) -> str:
    """A decision as papers cite it."""
    return f"Quyết định {decision}"


def text(label: Any) -> str:
    """A two-language text in Vietnamese."""
    return str(label.vi if hasattr(label, "vi") else label)
