"""Councils with rules of their own: quorum, chair, spread, substitutes, interests, knock-outs, minutes.

Source: REGULATIONS section 4 (rules are set by each decision); DESIGN principle 10 (only what is adopted refuses).
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from ocop_flow.criteriadata import load_set
from tests.cli.conftest import copied
from tests.cli.contract import held
from tests.cli.councils import PROVINCE, RULES, Table, table
from tests.cli.office import Office, dump

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def ruled(sandbox_database: Path, tmp_path_factory: pytest.TempPathFactory) -> Table:
    """A council of a chair and three members whose own rules hold."""
    return table(Office(copied(sandbox_database, tmp_path_factory.mktemp("ruled"))), RULES)


@pytest.fixture(scope="module")
def bare(sandbox_database: Path, tmp_path_factory: pytest.TempPathFactory) -> Table:
    """The same council without rules: 26/2026/QĐ-TTg gives none, so nothing but the law refuses."""
    return table(Office(copied(sandbox_database, tmp_path_factory.mktemp("bare"))), None)


@pytest.fixture
def council(ruled: Table, tmp_path: Path) -> Table:
    return ruled.copied(tmp_path)


def scored(council: Table, sitting: str, *parts: str) -> None:
    for member, given in zip(council.members, parts, strict=False):
        council.do(*council.score(sitting, member, given))


# --- rules -----------------------------------------------------------------------------------------------------------


def test_a_sitting_without_a_dossier_is_none(council: Table) -> None:
    """A sitting evaluates dossiers; a list of none is a slip of the hand (DESIGN section 7: exit 2)."""
    here = ["--present", ",".join(council.members), "--dossiers", " , "]
    assert council.refuses(2, "council", "convene", council.council, *here) == ["nothing_before_sitting"]


def test_rules_are_kept_with_the_decision_that_set_them(council: Table) -> None:
    shown = held(council.do("council", "show", council.council), "council show")
    assert shown["rules"]["quorum"] == {"share": [3, 4]}
    assert shown["rules"]["decision"] == "757/QĐ-HĐOCOP"


@pytest.mark.parametrize(
    ("text", "line", "code"),
    [
        ("quorum: {share: [4, 3]}", "line 1", "council_rule_faulty"),
        ("chair_present: true\nspread: 10", "line 2", "council_rule_faulty"),
        ("chair_present: true\n\nspread_at_most: 0", "line 3", "council_rule_faulty"),
        ("minima_by: median", "line 1", "council_rule_faulty"),
        ("written_opinion: [all]", "line 1", "council_rule_faulty"),
        ("quorum: 5\nquorum: 6", "line 2", "yaml_duplicate_key"),
    ],
)
def test_faulty_rules_are_refused_with_their_line(council: Table, text: str, line: str, code: str) -> None:
    """DESIGN section 7: a faulty file is exit 2 with every fault listed by line."""
    file = council.office.db.with_name("faulty.yaml")
    file.write_text(text, encoding="utf-8")
    words = ["--unit", PROVINCE, "--decision", "11/QĐ-HĐOCOP", "--round", "2", "--year", "2026", "--rules", str(file)]
    answer = council.office.ask("council", "create", *words, who=council.secretary)
    assert (answer.exit, answer.codes) == (2, [code])
    assert line in answer.document["reasons"][0]["message"]


def test_a_quorum_may_be_written_as_a_number(council: Table) -> None:
    file = council.office.db.with_name("five.yaml")
    file.write_text("quorum: 5", encoding="utf-8")
    words = ["--unit", PROVINCE, "--decision", "11/QĐ-HĐOCOP", "--round", "2", "--year", "2026", "--rules", str(file)]
    assert council.do("council", "create", *words)["rules"] == {"quorum": {"members": 5}}


# --- who sits there --------------------------------------------------------------------------------------------------


def test_too_few_members_end_at_closing_where_the_quorum_is_adopted(council: Table) -> None:
    """Tây Ninh: at least 3/4 of the members; two of four are recorded as they were, and close nothing."""
    sitting = council.convene(*council.members[:2])
    scored(council, sitting, "30,20,25", "30,20,24")
    assert council.refuses(3, "council", "close", sitting, council.dossiers[0]) == ["quorum_missed"]


def test_without_rules_of_its_own_a_council_is_only_warned(bare: Table, tmp_path: Path) -> None:
    """DESIGN principle 10: an unknown rule warns."""
    council = bare.copied(tmp_path)
    sitting = council.convene(council.members[1])
    council.do(*council.score(sitting, council.members[1], "30,20,25"))
    closed = council.do("council", "close", sitting, council.dossiers[0])
    assert (closed["quorum"]["required"], closed["quorum"]["met"], closed["quorum"]["present"]) == (None, None, 1)


def test_a_sitting_without_its_chair_is_not_closed_where_the_rules_want_the_chair(council: Table) -> None:
    sitting = council.convene(*council.members[1:])
    scored(council, sitting)
    for member in council.members[1:]:
        council.do(*council.score(sitting, member, "30,20,25"))
    assert council.refuses(3, "council", "close", sitting, council.dossiers[0]) == ["chair_absent"]


def test_a_substitute_sits_in_the_members_seat_by_an_authorisation(council: Table) -> None:
    """Who sat there is recorded with the authorisation; the seat counts once."""
    words = ["council", "member", council.council, "thaythe.1", "--for", council.members[0]]
    council.office.do("person", "add", "thaythe.1", "--name", "Người được ủy quyền số 1", who="admin")
    assert council.refuses(2, *words) == ["authorisation_missing"]
    council.do(*words, "--decision", "21/QĐ-UBND", "--until", "2026-06-30")
    both = ["--present", f"{council.members[0]},thaythe.1,{council.secretary}", "--dossiers", council.dossiers[0]]
    assert council.refuses(3, "council", "convene", council.council, *both) == ["seat_taken_twice"]
    sitting = council.convene("thaythe.1", *council.members[1:])
    for member in ("thaythe.1", *council.members[1:]):
        council.do(*council.score(sitting, member, "30,20,25"))
    closed = council.do("council", "close", sitting, council.dossiers[0])
    assert (closed["quorum"]["present"], closed["quorum"]["members"], closed["quorum"]["chair"]) == (4, 4, True)
    present = council.do("council", "minutes", sitting)["present"]
    assert [(each["stands_for"], each["decision"]) for each in present if each["handle"] == "thaythe.1"] == [
        ("Ủy viên số 1", "21/QĐ-UBND")
    ]


def test_a_substitute_whose_authorisation_is_over_does_not_sit(council: Table) -> None:
    council.office.do("person", "add", "thaythe.1", "--name", "Người được ủy quyền số 1", who="admin")
    words = ["--for", council.members[1], "--decision", "21/QĐ-UBND", "--until", "2026-05-31", "--on", "2026-05-25"]
    council.do("council", "member", council.council, "thaythe.1", *words)
    here = ["--present", f"{council.members[0]},thaythe.1", "--dossiers", council.dossiers[0]]
    assert council.refuses(3, "council", "convene", council.council, *here) == ["authorisation_not_valid"]


def test_a_substitute_hands_in_no_sheet_where_the_councils_own_rules_say_so(
    sandbox_database: Path, tmp_path: Path
) -> None:
    """REGULATIONS section 4: rules are set by each decision; what one has adopted refuses (DESIGN principle 10)."""
    council = table(Office(copied(sandbox_database, tmp_path)), RULES + "substitutes_score: false\n")
    council.office.do("person", "add", "thaythe.1", "--name", "Người được ủy quyền số 1", who="admin")
    council.do("council", "member", council.council, "thaythe.1", "--for", council.members[1], "--decision", "21/GUQ")
    sitting = council.convene(council.members[0], "thaythe.1", *council.members[2:])
    assert council.refuses(3, *council.score(sitting, "thaythe.1", "30,20,25")) == ["substitute_does_not_score"]
    council.do(*council.score(sitting, council.members[0], "30,20,25"))


def people_of(council: Table, *numbers: int) -> list[str]:
    for number in numbers:
        council.office.do("person", "add", f"so.{number}", "--name", f"Lãnh đạo sở số {number}", who="admin")
    return [f"so.{number}" for number in numbers]


def test_two_members_of_one_department_both_sit(council: Table) -> None:
    """The words of a post are often a department, which sends several: naming the second removes nobody."""
    for handle in people_of(council, 8, 9):
        answer = council.do(
            "council", "member", council.council, handle, "--role", "council_member", "--post", "Sở Y tế"
        )
        assert "instead_of" not in answer
    seats = council.do("council", "show", council.council)["seats"]
    assert [each["handle"] for each in seats if each["post"] == "Sở Y tế"] == ["so.8", "so.9"]


def test_a_post_passes_its_seat_on_where_that_is_said(council: Table) -> None:
    """Seats belong to posts (DESIGN section 5): the next holder takes the seat with its role, and the answer says
    whose it was; the last one's substitute goes too."""
    eight, nine, stand_in = people_of(council, 8, 9, 10)
    seat = ["council", "member", council.council]
    council.do(*seat, eight, "--role", "council_member", "--post", "Giám đốc Sở Y tế")
    council.do(*seat, stand_in, "--for", eight, "--decision", "21/QĐ-SYT")
    said = {"login": eight, "name": "Lãnh đạo sở số 8"}
    words = [*seat, nine, "--instead-of", eight, "--decision", "30/QĐ-UBND"]
    assert council.do(*words, "--dry-run")["instead_of"] == said
    answer = council.do(*words)
    assert (answer["role"], answer["post"], answer["instead_of"]) == ("council_member", "Giám đốc Sở Y tế", said)
    seats = {each["handle"]: each for each in council.do("council", "show", council.council)["seats"]}
    assert (seats[nine]["post"], seats[nine]["decision"]) == ("Giám đốc Sở Y tế", "30/QĐ-UBND")
    assert eight not in seats and stand_in not in seats


def test_a_seat_passes_on_from_a_member_alone(council: Table) -> None:
    eight, nine = people_of(council, 8, 9)
    seat = ["council", "member", council.council, nine]
    assert council.refuses(3, *seat, "--instead-of", eight) == ["not_seated"]
    assert council.refuses(4, *seat, "--instead-of", "khong.co") == ["person_absent"]
    both = ["--instead-of", council.members[1], "--for", council.members[1], "--decision", "21/QĐ-SYT"]
    assert council.refuses(2, *seat, *both) == ["substitute_or_successor"]


def test_who_is_not_known_at_all_is_absent_and_not_merely_unseated(council: Table) -> None:
    """DESIGN section 7: no such person is exit 4; a known one without a seat is exit 3."""
    here = ["--dossiers", council.dossiers[0]]
    convene = ["council", "convene", council.council, *here]
    assert council.refuses(4, *convene, "--present", f"{council.members[0]},nobody") == ["person_absent"]
    assert council.refuses(3, *convene, "--present", *people_of(council, 8)) == ["not_seated"]
    sitting = council.convene()
    assert council.refuses(4, *council.score(sitting, "nobody", "30,20,25")) == ["person_absent"]


# --- who scores ------------------------------------------------------------------------------------------------------


def test_absent_unseated_interested_and_twice_scoring_members_are_refused(council: Table) -> None:
    chair, interested, absent, other = council.members
    declared = ["council", "interest", council.council, interested, "--dossier", council.dossiers[0]]
    assert council.refuses(3, *declared) == ["reason_missing"]
    held(council.do(*declared, "--reason", "là người nhà của chủ thể"), "council interest")
    sitting = council.convene(chair, interested, other)
    assert council.refuses(3, *council.score(sitting, absent, "30,20,25")) == ["member_not_present"]
    assert council.refuses(3, *council.score(sitting, council.office.holder("leader", PROVINCE), "30,20,25")) == [
        "not_seated"
    ]
    assert council.refuses(3, *council.score(sitting, interested, "30,20,25")) == ["member_interested"]
    council.do(*council.score(sitting, chair, "30,20,25"))
    assert council.refuses(3, *council.score(sitting, chair, "30,20,26")) == ["member_scored_already"]
    council.do(*council.score(sitting, chair, "30,20,26", "--reason", "gõ nhầm phần C"))
    council.do(*council.score(sitting, other, "30,20,24"))
    closed = council.do("council", "close", sitting, council.dossiers[0])
    assert (closed["mean_total"], closed["quorum"]["present"]) == ("75", 3)
    assert "member_not_scored" not in [each["code"] for each in closed["warnings"]]


def test_points_of_another_regimes_parts_are_refused(council: Table) -> None:
    """35/25/40 points do not fit a regime of 40/25/35 (REGULATIONS section 3)."""
    sitting = council.convene()
    assert council.refuses(2, *council.score(sitting, council.members[0], "35,25,40")) == ["part_out_of_range"]


def test_a_sheet_of_tomorrow_is_refused(council: Table) -> None:
    sitting = council.convene()
    words = council.score(sitting, council.members[0], "30,20,25", "--on", "2026-06-02")
    assert council.refuses(3, *words) == ["day_in_future"]


def test_the_total_written_on_paper_must_be_what_the_points_make(council: Table) -> None:
    sitting = council.convene()
    words = council.score(sitting, council.members[0], "30,20,25")
    assert council.refuses(2, *words, "--paper-total", "76") == ["paper_total_differs"]
    council.do(*words, "--paper-total", "75")


# --- results ---------------------------------------------------------------------------------------------------------


def test_too_wide_a_spread_stops_and_the_members_score_again(council: Table) -> None:
    """Tây Ninh, Đồng Tháp: more than 10 points apart, then discuss and score again; both turns are kept."""
    sitting, dossier = council.convene(), council.dossiers[0]
    scored(council, sitting, "30,20,25", "30,20,14", "30,20,20", "30,20,20")
    assert council.refuses(3, "council", "close", sitting, dossier) == ["spread_too_wide"]
    assert council.refuses(3, "council", "again", sitting, dossier) == ["reason_missing"]
    assert council.do("council", "again", sitting, dossier, "--reason", "đã thảo luận")["turn"] == 2
    assert council.refuses(3, "council", "close", sitting, dossier) == ["no_scores"]
    scored(council, sitting, "30,20,22", "30,20,20", "30,20,20", "30,20,20")
    closed = held(council.do("council", "close", sitting, dossier), "council close")
    assert (closed["mean_total"], closed["spread"], closed["turn"]) == ("70.5", "2", 2)
    turns = council.do("council", "minutes", sitting)["dossiers"][0]["turns"]
    assert [[sheet["total"] for sheet in turn["sheets"]] for turn in turns] == [
        ["75", "64", "70", "70"],
        ["72", "70", "70", "70"],
    ]
    events = [each for each in council.do("dossier", "history", dossier) if each["action"] == "score"]
    assert len(events) == 8
    before = dump(council.office.db)
    council.office.do("doctor", "--rebuild", who="admin")
    assert dump(council.office.db) == before


def test_a_signed_document_closes_a_sitting_against_its_rules(council: Table) -> None:
    """A signed decision is a legal fact even where the rules would have refused it: what was overridden is recorded."""
    sitting, dossier = council.convene(*council.members[:2]), council.dossiers[0]
    scored(council, sitting, "30,20,25", "30,20,14")
    words = ["council", "close", sitting, dossier, "--as-decided"]
    assert set(council.refuses(3, *words)) == {"reason_missing", "as_decided_unsigned"}
    closed = council.do(*words, "--decision", "8/BB-HĐOCOP", "--reason", "hội đồng thống nhất theo biên bản")
    assert [each["code"] for each in closed["overridden"]] == ["quorum_missed", "spread_too_wide"]
    event = council.do("dossier", "history", dossier)[-1]
    assert event["signer"]["number"] == "8/BB-HĐOCOP"


def test_two_sittings_are_held_where_the_rules_want_two(council: Table) -> None:
    """Tây Ninh: the first sitting passes the list, the second decides."""
    file = council.office.db.with_name("two.yaml")
    file.write_text("sittings: 2", encoding="utf-8")
    words = ["--unit", PROVINCE, "--decision", "11/QĐ-HĐOCOP", "--round", "2", "--year", "2026", "--rules", str(file)]
    code = council.do("council", "create", *words)["code"]
    council.do("council", "member", code, council.members[0], "--role", "council_chair")
    here = ["--present", council.members[0], "--dossiers", council.dossiers[0]]
    first = council.do("council", "convene", code, *here)["sitting"]
    council.do(*council.score(first, council.members[0], "30,20,25"))
    assert council.refuses(3, "council", "close", first, council.dossiers[0]) == ["sittings_too_few"]
    second = council.do("council", "convene", code, *here)["sitting"]
    council.do(*council.score(second, council.members[0], "30,20,25"))
    council.do("council", "close", second, council.dossiers[0])


def test_the_advisory_teams_result_comes_before_the_sitting(sandbox: Path) -> None:
    """Under 1048/QĐ-TTg nothing asks for the team's report, so a sitting without it is only warned about."""
    office = Office(sandbox, "2020-07-01")
    dossier = office.open("12103", "Cà phê", track="existing_product")
    office.walk(dossier, "evaluation.district_council")
    code, chair, secretary = office.council(office.unit_at("12103", "district"))
    words = ["council", "convene", code, "--present", chair, "--dossiers", dossier]
    told = [each["code"] for each in office.do(*words, who=secretary)["warnings"]]
    assert "team_result_missing" in told
    given = ["council", "assess", dossier, "--source", "team", "--parts", "30,20,30"]
    office.do(*given, who=office.holder("officer", "12103"))
    assert office.do(*words, who=secretary)["warnings"] == []


def test_a_spread_of_exactly_ten_points_closes(council: Table) -> None:
    sitting = council.convene()
    scored(council, sitting, "30,20,25", "30,20,15", "30,20,20", "30,20,20")
    assert council.do("council", "close", sitting, council.dossiers[0])["spread"] == "10"


def test_a_knock_out_leaves_no_star_whatever_the_points(council: Table) -> None:
    """26/2026/QĐ-TTg, set 13: a forged file rejects the dossier; raw material wholly imported eliminates (1.1)."""
    sitting, dossier = council.convene(), council.dossiers[0]
    scored(council, sitting, *["38,24,33"] * 4)
    assert council.refuses(2, "council", "close", sitting, dossier, "--knock-out", "9.9") == ["knock_out_unknown"]
    closed = council.do("council", "close", sitting, dossier, "--knock-out", "dossier.1", "--knock-out", "1.1")
    assert (closed["mean_total"], closed["stars"], closed["stars_by_total"]) == ("95", None, 5)
    assert [each["id"] for each in closed["knock_outs"]] == ["dossier.1", "1.1"]
    assert council.office.show(dossier)["stars"] is None


def test_a_second_closing_and_a_later_sitting_leave_the_first_alone(council: Table) -> None:
    first, second = council.convene(), council.convene()
    scored(council, second, *["30,20,25"] * 4)
    council.do("council", "close", second, council.dossiers[0])
    assert "sitting_closed" in council.refuses(3, *council.score(first, council.members[0], "30,20,25"))


def test_written_opinions_are_for_re_ratings_by_default(council: Table) -> None:
    """26/2026/QĐ-TTg: re-ratings by written opinions; a first rating by them is only warned about (rule unknown)."""
    sitting = council.convene(words=("--written",))
    assert council.do("council", "minutes", sitting)["manner"] == "written"
    scored(council, sitting, *["30,20,25"] * 4)
    closed = council.do("council", "close", sitting, council.dossiers[0])
    assert "written_not_foreseen" in [each["code"] for each in closed["warnings"]]


def test_everyones_points_stand_side_by_side_and_gaps_are_told(council: Table) -> None:
    """Self-score 92, team 80, council 70: the gaps warn at closing; ``compare`` says who moved what."""
    sitting, dossier = council.convene(), council.dossiers[0]
    officer = council.office.holder("officer", "12103")
    for source, parts in (("entity", "36,24,32"), ("team", "32,22,26")):
        council.office.do("council", "assess", dossier, "--source", source, "--parts", parts, who=officer)
    scored(council, sitting, *["30,20,20"] * 4)
    closed = council.do("council", "close", sitting, dossier)
    assert [each["code"] for each in closed["warnings"]].count("scores_apart") == 1
    columns = held(council.do("council", "compare", dossier), "council compare")["columns"]
    assert [(each["source"], each["total"], each["moved"]) for each in columns[:3]] == [
        ("entity", "92", None),
        ("team", "80", "-12"),
        ("member", "70", "-22"),
    ]


def test_a_member_who_stands_apart_is_named(bare: Table, tmp_path: Path) -> None:
    council = bare.copied(tmp_path)
    sitting = council.convene()
    scored(council, sitting, "30,20,20", "30,20,21", "30,20,20", "38,24,33")
    closed = council.do("council", "close", sitting, council.dossiers[0])
    apart = [each for each in closed["warnings"] if each["code"] == "member_apart"]
    assert len(apart) == 1
    assert "Ủy viên số 4" in apart[0]["message"]


def every_best() -> dict[str, str]:
    """Criterion -> its best option in the shipped tree of coffee."""
    tree = load_set("qd_26_2026", "coffee_cacao")
    return {leaf.code: str(leaf.maximum) for leaf in tree.leaves}


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"4.1": "13"}, "option_unknown"),
        ({"99": "1"}, "criterion_unknown"),
        ({"4.1": None}, "criterion_missing"),
    ],
)
def test_options_that_the_tree_does_not_have_are_refused_at_the_desk(
    bare: Table, tmp_path: Path, changed: dict[str, str | None], code: str
) -> None:
    """Exactly one option per criterion (REGULATIONS section 3): 13 points of 3, none, or a strange criterion."""
    council = bare.copied(tmp_path)
    sitting = council.convene()
    points = {name: value for name, value in (every_best() | changed).items() if value is not None}
    given = [word for name, value in points.items() for word in ("--set", f"{name}={value}")]
    words = ["council", "score", sitting, council.dossiers[0], "--member", council.members[0], *given]
    assert code in council.refuses(2, *words)


def test_a_criterion_scored_twice_is_refused_at_the_desk(bare: Table, tmp_path: Path) -> None:
    council = bare.copied(tmp_path)
    sitting = council.convene()
    given = [word for item in every_best().items() for word in ("--set", "=".join(item))]
    words = ["council", "score", sitting, council.dossiers[0], "--member", council.members[0], *given]
    assert "criterion_twice" in council.refuses(2, *words, "--set", "4.1=1")


def test_a_sitting_is_not_held_before_its_dossiers_came(council: Table) -> None:
    """DESIGN principle 7: legal days run forward; the council judges what is before it."""
    (came,) = {council.office.do("dossier", "history", code)[-1]["occurred_on"] for code in council.dossiers}
    day = (date.fromisoformat(came) - timedelta(1)).isoformat()
    words = ["--present", ",".join(council.members), "--dossiers", council.dossiers[0], "--on", day]
    assert council.refuses(3, "council", "convene", council.council, *words) == ["sitting_before_dossier"]


def test_a_sitting_is_not_closed_before_its_newest_sheet(council: Table) -> None:
    """The mean of sheets exists from the day of the last of them on."""
    sitting = council.convene()
    today = council.office.day
    council.office.day = (date.fromisoformat(today) + timedelta(2)).isoformat()
    scored(council, sitting, *["30,20,25"] * 4)
    assert council.refuses(3, "council", "close", sitting, council.dossiers[0], "--on", today) == [
        "day_before_previous"
    ]
    council.do("council", "close", sitting, council.dossiers[0])


def test_a_council_typed_after_its_sitting_is_a_warning(bare: Table, tmp_path: Path) -> None:
    """Paper comes first: the council and its members may be typed late; no source forbids it, so it warns."""
    council = bare.copied(tmp_path)
    office, today = council.office, council.office.day
    office.day = (date.fromisoformat(today) + timedelta(5)).isoformat()
    unit = office.do("council", "show", council.council)["unit"]["code"]
    made = ["--unit", unit, "--decision", "45/QĐ-UBND", "--round", "2", "--year", "2026"]
    late = office.do("council", "create", *made, who=council.secretary)["code"]
    office.do("council", "member", late, council.members[0], "--role", "council_chair", who=council.secretary)
    words = ["--present", council.members[0], "--dossiers", council.dossiers[0], "--on", today]
    told = office.do("council", "convene", late, *words, who=council.secretary)["warnings"]
    assert {"council_later", "seat_later"} <= {each["code"] for each in told}
