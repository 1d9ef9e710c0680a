"""Acts upon a dossier that are refused: days, actions, posts, fields, signed papers, keys."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.cli.acts import COMMUNE
from tests.cli.refusals import opening

if TYPE_CHECKING:
    from tests.cli.office import Office
    from tests.cli.refusals import Refusals


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("31/2/2026", "date_does_not_exist"),
        ("2026-02-30", "date_does_not_exist"),
        ("32/1/2026", "date_does_not_exist"),
        ("1/13/2026", "date_does_not_exist"),
        ("hôm qua", "date_unreadable"),
        ("2026", "date_unreadable"),
        ("20260601", "date_unreadable"),
    ],
)
def test_a_date_that_does_not_exist_or_is_none_is_wrong_usage(
    refused: Refusals, dossier: str, text: str, code: str
) -> None:
    """Exit 2 (DESIGN section 7)."""
    refused(2, code, *opening(), "--on", text)
    refused(2, code, "advance", dossier, "withdraw", "--reason", "x", "--on", text)


def test_an_act_in_the_future_is_refused(refused: Refusals, dossier: str) -> None:
    """``occurred_on`` is never in the future (DESIGN principle 7)."""
    refused(3, "day_in_future", *opening(), "--on", "2026-06-02")
    refused(3, "day_in_future", "advance", dossier, "withdraw", "--reason", "x", "--on", "2026-06-02")
    refused(3, "day_in_future", "attach", dossier, "--kind", "sample", "--on", "2/6/2026")


def test_a_move_before_the_previous_move_is_refused_but_an_older_paper_is_not(
    office: Office, refused: Refusals, dossier: str
) -> None:
    """State moves never before the previous move's day; a fact filed beside them may be older (principle 7)."""
    refused(3, "day_before_previous", "advance", dossier, "withdraw", "--reason", "x", "--on", "2026-05-31")
    office.do("attach", dossier, "--kind", "sample", "--on", "2026-05-31", who=refused.officer)


def test_an_action_that_the_regime_does_not_know_is_wrong_usage(refused: Refusals, dossier: str) -> None:
    """Exit 2: not in a fixed list."""
    refused(2, "action_unknown", "advance", dossier, "teleport")


def test_an_action_in_the_wrong_state_is_refused_and_told_what_is_possible(refused: Refusals, dossier: str) -> None:
    """Exit 3."""
    (found,) = refused(3, "wrong_state", "advance", dossier, "accept_idea")
    assert "propose_to_province" in found["remedy"]


def test_the_wrong_role_moves_nothing(refused: Refusals, dossier: str) -> None:
    """The letter to the province is signed by the commune's leader (26/2026/QĐ-TTg art. 5), not by its officer."""
    refused(3, "role_missing", "advance", dossier, "reject_at_commune", "--reason", "x")


def test_the_right_role_at_another_unit_moves_nothing(office: Office, refused: Refusals, dossier: str) -> None:
    """The actor holds the role exactly at the unit of the move: a neighbour's leader is a stranger."""
    stranger = office.appoint("neighbour", "leader", "12127", "2025-07-01")
    refused(3, "role_missing", "advance", dossier, "reject_at_commune", "--reason", "x", who=stranger)


def test_the_right_role_at_another_tier_moves_nothing(office: Office, refused: Refusals, dossier: str) -> None:
    """Not even the province's leader rejects in place of the commune."""
    above = office.holder("leader", "33")
    refused(3, "role_missing", "advance", dossier, "reject_at_commune", "--reason", "x", who=above)


def test_one_whose_post_has_ended_moves_nothing(office: Office, refused: Refusals, dossier: str) -> None:
    """A post is held for a period; the day after its last day it is not."""
    former = office.appoint("former", "leader", COMMUNE, "2025-07-01", "2026-05-31")
    refused(3, "post_not_valid", "advance", dossier, "reject_at_commune", "--reason", "x", who=former)


def test_a_reason_that_an_action_needs_must_be_given(office: Office, refused: Refusals, dossier: str) -> None:
    leader = office.holder("leader", COMMUNE)
    refused(3, "reason_missing", "advance", dossier, "reject_at_commune", who=leader)
    refused(3, "reason_missing", "advance", dossier, "reject_at_commune", "--reason", "  ", who=leader)


def test_every_unmet_condition_is_told_at_once(office: Office, refused: Refusals, dossier: str) -> None:
    """All are evaluated; a refusal names each failed condition, its source and what would satisfy it (section 3)."""
    leader = office.holder("leader", COMMUNE)
    found = refused(3, "evidence_missing", "advance", dossier, "propose_to_province", who=leader)
    codes = [item["code"] for item in found]
    # 26/2026/QĐ-TTg art. 5: forms 01, 02 and 03, the letter, five samples; four statements; a signed letter's number.
    assert codes.count("evidence_missing") == 5
    assert codes.count("field_missing") == 4
    assert "decision_missing" in codes
    assert all("26/2026" in item["source"] for item in found if item["code"] == "evidence_missing")


def test_a_stale_version_is_a_conflict(office: Office, refused: Refusals, dossier: str) -> None:
    """Exit 5: the dossier moved since ``--expect-version``."""
    office.do("attach", dossier, "--kind", "sample", "--expect-version", "1", who=refused.officer)
    words = ["advance", dossier, "withdraw", "--reason", "x", "--expect-version", "1"]
    (found,) = refused(5, "version_conflict", *words)
    assert "2" in found["message"]
    refused(5, "version_conflict", "attach", dossier, "--kind", "sample", "--expect-version", "1")


def test_an_unknown_or_unreadable_field_is_wrong_usage(office: Office, refused: Refusals, dossier: str) -> None:
    leader = office.holder("leader", COMMUNE)
    words = ["advance", dossier, "propose_to_province", "--decision", "12/CV-UBND"]
    refused(2, "field_unknown", *words, "--set", "colour=red", who=leader)
    refused(2, "field_unreadable", *words, "--set", "local_origin=perhaps", who=leader)
    refused(2, "field_not_pair", *words, "--set", "local_origin", who=leader)
    refused(2, "document_number_unreadable", *words[:3], "--decision", "number twelve", who=leader)
    refused(2, "capacity_unknown", *words, "--capacity", "XX", who=leader)
    refused(2, "entry_unreadable", "advance", dossier, "withdraw", "--reason", "x", "--entry", "fax")


def test_what_is_said_of_a_signed_document_needs_its_number(
    office: Office, refused: Refusals, dossier: str, tmp_path: Path
) -> None:
    """Nothing typed is dropped: a signer without a document would not be recorded. Wrong usage, exit 2."""
    scan = tmp_path / "scan.pdf"
    scan.write_bytes(b"%PDF")
    leader = office.holder("leader", COMMUNE)
    for said in (
        ["--signed-by", leader],
        ["--capacity", "KT"],
        ["--decision-date", "2026-06-01"],
        ["--decision-file", str(scan)],
    ):
        words = ["advance", dossier, "return_for_supplement", "--reason", "x", *said]
        (reason,) = refused(2, "paper_without_number", *words)
        assert said[0] in reason["message"]
        assert "--decision NUMBER" in reason["remedy"]
    refused(2, "paper_without_number", "certificate", "transfer", "1", "--to", "CT-1", "--capacity", "KT")


def test_a_capacity_that_no_one_signs_in_is_wrong_usage(refused: Refusals, dossier: str) -> None:
    """TM, KT, TL, TUQ, Q (Decree 30/2020/NĐ-CP art. 13): not in a fixed list is exit 2, with a number or without."""
    words = ["advance", dossier, "return_for_supplement", "--reason", "x", "--capacity", "ZZ"]
    refused(2, "capacity_unknown", *words)
    refused(2, "capacity_unknown", *words, "--decision", "1/QĐ-UBND")


@pytest.mark.parametrize("key", ["", "  "])
def test_a_key_that_says_nothing_is_wrong_usage(refused: Refusals, dossier: str, key: str) -> None:
    """It would be the same key for every command."""
    refused(2, "key_empty", *opening(), "--key", key)
    refused(2, "key_empty", "undo", dossier, "--key", key)
