"""The people of the demo: posts as an office fills them, names as numbered placeholders."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from ocop_flow.demo.desk import Desk, Line
from ocop_flow.domain.units import Unit
from ocop_flow.service import councils, people
from ocop_flow.service.office import Json

ADMIN = "admin"
#: How the handles of a tier begin.
_PREFIX = {"commune": "xa", "district": "huyen", "province": "tinh", "central": "bo"}
_TITLE = {"commune": "xã", "district": "huyện", "province": "tỉnh", "central": "Bộ"}
#: Handle ending, name, role: who works in every office of these tiers.
_STAFF = {
    "commune": (("canbo", "Cán bộ", "officer"),),
    "district": (
        ("canbo", "Cán bộ", "officer"),
        ("lanhdao", "Lãnh đạo", "leader"),
        ("totuvan", "Tổ tư vấn", "advisory_team"),
        ("thuky", "Thư ký Hội đồng", "council_secretary"),
    ),
}
_STAFF["province"] = _STAFF["central"] = _STAFF["district"]
#: Scoring seats of a council, by tier.
_SEATS = {"district": 3, "province": 5, "central": 5}
#: Addresses that lead nowhere (RFC 2606).
_MAIL = "{}@ocop.example"
#: Posts are older than the year.
_SINCE = date(2020, 1, 2)
_APPOINTMENT = "01/QĐ-UBND"


def handle(unit: Unit, post: str) -> str:
    """Who holds a post of a unit, e.g. ``huyen-366-canbo``."""
    return f"{_PREFIX[unit.tier]}-{unit.code}-{post}"


def members(unit: Unit) -> tuple[str, ...]:
    """The scoring members of a unit's council, its chair first."""
    return tuple(handle(unit, f"hd{number}") for number in range(1, _SEATS[unit.tier] + 1))


def enrol(desk: Desk, units: Iterable[Unit], since: date = _SINCE) -> int:
    """Every person of these units and their posts, held since a day; how many persons."""
    lines = [line for unit in units for line in _enrolment(unit, since)]
    desk.batch(lines)
    return sum(line.service is people.add for line in lines)


def _enrolment(unit: Unit, since: date) -> Iterator[Line]:
    where = f"{_TITLE[unit.tier]} {unit.code}" if unit.tier != "central" else _TITLE[unit.tier]
    for post, title, role in _STAFF[unit.tier]:
        who = handle(unit, post)
        yield Line(ADMIN, people.add, people.AddPerson(who, f"{title} {where} (giả định)", _MAIL.format(who)))
        yield Line(ADMIN, people.appoint, people.Appoint(who, unit.code, role, _APPOINTMENT, since=since))
    for number in range(1, _SEATS.get(unit.tier, 0) + 1):
        name = f"Thành viên Hội đồng {where} số {number:02d} (giả định)"
        yield Line(ADMIN, people.add, people.AddPerson(handle(unit, f"hd{number}"), name, can_login=False))


def found_council(desk: Desk, unit: Unit, decision: str, round_: int, year: int) -> str:
    """A council with its members seated by the unit's officer; its code."""
    officer = handle(unit, "canbo")
    made: Json = desk.do(officer, councils.create, councils.Create(unit.code, decision, round_, year))
    code = str(made["code"])
    chair, *others = members(unit)
    seats = [(chair, "council_chair"), *((each, "council_member") for each in others)]
    seats.append((handle(unit, "thuky"), "council_secretary"))
    desk.batch(Line(officer, councils.seat, councils.SeatMember(code, who, role)) for who, role in seats)
    return code
