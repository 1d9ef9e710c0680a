"""A year in an empty database, on top of its past, and what it leaves there."""

from __future__ import annotations

import random
import tempfile
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import Any

from benchmarks.nation import past_years
from benchmarks.nation.days import live, morning
from benchmarks.nation.desk import TimedDesk
from benchmarks.nation.filing import declare_certificates, plan_dossiers
from benchmarks.nation.nation import Nation
from benchmarks.nation.offices import found_councils, open_mailboxes, staff
from benchmarks.nation.steps import open_dossier
from ocop_flow import bootstrap, checking
from ocop_flow.clock import VIET_NAM
from ocop_flow.config import Settings, file_of
from ocop_flow.service import (
    rebuild,
)
from ocop_flow.service.office import Office

Json = dict[str, Any]
YEAR, DOSSIERS, OFFICIALS = 2028, 9_000, 5_000
#: Dossiers of the small year before, whose copies make the history.
FIRST = 90
SCALES = (1, 10, 100)


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
            morning(before, room)
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
    planned = plan_dossiers(nation, count)
    for each in planned:
        nation.at(each.day, partial(open_dossier, nation, each))
    declare_certificates(nation, planned)
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
