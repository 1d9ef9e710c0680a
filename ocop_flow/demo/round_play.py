"""Plays Hưng Yên's round of 2026 into a new training database and writes the papers that a leader reads."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

from ocop_flow import bootstrap
from ocop_flow.clock import VIET_NAM
from ocop_flow.config import Settings
from ocop_flow.demo import filled_sheets, folder
from ocop_flow.demo.cast import ADMIN, enrol, found_council, handle, members
from ocop_flow.demo.desk import Desk, Line
from ocop_flow.demo.round_story import Planned, RoundStory, hung_yen_2026
from ocop_flow.domain.calendar import add_months
from ocop_flow.domain.commands import Act, Advance, Attachment, Open, Paper
from ocop_flow.domain.record import known_dossier
from ocop_flow.domain.units import CENTRAL, Unit
from ocop_flow.errors import Text
from ocop_flow.papers.making import Wish, made
from ocop_flow.ports import UnitOfWork
from ocop_flow.service import (
    certificates,
    dossiers,
    heads,
    people,
    rebuild,
    reminders,
    results,
    scoring,
    sittings,
)
from ocop_flow.service.office import Office

Json = dict[str, Any]
#: Posts are as old as the units of today.
_SINCE = date(2025, 7, 1)
#: Papers of the filing, and what the commune adds when it sends a dossier up (26/2026/QĐ-TTg art. 5).
_FILED = {"registration_form": 1, "self_assessment": 1, "business_registration": 1, "test_report": 1, "sample": 5}
_ADDED = ("commune_report", "commune_letter")
_TOPICS = {
    "local_origin": "true",
    "local_labour": "true",
    "idea_origin": "tại địa phương (giả định)",
    "local_identity": "làng nghề (giả định)",
}
#: Folder of the papers beside the database, and the papers in the order in which a leader reads them.
FOLDER = "bao-cao"
PAPERS = (
    ("ending_page", "1-giay-chung-nhan-sap-het-han.docx"),
    ("round_page", "2-dot-danh-gia-tren-mot-trang.docx"),
    ("score_summary", "3a-bang-tong-hop-diem.docx"),
    ("minutes", "3b-bien-ban-phien-hop.docx"),
    ("submission", "3c-to-trinh.docx"),
    ("recognition", "3d-du-thao-quyet-dinh.docx"),
)


@dataclass(frozen=True, slots=True)
class RoundPlayed:
    """What came of the round: ``papers`` are kind and file; ``head`` is the short code that they show."""

    story: RoundStory
    province: str
    states: dict[str, int]
    labels: dict[str, Text]
    papers: list[Json]
    reminders: Json
    checked: Json
    head: str
    persons: int
    commands: int
    ends_at: datetime


@dataclass
class _Round:
    """The desk with who is where; ``waiting``: sitting -> dossiers before it; ``codes``: product -> dossier."""

    story: RoundStory
    desk: Desk
    province: Unit
    units: dict[str, Unit]
    random: Random
    council: str = ""
    codes: dict[str, str] = field(default_factory=dict)
    held: dict[str, str] = field(default_factory=dict)
    numbers: Counter[str] = field(default_factory=Counter)

    def number(self, unit: Unit, symbol: str) -> str:
        self.numbers[unit.code] += 1
        return f"{200 + self.numbers[unit.code]}/{symbol}"


def play(settings: Settings, papers: Path) -> RoundPlayed:
    """Make a training database, play the round, write the papers into a folder.

    settings  whose ``db`` does not exist yet
    raises    Unavailable (the extra ``documents`` is not installed)
    """
    from ocop_flow.papers.filling import available

    available()
    story = hung_yen_2026()
    settings = replace(settings, handle=None, now=datetime.combine(story.begins_on, time(7, 0), VIET_NAM))
    bootstrap.initialise(settings, sandbox=True, admin="admin", password=None)
    folder.mark(settings.db, story.ends_on.year)
    with TemporaryDirectory() as handed_in:
        desk = Desk(bootstrap.open_office(settings), Path(handed_in))
        this = _round(story, desk)
        persons = _people(this)
        for day, _, act in sorted(_agenda(this), key=lambda item: item[:2]):
            desk.begin(day)
            act()
        desk.end(story.ends_on)
        return _played(this, settings, papers, persons)


def _round(story: RoundStory, desk: Desk) -> _Round:
    with desk.reading() as (uow, _):
        tree = uow.tree([story.province, *story.communes])
    units = {code: unit for code in story.communes if (unit := tree.on(code, story.ends_on))}
    province = tree.on(story.province, story.ends_on)
    assert province is not None, "the story names a province of today"
    return _Round(story, desk, province, units, Random("ocop demo 2026"))


def _people(this: _Round) -> int:
    """The offices, and a leader for each commune: here communes sign what they send."""
    count = enrol(this.desk, [CENTRAL, this.province, *this.units.values()], _SINCE)
    lines = []
    for unit in this.units.values():
        who = handle(unit, "lanhdao")
        lines.append(Line(ADMIN, people.add, people.AddPerson(who, f"Lãnh đạo xã {unit.code} (giả định)")))
        lines.append(Line(ADMIN, people.appoint, people.Appoint(who, unit.code, "leader", "01/QĐ-UBND", since=_SINCE)))
    this.desk.batch(lines)
    return count + len(this.units)


# --- the days --------------------------------------------------------------------------------------------------------


def _agenda(this: _Round) -> Iterator[tuple[date, int, Callable[[], None]]]:
    """(day, order of the day, what is done)."""
    story = this.story
    yield story.begins_on, 0, lambda: _declare(this)
    yield date.fromisoformat(story.council["founded"]), 0, lambda: _found(this)
    for planned in (*story.dossiers, *story.certificates):
        for step, on in planned.days.items():
            if step != "sitting":
                yield date.fromisoformat(on), 1, _step(this, planned, step)
    for name, (day, _) in story.sittings.items():
        yield day, 2, _sitting(this, name)


def _step(this: _Round, planned: Planned, step: str) -> Callable[[], None]:
    return lambda: _STEPS[step](this, planned)


def _sitting(this: _Round, name: str) -> Callable[[], None]:
    return lambda: _sit(this, name)


def _found(this: _Round) -> None:
    asked = this.story.council
    this.council = found_council(this.desk, this.province, asked["decision"], asked["round"], 2026)


def _declare(this: _Round) -> None:
    """What seed 001 says of 2018, and the certificates that now end: as they were issued, by whom then."""
    who, before = handle(this.province, "canbo"), this.story.before
    commands = [
        certificates.Declare(
            planned.product, planned.entity, "household", stars, before["source"], issuer=this.province.code
        )
        for planned, stars in zip(this.story.dossiers, before["stars"], strict=False)
    ]
    for each in this.story.certificates:
        assert each.issued_on is not None and each.previous is not None, each.product
        commands.append(
            certificates.Declare(
                each.product,
                each.entity,
                "household",
                each.stars,
                "giả định",
                number=each.previous,
                commune=each.commune,
                issuer=each.issuer,
                decision=f"{each.previous.partition('/')[0]}/QĐ-UBND",
                issued_on=each.issued_on,
                valid_to=add_months(each.issued_on, 36),
                product_set=each.product_set,
            )
        )
    this.desk.batch(Line(who, certificates.declare, command) for command in commands)


# --- the steps of a dossier ------------------------------------------------------------------------------------------


def _open(this: _Round, planned: Planned, track: str = "existing_product") -> None:
    unit = this.units[planned.commune]
    command = Open(
        commune=unit.code,
        product=planned.product,
        entity=planned.entity,
        entity_kind="household",
        product_set=planned.product_set,
        kind=planned.kind,
        track=track,
        previous=planned.previous,
    )
    this.codes[planned.product] = str(this.desk.do(handle(unit, "canbo"), dossiers.open_dossier, command)["code"])


def _opened(this: _Round, planned: Planned) -> None:
    _open(this, planned)
    papers = {kind: copies - planned.lacks.get(kind, 0) for kind, copies in _FILED.items()}
    found = tuple(Attachment(kind, copies) for kind, copies in papers.items() if copies > 0)
    command = dossiers.Attach(this.codes[planned.product], found)
    this.desk.do(handle(this.units[planned.commune], "canbo"), dossiers.attach, command)


def _idea(this: _Round, planned: Planned) -> None:
    _open(this, planned, "new_product")
    _move(this, planned, "accept_idea", this.units[planned.commune], "canbo", papers=("idea_form",))


def _sent(this: _Round, planned: Planned) -> None:
    unit = this.units[planned.commune]
    number = this.number(unit, "UBND-OCOP")
    _move(this, planned, "propose_to_province", unit, "lanhdao", papers=_ADDED, number=number, fields=_TOPICS)


def _checked(this: _Round, planned: Planned) -> None:
    _move(this, planned, "send_to_province_council", this.province, "totuvan", papers=("team_report",))


def _submitted(this: _Round, planned: Planned) -> None:
    _move(this, planned, "submit_province_result", this.province, "thuky", papers=("province_minutes",))


def _decided(this: _Round, planned: Planned) -> None:
    number = this.number(this.province, "QĐ-UBND")
    _move(this, planned, "recognise", this.province, "lanhdao", number=number)


def _returned(this: _Round, planned: Planned) -> None:
    why = "Hồ sơ chưa đủ thành phần (giả định)"
    _move(this, planned, "return_for_supplement", this.units[planned.commune], "canbo", why=why)


def _province_returned(this: _Round, planned: Planned) -> None:
    why = "Phiếu kiểm nghiệm chưa đủ chỉ tiêu (giả định)"
    _move(this, planned, "return_from_province", this.province, "totuvan", why=why)


_STEPS: dict[str, Callable[[_Round, Planned], None]] = {
    "idea": _idea,
    "opened": _opened,
    "sent": _sent,
    "checked": _checked,
    "submitted": _submitted,
    "decided": _decided,
    "returned": _returned,
    "province_returned": _province_returned,
}


def _move(
    this: _Round,
    planned: Planned,
    action: str,
    unit: Unit,
    post: str,
    *,
    papers: tuple[str, ...] = (),
    number: str | None = None,
    why: str | None = None,
    fields: dict[str, str] | None = None,
) -> None:
    command = Advance(
        dossier=this.codes[planned.product],
        action=action,
        act=Act(reason=why, paper=Paper(number=number)),
        fields=fields or {},
        attachments=tuple(Attachment(kind) for kind in papers),
    )
    this.desk.do(handle(unit, post), dossiers.advance, command)


# --- sittings --------------------------------------------------------------------------------------------------------


def _sit(this: _Round, name: str) -> None:
    """The council before all dossiers of a sitting: each member's sheet keyed by the secretary, each result closed."""
    planned = [each for each in (*this.story.dossiers, *this.story.certificates) if each.days.get("sitting") == name]
    codes = tuple(this.codes[each.product] for each in planned)
    clerk = handle(this.province, "thuky")
    command = sittings.Convene(this.council, members(this.province), codes, manner=this.story.sittings[name][1])
    sitting = str(this.desk.do(clerk, sittings.convene, command)["sitting"])
    this.held[name] = sitting
    this.desk.batch(line for each in planned for line in _sheets(this, sitting, each, clerk))
    this.desk.batch(Line(clerk, results.close, results.Close(sitting, code)) for code in codes)


def _sheets(this: _Round, sitting: str, planned: Planned, clerk: str) -> Iterator[Line]:
    code = this.codes[planned.product]
    with this.desk.reading() as (uow, _):
        dossier = known_dossier(uow.dossier(code), code)
        tree = uow.criteria(dossier.workflow_hash, dossier.product_set)
    assert tree is not None, "26/2026/QĐ-TTg has a tree for each of its sets"
    missed = filled_sheets.missable(tree) if planned.missed else None
    stars = 5 if planned.points >= 90 else 4 if planned.points >= 70 else 3
    for member, away in zip(members(this.province), filled_sheets.SPREAD, strict=True):
        given = filled_sheets.answers(tree, planned.points + away, stars, missed, this.random)
        yield Line(clerk, scoring.score, scoring.ScoreSheet(sitting, code, member, answers=given))


# --- the end ---------------------------------------------------------------------------------------------------------


def _played(this: _Round, settings: Settings, papers: Path, persons: int) -> RoundPlayed:
    desk, room = this.desk, bootstrap.folder_room(settings)
    office = desk.office
    with office.writer() as uow:
        found = reminders.scan(uow, office, room.ladders)
    with office.writer() as uow:
        head = heads.checkpoint(uow, office)
        uow.commit()
    with desk.reading() as (uow, office):
        held = Counter(row["state"] for row in uow.query("SELECT state FROM dossier"))
        law = uow.law_on(desk.today, this.province.code)
        labels = {name: state.label for name, state in law.regime.states.items() if held[name]} if law else {}
        written = _papers(this, uow, office, papers)
        checked = rebuild.check(office)
    return RoundPlayed(
        story=this.story,
        province=this.province.name,
        states={name: held[name] for name in labels},
        labels=labels,
        papers=written,
        reminders=found,
        checked=checked,
        head=str(head["code"]),
        persons=persons,
        commands=desk.commands,
        ends_at=desk.moment,
    )


def _papers(this: _Round, uow: UnitOfWork, office: Office, folder_: Path) -> list[Json]:
    folder_.mkdir(parents=True, exist_ok=True)
    found = []
    for kind, name in PAPERS:
        about = this.held["second"] if kind in ("score_summary", "minutes", "submission") else this.province.code
        file = folder_ / name
        file.write_bytes(made(uow, office, kind, about, Wish()))
        found.append({"kind": kind, "file": str(file)})
    return found
