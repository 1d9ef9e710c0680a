"""A year of the nation through the application services in one process, and what it leaves in the database.

``python -m benchmarks.national_year [--scale 1|10|100] [--quick] [--db URL]``

2028 under 26/2026/QĐ-TTg: 34 provinces, 3,321 communes, 5,000 officials, provincial councils of nine, 9,000 dossiers,
half of them filed in the last eight days of April, June, October and December. Every command is decided, appended and
committed by itself, but for score sheets, which are keyed in groups as an import is. On each morning reminders are
found and given to a way out that keeps nothing.

``--scale 10`` and ``100`` put a history before the year: copies of the dossiers of a small year before it, each with
codes of its own, its events chained and hashed anew and appended through the store in groups of 500. What is measured
is the same year of 9,000 dossiers on top of it. ``--quick`` is 1 % of everything, to see that it runs.
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
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from time import perf_counter
from typing import Any

from ocop_flow import bootstrap
from ocop_flow.clock import VIET_NAM
from ocop_flow.config import Settings, file_of, url_of
from ocop_flow.demo.desk import Desk, Line
from ocop_flow.domain import canonical, codes
from ocop_flow.domain.commands import Act, Advance, Attachment, Open, Paper
from ocop_flow.domain.event import from_json
from ocop_flow.ports import Mail, UnitOfWork
from ocop_flow.service import (
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
from ocop_flow.service.office import Caller

Json = dict[str, Any]
YEAR, DOSSIERS, OFFICIALS, SEATS = 2028, 9_000, 5_000, 9
#: Months whose last days bring half of all dossiers, and how many days those are.
RUSHES, RUSH_DAYS = (4, 6, 10, 12), 8
SETS = ("coffee_cacao", "honey_other_raw_food", "tea_fresh_processed", "fast_food", "other_spices", "white_spirit")
KINDS = ("cooperative", "cooperative_group", "sme", "household", "farm")
#: Totals by part that give three and four stars.
PARTS = ("20,15,20", "30,20,25")
#: Events of the history committed together.
GROUP = 500
#: Dossiers of the small year before, whose copies make the history.
FIRST = 90
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

    watch = Watch()

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
    waiting: dict[str, list[tuple[str, str]]] = field(default_factory=lambda: defaultdict(list))
    councils: dict[str, str] = field(default_factory=dict)
    lessons: dict[tuple[str, str], Json | None] = field(default_factory=dict)
    reminders: list[int] = field(default_factory=list)
    letters: int = 0
    opened: list[str] = field(default_factory=list)
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
            unit_contacts.set_email(uow, desk.office, Caller("admin"), unit, f"u{unit}@ocop.example")
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


def plan_dossiers(nation: Nation, count: int) -> None:
    for number, day in enumerate(filing_days(nation.year, count, nation.chance)):
        nation.at(day, lambda number=number: _open(nation, number))  # type: ignore[misc]


def _open(nation: Nation, number: int) -> None:
    commune, province = nation.communes[number * 7919 % len(nation.communes)]
    track = "new_product" if number % 3 else "existing_product"
    command = Open(
        commune=commune,
        product=f"Sản phẩm {number:05d} năm {nation.year} (giả định)",
        entity=f"Cơ sở {number // 2:05d} năm {nation.year} xã {commune} (giả định)",
        entity_kind=KINDS[number % len(KINDS)],
        product_set=SETS[number % len(SETS)],
        kind="first",
        track=track,
    )
    made = nation.desk.do(f"{commune}-officer", dossiers.open_dossier, command)
    nation.opened.append(made["code"])
    step = Step(nation, made["code"], track, commune, province, number)
    nation.at(nation.after(10), step.go)


@dataclass
class Step:
    """One dossier on its way."""

    nation: Nation
    code: str
    track: str
    commune: str
    province: str
    number: int
    state: str = ""

    def go(self) -> None:
        """The next act forward: papers first, or the wait for the council."""
        if self.number % 20 == 19 and self.state.startswith("registration"):
            self._leave()
            return
        action = self._lesson()
        if action is None:
            self.nation.ends[self.state] += 1
        elif action["needs"]["scores"]:
            self.nation.waiting[self.province].append((self.code, self.track))
            _BACK[self.code] = self
        else:
            self.take(action)

    def _lesson(self) -> Json | None:
        """What is next in this state; asked of the law once for each way and state."""
        key = (self.track, self.state)
        if key not in self.nation.lessons or not self.state:
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
            desk.do(f"{self.commune}-officer", dossiers.attach, dossiers.Attach(self.code, papers))
        role, tier = action["roles"][0].split("@")
        unit = self.commune if tier == "commune" else self.province
        fields = {item["name"]: _value(item) for item in needs["fields"] if item["required"]}
        paper = Paper(number="12/QĐ-UBND") if needs["decision"] else Paper()
        reason = "theo hồ sơ" if needs["reason"] else None
        command = Advance(self.code, action["action"], Act(reason=reason, paper=paper), fields)
        moved = desk.do(f"{unit}-{role}", dossiers.advance, command)
        self.state = moved["to_state"]
        self.nation.at(self.nation.after(12), self.go)

    def _leave(self) -> None:
        command = Advance(self.code, "withdraw", Act(reason="Chủ thể đề nghị"))
        self.nation.desk.do(f"{self.commune}-officer", dossiers.advance, command)
        self.nation.ends["withdrawn"] += 1


#: Dossiers that wait for their council, by code.
_BACK: dict[str, Step] = {}
#: Forward in the law, but not the way that most take.
_ASIDE = frozenset({"send_to_central", "recognise_five_stars"})


def _value(item: Json) -> str:
    usual = {"boolean": "true", "integer": "1", "decimal": "1.5", "document_number": "12/QĐ-UBND"}
    return str((item.get("choices") or [usual.get(item["type"], "theo hồ sơ")])[0])


def sit(nation: Nation, province: str) -> None:
    """A sitting of nine over all that wait, at most seventy."""
    waiting, nation.waiting[province] = nation.waiting[province][:70], nation.waiting[province][70:]
    if not waiting:
        return
    desk, officer = nation.desk, f"{province}-officer"
    present = tuple(f"{province}-hd{seat}" for seat in range(SEATS))
    command = sittings.Convene(nation.councils[province], present, tuple(code for code, _ in waiting))
    sitting = str(desk.do(f"{province}-council_secretary", sittings.convene, command)["sitting"])
    began = perf_counter()
    sheets = [
        Line(
            f"{province}-council_secretary",
            scoring.score,
            scoring.ScoreSheet(sitting, code, who, parts=PARTS[_BACK[code].number % 2]),
        )
        for code, _ in waiting
        for who in present
    ]
    desk.batch(sheets)
    desk.watch.seconds["score (in groups)"] += [(perf_counter() - began) / len(sheets)] * len(sheets)
    for code, _ in waiting:
        desk.do(officer, results.close, results.Close(sitting, code))
        step = _BACK.pop(code)
        action = step._lesson()
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
            for province in sorted(nation.waiting):
                sit(nation, province)
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


# --- the history before it -------------------------------------------------------------------------------------------


def history(desk: Desk, opened: list[str], count: int) -> float:
    """Copies of dossiers with their products and entities, ``count`` in all; seconds."""
    began = perf_counter()
    with desk.reading() as (uow, _):
        models = [_model(uow, code) for code in opened]
    with desk.office.writer() as uow:
        kinds = ("dossier", "entity", "product")
        first = {kind: uow.next_number(kind, YEAR - 1) for kind in kinds}
        pending = 0
        for number in range(count):
            own = models[number % len(models)]
            new = {kind: codes.make(kind, YEAR - 1, first[kind] + number) for kind in kinds}
            pending += _copy(uow, own, new, number)
            if pending >= GROUP:
                uow.commit()
                pending = 0
        uow.commit()
    return perf_counter() - began


@dataclass(frozen=True, slots=True)
class Model:
    """A dossier with its entity and product: codes and names by kind, and the bytes of their events."""

    codes: dict[str, str]
    names: tuple[str, ...]
    streams: tuple[list[bytes], ...]


def _model(uow: UnitOfWork, code: str) -> Model:
    row = uow.query(
        "SELECT d.entity, d.product, e.name AS entity_name, p.name AS product_name FROM dossier d "
        "JOIN entity e ON e.code = d.entity JOIN product p ON p.code = d.product WHERE d.code = :code",
        code=code,
    )[0]
    own = {"entity": row["entity"], "product": row["product"], "dossier": code}
    streams = tuple([each.body() for each in uow.events(kind, own[kind])] for kind in own)
    return Model(own, (row["entity_name"], row["product_name"]), streams)


def _copy(uow: UnitOfWork, model: Model, new: dict[str, str], number: int) -> int:
    """Append the model's streams under new codes and names, each event chained to the one before; how many."""
    changed = {code: new[kind] for kind, code in model.codes.items()}
    changed |= {name: f"{name} {number:06d}" for name in model.names}
    count = 0
    for bodies in model.streams:
        before = None
        for body in bodies:
            text = body.decode()
            for old, own in changed.items():
                text = text.replace(old, own)
            event = from_json(canonical.decode(text.encode()))
            event = replace(event, data=_own_certificate(event.data, number), prev_hash=before or event.prev_hash)
            uow.append(event)
            before = event.hash()
            count += 1
    return count


def _own_certificate(data: Json, number: int) -> Json:
    """No two certificates have one number."""
    found = data.get("certificate")
    if isinstance(found, dict) and found.get("number"):
        return {**data, "certificate": {**found, "number": f"{found['number']}.{number}"}}
    return data


# --- what came of it -------------------------------------------------------------------------------------------------


def size_of(settings: Settings, office: Any) -> int:
    """Bytes of the database, its journal included."""
    file = file_of(settings.db)
    if file is not None:
        return sum(each.stat().st_size for each in file.parent.glob(file.name + "*") if each.is_file())
    with office.reader() as uow:
        return int(uow.query("SELECT pg_database_size(current_database()) AS n")[0]["n"])


def measured(settings: Settings, count: int, officials: int, past: int) -> Json:
    """``count`` dossiers by so many officials, on top of ``past`` dossiers."""
    settings = replace(settings, now=datetime(YEAR - 1, 1, 1, 7, tzinfo=VIET_NAM))
    bootstrap.initialise(settings, sandbox=True, admin="admin", password=None)
    with tempfile.TemporaryDirectory() as papers:
        desk = TimedDesk(bootstrap.open_office(settings), Path(papers))
        communes = staff(desk, officials)
        open_mailboxes(desk, communes)
        empty, room = size_of(settings, desk.office), bootstrap.folder_room(settings)
        told: Json = {"history_dossiers": past, "history_seconds": None}
        if past:
            before = _begun(desk, communes, YEAR - 1, min(FIRST, past))
            live(before, room)
            told["history_seconds"] = round(history(desk, before.opened, past - len(before.opened)), 1)
        desk.begin(date(YEAR, 1, 1))
        nation = _begun(desk, communes, YEAR, count)
        desk.watch.seconds.clear()
        began, commands = perf_counter(), desk.commands
        live(nation, room)
        seconds = perf_counter() - began
        return {**told, **_result(settings, desk, nation, seconds, desk.commands - commands, empty, past)}


def _begun(desk: TimedDesk, communes: list[tuple[str, str]], year: int, count: int) -> Nation:
    """A year in which so many dossiers will be filed, with its councils."""
    nation = Nation(desk, random.Random(year), communes, year)
    found_councils(nation)
    plan_dossiers(nation, count)
    return nation


def _result(
    settings: Settings, desk: TimedDesk, nation: Nation, seconds: float, commands: int, empty: int, past: int
) -> Json:
    size = size_of(settings, desk.office)
    began = perf_counter()
    checked = rebuild.check(desk.office)
    verify_seconds = perf_counter() - began
    began = perf_counter()
    replayed = rebuild.rebuild(desk.office, dry_run=True)
    replay_seconds = perf_counter() - began
    every = len(nation.opened) + past
    days = nation.reminders
    return {
        "database": "sqlite" if file_of(settings.db) else "postgresql",
        "communes_at_work": len(nation.communes),
        "dossiers": every,
        "events": checked["events"],
        "ok": checked["ok"] and replayed["ok"],
        "problems": [*checked["problems"], *replayed["problems"]][:5],
        "seconds": round(seconds, 1),
        "commands": commands,
        "commands_per_second": round(commands / seconds, 1),
        "reminders": sum(days),
        "reminders_per_day": round(sum(days) / max(1, len(days)), 1),
        "most_reminders_in_a_day": max(days, default=0),
        "letters": nation.letters,
        "bytes_per_dossier": round((size - empty) / max(1, every)),
        "verify_seconds": round(verify_seconds, 1),
        "replay_seconds": round(replay_seconds, 1),
        "ends": dict(nation.ends),
        "by_command": desk.watch.table(),
    }


def shown(found: Json) -> str:
    lines = [f"{name:<26}{value}" for name, value in found.items() if name != "by_command"]
    lines.append(f"\n{'command':<28}{'n':>8}{'p50 ms':>10}{'p99 ms':>10}")
    for name, each in found["by_command"].items():
        lines.append(f"{name:<28}{each['n']:>8}{each['p50_ms']:>10}{each['p99_ms']:>10}")
    return "\n".join(lines)


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--scale", type=int, choices=(1, 10, 100), default=1)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--db", help="an empty database; a file in a temporary folder by default")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    part = 100 if given.quick else 1
    os.environ.pop("OCOP_NOW", None)
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(url_of(given.db or str(Path(folder) / "ocop.db")), "vi", None, None)
        past = (given.scale - 1) * DOSSIERS // part
        found = measured(settings, DOSSIERS // part, max(500, OFFICIALS // part), past)
    sys.stdout.write((json.dumps(found, indent=1, ensure_ascii=False) if given.json else shown(found)) + "\n")
    return 0 if found["ok"] else 1


if __name__ == "__main__":
    sys.exit(main())
