"""Duties of a dossier: limits that stand still during a supplement, rounds, papers, the transition, certificates."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

import pytest

from ocop_flow import regimes
from ocop_flow.calendars import load_calendar
from ocop_flow.domain import deadlines, limit_runs, rounds
from ocop_flow.domain.deadlines import Around, Deadline
from ocop_flow.domain.dossier import Certificate, Dossier, Evidence, Extension, Result, Visit
from ocop_flow.domain.regime import Round

R26 = regimes.load_regime("qd_26_2026")
R148 = regimes.load_regime("qd_148_2023")
CALENDAR = load_calendar()


def dossier(*visits: tuple[str, str], kind: str = "first", **changes: object) -> Dossier:
    """A dossier that entered these states on these days."""
    path = tuple(
        Visit(state, date.fromisoformat(day), number, "open" if number == 1 else "forward")
        for number, (state, day) in enumerate(visits, start=1)
    )
    base = Dossier(
        code="HS-2026-000001-L",
        version=len(path),
        last_hash="0" * 64,
        last_recorded_at=datetime(2026, 1, 1, tzinfo=UTC),
        state=path[-1].state,
        regime="qd_26_2026",
        workflow_hash="0" * 64,
        kind=kind,
        track="existing_product",
        commune="12103",
        commune_from=date(2025, 7, 1),
        commune_name="Phường Mỹ Hào",
        product="SP",
        product_name="Sản phẩm 01",
        product_set="coffee_cacao",
        entity="CT",
        entity_name="Chủ thể 01",
        entity_kind="cooperative",
        plan=None,
        previous=None,
        opened_on=path[0].on,
        closed_on=path[-1].on if path[-1].state.startswith("closed.") else None,
        last_move_on=path[-1].on,
        filed_on=path[0].on,
        filing_checked=True,
        evidence=(),
        scores=(),
        result=None,
        visits=path,
        stars_decided=None,
        certificate=None,
        acts=(),
        fields={},
        extensions=(),
        last_act=None,
    )
    return base._replace(**changes)  # type: ignore[arg-type]


def duty(found: tuple[Deadline, ...], kind: str) -> Deadline:
    (one,) = [each for each in found if each.kind == kind]
    return one


def slow_working_days(start: date, count: int, standing: set[date]) -> date:
    """An independent count: Monday to Friday less the days off that REGULATIONS section 10 lists for 2026."""
    off = {date(2026, 9, 2), date(2026, 4, 27), date(2026, 4, 30), date(2026, 5, 1), date(2026, 11, 24)}
    day = start
    while count:
        day += timedelta(1)
        if day.weekday() < 5 and day not in off and day not in standing:
            count -= 1
    return day


def test_the_commune_has_fifteen_working_days_from_receipt() -> None:
    """26/2026/QĐ-TTg art. 5: 15 working days; the day of receipt is not counted (Civil Code 2015 art. 147)."""
    found = deadlines.of_dossier(dossier(("registration.intake", "2026-06-01")), R26, CALENDAR, Around())
    assert duty(found, "commune_handling").due_on == slow_working_days(date(2026, 6, 1), 15, set()) == date(2026, 6, 22)


def test_the_clock_stands_still_while_the_entity_supplements() -> None:
    """DESIGN section 6: a return stops the clock; the days from the return to the coming back are not counted."""
    path = (
        ("registration.intake", "2026-06-01"),
        ("registration.supplement", "2026-06-05"),
        ("registration.intake", "2026-06-15"),
    )
    found = duty(deadlines.of_dossier(dossier(*path), R26, CALENDAR, Around()), "commune_handling")
    standing = {date(2026, 6, 5) + timedelta(number) for number in range(1, 11)}
    assert found.due_on == slow_working_days(date(2026, 6, 1), 15, standing)
    assert found.stopped == ((date(2026, 6, 5), date(2026, 6, 15)),)


def test_a_stopped_clock_is_never_late() -> None:
    """While the entity has the dossier, the office owes nothing."""
    path = (("registration.intake", "2026-06-01"), ("registration.supplement", "2026-06-05"))
    found = duty(deadlines.of_dossier(dossier(*path), R26, CALENDAR, Around()), "commune_handling")
    assert deadlines.status(found.due_on, None, None, found.stopped_since, date(2027, 1, 1)) == "open"


def test_a_limit_without_a_number_makes_no_deadline() -> None:
    """26/2026 sets no day for the supplement: the parameter is empty, so nothing is due."""
    path = (("registration.intake", "2026-06-01"), ("registration.supplement", "2026-06-05"))
    runs = limit_runs.runs(dossier(*path), R26)
    assert [run.limit.id for run in runs] == ["commune_handling"]


def test_a_re_rating_ends_within_45_days_that_shift_off_a_day_off() -> None:
    """26/2026 art. 8: at most 45 days from the complete dossier; 19/7/2026 + 45 = 2/9/2026, National Day."""
    path = (("registration.intake", "2026-07-10"), ("evaluation.province_check", "2026-07-19"))
    found = deadlines.of_dossier(dossier(*path, kind="re_rating"), R26, CALENDAR, Around())
    finish = duty(found, "re_rating_finish")
    assert (finish.due_on, finish.steps[-1].code) == (date(2026, 9, 3), "step_shifted")


def test_days_on_which_the_entity_had_the_re_rating_are_added_to_its_45() -> None:
    """26/2026 art. 8 and DESIGN section 6: 1/6 + 45 = 16/7/2026, ten days standing: 26/7, a Sunday, so Monday."""
    path = (
        ("evaluation.province_check", "2026-06-01"),
        ("evaluation.province_supplement", "2026-06-10"),
        ("evaluation.province_check", "2026-06-20"),
    )
    found = duty(
        deadlines.of_dossier(dossier(*path, kind="re_rating"), R26, CALENDAR, Around()),
        "re_rating_finish",
    )
    assert found.due_on == date(2026, 7, 27)
    (stopped,) = [step for step in found.steps if step.code == "step_stopped"]
    assert stopped.params == {"since": "2026-06-10", "until": "2026-06-20", "days": 10}


def test_a_dossier_that_comes_back_to_the_commune_starts_a_second_limit_with_a_number_of_its_own() -> None:
    """26/2026 art. 5: fifteen working days from each receipt; what the first came to stays told under its own name."""
    path = (
        ("registration.intake", "2026-06-01"),
        ("evaluation.province_check", "2026-06-05"),
        ("registration.intake", "2026-07-01"),
    )
    found = deadlines.of_dossier(dossier(*path), R26, CALENDAR, Around())
    first, second = [each for each in found if each.kind == "commune_handling"]
    assert [each.id.rpartition(":")[2] for each in (first, second)] == ["1", "2"]
    assert (first.outcome, first.closed_on, second.outcome) == ("met", date(2026, 6, 5), None)
    assert second.due_on == slow_working_days(date(2026, 7, 1), 15, set())


def test_a_round_is_the_first_whose_intake_can_still_be_made() -> None:
    """26/2026 art. 5-8: before 30 April for round 1, before 30 October for round 2; strictly read, the day before."""
    early = rounds.upcoming(R26, "province", date(2027, 4, 29), CALENDAR)
    late = rounds.upcoming(R26, "province", date(2027, 4, 30), CALENDAR)
    assert (early[0].intake_on, early[0].finish_on) == (date(2027, 4, 29), date(2027, 6, 29))
    assert (late[0].intake_on, late[0].finish_on) == (date(2027, 10, 29), date(2027, 12, 29))


@pytest.mark.parametrize("year", range(2026, 2030))
def test_the_statutory_rounds_of_every_year_to_2029(year: int) -> None:
    """26/2026 art. 5-8, strictly read: province 30/4-30/6, 30/10-30/12; Ministry 30/7-30/9, 30/1-30/3."""
    new_year = date(year, 1, 1)
    province = rounds.upcoming(R26, "province", new_year, CALENDAR)
    central = rounds.upcoming(R26, "central", new_year, CALENDAR)
    assert [(each.intake_on, each.finish_on) for each in province] == [
        (date(year, 4, 29), date(year, 6, 29)),
        (date(year, 10, 29), date(year, 12, 29)),
    ]
    assert [(each.intake_on, each.finish_on) for each in central] == [
        (date(year, 1, 29), date(year, 3, 29)),
        (date(year, 7, 29), date(year, 9, 29)),
    ]


def test_a_missed_round_names_the_next() -> None:
    """The officer who misses a cut-off must know which round comes next."""
    found = deadlines.of_dossier(dossier(("registration.intake", "2027-04-01")), R26, CALENDAR, Around())
    intake = duty(found, "round_intake")
    assert intake.due_on == date(2027, 4, 29)
    assert [step.params["day"] for step in intake.steps if step.code == "step_next_round"] == ["2027-10-29"]


def test_the_ministry_s_winter_round_ends_in_the_next_year() -> None:
    """26/2026: Ministry round 2 takes dossiers before 30 January and ends before 30 March of the same year."""
    found = rounds.upcoming(R26, "central", date(2026, 8, 1), CALENDAR)
    assert (found[0].intake_on, found[0].finish_on) == (date(2027, 1, 29), date(2027, 3, 29))


def test_the_province_s_round_goes_on_while_a_supplement_comes_and_goes() -> None:
    """Coming back from a supplement is no new round: the duty stays that of the first entry."""
    path = (
        ("registration.intake", "2027-04-01"),
        ("evaluation.province_check", "2027-04-20"),
        ("evaluation.province_supplement", "2027-04-25"),
        ("evaluation.province_check", "2027-05-10"),
    )
    found = duty(deadlines.of_dossier(dossier(*path), R26, CALENDAR, Around()), "round_finish")
    assert (found.due_on, found.outcome) == (date(2027, 6, 29), None)


def test_what_a_round_asks_says_which_round_it_is_and_only_an_intake_names_the_next() -> None:
    """26/2026 art. 5-8: who misses the intake of 30/4 has that of 30/10; the end of a round leaves no other."""
    path = (("registration.intake", "2027-04-01"), ("evaluation.province_check", "2027-04-20"))
    found = deadlines.of_dossier(dossier(*path), R26, CALENDAR, Around())
    intake, finish = duty(found, "round_intake"), duty(found, "round_finish")
    assert intake.steps[0].code == "step_round_intake"
    assert finish.steps[0].code == "step_round_finish"
    assert [(step.params["number"], step.params["day"]) for step in intake.steps if step.code == "step_next_round"] == [
        (2, "2027-10-29")
    ]
    assert not [step for step in finish.steps if step.code == "step_next_round"]


def test_a_round_that_takes_dossiers_in_december_and_ends_in_march_ends_the_year_after() -> None:
    """No decision has one so far; a province's own form of the law may. 15/2/2028 is a Tuesday."""
    winter = Round("province", 1, "trước ngày 15/12", "trước ngày 15/2", "test", "one_source")
    (first, _) = rounds.upcoming(replace(R26, rounds=(winter,)), "province", date(2027, 6, 1), CALENDAR)
    assert (first.intake_on, first.finish_on) == (date(2027, 12, 14), date(2028, 2, 14))


def test_five_stars_must_reach_the_ministry_before_its_intake_ends() -> None:
    """26/2026: dossiers from provinces before 30 July for Ministry round 1."""
    result = Result("PH", "province", 3, date(2027, 5, 10), Fraction(92), (), 5, 5, (), Fraction(0))
    path = (
        ("registration.intake", "2027-04-01"),
        ("evaluation.province_check", "2027-04-10"),
        ("evaluation.province_council", "2027-04-20"),
        ("rating.province_decision", "2027-05-12"),
    )
    found = deadlines.of_dossier(dossier(*path, result=result), R26, CALENDAR, Around())
    heading_up = [each for each in found if each.kind == "round_intake" and each.outcome is None]
    assert [each.due_on for each in heading_up] == [date(2027, 7, 29)]


def test_re_ratings_follow_no_round() -> None:
    """26/2026 art. 8: re-ratings have their own 45 days and no cut-off."""
    found = deadlines.of_dossier(
        dossier(("registration.intake", "2027-04-01"), kind="re_rating"), R26, CALENDAR, Around()
    )
    assert not [each for each in found if each.subject_kind == "round"]


def test_a_paper_that_runs_out_is_a_duty_until_a_newer_one_comes() -> None:
    """DESIGN section 6: expiry dates of evidence."""
    old = Evidence(1, "test_report", 1, date(2026, 6, 1), None, date(2026, 8, 1), None)
    new = Evidence(2, "test_report", 1, date(2026, 7, 20), None, date(2027, 8, 1), None)
    one = deadlines.of_dossier(dossier(("registration.intake", "2026-06-01"), evidence=(old,)), R26, CALENDAR, Around())
    both = deadlines.of_dossier(
        dossier(("registration.intake", "2026-06-01"), evidence=(old, new)), R26, CALENDAR, Around()
    )
    assert (duty(one, "evidence_expiry").due_on, duty(one, "evidence_expiry").outcome) == (date(2026, 8, 1), None)
    assert [each.outcome for each in both if each.kind == "evidence_expiry"] == ["met", None]


def test_old_dossiers_end_within_sixty_days_of_22_may_2026_and_re_ratings_within_thirty() -> None:
    """26/2026 art. 12: 22/5 + 60 days = 21/7/2026; 22/5 + 30 = 21/6/2026, a Sunday, so Monday 22/6."""
    path = (("registration.intake", "2025-05-01"), ("evaluation.district_check", "2025-05-10"))
    first = deadlines.of_dossier(dossier(*path), R148, CALENDAR, Around())
    again = deadlines.of_dossier(dossier(*path, kind="re_rating"), R148, CALENDAR, Around())
    assert duty(first, "transition").due_on == date(2026, 7, 21)
    assert duty(again, "transition").due_on == date(2026, 6, 22)
    assert duty(first, "transition").start_on == date(2026, 5, 22)


def certified(regime_end: str = "2027-03-01") -> Dossier:
    certificate = Certificate(
        "CN-1",
        "33-12103-1-2024",
        4,
        "33",
        "Tỉnh Hưng Yên",
        "province",
        "1/QĐ-UBND",
        date(2024, 3, 1),
        date.fromisoformat(regime_end),
        "valid",
    )
    return dossier(("registration.intake", "2024-01-01"), ("promotion.active", "2024-03-01"), certificate=certificate)


def test_a_certificate_ends_and_is_announced_thirty_days_before_under_148() -> None:
    """148/QĐ-TTg: the issuer gives written notice at least 30 days before the 36 months end (DB).

    148/QĐ-TTg lapsed after 21 July 2026, 60 days after 22 May (26/2026/QĐ-TTg art. 11), and the duty with it.
    """
    found = deadlines.of_dossier(certified("2026-08-20"), R148, CALENDAR, Around())
    assert duty(found, "certificate_expiry").due_on == date(2026, 8, 20)
    assert duty(found, "expiry_notice").due_on == date(2026, 7, 21)
    later = deadlines.of_dossier(certified("2026-08-21"), R148, CALENDAR, Around())
    assert [each.kind for each in later if each.subject_kind == "certificate"] == ["certificate_expiry"]


def test_a_re_rating_is_filed_between_180_and_120_days_before_the_end() -> None:
    """26/2026 art. 8; 1/3/2027 less 180 days is 2/9/2026, less 120 is 1/11/2026; such days never shift."""
    found = deadlines.of_dossier(certified(), R148, CALENDAR, Around(R26.re_rating_window))
    filing = duty(found, "re_rating_filing")
    assert (filing.start_on, filing.due_on) == (date(2026, 9, 2), date(2026, 11, 1))
    settled = deadlines.of_dossier(certified(), R148, CALENDAR, Around(R26.re_rating_window, date(2026, 10, 1)))
    assert duty(settled, "re_rating_filing").outcome == "met"


def test_an_extension_moves_the_day_and_says_by_which_decision() -> None:
    """DESIGN section 6: extension with reason and authority."""
    given = Extension("HS-2026-000001-L:commune_handling:1", date(2026, 7, 1), "5/QĐ-UBND", "mưa lũ", 2)
    found = deadlines.of_dossier(
        dossier(("registration.intake", "2026-06-01"), extensions=(given,)), R26, CALENDAR, Around()
    )
    extended = duty(found, "commune_handling")
    assert extended.due_on == date(2026, 7, 1)
    assert extended.steps[-1].params["decision"] == "5/QĐ-UBND"
