"""Random officials over every regime, against a small model that reads the regime's file on its own.

What must hold whatever they try (DESIGN sections 2, 3 and 5):
no path but undo leads outside the file's graph; every dossier can still reach an end; the fold of the log equals the
view after each step; replay is deterministic; nobody without the post moves anything; a refusal writes nothing.

``HYPOTHESIS_PROFILE=long pytest tests/property/test_dossier_machine.py`` runs many more and longer walks.
"""

from __future__ import annotations

import atexit
import os
import tempfile
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import cache
from importlib.resources import files
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from ocop_flow import bootstrap, yamlfile
from ocop_flow.clock import VIET_NAM
from ocop_flow.config import Settings
from ocop_flow.domain import chain, dossier_fold
from ocop_flow.domain.commands import Act, Advance, Attachment, Open, Paper
from ocop_flow.domain.dossier import Dossier
from ocop_flow.domain.event import Event, time_text
from ocop_flow.domain.point import Point
from ocop_flow.errors import OcopFlowError
from ocop_flow.service import councils, dossiers, people, results, scoring, sittings
from ocop_flow.service.office import Caller, Office, carry_out

if TYPE_CHECKING:
    from ocop_flow.domain.event import Event, time_text

#: A first day in each regime that leaves room for a long walk before the next one begins.
DAYS = {
    "provincial_provisional": date(2019, 5, 6),
    "qd_1048_2019": date(2020, 7, 1),
    "qd_148_2023": date(2024, 3, 1),
    "qd_1489_2025": date(2025, 9, 1),
    "qd_26_2026": date(2026, 6, 1),
}
NEW_UNITS = date(2025, 7, 1)
COMMUNE, NEIGHBOUR = "12103", "12127"
#: Units above the commune, and a stranger of each tier.
BEFORE = {"commune": COMMUNE, "district": "328", "province": "33", "central": "central"}
AFTER = {tier: unit for tier, unit in BEFORE.items() if tier != "district"}
STRANGERS = {"commune": NEIGHBOUR, "district": "001", "province": "01"}
ROLES = ("officer", "leader", "advisory_team", "council_secretary", "auditor", "admin")
#: Part totals that give so many stars under the maxima 35-25-40 and 40-25-35 alike.
PARTS = {5: "34,24,34", 4: "30,20,25", 3: "20,15,20", 2: "15,10,10"}
LONG = os.environ.get("HYPOTHESIS_PROFILE") == "long"


# --- the model: what the file says -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Graph:
    """One regime file, read without the product's own reader.

    moves   (state, action) -> next state
    roles   action -> [(role, tier or "holder")]
    tiers   state -> tier that holds it, None where closed
    fields  action -> a value for every field that it requires
    """

    moves: dict[tuple[str, str], str]
    kinds: dict[str, str]
    roles: dict[str, list[tuple[str, str]]]
    tiers: dict[str, str | None]
    tracks: dict[str, str]
    evidence: list[str]
    fields: dict[str, dict[str, str]]

    def actions(self, state: str) -> list[str]:
        return [action for source, action in self.moves if source == state]

    def may(self, action: str, state: str) -> set[tuple[str, str]]:
        """(role, unit's tier) that may carry out an action from a state."""
        return {(role, str(self.tiers[state]) if tier == "holder" else tier) for role, tier in self.roles[action]}

    def ends_from(self, state: str) -> set[str]:
        """Ends that can be reached from a state: closed ones, and promotion."""
        seen, todo = {state}, [state]
        while todo:
            here = todo.pop()
            for (source, _), target in self.moves.items():
                if source == here and target not in seen:
                    seen.add(target)
                    todo.append(target)
        return {each for each in seen if each.startswith(("closed.", "promotion."))}


@cache
def graph_of(regime: str) -> Graph:
    document = yamlfile.read((files("ocop_flow.workflows") / f"{regime}.yaml").read_bytes(), regime).data
    values = {item["id"]: item["value"] for item in document["parameters"]}

    def value(found: Any) -> Any:
        return values[found["parameter"]] if isinstance(found, dict) else found

    states = [item["id"] for item in document["states"]]
    moves = {
        (state, item["id"]): str(value(item["to"]))
        for item in document["actions"]
        for state in states
        if any(state == source or state.startswith(f"{source}.") for source in item["from"])
    }
    roles = {item["id"]: [_role(each) for each in item.get("roles", ())] for item in document["actions"]}
    return Graph(
        moves=moves,
        kinds={item["id"]: item["kind"] for item in document["actions"]},
        roles=roles,
        tiers={item["id"]: value(item.get("tier")) for item in document["states"]},
        tracks=document["tracks"],
        evidence=[item["id"] for item in document["evidence"]],
        fields={
            item["id"]: {
                need["name"]: need["choices"][0] if need["type"] == "choice" else "true"
                for need in item.get("fields", ())
                if need["required"]
            }
            for item in document["actions"]
        },
    )


def _role(text: str) -> tuple[str, str]:
    role, _, tier = text.partition("@")
    return role, tier


# --- the product under test ------------------------------------------------------------------------------------------


@dataclass
class MovingClock:
    moment: datetime

    def now(self) -> datetime:
        return self.moment


@dataclass
class House:
    """One database for all walks of a regime: the office, and who holds which post there.

    posts  handle -> (role, unit)
    """

    office: Office
    clock: MovingClock
    units: dict[str, str]
    posts: dict[str, tuple[str, str]] = field(default_factory=dict)
    councils: dict[str, str] = field(default_factory=dict)

    def do(self, handle: str, work: Any, command: Any) -> Any:
        caller = Caller(handle)
        return carry_out(self.office, "test", command, caller, lambda uow: work(uow, self.office, caller, command))

    def holders(self, role: str, unit: str) -> list[str]:
        return [handle for handle, post in self.posts.items() if post == (role, unit)]


@cache
def blank_database() -> Path:
    folder = tempfile.TemporaryDirectory(prefix="ocop-machine-")
    atexit.register(folder.cleanup)
    db = Path(folder.name) / "blank.db"
    bootstrap.initialise(Settings(f"sqlite:///{db}", "en", None, None), sandbox=True, admin="admin", password=None)
    return db


@cache
def house_of(regime: str) -> House:
    """The office of a regime, with every role at every tier and a stranger for each."""
    db = blank_database().with_name(f"{regime}.db")
    db.write_bytes(blank_database().read_bytes())
    day = DAYS[regime]
    clock = MovingClock(datetime(day.year, day.month, day.day, 9, tzinfo=VIET_NAM))
    opened = bootstrap.open_office(Settings(f"sqlite:///{db}", "en", None, clock.moment))
    units = BEFORE if day < NEW_UNITS else AFTER
    house = House(replace(opened, clock=clock), clock, units)
    for tier, unit in units.items():
        for role in ROLES:
            _appoint(house, f"{role}.{tier}".replace("_", "-"), role, unit)
            if tier in STRANGERS:
                _appoint(house, f"{role}.{tier}.stranger".replace("_", "-"), role, STRANGERS[tier])
    for tier in units:
        _found_council(house, tier, day)
    return house


def _appoint(house: House, handle: str, role: str, unit: str) -> None:
    since = NEW_UNITS if "district" not in house.units else date(2018, 1, 1)
    house.do("admin", people.add, people.AddPerson(handle, f"Cán bộ {handle}"))
    house.do("admin", people.appoint, people.Appoint(handle, unit, role, "1/QĐ-UBND", since))
    house.posts[handle] = (role, unit)


def _found_council(house: House, tier: str, day: date) -> None:
    secretary = f"council-secretary.{tier}"
    create = councils.Create(house.units[tier], "10/QĐ-HĐOCOP", 1, day.year)
    code = house.do(secretary, councils.create, create)["code"]
    house.do(secretary, councils.seat, councils.SeatMember(code, f"leader.{tier}", "council_chair"))
    house.councils[tier] = code


# --- the machine -----------------------------------------------------------------------------------------------------


def chained(events: list[Event]) -> list[chain.Finding]:
    """Faults of the chain of one stream."""
    found = chain.Walk(size=0, settled=0)
    rows = []
    for e in events:
        columns = (e.hash(), e.action, time_text(e.recorded_at), e.occurred_on.isoformat())
        rows.append(("dossier", e.subject, e.seq, *columns, e.body(), e.seq, None))
    assert [stream.whole for stream in chain.walk(rows, found, keep=False)] == [True]
    return found.findings


class Walk(RuleBasedStateMachine):
    """One dossier among random officials. ``regime`` is set by the subclasses below."""

    regime = ""

    def __init__(self) -> None:
        super().__init__()
        self.graph = graph_of(self.regime)
        self.house = house_of(self.regime)
        day = DAYS[self.regime]
        self.house.clock.moment = datetime(day.year, day.month, day.day, 9, tzinfo=VIET_NAM)
        #: The model: where the dossier should be, event by event, and who did each act.
        self.states: list[str] = []
        self.doers: list[str] = []
        self.acts: list[str] = []
        self.code = ""

    @initialize(
        kind=st.sampled_from(["first", "upgrade", "re_rating"]),
        track=st.sampled_from(["new_product", "existing_product"]),
    )
    def open(self, kind: str, track: str) -> None:
        command = Open(COMMUNE, "Cà phê", "HTX số 1", "cooperative", "coffee_cacao", kind, track)
        opened = self.house.do("officer.commune", dossiers.open_dossier, command)
        self.code = opened["code"]
        self._happened(self.graph.tracks[track], "officer.commune", "open")

    # what they do

    @rule(days=st.integers(0, 3))
    def time_passes(self, days: int) -> None:
        self.house.clock.moment += timedelta(days=days, minutes=1)

    @rule(data=st.data(), prepared=st.booleans())
    def anybody_tries_anything(self, data: st.DataObject, prepared: bool) -> None:
        """Any official, any action of the regime, on any near day, with or without what it needs."""
        handle = data.draw(st.sampled_from(sorted(self.house.posts)), "who")
        action = data.draw(st.sampled_from(sorted(self.graph.kinds)), "action")
        offset = data.draw(st.sampled_from([0, 0, 0, -1, -40, 1]), "days from today")
        words = self._full(action) if prepared else {}
        self._try(handle, action, self._today() + timedelta(offset), words)

    @rule(data=st.data(), elsewhere=st.booleans())
    def almost_the_right_person_acts(self, data: st.DataObject, elsewhere: bool) -> None:
        """An action of the state with all that it needs, by the right role elsewhere or another role there."""
        state = self.states[-1]
        actions = [each for each in self.graph.actions(state) if self.graph.kinds[each] != "system"]
        if not actions:
            return
        action = data.draw(st.sampled_from(sorted(actions)), "action")
        rightful = {(role, self.house.units.get(tier)) for role, tier in self.graph.may(action, state)}
        roles, units = {role for role, _ in rightful}, {unit for _, unit in rightful}
        near = [
            handle
            for handle, (role, unit) in sorted(self.house.posts.items())
            if (role, unit) not in rightful and (role in roles if elsewhere else unit in units)
        ]
        handle = data.draw(st.sampled_from(near), "who")
        assert not self._try(handle, action, None, self._full(action)), f"{handle} moved {action} from {state}"

    @rule(data=st.data(), stars=st.sampled_from(sorted(PARTS)), on=st.booleans())
    def a_rightful_holder_acts(self, data: st.DataObject, stars: int, on: bool) -> None:
        """Any action of the state."""
        self._rightly(data, stars, on, {"forward", "return", "reject", "withdraw", "correct"})

    @rule(data=st.data(), stars=st.sampled_from(sorted(PARTS)), on=st.booleans(), steps=st.integers(1, 4))
    def the_dossier_goes_forward(self, data: st.DataObject, stars: int, on: bool, steps: int) -> None:
        """Most of what an office does: without this rule a walk would seldom come far."""
        for _ in range(steps):
            self._rightly(data, stars, on, {"forward"})

    def _rightly(self, data: st.DataObject, stars: int, on: bool, kinds: set[str]) -> None:
        """An action by its holder with everything that it needs; only the council's result may speak against it."""
        state = self.states[-1]
        actions = [each for each in self.graph.actions(state) if self.graph.kinds[each] in kinds]
        if not actions:
            return
        action = data.draw(st.sampled_from(sorted(actions)), "action")
        role, tier = sorted(self.graph.may(action, state))[0]
        if tier not in self.house.units:
            return
        if state.endswith("_council") and self.graph.kinds[action] == "forward":
            self._hold_sitting(str(self.graph.tiers[state]), stars)
        done = self._try(
            self.house.holders(role, self.house.units[tier])[0],
            action,
            self._today() if on else None,
            self._full(action),
        )
        guarded = self.graph.kinds[action] in ("forward", "reject", "correct")
        assert done or guarded, f"{action} from {state} was refused although nothing can speak against it"

    @rule(data=st.data(), copies=st.integers(0, 3), older=st.integers(0, 400))
    def anybody_files_a_paper(self, data: st.DataObject, copies: int, older: int) -> None:
        handle = data.draw(st.sampled_from(sorted(self.house.posts)), "who")
        kind = data.draw(st.sampled_from(self.graph.evidence), "kind")
        act = Act(on=self._today() - timedelta(older))
        command = dossiers.Attach(self.code, (Attachment(kind, copies),), act=act)
        if self._attempt(handle, dossiers.attach, command) is not None:
            assert copies > 0
            assert not self.states[-1].startswith("closed.")
            self._happened(self.states[-1], handle, "attach")

    @precondition(lambda self: len(self.states) > 1)
    @rule(data=st.data(), own=st.booleans())
    def somebody_takes_the_newest_act_back(self, data: st.DataObject, own: bool) -> None:
        others = [handle for handle, (role, _) in sorted(self.house.posts.items()) if role != "auditor"]
        handle = self.doers[-1] if own else data.draw(st.sampled_from([*others, *self.doers]), "who")
        if self._attempt(handle, dossiers.undo, dossiers.Undo(self.code)) is not None:
            assert handle == self.doers[-1], "another's act was taken back"
            assert self.acts[-1] not in ("open", "undo")
            self._happened(self.states[-2], handle, "undo")

    # what must hold

    @invariant()
    def the_view_is_the_fold_of_the_log(self) -> None:
        if not self.code:
            return
        events, view = self._read()
        folded = dossier_fold.replay(events)
        assert folded is not None
        assert folded._replace(before=None) == view._replace(before=None)
        assert dossier_fold.replay(events) == folded
        assert (view.state, view.version) == (self.states[-1], len(self.states))
        assert chained(events) == []

    @invariant()
    def there_is_an_answer_for_every_day(self) -> None:
        """A dossier from its opening on, none before, whatever was filed beside it (DESIGN principle 7)."""
        if not self.code:
            return
        events, _ = self._read()
        days = {event.occurred_on for event in events}
        for day in days | {min(days) - timedelta(1)}:
            found = dossier_fold.replay(Point(at=day).cut(events))
            assert (found is not None) == (day >= events[0].occurred_on)

    @invariant()
    def the_log_is_a_path_through_the_files_graph(self) -> None:
        if not self.code:
            return
        events, _ = self._read()
        assert [event.to_state for event in events] == self.states
        for before, event in pairwise(events):
            assert event.from_state == before.to_state
            if event.action in self.graph.kinds:
                assert self.graph.moves[str(event.from_state), event.action] == event.to_state
            elif event.action != "undo":
                assert event.from_state == event.to_state

    @invariant()
    def an_end_can_still_be_reached(self) -> None:
        if self.code:
            assert self.graph.ends_from(self.states[-1])

    def teardown(self) -> None:
        """And it is reached: the entity withdraws, unless the dossier has come to an end already."""
        if not self.code:
            return
        if not self.states[-1].startswith(("closed.", "promotion.")):
            command = Advance(self.code, "withdraw", Act(reason="theo đơn"))
            assert self.house.do("officer.commune", dossiers.advance, command)["to_state"] == "closed.withdrawn"

    # how

    def _today(self) -> date:
        return self.house.clock.moment.astimezone(VIET_NAM).date()

    def _happened(self, state: str, handle: str, act: str) -> None:
        self.states.append(state)
        self.doers.append(handle)
        self.acts.append(act)

    def _read(self) -> tuple[list[Event], Dossier]:
        with self.house.office.reader() as uow:
            view = uow.dossier(self.code)
            assert view is not None
            return uow.events("dossier", self.code), view

    def _full(self, action: str) -> dict[str, Any]:
        """Whatever an action of any regime may need, apart from a sitting."""
        attachments = tuple(Attachment(kind, 5) for kind in self.graph.evidence)
        return {
            "fields": self.graph.fields[action],
            "attachments": attachments,
            "paper": Paper(number="12/QĐ-UBND"),
            "reason": "lý do",
        }

    def _try(self, handle: str, action: str, on: date | None, words: dict[str, Any]) -> bool:
        """One move; the model judges it if it went through. Whether it did."""
        act = Act(on=on, reason=words.get("reason"), paper=words.get("paper", Paper()))
        command = Advance(self.code, action, act, words.get("fields", {}), words.get("attachments", ()))
        state = self.states[-1]
        moved = self._attempt(handle, dossiers.advance, command)
        if moved is None:
            return False
        assert (state, action) in self.graph.moves, f"{action} is not possible from {state}"
        assert moved["to_state"] == self.graph.moves[state, action]
        role, unit = self.house.posts[handle]
        rightful = {(each, self.house.units.get(tier)) for each, tier in self.graph.may(action, state)}
        assert (role, unit) in rightful, f"{handle} moved {action} from {state}"
        assert on is None or on <= self._today()
        self._happened(moved["to_state"], handle, action)
        return True

    def _attempt(self, handle: str, work: Any, command: Any) -> Any:
        """The answer, or None where it was refused; then nothing was written."""
        try:
            return self.house.do(handle, work, command)
        except OcopFlowError:
            events, view = self._read()
            assert [event.to_state for event in events] == self.states
            assert view.version == len(self.states)
            return None

    def _hold_sitting(self, tier: str, stars: int) -> None:
        secretary, chair = f"council-secretary.{tier}", f"leader.{tier}"
        code = self.house.councils[tier]
        convened = self.house.do(secretary, sittings.convene, sittings.Convene(code, (chair,), (self.code,)))
        sitting = convened["sitting"]
        if self.regime == "provincial_provisional":  # its stars are declared: there is nothing to score
            return
        sheet = scoring.ScoreSheet(sitting, self.code, chair, PARTS[stars])
        self.house.do(secretary, scoring.score, sheet)
        self._happened(self.states[-1], chair, "score")
        self.house.do(secretary, results.close, results.Close(sitting, self.code))
        self._happened(self.states[-1], secretary, "close_sitting")


def _test_of(name: str) -> Any:
    machine: Any = type(f"Walk_{name}", (Walk,), {"regime": name})
    case = machine.TestCase
    case.settings = settings(
        max_examples=400 if LONG else 8,
        stateful_step_count=60 if LONG else 30,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    case.__doc__ = f"Random officials over {name}: see the module."
    return case


TestProvincialProvisional = _test_of("provincial_provisional")
TestQd1048 = _test_of("qd_1048_2019")
TestQd148 = _test_of("qd_148_2023")
TestQd1489 = _test_of("qd_1489_2025")
TestQd26 = _test_of("qd_26_2026")
