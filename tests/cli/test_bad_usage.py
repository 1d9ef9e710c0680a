"""Wrong usage: options, numbers, nouns, languages and times that cannot be read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.cli.acts import COMMUNE
from tests.cli.office import ocop

if TYPE_CHECKING:
    from tests.cli.office import Office
    from tests.cli.refusals import Refusals


@pytest.mark.parametrize("typed", ["²", "99999999999999999999999999", "9223372036854775808"])
def test_no_number_that_can_be_typed_stops_the_program(refused: Refusals, dossier: str, typed: str) -> None:
    """As an id it is absent (4); as an option's number it cannot be read (2)."""
    for words in (["remind", "ack"], ["remind", "snooze"], ["remind", "retry"]):
        refused(4, "reminder_absent", *words, typed, who="admin")
    refused(4, "dossier_absent", "dossier", "show", typed)
    refused(4, "certificate_absent", "certificate", "show", typed)
    refused(4, "sitting_absent", "council", "close", typed, dossier)
    refused(4, "deadline_absent", "deadline", "explain", typed)
    refused(2, "usage", "attach", dossier, "--kind", "sample", "--copies", typed)
    refused(2, "usage", "attach", dossier, "--kind", "sample", "--expect-version", typed)
    refused(2, "usage", "audit", "replay", dossier, "--to", typed)
    refused(2, "horizon_unreadable", "certificate", "list", f"--ending={typed}m")
    refused(2, "usage", "calendar", "show", typed)
    refused(2, "usage", "council", "create", "--unit", "33", "--decision", "1/QĐ", "--round", typed, "--year", typed)
    refused(2, "horizon_unreadable", "certificate", "list", "--ending", "9999d", "--on", "9999-12-31")


def test_every_missing_and_unreadable_option_is_told_at_once(refused: Refusals, dossier: str) -> None:
    """Exit 2 lists every fault."""
    told = refused(2, "usage", "dossier", "open", "--product", "Cà phê")
    names = ["--commune", "--entity", "--entity-kind", "--product-set", "--kind", "--track"]
    assert [item["message"] for item in told] == [f"Missing option '{name}'." for name in names]
    told = refused(2, "usage", "attach", dossier, "--copies", "many", "--expect-version", "one")
    assert ["--copies" in told[0]["message"], "--expect-version" in told[1]["message"]] == [True, True]
    shown = ocop("dossier", "open", "--db", str(refused.office.db), lang="en").err
    assert shown.count("Missing option") == 7
    assert shown.count("See the help") == 1


def test_a_noun_without_a_verb_is_wrong_usage_for_programs_and_help_for_people(office: Office) -> None:
    """With --json stdout is one JSON document, before and after the noun."""
    for words in (["--json", "dossier"], ["dossier", "--json"], ["--json"]):
        answer = ocop(*words)
        assert (answer.exit, answer.codes) == (2, ["usage"])
    answer = ocop("dossier", lang="en")
    assert answer.exit == 0
    assert "Usage: ocop dossier" in answer.out


@pytest.mark.parametrize(
    "words",
    [
        ["dossier", "open", "--colour", "red"],
        ["dossier", "open"],
        ["dossier"],
        ["dossier", "fly"],
        ["fly"],
        ["advance"],
        ["advance", "1", "withdraw", "--expect-version", "one"],
        ["attach", "1", "--copies", "many"],
        ["council", "create", "--unit", "33"],
        ["init"],
        ["init", "--sandbox", "--admin", "somebody"],
    ],
    ids=" ".join,
)
@pytest.mark.parametrize("lang", ["vi", "en"])
def test_wrong_usage_prints_the_error_document_and_exits_with_2(office: Office, words: list[str], lang: str) -> None:
    """With --json stdout is one document and nothing else, also for an option that does not exist."""
    answer = office.ask(*words, lang=lang)
    assert answer.exit == 2, answer.out + answer.err
    document = answer.document
    assert document["error"]
    assert document["reasons"][0]["message"]
    assert document["reasons"][0]["remedy"]


def test_an_unknown_language_is_told_and_not_guessed(office: Office) -> None:
    """Wrong usage: exit 2."""
    answer = ocop("dossier", "list", "--db", str(office.db), "--json", "--lang", "fr")
    assert (answer.exit, answer.codes) == (2, ["language_unknown"])


def test_an_ocop_now_without_zone_or_that_is_no_time_is_told(office: Office) -> None:
    """Nor one at an end of the calendar, which in Viet Nam or in UTC lies beyond it."""
    ends = ("0001-01-01T00:00:00+07:00", "9999-12-31T23:59:59-07:00")
    for text in ("yesterday", "2026-06-01T10:00:00", *ends):
        answer = ocop("dossier", "list", "--db", str(office.db), "--json", now=text)
        assert (answer.exit, answer.codes) == (2, ["now_unreadable"])


def test_people_read_the_refusal_on_stderr_with_its_remedy_and_source(office: Office, dossier: str) -> None:
    """Without --json stdout stays empty on a failure."""
    leader = office.holder("leader", COMMUNE)
    words = ["advance", dossier, "propose_to_province", "--decision", "12/CV-UBND", "--as", leader]
    answer = ocop(*words, "--db", str(office.db), now="2026-06-01T10:00:00+07:00", lang="en")
    assert answer.exit == 3
    assert answer.out == ""
    assert "5 needed, 0 at hand" in answer.err
    assert "[26/2026/QĐ-TTg art. 5" in answer.err
    assert f"ocop attach {dossier}" in answer.err
