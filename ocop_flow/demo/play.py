"""Plays the whole year into a new training database and says what came of it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

from ocop_flow import bootstrap
from ocop_flow.clock import VIET_NAM
from ocop_flow.config import Settings
from ocop_flow.demo import beginnings, folder, post
from ocop_flow.demo import facts as published
from ocop_flow.demo.cases import Case, draw
from ocop_flow.demo.cast import enrol, handle
from ocop_flow.demo.desk import Desk
from ocop_flow.demo.facts import Facts
from ocop_flow.demo.lives import life
from ocop_flow.demo.sittings import council
from ocop_flow.demo.story import Story
from ocop_flow.demo.year import Progress, Year
from ocop_flow.domain.units import CENTRAL, Unit
from ocop_flow.errors import Text
from ocop_flow.service import rebuild
from ocop_flow.service.desk import law_exists
from ocop_flow.service.plan_view import plan_status

Json = dict[str, Any]

#: Which year is played unless another seed is given.
SEED = 27
#: Sittings of the district councils, of the slow district's, of the province's and of the centre's: (month, day).
_DISTRICT_DAYS = ((7, 17), (7, 29), (8, 20), (9, 10))
_BEHIND_DAYS = ((8, 5), (8, 20), (9, 10))
_PROVINCE_DAYS = ((7, 31), (8, 14), (8, 27), (9, 17), (10, 15), (11, 19))
_CENTRE_DAYS = ((12, 8),)


@dataclass(frozen=True, slots=True)
class Played:
    """What came of the year.

    states        state -> dossiers in it, in the order of the regime
    labels        state -> its name
    plan          status of the plan on the last day
    certificates  stars -> certificates, those declared from before included
    reminders     what was sent in the year, by status and by whom it reached, and what the audit says
    messages      three messages worth reading
    checked       what the verification of the log found
    ends_at       the clock at the end, for ``OCOP_NOW``
    sample        a dossier worth looking at
    officer       somebody whose inbox is not empty
    """

    facts: Facts
    province: str
    seed: int
    story: Story
    persons: int
    states: dict[str, int]
    labels: dict[str, Text]
    plan: Json
    certificates: dict[int, int]
    checked: Json
    reminders: Json
    messages: list[Json]
    ends_at: datetime
    commands: int
    sample: str
    officer: str


def play(settings: Settings, seed: int = SEED, dossiers: int | None = None, progress: Progress | None = None) -> Played:
    """Make a training database and let the year pass in it.

    settings  whose ``db`` does not exist yet
    dossiers  how many products are registered; None: as many as reported
    progress  called with each new day and the commands so far
    """
    facts = published.nam_dinh_2020()
    settings = replace(settings, handle=None, now=datetime.combine(facts.begins_on, time(7, 0), VIET_NAM))
    bootstrap.initialise(settings, sandbox=True, admin="admin", password=None)
    folder.mark(settings.db, seed)
    with TemporaryDirectory() as papers:
        desk = Desk(bootstrap.open_office(settings), Path(papers))
        return _play(facts, desk, bootstrap.folder_room(settings), seed, dossiers, progress)


def _play(
    facts: Facts, desk: Desk, room: bootstrap.PostRoom, seed: int, dossiers: int | None, progress: Progress | None
) -> Played:
    year = _year(facts, desk, seed)
    cases = draw(seed, dossiers or facts.registered, _communes(year))
    persons = enrol(year.desk, _offices(year, cases))
    post.adopt_example(year)
    post.open_mailboxes(year)
    beginnings.load_plan(year)
    year.add(post.deliver_daily(year, room))
    _plan_lives(year, cases)
    year.add(post.print_letters(year, room))
    year.run(progress or _silent)
    return _played(year, cases, seed, persons, room)


def _silent(_day: date, _commands: int) -> None:
    """Nobody watches."""


def _year(facts: Facts, desk: Desk, seed: int) -> Year:
    with desk.reading() as (uow, _):
        area = uow.area(facts.province)
        valid = (unit for unit in area if unit.valid_on(facts.begins_on) and unit.valid_on(facts.ends_on))
        there = sorted(valid, key=lambda unit: unit.code)
        calendar = uow.calendar([facts.province])
    province = next(unit for unit in there if unit.code == facts.province)
    districts = tuple(unit for unit in there if unit.tier == "district" and unit.parent_code == province.code)
    codes = {unit.code for unit in districts}
    communes = tuple(unit for unit in there if unit.tier == "commune" and unit.parent_code in codes)
    random = Random(f"ocop demo {seed} year")
    return Year(facts, desk, Story(), calendar, random, province, CENTRAL, districts, communes)


def _communes(year: Year) -> list[tuple[Unit, Unit]]:
    """Every commune with its district, in order of codes."""
    districts = {unit.code: unit for unit in year.districts}
    return [(unit, districts[str(unit.parent_code)]) for unit in year.communes]


def _offices(year: Year, cases: list[Case]) -> list[Unit]:
    """The centre, the province, its districts, and the communes that act themselves."""
    acting = {case.commune for case in cases if case.track == "new_product" or case.course == "withdrawn"}
    return [CENTRAL, year.province, *year.districts, *sorted(acting, key=lambda unit: unit.code)]


def _plan_lives(year: Year, cases: list[Case]) -> None:
    """Put everything that will go on by itself on the agenda."""
    for each in (beginnings.watch, beginnings.earlier, beginnings.own_tasks, beginnings.told_facts):
        year.add(each(year))
    behind = year.random.choice(year.districts)
    for unit in year.districts:
        days = _BEHIND_DAYS if unit == behind else _DISTRICT_DAYS
        founded = year.between(year.random, (6, 1), (6, 19))
        year.add(council(year, unit, founded, [year.on(*day) for day in days]))
    year.add(council(year, year.province, year.on(4, 23), [year.on(*day) for day in _PROVINCE_DAYS]))
    year.add(council(year, year.centre, year.on(9, 15), [year.on(*day) for day in _CENTRE_DAYS]))
    for case in cases:
        year.add(life(year, case))


def _played(year: Year, cases: list[Case], seed: int, persons: int, room: bootstrap.PostRoom) -> Played:
    with year.desk.reading() as (uow, office):
        held = Counter(row["state"] for row in uow.query("SELECT state FROM dossier"))
        law = law_exists(uow.law_on(year.today, year.province.code), year.today)
        stars = Counter(row["stars"] for row in uow.rows("certificate") if row["status"] != "replaced")
        plan = plan_status(uow, office, year.plan)
        checked = rebuild.check(office)
    reminded, messages = post.summary(year, room)
    named = {name: state.label for name, state in law.regime.states.items() if held[name]}
    left = next((case for case in cases if case.course == "left_in_supplement"), cases[0])
    sample = next((case for case in cases if case.course == "against_the_rules"), cases[0])
    return Played(
        facts=year.facts,
        province=year.province.name,
        seed=seed,
        story=year.story,
        persons=persons,
        states={name: held[name] for name in named},
        labels=named,
        plan=plan,
        certificates=dict(sorted(stars.items(), reverse=True)),
        checked=checked,
        reminders=reminded,
        messages=messages,
        ends_at=year.desk.moment,
        commands=year.desk.commands,
        sample=sample.code,
        officer=handle(left.district, "canbo"),
    )
