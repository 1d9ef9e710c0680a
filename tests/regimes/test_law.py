"""The regime files say what the decisions say: each test gives the rule and where it stands.

Expected values are those of the decisions as collected in ``docs/legal-sources.md``; none is read off the program.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from fractions import Fraction
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from ocop_flow.domain import guards, machine
from ocop_flow.regimes import load_document, load_regime

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ocop_flow.domain.regime import Action, EvidenceNeed, Regime

PROVISIONAL, R1, R3, R4, R5 = "provincial_provisional", "qd_1048_2019", "qd_148_2023", "qd_1489_2025", "qd_26_2026"
REGIMES = (PROVISIONAL, R1, R3, R4, R5)
SCORED = (R1, R3, R4, R5)
#: Marks of a rule that may refuse; any other only warns.
REFUSING = {"two_sources", "one_source"}
LEGAL_SOURCES = Path(__file__).parents[2] / "docs" / "legal-sources.md"

EachRegime = pytest.mark.parametrize("regime_id", REGIMES)
EachScored = pytest.mark.parametrize("regime_id", SCORED)


def _text(regime_id: str) -> str:
    return (files("ocop_flow.workflows") / f"{regime_id}.yaml").read_text(encoding="utf-8")


def _needs(action: Action) -> dict[str, EvidenceNeed]:
    return {need.kind: need for need in action.evidence}


def _binding(action: Action) -> dict[str, int]:
    """Kinds and copies whose absence refuses; what is derived, recalled or unknown only warns."""
    return {need.kind: need.copies for need in action.evidence if need.mark in REFUSING}


def _star_range(action: Action) -> tuple[int, int]:
    """The stars an action is for, as its ``stars_between`` guard says."""
    (argument,) = (guard.argument for guard in action.guards if guard.name == "stars_between")
    assert isinstance(argument, tuple)
    return argument


def _recognisers(regime: Regime) -> dict[int, str]:
    """Stars -> tier that recognises them on its own council's result."""
    found: dict[int, str] = {}
    for tier in ("district", "province", "central"):
        for action in regime.actions_from(f"rating.{tier}_decision"):
            if action.recognises:
                low, high = _star_range(action)
                found |= dict.fromkeys(range(low, high + 1), tier)
    return found


def _permitted(regime: Regime, state: str, stars: int | None) -> set[str]:
    """Actions whose guards all hold for a result of ``stars``; withdrawing apart, which is always open."""
    facts = guards.GuardFacts(stars=stars, mean_total=Fraction(50), stars_decided=None)
    return {
        action.id
        for action in regime.actions_from(state)
        if action.kind != "withdraw" and not any(guards.failed(guard, facts) for guard in action.guards)
    }


def _reachable(regime: Regime, start: str, kind: str, track: str) -> set[str]:
    """States that a dossier of this kind and track can come to, guards apart."""
    seen, todo = {start}, [start]
    while todo:
        for action in regime.actions_from(todo.pop()):
            open_to = (not action.kinds or kind in action.kinds) and (not action.tracks or track in action.tracks)
            if open_to and action.to not in seen:
                seen.add(action.to)
                todo.append(action.to)
    return seen


def _values(value: Any, found: Callable[[dict[str, Any]], Any]) -> Iterator[Any]:
    """What ``found`` takes from each mapping of a document, in the file's order."""
    if isinstance(value, dict):
        if (taken := found(value)) is not None:
            yield taken
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            yield from _values(item, found)


# The files as such


@EachRegime
def test_every_file_builds_a_regime_and_its_machine(regime_id: str) -> None:
    """A file is named after its id, and the machine built from it knows the same moves as the regime."""
    regime = load_regime(regime_id)
    assert regime.id == regime_id
    assert machine.compile_table(machine.build(regime)) == machine.table_of(regime)


@pytest.mark.parametrize("regime_id", [PROVISIONAL, R1, R3, R4])
def test_every_parameter_of_a_file_is_used_in_it(regime_id: str) -> None:
    """A parameter that nothing refers to would be a promise without effect.

    26/2026/QĐ-TTg is apart: how its "before a day" is read concerns wordings, which the program reads by name.
    """
    text = _text(regime_id)
    assert not [each for each in load_regime(regime_id).parameters if f"{{parameter: {each}}}" not in text]


@EachRegime
def test_a_parameter_stands_only_where_the_sources_leave_a_question_open(regime_id: str) -> None:
    """A fact with a source is a rule; what is recalled, derived or unknown is a named parameter."""
    marks = {parameter.mark for parameter in load_regime(regime_id).parameters.values()}
    assert marks <= {"unknown", "derived", "recalled"}


@EachRegime
def test_actions_of_a_regime_have_different_vietnamese_labels(regime_id: str) -> None:
    """An official may name an action by its Vietnamese label, so the label must tell it from the others."""
    labels = [action.label.vi for action in load_regime(regime_id).actions.values()]
    assert len(set(labels)) == len(labels)


@EachRegime
def test_every_source_key_in_brackets_is_listed_with_the_legal_sources(regime_id: str) -> None:
    """A reader of a refusal finds each key of its source in docs/legal-sources.md."""
    sources = _values(load_document(regime_id), lambda each: each.get("source"))
    in_brackets = (found.split("; ") for source in sources for found in re.findall(r"\(([^)]*)\)", source))
    keys = {item for items in in_brackets for item in items if re.fullmatch(r"[A-Z][A-Za-z0-9]+", item)}
    listed = re.findall(r"^\| ([A-Z][A-Za-z0-9]+) \| .+ \| .+ \|$", LEGAL_SOURCES.read_text("utf-8"), re.MULTILINE)
    assert keys <= set(listed)


# Dates


def test_the_regimes_follow_each_other_without_gap_or_overlap() -> None:
    """1048 from 21/8/2019, 148 from 24/2/2023, 1489 from 6/7/2025, 26/2026 from 22/5/2026; the provinces before."""
    starts = [load_regime(regime_id).effective_from for regime_id in REGIMES]
    ends = [load_regime(regime_id).effective_to for regime_id in REGIMES]
    assert starts == [None, date(2019, 8, 21), date(2023, 2, 24), date(2025, 7, 6), date(2026, 5, 22)]
    assert ends == [start - timedelta(days=1) for start in starts if start is not None] + [None]


def test_provincial_criteria_could_still_be_used_a_month_after_1048() -> None:
    """Mỹ Hào, 25/9/2019: provincial provisional criteria, 1048/QĐ-TTg being in force since 21/8/2019."""
    regime = load_regime(PROVISIONAL)
    assert regime.overlap_until is not None
    assert regime.overlap_until >= date(2019, 9, 25)
    assert regime.parameters["overlap_until"].mark == "unknown"


def test_1_to_5_july_2025_still_stand_under_148() -> None:
    """Districts ended on 1/7/2025; 1489/QĐ-TTg took their step out of the procedure only from 6/7/2025."""
    regime = load_regime(R3)
    assert regime.effective_to == date(2025, 7, 5)
    assert regime.receives == ("district",)
    assert regime.tracks["existing_product"] == "registration.intake"


@pytest.mark.parametrize("regime_id", [R3, R4])
def test_dossiers_under_the_old_rules_end_within_60_or_30_days_of_22_may_2026(regime_id: str) -> None:
    """26/2026/QĐ-TTg art. 12 (one source): first rating and upgrade 60 days, to Tuesday 21/7/2026; re-rating 30 days,
    to Sunday 21/6/2026 and so to Monday 22/6 (Civil Code 2015 art. 148). Both files say the same day.
    """
    transition = load_regime(regime_id).transition
    assert transition is not None
    days = {kind: limit.days for limit in transition.limits for kind in limit.kinds}
    ends = {kind: limit.last_day for limit in transition.limits for kind in limit.kinds}
    assert days == {"first": 60, "upgrade": 60, "re_rating": 30}
    assert ends == {"first": date(2026, 7, 21), "upgrade": date(2026, 7, 21), "re_rating": date(2026, 6, 22)}
    rules = load_regime(R5).takes_over[regime_id]
    assert {kind: rule.within.last_day for rule in rules if rule.within for kind in rule.kinds} == ends
    assert (transition.mark, transition.after) == ("one_source", "warn")
    assert load_regime(regime_id).parameters["after_transition_miss"].mark == "unknown"


@pytest.mark.parametrize("regime_id", [PROVISIONAL, R1, R5])
def test_no_other_regime_has_a_transition_rule(regime_id: str) -> None:
    """26/2026/QĐ-TTg art. 12 speaks of dossiers under 148/QĐ-TTg, which 1489/QĐ-TTg amended."""
    assert load_regime(regime_id).transition is None


# Who does what


@pytest.mark.parametrize(
    ("regime_id", "tier"),
    [(PROVISIONAL, "district"), (R1, "district"), (R3, "district"), (R4, "commune"), (R5, "commune")],
)
def test_the_dossier_is_filed_with_the_tier_that_receives(regime_id: str, tier: str) -> None:
    """District under 1048 (HN, AG) and 148 (ST148a, ST148b); commune under 1489 and 26/2026."""
    regime = load_regime(regime_id)
    filing = regime.filing_action
    assert filing is not None
    assert regime.receives == (tier,)
    assert regime.states["registration.intake"].tier == tier
    assert filing.tier(regime.states["proposal.implementation"]) == tier


@EachRegime
def test_filing_has_the_same_name_and_places_in_every_regime(regime_id: str) -> None:
    """Filing changes a dossier's regime to the one in force that day, so the names must agree."""
    regime = load_regime(regime_id)
    filing = regime.filing_action
    assert filing is not None
    assert (filing.id, filing.sources, filing.to) == (
        "file_dossier",
        ("proposal.implementation",),
        "registration.intake",
    )
    assert [action.id for action in regime.actions.values() if action.files] == ["file_dossier"]


@EachRegime
def test_what_comes_before_filing_has_the_same_names_in_every_regime(regime_id: str) -> None:
    """Steps 2 to 4 of the cycle are those of every regime: a dossier may be filed under a later one."""
    regime = load_regime(regime_id)
    places = [state for state in regime.states if state.startswith("proposal.")]
    acts = [action.id for action in regime.actions.values() if action.sources[0] in places and action.id != "withdraw"]
    assert places == ["proposal.idea", "proposal.business_plan", "proposal.implementation"]
    assert acts == ["accept_idea", "return_idea", "approve_business_plan", "file_dossier"]
    assert dict(regime.tracks) == {"new_product": "proposal.idea", "existing_product": "registration.intake"}


@pytest.mark.parametrize(
    ("regime_id", "expected"),
    [
        (R1, {3: "province", 4: "province", 5: "central"}),
        (R3, {3: "district", 4: "province", 5: "central"}),
        (R4, {3: "province", 4: "province", 5: "central"}),
        (R5, {3: "province", 4: "province", 5: "central"}),
    ],
)
def test_each_star_is_recognised_by_the_tier_the_decision_names(regime_id: str, expected: dict[int, str]) -> None:
    """1048: province 3-4; 148: district 3 (CNTD, LC), province 4 (HD23, VN24); 1489, 26/2026: province 3-4. 5: centre.

    One and two stars are recognised by nobody.
    """
    regime = load_regime(regime_id)
    bands = {band.stars: band.recognised_by for band in regime.rating.bands}
    assert _recognisers(regime) == expected
    assert bands == {1: None, 2: None, **expected}


@EachRegime
def test_only_the_leader_of_the_recognising_committee_recognises(regime_id: str) -> None:
    """Recognition is a numbered decision of the committee of the tier, of its Chair or of the Minister."""
    for action in load_regime(regime_id).actions.values():
        if action.recognises:
            assert {role.role for role in action.roles} == {"leader"}
            assert action.decision
            assert action.to == "promotion.active"


@pytest.mark.parametrize(("regime_id", "expected"), [(R1, (3, 5)), (R3, (4, 5))])
def test_the_district_sends_on_what_it_may_not_decide(regime_id: str, expected: tuple[int, int]) -> None:
    """1048: 50-100 points go to the province (BRVT, DN); 148: 70-100 (CNTD, LC)."""
    action = load_regime(regime_id).actions["send_to_province"]
    assert action.sources == ("rating.district_decision",)
    assert _star_range(action) == expected
    assert action.mark == "two_sources"


@pytest.mark.parametrize("regime_id", [R4, R5])
def test_no_district_takes_part_since_6_july_2025(regime_id: str) -> None:
    """1489/QĐ-TTg deleted point b (district) of annex II of 148/QĐ-TTg; 26/2026/QĐ-TTg knows province and Ministry."""
    regime = load_regime(regime_id)
    tiers = {state.tier for state in regime.states.values() if state.tier}
    assert tiers == {"commune", "province", "central"}
    assert "district" not in {role.tier for action in regime.actions.values() for role in action.roles}


@EachScored
def test_only_a_five_star_result_goes_to_the_centre(regime_id: str) -> None:
    """90 points and more go to the Ministry in every regime (two sources)."""
    action = load_regime(regime_id).actions["send_to_central"]
    assert (action.sources, _star_range(action)) == (("rating.province_decision",), (5, 5))


@pytest.mark.parametrize("regime_id", [R4, R5])
def test_the_commune_answers_on_its_four_topics(regime_id: str) -> None:
    """Origin or raw material, labour, origin of the idea, identity and intellect (TV1489; D26)."""
    action = load_regime(regime_id).actions["propose_to_province"]
    assert action.sources == ("registration.intake",)
    assert {field.name for field in action.fields if field.required} == {
        "local_origin",
        "local_labour",
        "idea_origin",
        "local_identity",
    }


def test_provincial_criteria_declare_stars_and_compute_none() -> None:
    """No score table of any province is known: the decision names three, four or five stars."""
    regime = load_regime(PROVISIONAL)
    assert not regime.rating.scored
    assert not regime.rating.bands
    assert not any(action.scores or action.guards for action in regime.actions.values())
    (stars,) = (field for field in regime.actions["recognise"].fields if field.name == "stars")
    assert (stars.type, stars.required, stars.choices) == ("choice", True, ("3", "4", "5"))


# Points and stars


@pytest.mark.parametrize(
    ("regime_id", "parts"),
    [
        (R1, {"A": 35, "B": 25, "C": 40}),
        (R3, {"A": 40, "B": 25, "C": 35}),
        (R4, {"A": 40, "B": 25, "C": 35}),
        (R5, {"A": 40, "B": 25, "C": 35}),
    ],
)
def test_the_parts_have_the_maxima_of_the_decision(regime_id: str, parts: dict[str, int]) -> None:
    """35/25/40 under 1048 and 781, 40/25/35 since 148 (two sources)."""
    assert dict(load_regime(regime_id).rating.parts) == parts


@EachScored
def test_stars_begin_at_30_50_70_and_90_points(regime_id: str) -> None:
    """70 is four stars, 90 is five, 50 is three in every regime (CP, BM for 1048; D26 for 26/2026)."""
    edges = [(band.stars, band.from_points) for band in load_regime(regime_id).rating.bands]
    assert edges == [(5, 90), (4, 70), (3, 50), (2, 30), (1, 0)]


def test_star_conditions_of_781_are_asked_from_8_june_2020() -> None:
    """781/QĐ-TTg of 8/6/2020 added minimum conditions per star to 1048/QĐ-TTg (YB, TC)."""
    assert load_regime(R1).rating.conditions_from == date(2020, 6, 8)


def test_1048_takes_its_one_set_whose_criteria_are_not_known() -> None:
    """1048/QĐ-TTg has 26 sets; the rows of rice and cereals are missing in the source."""
    sets = load_document(R1)["product_sets"]
    assert (sets["listed"], sets["others"]) == (True, ["rice_cereals"])


@pytest.mark.parametrize("regime_id", [PROVISIONAL, R3, R4])
def test_a_regime_whose_sets_are_not_known_takes_any(regime_id: str) -> None:
    """The criteria sets of 148/QĐ-TTg and of the provinces were not found; those of another regime may not stand in."""
    assert load_regime(regime_id).product_sets.ids is None


# Every result has its way


@EachScored
@pytest.mark.parametrize("tier", ["district", "province", "central"])
def test_a_council_result_permits_exactly_one_decision(regime_id: str, tier: str) -> None:
    """Whatever the stars, the committee recognises, refuses, sends on or sends back: one of them, never two."""
    regime = load_regime(regime_id)
    state = f"rating.{tier}_decision"
    for stars in (None, 0, 1, 2, 3, 4, 5) if state in regime.states else ():
        assert len(_permitted(regime, state, stars)) == 1


@EachScored
def test_a_central_result_below_five_stars_leaves_the_province_a_way(regime_id: str) -> None:
    """Below five stars the result goes back to the province, which must be able to end the matter."""
    regime = load_regime(regime_id)
    for stars in (None, 0, 1, 2, 3, 4):
        assert _permitted(regime, "rating.central_decision", stars) == {"send_back_to_province"}
        assert _permitted(regime, "rating.province_choice", stars)


def test_under_26_2026_the_province_uses_the_central_result_or_rates_again() -> None:
    """26/2026/QĐ-TTg art. 7.4."""
    regime = load_regime(R5)
    assert _permitted(regime, "rating.province_choice", 4) == {"recognise_on_central_result", "rate_again"}
    assert _permitted(regime, "rating.province_choice", 2) == {"not_recognise", "rate_again"}


def test_under_1048_a_product_that_misses_five_stars_keeps_the_rating_of_its_province() -> None:
    """The province's own decision was in the dossier sent up (HN); that it stays is derived, so it only warns."""
    regime = load_regime(R1)
    assert _permitted(regime, "rating.province_choice", 4) == {"keep_province_rating"}
    assert regime.actions["keep_province_rating"].mark == "derived"
    assert "result_decision" in _binding(regime.actions["send_to_central"])


@pytest.mark.parametrize(
    ("stars", "decision"), [(3, "recognise_three_stars"), (2, "not_recognise"), (None, "not_recognise")]
)
def test_under_148_the_district_decides_on_a_result_below_70_points(stars: int | None, decision: str) -> None:
    """Recalled, not found: the province returns it; the district recognises three stars and refuses fewer.

    The returned result is the newest, so the district cannot send the dossier round again.
    """
    regime = load_regime(R3)
    assert _permitted(regime, "rating.province_decision", stars) == {"return_result_to_district"}
    assert regime.actions["return_result_to_district"].to == "rating.district_decision"
    assert _permitted(regime, "rating.district_decision", stars) == {decision}
    assert regime.actions["return_result_to_district"].mark == "recalled"
    assert regime.parameters["province_below_70"].mark == "recalled"


@EachRegime
@pytest.mark.parametrize("kind", ["first", "upgrade", "re_rating"])
@pytest.mark.parametrize("track", ["new_product", "existing_product"])
def test_every_kind_and_track_can_be_recognised_refused_rejected_or_withdrawn(
    regime_id: str, kind: str, track: str
) -> None:
    """No dossier is opened into a dead end."""
    regime = load_regime(regime_id)
    assert kind in regime.kinds
    ends = {"promotion.active", "closed.not_recognised", "closed.rejected", "closed.withdrawn"}
    assert ends <= _reachable(regime, regime.tracks[track], kind, track)


@EachRegime
def test_every_open_state_can_come_to_an_end_and_no_end_is_left(regime_id: str) -> None:
    """A state without a way to an end would be a trap; what is closed stays closed."""
    regime = load_regime(regime_id)
    for state in regime.states.values():
        if state.closed:
            assert not regime.actions_from(state.id)
        else:
            assert any(end.startswith("closed.") for end in _reachable(regime, state.id, "first", "new_product"))


@EachRegime
def test_a_recognised_product_expires_is_revoked_or_replaced(regime_id: str) -> None:
    """Expired and revoked are different ends, though provinces have revoked certificates that had merely expired."""
    regime = load_regime(regime_id)
    ways = regime.actions_from("promotion.active")
    ends = {action.to for action in ways if action.kind != "correct"}
    assert ends == {"closed.expired", "closed.revoked", "closed.replaced"}


def test_the_ministry_may_have_a_province_rate_again_and_withdraw_its_recognition() -> None:
    """26/2026/QĐ-TTg art. 10; earlier decisions say no such thing."""
    ordered = {
        regime_id: {action.id for action in load_regime(regime_id).actions.values() if "art. 10" in action.source}
        for regime_id in SCORED
    }
    assert ordered.pop("qd_26_2026") == {"order_new_rating", "withdraw_recognition"}
    assert not any(ordered.values())


# Evidence


def test_evidence_of_filing_under_1048() -> None:
    """Form 01 or 02, form 03, form 04, business registration, five samples but not of services (AG, HDu)."""
    filing = load_regime(R1).actions["file_dossier"]
    assert _binding(filing) == {
        "registration_form": 1,
        "business_plan": 1,
        "organisation_profile": 1,
        "business_registration": 1,
        "sample": 5,
    }
    assert _needs(filing)["sample"].goods_only
    assert load_regime(R1).product_sets.services == {"community_tourism_points"}


def test_evidence_sent_up_under_1048() -> None:
    """District: letter, minutes; province: letter, minutes, decision and certificate; Ministry: minutes, draft (HN)."""
    actions = load_regime(R1).actions
    assert _binding(actions["send_to_province"]) == {"district_letter": 1, "district_minutes": 1}
    assert _binding(actions["send_to_central"]) == {"province_letter": 1, "province_minutes": 1, "result_decision": 1}
    assert _binding(actions["submit_central_result"]) == {"central_minutes": 1, "draft_decision": 1}


@pytest.mark.parametrize("regime_id", [R3, R4])
def test_evidence_of_filing_under_148(regime_id: str) -> None:
    """Registration form and report by the criteria (DB, BR); 1489/QĐ-TTg changed the procedure, not the forms."""
    assert _binding(load_regime(regime_id).actions["file_dossier"]) == {"registration_form": 1, "self_assessment": 1}


def test_evidence_of_filing_and_of_the_commune_under_26_2026() -> None:
    """Entity: forms 01 and 02; commune: letter, form 03 and five samples but not of tourism (D26)."""
    actions = load_regime(R5).actions
    assert _binding(actions["file_dossier"]) == {"registration_form": 1, "self_assessment": 1}
    assert _binding(actions["propose_to_province"]) == {"commune_report": 1, "commune_letter": 1, "sample": 5}
    assert _needs(actions["propose_to_province"])["sample"].goods_only


@EachRegime
def test_evidence_that_is_only_our_reading_never_refuses(regime_id: str) -> None:
    """What the forms of the cycle ask in steps 2 and 3 is derived: it warns."""
    regime = load_regime(regime_id)
    assert not _binding(regime.actions["accept_idea"])
    assert not _binding(regime.actions["approve_business_plan"])


# Time


@EachRegime
def test_a_certificate_lasts_36_months(regime_id: str) -> None:
    """36 months from the issue date (two sources); for the provincial criteria it is a parameter."""
    assert load_regime(regime_id).certificate.months == 36


def test_the_commune_has_15_working_days_under_26_2026() -> None:
    """From receipt (D26)."""
    limit = load_regime(R5).limits["commune_handling"]
    assert (limit.states, limit.period.unit, limit.period.count) == (("registration.intake",), "working_days", 15)
    assert limit.mark == "one_source"


def test_a_re_rating_ends_within_45_days_under_26_2026() -> None:
    """Plain days, from the complete dossier; filed not earlier than 180 and not later than 120 days before expiry."""
    regime = load_regime(R5)
    limit = regime.limits["re_rating_finish"]
    assert (limit.kinds, limit.period.unit, limit.period.count) == (("re_rating",), "days", 45)
    window = regime.re_rating_window
    assert window is not None
    assert (window.earliest_days, window.latest_days) == (180, 120)


@EachRegime
def test_three_four_and_five_stars_are_certified(regime_id: str) -> None:
    """One and two stars get neither decision nor certificate (D26; nor before: BRVT, CNTD, VN24)."""
    regime = load_regime(regime_id)
    assert [stars for stars in range(7) if regime.certifies(stars)] == [3, 4, 5]


@pytest.mark.parametrize("regime_id", [PROVISIONAL, R1, R3, R4])
def test_no_limit_in_days_was_found_before_26_2026(regime_id: str) -> None:
    """None is made up: the one limit listed has no number and is marked unknown; no re-rating window either."""
    regime = load_regime(regime_id)
    assert [(limit.period.count, limit.mark) for limit in regime.limits.values()] == [(None, "unknown")]
    assert regime.re_rating_window is None


@EachRegime
def test_the_clock_stops_while_the_entity_supplements(regime_id: str) -> None:
    """A return for supplement stops the clock of the tier and comes back to it."""
    regime = load_regime(regime_id)
    for action in regime.actions.values():
        if action.to.endswith("supplement"):
            waiting = regime.states[action.to]
            assert action.kind == "return"
            assert waiting.clock_stopped
            assert {regime.states[source].tier for source in action.sources} == {waiting.tier}
