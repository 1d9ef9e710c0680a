"""All five seeds in one database: each fact once, each seed as it stood on its own day."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.cli.office import ocop
from tests.seeds.conftest import milestones, on_day, one, targets

if TYPE_CHECKING:
    from pathlib import Path

    from tests.seeds.conftest import Told


@pytest.fixture(scope="module")
def whole(told: Told) -> Any:
    return told("all")


def test_every_seed_is_shown_on_its_own_day(whole: Any) -> None:
    """Without ``--on`` each seed stands as on the day it tells of; several seeds have no one plan."""
    shown = {part["seed"]: part["on"] for part in whole["seeds"]}
    assert shown == {
        "000": "2020-06-12",
        "001": "2019-09-25",
        "002": "2020-01-08",
        "003": "2020-04-01",
        "004": "2020-06-16",
    }
    assert whole["plan"] is None and whole["dossiers"] == {} and whole["reminders"] == {}


def test_nam_dinh_is_counted_once(whole: Any) -> None:
    """000 and 003 both tell of Nam Định: its 62 are declared once, the plan counts 62, the report says 146."""
    listed = ocop("certificate", "list", "--db", whole["database"], "--json", now=whole["now"]).document
    assert sum(item["issuer"]["code"] == "36" for item in listed) == 62
    (plan,) = on_day(whole, "003", "2020-12-31").plans
    target = targets(plan)["recognised"]
    assert (target["actual"], target["reported"]["value"]) == (62, 146)


def test_the_nation_does_not_count_the_provinces_again(whole: Any) -> None:
    """002: 900 are recognised in the country; products that 000 and 001 declare are among them or have no place."""
    (plan,) = one(whole, "002")["plans"]
    assert targets(plan)["recognised"]["actual"] == 900


def test_the_newest_report_since_the_plan_stands_beside_its_target(whole: Any) -> None:
    """000 reports 62 by 14 April 2020 on the target of 003: 62 of at least 100."""
    (plan,) = on_day(whole, "003", "2020-06-12").plans
    reported = targets(plan)["recognised"]["reported"]
    assert (reported["value"], reported["as_of"], reported["met"]) == (62, "2020-04-14", False)


def test_the_conference_of_000_is_the_launch_conference_of_003(whole: Any) -> None:
    """000: held on 12 June 2020; 003 wanted it in April: done, 43 days after 30 April."""
    (plan,) = on_day(whole, "003", "2020-06-12").plans
    (unit,) = milestones(plan)["launch_conference"]["units"]
    assert (unit["done_on"], unit["late_days"]) == ("2020-06-12", 43)


def test_the_log_verifies_and_a_rebuild_changes_nothing(whole: Any) -> None:
    """Reports are events like any other: the chains hold and the views come out of the log unchanged."""
    assert whole["verify"]["ok"] is True
    asked = {"now": whole["now"], "lang": "en"}
    assert ocop("audit", "verify", "--db", whole["database"], "--json", **asked).document["events"] == whole["events"]
    rebuilt = ocop("doctor", "--rebuild", "--dry-run", "--db", whole["database"], "--json", **asked)
    assert (rebuilt.exit, rebuilt.document["problems"]) == (0, [])


def test_warnings_and_placeholders_are_told_to_people_in_both_languages(tmp_path: Path) -> None:
    """002: the share that does not follow and the sum that falls short are on the screen, and so is what is a guess."""
    vietnamese = ocop("demo", "--seed-file", "002", "--dir", str(tmp_path), lang="vi")
    english = ocop("demo", "--seed-file", "002", "--dir", str(tmp_path), lang="en")
    assert (vietnamese.exit, english.exit) == (0, 0), vietnamese.err + english.err
    for text in (vietnamese.out, english.out):
        assert "33.16 %" in text and "900 / 2400 = 37.5 %" in text and "900 + 1200 = 2100" in text
    assert "1/KH-BNN is a placeholder" in english.out and "1/KH-BNN là số giữ chỗ" in vietnamese.out
    assert "proposed, not recognised" in english.out


@pytest.mark.parametrize(
    "words", [("--on", "2020-06-12"), ("--seed-file", "005"), ("--seed-file", "000", "--seed", "3")]
)
def test_options_that_do_not_go_together_are_wrong_usage(tmp_path: Path, words: tuple[str, ...]) -> None:
    """A day without a seed, a seed that there is not, a draw of random numbers for facts: nothing is made."""
    assert ocop("demo", *words, "--dir", str(tmp_path), "--json").exit == 2
    assert not any(tmp_path.iterdir())
