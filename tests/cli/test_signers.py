"""Who signs: posts on the day of the paper, separation of duties, decisions against the rules (DESIGN section 5)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.cli.acts import COMMUNE, NEIGHBOUR, PROVINCE, RECOGNISE, last, return_words

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.office import Office


def proposing(office: Office, dossier: str) -> list[str]:
    """The commune's letter to the province, everything handed in; without its number."""
    action = office.actions(dossier)["propose_to_province"]
    office.hand_in(dossier, action)
    words = office.words_for(dossier, action)
    at = words.index("--decision")
    return [*words[:at], *words[at + 2 :]]


def test_with_a_number_alone_the_doer_signs_on_the_day_of_the_act(office: Office, dossier: str) -> None:
    """``--decision`` suffices: its date defaults to ``--on``, the signer to the actor, without capacity."""
    words = proposing(office, dossier)
    leader = office.holder("leader", COMMUNE)
    assert office.refuses(3, *words, who=leader) == ["decision_missing"]
    office.do(*words, "--decision", "12/CV-UBND", who=leader)
    signer = last(office, dossier)["signer"]
    assert (signer["name"], signer["post"], signer["capacity"]) == (f"Cán bộ {leader}", "leader", None)
    assert (signer["number"], signer["date"]) == ("12/CV-UBND", "2026-06-01")


def test_the_signers_post_is_checked_on_the_documents_date(office: Office, dossier: str) -> None:
    """Who was Chair in May signed in May, and not in June."""
    words = [*proposing(office, dossier), "--decision", "12/CV-UBND"]
    leader = office.holder("leader", COMMUNE)
    former = office.appoint("former-chair", "leader", COMMUNE, "2025-07-01", "2026-05-31")
    signed = ["--signed-by", former, "--capacity", "TM"]
    assert "post_not_valid" in office.refuses(3, *words, *signed, who=leader)
    assert "post_not_valid" in office.refuses(3, *words, *signed, "--decision-date", "2026-06-01", who=leader)
    office.do(*words, *signed, "--decision-date", "2026-05-31", who=leader)
    signer = last(office, dossier)["signer"]
    assert (signer["login"], signer["capacity"], signer["date"]) == (former, "TM", "2026-05-31")


def test_a_chair_who_never_logs_in_signs(office: Office, dossier: str) -> None:
    """A person need not be able to log in (DESIGN principle 9)."""
    words = [*proposing(office, dossier), "--decision", "12/CV-UBND"]
    office.do("person", "add", "chair", "--name", "Chủ tịch số 1", "--no-login", who="admin")
    office.appoint("chair", "leader", COMMUNE, "2025-07-01")
    officer = office.holder("officer", COMMUNE)
    office.do(*words, "--by", "chair", who=officer)
    event = last(office, dossier)
    assert (event["actor"]["login"], event["signer"]["login"]) == ("chair", "chair")
    assert event["recorder"]["login"] == officer


def test_a_document_of_tomorrow_is_not_signed_yet(office: Office, dossier: str) -> None:
    words = [*proposing(office, dossier), "--decision", "12/CV-UBND", "--decision-date", "2026-06-02"]
    assert "day_in_future" in office.refuses(3, *words, who=office.holder("leader", COMMUNE))


def test_a_stranger_does_not_sign(office: Office, dossier: str) -> None:
    words = [*proposing(office, dossier), "--decision", "12/CV-UBND"]
    stranger = office.appoint("stranger", "leader", NEIGHBOUR, "2025-07-01")
    assert "role_missing" in office.refuses(3, *words, "--signed-by", stranger, who=office.holder("leader", COMMUNE))


def test_who_prepared_the_result_does_not_sign_the_decision(office: Office, submitted: tuple[str, str]) -> None:
    """Separation of duties compares who prepared with who signed (DESIGN section 5)."""
    dossier, secretary = submitted
    office.appoint(secretary, "leader", PROVINCE, "2025-07-01")
    reasons = {item["code"] for item in office.actions(dossier)["recognise"]["reasons"]}
    assert "another_must_sign" in reasons  # a duty to have another person sign is one of the reasons
    assert office.refuses(3, "advance", dossier, *RECOGNISE, who=secretary) == ["same_person_signs"]


def test_the_recorder_is_never_compared(office: Office, submitted: tuple[str, str]) -> None:
    """The secretary who submitted the result may type the Chair's decision."""
    dossier, secretary = submitted
    chair = office.holder("leader", PROVINCE)
    office.do("advance", dossier, *RECOGNISE, "--by", chair, who=secretary)
    event = last(office, dossier)
    assert (event["recorder"]["login"], event["signer"]["login"]) == (secretary, chair)


def test_another_rightful_person_signs_for_one_who_prepared(office: Office, submitted: tuple[str, str]) -> None:
    dossier, secretary = submitted
    office.appoint(secretary, "leader", PROVINCE, "2025-07-01")
    chair = office.holder("leader", PROVINCE)
    office.do("advance", dossier, *RECOGNISE, "--signed-by", chair, who=secretary)
    assert office.state(dossier) == "promotion.active"


def test_a_recognition_dated_before_the_councils_result_is_a_warning(office: Office) -> None:
    """The decision stands on the result (26/2026/QĐ-TTg art. 7); no source says what an older date means: it warns."""
    office.day = "2026-06-02"
    dossier = office.open(COMMUNE, "Cà phê", track="existing_product")
    office.walk(dossier, "rating.province_decision", stars=4)
    words = ["advance", dossier, *RECOGNISE, "--decision-date"]
    chair = office.holder("leader", PROVINCE)
    told = {}
    for day in ("2026-06-01", "2026-06-02"):
        trial = office.do(*words, day, "--dry-run", who=chair)
        told[day] = "decision_before_result" in [item["code"] for item in trial["warnings"]]
    assert told == {"2026-06-01": True, "2026-06-02": False}


def test_a_signed_decision_against_the_rules_is_recorded_with_its_number_file_and_reason(
    office: Office, submitted: tuple[str, str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    """A signed decision is a legal fact: the event keeps the failed conditions, the view decided and computed stars."""
    dossier, _ = submitted
    paper = signed_paper(tmp_path_factory)
    chair = office.holder("leader", PROVINCE)
    words = ["advance", dossier, *RECOGNISE, "--set", "stars=3"]
    assert office.refuses(3, *words, who=chair) == ["stars_differ"]
    assert {"as_decided_needs_paper", "reason_missing"} <= set(office.refuses(3, *words, "--as-decided", who=chair))
    moved = office.do(*words, "--as-decided", "--reason", "theo biên bản", "--decision-file", str(paper), who=chair)
    assert [item["code"] for item in moved["overridden"]] == ["stars_differ"]
    event = last(office, dossier)
    assert [item["code"] for item in event["overridden"]] == ["stars_differ"]
    assert event["signer"]["number"] == "30/QĐ-UBND"
    assert event["signer"]["file"]
    shown = office.show(dossier)
    assert (shown["stars"], shown["stars_decided"]) == (4, 3)
    assert office.do("certificate", "show", shown["certificate"])["stars"] == 3


def test_missing_evidence_and_a_wrong_result_can_be_overridden_but_not_the_lack_of_a_post(
    office: Office, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Against failed conditions, never against who may sign: a stranger's paper is no decision."""
    dossier = office.open(COMMUNE, "Cà phê", track="existing_product")
    office.walk(dossier, "rating.province_decision", stars=2)
    paper = ["--as-decided", "--reason", "x", "--decision-file", str(signed_paper(tmp_path_factory))]
    words = ["advance", dossier, *RECOGNISE, "--set", "stars=3", *paper]
    stranger = office.appoint("stranger", "leader", "01", "2025-07-01")
    assert "role_missing" in office.refuses(3, *words, who=stranger)
    moved = office.do(*words, who=office.holder("leader", PROVINCE))
    assert {item["code"] for item in moved["overridden"]} == {"stars_between", "stars_differ"}
    assert (office.show(dossier)["stars"], office.show(dossier)["stars_decided"]) == (2, 3)


def test_an_action_that_is_not_recordable_cannot_be_forced(
    office: Office, dossier: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Only an action marked ``recordable`` may be entered as decided."""
    officer = office.holder("officer", COMMUNE)
    paper = ["--decision", "1/CV-UBND", "--decision-file", str(signed_paper(tmp_path_factory))]
    codes = office.refuses(3, *return_words(dossier), "--as-decided", *paper, who=officer)
    assert "not_recordable" in codes


def signed_paper(factory: pytest.TempPathFactory) -> Path:
    file = factory.mktemp("papers") / "decision.pdf"
    file.write_bytes(b"%PDF signed")
    return file
