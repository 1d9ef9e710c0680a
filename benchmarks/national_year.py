"""A year of the nation through the application services in one process, and what it leaves in the database.

``python -m benchmarks.national_year [--scale 1|10|100 | --growth | --quick] [--dossiers N] [--db URL]``

2028 under 26/2026/QĐ-TTg: 34 provinces, 3,321 communes, 5,000 officials, provincial councils of nine, 9,000 dossiers of
all kinds, half of them filed in the last eight days of April, June, October and December. Re-ratings and upgrades start
from certificates declared on the first day; a re-rating is filed in its window and judged by written opinions. Every
command is decided, appended and committed by itself, but for score sheets, which are keyed in groups as an import is.
On each morning reminders are found and given to a way out that keeps nothing.

``--scale 10`` and ``100`` put a history before the year (``benchmarks.past_years``): so many times the dossiers of the
nation in all. ``--dossiers`` makes the measured year shorter, not the history. ``--growth`` runs the three scales, each
in a database of its own, and prints how each figure grows. ``--quick`` is half a percent of everything with a small
history, to see that it runs and that a check and a replay find all of it whole.
"""

from __future__ import annotations

import argparse
import heapq
import itertools
import json
import os
import random
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from time import perf_counter
from typing import Any

import psycopg
from sqlalchemy import make_url

from benchmarks import past_years
from ocop_flow import bootstrap, checking
from ocop_flow.clock import VIET_NAM
from ocop_flow.config import Settings, file_of, url_of
from ocop_flow.demo.desk import Desk, Line
from ocop_flow.domain.calendar import add_months
from ocop_flow.domain.commands import Act, Advance, Attachment, Open, Paper
from ocop_flow.ports import Mail
from ocop_flow.service import (
    certificates,
    councils,
    delivery,
    dossier_actions,
    dossiers,
    people,
    rebuild,
    reminders,
    results,
    scoring,
    sittings,
    unit_contacts,
)
from ocop_flow.service.office import Caller, Office

Json = dict[str, Any]
YEAR, DOSSIERS, OFFICIALS, SEATS = 2028, 9_000, 5_000, 9
#: Months whose last days bring half of all dossiers, and how many days those are.
RUSHES, RUSH_DAYS = (4, 6, 10, 12), 8
SETS = ("coffee_cacao", "honey_other_raw_food", "tea_fresh_processed", "fast_food", "other_spices", "white_spirit")
KINDS = ("cooperative", "cooperative_group", "sme", "household", "farm")
#: Totals by part that give three and four stars.
PARTS = ("20,15,20", "30,20,25")
#: Kinds of dossiers and their shares in percent.
SHARES = {"first": 60, "re_rating": 25, "upgrade": 15}
#: Days before a certificate ends on which its re-rating is filed (26/2026/QĐ-TTg art. 8).
WINDOW = (120, 180)
#: Days for which the certificate of an upgrade is still valid, and its stars.
STILL_VALID, UPGRADED_STARS = (200, 700), 3
#: Months that a certificate is valid (26/2026/QĐ-TTg).
VALID_MONTHS = 36
#: Dossiers before one sitting at most.
BEFORE_COUNCIL = 70
#: Dossiers of the small year before, whose copies make the history.
FIRST = 90
#: What ``--quick`` makes of dossiers and officials, and the history it has.
QUICK_DOSSIERS, QUICK_OFFICIALS, QUICK_FIRST, QUICK_HISTORY = 30, 500, 20, 100
SCALES = (1, 10, 100)
_APPOINTMENT = "01/QĐ-UBND"
_SINCE = date(2026, 6, 1)


class Nowhere:
    """A way out that takes every letter and keeps none."""

    def __enter__(self) -> Nowhere:
        return self

    def __exit__(self, *_: object) -> None: ...

    def send(self, mail: Mail) -> None: ...


@dataclass
class Watch:
    """Seconds of each command by its name."""

    seconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))

    def table(self) -> dict[str, Json]:
        return {name: _spread(found) for name, found in sorted(self.seconds.items())}


def _spread(found: list[float]) -> Json:
    ordered = sorted(found)
    return {
        "n": len(ordered),
        "p50_ms": round(ordered[len(ordered) // 2] * 1000, 2),
        "p99_ms": round(ordered[min(len(ordered) - 1, len(ordered) * 99 // 100)] * 1000, 2),
    }


class TimedDesk(Desk):
    """A desk with a watch: each command is timed from its call to its commit."""

    def __init__(self, office: Office, papers: Path) -> None:
        super().__init__(office, papers)
        self.watch = Watch()

    def do(self, handle: str, service: Any, command: Any) -> Any:
        name = command.action if isinstance(command, Advance) else service.__name__
        began = perf_counter()
        answer = super().do(handle, service, command)
        self.watch.seconds[name].append(perf_counter() - began)
        return answer


@dataclass
class Nation:
    """Who works where, and the days that lie ahead."""

    desk: TimedDesk
    chance: random.Random
    communes: list[tuple[str, str]]
    year: int
    agenda: list[tuple[date, int, Callable[[], None]]] = field(default_factory=list)
    #: (province, whether by written opinions) -> dossiers that wait for the council
    waiting: dict[tuple[str, bool], list[Step]] = field(default_factory=lambda: defaultdict(list))
    councils: dict[str, str] = field(default_factory=dict)
    lessons: dict[tuple[str, str, str], Json | None] = field(default_factory=dict)
    reminders: list[int] = field(default_factory=list)
    letters: int = 0
    opened: list[str] = field(default_factory=list)
    kinds: Counter[str] = field(default_factory=Counter)
    sittings: Counter[str] = field(default_factory=Counter)
    ends: Counter[str] = field(default_factory=Counter)
    _turn: Iterator[int] = field(default_factory=itertools.count)

    def at(self, day: date, act: Callable[[], None]) -> None:
        if day.year == self.year:
            heapq.heappush(self.agenda, (day, next(self._turn), act))

    def after(self, days: int) -> date:
        return self.desk.today + timedelta(days=self.chance.randint(1, days))


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


# --- one dossier -----------------------------------------------------------------------------------------------------


def days_of(year: int) -> list[date]:
    first = date(year, 1, 1)
    return [first + timedelta(days=each) for each in range((date(year + 1, 1, 1) - first).days)]


def filing_days(year: int, count: int, chance: random.Random) -> list[date]:
    """Half of them in the rushes, the others on any day."""
    days = days_of(year)
    rush = [day for day in days if day.month in RUSHES and (day + timedelta(days=RUSH_DAYS)).month != day.month]
    return sorted(chance.choice(rush if number % 2 else days) for number in range(count))


@dataclass(frozen=True, slots=True)
class Planned:
    """A dossier that will be filed on a day; ``valid_to`` is the last day of the certificate that it starts from."""

    number: int
    day: date
    kind: str
    commune: str
    province: str
    product: str
    entity: str
    valid_to: date | None = None

    @property
    def entity_kind(self) -> str:
        return KINDS[self.number % len(KINDS)]

    @property
    def product_set(self) -> str:
        return SETS[self.number % len(SETS)]

    @property
    def track(self) -> str:
        return "new_product" if self.kind == "first" and self.number % 3 else "existing_product"

    @property
    def previous(self) -> str | None:
        return None if self.valid_to is None else f"{self.number:05d}.{self.day.year}/GCN-OCOP"


def plan_dossiers(nation: Nation, count: int) -> list[Planned]:
    found = []
    for number, day in enumerate(filing_days(nation.year, count, nation.chance)):
        commune, province = nation.communes[number * 7919 % len(nation.communes)]
        (kind,) = nation.chance.choices(list(SHARES), list(SHARES.values()))
        planned = Planned(
            number,
            day,
            kind,
            commune,
            province,
            f"Sản phẩm {number:05d} năm {nation.year} (giả định)",
            f"Cơ sở {number // 2:05d} năm {nation.year} xã {commune} (giả định)",
            None if kind == "first" else day + timedelta(nation.chance.randint(*_LEFT[kind])),
        )
        found.append(planned)
        nation.at(day, lambda planned=planned: _open(nation, planned))  # type: ignore[misc]
    return found


_LEFT = {"re_rating": WINDOW, "upgrade": STILL_VALID}


def declare_certificates(nation: Nation, planned: list[Planned]) -> None:
    """What re-ratings and upgrades start from, as the provinces declare it before the year."""
    with nation.desk.reading() as (uow, _):
        lives: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for row in uow.query("SELECT code, valid_from, valid_to FROM unit WHERE tier = 'commune'"):
            lives[row["code"]].append((row["valid_from"], row["valid_to"] or "9999"))
    lines = []
    for each in planned:
        if each.valid_to is None:
            continue
        issued = add_months(each.valid_to, -VALID_MONTHS)
        if not any(since <= issued.isoformat() <= until for since, until in lives[each.commune]):
            # The commune is younger than that, and nothing else bears its code.
            issued = date.fromisoformat(min(since for since, _ in lives[each.commune]))
        command = certificates.Declare(
            each.product,
            each.entity,
            each.entity_kind,
            UPGRADED_STARS if each.kind == "upgrade" else 3 + each.number % 2,
            "danh sách công nhận (giả định)",
            number=each.previous,
            commune=each.commune,
            decision="12/QĐ-UBND",
            issued_on=issued,
            valid_to=each.valid_to,
            product_set=each.product_set,
        )
        lines.append(Line(f"{each.province}-officer", certificates.declare, command))
    nation.desk.batch(lines)


def _open(nation: Nation, planned: Planned) -> None:
    command = Open(
        commune=planned.commune,
        product=planned.product,
        entity=planned.entity,
        entity_kind=planned.entity_kind,
        product_set=planned.product_set,
        kind=planned.kind,
        track=planned.track,
        previous=planned.previous,
        contacts={"email": f"c{planned.number}@ocop.example"},
    )
    made = nation.desk.do(f"{planned.commune}-officer", dossiers.open_dossier, command)
    nation.opened.append(made["code"])
    nation.kinds[planned.kind] += 1
    nation.at(nation.after(10), Step(nation, made["code"], planned, made["state"]).go)


@dataclass
class Step:
    """One dossier on its way."""

    nation: Nation
    code: str
    planned: Planned
    state: str

    def go(self) -> None:
        """The next act forward: papers first, or the wait for the council."""
        if self.planned.number % 20 == 9 and self.state.startswith("registration"):
            self._leave()
            return
        action = self.lesson()
        if action is None:
            self.nation.ends[self.state] += 1
        elif action["needs"]["scores"]:
            self.nation.waiting[self.planned.province, self.planned.kind in WRITTEN].append(self)
        else:
            self.take(action)

    def lesson(self) -> Json | None:
        """What is next in this state; asked of the law once for each way and state."""
        key = (self.planned.kind, self.planned.track, self.state)
        if key not in self.nation.lessons:
            with self.nation.desk.reading() as (uow, office):
                listed = dossier_actions.actions(uow, office, Caller(None), self.code, everything=True)
            ahead = [item for item in listed if item["kind"] == "forward" and item["action"] not in _ASIDE]
            self.nation.lessons[key] = ahead[0] if ahead else None
        return self.nation.lessons[key]

    def take(self, action: Json) -> None:
        desk, needs = self.nation.desk, action["needs"]
        lacking = [(item["kind"], item["required"] - item["have"]) for item in needs["evidence"]]
        papers = tuple(Attachment(kind, copies) for kind, copies in lacking if copies > 0)
        if papers:
            desk.do(f"{self.planned.commune}-officer", dossiers.attach, dossiers.Attach(self.code, papers))
        role, tier = action["roles"][0].split("@")
        unit = self.planned.commune if tier == "commune" else self.planned.province
        fields = {item["name"]: _value(item) for item in needs["fields"] if item["required"]}
        # A paper of its own: its issuer uses a number once in a year.
        paper = Paper(number=f"{int(self.code.split('-')[2])}/QĐ-UBND") if needs["decision"] else Paper()
        reason = "theo hồ sơ" if needs["reason"] else None
        command = Advance(self.code, action["action"], Act(reason=reason, paper=paper), fields)
        moved = desk.do(f"{unit}-{role}", dossiers.advance, command)
        self.state = moved["to_state"]
        self.nation.at(self.nation.after(12), self.go)

    def _leave(self) -> None:
        command = Advance(self.code, "withdraw", Act(reason="Chủ thể đề nghị"))
        self.nation.desk.do(f"{self.planned.commune}-officer", dossiers.advance, command)
        self.nation.ends["withdrawn"] += 1


#: Kinds judged by written opinions (26/2026/QĐ-TTg).
WRITTEN = frozenset({"re_rating"})
#: Forward in the law, but not the way that most take.
_ASIDE = frozenset({"send_to_central", "recognise_five_stars"})


def _value(item: Json) -> str:
    usual = {"boolean": "true", "integer": "1", "decimal": "1.5", "document_number": "12/QĐ-UBND"}
    return str((item.get("choices") or [usual.get(item["type"], "theo hồ sơ")])[0])


def sit(nation: Nation, province: str, written: bool) -> None:
    """A sitting of nine over those that wait; the rules say from their kinds in what manner it is held."""
    every = nation.waiting[province, written]
    steps, nation.waiting[province, written] = every[:BEFORE_COUNCIL], every[BEFORE_COUNCIL:]
    if not steps:
        return
    desk, officer, secretary = nation.desk, f"{province}-officer", f"{province}-council_secretary"
    present = tuple(f"{province}-hd{seat}" for seat in range(SEATS))
    command = sittings.Convene(nation.councils[province], present, tuple(step.code for step in steps))
    convened = desk.do(secretary, sittings.convene, command)
    sitting = str(convened["sitting"])
    nation.sittings[convened["manner"]] += 1
    began = perf_counter()
    sheets = [
        Line(
            secretary,
            scoring.score,
            scoring.ScoreSheet(sitting, step.code, who, parts=PARTS[step.planned.number % 2]),
        )
        for step in steps
        for who in present
    ]
    desk.batch(sheets)
    desk.watch.seconds["score (in groups)"] += [(perf_counter() - began) / len(sheets)] * len(sheets)
    for step in steps:
        desk.do(officer, results.close, results.Close(sitting, step.code))
        action = step.lesson()
        assert action is not None
        step.take(action)


# --- the year --------------------------------------------------------------------------------------------------------


def live(nation: Nation, room: bootstrap.PostRoom) -> None:
    """Every day in turn: what is due in the morning, then the work."""
    for day in days_of(nation.year):
        nation.desk.begin(day)
        if day.weekday() < 5:
            _morning(nation, room)
        if (day + timedelta(days=1)).day == 1 or day.day == 15:
            for province, written in sorted(nation.waiting):
                sit(nation, province, written)
        while nation.agenda and nation.agenda[0][0] <= day:
            heapq.heappop(nation.agenda)[2]()


def _morning(nation: Nation, room: bootstrap.PostRoom) -> None:
    office, watch = nation.desk.office, nation.desk.watch
    began = perf_counter()
    with office.writer() as uow:
        found = reminders.scan(uow, office, room.ladders)
    watch.seconds["scan"].append(perf_counter() - began)
    nation.reminders.append(found["queued"])
    sent = delivery.deliver(office, room.renderer, Nowhere(), None, lease=room.lease())
    nation.letters += sent["sent"]


# --- what came of it -------------------------------------------------------------------------------------------------


def size_of(settings: Settings, office: Any) -> int:
    """Bytes of the database, its journal included."""
    file = file_of(settings.db)
    if file is not None:
        return sum(each.stat().st_size for each in file.parent.glob(file.name + "*") if each.is_file())
    with office.reader() as uow:
        return int(uow.query("SELECT pg_database_size(current_database()) AS n")[0]["n"])


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is measured.

    count         dossiers of the year
    past          dossiers before it
    first         of them decided here, of which the others are copies
    jobs          processes of the check
    verify, replay  whether the whole log is checked, and applied again, at the end
    """

    count: int
    officials: int = OFFICIALS
    past: int = 0
    first: int = FIRST
    jobs: int = 1
    verify: bool = True
    replay: bool = True


def measured(settings: Settings, wanted: Wanted) -> Json:
    """A year in an empty database, on top of its past."""
    settings = replace(settings, now=datetime(YEAR - 1, 1, 1, 7, tzinfo=VIET_NAM))
    bootstrap.initialise(settings, sandbox=True, admin="admin", password=None)
    with tempfile.TemporaryDirectory() as papers:
        desk = TimedDesk(bootstrap.open_office(settings), Path(papers))
        began = perf_counter()
        communes = staff(desk, wanted.officials)
        open_mailboxes(desk, communes)
        told: Json = {"staff_seconds": round(perf_counter() - began, 1), "history_dossiers": wanted.past}
        empty, room = size_of(settings, desk.office), bootstrap.folder_room(settings)
        if wanted.past:
            before = _begun(desk, communes, YEAR - 1, min(wanted.first, wanted.past))
            live(before, room)
            desk.begin(date(YEAR, 1, 1))
            _morning(before, room)
            copies, until = wanted.past - len(before.opened), date(YEAR, 12, 31).isoformat()
            told |= past_years.write(desk, settings, before.opened, communes, copies, until)
        desk.begin(date(YEAR, 1, 1))
        nation = _begun(desk, communes, YEAR, wanted.count)
        desk.watch.seconds.clear()
        began, commands = perf_counter(), desk.commands
        live(nation, room)
        seconds = perf_counter() - began
        told |= _year(desk, nation, seconds, desk.commands - commands)
        every, size = len(nation.opened) + wanted.past, size_of(settings, desk.office)
        told |= {"dossiers": every, "bytes": size, "bytes_per_dossier": round((size - empty) / max(1, every))}
        told |= _checked(settings, desk.office, wanted)
        desk.office.close()
        return told


def _begun(desk: TimedDesk, communes: list[tuple[str, str]], year: int, count: int) -> Nation:
    """A year in which so many dossiers will be filed, with its councils and the certificates from before."""
    nation = Nation(desk, random.Random(year), communes, year)
    found_councils(nation)
    declare_certificates(nation, plan_dossiers(nation, count))
    return nation


def _year(desk: TimedDesk, nation: Nation, seconds: float, commands: int) -> Json:
    days = nation.reminders
    return {
        "communes_at_work": len(nation.communes),
        "kinds": dict(nation.kinds),
        "sittings": dict(nation.sittings),
        "ends": dict(nation.ends),
        "seconds": round(seconds, 1),
        "commands": commands,
        "commands_per_second": round(commands / seconds, 1),
        "reminders": sum(days),
        "reminders_per_day": round(sum(days) / max(1, len(days)), 1),
        "most_reminders_in_a_day": max(days, default=0),
        "letters": nation.letters,
        "by_command": desk.watch.table(),
    }


def _checked(settings: Settings, office: Office, wanted: Wanted) -> Json:
    """The whole log, as ``ocop audit verify`` and ``ocop doctor --rebuild`` read it; None for what was not run."""
    with office.reader() as uow:
        events = uow.query("SELECT count(*) AS n FROM event")[0]["n"]
    found: Json = {
        "database": "sqlite" if file_of(settings.db) else "postgresql",
        "events": events,
        "ok": True,
        "problems": [],
        "verify_seconds": None,
        "replay_seconds": None,
    }
    if wanted.verify:
        began = perf_counter()
        _note(found, checking.whole(settings, office, checking.Wanted(wanted.jobs), lambda _done, _total: None))
        found["verify_seconds"] = round(perf_counter() - began, 1)
    if wanted.replay:
        began = perf_counter()
        _note(found, rebuild.rebuild(office, dry_run=True))
        found["replay_seconds"] = round(perf_counter() - began, 1)
    return found


def _note(found: Json, answer: Json) -> None:
    found["ok"] = found["ok"] and answer["ok"]
    found["problems"] += answer["problems"][:5]


# --- how it grows ----------------------------------------------------------------------------------------------------


@contextmanager
def database(given: str | None, scale: int) -> Iterator[Settings]:
    """An empty database of its own, removed afterwards: a file, or one beside the given one on its server."""
    if given is None:
        with tempfile.TemporaryDirectory() as folder:
            yield Settings(url_of(str(Path(folder) / "ocop.db")), "vi", None, None)
        return
    url, name = make_url(given), f"ocop_national_year_x{scale}"
    with psycopg.connect(url.set(drivername="postgresql").render_as_string(hide_password=False), autocommit=True) as c:
        c.execute(f"CREATE DATABASE {name}")
        try:
            own = url.set(database=name).render_as_string(hide_password=False)
            yield Settings(own, "vi", None, None)
        finally:
            c.execute(f"DROP DATABASE {name} WITH (FORCE)")


def growth(given: str | None, wanted: Wanted, verify_up_to: int, replay_up_to: int) -> list[Json]:
    """The same year on top of 0, 9 and 99 years of the nation."""
    found = []
    for scale in SCALES:
        asked = replace(wanted, past=(scale - 1) * DOSSIERS, verify=scale <= verify_up_to, replay=scale <= replay_up_to)
        with database(given, scale) as settings:
            found.append({"scale": scale, **measured(settings, asked)})
        sys.stderr.write(f"x{scale}: {shown(found[-1])}\n\n")
    return found


#: Figures of the table that are not of one command.
_FIGURES = (
    *("dossiers", "events", "commands_per_second", "bytes_per_dossier", "verify_seconds", "replay_seconds"),
    *("history_seconds", "history_events_per_second"),
)


def growth_table(found: list[Json]) -> str:
    """p99 of each command and of the scan, then the other figures; each beside its growth since the scale before."""
    heads = "".join(f"{'x' + str(each['scale']):>12}" + (f"{'growth':>8}" if n else "") for n, each in enumerate(found))
    lines = [f"{'p99 ms':<28}{heads}"]
    for name in found[-1]["by_command"]:
        lines.append(f"{name:<28}{_grown([each['by_command'].get(name, {}).get('p99_ms') for each in found])}")
    lines.append("")
    lines += [f"{name:<28}{_grown([each.get(name) for each in found])}" for name in _FIGURES]
    return "\n".join(lines)


def _grown(values: list[Any]) -> str:
    cells = []
    for number, value in enumerate(values):
        before = values[number - 1] if number else None
        cells.append(f"{'not run' if value is None else value:>12}")
        if number:
            cells.append(f"{value / before:>8.2f}" if value and before else f"{'':>8}")
    return "".join(cells)


def shown(found: Json) -> str:
    told = {name: "not run" if value is None else value for name, value in found.items() if name != "by_command"}
    lines = [f"{name:<26}{value}" for name, value in told.items()]
    lines.append(f"\n{'command':<28}{'n':>8}{'p50 ms':>10}{'p99 ms':>10}")
    for name, each in found["by_command"].items():
        lines.append(f"{name:<28}{each['n']:>8}{each['p50_ms']:>10}{each['p99_ms']:>10}")
    return "\n".join(lines)


def main() -> int:
    given = _parser().parse_args()
    os.environ.pop("OCOP_NOW", None)
    if given.quick:
        wanted = Wanted(QUICK_DOSSIERS, QUICK_OFFICIALS, QUICK_HISTORY, QUICK_FIRST)
    else:
        wanted = Wanted(given.dossiers, past=(given.scale - 1) * DOSSIERS, jobs=given.jobs)
    wanted = replace(wanted, verify=given.scale <= given.verify_up_to, replay=given.scale <= given.replay_up_to)
    if given.growth:
        every = growth(given.db, wanted, given.verify_up_to, given.replay_up_to)
        text = json.dumps(every, indent=1, ensure_ascii=False) if given.json else growth_table(every)
    else:
        with tempfile.TemporaryDirectory() as folder:
            url = url_of(given.db or str(Path(folder) / "ocop.db"))
            every = [measured(Settings(url, "vi", None, None), wanted)]
        text = json.dumps(every[0], indent=1, ensure_ascii=False) if given.json else shown(every[0])
    sys.stdout.write(text + "\n")
    return 0 if all(each["ok"] for each in every) else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--scale", type=int, choices=SCALES, default=1)
    parser.add_argument("--growth", action="store_true", help="the three scales one after the other, and one table")
    parser.add_argument("--dossiers", type=int, default=DOSSIERS, help="of the measured year")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument(
        "--db", help="an empty database, with --growth one on a server; a file in a temporary folder by default"
    )
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="processes of the check")
    parser.add_argument("--verify-up-to", type=int, default=100, metavar="SCALE", help="check the log up to a scale")
    parser.add_argument("--replay-up-to", type=int, default=1, metavar="SCALE", help="replay the log up to a scale")
    parser.add_argument("--json", action="store_true")
    return parser


if __name__ == "__main__":
    sys.exit(main())
