"""Officials, mailboxes and councils of the nation."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from benchmarks.nation.desk import TimedDesk
from benchmarks.nation.nation import Nation
from ocop_flow.demo.desk import Line
from ocop_flow.service import (
    councils,
    people,
    unit_contacts,
)
from ocop_flow.service.office import Caller

#: Members of a provincial council.
SEATS = 9
_APPOINTMENT = "01/QĐ-UBND"
_SINCE = date(2026, 6, 1)


def staff(desk: TimedDesk, officials: int) -> list[tuple[str, str]]:
    """Appoint so many officials: councils and offices of every province, then communes as far as they go.

    returns  (commune, province) for every commune with an officer and a leader
    """
    with desk.reading() as (uow, _):
        area = uow.area("central")
    provinces, communes = [], []
    for unit in sorted({each.code: each for each in area if each.valid_on(desk.today)}.values(), key=lambda u: u.code):
        if unit.tier == "province":
            provinces.append(unit.code)
        elif unit.tier == "commune" and unit.parent_code is not None:
            communes.append((unit.code, unit.parent_code))
    posts = [(f"{code}-{role}", code, role) for code in provinces for role in ("officer", "leader", "advisory_team")]
    posts += [(f"{code}-council_secretary", code, "council_secretary") for code in provinces]
    posts += [(f"{code}-hd{seat}", code, "") for code in provinces for seat in range(SEATS)]
    many = min(len(communes), max(2, (officials - len(posts)) // 2))
    chosen = communes[:: max(1, len(communes) // many)][:many]
    posts += [(f"{code}-{role}", code, role) for code, _ in chosen for role in ("officer", "leader")]
    desk.batch(line for post in posts for line in _enrolment(*post))
    return chosen


def _enrolment(who: str, unit: str, role: str) -> Iterator[Line]:
    yield Line("admin", people.add, people.AddPerson(who, f"Cán bộ {who} (giả định)"))
    if role:
        yield Line("admin", people.appoint, people.Appoint(who, unit, role, _APPOINTMENT, since=_SINCE))


def open_mailboxes(desk: TimedDesk, communes: list[tuple[str, str]]) -> None:
    units = sorted({unit for pair in communes for unit in pair})
    with desk.office.writer() as uow:
        for unit in units:
            unit_contacts.set_contact(uow, desk.office, Caller("admin"), unit, f"u{unit}@ocop.example")
        uow.commit()


def found_councils(nation: Nation) -> None:
    """A council of nine in each province that has a commune at work."""
    for province in sorted({province for _, province in nation.communes}):
        desk, officer = nation.desk, f"{province}-officer"
        command = councils.Create(province, "10/QĐ-HĐOCOP", 1, nation.year)
        code = str(desk.do(officer, councils.create, command)["code"])
        seats = [(f"{province}-hd0", "council_chair")]
        seats += [(f"{province}-hd{seat}", "council_member") for seat in range(1, SEATS)]
        seats.append((f"{province}-council_secretary", "council_secretary"))
        desk.batch(Line(officer, councils.seat, councils.SeatMember(code, who, role)) for who, role in seats)
        nation.councils[province] = code
