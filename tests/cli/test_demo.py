"""``ocop demo``: a year of Nam Định's plan 27/KH-UBND, with the figures that the seeds report, the rest simulated."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from ocop_flow.config import Settings, url_of
from ocop_flow.demo import facts
from ocop_flow.demo.cases import FEWEST, SHARES, draw
from ocop_flow.demo.folder import prepare
from ocop_flow.demo.play import Played, play
from ocop_flow.domain.units import Unit
from tests.cli.contract import held
from tests.cli.office import Answer, ocop

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("demo")


@pytest.fixture(scope="module")
def whole(folder: Path) -> Any:
    """The whole demo's document."""
    answer = ocop("demo", "--dir", str(folder), "--json", lang="en")
    assert answer.exit == 0, answer.out + answer.err
    return held(answer.document, "demo")


def asked(whole: Any, *words: str, now: str | None = None) -> Answer:
    """A command at the database that the demo left."""
    return ocop(*words, "--db", whole["database"], "--json", now=now or whole["now"], lang="en")


def small(folder: Path, seed: int) -> Played:
    settings = Settings(url_of(str(folder / f"{seed}.db")), "vi", None, None)
    return play(settings, seed, dossiers=FEWEST)


def figures(played: Played) -> dict[str, Any]:
    story = [(told.on, told.text.code, sorted(told.text.params.items())) for told in played.story.lines]
    return {
        "states": played.states,
        "plan": played.plan,
        "certificates": played.certificates,
        "events": played.checked["events"],
        "story": story,
    }


# --- what the seeds say -------------------------------------------------------------------------------------------


def test_the_recognised_products_are_those_of_seeds_000_and_003() -> None:
    """Seed 000: 26 products in batch 1 of 2020, one of four stars; 62 of 29 establishments by 14 April 2020.
    Seed 003: 28 and 118 products of four and three stars at the end of 2020, 11 and 99 of them recognised in 2020."""
    known = facts.nam_dinh_2020()
    stars = Counter[int]()
    for group in known.recognised:
        stars[group.stars] += group.products
    assert (known.recognised_products, known.recognised_establishments) == (62, 29)
    assert known.recognised_by == date(2020, 4, 14)
    assert stars == {4: (28 - 11) + 1, 3: (118 - 99) + 25}
    assert [group.products for group in known.recognised if "seed 000" in group.source] == [1, 25]


def test_the_registered_products_are_those_of_seed_000() -> None:
    """Seed 000: in May more than 80 products at 80 establishments were guided; about 40 basically met three stars."""
    known = facts.nam_dinh_2020()
    assert (known.registered, known.ready_about) == (80, 40)


def test_the_plan_played_is_the_plan_of_the_examples() -> None:
    """One plan 27/KH-UBND: what is shipped for the demo is what the documentation shows."""
    shipped = facts.packaged(facts.nam_dinh_2020().plan_file)
    assert shipped == (ROOT / "docs" / "examples" / "plan-27-KH-UBND.yaml").read_bytes()


# --- the simulated part -----------------------------------------------------------------------------------------------


def test_the_same_seed_gives_the_same_year_and_another_seed_another(tmp_path: Path) -> None:
    """The figures are reproducible from ``--seed``; hashes are not among them, since salts are drawn afresh."""
    (tmp_path / "again").mkdir()
    first, again = small(tmp_path, 5), small(tmp_path / "again", 5)
    assert figures(first) == figures(again)
    places = [(_unit(f"{number:05d}", "commune"), _unit("2", "district")) for number in range(FEWEST)]
    assert draw(5, FEWEST, places) == draw(5, FEWEST, places) != draw(6, FEWEST, places)


def _unit(code: str, tier: str) -> Unit:
    return Unit(code, f"{tier} {code}", tier, tier, None, None, None)


def test_every_course_of_events_is_drawn_at_least_once() -> None:
    """However few the dossiers: returned, late, rejected, withdrawn, five stars, a minimum missed, and so on."""
    place = (_unit("1", "commune"), _unit("2", "district"))
    cases = draw(1, FEWEST, [place])
    assert {case.course for case in cases} == {*SHARES, "three_stars"}
    assert {case.track for case in cases} == {"new_product", "existing_product"}
    with pytest.raises(ValueError, match=str(FEWEST)):
        draw(1, FEWEST - 1, [place])


# --- the whole demo ---------------------------------------------------------------------------------------------------


def test_the_demo_says_how_many_events_it_made(whole: Any) -> None:
    """The figure of the answer is the number of events in the log."""
    assert whole["events"] == asked(whole, "audit", "verify", "--log-only").document["events"] > 0


def test_eighty_dossiers_at_eighty_establishments_stand_somewhere(whole: Any) -> None:
    """Seed 000: 80 products at 80 establishments; every one is on the board."""
    listed = asked(whole, "dossier", "list").document
    assert sum(whole["dossiers"].values()) == len(listed) == 80
    assert len({item["entity"] for item in listed}) == 80
    assert Counter(item["state"] for item in listed) == whole["dossiers"]
    assert {item["track"] for item in listed} == {"new_product", "existing_product"}
    assert all(item["regime"] == "qd_1048_2019" for item in listed)


def test_the_milestones_fall_due_as_seed_003_says(whole: Any) -> None:
    """Seed 003: April, before August, September, October; seed 000: the conference was held on 12 June."""
    found = {item["id"]: item for item in whole["plan"]["milestones"]}
    assert {name: item["due_on"] for name, item in found.items()} == {
        "launch_conference": "2020-04-30",
        "council_renewed": "2020-04-30",
        "rules_and_budget": "2020-04-30",
        "district_rating": "2020-07-31",
        "province_rating": "2020-08-31",
        "five_star_dossiers": "2020-09-30",
    }
    conference = found["launch_conference"]["units"][0]
    assert (conference["done_on"], conference["late_days"]) == ("2020-06-12", 43)


def test_some_districts_are_in_time_and_some_fall_behind(whole: Any) -> None:
    """Issue: some fall behind; the ten districts of Nam Định in 2020 (units.csv) each answer for their own dossiers."""
    rating = next(item for item in whole["plan"]["milestones"] if item["id"] == "district_rating")
    late = [unit for unit in rating["units"] if unit["late_days"]]
    assert len(rating["units"]) == 10
    assert 0 < len(late) < 10
    assert rating["status"] == "late"


def test_the_target_of_a_hundred_is_reached_on_top_of_the_sixty_two(whole: Any) -> None:
    """Seed 003: at least 100 products of three and four stars, cumulative; the plan counts on from 62."""
    target = next(item for item in whole["plan"]["targets"] if item["id"] == "recognised")
    listed = asked(whole, "certificate", "list").document
    issued = [item for item in listed if item["dossier"] and item["stars"] in (3, 4)]
    assert (target["target"]["at_least"], target["target"]["baseline"]) == (100, 62)
    assert target["actual"] == 62 + len(issued) >= 100
    assert target["met"] is True


def test_what_was_recognised_before_is_declared_and_left_to_be_reconciled(whole: Any) -> None:
    """Seed 000 gives neither numbers nor communes nor exact days, and no history is invented."""
    listed = asked(whole, "certificate", "list").document
    declared = [item for item in listed if item["source"]]
    assert len(declared) == 62 and len({item["entity"] for item in declared}) == 29
    assert all(item["unreconciled"] and item["issued_on"] is None for item in declared)


def test_dossiers_lie_in_communes_and_districts_of_2020(whole: Any) -> None:
    """The commune of each dossier existed in 2020 and lay in a district of Nam Định (province 36)."""
    for item in asked(whole, "dossier", "list").document[:5]:
        unit = asked(whole, "unit", "show", item["commune"]["code"], "--on", "2020-07-01").document
        tiers = {above["tier"]: above["code"] for above in unit["ancestors"]}
        assert tiers["province"] == "36" and "district" in tiers
        assert unit["approximate"] is True


def test_moves_are_made_by_commands_and_some_from_paper(whole: Any) -> None:
    """Issue: papers arrive late, dossiers return for supplement; one undo, one decision against the rules."""
    listed = asked(whole, "dossier", "list").document
    histories = [asked(whole, "dossier", "history", item["code"]).document for item in listed]
    events = [event for history in histories for event in history]
    actions = Counter(event["action"] for event in events)
    late = [event for event in events if event["entry"].startswith("paper:")]
    assert late and all(event["occurred_on"] < event["recorded_at"][:10] for event in late)
    assert actions["return_for_supplement"] > actions["receive_supplement"] > 0
    assert actions["undo"] == actions["fix"] == 1
    assert sum(bool(event["overridden"]) for event in events) == 1
    assert len({event["occurred_on"] for event in events}) > 60


def test_the_log_verifies_and_a_rebuild_changes_nothing(whole: Any) -> None:
    """The log is the truth: the chains hold, and views rebuilt from it are row for row equal."""
    assert whole["verify"]["ok"] is True
    verified = asked(whole, "audit", "verify")
    assert (verified.exit, verified.document["events"]) == (0, whole["events"])
    rebuilt = asked(whole, "doctor", "--rebuild", "--dry-run")
    assert (rebuilt.exit, rebuilt.document["problems"]) == (0, [])


def test_the_story_begins_with_the_plan_and_its_facts_are_marked(whole: Any) -> None:
    """What the seeds give is told as a fact; the refusals that the story quotes keep their source."""
    first = whole["story"][0]
    assert first["on"] == "2020-04-01" and first["text"].startswith("Fact:") and "27/KH-UBND" in first["text"]
    quoted = [reason for told in whole["story"] for reason in told["because"]]
    assert {reason["code"] for reason in quoted} == {"evidence_missing", "stars_between"}
    assert all(reason["source"] for reason in quoted)


# --- the folder -------------------------------------------------------------------------------------------------------


def played_small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the command play as few dossiers as show everything."""

    def few(settings: Settings, seed: int, dossiers: int | None = None, progress: Any = None) -> Played:
        return play(settings, seed, dossiers or FEWEST, progress)

    monkeypatch.setattr("ocop_flow.demo.play.play", few)


def test_the_story_is_told_in_both_languages_and_a_demo_is_replaced_by_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Running it again works: in the same folder a demo is replaced; without one named each run gets a fresh one."""
    played_small(monkeypatch)
    monkeypatch.chdir(tmp_path)
    vietnamese, english = ocop("demo"), ocop("demo", "--dir", "ocop-demo", "--lang", "en")
    assert (vietnamese.exit, english.exit) == (0, 0), vietnamese.err + english.err
    assert "Tháng 07/2020" in vietnamese.out and "Month 07/2020" in english.out
    assert prepare(None) == tmp_path / "ocop-demo-2" / "ocop.db"


@pytest.mark.sqlite
def test_a_database_that_is_no_demo_is_left_alone(sandbox: Path) -> None:
    """Somebody's own training database is never overwritten."""
    before = sandbox.read_bytes()
    refused = ocop("demo", "--dir", str(sandbox.parent), "--json")
    assert (refused.exit, refused.codes) == (6, ["demo_not_a_demo"])
    assert sandbox.read_bytes() == before


def test_a_database_of_ones_own_cannot_be_named(tmp_path: Path) -> None:
    """The demo makes its own: ``--db`` is wrong usage, and nothing is made."""
    assert ocop("demo", "--db", str(tmp_path / "x.db"), "--json").exit == 2
    assert not any(tmp_path.iterdir())


# --- reminders --------------------------------------------------------------------------------------------------------


def test_the_years_reminders_lie_in_the_folder_and_the_audit_finds_no_gap(whole: Any, folder: Path) -> None:
    """Every message is a file; each duty × recipient × rung is sent, superseded or explained (DESIGN section 6)."""
    found = whole["reminders"]
    assert found["messages"] == len(list((folder / "outgoing").glob("*.eml"))) > 100
    assert found["letters"] == len(list((folder / "outgoing" / "thu-giay").glob("*.docx"))) > 0
    assert (found["failed"], found["audit"]["problems"], found["audit"]["ok"]) == (0, 0, True)
    assert {"officer", "leader", "entity"} <= found["to"].keys()


def test_rungs_to_the_unit_above_are_on_by_the_provinces_decision(whole: Any) -> None:
    """The shipped example of a province's own file switches them on, and the demo adopts it."""
    assert whole["reminders"]["to"]["unit_above"] > 0


def test_three_messages_are_shown_to_a_producer_to_those_above_and_to_an_officer(whole: Any) -> None:
    shown = whole["reminders"]["shown"]
    assert [each["to"].partition(":")[0] for each in shown] == ["entity", "person", "person"]
    assert all(each["text"].startswith("To: ") for each in shown)
