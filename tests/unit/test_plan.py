"""Plans as values: history, status of milestones and targets, duties."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocop_flow.calendars import load_calendar
from ocop_flow.domain import canonical
from ocop_flow.domain.dossier import Visit
from ocop_flow.domain.event import GENESIS, SYSTEM, Event
from ocop_flow.domain.plan import Plan, to_json
from ocop_flow.domain.plan_facts import NO_FACTS, DossierFact, PlanFacts, Recognition, passed_on
from ocop_flow.domain.plan_order import check_order
from ocop_flow.domain.plan_record import (
    PlanRecord,
    check_done,
    check_move,
    done_data,
    loaded_data,
    moved_data,
    plan_on,
    replay_plan,
)
from ocop_flow.domain.plan_status import MilestoneStatus, duties, status, status_json
from ocop_flow.domain.target_status import TargetStatus
from ocop_flow.domain.units import Unit, UnitTree
from ocop_flow.errors import InputInvalid, NotFound, Refused
from ocop_flow.planfile import load_plan
from ocop_flow.unitdata import packaged_units

NAM_DINH = Path(__file__).parents[2] / "docs" / "examples" / "plan-27-KH-UBND.yaml"
IDENTITY = "36:2020:27/KH-UBND"
#: States of 1048/QĐ-TTg in the order of its file, as far as these tests walk.
ORDER = (
    "registration.intake",
    "registration.supplement",
    "evaluation.district_check",
    "evaluation.district_supplement",
    "evaluation.district_council",
    "rating.district_decision",
    "evaluation.province_check",
    "evaluation.province_council",
    "rating.province_decision",
    "promotion.active",
    "closed.rejected",
)
COUNCIL = "evaluation.district_council"
DISTRICTS = ("356", "358", "359", "360", "361", "362", "363", "364", "365", "366")


@cache
def country() -> UnitTree:
    return UnitTree(*packaged_units())


def event(seq: int, action: str, on: date, data: dict[str, Any], reason: str | None = None) -> Event:
    return Event(
        subject_kind="plan",
        subject=IDENTITY,
        seq=seq,
        action=action,
        from_state=None,
        to_state=None,
        recorded_at=datetime(2020, 12, 31, tzinfo=UTC),
        occurred_on=on,
        actor=SYSTEM,
        recorder=SYSTEM,
        signer=None,
        entry="live",
        overridden=(),
        warnings=(),
        key=None,
        regime=None,
        workflow_hash=None,
        data=data,
        reason=reason,
        prev_hash=GENESIS,
    )


def history(*acts: tuple[str, date, dict[str, Any], str | None]) -> PlanRecord:
    """The Nam Định plan with what happened after it was loaded."""
    document = load_plan(NAM_DINH.read_bytes(), NAM_DINH.name, country(), load_calendar()).document
    events = [event(1, "plan_loaded", date(2020, 3, 30), loaded_data(document))]
    events += [event(seq, action, on, data, why) for seq, (action, on, data, why) in enumerate(acts, start=2)]
    record = replay_plan(events)
    assert record is not None
    return record


def done(milestone: str, unit: str, on: date) -> tuple[str, date, dict[str, Any], None]:
    return ("milestone_done", on, done_data(milestone, unit, None), None)


def moved(milestone: str, wording: str, on: date) -> tuple[str, date, dict[str, Any], str]:
    return ("milestone_moved", on, moved_data(milestone, wording, "12/QĐ-UBND"), "Do dịch bệnh")


def plan(record: PlanRecord, on: date | None = None) -> Plan:
    return plan_on(record, country(), load_calendar(), on)


def milestone(record: PlanRecord, name: str, on: date, facts: PlanFacts = NO_FACTS) -> MilestoneStatus:
    found = status(plan(record, on), record, on, facts, country())
    return next(item for item in found.milestones if item.milestone.id == name)


def area(district: str) -> tuple[Unit, ...]:
    """The district and its province, as on the plan's day of issue."""
    units = (country().on(code, date(2020, 3, 30)) for code in (district, "36"))
    return tuple(unit for unit in units if unit is not None)


def dossier(code: str, *visits: tuple[str, date, str], district: str = "356", of: str | None = IDENTITY) -> DossierFact:
    """A dossier that was opened in intake on 1 June and then went where ``visits`` say."""
    opened = Visit("registration.intake", date(2020, 6, 1), 1, "open")
    walked = (Visit(state, on, seq, kind) for seq, (state, on, kind) in enumerate(visits, start=2))
    return DossierFact(code, of, "SP-" + code, "CT-" + code, area(district), (opened, *walked), ORDER, None, None)


def july(day: int) -> date:
    return date(2020, 7, day)


# History


def test_the_document_of_a_plan_is_a_canonical_value() -> None:
    """DESIGN section 4: what stands in an event is strings, integers, booleans, lists and objects."""
    document = load_plan(NAM_DINH.read_bytes(), NAM_DINH.name, country(), load_calendar()).document
    assert canonical.encode(document)


def test_a_moved_milestone_keeps_its_first_day_in_the_history() -> None:
    """DESIGN section 7, plan move: changed by a decision with a reason; asked before it, the old day stands."""
    record = history(moved("district_rating", "trước ngày 15/8", july(20)))
    before, after = (milestone(record, "district_rating", on) for on in (july(19), july(20)))
    assert (str(before.current.due.due_on), before.moves) == ("2020-07-31", ())
    assert str(after.current.due.due_on) == "2020-08-14"
    assert [(move.wording, move.decision, move.reason) for move in after.moves] == [
        ("trước ngày 15/8", "12/QĐ-UBND", "Do dịch bệnh")
    ]


def test_a_move_that_breaks_the_order_is_refused_until_the_later_milestone_has_moved() -> None:
    """Order is given by `after`: due not before each (DESIGN section 8)."""
    record = history()
    with pytest.raises(InputInvalid) as caught:
        check_move(record, "district_rating", "trong tháng 9", country(), load_calendar())
    assert [fault.code for fault in caught.value.reasons] == ["plan_order_broken"]
    later = history(moved("province_rating", "trong tháng 9", july(1)))
    assert check_move(later, "district_rating", "trong tháng 9", country(), load_calendar()).plan is not None


def test_a_move_of_no_milestone_or_to_no_time_is_refused() -> None:
    """Exit 4 for what is absent, exit 2 for what is not understood (DESIGN section 7)."""
    with pytest.raises(NotFound):
        check_move(history(), "nobody", "trong tháng 9", country(), load_calendar())
    with pytest.raises(InputInvalid) as caught:
        check_move(history(), "district_rating", "khi nào xong", country(), load_calendar())
    assert [fault.code for fault in caught.value.reasons] == ["plan_due_wording_not_understood"]


def test_only_a_responsible_unit_reports_a_milestone_and_only_once() -> None:
    """The launch is the province's own task."""
    record = history(done("launch_conference", "36", date(2020, 4, 20)))
    now = plan(record)
    assert check_done(now, record, "council_renewed", "36") is None
    with pytest.raises(Refused) as caught:
        check_done(now, record, "council_renewed", "356")
    assert caught.value.reasons[0].code == "plan_unit_not_responsible"
    with pytest.raises(Refused) as caught:
        check_done(now, record, "launch_conference", "36")
    assert caught.value.reasons[0].code == "plan_already_done"
    with pytest.raises(NotFound):
        check_done(now, record, "nobody", "36")


# Milestones


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (date(2020, 4, 20), ("open", None, 0)),
        (date(2020, 4, 30), ("open", None, 0)),
        (date(2020, 5, 2), ("late", None, 2)),
        (date(2020, 5, 4), ("met", date(2020, 5, 4), 4)),
        (date(2020, 8, 1), ("met", date(2020, 5, 4), 4)),
    ],
)
def test_an_own_task_is_open_then_late_then_met_with_its_days_of_delay(
    asked: date, expected: tuple[str, date | None, int]
) -> None:
    """DESIGN section 4: late is not done and past; met is done, late_days if after. Due 30 April, done 4 May."""
    record = history(done("launch_conference", "36", date(2020, 5, 4)))
    found = milestone(record, "launch_conference", asked)
    (row,) = found.current.units
    assert (row.status, row.done_on, row.late_days) == expected
    assert found.status == expected[0]


def test_a_milestone_of_every_district_is_met_when_all_districts_are() -> None:
    """DESIGN section 4: a milestone is met when all its units are."""
    nine = history(*(done("district_rating", code, july(20)) for code in DISTRICTS[:9]))
    ten = history(*(done("district_rating", code, july(20)) for code in DISTRICTS))
    assert milestone(nine, "district_rating", july(31)).status == "open"
    assert milestone(nine, "district_rating", date(2020, 8, 1)).status == "late"
    assert milestone(ten, "district_rating", july(31)).status == "met"


def test_a_district_is_done_on_the_day_its_last_dossier_left_the_council() -> None:
    """DESIGN section 6: all dossiers of this plan past the state: left forward, skipped, or closed."""
    forward = dossier("A", (COUNCIL, july(5), "forward"), ("rating.district_decision", july(10), "forward"))
    skipped = dossier("B", ("evaluation.province_check", july(12), "forward"))
    closed = dossier("C", ("closed.rejected", july(28), "reject"))
    elsewhere = dossier("D", district="359")
    of_no_plan = dossier("E", of=None)
    facts = PlanFacts((forward, skipped, closed, elsewhere, of_no_plan))
    rows = {row.unit.code: row for row in milestone(history(), "district_rating", july(28), facts).current.units}
    assert (rows["356"].status, rows["356"].done_on, rows["356"].late_days) == ("met", july(28), 0)
    assert (rows["359"].status, rows["359"].dossiers_behind) == ("open", ("D",))
    # A district without any dossier stays open: nothing shows that none will come.
    assert (rows["360"].status, rows["360"].dossiers_behind) == ("open", ())


def test_dossiers_left_behind_make_the_district_late_after_the_day() -> None:
    """The codes of those not yet past are named."""
    facts = PlanFacts((dossier("B"), dossier("A", (COUNCIL, july(30), "forward"))))
    rows = {r.unit.code: r for r in milestone(history(), "district_rating", date(2020, 8, 3), facts).current.units}
    assert (rows["356"].status, rows["356"].late_days, rows["356"].dossiers_behind) == ("late", 3, ("A", "B"))


def test_a_district_may_report_the_milestone_though_dossiers_are_behind() -> None:
    """`plan done` is accepted for both kinds; what is behind stays visible."""
    record = history(done("district_rating", "356", july(20)))
    found = milestone(record, "district_rating", july(31), PlanFacts((dossier("A"),)))
    rows = {row.unit.code: row for row in found.current.units}
    assert (rows["356"].status, rows["356"].done_on, rows["356"].dossiers_behind) == ("met", july(20), ("A",))


@pytest.mark.parametrize(
    ("visits", "state", "expected"),
    [
        ((), COUNCIL, None),
        (((COUNCIL, july(5), "forward"),), COUNCIL, None),
        (((COUNCIL, july(5), "forward"), ("evaluation.district_supplement", july(6), "return")), COUNCIL, None),
        (((COUNCIL, july(5), "forward"), ("rating.district_decision", july(9), "forward")), COUNCIL, july(9)),
        (
            (
                (COUNCIL, july(5), "forward"),
                ("rating.district_decision", july(9), "forward"),
                (COUNCIL, july(11), "correct"),
                ("rating.district_decision", july(15), "forward"),
            ),
            COUNCIL,
            july(15),
        ),
        ((("evaluation.province_check", july(7), "forward"),), COUNCIL, july(7)),
        ((("closed.rejected", july(8), "reject"),), "evaluation.province_council", july(8)),
        # The supplement stands after intake in the file, but being sent there is not progress.
        ((("registration.supplement", july(3), "return"),), "registration.intake", None),
        (
            (("registration.supplement", july(3), "return"), ("registration.intake", july(4), "forward")),
            "registration.intake",
            None,
        ),
        # A state of another regime stands where its phase and tier would put it.
        ((("evaluation.province_check", july(7), "forward"),), "evaluation.commune_check", july(7)),
    ],
)
def test_past_a_state_means_left_forward_skipped_or_closed(
    visits: tuple[tuple[str, date, str], ...], state: str, expected: date | None
) -> None:
    """DESIGN section 6."""
    assert passed_on(dossier("A", *visits), state, july(31)) == expected


def test_what_happens_after_the_day_asked_is_not_known_on_it() -> None:
    """DESIGN section 2: both can be asked; here as it was on a day."""
    fact = dossier("A", ("closed.rejected", july(8), "reject"))
    assert passed_on(fact, COUNCIL, july(7)) is None
    assert milestone(history(done("launch_conference", "36", july(8))), "launch_conference", july(7)).status == "late"


def test_units_that_end_before_their_day_without_an_heir_are_cancelled() -> None:
    """Districts ended on 30 June 2025 without successors (Resolution 202/2025/QH15)."""
    text = """
plan: {number: 9/KH-UBND, issued_on: "2025-03-03", issuer: "37", year: 2025, title: Mẫu}
milestones: [{id: rating, due: trước tháng 10, responsible: district, each: true}]
"""
    loaded = load_plan(text.encode(), "plan.yaml", country(), load_calendar())
    assert "plan_units_end" in {warning.code for warning in loaded.warnings}
    record = PlanRecord(loaded.plan.identity, 1, GENESIS, loaded.document)
    on = {day: status(loaded.plan, record, day, NO_FACTS, country()) for day in (date(2025, 6, 30), date(2025, 7, 1))}
    assert [found.milestones[0].status for found in on.values()] == ["open", "cancelled"]


def test_a_periodic_duty_shows_the_oldest_occurrence_that_is_owed() -> None:
    """April's report came on the 20th, May's not at all."""
    text = """
plan: {number: 9/KH-UBND, issued_on: "2020-03-30", issuer: "36", year: 2020, title: Mẫu}
milestones: [{id: report, due: chậm nhất ngày 15 hàng tháng, responsible: province}]
"""
    loaded = load_plan(text.encode(), "plan.yaml", country(), load_calendar())
    events = [
        event(1, "plan_loaded", date(2020, 3, 30), loaded_data(loaded.document)),
        event(2, "milestone_done", date(2020, 4, 20), done_data("report", "36", date(2020, 4, 15))),
    ]
    record = replay_plan(events)
    assert record is not None
    found = status(loaded.plan, record, date(2020, 5, 18), NO_FACTS, country()).milestones[0]
    assert (str(found.current.due.due_on), found.status) == ("2020-05-15", "late")
    assert [item.status for item in found.occurrences[:3]] == ["met", "late", "open"]
    assert found.occurrences[0].units[0].late_days == 5
    assert check_done(loaded.plan, record, "report", "36") == date(2020, 5, 15)


def test_each_milestone_and_unit_is_one_duty() -> None:
    """Five tasks of the province and one of ten districts; due as the milestone, closed as the unit."""
    record = history(done("launch_conference", "36", date(2020, 5, 4)))
    found = duties(plan(record), record, date(2020, 8, 5), country())
    assert len(found) == 5 + 10
    by_id = {duty.deadline.id: duty for duty in found}
    launch = by_id["36:2020:27/KH-UBND:launch_conference:36"].deadline
    assert (launch.due_on, launch.outcome, launch.closed_on) == (date(2020, 4, 30), "met", date(2020, 5, 4))
    district = by_id["36:2020:27/KH-UBND:district_rating:356"]
    assert (district.unit.name, district.deadline.outcome) == ("Thành phố Nam Định", None)
    assert (district.deadline.due_on, district.deadline.provisional) == (july(31), True)


# Targets


def recognised(
    product: str,
    on: date | None,
    stars: int = 3,
    kind: str | None = "first",
    track: str | None = "new_product",
    district: str = "356",
) -> Recognition:
    return Recognition(product, "CT-" + product, stars, on, kind, track, area(district))


def reached(target: str, facts: PlanFacts, on: date = date(2020, 12, 31)) -> TargetStatus:
    """A target of its own plan, issued by Nam Định on 30 March 2020."""
    head = 'plan: {number: 27/KH-UBND, issued_on: "2020-03-30", issuer: "36", year: 2020, title: Mẫu}\n'
    loaded = load_plan((head + "targets: [{id: t, " + target + "}]").encode(), "p", country(), load_calendar())
    record = PlanRecord(loaded.plan.identity, 1, GENESIS, loaded.document)
    return status(loaded.plan, record, on, facts, country()).targets[0]


NAM_DINH_TARGET = (
    "metric: recognised_products, stars: [3, 4], count: cumulative, at_least: 100,"
    ' by: "2020-12-31", baseline: {value: 62, as_of: "2020-04-14"}'
)


def test_a_cumulative_target_counts_on_from_its_baseline() -> None:
    """Seeds 000 and 003: 62 on 14 April, 100 wanted by the end of the year: 38 more are needed."""
    declared = [recognised(f"SP{n}", date(2020, 9, 1)) for n in range(38)]
    short = reached(NAM_DINH_TARGET, PlanFacts(declared=tuple(declared[:37])))
    enough = reached(NAM_DINH_TARGET, PlanFacts(declared=tuple(declared)))
    assert (short.actual, short.met) == (99, False)
    assert (enough.actual, enough.met) == (100, True)


def test_what_is_in_the_baseline_is_not_counted_again() -> None:
    """Recognised on 14 April or before, upgraded since, recognised again, of five stars, or after the end."""
    facts = PlanFacts(
        declared=(
            recognised("A", date(2020, 4, 14)),
            recognised("B", None),
            recognised("C", date(2020, 9, 1), kind="upgrade"),
            recognised("D", date(2020, 9, 1), stars=5),
            recognised("E", date(2021, 1, 4)),
            recognised("F", date(2020, 9, 1)),
            recognised("F", date(2020, 10, 1), stars=4, kind="upgrade"),
        )
    )
    assert reached(NAM_DINH_TARGET, facts, date(2021, 6, 1)).actual == 63


def test_a_target_within_the_year_leaves_other_years_out() -> None:
    """Cumulative and yearly counting differ (seed 003)."""
    facts = PlanFacts(declared=(recognised("A", date(2019, 12, 31)), recognised("B", date(2020, 1, 1))))
    assert reached("metric: recognised_products, count: year, at_least: 2", facts).actual == 1
    assert reached("metric: recognised_products, count: cumulative, at_least: 2", facts).actual == 2


def test_new_and_upgraded_products_are_told_apart_by_their_track() -> None:
    """Seed 003, tracks: a new product goes through all six steps, an existing one is upgraded."""
    facts = PlanFacts(
        declared=(
            recognised("A", july(1)),
            recognised("B", july(1), track="existing_product"),
            recognised("C", july(1), kind="upgrade", track="existing_product"),
        )
    )
    assert reached("metric: new_products, at_least: 1", facts).actual == 1
    assert reached("metric: upgraded_products, at_least: 1", facts).actual == 2


def test_a_target_for_each_district_is_met_when_every_district_has_its_share() -> None:
    """Seed 004: 2-3 products for each district. More than the upper end is more than was asked, not a failure."""
    wanted = "metric: new_products, at_least: 20, at_most: 30, per: {district: {at_least: 2, at_most: 3}}"
    each = [recognised(f"{code}-{n}", july(1), district=code) for code in DISTRICTS for n in range(2)]
    one_sided = [recognised(f"{n}", july(1), district="356") for n in range(31)]
    assert reached(wanted, PlanFacts(declared=tuple(each))).met is True
    found = reached(wanted, PlanFacts(declared=tuple(one_sided)))
    assert (found.actual, found.met, found.exceeded) == (31, False, True)
    assert {row.unit.code: row.met for row in found.units} == {code: code == "356" for code in DISTRICTS}


def test_supported_establishments_are_a_lower_bound() -> None:
    """Support without a dossier is not recorded: falling short proves nothing; establishments are not products."""
    twice = replace(dossier("B"), entity="CT-A")
    found = reached("metric: establishments_supported, at_least: 2", PlanFacts((dossier("A"), twice)))
    assert (found.actual, found.met) == (1, None)
    assert reached("metric: establishments_supported, at_least: 1", PlanFacts((dossier("A"), twice))).met is True


def test_an_approximate_number_that_is_not_reached_is_left_to_people() -> None:
    """Seed 000: about 40. Whether 39 is about 40 is not for a program to say."""
    filed = tuple(replace(dossier(str(n)), filed_on=july(1)) for n in range(40))
    assert reached("metric: dossiers_submitted, about: 40", PlanFacts(filed)).met is True
    assert reached("metric: dossiers_submitted, about: 40", PlanFacts(filed[1:])).met is None


@pytest.mark.parametrize(
    ("stars", "met"),
    [
        ([5, 4, 4, 3, 3, 3, 3, 3, 3], True),
        ([5, 5, 4, 4, 3, 3, 3, 3, 3], True),
        ([4, 4, 4, 3, 3, 3, 3, 3, 3], False),
        ([5, 4, 4, 3, 3, 3, 3, 3, 2], False),
    ],
)
def test_a_distribution_is_met_when_as_many_stand_at_every_rank_or_above(stars: list[int], met: bool) -> None:
    """Seed 001: one product of five stars, two of four, six of three."""
    facts = PlanFacts(declared=tuple(recognised(str(n), july(1), rank) for n, rank in enumerate(stars)))
    found = reached("metric: star_distribution, distribution: {5: 1, 4: 2, 3: 6}", facts)
    assert found.met is met
    assert not isinstance(found.actual, int)
    assert sum(found.actual.values()) == 9


def test_a_distribution_counts_what_each_product_holds_on_the_day() -> None:
    """An upgrade replaces the old rank; a certificate that has ended holds none."""
    facts = PlanFacts(
        declared=(
            recognised("A", date(2018, 12, 1), 3, None, None),
            recognised("A", july(1), 4, "upgrade", "existing_product"),
            replace(recognised("B", date(2018, 12, 1)), ended_on=july(1)),
        )
    )
    assert reached("metric: star_distribution, distribution: {4: 1, 3: 1}", facts).actual == {4: 1, 3: 0}


# Display


def test_plan_status_has_the_fields_of_its_contract() -> None:
    """contract.schema.yaml, plan status."""
    record = history(done("launch_conference", "36", date(2020, 4, 20)))
    found = status_json(status(plan(record), record, july(25), NO_FACTS, country()))
    assert (found["number"], found["on"]) == ("27/KH-UBND", "2020-07-25")
    launch = found["milestones"][0]
    assert {key: launch[key] for key in ("id", "due_on", "status")} == {
        "id": "launch_conference",
        "due_on": "2020-04-30",
        "status": "met",
    }
    (unit,) = launch["units"]
    assert {"code", "name", "status", "done_on", "late_days", "dossiers_behind"} <= unit.keys()
    assert {"id", "metric", "target", "actual", "met"} <= found["targets"][0].keys()
    assert canonical.encode(found)


def test_a_plan_is_healthy_while_nothing_is_late_and_no_ended_target_was_missed() -> None:
    """DESIGN section 7: `plan status --check` is exit 1 if a check found problems."""
    april = ("launch_conference", "council_renewed", "rules_and_budget")
    record = history(*(done(name, "36", date(2020, 4, 20)) for name in april))
    assert status(plan(record), record, july(31), NO_FACTS, country()).healthy
    assert not status(plan(record), record, date(2020, 8, 1), NO_FACTS, country()).healthy


def test_a_plan_is_shown_with_its_words_and_its_days() -> None:
    """The wording is kept as written beside the day it means (DESIGN section 6)."""
    shown = to_json(plan(history()), history().document)
    rating = next(item for item in shown["milestones"] if item["id"] == "district_rating")
    assert (rating["wording"], rating["due_on"], len(rating["units"])) == ("trước tháng 8", "2020-07-31", 10)


# Order


@given(st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7)), max_size=14))
def test_a_circle_is_found_exactly_where_some_milestone_reaches_itself(links: list[tuple[int, int]]) -> None:
    """Against a slow computation: the transitive closure of `after`."""
    after: dict[int, set[int]] = {node: {b for a, b in links if a == node} for node in range(8)}
    reach = {node: set(after[node]) for node in after}
    for _ in after:
        reach = {node: found.union(*(reach[other] for other in found)) for node, found in reach.items()}
    documents = [{"id": f"m{node}", "after": [f"m{b}" for b in sorted(after[node])]} for node in after]
    found = any(fault.reason.code == "plan_after_circle" for fault in check_order(documents, {}))
    assert found == any(node in reach[node] for node in after)
