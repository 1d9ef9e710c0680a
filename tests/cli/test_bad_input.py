"""Bad input: a clear message in both languages, the exit code of the contract, and nothing written.

Exit codes: DESIGN section 7. ``Office.refuses`` asks in both languages and compares every table before and after.
"""

from __future__ import annotations

import random
import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.cli.office import files, ocop

if TYPE_CHECKING:
    from tests.cli.office import Json, Office

COMMUNE = "12103"


class Refusals:
    """Asks as an officer of the commune, in both languages (``Office.refuses``), and shows the reasons in English."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.officer = office.holder("officer", COMMUNE)

    def __call__(self, exit_code: int, code: str, *words: str, who: str | None = None) -> list[Json]:
        """The reasons of a refusal that holds ``code``; nothing was written."""
        by = who or self.officer
        assert code in self.office.refuses(exit_code, *words, who=by)
        reasons: list[Json] = self.office.ask(*words, who=by).document["reasons"]
        return reasons

    def opening(self, exit_code: int, code: str, *, who: str | None = None, **changed: str) -> list[Json]:
        return self(exit_code, code, *opening(**changed), who=who)


def opening(**changed: str) -> list[str]:
    """``dossier open`` of a coffee, with some options changed."""
    options = {
        "commune": COMMUNE,
        "product": "Cà phê",
        "entity": "Hợp tác xã số 1",
        "entity-kind": "cooperative",
        "product-set": "coffee_cacao",
        "kind": "first",
        "track": "new_product",
        **{name.replace("_", "-"): value for name, value in changed.items()},
    }
    return ["dossier", "open", *[part for name, value in options.items() for part in (f"--{name}", value)]]


@pytest.fixture
def refused(office: Office) -> Refusals:
    return Refusals(office)


@pytest.fixture
def dossier(office: Office) -> str:
    """A dossier of an existing product that the commune is checking, opened on 1 June 2026."""
    return office.open(COMMUNE, "Cà phê", track="existing_product")


# --- opening ---------------------------------------------------------------------------------------------------------


def test_a_dossier_for_a_unit_that_had_ended_by_that_day_is_refused(refused: Refusals) -> None:
    """12106, a ward of the former town of Mỹ Hào, ended on 30 June 2025 (units.csv)."""
    refused.opening(3, "unit_not_valid", commune="12106")


def test_a_dossier_for_a_unit_that_did_not_exist_yet_on_that_day_is_refused(refused: Refusals) -> None:
    """Đặc khu Lý Sơn (21548) began on 1 July 2025 (units.csv): --on decides which row of the list is read."""
    refused(3, "unit_not_valid", *opening(commune="21548"), "--on", "2025-06-30")


def test_a_unit_that_was_never_there_is_absent(refused: Refusals) -> None:
    """Well formed but absent: exit 4."""
    refused.opening(4, "unit_absent", commune="99999")
    refused(4, "unit_absent", "unit", "show", "99999")


def test_a_district_or_province_is_no_commune(refused: Refusals) -> None:
    """A dossier belongs to a commune."""
    refused.opening(2, "unit_wrong_tier", commune="33")


def test_an_unknown_product_set_where_the_regime_lists_them_is_told_with_the_list(refused: Refusals) -> None:
    """26/2026/QĐ-TTg annex I lists 26 sets; what is not in a fixed list is exit 2."""
    (found,) = refused.opening(2, "product_set_unknown", product_set="spaceships")
    assert "coffee_cacao" in found["remedy"]


@pytest.mark.parametrize(
    ("option", "value", "code"),
    [
        ("kind", "second", "kind_unknown"),
        ("track", "old_product", "track_unknown"),
        ("entity_kind", "school", "entity_kind_unknown"),
        ("regime", "qd_9999_2099", "regime_unknown"),
    ],
)
def test_what_is_not_in_a_fixed_list_is_wrong_usage(refused: Refusals, option: str, value: str, code: str) -> None:
    """Exit 2, with the list in the remedy."""
    found = refused.opening(2, code, **{option: value})
    assert any("Use one of" in item["remedy"] for item in found)


@pytest.mark.parametrize("option", ["product", "entity"])
@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("", "name_empty"),
        ("   ", "name_empty"),
        ("Cà phê " * 60, "name_too_long"),
        ("Cà phê\x07", "name_control_character"),
        ("Cà\nphê", "name_control_character"),
        ("Cà\u200bphê", "name_control_character"),
    ],
    ids=["empty", "blanks", "over-long", "bell", "line break", "zero-width space"],
)
def test_an_empty_over_long_or_unprintable_name_is_refused(
    refused: Refusals, option: str, value: str, code: str
) -> None:
    """Names are read by people and printed on certificates."""
    refused.opening(2, code, **{option: value})


def test_a_name_typed_with_combining_accents_is_kept_in_nfc(office: Office) -> None:
    """The same name reaches an office in several Unicode forms; what is kept is NFC."""
    name = "Cà phê Mường Ảng"
    typed = unicodedata.normalize("NFD", name)
    assert typed != name
    dossier = office.open(COMMUNE, typed, entity=unicodedata.normalize("NFD", "Hợp tác xã Mường Ảng"))
    shown = office.show(dossier)
    assert (shown["product"], shown["entity"]) == (name, "Hợp tác xã Mường Ảng")
    assert office.do("dossier", "show", typed)["code"] == dossier


@pytest.mark.parametrize("given", [["--parts", "30,20,30"], ["--mean", "80"], ["--set", "1.1=1"]])
@pytest.mark.parametrize(
    ("regime", "product_set"),
    [("qd_26_2026", "nope"), ("qd_1048_2019", "nope"), ("qd_148_2023", "Any-thing")],
)
def test_points_are_judged_for_a_product_set_that_a_dossier_could_have(
    refused: Refusals, regime: str, product_set: str, given: list[str]
) -> None:
    """What is not in a fixed list is exit 2 (DESIGN section 7); where a regime lists none, ``[a-z0-9_]+`` is one."""
    refused(2, "product_set_unknown", "rating", "check", "--regime", regime, "--product-set", product_set, *given)


def test_a_free_product_set_is_judged_by_its_part_totals(office: Office) -> None:
    words = ["rating", "check", "--regime", "qd_148_2023", "--parts", "30,20,30", "--product-set", "banh_keo_2"]
    assert office.do(*words)["stars"] == 4


def test_minima_that_points_cannot_show_are_listed_as_neither_met_nor_missed(office: Office) -> None:
    """``met: null`` in ``reasons`` (DESIGN section 7): each minimum of the set, or that no set was named."""
    for words in (["--mean", "95", "--product-set", "coffee_cacao"], ["--parts", "38,24,33"]):
        found = office.do("rating", "check", "--regime", "qd_26_2026", *words)
        unchecked = [item for item in found["reasons"] if item["code"].endswith("_unchecked")]
        assert unchecked and all(item["met"] is None for item in unchecked)
        assert all("met" not in item for item in found["reasons"] if item not in unchecked)


@pytest.mark.parametrize(
    "words",
    [
        ["dossier", "list"],
        ["certificate", "list"],
        ["certificate", "list", "--ending", "12m"],
        ["deadline", "list"],
        ["person", "list"],
        ["entity", "list"],
        ["product", "list"],
        ["board"],
        ["inbox"],
        ["decision", "list"],
        ["remind", "list"],
        ["worklist", "list"],
        ["packet", "list"],
        ["promotion", "list"],
        ["audit", "conformance"],
        ["audit", "findings"],
    ],
)
def test_a_list_of_a_unit_that_is_not_there_is_not_an_empty_list(refused: Refusals, words: list[str]) -> None:
    """No such unit is exit 4 (DESIGN section 7); its code and its name ask for the same."""
    refused(4, "unit_absent", *words, "--unit", "99999")
    by_code = refused.office.do(*words, "--unit", COMMUNE, who="admin")
    assert refused.office.do(*words, "--unit", "Phường Mỹ Hào", who="admin") == by_code


def test_a_list_of_a_state_that_no_law_knows_is_wrong_usage(office: Office, refused: Refusals) -> None:
    """States are a fixed list, of whatever law is stored: those of 1048/QĐ-TTg too; a phase is taken as well."""
    refused(2, "state_unknown", "dossier", "list", "--state", "nope")
    for known in ("evaluation.district_council", "rating", "closed.revoked"):
        assert office.do("dossier", "list", "--state", known) == []


def test_a_field_that_no_action_of_the_law_has_is_not_taken_at_the_opening_either(refused: Refusals) -> None:
    """Refused as ``advance`` refuses it; nor can the mark be typed by which the program keeps another regime."""
    for text in ("foo=bar", "regime_chosen=true"):
        refused(2, "field_unknown", *opening(), "--set", text)
    refused(2, "field_unreadable", *opening(), "--set", "local_origin=maybe")
    code = refused.office.do(*opening(), "--set", "local_origin=true", who=refused.officer)["code"]
    assert refused.office.do("dossier", "history", code)[0]["data"]["fields"] == {"local_origin": True}


def test_an_entity_kind_that_the_law_leaves_out_is_refused_with_the_law(refused: Refusals) -> None:
    """26/2026/QĐ-TTg names cooperatives, groups, small and medium enterprises, farms and households for goods."""
    (found,) = refused.opening(3, "entity_kind_not_allowed", entity_kind="association")
    assert "26/2026" in found["source"]


def test_a_plan_or_certificate_that_is_not_there_is_absent(refused: Refusals) -> None:
    refused.opening(4, "plan_absent", plan="27/KH-UBND")
    refused.opening(4, "certificate_absent", kind="upgrade", previous="CN-2020-000001-X")


# --- days ------------------------------------------------------------------------------------------------------------


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


# --- actions ---------------------------------------------------------------------------------------------------------


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


# --- evidence --------------------------------------------------------------------------------------------------------


def test_evidence_of_a_kind_that_the_regime_does_not_know_is_wrong_usage(refused: Refusals, dossier: str) -> None:
    """Exit 2, with the kinds in the remedy."""
    (found,) = refused(2, "evidence_kind_unknown", "attach", dossier, "--kind", "horoscope")
    assert "registration_form" in found["remedy"]


def test_evidence_without_file_and_kind_is_wrong_usage(refused: Refusals, dossier: str) -> None:
    refused(2, "evidence_kind_unclear", "attach", dossier)


def test_a_file_whose_name_tells_no_kind_is_asked_for(refused: Refusals, dossier: str, tmp_path: Path) -> None:
    scan = tmp_path / "scan0001.pdf"
    scan.write_bytes(b"%PDF-1.7")
    refused(2, "evidence_kind_unclear", "attach", dossier, str(scan))


def test_evidence_that_has_expired_or_is_dated_later_is_refused(refused: Refusals, dossier: str) -> None:
    """A certificate that is no longer valid on the day proves nothing on that day."""
    words = ["attach", dossier, "--kind", "food_safety_certificate"]
    refused(3, "evidence_expired", *words, "--expires", "2026-05-31")
    refused(3, "evidence_from_future", *words, "--issued", "2026-06-02")
    refused(3, "evidence_dates_crossed", *words, "--issued", "2026-05-01", "--expires", "2026-04-01")


def test_evidence_valid_on_its_last_day_is_taken(office: Office, refused: Refusals, dossier: str) -> None:
    words = ["--kind", "food_safety_certificate", "--issued", "1/6/2023", "--expires", "1/6/2026"]
    assert office.do("attach", dossier, *words, who=refused.officer)["attached"][0]["have"] == 1


def test_an_empty_file_is_refused(refused: Refusals, dossier: str, tmp_path: Path) -> None:
    empty = tmp_path / "form.pdf"
    empty.touch()
    refused(3, "evidence_empty", "attach", dossier, str(empty), "--kind", "registration_form")
    refused(3, "evidence_empty", "advance", dossier, "withdraw", "--reason", "x", "--doc", f"other={empty}")


def test_a_file_over_the_limit_is_refused(
    refused: Refusals, dossier: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The limit itself is taken, one byte more is not."""
    monkeypatch.setattr("ocop_flow.cli.evidence.LIMIT", 10)
    scan = tmp_path / "form.pdf"
    scan.write_bytes(b"12345678901")
    refused(3, "evidence_too_large", "attach", dossier, str(scan), "--kind", "registration_form")
    scan.write_bytes(b"1234567890")
    refused.office.do("attach", dossier, str(scan), "--kind", "registration_form", who=refused.officer)


def test_a_file_that_is_not_there_is_wrong_usage(refused: Refusals, dossier: str, tmp_path: Path) -> None:
    """Something that cannot be read: exit 2."""
    absent = str(tmp_path / "absent.pdf")
    refused(2, "file_unreadable", "attach", dossier, absent, "--kind", "registration_form")
    refused(2, "file_unreadable", "advance", dossier, "withdraw", "--reason", "x", "--doc", f"other={absent}")


def test_a_refused_command_keeps_no_file(refused: Refusals, dossier: str, tmp_path: Path) -> None:
    """Nothing written: papers of an entity do not stay behind where a command was refused."""
    scan = tmp_path / "form.pdf"
    scan.write_bytes(b"%PDF personal data")
    expired = ["--kind", "registration_form", "--expires", "2026-05-31"]
    refused(3, "evidence_expired", "attach", dossier, str(scan), *expired)
    refused(3, "role_missing", "advance", dossier, "reject_at_commune", "--reason", "x", "--doc", f"other={scan}")
    assert files(refused.office.db) == []


@pytest.mark.parametrize("copies", ["0", "1000", "9007199254740993"])
def test_less_than_one_copy_and_more_than_a_thousand_are_no_number_of_copies(
    refused: Refusals, dossier: str, copies: str
) -> None:
    """What counts no papers cannot be read as a number of copies: exit 2."""
    refused(2, "evidence_copies", "attach", dossier, "--kind", "sample", "--copies", copies)


# --- absent and unknown ----------------------------------------------------------------------------------------------


def test_an_unknown_dossier_is_absent(refused: Refusals) -> None:
    """Well formed but absent: exit 4."""
    for words in (["dossier", "show"], ["dossier", "actions"], ["dossier", "history"], ["audit", "replay"]):
        refused(4, "dossier_absent", *words, "HS-2026-999999")
    refused(4, "dossier_absent", "advance", "HS-2026-999999", "withdraw", "--reason", "x")
    refused(4, "dossier_absent", "attach", "HS-2026-999999", "--kind", "sample")
    refused(4, "dossier_absent", "undo", "HS-2026-999999")


def test_a_dossier_code_with_a_wrong_check_letter_is_a_question_and_not_another_dossier(
    refused: Refusals, dossier: str
) -> None:
    """Codes that people type carry a check character (DESIGN section 4)."""
    wrong = "A" if dossier[-1] != "A" else "B"
    refused(2, "code_check_wrong", "dossier", "show", dossier[:-1] + wrong)


def test_the_year_and_the_check_letter_may_be_left_out_where_that_is_unique(office: Office, dossier: str) -> None:
    """And a product's name serves too (DESIGN section 4)."""
    number = str(int(dossier.split("-")[2]))
    for typed in (dossier, dossier[:-2], f"HS-{number}", number, dossier.lower(), "cà phê", "CA PHE"):
        assert office.show(typed)["code"] == dossier


def test_an_unknown_person_is_absent(refused: Refusals, dossier: str) -> None:
    """Exit 4, whoever is named: the caller, the doer, the signer, one to appoint."""
    refused(4, "person_absent", *opening(), who="nobody")
    refused(4, "person_absent", "advance", dossier, "withdraw", "--reason", "x", "--by", "nobody")
    words = ["advance", dossier, "reject_at_commune", "--reason", "x", "--decision", "1/QĐ-UBND"]
    refused(4, "person_absent", *words, "--signed-by", "nobody")
    post = ["--unit", "33", "--role", "officer", "--decision", "1/QĐ-UBND"]
    refused(4, "person_absent", "person", "appoint", "nobody", *post, who="admin")


def test_nobody_at_the_keyboard_writes_nothing(office: Office, dossier: str) -> None:
    """Not logged in is exit 3; in a training database that is a command without --as."""
    for words in (
        opening(),
        ["advance", dossier, "withdraw", "--reason", "x"],
        ["attach", dossier, "--kind", "sample"],
    ):
        assert office.refuses(3, *words) == ["not_logged_in"]


# --- signed documents and keys ----------------------------------------------------------------------------------------


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


# --- numbers ---------------------------------------------------------------------------------------------------------


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


# --- usage -----------------------------------------------------------------------------------------------------------


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


def test_every_choice_of_an_opening_that_is_none_is_told_at_once(refused: Refusals) -> None:
    """Not in a fixed list is exit 2, which lists every fault."""
    told = refused.opening(
        2, "kind_unknown", entity_kind="club", kind="second", track="old_product", product_set="spaceships"
    )
    assert [item["code"] for item in told] == [
        "entity_kind_unknown",
        "kind_unknown",
        "track_unknown",
        "product_set_unknown",
    ]


@pytest.mark.parametrize(
    "words",
    [["dossier", "list", "--db"], ["backup"], ["init", "--sandbox", "--db"], ["paper", "make", "x", "y", "--out"]],
    ids=" ".join,
)
def test_a_path_that_no_system_takes_is_told(office: Office, words: list[str], tmp_path: Path) -> None:
    """Configuration or file not usable is exit 6, what cannot be read exit 2; neither is a fault of the program."""
    path = str(tmp_path / ("a" * 5000 + ".docx"))
    common = [] if "--db" in words else ["--db", str(office.db), "--as", "admin"]
    answer = ocop(*words, path, *common, "--json", lang="en")
    assert answer.exit in (2, 6)
    assert answer.codes[0].startswith(("file_", "database_", "folder_"))


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


@pytest.mark.parametrize("ending", ["xlsx", "xls", "docx"])
def test_random_bytes_are_called_no_file_of_their_kind(office: Office, tmp_path: Path, ending: str) -> None:
    """Neither a table of another kind nor a Python error: the file is not what its name says."""
    noise = tmp_path / f"rac.{ending}"
    noise.write_bytes(bytes(random.Random(8).choices(range(1, 256), k=3000)))
    officer = office.holder("officer", "33")
    declare = ["certificate", "declare", "--file", str(noise), "--source", "Sổ"]
    assert office.refuses(2, *declare, who=officer) == ["table_content_unknown"]
    take = ["worklist", "take", str(noise)]
    told = office.ask(*take, who=officer, lang="vi").document["reasons"][0]
    assert f".{ending}" in told["message"] and "csv" not in (told["message"] + told["remedy"]).lower()
    noise.write_text("Tên sản phẩm,Số sao\nTrà,4\n", encoding="utf-8")
    assert office.refuses(2, *declare, who=officer) == ["table_renamed"]


def test_random_bytes_are_no_archive_and_no_word_file(office: Office, tmp_path: Path) -> None:
    noise = bytes(random.Random(8).choices(range(1, 256), k=3000))
    officer = office.holder("officer", "33")
    (tmp_path / "goi.zip").write_bytes(noise)
    (tmp_path / "mau.docx").write_bytes(noise)
    words = ["report", "products", "--template", str(tmp_path / "mau.docx"), "--out", str(tmp_path / "ra.docx")]
    for asked, code in (
        (["packet", "open", str(tmp_path / "goi.zip")], "packet_damaged"),
        (words, "template_unreadable"),
    ):
        assert office.refuses(2, *asked, who=officer) == [code]
        message = office.ask(*asked, who=officer, lang="vi").document["reasons"][0]["message"]
        assert "BadZipFile" not in message and "không phải" in message
